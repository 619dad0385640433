/* See completion_lists.h. */
#include "completion_lists.h"

#include <stdlib.h>

#include "blogsearch/vec.h"
#include "blogsearch/vocabulary.h"
#include "word_starts.h"

#define LEAST_PAGES 2     /* that have a frequent word */
#define MOST_WORDS  30000 /* of a site */
#define MOST_PAGES  65536 /* told apart when the number that a word needs is looked for */
#define LEAST_BYTES 3     /* of a word that is worth completing */

/* --- Terms ------------------------------------------------------------------------------------ */

static int compare_starts(const void *a, const void *b)
{
	const TermStart *x = a, *y = b;
	int order = str_compare(x->rest, y->rest);

	return order ? order : x->term < y->term ? -1 : x->term > y->term;
}

typedef VEC(TermStart) TermStarts;

static void add_starts(TermStarts *starts, Str name, uint32_t term)
{
	for (size_t at = 0; at < name.len; at = next_word_start(name, at))
		vec_push(starts, (TermStart){ str_from(name, at), term, at == 0 });
}

static void list_terms(CompletionLists *lists, const Catalog *catalog, Arena *arena)
{
	TermStarts starts = { 0 };

	for (uint32_t t = 0; t < catalog->n_terms; t++) {
		Str name = text_fold_dup(catalog->terms[t].name, arena);

		add_starts(&starts, name, t);
		if (!str_equal(name, catalog->terms[t].slug))
			vec_push(&starts, (TermStart){ text_fold_dup(catalog->terms[t].slug, arena), t, true });
	}
	if (starts.n)
		qsort(starts.items, starts.n, sizeof(TermStart), compare_starts);
	lists->terms = arena_new_n(arena, TermStart, starts.n);
	lists->n_terms = (uint32_t)starts.n;
	if (starts.n)
		memcpy(lists->terms, starts.items, starts.n * sizeof(TermStart));
	vec_deinit(&starts);
}

/* --- Words -------------------------------------------------------------------------------------- */

static uint32_t told_apart(uint32_t n_pages)
{
	return n_pages < MOST_PAGES ? n_pages : MOST_PAGES - 1;
}

static bool is_worth_it(const VocabularyCursor *cursor)
{
	return cursor->n_pages >= LEAST_PAGES && cursor->word_len >= LEAST_BYTES;
}

/* A word that may be listed: its bytes stand in a buffer with those of the others. */
typedef struct Listed {
	size_t start;
	uint32_t len, n_pages;
} Listed;

typedef struct Listing {
	VEC(Listed) words;
	Buf bytes;
} Listing;

/* Most words of a site are on a single page: the vocabulary is gone through once, and what is left of it is kept. */
static void gather_words(Str vocabulary, Listing *listing)
{
	VocabularyCursor cursor;

	vocabulary_begin(&cursor, vocabulary);
	while (vocabulary_next(&cursor)) {
		if (!is_worth_it(&cursor))
			continue;
		vec_push(&listing->words, (Listed){ listing->bytes.len, (uint32_t)cursor.word_len, (uint32_t)cursor.n_pages });
		buf_append(&listing->bytes, vocabulary_word(&cursor));
	}
}

/* How many pages a word needs, so that no more than MOST_WORDS have as many. */
static uint32_t pages_needed(const Listing *listing)
{
	CLEANUP(free_ptr) uint32_t *n_words = xnew0_n(uint32_t, MOST_PAGES); /* by pages */
	uint32_t n = 0, needed = MOST_PAGES;

	VEC_FOREACH (word, &listing->words)
		n_words[told_apart(word->n_pages)]++;
	while (needed > LEAST_PAGES && n + n_words[needed - 1] <= MOST_WORDS)
		n += n_words[--needed];
	return needed;
}

static void list_words(CompletionLists *lists, Str vocabulary, Arena *arena)
{
	Listing listing = { .bytes = BUF_INIT(BUF_NO_CEILING) };
	uint32_t needed;

	gather_words(vocabulary, &listing);
	needed = pages_needed(&listing);
	lists->words = arena_new_n(arena, FrequentWord, listing.words.n < MOST_WORDS ? listing.words.n : MOST_WORDS);
	VEC_FOREACH (word, &listing.words) {
		Str text = str_slice(buf_str(&listing.bytes), word->start, word->start + word->len);

		if (told_apart(word->n_pages) >= needed)
			lists->words[lists->n_words++] = (FrequentWord){ arena_str_dup(arena, text), word->n_pages };
	}
	vec_deinit(&listing.words);
	buf_deinit(&listing.bytes);
}

void completion_lists_make(CompletionLists *lists, const Catalog *catalog, Str vocabulary, Arena *arena)
{
	list_terms(lists, catalog, arena);
	list_words(lists, vocabulary, arena);
}

/* --- Looking up ------------------------------------------------------------------------------------ */

/* The stretch of n items, @text_of each in order, that begin with @beginning. */
#define find_stretch(n, text_of, beginning, ret_first, ret_end)                    \
	do {                                                                       \
		uint32_t low_ = 0, high_ = (n);                                    \
		while (low_ < high_) {                                             \
			uint32_t middle_ = low_ + (high_ - low_) / 2;              \
			if (str_compare(text_of(middle_), (beginning)) < 0)        \
				low_ = middle_ + 1;                                \
			else                                                       \
				high_ = middle_;                                   \
		}                                                                  \
		*(ret_first) = low_;                                               \
		for (high_ = (n); low_ < high_;) {                                 \
			uint32_t middle_ = low_ + (high_ - low_) / 2;              \
			if (str_starts_with(text_of(middle_), (beginning)))        \
				low_ = middle_ + 1;                                \
			else                                                       \
				high_ = middle_;                                   \
		}                                                                  \
		*(ret_end) = low_;                                                 \
	} while (0)

void find_term_starts(const CompletionLists *lists, Str beginning, uint32_t *ret_first, uint32_t *ret_end)
{
#define REST_OF(i) lists->terms[i].rest
	find_stretch(lists->n_terms, REST_OF, beginning, ret_first, ret_end);
#undef REST_OF
}

void find_frequent_words(const CompletionLists *lists, Str beginning, uint32_t *ret_first, uint32_t *ret_end)
{
#define WORD_OF(i) lists->words[i].word
	find_stretch(lists->n_words, WORD_OF, beginning, ret_first, ret_end);
#undef WORD_OF
}
