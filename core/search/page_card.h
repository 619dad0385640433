/*
 * What hits say of a page whatever was asked: its address, title, dates, terms; as values and as
 * JSON. Made once of a page that is kept, in one block of memory, which each hit has a copy of.
 */
#ifndef SEARCH_PAGE_CARD_H
#define SEARCH_PAGE_CARD_H

#include "blogsearch/result.h"
#include "engine.h"

/* Made with the first call for this page, which keeps it. Any thread. */
const PageCard *page_card(Engine *engine, uint32_t number, CachedPage *page);

/* Of one that nobody keeps: to be freed. */
PageCard *page_card_new(const Engine *engine, uint32_t number, const StorePage *row);

/* A hit without score and what was found in it; in @arena, but for what is the catalog's. */
ResultHit page_card_hit(const PageCard *card, Arena *arena);

size_t page_card_bytes(const PageCard *card);

#endif
