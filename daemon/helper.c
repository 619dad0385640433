/* See helper.h. A byte asks; errno answers, and with it goes the descriptor. */
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

typedef union Control {
	struct cmsghdr header; /* for its alignment */
	char bytes[CMSG_SPACE(sizeof(int))];
} Control;

/* --- The other process ------------------------------------------------------------------------------------ */

/* Without a descriptor where it could not be opened. */
static bool answer(int socket, int failed, int fd)
{
	Control control = { 0 };
	struct iovec text = { &failed, sizeof(failed) };
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

static void open_config(int socket, const char *config)
{
	/* Without O_NONBLOCK opening a FIFO would wait for a writer. */
	CLEANUP(close_fd) int fd = open(config, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	(void)answer(socket, fd < 0 ? errno : 0, fd);
}

/* Nothing of the daemon's stays open here: neither its sockets nor its log. */
_Noreturn static void run(int socket, const char *config, const ListenerVec *listeners)
{
	char asked;

	prctl(PR_SET_NAME, "blogsearch-help");
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || dup2(socket, STDIN_FILENO) < 0 ||
	    close_range(STDIN_FILENO + 1, ~0u, 0) < 0)
		_exit(1);
	while (recv(STDIN_FILENO, &asked, 1, 0) == 1)
		open_config(STDIN_FILENO, config);
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
	*helper = (Helper){ ends[0], config != NULL };
	setsockopt(helper->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	return child > 0 || error_errno(err, errno, NULL, "no process can be started");
}

static bool gone(int errno_value, Error *err)
{
	error_errno(err, errno_value, NULL, "the process that opens the configuration does not answer");
	return error_hint(err, "start the daemon again");
}

bool helper_open_config(const Helper *opener, int *ret_fd, Error *err)
{
	Control control;
	int failed = 0, fd = -1;
	struct iovec text = { &failed, sizeof(failed) };
	struct msghdr message = { .msg_iov = &text, .msg_iovlen = 1, .msg_control = &control,
		                  .msg_controllen = sizeof(control) };
	const struct cmsghdr *header;
	ssize_t n;

	if (send(opener->fd, "?", 1, MSG_NOSIGNAL) < 0)
		return gone(errno, err);
	n = recvmsg(opener->fd, &message, MSG_CMSG_CLOEXEC);
	if (n != sizeof(failed))
		return gone(n < 0 ? errno : EPIPE, err);
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	if (fd < 0 && failed != ENOENT && failed != ENOTDIR)
		return error_errno(err, failed, NULL, "the configuration cannot be opened");
	*ret_fd = fd < 0 ? CONFIG_ABSENT : fd;
	return true;
}

void helper_stop(Helper *helper)
{
	char end;

	if (helper->fd >= 0) {
		shutdown(helper->fd, SHUT_WR);
		(void)!recv(helper->fd, &end, 1, 0);
	}
	close_fd(&helper->fd);
}
