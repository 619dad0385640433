/*
 * Disjunctive facet counts: a facet is counted as if its own filter were absent, with all
 * others in force, so that choosing one tag still shows what the others would give. That is
 * one set more for each filtered facet, none for the rest.
 */
#include "steps.h"

#include <stdlib.h>

#include "blogsearch/vec.h"

/* A value with its count, before the best are chosen. */
typedef struct Counted {
	Str name, slug;
	uint32_t count;
	bool is_selected;
} Counted;

typedef VEC(Counted) CountedValues;

static int filter_of(const Query *query, Str facet)
{
	for (size_t i = 0; i < query->n_filters; i++)
		if (str_equal(query->filters[i].facet, facet))
			return (int)i;
	return -1;
}

/* The matches without the facet's own filter. */
static PageSet pages_to_count(Search *search, Str facet)
{
	int own = filter_of(search->query, facet);
	PageSet pages;

	if (own < 0)
		return search->pages;
	pages = page_set_copy(search->words, search->arena);
	if (search->has_dates)
		page_set_and(pages, search->dates);
	for (size_t i = 0; i < search->query->n_filters; i++)
		if ((int)i != own)
			page_set_and(pages, search->filters[i]);
	return pages;
}

/* Whether the facet's filter names @slug or @name, folded as values are looked up. */
static bool is_selected(Search *search, Str facet, Str slug, Str name)
{
	int own = filter_of(search->query, facet);
	const QueryFilter *filter = own < 0 ? NULL : &search->query->filters[own];

	for (size_t i = 0; filter && i < filter->n_values; i++) {
		Str value = text_fold_dup(filter->values[i], search->arena);

		if (str_equal(value, text_fold_dup(slug, search->arena)) ||
		    str_equal(value, text_fold_dup(name, search->arena)))
			return true;
	}
	return false;
}

static void add_value(Search *search, CountedValues *values, Str facet, Str name, Str slug, uint32_t count)
{
	bool selected = is_selected(search, facet, slug, name);

	if (count || selected)
		vec_push(values, (Counted){ name, slug, count, selected });
}

/* --- Terms ----------------------------------------------------------------------------------- */

static void count_terms(Search *search, uint32_t number, PageSet pages, CountedValues *values)
{
	const Catalog *catalog = search->catalog;
	const CatalogFacet *facet = &catalog->facets[number];
	uint32_t *counts = arena_new_n(search->arena, uint32_t, facet->n_terms);

	for (uint32_t page = 0; page_set_next(pages, &page); page++)
		for (uint32_t i = catalog->term_start[page]; i < catalog->term_start[page + 1]; i++)
			if (catalog->term_ids[i] - facet->first_term < facet->n_terms)
				counts[catalog->term_ids[i] - facet->first_term]++;
	for (uint32_t i = 0; i < facet->n_terms; i++) {
		const CatalogTerm *term = &catalog->terms[facet->first_term + i];

		add_value(search, values, facet->name, term->name, term->slug, counts[i]);
	}
}

/* --- Sections, languages, years, months --------------------------------------------------------- */

static void count_names(Search *search, Str facet, const Str *names, uint32_t n_names, const uint16_t *numbers,
                        PageSet pages, CountedValues *values)
{
	uint32_t *counts = arena_new_n(search->arena, uint32_t, n_names);

	for (uint32_t page = 0; page_set_next(pages, &page); page++)
		counts[numbers[page]]++;
	for (uint32_t i = 0; i < n_names; i++)
		if (names[i].len) /* pages of the root have no section */
			add_value(search, values, facet, names[i], names[i], counts[i]);
}

