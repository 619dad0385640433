/*
 * One search under way: what its steps share. Each step is a function of its own file;
 * search_run.c tells in which order they come. Lives in the request's arena.
 */
#ifndef SEARCH_STEPS_H
#define SEARCH_STEPS_H

#include "engine.h"
#include "page_set.h"

/* How an alternative is related to what was typed. */
typedef enum Form {
	FORM_EXACT,
	FORM_STEM,
	FORM_PREFIX,    /* what was typed, and more letters                              */
	FORM_PARTS,     /* the words of a name, in a row                                 */
	FORM_SPELLING,  /* written together or apart, ü as ue                            */
	FORM_SYNONYM,
	FORM_CORRECTED,
} Form;

/*
 * One way in which a word or phrase can stand in a page: a phrase of terms (one: a word).
 * Alternatives of a leaf overlap (an exact form is a form of its stem as well), so their
 * weights add up to 1 for the best way.
 */
typedef struct Alternative {
	Form form;
	PhraseTerm *terms;
	size_t n_terms;
	bool is_prefix;
	bool is_whole;     /* a name with its joiners: what it covers is the whole name */
	unsigned n_places; /* that a match covers */
	float weight;
	CachedPostings *postings; /* NULL until it is looked up */
	uint32_t at;              /* where in them a page was found last: postings_seek() */
} Alternative;

/* What is looked up in the index for one word or phrase of the query, and scored as one. */
typedef struct Leaf {
	const QueryNode *node;
	unsigned fields; /* bits by TextField: where it may stand */
	Alternative *alternatives;
	size_t n_alternatives;
	size_t n_fetched; /* of the alternatives */
	PageSet pages;   /* that have it in any way */
	uint32_t n_pages;
	uint32_t n_word_pages; /* without those that have it as a beginning only: how much the word tells */
	uint32_t n_places;     /* words of it in the query: more than one in a phrase or name */
	uint32_t n_repeated;   /* how often the query has it */
	bool is_scored;  /* false below a NOT */
	bool is_prefix;  /* it may go on */
	bool is_let_go;  /* relaxed: counts where it is, need not be there */
	float idf;       /* leaf_idf(), once pages are scored */
	PageSet titles;  /* pages that have it in their title; likewise, where it is scored */
} Leaf;

/* Where the query has a leaf. A word that is repeated has one leaf and several places. */
typedef struct LeafPlace {
	const QueryNode *node;
	const QueryNode *parent; /* NULL: the root */
	Leaf *leaf;      /* NULL: a stop word, which decides nothing */
	uint32_t place;  /* number of its first word among those of the query */
} LeafPlace;

/* What one `path:` of the query finds. */
typedef struct PathPages {
	Str needle; /* folded */
	PageSet pages;
} PathPages;

typedef struct Search {
	Engine *engine;
	const Catalog *catalog;
	const Query *query;
	EngineWorker worker; /* ours until the search ends */
	StoreReader *reader; /* the worker's */
	Analyzer *analyzer;
	Arena *arena;
	uint64_t deadline_ns; /* 0: none */

	const QueryNode *root; /* the words' tree as it is evaluated */
	Leaf **leaves; /* in the order of the query */
	size_t n_leaves;
	LeafPlace *leaf_places; /* in the order of the query */
	size_t n_leaf_places;
	PathPages *paths; /* each once */
	size_t n_paths;

	PageSet words;   /* pages that the words match */
	ResultMatch match; /* in which way */
	Str corrected;     /* the query with its spelling corrected, used or offered; empty: none */
	bool is_corrected; /* used */
	PageSet corrected_words; /* pages that its words match */
	PageSet *filters; /* one for each of query->filters */
	PageSet dates;    /* from and to */
	bool has_dates;
	PageSet pages;    /* that match in all */
	uint32_t n_pages;

	uint32_t *ranked; /* the pages of hits to show, best first */
	uint32_t n_ranked;
	float *scores;    /* by page number; only with words */
	PageSet near_pages; /* whose words' nearness is part of their score */
} Search;

