/* See connections.h. States change without a lock; opening, closing and shutting down exclude each other. */
#include "connections.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"

struct Connections {
	pthread_mutex_t lock;
	atomic_uint n;
	uint32_t n_records, n_used; /* no descriptor was as high as n_used yet */
	Connection *records;
};

Connections *connections_new(uint32_t n_descriptors)
{
	Connections *connections = xnew0(Connections);

	pthread_mutex_init(&connections->lock, NULL);
	connections->n_records = n_descriptors;
	connections->records = xnew0_n(Connection, n_descriptors);
	return connections;
}

Connections *connections_free(Connections *connections)
{
	if (connections) {
		pthread_mutex_destroy(&connections->lock);
		free(connections->records);
		free(connections);
	}
	return NULL;
}

Connection *connections_get(Connections *connections, int fd)
{
	return &connections->records[fd];
}

/* In this order: whoever sees the new state sees its time as well. */
void connection_is(Connection *connection, ConnectionState state)
{
	atomic_store_explicit(&connection->since_ns, monotonic_ns(), memory_order_relaxed);
	atomic_store_explicit(&connection->state, state, memory_order_release);
}

bool connections_open(Connections *connections, int fd, const Address *peer, bool is_for_metrics)
{
	Connection *record;

	if ((uint32_t)fd >= connections->n_records)
		return false;
	record = &connections->records[fd];
	pthread_mutex_lock(&connections->lock);
	record->peer = *peer;
	record->visitor = address_visitor(peer);
	record->is_for_metrics = is_for_metrics;
	connection_is(record, CONNECTION_WAITING);
	if ((uint32_t)fd >= connections->n_used)
		connections->n_used = (uint32_t)fd + 1;
	pthread_mutex_unlock(&connections->lock);
	atomic_fetch_add(&connections->n, 1);
	return true;
}

void connections_close(Connections *connections, int fd)
{
	pthread_mutex_lock(&connections->lock);
	connection_is(&connections->records[fd], CONNECTION_CLOSED);
	pthread_mutex_unlock(&connections->lock);
	atomic_fetch_sub(&connections->n, 1);
}

/* --- Counting ---------------------------------------------------------------------------------------- */

uint32_t connections_count(const Connections *connections)
{
	return atomic_load(&connections->n);
}

static ConnectionState state_of(const Connection *record)
{
	return (ConnectionState)atomic_load_explicit(&record->state, memory_order_acquire);
}

uint32_t connections_count_of(Connections *connections, const Address *peer)
{
	Address visitor = address_visitor(peer);
	uint32_t n = 0;

	pthread_mutex_lock(&connections->lock);
	for (uint32_t fd = 0; fd < connections->n_used; fd++) {
		const Connection *record = &connections->records[fd];

		n += state_of(record) != CONNECTION_CLOSED && address_equal(&record->visitor, &visitor);
	}
	pthread_mutex_unlock(&connections->lock);
	return n;
}

uint32_t connections_count_answering(Connections *connections)
{
	uint32_t n = 0;

	pthread_mutex_lock(&connections->lock);
	for (uint32_t fd = 0; fd < connections->n_used; fd++)
		n += state_of(&connections->records[fd]) == CONNECTION_ANSWERING;
	pthread_mutex_unlock(&connections->lock);
	return n;
}

/* --- Cutting off --------------------------------------------------------------------------------------- */

/* How long it has been at what it is at. */
static uint64_t age_of(const Connection *record, uint64_t now)
{
	uint64_t since = atomic_load_explicit(&record->since_ns, memory_order_relaxed);

	return since < now ? now - since : 0;
}

/* The thread that answers it notices, and closes it. Its time starts again, so that it is not counted twice. */
static void cut_off(Connection *record, uint32_t fd, uint64_t now)
{
	shutdown((int)fd, SHUT_RDWR);
	atomic_store_explicit(&record->since_ns, now, memory_order_relaxed);
}

Reaped connections_reap(Connections *connections, uint64_t waiting_ns, uint64_t answering_ns)
{
	uint64_t now = monotonic_ns();
	Reaped reaped = { 0 };

	pthread_mutex_lock(&connections->lock);
	for (uint32_t fd = 0; fd < connections->n_used; fd++) {
		Connection *record = &connections->records[fd];
		ConnectionState state = state_of(record);

		if (state == CONNECTION_CLOSED ||
		    age_of(record, now) <= (state == CONNECTION_WAITING ? waiting_ns : answering_ns))
			continue;
		cut_off(record, fd, now);
		*(state == CONNECTION_WAITING ? &reaped.n_waiting : &reaped.n_answering) += 1;
	}
	pthread_mutex_unlock(&connections->lock);
	return reaped;
}

bool connections_make_room(Connections *connections, uint64_t waiting_ns)
{
	uint64_t now = monotonic_ns(), oldest = waiting_ns;
	uint32_t victim = UINT32_MAX;

	pthread_mutex_lock(&connections->lock);
	for (uint32_t fd = 0; fd < connections->n_used; fd++) {
		const Connection *record = &connections->records[fd];

		if (state_of(record) == CONNECTION_WAITING && age_of(record, now) >= oldest) {
			oldest = age_of(record, now);
			victim = fd;
		}
	}
	if (victim != UINT32_MAX)
		cut_off(&connections->records[victim], victim, now);
	pthread_mutex_unlock(&connections->lock);
	return victim != UINT32_MAX;
}
