/* Facets and terms of the pages, while an index is being written. */
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "database.h"
#include "writer.h"

/* --- Facets ---------------------------------------------------------------------------- */

static bool run_for_facet(StoreWriter *writer, WriterStatement which, Str name, Str plural, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[which];

	bind_str(stmt, 1, name);
	bind_str(stmt, 2, plural);
	return statement_run(stmt, writer->working, err);
}

/* Its plural's name is set, and where it is missing it is made. */
static bool put_facet(StoreWriter *writer, Str name, Str plural, Error *err)
{
	return run_for_facet(writer, WRITE_FACET_SET, name, plural, err) &&
	       (sqlite3_changes(writer->db) > 0 || run_for_facet(writer, WRITE_FACET_ADD, name, plural, err));
}

static bool site_has_facet(const StoreWriter *writer, Str name)
{
	for (size_t i = 0; i < writer->n_facets; i++)
		if (str_equal(writer->facets[i].name, name))
			return true;
	return false;
}

bool write_facets(StoreWriter *writer, Error *err)
{
	/* Facets that the API has always, whether or not the site declares them as taxonomies. */
	static const StoreFacet own[] = {
		{ STR_INIT("tag"), STR_INIT("tags") }, { STR_INIT("category"), STR_INIT("categories") },
		{ STR_INIT("series"), STR_INIT("series") }, { STR_INIT("author"), STR_INIT("authors") },
	};

	/*
	 * A taxonomy that the site has given up must not stay a parameter. Its terms have gone with their pages,
	 * and names with their terms, unless the file was damaged.
	 */
	if (!database_exec(writer->db, writer->working,
	                   "DELETE FROM facet WHERE NOT EXISTS (SELECT 1 FROM term WHERE facet_id = facet.id);"
	                   "DELETE FROM term_lang WHERE NOT EXISTS (SELECT 1 FROM term WHERE id = term_id)", err))
		return false;
	for (size_t i = 0; i < writer->n_facets; i++)
		if (!put_facet(writer, writer->facets[i].name, writer->facets[i].plural, err))
			return false;
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (!site_has_facet(writer, own[i].name) && !put_facet(writer, own[i].name, own[i].plural, err))
			return false;
	return true;
}

/* The id of facet @name, made where it is missing (a page may come before the site's facets are set). */
static bool facet_id(StoreWriter *writer, Str name, int64_t *ret_id, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_FACET_FIND];
	int status;

	bind_str(stmt, 1, name);
	status = sqlite3_step(stmt);
	if (status == SQLITE_ROW)
		*ret_id = sqlite3_column_int64(stmt, 0);
	statement_reset(&stmt);
	if (status == SQLITE_ROW)
		return true;
	if (status != SQLITE_DONE)
		return database_error(err, writer->db, writer->working);
	if (!put_facet(writer, name, name, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(writer->db);
	return true;
}

/* --- Terms of a page ------------------------------------------------------------------- */

typedef enum TermOutcome {
	TERM_MISSING,
	TERM_UNNAMED, /* it has no row for the language      */
	TERM_MOVED,   /* it has one, with another URL        */
	TERM_NAMED,
	TERM_FAILED,
} TermOutcome;

static bool is_term_id(const StoreWriter *writer, int64_t id, Error *err)
{
	return (id > 0 && id <= STORE_TERM_ID_MOST) || writer_damaged(writer, "a term has an odd number", err);
}

static TermOutcome find_term(StoreWriter *writer, int64_t facet, const DocumentTerm *term, Str lang, int64_t *ret_id,
                             Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_TERM_FIND];
	int status;

	sqlite3_bind_int64(stmt, 1, facet);
	bind_str(stmt, 2, term->slug);
	bind_str(stmt, 3, lang);
	status = sqlite3_step(stmt);
	if (status != SQLITE_ROW && status != SQLITE_DONE) {
		database_error(err, writer->db, writer->working);
		return TERM_FAILED;
	}
	if (status == SQLITE_DONE)
		return TERM_MISSING;
	*ret_id = sqlite3_column_int64(stmt, 0);
	if (!is_term_id(writer, *ret_id, err))
		return TERM_FAILED;
	if (sqlite3_column_type(stmt, 1) == SQLITE_NULL)
		return TERM_UNNAMED;
	return term->is_url_by_name || str_equal(column_str(stmt, 1), term->relurl) ? TERM_NAMED : TERM_MOVED;
}

