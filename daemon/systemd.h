/*
 * What systemd and its like hand over and want to hear: sockets (LISTEN_FDS) and news
 * (NOTIFY_SOCKET). The protocols are a few environment variables and datagrams (sd_listen_fds(3),
 * sd_notify(3)); without them nothing happens.
 */
#ifndef DAEMON_SYSTEMD_H
#define DAEMON_SYSTEMD_H

#include <stdint.h>

#include "listen.h"

/* Adds the sockets that were handed over, one named "metrics" (FileDescriptorName=) for those. */
MUST_CHECK bool systemd_sockets(ListenerVec *listeners, Error *err);

typedef struct Systemd {
	int fd; /* connected; -1: nobody listens */
	uint64_t watchdog_ns; /* how often it wants to hear; 0: never */
	uint64_t told_ns;
} Systemd;

/* Before rights are given up. */
void systemd_init(Systemd *systemd);
void systemd_deinit(Systemd *systemd);
/* "READY=1" and the like; several are parted by newlines. */
void systemd_notify(const Systemd *systemd, const char *state);
/* To be called at least once a second. */
void systemd_keep_alive(Systemd *systemd, uint64_t now_ns);

#endif
