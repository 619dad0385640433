/* Loading the catalog: bytes checked against their hash and bounds, then used where they lie. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"
#include "blogsearch/vec.h"
#include "catalog_format.h"
#include "database.h"
#include "meta.h"
#include "reader.h"

static bool damaged(StoreReader *reader, Error *err)
{
	return error_damaged(err, reader_path(reader), "the catalog is damaged");
}

/* Has the system find memory for all of it at once: one page after the other, at first touch, takes several times as long. */
static void expect_writing(char *bytes, size_t n)
{
#ifdef MADV_POPULATE_WRITE
	size_t page = (size_t)sysconf(_SC_PAGESIZE), skipped = -(uintptr_t)bytes & (page - 1);

	if (n >= skipped + page)
		(void)madvise(bytes + skipped, (n - skipped) & ~(page - 1), MADV_POPULATE_WRITE);
#else
	(void)bytes, (void)n;
#endif
}

/*
 * As a blob's handle reads: from the file's pages to where it is kept. These are read rather than mapped: all of them
 * are needed once, and a page that is touched first in a mapping costs more than reading it.
 */
static bool copy_part(StoreReader *reader, int64_t row, uint64_t hash, char **ret_bytes, size_t *ret_n, Error *err)
{
	sqlite3 *db = reader_database(reader);
	sqlite3_blob *blob = NULL;
	CLEANUP(free_ptr) char *bytes = NULL;
	size_t n = 0;
	bool is_read;

	if (!database_map(db, false, reader_path(reader), err))
		return false;
	is_read = sqlite3_blob_open(db, "main", "catalog", "bytes", row, 0, &blob) == SQLITE_OK;
	if (is_read) {
		n = (size_t)sqlite3_blob_bytes(blob);
		bytes = xmalloc(n + 1); /* aligned, as the arrays want it */
		expect_writing(bytes, n);
		is_read = sqlite3_blob_read(blob, bytes, (int)n, 0) == SQLITE_OK;
	}
	sqlite3_blob_close(blob);
	if (!is_read)
		return database_error(err, db, reader_path(reader));
	if (!database_map(db, true, reader_path(reader), err))
		return false;
	if (hash_bytes((Str){ bytes, n }) != hash)
		return damaged(reader, err);
	*ret_bytes = TAKE(bytes);
	*ret_n = n;
	return true;
}

bool reader_catalog_part(StoreReader *reader, const char *part, char **ret_bytes, size_t *ret_n, Error *err)
{
	sqlite3 *db = reader_database(reader);
	sqlite3_stmt *stmt = NULL;
	int status = SQLITE_ERROR;
	int64_t row = 0;
	uint64_t hash = 0;

	if (sqlite3_prepare_v2(db, "SELECT rowid, hash FROM catalog WHERE part = ?1", -1, &stmt, NULL) == SQLITE_OK) {
		bind_str(stmt, 1, str_from_c(part));
		status = sqlite3_step(stmt);
	}
	if (status == SQLITE_ROW) {
		row = sqlite3_column_int64(stmt, 0);
		hash = (uint64_t)sqlite3_column_int64(stmt, 1);
	} else if (status == SQLITE_DONE) {
		damaged(reader, err);
	} else {
		database_error(err, db, reader_path(reader));
	}
	sqlite3_finalize(stmt);
	return status == SQLITE_ROW && copy_part(reader, row, hash, ret_bytes, ret_n, err);
}

/* --- Part 'pages' ----------------------------------------------------------------------- */

static bool next_str(Str *rest, Str *ret_str)
{
	uint64_t n;

	if (!varint_next(rest, &n) || n > rest->len)
		return false;
	*ret_str = str_slice(*rest, 0, n);
	*rest = str_from(*rest, n);
	return true;
}

static Str *next_names(Str *rest, uint32_t n, Arena *arena)
{
	Str *names = n <= rest->len ? arena_new_n(arena, Str, n) : NULL;

	for (uint32_t i = 0; names && i < n; i++)
		if (!next_str(rest, &names[i]))
			return NULL;
	return names;
}

