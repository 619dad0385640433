/* A finished body: immutable bytes with a count of references, shared by answers being sent and the cache. */
#ifndef DAEMON_BYTES_H
#define DAEMON_BYTES_H

#include <stdatomic.h>

#include "blogsearch/cleanup.h"
#include "blogsearch/str.h"

typedef struct Bytes {
	atomic_uint n_references;
	size_t len;
	char data[];
} Bytes;

/* A copy of @bytes, with one reference. */
Bytes *bytes_new(Str bytes);
Bytes *bytes_ref(Bytes *bytes);
Bytes *bytes_unref(Bytes *bytes);
DEFINE_FREEP(Bytes, bytes_unref)

static inline Str bytes_str(const Bytes *bytes)
{
	return (Str){ bytes->data, bytes->len };
}

#endif
