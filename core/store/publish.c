/*
 * The end of a run: what is derived (ranks, catalog, vocabulary) is laid out, the transaction
 * committed, the file checked, synced and put in place.
 */
#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/hash.h"
#include "catalog_format.h"
#include "database.h"
#include "meta.h"
#include "same_urls.h"
#include "segment_writer.h"
#include "term_stream.h"
#include "title_index.h"
#include "vocabulary.h"
#include "working_copy.h"
#include "writer.h"

#define FREE_PAGES_LEAST 256 /* below that a file is not copied to be rid of them */

static bool rank_by_file(StoreWriter *writer, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_IDS_BY_FILE];
	uint32_t rank = 0;
	int status;

	while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
		CatalogRow *row = writer_row(writer, sqlite3_column_int64(stmt, 0));

		if (!row)
			return writer_damaged(writer, "sources and catalog disagree", err);
		row->file_rank = rank++;
	}
	return status == SQLITE_DONE || database_error(err, writer->db, writer->working);
}

typedef struct Titled {
	Str title, key; /* key: folded; until they are in order */
	uint32_t page;
	CatalogRow *row;
} Titled;

typedef VEC(Titled) TitledRows;

static int compare_titled(const void *a, const void *b)
{
	const Titled *x = a, *y = b;
	int order = str_compare(x->key, y->key);

	return order ? order : x->row->file_rank < y->row->file_rank ? -1 : x->row->file_rank > y->row->file_rank;
}

static bool read_titles(StoreWriter *writer, Arena *arena, Arena *keys, TitledRows *titles, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_TITLES];
	int status;

	while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
		int64_t page = sqlite3_column_int64(stmt, 0);
		CatalogRow *row = writer_row(writer, page);
		Str title = arena_str_dup(arena, column_str(stmt, 1));

		if (!row)
			return writer_damaged(writer, "pages and catalog disagree", err);
		vec_push(titles, (Titled){ title, text_fold_dup(title, keys), (uint32_t)page, row });
	}
	return status == SQLITE_DONE || database_error(err, writer->db, writer->working);
}

/* Straight into the file's pages: a row with the bytes in it would take as much memory once more. */
static bool put_part(StoreWriter *writer, const char *part, Str bytes, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_CATALOG_PUT];
	sqlite3_blob *blob = NULL;
	bool is_written;

	bind_str(stmt, 1, str_from_c(part));
	sqlite3_bind_int64(stmt, 2, (int64_t)hash_bytes(bytes));
	sqlite3_bind_zeroblob64(stmt, 3, bytes.len);
	if (!statement_run(stmt, writer->working, err))
		return false;
	is_written = sqlite3_blob_open(writer->db, "main", "catalog", "bytes", sqlite3_last_insert_rowid(writer->db), 1,
	                               &blob) == SQLITE_OK &&
	             sqlite3_blob_write(blob, bytes.data, (int)bytes.len, 0) == SQLITE_OK;
	if (!is_written)
		database_error(err, writer->db, writer->working);
	sqlite3_blob_close(blob);
	return is_written;
}

/* Titles being put in order, and laid out for completing what is typed: in a thread of its own, since nothing of it is the file's. */
typedef struct TitleWork {
	StoreWriter *writer;
	Arena arena, keys;
	TitledRows titles;
	Buf bytes; /* laid out */
	Background ordering;
} TitleWork;

static void title_work_deinit(TitleWork *work)
{
	background_deinit(&work->ordering);
	vec_deinit(&work->titles);
	arena_deinit(&work->arena);
	arena_deinit(&work->keys);
	buf_deinit(&work->bytes);
}

static void lay_out_titles(TitleWork *work)
{
	const CatalogDraft *draft = &work->writer->draft;
	size_t n = work->titles.n;
	CLEANUP(free_ptr) PageTitle *titles = xnew_n(PageTitle, n + 1);

	for (size_t i = 0; i < n; i++) {
		const Titled *page = &work->titles.items[i];

		titles[i] = (PageTitle){ page->page, page->title, draft->langs.entries[page->row->lang].key,
			                 page->row->published, page->row->file_rank };
	}
	title_index_make(work->writer->analyzer, titles, n, &work->bytes);
}

/* Of what others use meanwhile only the ranks of titles are written, which nobody reads before it is done. */
static bool order_titles(void *context, Error *err)
{
	TitleWork *work = context;

	(void)err;
	if (work->titles.n)
		qsort(work->titles.items, work->titles.n, sizeof(Titled), compare_titled);
	for (uint32_t rank = 0; rank < work->titles.n; rank++)
		work->titles.items[rank].row->title_rank = rank;
	arena_deinit(&work->keys);
	lay_out_titles(work);
	return true;
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
	uint32_t n_numbered;
} TermList;

