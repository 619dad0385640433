/*
 * What the daemon's rates are compared to, in the same run on the same machine:
 *
 *	bench-floors fixed PORT            libmicrohttpd with a fixed body of 4 KB
 *	bench-floors naive PORT DATABASE   libmicrohttpd, and for each question FTS5's ORDER BY rank LIMIT 10
 *	                                   with snippet(), as one writes it in an afternoon
 *
 * Two threads by SO_REUSEPORT, so that neither suffers from a pool that puts all on one.
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_THREADS 2
#define N_BYTES   4096

typedef struct Floor {
	sqlite3 *db;
	sqlite3_stmt *statement;
} Floor;

static char fixed_body[N_BYTES];

static void die(const char *what)
{
	fprintf(stderr, "bench-floors: %s\n", what);
	exit(1);
}

static enum MHD_Result send_json(struct MHD_Connection *connection, char *body, size_t len, enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(len, body, mode);
	enum MHD_Result result;

	MHD_add_response_header(response, "Content-Type", "application/json");
	result = MHD_queue_response(connection, 200, response);
	MHD_destroy_response(response);
	return result;
}

static char *ask(Floor *floor, const char *q, size_t *ret_len)
{
	char *body = NULL;
	FILE *out = open_memstream(&body, ret_len);

	sqlite3_bind_text(floor->statement, 1, q, -1, SQLITE_STATIC);
	fputs("{\"hits\":[", out);
	while (sqlite3_step(floor->statement) == SQLITE_ROW)
		fprintf(out, "{\"url\":\"%s\",\"title\":\"%s\",\"snippet\":\"%s\"},",
		        (const char *)sqlite3_column_text(floor->statement, 0),
		        (const char *)sqlite3_column_text(floor->statement, 1),
		        (const char *)sqlite3_column_text(floor->statement, 2));
	sqlite3_reset(floor->statement);
	fputs("]}", out);
	fclose(out);
	return body;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **state)
{
	Floor *floor = context;
	const char *q;
	size_t len;
	char *body;

	(void)url, (void)method, (void)version, (void)data, (void)size;
	if (!*state) {
		*state = connection;
		return MHD_YES;
	}
	if (!floor->db)
		return send_json(connection, fixed_body, N_BYTES, MHD_RESPMEM_PERSISTENT);
	q = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "q");
	body = ask(floor, q ? q : "", &len);
	return send_json(connection, body, len, MHD_RESPMEM_MUST_FREE);
}

static int listen_on(uint16_t port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1024) < 0)
		die("cannot listen");
	return fd;
}

static void open_database(Floor *floor, const char *path)
{
	static const char sql[] = "SELECT url, title, snippet(fts, 2, '<mark>', '</mark>', '…', 30) FROM fts"
	                          " WHERE fts MATCH ?1 ORDER BY rank LIMIT 10";

	if (sqlite3_open_v2(path, &floor->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(floor->db, sql, -1, &floor->statement, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(floor->db));
}

int main(int argc, char **argv)
{
	static Floor floors[N_THREADS];

	if (argc < 3 || (strcmp(argv[1], "naive") == 0 && argc < 4))
		die("usage: bench-floors fixed PORT | naive PORT DATABASE");
	memset(fixed_body, 'x', sizeof(fixed_body));
	for (int i = 0; i < N_THREADS; i++) {
		if (argc > 3)
			open_database(&floors[i], argv[3]);
		if (!MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, handle, &floors[i],
		                      MHD_OPTION_LISTEN_SOCKET, listen_on((uint16_t)atoi(argv[2])), MHD_OPTION_END))
			die("cannot start");
	}
	pause();
	return 0;
}
