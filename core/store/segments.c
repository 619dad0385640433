/*
 * See segments.h. The format is described in SQLite's ext/fts5/fts5_index.c ("FTS5 index
 * structure") and stands still: SQLite reads what any version wrote. In short:
 *
 * Record 10 of page_fts_data, the structure, lists the segments: levels, from the newest to
 * the oldest, and in each segments, from the oldest to the newest. What a newer segment says
 * of a term in a page hides what older ones say; an entry without places says that it is gone.
 *
 * A segment is a row of leaves, numbered from 1, record (segment << 37) + number. A leaf:
 * two bytes where the first page's number of a list begun on an earlier leaf stands, two
 * bytes where its index begins; terms, each followed by its list; the index: where the terms
 * stand. A term is written whole where it is the leaf's first, else as the bytes that it has
 * not in common with the one before. A list may go on over several leaves.
 *
 * A list: page numbers as differences (the first, and the first on each leaf, whole), each
 * followed by the number of bytes of its places, doubled, and these (postings.c).
 *
 * Table page_fts_idx says for each segment which leaf a term stands on.
 */
#include "segments.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/buf.h"
#include "blogsearch/clock.h"
#include "blogsearch/vec.h"
#include "database.h"
#include "fts5_format.h"

#define MIN_ROW_BYTES     2
#define LIMIT_TERM        1024 /* bytes; ours have at most LIMIT_WORD_BYTES and a few more */

enum { FIND_LEAF, FIND_NEXT_LEAF, N_SEGMENT_STATEMENTS };

static const char *const segment_sql[N_SEGMENT_STATEMENTS] = {
	[FIND_LEAF] = "SELECT pgno FROM page_fts_idx WHERE segid = ?1 AND term <= ?2 ORDER BY term DESC LIMIT 1",
	[FIND_NEXT_LEAF] = "SELECT pgno FROM page_fts_idx WHERE segid = ?1 AND term > ?2 ORDER BY term LIMIT 1",
};
static const char leaves_sql[] = "SELECT id, block FROM page_fts_data WHERE id BETWEEN ?1 AND ?2 ORDER BY id";

/* A segment, and where reading stands in it. */
typedef struct Segment {
	uint64_t id;
	uint32_t first, last; /* leaves */
	sqlite3_stmt *leaves; /* gives one leaf after the other */

	uint32_t leaf;          /* number of the one at hand */
	const uint8_t *data;    /* of it; valid until the next one is read */
	uint32_t n_data, n_all; /* without and with the index */
	uint32_t at;            /* behind the term: its list */
	uint32_t index_at;      /* what is not read yet of the index */
	uint32_t next_term;     /* where the next term on this leaf stands; 0: there is none */
	bool is_first_term;     /* on this leaf */
	bool has_term;          /* .term is the one that reading stands at */
	char term[LIMIT_TERM];
	uint32_t term_len;
} Segment;

struct Segments {
	sqlite3 *db;
	const char *path;
	sqlite3_stmt *stmts[N_SEGMENT_STATEMENTS];
	VEC(Segment) list; /* the newest first */
	uint64_t deadline_ns;
	PostingRows newer, older, joined; /* memory that is used again */
};

static bool damaged(const Segments *segments, Error *err)
{
	return error_damaged(err, segments->path, "the full-text index is damaged");
}

/* --- Numbers: seven bits a byte, the highest first; the ninth byte whole ------------------ */

static bool next_number(const uint8_t **at, const uint8_t *end, uint64_t *ret_number)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < 9 && *at < end; i++) {
		uint8_t byte = *(*at)++;

		if (i == 8) {
			*ret_number = number << 8 | byte;
			return true;
		}
		number = number << 7 | (byte & 0x7f);
		if (!(byte & 0x80)) {
			*ret_number = number;
			return true;
		}
	}
	return false;
}

static bool next_number32(const uint8_t **at, const uint8_t *end, uint32_t *ret_number)
{
	uint64_t number;

	if (*at < end && !(**at & 0x80)) {
		*ret_number = *(*at)++;
		return true;
	}
	if (!next_number(at, end, &number) || number > INT32_MAX)
		return false;
	*ret_number = (uint32_t)number;
	return true;
}

/* --- The structure --------------------------------------------------------------------------- */

typedef enum StructureOutcome { STRUCTURE_READ, STRUCTURE_UNKNOWN, STRUCTURE_DAMAGED } StructureOutcome;

