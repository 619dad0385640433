/* daemon/negotiate.c: encodings, ETags and origins, as RFC 9110 and 6454 have them. */
#include "harness/unit.h"

#include "negotiate.h"

static void check_gzip(const char *accept_encoding, bool expected)
{
	if (accepts_gzip(str_from_c(accept_encoding)) != expected)
		fail_msg("\"%s\" %s gzip", accept_encoding, expected ? "takes" : "does not take");
}

TEST(daemon_negotiate__gzip_is_for_who_takes_it)
{
	check_gzip("gzip", true);
	check_gzip("gzip, deflate, br, zstd", true);
	check_gzip("br;q=1.0, GZIP;q=0.5", true);
	check_gzip("x-gzip", true);
	check_gzip("*", true);
	check_gzip("deflate, *;q=0.1", true);
	check_gzip("", false);
	check_gzip("identity", false);
	check_gzip("br, deflate", false);
	check_gzip("gzipped", false);
}

TEST(daemon_negotiate__a_weight_of_zero_is_a_no)
{
	check_gzip("gzip;q=0", false);
	check_gzip("gzip; q=0.000", false);
	check_gzip("gzip;q=0.001", true);
	check_gzip("*;q=0", false);
	check_gzip("gzip;q=0, *", false);
	check_gzip("*;q=0, gzip", true);
}

static void check_listed(const char *if_none_match, bool expected)
{
	if (etag_is_listed(str_from_c(if_none_match), STR("W/\"1-2\"")) != expected)
		fail_msg("%s %s", if_none_match, expected ? "has it" : "does not have it");
}

TEST(daemon_negotiate__an_etag_is_compared_weakly)
{
	check_listed("W/\"1-2\"", true);
	check_listed("\"1-2\"", true);
	check_listed("\"0-0\", W/\"1-2\"", true);
	check_listed("*", true);
	check_listed(" * ", true);
	check_listed("", false);
	check_listed("\"1-3\"", false);
	check_listed("1-2", false);
	check_listed("\"1-2", false);
}

static void check_origin(const char *url, const char *expected)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	assert_str(origin_of_url(str_from_c(url), &arena), expected);
}

TEST(daemon_negotiate__an_origin_is_what_browsers_send)
{
	check_origin("https://example.org/blog/", "https://example.org");
	check_origin("https://Example.ORG", "https://example.org");
	check_origin("https://example.org:443/", "https://example.org");
	check_origin("http://example.org:80/", "http://example.org");
	check_origin("https://example.org:8443/?q", "https://example.org:8443");
	check_origin("https://user:word@example.org/", "https://example.org");
	check_origin("http://[2001:db8::1]:8017/", "http://[2001:db8::1]:8017");
	check_origin("ftp://example.org/", "");
	check_origin("/blog/", "");
	check_origin("https://", "");
}

RUN_TESTS(daemon_negotiate, UNIT(daemon_negotiate__gzip_is_for_who_takes_it),
          UNIT(daemon_negotiate__a_weight_of_zero_is_a_no), UNIT(daemon_negotiate__an_etag_is_compared_weakly),
          UNIT(daemon_negotiate__an_origin_is_what_browsers_send))