static bool add_term(StoreWriter *writer, int64_t facet, Str slug, int64_t *ret_id, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_TERM_ADD];

	sqlite3_bind_int64(stmt, 1, facet);
	bind_str(stmt, 2, slug);
	if (!statement_run(stmt, writer->working, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(writer->db);
	return is_term_id(writer, *ret_id, err);
}

/* @stmt: one that takes id, language, name and URL. */
static bool name_term_in(StoreWriter *writer, WriterStatement which, int64_t id, Str lang, const DocumentTerm *term,
                         Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[which];

	sqlite3_bind_int64(stmt, 1, id);
	bind_str(stmt, 2, lang);
	bind_str(stmt, 3, term->name);
	bind_str(stmt, 4, term->relurl);
	return statement_run(stmt, writer->working, err);
}

static bool look_up_term(StoreWriter *writer, const DocumentTerm *term, Str lang, int64_t *ret_id, Error *err)
{
	int64_t facet = 0;

	if (!facet_id(writer, term->facet, &facet, err))
		return false;
	switch (find_term(writer, facet, term, lang, ret_id, err)) {
	case TERM_FAILED:
		return false;
	case TERM_NAMED:
		return true;
	case TERM_MOVED: /* its name is settled later: this page need not be the one that gives it */
		vec_push(&writer->touched_terms, (TermLang){ (uint32_t)*ret_id, catalog_draft_name(&writer->draft.langs, lang) });
		return name_term_in(writer, WRITE_TERM_LANG_NAME, *ret_id, lang, term, err);
	case TERM_MISSING:
		if (!add_term(writer, facet, term->slug, ret_id, err))
			return false;
		break;
	case TERM_UNNAMED:
		break;
	}
	return name_term_in(writer, WRITE_TERM_LANG_ADD, *ret_id, lang, term, err);
}

/* What decides about the term's rows, each part behind its length. */
static void term_key(const DocumentTerm *term, Str lang, Buf *key)
{
	const Str parts[] = { term->facet, term->slug, lang, term->is_url_by_name ? STR_EMPTY : term->relurl };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		buf_append_varint(key, parts[i].len);
		buf_append(key, parts[i]);
	}
}

/* Most terms of a page have been seen with another one: their rows are as they should be. */
static bool term_id(StoreWriter *writer, const DocumentTerm *term, Str lang, int64_t *ret_id, Error *err)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);
	MapEntry *seen;

	term_key(term, lang, &key);
	seen = map_get(&writer->term_ids, buf_str(&key));
	if (seen) {
		*ret_id = (int64_t)seen->value;
		return true;
	}
	if (!look_up_term(writer, term, lang, ret_id, err))
		return false;
	map_put(&writer->term_ids, buf_str(&key), NULL)->value = (uint64_t)*ret_id;
	return true;
}

void touch_terms(StoreWriter *writer, const CatalogRow *row)
{
	for (uint32_t i = 0; i < row->n_terms; i++)
		vec_push(&writer->touched_terms, (TermLang){ row->terms[i], row->lang });
}

static bool has_term(const CatalogRow *row, int64_t term)
{
	for (uint32_t i = 0; i < row->n_terms; i++)
		if (row->terms[i] == term)
			return true;
	return false;
}

/*
 * Column page.terms: a row of varint id of table term, varint length and bytes of the name as
 * the page writes it, and varint 0, or 1 + length and bytes of its URL where the name's
 * spelling decides about that.
 */
static void pack_term(int64_t id, const DocumentTerm *term, Buf *packed)
{
	buf_append_varint(packed, (uint64_t)id);
	buf_append_varint(packed, term->name.len);
	buf_append(packed, term->name);
	buf_append_varint(packed, term->is_url_by_name ? 1 + term->relurl.len : 0);
	if (term->is_url_by_name)
		buf_append(packed, term->relurl);
}

