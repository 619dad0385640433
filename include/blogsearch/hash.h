/* Fast non-cryptographic hashes (XXH3), stable across machines and releases. */
#ifndef BLOGSEARCH_HASH_H
#define BLOGSEARCH_HASH_H

#include <stdint.h>

#include "str.h"

uint64_t hash_bytes(Str bytes);
/* Combines: hash_more(hash_bytes(a), b) differs from hash_bytes(ab). */
uint64_t hash_more(uint64_t hash, Str bytes);
uint64_t hash_number(uint64_t hash, uint64_t number);

#endif
