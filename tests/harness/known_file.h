/* What an index that is being written knows of a file of the site. */
#ifndef HARNESS_KNOWN_FILE_H
#define HARNESS_KNOWN_FILE_H

#include "blogsearch/store.h"

/* NULL: nothing. Valid as long as the writer's inventory. */
static const StoreFile *known_file(const StoreWriter *writer, Str file)
{
	const StoreInventory *inventory = store_writer_inventory(writer);

	for (size_t i = 0; i < inventory->n_files; i++)
		if (str_equal(inventory->files[i].file, file))
			return &inventory->files[i];
	return NULL;
}

#endif