#define ALL_FIELDS ((1u << N_TEXT_FIELDS) - 1)

/* plan_match.c: the leaf of a WORD, PREFIX or PHRASE node; no alternatives where nothing in it can be looked up. */
Leaf *plan_leaf(Search *search, const QueryNode *node, bool is_scored, bool may_go_on);
/* C++, C# and .NET are other things than `c` and `net`. */
bool is_more_than_its_words(Str whole);
/* Adds another wording of it, of which an occurrence counts @share of the one that was typed. */
void plan_wording(Search *search, Leaf *leaf, Str text, Form form, float share);
/* Stop words, wordings of several words together: what only the children of an AND show. */
bool is_stop_word(Search *search, Str word);
void plan_neighbours(Search *search, const QueryNode *node);

/* relax.c: finds search->words as query->match and query->typo say. */
MUST_CHECK bool match_words(Search *search, Error *err);

/* match_pages.c: leaves of the words' tree, and their sets put together. */
MUST_CHECK bool plan_leaves(Search *search, Error *err);
MUST_CHECK bool fetch_leaf(Search *search, Leaf *leaf, Error *err);
MUST_CHECK bool evaluate_words(Search *search, bool is_any, PageSet *ret_pages, Error *err);
/* Adds their pages to @pages, those that the catalog has not left out. */
void add_postings(const Search *search, const Postings *postings, PageSet pages);
/* Forgets what was fetched of the leaf's alternatives behind the first @n_kept. */
void drop_alternatives(Search *search, Leaf *leaf, size_t n_kept);
Leaf *leaf_of(const Search *search, const QueryNode *node);
void release_leaves(Search *search);
void release_leaf(Search *search, Leaf *leaf); /* of one that is not among search->leaves */
void add_child(Search *search, QueryNode *node, QueryNode *child);
bool is_late(const Search *search, Error *err);

/* cut_runs.c: @root, or a copy in which runs without spaces that no page has are cut into words that pages have. */
MUST_CHECK bool cut_runs(Search *search, const QueryNode *root, const QueryNode **ret_root, Error *err);

/* correct.c */
typedef struct Correction {
	Str word;
	uint64_t n_pages;
	unsigned cost; /* 10 an edit, a little more or less by its kind */
} Correction;

#define MOST_CORRECTIONS 3
/* The words of the site's vocabulary that @word (folded) may stand for, best first; itself is none. */
size_t find_corrections(Search *search, Str word, bool is_prefix, Correction corrections[MOST_CORRECTIONS]);

/* filter_pages.c */
/* Any of @values. A facet that the site does not have finds nothing. */
PageSet pages_of_facet(const Engine *engine, Str facet, const Str *values, size_t n_values, Arena *arena);
PageSet pages_of_dates(Search *search, int64_t from, int64_t to);
void filter_pages(Search *search);
/* Those of @words that the filters let through; once they are set. */
PageSet narrow_pages(const Search *search, PageSet words);

/* page_factors.c */
float freshness_of(const Engine *engine, uint32_t page);

/* score_pages.c: search->scores. */
MUST_CHECK bool score_pages(Search *search, Error *err);
bool has_scored_leaves(const Search *search);
/* explain_score.c; only with search->scores. */
ResultExplanation *explain_score(const Search *search, uint32_t page);

/* rank_hits.c: search->ranked. */
MUST_CHECK bool rank_hits(Search *search, Error *err);
/* The best of the pages that match, by relevance; in the arena. */
PageSet set_of_best(Search *search, uint32_t n_wanted);

/* count_facets.c */
void count_facets(Search *search, Result *result);

/* build_hits.c: what is shown of each ranked page. */
MUST_CHECK bool build_hits(Search *search, Result *result, Error *err);

/* make_snippets.c: title_html and snippet_html of @hit. */
typedef struct PageFlows PageFlows; /* page_flows.h */
void make_snippets(Search *search, PageFlows *flows, ResultHit *hit);

/* find_sections.c: the sections of @hit that match; its url is set. */
void find_sections(Search *search, PageFlows *flows, ResultHit *hit);

#endif
