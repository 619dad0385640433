/* GET /healthz: the process lives. GET /readyz: an index is loaded. */
#include "handlers.h"

#include "blogsearch/json.h"

bool read_nothing(Request *request, const Daemon *daemon, Error *err)
{
	(void)daemon;
	return request_takes_no_params(request, err);
}

static void put_state(Buf *out, Str state)
{
	JsonWriter json = json_writer(out);

	json_begin_object(&json);
	json_key(&json, STR("status"));
	json_string(&json, state);
	json_end_object(&json);
}

bool answer_healthz(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	(void)request, (void)daemon, (void)err;
	put_state(response->out, STR("ok"));
	return true;
}

bool answer_readyz(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	(void)request, (void)daemon, (void)err;
	put_state(response->out, STR("ready"));
	return true;
}
