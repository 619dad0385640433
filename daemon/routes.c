/* The table of routes. Read this first, then answer.c: what happens to every request around its handler. */
#include "routes.h"

#include "handlers/handlers.h"

#define JSON   NULL
#define HTML   "text/html; charset=utf-8"
#define STYLE  "text/css; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"

const Route routes[] = {
	{ "/v1/search", CACHE_BY_INDEX, FOR_ALL, true, JSON, read_search, answer_search, NULL, NULL },
	{ "/v1/suggest", CACHE_BY_INDEX, FOR_ALL, true, JSON, read_suggest, answer_question, NULL, NULL },
	{ "/v1/related", CACHE_BY_INDEX, FOR_ALL, true, JSON, read_related, answer_question, NULL, NULL },
	{ "/v1/series/*", CACHE_BY_INDEX, FOR_ALL, true, JSON, read_series, answer_question, NULL, NULL },
	{ "/v1/facets", CACHE_BY_INDEX, FOR_ALL, true, JSON, read_facets, answer_question, NULL, NULL },
	{ "/v1/facets/*", CACHE_BY_INDEX, FOR_ALL, true, JSON, read_facets, answer_question, NULL, NULL },
	{ "/v1/status", CACHE_BY_INDEX, FOR_ALL, true, JSON, read_nothing, answer_status, NULL, NULL },
	{ "/", CACHE_BY_INDEX, FOR_ALL, true, HTML, read_page, answer_page, add_page_headers, show_page_problem },
	{ "/blogsearch.js", CACHE_ASSET, FOR_ALL, false, SCRIPT, read_asset, answer_asset, NULL, NULL },
	{ "/blogsearch.css", CACHE_ASSET, FOR_ALL, false, STYLE, read_asset, answer_asset, NULL, NULL },
	{ "/blogsearch-instantsearch.js", CACHE_ASSET, FOR_ALL, false, SCRIPT, read_asset, answer_asset, NULL, NULL },
	{ "/openapi.json", CACHE_ASSET, FOR_ALL, false, JSON, read_openapi, answer_openapi, NULL, NULL },
	{ "/healthz", CACHE_NEVER, FOR_PROBES, false, JSON, read_nothing, answer_healthz, NULL, NULL },
	{ "/readyz", CACHE_NEVER, FOR_PROBES, true, JSON, read_nothing, answer_readyz, NULL, NULL },
	{ "/metrics", CACHE_NEVER, FOR_OPERATORS, false, "text/plain; version=0.0.4; charset=utf-8", read_nothing,
	  answer_metrics, NULL, NULL },
};

const size_t n_routes = ARRAY_SIZE(routes);

static bool matches(Str pattern, Str path, Str *ret_tail)
{
	*ret_tail = STR_EMPTY;
	if (!str_ends_with(pattern, STR("/*")))
		return str_equal(pattern, path);
	pattern = str_slice(pattern, 0, pattern.len - 1);
	if (!str_starts_with(path, pattern) || path.len == pattern.len)
		return false;
	/* A name may have a slash of its own: ci%2Fcd. */
	*ret_tail = str_from(path, pattern.len);
	return true;
}

const Route *route_find(Request *request)
{
	for (size_t i = 0; i < n_routes; i++)
		if (matches(str_from_c(routes[i].path), request->path, &request->tail))
			return &routes[i];
	return NULL;
}
