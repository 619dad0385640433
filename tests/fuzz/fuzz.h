/*
 * A fuzz target is one file, fuzz_NAME.c, with LLVMFuzzerTestOneInput(); a row of meson.build;
 * and a folder corpus/NAME of inputs. It asserts something beyond not crashing.
 *
 *	scripts/fuzz NAME SECONDS      explores with libFuzzer, ASan and UBSan (clang)
 *	meson test --suite fuzz        replays the corpus, under any compiler and sanitizer
 *
 * What fuzzing finds becomes a file of the corpus, with a telling name.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "blogsearch/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Also where NDEBUG switches assert() off. */
#define FUZZ_ASSERT(condition)                                                                   \
	do {                                                                                     \
		if (!(condition)) {                                                              \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                 \
		}                                                                                \
	} while (0)

static inline Str fuzz_str(const uint8_t *data, size_t size)
{
	return (Str){ (const char *)data, size };
}

/* Takes the first byte of the input for choosing flags; 0 where there is none. */
static inline UNUSED uint8_t fuzz_flags(const uint8_t **data, size_t *size)
{
	if (!*size)
		return 0;
	--*size;
	return *(*data)++;
}

#endif
