/* See questions.h. */
#include "questions.h"

#include <stdlib.h>

#include "blogsearch/text.h"
#include "blogsearch/vec.h"
#include "fail.h"
#include "reader.h"
#include "vocabulary.h"

#define N_OF_A_KIND 48
#define N_ANY       10 /* words of an OR */

typedef struct CountedWord {
	Str word;
	uint32_t n_pages;
} CountedWord;

typedef struct Maker {
	StoreReader *reader;
	const Catalog *catalog;
	Arena *arena;
	Analyzer *analyzer;
	CountedWord *words; /* the most frequent first */
	size_t n_words;
	uint64_t seed;
} Maker;

/* xorshift: the same row on every machine. */
static uint32_t draw(Maker *maker, uint32_t below)
{
	maker->seed ^= maker->seed << 13;
	maker->seed ^= maker->seed >> 7;
	maker->seed ^= maker->seed << 17;
	return (uint32_t)(maker->seed >> 32) % below;
}

/* --- Words ------------------------------------------------------------------------------------- */

/* Words that are typed as such: no names with joiners, no numbers. */
static bool is_plain(Str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] < 'a' || word.data[i] > 'z')
			return false;
	return word.len > 0;
}

static int compare_words(const void *a, const void *b)
{
	const CountedWord *x = a, *y = b;

	return x->n_pages != y->n_pages ? (x->n_pages > y->n_pages ? -1 : 1) : str_compare(x->word, y->word);
}

static void load_words(Maker *maker)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(free_ptr) char *bytes = NULL;
	VEC(CountedWord) words = { 0 };
	VocabularyCursor cursor;
	size_t n_bytes;

	if (!reader_catalog_part(maker->reader, "vocabulary", &bytes, &n_bytes, &err))
		fail(&err);
	vocabulary_begin(&cursor, (Str){ bytes, n_bytes });
	while (vocabulary_next(&cursor)) {
		Str word = { cursor.word, cursor.word_len };

		if (is_plain(word))
			vec_push(&words, (CountedWord){ arena_str_dup(maker->arena, word), (uint32_t)cursor.n_pages });
	}
	if (!words.n)
		fail_because("the index has no words");
	qsort(words.items, words.n, sizeof(CountedWord), compare_words);
	maker->words = words.items;
	maker->n_words = words.n;
}

/* A word that between @low and @high of all pages have; the nearest where there is none. */
static Str word_between(Maker *maker, double low, double high, size_t min_bytes)
{
	size_t first = 0, end;

	while (first + 1 < maker->n_words && maker->words[first].n_pages > high)
		first++;
	for (end = first + 1; end < maker->n_words && maker->words[end].n_pages >= low;)
		end++;
	for (size_t i = 0; i < 200; i++) {
		Str word = maker->words[first + draw(maker, (uint32_t)(end - first))].word;

		if (word.len >= min_bytes)
			return word;
	}
	return maker->words[first].word;
}

static Str word_on_share(Maker *maker, double low, double high, size_t min_bytes)
{
	return word_between(maker, low * maker->catalog->n_pages, high * maker->catalog->n_pages, min_bytes);
}

/* --- Texts --------------------------------------------------------------------------------------- */

typedef struct PlainWords {
	VEC(Str) words;
	Arena *arena;
} PlainWords;

static bool take_plain(void *context, const Token *token)
{
	PlainWords *words = context;

	if (token->kind == TOKEN_WORD && is_plain(token->exact))
		vec_push(&words->words, arena_str_dup(words->arena, token->exact));
	else
		vec_push(&words->words, STR_EMPTY);
	return true;
}