typedef struct PackedTerm {
	uint64_t id;
	Str name, url;
	bool has_url;
} PackedTerm;

static bool next_bytes(Str *rest, uint64_t n, Str *ret_bytes)
{
	if (n > rest->len)
		return false;
	*ret_bytes = str_slice(*rest, 0, n);
	*rest = str_from(*rest, n);
	return true;
}

static bool unpack_term(Str *rest, PackedTerm *term)
{
	uint64_t n_name, n_url;

	*term = (PackedTerm){ 0 };
	if (!varint_next(rest, &term->id) || !varint_next(rest, &n_name) || !next_bytes(rest, n_name, &term->name) ||
	    !varint_next(rest, &n_url))
		return false;
	term->has_url = n_url > 0;
	return !n_url || next_bytes(rest, n_url - 1, &term->url);
}

bool write_page_terms(StoreWriter *writer, const Document *document, CatalogRow *row, Buf *packed, Error *err)
{
	row->terms = xnew_n(uint32_t, document->n_terms ? document->n_terms : 1);
	row->n_terms = 0;
	for (size_t i = 0; i < document->n_terms; i++) {
		const DocumentTerm *term = &document->terms[i];
		int64_t id;

		if (!term_id(writer, term, document->lang, &id, err)) {
			free(row->terms);
			return false;
		}
		if (has_term(row, id))
			continue; /* the same term written twice */
		pack_term(id, term, packed);
		row->terms[row->n_terms++] = (uint32_t)id;
	}
	return true;
}

/* --- Settling at the end --------------------------------------------------------------- */

static int compare_touched(const void *a, const void *b)
{
	const TermLang *x = a, *y = b;

	if (x->term != y->term)
		return x->term < y->term ? -1 : 1;
	return x->lang < y->lang ? -1 : x->lang > y->lang;
}

/* Sorted, each once. */
static void unique_touched(StoreWriter *writer)
{
	TermLang *touched = writer->touched_terms.items;
	size_t n = 0;

	if (writer->touched_terms.n)
		qsort(touched, writer->touched_terms.n, sizeof(*touched), compare_touched);
	for (size_t i = 0; i < writer->touched_terms.n; i++)
		if (i == 0 || compare_touched(&touched[i], &touched[n - 1]) != 0)
			touched[n++] = touched[i];
	writer->touched_terms.n = n;
}

/* The places of pages, looked up when they are asked for. */
typedef struct Places {
	Arena arena;
	Str *of; /* by page number */
	bool *is_known;
} Places;

static void places_deinit(Places *places)
{
	arena_deinit(&places->arena);
	free(places->of);
	free(places->is_known);
}

static Str place(StoreWriter *writer, Places *places, uint32_t id)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_PAGE_PLACE];

	if (places->is_known[id])
		return places->of[id];
	sqlite3_bind_int64(stmt, 1, id);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		places->of[id] = arena_str_dup(&places->arena, column_str(stmt, 0));
	places->is_known[id] = true;
	return places->of[id];
}

static bool is_before(StoreWriter *writer, Places *places, uint32_t a, uint32_t b)
{
	int order = str_compare(place(writer, places, a), place(writer, places, b));

	return order ? order < 0 : writer->draft.rows.items[a].file_rank < writer->draft.rows.items[b].file_rank;
}

/* For each touched term the page of its language that has it and comes first; PAGE_NONE where none has it. */
static uint32_t *first_pages(StoreWriter *writer)
{
	size_t n = writer->touched_terms.n, n_rows = writer->draft.rows.n;
	const TermLang *touched = writer->touched_terms.items;
	uint32_t *first = xnew0_n(uint32_t, n + 1);
	CLEANUP(places_deinit) Places places = { .of = xnew0_n(Str, n_rows + 1), .is_known = xnew0_n(bool, n_rows + 1) };

	for (uint32_t id = 1; n && id < writer->draft.rows.n; id++) {
		const CatalogRow *row = &writer->draft.rows.items[id];

		for (uint32_t i = 0; i < row->n_terms; i++) {
			const TermLang wanted = { row->terms[i], row->lang };
			const TermLang *found = bsearch(&wanted, touched, n, sizeof(*touched), compare_touched);
			uint32_t *page = found ? &first[found - touched] : NULL;

			if (page && (!*page || is_before(writer, &places, id, *page)))
				*page = id;
		}
	}
	return first;
}

