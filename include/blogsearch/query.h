/*
 * What was asked: a plain value. The words as a tree that is canonical (printing it and
 * parsing that again gives the same tree), and the parameters of the HTTP API around it.
 * The command line and the daemon fill it through query_set(), so they cannot disagree.
 */
#ifndef BLOGSEARCH_QUERY_H
#define BLOGSEARCH_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "error.h"
#include "limits.h"
#include "str.h"
#include "clock.h"

typedef enum QueryNodeKind {
	QUERY_ALL,    /* no words: every page                                      */
	QUERY_NOTHING, /* words without a letter or digit: no page                   */
	QUERY_WORD,   /* .text                                                     */
	QUERY_PREFIX, /* .text* (typed as such)                                    */
	QUERY_PHRASE, /* .text: the words between the quotes                       */
	QUERY_FACET,  /* .field:.text with field a facet, `lang`, `section`, …     */
	QUERY_DATE,   /* published within [.from, .to)                             */
	QUERY_AND,    /* .children                                                 */
	QUERY_OR,     /* .children                                                 */
	QUERY_NOT,    /* .children[0]                                              */
} QueryNodeKind;

typedef struct QueryNode QueryNode;
struct QueryNode {
	QueryNodeKind kind;
	Str field; /* WORD, PREFIX, PHRASE: "" or "title", "code", "path" …; FACET, DATE: its name as typed */
	Str text;
	bool is_unclosed; /* PHRASE: its closing quote was not typed yet */
	int64_t from, to; /* DATE: TIME_NONE is open */
	QueryNode **children;
	size_t n_children;
};

typedef enum QuerySort { SORT_RELEVANCE, SORT_NEWEST, SORT_OLDEST, SORT_UPDATED, SORT_TITLE, SORT_SERIES } QuerySort;
typedef enum QueryMatch { MATCH_AUTO, MATCH_ALL, MATCH_ANY } QueryMatch;

typedef struct QueryFilter {
	Str facet;   /* singular name */
	Str *values; /* any of them; as given */
	size_t n_values;
} QueryFilter;

typedef struct Query {
	Str text;         /* as typed */
	QueryNode *root;  /* never NULL once parsed */
	bool is_typing;   /* the text does not end in a space: the last word may go on, also that of an unclosed phrase */
	QueryFilter *filters; /* all of them */
	size_t n_filters;
	int64_t from, to; /* published within [from, to); TIME_NONE: open */
	QuerySort sort;
	bool has_sort;    /* chosen; else relevance, or newest without words */
	uint32_t page, per_page;
	Str *facets;      /* which to count; "*" alone: all */
	size_t n_facets;
	bool has_facets;  /* named by the question; else the site's choice */
	uint32_t facet_limit;
	uint32_t snippet_words;
	uint32_t n_sections;
	QueryMatch match;
	bool typo;
	bool explain;
	Str *fields;      /* of a hit; none: all */
	size_t n_fields;
	uint32_t time_limit_ms; /* 0: none */
} Query;

/* Names the facets that a site has, for telling parameters from mistakes. Singular names. */
typedef struct FacetNames {
	const Str *names;
	size_t n;
	const Str *counted; /* where a question names none; one that the site has not is passed over */
	size_t n_counted;
} FacetNames;

/* The defaults of INTERFACES (part 3). */
Query *query_new(Arena *arena);

/*
 * Sets a parameter by its name in the HTTP API ("q", "tag", "per_page", …; repeatable ones
 * add). Unknown ones are ERROR_USAGE with the nearest name as hint; wrong values ERROR_USAGE;
 * both name the parameter. @value is copied; what is no UTF-8 or has a NUL is refused. "_" is let through.
 */
MUST_CHECK bool query_set(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err);
/*
 * The parameter that filters by @facet: its name, or taxonomy.NAME where another parameter is called so; made in @arena
 * where it is none of the two. And the facet that a parameter filters by, if it does (STR_EMPTY), in either spelling.
 */
Str query_facet_parameter(Str facet, Arena *arena);
Str query_parameter_facet(Str name, FacetNames facets);
/* To be called when all are set: checks what depends on several (page × per_page), parses the text. */
MUST_CHECK bool query_finish(Query *query, FacetNames facets, Arena *arena, Error *err);

/*
 * Parses the query language. Never fails but for the limits (bytes, words, prefixes), which
 * are ERROR_USAGE on parameter "q". The tree lives in @arena and points into copies there.
 */
MUST_CHECK bool query_parse(Str text, FacetNames facets, Arena *arena, QueryNode **ret_root, Error *err);
/* Canonical text of a tree. */
void query_print(const QueryNode *root, Buf *out);
bool query_equal(const QueryNode *a, const QueryNode *b);
/* "and(word(c++) prefix(templates))": for tests and for explain. */
void query_dump(const QueryNode *root, Buf *out);

/* The whole question in one canonical text: the key of caches and part of the ETag. Equal for equal questions. */
void query_key(const Query *query, Buf *out);

/* "2019", "2019-08", "2019-08-05": [from, to) in UTC; false for what is no date. */
MUST_CHECK bool query_date(Str text, int64_t *ret_from, int64_t *ret_to);

#endif