static int compare_months(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static Str month_name(Search *search, int64_t month, bool by_year)
{
	int64_t year = by_year ? month : month / 12;

	return by_year ? arena_printf(search->arena, "%04lld", (long long)year)
	               : arena_printf(search->arena, "%04lld-%02d", (long long)year, (int)(month % 12) + 1);
}

static void count_times(Search *search, Str facet, bool by_year, PageSet pages, CountedValues *values)
{
	VEC(int64_t) times = { 0 };

	for (uint32_t page = 0; page_set_next(pages, &page); page++) {
		int64_t published = search->catalog->published[page];
		CivilTime civil;

		if (published == TIME_NONE)
			continue;
		civil = time_to_civil(published);
		if (civil.year >= 0 && civil.year <= 9999)
			vec_push(&times, by_year ? civil.year : civil.year * 12 + civil.month - 1);
	}
	if (times.n)
		qsort(times.items, times.n, sizeof(int64_t), compare_months);
	for (size_t i = 0; i < times.n;) {
		size_t start = i;
		Str name = month_name(search, times.items[start], by_year);

		while (i < times.n && times.items[i] == times.items[start])
			i++;
		add_value(search, values, facet, name, name, (uint32_t)(i - start));
	}
	vec_deinit(&times);
}

static void count_derived(Search *search, DerivedFacet facet, Str name, PageSet pages, CountedValues *values)
{
	const Catalog *catalog = search->catalog;

	switch (facet) {
	case DERIVED_SECTION:
		count_names(search, name, catalog->sections, catalog->n_sections, catalog->section, pages, values);
		return;
	case DERIVED_LANG:
		count_names(search, name, catalog->langs, catalog->n_langs, catalog->lang, pages, values);
		return;
	case DERIVED_YEAR:
	case DERIVED_MONTH:
		count_times(search, name, facet == DERIVED_YEAR, pages, values);
		return;
	case N_DERIVED_FACETS:
		return;
	}
}

/* --- The best values ------------------------------------------------------------------------------ */

/* By count, then name. */
static int compare_values(const void *a, const void *b)
{
	const Counted *x = a, *y = b;
	int order;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	order = str_compare(x->name, y->name);
	return order ? order : str_compare(x->slug, y->slug);
}

/* A selected value that the site does not have, or nothing has: it must be there to be let go. */
static void add_missing_selected(Search *search, Str facet, CountedValues *values)
{
	int own = filter_of(search->query, facet);
	const QueryFilter *filter = own < 0 ? NULL : &search->query->filters[own];

	for (size_t i = 0; filter && i < filter->n_values; i++) {
		Str value = text_fold_dup(filter->values[i], search->arena);
		bool is_there = false;

		VEC_FOREACH (known, values)
			is_there = is_there || str_equal(value, text_fold_dup(known->slug, search->arena)) ||
			           str_equal(value, text_fold_dup(known->name, search->arena));
		if (!is_there)
			vec_push(values, (Counted){ filter->values[i], filter->values[i], 0, true });
	}
}

/* The first @limit of them; of those behind, the selected ones still. */
static void keep_best(Search *search, CountedValues *values, uint32_t limit, ResultFacet *facet)
{
	if (values->n)
		qsort(values->items, values->n, sizeof(Counted), compare_values);
	facet->values = arena_new_n(search->arena, ResultFacetValue, values->n);
	for (size_t i = 0; i < values->n; i++) {
		const Counted *value = &values->items[i];

		if (i < limit || value->is_selected)
			facet->values[facet->n_values++] =
				(ResultFacetValue){ value->name, value->slug, value->count, value->is_selected };
	}
}

static void count_facet(Search *search, uint32_t number, Str name, ResultFacet *facet)
{
	const Catalog *catalog = search->catalog;
	PageSet pages = pages_to_count(search, name);
	CountedValues values = { 0 };

	facet->name = name;
	if (number < catalog->n_facets)
		count_terms(search, number, pages, &values);
	else
		count_derived(search, (DerivedFacet)(number - catalog->n_facets), name, pages, &values);
	add_missing_selected(search, name, &values);
	keep_best(search, &values, search->query->facet_limit, facet);
	vec_deinit(&values);
}

void count_facets(Search *search, Result *result)
{
	const Query *query = search->query;
	FacetNames all = engine_facets(search->engine);
	bool wants_all = query->n_facets == 1 && str_equal(query->facets[0], STR("*"));
	const Str *names = wants_all ? all.names : query->facets;
	size_t n_names = wants_all ? all.n : query->n_facets;

	result->facets = arena_new_n(search->arena, ResultFacet, n_names);
	for (size_t i = 0; i < n_names; i++) {
		int number = engine_find_facet(search->engine, names[i]);

		if (number >= 0)
			count_facet(search, (uint32_t)number, names[i], &result->facets[result->n_facets++]);
	}
}
