/* blogsearch stats: what an index holds and what that takes. */
#include "command.h"

#include <stdlib.h>

#include "blogsearch/clock.h"
#include "blogsearch/json.h"
#include "blogsearch/store_check.h"
#include "blogsearch/store_read.h"
#include "blogsearch/vec.h"
#include "blogsearch/vocabulary.h"

#define WORDS_SHOWN  20
#define VALUES_SHOWN 5 /* of a facet */

const Option stats_options[] = { { 0 } };

typedef struct Counted {
	Str name;
	uint64_t n_pages;
} Counted;

typedef VEC(Counted) CountedList;

typedef struct FacetStats {
	Str name;
	uint32_t n_values;
	Counted *values; /* of most pages, first */
	size_t n_shown;
} FacetStats;

typedef struct Stats {
	Catalog catalog;
	StoreSizes sizes;
	uint64_t n_places; /* words of all fields */
	uint64_t n_words;  /* different ones */
	Counted *words;    /* on most pages, stop words aside */
	size_t n_words_shown;
	Counted *langs;
	FacetStats *facets;
	Arena arena;
} Stats;

static void stats_deinit(Stats *stats)
{
	catalog_deinit(&stats->catalog);
	arena_deinit(&stats->arena);
}

/* --- Counting ------------------------------------------------------------------------------------ */

static int compare_counted(const void *a, const void *b)
{
	const Counted *x = a, *y = b;

	if (x->n_pages != y->n_pages)
		return x->n_pages > y->n_pages ? -1 : 1;
	return str_compare(x->name, y->name);
}

/* The first @n by number of pages, in the arena. */
static size_t take_most(Stats *stats, CountedList *list, size_t n, Counted **ret_most)
{
	if (list->n)
		qsort(list->items, list->n, sizeof(Counted), compare_counted);
	n = list->n < n ? list->n : n;
	*ret_most = arena_new_n(&stats->arena, Counted, n);
	if (n)
		memcpy(*ret_most, list->items, n * sizeof(Counted));
	vec_deinit(list);
	return n;
}

/* Words of one or two letters and those on half of all pages tell nothing of a site. */
static bool is_telling(Str word, uint64_t n_pages, uint32_t n_all)
{
	return word.len > 2 && n_pages * 2 <= (n_all > 1 ? n_all : 2);
}

static bool count_words(Stats *stats, StoreReader *reader, Error *err)
{
	VocabularyCursor cursor;
	CountedList words = { 0 };
	Str vocabulary;

	if (!store_load_vocabulary(reader, &vocabulary, err))
		return false;
	vocabulary_begin(&cursor, vocabulary);
	for (; vocabulary_next(&cursor); stats->n_words++)
		if (is_telling(vocabulary_word(&cursor), cursor.n_pages, stats->catalog.n_pages))
			vec_push(&words, (Counted){ arena_str_dup(&stats->arena, vocabulary_word(&cursor)), cursor.n_pages });
	stats->n_words_shown = take_most(stats, &words, WORDS_SHOWN, &stats->words);
	free((char *)vocabulary.data);
	return true;
}

static uint32_t *count_terms(const Catalog *catalog)
{
	uint32_t *counts = xnew0_n(uint32_t, catalog->n_terms + 1);

	for (uint32_t i = 0; i < catalog->term_start[catalog->n_slots]; i++)
		counts[catalog->term_ids[i]]++;
	return counts;
}

static void count_facets(Stats *stats)
{
	const Catalog *catalog = &stats->catalog;
	CLEANUP(free_ptr) uint32_t *counts = count_terms(catalog);

	stats->facets = arena_new_n(&stats->arena, FacetStats, catalog->n_facets);
	for (uint32_t f = 0; f < catalog->n_facets; f++) {
		const CatalogFacet *facet = &catalog->facets[f];
		CountedList values = { 0 };

		for (uint32_t t = facet->first_term; t < facet->first_term + facet->n_terms; t++)
			vec_push(&values, (Counted){ catalog->terms[t].name, counts[t] });
		stats->facets[f] = (FacetStats){ .name = facet->name, .n_values = facet->n_terms };
		stats->facets[f].n_shown = take_most(stats, &values, VALUES_SHOWN, &stats->facets[f].values);
	}
}

static void count_langs(Stats *stats)
{
	const Catalog *catalog = &stats->catalog;

	stats->langs = arena_new_n(&stats->arena, Counted, catalog->n_langs);
	for (uint32_t i = 0; i < catalog->n_langs; i++)
		stats->langs[i].name = catalog->langs[i];
	for (uint32_t page = 1; page < catalog->n_slots; page++)
		if (catalog->flags[page] & CATALOG_PRESENT)
			stats->langs[catalog->lang[page]].n_pages++;
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		stats->n_places += catalog->length_sum[field];
}

static bool count_all(const char *path, Stats *stats, Error *err)
{
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;

	if (!store_reader_open(path, &reader, err) || !store_load_catalog(reader, &stats->catalog, err) ||
	    !store_measure(path, &stats->sizes, err) || !count_words(stats, reader, err))
		return false;
	count_facets(stats);
	count_langs(stats);
	return true;
}

