/* XXH3, inlined from its header: https://github.com/Cyan4973/xxHash */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "blogsearch/hash.h"

uint64_t hash_bytes(Str bytes)
{
	return XXH3_64bits(bytes.data ? bytes.data : "", bytes.len);
}

uint64_t hash_more(uint64_t hash, Str bytes)
{
	return XXH3_64bits_withSeed(bytes.data ? bytes.data : "", bytes.len, hash);
}

uint64_t hash_number(uint64_t hash, uint64_t number)
{
	unsigned char bytes[8];

	/* The same on every machine. */
	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(number >> (8 * i));
	return XXH3_64bits_withSeed(bytes, sizeof(bytes), hash);
}
