/*
 * GET /: the search page. Its parameters are some of the API's (the words, the filters, the order and the pages),
 * read as a page's address is: all others (utm_source, and the API's own for programs) are passed over,
 * and so are empty ones, which forms send.
 */
#include <stdlib.h>

#include "../write_page.h"
#include "blogsearch/alloc.h"
#include "handlers.h"

#define POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

/* Asked once each: the last one counts. The facets come between, so the page's own links have this order. */
static const Str words_name = STR_INIT("q");
static const Str other_names[] = {
	STR_INIT("from"), STR_INIT("to"), STR_INIT("match"), STR_INIT("typo"), STR_INIT("sort"), STR_INIT("per_page"),
	STR_INIT("page"),
};

static void take_last(Page *page, const Request *request, Str name)
{
	for (size_t i = request->n_params; i-- > 0;)
		if (request->params[i].value.len && str_equal(request->params[i].name, name)) {
			page->params[page->n_params++] = request->params[i];
			return;
		}
}

static int compare_values(const void *a, const void *b)
{
	return str_compare(((const RequestParam *)a)->value, ((const RequestParam *)b)->value);
}

/* Each value once, in an order of their own, whichever of its names the facet was asked by. */
static void take_all(Page *page, const Request *request, Str facet)
{
	RequestParam *taken = page->params + page->n_params;
	Str name = query_facet_parameter(facet, request->arena);
	size_t n = 0;

	for (size_t i = 0; i < request->n_params; i++) {
		const RequestParam *given = &request->params[i];

		if (given->value.len && str_equal(query_parameter_facet(given->name, page->facets), facet))
			taken[n++] = (RequestParam){ name, given->value };
	}
	if (n)
		qsort(taken, n, sizeof(RequestParam), compare_values);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !str_equal(taken[i].value, taken[i - 1].value))
			page->params[page->n_params++] = taken[i];
}

/* In one order whatever the address has: two addresses that ask the same are one page, links and all. */
static void take_params(Page *page, const Request *request)
{
	take_last(page, request, words_name);
	for (size_t i = 0; i < page->facets.n; i++)
		take_all(page, request, page->facets.names[i]);
	for (size_t i = 0; i < ARRAY_SIZE(other_names); i++)
		take_last(page, request, other_names[i]);
}

static Page *page_of(const Request *request, const Daemon *daemon)
{
	Page *page = arena_new(request->arena, Page);

	*page = (Page){
		.base = str_from_c(daemon->options->base_path),
		.settings = request->snapshot->settings,
		.facets = request->engine ? engine_facets(request->engine) : (FacetNames){ 0 },
		.info = request->engine ? engine_info(request->engine) : NULL,
		.params = arena_new_n(request->arena, RequestParam, request->n_params + 1),
		.arena = request->arena,
	};
	take_params(page, request);
	return page;
}

/* With its length: a value may have any character, a line feed among them. */
static void key_text(Buf *key, Str text)
{
	buf_printf(key, "%zu:", text.len);
	buf_append(key, text);
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
	for (size_t i = 0; i < page->n_params; i++) {
		key_text(request->key, page->params[i].name);
		key_text(request->key, page->params[i].value);
	}
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