static bool is_term_of(sqlite3_stmt *terms, int64_t facet)
{
	return sqlite3_column_int64(terms, 1) == facet;
}

/* The rows of one term, a row a language; the first one's name and URL stand for the term. Returns the next row's status. */
static int lay_out_term(StoreWriter *writer, sqlite3_stmt *terms, TermList *list)
{
	CLEANUP(buf_deinit) Buf others = BUF_INIT(BUF_NO_CEILING);
	int64_t id = sqlite3_column_int64(terms, 0);
	uint64_t n_others = 0;
	int status;

	if (id > 0 && id <= STORE_TERM_ID_MOST) /* one of another number no page has: put_catalog() will tell */
		writer_number_term(writer, id, list->n_numbered);
	list->n_numbered++;
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
			term_status = lay_out_term(writer, terms, list);
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

static bool put_terms(StoreWriter *writer, Error *err)
{
	CLEANUP(buf_deinit) Buf terms = BUF_INIT(BUF_NO_CEILING);
	TermList list = { .bytes = BUF_INIT(BUF_NO_CEILING) };
	bool is_done;

	for (size_t i = 0; i < writer->n_term_numbers; i++)
		writer->term_numbers[i] = CATALOG_NO_TERM;
	is_done = lay_out_terms(writer, &list, &terms, err);

	buf_deinit(&list.bytes);
	return is_done && put_part(writer, CATALOG_PART_TERMS, buf_str(&terms), err);
}

/* Where neither the site nor a page says anything else of terms, they stay, and their numbers are those that were loaded. */
static bool put_catalog(StoreWriter *writer, Error *err)
{
	CLEANUP(buf_deinit) Buf pages = BUF_INIT(BUF_NO_CEILING);
	bool terms_are_changed = writer->starts_empty || writer->own_terms_are_changed || writer->touched_terms.n;

	if (terms_are_changed && !put_terms(writer, err))
		return false;
	if (!catalog_draft_write(&writer->draft, writer->term_numbers, writer->n_term_numbers, &pages))
		return writer_damaged(writer, "pages and terms disagree", err);
	return put_part(writer, CATALOG_PART_PAGES, buf_str(&pages), err);
}

/* --- The vocabulary --------------------------------------------------------------------- */

static bool put_changed_words(StoreWriter *writer, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_CATALOG_GET];
	CLEANUP(buf_deinit) Buf merged = BUF_INIT(BUF_NO_CEILING);
	int status;
	Str old;

	bind_str(stmt, 1, STR(CATALOG_PART_VOCABULARY));
	status = sqlite3_step(stmt);
	if (status != SQLITE_ROW && status != SQLITE_DONE)
		return database_error(err, writer->db, writer->working);
	old = status == SQLITE_ROW ? column_blob(stmt, 0) : STR_EMPTY;
	if (status != SQLITE_ROW || (uint64_t)sqlite3_column_int64(stmt, 1) != hash_bytes(old) ||
	    !vocabulary_merge(old, &writer->words, &merged))
		return writer_damaged(writer, "the vocabulary is damaged", err);
	return put_part(writer, CATALOG_PART_VOCABULARY, buf_str(&merged), err);
}

static bool words_have_changed(const Map *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (words->entries[i].value)
			return true;
	return false;
}

/* --- The postings of an index that is made anew --------------------------------------------- */

static bool put_list(StoreWriter *writer, SegmentWriter *segment, Str term, VocabularyWriter *words, Error *err)
{
	uint32_t page, n_pages = 0;
	Str places;

	if (!segment_write_term(segment, term, err))
		return false;
	for (;; n_pages++) {
		if (!term_lists_next_page(writer->lists, &page, &places, err))
			return false;
		if (!page)
			break;
		if (!segment_write_page(segment, page, places, err))
			return false;
	}
	if (term_is_word(term))
		vocabulary_add(words, term, n_pages);
	return true;
}

/* The words are counted by the way: counting them page by page would take memory for each. */
static bool put_lists(StoreWriter *writer, VocabularyWriter *words, Error *err)
{
	CLEANUP(segment_writer_freep) SegmentWriter *segment = NULL;
	Str term;

	if (!segment_writer_new(writer->db, writer->working, &segment, err) || !term_lists_begin(writer->lists, err))
		return false;
	for (;;) {
		if (!term_lists_next(writer->lists, &term, err))
			return false;
		if (!term.len)
			return segment_writer_finish(segment, writer->draft.n_pages, writer->n_places, err);
		if (!put_list(writer, segment, term, words, err))
			return false;
	}
}

