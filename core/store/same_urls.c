/* See same_urls.h. Candidates are told by the catalog's hashes, so that only their rows are read. */
#include "same_urls.h"

#include <stdlib.h>

#include "database.h"
#include "meta.h"

#define SAME_URLS_AT_MOST 100 /* that are told */

typedef struct Candidate {
	uint32_t hash, file_rank, page;
} Candidate;

typedef VEC(Candidate) Candidates;

static int compare_candidates(const void *a, const void *b)
{
	const Candidate *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->file_rank < y->file_rank ? -1 : x->file_rank > y->file_rank;
}

static Candidates candidates_of(const CatalogDraft *draft)
{
	Candidates all = { 0 };

	for (uint32_t page = 1; page < draft->rows.n; page++)
		if (draft->rows.items[page].flags)
			vec_push(&all, (Candidate){ draft->rows.items[page].url_hash, draft->rows.items[page].file_rank, page });
	if (all.n)
		qsort(all.items, all.n, sizeof(Candidate), compare_candidates);
	return all;
}

static bool read_address(StoreWriter *writer, uint32_t page, Arena *arena, Str *ret_file, Str *ret_relurl, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *stmt = writer->stmts[WRITE_PAGE_ADDRESS];
	int status;

	sqlite3_bind_int64(stmt, 1, page);
	status = sqlite3_step(stmt);
	if (status == SQLITE_DONE)
		return writer_damaged(writer, "pages and catalog disagree", err);
	if (status != SQLITE_ROW)
		return database_error(err, writer->db, writer->working);
	*ret_file = arena_str_dup(arena, column_str(stmt, 0));
	*ret_relurl = arena_str_dup(arena, column_str(stmt, 1));
	return true;
}

static void pack(Str text, Buf *packed)
{
	buf_append_varint(packed, text.len);
	buf_append(packed, text);
}

/* Two that follow one another in the order of hashes and files. */
static bool compare_pair(StoreWriter *writer, uint32_t page, uint32_t other, Buf *packed, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str file, relurl, other_file, other_relurl;

	if (!read_address(writer, page, &arena, &file, &relurl, err) ||
	    !read_address(writer, other, &arena, &other_file, &other_relurl, err))
		return false;
	if (!str_equal(relurl, other_relurl))
		return true;
	pack(other_file, packed);
	pack(file, packed);
	pack(relurl, packed);
	return true;
}

static bool put(StoreWriter *writer, Str packed, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_META_PUT];

	bind_str(stmt, 1, STR(META_SAME_URLS));
	bind_blob(stmt, 2, packed);
	return statement_run(stmt, writer->working, err);
}

bool settle_same_urls(StoreWriter *writer, Error *err)
{
	CLEANUP(buf_deinit) Buf packed = BUF_INIT(BUF_NO_CEILING);
	Candidates all = candidates_of(&writer->draft);
	unsigned n = 0;
	bool is_done = true;

	for (size_t i = 1; is_done && i < all.n && n < SAME_URLS_AT_MOST; i++) {
		if (all.items[i].hash != all.items[i - 1].hash)
			continue;
		is_done = compare_pair(writer, all.items[i - 1].page, all.items[i].page, &packed, err);
		n++;
	}
	vec_deinit(&all);
	if (!is_done || !put(writer, buf_str(&packed), err))
		return false;
	same_urls_unpack(arena_str_dup(&writer->inventory.arena, buf_str(&packed)), &writer->inventory.arena,
	                 &writer->inventory.same_urls, &writer->inventory.n_same_urls);
	return true;
}

static bool unpack(Str *rest, Str *ret_text)
{
	uint64_t n;

	if (!varint_next(rest, &n) || n > rest->len)
		return false;
	*ret_text = str_slice(*rest, 0, n);
	*rest = str_from(*rest, n);
	return true;
}

void same_urls_unpack(Str packed, Arena *arena, StoreSameUrl **ret_urls, size_t *ret_n)
{
	StoreSameUrl *urls = arena_new_n(arena, StoreSameUrl, SAME_URLS_AT_MOST);
	size_t n = 0;

	while (n < SAME_URLS_AT_MOST && unpack(&packed, &urls[n].file) && unpack(&packed, &urls[n].other) &&
	       unpack(&packed, &urls[n].relurl))
		n++;
	*ret_urls = urls;
	*ret_n = n;
}
