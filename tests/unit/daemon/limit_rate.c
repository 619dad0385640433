/* daemon/limit_rate.c: a bucket an address, by a clock that the test turns. */
#include "harness/unit.h"

#include "limit_rate.h"

#define S UINT64_C(1000000000)

static Address address(const char *text)
{
	Address made;

	assert_true(address_parse(str_from_c(text), &made));
	return made;
}

/* How many of @n at once are admitted. */
static unsigned ask(RateLimiter *limiter, const char *who, unsigned n, uint64_t now)
{
	Address client = address(who);
	unsigned admitted = 0;
	uint32_t seconds;

	for (unsigned i = 0; i < n; i++)
		admitted += rate_limiter_admit(limiter, &client, 10, 20, now, &seconds);
	return admitted;
}

TEST(daemon_limit_rate__a_burst_then_the_rate)
{
	RateLimiter *limiter = rate_limiter_new();

	assert_int_equal(ask(limiter, "192.0.2.1", 100, 100 * S), 20);
	assert_int_equal(ask(limiter, "192.0.2.1", 100, 100 * S), 0);
	assert_int_equal(ask(limiter, "192.0.2.1", 100, 101 * S), 10);
	/* However long it stays away, it does not save up more than a burst. */
	assert_int_equal(ask(limiter, "192.0.2.1", 100, 1000 * S), 20);
	rate_limiter_free(limiter);
}

TEST(daemon_limit_rate__what_is_refused_costs_nothing)
{
	RateLimiter *limiter = rate_limiter_new();

	ask(limiter, "192.0.2.1", 20, 100 * S);
	ask(limiter, "192.0.2.1", 100000, 100 * S);
	assert_int_equal(ask(limiter, "192.0.2.1", 1, 100 * S + S / 10), 1);
	rate_limiter_free(limiter);
}

TEST(daemon_limit_rate__the_wait_that_is_said_is_enough)
{
	RateLimiter *limiter = rate_limiter_new();
	Address client = address("192.0.2.1");
	uint32_t seconds = 0;

	ask(limiter, "192.0.2.1", 20, 100 * S);
	assert_false(rate_limiter_admit(limiter, &client, 10, 20, 100 * S, &seconds));
	assert_int_equal(seconds, 1);
	assert_true(rate_limiter_admit(limiter, &client, 10, 20, (100 + seconds) * S, &seconds));
	assert_int_equal(seconds, 0);
	rate_limiter_free(limiter);
}

TEST(daemon_limit_rate__addresses_do_not_share_but_a_household_does)
{
	RateLimiter *limiter = rate_limiter_new();

	assert_int_equal(ask(limiter, "192.0.2.1", 100, 100 * S), 20);
	assert_int_equal(ask(limiter, "192.0.2.2", 100, 100 * S), 20);
	assert_int_equal(ask(limiter, "2001:db8:1:2::1", 100, 100 * S), 20);
	assert_int_equal(ask(limiter, "2001:db8:1:2:ffff::9", 100, 100 * S), 0);
	assert_int_equal(ask(limiter, "2001:db8:1:3::1", 100, 100 * S), 20);
	rate_limiter_free(limiter);
}

TEST(daemon_limit_rate__a_flood_of_addresses_lets_at_most_its_own_through)
{
	RateLimiter *limiter = rate_limiter_new();
	unsigned n_admitted = 0;
	char text[32];

	/* More than there are buckets: some are forgotten, none is refused for another's sake. */
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(text, sizeof(text), "10.%u.%u.%u", i / 65536, i / 256 % 256, i % 256);
		n_admitted += ask(limiter, text, 1, 100 * S);
	}
	assert_int_equal(n_admitted, 20000);
	rate_limiter_free(limiter);
}

RUN_TESTS(daemon_limit_rate, UNIT(daemon_limit_rate__a_burst_then_the_rate),
          UNIT(daemon_limit_rate__what_is_refused_costs_nothing), UNIT(daemon_limit_rate__the_wait_that_is_said_is_enough),
          UNIT(daemon_limit_rate__addresses_do_not_share_but_a_household_does),
          UNIT(daemon_limit_rate__a_flood_of_addresses_lets_at_most_its_own_through))
