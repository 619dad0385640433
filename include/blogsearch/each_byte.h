/* Looking at eight bytes of a text at once, for loops over texts where hardly a byte is special. */
#ifndef BLOGSEARCH_EACH_BYTE_H
#define BLOGSEARCH_EACH_BYTE_H

#include <stdint.h>
#include <string.h>

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t eight_bytes(const char *from)
{
	uint64_t bytes;

	memcpy(&bytes, from, sizeof(bytes));
	return bytes;
}

/* 0x80 in the place of each byte that is @byte, and nothing else. */
static inline uint64_t bytes_that_are(uint64_t bytes, unsigned char byte)
{
	uint64_t others = bytes ^ EACH_BYTE(byte);

	return ~(((others & EACH_BYTE(0x7f)) + EACH_BYTE(0x7f)) | others) & EACH_BYTE(0x80);
}

#endif
