/*
 * The smaller questions of the API: completions while typing, pages like a page, a series in
 * order, the values of a facet. A Question is a plain value; the command line and the daemon
 * fill it through question_set(), so they cannot disagree. Each kind has a result of its own,
 * a plain value in the arena of its request; `*_html` is escaped text with <mark> as its only
 * element.
 */
#ifndef BLOGSEARCH_QUESTION_H
#define BLOGSEARCH_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "error.h"
#include "result.h"
#include "search.h"
#include "str.h"

typedef enum QuestionKind {
	QUESTION_SUGGEST, /* /v1/suggest?q=&limit=            */
	QUESTION_RELATED, /* /v1/related?url=&limit=          */
	QUESTION_SERIES,  /* /v1/series/NAME?url=             */
	QUESTION_FACET,   /* /v1/facets/NAME?q=&limit=        */
} QuestionKind;

typedef struct Question {
	QuestionKind kind;
	Str name; /* SERIES: its slug or name; FACET: the facet's singular name; empty: which facets there are */
	Str q;    /* SUGGEST, FACET: how what is looked for begins; empty: all */
	Str url;  /* RELATED: the page; SERIES: the page whose neighbours are wanted, may be empty */
	uint32_t limit;
	uint32_t time_limit_ms; /* 0: none */
} Question;

/* With the defaults of the API; @name is borrowed (the last part of the path, decoded). */
Question question_new(QuestionKind kind, Str name);

/*
 * Sets a parameter by its name in the HTTP API; the last one of a name counts. Unknown ones are
 * ERROR_USAGE with the nearest name as hint, wrong values too; both name the parameter. @value
 * is copied. "_" is let through.
 */
MUST_CHECK bool question_set(Question *question, Str name, Str value, Arena *arena, Error *err);
/* To be called when all are set: what must be there, is, and the name is a text. */
MUST_CHECK bool question_finish(const Question *question, Arena *arena, Error *err);
/* The whole question in one text: the key of caches and part of the ETag. Equal for equal questions. */
void question_key(const Question *question, Buf *out);

/*
 * Answers @question with the API's JSON, byte for byte the same for the same index and
 * question. ERROR_NOT_FOUND where the page, series or facet does not exist; otherwise as
 * search_run(); *out is then what it was. Any thread.
 */
MUST_CHECK bool question_to_json(Engine *engine, const Question *question, Arena *arena, Buf *out, Error *err);

/* --- Completions ---------------------------------------------------------------------------- */

typedef enum SuggestionKind {
	SUGGESTION_TERM,   /* a facet's value: .facet, .slug; .url where the site has a page for it */
	SUGGESTION_PHRASE, /* words that often stand together                                       */
	SUGGESTION_WORD,   /* a frequent word                                                       */
	SUGGESTION_TITLE,  /* a page: .url                                                          */
} SuggestionKind;

typedef struct Suggestion {
	SuggestionKind kind;
	Str text, text_html;
	Str facet, slug, url;
	uint32_t count; /* pages; of a title: 1 */
} Suggestion;

typedef struct Suggestions {
	Str q;
	Str corrected; /* what was completed instead of q; empty: q itself */
	Suggestion *items;
	size_t n;
} Suggestions;

/* The best completions of question->q, best first. An empty one has none. */
MUST_CHECK bool suggest_run(Engine *engine, const Question *question, Arena *arena, Suggestions **ret_suggestions,
                            Error *err);

/* --- Related pages -------------------------------------------------------------------------- */

/* A page as lists show it. */
typedef struct ListedPage {
	uint32_t id;
	Str url, path, title, image;
	int64_t published; /* TIME_NONE: unknown */
	bool has_order;    /* in its series */
	int64_t order;
} ListedPage;

typedef struct RelatedTerm {
	Str facet;
	ResultTerm term;
} RelatedTerm;

typedef struct RelatedPage {
	ListedPage page;
	double score;
	/* Why: what both pages have, what tells most first. */
	RelatedTerm *terms;
	size_t n_terms;
	ResultTerm *series;
	size_t n_series;
	Str *words;
	size_t n_words;
} RelatedPage;

typedef struct Related {
	ListedPage page; /* the one that was asked about */
	RelatedPage *items;
	size_t n;
} Related;

/*
 * Pages like question->url, which is a URL (absolute or site-relative, with or without its last
 * slash or fragment), a path below the content folder, or a file below the site's root.
 */
MUST_CHECK bool related_run(Engine *engine, const Question *question, Arena *arena, Related **ret_related, Error *err);

/* --- Series --------------------------------------------------------------------------------- */

typedef struct Series {
	ResultTerm term;
	ListedPage *pages; /* in order */
	size_t n_pages;
	uint32_t count;    /* pages of the series; more than n_pages past LIMIT_SERIES_PAGES */
	bool has_current, has_prev, has_next;
	ListedPage current, prev, next; /* of question->url */
} Series;

MUST_CHECK bool series_run(Engine *engine, const Question *question, Arena *arena, Series **ret_series, Error *err);

/* --- Facets --------------------------------------------------------------------------------- */

typedef struct FacetValue {
	Str name, name_html, slug, url; /* url empty: the site has no page for it */
	uint32_t count;                 /* pages */
} FacetValue;

typedef struct FacetSummary {
	Str name, plural;
	uint32_t n_values;
} FacetSummary;

typedef struct FacetValues {
	Str facet; /* empty: .facets is filled */
	Str q;
	uint32_t total; /* values that match, shown or not */
	FacetValue *values;
	size_t n_values;
	FacetSummary *facets;
	size_t n_facets;
} FacetValues;

/*
 * The values of facet question->name one of whose words begins with question->q, those that
 * begin with it first, then by number of pages, then by name. Without a name: the facets.
 */
MUST_CHECK bool facet_values_run(Engine *engine, const Question *question, Arena *arena, FacetValues **ret_values,
                                 Error *err);

#endif
