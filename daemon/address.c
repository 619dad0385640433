/* See address.h. */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool is_ipv4(const Address *address)
{
	return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

static Address from_ipv4(const void *four)
{
	Address address;

	memcpy(address.bytes, mapped, sizeof(mapped));
	memcpy(address.bytes + sizeof(mapped), four, 4);
	return address;
}

Address address_of(const struct sockaddr *socket_address)
{
	Address address = { 0 };

	if (socket_address->sa_family == AF_INET)
		return from_ipv4(&((const struct sockaddr_in *)(const void *)socket_address)->sin_addr);
	if (socket_address->sa_family == AF_INET6)
		memcpy(address.bytes, &((const struct sockaddr_in6 *)(const void *)socket_address)->sin6_addr, 16);
	return address;
}

/* Cuts brackets and port off. */
static Str bare(Str text)
{
	size_t colon = str_find_char(text, ':');

	if (str_starts_with(text, STR("["))) {
		size_t end = str_find_char(text, ']');

		return end == STR_NOT_FOUND ? STR_EMPTY : str_slice(text, 1, end);
	}
	if (colon != STR_NOT_FOUND && str_find_char(str_from(text, colon + 1), ':') == STR_NOT_FOUND)
		return str_slice(text, 0, colon);
	return text;
}

bool address_parse(Str text, Address *ret_address)
{
	char copy[INET6_ADDRSTRLEN];
	uint8_t four[4];

	text = bare(text);
	if (!text.len || text.len >= sizeof(copy) || memchr(text.data, '\0', text.len))
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	if (inet_pton(AF_INET, copy, four) == 1) {
		*ret_address = from_ipv4(four);
		return true;
	}
	return inet_pton(AF_INET6, copy, ret_address->bytes) == 1;
}

bool address_range_parse(Str text, AddressRange *ret_range)
{
	size_t slash = str_find_char(text, '/');
	AddressRange range = { .n_bits = 128 };
	uint64_t n_bits;
	unsigned n_before;

	if (str_equal(text, STR("unix"))) {
		*ret_range = (AddressRange){ .is_unix = true };
		return true;
	}
	if (!address_parse(str_slice(text, 0, slash), &range.first))
		return false;
	if (slash != STR_NOT_FOUND) {
		n_before = is_ipv4(&range.first) ? 96 : 0;
		if (!str_to_u64(str_from(text, slash + 1), &n_bits) || n_bits > 128 - n_before)
			return false;
		range.n_bits = n_before + (unsigned)n_bits;
	}
	*ret_range = range;
	return true;
}

bool address_equal(const Address *a, const Address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static void cut(Address *address, unsigned n_bits)
{
	for (unsigned i = 0; i < sizeof(address->bytes); i++) {
		unsigned kept = n_bits > i * 8 ? n_bits - i * 8 : 0;

		if (kept < 8)
			address->bytes[i] &= (uint8_t)(0xff00 >> kept);
	}
}

bool address_is_unix(const Address *address)
{
	return address_equal(address, &(Address){ 0 });
}

bool address_is_within(const Address *address, const AddressRange *range)
{
	Address a = *address, b = range->first;

	if (range->is_unix || address_is_unix(address))
		return range->is_unix && address_is_unix(address);
	cut(&a, range->n_bits);
	cut(&b, range->n_bits);
	return address_equal(&a, &b);
}

bool address_is_local(const Address *address)
{
	static const Address loopback_6 = { { [15] = 1 } };

	return address_is_unix(address) || address_equal(address, &loopback_6) ||
	       (is_ipv4(address) && address->bytes[12] == 127);
}

Address address_network(const Address *address, unsigned n_bits_4, unsigned n_bits_6)
{
	Address network = *address;

	cut(&network, is_ipv4(address) ? 96 + n_bits_4 : n_bits_6);
	return network;
}

Address address_visitor(const Address *address)
{
	return address_network(address, 32, 64);
}

const char *address_to_text(const Address *address, char text[ADDRESS_TEXT_SIZE])
{
	if (address_is_unix(address))
		return strcpy(text, "unix");
	if (is_ipv4(address))
		inet_ntop(AF_INET, address->bytes + 12, text, ADDRESS_TEXT_SIZE);
	else
		inet_ntop(AF_INET6, address->bytes, text, ADDRESS_TEXT_SIZE);
	return text;
}

static bool is_trusted(const Address *address, const AddressRange *trusted, size_t n_trusted)
{
	for (size_t i = 0; i < n_trusted; i++)
		if (address_is_within(address, &trusted[i]))
			return true;
	return false;
}

Address address_of_client(const Address *peer, Str forwarded, const AddressRange *trusted, size_t n_trusted)
{
	Address client = *peer;

	while (forwarded.len && is_trusted(&client, trusted, n_trusted)) {
		size_t comma = str_rfind_char(forwarded, ',');
		Str last = comma == STR_NOT_FOUND ? forwarded : str_from(forwarded, comma + 1);

		if (!address_parse(str_trim(last), &client))
			break;
		forwarded = comma == STR_NOT_FOUND ? STR_EMPTY : str_slice(forwarded, 0, comma);
	}
	return client;
}
