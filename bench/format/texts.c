/*
 * What the pages' texts cost in each of the ways in which they could be packed: bytes of the
 * records, bytes of their table, speed. `format_texts INDEX [FOLDER]`.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zdict.h>
#include <zlib.h>
#include <zstd.h>

#include "blogsearch/vec.h"
#include "corpus.h"
#include "database.h"
#include "measure.h"
#include "page_text.h"

#define MOST_PIECES 64 /* of one record */

typedef enum Packing { PACK_NONE, PACK_ZLIB, PACK_ZSTD } Packing;

typedef struct Way {
	const char *name;
	Packing packing;
	int level;
	size_t dictionary; /* bytes; 0: none */
	size_t n_samples;  /* pages that it is trained on; 0: all */
	int page_size;
	size_t piece; /* bytes of a row; 0: a record is a row */
} Way;

static const Way ways[] = {
	{ "not compressed", PACK_NONE, 0, 0, 0, 4096 },
	{ "zlib 6", PACK_ZLIB, 6, 0, 0, 4096 },
	{ "zlib 9", PACK_ZLIB, 9, 0, 0, 4096 },
	{ "zstd 1", PACK_ZSTD, 1, 0, 0, 4096 },
	{ "zstd 3", PACK_ZSTD, 3, 0, 0, 4096 },
	{ "  pages of 8 KB", PACK_ZSTD, 3, 0, 0, 8192 },
	{ "  pages of 16 KB", PACK_ZSTD, 3, 0, 0, 16384 },
	{ "  rows of 250 bytes", PACK_ZSTD, 3, 0, 0, 4096, 250 },
	{ "  rows of 350 bytes", PACK_ZSTD, 3, 0, 0, 4096, 350 },
	{ "  rows of 500 bytes", PACK_ZSTD, 3, 0, 0, 4096, 500 },
	{ "  rows of 660 bytes", PACK_ZSTD, 3, 0, 0, 4096, 660 },
	{ "  rows of 1000 bytes", PACK_ZSTD, 3, 0, 0, 4096, 1000 },
	{ "zstd 6", PACK_ZSTD, 6, 0, 0, 4096 },
	{ "zstd 9", PACK_ZSTD, 9, 0, 0, 4096 },
	{ "zstd 19", PACK_ZSTD, 19, 0, 0, 4096 },
	{ "zstd 3, dictionary 16 KB", PACK_ZSTD, 3, 16384, 0, 4096 },
	{ "zstd 3, dictionary 32 KB", PACK_ZSTD, 3, 32768, 0, 4096 },
	{ "zstd 3, dictionary 64 KB", PACK_ZSTD, 3, 65536, 0, 4096 },
	{ "zstd 3, dictionary 112 KB", PACK_ZSTD, 3, 114688, 0, 4096 },
	{ "  of 400 pages", PACK_ZSTD, 3, 114688, 400, 4096 },
	{ "zstd 3, dictionary 256 KB", PACK_ZSTD, 3, 262144, 0, 4096 },
	{ "zstd 6, dictionary 112 KB", PACK_ZSTD, 6, 114688, 0, 4096 },
	{ "zstd 9, dictionary 112 KB", PACK_ZSTD, 9, 114688, 0, 4096 },
	{ "zstd 12, dictionary 112 KB", PACK_ZSTD, 12, 114688, 0, 4096 },
	{ "zstd 15, dictionary 112 KB", PACK_ZSTD, 15, 114688, 0, 4096 },
	{ "zstd 19, dictionary 112 KB", PACK_ZSTD, 19, 114688, 0, 4096 },
};

/* --- Records ---------------------------------------------------------------------------------- */

static Str *raw_records(const Corpus *corpus, Arena *arena)
{
	Str *raw = arena_new_n(arena, Str, corpus->n);

	for (size_t i = 0; i < corpus->n; i++) {
		CLEANUP(buf_deinit) Buf laid_out = BUF_INIT(BUF_NO_CEILING);

		page_text_lay_out(corpus->texts[i], &laid_out);
		raw[i] = arena_str_dup(arena, buf_str(&laid_out));
	}
	return raw;
}

static Str train(const Way *way, const Str *raw, size_t n, Arena *arena)
{
	CLEANUP(buf_deinit) Buf samples = BUF_INIT(BUF_NO_CEILING);
	VEC(size_t) sizes = { 0 };
	size_t step = way->n_samples && n > way->n_samples ? n / way->n_samples : 1, n_bytes;
	char *dictionary = arena_alloc(arena, way->dictionary);

	for (size_t i = 0; i < n; i += step) {
		buf_append(&samples, raw[i]);
		vec_push(&sizes, raw[i].len);
	}
	n_bytes = ZDICT_trainFromBuffer(dictionary, way->dictionary, samples.data, sizes.items, (unsigned)sizes.n);
	if (ZDICT_isError(n_bytes))
		n_bytes = 0;
	vec_deinit(&sizes);
	return (Str){ dictionary, n_bytes };
}

typedef struct Packer {
	const Way *way;
	Str dictionary;
	ZSTD_CCtx *cctx;
	ZSTD_DCtx *dctx;
	ZSTD_CDict *cdict;
	ZSTD_DDict *ddict;
} Packer;

static Str pack_record(Packer *packer, Str raw, Arena *arena)
{
	size_t bound = packer->way->packing == PACK_ZLIB ? compressBound(raw.len) : ZSTD_compressBound(raw.len);
	char *bytes = arena_alloc(arena, bound);
	uLongf n = bound;

	switch (packer->way->packing) {
	case PACK_NONE:
		return raw;
	case PACK_ZLIB:
		compress2((Bytef *)bytes, &n, (const Bytef *)raw.data, raw.len, packer->way->level);
		return (Str){ bytes, n };
	case PACK_ZSTD:
		n = packer->cdict ? ZSTD_compress_usingCDict(packer->cctx, bytes, bound, raw.data, raw.len, packer->cdict)
		                  : ZSTD_compressCCtx(packer->cctx, bytes, bound, raw.data, raw.len, packer->way->level);
	}
	return (Str){ bytes, n };
}