static bool put_all_words(StoreWriter *writer, Error *err)
{
	CLEANUP(vocabulary_writer_deinit) VocabularyWriter words;
	CLEANUP(buf_deinit) Buf vocabulary = BUF_INIT(BUF_NO_CEILING);

	vocabulary_writer_init(&words);
	if (!put_lists(writer, &words, err))
		return false;
	writer->lists = term_lists_free(writer->lists);
	vocabulary_write(&words, &vocabulary);
	return put_part(writer, CATALOG_PART_VOCABULARY, buf_str(&vocabulary), err);
}

static bool put_vocabulary(StoreWriter *writer, Error *err)
{
	if (writer->starts_empty)
		return put_all_words(writer, err);
	return !words_have_changed(&writer->words) || put_changed_words(writer, err);
}

/* --- Sources that were read and gave nothing new ------------------------------------------- */

static bool put_notes(StoreWriter *writer, Error *err)
{
	VEC_FOREACH (file, &writer->notes)
		if (!writer_put_source(writer, file, err))
			return false;
	VEC_FOREACH (file, &writer->gone)
		if (!writer_remove_source(writer, *file, err))
			return false;
	return true;
}

/* --- Publishing -------------------------------------------------------------------------- */

static bool put_generation(StoreWriter *writer, Error *err)
{
	int64_t now = time_now();
	uint64_t generation = (uint64_t)(now > 0 ? now : 0) * 1000;

	if (generation <= writer->generation && writer->generation < INT64_MAX)
		generation = writer->generation + 1;
	return writer_put_meta_int(writer, META_GENERATION, (int64_t)generation, err) &&
	       writer_put_meta_int(writer, META_BUILT_AT, now, err);
}

/* --- The check ---------------------------------------------------------------------------- */

/* @sql gives each page's number; whether these are the catalog's, each once. */
static bool check_numbers(StoreReader *reader, const Catalog *catalog, const char *sql, Error *err)
{
	CLEANUP(free_ptr) bool *is_seen = xnew0_n(bool, catalog->n_slots);
	sqlite3_stmt *stmt = NULL;
	bool agrees = true;
	uint32_t n = 0;
	int status = SQLITE_ERROR;

	if (sqlite3_prepare_v2(reader_database(reader), sql, -1, &stmt, NULL) == SQLITE_OK)
		for (; agrees && (status = sqlite3_step(stmt)) == SQLITE_ROW; n++) {
			int64_t page = sqlite3_column_int64(stmt, 0);

			agrees = page > 0 && page < catalog->n_slots && (catalog->flags[page] & CATALOG_PRESENT) && !is_seen[page];
			if (agrees)
				is_seen[page] = true;
		}
	sqlite3_finalize(stmt);
	if (agrees && status != SQLITE_DONE)
		return database_error(err, reader_database(reader), reader_path(reader));
	return (agrees && n == catalog->n_pages) || error_damaged(err, reader_path(reader), "rows and catalog disagree");
}

/*
 * All of the file, as a reader opens it: what was written is read from the file again, not out of
 * the writer's memory. A reader's small cache makes that four times as fast as the writer's large
 * one, which has to be filled; without a mapping an I/O error is one, and no signal.
 */
