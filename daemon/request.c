/*
 * See request.h. The raw target is decoded here and nowhere else: libmicrohttpd's own decoding
 * cuts at NUL, lets broken escapes pass and hides which parameter was to blame. Framing: RFC 9112, 6.
 */
#include "request.h"

#include "blogsearch/limits.h"

static const Str header_names[N_REQUEST_HEADERS] = {
	[HEADER_HOST] = STR_INIT("host"),
	[HEADER_CONTENT_LENGTH] = STR_INIT("content-length"),
	[HEADER_TRANSFER_ENCODING] = STR_INIT("transfer-encoding"),
	[HEADER_ORIGIN] = STR_INIT("origin"),
	[HEADER_ACCEPT_ENCODING] = STR_INIT("accept-encoding"),
	[HEADER_IF_NONE_MATCH] = STR_INIT("if-none-match"),
	[HEADER_REQUEST_METHOD] = STR_INIT("access-control-request-method"),
	[HEADER_FORWARDED_FOR] = STR_INIT("x-forwarded-for"),
	[HEADER_FORWARDED] = STR_INIT("forwarded"),
	[HEADER_REAL_IP] = STR_INIT("x-real-ip"),
	[HEADER_VIA] = STR_INIT("via"),
	[HEADER_REFERER] = STR_INIT("referer"),
	[HEADER_USER_AGENT] = STR_INIT("user-agent"),
};

/* RFC 9110, 5.6.2; every character of every header's name is looked up. */
static const bool is_token_char[256] = {
	['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['!'] = true, ['#'] = true, ['$'] = true,
	['%'] = true, ['&'] = true, ['\''] = true, ['*'] = true, ['+'] = true, ['-'] = true, ['.'] = true, ['^'] = true,
	['_'] = true, ['`'] = true, ['|'] = true, ['~'] = true,
};

static bool is_token(Str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!is_token_char[(unsigned char)name.data[i]])
			return false;
	return name.len;
}

void request_add_header(Request *request, Str name, Str value)
{
	request->has_bad_name |= !is_token(name);
	for (size_t i = 0; i < N_REQUEST_HEADERS; i++) {
		if (name.len != header_names[i].len || !str_equal_nocase(name, header_names[i]))
			continue;
		if (request->headers[i].n++ == 0)
			request->headers[i].value = value;
		else if (i == HEADER_FORWARDED_FOR)
			request->headers[i].value = arena_printf(request->arena, "%.*s,%.*s",
			                                         STR_ARG(request->headers[i].value), STR_ARG(value));
		return;
	}
}

bool request_is_forwarded(const Request *request)
{
	return request->headers[HEADER_FORWARDED_FOR].n || request->headers[HEADER_FORWARDED].n ||
	       request->headers[HEADER_REAL_IP].n || request->headers[HEADER_VIA].n;
}

/* --- Framing --------------------------------------------------------------------------------------- */

static bool has_body(const Request *request)
{
	Str length = str_trim(request->headers[HEADER_CONTENT_LENGTH].value);

	return request->headers[HEADER_CONTENT_LENGTH].n && !str_equal(length, STR("0"));
}

bool request_check(const Request *request, Error *err)
{
	bool is_1_1 = str_equal(request->version, STR("HTTP/1.1"));

	if (!is_1_1 && !str_equal(request->version, STR("HTTP/1.0")))
		return error_set(err, ERROR_USAGE, "this server speaks HTTP/1.0 and HTTP/1.1 only");
	/* A length for one program, nothing for the next (RFC 9112, 5.2). */
	if (request->has_fold)
		return error_set(err, ERROR_USAGE, "there is a header that goes on in the next line");
	/* "Content-Length : 5" is a length for one program and nothing for the next (RFC 9112, 5.1). */
	if (request->has_bad_name)
		return error_set(err, ERROR_USAGE, "there is a header whose name is none");
	if (request->headers[HEADER_HOST].n > 1 || (is_1_1 && request->headers[HEADER_HOST].n == 0))
		return error_set(err, ERROR_USAGE, "a request needs one Host header, this one has %u",
		                 request->headers[HEADER_HOST].n);
	if (request->headers[HEADER_TRANSFER_ENCODING].n)
		return error_set(err, ERROR_USAGE, "a Transfer-Encoding is not taken: requests have no body here");
	if (request->headers[HEADER_CONTENT_LENGTH].n > 1)
		return error_set(err, ERROR_USAGE, "there is more than one Content-Length");
	return !has_body(request) || error_set(err, ERROR_USAGE, "requests have no body here");
}

/* --- Target ------------------------------------------------------------------------------------------ */

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What is wrong with the text as percent-encoding of UTF-8 without NUL, or NULL. */
static const char *decode(Str raw, bool plus_is_space, Arena *arena, Str *ret_text)
{
	char *text = arena_alloc(arena, raw.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.data[i];

		if (c == '%') {
			int high = i + 1 < raw.len ? hex_value(raw.data[i + 1]) : -1;
			int low = i + 2 < raw.len ? hex_value(raw.data[i + 2]) : -1;

			if (high < 0 || low < 0)
				return "has a % that two hexadecimal digits do not follow";
			c = (char)(high << 4 | low);
			i += 2;
			if (c == '\0')
				return "has a NUL (%00)";
		} else if (c == '+' && plus_is_space) {
			c = ' ';
		} else if ((unsigned char)c <= ' ' || c == 0x7f) {
			return "has a control character or space that is not percent-encoded";
		}
		text[n++] = c;
	}
	*ret_text = (Str){ text, n };
	return str_is_utf8(*ret_text) ? NULL : "is not valid UTF-8";
}

