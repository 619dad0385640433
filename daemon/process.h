/* What the process takes of the machine. Its files in /proc are opened before rights are given up. */
#ifndef DAEMON_PROCESS_H
#define DAEMON_PROCESS_H

#include <stdint.h>

typedef struct Process {
	int64_t started_at;
	int memory_fd, descriptors_fd; /* /proc/self/statm and fd; -1 where there is no /proc */
} Process;

typedef struct ProcessFigures {
	uint64_t resident_bytes, private_bytes;
	uint32_t n_descriptors;
} ProcessFigures;

void process_init(Process *process);
void process_deinit(Process *process);
/* From any thread. */
ProcessFigures process_figures(const Process *process);

#endif
