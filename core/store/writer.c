/*
 * The writer: pages in and out of a working copy. The published file is only read until
 * something changes; then it is copied, and all changes are one transaction on the copy.
 *
 * Between two rows of page_fts no statement may need a statement journal (INSERT OR REPLACE,
 * ON CONFLICT DO UPDATE on what is there already): with each of them SQLite opens a savepoint,
 * and with each savepoint FTS5 writes a segment, which a thousand pages would pay a thousand times.
 */
#include "writer.h"

#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/hash.h"
#include "database.h"
#include "inventory.h"
#include "meta.h"
#include "page_text.h"
#include "working_copy.h"

#define NOTES_WORTH_PUBLISHING 100

/* --- Opening: what the published file knows ------------------------------------------ */

/* The pages of the old file are of no use, its generation is: the new one must differ. */
static void start_empty(StoreWriter *writer)
{
	inventory_forget(&writer->inventory);
	writer->starts_empty = writer->is_changed = writer->order_is_changed = true;
	writer->published = store_reader_free(writer->published);
}

static bool copy(void *context, Error *err)
{
	const StoreWriter *writer = context;

	return working_copy_make(writer->working, writer->path, err);
}

static bool begin_copying(StoreWriter *writer, Error *err)
{
	DatabaseKind kind;

	if (!database_look_at(writer->path, &kind, err))
		return false;
	if (kind != DATABASE_OURS)
		return true;
	writer->working = working_copy_path(writer->path);
	background_begin(&writer->copying, copy, writer);
	return true;
}

/* Of what is published; one that is made anew is none the worse where that lacks them. */
static bool read_facts(StoreWriter *writer, Error *err)
{
	return !writer->published || (reader_meta_int(writer->published, META_GENERATION, &writer->generation, err) &&
	                              reader_meta_int(writer->published, META_OWN_TERMS, &writer->own_terms_hash, err));
}

bool store_writer_open(const char *path, StoreIntent intent, StoreWriter **ret_writer, Error *err)
{
	CLEANUP(store_writer_freep) StoreWriter *writer = xnew0(StoreWriter);
	bool goes_on;

	writer->lock_fd = -1;
	writer->path = xstrdup(path);
	catalog_draft_init(&writer->draft);
	/* Looked at before the lock is taken as well, so that nothing is left beside a foreign file. */
	if (!inventory_may_be_ours(path, err) || !index_lock(path, &writer->lock_fd, err) ||
	    (intent == STORE_CHANGE && !begin_copying(writer, err)) ||
	    !inventory_read(path, intent != STORE_ANEW, &writer->published, &writer->inventory, err))
		return false;
	goes_on = intent != STORE_ANEW && writer->inventory.opening == STORE_UPDATED;
	if (!read_facts(writer, goes_on ? err : NULL) && goes_on)
		return false;
	writer->site_fingerprint = writer->inventory.site_fingerprint;
	if (!goes_on)
		start_empty(writer);
	*ret_writer = TAKE(writer);
	return true;
}

StoreWriter *store_writer_free(StoreWriter *writer)
{
	if (!writer)
		return NULL;
	database_finalize(writer->stmts, N_WRITER_STATEMENTS);
	writer->db = database_close(writer->db);
	store_reader_free(writer->published);
	term_lists_free(writer->lists);
	background_deinit(&writer->copying);
	background_deinit(&writer->writing_early);
	background_deinit(&writer->syncing);
	if (writer->working)
		unlink(writer->working);
	if (writer->lock_fd >= 0)
		close(writer->lock_fd);
	catalog_draft_deinit(&writer->draft);
	free(writer->term_numbers);
	map_deinit(&writer->words);
	map_deinit(&writer->term_ids);
	vec_deinit(&writer->touched_terms);
	vec_deinit(&writer->notes);
	vec_deinit(&writer->gone);
	store_inventory_deinit(&writer->inventory);
	analyzer_free(writer->analyzer);
	ZSTD_freeDCtx(writer->zstd);
	free(writer->path);
	free(writer->working);
	free(writer);
	return NULL;
}

const StoreInventory *store_writer_inventory(const StoreWriter *writer)
{
	return &writer->inventory;
}

