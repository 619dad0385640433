/*
 * Opens the configuration for SIGHUP once the daemon itself may not: a process of its own, started before
 * the sandbox is entered, that can open this one file and hands the descriptor over. Most editors save by renaming
 * another file into its place, and Landlock's rules hold for files or for all that is below a folder: a rule for
 * the file would not see the new one, and one for its folder, which mostly is the site's root, would let the
 * daemon read every draft.
 */
#ifndef DAEMON_CONFIG_OPENER_H
#define DAEMON_CONFIG_OPENER_H

#include "blogsearch/error.h"
#include "sandbox.h"

typedef struct ConfigOpener {
	int fd; /* -1: there is none */
} ConfigOpener;

#define CONFIG_OPENER_INIT { -1 }

/* Call it before any thread is started. The process ends with this one, or with config_opener_stop(). @path is borrowed. */
MUST_CHECK bool config_opener_start(ConfigOpener *opener, const char *path, SandboxMode sandbox, Error *err);
/* The file, opened for reading, or CONFIG_ABSENT; ERROR_IO where it cannot be had. One call at a time. */
MUST_CHECK bool config_opener_ask(const ConfigOpener *opener, int *ret_fd, Error *err);
void config_opener_stop(ConfigOpener *opener);

#endif
