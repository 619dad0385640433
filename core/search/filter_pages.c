/* Filters: facets' values and dates, from the catalog alone, as sets of pages. */
#include "steps.h"

typedef struct TermSink {
	const TermPages *term_pages;
	PageSet pages;
} TermSink;

static void add_term(void *context, uint32_t term)
{
	TermSink *sink = context;

	for (uint32_t i = sink->term_pages->start[term]; i < sink->term_pages->start[term + 1]; i++)
		page_set_add(sink->pages, sink->term_pages->pages[i]);
}

/* Pages whose language or section is @value; names are few. */
static void add_pages_of_name(const Catalog *catalog, const Str *names, uint32_t n_names, const uint16_t *numbers,
                              Str value, PageSet pages)
{
	for (uint32_t i = 0; i < n_names; i++) {
		if (!str_equal_nocase(names[i], value))
			continue;
		for (uint32_t page = 1; page < catalog->n_slots; page++)
			if ((catalog->flags[page] & CATALOG_PRESENT) && numbers[page] == i)
				page_set_add(pages, page);
	}
}

static void add_pages_of_dates(const Catalog *catalog, int64_t from, int64_t to, PageSet pages)
{
	for (uint32_t page = 1; page < catalog->n_slots; page++) {
		int64_t published = catalog->published[page];

		if (published != TIME_NONE && (from == TIME_NONE || published >= from) &&
		    (to == TIME_NONE || published < to) && (catalog->flags[page] & CATALOG_PRESENT))
			page_set_add(pages, page);
	}
}

static void add_pages_of_derived(const Catalog *catalog, DerivedFacet facet, Str value, PageSet pages)
{
	int64_t from, to;

	switch (facet) {
	case DERIVED_SECTION:
		add_pages_of_name(catalog, catalog->sections, catalog->n_sections, catalog->section, value, pages);
		return;
	case DERIVED_LANG:
		add_pages_of_name(catalog, catalog->langs, catalog->n_langs, catalog->lang, value, pages);
		return;
	case DERIVED_YEAR:
	case DERIVED_MONTH:
		if (query_date(value, &from, &to))
			add_pages_of_dates(catalog, from, to, pages);
		return;
	case N_DERIVED_FACETS:
		return;
	}
}

static void add_pages_of_value(const Engine *engine, uint32_t facet, Str value, PageSet pages, Arena *arena)
{
	const Catalog *catalog = engine_catalog(engine);
	TermSink sink = { engine_term_pages(engine), pages };

	if (facet < catalog->n_facets)
		engine_find_terms(engine, facet, text_fold_dup(value, arena), add_term, &sink);
	else
		add_pages_of_derived(catalog, (DerivedFacet)(facet - catalog->n_facets), value, pages);
}

PageSet pages_of_facet(const Engine *engine, Str facet, const Str *values, size_t n_values, Arena *arena)
{
	PageSet pages = page_set_new(engine_catalog(engine)->n_slots, arena);
	int number = engine_find_facet(engine, facet);

	for (size_t i = 0; number >= 0 && i < n_values; i++)
		add_pages_of_value(engine, (uint32_t)number, values[i], pages, arena);
	return pages;
}

PageSet pages_of_dates(Search *search, int64_t from, int64_t to)
{
	PageSet pages = page_set_new(search->catalog->n_slots, search->arena);

	add_pages_of_dates(search->catalog, from, to, pages);
	return pages;
}

PageSet narrow_pages(const Search *search, PageSet words)
{
	PageSet pages = page_set_copy(words, search->arena);

	for (size_t i = 0; i < search->query->n_filters; i++)
		page_set_and(pages, search->filters[i]);
	if (search->has_dates)
		page_set_and(pages, search->dates);
	return pages;
}

void filter_pages(Search *search)
{
	const Query *query = search->query;

	search->filters = arena_new_n(search->arena, PageSet, query->n_filters);
	for (size_t i = 0; i < query->n_filters; i++) {
		const QueryFilter *filter = &query->filters[i];

		search->filters[i] = pages_of_facet(search->engine, filter->facet, filter->values, filter->n_values,
		                                    search->arena);
	}
	search->has_dates = query->from != TIME_NONE || query->to != TIME_NONE;
	if (search->has_dates)
		search->dates = pages_of_dates(search, query->from, query->to);
	search->pages = narrow_pages(search, search->words);
	search->n_pages = page_set_count(search->pages);
}
