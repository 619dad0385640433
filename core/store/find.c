/*
 * An auxiliary function that is called once, for the first row that matches, and there walks
 * all rows with xQueryPhrase: FTS5's postings by a C callback, without a step of the virtual
 * machine and a function call for each row. docs/index-format.md has what that gains.
 *
 * The expression is one FTS5 string. The tokenizer splits it as it splits a column: terms of
 * one place are FTS5's synonyms, so several forms of a word make one phrase.
 */
#include "find.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/vec.h"
#include "database.h"
#include "fts5_tokenizer.h"
#include "term_stream.h"

#define POINTER_TYPE        "blogsearch-collector"
#define ROWS_BETWEEN_CLOCKS 1024

struct Finder {
	sqlite3 *db;
	const char *path;
	sqlite3_stmt *stmt;
};

typedef struct Collector {
	VEC(uint32_t) pages;
	VEC(uint32_t) start;
	VEC(Place) places;
	uint64_t deadline_ns;
} Collector;

static int collect_row(const Fts5ExtensionApi *fts5, Fts5Context *row, void *context)
{
	Collector *collector = context;
	Fts5PhraseIter iterator;
	int column, place, status;

	if (collector->deadline_ns && collector->pages.n % ROWS_BETWEEN_CLOCKS == ROWS_BETWEEN_CLOCKS - 1 &&
	    monotonic_ns() > collector->deadline_ns)
		return SQLITE_INTERRUPT;
	vec_push(&collector->pages, (uint32_t)fts5->xRowid(row));
	vec_push(&collector->start, (uint32_t)collector->places.n);
	status = fts5->xPhraseFirst(row, 0, &iterator, &column, &place);
	if (status != SQLITE_OK)
		return status;
	for (; column >= 0; fts5->xPhraseNext(row, &iterator, &column, &place))
		vec_push(&collector->places, (Place)column << PLACE_FIELD_SHIFT | PLACE_NUMBER((Place)place));
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
	Finder *finder;
	sqlite3_stmt *stmt = NULL;

	if (!api || api->xCreateFunction(api, "blogsearch_find", NULL, collect_all, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v3(db, "SELECT blogsearch_find(page_fts, ?2) FROM page_fts WHERE page_fts MATCH ?1 LIMIT 1",
	                       -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
		return database_error(err, db, path);
	finder = xnew0(Finder);
	*finder = (Finder){ db, path, stmt };
	*ret_finder = finder;
	return true;
}

Finder *finder_free(Finder *finder)
{
	if (!finder)
		return NULL;
	sqlite3_finalize(finder->stmt);
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

/* A word that is its own stem stands in the index once, as itself. */
static void append_form(Buf *out, Str form)
{
	append_quoted(out, form);
	if (form.len && form.data[0] == TERM_STEM_MARK) {
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

static void hand_over(Collector *collector, Postings *postings)
{
	vec_push(&collector->start, (uint32_t)collector->places.n);
	*postings = (Postings){
		.n_pages = (uint32_t)collector->pages.n,
		.pages = TAKE(collector->pages.items),
		.start = TAKE(collector->start.items),
		.places = TAKE(collector->places.items),
	};
}

bool finder_run(Finder *finder, const PhraseTerm *phrase, size_t n_terms, bool is_prefix, uint64_t deadline_ns,
                Postings *ret_postings, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = finder->stmt;
	CLEANUP(buf_deinit) Buf expression = BUF_INIT(BUF_NO_CEILING);
	Collector collector = { .deadline_ns = deadline_ns };
	int status;

	build_expression(phrase, n_terms, is_prefix, &expression);
	bind_str(stmt, 1, buf_str(&expression));
	sqlite3_bind_pointer(stmt, 2, &collector, POINTER_TYPE, NULL);
	status = sqlite3_step(stmt);
	if (status == SQLITE_ROW || status == SQLITE_DONE) {
		hand_over(&collector, ret_postings);
		return true;
	}
	database_error(err, finder->db, finder->path);
	vec_deinit(&collector.pages);
	vec_deinit(&collector.start);
	vec_deinit(&collector.places);
	return false;
}

void postings_deinit(Postings *postings)
{
	free(postings->pages);
	free(postings->start);
	free(postings->places);
	*postings = (Postings){ 0 };
}

bool postings_find(const Postings *postings, uint32_t page, uint32_t *ret_i)
{
	uint32_t low = 0, high = postings->n_pages;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (postings->pages[middle] < page)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_i = low;
	return low < postings->n_pages && postings->pages[low] == page;
}
