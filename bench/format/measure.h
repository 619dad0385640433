/* What every program that measures needs: time, memory, tables. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include "blogsearch/error.h"

/* Prints the error and ends the program. */
void die(const Error *err) __attribute__((noreturn));
void die_of(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

double seconds(void);      /* of the monotonic clock */
double cpu_seconds(void);  /* of all threads of this process */
size_t peak_rss(void);     /* bytes */
uint64_t file_bytes(const char *path);

/* "1.23 MB" into a static buffer (eight of them, taken in turn). */
const char *megabytes(uint64_t n_bytes);

#endif
