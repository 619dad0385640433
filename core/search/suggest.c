/*
 * Completions while typing: values of facets one of whose words begins as what is typed, and
 * frequent words that do.
 */
#include <stdlib.h>

#include "blogsearch/vec.h"
#include "pages.h"
#include "word_starts.h"

#define N_WORDS_LOOKED_AT 20000 /* of the vocabulary, at most: one letter begins many */
#define MIN_PAGES         2     /* that have a frequent word */

typedef struct Found {
	Suggestion suggestion;
	unsigned closeness; /* 0: the same, 1: begins so, 2: a word of it does */
} Found;

typedef VEC(Found) FoundList;

typedef struct Suggesting {
	Engine *engine;
	const Catalog *catalog;
	Arena *arena;
	Str beginning; /* folded */
	FoundList found;
} Suggesting;

static void find_terms(Suggesting *suggesting)
{
	CLEANUP(arena_deinit) Arena scratch = ARENA_INIT;
	const Catalog *catalog = suggesting->catalog;
	const FacetTable *table = engine_facet_table(suggesting->engine);

	for (uint32_t t = 0; t < catalog->n_terms; t++) {
		const CatalogTerm *term = &catalog->terms[t];
		Str name;
		size_t at;

		arena_reset(&scratch);
		name = text_fold_dup(term->name, &scratch);
		at = find_word_start(name, suggesting->beginning);
		if (at == STR_NOT_FOUND || !table->totals[t])
			continue;
		vec_push(&suggesting->found, (Found){
			{ .kind = SUGGESTION_TERM, .text = term->name, .facet = catalog->facets[term->facet].name,
			  .slug = term->slug, .url = catalog_absolute_url(catalog, term->url, suggesting->arena),
			  .count = table->totals[t] },
			at ? 2 : name.len > suggesting->beginning.len,
		});
	}
}

static bool is_term(const Suggesting *suggesting, Str word)
{
	CLEANUP(arena_deinit) Arena scratch = ARENA_INIT;

	VEC_FOREACH (found, &suggesting->found)
		if (found->suggestion.kind == SUGGESTION_TERM &&
		    str_equal(text_fold_dup(found->suggestion.text, &scratch), word))
			return true;
	return false;
}

static void find_words(Suggesting *suggesting)
{
	VocabularyCursor cursor;
	unsigned n = 0;

	vocabulary_seek(&cursor, engine_vocabulary(suggesting->engine), suggesting->beginning);
	while (n < N_WORDS_LOOKED_AT && vocabulary_next(&cursor)) {
		Str word = vocabulary_word(&cursor);

		if (str_compare(word, suggesting->beginning) < 0)
			continue;
		if (!str_starts_with(word, suggesting->beginning))
			break;
		n++;
		if (cursor.n_pages < MIN_PAGES || is_term(suggesting, word))
			continue;
		vec_push(&suggesting->found, (Found){
			{ .kind = SUGGESTION_WORD, .text = arena_str_dup(suggesting->arena, word),
			  .count = (uint32_t)cursor.n_pages },
			word.len > suggesting->beginning.len,
		});
	}
}

static int compare_found(const void *a, const void *b)
{
	const Found *x = a, *y = b;

	if (x->closeness != y->closeness)
		return x->closeness < y->closeness ? -1 : 1;
	if (x->suggestion.kind != y->suggestion.kind)
		return x->suggestion.kind < y->suggestion.kind ? -1 : 1;
	if (x->suggestion.count != y->suggestion.count)
		return x->suggestion.count > y->suggestion.count ? -1 : 1;
	return str_compare(x->suggestion.text, y->suggestion.text);
}

bool suggest_run(Engine *engine, const Question *question, Arena *arena, Suggestions **ret_suggestions, Error *err)
{
	EngineWorker worker = engine_take_worker(engine);
	Suggestions *suggestions = arena_new(arena, Suggestions);
	Suggesting suggesting = { .engine = engine, .catalog = engine_catalog(engine), .arena = arena,
		                  .beginning = text_fold_dup(str_trim(question->q), arena) };
	size_t n;

	(void)err;
	if (suggesting.beginning.len) {
		find_terms(&suggesting);
		find_words(&suggesting);
	}
	if (suggesting.found.n)
		qsort(suggesting.found.items, suggesting.found.n, sizeof(Found), compare_found);
	n = suggesting.found.n < question->limit ? suggesting.found.n : question->limit;
	suggestions->q = question->q;
	suggestions->items = arena_new_n(arena, Suggestion, n);
	for (; suggestions->n < n; suggestions->n++) {
		Suggestion *item = &suggestions->items[suggestions->n];

		*item = suggesting.found.items[suggestions->n].suggestion;
		item->text_html = mark_word_starts(worker.analyzer, item->text, question->q, arena);
	}
	vec_deinit(&suggesting.found);
	engine_give_worker(engine, worker);
	*ret_suggestions = suggestions;
	return true;
}
