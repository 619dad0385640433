/* GET /v1/search: parameters to a Query, the Result to JSON. */
#include "handlers.h"

bool read_search(Request *request, const Daemon *daemon, Error *err)
{
	FacetNames facets = engine_facets(request->engine);
	Query *query = query_new(request->arena);

	for (size_t i = 0; i < request->n_params; i++)
		if (!query_set(query, request->params[i].name, request->params[i].value, facets, request->arena, err))
			return false;
	if (!query_finish(query, facets, request->arena, err))
		return false;
	query->time_limit_ms = daemon->options->query_timeout_ms;
	query_key(query, request->key);
	request->question = query;
	return true;
}

bool answer_search(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	const Query *query = request->question;
	Result *result;

	(void)daemon;
	if (!search_run(request->engine, query, request->arena, &result, err))
		return false;
	result_to_json(result, query, response->out);
	return true;
}
