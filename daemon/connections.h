/*
 * Who is connected and for how long each has been at what: one record a descriptor, because a
 * descriptor is the one name that accepting, answering and cutting off share. libmicrohttpd's own
 * time-out counts inactivity only; a byte a second keeps a connection for ever.
 */
#ifndef DAEMON_CONNECTIONS_H
#define DAEMON_CONNECTIONS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "blogsearch/cleanup.h"

typedef enum ConnectionState {
	CONNECTION_CLOSED,
	CONNECTION_WAITING,   /* for the whole head of a request */
	CONNECTION_ANSWERING, /* until the client has read all of the answer */
} ConnectionState;

typedef struct Connection {
	atomic_int state;
	_Atomic uint64_t since_ns;
	/* Do not change while it is open. */
	Address peer, visitor; /* the latter as limits count it */
	bool is_for_metrics; /* it came by the address for them */
} Connection;

typedef struct Connections Connections;

/* For descriptors below @n_descriptors. */
Connections *connections_new(uint32_t n_descriptors);
Connections *connections_free(Connections *connections);
DEFINE_FREEP(Connections, connections_free)

/* Before anybody else knows of the descriptor; false where it is too high a number. */
MUST_CHECK bool connections_open(Connections *connections, int fd, const Address *peer, bool is_for_metrics);
/* While it still is open: afterwards the number may be another's. */
void connections_close(Connections *connections, int fd);
Connection *connections_get(Connections *connections, int fd);
void connection_is(Connection *connection, ConnectionState state);

uint32_t connections_count(const Connections *connections);
/* Those of the visitor that @peer belongs to (address_visitor()). */
uint32_t connections_count_of(Connections *connections, const Address *peer);
/* How many are being answered. */
uint32_t connections_count_answering(Connections *connections);

/* How many were cut off, by what they were at. */
typedef struct Reaped {
	uint32_t n_waiting, n_answering;
} Reaped;

/* Shuts down (never closes) those that have been at something for longer than its time. */
Reaped connections_reap(Connections *connections, uint64_t waiting_ns, uint64_t answering_ns);
/* Shuts down the one that has waited longest, if that is at least @waiting_ns: room for a new one. */
MUST_CHECK bool connections_make_room(Connections *connections, uint64_t waiting_ns);

#endif
