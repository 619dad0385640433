/* See problem.h. */
#include "problem.h"

#include "blogsearch/json.h"

static const struct {
	unsigned status;
	const char *title;
} titles[] = {
	{ 400, "Bad Request" },       { 403, "Forbidden" },         { 404, "Not Found" },
	{ 405, "Method Not Allowed" }, { 414, "URI Too Long" },      { 429, "Too Many Requests" },
	{ 500, "Internal Server Error" }, { 503, "Service Unavailable" },
};

const char *problem_title(unsigned status)
{
	for (size_t i = 0; i < ARRAY_SIZE(titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Error";
}

static void put(JsonWriter *json, const char *key, Str text)
{
	json_key(json, str_from_c(key));
	json_string(json, text);
}

void problem_write(const Error *err, unsigned status, Buf *out)
{
	CLEANUP(buf_deinit) Buf detail = BUF_INIT(BUF_NO_CEILING);
	JsonWriter json = json_writer(out);

	buf_append_c(&detail, err->what ? err->what : "no reason was given");
	if (err->hint)
		buf_printf(&detail, "; %s", err->hint);
	json_begin_object(&json);
	/* No type of its own: the status says what kind it is (RFC 9457, 4.2.1). */
	put(&json, "type", STR("about:blank"));
	put(&json, "title", str_from_c(problem_title(status)));
	json_key(&json, STR("status"));
	json_uint(&json, status);
	put(&json, "detail", buf_str(&detail));
	if (err->parameter)
		put(&json, "parameter", str_from_c(err->parameter));
	json_end_object(&json);
}

void problem_respond(const Error *err, Response *response)
{
	unsigned status = (unsigned)error_http_status(err->code);

	response->body = bytes_unref(response->body);
	response->fixed = STR_EMPTY;
	buf_clear(response->out);
	response->status = status;
	response->content_type = "application/problem+json";
	problem_write(err, status, response->out);
}
