/*
 * What the daemon itself may no longer do: a process of its own, started before the sandbox is entered, that
 * listens to nobody else and is told nothing but "now", with a number.
 *
 * It opens the configuration for SIGHUP and hands the descriptor over. Most editors save by renaming another file into
 * its place, and Landlock's rules hold for files or for all that is below a folder: a rule for the file would not
 * see the new one, and one for its folder, which mostly is the site's root, would let the daemon read every draft.
 *
 * It removes the Unix sockets that the daemon has made once that has ended, however it ended.
 */
#ifndef DAEMON_HELPER_H
#define DAEMON_HELPER_H

#include <stdint.h>

#include "blogsearch/error.h"
#include "listen.h"

typedef struct Helper {
	int fd; /* -1: there is none */
	bool has_config;
	uint32_t n_asked;
} Helper;

#define HELPER_INIT { -1, false, 0 }

/*
 * Call it before any thread is started; @config (NULL: none) and @listeners are as they are now. The process ends with
 * this one, or with helper_stop().
 */
MUST_CHECK bool helper_start(Helper *helper, const char *config, const ListenerVec *listeners, Error *err);
/* The file, opened for reading, or CONFIG_ABSENT; ERROR_IO where it cannot be had. One call at a time. */
MUST_CHECK bool helper_open_config(Helper *opener, int *ret_fd, Error *err);
void helper_stop(Helper *opener);

#endif
