/*
 * The end of a run: what is derived (ranks, catalog, vocabulary) is laid out, the transaction
 * committed, the file checked, synced and put in place.
 */
#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"
#include "catalog_format.h"
#include "database.h"
#include "meta.h"
#include "vocabulary.h"
#include "working_copy.h"
#include "writer.h"

static bool set_ranks(StoreWriter *writer, WriterStatement which, bool by_title, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[which];
	uint32_t rank = 0;
	int status;

	while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
		CatalogRow *row = &writer->draft.rows.items[sqlite3_column_int64(stmt, 0)];

		*(by_title ? &row->title_rank : &row->file_rank) = rank++;
	}
	return status == SQLITE_DONE || database_error(err, writer->db, writer->working);
}

static bool put_part(StoreWriter *writer, const char *part, Str bytes, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_CATALOG_PUT];

	bind_str(stmt, 1, str_from_c(part));
	sqlite3_bind_int64(stmt, 2, (int64_t)hash_bytes(bytes));
	bind_blob(stmt, 3, bytes);
	return statement_run(stmt, writer->working, err);
}

static void put_str(Buf *out, Str str)
{
	buf_append_varint(out, str.len);
	buf_append(out, str);
}

/* --- Facets and terms, numbered in the order in which they are laid out ----------------- */

typedef struct TermList {
	Buf bytes;    /* of the facet at hand */
	uint32_t n;   /* its terms */
	uint32_t *numbers; /* by id of table term; owned */
	size_t n_ids;
	uint32_t n_numbered;
} TermList;

static void number_term(TermList *list, size_t id)
{
	if (id >= list->n_ids) {
		size_t n = (id + 1) * 2;

		list->numbers = xreallocarray(list->numbers, n, sizeof(uint32_t));
		memset(list->numbers + list->n_ids, 0, (n - list->n_ids) * sizeof(uint32_t));
		list->n_ids = n;
	}
	list->numbers[id] = list->n_numbered++;
}

static bool is_term_of(sqlite3_stmt *terms, int64_t facet)
{
	return sqlite3_column_int64(terms, 1) == facet;
}

/* The rows of one term, a row a language; the first one's name and URL stand for the term. Returns the next row's status. */
static int lay_out_term(sqlite3_stmt *terms, TermList *list)
{
	CLEANUP(buf_deinit) Buf others = BUF_INIT(BUF_NO_CEILING);
	int64_t id = sqlite3_column_int64(terms, 0);
	uint64_t n_others = 0;
	int status;

	number_term(list, (size_t)id);
	put_str(&list->bytes, column_str(terms, 2));
	put_str(&list->bytes, column_str(terms, 4));
	put_str(&list->bytes, column_str(terms, 5));
	while ((status = sqlite3_step(terms)) == SQLITE_ROW && sqlite3_column_int64(terms, 0) == id) {
		put_str(&others, column_str(terms, 3));
		put_str(&others, column_str(terms, 4));
		put_str(&others, column_str(terms, 5));
		n_others++;
	}
	buf_append_varint(&list->bytes, n_others);
	buf_append(&list->bytes, buf_str(&others));
	return status;
}

/* Both statements run in the order of facets' names: the terms of a facet follow one another. */
static bool lay_out_terms(StoreWriter *writer, TermList *list, Buf *out, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *facets = writer->stmts[WRITE_FACETS];
	CLEANUP(statement_reset) sqlite3_stmt *terms = writer->stmts[WRITE_TERMS];
	CLEANUP(buf_deinit) Buf body = BUF_INIT(BUF_NO_CEILING);
	int facet_status, term_status = sqlite3_step(terms);
	uint32_t n_facets = 0;

	while ((facet_status = sqlite3_step(facets)) == SQLITE_ROW) {
		buf_clear(&list->bytes);
		for (list->n = 0; term_status == SQLITE_ROW && is_term_of(terms, sqlite3_column_int64(facets, 0));
		     list->n++)
			term_status = lay_out_term(terms, list);
		put_str(&body, column_str(facets, 1));
		put_str(&body, column_str(facets, 2));
		buf_append_varint(&body, list->n);
		buf_append(&body, buf_str(&list->bytes));
		n_facets++;
	}
	if (facet_status != SQLITE_DONE || term_status != SQLITE_DONE)
		return database_error(err, writer->db, writer->working);
	buf_append_varint(out, n_facets);
	buf_append(out, buf_str(&body));
	return true;
}

