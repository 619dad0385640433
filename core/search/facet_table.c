/* See facet_table.h. */
#include "facet_table.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"

/* What a derived facet is made of before its values get their place in the row. */
typedef struct Derived {
	const Str *names;
	uint32_t n;
	uint16_t *of_page;
} Derived;

static const struct FacetNamesOf {
	Str name, plural;
} names_of[N_DERIVED_FACETS] = {
	[DERIVED_SECTION] = { STR_INIT("section"), STR_INIT("sections") },
	[DERIVED_LANG] = { STR_INIT("lang"), STR_INIT("langs") },
	[DERIVED_YEAR] = { STR_INIT("year"), STR_INIT("years") },
	[DERIVED_MONTH] = { STR_INIT("month"), STR_INIT("months") },
};

static bool is_present(const Catalog *catalog, uint32_t page)
{
	return catalog->flags[page] & CATALOG_PRESENT;
}

/* --- Sections and languages: the catalog's names ----------------------------------------------- */

/* Pages of the root have no section: the empty name is none. */
static Derived derive_names(const Catalog *catalog, const Str *names, uint32_t n, const uint16_t *of_page, Arena *arena)
{
	Derived derived = { .names = names, .n = n, .of_page = arena_new_n(arena, uint16_t, catalog->n_slots) };

	for (uint32_t page = 0; page < catalog->n_slots; page++)
		derived.of_page[page] =
			is_present(catalog, page) && names[of_page[page]].len ? of_page[page] : DERIVED_NONE;
	return derived;
}

/* --- Years and months ----------------------------------------------------------------------------- */

#define N_MONTHS (10000 * 12) /* of the years that YYYY can say */

/* Months since the year 0 by page; -1: none. */
static int32_t *months_of_pages(const Catalog *catalog)
{
	int32_t *months = xnew_n(int32_t, catalog->n_slots);

	for (uint32_t page = 0; page < catalog->n_slots; page++) {
		CivilTime civil = { .year = -1 };

		if (is_present(catalog, page) && catalog->published[page] != TIME_NONE)
			civil = time_to_civil(catalog->published[page]);
		months[page] = civil.year >= 0 && civil.year < N_MONTHS / 12
		                       ? (int32_t)civil.year * 12 + (int32_t)civil.month - 1
		                       : -1;
	}
	return months;
}

static Str name_of_time(int32_t month, bool by_year, Arena *arena)
{
	return by_year ? arena_printf(arena, "%04d", (int)(month / 12))
	               : arena_printf(arena, "%04d-%02d", (int)(month / 12), (int)(month % 12) + 1);
}

/* Numbers the years or months that pages have, in order of time. Looks at no others: most of @number is never touched. */
static Derived derive_times(const int32_t *months, uint32_t n_slots, bool by_year, Arena *arena)
{
	CLEANUP(free_ptr) uint16_t *number = xnew0_n(uint16_t, N_MONTHS); /* by the time's first month; 0: no page */
	Derived derived = { .of_page = arena_new_n(arena, uint16_t, n_slots) };
	int32_t first = N_MONTHS, end = 0;
	Str *names;

	for (uint32_t page = 0; page < n_slots; page++) {
		int32_t month = by_year ? months[page] / 12 * 12 : months[page];

		if (months[page] < 0)
			continue;
		number[month] = 1;
		first = month < first ? month : first;
		end = month + 1 > end ? month + 1 : end;
	}
	for (int32_t month = first; month < end; month++)
		derived.n += number[month];
	names = arena_new_n(arena, Str, derived.n);
	derived.n = 0;
	for (int32_t month = first; month < end; month++)
		if (number[month] && derived.n < DERIVED_NONE) {
			names[derived.n] = name_of_time(month, by_year, arena);
			number[month] = (uint16_t)derived.n++;
		}
	for (uint32_t page = 0; page < n_slots; page++)
		derived.of_page[page] =
			months[page] < 0 ? DERIVED_NONE : number[by_year ? months[page] / 12 * 12 : months[page]];
	derived.names = names;
	return derived;
}

/* --- Counting ---------------------------------------------------------------------------------------- */

static void count_terms(const FacetTable *table, PageSet set, uint32_t *counts)
{
	const Catalog *catalog = table->catalog;

	for (uint32_t page = 0; page_set_next(set, &page); page++)
		for (uint32_t i = catalog->term_start[page]; i < catalog->term_start[page + 1]; i++)
			counts[catalog->term_ids[i]]++;
}

static void count_derived(const FacetTable *table, PageSet set, uint32_t *counts)
{
	const FacetRange *derived = table->facets + table->catalog->n_facets;

	for (uint32_t page = 0; page_set_next(set, &page); page++)
		for (unsigned d = 0; d < N_DERIVED_FACETS; d++)
			if (table->derived[d][page] != DERIVED_NONE)
				counts[derived[d].first + table->derived[d][page]]++;
}

static void count_pages(const FacetTable *table, PageSet set, bool with_derived, uint32_t *counts)
{
	count_terms(table, set, counts);
	if (with_derived)
		count_derived(table, set, counts);
}

