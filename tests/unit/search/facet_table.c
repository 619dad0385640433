/* Counts in one pass are those of looking at each page for each value: core/search/facet_table.c. */
#include "harness/unit.h"
#include "harness/random_index.h"

#include "facet_table.h"

#define N_SLOTS       3000
#define N_TAGS        120
#define N_SERIES      7
#define N_TERMS       (N_TAGS + N_SERIES)
#define N_SECTIONS    5
#define MOST_OF_PAGE  6
#define SECONDS_A_DAY 86400

/* Pages of random terms, sections and dates; some numbers are free, some pages have no date. */
static void fill_pages(Catalog *catalog, Arena *arena)
{
	uint8_t *flags = arena_new_n(arena, uint8_t, N_SLOTS);
	int64_t *published = arena_new_n(arena, int64_t, N_SLOTS);
	uint16_t *lang = arena_new_n(arena, uint16_t, N_SLOTS), *section = arena_new_n(arena, uint16_t, N_SLOTS);
	uint32_t *start = arena_new_n(arena, uint32_t, N_SLOTS + 1);
	uint32_t *ids = arena_new_n(arena, uint32_t, N_SLOTS * MOST_OF_PAGE), n_ids = 0;

	for (uint32_t page = 1; page < N_SLOTS; page++) {
		start[page] = n_ids;
		published[page] = draw(10) ? (int64_t)(15000 + draw(4000)) * SECONDS_A_DAY : TIME_NONE;
		lang[page] = (uint16_t)draw(2);
		section[page] = (uint16_t)draw(N_SECTIONS);
		if (!draw(12))
			continue;
		flags[page] = CATALOG_PRESENT;
		catalog->n_pages++;
		/* In a row from some term on: no page has one twice. */
		for (uint32_t i = 0, n = draw(MOST_OF_PAGE), first = draw(N_TERMS); i < n; i++)
			ids[n_ids++] = (first + i) % N_TERMS;
	}
	start[N_SLOTS] = n_ids;
	catalog->n_slots = N_SLOTS;
	catalog->flags = flags;
	catalog->published = published;
	catalog->lang = lang;
	catalog->section = section;
	catalog->term_start = start;
	catalog->term_ids = ids;
}

static Str *some_names(const char *what, uint32_t n, Arena *arena)
{
	Str *names = arena_new_n(arena, Str, n);

	for (uint32_t i = 0; i < n; i++)
		names[i] = arena_printf(arena, "%s-%03u", what, i);
	return names;
}

static void fill_names(Catalog *catalog, Arena *arena)
{
	Str *terms = some_names("term", N_TERMS, arena);

	catalog->langs = some_names("lang", catalog->n_langs = 2, arena);
	catalog->sections = some_names("section", catalog->n_sections = N_SECTIONS, arena);
	catalog->facets = arena_new_n(arena, CatalogFacet, catalog->n_facets = 2);
	catalog->facets[0] = (CatalogFacet){ STR("series"), STR("series"), 0, N_SERIES };
	catalog->facets[1] = (CatalogFacet){ STR("tag"), STR("tags"), N_SERIES, N_TAGS };
	catalog->terms = arena_new_n(arena, CatalogTerm, catalog->n_terms = N_TERMS);
	for (uint32_t t = 0; t < N_TERMS; t++)
		catalog->terms[t] = (CatalogTerm){ .facet = t >= N_SERIES, .slug = terms[t], .name = terms[t] };
}

static bool has_term(const Catalog *catalog, uint32_t page, uint32_t term)
{
	for (uint32_t i = catalog->term_start[page]; i < catalog->term_start[page + 1]; i++)
		if (catalog->term_ids[i] == term)
			return true;
	return false;
}

/* By the value's name: what a page's date begins with, its section, its language. */
static bool has_value(const FacetTable *table, uint32_t page, Str facet, uint32_t value)
{
	const Catalog *catalog = table->catalog;
	Str name = facet_table_value(table, value).name;
	char date[TIME_TEXT_SIZE];

	if (value < catalog->n_terms)
		return has_term(catalog, page, value);
	if (str_equal(facet, STR("section")))
		return str_equal(catalog->sections[catalog->section[page]], name);
	if (str_equal(facet, STR("lang")))
		return str_equal(catalog->langs[catalog->lang[page]], name);
	return catalog->published[page] != TIME_NONE &&
	       str_starts_with(str_from_c(time_to_rfc3339(catalog->published[page], date)), name);
}

