/*
 * See segment_writer.h, and segments.c for what a leaf is. Beside the leaves:
 *
 * Table page_fts_idx gets a row for each leaf that a term begins on, but for those whose first
 * term is the segment's first: the leaf's number, and of its first term as many bytes as tell it
 * from the one before.
 *
 * A list that goes on over several leaves without a term gets an index of its own, where FTS5
 * looks for a page: nodes, of which each holds whether there is one above it, the number of the
 * first leaf (or node below) that it is about, the first page there, and for each one behind
 * that the distance of its first page; 0 for a leaf on which no page begins. A node that is
 * full is followed by another, and the two are told of by one above them. The lowest bit of the
 * row in page_fts_idx says that there is such an index.
 */
#include "segment_writer.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/buf.h"
#include "blogsearch/vec.h"
#include "database.h"
#include "fts5_format.h"

#define LEAF_BYTES       4050 /* FTS5's own choice (`pgsz`): a leaf fills a page of SQLite's */
#define SEGMENT          1
#define SEGMENT_LEVEL    1    /* where 'optimize' leaves it */
#define AVERAGES_RECORD  1
#define INDEX_BIT        36   /* of a record that is a node of a list's index */
#define INDEX_LEVEL_SHIFT 31
#define LEAVES_LEAST     4    /* without a term, for which a list gets an index */
#define INDEX_LEVELS     8

enum { PUT_RECORD, PUT_LEAF_TERM, GET_RECORD, N_STATEMENTS };

static const char *const segment_sql[N_STATEMENTS] = {
	[PUT_RECORD] = "INSERT OR REPLACE INTO page_fts_data (id, block) VALUES (?1, ?2)",
	[PUT_LEAF_TERM] = "INSERT INTO page_fts_idx (segid, term, pgno) VALUES (?1, ?2, ?3)",
	[GET_RECORD] = "SELECT block FROM page_fts_data WHERE id = ?1",
};

/* The node of a list's index that is written to, on one level. */
typedef struct IndexNode {
	Buf bytes;
	uint32_t number; /* of the record; the lowest level's first one is that of the leaf where the list's term stands */
	uint32_t last;   /* page */
	bool has_last;
} IndexNode;

/* One that is full, or done, until it is known whether the list has an index at all. */
typedef struct Node {
	int64_t record;
	size_t at, len; /* in .nodes */
} Node;

struct SegmentWriter {
	sqlite3 *db;
	const char *path;
	sqlite3_stmt *stmts[N_STATEMENTS];

	uint32_t leaf; /* number of the one that is written to */
	Buf bytes, index; /* of it, and where its terms stand */
	size_t last_term_at; /* on it; 0: none */
	bool has_term, has_page; /* whether the leaf has one; behind a term a page counts for none */
	Buf term; /* the last one */
	bool is_first_page; /* of the term */
	uint32_t page;      /* the last one */

	Buf leaf_term; /* for table page_fts_idx: of the last leaf with a term */
	uint32_t term_leaf;  /* that leaf; 0: its row is written */
	uint32_t n_termless; /* leaves behind it */
	IndexNode levels[INDEX_LEVELS];
	Buf nodes;
	VEC(Node) list_nodes; /* of the list at hand */
	VEC(Node) done_nodes; /* of all lists: written at the end, behind the leaves */
};

/* --- The tables ------------------------------------------------------------------------ */

static bool put_record(SegmentWriter *writer, int64_t id, Str bytes, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[PUT_RECORD];

	sqlite3_bind_int64(stmt, 1, id);
	bind_blob(stmt, 2, bytes);
	return statement_run(stmt, writer->path, err);
}

/* FTS5's own tables are closed to ordinary statements otherwise. */
static void open_tables(sqlite3 *db, bool are_open)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, !are_open, NULL);
}

static void begin_leaf(SegmentWriter *writer)
{
	buf_clear(&writer->bytes);
	buf_clear(&writer->index);
	buf_append(&writer->bytes, (Str){ "\0\0\0\0", FTS5_LEAF_HEADER });
	writer->last_term_at = 0;
	writer->has_term = writer->has_page = false;
	writer->leaf++;
}

