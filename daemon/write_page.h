/* The search page as HTML, for browsers without JavaScript; with it the element takes over. */
#ifndef DAEMON_WRITE_PAGE_H
#define DAEMON_WRITE_PAGE_H

#include "blogsearch/search.h"
#include "request.h"
#include "settings.h"

typedef struct Page {
	Str base;               /* "" or "/search": where the daemon is, as browsers see it */
	const Settings *settings;
	FacetNames facets;      /* none while there is no index */
	const EngineInfo *info; /* NULL while there is no index */
	RequestParam *params;   /* what the address says: only what a page has, nothing empty */
	size_t n_params;
	const Query *query;     /* NULL with .err */
	const Result *result;   /* NULL with .err */
	const Error *err;       /* shown instead of results */
	Arena *arena;           /* for what is needed while writing */
} Page;

void write_page(const Page *page, Buf *out);

#endif