/* The words of a paragraph of some page in a row; an empty one where something else stands. */
static PlainWords some_paragraph(Maker *maker)
{
	for (;;) {
		uint32_t page = 1 + draw(maker, maker->catalog->n_slots - 1);
		CLEANUP(error_deinit) Error err = ERROR_INIT;
		PlainWords words = { .arena = maker->arena };
		StoreText *text;

		if (!(maker->catalog->flags[page] & CATALOG_PRESENT))
			continue;
		if (!store_text(maker->reader, page, maker->arena, &text, &err))
			fail(&err);
		for (size_t i = 0, from = draw(maker, (uint32_t)text->n_blocks + 1); i < text->n_blocks; i++) {
			const Block *block = &text->blocks[(from + i) % text->n_blocks];

			if (block->kind == BLOCK_PROSE && block->text.len > 80) {
				analyze_places(maker->analyzer, block->text, take_plain, &words);
				return words;
			}
		}
	}
}

static uint32_t pages_of(const Maker *maker, Str word)
{
	for (size_t i = 0; i < maker->n_words; i++)
		if (str_equal(maker->words[i].word, word))
			return maker->words[i].n_pages;
	return 0;
}

static bool is_on_share(const Maker *maker, Str word, double low, double high)
{
	double n = pages_of(maker, word), n_all = maker->catalog->n_pages;

	return word.len && n >= low * n_all && n <= high * n_all;
}

/* --- Kinds ------------------------------------------------------------------------------------------ */

static Str quoted(Maker *maker, Str word)
{
	return arena_printf(maker->arena, "\"%.*s\"", STR_ARG(word));
}

/* The blank at the end: the word is whole. */
static Question word_question(Maker *maker, Str word)
{
	return (Question){ .ours = arena_printf(maker->arena, "%.*s ", STR_ARG(word)), .fts5 = quoted(maker, word) };
}

static Question joined(Maker *maker, const Str *words, size_t n, const char *by, const char *fts5_by)
{
	Question question = { 0 };

	for (size_t i = 0; i < n; i++) {
		const char *between = i + 1 < n ? by : " ", *fts5_between = i + 1 < n ? fts5_by : "";

		question.ours = arena_printf(maker->arena, "%.*s%.*s%s", STR_ARG(question.ours), STR_ARG(words[i]), between);
		question.fts5 = arena_printf(maker->arena, "%.*s\"%.*s\"%s", STR_ARG(question.fts5), STR_ARG(words[i]),
		                             fts5_between);
	}
	return question;
}

static Question ask_rare(Maker *maker, size_t i)
{
	(void)i;
	return word_question(maker, word_between(maker, 2, 20, 4));
}

static Question ask_frequent(Maker *maker, size_t i)
{
	(void)i;
	return word_question(maker, word_on_share(maker, 0.1, 0.6, 4));
}

static Question ask_everywhere(Maker *maker, size_t i)
{
	return word_question(maker, maker->words[i % 8].word);
}

/* Two or three words of one paragraph, each on 0.5 to 40 % of the pages. */
static Question ask_all(Maker *maker, size_t i)
{
	for (;;) {
		PlainWords words = some_paragraph(maker);
		size_t wanted = 2 + i % 2, n = 0;
		Str chosen[3];

		for (size_t at = 0; at < words.words.n && n < wanted; at += 1 + draw(maker, 3))
			if (is_on_share(maker, words.words.items[at], 0.005, 0.4))
				chosen[n++] = words.words.items[at];
		vec_deinit(&words.words);
		if (n == wanted)
			return joined(maker, chosen, n, " ", " ");
	}
}

static Question ask_any(Maker *maker, size_t i)
{
	Str chosen[N_ANY];

	(void)i;
	for (size_t n = 0; n < N_ANY;) {
		bool is_new = true;

		chosen[n] = maker->words[draw(maker, maker->n_words < 80 ? (uint32_t)maker->n_words : 80)].word;
		for (size_t j = 0; j < n; j++)
			is_new = is_new && !str_equal(chosen[j], chosen[n]);
		n += is_new;
	}
	return joined(maker, chosen, N_ANY, " OR ", " OR ");
}