bool segment_writer_new(sqlite3 *db, const char *path, SegmentWriter **ret_writer, Error *err)
{
	CLEANUP(segment_writer_freep) SegmentWriter *writer = xnew0(SegmentWriter);

	writer->db = db;
	writer->path = path;
	writer->bytes = writer->index = writer->term = writer->leaf_term = writer->nodes = (Buf)BUF_INIT(BUF_NO_CEILING);
	for (unsigned i = 0; i < INDEX_LEVELS; i++)
		writer->levels[i].bytes = (Buf)BUF_INIT(BUF_NO_CEILING);
	begin_leaf(writer);
	writer->term_leaf = writer->leaf;
	open_tables(db, true);
	if (!database_prepare(db, path, segment_sql, N_STATEMENTS, writer->stmts, err))
		return false;
	*ret_writer = TAKE(writer);
	return true;
}

SegmentWriter *segment_writer_free(SegmentWriter *writer)
{
	if (!writer)
		return NULL;
	database_finalize(writer->stmts, N_STATEMENTS);
	open_tables(writer->db, false);
	buf_deinit(&writer->bytes);
	buf_deinit(&writer->index);
	buf_deinit(&writer->term);
	buf_deinit(&writer->leaf_term);
	for (unsigned i = 0; i < INDEX_LEVELS; i++)
		buf_deinit(&writer->levels[i].bytes);
	buf_deinit(&writer->nodes);
	vec_deinit(&writer->list_nodes);
	vec_deinit(&writer->done_nodes);
	free(writer);
	return NULL;
}

static void put_header_number(Buf *leaf, size_t at, size_t number)
{
	leaf->data[at] = (char)(number >> 8);
	leaf->data[at + 1] = (char)number;
}

/* --- The index of a long list -------------------------------------------------------------- */

static void keep_node(SegmentWriter *writer, unsigned level)
{
	IndexNode *node = &writer->levels[level];
	int64_t record = ((int64_t)SEGMENT << FTS5_SEGMENT_SHIFT) + ((int64_t)1 << INDEX_BIT) +
	                 ((int64_t)level << INDEX_LEVEL_SHIFT) + node->number;

	vec_push(&writer->list_nodes, (Node){ record, writer->nodes.len, node->bytes.len });
	buf_append(&writer->nodes, buf_str(&node->bytes));
}

/* The first page that a node is about stands behind two numbers. */
static uint32_t first_page_of(const IndexNode *node)
{
	const uint8_t *at = (const uint8_t *)node->bytes.data + 1;
	uint32_t page;

	(void)unpack_number(&at);
	page = unpack_number(&at);
	return page;
}

/* The node is full: the next one is begun, and both are known above. */
static void end_node(SegmentWriter *writer, unsigned level)
{
	IndexNode *node = &writer->levels[level], *above = node + 1;

	node->bytes.data[0] = 1; /* there is one above */
	keep_node(writer, level);
	if (!above->bytes.len) {
		above->number = node->number;
		above->last = first_page_of(node);
		above->has_last = true;
		append_number(&above->bytes, 0);
		append_number(&above->bytes, node->number);
		append_number(&above->bytes, above->last);
	}
	buf_clear(&node->bytes);
	node->has_last = false;
	node->number++;
}

/* A leaf without a term begins with @page, and each level above is told where a node was begun for it. */
static void index_page(SegmentWriter *writer, uint32_t page)
{
	bool goes_on = true;

	for (unsigned level = 0; goes_on && level < INDEX_LEVELS; level++) {
		IndexNode *node = &writer->levels[level];

		goes_on = level + 1 < INDEX_LEVELS && node->bytes.len >= LEAF_BYTES;
		if (goes_on)
			end_node(writer, level);
		if (!node->has_last) {
			append_number(&node->bytes, goes_on);
			append_number(&node->bytes, level ? writer->levels[level - 1].number : writer->leaf);
		}
		append_number(&node->bytes, node->has_last ? page - node->last : page);
		node->last = page;
		node->has_last = true;
	}
}

