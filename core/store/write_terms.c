/* Facets and terms of the pages, while an index is being written. */
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "database.h"
#include "writer.h"

/* --- Facets ---------------------------------------------------------------------------- */

static bool put_facet(StoreWriter *writer, Str name, Str plural, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_FACET_PUT];

	bind_str(stmt, 1, name);
	bind_str(stmt, 2, plural);
	return statement_run(stmt, writer->working, err);
}

static bool site_has_facet(const StoreSite *site, Str name)
{
	for (size_t i = 0; i < site->n_facets; i++)
		if (str_equal(site->facets[i].name, name))
			return true;
	return false;
}

bool write_facets(StoreWriter *writer, const StoreSite *site, Error *err)
{
	/* Facets that the API has always, whether or not the site declares them as taxonomies. */
	static const StoreFacet own[] = {
		{ STR_INIT("tag"), STR_INIT("tags") }, { STR_INIT("category"), STR_INIT("categories") },
		{ STR_INIT("series"), STR_INIT("series") }, { STR_INIT("author"), STR_INIT("authors") },
	};

	/* A taxonomy that the site has given up must not stay a parameter. Terms go with their pages. */
	if (!database_exec(writer->db, writer->working,
	                   "DELETE FROM facet WHERE NOT EXISTS (SELECT 1 FROM term WHERE facet_id = facet.id)", err))
		return false;
	for (size_t i = 0; i < site->n_facets; i++)
		if (!put_facet(writer, site->facets[i].name, site->facets[i].plural, err))
			return false;
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (!site_has_facet(site, own[i].name) && !put_facet(writer, own[i].name, own[i].plural, err))
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

typedef enum TermOutcome { TERM_FOUND, TERM_MISSING, TERM_FAILED } TermOutcome;

/* *ret_is_named: the term has its row for @lang already, with the same URL. */
static TermOutcome find_term(StoreWriter *writer, int64_t facet, const DocumentTerm *term, Str lang, int64_t *ret_id,
                             bool *ret_is_named, Error *err)
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
	*ret_is_named = sqlite3_column_type(stmt, 1) != SQLITE_NULL &&
	                (term->is_url_by_name || str_equal(column_str(stmt, 1), term->relurl));
	return TERM_FOUND;
}

static bool add_term(StoreWriter *writer, int64_t facet, Str slug, int64_t *ret_id, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_TERM_ADD];

	sqlite3_bind_int64(stmt, 1, facet);
	bind_str(stmt, 2, slug);
	if (!statement_run(stmt, writer->working, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(writer->db);
	return true;
}

static bool term_id(StoreWriter *writer, const DocumentTerm *term, Str lang, int64_t *ret_id, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_TERM_LANG_PUT];
	bool is_named = false;
	int64_t facet = 0;

	if (!facet_id(writer, term->facet, &facet, err))
		return false;
	switch (find_term(writer, facet, term, lang, ret_id, &is_named, err)) {
	case TERM_FAILED:
		return false;
	case TERM_FOUND:
		if (is_named)
			return true;
		break;
	case TERM_MISSING:
		if (!add_term(writer, facet, term->slug, ret_id, err))
			return false;
		break;
	}
	sqlite3_bind_int64(stmt, 1, *ret_id);
	bind_str(stmt, 2, lang);
	bind_str(stmt, 3, term->name);
	bind_str(stmt, 4, term->relurl);
	return statement_run(stmt, writer->working, err);
}

static void touch_terms_of(StoreWriter *writer, uint32_t id)
{
	const CatalogRow *row = &writer->draft.rows.items[id];

	for (uint32_t i = 0; i < row->n_terms; i++)
		vec_push(&writer->touched_terms, (TermLang){ row->terms[i], row->lang });
}

bool remove_page_terms(StoreWriter *writer, uint32_t id, Error *err)
{
	touch_terms_of(writer, id);
	sqlite3_bind_int64(writer->stmts[WRITE_PAGE_TERM_REMOVE], 1, id);
	return statement_run(writer->stmts[WRITE_PAGE_TERM_REMOVE], writer->working, err);
}

static bool add_page_term(StoreWriter *writer, uint32_t id, uint32_t place, int64_t number, const DocumentTerm *term,
                          Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_PAGE_TERM_ADD];

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, place);
	sqlite3_bind_int64(stmt, 3, number);
	bind_str(stmt, 4, term->name);
	if (term->is_url_by_name)
		bind_str(stmt, 5, term->relurl);
	else
		sqlite3_bind_null(stmt, 5);
	return statement_run(stmt, writer->working, err);
}

static bool has_term(const CatalogRow *row, int64_t term)
{
	for (uint32_t i = 0; i < row->n_terms; i++)
		if (row->terms[i] == term)
			return true;
	return false;
}

bool write_page_terms(StoreWriter *writer, uint32_t id, const Document *document, CatalogRow *row, Error *err)
{
	if (!remove_page_terms(writer, id, err))
		return false;
	row->terms = xnew_n(uint32_t, document->n_terms ? document->n_terms : 1);
	row->n_terms = 0;
	for (size_t i = 0; i < document->n_terms; i++) {
		const DocumentTerm *term = &document->terms[i];
		int64_t number;

		if (!term_id(writer, term, document->lang, &number, err) ||
		    (!has_term(row, number) && !add_page_term(writer, id, row->n_terms, number, term, err))) {
			free(row->terms);
			return false;
		}
		if (has_term(row, number))
			continue; /* the same term written twice */
		row->terms[row->n_terms++] = (uint32_t)number;
		vec_push(&writer->touched_terms, (TermLang){ (uint32_t)number, row->lang });
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

/* For each touched term the page of its language that has it and comes first by file; PAGE_NONE where none has it. */
static uint32_t *first_pages(const StoreWriter *writer)
{
	size_t n = writer->touched_terms.n;
	const TermLang *touched = writer->touched_terms.items;
	uint32_t *first = xnew0_n(uint32_t, n + 1);

	for (uint32_t id = 1; n && id < writer->draft.rows.n; id++) {
		const CatalogRow *row = &writer->draft.rows.items[id];

		for (uint32_t i = 0; i < row->n_terms; i++) {
			const TermLang wanted = { row->terms[i], row->lang };
			const TermLang *found = bsearch(&wanted, touched, n, sizeof(*touched), compare_touched);
			uint32_t *page = found ? &first[found - touched] : NULL;

			if (page && (!*page || row->file_rank < writer->draft.rows.items[*page].file_rank))
				*page = id;
		}
	}
	return first;
}

static Str lang_name(const StoreWriter *writer, uint16_t lang)
{
	return writer->draft.langs.entries[lang].key;
}

/* As page @page writes it. */
static bool name_term(StoreWriter *writer, TermLang term, uint32_t page, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *get = writer->stmts[WRITE_PAGE_TERM_NAME];
	sqlite3_stmt *set = writer->stmts[WRITE_TERM_LANG_NAME];

	sqlite3_bind_int64(get, 1, page);
	sqlite3_bind_int64(get, 2, term.term);
	if (sqlite3_step(get) != SQLITE_ROW)
		return database_error(err, writer->db, writer->working);
	sqlite3_bind_int64(set, 1, term.term);
	bind_str(set, 2, lang_name(writer, term.lang));
	bind_str(set, 3, column_str(get, 0));
	if (sqlite3_column_type(get, 1) == SQLITE_NULL)
		sqlite3_bind_null(set, 4);
	else
		bind_str(set, 4, column_str(get, 1));
	return statement_run(set, writer->working, err);
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
