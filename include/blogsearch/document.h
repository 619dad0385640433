/*
 * What a page is once it has been read: one plain struct, the border between understanding
 * (indexer/) and storing (core/store). Everything lives in the arena it was built in.
 */
#ifndef BLOGSEARCH_DOCUMENT_H
#define BLOGSEARCH_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "clock.h"

typedef enum PageKind {
	PAGE_PAGE,
	PAGE_HOME,
	PAGE_SECTION,
	PAGE_TAXONOMY,
	PAGE_TERM,
} PageKind;

/* "page", "home", "section", "taxonomy", "term" */
Str page_kind_name(PageKind kind);

typedef enum BlockKind {
	BLOCK_PROSE,       /* a paragraph, list item, table row, quote … one block each              */
	BLOCK_HEADING,     /* level 1..6 and anchor; what follows belongs to it                      */
	BLOCK_CODE,        /* fenced or indented; lang where it is known                             */
	BLOCK_CAPTION,     /* alt text, image title, figure caption                                  */
	BLOCK_INLINE_CODE, /* what stood in backticks, gathered; its words are in the prose as well  */
	N_BLOCK_KINDS,
} BlockKind;

/* A piece of text in reading order, plain (no markup, entities resolved), valid UTF-8, white space collapsed but in code. */
typedef struct Block {
	BlockKind kind;
	uint8_t level; /* BLOCK_HEADING */
	Str anchor;    /* BLOCK_HEADING: its id in the page; empty: it has none that could be known */
	Str lang;      /* BLOCK_CODE: "powershell"; lower case */
	Str text;
} Block;

/* A page's value of a facet: a taxonomy's term, or `series` and `author` from front matter. */
typedef struct DocumentTerm {
	Str facet; /* singular: "tag", "category", "series", "author", … */
	Str name;  /* as the page writes it (trimmed) */
	Str slug;  /* the generator's key for it */
	Str relurl; /* of the term's page; empty where the site has none */
	bool is_url_by_name; /* another spelling of the name has another URL: that of the name which is shown counts */
} DocumentTerm;

typedef struct Document {
	/* Where it comes from */
	Str file;           /* below the site's root; the page's key */
	Str path;           /* below its content folder */
	Str place;          /* by it, byte for byte, a site orders its pages: whose spelling of a term counts */
	uint64_t file_size; /* bytes */
	int64_t file_mtime_ns;
	uint64_t content_hash; /* of the file's bytes */
	uint64_t fingerprint;  /* of what decided how it was read beside its content and the site's configuration: cascade … */
	int64_t changes_at;    /* when it becomes due or expires without being changed; TIME_NONE: never */

	/* Where it leads */
	PageKind kind;
	Str url;    /* absolute where the base URL is known, else equal to relurl, which it ends with */
	Str relurl; /* "/blog/post/" */
	Str *aliases;
	size_t n_aliases;

	/* What its author says of it */
	Str title;       /* empty: it has none */
	Str description;
	Str summary;     /* plain */
	int64_t published, updated, expires; /* TIME_NONE where unknown */
	Str lang;    /* "en" */
	Str section; /* first folder; empty in the root */
	Str type;
	int64_t weight;
	Str image; /* absolute URL or site-relative; empty: none */
	DocumentTerm *terms;
	size_t n_terms;
	bool has_series_order;
	int64_t series_order;
	bool is_evergreen; /* age does not count against it */
	double boost;      /* 1 unless its author says otherwise */

	/* What it says */
	Block *blocks;
	size_t n_blocks;
	uint32_t n_words; /* of prose and headings */
} Document;

#endif
