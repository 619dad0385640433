/* See remote.h. */
#include "remote.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/limits.h"
#include "blogsearch/value.h"
#include "curl_library.h"

#define CONNECT_SECONDS 5L
#define WHOLE_SECONDS   30L

void remote_init(Remote *remote, const char *url, const char *path)
{
	*remote = (Remote){ .url = url, .target = BUF_INIT(BUF_NO_CEILING) };
	buf_append_c(&remote->target, path);
}

void remote_deinit(Remote *remote)
{
	buf_deinit(&remote->target);
}

void remote_add_segment(Remote *remote, Str segment)
{
	buf_append_char(&remote->target, '/');
	buf_append_url(&remote->target, segment, NULL);
}

void remote_add(Remote *remote, Str name, Str value)
{
	bool is_first = str_find_char(buf_str(&remote->target), '?') == STR_NOT_FOUND;

	buf_append_char(&remote->target, is_first ? '?' : '&');
	buf_append_url(&remote->target, name, NULL);
	buf_append_char(&remote->target, '=');
	buf_append_url(&remote->target, value, NULL);
}

/* --- Asking ---------------------------------------------------------------------------------------- */

static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
	Buf *out = context;

	buf_append(out, (Str){ bytes, size * n });
	return buf_failed(out) ? 0 : size * n;
}

/* A question on its way. */
typedef struct Transfer {
	const CurlLibrary *curl;
	CURL *easy;
} Transfer;

static void transfer_deinit(Transfer *transfer)
{
	if (transfer->easy)
		transfer->curl->easy_cleanup(transfer->easy);
}

static bool set_options(const Transfer *transfer, const Remote *remote, Buf *body, char **ret_address)
{
	Str url = str_from_c(remote->url);
	bool is_unix = str_starts_with(url, STR("unix:"));
	CURL *easy = transfer->easy;
	__typeof__(transfer->curl->easy_setopt) set = transfer->curl->easy_setopt;

	while (str_ends_with(url, STR("/")))
		url.len--;
	*ret_address = is_unix ? xasprintf("http://localhost%.*s", STR_ARG(buf_str(&remote->target))) :
	                         xasprintf("%.*s%.*s", STR_ARG(url), STR_ARG(buf_str(&remote->target)));
	return set(easy, CURLOPT_URL, *ret_address) == CURLE_OK &&
	       (!is_unix || set(easy, CURLOPT_UNIX_SOCKET_PATH, remote->url + 5) == CURLE_OK) &&
	       set(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       set(easy, CURLOPT_ACCEPT_ENCODING, "gzip") == CURLE_OK &&
	       set(easy, CURLOPT_USERAGENT, "blogsearch/" BLOGSEARCH_VERSION) == CURLE_OK &&
	       set(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) == CURLE_OK &&
	       set(easy, CURLOPT_TIMEOUT, WHOLE_SECONDS) == CURLE_OK &&
	       set(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       set(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       set(easy, CURLOPT_WRITEDATA, body) == CURLE_OK;
}

static ErrorCode code_of(long status)
{
	switch (status) {
	case 400: return ERROR_USAGE;
	case 404: return ERROR_NOT_FOUND;
	case 414: return ERROR_URL_LENGTH;
	case 429: return ERROR_RATE;
	case 503: return ERROR_BUSY;
	default: return ERROR_IO;
	}
}

/* What the daemon says is wrong, or that it was none that answered. */
static bool read_problem(const Remote *remote, Str body, long status, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Value *problem;
	Str detail, parameter;

	if (!json_parse(body, remote->url, 1, &arena, &problem, NULL))
		problem = NULL;
	detail = value_text(value_get(problem, STR("detail")));
	parameter = value_text(value_get(problem, STR("parameter")));
	if (!detail.len) {
		error_set(err, ERROR_IO, "%s answers with status %ld and no problem of ours", remote->url, status);
		return error_hint(err, "name the address that `blogsearch serve` listens on, with its base path");
	}
	error_set(err, code_of(status), "%s: %.*s", remote->url, STR_ARG(detail));
	return parameter.len ? error_parameter(err, arena_to_c(&arena, parameter)) : false;
}

bool remote_ask(const Remote *remote, Buf *out, Error *err)
{
	CLEANUP(transfer_deinit) Transfer transfer = { 0 };
	CLEANUP(buf_deinit) Buf body = BUF_INIT(2 * LIMIT_RESPONSE_BYTES);
	CLEANUP(free_ptr) char *address = NULL;
	CURLcode failed;
	long status = 0;

	if (!curl_library_load(&transfer.curl, err))
		return false;
	transfer.easy = transfer.curl->easy_init();
	if (!transfer.easy || !set_options(&transfer, remote, &body, &address))
		return error_set(err, ERROR_IO, "libcurl cannot be set up");
	failed = transfer.curl->easy_perform(transfer.easy);
	if (failed != CURLE_OK) {
		error_set(err, failed == CURLE_URL_MALFORMAT || failed == CURLE_UNSUPPORTED_PROTOCOL ? ERROR_USAGE : ERROR_IO,
		          "%s: %s", remote->url, transfer.curl->easy_strerror(failed));
		return error_hint(err, "is `blogsearch serve` running there?");
	}
	transfer.curl->easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		return read_problem(remote, buf_str(&body), status, err);
	buf_append(out, buf_str(&body));
	return true;
}
