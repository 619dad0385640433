/* GET /v1/suggest, /v1/related, /v1/series/NAME and /v1/facets/NAME: parameters to a Question, its answer as JSON. */
#include "blogsearch/question.h"

#include "handlers.h"

static bool read_question(QuestionKind kind, Request *request, Error *err)
{
	Question *question = arena_new(request->arena, Question);

	*question = question_new(kind, request->tail);
	question->time_limit_ms = request->snapshot->settings->query_timeout_ms;
	for (size_t i = 0; i < request->n_params; i++)
		if (!question_set(question, request->params[i].name, request->params[i].value, request->arena, err))
			return false;
	if (!question_finish(question, request->arena, err))
		return false;
	question_key(question, request->key);
	request->question = question;
	return true;
}

bool read_suggest(Request *request, const Daemon *daemon, Error *err)
{
	(void)daemon;
	return read_question(QUESTION_SUGGEST, request, err);
}

bool read_related(Request *request, const Daemon *daemon, Error *err)
{
	(void)daemon;
	return read_question(QUESTION_RELATED, request, err);
}

bool read_series(Request *request, const Daemon *daemon, Error *err)
{
	(void)daemon;
	return read_question(QUESTION_SERIES, request, err);
}

bool read_facets(Request *request, const Daemon *daemon, Error *err)
{
	(void)daemon;
	return read_question(QUESTION_FACET, request, err);
}

bool answer_question(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	(void)daemon;
	return question_to_json(request->engine, request->question, request->arena, response->out, err);
}