/* Points the arrays into @bytes; false where these are too short. */
static bool place_arrays(Catalog *catalog, const CatalogHeader *header, Str bytes, Str *ret_rest)
{
	size_t at = CATALOG_ALIGN(sizeof(*header)), n_bytes = at;
	const uint32_t *lengths;

#define ADD_BYTES(name, type, n) n_bytes += CATALOG_ALIGN((n) * sizeof(type));
	CATALOG_ARRAYS(ADD_BYTES, header)
#undef ADD_BYTES
	if (n_bytes > bytes.len)
		return false;
#define PLACE_ARRAY(name, type, n)                                      \
	const type *name##_ = (const type *)(const void *)(bytes.data + at); \
	at += CATALOG_ALIGN((n) * sizeof(type));
	CATALOG_ARRAYS(PLACE_ARRAY, header)
#undef PLACE_ARRAY
	lengths = lengths_;
	catalog->published = published_;
	catalog->updated = updated_;
	catalog->boost = boost_;
	catalog->series_order = series_order_;
	catalog->title_rank = title_rank_;
	catalog->file_rank = file_rank_;
	catalog->url_hash = url_hash_;
	catalog->term_start = term_start_;
	catalog->term_ids = term_ids_;
	catalog->lang = lang_;
	catalog->section = section_;
	catalog->flags = flags_;
	catalog->kind = kind_;
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		catalog->lengths[field] = lengths + (size_t)field * header->n_slots;
	*ret_rest = str_from(bytes, at);
	return true;
}

/* Numbers that other arrays are indexed by must lie within these: the hash tells of accidents, not of malice. */
static bool numbers_are_valid(const Catalog *catalog, const CatalogHeader *header)
{
	if (catalog->term_start[0] != 0 || catalog->term_start[header->n_slots] != header->n_term_ids)
		return false;
	for (uint32_t id = 0; id < header->n_slots; id++)
		if (catalog->term_start[id] > catalog->term_start[id + 1] ||
		    ((catalog->flags[id] & CATALOG_PRESENT) && (catalog->lang[id] >= header->n_langs ||
		                                                catalog->section[id] >= header->n_sections)))
			return false;
	for (uint32_t i = 0; i < header->n_term_ids; i++)
		if (catalog->term_ids[i] >= catalog->n_terms)
			return false;
	return true;
}

static bool parse_pages(Catalog *catalog, Str bytes)
{
	CatalogHeader header;
	Str rest;

	if (bytes.len < sizeof(header))
		return false;
	memcpy(&header, bytes.data, sizeof(header));
	if (header.magic != CATALOG_MAGIC || !header.n_slots || !place_arrays(catalog, &header, bytes, &rest))
		return false;
	catalog->n_slots = header.n_slots;
	catalog->n_pages = header.n_pages;
	memcpy(catalog->length_sum, header.length_sum, sizeof(catalog->length_sum));
	catalog->langs = next_names(&rest, catalog->n_langs = header.n_langs, &catalog->arena);
	catalog->sections = next_names(&rest, catalog->n_sections = header.n_sections, &catalog->arena);
	return catalog->langs && catalog->sections && numbers_are_valid(catalog, &header);
}

/* --- Part 'terms' ----------------------------------------------------------------------- */

typedef VEC(CatalogTerm) CatalogTerms;

/* The term in languages other than that of its first row. */
static bool next_others(Str *rest, CatalogTerm *term, Arena *arena)
{
	uint64_t n;

	if (!varint_next(rest, &n) || n > rest->len)
		return false;
	term->others = n ? arena_new_n(arena, CatalogTermLang, n) : NULL;
	term->n_others = (uint32_t)n;
	for (uint64_t i = 0; i < n; i++)
		if (!next_str(rest, &term->others[i].lang) || !next_str(rest, &term->others[i].name) ||
		    !next_str(rest, &term->others[i].url))
			return false;
	return true;
}

static bool next_facet(Str *rest, CatalogFacet *facet, uint32_t number, CatalogTerms *terms, Arena *arena)
{
	uint64_t n;

	if (!next_str(rest, &facet->name) || !next_str(rest, &facet->plural) || !varint_next(rest, &n) || n > rest->len)
		return false;
	facet->first_term = (uint32_t)terms->n;
	facet->n_terms = (uint32_t)n;
	for (uint64_t i = 0; i < n; i++) {
		CatalogTerm term = { .facet = number };

		if (!next_str(rest, &term.slug) || !next_str(rest, &term.name) || !next_str(rest, &term.url) ||
		    !next_others(rest, &term, arena))
			return false;
		vec_push(terms, term);
	}
	return true;
}

