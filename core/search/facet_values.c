/* Which facets there are, and a facet's values as a beginning finds them. */
#include <stdlib.h>

#include "pages.h"
#include "word_starts.h"

/* How well a name begins as asked; the smaller the better. */
typedef enum Closeness { CLOSE_EXACT, CLOSE_BEGINNING, CLOSE_WORD, CLOSE_NONE } Closeness;

typedef struct Candidate {
	Closeness closeness;
	ValueName value;
	uint32_t count;
} Candidate;

static Closeness closeness_of(Str name, Str beginning, Arena *arena)
{
	Str folded = text_fold_dup(name, arena);
	size_t at = find_word_start(folded, beginning);

	if (at == STR_NOT_FOUND)
		return CLOSE_NONE;
	return at ? CLOSE_WORD : folded.len == beginning.len ? CLOSE_EXACT : CLOSE_BEGINNING;
}

/* A value is its name or its slug, whichever is nearer. */
static Closeness closeness_of_value(const ValueName *value, Str beginning, Arena *arena)
{
	Closeness by_name = closeness_of(value->name, beginning, arena);
	Closeness by_slug = closeness_of(value->slug, beginning, arena);

	return by_name < by_slug ? by_name : by_slug;
}

static int compare_candidates(const void *a, const void *b)
{
	const Candidate *x = a, *y = b;
	int order;

	if (x->closeness != y->closeness)
		return x->closeness < y->closeness ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	order = str_compare(x->value.name, y->value.name);
	return order ? order : str_compare(x->value.slug, y->value.slug);
}

static Candidate *find_candidates(const FacetTable *table, const FacetRange *facet, Str q, Arena *arena, uint32_t *ret_n)
{
	CLEANUP(arena_deinit) Arena scratch = ARENA_INIT;
	Candidate *candidates = arena_new_n(arena, Candidate, facet->n);
	Str beginning = text_fold_dup(q, arena);
	uint32_t n = 0;

	for (uint32_t i = 0; i < facet->n; i++) {
		Candidate candidate = { CLOSE_BEGINNING, facet_table_value(table, facet->first + i),
			                table->totals[facet->first + i] };

		arena_reset(&scratch);
		if (beginning.len)
			candidate.closeness = closeness_of_value(&candidate.value, beginning, &scratch);
		if (candidate.count && candidate.closeness != CLOSE_NONE)
			candidates[n++] = candidate;
	}
	if (n)
		qsort(candidates, n, sizeof(Candidate), compare_candidates);
	*ret_n = n;
	return candidates;
}

static bool list_values(Engine *engine, const FacetRange *facet, const Question *question, Arena *arena,
                        FacetValues *values, Error *err)
{
	EngineWorker worker;
	const Catalog *catalog = engine_catalog(engine);
	Candidate *candidates = find_candidates(engine_facet_table(engine), facet, question->q, arena, &values->total);
	uint32_t n = values->total < question->limit ? values->total : question->limit;

	if (!engine_take_worker(engine, question->time_limit_ms, &worker, err))
		return false;
	values->values = arena_new_n(arena, FacetValue, n);
	for (; values->n_values < n; values->n_values++) {
		const Candidate *candidate = &candidates[values->n_values];

		values->values[values->n_values] = (FacetValue){
			.name = candidate->value.name, .slug = candidate->value.slug, .count = candidate->count,
			.name_html = mark_word_starts(worker.analyzer, candidate->value.name, question->q, arena),
			.url = catalog_absolute_url(catalog, candidate->value.url, arena),
		};
	}
	engine_give_worker(engine, worker);
	return true;
}

static uint32_t count_used(const FacetTable *table, const FacetRange *facet)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < facet->n; i++)
		n += table->totals[facet->first + i] > 0;
	return n;
}

static void list_facets(const FacetTable *table, Arena *arena, FacetValues *values)
{
	values->facets = arena_new_n(arena, FacetSummary, table->n_facets);
	for (uint32_t f = 0; f < table->n_facets; f++)
		values->facets[values->n_facets++] = (FacetSummary){ table->facets[f].name, table->facets[f].plural,
			                                             count_used(table, &table->facets[f]) };
}

static bool no_such_facet(const Engine *engine, Str name, Error *err)
{
	FacetNames names = engine_facets(engine);
	Str nearest = str_nearest(name, names.names, names.n);

	error_set(err, ERROR_NOT_FOUND, "there is no facet \"%.*s\"", (int)(name.len < 200 ? name.len : 200),
	          name.data ? name.data : "");
	return nearest.len ? error_hint(err, "the nearest is \"%.*s\"", STR_ARG(nearest)) : false;
}

bool facet_values_run(Engine *engine, const Question *question, Arena *arena, FacetValues **ret_values, Error *err)
{
	const FacetTable *table = engine_facet_table(engine);
	FacetValues *values = arena_new(arena, FacetValues);
	int facet = facet_table_find(table, question->name);

	values->facet = question->name;
	values->q = question->q;
	if (!question->name.len)
		list_facets(table, arena, values);
	else if (facet < 0)
		return no_such_facet(engine, question->name, err);
	else if (!list_values(engine, &table->facets[facet], question, arena, values, err))
		return false;
	*ret_values = values;
	return true;
}