static void check_counts(const FacetTable *table, PageSet set, const uint32_t *counts)
{
	for (uint32_t f = 0; f < table->n_facets; f++) {
		const FacetRange *facet = &table->facets[f];

		for (uint32_t value = facet->first; value < facet->first + facet->n; value++) {
			uint32_t n = 0;

			for (uint32_t page = 0; page_set_next(set, &page); page++)
				n += has_value(table, page, facet->name, value);
			if (n != counts[value])
				fail_msg("%.*s, value %u: %u pages, %u were counted", STR_ARG(facet->name), value, n, counts[value]);
		}
	}
}

static PageSet some_pages(const Catalog *catalog, uint32_t one_of, Arena *arena)
{
	PageSet set = page_set_new(N_SLOTS, arena);

	for (uint32_t page = 1; page < N_SLOTS; page++)
		if ((catalog->flags[page] & CATALOG_PRESENT) && !draw(one_of))
			page_set_add(set, page);
	return set;
}

TEST(search_facet_table__counts_of_few_many_and_all_pages_are_right)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Catalog catalog = { 0 };
	FacetTable table;

	seed = 20081208;
	fill_pages(&catalog, &arena);
	fill_names(&catalog, &arena);
	facet_table_make(&table, &catalog, &arena);
	check_counts(&table, table.all, table.totals);
	assert_int_equal(page_set_count(table.all), catalog.n_pages);
	for (uint32_t one_of = 1; one_of < 40; one_of = one_of * 3 / 2 + 1) {
		PageSet most = page_set_copy(table.all, &arena), few = some_pages(&catalog, one_of, &arena);

		page_set_and_not(most, few); /* counted by what it lacks */
		check_counts(&table, few, facet_table_count(&table, few, true, &arena));
		check_counts(&table, most, facet_table_count(&table, most, true, &arena));
	}
}

TEST(search_facet_table__terms_are_counted_the_same_without_the_derived_facets)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Catalog catalog = { 0 };
	FacetTable table;

	seed = 77;
	fill_pages(&catalog, &arena);
	fill_names(&catalog, &arena);
	facet_table_make(&table, &catalog, &arena);
	for (uint32_t one_of = 1; one_of < 12; one_of += 5) {
		PageSet set = some_pages(&catalog, one_of, &arena);
		uint32_t *all = facet_table_count(&table, set, true, &arena);

		assert_memory_equal(facet_table_count(&table, set, false, &arena), all, catalog.n_terms * sizeof(uint32_t));
	}
}

TEST(search_facet_table__ranks_are_the_order_of_names_and_then_of_slugs)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Catalog catalog = { 0 };
	FacetTable table;
	FacetRanks ranks;

	seed = 5;
	fill_pages(&catalog, &arena);
	fill_names(&catalog, &arena);
	/* In the order of slugs, as catalogs are, names are in none. */
	for (uint32_t term = 0; term < N_TERMS; term++)
		catalog.terms[term].name = arena_printf(&arena, "n%u", draw(N_TERMS / 2));
	facet_table_make(&table, &catalog, &arena);
	ranks = facet_table_rank(&table, &arena);
	for (uint32_t i = 0; i < table.n_values; i++) {
		ValueName value = facet_table_value(&table, ranks.value[i]), before;

		assert_int_equal(ranks.rank[ranks.value[i]], i);
		if (!i)
			continue;
		before = facet_table_value(&table, ranks.value[i - 1]);
		assert_true(str_compare(before.name, value.name) < 0 ||
		            (str_equal(before.name, value.name) && str_compare(before.slug, value.slug) <= 0));
	}
}

TEST(search_facet_table__facets_are_found_by_their_singular_names)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Catalog catalog = { 0 };
	FacetTable table;

	seed = 4;
	fill_pages(&catalog, &arena);
	fill_names(&catalog, &arena);
	facet_table_make(&table, &catalog, &arena);
	assert_str(table.facets[facet_table_find(&table, STR("tag"))].plural, "tags");
	assert_true(facet_table_find(&table, STR("month")) >= 2);
	assert_int_equal(facet_table_find(&table, STR("tags")), -1);
}

RUN_TESTS(search_facet_table, UNIT(search_facet_table__counts_of_few_many_and_all_pages_are_right),
          UNIT(search_facet_table__terms_are_counted_the_same_without_the_derived_facets),
          UNIT(search_facet_table__ranks_are_the_order_of_names_and_then_of_slugs),
          UNIT(search_facet_table__facets_are_found_by_their_singular_names))