/* A set of most pages is counted by what it lacks, since what all pages have is known: never more than half is looked at. */
uint32_t *facet_table_count(const FacetTable *table, PageSet set, bool with_derived, Arena *arena)
{
	uint32_t *counts = arena_new_n(arena, uint32_t, table->n_values);
	PageSet rest;

	if (page_set_count(set) <= table->catalog->n_pages / 2) {
		count_pages(table, set, with_derived, counts);
		return counts;
	}
	rest = page_set_copy(table->all, arena);
	page_set_and_not(rest, set);
	count_pages(table, rest, with_derived, counts);
	for (uint32_t value = 0; value < table->n_values; value++)
		counts[value] = table->totals[value] - counts[value];
	return counts;
}

/* --- Order of names ------------------------------------------------------------------------------------ */

static int compare_names(const void *a, const void *b, void *context)
{
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	ValueName x = facet_table_value(context, i), y = facet_table_value(context, j);
	int order = str_compare(x.name, y.name);

	order = order ? order : str_compare(x.slug, y.slug);
	return order ? order : (i > j) - (i < j);
}

FacetRanks facet_table_rank(const FacetTable *table, Arena *arena)
{
	FacetRanks ranks = { arena_new_n(arena, uint32_t, table->n_values), arena_new_n(arena, uint32_t, table->n_values) };

	for (uint32_t value = 0; value < table->n_values; value++)
		ranks.value[value] = value;
	if (table->n_values)
		qsort_r(ranks.value, table->n_values, sizeof(uint32_t), compare_names, (void *)table);
	for (uint32_t i = 0; i < table->n_values; i++)
		ranks.rank[ranks.value[i]] = i;
	return ranks;
}

/* --- Making ------------------------------------------------------------------------------------------- */

static void place_terms(FacetTable *table)
{
	const Catalog *catalog = table->catalog;

	for (; table->n_facets < catalog->n_facets; table->n_facets++) {
		const CatalogFacet *facet = &catalog->facets[table->n_facets];

		table->facets[table->n_facets] =
			(FacetRange){ facet->name, facet->plural, facet->first_term, facet->n_terms };
	}
	table->n_values = catalog->n_terms;
}

static void place_derived(FacetTable *table, const Derived derived[N_DERIVED_FACETS], Arena *arena)
{
	uint32_t n = 0;

	for (unsigned d = 0; d < N_DERIVED_FACETS; d++)
		n += derived[d].n;
	table->derived_names = arena_new_n(arena, Str, n);
	for (unsigned d = 0; d < N_DERIVED_FACETS; d++) {
		table->facets[table->n_facets++] =
			(FacetRange){ names_of[d].name, names_of[d].plural, table->n_values, derived[d].n };
		if (derived[d].n)
			memcpy(table->derived_names + (table->n_values - table->catalog->n_terms), derived[d].names,
			       derived[d].n * sizeof(Str));
		table->derived[d] = derived[d].of_page;
		table->n_values += derived[d].n;
	}
}

void facet_table_make(FacetTable *table, const Catalog *catalog, Arena *arena)
{
	CLEANUP(free_ptr) int32_t *months = months_of_pages(catalog);
	Derived derived[N_DERIVED_FACETS] = {
		[DERIVED_SECTION] = derive_names(catalog, catalog->sections, catalog->n_sections, catalog->section, arena),
		[DERIVED_LANG] = derive_names(catalog, catalog->langs, catalog->n_langs, catalog->lang, arena),
		[DERIVED_YEAR] = derive_times(months, catalog->n_slots, true, arena),
		[DERIVED_MONTH] = derive_times(months, catalog->n_slots, false, arena),
	};

	*table = (FacetTable){ .catalog = catalog,
		               .facets = arena_new_n(arena, FacetRange, (size_t)catalog->n_facets + N_DERIVED_FACETS) };
	place_terms(table);
	place_derived(table, derived, arena);
	table->all = page_set_new(catalog->n_slots, arena);
	for (uint32_t page = 1; page < catalog->n_slots; page++)
		if (is_present(catalog, page))
			page_set_add(table->all, page);
	table->totals = arena_new_n(arena, uint32_t, table->n_values);
	count_pages(table, table->all, true, table->totals);
}

/* --- Asking -------------------------------------------------------------------------------------------- */

int facet_table_find(const FacetTable *table, Str name)
{
	for (uint32_t f = 0; f < table->n_facets; f++)
		if (str_equal(table->facets[f].name, name))
			return (int)f;
	return -1;
}

ValueName facet_table_value(const FacetTable *table, uint32_t value)
{
	const Catalog *catalog = table->catalog;

	if (value < catalog->n_terms)
		return (ValueName){ catalog->terms[value].name, catalog->terms[value].slug, catalog->terms[value].url };
	return (ValueName){ table->derived_names[value - catalog->n_terms],
		            table->derived_names[value - catalog->n_terms], STR_EMPTY };
}
