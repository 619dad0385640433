/* daemon/address.c: who asks, through proxies, and how much of it is told. */
#include "harness/unit.h"

#include "address.h"

static Address parsed(const char *text)
{
	Address address;

	assert_true(address_parse(str_from_c(text), &address));
	return address;
}

static AddressRange range(const char *text)
{
	AddressRange made;

	assert_true(address_range_parse(str_from_c(text), &made));
	return made;
}

static void check_text(Address address, const char *expected)
{
	char text[ADDRESS_TEXT_SIZE];

	assert_string_equal(address_to_text(&address, text), expected);
}

TEST(daemon_address__both_families_with_and_without_port)
{
	check_text(parsed("192.0.2.1"), "192.0.2.1");
	check_text(parsed("192.0.2.1:4711"), "192.0.2.1");
	check_text(parsed("2001:db8::1"), "2001:db8::1");
	check_text(parsed("[2001:db8::1]:443"), "2001:db8::1");
	/* The same address, as a socket for both families tells it. */
	check_text(parsed("::ffff:192.0.2.1"), "192.0.2.1");
}

TEST(daemon_address__what_is_none_is_refused)
{
	static const char *const wrong[] = { "", "unknown", "192.0.2", "192.0.2.256", "192.0.2.1.5", "[2001:db8::1", "2001:::1",
		                             "example.org", "192.0.2.1 ", "_hidden" };
	Address address;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		if (address_parse(str_from_c(wrong[i]), &address))
			fail_msg("\"%s\" is taken", wrong[i]);
	assert_false(address_parse((Str){ "192.0.2.1\0x", 11 }, &address));
}

TEST(daemon_address__a_range_has_its_addresses_alone)
{
	AddressRange four = range("10.1.0.0/15"), six = range("2001:db8::/33"), one = range("192.0.2.1"), all = range("0.0.0.0/0");
	Address unix_peer = { 0 };

	assert_true(address_is_within(&(Address[]){ parsed("10.0.255.1") }[0], &four));
	assert_true(address_is_within(&(Address[]){ parsed("10.1.255.1") }[0], &four));
	assert_false(address_is_within(&(Address[]){ parsed("10.2.0.1") }[0], &four));
	assert_true(address_is_within(&(Address[]){ parsed("2001:db8:7fff::1") }[0], &six));
	assert_false(address_is_within(&(Address[]){ parsed("2001:db8:8000::1") }[0], &six));
	assert_true(address_is_within(&(Address[]){ parsed("192.0.2.1") }[0], &one));
	assert_false(address_is_within(&(Address[]){ parsed("192.0.2.0") }[0], &one));
	assert_true(address_is_within(&(Address[]){ parsed("203.0.113.9") }[0], &all));
	assert_false(address_is_within(&(Address[]){ parsed("2001:db8::1") }[0], &all));
	assert_false(address_is_within(&unix_peer, &all));
	assert_true(address_is_within(&unix_peer, &(AddressRange[]){ range("unix") }[0]));
}

TEST(daemon_address__a_range_of_too_many_bits_is_none)
{
	AddressRange made;

	assert_false(address_range_parse(STR("10.0.0.0/33"), &made));
	assert_false(address_range_parse(STR("2001:db8::/129"), &made));
	assert_false(address_range_parse(STR("10.0.0.0/"), &made));
	assert_false(address_range_parse(STR("10.0.0.0/-1"), &made));
	assert_true(address_range_parse(STR("2001:db8::/128"), &made));
}

TEST(daemon_address__a_household_is_one_network)
{
	Address four = parsed("192.0.2.77"), six = parsed("2001:db8:1:2:3:4:5:6");

	check_text(address_network(&four, 24, 48), "192.0.2.0");
	check_text(address_network(&four, 32, 64), "192.0.2.77");
	check_text(address_network(&six, 24, 48), "2001:db8:1::");
	check_text(address_network(&six, 32, 64), "2001:db8:1:2::");
}

static void check_client(const char *peer, const char *forwarded, const char *expected)
{
	const AddressRange trusted[] = { range("127.0.0.0/8"), range("10.0.0.0/8") };
	Address from = parsed(peer);

	check_text(address_of_client(&from, str_from_c(forwarded), trusted, ARRAY_SIZE(trusted)), expected);
}

TEST(daemon_address__only_a_trusted_proxy_is_believed)
{
	check_client("203.0.113.5", "198.51.100.1", "203.0.113.5");
	check_client("127.0.0.1", "198.51.100.1", "198.51.100.1");
	check_client("127.0.0.1", "", "127.0.0.1");
	/* What stands before the last address that is no proxy of ours was written by the visitor. */
	check_client("127.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.7", "198.51.100.1");
	check_client("127.0.0.1", "192.0.2.66,198.51.100.1", "198.51.100.1");
	check_client("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1");
	check_client("127.0.0.1", "198.51.100.1, nonsense, 10.0.0.7", "10.0.0.7");
}

RUN_TESTS(daemon_address, UNIT(daemon_address__both_families_with_and_without_port),
          UNIT(daemon_address__what_is_none_is_refused), UNIT(daemon_address__a_range_has_its_addresses_alone),
          UNIT(daemon_address__a_range_of_too_many_bits_is_none), UNIT(daemon_address__a_household_is_one_network),
          UNIT(daemon_address__only_a_trusted_proxy_is_believed))
