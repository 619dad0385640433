/* GET /openapi.json: the API as OpenAPI 3.1 describes it; daemon/openapi.json, compiled in. */
#include "handlers.h"
#include "openapi_json.h"

#include "blogsearch/hash.h"

bool read_openapi(Request *request, const Daemon *daemon, Error *err)
{
	(void)daemon;
	buf_printf(request->key, "%016llx",
	           (unsigned long long)hash_bytes((Str){ openapi_json, sizeof(openapi_json) - 1 }));
	return request_takes_no_params(request, err);
}

bool answer_openapi(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	(void)request, (void)daemon, (void)err;
	response->fixed = (Str){ openapi_json, sizeof(openapi_json) - 1 };
	return true;
}
