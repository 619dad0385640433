/* A series in order: by the number that its pages give themselves, then the oldest first. */
#include <stdlib.h>

#include "blogsearch/limits.h"
#include "pages.h"

typedef struct Part {
	uint32_t page;
	bool has_order;
	int32_t order;
	int64_t published; /* INT64_MAX: unknown */
	uint32_t file_rank;
} Part;

static int compare_parts(const void *a, const void *b)
{
	const Part *x = a, *y = b;

	if (x->has_order != y->has_order)
		return x->has_order ? -1 : 1;
	if (x->has_order && x->order != y->order)
		return x->order < y->order ? -1 : 1;
	if (x->published != y->published)
		return x->published < y->published ? -1 : 1;
	return x->file_rank < y->file_rank ? -1 : x->file_rank > y->file_rank;
}

static Part *sort_parts(const Engine *engine, uint32_t term, Arena *arena, uint32_t *ret_n)
{
	const Catalog *catalog = engine_catalog(engine);
	const TermPages *term_pages = engine_term_pages(engine);
	uint32_t first = term_pages->start[term], n = term_pages->start[term + 1] - first;
	Part *parts = arena_new_n(arena, Part, n);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t page = term_pages->pages[first + i];

		parts[i] = (Part){
			.page = page, .has_order = catalog->flags[page] & CATALOG_HAS_SERIES_ORDER,
			.order = catalog->series_order[page], .file_rank = catalog->file_rank[page],
			.published = catalog->published[page] == TIME_NONE ? INT64_MAX : catalog->published[page],
		};
	}
	if (n)
		qsort(parts, n, sizeof(Part), compare_parts);
	*ret_n = n;
	return parts;
}

/* --- Finding ------------------------------------------------------------------------------------- */

typedef struct FoundTerm {
	const Catalog *catalog;
	Str name;
	uint32_t term;
	bool is_found, is_slug;
} FoundTerm;

/* A slug as it is written goes before what is only like it. */
static void take_term(void *context, uint32_t term)
{
	FoundTerm *found = context;
	bool is_slug = str_equal(found->catalog->terms[term].slug, found->name);

	if (!found->is_found || (is_slug && !found->is_slug))
		*found = (FoundTerm){ found->catalog, found->name, term, true, is_slug };
}

static bool hint_series(const Catalog *catalog, int facet, Str name, Arena *arena, Error *err)
{
	uint32_t first = facet < 0 ? 0 : catalog->facets[facet].first_term, n = facet < 0 ? 0 : catalog->facets[facet].n_terms;
	Str *slugs = arena_new_n(arena, Str, n), nearest;

	for (uint32_t i = 0; i < n; i++)
		slugs[i] = catalog->terms[first + i].slug;
	nearest = str_nearest(text_slug(name, arena), slugs, n);
	if (!nearest.len)
		return error_hint(err, "name it by its slug or as its pages do");
	return error_hint(err, "the nearest is \"%.*s\"", STR_ARG(nearest));
}

static bool find_series(const Engine *engine, Str name, Arena *arena, uint32_t *ret_term, Error *err)
{
	FoundTerm found = { .catalog = engine_catalog(engine), .name = name };
	int facet = engine_find_facet(engine, STR("series"));

	if (facet >= 0)
		engine_find_terms(engine, (uint32_t)facet, text_fold_dup(name, arena), take_term, &found);
	*ret_term = found.term;
	if (found.is_found)
		return true;
	error_set(err, ERROR_NOT_FOUND, "there is no series \"%.*s\"", (int)(name.len < 200 ? name.len : 200),
	          name.data ? name.data : "");
	return hint_series(engine_catalog(engine), facet, name, arena, err);
}

/* --- Listing --------------------------------------------------------------------------------------- */

static bool list_part(const Catalog *catalog, StoreReader *reader, const Part *part, Arena *arena, bool *ret_has,
                      ListedPage *ret_page, Error *err)
{
	*ret_has = true;
	return list_page(catalog, reader, part->page, arena, ret_page, err);
}

static bool list_neighbours(const Catalog *catalog, StoreReader *reader, Str url, const Part *parts, uint32_t n,
                            Arena *arena, Series *series, Error *err)
{
	uint32_t page, i = 0;

	if (!find_page(catalog, reader, url, arena, &page, err))
		return false;
	while (i < n && parts[i].page != page)
		i++;
	if (i == n) {
		error_set(err, ERROR_NOT_FOUND, "that page is none of the series \"%.*s\"", STR_ARG(series->term.name));
		return error_parameter(err, "url");
	}
	return list_part(catalog, reader, &parts[i], arena, &series->has_current, &series->current, err) &&
	       (i == 0 || list_part(catalog, reader, &parts[i - 1], arena, &series->has_prev, &series->prev, err)) &&
	       (i + 1 == n || list_part(catalog, reader, &parts[i + 1], arena, &series->has_next, &series->next, err));
}

static bool list_series(Engine *engine, StoreReader *reader, const Question *question, Arena *arena, Series *series,
                        Error *err)
{
	const Catalog *catalog = engine_catalog(engine);
	uint32_t term, n;
	Part *parts;

	if (!find_series(engine, question->name, arena, &term, err))
		return false;
	parts = sort_parts(engine, term, arena, &n);
	series->term = result_term(catalog, term, n ? catalog->langs[catalog->lang[parts[0].page]] : STR_EMPTY, arena);
	series->count = n;
	series->pages = arena_new_n(arena, ListedPage, n < question->limit ? n : question->limit);
	for (; series->n_pages < n && series->n_pages < question->limit; series->n_pages++)
		if (!list_page(catalog, reader, parts[series->n_pages].page, arena, &series->pages[series->n_pages], err))
			return false;
	return !question->url.len || list_neighbours(catalog, reader, question->url, parts, n, arena, series, err);
}

bool series_run(Engine *engine, const Question *question, Arena *arena, Series **ret_series, Error *err)
{
	Series *series = arena_new(arena, Series);
	EngineWorker worker;
	bool is_done;

	if (!engine_take_worker(engine, question->time_limit_ms, &worker, err))
		return false;
	is_done = list_series(engine, worker.reader, question, arena, series, err);
	engine_give_worker(engine, worker);
	if (is_done)
		*ret_series = series;
	return is_done;
}
