/*
 * The writer: pages in and out of a working copy. The published file is only read until
 * something changes; then it is copied, and all changes are one transaction on the copy.
 */
#include "writer.h"

#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"
#include "database.h"
#include "meta.h"
#include "page_text.h"
#include "reader.h"
#include "working_copy.h"

/* --- Opening: what the published file knows ------------------------------------------ */

static bool load_draft(StoreWriter *writer, StoreReader *reader, Error *err)
{
	CLEANUP(catalog_deinit) Catalog catalog = { 0 };
	CLEANUP(free_ptr) uint32_t *term_ids = NULL;

	if (!store_load_catalog(reader, &catalog, err) || !reader_term_ids(reader, &catalog, &term_ids, err))
		return false;
	writer->generation = catalog.generation;
	catalog_draft_load(&writer->draft, &catalog, term_ids);
	return true;
}

static bool read_files(StoreWriter *writer, StoreReader *reader, Error *err)
{
	uint32_t *ids;

	if (!load_draft(writer, reader, err) ||
	    !reader_files(reader, &writer->arena, &writer->files, &ids, &writer->n_files, err))
		return false;
	for (size_t i = 0; i < writer->n_files; i++) {
		if (ids[i] >= writer->draft.rows.n || !writer->draft.rows.items[ids[i]].flags)
			return error_set(err, ERROR_INDEX, "rows and catalog disagree");
		map_put(&writer->ids, writer->files[i].file, NULL)->value = ids[i];
	}
	return reader_meta_int(reader, META_SITE_FINGERPRINT, &writer->site_fingerprint, err) &&
	       reader_meta_int(reader, META_OWN_TERMS, &writer->own_terms_hash, err);
}

static bool refuse_foreign(const char *path, Error *err)
{
	DatabaseKind kind;

	if (!database_look_at(path, &kind, err))
		return false;
	return kind != DATABASE_FOREIGN ||
	       error_at(err, ERROR_INDEX, path, 0, "is no index of blogsearch and is left alone",
	                "name another file with --index");
}

static bool file_is_usable(const char *path, StoreReader **ret_reader, char **ret_why, Error *err)
{
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	DatabaseKind kind;

	if (!database_look_at(path, &kind, err))
		return false;
	switch (kind) {
	case DATABASE_ABSENT:
		return true;
	case DATABASE_FOREIGN:
		return refuse_foreign(path, err);
	case DATABASE_OTHER_VERSION:
		*ret_why = xstrdup("it was made by another version");
		return true;
	case DATABASE_DAMAGED:
		*ret_why = xstrdup("it was damaged: not as long as it says");
		return true;
	case DATABASE_OURS:
		break;
	}
	if (!store_reader_open(path, ret_reader, &why))
		*ret_why = xasprintf("it could not be used: %s", why.what);
	return true;
}

static bool go_on_from(StoreWriter *writer, StoreReader *reader, char **ret_why, Error *err)
{
	CLEANUP(error_deinit) Error why = ERROR_INIT;

	if (read_files(writer, reader, &why))
		return true;
	if (why.code != ERROR_INDEX) {
		error_move(err, &why);
		return false;
	}
	*ret_why = xasprintf("it was damaged: %s", why.what);
	return true;
}

bool store_writer_open(const char *path, bool full, StoreWriter **ret_writer, StoreOpening *ret_opening,
                       char **ret_why, Error *err)
{
	CLEANUP(store_writer_freep) StoreWriter *writer = xnew0(StoreWriter);
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	CLEANUP(free_ptr) char *why = NULL;

	writer->lock_fd = -1;
	writer->path = xstrdup(path);
	writer->analyzer = analyzer_new();
	catalog_draft_init(&writer->draft);
	/* Looked at before the lock is taken, so that nothing is left beside a foreign file. */
	if (!refuse_foreign(path, err) || !index_lock(path, &writer->lock_fd, err) ||
	    !file_is_usable(path, &reader, &why, err))
		return false;
	if (reader && !go_on_from(writer, reader, &why, err))
		return false;
	writer->starts_empty = full || why || !reader;
	*ret_opening = why ? STORE_REBUILT : reader ? STORE_UPDATED : STORE_CREATED;
	if (writer->starts_empty) {
		/* The pages of the old file are of no use, its generation is: the new one must differ. */
		catalog_draft_deinit(&writer->draft);
		catalog_draft_init(&writer->draft);
		map_clear(&writer->ids);
		writer->n_files = 0;
		writer->site_fingerprint = 0;
		if (!writer_begin(writer, err))
			return false;
		writer->is_changed = true;
	}
	if (ret_why)
		*ret_why = TAKE(why);
	*ret_writer = TAKE(writer);
	return true;
}