/* --- Printing ------------------------------------------------------------------------------------- */

static void append_counted(Buf *out, const Counted *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_append_c(out, i ? ", " : " ");
		buf_append_escaped(out, list[i].name);
		buf_printf(out, " %llu", (unsigned long long)list[i].n_pages);
	}
	buf_append_char(out, '\n');
}

static void append_sizes(Buf *out, const StoreSizes *sizes)
{
	buf_printf(out, "%llu bytes", (unsigned long long)sizes->n_file_bytes);
	if (sizes->n_source_bytes)
		buf_printf(out, ", %.2f of their sources", (double)sizes->n_file_bytes / (double)sizes->n_source_bytes);
	buf_append_char(out, '\n');
	for (StorePart part = 0; part < N_STORE_PARTS; part++)
		if (sizes->n_bytes[part])
			buf_printf(out, "  %-10.*s %10llu  %4.1f %%\n", STR_ARG(store_part_name(part)),
			           (unsigned long long)sizes->n_bytes[part],
			           100.0 * (double)sizes->n_bytes[part] / (double)sizes->n_file_bytes);
}

static void append_text(const Stats *stats, const char *path, Buf *out)
{
	char built[TIME_TEXT_SIZE];

	buf_append_escaped(out, str_from_c(path));
	buf_printf(out, "\n%u pages, %llu words, %llu different ones\nbuilt %s, generation %llu, %u segment%s\n",
	           stats->catalog.n_pages, (unsigned long long)stats->n_places, (unsigned long long)stats->n_words,
	           time_to_rfc3339(stats->catalog.built_at, built), (unsigned long long)stats->catalog.generation,
	           stats->sizes.n_segments, stats->sizes.n_segments == 1 ? "" : "s");
	append_sizes(out, &stats->sizes);
	buf_append_c(out, "languages:");
	append_counted(out, stats->langs, stats->catalog.n_langs);
	for (uint32_t f = 0; f < stats->catalog.n_facets; f++) {
		buf_append_escaped(out, stats->facets[f].name);
		buf_printf(out, " (%u):", stats->facets[f].n_values);
		append_counted(out, stats->facets[f].values, stats->facets[f].n_shown);
	}
	buf_append_c(out, "words:");
	append_counted(out, stats->words, stats->n_words_shown);
}

static void put_uint(JsonWriter *json, const char *name, uint64_t number)
{
	json_key(json, str_from_c(name));
	json_uint(json, number);
}

static void put_counted(JsonWriter *json, const char *key, const Counted *list, size_t n)
{
	json_key(json, str_from_c(key));
	json_begin_array(json);
	for (size_t i = 0; i < n; i++) {
		json_begin_object(json);
		json_key(json, STR("name"));
		json_string(json, list[i].name);
		put_uint(json, "pages", list[i].n_pages);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_parts(JsonWriter *json, const StoreSizes *sizes)
{
	json_key(json, STR("bytes"));
	json_begin_object(json);
	put_uint(json, "file", sizes->n_file_bytes);
	put_uint(json, "sources_read", sizes->n_source_bytes);
	for (StorePart part = 0; part < N_STORE_PARTS; part++) {
		json_key(json, store_part_name(part));
		json_uint(json, sizes->n_bytes[part]);
	}
	json_end_object(json);
}

static void put_facets(JsonWriter *json, const Stats *stats)
{
	json_key(json, STR("facets"));
	json_begin_array(json);
	for (uint32_t f = 0; f < stats->catalog.n_facets; f++) {
		json_begin_object(json);
		json_key(json, STR("name"));
		json_string(json, stats->facets[f].name);
		put_uint(json, "n_values", stats->facets[f].n_values);
		put_counted(json, "values", stats->facets[f].values, stats->facets[f].n_shown);
		json_end_object(json);
	}
	json_end_array(json);
}

static void append_json(const Stats *stats, Buf *out)
{
	JsonWriter json = json_writer(out);
	char built[TIME_TEXT_SIZE];

	json_begin_object(&json);
	put_uint(&json, "pages", stats->catalog.n_pages);
	put_uint(&json, "words", stats->n_places);
	put_uint(&json, "different_words", stats->n_words);
	json_key(&json, STR("built"));
	json_string(&json, str_from_c(time_to_rfc3339(stats->catalog.built_at, built)));
	put_uint(&json, "generation", stats->catalog.generation);
	put_uint(&json, "segments", stats->sizes.n_segments);
	put_parts(&json, &stats->sizes);
	put_counted(&json, "languages", stats->langs, stats->catalog.n_langs);
	put_facets(&json, stats);
	put_counted(&json, "frequent_words", stats->words, stats->n_words_shown);
	json_end_object(&json);
	buf_append_char(out, '\n');
}

int cmd_stats(Context *context, Error *err)
{
	CLEANUP(stats_deinit) Stats stats = { .arena = ARENA_INIT };
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	if (!count_all(context->index, &stats, err))
		return -1;
	if (context->output.is_json)
		append_json(&stats, &out);
	else
		append_text(&stats, context->index, &out);
	return output_write(buf_str(&out), err) ? 0 : -1;
}
