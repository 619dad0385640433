/* GET /v1/search: parameters to a Query, the Result to JSON. */
#include "handlers.h"

bool read_search(Request *request, const Daemon *daemon, Error *err)
{
	FacetNames facets = engine_facets(request->engine);
	Query *query = query_new(request->arena);

	(void)daemon;
	for (size_t i = 0; i < request->n_params; i++)
		if (!query_set(query, request->params[i].name, request->params[i].value, facets, request->arena, err))
			return false;
	if (!query_finish(query, facets, request->arena, err))
		return false;
	query->time_limit_ms = request->snapshot->settings->query_timeout_ms;
	query_key(query, request->key);
	request->question = query;
	return true;
}

static double ms(uint64_t ns)
{
	return (double)ns / 1e6;
}

/* What the browser's developer tools show beside the request. */
static void tell_timing(const Request *request, const ResultTiming *timing, Response *response)
{
	Str text = arena_printf(request->arena,
	                        "parse;dur=%.3f, match;dur=%.3f, rank;dur=%.3f, facets;dur=%.3f, snippets;dur=%.3f",
	                        ms(request->parse_ns), ms(timing->match), ms(timing->rank), ms(timing->facets),
	                        ms(timing->snippets));

	response_add_body_header(response, "Server-Timing", text.data);
}

bool answer_search(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	const Query *query = request->question;
	Result *result;

	(void)daemon;
	if (!search_run(request->engine, query, request->arena, &result, err))
		return false;
	result_to_json(result, query, response->out);
	tell_timing(request, &result->timing, response);
	return true;
}
