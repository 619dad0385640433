/*
 * What is answered: a plain value that lives in the arena of its request. Writers (JSON,
 * HTML, terminal) know nothing of search. `*_html` is escaped text with <mark> as its only element.
 */
#ifndef BLOGSEARCH_RESULT_H
#define BLOGSEARCH_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "query.h"
#include "str.h"

typedef struct ResultTerm {
	Str name, slug, url; /* url empty: the site has no page for it */
} ResultTerm;

typedef struct ResultSeries {
	Str name, slug, url;
	bool has_order;
	int64_t order;
	uint32_t count; /* pages of the series */
} ResultSeries;

typedef struct ResultSection {
	Str title_html, anchor, url, snippet_html;
} ResultSection;

/* A page's terms of a facet that is neither tag, category, series nor author. */
typedef struct ResultTaxonomy {
	Str name; /* plural, as the front matter has it */
	ResultTerm *terms;
	size_t n_terms;
} ResultTaxonomy;

/* In which way and where a word of the query was found. */
typedef struct ExplainedMatch {
	const char *form;  /* "exact", "stem", "prefix", "parts", "spelling", "synonym", "corrected" */
	const char *field; /* "title", "text" … */
	uint32_t count;
	double tf; /* what they count: by form, field and the field's length */
} ExplainedMatch;

typedef struct ExplainedWord {
	Str word;
	uint32_t n_pages; /* that have it */
	double idf, repeated, tf, score; /* score = repeated * idf * tf / (1.2 + tf) */
	ExplainedMatch *matches;
	size_t n_matches;
} ExplainedWord;

/* How a score came about: (sum of the words' scores + nearness + title) * boost * freshness. docs/ranking.md */
typedef struct ResultExplanation {
	ExplainedWord *words;
	size_t n_words;
	double nearness, title, boost, freshness;
} ResultExplanation;

typedef struct ResultHit {
	uint32_t id;
	Str url, path, title, title_html, snippet_html;
	int64_t published, updated; /* TIME_NONE: null */
	Str lang, section, image;
	uint32_t words;
	ResultTerm *authors, *tags, *categories;
	size_t n_authors, n_tags, n_categories;
	ResultSeries *series;
	size_t n_series;
	ResultTaxonomy *taxonomies;
	size_t n_taxonomies;
	ResultSection *sections;
	size_t n_sections;
	double score;
	ResultExplanation *explanation; /* NULL unless asked for */
	Str json_address, json_about; /* hit_parts_to_json(), made beforehand; empty: not made */
} ResultHit;

typedef struct ResultFacetValue {
	Str name, slug;
	uint32_t count;
	bool is_selected;
} ResultFacetValue;

typedef struct ResultFacet {
	Str name; /* singular: the parameter's name */
	ResultFacetValue *values;
	size_t n_values;
} ResultFacet;

typedef enum ResultMatch { RESULT_ALL, RESULT_RELAXED, RESULT_ANY, RESULT_NONE } ResultMatch;

/* Nanoseconds spent, for Server-Timing. */
typedef struct ResultTiming {
	uint64_t parse, match, rank, facets, snippets;
} ResultTiming;

typedef struct Result {
	Str q;
	Str corrected; /* the query with its spelling corrected, used or offered; empty: none */
	uint32_t corrected_total; /* pages that it finds */
	bool is_corrected; /* it was used: the hits are of it; else it is offered */
	ResultMatch match;
	uint32_t total, page, per_page, pages;
	double took_ms;
	ResultHit *hits;
	size_t n_hits;
	ResultFacet *facets;
	size_t n_facets;
	uint64_t generation; /* of the index that answered */
	ResultTiming timing;
} Result;

/* The API's JSON of @result, with only the hit fields that @query asks for. */
void result_to_json(const Result *result, const Query *query, Buf *out);
/*
 * What its JSON has of a page in every answer, for whoever keeps it: from `id` to `title`, and from `published` to the
 * taxonomies; nothing around it and no comma in front.
 */
void hit_parts_to_json(const ResultHit *hit, Buf *address, Buf *about);
/* One hit of it, as it stands there. */
void hit_to_json(const ResultHit *hit, const Query *query, Buf *out);

#endif