StoreWriter *store_writer_free(StoreWriter *writer)
{
	if (!writer)
		return NULL;
	database_finalize(writer->stmts, N_WRITER_STATEMENTS);
	writer->db = database_close(writer->db);
	if (writer->working)
		unlink(writer->working);
	if (writer->lock_fd >= 0)
		close(writer->lock_fd);
	catalog_draft_deinit(&writer->draft);
	map_deinit(&writer->ids);
	map_deinit(&writer->words);
	vec_deinit(&writer->touched_terms);
	arena_deinit(&writer->arena);
	analyzer_free(writer->analyzer);
	free(writer->path);
	free(writer->working);
	free(writer);
	return NULL;
}

bool writer_begin(StoreWriter *writer, Error *err)
{
	if (writer->db)
		return true;
	if (!writer->working)
		writer->working = working_copy_path(writer->path);
	return working_copy_make(writer->working, writer->starts_empty ? NULL : writer->path, err) &&
	       database_open_working(writer->working, &writer->db, err) &&
	       database_prepare(writer->db, writer->working, writer_sql, N_WRITER_STATEMENTS, writer->stmts, err) &&
	       database_exec(writer->db, writer->working, "BEGIN IMMEDIATE", err);
}

bool store_writer_files(StoreWriter *writer, const StoreFile **ret_files, size_t *ret_n, Error *err)
{
	(void)err;
	*ret_files = writer->files;
	*ret_n = writer->n_files;
	return true;
}

uint64_t store_writer_site_fingerprint(const StoreWriter *writer)
{
	return writer->site_fingerprint;
}

bool store_writer_is_changed(const StoreWriter *writer)
{
	return writer->is_changed;
}

uint32_t store_writer_n_pages(const StoreWriter *writer)
{
	return writer->draft.n_pages;
}

/* --- Preparing: pure, in any thread --------------------------------------------------- */

struct StoreRow {
	const Document *document;
	Str title_key;
	Str record; /* of page_text */
	TermStreams streams;
};

StoreRow *store_prepare(Analyzer *analyzer, const Document *document, Arena *arena)
{
	StoreRow *row = arena_new(arena, StoreRow);
	StoreText *text = text_of_document(document, arena);

	row->document = document;
	row->title_key = text_fold_dup(document->title, arena);
	make_term_streams(analyzer, text, arena, &row->streams); /* counts the places that the record holds */
	row->record = page_text_pack(text, arena);
	return row;
}

/* --- Pages ---------------------------------------------------------------------------- */

static bool write_streams(StoreWriter *writer, WriterStatement which, uint32_t id, const TermStreams *streams,
                          Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[which];

	sqlite3_bind_int64(stmt, 1, id);
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		bind_str(stmt, 2 + (int)field, streams->columns[field]);
	return statement_run(stmt, writer->working, err);
}

static void count_words(StoreWriter *writer, const TermStreams *streams, int64_t change)
{
	for (size_t i = 0; i < streams->n_words; i++) {
		MapEntry *entry = map_put(&writer->words, streams->words[i], NULL);

		entry->value = (uint64_t)((int64_t)entry->value + change);
	}
}

