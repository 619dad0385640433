/* See systemd.h. */
#include "systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/str.h"

/* SD_LISTEN_FDS_START */
#define FIRST_FD 3

/* --- Sockets ---------------------------------------------------------------------------------------- */

static bool number_of(const char *variable, uint64_t *ret_number)
{
	const char *text = getenv(variable);

	return text && str_to_u64(str_from_c(text), ret_number);
}

bool systemd_sockets(ListenerVec *listeners, Error *err)
{
	const char *all_names = getenv("LISTEN_FDNAMES");
	Str names = str_from_c(all_names), name;
	uint64_t pid, n;

	/* Meant for another process, which started this one. */
	if (!number_of("LISTEN_PID", &pid) || pid != (uint64_t)getpid() || !number_of("LISTEN_FDS", &n))
		return true;
	for (uint64_t i = 0; i < n; i++) {
		bool has_name = str_split_next(&names, ':', &name);

		if (!listen_with((int)(FIRST_FD + i), has_name && str_equal(name, STR("metrics")), listeners, err))
			return false;
	}
	return true;
}

/* --- News --------------------------------------------------------------------------------------------- */

void systemd_init(Systemd *systemd)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	uint64_t us, pid;

	*systemd = (Systemd){ .fd = -1 };
	if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof(name.sun_path))
		return;
	strcpy(name.sun_path, path);
	if (path[0] == '@')
		name.sun_path[0] = '\0';
	systemd->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (systemd->fd < 0)
		return;
	if (connect(systemd->fd, (const struct sockaddr *)&name,
	            (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path))) < 0)
		close_fd(&systemd->fd);
	/* Twice as often as it wants to hear. */
	if (number_of("WATCHDOG_USEC", &us) && (!number_of("WATCHDOG_PID", &pid) || pid == (uint64_t)getpid()))
		systemd->watchdog_ns = us * 1000 / 2;
}

void systemd_deinit(Systemd *systemd)
{
	close_fd(&systemd->fd);
}

void systemd_notify(const Systemd *systemd, const char *state)
{
	if (systemd->fd >= 0)
		(void)!send(systemd->fd, state, strlen(state), MSG_NOSIGNAL);
}

void systemd_keep_alive(Systemd *systemd, uint64_t now_ns)
{
	if (!systemd->watchdog_ns || now_ns - systemd->told_ns < systemd->watchdog_ns)
		return;
	systemd->told_ns = now_ns;
	systemd_notify(systemd, "WATCHDOG=1");
}
