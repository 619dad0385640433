/* The texts of a site, read from its index file: what the measurements of the format work on. */
#ifndef BENCH_CORPUS_H
#define BENCH_CORPUS_H

#include "blogsearch/store_read.h"

typedef struct Corpus {
	Arena arena;
	StoreReader *reader;
	Catalog catalog;
	uint32_t *ids; /* page numbers */
	StoreText **texts;
	size_t n;
	uint64_t n_source_bytes; /* of the Markdown files behind them */
} Corpus;

/* Ends the program where the index cannot be read. */
void corpus_load(Corpus *corpus, const char *index);
void corpus_deinit(Corpus *corpus);

#endif
