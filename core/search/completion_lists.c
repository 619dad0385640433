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

static uint32_t told_apart(uint64_t n_pages)
{
	return n_pages < MOST_PAGES ? (uint32_t)n_pages : MOST_PAGES - 1;
}

static bool is_worth_it(const VocabularyCursor *cursor)
{
	return cursor->n_pages >= LEAST_PAGES && cursor->word_len >= LEAST_BYTES;
}

/* What is seen of a vocabulary that is skimmed. Most words of a site are on a single page. */
typedef struct Skimmed {
	uint32_t n_words[MOST_PAGES]; /* that are worth it, by pages */
	VEC(uint16_t) most_pages;     /* of such a word, by block */
} Skimmed;

static void skim(Str vocabulary, Skimmed *skimmed)
{
	VocabularyCursor cursor;
	uint32_t n = 0;

	vocabulary_begin(&cursor, vocabulary);
	for (; vocabulary_skim(&cursor); n++) {
		uint16_t *most_pages;

		if (n % VOCABULARY_BLOCK == 0)
			vec_push(&skimmed->most_pages, 0);
		if (!is_worth_it(&cursor))
			continue;
		most_pages = &skimmed->most_pages.items[skimmed->most_pages.n - 1];
		skimmed->n_words[told_apart(cursor.n_pages)]++;
		if (told_apart(cursor.n_pages) > *most_pages)
			*most_pages = (uint16_t)told_apart(cursor.n_pages);
	}
}

/* How many pages a word needs, so that no more than MOST_WORDS have as many. */
static uint32_t pages_needed(const Skimmed *skimmed, uint32_t *ret_n_words)
{
	uint32_t n = 0, needed = MOST_PAGES;

	while (needed > LEAST_PAGES && n + skimmed->n_words[needed - 1] <= MOST_WORDS)
		n += skimmed->n_words[--needed];
	*ret_n_words = n;
	return needed;
}

/* No more than @n_most in all: blocks of a damaged vocabulary may stand elsewhere than one behind the other. */
static void list_block(CompletionLists *lists, Str vocabulary, uint32_t block, uint32_t needed, uint32_t n_most, Arena *arena)
{
	VocabularyCursor cursor;

	vocabulary_begin_block(&cursor, vocabulary, block);
	for (uint32_t i = 0; i < VOCABULARY_BLOCK && lists->n_words < n_most && vocabulary_next(&cursor); i++)
		if (is_worth_it(&cursor) && told_apart(cursor.n_pages) >= needed)
			lists->words[lists->n_words++] = (FrequentWord){ arena_str_dup(arena, vocabulary_word(&cursor)),
				                                         (uint32_t)cursor.n_pages };
}

/* Only the blocks that have words to list are read. */
static void list_words(CompletionLists *lists, Str vocabulary, Arena *arena)
{
	CLEANUP(free_ptr) Skimmed *skimmed = xnew0(Skimmed);
	uint32_t n_words, needed;

	skim(vocabulary, skimmed);
	needed = pages_needed(skimmed, &n_words);
	lists->words = arena_new_n(arena, FrequentWord, n_words);
	for (uint32_t block = 0; block < skimmed->most_pages.n; block++)
		if (skimmed->most_pages.items[block] >= needed)
			list_block(lists, vocabulary, block, needed, n_words, arena);
	vec_deinit(&skimmed->most_pages);
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
