/* See page_cache.h. */
#include "page_cache.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"

static void free_page(LruEntry *entry)
{
	CachedPage *page = (CachedPage *)entry;

	for (size_t i = 0; i < page->n_words; i++)
		free(atomic_load(&page->words[i]));
	kept_passages_deinit(&page->passages);
	free(atomic_load(&page->card));
	arena_deinit(&page->arena);
	free(page);
}

PageCache *page_cache_new(size_t max_bytes)
{
	return lru_cache_new(max_bytes, free_page);
}

/* A page with its text does for its row alone as well, but is not looked for. */
static Str key_of(char bytes[5], uint32_t page, bool has_text)
{
	for (unsigned i = 0; i < 4; i++)
		bytes[i] = (char)(page >> (8 * i));
	bytes[4] = has_text;
	return (Str){ bytes, 5 };
}

static void lay_out(CachedPage *page)
{
	page->n_words = store_text_n_places(page->text);
	page->words = arena_new_n(&page->arena, KeptWords, page->n_words);
	page->layout = page_layout_new(page->text, page->words, &page->arena);
}

/* With the words, as if all were found: they come later. */
static size_t bytes_of(const CachedPage *page)
{
	size_t n = sizeof(*page) + page->arena.n_bytes;

	for (size_t i = 0; i < page->n_words; i++)
		n += page->text->places[i] * sizeof(Word);
	return n;
}

static bool read_page(StoreReader *reader, uint32_t number, bool wants_text, CachedPage *page, Error *err)
{
	if (!store_page(reader, number, &page->arena, &page->row, err) ||
	    (wants_text && !store_text(reader, number, &page->arena, &page->text, err)))
		return false;
	if (wants_text)
		lay_out(page);
	return true;
}

bool page_cache_fetch(PageCache *cache, StoreReader *reader, uint32_t number, bool wants_text, CachedPage **ret_page,
                      Error *err)
{
	char bytes[5];
	Str key = key_of(bytes, number, wants_text);
	CachedPage *page = (CachedPage *)lru_cache_get(cache, key);

	if (!page) {
		page = xnew0(CachedPage);
		if (!read_page(reader, number, wants_text, page, err)) {
			free_page(&page->entry);
			return false;
		}
		lru_cache_put(cache, key, &page->entry, bytes_of(page));
	}
	*ret_page = page;
	return true;
}

void page_cache_grow(PageCache *cache, CachedPage *page, size_t n_bytes)
{
	lru_cache_grow(cache, &page->entry, n_bytes);
}

void page_cache_release(PageCache *cache, CachedPage *page)
{
	lru_cache_release(cache, &page->entry);
}