static bool parse_terms(Catalog *catalog, Str bytes)
{
	CatalogTerms terms = { 0 };
	uint64_t n_facets;
	bool is_valid = varint_next(&bytes, &n_facets) && n_facets <= bytes.len;

	if (is_valid) {
		catalog->n_facets = (uint32_t)n_facets;
		catalog->facets = arena_new_n(&catalog->arena, CatalogFacet, n_facets);
	}
	for (uint32_t i = 0; is_valid && i < n_facets; i++)
		is_valid = next_facet(&bytes, &catalog->facets[i], i, &terms, &catalog->arena);
	catalog->n_terms = (uint32_t)terms.n;
	catalog->terms = arena_new_n(&catalog->arena, CatalogTerm, terms.n);
	if (terms.n)
		memcpy(catalog->terms, terms.items, terms.n * sizeof(CatalogTerm));
	vec_deinit(&terms);
	return is_valid;
}

/* --- All of it ---------------------------------------------------------------------------- */

static bool read_meta_text(StoreReader *reader, const char *key, Arena *arena, Str *ret_text, Error *err)
{
	sqlite3 *db = reader_database(reader);
	sqlite3_stmt *stmt = NULL;
	int status = SQLITE_ERROR;

	if (sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE key = ?1", -1, &stmt, NULL) == SQLITE_OK) {
		bind_str(stmt, 1, str_from_c(key));
		status = sqlite3_step(stmt);
		if (status == SQLITE_ROW)
			*ret_text = arena_str_dup(arena, column_str(stmt, 0));
	}
	sqlite3_finalize(stmt);
	return status == SQLITE_ROW || status == SQLITE_DONE || database_error(err, db, reader_path(reader));
}

static bool read_site(StoreReader *reader, Catalog *catalog, Error *err)
{
	uint64_t built_at;

	if (!reader_meta_int(reader, META_GENERATION, &catalog->generation, err) ||
	    !reader_meta_int(reader, META_BUILT_AT, &built_at, err))
		return false;
	catalog->built_at = (int64_t)built_at;
	return read_meta_text(reader, META_SITE_TITLE, &catalog->arena, &catalog->site_title, err) &&
	       read_meta_text(reader, META_BASE_URL, &catalog->arena, &catalog->base_url, err) &&
	       read_meta_text(reader, META_DEFAULT_LANG, &catalog->arena, &catalog->default_lang, err);
}

bool store_load_catalog(StoreReader *reader, Catalog *ret_catalog, Error *err)
{
	CLEANUP(catalog_deinit) Catalog catalog = { 0 };
	CLEANUP(free_ptr) char *terms = NULL;
	char *pages;
	size_t n_pages, n_terms;
	Str kept;

	if (!reader_catalog_part(reader, CATALOG_PART_TERMS, &terms, &n_terms, err))
		return false;
	kept = arena_str_dup(&catalog.arena, (Str){ terms, n_terms });
	if (!reader_catalog_part(reader, CATALOG_PART_PAGES, &pages, &n_pages, err))
		return false;
	catalog.memory = pages;
	if (!parse_terms(&catalog, kept) || !parse_pages(&catalog, (Str){ pages, n_pages }))
		return damaged(reader, err);
	if (!read_site(reader, &catalog, err))
		return false;
	*ret_catalog = catalog;
	catalog = (Catalog){ 0 };
	return true;
}

CatalogTermLang catalog_term_in(const CatalogTerm *term, Str lang)
{
	for (uint32_t i = 0; i < term->n_others; i++)
		if (str_equal(term->others[i].lang, lang))
			return term->others[i];
	return (CatalogTermLang){ lang, term->name, term->url };
}

uint32_t catalog_url_hash(Str relurl)
{
	while (relurl.len > 1 && relurl.data[relurl.len - 1] == '/')
		relurl.len--;
	return (uint32_t)hash_bytes(relurl);
}

void catalog_deinit(Catalog *catalog)
{
	free(catalog->memory);
	arena_deinit(&catalog->arena);
	*catalog = (Catalog){ 0 };
}
