/*
 * What the process can no longer do once it serves, whoever gets to speak through it: become more
 * than it is, write or execute files, read others than the index, reach out to the
 * network, call the kernel for anything else.
 */
#ifndef DAEMON_SANDBOX_H
#define DAEMON_SANDBOX_H

#include "blogsearch/error.h"
#include "log.h"

typedef enum SandboxMode {
	SANDBOX_OFF,
	SANDBOX_ON,     /* a forbidden call fails with EPERM      */
	SANDBOX_STRICT, /* it ends the process: for tests         */
} SandboxMode;

/*
 * For the calling thread and those that it starts: call it before any is started, with all sockets
 * bound. Files below the folder of @file can be read (below the nearest folder above it that is there), and none else.
 * What the kernel does not have is left out, with a line of log.
 */
MUST_CHECK bool sandbox_enter(SandboxMode mode, const char *file, const Log *log, Error *err);

#endif
