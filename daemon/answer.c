/*
 * What happens to every request around its handler: method, target, route, index, question,
 * answer; then the headers that all answers have.
 */
#include "answer.h"

#include "problem.h"
#include "routes.h"

#define METHODS "GET, HEAD, OPTIONS"

static bool is_method(const Request *request)
{
	return request_is(request, STR("GET")) || request_is(request, STR("HEAD")) || request_is(request, STR("OPTIONS"));
}

/* Nobody may keep what is true of this moment only. */
static void problem(const Error *err, Response *response)
{
	problem_respond(err, response);
	response_add_header(response, "Cache-Control", "no-store");
}

static void common_headers(Response *response)
{
	response_add_header(response, "X-Content-Type-Options", "nosniff");
	response_add_header(response, "Vary", "Accept-Encoding, Origin");
}

bool answer_early(Request *request, Buf *out, Response *ret_response)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	bool is_known = is_method(request);

	if (!is_known)
		error_set(&err, ERROR_METHOD, "this server only answers " METHODS);
	else if (request_check(request, &err))
		return false;
	*ret_response = response_new(out);
	problem(&err, ret_response);
	if (!is_known)
		response_add_header(ret_response, "Allow", METHODS);
	common_headers(ret_response);
	ret_response->closes = true;
	return true;
}

static bool take_engine(Request *request, Daemon *daemon, Error *err)
{
	request->engine = snapshot_take(daemon->snapshots);
	if (request->engine)
		return true;
	snapshot_trouble(daemon->snapshots, err);
	if (err->code)
		return false;
	error_set(err, ERROR_INDEX, "there is no index yet");
	return error_hint(err, "it is served as soon as `blogsearch index` has made it");
}

static bool run(Request *request, const Route *route, Daemon *daemon, Response *response, Error *err)
{
	if (route->needs_index && !take_engine(request, daemon, err))
		return false;
	if (!route->read(request, daemon, err) || !route->answer(request, daemon, response, err))
		return false;
	if (!buf_failed(response->out))
		return true;
	error_set(err, ERROR_USAGE, "the answer would be larger than %u bytes", LIMIT_RESPONSE_BYTES);
	return error_hint(err, "ask for less with per_page, facet_limit, snippet or fields");
}

static Response options(Buf *out)
{
	Response response = response_new(out);

	response.status = 204;
	response.content_type = NULL;
	response_add_header(&response, "Allow", METHODS);
	return response;
}

static Response answer_route(Request *request, const Route *route, Daemon *daemon, Buf *out)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Response response = response_new(out);

	if (!run(request, route, daemon, &response, &err)) {
		if (route->show_problem)
			route->show_problem(request, daemon, &err, &response);
		else
			problem(&err, &response);
	} else if (route->caching == CACHE_NEVER) {
		response_add_header(&response, "Cache-Control", "no-store");
	}
	request->engine = engine_unref(request->engine);
	return response;
}

static Response answer_target(Request *request, Daemon *daemon, Buf *out)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	const Route *route;
	Response response;

	if (request_is(request, STR("OPTIONS")) && str_equal(request->target, STR("*")))
		return options(out);
	if (request_read(request, str_from_c(daemon->options->base_path), &err)) {
		route = route_find(request);
		if (route)
			return request_is(request, STR("OPTIONS")) ? options(out) : answer_route(request, route, daemon, out);
		error_set(&err, ERROR_NOT_FOUND, "there is nothing at this path");
	}
	response = response_new(out);
	problem(&err, &response);
	return response;
}

Response answer(Request *request, Daemon *daemon, Buf *out)
{
	Response response = answer_target(request, daemon, out);

	common_headers(&response);
	return response;
}
