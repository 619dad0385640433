/*
 * Asks at a given rate, whether the answers come in time or not:
 *
 *	bench-load PORT RATE SECONDS CONNECTIONS < TARGETS
 *
 * A request's time counts from when it was meant to be sent, so that one that had to wait for those before it is
 * slow as well. Prints the number of answers, of other than 200 among them, and the median, 99th percentile and
 * worst time in microseconds.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_TARGETS     4096
#define MOST_CONNECTIONS 256
#define MOST_HEAD        4096

typedef struct Connection {
	int fd;
	uint64_t meant_ns; /* when its request was meant to be sent */
	char head[MOST_HEAD + 1];
	size_t n_head;     /* bytes of the head so far */
	size_t n_left;     /* bytes of the body to come, once the head is there */
	int has_head;
} Connection;

static char *targets[MOST_TARGETS];
static size_t n_targets;
static Connection connections[MOST_CONNECTIONS];
static Connection *idle[MOST_CONNECTIONS]; /* a ring */
static size_t first_idle, n_idle;
static uint64_t *times;
static size_t n_times, n_wrong;

static void die(const char *what)
{
	fprintf(stderr, "bench-load: %s\n", what);
	exit(1);
}

static void put_idle(Connection *connection)
{
	idle[(first_idle + n_idle++) % MOST_CONNECTIONS] = connection;
}

/* The one that has been idle longest, so that all of them have their turn, as many readers would. */
static Connection *take_idle(void)
{
	Connection *connection = idle[first_idle];

	first_idle = (first_idle + 1) % MOST_CONNECTIONS;
	n_idle--;
	return connection;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void read_targets(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while (n_targets < MOST_TARGETS && (n = getline(&line, &size, stdin)) > 1) {
		line[n - 1] = '\0';
		targets[n_targets++] = strdup(line);
	}
	free(line);
	if (!n_targets)
		die("no targets on standard input");
}

static void connect_to(Connection *connection, uint16_t port, int epoll)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
	int on = 1;

	connection->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connection->fd < 0 || connect(connection->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		die("cannot connect");
	setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event) < 0)
		die("cannot wait for a connection");
	put_idle(connection);
}

static void ask(Connection *connection, const char *target, uint64_t meant_ns)
{
	char request[MOST_HEAD];
	int n = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", target);

	connection->meant_ns = meant_ns;
	connection->n_head = connection->n_left = 0;
	connection->has_head = 0;
	if (n >= (int)sizeof(request) || write(connection->fd, request, (size_t)n) != n)
		die("cannot send");
}

/* Of @n bytes that have come: what the head does not take of them. */
static size_t take_head(Connection *connection, const char *bytes, size_t n)
{
	size_t before = connection->n_head, room = MOST_HEAD - before, taken = n < room ? n : room;
	char *end, *length;

	memcpy(connection->head + before, bytes, taken);
	connection->n_head += taken;
	connection->head[connection->n_head] = '\0';
	end = strstr(connection->head, "\r\n\r\n");
	if (!end) {
		if (connection->n_head == MOST_HEAD)
			die("a head is too long");
		return 0;
	}
	length = strcasestr(connection->head, "\r\nContent-Length:");
	if (!length || length > end)
		die("an answer has no Content-Length");
	connection->has_head = 1;
	connection->n_left = strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
	return n - ((size_t)(end - connection->head) + 4 - before);
}

static void finish(Connection *connection)
{
	n_wrong += strncmp(connection->head, "HTTP/1.1 200", 12) != 0;
	times[n_times++] = now_ns() - connection->meant_ns;
	put_idle(connection);
}

static void receive(Connection *connection)
{
	static char bytes[1 << 16];
	ssize_t n = read(connection->fd, bytes, sizeof(bytes));
	size_t of_body = (size_t)n;

	if (n <= 0)
		die("a connection was closed");
	if (!connection->has_head)
		of_body = take_head(connection, bytes, (size_t)n);
	if (!connection->has_head)
		return;
	if (of_body > connection->n_left)
		die("more came than was announced");
	connection->n_left -= of_body;
	if (!connection->n_left)
		finish(connection);
}

/* Sleeps as exactly as the kernel can: one that spins would take the daemon's core. */
static void receive_some(int epoll, uint64_t until_ns)
{
	struct epoll_event events[64];
	uint64_t now = now_ns(), left = until_ns > now ? until_ns - now : 0;
	struct timespec timeout = { (time_t)(left / 1000000000), (long)(left % 1000000000) };
	int n = epoll_pwait2(epoll, events, 64, until_ns == UINT64_MAX ? NULL : &timeout, NULL);

	for (int i = 0; i < n; i++)
		receive(events[i].data.ptr);
}

static int compare_times(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	size_t n_sent = 0, n_all, n_connections;
	double rate;
	uint64_t start;
	int epoll = epoll_create1(0);

	if (argc != 5 || epoll < 0)
		die("usage: bench-load PORT RATE SECONDS CONNECTIONS < TARGETS");
	prctl(PR_SET_TIMERSLACK, 1);
	read_targets();
	rate = atof(argv[2]);
	n_all = (size_t)(rate * atof(argv[3]));
	n_connections = (size_t)atoi(argv[4]);
	times = calloc(n_all + 1, sizeof(*times));
	if (!n_all || !n_connections || n_connections > MOST_CONNECTIONS || !times)
		die("a rate, seconds and up to 256 connections are needed");
	for (size_t i = 0; i < n_connections; i++)
		connect_to(&connections[i], (uint16_t)atoi(argv[1]), epoll);
	start = now_ns();
	while (n_times < n_all) {
		uint64_t next = start + (uint64_t)(1e9 * (double)n_sent / rate);

		if (n_sent < n_all && n_idle && now_ns() >= next) {
			ask(take_idle(), targets[n_sent % n_targets], next);
			n_sent++;
		} else {
			receive_some(epoll, n_sent < n_all && n_idle ? next : UINT64_MAX);
		}
	}
	qsort(times, n_times, sizeof(*times), compare_times);
	printf("%zu %zu %.0f %.0f %.0f\n", n_times, n_wrong, (double)times[n_times / 2] / 1e3,
	       (double)times[(n_times * 99 - 1) / 100] / 1e3, (double)times[n_times - 1] / 1e3);
	return 0;
}
