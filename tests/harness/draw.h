/* Random numbers that are the same in every run: xorshift64 (Marsaglia 2003), from a seed that is not 0. */
#ifndef HARNESS_DRAW_H
#define HARNESS_DRAW_H

#include <stdint.h>

static uint64_t seed;

static uint32_t draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

#endif
