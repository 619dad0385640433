/*
 * One search under way: what its steps share. Each step is a function of its own file;
 * search_run.c tells in which order they come. Lives in the request's arena.
 */
#ifndef SEARCH_STEPS_H
#define SEARCH_STEPS_H

#include "engine.h"
#include "page_set.h"

/*
 * One way in which a word or phrase can stand in a page: a phrase of terms (one: a word).
 * Alternatives of a leaf overlap (an exact form is a form of its stem as well), so their
 * weights add up to 1 for the best way.
 */
typedef struct Alternative {
	PhraseTerm *terms;
	size_t n_terms;
	bool is_prefix;
	bool is_whole;     /* a name with its joiners: what it covers is the whole name */
	unsigned n_places; /* that a match covers */
	float weight;
	CachedPostings *postings;
} Alternative;

/* What is looked up in the index for one word or phrase of the query, and scored as one. */
typedef struct Leaf {
	const QueryNode *node;
	unsigned fields; /* bits by TextField: where it may stand */
	Alternative *alternatives;
	size_t n_alternatives;
	PageSet pages;   /* that have it in any way */
	uint32_t n_pages;
	bool is_scored;  /* false below a NOT */
} Leaf;

typedef struct Search {
	Engine *engine;
	const Catalog *catalog;
	const Query *query;
	StoreReader *reader;
	Analyzer *analyzer;
	Arena *arena;
	uint64_t deadline_ns; /* 0: none */

	Leaf **leaves; /* scored ones, in the order of the query */
	size_t n_leaves;

	PageSet words;   /* pages that the words match */
	PageSet *filters; /* one for each of query->filters */
	PageSet dates;    /* from and to */
	bool has_dates;
	PageSet pages;    /* that match in all */
	uint32_t n_pages;

	uint32_t *ranked; /* the pages of hits to show, best first */
	uint32_t n_ranked;
	float *scores;    /* by page number; only with words */
} Search;

#define ALL_FIELDS ((1u << N_TEXT_FIELDS) - 1)

/* plan_match.c: the leaf of a WORD, PREFIX or PHRASE node; no alternatives where nothing in it can be looked up. */
Leaf *plan_leaf(Search *search, const QueryNode *node, bool may_go_on);

/* match_pages.c: evaluates the words' tree into search->words, and collects the leaves. */
MUST_CHECK bool match_words(Search *search, Error *err);
void release_leaves(Search *search);

/* filter_pages.c */
PageSet pages_of_facet(Search *search, Str facet, const Str *values, size_t n_values);
PageSet pages_of_dates(Search *search, int64_t from, int64_t to);
void filter_pages(Search *search);

/* rank_hits.c: search->scores and search->ranked. */
void rank_hits(Search *search);

/* count_facets.c */
void count_facets(Search *search, Result *result);

/* build_hits.c: what is shown of each ranked page. */
MUST_CHECK bool build_hits(Search *search, Result *result, Error *err);

/* make_snippets.c: title_html and snippet_html of @hit. */
void make_snippets(Search *search, uint32_t page, const StoreText *text, ResultHit *hit);

#endif