/* Few files that are read in vain at every run cost less than a new file that says so; many do not. */
bool store_writer_is_changed(const StoreWriter *writer)
{
	return writer->is_changed || writer->notes.n + writer->gone.n >= NOTES_WORTH_PUBLISHING;
}

uint32_t store_writer_n_pages(const StoreWriter *writer)
{
	uint32_t n = 0;

	if (writer->has_begun || writer->starts_empty)
		return writer->draft.n_pages;
	for (size_t i = 0; i < writer->inventory.n_files; i++)
		n += writer->inventory.files[i].page != PAGE_NONE;
	return n;
}

StoreTimes store_writer_times(const StoreWriter *writer)
{
	return writer->times;
}

/* --- Beginning: the copy and what is known of its pages -------------------------------- */

bool writer_damaged(const StoreWriter *writer, const char *what, Error *err)
{
	return error_damaged(err, writer->path, what);
}

CatalogRow *writer_row(StoreWriter *writer, int64_t id)
{
	CatalogRow *row = id > 0 && (uint64_t)id < writer->draft.rows.n ? &writer->draft.rows.items[id] : NULL;

	return row && row->flags ? row : NULL;
}

/* Each page of the catalog has its source, and one alone. */
static bool compare_sources(StoreWriter *writer, Error *err)
{
	CLEANUP(free_ptr) bool *is_seen = xnew0_n(bool, writer->draft.rows.n);
	uint32_t n = 0;

	for (size_t i = 0; i < writer->inventory.n_files; i++) {
		uint32_t page = writer->inventory.files[i].page;

		if (page == PAGE_NONE)
			continue;
		if (!writer_row(writer, page) || is_seen[page])
			return writer_damaged(writer, "sources and catalog disagree", err);
		is_seen[page] = true;
		n++;
	}
	return n == writer->draft.n_pages || writer_damaged(writer, "sources and catalog disagree", err);
}

static bool load_draft(StoreWriter *writer, Error *err)
{
	CLEANUP(catalog_deinit) Catalog catalog = { 0 };
	CLEANUP(free_ptr) uint32_t *term_ids = NULL;

	if (!store_load_catalog(writer->published, &catalog, err) ||
	    !reader_term_ids(writer->published, &catalog, &term_ids, err))
		return false;
	catalog_draft_load(&writer->draft, &catalog, term_ids);
	for (uint32_t number = 0; number < catalog.n_terms; number++)
		writer_number_term(writer, term_ids[number], number);
	return compare_sources(writer, err);
}

static bool write_early(void *context, Error *err)
{
	const StoreWriter *writer = context;

	(void)err;
	working_copy_write_early(writer->working);
	return true;
}

/* That it is damaged may have shown while it was copied. */
static void drop_copy(StoreWriter *writer)
{
	background_deinit(&writer->copying);
	if (writer->working)
		unlink(writer->working);
	free(TAKE(writer->working));
}

/* Begins it, unless that is done, and waits for it; that it reaches the disk is not waited for before it is published. */
static bool make_copy(StoreWriter *writer, Error *err)
{
	uint64_t start = monotonic_ns();

	if (writer->starts_empty)
		drop_copy(writer);
	if (!writer->working) {
		writer->working = working_copy_path(writer->path);
		if (!working_copy_make(writer->working, writer->starts_empty ? NULL : writer->path, err))
			return false;
	}
	if (!background_end(&writer->copying, err))
		return false;
	if (!writer->starts_empty)
		background_begin(&writer->writing_early, write_early, writer);
	writer->times.copy = (double)(monotonic_ns() - start) / 1e9;
	return true;
}

/*
 * The postings of an index that is made anew are gathered beside it, and are one segment at the end
 * (publish.c); later changes are merged as they come, so that few segments stay.
 */
static bool prepare_filling(StoreWriter *writer, Error *err)
{
	writer->lists = term_lists_new(writer->working, TERM_LISTS_RUN_BYTES);
	return database_exec(writer->db, writer->working,
	                     "INSERT INTO page_fts (page_fts, rank) VALUES ('automerge', 2);"
	                     "INSERT INTO page_fts (page_fts, rank) VALUES ('crisismerge', 16);"
	                     "INSERT INTO page_fts (page_fts, rank) VALUES ('hashsize', 4194304)", err);
}