/* The record of page @id, copied; empty where it has none. */
static bool old_record(StoreWriter *writer, uint32_t id, Arena *arena, Str *ret_record, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_TEXT_GET];
	int status;

	sqlite3_bind_int64(stmt, 1, id);
	status = sqlite3_step(stmt);
	if (status == SQLITE_ROW)
		*ret_record = arena_str_dup(arena, column_blob(stmt, 0));
	return status == SQLITE_ROW || status == SQLITE_DONE || database_error(err, writer->db, writer->working);
}

/* A contentless table forgets a row only when it is told the same terms again. */
static bool remove_postings(StoreWriter *writer, uint32_t id, Str record, Arena *arena, Error *err)
{
	StoreText *text;
	TermStreams streams;

	if (!page_text_unpack(record, arena, &text, err))
		return false;
	make_term_streams(writer->analyzer, text, arena, &streams);
	count_words(writer, &streams, -1);
	return write_streams(writer, WRITE_FTS_DELETE, id, &streams, err);
}

static bool write_text(StoreWriter *writer, uint32_t id, bool is_new, const StoreRow *row, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	sqlite3_stmt *stmt = writer->stmts[WRITE_TEXT_PUT];
	Str record = STR_EMPTY;

	if (!is_new && !old_record(writer, id, &arena, &record, err))
		return false;
	if (record.len && str_equal(record, row->record))
		return true; /* the same text: its postings stay */
	if (record.len && !remove_postings(writer, id, record, &arena, err))
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	bind_blob(stmt, 2, row->record);
	if (!statement_run(stmt, writer->working, err))
		return false;
	count_words(writer, &row->streams, 1);
	return write_streams(writer, WRITE_FTS_ADD, id, &row->streams, err);
}

static bool write_page(StoreWriter *writer, uint32_t id, const StoreRow *row, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_PAGE_PUT];
	const Document *document = row->document;

	sqlite3_bind_int64(stmt, 1, id);
	bind_str(stmt, 2, document->file);
	bind_str(stmt, 3, document->path);
	sqlite3_bind_int64(stmt, 4, document->kind);
	bind_str(stmt, 5, document->url);
	bind_str(stmt, 6, document->relurl);
	bind_str(stmt, 7, document->title);
	bind_str(stmt, 8, row->title_key);
	bind_str(stmt, 9, document->lang);
	bind_str(stmt, 10, document->section);
	bind_str(stmt, 11, document->image);
	bind_time(stmt, 12, document->published);
	bind_time(stmt, 13, document->updated);
	bind_time(stmt, 14, document->expires);
	sqlite3_bind_int64(stmt, 15, document->n_words);
	if (document->has_series_order)
		sqlite3_bind_int64(stmt, 16, document->series_order);
	sqlite3_bind_int64(stmt, 17, document->is_evergreen);
	sqlite3_bind_double(stmt, 18, document->boost);
	sqlite3_bind_int64(stmt, 19, (int64_t)document->file_size);
	sqlite3_bind_int64(stmt, 20, document->file_mtime_ns);
	sqlite3_bind_int64(stmt, 21, (int64_t)document->fingerprint);
	return statement_run(stmt, writer->working, err);
}

static int32_t clamp_order(int64_t order)
{
	return order < INT32_MIN ? INT32_MIN : order > INT32_MAX ? INT32_MAX : (int32_t)order;
}

static CatalogRow catalog_row(CatalogDraft *draft, const StoreRow *row)
{
	const Document *document = row->document;
	CatalogRow entry = {
		.flags = CATALOG_PRESENT, .kind = (uint8_t)document->kind,
		.lang = catalog_draft_name(&draft->langs, document->lang),
		.section = catalog_draft_name(&draft->sections, document->section),
		.boost = (float)document->boost,
		.published = document->published, .updated = document->updated,
		.url_hash = catalog_url_hash(document->relurl),
	};

	if (document->is_evergreen)
		entry.flags |= CATALOG_EVERGREEN;
	if (document->has_series_order) {
		entry.flags |= CATALOG_HAS_SERIES_ORDER;
		entry.series_order = clamp_order(document->series_order);
	}
	memcpy(entry.lengths, row->streams.lengths, sizeof(entry.lengths));
	return entry;
}

