/* The engine's inside, for the steps of a search. Everything in it is shared by all threads. */
#ifndef SEARCH_ENGINE_H
#define SEARCH_ENGINE_H

#include "blogsearch/search.h"
#include "blogsearch/store_read.h"
#include "blogsearch/vocabulary.h"
#include "blogsearch/title_index.h"
#include "completion_lists.h"
#include "facet_table.h"
#include "page_cache.h"
#include "posting_cache.h"

typedef struct TermPages {
	uint32_t *start; /* n_terms + 1 */
	uint32_t *pages; /* of term t: pages[start[t] .. start[t + 1]), ascending */
} TermPages;

/* A facet's values as people may type them: folded slugs and names, for looking them up. */
typedef struct TermKey {
	Str key;
	uint32_t term;
} TermKey;

/* Asked for @key (folded), @synonym is looked for as well. */
typedef struct SynonymPair {
	Str key, synonym;
} SynonymPair;

typedef struct SynonymTable {
	SynonymPair *pairs; /* by key */
	size_t n;
} SynonymTable;

/* engine_options.c; all of it lives in @arena. */
EngineOptions engine_options_copy(const EngineOptions *options, Arena *arena);
SynonymTable make_synonym_table(const EngineOptions *options, Arena *arena);

const EngineOptions *engine_options(const Engine *engine);
const Catalog *engine_catalog(const Engine *engine);
const TermPages *engine_term_pages(const Engine *engine);
const FacetTable *engine_facet_table(const Engine *engine);
Str engine_vocabulary(const Engine *engine); /* see blogsearch/vocabulary.h */
const TitleIndex *engine_titles(const Engine *engine);
/* Made with the first call: they take longer than all else that an index is opened with. */
const CompletionLists *engine_completion_lists(Engine *engine);
/* Likewise: only who counts facets needs them. */
const FacetRanks *engine_facet_ranks(Engine *engine);
PostingCache *engine_postings(Engine *engine);
PageCache *engine_pages(Engine *engine);
/* What the score of each page is multiplied by, whatever was asked; page_factors.c. */
float *make_page_factors(const Engine *engine, Arena *arena);
const float *engine_page_factors(const Engine *engine);
const SynonymPair *engine_find_synonyms(const Engine *engine, Str key, size_t *ret_n);

/* What a thread needs for itself while it searches. */
typedef struct EngineWorker {
	StoreReader *reader;
	Analyzer *analyzer;
	float *scores, *tf; /* by page number, for score_pages.c; tf is zero between two searches */
} EngineWorker;

/*
 * Lent to the calling thread until it gives it back. Where no more can be opened, because the file has gone, it waits for
 * one: ERROR_BUSY after @time_limit_ms (0: never).
 */
MUST_CHECK bool engine_take_worker(Engine *engine, uint32_t time_limit_ms, EngineWorker *ret_worker, Error *err);
void engine_give_worker(Engine *engine, EngineWorker worker);

/* The facet of that singular name: a number into the catalog's facets, n_facets + a DerivedFacet, or -1. */
int engine_find_facet(const Engine *engine, Str name);
/* Calls back for each term of the catalog's facet @facet whose slug or name is @value, folded. */
void engine_find_terms(const Engine *engine, uint32_t facet, Str value, void (*on_term)(void *, uint32_t), void *context);

#endif
