/*
 * Connections that are too many: told so at once, without reading what they ask and without a
 * thread. The refused ones linger for a moment, because a socket that is closed with something unread
 * takes its own answer back.
 */
#ifndef DAEMON_REFUSE_H
#define DAEMON_REFUSE_H

#include <stdint.h>

#include "blogsearch/error.h"

#define N_LINGERING 64

typedef struct Refused {
	int fds[N_LINGERING];
	uint64_t since_ns[N_LINGERING];
	uint32_t first, n; /* a ring, the oldest first */
} Refused;

/* Sends @err as a problem with Retry-After, and takes @fd over. */
void refuse(Refused *refused, int fd, const Error *err);
/* Closes those that have lingered long enough; false where none is left. */
bool refused_tidy(Refused *refused);
void refused_close_all(Refused *refused);

#endif
