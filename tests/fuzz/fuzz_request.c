/*
 * A request's target and headers: what comes out is decoded once, valid UTF-8 without NUL, and encoding it
 * again gives the same request; what is refused says why. First byte: which framing headers there are.
 */
#include "fuzz.h"

#include "blogsearch/limits.h"
#include "request.h"

static void check_text(Str text)
{
	FUZZ_ASSERT(str_is_utf8(text));
	FUZZ_ASSERT(!memchr(text.data ? text.data : "", '\0', text.len));
}

static void check_error(const Error *err)
{
	FUZZ_ASSERT(err->code == ERROR_USAGE || err->code == ERROR_URL_LENGTH || err->code == ERROR_NOT_FOUND);
	FUZZ_ASSERT(err->what && err->what[0]);
}

static Str encode(const Request *request, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	buf_append_url(&out, request->path, "/");
	for (size_t i = 0; i < request->n_params; i++) {
		buf_append_char(&out, i ? '&' : '?');
		buf_append_url(&out, request->params[i].name, NULL);
		buf_append_char(&out, '=');
		buf_append_url(&out, request->params[i].value, NULL);
	}
	return arena_str_dup(arena, buf_str(&out));
}

static bool read_target(Request *request, size_t max_bytes, Error *err)
{
	return request_read_path(request, STR_EMPTY, max_bytes, err) && request_read_params(request, max_bytes, err);
}

static void check_again(const Request *request, Arena *arena)
{
	Request again = { .arena = arena, .target = encode(request, arena) };

	FUZZ_ASSERT(read_target(&again, SIZE_MAX, NULL));
	FUZZ_ASSERT(str_equal(again.path, request->path) && again.n_params == request->n_params);
	for (size_t i = 0; i < again.n_params; i++)
		FUZZ_ASSERT(str_equal(again.params[i].name, request->params[i].name) &&
		            str_equal(again.params[i].value, request->params[i].value));
}

/* The same target behind a name, which decides nothing. */
static void check_absolute(const Request *request, Arena *arena)
{
	Str target = encode(request, arena);
	Request again = { .arena = arena, .target = arena_concat(arena, STR("http://x"), target) };

	FUZZ_ASSERT(read_target(&again, SIZE_MAX, NULL));
	FUZZ_ASSERT(str_equal(again.path, request->path) && again.n_params == request->n_params);
	again.target = arena_concat(arena, STR("http://"), target);
	FUZZ_ASSERT(!request_read_path(&again, STR_EMPTY, SIZE_MAX, NULL));
}

static void check_target(Str target, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Request request = { .arena = arena, .target = target };

	if (!read_target(&request, LIMIT_URL_BYTES, &err)) {
		check_error(&err);
		return;
	}
	FUZZ_ASSERT(request.path.len && request.path.data[0] == '/' && request.n_params <= LIMIT_PARAMETERS);
	check_text(request.path);
	for (size_t i = 0; i < request.n_params; i++) {
		check_text(request.params[i].name);
		check_text(request.params[i].value);
	}
	check_again(&request, arena);
	check_absolute(&request, arena);
}

/* One header a line. */
static void check_headers(uint8_t flags, Str lines, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Request request = { .arena = arena, .method = STR("GET"), .version = flags & 1 ? STR("HTTP/1.1") : STR("HTTP/1.0") };
	Str line;

	if (flags & 2)
		request_add_header(&request, STR("Host"), STR("x"));
	while (str_split_next(&lines, '\n', &line)) {
		size_t colon = str_find_char(line, ':');

		if (colon != STR_NOT_FOUND)
			request_add_header(&request, str_slice(line, 0, colon), str_trim(str_from(line, colon + 1)));
	}
	if (!request_check(&request, &err)) {
		FUZZ_ASSERT(err.code == ERROR_USAGE);
		return;
	}
	FUZZ_ASSERT(!request.has_bad_name && !request.headers[HEADER_TRANSFER_ENCODING].n);
	FUZZ_ASSERT(request.headers[HEADER_HOST].n <= 1 && request.headers[HEADER_CONTENT_LENGTH].n <= 1);
	FUZZ_ASSERT(!(flags & 1) || request.headers[HEADER_HOST].n == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	if (size < 1)
		return 0;
	check_target((Str){ (const char *)data + 1, size - 1 }, &arena);
	check_headers(data[0], (Str){ (const char *)data + 1, size - 1 }, &arena);
	return 0;
}