bool writer_begin(StoreWriter *writer, Error *err)
{
	if (writer->db)
		return true;
	if (writer->published && !load_draft(writer, err))
		return false;
	writer->has_begun = true;
	writer->published = store_reader_free(writer->published);
	writer->analyzer = analyzer_new();
	writer->zstd = ZSTD_createDCtx();
	if (!writer->zstd)
		abort(); /* out of memory */
	return make_copy(writer, err) && database_open_working(writer->working, &writer->db, err) &&
	       database_prepare(writer->db, writer->working, writer_sql, N_WRITER_STATEMENTS, writer->stmts, err) &&
	       database_exec(writer->db, writer->working, "BEGIN IMMEDIATE", err) &&
	       (!writer->starts_empty || prepare_filling(writer, err));
}

/* --- Sources ---------------------------------------------------------------------------- */

bool writer_remove_source(StoreWriter *writer, Str file, Error *err)
{
	bind_str(writer->stmts[WRITE_SOURCE_REMOVE], 1, file);
	return statement_run(writer->stmts[WRITE_SOURCE_REMOVE], writer->working, err);
}

bool writer_put_source(StoreWriter *writer, const StoreFile *file, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_SOURCE_ADD];

	if (!writer->starts_empty && !writer_remove_source(writer, file->file, err))
		return false;
	bind_str(stmt, 1, file->file);
	sqlite3_bind_int64(stmt, 2, file->page);
	sqlite3_bind_int64(stmt, 3, (int64_t)file->size);
	bind_time(stmt, 4, file->mtime_ns);
	sqlite3_bind_int64(stmt, 5, (int64_t)file->content_hash);
	sqlite3_bind_int64(stmt, 6, (int64_t)file->fingerprint);
	sqlite3_bind_int64(stmt, 7, (int64_t)file->document_hash);
	bind_time(stmt, 8, file->changes_at);
	return statement_run(stmt, writer->working, err);
}

void store_note(StoreWriter *writer, const StoreFile *file)
{
	vec_push(&writer->notes, *file);
}

/* --- Texts and postings ------------------------------------------------------------------ */

static bool write_streams(StoreWriter *writer, WriterStatement which, uint32_t id, const TermStreams *streams,
                          Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[which];

	sqlite3_bind_int64(stmt, 1, id);
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		bind_str(stmt, 2 + (int)field, streams->columns[field]);
	return statement_run(stmt, writer->working, err);
}

/* What is taken out and put in again is no change: such a word's count stays 0. */
static void count_words(StoreWriter *writer, const TermStreams *streams, int64_t change)
{
	CLEANUP(map_deinit) Map words = MAP_INIT;

	term_streams_words(streams, &words);
	for (size_t i = 0; i < words.n; i++) {
		MapEntry *entry = map_put(&writer->words, words.entries[i].key, NULL);

		entry->value = (uint64_t)((int64_t)entry->value + change);
	}
}

/* A contentless table forgets a row only when it is told the same terms again. */
static bool remove_postings(StoreWriter *writer, uint32_t id, Str record, Arena *arena, Error *err)
{
	StoreText *text;
	TermStreams streams;

	if (!page_text_unpack(writer->zstd, writer->path, record, arena, &text, err))
		return false;
	make_term_streams(writer->analyzer, text, arena, &streams);
	count_words(writer, &streams, -1);
	return write_streams(writer, WRITE_FTS_DELETE, id, &streams, err);
}

static bool remove_pieces(StoreWriter *writer, uint32_t id, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_TEXT_REMOVE];

	sqlite3_bind_int64(stmt, 1, PIECE_ID(id, 0));
	sqlite3_bind_int64(stmt, 2, PIECE_ID(id, MOST_PIECES - 1));
	return statement_run(stmt, writer->working, err);
}

static bool add_pieces(StoreWriter *writer, uint32_t id, Str record, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_TEXT_ADD];
	size_t n_bytes = piece_bytes(record.len);

	for (size_t i = 0; i * n_bytes < record.len; i++) {
		sqlite3_bind_int64(stmt, 1, PIECE_ID(id, (int64_t)i));
		bind_blob(stmt, 2, str_slice(record, i * n_bytes, (i + 1) * n_bytes));
		if (!statement_run(stmt, writer->working, err))
			return false;
	}
	return true;
}