/* The list is at its end. Returns whether it has an index. */
static bool end_list_index(SegmentWriter *writer)
{
	bool is_kept = writer->levels[0].bytes.len && writer->n_termless >= LEAVES_LEAST;

	for (unsigned level = 0; level < INDEX_LEVELS && writer->levels[level].bytes.len; level++) {
		if (is_kept)
			keep_node(writer, level);
		buf_clear(&writer->levels[level].bytes);
		writer->levels[level].has_last = false;
	}
	if (is_kept)
		VEC_FOREACH (node, &writer->list_nodes)
			vec_push(&writer->done_nodes, *node);
	else if (writer->list_nodes.n)
		buf_truncate(&writer->nodes, writer->list_nodes.items[0].at);
	writer->list_nodes.n = 0;
	return is_kept;
}

static bool put_nodes(SegmentWriter *writer, Error *err)
{
	VEC_FOREACH (node, &writer->done_nodes)
		if (!put_record(writer, node->record, str_slice(buf_str(&writer->nodes), node->at, node->at + node->len), err))
			return false;
	return true;
}

/* --- Leaves ----------------------------------------------------------------------------------- */

static bool put_leaf_term(SegmentWriter *writer, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[PUT_LEAF_TERM];
	bool has_index;

	if (!writer->term_leaf)
		return true;
	has_index = end_list_index(writer);
	sqlite3_bind_int64(stmt, 1, SEGMENT);
	bind_blob(stmt, 2, buf_str(&writer->leaf_term));
	sqlite3_bind_int64(stmt, 3, (int64_t)writer->term_leaf << 1 | has_index);
	writer->term_leaf = writer->n_termless = 0;
	return statement_run(stmt, writer->path, err);
}

static bool end_leaf(SegmentWriter *writer, Error *err)
{
	put_header_number(&writer->bytes, 2, writer->bytes.len);
	if (!writer->has_term) {
		if (!writer->has_page && writer->levels[0].bytes.len)
			append_number(&writer->levels[0].bytes, 0);
		writer->n_termless++;
	}
	buf_append(&writer->bytes, buf_str(&writer->index));
	if (!put_record(writer, ((int64_t)SEGMENT << FTS5_SEGMENT_SHIFT) + writer->leaf, buf_str(&writer->bytes), err))
		return false;
	begin_leaf(writer);
	return true;
}

static size_t n_used(const SegmentWriter *writer)
{
	return writer->bytes.len + writer->index.len;
}

static bool is_full(const SegmentWriter *writer, size_t n_more)
{
	return n_used(writer) + n_more >= LEAF_BYTES;
}

/* The leaf's first term, @key, becomes known. */
static bool begin_terms(SegmentWriter *writer, Str key, size_t n_shared, Error *err)
{
	if (writer->leaf == 1)
		return true; /* the segment's first */
	if (!put_leaf_term(writer, err))
		return false;
	buf_clear(&writer->leaf_term);
	buf_append(&writer->leaf_term, str_slice(key, 0, n_shared + 1));
	writer->term_leaf = writer->leaf;
	return true;
}

static bool write_key(SegmentWriter *writer, Str key, Error *err)
{
	size_t n_shared = str_shared_bytes(buf_str(&writer->term), key);

	if (is_full(writer, key.len + 2) && writer->bytes.len > FTS5_LEAF_HEADER && !end_leaf(writer, err))
		return false;
	append_number(&writer->index, (uint32_t)(writer->bytes.len - writer->last_term_at));
	writer->last_term_at = writer->bytes.len;
	if (!writer->has_term) {
		if (!begin_terms(writer, key, n_shared, err))
			return false;
		n_shared = 0;
	} else {
		append_number(&writer->bytes, (uint32_t)n_shared);
	}
	append_number(&writer->bytes, (uint32_t)(key.len - n_shared));
	buf_append(&writer->bytes, str_from(key, n_shared));
	writer->has_term = writer->has_page = writer->is_first_page = true;
	writer->levels[0].number = writer->leaf;
	return true;
}

bool segment_write_term(SegmentWriter *writer, Str term, Error *err)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);

	buf_append_char(&key, FTS5_MAIN_INDEX);
	buf_append(&key, term);
	if (!write_key(writer, buf_str(&key), err))
		return false;
	buf_clear(&writer->term);
	buf_append(&writer->term, buf_str(&key));
	return true;
}