static bool check_tables(const char *path, Error *err)
{
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	sqlite3_stmt *stmt = NULL;
	bool is_ok = false;

	if (!store_reader_open(path, &reader, err) || !database_map(reader_database(reader), false, path, err))
		return false;
	if (sqlite3_prepare_v2(reader_database(reader), "PRAGMA quick_check(1)", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		is_ok = str_equal(column_str(stmt, 0), STR("ok"));
	sqlite3_finalize(stmt);
	return is_ok || error_damaged(err, path, "its tables are damaged");
}

/* What an engine takes into memory, and that it is about the pages that there are. */
static bool check_parts(void *context, Error *err)
{
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	CLEANUP(catalog_deinit) Catalog catalog = { 0 };
	CLEANUP(title_index_deinit) TitleIndex titles = { 0 };
	CLEANUP(free_ptr) char *bytes = NULL;
	Str vocabulary;

	if (!store_reader_open(context, &reader, err) || !store_load_catalog(reader, &catalog, err) ||
	    !store_load_titles(reader, catalog.n_slots, &titles, err) || !store_load_vocabulary(reader, &vocabulary, err))
		return false;
	bytes = (char *)vocabulary.data;
	return check_numbers(reader, &catalog, "SELECT id FROM page", err) &&
	       check_numbers(reader, &catalog, "SELECT page_id FROM source WHERE page_id <> 0", err);
}

/* Both at once; of two errors the tables' is told. */
static bool check(StoreWriter *writer, Error *err)
{
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	Background checking = { 0 };
	bool is_sound;

	background_begin(&checking, check_parts, writer->working);
	is_sound = check_tables(writer->working, &why);
	is_sound = background_end(&checking, is_sound ? &why : NULL) && is_sound;
	if (is_sound)
		return true;
	if (why.is_damage)
		return writer_damaged(writer, "the new index did not pass its check", err);
	error_move(err, &why);
	return false;
}

/* --- Settling ----------------------------------------------------------------------------- */

/* What depends on which pages there are, and on what they are called, stays where that has. */
static bool settle_order(StoreWriter *writer, TitleWork *work, Error *err)
{
	if (!writer->order_is_changed)
		return true;
	if (!rank_by_file(writer, err) || !read_titles(writer, &work->arena, &work->keys, &work->titles, err))
		return false;
	background_begin(&work->ordering, order_titles, work);
	return settle_same_urls(writer, err);
}

static bool put_titles(StoreWriter *writer, TitleWork *work, Error *err)
{
	return !writer->order_is_changed || (background_end(&work->ordering, err) &&
	                                     put_part(writer, CATALOG_PART_TITLES, buf_str(&work->bytes), err));
}

/* The catalog has the ranks of titles in it. */
static bool settle(StoreWriter *writer, Error *err)
{
	CLEANUP(title_work_deinit) TitleWork work = { .writer = writer, .arena = ARENA_INIT, .keys = ARENA_INIT,
		                                      .bytes = BUF_INIT(BUF_NO_CEILING) };

	return put_notes(writer, err) && settle_order(writer, &work, err) && settle_terms(writer, err) &&
	       write_facets(writer, err) && put_vocabulary(writer, err) && put_titles(writer, &work, err) &&
	       put_catalog(writer, err) && put_generation(writer, err) && writer_put_glance(writer, err);
}

static bool read_int(StoreWriter *writer, const char *pragma, int64_t *ret_value, Error *err)
{
	sqlite3_stmt *stmt = NULL;
	bool is_read = sqlite3_prepare_v2(writer->db, pragma, -1, &stmt, NULL) == SQLITE_OK &&
	               sqlite3_step(stmt) == SQLITE_ROW;

	if (is_read)
		*ret_value = sqlite3_column_int64(stmt, 0);
	else
		database_error(err, writer->db, writer->working);
	sqlite3_finalize(stmt);
	return is_read;
}

/*
 * Pages of the file that have become free are used again; but joining segments leaves as many
 * as a segment is long. Then what is in use is copied to another file.
 */
static bool compact(StoreWriter *writer, Error *err)
{
	CLEANUP(free_ptr) char *compacted = NULL;
	int64_t n_pages, n_free;

	if (!read_int(writer, "PRAGMA page_count", &n_pages, err) || !read_int(writer, "PRAGMA freelist_count", &n_free, err))
		return false;
	if (n_free < FREE_PAGES_LEAST || n_free < n_pages / (writer->starts_empty ? 20 : 4))
		return true;
	compacted = xasprintf("%s-compacted", writer->working);
	if (!database_copy_compacted(writer->db, writer->working, compacted, err))
		return false;
	writer->db = database_close(writer->db);
	unlink(writer->working);
	free(writer->working);
	writer->working = TAKE(compacted);
	return database_open_working(writer->working, &writer->db, err);
}

static bool sync_copy(void *context, Error *err)
{
	const StoreWriter *writer = context;

	return working_copy_sync(writer->working, err);
}

/* Side by side: one waits for the disk. Both are waited for, whatever comes of them. */
static bool check_and_sync(StoreWriter *writer, Error *err)
{
	bool is_sound, is_synced;

	background_begin(&writer->syncing, sync_copy, writer);
	is_sound = check(writer, err);
	is_synced = background_end(&writer->syncing, is_sound ? err : NULL);
	return is_sound && is_synced;
}

static double seconds_since(uint64_t *start)
{
	uint64_t now = monotonic_ns(), before = *start;

	*start = now;
	return (double)(now - before) / 1e9;
}

bool store_writer_publish(StoreWriter *writer, Error *err)
{
	uint64_t start = monotonic_ns();

	if (!store_writer_is_changed(writer))
		return true;
	if (!writer_begin(writer, err) || !settle(writer, err))
		return false;
	writer->times.derive = seconds_since(&start);
	if (!database_exec(writer->db, writer->working, "COMMIT", err))
		return false;
	database_finalize(writer->stmts, N_WRITER_STATEMENTS);
	background_deinit(&writer->writing_early);
	if (!compact(writer, err))
		return false;
	writer->times.commit = seconds_since(&start);
	writer->db = database_close(writer->db);
	if (!check_and_sync(writer, err))
		return false;
	writer->times.check = seconds_since(&start);
	if (!working_copy_put(writer->working, writer->path, err))
		return false;
	writer->times.put = seconds_since(&start);
	free(TAKE(writer->working)); /* it is the published file now */
	writer->is_changed = false;
	writer->notes.n = writer->gone.n = 0;
	return true;
}
