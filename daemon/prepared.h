/*
 * An answer kept as it goes out, headers and all, for requests that are alike to the byte in all that it
 * depends on: nothing of it is made again. What it is made of is http.c's, which embeds this.
 */
#ifndef DAEMON_PREPARED_H
#define DAEMON_PREPARED_H

#include <stdatomic.h>
#include <stdint.h>

#include "blogsearch/cleanup.h"
#include "blogsearch/str.h"

/* What one takes beside its body: two responses of libmicrohttpd with nine headers each. */
#define PREPARED_BYTES 3072

typedef struct Prepared Prepared;
struct Prepared {
	atomic_uint n_references;
	void (*release)(Prepared *prepared); /* called with the last reference */
	Str etag; /* lives as long as this */
	size_t route; /* a number into routes[] */
	uint64_t n_bytes; /* of the body */
};

static inline Prepared *prepared_ref(Prepared *prepared)
{
	atomic_fetch_add_explicit(&prepared->n_references, 1, memory_order_relaxed);
	return prepared;
}

static inline Prepared *prepared_unref(Prepared *prepared)
{
	if (prepared && atomic_fetch_sub_explicit(&prepared->n_references, 1, memory_order_acq_rel) == 1)
		prepared->release(prepared);
	return NULL;
}
DEFINE_FREEP(Prepared, prepared_unref)

#endif