/* As much as the leaf has room for, whole numbers at least, then the next one. */
static bool write_places(SegmentWriter *writer, Str places, Error *err)
{
	while (is_full(writer, places.len)) {
		size_t n = n_used(writer) < LEAF_BYTES ? LEAF_BYTES - n_used(writer) : 0;

		while (n && n < places.len && places.data[n - 1] & 0x80)
			n++;
		buf_append(&writer->bytes, str_slice(places, 0, n));
		places = str_from(places, n);
		if (!end_leaf(writer, err))
			return false;
	}
	buf_append(&writer->bytes, places);
	return true;
}

bool segment_write_page(SegmentWriter *writer, uint32_t page, Str places, Error *err)
{
	bool is_whole;

	if (is_full(writer, 0) && !end_leaf(writer, err))
		return false;
	if (!writer->has_page) {
		put_header_number(&writer->bytes, 0, writer->bytes.len);
		index_page(writer, page);
	}
	is_whole = writer->is_first_page || !writer->has_page;
	append_number(&writer->bytes, is_whole ? page : page - writer->page);
	append_number(&writer->bytes, (uint32_t)places.len * 2); /* the lowest bit: it is gone */
	writer->page = page;
	writer->has_page = true;
	writer->is_first_page = false;
	return write_places(writer, places, err);
}

/* --- What there is ------------------------------------------------------------------------------ */

/* Its first bytes count how often the table's options were set: they stay. */
static bool put_structure(SegmentWriter *writer, uint32_t n_leaves, Error *err)
{
	CLEANUP(buf_deinit) Buf structure = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[GET_RECORD];
	static const uint32_t head[] = { SEGMENT_LEVEL + 1, 1, 0 }; /* levels, segments, leaves of later changes */

	sqlite3_bind_int64(stmt, 1, FTS5_STRUCTURE_RECORD);
	if (sqlite3_step(stmt) != SQLITE_ROW)
		return database_error(err, writer->db, writer->path);
	buf_append(&structure, str_slice(column_blob(stmt, 0), 0, FTS5_STRUCTURE_COOKIE));
	for (size_t i = 0; i < ARRAY_SIZE(head); i++)
		append_number(&structure, head[i]);
	for (unsigned level = 0; level <= SEGMENT_LEVEL; level++) {
		append_number(&structure, 0); /* segments that are being joined */
		append_number(&structure, level == SEGMENT_LEVEL);
	}
	append_number(&structure, SEGMENT);
	append_number(&structure, 1); /* its first leaf */
	append_number(&structure, n_leaves);
	return put_record(writer, FTS5_STRUCTURE_RECORD, buf_str(&structure), err);
}

static void append_large_number(Buf *out, uint64_t number)
{
	char bytes[10];
	size_t n = sizeof(bytes);

	bytes[--n] = (char)(number & 0x7f);
	while (number >>= 7)
		bytes[--n] = (char)(0x80 | (number & 0x7f));
	buf_append_bytes(out, bytes + n, sizeof(bytes) - n);
}

static bool put_averages(SegmentWriter *writer, uint32_t n_pages, const uint64_t n_places[N_TEXT_FIELDS], Error *err)
{
	CLEANUP(buf_deinit) Buf averages = BUF_INIT(BUF_NO_CEILING);

	append_large_number(&averages, n_pages);
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		append_large_number(&averages, n_places[field]);
	return put_record(writer, AVERAGES_RECORD, buf_str(&averages), err);
}

bool segment_writer_finish(SegmentWriter *writer, uint32_t n_pages, const uint64_t n_places[N_TEXT_FIELDS], Error *err)
{
	if (writer->bytes.len > FTS5_LEAF_HEADER && !end_leaf(writer, err))
		return false;
	if (writer->leaf > 1 && (!put_leaf_term(writer, err) || !put_nodes(writer, err) ||
	                         !put_structure(writer, writer->leaf - 1, err)))
		return false;
	return put_averages(writer, n_pages, n_places, err);
}
