/* GET /blogsearch.js and the like: bytes that are compiled in; there is no path to walk. */
#include "blogsearch/hash.h"
#include "blogsearch/web.h"
#include "handlers.h"

/* Another program may have other bytes at the same path, so the bytes are part of what the ETag is made of. */
bool read_asset(Request *request, const Daemon *daemon, Error *err)
{
	const WebAsset *asset = web_asset(request->path);

	(void)daemon;
	if (!asset)
		return error_set(err, ERROR_NOT_FOUND, "there is nothing at this path");
	buf_printf(request->key, "%016llx", (unsigned long long)hash_bytes(asset->body));
	request->question = (void *)asset;
	return true;
}

bool answer_asset(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	const WebAsset *asset = request->question;

	(void)daemon, (void)err;
	response->fixed = asset->body;
	return true;
}
