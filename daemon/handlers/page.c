/*
 * GET /: the search page. Its parameters are those of the API, read as a page's address is:
 * other people's (utm_source) are passed over, and so are empty ones, which forms send.
 */
#include "../write_page.h"
#include "blogsearch/alloc.h"
#include "handlers.h"

#define POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

static bool is_of_page(Str name, FacetNames facets)
{
	static const Str names[] = {
		STR_INIT("q"), STR_INIT("sort"), STR_INIT("page"), STR_INIT("per_page"), STR_INIT("from"), STR_INIT("to"),
		STR_INIT("match"), STR_INIT("typo"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_equal(name, names[i]))
			return true;
	for (size_t i = 0; i < facets.n; i++)
		if (str_equal(name, facets.names[i]))
			return true;
	return false;
}

static Page *page_of(const Request *request, const Daemon *daemon)
{
	FacetNames facets = request->engine ? engine_facets(request->engine) : (FacetNames){ 0 };
	Page *page = arena_new(request->arena, Page);

	*page = (Page){
		.base = str_from_c(daemon->options->base_path),
		.settings = request->snapshot->settings,
		.facets = facets,
		.info = request->engine ? engine_info(request->engine) : NULL,
		.params = arena_new_n(request->arena, RequestParam, request->n_params + 1),
		.arena = request->arena,
	};
	for (size_t i = 0; i < request->n_params; i++)
		if (request->params[i].value.len && is_of_page(request->params[i].name, facets))
			page->params[page->n_params++] = request->params[i];
	return page;
}

bool read_page(Request *request, const Daemon *daemon, Error *err)
{
	FacetNames facets = engine_facets(request->engine);
	Query *query = query_new(request->arena);
	Page *page = page_of(request, daemon);

	query->per_page = request->snapshot->settings->page_results;
	for (size_t i = 0; i < page->n_params; i++)
		if (!query_set(query, page->params[i].name, page->params[i].value, facets, request->arena, err))
			return false;
	if (!query_finish(query, facets, request->arena, err))
		return false;
	query->time_limit_ms = request->snapshot->settings->query_timeout_ms;
	/* The page's own links repeat what the address says, so two spellings of one question are two pages. */
	for (size_t i = 0; i < page->n_params; i++)
		buf_printf(request->key, "%.*s=%.*s\n", STR_ARG(page->params[i].name), STR_ARG(page->params[i].value));
	page->query = query;
	request->question = page;
	return true;
}

void add_page_headers(const Request *request, Response *response)
{
	(void)request;
	response_add_header(response, "Content-Security-Policy", POLICY);
	response_add_header(response, "Referrer-Policy", "strict-origin-when-cross-origin");
}

bool answer_page(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	Page *page = request->question;
	Result *result;

	(void)daemon;
	if (!search_run(request->engine, page->query, request->arena, &result, err))
		return false;
	page->result = result;
	write_page(page, response->out);
	return true;
}

void show_page_problem(const Request *request, Daemon *daemon, const Error *err, Response *response)
{
	Page *page = page_of(request, daemon);

	page->err = err;
	response->status = (unsigned)error_http_status(err->code);
	response->content_type = "text/html; charset=utf-8";
	response->body = bytes_unref(response->body);
	response->fixed = STR_EMPTY;
	buf_clear(response->out);
	write_page(page, response->out);
}
