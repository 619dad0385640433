/* See bytes.h. */
#include "bytes.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"

Bytes *bytes_new(Str bytes)
{
	Bytes *copy = xmalloc(sizeof(Bytes) + bytes.len);

	atomic_init(&copy->n_references, 1);
	copy->len = bytes.len;
	if (bytes.len)
		memcpy(copy->data, bytes.data, bytes.len);
	return copy;
}

Bytes *bytes_ref(Bytes *bytes)
{
	atomic_fetch_add_explicit(&bytes->n_references, 1, memory_order_relaxed);
	return bytes;
}

Bytes *bytes_unref(Bytes *bytes)
{
	if (bytes && atomic_fetch_sub_explicit(&bytes->n_references, 1, memory_order_acq_rel) == 1)
		free(bytes);
	return NULL;
}
