/* Typographic signs for plain ones, as goldmark's extension sets them. */
#ifndef INDEXER_TYPOGRAPHER_H
#define INDEXER_TYPOGRAPHER_H

#include "blogsearch/buf.h"

/*
 * Appends @text with “quotes”, ’, – (--), — (---), … (...) and « ». @before and @after are the
 * characters around it in the source, 0 at its ends.
 */
void typographer_append(Str text, uint32_t before, uint32_t after, Buf *out);

#endif
