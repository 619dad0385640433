/*
 * What a stranger can make us hold or do: every ceiling on foreign input, in one place.
 * Each is answered by an error that names it.
 */
#ifndef BLOGSEARCH_LIMITS_H
#define BLOGSEARCH_LIMITS_H

/* A question (a visitor's). */
#define LIMIT_QUERY_BYTES    2048
#define LIMIT_QUERY_WORDS    128
#define LIMIT_QUERY_PREFIXES 8
#define LIMIT_QUERY_DEPTH    4 /* levels of brackets; deeper ones are words */
#define LIMIT_ALTERNATIVES   24 /* ways in which one word is looked up */
#define LIMIT_FILTER_VALUES  16 /* of one facet */
#define LIMIT_FILTERS        64 /* values of all facets together */
#define LIMIT_FILTER_BYTES   256 /* of one value */
#define LIMIT_PER_PAGE       100
#define LIMIT_HITS_DEEP      10000 /* page × per_page */
#define LIMIT_FACET_VALUES   1000
#define LIMIT_SNIPPET_WORDS  100
#define LIMIT_SECTIONS       10
#define LIMIT_SUGGESTIONS    20
#define LIMIT_RELATED        50
#define LIMIT_SERIES_PAGES   1000
#define LIMIT_URL_BYTES      8192
#define LIMIT_PARAMETERS     256 /* of one request */
#define LIMIT_RESPONSE_BYTES (4u * 1024 * 1024)

/* A site (its authors'). */
#define LIMIT_PAGE_BYTES         (4u * 1024 * 1024)
#define LIMIT_FRONT_MATTER_BYTES (64u * 1024)
#define LIMIT_CONFIG_BYTES       (1024u * 1024)
#define LIMIT_VALUE_DEPTH        32    /* of nested lists and maps */
#define LIMIT_VALUE_NODES        20000 /* of one parsed file */
#define LIMIT_PAGE_TEXT_BYTES(source_bytes) (8u * (size_t)(source_bytes) + 64u * 1024)
#define LIMIT_PAGE_HEADINGS      500
#define LIMIT_PAGE_TERMS         256
#define LIMIT_FOLDER_DEPTH       64
#define LIMIT_TERM_BYTES         512 /* a tag's, category's, series' name */
#define LIMIT_TITLE_BYTES        4096
#define LIMIT_SUMMARY_BYTES      4096

/* A word, once folded; longer ones are cut (at a character). */
#define LIMIT_WORD_BYTES 64

#endif
