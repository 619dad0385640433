/*
 * Disjunctive facet counts: a facet is counted as if its own filter were absent, with all
 * others in force, so that choosing one tag still shows what the others would give. One pass
 * over the matches counts all facets without a filter (facet_table.c); each filtered facet
 * takes one more, over its own set.
 */
#include "steps.h"

#include <stdlib.h>

#include "blogsearch/vec.h"

typedef VEC(ResultFacetValue) FacetValues;

static const QueryFilter *filter_of(const Query *query, Str facet)
{
	for (size_t i = 0; i < query->n_filters; i++)
		if (str_equal(query->filters[i].facet, facet))
			return &query->filters[i];
	return NULL;
}

/* The matches as they were without @own. */
static PageSet pages_without(Search *search, const QueryFilter *own)
{
	PageSet pages = page_set_copy(search->words, search->arena);

	if (search->has_dates)
		page_set_and(pages, search->dates);
	for (size_t i = 0; i < search->query->n_filters; i++)
		if (&search->query->filters[i] != own)
			page_set_and(pages, search->filters[i]);
	return pages;
}

/* --- Selected values -------------------------------------------------------------------------- */

typedef struct Selection {
	bool *is_selected; /* by value, counted from the facet's first; NULL: the facet has no filter */
	uint32_t first;
	bool found_any;
} Selection;

static void select_term(void *context, uint32_t term)
{
	Selection *selection = context;

	selection->is_selected[term - selection->first] = selection->found_any = true;
}

/* Looks a filter's value up as filter_pages.c does. */
static void select_value(Search *search, uint32_t number, Str value, Selection *selection)
{
	const FacetTable *table = engine_facet_table(search->engine);
	const FacetRange *facet = &table->facets[number];

	selection->found_any = false;
	if (number < search->catalog->n_facets) {
		engine_find_terms(search->engine, number, text_fold_dup(value, search->arena), select_term, selection);
		return;
	}
	for (uint32_t i = 0; i < facet->n; i++)
		if (str_equal_nocase(facet_table_value(table, facet->first + i).name, value))
			select_term(selection, facet->first + i);
}

/* Marks what the facet's filter names; what the site does not have is listed all the same: it must be there to be let go. */
static Selection select_values(Search *search, uint32_t number, const QueryFilter *filter, FacetValues *unknown)
{
	const FacetRange *facet = &engine_facet_table(search->engine)->facets[number];
	Selection selection = { NULL, facet->first, false };

	if (filter)
		selection.is_selected = arena_new_n(search->arena, bool, facet->n);
	for (size_t i = 0; filter && i < filter->n_values; i++) {
		select_value(search, number, filter->values[i], &selection);
		if (!selection.found_any)
			vec_push(unknown, (ResultFacetValue){ filter->values[i], filter->values[i], 0, true });
	}
	return selection;
}

static bool is_selected(const Selection *selection, uint32_t value)
{
	return selection->is_selected && selection->is_selected[value - selection->first];
}

/* --- The best values ------------------------------------------------------------------------------ */

/* Moves what is greater than one of them to the front; *ret_equal behind those stand its equals, up to *ret_less. */
static void part_counts(uint32_t *counts, uint32_t n, uint32_t *ret_equal, uint32_t *ret_less)
{
	uint32_t pivot = counts[n / 2], greater = 0, less = n;

	for (uint32_t i = 0; i < less;) {
		uint32_t count = counts[i];

		if (count > pivot) {
			counts[i++] = counts[greater];
			counts[greater++] = count;
		} else if (count < pivot) {
			counts[i] = counts[--less];
			counts[less] = count;
		} else {
			i++;
		}
	}
	*ret_equal = greater;
	*ret_less = less;
}

/* The greatest of them but for @i. */
static uint32_t count_at(uint32_t *counts, uint32_t n, uint32_t i)
{
	for (;;) {
		uint32_t equal, less;

		part_counts(counts, n, &equal, &less);
		if (i >= equal && i < less)
			return counts[i];
		if (i < equal) {
			n = equal;
		} else {
			counts += less;
			n -= less;
			i -= less;
		}
	}
}

/*
 * What a value must count to be among the first @limit: a facet has thousands of values, and
 * names are compared for few of them.
 */
static uint32_t count_to_reach(const uint32_t *counts, uint32_t n, uint32_t limit, Arena *arena)
{
	uint32_t *some, count;

	if (n <= limit)
		return 1;
	some = arena_new_n(arena, uint32_t, n);
	memcpy(some, counts, n * sizeof(uint32_t));
	count = count_at(some, n, limit - 1);
	return count ? count : 1;
}

/* A value as a number that is the smaller the earlier it is listed: by count, then name, which its rank tells. */
typedef uint64_t ValueKey;

static ValueKey key_of(uint32_t count, uint32_t rank)
{
	return (uint64_t)(UINT32_MAX - count) << 32 | rank;
}

static uint32_t rank_of_key(ValueKey key)
{
	return (uint32_t)key;
}

static uint32_t count_of_key(ValueKey key)
{
	return UINT32_MAX - (uint32_t)(key >> 32);
}

