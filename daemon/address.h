/* Who asks: addresses of peers, ranges of them, and how much of one is told. */
#ifndef DAEMON_ADDRESS_H
#define DAEMON_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "blogsearch/str.h"

/* IPv4 as IPv6 has it (::ffff:a.b.c.d), so that all compare alike. Zeroed: a Unix socket's other end. */
typedef struct Address {
	uint8_t bytes[16];
} Address;

typedef struct AddressRange {
	Address first;
	unsigned n_bits; /* of the 128 that must be equal */
	bool is_unix;    /* "unix": whoever comes by a Unix socket */
} AddressRange;

#define ADDRESS_TEXT_SIZE 64

Address address_of(const struct sockaddr *socket_address);
/* "192.0.2.1", "2001:db8::1", with or without brackets and port ("[2001:db8::1]:80"). */
MUST_CHECK bool address_parse(Str text, Address *ret_address);
/* "192.0.2.0/24", "2001:db8::/32", "192.0.2.1", "unix". */
MUST_CHECK bool address_range_parse(Str text, AddressRange *ret_range);

bool address_equal(const Address *a, const Address *b);
bool address_is_within(const Address *address, const AddressRange *range);
bool address_is_unix(const Address *address);
/* 127.0.0.0/8, ::1, or a Unix socket. */
bool address_is_local(const Address *address);

/*
 * The network it belongs to: of IPv4 the first @n_bits_4 bits, of IPv6 the first @n_bits_6. One
 * household has 64 bits of IPv6 for itself.
 */
Address address_network(const Address *address, unsigned n_bits_4, unsigned n_bits_6);
/* What limits count as one visitor: an IPv4 address, the first 64 bits of an IPv6 one. */
Address address_visitor(const Address *address);
/* "unix" for a Unix socket. */
const char *address_to_text(const Address *address, char text[ADDRESS_TEXT_SIZE]);

/*
 * Who the request really comes from: @peer, or where that is a trusted proxy the last address of
 * X-Forwarded-For (@forwarded) that is none. What cannot be read ends the chain.
 */
Address address_of_client(const Address *peer, Str forwarded, const AddressRange *trusted, size_t n_trusted);

#endif