bool store_put(StoreWriter *writer, const StoreRow *row, Error *err)
{
	bool is_new;
	MapEntry *known;
	CatalogRow entry;
	uint32_t id;

	if (!writer_begin(writer, err))
		return false;
	known = map_put(&writer->ids, row->document->file, NULL);
	is_new = known->value == PAGE_NONE;
	if (is_new)
		known->value = catalog_draft_new_page(&writer->draft);
	id = (uint32_t)known->value;
	writer->is_changed = true;
	entry = catalog_row(&writer->draft, row);
	if (!write_page(writer, id, row, err) || !write_text(writer, id, is_new, row, err) ||
	    !write_page_terms(writer, id, row->document, &entry, err))
		return false;
	catalog_draft_set(&writer->draft, id, entry);
	return true;
}

static bool run_for_page(StoreWriter *writer, WriterStatement which, uint32_t id, Error *err)
{
	sqlite3_bind_int64(writer->stmts[which], 1, id);
	return statement_run(writer->stmts[which], writer->working, err);
}

bool store_remove(StoreWriter *writer, Str file, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	MapEntry *known = map_get(&writer->ids, file);
	Str record = STR_EMPTY;
	uint32_t id;

	if (!known || known->value == PAGE_NONE)
		return true;
	id = (uint32_t)known->value;
	if (!writer_begin(writer, err) || !old_record(writer, id, &arena, &record, err))
		return false;
	writer->is_changed = true;
	if (record.len && !remove_postings(writer, id, record, &arena, err))
		return false;
	if (!run_for_page(writer, WRITE_TEXT_REMOVE, id, err) || !remove_page_terms(writer, id, err) ||
	    !run_for_page(writer, WRITE_PAGE_REMOVE, id, err))
		return false;
	catalog_draft_remove(&writer->draft, id);
	known->value = PAGE_NONE;
	return true;
}

/* --- The site --------------------------------------------------------------------------- */

bool writer_put_meta_text(StoreWriter *writer, const char *key, Str value, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_META_PUT];

	bind_str(stmt, 1, str_from_c(key));
	bind_str(stmt, 2, value);
	return statement_run(stmt, writer->working, err);
}

bool writer_put_meta_int(StoreWriter *writer, const char *key, int64_t value, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_META_PUT];

	bind_str(stmt, 1, str_from_c(key));
	sqlite3_bind_int64(stmt, 2, value);
	return statement_run(stmt, writer->working, err);
}

static uint64_t hash_own_terms(const StoreSite *site)
{
	uint64_t hash = hash_number(0, site->n_terms);

	for (size_t i = 0; i < site->n_terms; i++) {
		const StoreTerm *term = &site->terms[i];
		const Str parts[] = { term->facet, term->slug, term->lang, term->name, term->relurl };

		for (size_t k = 0; k < ARRAY_SIZE(parts); k++)
			hash = hash_more(hash, parts[k]);
	}
	return hash;
}

bool store_set_site(StoreWriter *writer, const StoreSite *site, uint64_t site_fingerprint, Error *err)
{
	uint64_t own_hash = hash_own_terms(site);

	if (!writer->is_changed && site_fingerprint == writer->site_fingerprint && own_hash == writer->own_terms_hash)
		return true;
	if (!writer_begin(writer, err))
		return false;
	writer->own_terms_hash = own_hash;
	writer->is_changed = true;
	writer->site_fingerprint = site_fingerprint;
	return writer_put_meta_text(writer, META_SITE_TITLE, site->title, err) &&
	       writer_put_meta_text(writer, META_BASE_URL, site->base_url, err) &&
	       writer_put_meta_text(writer, META_DEFAULT_LANG, site->default_lang, err) &&
	       writer_put_meta_int(writer, META_SITE_FINGERPRINT, (int64_t)site_fingerprint, err) &&
	       writer_put_meta_int(writer, META_OWN_TERMS, (int64_t)own_hash, err) &&
	       writer_put_meta_int(writer, META_TEXT_VERSION, TEXT_VERSION, err) &&
	       write_facets(writer, site, err) && write_own_terms(writer, site, err);
}
