/* See negotiate.h. */
#include "negotiate.h"

/* Whether the parameters behind a coding say q=0 (0, 0.0, 0.000). */
static bool is_refused(Str parameters)
{
	Str part;

	while (str_split_next(&parameters, ';', &part)) {
		part = str_trim(part);
		if (!str_starts_with_nocase(part, STR("q=")))
			continue;
		part = str_from(part, 2);
		for (size_t i = 0; i < part.len; i++)
			if (part.data[i] != '0' && part.data[i] != '.')
				return false;
		return true;
	}
	return false;
}

bool accepts_gzip(Str accept_encoding)
{
	bool takes_any = false;
	Str part;

	while (str_split_next(&accept_encoding, ',', &part)) {
		size_t semicolon = str_find_char(part, ';');
		Str coding = str_trim(str_slice(part, 0, semicolon));
		bool is_taken = !is_refused(semicolon == STR_NOT_FOUND ? STR_EMPTY : str_from(part, semicolon + 1));

		if (str_equal_nocase(coding, STR("gzip")) || str_equal_nocase(coding, STR("x-gzip")))
			return is_taken;
		if (str_equal(coding, STR("*")))
			takes_any = is_taken;
	}
	return takes_any;
}

static Str opaque(Str tag)
{
	return str_starts_with(tag, STR("W/")) ? str_from(tag, 2) : tag;
}

bool etag_is_any(Str if_none_match)
{
	return str_equal(str_trim(if_none_match), STR("*"));
}

/* Ours have no comma inside, so a list may be cut at each. */
bool etag_is_listed(Str if_none_match, Str etag)
{
	Str part;

	if (etag_is_any(if_none_match))
		return true;
	while (str_split_next(&if_none_match, ',', &part))
		if (str_equal(opaque(str_trim(part)), opaque(etag)))
			return true;
	return false;
}

Str origin_of_url(Str url, Arena *arena)
{
	bool is_https = str_starts_with_nocase(url, STR("https://"));
	size_t start = is_https ? 8 : 7, end;
	Str port = is_https ? STR(":443") : STR(":80"), host;
	char *origin;

	if (!is_https && !str_starts_with_nocase(url, STR("http://")))
		return STR_EMPTY;
	for (end = start; end < url.len && !strchr("/?#", url.data[end]);)
		end++;
	host = str_slice(url, start, end);
	if (str_find_char(host, '@') != STR_NOT_FOUND)
		host = str_from(host, str_rfind_char(host, '@') + 1);
	if (str_ends_with(host, port))
		host.len -= port.len;
	if (!host.len)
		return STR_EMPTY;
	origin = arena_to_c(arena, arena_printf(arena, "%s://%.*s", is_https ? "https" : "http", STR_ARG(host)));
	for (char *c = origin; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c | 0x20);
	return str_from_c(origin);
}
