/* The record of table page_text: a StoreText packed into bytes and compressed. */
#ifndef STORE_PAGE_TEXT_H
#define STORE_PAGE_TEXT_H

#include "blogsearch/arena.h"
#include "blogsearch/store_read.h"

/* What of @document the record holds; strings are borrowed from it. Its places are set by make_term_streams(). */
StoreText *text_of_document(const Document *document, Arena *arena);

Str page_text_pack(const StoreText *text, Arena *arena);
/* ERROR_INDEX where the record is damaged. Strings live in @arena. */
MUST_CHECK bool page_text_unpack(Str record, Arena *arena, StoreText **ret_text, Error *err);

#endif
