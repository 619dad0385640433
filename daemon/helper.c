/* See helper.h. A number asks; it comes back with errno, and with them goes the descriptor. */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "blogsearch/daemon.h"
#include "blogsearch/file.h"

/* A file on a disk that does not answer. */
#define WAIT_SECONDS 5

/* One that comes too late is told by its number from the one that is waited for. */
typedef struct Answer {
	uint32_t number; /* of the question */
	int failed;      /* errno */
} Answer;

typedef union Control {
	struct cmsghdr header; /* for its alignment */
	char bytes[CMSG_SPACE(sizeof(int))];
} Control;

/* --- The other process ------------------------------------------------------------------------------------ */

/* Without a descriptor where it could not be opened. */
static bool answer(int socket, Answer answer, int fd)
{
	Control control = { 0 };
	struct iovec text = { &answer, sizeof(answer) };
	struct msghdr message = { .msg_iov = &text, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *header;

		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) >= 0;
}

static void open_config(int socket, uint32_t number, const char *config)
{
	/* Without O_NONBLOCK opening a FIFO would wait for a writer. */
	CLEANUP(close_fd) int fd = open(config, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	(void)answer(socket, (Answer){ number, fd < 0 ? errno : 0 }, fd);
}

/* Nothing of the daemon's stays open here: neither its sockets nor its log. */
_Noreturn static void run(int socket, const char *config, const ListenerVec *listeners)
{
	uint32_t number;

	prctl(PR_SET_NAME, "blogsearch-help");
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || dup2(socket, STDIN_FILENO) < 0 ||
	    close_range(STDIN_FILENO + 1, ~0u, 0) < 0)
		_exit(1);
	while (recv(STDIN_FILENO, &number, sizeof(number), 0) == sizeof(number))
		open_config(STDIN_FILENO, number, config);
	listeners_remove_sockets(listeners);
	_exit(0);
}

/* --- The daemon ------------------------------------------------------------------------------------------- */

bool helper_start(Helper *helper, const char *config, const ListenerVec *listeners, Error *err)
{
	const struct timeval wait = { WAIT_SECONDS, 0 };
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return error_errno(err, errno, NULL, "no pair of sockets can be made");
	/* Nobody asks how it ended. */
	signal(SIGCHLD, SIG_IGN);
	child = fork();
	if (child == 0)
		run(ends[1], config, listeners);
	close(ends[1]);
	*helper = (Helper){ .fd = ends[0], .has_config = config != NULL };
	setsockopt(helper->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	return child > 0 || error_errno(err, errno, NULL, "no process can be started");
}

static bool gone(int errno_value, Error *err)
{
	error_errno(err, errno_value, NULL, "the process that opens the configuration does not answer");
	return error_hint(err, "ask once more; if that does not help start the daemon again");
}

static bool receive(int socket, Answer *ret_answer, int *ret_fd, Error *err)
{
	Control control;
	struct iovec text = { ret_answer, sizeof(*ret_answer) };
	struct msghdr message = { .msg_iov = &text, .msg_iovlen = 1, .msg_control = &control,
		                  .msg_controllen = sizeof(control) };
	const struct cmsghdr *header;
	ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);

	if (n != sizeof(*ret_answer))
		return gone(n < 0 ? errno : EPIPE, err);
	*ret_fd = -1;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(header), sizeof(*ret_fd));
	return true;
}

bool helper_open_config(Helper *opener, int *ret_fd, Error *err)
{
	uint32_t number = ++opener->n_asked;
	Answer answer = { 0 };
	int fd = -1;

	if (send(opener->fd, &number, sizeof(number), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return gone(errno, err);
	/* Those to questions that were given up are as old as these. */
	do {
		close_fd(&fd);
		if (!receive(opener->fd, &answer, &fd, err))
			return false;
	} while (answer.number != number);
	if (fd < 0 && answer.failed != ENOENT && answer.failed != ENOTDIR)
		return error_errno(err, answer.failed, NULL, "the configuration cannot be opened");
	*ret_fd = fd < 0 ? CONFIG_ABSENT : fd;
	return true;
}

void helper_stop(Helper *helper)
{
	char end;

	if (helper->fd >= 0) {
		shutdown(helper->fd, SHUT_WR);
		while (recv(helper->fd, &end, 1, 0) > 0)
			; /* answers that came too late */
	}
	close_fd(&helper->fd);
}
