/* See lost_pages.h. */
#include "lost_pages.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static atomic_uint n_lost;
static uintptr_t page_bytes;

/* Async-signal-safe: system calls alone. Of code that is gone nothing is survived: zeros cannot be executed. */
static void replace_page(int number, siginfo_t *info, void *context)
{
	void *page = (void *)((uintptr_t)info->si_addr & ~(page_bytes - 1));
	int old_errno = errno;

	(void)context;
	/* Counted first: no other thread may read zeros that are not counted yet. */
	atomic_fetch_add(&n_lost, 1);
	if (info->si_code != BUS_ADRERR ||
	    mmap(page, page_bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) {
		signal(number, SIG_DFL);
		raise(number);
	}
	errno = old_errno;
}

void lost_pages_survive(void)
{
	struct sigaction action = { .sa_sigaction = replace_page, .sa_flags = SA_SIGINFO };

	page_bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

unsigned lost_pages_count(void)
{
	return atomic_load(&n_lost);
}
