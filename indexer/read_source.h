/* The bytes of a source file, and what tells later whether they have changed. */
#ifndef INDEXER_READ_SOURCE_H
#define INDEXER_READ_SOURCE_H

#include "site/site.h"

typedef struct SourceBytes {
	Str text;
	uint64_t hash;
	uint64_t size;    /* when it was read, as the time */
	int64_t mtime_ns;
	bool is_settled;  /* what changes the bytes changes size or time from now on; else only the bytes tell */
} SourceBytes;

/*
 * Reads the file of @source; its bytes lie in @arena. Regular files only, and no link as the
 * last part of the path: what is not the site's own is not read. ERROR_NOT_FOUND where it has
 * vanished, ERROR_TOO_LARGE above LIMIT_PAGE_BYTES, ERROR_IO.
 */
MUST_CHECK bool read_source(const Site *site, const SourceFile *source, Arena *arena, SourceBytes *ret_bytes, Error *err);

#endif
