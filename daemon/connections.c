/* See connections.h. Records change without a lock; opening, closing and reaping exclude each other. */
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

void connection_is(Connection *connection, ConnectionState state)
{
	atomic_store(&connection->since_ns, monotonic_ns());
	atomic_store(&connection->state, state);
}

bool connections_open(Connections *connections, int fd)
{
	if ((uint32_t)fd >= connections->n_records)
		return false;
	pthread_mutex_lock(&connections->lock);
	connection_is(&connections->records[fd], CONNECTION_WAITING);
	if ((uint32_t)fd >= connections->n_used)
		connections->n_used = (uint32_t)fd + 1;
	pthread_mutex_unlock(&connections->lock);
	atomic_fetch_add(&connections->n, 1);
	return true;
}

void connections_close(Connections *connections, int fd)
{
	pthread_mutex_lock(&connections->lock);
	atomic_store(&connections->records[fd].state, CONNECTION_CLOSED);
	pthread_mutex_unlock(&connections->lock);
	atomic_fetch_sub(&connections->n, 1);
}

uint32_t connections_count(const Connections *connections)
{
	return atomic_load(&connections->n);
}

uint32_t connections_count_answering(Connections *connections)
{
	uint32_t n = 0;

	pthread_mutex_lock(&connections->lock);
	for (uint32_t fd = 0; fd < connections->n_used; fd++)
		n += atomic_load(&connections->records[fd].state) == CONNECTION_ANSWERING;
	pthread_mutex_unlock(&connections->lock);
	return n;
}

uint32_t connections_reap(Connections *connections, uint64_t waiting_ns, uint64_t answering_ns)
{
	uint64_t now = monotonic_ns();
	uint32_t n = 0;

	pthread_mutex_lock(&connections->lock);
	for (uint32_t fd = 0; fd < connections->n_used; fd++) {
		Connection *record = &connections->records[fd];
		int state = atomic_load(&record->state);
		uint64_t since = atomic_load(&record->since_ns), limit = state == CONNECTION_WAITING ? waiting_ns : answering_ns;

		if (state == CONNECTION_CLOSED || since + limit >= now)
			continue;
		shutdown((int)fd, SHUT_RDWR);
		n++;
	}
	pthread_mutex_unlock(&connections->lock);
	return n;
}
