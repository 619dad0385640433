/* Reading what the published file knows of its sources. Private to store/; store.h has the contract. */
#ifndef STORE_INVENTORY_H
#define STORE_INVENTORY_H

#include "reader.h"

/* *ret_reader (may be NULL): the file, opened, where it can be read; NULL where it cannot. Files are left out where all is made anew. */
MUST_CHECK bool inventory_read(const char *path, bool with_files, StoreReader **ret_reader, StoreInventory *ret_inventory, Error *err);
/* Whether the libraries make the words of a text that they made when the index was. */
bool has_our_rules(StoreReader *reader);
/* False, with an error, where what is at @path is no index of ours, or cannot be read. */
MUST_CHECK bool inventory_may_be_ours(const char *path, Error *err);
/* All but whether and why it is made anew. */
void inventory_forget(StoreInventory *inventory);

#endif
