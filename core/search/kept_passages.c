/* See kept_passages.h. */
#include "kept_passages.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"

bool passage_key(const Passage *passage, uint32_t n_words, PassageKey *ret_key)
{
	const MarkedText *texts = passage->flow->texts;
	const MarkedText *first = &texts[passage->first.text], *last = &texts[passage->last.text];

	if (!first->kept || !last->kept)
		return false;
	*ret_key = (PassageKey){ (uint32_t)first->piece.number, passage->first.word, (uint32_t)last->piece.number,
		                 passage->last.word, n_words };
	return true;
}

static bool is_same(const PassageKey *a, const PassageKey *b)
{
	return a->first_text == b->first_text && a->first_word == b->first_word && a->last_text == b->last_text &&
	       a->last_word == b->last_word && a->n_words == b->n_words;
}

static size_t bucket_of(const PassageKey *key)
{
	return (key->first_text * 31 + key->first_word * 7 + key->last_word + key->n_words) % N_PASSAGE_BUCKETS;
}

const KeptPassage *kept_passages_find(const KeptPassages *kept, const PassageKey *key)
{
	const KeptPassage *passage = atomic_load_explicit(&kept->buckets[bucket_of(key)], memory_order_acquire);

	while (passage && !is_same(&passage->key, key))
		passage = passage->next;
	return passage;
}

static KeptPassage *copy_of(const KeptPassage *passage, size_t n_bytes)
{
	KeptPassage *copy = xmalloc(n_bytes);
	char *link = (char *)(copy + 1);

	*copy = *passage;
	copy->link = (Str){ link, passage->link.len };
	if (passage->link.len)
		memcpy(link, passage->link.data, passage->link.len);
	return copy;
}

/* Two threads may add the same: either is found. */
size_t kept_passages_add(KeptPassages *kept, const KeptPassage *passage)
{
	_Atomic(KeptPassage *) *bucket = &kept->buckets[bucket_of(&passage->key)];
	size_t n_bytes = sizeof(*passage) + passage->link.len;
	KeptPassage *copy;

	if (atomic_fetch_add(&kept->n, 1) >= MOST_KEPT_PASSAGES) {
		atomic_fetch_sub(&kept->n, 1);
		return 0;
	}
	copy = copy_of(passage, n_bytes);
	copy->next = atomic_load(bucket);
	while (!atomic_compare_exchange_weak(bucket, &copy->next, copy))
		;
	return n_bytes;
}

void kept_passages_deinit(KeptPassages *kept)
{
	for (size_t i = 0; i < N_PASSAGE_BUCKETS; i++) {
		KeptPassage *passage = atomic_load(&kept->buckets[i]);

		while (passage) {
			KeptPassage *next = passage->next;

			free(passage);
			passage = next;
		}
	}
}
