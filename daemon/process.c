/* See process.h. */
#include "process.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "blogsearch/cleanup.h"
#include "blogsearch/clock.h"

void process_init(Process *process)
{
	*process = (Process){
		.started_at = time_now(),
		.memory_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC),
		.descriptors_fd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	};
}

void process_deinit(Process *process)
{
	close_fd(&process->memory_fd);
	close_fd(&process->descriptors_fd);
}

static void read_memory(const Process *process, ProcessFigures *figures)
{
	char text[128] = "";
	unsigned long size, resident, shared;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	if (process->memory_fd < 0 || pread(process->memory_fd, text, sizeof(text) - 1, 0) <= 0 ||
	    sscanf(text, "%lu %lu %lu", &size, &resident, &shared) != 3)
		return;
	figures->resident_bytes = resident * page;
	figures->private_bytes = (resident - shared) * page;
}

/* The folder's position belongs to all threads. */
static void count_descriptors(const Process *process, ProcessFigures *figures)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	_Alignas(struct dirent64) char entries[4096];
	long n;

	if (process->descriptors_fd < 0)
		return;
	pthread_mutex_lock(&lock);
	lseek(process->descriptors_fd, 0, SEEK_SET);
	while ((n = syscall(SYS_getdents64, process->descriptors_fd, entries, sizeof(entries))) > 0)
		for (long at = 0; at < n;) {
			const struct dirent64 *entry = (const void *)(entries + at);

			figures->n_descriptors += entry->d_name[0] != '.';
			at += entry->d_reclen;
		}
	pthread_mutex_unlock(&lock);
}

ProcessFigures process_figures(const Process *process)
{
	ProcessFigures figures = { 0 };

	read_memory(process, &figures);
	count_descriptors(process, &figures);
	return figures;
}