/* How many bytes of a parameter's name an error repeats. */
#define NAME_SHOWN 64

static bool wrong_param(Str name, const char *what, Arena *arena, Error *err)
{
	Str shown = str_slice(name, 0, NAME_SHOWN);

	error_set(err, ERROR_USAGE, "%.*s %s", STR_ARG(shown), what);
	error_hint(err, "percent-encode the UTF-8 bytes of the text once");
	return error_parameter(err, arena_to_c(arena, shown));
}

static bool read_param(Request *request, Str raw, Error *err)
{
	size_t equals = str_find_char(raw, '=');
	Str raw_name = equals == STR_NOT_FOUND ? raw : str_slice(raw, 0, equals);
	Str raw_value = equals == STR_NOT_FOUND ? STR_EMPTY : str_from(raw, equals + 1);
	RequestParam param;
	const char *what = decode(raw_name, true, request->arena, &param.name);

	if (what) {
		error_set(err, ERROR_USAGE, "the name of a parameter %s", what);
		return error_hint(err, "percent-encode the UTF-8 bytes of the text once");
	}
	what = decode(raw_value, true, request->arena, &param.value);
	if (what)
		return wrong_param(param.name, what, request->arena, err);
	if (request->n_params == LIMIT_PARAMETERS)
		return error_set(err, ERROR_USAGE, "there are more than %u parameters", LIMIT_PARAMETERS);
	request->params[request->n_params++] = param;
	return true;
}

static bool read_params(Request *request, Str raw, Error *err)
{
	Str part;

	request->params = arena_new_n(request->arena, RequestParam, LIMIT_PARAMETERS);
	while (str_split_next(&raw, '&', &part))
		if (part.len && !read_param(request, part, err))
			return false;
	return true;
}

/*
 * Splits a target. Of the absolute form that proxies send ("http://HOST/PATH") the name decides nothing, but there
 * must be one (RFC 9110, 4.2.1), and the path may be missing. STR_EMPTY: there is no path.
 */
static Str split_target(Str target, Str *ret_query)
{
	bool is_absolute = str_starts_with_nocase(target, STR("http://"));
	size_t question, host = 0;
	Str path;

	target = is_absolute ? str_from(target, 7) : target;
	while (is_absolute && host < target.len && !strchr("/?#", target.data[host]))
		host++;
	question = str_find_char(target, '?');
	*ret_query = question == STR_NOT_FOUND ? STR_EMPTY : str_from(target, question + 1);
	path = str_slice(target, host, question);
	return !path.len && host ? STR("/") : is_absolute && !host ? STR_EMPTY : path;
}

static bool too_long(size_t max_bytes, Error *err)
{
	return error_set(err, ERROR_URL_LENGTH, "the URL is longer than %zu bytes", max_bytes);
}

static bool below_base(Request *request, Str base_path, Error *err)
{
	if (!base_path.len)
		return true;
	if (str_starts_with(request->path, base_path)) {
		Str rest = str_from(request->path, base_path.len);

		if (!rest.len || rest.data[0] == '/') {
			request->path = rest.len ? rest : STR("/");
			return true;
		}
	}
	return error_set(err, ERROR_NOT_FOUND, "there is nothing outside %.*s/", STR_ARG(base_path));
}

bool request_read_path(Request *request, Str base_path, size_t max_bytes, Error *err)
{
	Str query, raw_path = split_target(request->target, &query);
	const char *what;

	if (raw_path.len > max_bytes)
		return too_long(max_bytes, err);
	if (!raw_path.len || raw_path.data[0] != '/')
		return error_set(err, ERROR_USAGE, "the target of a request is a path that begins with a slash");
	what = decode(raw_path, false, request->arena, &request->path);
	if (what)
		return error_set(err, ERROR_USAGE, "the path %s", what);
	return below_base(request, base_path, err);
}

bool request_read_params(Request *request, size_t max_bytes, Error *err)
{
	Str query;

	(void)split_target(request->target, &query);
	if (request->target.len > max_bytes)
		return too_long(max_bytes, err);
	return !query.len || read_params(request, query, err);
}

/* --- Parameters ---------------------------------------------------------------------------------------- */

bool request_takes_no_params(const Request *request, Error *err)
{
	for (size_t i = 0; i < request->n_params; i++) {
		Str shown = str_slice(request->params[i].name, 0, NAME_SHOWN);

		if (str_equal(shown, STR("_")))
			continue;
		error_set(err, ERROR_USAGE, "there is no parameter \"%.*s\"", STR_ARG(shown));
		error_hint(err, "there are none here");
		return error_parameter(err, arena_to_c(request->arena, shown));
	}
	return true;
}