static bool read_record(StoreWriter *writer, uint32_t id, Arena *arena, Str *ret_record, Error *err)
{
	return page_text_read(writer->stmts[WRITE_TEXT_GET], writer->working, id, arena, ret_record, err) &&
	       (ret_record->len || writer_damaged(writer, "a page's text is missing", err));
}

static bool remove_text(StoreWriter *writer, uint32_t id, Str record, Arena *arena, Error *err)
{
	return remove_postings(writer, id, record, arena, err) && remove_pieces(writer, id, err);
}

static bool gather_postings(StoreWriter *writer, uint32_t id, const PageTerms *terms, Error *err)
{
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		writer->n_places[field] += terms->n_places[field];
	return term_lists_add(writer->lists, id, terms, err);
}

static bool write_text(StoreWriter *writer, uint32_t id, bool is_new, const StoreRow *row, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str record = STR_EMPTY;

	if (writer->starts_empty)
		return add_pieces(writer, id, row->record, err) && gather_postings(writer, id, &row->terms, err);
	if (!is_new && !read_record(writer, id, &arena, &record, err))
		return false;
	if (!is_new && str_equal(record, row->record))
		return true; /* the same text: its postings stay */
	if (!is_new && !remove_text(writer, id, record, &arena, err))
		return false;
	count_words(writer, &row->streams, 1);
	return add_pieces(writer, id, row->record, err) &&
	       write_streams(writer, WRITE_FTS_ADD, id, &row->streams, err);
}

/* --- Pages ---------------------------------------------------------------------------- */

static bool run_for_page(StoreWriter *writer, WriterStatement which, uint32_t id, Error *err)
{
	sqlite3_bind_int64(writer->stmts[which], 1, id);
	return statement_run(writer->stmts[which], writer->working, err);
}

/* What stands before relurl in the absolute URL. */
static Str url_start(const Document *document)
{
	return str_ends_with(document->url, document->relurl)
	               ? str_slice(document->url, 0, document->url.len - document->relurl.len)
	               : STR_EMPTY;
}

static bool add_page(StoreWriter *writer, uint32_t id, const Document *document, Str terms, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_PAGE_ADD];

	sqlite3_bind_int64(stmt, 1, id);
	bind_str(stmt, 2, document->file);
	bind_str(stmt, 3, document->path);
	bind_str(stmt, 4, document->place);
	sqlite3_bind_int64(stmt, 5, document->kind);
	bind_str(stmt, 6, url_start(document));
	bind_str(stmt, 7, document->relurl);
	bind_str(stmt, 8, document->title);
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
	bind_blob(stmt, 19, terms);
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

/* Whether the page that is replaced stands in every list where @document will. */
static bool look_at_order(StoreWriter *writer, uint32_t id, const Document *document, bool *ret_is_same, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_PAGE_IS_LISTED];
	int status;

	sqlite3_bind_int64(stmt, 1, id);
	bind_str(stmt, 2, document->title);
	bind_str(stmt, 3, document->relurl);
	bind_str(stmt, 4, document->lang);
	bind_time(stmt, 5, document->published);
	status = sqlite3_step(stmt);
	*ret_is_same = status == SQLITE_ROW;
	return status == SQLITE_ROW || status == SQLITE_DONE || database_error(err, writer->db, writer->working);
}

/* Whether it had these terms and writes them as before, from the same place. */
static bool look_at_terms(StoreWriter *writer, uint32_t id, const Document *document, Str terms, bool *ret_is_same,
                          Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_PAGE_HAS_TERMS];
	int status;

	sqlite3_bind_int64(stmt, 1, id);
	bind_str(stmt, 2, document->place);
	bind_str(stmt, 3, document->lang);
	bind_blob(stmt, 4, terms);
	status = sqlite3_step(stmt);
	*ret_is_same = status == SQLITE_ROW;
	return status == SQLITE_ROW || status == SQLITE_DONE || database_error(err, writer->db, writer->working);
}

/* A page that was there is about to go: what need not be settled anew stays as it was. */
static bool replace_row(StoreWriter *writer, uint32_t id, const Document *document, Str terms, CatalogRow *row, Error *err)
{
	const CatalogRow *old = &writer->draft.rows.items[id];
	bool has_same_order, has_same_terms;

	if (!look_at_order(writer, id, document, &has_same_order, err) ||
	    !look_at_terms(writer, id, document, terms, &has_same_terms, err))
		return false;
	writer->order_is_changed = writer->order_is_changed || !has_same_order;
	row->title_rank = old->title_rank;
	row->file_rank = old->file_rank;
	if (has_same_terms)
		return true;
	touch_terms(writer, old);
	touch_terms(writer, row);
	return true;
}