static bool next_segment(const uint8_t **at, const uint8_t *end, Segment *segment)
{
	return next_number(at, end, &segment->id) && next_number32(at, end, &segment->first) &&
	       next_number32(at, end, &segment->last) && segment->id < UINT64_C(1) << (63 - FTS5_SEGMENT_SHIFT) &&
	       segment->first <= segment->last;
}

static bool next_level(Segments *segments, const uint8_t **at, const uint8_t *end)
{
	size_t first = segments->list.n;
	uint32_t n_merging, n;

	if (!next_number32(at, end, &n_merging) || !next_number32(at, end, &n) || n > (size_t)(end - *at))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		Segment segment = { 0 };

		if (!next_segment(at, end, &segment))
			return false;
		vec_push(&segments->list, segment);
	}
	for (size_t i = first, j = segments->list.n; i + 1 < j; i++, j--) {
		Segment oldest = segments->list.items[i];

		segments->list.items[i] = segments->list.items[j - 1];
		segments->list.items[j - 1] = oldest;
	}
	return true;
}

static StructureOutcome parse_structure(Segments *segments, Str record)
{
	const uint8_t *at = (const uint8_t *)record.data + FTS5_STRUCTURE_COOKIE;
	const uint8_t *end = (const uint8_t *)record.data + record.len;
	uint32_t n_levels, n_segments;
	uint64_t n_written;

	if (record.len < FTS5_STRUCTURE_COOKIE + 3)
		return STRUCTURE_DAMAGED;
	if (*at == 0xff)
		return STRUCTURE_UNKNOWN; /* the mark of the second form, for options that we do not use */
	if (!next_number32(&at, end, &n_levels) || !next_number32(&at, end, &n_segments) ||
	    !next_number(&at, end, &n_written))
		return STRUCTURE_DAMAGED;
	for (uint32_t level = 0; level < n_levels; level++)
		if (!next_level(segments, &at, end))
			return STRUCTURE_DAMAGED;
	return STRUCTURE_READ;
}

