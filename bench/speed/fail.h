/* A benchmark that cannot go on says why and ends. */
#ifndef BENCH_FAIL_H
#define BENCH_FAIL_H

#include "blogsearch/error.h"

void fail(const Error *err) __attribute__((noreturn));
void fail_because(const char *why) __attribute__((noreturn));

#endif
