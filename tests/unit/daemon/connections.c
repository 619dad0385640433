/* daemon/connections.c: whose connections are counted as one visitor's. */
#include "harness/unit.h"

#include "connections.h"

static Address address(const char *text)
{
	Address made;

	assert_true(address_parse(str_from_c(text), &made));
	return made;
}

static uint32_t count_of(Connections *connections, const char *who)
{
	Address peer = address(who);

	return connections_count_of(connections, &peer);
}

static Connections *opened(const char *const *peers, int n)
{
	Connections *connections = connections_new((uint32_t)n);

	for (int fd = 0; fd < n; fd++) {
		Address peer = address(peers[fd]);

		assert_true(connections_open(connections, fd, &peer, false));
	}
	return connections;
}

TEST(daemon_connections__a_household_of_ipv6_is_one_visitor)
{
	static const char *const peers[] = { "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::1", "2001:db8:1:3::1" };
	Connections *connections = opened(peers, ARRAY_SIZE(peers));

	assert_int_equal(count_of(connections, "2001:db8:1:2:abcd::"), 3);
	assert_int_equal(count_of(connections, "2001:db8:1:3::2"), 1);
	assert_int_equal(count_of(connections, "2001:db8:1:4::1"), 0);
	connections_close(connections, 1);
	assert_int_equal(count_of(connections, "2001:db8:1:2::5"), 2);
	connections_free(connections);
}

TEST(daemon_connections__each_address_of_ipv4_is_one_visitor)
{
	static const char *const peers[] = { "192.0.2.1", "192.0.2.2", "192.0.2.1" };
	Connections *connections = opened(peers, ARRAY_SIZE(peers));

	assert_int_equal(count_of(connections, "192.0.2.1"), 2);
	assert_int_equal(count_of(connections, "192.0.2.2"), 1);
	assert_int_equal(count_of(connections, "192.0.2.3"), 0);
	assert_int_equal(connections_count(connections), 3);
	connections_free(connections);
}

TEST(daemon_connections__a_descriptor_beyond_the_records_is_none)
{
	Connections *connections = connections_new(4);
	Address peer = address("192.0.2.1");

	assert_false(connections_open(connections, 4, &peer, false));
	assert_int_equal(connections_count(connections), 0);
	connections_free(connections);
}

RUN_TESTS(daemon_connections, UNIT(daemon_connections__a_household_of_ipv6_is_one_visitor),
          UNIT(daemon_connections__each_address_of_ipv4_is_one_visitor),
          UNIT(daemon_connections__a_descriptor_beyond_the_records_is_none))
