/* What is shown of each ranked page: its row, its terms from the catalog, its snippet. */
#include "steps.h"

#include "blogsearch/clock.h"
#include "page_flows.h"
#include "pages.h"

static bool is_facet(const Search *search, uint32_t facet, const char *name)
{
	return str_equal(search->catalog->facets[facet].name, str_from_c(name));
}

static void add_term(ResultTerm *terms, size_t *n, ResultTerm term)
{
	terms[(*n)++] = term;
}

static void add_series(Search *search, uint32_t page, uint32_t number, ResultHit *hit)
{
	const Catalog *catalog = search->catalog;
	const TermPages *pages = engine_term_pages(search->engine);
	ResultTerm term = result_term(catalog, number, catalog->langs[catalog->lang[page]], search->arena);

	hit->series[hit->n_series++] = (ResultSeries){
		.name = term.name, .slug = term.slug, .url = term.url,
		.has_order = catalog->flags[page] & CATALOG_HAS_SERIES_ORDER,
		.order = catalog->series_order[page],
		.count = pages->start[number + 1] - pages->start[number],
	};
}

/* The taxonomy of that facet, made where the hit has none yet. */
static ResultTaxonomy *taxonomy_of(Search *search, ResultHit *hit, uint32_t facet, size_t n_terms)
{
	Str name = search->catalog->facets[facet].plural;

	for (size_t i = 0; i < hit->n_taxonomies; i++)
		if (str_equal(hit->taxonomies[i].name, name))
			return &hit->taxonomies[i];
	hit->taxonomies[hit->n_taxonomies] = (ResultTaxonomy){ name, arena_new_n(search->arena, ResultTerm, n_terms), 0 };
	return &hit->taxonomies[hit->n_taxonomies++];
}

static void add_terms(Search *search, uint32_t page, ResultHit *hit)
{
	const Catalog *catalog = search->catalog;
	uint32_t first = catalog->term_start[page], n = catalog->term_start[page + 1] - first;

	hit->authors = arena_new_n(search->arena, ResultTerm, n);
	hit->tags = arena_new_n(search->arena, ResultTerm, n);
	hit->categories = arena_new_n(search->arena, ResultTerm, n);
	hit->series = arena_new_n(search->arena, ResultSeries, n);
	hit->taxonomies = arena_new_n(search->arena, ResultTaxonomy, n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t number = catalog->term_ids[first + i];
		uint32_t facet = catalog->terms[number].facet;
		ResultTerm term = result_term(catalog, number, catalog->langs[catalog->lang[page]], search->arena);

		if (is_facet(search, facet, "tag")) {
			add_term(hit->tags, &hit->n_tags, term);
		} else if (is_facet(search, facet, "category")) {
			add_term(hit->categories, &hit->n_categories, term);
		} else if (is_facet(search, facet, "author")) {
			add_term(hit->authors, &hit->n_authors, term);
		} else if (is_facet(search, facet, "series")) {
			add_series(search, page, number, hit);
		} else {
			ResultTaxonomy *taxonomy = taxonomy_of(search, hit, facet, n);

			add_term(taxonomy->terms, &taxonomy->n_terms, term);
		}
	}
}

/* What is shown lives in the cache's page, which is released once the hit is made. */
static ResultHit describe_page(Search *search, uint32_t number, const CachedPage *page)
{
	const Catalog *catalog = search->catalog;

	return (ResultHit){
		.id = number, .url = arena_str_dup(search->arena, page->row.url),
		.path = arena_str_dup(search->arena, page->row.path), .title = arena_str_dup(search->arena, page->row.title),
		.image = arena_str_dup(search->arena, page->row.image),
		.published = catalog->published[number], .updated = catalog->updated[number],
		.lang = catalog->langs[catalog->lang[number]], .section = catalog->sections[catalog->section[number]],
		.words = page->row.words, .score = search->scores ? (double)search->scores[number] : 0,
	};
}

static void show_page(Search *search, uint32_t number, CachedPage *page, ResultHit *hit)
{
	PageFlows flows;

	*hit = describe_page(search, number, page);
	if (search->query->explain && search->scores)
		hit->explanation = explain_score(search, number);
	add_terms(search, number, hit);
	find_page_flows(search, number, page, &flows);
	make_snippets(search, &flows, hit);
	find_sections(search, &flows, hit);
}

/* Where only the title is shown, the text need not be read. */
static bool build_hit(Search *search, uint32_t number, ResultHit *hit, Error *err)
{
	bool wants_text = search->query->snippet_words || search->query->n_sections;
	PageCache *cache = engine_pages(search->engine);
	CachedPage *page;

	if (!page_cache_fetch(cache, search->reader, number, wants_text, &page, err))
		return false;
	show_page(search, number, page, hit);
	page_cache_release(cache, page);
	return true;
}

bool build_hits(Search *search, Result *result, Error *err)
{
	result->hits = arena_new_n(search->arena, ResultHit, search->n_ranked);
	for (uint32_t i = 0; i < search->n_ranked; i++) {
		if (search->deadline_ns && monotonic_ns() > search->deadline_ns) {
			error_set(err, ERROR_BUSY, "the query took longer than it may");
			return error_hint(err, "ask for less, or try again");
		}
		if (!build_hit(search, search->ranked[i], &result->hits[result->n_hits++], err))
			return false;
	}
	return true;
}