/* Puts it in its place among the @most smallest ones; says how many there are then. */
static uint32_t insert_key(ValueKey *keys, uint32_t n, uint32_t most, ValueKey key)
{
	uint32_t i = n;

	if (n == most && keys[n - 1] < key)
		return n;
	if (n == most)
		i--;
	for (; i > 0 && keys[i - 1] > key; i--)
		keys[i] = keys[i - 1];
	keys[i] = key;
	return n < most ? n + 1 : n;
}

static ValueKey *find_best_keys(const uint32_t *counts, const FacetRange *facet, const uint32_t *ranks, uint32_t limit,
                                Arena *arena, uint32_t *ret_n)
{
	uint32_t least = count_to_reach(counts, facet->n, limit, arena), n = 0;
	ValueKey *keys = arena_new_n(arena, ValueKey, limit < facet->n ? limit : facet->n);

	for (uint32_t i = 0; i < facet->n; i++)
		if (counts[i] >= least)
			n = insert_key(keys, n, limit, key_of(counts[i], ranks[facet->first + i]));
	*ret_n = n;
	return keys;
}

static int compare_values(const void *a, const void *b)
{
	const ResultFacetValue *x = a, *y = b;
	int order;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	order = str_compare(x->name, y->name);
	return order ? order : str_compare(x->slug, y->slug);
}

static ResultFacetValue value_of(const FacetTable *table, uint32_t value, uint32_t count, const Selection *selection)
{
	ValueName name = facet_table_value(table, value);

	return (ResultFacetValue){ name.name, name.slug, count, is_selected(selection, value) };
}

/* Selected ones that are not among the best, which end with @last. */
static void add_selected(const FacetTable *table, const FacetRange *facet, const uint32_t *counts, const uint32_t *ranks,
                         const Selection *selection, ValueKey last, FacetValues *values)
{
	for (uint32_t i = 0; selection->is_selected && i < facet->n; i++)
		if (selection->is_selected[i] && key_of(counts[i], ranks[facet->first + i]) > last)
			vec_push(values, value_of(table, facet->first + i, counts[i], selection));
	if (values->n)
		qsort(values->items, values->n, sizeof(ResultFacetValue), compare_values);
}

/* The best of the values; of those behind, the selected ones still. */
static void list_values(Search *search, uint32_t number, const uint32_t *all_counts, ResultFacet *ret_facet)
{
	const FacetTable *table = engine_facet_table(search->engine);
	const FacetRanks *ranks = engine_facet_ranks(search->engine);
	const FacetRange *facet = &table->facets[number];
	const uint32_t *counts = all_counts + facet->first;
	FacetValues behind = { 0 };
	Selection selection = select_values(search, number, filter_of(search->query, facet->name), &behind);
	uint32_t n;
	ValueKey *best = find_best_keys(counts, facet, ranks->rank, search->query->facet_limit, search->arena, &n);

	add_selected(table, facet, counts, ranks->rank, &selection, n ? best[n - 1] : 0, &behind);
	*ret_facet = (ResultFacet){ facet->name, arena_new_n(search->arena, ResultFacetValue, n + behind.n), 0 };
	for (; ret_facet->n_values < n; ret_facet->n_values++) {
		ValueKey key = best[ret_facet->n_values];

		ret_facet->values[ret_facet->n_values] =
			value_of(table, ranks->value[rank_of_key(key)], count_of_key(key), &selection);
	}
	VEC_FOREACH (value, &behind)
		ret_facet->values[ret_facet->n_values++] = *value;
	vec_deinit(&behind);
}

static bool is_counted(const Result *result, Str name)
{
	for (size_t i = 0; i < result->n_facets; i++)
		if (str_equal(result->facets[i].name, name))
			return true;
	return false;
}

static bool wants_derived(const Search *search, const Str *names, size_t n_names)
{
	for (size_t i = 0; i < n_names; i++)
		if (engine_find_facet(search->engine, names[i]) >= (int)search->catalog->n_facets)
			return true;
	return false;
}

void count_facets(Search *search, Result *result)
{
	const Query *query = search->query;
	const FacetTable *table = engine_facet_table(search->engine);
	FacetNames all = engine_facets(search->engine);
	bool wants_all = query->n_facets == 1 && str_equal(query->facets[0], STR("*"));
	const Str *names = wants_all ? all.names : query->facets;
	size_t n_names = wants_all ? all.n : query->n_facets;
	const uint32_t *of_all_filters = NULL;
	bool has_derived = wants_derived(search, names, n_names);

	result->facets = arena_new_n(search->arena, ResultFacet, n_names);
	for (size_t i = 0; i < n_names; i++) {
		int number = engine_find_facet(search->engine, names[i]);
		const QueryFilter *own = filter_of(query, names[i]);
		const uint32_t *counts;

		if (number < 0 || is_counted(result, names[i]))
			continue;
		if (!own && !of_all_filters)
			of_all_filters = facet_table_count(table, search->pages, has_derived, search->arena);
		counts = own ? facet_table_count(table, pages_without(search, own), has_derived, search->arena) : of_all_filters;
		list_values(search, (uint32_t)number, counts, &result->facets[result->n_facets++]);
	}
}
