/*
 * What tells at one glance that nothing has changed: kept in table meta when an index is published,
 * read without what is known of each file.
 */
#include <unistd.h>

#include "database.h"
#include "inventory.h"
#include "meta.h"
#include "reader.h"
#include "working_copy.h"
#include "writer.h"

/* As it lies in the file. */
typedef struct KeptGlance {
	uint64_t stamp;
	int64_t next_change_at;
	uint32_t n_left_out[STORE_GLANCE_COUNTS];
	uint32_t n_pages, unused;
} KeptGlance;

bool store_glance(const char *path, StoreGlance *ret_glance)
{
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	uint64_t built_at;
	KeptGlance kept;
	Str bytes;

	if (!store_reader_open(path, &reader, NULL) || !has_our_rules(reader) ||
	    !reader_meta_int(reader, META_BUILT_AT, &built_at, NULL) ||
	    !reader_meta_bytes(reader, META_GLANCE, &arena, &bytes, NULL) || bytes.len != sizeof(kept))
		return false;
	memcpy(&kept, bytes.data, sizeof(kept));
	*ret_glance = (StoreGlance){ .stamp = kept.stamp, .n_pages = kept.n_pages, .built_at = (int64_t)built_at,
		                     .next_change_at = kept.next_change_at };
	memcpy(ret_glance->n_left_out, kept.n_left_out, sizeof(kept.n_left_out));
	return true;
}

void store_set_glance(StoreWriter *writer, const StoreGlance *glance)
{
	writer->glance = *glance;
	writer->has_glance = true;
}

bool writer_put_glance(StoreWriter *writer, Error *err)
{
	sqlite3_stmt *stmt = writer->stmts[WRITE_META_PUT];
	KeptGlance kept = { .stamp = writer->glance.stamp, .next_change_at = writer->glance.next_change_at,
		            .n_pages = writer->draft.n_pages };
	/* Two pages of one URL are told of at every run. */
	bool is_kept = writer->has_glance && !writer->inventory.n_same_urls;

	memcpy(kept.n_left_out, writer->glance.n_left_out, sizeof(kept.n_left_out));
	bind_str(stmt, 1, STR(META_GLANCE));
	bind_blob(stmt, 2, (Str){ (const char *)&kept, is_kept ? sizeof(kept) : 0 });
	return statement_run(stmt, writer->working, err);
}

bool store_tidy(const char *path, Error *err)
{
	CLEANUP(close_fd) int lock_fd = -1;

	return index_lock(path, &lock_fd, err);
}