static bool read_structure(Segments *segments, bool *ret_is_known, Error *err)
{
	sqlite3_stmt *stmt = NULL;
	StructureOutcome outcome = STRUCTURE_DAMAGED;
	bool is_read = false;

	if (sqlite3_prepare_v2(segments->db,
	                       "SELECT (SELECT v FROM page_fts_config WHERE k = 'version'),"
	                       " (SELECT block FROM page_fts_data WHERE id = ?1)", -1, &stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_int(stmt, 1, FTS5_STRUCTURE_RECORD);
		is_read = sqlite3_step(stmt) == SQLITE_ROW;
	}
	if (is_read && sqlite3_column_int(stmt, 0) != FTS5_VERSION)
		outcome = STRUCTURE_UNKNOWN;
	else if (is_read)
		outcome = parse_structure(segments, column_blob(stmt, 1));
	sqlite3_finalize(stmt);
	*ret_is_known = outcome == STRUCTURE_READ;
	if (!is_read)
		return database_error(err, segments->db, segments->path);
	return outcome != STRUCTURE_DAMAGED || damaged(segments, err);
}

bool segments_new(sqlite3 *db, const char *path, Segments **ret_segments, Error *err)
{
	CLEANUP(segments_freep) Segments *segments = xnew0(Segments);
	bool is_known;

	segments->db = db;
	segments->path = path;
	*ret_segments = NULL;
	if (!read_structure(segments, &is_known, err))
		return false;
	if (!is_known)
		return true;
	if (!database_prepare(db, path, segment_sql, N_SEGMENT_STATEMENTS, segments->stmts, err))
		return false;
	VEC_FOREACH (segment, &segments->list)
		if (sqlite3_prepare_v3(db, leaves_sql, -1, SQLITE_PREPARE_PERSISTENT, &segment->leaves, NULL) != SQLITE_OK)
			return database_error(err, db, path);
	*ret_segments = TAKE(segments);
	return true;
}

Segments *segments_free(Segments *segments)
{
	if (!segments)
		return NULL;
	database_finalize(segments->stmts, N_SEGMENT_STATEMENTS);
	VEC_FOREACH (segment, &segments->list)
		sqlite3_finalize(segment->leaves);
	vec_deinit(&segments->list);
	posting_rows_deinit(&segments->newer);
	posting_rows_deinit(&segments->older);
	posting_rows_deinit(&segments->joined);
	free(segments);
	return NULL;
}

/* --- Leaves ------------------------------------------------------------------------------------- */

/* Where the next term of the leaf stands goes to .next_term. */
static bool read_index(const Segments *segments, Segment *segment, Error *err)
{
	const uint8_t *at = segment->data + segment->index_at, *end = segment->data + segment->n_all;
	uint32_t before = segment->next_term, distance;

	segment->next_term = 0;
	if (at == end)
		return true;
	if (!next_number32(&at, end, &distance) || distance < FTS5_LEAF_HEADER || distance >= segment->n_data - before)
		return damaged(segments, err);
	segment->next_term = before + distance;
	segment->index_at = (uint32_t)(at - segment->data);
	return true;
}

static bool take_leaf(const Segments *segments, Segment *segment, Str block, Error *err)
{
	segment->data = (const uint8_t *)block.data;
	segment->n_all = (uint32_t)block.len;
	if (block.len < FTS5_LEAF_HEADER)
		return damaged(segments, err);
	segment->n_data = (uint32_t)segment->data[2] << 8 | segment->data[3];
	if (segment->n_data < FTS5_LEAF_HEADER || segment->n_data > segment->n_all)
		return damaged(segments, err);
	segment->at = FTS5_LEAF_HEADER;
	segment->index_at = segment->n_data;
	segment->next_term = 0;
	segment->is_first_term = true;
	return read_index(segments, segment, err);
}

/* The leaf behind the one at hand; there must be one. */
static bool read_leaf(const Segments *segments, Segment *segment, Error *err)
{
	int status = sqlite3_step(segment->leaves);

	segment->leaf++;
	if (segments->deadline_ns && monotonic_ns() > segments->deadline_ns)
		return error_at(err, ERROR_BUSY, segments->path, 0, "took longer than it may", NULL);
	if (status == SQLITE_DONE ||
	    (status == SQLITE_ROW && ((uint64_t)sqlite3_column_int64(segment->leaves, 0) !=
	                              (segment->id << FTS5_SEGMENT_SHIFT) + segment->leaf)))
		return damaged(segments, err);
	if (status != SQLITE_ROW)
		return database_error(err, segments->db, segments->path);
	return take_leaf(segments, segment, column_blob(segment->leaves, 1), err);
}

static bool go_to_leaf(const Segments *segments, Segment *segment, uint32_t leaf, Error *err)
{
	uint64_t base = segment->id << FTS5_SEGMENT_SHIFT;

	sqlite3_reset(segment->leaves);
	sqlite3_bind_int64(segment->leaves, 1, (int64_t)(base + leaf));
	sqlite3_bind_int64(segment->leaves, 2, (int64_t)(base + segment->last));
	segment->leaf = leaf - 1;
	return read_leaf(segments, segment, err);
}

/* --- Terms ----------------------------------------------------------------------------------------- */

/* The term at .next_term becomes the one at hand. */
static bool read_term(const Segments *segments, Segment *segment, Error *err)
{
	const uint8_t *at = segment->data + segment->next_term, *end = segment->data + segment->n_data;
	uint32_t n_shared = 0, n;

	if ((!segment->is_first_term && !next_number32(&at, end, &n_shared)) || !next_number32(&at, end, &n) ||
	    n_shared > segment->term_len || n > (size_t)(end - at) || n_shared + n > sizeof(segment->term))
		return damaged(segments, err);
	memcpy(segment->term + n_shared, at, n);
	segment->term_len = n_shared + n;
	segment->at = (uint32_t)(at - segment->data) + n;
	segment->is_first_term = false;
	segment->has_term = true;
	return read_index(segments, segment, err);
}

static int compare_term(const Segment *segment, Str key)
{
	return str_compare((Str){ segment->term, segment->term_len }, key);
}

static bool begins_with(const Segment *segment, Str beginning)
{
	return segment->has_term && str_starts_with((Str){ segment->term, segment->term_len }, beginning);
}

/* The leaf that table page_fts_idx names; 0 where it names none. */
static bool find_leaf(const Segments *segments, Segment *segment, int statement, Str key, uint32_t *ret_leaf, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = segments->stmts[statement];
	int status;

	sqlite3_bind_int64(stmt, 1, (int64_t)segment->id);
	bind_blob(stmt, 2, key);
	status = sqlite3_step(stmt);
	if (status != SQLITE_ROW && status != SQLITE_DONE)
		return database_error(err, segments->db, segments->path);
	/* The lowest bit is a flag. */
	*ret_leaf = status == SQLITE_ROW ? (uint32_t)(sqlite3_column_int64(stmt, 0) >> 1) : 0;
	if (status == SQLITE_ROW && (*ret_leaf < 1 || *ret_leaf > segment->last))
		return damaged(segments, err);
	return true;
}

/* Goes to the first term of the leaf at hand, or of what follows it, that is not before @key. */
static bool skip_to(const Segments *segments, Segment *segment, Str key, Error *err)
{
	while (segment->next_term) {
		if (!read_term(segments, segment, err))
			return false;
		if (compare_term(segment, key) >= 0)
			return true;
	}
	segment->has_term = false;
	return true;
}

/* Goes to the first term that is not before @key: .has_term says whether there is one. */
static bool seek(const Segments *segments, Segment *segment, Str key, Error *err)
{
	uint32_t leaf;

	segment->has_term = false;
	segment->term_len = 0;
	if (!find_leaf(segments, segment, FIND_LEAF, key, &leaf, err))
		return false;
	if (!go_to_leaf(segments, segment, leaf < segment->first ? segment->first : leaf, err) ||
	    !skip_to(segments, segment, key, err))
		return false;
	if (segment->has_term)
		return true;
	/* Behind the last term of the leaf, whose list may fill many more: these are passed over. */
	if (!find_leaf(segments, segment, FIND_NEXT_LEAF, key, &leaf, err))
		return false;
	return !leaf || (go_to_leaf(segments, segment, leaf, err) && skip_to(segments, segment, key, err));
}

/* The term behind the one at hand, whose list has been read. */
static bool next_term(const Segments *segments, Segment *segment, Error *err)
{
	segment->has_term = false;
	if (!segment->next_term) {
		if (segment->leaf >= segment->last)
			return true;
		if (!read_leaf(segments, segment, err))
			return false;
		if (segment->next_term != FTS5_LEAF_HEADER)
			return damaged(segments, err);
	}
	return read_term(segments, segment, err);
}

/* --- Lists ------------------------------------------------------------------------------------------- */

/* Where the list at hand ends on this leaf. */
static uint32_t end_of_list(const Segment *segment)
{
	return segment->next_term ? segment->next_term : segment->n_data;
}

/* Whether the list goes on on the next leaf; if so, that one is read. */
static bool goes_on(const Segments *segments, Segment *segment, bool *ret_goes_on, Error *err)
{
	*ret_goes_on = false;
	if (segment->next_term || segment->leaf >= segment->last)
		return true;
	if (!read_leaf(segments, segment, err))
		return false;
	*ret_goes_on = segment->next_term != FTS5_LEAF_HEADER && segment->n_data > FTS5_LEAF_HEADER;
	return true;
}

/* @n bytes of places, which may lie on several leaves. */
static bool copy_places(const Segments *segments, Segment *segment, uint32_t n, PostingRows *rows, Error *err)
{
	posting_rows_reserve(rows, 1, n);
	while (n) {
		uint32_t left = end_of_list(segment) - segment->at, taken = n < left ? n : left;
		bool has_more;

		memcpy(rows->bytes + rows->n_bytes, segment->data + segment->at, taken);
		rows->n_bytes += taken;
		segment->at += taken;
		n -= taken;
		if (!n)
			return true;
		if (!goes_on(segments, segment, &has_more, err))
			return false;
		if (!has_more)
			return damaged(segments, err);
	}
	return true;
}

/* The rows that begin on this leaf. The last one may end on another one. @page is the row's before. */
static bool read_rows(const Segments *segments, Segment *segment, uint64_t *page, PostingRows *rows, Error *err)
{
	const uint8_t *at = segment->data + segment->at, *end = segment->data + end_of_list(segment);
	uint64_t before = 0; /* the first number on a leaf is whole */

	posting_rows_reserve(rows, (uint32_t)(end - at) / MIN_ROW_BYTES + 1, (size_t)(end - at));
	while (at < end) {
		uint64_t number;
		uint32_t size;

		if (!next_number(&at, end, &number) || !next_number32(&at, end, &size))
			return damaged(segments, err);
		number += before;
		if (number > UINT32_MAX || number <= *page)
			return damaged(segments, err);
		before = *page = number;
		rows->pages[rows->n] = (uint32_t)number;
		rows->start[rows->n++] = rows->n_bytes;
		size /= 2; /* the lowest bit says that what older segments have is gone: so it is in any case */
		if (size > (size_t)(end - at)) {
			segment->at = (uint32_t)(at - segment->data);
			return copy_places(segments, segment, size, rows, err);
		}
		memcpy(rows->bytes + rows->n_bytes, at, size);
		rows->n_bytes += size;
		at += size;
	}
	segment->at = (uint32_t)(at - segment->data);
	return true;
}

/* Appends the list of the term at hand. */
static bool read_list(const Segments *segments, Segment *segment, PostingRows *rows, Error *err)
{
	uint64_t page = 0;
	bool has_more = true;

	rows->is_sorted = !rows->n;
	while (has_more) {
		if (!read_rows(segments, segment, &page, rows, err))
			return false;
		/* The last row may have led to another leaf, where further rows stand. */
		has_more = segment->at < end_of_list(segment);
		if (!has_more && !goes_on(segments, segment, &has_more, err))
			return false;
	}
	return true;
}

/* --- Finding ------------------------------------------------------------------------------------------- */

static bool is_at(const Segment *segment, Str term)
{
	return segment->has_term && compare_term(segment, term) == 0;
}

/* What several segments say of a term, the newest first, put together in segments->newer. */
static bool overlay_lists(Segments *segments, Str term, Error *err)
{
	posting_rows_clear(&segments->newer);
	VEC_FOREACH (segment, &segments->list) {
		PostingRows joined;

		if (!is_at(segment, term))
			continue;
		posting_rows_clear(&segments->older);
		if (!read_list(segments, segment, &segments->older, err))
			return false;
		posting_rows_overlay(&segments->newer, &segments->older, &segments->joined);
		joined = segments->joined;
		segments->joined = segments->newer;
		segments->newer = joined;
	}
	return true;
}

/* Appends the rows of @term, at which all segments stand that have it. */
static bool read_lists(Segments *segments, Str term, PostingRows *rows, Error *err)
{
	Segment *only = NULL;
	uint32_t n_before = rows->n;
	size_t n = 0;

	VEC_FOREACH (segment, &segments->list)
		if (is_at(segment, term)) {
			only = segment;
			n++;
		}
	if (n == 1) {
		if (!read_list(segments, only, rows, err))
			return false;
	} else if (n > 1) {
		if (!overlay_lists(segments, term, err))
			return false;
		posting_rows_append(rows, &segments->newer);
	}
	posting_rows_drop_empty(rows, n_before);
	return true;
}

/* The first term that any segment stands at, copied to @buffer; empty: none that begins with @beginning. */
static Str least_term(const Segments *segments, Str beginning, char buffer[LIMIT_TERM])
{
	const Segment *least = NULL;

	VEC_FOREACH (segment, &segments->list)
		if (begins_with(segment, beginning) &&
		    (!least || compare_term(segment, (Str){ least->term, least->term_len }) < 0))
			least = segment;
	if (!least)
		return STR_EMPTY;
	memcpy(buffer, least->term, least->term_len);
	return (Str){ buffer, least->term_len };
}

static bool read_all_terms(Segments *segments, Str beginning, PostingRows *rows, Error *err)
{
	char buffer[LIMIT_TERM];
	Str term;

	while (term = least_term(segments, beginning, buffer), term.len) {
		if (!read_lists(segments, term, rows, err))
			return false;
		VEC_FOREACH (segment, &segments->list)
			if (is_at(segment, term) && !next_term(segments, segment, err))
				return false;
	}
	return true;
}

static bool find(Segments *segments, Str term, bool is_prefix, PostingRows *rows, Error *err)
{
	VEC_FOREACH (segment, &segments->list)
		if (!seek(segments, segment, term, err))
			return false;
	return is_prefix ? read_all_terms(segments, term, rows, err) : read_lists(segments, term, rows, err);
}

static void make_key(Str term, Buf *key)
{
	buf_append_char(key, FTS5_MAIN_INDEX);
	buf_append(key, term);
}

bool segments_has(Segments *segments, Str term, bool *ret_has, Error *err)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);
	bool has = false;

	segments->deadline_ns = 0;
	make_key(term, &key);
	VEC_FOREACH (segment, &segments->list) {
		if (!seek(segments, segment, buf_str(&key), err))
			return false;
		has = has || is_at(segment, buf_str(&key));
		sqlite3_reset(segment->leaves);
	}
	*ret_has = has;
	return true;
}

bool segments_find(Segments *segments, Str term, bool is_prefix, uint64_t deadline_ns, PostingRows *rows, Error *err)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);
	bool is_found;

	segments->deadline_ns = deadline_ns;
	make_key(term, &key);
	is_found = find(segments, buf_str(&key), is_prefix, rows, err);
	VEC_FOREACH (segment, &segments->list)
		sqlite3_reset(segment->leaves);
	return is_found;
}
