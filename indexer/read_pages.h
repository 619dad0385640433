/*
 * Reading and preparing pages in as many threads as are wanted; what they give is handed over
 * one page after the other, in the order of the tasks, in the thread that called.
 */
#ifndef INDEXER_READ_PAGES_H
#define INDEXER_READ_PAGES_H

#include "find_changes.h"

/* What became of a file. Lives until it has been handed over. */
typedef struct PageRead {
	const ReadingTask *task;
	bool is_read;     /* false: @problem says why it is not */
	bool is_same;     /* it gives what it gave before: a page with the same content, or none */
	PageFate fate;
	StoreFile file;   /* its strings live as long as the site's sources */
	StoreRow *row;    /* of a page that is new or another; NULL where only a look was wanted */
	Error problem, warning;
	uint64_t read_ns, prepare_ns; /* that a thread worked for it */
	Arena arena;
} PageRead;

typedef struct ReadingOptions {
	const Site *site;
	unsigned n_jobs;  /* threads that read; 1: the one that calls */
	bool only_looks;  /* nothing will be written: rows are not made */
} ReadingOptions;

/* False ends the reading. */
typedef bool (*OnPageRead)(void *context, PageRead *page, Error *err);

/* False where @on_page returned false, with its error. Memory is bounded, whatever the number of pages. */
MUST_CHECK bool read_pages(const ReadingOptions *options, const ReadingTask *tasks, size_t n, OnPageRead on_page,
                           void *context, Error *err);

#endif
