/*
 * What we are compared with: plain FTS5 with its porter tokenizer over the same texts, ranked
 * by its own bm25(), and facets counted by stepping through all matches.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include "blogsearch/store_read.h"

typedef struct Peer Peer;

/* Opens the table kept in @path, built from the pages behind @reader where it is not there yet. */
Peer *peer_open(const char *path, StoreReader *reader, const Catalog *catalog);
Peer *peer_free(Peer *peer);
DEFINE_FREEP(Peer, peer_free)

/* The ten best; with @with_facets the terms of all matches are counted too. Returns how many pages it went through. */
uint32_t peer_ask(Peer *peer, Str expression, bool with_facets);

#endif
