/*
 * Words are read from FTS5's segments (segments.h). Phrases are left to FTS5, and so is
 * everything where its segments are not as we know them: an auxiliary function that is called
 * once, for the first row that matches, walks all rows with xQueryPhrase, by a C callback,
 * without a step of the virtual machine and a function call for each row.
 * docs/index-format.md has what that gains.
 *
 * The expression is one FTS5 string. The tokenizer splits it as it splits a column: terms of
 * one place are FTS5's synonyms, so several forms of a word make one phrase.
 */
#include "find.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "database.h"
#include "fts5_tokenizer.h"
#include "segments.h"
#include "term_stream.h"

#define POINTER_TYPE        "blogsearch-collector"
#define ROWS_BETWEEN_CLOCKS 1024

struct Finder {
	sqlite3 *db;
	const char *path;
	sqlite3_stmt *stmt;
	Segments *segments; /* NULL: not known; FTS5 is asked for all */
};

typedef struct Collector {
	PostingRows rows;
	uint64_t deadline_ns;
} Collector;

static void collector_deinit(Collector *collector)
{
	posting_rows_deinit(&collector->rows);
}

static int collect_row(const Fts5ExtensionApi *fts5, Fts5Context *row, void *context)
{
	Collector *collector = context;
	PostingRows *rows = &collector->rows;
	Fts5PhraseIter iterator;
	int column, place, status;
	Place last = 0;

	if (collector->deadline_ns && rows->n % ROWS_BETWEEN_CLOCKS == ROWS_BETWEEN_CLOCKS - 1 &&
	    monotonic_ns() > collector->deadline_ns)
		return SQLITE_INTERRUPT;
	posting_rows_add(rows, (uint32_t)fts5->xRowid(row), NULL, 0);
	status = fts5->xPhraseFirst(row, 0, &iterator, &column, &place);
	if (status != SQLITE_OK)
		return status;
	for (; column >= 0; fts5->xPhraseNext(row, &iterator, &column, &place)) {
		Place next = (Place)column << PLACE_FIELD_SHIFT | PLACE_NUMBER((Place)place);

		posting_rows_add_place(rows, last, next);
		last = next;
	}
	return SQLITE_OK;
}

static void collect_all(const Fts5ExtensionApi *fts5, Fts5Context *first, sqlite3_context *context, int n_values,
                        sqlite3_value **values)
{
	Collector *collector = n_values == 1 ? sqlite3_value_pointer(values[0], POINTER_TYPE) : NULL;
	int status;

	if (!collector) {
		sqlite3_result_error(context, "blogsearch_find wants its collector", -1);
		return;
	}
	status = fts5->xQueryPhrase(first, 0, collector, collect_row);
	if (status != SQLITE_OK)
		sqlite3_result_error_code(context, status);
}

bool finder_new(sqlite3 *db, const char *path, Finder **ret_finder, Error *err)
{
	fts5_api *api = fts5_api_of(db);
	CLEANUP(finder_freep) Finder *finder = xnew0(Finder);

	finder->db = db;
	finder->path = path;
	if (!api || api->xCreateFunction(api, "blogsearch_find", NULL, collect_all, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v3(db, "SELECT blogsearch_find(page_fts, ?2) FROM page_fts WHERE page_fts MATCH ?1 LIMIT 1",
	                       -1, SQLITE_PREPARE_PERSISTENT, &finder->stmt, NULL) != SQLITE_OK)
		return database_error(err, db, path);
	if (!segments_new(db, path, &finder->segments, err))
		return false;
	*ret_finder = TAKE(finder);
	return true;
}

Finder *finder_free(Finder *finder)
{
	if (!finder)
		return NULL;
	sqlite3_finalize(finder->stmt);
	segments_free(finder->segments);
	free(finder);
	return NULL;
}

/* In FTS5's string the quote is doubled; it is the one character that means anything there. */
static void append_quoted(Buf *out, Str term)
{
	for (size_t i = 0; i < term.len; i++) {
		if (term.data[i] == '"')
			buf_append_char(out, '"');
		buf_append_char(out, term.data[i]);
	}
}

/* A word that is its own stem stands in the index once, as itself: then that is looked for as well. */
static bool is_marked_stem(Str form)
{
	return form.len && form.data[0] == TERM_STEM_MARK;
}

static void append_form(Buf *out, Str form)
{
	append_quoted(out, form);
	if (is_marked_stem(form)) {
		buf_append_char(out, TERM_SAME_PLACE);
		append_quoted(out, str_from(form, 1));
	}
}

static void build_expression(const PhraseTerm *phrase, size_t n_terms, bool is_prefix, Buf *out)
{
	buf_append_char(out, '"');
	for (size_t i = 0; i < n_terms; i++) {
		if (i)
			buf_append_char(out, TERM_NEXT_PLACE);
		for (size_t j = 0; j < phrase[i].n_forms; j++) {
			if (j)
				buf_append_char(out, TERM_SAME_PLACE);
			append_form(out, phrase[i].forms[j]);
		}
	}
	buf_append_c(out, is_prefix ? "\" *" : "\"");
}

bool finder_ask_fts5(Finder *finder, const PhraseTerm *phrase, size_t n_terms, bool is_prefix, uint64_t deadline_ns,
                     Postings *ret_postings, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = finder->stmt;
	CLEANUP(buf_deinit) Buf expression = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(collector_deinit) Collector collector = { .rows = POSTING_ROWS_INIT, .deadline_ns = deadline_ns };
	int status;

	build_expression(phrase, n_terms, is_prefix, &expression);
	bind_str(stmt, 1, buf_str(&expression));
	sqlite3_bind_pointer(stmt, 2, &collector, POINTER_TYPE, NULL);
	status = sqlite3_step(stmt);
	if (status == SQLITE_ROW || status == SQLITE_DONE) {
		posting_rows_finish(&collector.rows, ret_postings);
		return true;
	}
	return database_error(err, finder->db, finder->path);
}

/* --- Words: read from the segments ---------------------------------------------------------- */

static bool read_form(Segments *segments, Str form, bool is_prefix, uint64_t deadline_ns, PostingRows *rows, Error *err)
{
	if (!segments_find(segments, form, is_prefix, deadline_ns, rows, err))
		return false;
	return !is_marked_stem(form) || segments_find(segments, str_from(form, 1), is_prefix, deadline_ns, rows, err);
}

static bool read_word(Segments *segments, const PhraseTerm *word, bool is_prefix, uint64_t deadline_ns,
                      Postings *ret_postings, Error *err)
{
	CLEANUP(posting_rows_deinit) PostingRows rows = POSTING_ROWS_INIT;

	for (size_t i = 0; i < word->n_forms; i++)
		if (!read_form(segments, word->forms[i], is_prefix, deadline_ns, &rows, err))
			return false;
	posting_rows_sort(&rows);
	posting_rows_finish(&rows, ret_postings);
	return true;
}

bool finder_run(Finder *finder, const PhraseTerm *phrase, size_t n_terms, bool is_prefix, uint64_t deadline_ns,
                Postings *ret_postings, Error *err)
{
	if (n_terms == 1 && finder->segments)
		return read_word(finder->segments, phrase, is_prefix, deadline_ns, ret_postings, err);
	return finder_ask_fts5(finder, phrase, n_terms, is_prefix, deadline_ns, ret_postings, err);
}

bool finder_has(Finder *finder, Str term, bool *ret_has, Error *err)
{
	*ret_has = true;
	return !finder->segments || segments_has(finder->segments, term, ret_has, err);
}

bool finder_reads_segments(const Finder *finder)
{
	return finder->segments != NULL;
}
