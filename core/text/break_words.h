/*
 * Breaking text into chunks: a name (words held together by single joiners: `node.js`,
 * `utf-8`, `C++`, `getUserById`) or a run of a script without spaces. Knows characters only:
 * no folding, no languages. What the tokens of a chunk are is analyze.c's business.
 */
#ifndef TEXT_BREAK_WORDS_H
#define TEXT_BREAK_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "blogsearch/str.h"

#define CHUNK_PARTS  16 /* words of a name; a longer one goes on as the next chunk */
#define PART_PIECES  8  /* of a CamelCase word or a version; more are left with the last one */

typedef struct ChunkPart {
	size_t start, end;              /* bytes of the text */
	char joiner;                    /* before it; 0 for the first ; ':' stands for "::" as well */
	bool is_double;                 /* the joiner was "::"                                       */
	unsigned n_pieces;              /* 0: neither CamelCase nor `v1` of `v1.2`; else at least 2     */
	size_t pieces[PART_PIECES + 1]; /* where each starts, and the end of the last                 */
} ChunkPart;

typedef struct Chunk {
	bool is_unspaced;       /* characters of a script without spaces: start and end only */
	size_t start, end;      /* with the leading dot and the suffix                       */
	bool has_leading_dot;   /* `.net`, `.gitignore`                                      */
	Str suffix;             /* "++", "#" or empty: `c++`, `f#`                           */
	unsigned n_parts;
	ChunkPart parts[CHUNK_PARTS];
} Chunk;

/* The next chunk of @text from *at on, which moves behind it; false at the end. */
bool chunk_next(Str text, size_t *at, Chunk *ret_chunk);
/* The end of the character at @at of a chunk that ends at @end, with the marks behind it. */
size_t chunk_character_end(Str text, size_t at, size_t end);

#endif
