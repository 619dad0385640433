/* How far a run of the indexer is, on one line of a terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "blogsearch/indexer.h"

typedef struct Progress {
	uint64_t start_ns, shown_ns; /* 0: nothing was shown yet */
} Progress;

/* An IndexProgress; @progress is a zeroed Progress. */
void progress_show(void *progress, const IndexProgressed *done);

#endif
