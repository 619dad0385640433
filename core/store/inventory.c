/* What the published file knows of its sources, and whether it can be gone on from at all. */
#include "inventory.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "database.h"
#include "meta.h"
#include "same_urls.h"

static bool refuse_foreign(const char *path, Error *err)
{
	return error_at(err, ERROR_INDEX, path, 0, "is no index of blogsearch and is left alone",
	                "name another file with --index");
}

bool inventory_may_be_ours(const char *path, Error *err)
{
	DatabaseKind kind;

	return database_look_at(path, &kind, err) && (kind != DATABASE_FOREIGN || refuse_foreign(path, err));
}

/* Opens what can be read, and says why where it cannot. A file of another version is no failure. */
static bool open_usable(const char *path, StoreReader **ret_reader, char **ret_why, Error *err)
{
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	DatabaseKind kind;

	if (!database_look_at(path, &kind, err))
		return false;
	switch (kind) {
	case DATABASE_ABSENT:
		return true;
	case DATABASE_FOREIGN:
		return refuse_foreign(path, err);
	case DATABASE_OTHER_VERSION:
		*ret_why = xstrdup("it was made by another version");
		return true;
	case DATABASE_DAMAGED:
		*ret_why = xstrdup("it was damaged: not as long as it says");
		return true;
	case DATABASE_OURS:
		break;
	}
	/* Without a mapping: rows of files lie all over the file, and each would have its surroundings mapped. */
	if (!store_reader_open(path, ret_reader, &why) || !database_map(reader_database(*ret_reader), false, path, &why)) {
		*ret_reader = store_reader_free(*ret_reader);
		*ret_why = xasprintf("it could not be used: %s", why.what);
	}
	return true;
}

bool has_our_rules(StoreReader *reader)
{
	uint64_t rules;

	return reader_meta_int(reader, META_LIBRARY_RULES, &rules, NULL) && rules == text_library_rules();
}

static bool read_inventory(StoreReader *reader, bool with_files, StoreInventory *inventory, char **ret_why, Error *err)
{
	CLEANUP(error_deinit) Error why = ERROR_INIT;

	Str same_urls;
	uint64_t built_at;

	if (!has_our_rules(reader)) {
		*ret_why = xstrdup("it was made with another version of the stemmers or of Unicode");
		return true;
	}
	if ((!with_files || reader_files(reader, &inventory->arena, &inventory->files, &inventory->n_files, &why)) &&
	    reader_meta_int(reader, META_SITE_FINGERPRINT, &inventory->site_fingerprint, &why) &&
	    reader_meta_int(reader, META_BUILT_AT, &built_at, &why) &&
	    reader_meta_bytes(reader, META_SAME_URLS, &inventory->arena, &same_urls, &why)) {
		inventory->built_at = (int64_t)built_at;
		same_urls_unpack(same_urls, &inventory->arena, &inventory->same_urls, &inventory->n_same_urls);
		return true;
	}
	if (why.code != ERROR_INDEX) {
		error_move(err, &why);
		return false;
	}
	*ret_why = xasprintf("it was damaged: %s", why.what);
	return true;
}

bool inventory_read(const char *path, bool with_files, StoreReader **ret_reader, StoreInventory *ret_inventory, Error *err)
{
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	CLEANUP(store_inventory_deinit) StoreInventory inventory = { .built_at = TIME_NONE, .arena = ARENA_INIT };

	if (!open_usable(path, &reader, &inventory.why, err) ||
	    (reader && !read_inventory(reader, with_files, &inventory, &inventory.why, err)))
		return false;
	inventory.opening = inventory.why ? STORE_REBUILT : reader ? STORE_UPDATED : STORE_CREATED;
	if (inventory.why)
		inventory_forget(&inventory);
	*ret_inventory = inventory;
	inventory = (StoreInventory){ .arena = ARENA_INIT };
	if (ret_reader)
		*ret_reader = TAKE(reader);
	return true;
}

void inventory_forget(StoreInventory *inventory)
{
	inventory->n_files = inventory->n_same_urls = 0;
	inventory->site_fingerprint = 0;
	inventory->built_at = TIME_NONE;
}

bool store_look(const char *path, StoreInventory *ret_inventory, Error *err)
{
	return inventory_read(path, true, NULL, ret_inventory, err);
}

void store_inventory_deinit(StoreInventory *inventory)
{
	free(inventory->why);
	arena_deinit(&inventory->arena);
	*inventory = (StoreInventory){ .arena = ARENA_INIT };
}