/* Two neighbours; one of them tells something. */
static Question ask_phrase(Maker *maker, size_t i)
{
	(void)i;
	for (;;) {
		PlainWords words = some_paragraph(maker);
		size_t at = draw(maker, (uint32_t)words.words.n + 1);
		Question question = { 0 };

		if (at + 1 < words.words.n && is_on_share(maker, words.words.items[at], 0.001, 1) &&
		    is_on_share(maker, words.words.items[at + 1], 0.001, 0.3)) {
			question.ours = arena_printf(maker->arena, "\"%.*s %.*s\" ", STR_ARG(words.words.items[at]),
			                             STR_ARG(words.words.items[at + 1]));
			question.fts5 = str_slice(question.ours, 0, question.ours.len - 1);
		}
		vec_deinit(&words.words);
		if (question.ours.len)
			return question;
	}
}

static Question ask_prefix(Maker *maker, size_t i)
{
	Str word = word_on_share(maker, 0.005, 0.3, 5);
	Str beginning = str_slice(word, 0, 3 + i % 2);

	return (Question){ arena_printf(maker->arena, "%.*s* ", STR_ARG(beginning)),
		           arena_printf(maker->arena, "\"%.*s\" *", STR_ARG(beginning)), STR_EMPTY };
}

/* A word and the beginning of a second: what the search box asks while one types. */
static Question ask_typing(Maker *maker, size_t i)
{
	Question question = ask_all(maker, 0);
	size_t n = 2 + i % 4, blank = str_find_char(question.ours, ' ');
	Str second = str_from(question.ours, blank + 1);

	second = str_slice(second, 0, second.len - 1 < n ? second.len - 1 : n);
	question.ours = str_slice(question.ours, 0, blank + 1 + second.len);
	question.fts5 = arena_printf(maker->arena, "\"%.*s\" \"%.*s\" *", (int)blank, question.ours.data, STR_ARG(second));
	return question;
}

/* Two letters in the wrong order. */
static Question ask_typo(Maker *maker, size_t i)
{
	for (;;) {
		Str word = arena_str_dup(maker->arena, word_between(maker, 20, 0.05 * maker->catalog->n_pages + 20, 6));
		size_t at = 2 + draw(maker, (uint32_t)word.len - 3);
		char *bytes = arena_to_c(maker->arena, word), c = bytes[at];

		(void)i;
		bytes[at] = bytes[at - 1];
		bytes[at - 1] = c;
		word.data = bytes;
		if (!pages_of(maker, word))
			return word_question(maker, word);
	}
}

static Question ask_nothing(Maker *maker, size_t i)
{
	(void)maker;
	(void)i;
	return (Question){ STR_EMPTY, STR_EMPTY, STR_EMPTY };
}

static Question ask_with_tag(Maker *maker, size_t i)
{
	Question question = ask_frequent(maker, i);
	const CatalogFacet *facet = maker->catalog->facets;

	for (; facet < maker->catalog->facets + maker->catalog->n_facets; facet++)
		if (str_equal(facet->name, STR("tag")) && facet->n_terms)
			question.filter = maker->catalog->terms[facet->first_term + draw(maker, facet->n_terms)].slug;
	question.fts5 = STR_EMPTY;
	return question;
}

/* What the search box asks while the first word is typed. */
static Question ask_completion(Maker *maker, size_t i)
{
	Str word = word_on_share(maker, 0.001, 0.3, 5);

	return (Question){ str_slice(word, 0, 2 + i % 4), STR_EMPTY, STR_EMPTY };
}

static Question ask_completion_of_letter(Maker *maker, size_t i)
{
	(void)maker;
	return (Question){ arena_printf(maker->arena, "%c", 'a' + (int)(i % 26)), STR_EMPTY, STR_EMPTY };
}

/* A word of some title and the beginning of the next one. */
static Question ask_completion_of_words(Maker *maker, size_t i)
{
	Question question = ask_typing(maker, i);

	question.fts5 = STR_EMPTY;
	return question;
}

static Question ask_completion_of_typo(Maker *maker, size_t i)
{
	Question question = ask_typo(maker, i);

	return (Question){ str_trim(question.ours), STR_EMPTY, STR_EMPTY };
}

