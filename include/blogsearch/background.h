/* One piece of work in a thread of its own, beside what the caller goes on with. */
#ifndef BLOGSEARCH_BACKGROUND_H
#define BLOGSEARCH_BACKGROUND_H

#include <pthread.h>
#include <stdbool.h>

#include "cleanup.h"
#include "error.h"

typedef bool (*BackgroundWork)(void *context, Error *err);

typedef struct Background {
	BackgroundWork work; /* NULL: none is begun */
	void *context;
	pthread_t thread;
	bool has_thread, is_done;
	Error err;
} Background;

/* @context must stay until the end. Where the system gives no thread the work is done at once. One at a time. */
void background_begin(Background *background, BackgroundWork work, void *context);
/* Waits for what was begun, and gives what it gave; true where nothing was. */
MUST_CHECK bool background_end(Background *background, Error *err);
/* Waits for it, whatever came of it. */
void background_deinit(Background *background);

#endif