static bool put_catalog(StoreWriter *writer, Error *err)
{
	CLEANUP(buf_deinit) Buf terms = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf pages = BUF_INIT(BUF_NO_CEILING);
	TermList list = { .bytes = BUF_INIT(BUF_NO_CEILING) };
	bool is_done = lay_out_terms(writer, &list, &terms, err);

	if (is_done)
		catalog_draft_write(&writer->draft, list.numbers, &pages);
	buf_deinit(&list.bytes);
	free(list.numbers);
	return is_done && put_part(writer, CATALOG_PART_TERMS, buf_str(&terms), err) &&
	       put_part(writer, CATALOG_PART_PAGES, buf_str(&pages), err);
}

/* --- The vocabulary --------------------------------------------------------------------- */

static bool put_vocabulary(StoreWriter *writer, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_CATALOG_GET];
	CLEANUP(buf_deinit) Buf merged = BUF_INIT(BUF_NO_CEILING);
	int status;

	if (!writer->words.n && !writer->starts_empty)
		return true;
	bind_str(stmt, 1, STR(CATALOG_PART_VOCABULARY));
	status = sqlite3_step(stmt);
	if (status != SQLITE_ROW && status != SQLITE_DONE)
		return database_error(err, writer->db, writer->working);
	if (!vocabulary_merge(status == SQLITE_ROW ? column_blob(stmt, 0) : STR_EMPTY, &writer->words, &merged))
		return error_at(err, ERROR_INDEX, writer->path, 0, "the vocabulary is damaged",
		                "run blogsearch index --full");
	return put_part(writer, CATALOG_PART_VOCABULARY, buf_str(&merged), err);
}

/* --- Publishing -------------------------------------------------------------------------- */

static bool put_generation(StoreWriter *writer, Error *err)
{
	int64_t now = time_now();
	uint64_t generation = (uint64_t)(now > 0 ? now : 0) * 1000;

	if (generation <= writer->generation)
		generation = writer->generation + 1;
	return writer_put_meta_int(writer, META_GENERATION, (int64_t)generation, err) &&
	       writer_put_meta_int(writer, META_BUILT_AT, now, err);
}

/* The first row of a check that gives one row "ok". */
static bool check(StoreWriter *writer, const char *pragma, Error *err)
{
	sqlite3_stmt *stmt = NULL;
	bool is_ok = false;

	if (sqlite3_prepare_v2(writer->db, pragma, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		is_ok = str_equal(column_str(stmt, 0), STR("ok"));
	sqlite3_finalize(stmt);
	return is_ok || error_at(err, ERROR_INDEX, writer->path, 0, "the new index did not pass its check",
	                         "run blogsearch index --full");
}

/* After a rebuild the postings are joined into one segment and checked as FTS5 can. */
static bool finish_full(StoreWriter *writer, Error *err)
{
	return database_exec(writer->db, writer->working, "INSERT INTO page_fts (page_fts) VALUES ('optimize')", err);
}

static bool check_full(StoreWriter *writer, Error *err)
{
	return database_exec(writer->db, writer->working, "INSERT INTO page_fts (page_fts) VALUES ('integrity-check')",
	                     err);
}

static bool settle(StoreWriter *writer, Error *err)
{
	return set_ranks(writer, WRITE_IDS_BY_FILE, false, err) &&
	       set_ranks(writer, WRITE_IDS_BY_TITLE, true, err) && settle_terms(writer, err) &&
	       put_catalog(writer, err) && put_vocabulary(writer, err) && put_generation(writer, err) &&
	       (!writer->starts_empty || finish_full(writer, err)) &&
	       database_exec(writer->db, writer->working, "COMMIT", err);
}

bool store_writer_publish(StoreWriter *writer, Error *err)
{
	if (!writer->is_changed)
		return true;
	if (!writer_begin(writer, err) || !settle(writer, err) ||
	    (writer->starts_empty && !check_full(writer, err)) || !check(writer, "PRAGMA quick_check(1)", err))
		return false;
	database_finalize(writer->stmts, N_WRITER_STATEMENTS);
	writer->db = database_close(writer->db);
	if (!working_copy_publish(writer->working, writer->path, err))
		return false;
	free(TAKE(writer->working)); /* it is the published file now */
	writer->is_changed = false;
	return true;
}
