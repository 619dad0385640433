/* gzip for bodies; the only file that sees libdeflate. */
#ifndef DAEMON_GZIP_H
#define DAEMON_GZIP_H

#include "blogsearch/str.h"
#include "bytes.h"

/* From how many bytes on it pays. */
#define GZIP_FROM_BYTES 1024

/* Compressors are large: kept and lent to whichever thread needs one. Safe from any thread. */
typedef struct GzipPool GzipPool;

GzipPool *gzip_pool_new(void);
GzipPool *gzip_pool_free(GzipPool *pool);

/* A reference, or NULL where compressing did not make it smaller. */
Bytes *gzip_bytes(GzipPool *pool, Str bytes);

#endif