static Question ask_related(Maker *maker, size_t i)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	StorePage page;
	uint32_t number;

	(void)i;
	do
		number = 1 + draw(maker, maker->catalog->n_slots - 1);
	while (!(maker->catalog->flags[number] & CATALOG_PRESENT));
	if (!store_page(maker->reader, number, maker->arena, &page, &err))
		fail(&err);
	return (Question){ page.relurl, STR_EMPTY, STR_EMPTY };
}

static const struct KindMaker {
	const char *name;
	Extras extras;
	Question (*ask)(Maker *maker, size_t i);
	size_t n;
} kind_makers[] = {
	{ "rare word", EXTRA_NOTHING, ask_rare, N_OF_A_KIND },
	{ "frequent word", EXTRA_NOTHING, ask_frequent, N_OF_A_KIND },
	{ "word on every page", EXTRA_NOTHING, ask_everywhere, 8 },
	{ "2-3 words, all", EXTRA_NOTHING, ask_all, N_OF_A_KIND },
	{ "10 frequent, any", EXTRA_NOTHING, ask_any, 16 },
	{ "phrase", EXTRA_NOTHING, ask_phrase, N_OF_A_KIND },
	{ "prefix", EXTRA_NOTHING, ask_prefix, N_OF_A_KIND },
	{ "typing", EXTRA_NOTHING, ask_typing, N_OF_A_KIND },
	{ "typo", EXTRA_NOTHING, ask_typo, N_OF_A_KIND },
	{ "frequent, facets", EXTRA_FACETS, ask_frequent, N_OF_A_KIND },
	{ "everywhere, facets", EXTRA_FACETS, ask_everywhere, 8 },
	{ "tag chosen, facets", EXTRA_FACETS, ask_with_tag, N_OF_A_KIND },
	{ "all pages, facets", EXTRA_FACETS, ask_nothing, 1 },
	{ "frequent, snippets", EXTRA_SNIPPETS, ask_frequent, N_OF_A_KIND },
	{ "frequent, whole answer", EXTRA_ANSWER, ask_frequent, N_OF_A_KIND },
	{ "all, whole answer", EXTRA_ANSWER, ask_all, N_OF_A_KIND },
	{ "typing, whole answer", EXTRA_ANSWER, ask_typing, N_OF_A_KIND },
	{ "suggest: a letter", EXTRA_SUGGEST, ask_completion_of_letter, 26 },
	{ "suggest: 2-5 letters", EXTRA_SUGGEST, ask_completion, N_OF_A_KIND },
	{ "suggest: 2 words", EXTRA_SUGGEST, ask_completion_of_words, N_OF_A_KIND },
	{ "suggest: typo", EXTRA_SUGGEST, ask_completion_of_typo, N_OF_A_KIND },
	{ "related", EXTRA_RELATED, ask_related, N_OF_A_KIND },
};

Kind *make_questions(StoreReader *reader, const Catalog *catalog, Arena *arena, size_t *ret_n)
{
	CLEANUP(analyzer_freep) Analyzer *analyzer = analyzer_new();
	Maker maker = { .reader = reader, .catalog = catalog, .arena = arena, .analyzer = analyzer };
	Kind *kinds = arena_new_n(arena, Kind, ARRAY_SIZE(kind_makers));

	load_words(&maker);
	for (size_t k = 0; k < ARRAY_SIZE(kind_makers); k++) {
		const struct KindMaker *kind = &kind_makers[k];

		maker.seed = 88172645463325252u + 7919 * k;
		kinds[k] = (Kind){ kind->name, kind->extras, arena_new_n(arena, Question, kind->n), kind->n };
		for (size_t i = 0; i < kind->n; i++)
			kinds[k].questions[i] = kind->ask(&maker, i);
	}
	free(maker.words);
	*ret_n = ARRAY_SIZE(kind_makers);
	return kinds;
}
