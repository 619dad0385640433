/*
 * Postings while they are gathered: rows (a page and its packed places), term after term,
 * segment after segment, made into Postings at the end. Private to store/.
 */
#ifndef STORE_POSTING_ROWS_H
#define STORE_POSTING_ROWS_H

#include "blogsearch/store_read.h"

typedef struct PostingRows {
	uint32_t *pages;
	uint32_t *start; /* of the row's places in bytes; they end where the next row's start */
	uint8_t *bytes;
	uint32_t n, capacity;
	uint32_t n_bytes, bytes_capacity;
	bool is_sorted; /* one run: pages ascending, each once */
} PostingRows;

#define POSTING_ROWS_INIT { .is_sorted = true }

void posting_rows_deinit(PostingRows *rows);
void posting_rows_clear(PostingRows *rows); /* keeps the memory */

/* Room for so many more; what is reserved may be written straight into the arrays. */
void posting_rows_reserve(PostingRows *rows, uint32_t n_rows, size_t n_bytes);
void posting_rows_add(PostingRows *rows, uint32_t page, const uint8_t *bytes, uint32_t n_bytes);
/* Adds to the last row a place behind @last (0 before the first). */
void posting_rows_add_place(PostingRows *rows, Place last, Place place);
/* Appends a run. */
void posting_rows_append(PostingRows *rows, const PostingRows *run);

/* Both sorted: @older with the rows of pages that are in @newer as they are there. Rows may be without places. */
void posting_rows_overlay(const PostingRows *newer, const PostingRows *older, PostingRows *ret_rows);
/* Takes out rows without places, from row @from on. */
void posting_rows_drop_empty(PostingRows *rows, uint32_t from);
/* Sorts by page; of several rows of a page one is made, with each place once. */
void posting_rows_sort(PostingRows *rows);

/* Sorted rows become postings; *rows is empty then, and keeps its memory. */
void posting_rows_finish(PostingRows *rows, Postings *ret_postings);

#endif
