/* See corpus.h. */
#include "corpus.h"

#include "database.h"
#include "measure.h"
#include "reader.h"

static uint64_t source_bytes(StoreReader *reader)
{
	sqlite3 *db = reader_database(reader);
	sqlite3_stmt *stmt = NULL;
	uint64_t n;

	if (sqlite3_prepare_v2(db, "SELECT sum(size) FROM source WHERE page_id", -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		die_of("the sources' sizes cannot be read: %s", sqlite3_errmsg(db));
	n = (uint64_t)sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

void corpus_load(Corpus *corpus, const char *index)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	*corpus = (Corpus){ .arena = ARENA_INIT };
	if (!store_reader_open(index, &corpus->reader, &err) || !store_load_catalog(corpus->reader, &corpus->catalog, &err))
		die(&err);
	corpus->ids = arena_new_n(&corpus->arena, uint32_t, corpus->catalog.n_pages);
	corpus->texts = arena_new_n(&corpus->arena, StoreText *, corpus->catalog.n_pages);
	for (uint32_t id = 1; id < corpus->catalog.n_slots; id++) {
		if (!(corpus->catalog.flags[id] & CATALOG_PRESENT))
			continue;
		if (!store_text(corpus->reader, id, &corpus->arena, &corpus->texts[corpus->n], &err))
			die(&err);
		corpus->ids[corpus->n++] = id;
	}
	corpus->n_source_bytes = source_bytes(corpus->reader);
}

void corpus_deinit(Corpus *corpus)
{
	store_reader_free(corpus->reader);
	catalog_deinit(&corpus->catalog);
	arena_deinit(&corpus->arena);
}
