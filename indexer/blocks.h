/*
 * Blocks in the making: text is appended piece by piece, white space collapsed, and closed
 * into a Block. What is told to stay apart (line breaks, block tags) is parted by a blank,
 * what is not (emphasis inside a word) is not.
 */
#ifndef INDEXER_BLOCKS_H
#define INDEXER_BLOCKS_H

#include "blogsearch/arena.h"
#include "blogsearch/buf.h"
#include "blogsearch/document.h"
#include "blogsearch/vec.h"

typedef struct Blocks {
	Arena *arena; /* of the finished blocks */
	VEC(Block) list;
	Buf text;          /* of the block at hand */
	bool wants_blank;  /* before what is appended next */
	Buf inline_code;   /* gathered until blocks_finish */
	Buf plain;         /* all of it so far as one text, for summaries; PLAIN_* part it */
	bool plain_wants_blank, is_aside;
	size_t divider;    /* in plain: where the author ends the summary; SIZE_MAX: nowhere */
	size_t n_bytes, max_bytes;
	unsigned n_headings;
	bool is_hidden;    /* what is appended is kept out of the search */
	bool is_cut;       /* a ceiling was hit: what followed is not there */
} Blocks;

/* What ends a paragraph and breaks a line in Blocks.plain; other parts are one blank apart. */
#define PLAIN_PARAGRAPH '\n'
#define PLAIN_BREAK     '\v'
#define LIMIT_PLAIN_BYTES (64u * 1024)

void blocks_init(Blocks *blocks, Arena *arena, size_t max_bytes);
void blocks_deinit(Blocks *blocks);

/* Appends words; @text is made valid UTF-8, control characters are blanks. */
void blocks_text(Blocks *blocks, Str text);
/* Appends as it is (code), line ends kept. */
void blocks_raw(Blocks *blocks, Str text);
void blocks_part(Blocks *blocks);
/* A line break that shows. */
void blocks_break(Blocks *blocks);
/* Here the author ends the summary. */
void blocks_divide(Blocks *blocks);
/* Closes a paragraph's prose. */
void blocks_close_paragraph(Blocks *blocks);
/* Cuts the text at hand down to its first @len bytes. */
void blocks_cut(Blocks *blocks, size_t len);
/* Closes the block at hand, if there is any text in it. Trailing URLs and the like are the caller's. */
void blocks_close(Blocks *blocks, BlockKind kind, Str lang);
void blocks_close_heading(Blocks *blocks, uint8_t level, Str anchor);
/* A block of its own, whatever is at hand. */
void blocks_add(Blocks *blocks, BlockKind kind, Str text);
void blocks_inline_code(Blocks *blocks, Str text);
/* Closes what is open; the result lives in the arena. */
size_t blocks_finish(Blocks *blocks, Block **ret_blocks);

/* @text without what reads as a URL: `https://…`, `www.…`. In @arena. */
Str drop_urls(Str text, Arena *arena);

#endif
