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

/* --- Reading back ------------------------------------------------------------------------------------ */

static Str text_of(const Value *map, const char *name)
{
	return value_text(value_get(map, str_from_c(name)));
}

static uint32_t number_of(const Value *map, const char *name)
{
	return (uint32_t)value_int(value_get(map, str_from_c(name)), 0);
}

static size_t count(const Value *list)
{
	return list && list->kind == VALUE_LIST ? list->list.n : 0;
}

/* The only form that the API gives. */
static int64_t time_of(const Value *map, const char *name)
{
	Str text = text_of(map, name);
	CivilTime civil = { 0 };
	int64_t day, next;
	uint64_t hour, minute, second;

	if (text.len != 20 || !query_date(str_slice(text, 0, 10), &day, &next) ||
	    !str_to_u64(str_slice(text, 11, 13), &hour) || !str_to_u64(str_slice(text, 14, 16), &minute) ||
	    !str_to_u64(str_slice(text, 17, 19), &second))
		return TIME_NONE;
	civil = time_to_civil(day);
	civil.hour = (unsigned)hour;
	civil.minute = (unsigned)minute;
	civil.second = (unsigned)second;
	return civil_is_valid(civil) ? time_from_civil(civil) : TIME_NONE;
}

static ResultTerm *read_terms(const Value *hit, const char *name, size_t *ret_n, Arena *arena)
{
	const Value *list = value_get(hit, str_from_c(name));
	ResultTerm *terms = arena_new_n(arena, ResultTerm, count(list));

	*ret_n = count(list);
	for (size_t i = 0; i < *ret_n; i++)
		terms[i] = (ResultTerm){ text_of(list->list.items[i], "name"), text_of(list->list.items[i], "slug"),
			                 text_of(list->list.items[i], "url") };
	return terms;
}

static void read_series(const Value *list, ResultHit *hit, Arena *arena)
{
	hit->n_series = count(list);
	hit->series = arena_new_n(arena, ResultSeries, hit->n_series);
	for (size_t i = 0; i < hit->n_series; i++) {
		const Value *series = list->list.items[i], *order = value_get(series, STR("order"));

		hit->series[i] = (ResultSeries){
			.name = text_of(series, "name"), .slug = text_of(series, "slug"), .url = text_of(series, "url"),
			.has_order = order && order->kind == VALUE_INT, .order = value_int(order, 0),
			.count = number_of(series, "count"),
		};
	}
}

static void read_sections(const Value *list, ResultHit *hit, Arena *arena)
{
	hit->n_sections = count(list);
	hit->sections = arena_new_n(arena, ResultSection, hit->n_sections);
	for (size_t i = 0; i < hit->n_sections; i++) {
		const Value *section = list->list.items[i];

		hit->sections[i] = (ResultSection){ text_of(section, "title_html"), text_of(section, "anchor"),
			                            text_of(section, "url"), text_of(section, "snippet_html") };
	}
}

static void read_hit(const Value *value, ResultHit *hit, Arena *arena)
{
	*hit = (ResultHit){
		.id = number_of(value, "id"), .url = text_of(value, "url"), .path = text_of(value, "path"),
		.title = text_of(value, "title"), .title_html = text_of(value, "title_html"),
		.snippet_html = text_of(value, "snippet_html"), .published = time_of(value, "published"),
		.updated = time_of(value, "updated"), .lang = text_of(value, "lang"), .section = text_of(value, "section"),
		.image = text_of(value, "image"), .words = number_of(value, "words"),
		.score = value_number(value_get(value, STR("score")), 0),
	};
	hit->authors = read_terms(value, "authors", &hit->n_authors, arena);
	hit->tags = read_terms(value, "tags", &hit->n_tags, arena);
	hit->categories = read_terms(value, "categories", &hit->n_categories, arena);
	read_series(value_get(value, STR("series")), hit, arena);
	read_sections(value_get(value, STR("sections")), hit, arena);
}

static void read_facets(const Value *map, Result *result, Arena *arena)
{
	result->n_facets = map && map->kind == VALUE_MAP ? map->map.n : 0;
	result->facets = arena_new_n(arena, ResultFacet, result->n_facets);
	for (size_t f = 0; f < result->n_facets; f++) {
		const Value *list = map->map.entries[f].value;
		ResultFacet *facet = &result->facets[f];

		*facet = (ResultFacet){ map->map.entries[f].key, arena_new_n(arena, ResultFacetValue, count(list)), count(list) };
		for (size_t i = 0; i < facet->n_values; i++) {
			const Value *value = list->list.items[i];

			facet->values[i] = (ResultFacetValue){ text_of(value, "name"), text_of(value, "slug"),
				                               number_of(value, "count"),
				                               value_bool(value_get(value, STR("selected")), false) };
		}
	}
}

static ResultMatch match_of(Str text)
{
	return str_equal(text, STR("relaxed")) ? RESULT_RELAXED :
	       str_equal(text, STR("any")) ? RESULT_ANY :
	       str_equal(text, STR("none")) ? RESULT_NONE : RESULT_ALL;
}

bool remote_read_result(Str json, Arena *arena, Result **ret_result, Error *err)
{
	Result *result = arena_new(arena, Result);
	const Value *hits;
	Value *value;

	if (!json_parse(json, "the daemon's answer", 1, arena, &value, err))
		return false;
	hits = value_get(value, STR("hits"));
	*result = (Result){
		.q = text_of(value, "q"), .corrected = text_of(value, "corrected"),
		.corrected_total = number_of(value, "corrected_total"), .match = match_of(text_of(value, "match")),
		.total = number_of(value, "total"), .page = number_of(value, "page"),
		.per_page = number_of(value, "per_page"), .pages = number_of(value, "pages"),
		.took_ms = value_number(value_get(value, STR("took_ms")), 0), .n_hits = count(hits),
	};
	result->hits = arena_new_n(arena, ResultHit, result->n_hits);
	for (size_t i = 0; i < result->n_hits; i++)
		read_hit(hits->list.items[i], &result->hits[i], arena);
	read_facets(value_get(value, STR("facets")), result, arena);
	*ret_result = result;
	return true;
}