static Str lang_name(const StoreWriter *writer, uint16_t lang)
{
	return writer->draft.langs.entries[lang].key;
}

static bool set_name(StoreWriter *writer, TermLang term, const PackedTerm *packed, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_TERM_LANG_NAME];

	sqlite3_bind_int64(stmt, 1, term.term);
	bind_str(stmt, 2, lang_name(writer, term.lang));
	bind_str(stmt, 3, packed->name);
	if (packed->has_url)
		bind_str(stmt, 4, packed->url);
	else
		sqlite3_bind_null(stmt, 4);
	return statement_run(stmt, writer->working, err);
}

/* As page @page writes it. */
static bool name_term(StoreWriter *writer, TermLang term, uint32_t page, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *get = writer->stmts[WRITE_PAGE_TERMS];
	PackedTerm packed;
	int status;
	Str rest;

	sqlite3_bind_int64(get, 1, page);
	status = sqlite3_step(get);
	if (status != SQLITE_ROW && status != SQLITE_DONE)
		return database_error(err, writer->db, writer->working);
	rest = status == SQLITE_ROW ? column_blob(get, 0) : STR_EMPTY;
	while (unpack_term(&rest, &packed))
		if (packed.id == term.term)
			return set_name(writer, term, &packed, err);
	return writer_damaged(writer, "pages and terms disagree", err);
}

static bool remove_term(StoreWriter *writer, TermLang term, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_TERM_LANG_REMOVE];

	sqlite3_bind_int64(stmt, 1, term.term);
	bind_str(stmt, 2, lang_name(writer, term.lang));
	if (!statement_run(stmt, writer->working, err))
		return false;
	sqlite3_bind_int64(writer->stmts[WRITE_TERM_REMOVE], 1, term.term);
	return statement_run(writer->stmts[WRITE_TERM_REMOVE], writer->working, err);
}

bool settle_terms(StoreWriter *writer, Error *err)
{
	CLEANUP(free_ptr) uint32_t *first = NULL;

	unique_touched(writer);
	first = first_pages(writer);
	for (size_t i = 0; i < writer->touched_terms.n; i++) {
		TermLang term = writer->touched_terms.items[i];

		if (!(first[i] ? name_term(writer, term, first[i], err) : remove_term(writer, term, err)))
			return false;
	}
	return true;
}

void writer_number_term(StoreWriter *writer, int64_t id, uint32_t number)
{
	if ((size_t)id >= writer->n_term_numbers) {
		size_t n = ((size_t)id + 1) * 2;

		writer->term_numbers = xreallocarray(writer->term_numbers, n, sizeof(uint32_t));
		for (size_t i = writer->n_term_numbers; i < n; i++)
			writer->term_numbers[i] = CATALOG_NO_TERM;
		writer->n_term_numbers = n;
	}
	writer->term_numbers[id] = number;
}

/* --- Terms with a page of their own -------------------------------------------------------- */

bool write_own_terms(StoreWriter *writer, const StoreSite *site, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_TERM_OWN_ADD];

	if (!database_exec(writer->db, writer->working, "DELETE FROM term_own", err))
		return false;
	for (size_t i = 0; i < site->n_terms; i++) {
		bind_str(stmt, 1, site->terms[i].facet);
		bind_str(stmt, 2, site->terms[i].slug);
		bind_str(stmt, 3, site->terms[i].lang);
		bind_str(stmt, 4, site->terms[i].name);
		bind_str(stmt, 5, site->terms[i].relurl);
		if (!statement_run(stmt, writer->working, err))
			return false;
	}
	return true;
}
