/* Scalars as Hugo takes them: its YAML reader's rules by version, and numbers as Go writes them. */
#ifndef INDEXER_SITE_HUGO_VALUES_H
#define INDEXER_SITE_HUGO_VALUES_H

#include <stdint.h>

#include "blogsearch/value.h"

typedef enum HugoScalars {
	SCALARS_PLAIN,
	SCALARS_YAML_1_1, /* Hugo up to 0.151, YAML alone: yes, no, on, off, y, n are booleans, 010 is 8, 1_000 is 1000 */
	SCALARS_JSON,     /* whole numbers are fractions as all others, and so no dates                                 */
} HugoScalars;

/*
 * Changes @value and all in it so that text and kind are what Hugo works with: a number's text
 * is Go's (3.10 is "3.1", 12e2 is "1200").
 */
void hugo_cast_values(Value *value, HugoScalars scalars, Arena *arena);

#endif
