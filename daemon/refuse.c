/* See refuse.h. */
#include "refuse.h"

#include <sys/socket.h>
#include <unistd.h>

#include "blogsearch/buf.h"
#include "blogsearch/clock.h"
#include "problem.h"

#define LINGER_NS UINT64_C(1000000000)

static void send_problem(int fd, const Error *err)
{
	CLEANUP(buf_deinit) Buf body = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	unsigned status = (unsigned)error_http_status(err->code);

	problem_write(err, status, &body);
	buf_printf(&out,
	           "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
	           "Cache-Control: no-store\r\nRetry-After: 1\r\nX-Content-Type-Options: nosniff\r\n"
	           "Vary: Accept-Encoding, Origin\r\n"
	           "Content-Length: %zu\r\n\r\n",
	           status, problem_title(status), body.len);
	buf_append(&out, buf_str(&body));
	/* A new socket's buffer is empty and takes it whole. */
	(void)!send(fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(fd, SHUT_WR);
}

/* What came meanwhile is read away; whoever sends more than this is not answered to the end. */
static void close_oldest(Refused *refused)
{
	char unread[16384];
	int fd = refused->fds[refused->first];

	(void)!recv(fd, unread, sizeof(unread), MSG_DONTWAIT);
	close(fd);
	refused->first = (refused->first + 1) % N_LINGERING;
	refused->n--;
}

void refuse(Refused *refused, int fd, const Error *err)
{
	uint32_t place;

	if (refused->n == N_LINGERING)
		close_oldest(refused);
	send_problem(fd, err);
	place = (refused->first + refused->n++) % N_LINGERING;
	refused->fds[place] = fd;
	refused->since_ns[place] = monotonic_ns();
}

bool refused_tidy(Refused *refused)
{
	uint64_t now = monotonic_ns();

	while (refused->n && now - refused->since_ns[refused->first] >= LINGER_NS)
		close_oldest(refused);
	return refused->n;
}

void refused_close_all(Refused *refused)
{
	while (refused->n)
		close_oldest(refused);
}