static void unpack_record(Packer *packer, Str record, Str raw, char *bytes)
{
	uLongf n = raw.len;

	if (packer->way->packing == PACK_ZLIB)
		uncompress((Bytef *)bytes, &n, (const Bytef *)record.data, record.len);
	else if (packer->way->packing == PACK_NONE)
		memcpy(bytes, record.data, record.len);
	else if (packer->ddict)
		n = ZSTD_decompress_usingDDict(packer->dctx, bytes, raw.len, record.data, record.len, packer->ddict);
	else
		n = ZSTD_decompressDCtx(packer->dctx, bytes, raw.len, record.data, record.len);
	if (n != raw.len || memcmp(bytes, raw.data, n) != 0)
		die_of("%s: unpacked to something else", packer->way->name);
}

static uint64_t table_bytes(const Way *way, const Str *records, size_t n, const char *path)
{
	CLEANUP(free_ptr) char *pragmas = xasprintf("PRAGMA page_size = %d; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
	                                            "CREATE TABLE t (id INTEGER PRIMARY KEY, record BLOB); BEGIN", way->page_size);
	sqlite3 *db;
	sqlite3_stmt *stmt;
	uint64_t n_bytes;

	unlink(path);
	if (sqlite3_open(path, &db) || sqlite3_exec(db, pragmas, NULL, NULL, NULL) ||
	    sqlite3_prepare_v2(db, "INSERT INTO t (id, record) VALUES (?, ?)", -1, &stmt, NULL))
		die_of("%s", sqlite3_errmsg(db));
	for (size_t i = 0; i < n; i++) {
		size_t piece = way->piece > records[i].len / MOST_PIECES ? way->piece : records[i].len / MOST_PIECES + 1;

		for (size_t at = 0; at < records[i].len; at += piece) {
			sqlite3_bind_int64(stmt, 1, (int64_t)(i * MOST_PIECES + at / piece));
			bind_blob(stmt, 2, way->piece ? str_slice(records[i], at, at + piece) : records[i]);
			if (sqlite3_step(stmt) != SQLITE_DONE)
				die_of("%s", sqlite3_errmsg(db));
			sqlite3_reset(stmt);
			if (!way->piece)
				break;
		}
	}
	sqlite3_finalize(stmt);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
	n_bytes = file_bytes(path);
	unlink(path);
	return n_bytes;
}

static void measure(const Way *way, const Str *raw, size_t n, uint64_t n_source_bytes, const char *path)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Packer packer = { .way = way, .cctx = ZSTD_createCCtx(), .dctx = ZSTD_createDCtx() };
	Str *records = arena_new_n(&arena, Str, n);
	uint64_t n_raw = 0, n_records = 0, n_table;
	size_t longest = 0;
	double start = seconds(), trained, packed, unpacked;
	char *bytes;

	if (way->dictionary) {
		packer.dictionary = train(way, raw, n, &arena);
		packer.cdict = ZSTD_createCDict(packer.dictionary.data, packer.dictionary.len, way->level);
		packer.ddict = ZSTD_createDDict(packer.dictionary.data, packer.dictionary.len);
	}
	trained = seconds();
	for (size_t i = 0; i < n; i++) {
		records[i] = pack_record(&packer, raw[i], &arena);
		n_raw += raw[i].len;
		n_records += records[i].len;
		longest = raw[i].len > longest ? raw[i].len : longest;
	}
	packed = seconds();
	bytes = arena_alloc(&arena, longest + 1);
	for (size_t i = 0; i < n; i++)
		unpack_record(&packer, records[i], raw[i], bytes);
	unpacked = seconds();
	n_table = table_bytes(way, records, n, path);
	printf("%-28s %10s %10s %6.3f %7.2f s %6.0f MB/s %6.1f us\n", way->name, megabytes(n_records + packer.dictionary.len),
	       megabytes(n_table + packer.dictionary.len), (double)(n_table + packer.dictionary.len) / (double)n_source_bytes,
	       trained - start, (double)n_raw / 1e6 / (packed - trained), (unpacked - packed) * 1e6 / (double)n);
	fflush(stdout);
	ZSTD_freeCDict(packer.cdict);
	ZSTD_freeDDict(packer.ddict);
	ZSTD_freeCCtx(packer.cctx);
	ZSTD_freeDCtx(packer.dctx);
}

int main(int argc, char **argv)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(free_ptr) char *path = NULL;
	Corpus corpus;
	Str *raw;
	uint64_t n_raw = 0;

	if (argc < 2)
		die_of("usage: %s INDEX [FOLDER]", argv[0]);
	path = xasprintf("%s/format-texts-%ld.db", argc > 2 ? argv[2] : P_tmpdir, (long)getpid());
	corpus_load(&corpus, argv[1]);
	raw = raw_records(&corpus, &arena);
	for (size_t i = 0; i < corpus.n; i++)
		n_raw += raw[i].len;
	printf("%zu pages, %s of Markdown, %s of records\n\n%-28s %10s %10s %6s %9s %11s %9s\n", corpus.n,
	       megabytes(corpus.n_source_bytes), megabytes(n_raw), "texts", "records", "table", "of md", "train", "pack",
	       "unpack one");
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		measure(&ways[i], raw, corpus.n, corpus.n_source_bytes, path);
	corpus_deinit(&corpus);
	return 0;
}
