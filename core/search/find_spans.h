/*
 * Where the matches of a hit stand in its text: places of the index turned back into bytes,
 * by breaking the text into words once more (no folding against the query, no stemming: the
 * index has said which places match).
 */
#ifndef SEARCH_FIND_SPANS_H
#define SEARCH_FIND_SPANS_H

#include "marked_text.h"
#include "steps.h"

/* The pieces of @page's field in the order of reading. Those with a match have words and spans. */
size_t find_spans(Search *search, uint32_t page, const StoreText *text, TextField field, MarkedText **ret_texts);

#endif