static uint32_t page_of(const StoreFile *known)
{
	return known ? known->page : PAGE_NONE;
}

bool store_put(StoreWriter *writer, const StoreRow *row, const StoreFile *known, Error *err)
{
	CLEANUP(buf_deinit) Buf terms = BUF_INIT(BUF_NO_CEILING);
	StoreFile file = row->file;
	uint64_t start = monotonic_ns();
	bool is_new = page_of(known) == PAGE_NONE;
	CatalogRow entry;

	if (!writer_begin(writer, err))
		return false;
	writer->is_changed = true;
	file.page = is_new ? catalog_draft_new_page(&writer->draft) : known->page;
	entry = catalog_row(&writer->draft, row);
	if (!write_page_terms(writer, row->document, &entry, &terms, err))
		return false;
	if (is_new) {
		writer->order_is_changed = true;
		touch_terms(writer, &entry);
	} else if (!replace_row(writer, file.page, row->document, buf_str(&terms), &entry, err)) {
		free(entry.terms);
		return false;
	}
	catalog_draft_set(&writer->draft, file.page, entry);
	if ((!is_new && !run_for_page(writer, WRITE_PAGE_REMOVE, file.page, err)) ||
	    !add_page(writer, file.page, row->document, buf_str(&terms), err) ||
	    !write_text(writer, file.page, is_new, row, err) || !writer_put_source(writer, &file, err))
		return false;
	writer->times.write += (double)(monotonic_ns() - start) / 1e9;
	return true;
}

static bool remove_page(StoreWriter *writer, uint32_t id, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str record = STR_EMPTY;

	if (!writer_begin(writer, err) || !read_record(writer, id, &arena, &record, err))
		return false;
	writer->is_changed = writer->order_is_changed = true;
	if (!remove_text(writer, id, record, &arena, err))
		return false;
	touch_terms(writer, &writer->draft.rows.items[id]);
	catalog_draft_remove(&writer->draft, id);
	return run_for_page(writer, WRITE_PAGE_REMOVE, id, err);
}

bool store_leave_out(StoreWriter *writer, const StoreFile *file, const StoreFile *known, Error *err)
{
	StoreFile noted = *file;

	noted.page = PAGE_NONE;
	if (page_of(known) != PAGE_NONE && !remove_page(writer, known->page, err))
		return false;
	store_note(writer, &noted);
	return true;
}

bool store_remove(StoreWriter *writer, const StoreFile *known, Error *err)
{
	if (known->page != PAGE_NONE && !remove_page(writer, known->page, err))
		return false;
	vec_push(&writer->gone, known->file);
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

/* Of all that the site itself says of terms: what they are called, and in which language first. */
static uint64_t hash_own_terms(const StoreSite *site)
{
	uint64_t hash = hash_number(hash_bytes(site->default_lang), site->n_terms);

	for (size_t i = 0; i < site->n_facets; i++)
		hash = hash_more(hash_more(hash, site->facets[i].name), site->facets[i].plural);
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
	writer->own_terms_are_changed = own_hash != writer->own_terms_hash;
	writer->own_terms_hash = own_hash;
	writer->is_changed = true;
	writer->site_fingerprint = site_fingerprint;
	writer->facets = site->facets;
	writer->n_facets = site->n_facets;
	return writer_put_meta_text(writer, META_SITE_TITLE, site->title, err) &&
	       writer_put_meta_text(writer, META_BASE_URL, site->base_url, err) &&
	       writer_put_meta_text(writer, META_DEFAULT_LANG, site->default_lang, err) &&
	       writer_put_meta_int(writer, META_SITE_FINGERPRINT, (int64_t)site_fingerprint, err) &&
	       writer_put_meta_int(writer, META_OWN_TERMS, (int64_t)own_hash, err) &&
	       writer_put_meta_int(writer, META_TEXT_VERSION, TEXT_VERSION, err) &&
	       writer_put_meta_int(writer, META_LIBRARY_RULES, (int64_t)text_library_rules(), err) && write_own_terms(writer, site, err);
}
