/* See page_card.h. */
#include "page_card.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "pages.h"

struct PageCard {
	size_t n_bytes; /* of the block */
	ResultHit hit;  /* into the block, and into the catalog */
	_Alignas(max_align_t) char block[];
};

/* --- What is known of a page -------------------------------------------------------------------------- */

/* One in the making: all but its terms' names is of the page or in the arena. */
typedef struct Draft {
	const Engine *engine;
	const Catalog *catalog;
	uint32_t page;
	Str lang;
	ResultHit hit;
	Arena arena;
} Draft;

static bool is_facet(const Draft *draft, uint32_t facet, const char *name)
{
	return str_equal(draft->catalog->facets[facet].name, str_from_c(name));
}

static void add_series(Draft *draft, uint32_t number, ResultTerm term)
{
	const Catalog *catalog = draft->catalog;
	const TermPages *pages = engine_term_pages(draft->engine);

	draft->hit.series[draft->hit.n_series++] = (ResultSeries){
		.name = term.name, .slug = term.slug, .url = term.url,
		.has_order = catalog->flags[draft->page] & CATALOG_HAS_SERIES_ORDER,
		.order = catalog->series_order[draft->page],
		.count = pages->start[number + 1] - pages->start[number],
	};
}

/* The taxonomy of that facet, made where the hit has none yet. */
static ResultTaxonomy *taxonomy_of(Draft *draft, uint32_t facet, size_t n_terms)
{
	ResultHit *hit = &draft->hit;
	Str name = draft->catalog->facets[facet].plural;

	for (size_t i = 0; i < hit->n_taxonomies; i++)
		if (str_equal(hit->taxonomies[i].name, name))
			return &hit->taxonomies[i];
	hit->taxonomies[hit->n_taxonomies] = (ResultTaxonomy){ name, arena_new_n(&draft->arena, ResultTerm, n_terms), 0 };
	return &hit->taxonomies[hit->n_taxonomies++];
}

static void add_term(Draft *draft, uint32_t number, size_t n_terms)
{
	ResultHit *hit = &draft->hit;
	uint32_t facet = draft->catalog->terms[number].facet;
	ResultTerm term = result_term(draft->catalog, number, draft->lang, &draft->arena);

	if (is_facet(draft, facet, "tag")) {
		hit->tags[hit->n_tags++] = term;
	} else if (is_facet(draft, facet, "category")) {
		hit->categories[hit->n_categories++] = term;
	} else if (is_facet(draft, facet, "author")) {
		hit->authors[hit->n_authors++] = term;
	} else if (is_facet(draft, facet, "series")) {
		add_series(draft, number, term);
	} else {
		ResultTaxonomy *taxonomy = taxonomy_of(draft, facet, n_terms);

		taxonomy->terms[taxonomy->n_terms++] = term;
	}
}

static void add_terms(Draft *draft)
{
	const Catalog *catalog = draft->catalog;
	uint32_t first = catalog->term_start[draft->page], n = catalog->term_start[draft->page + 1] - first;
	ResultHit *hit = &draft->hit;

	hit->authors = arena_new_n(&draft->arena, ResultTerm, n);
	hit->tags = arena_new_n(&draft->arena, ResultTerm, n);
	hit->categories = arena_new_n(&draft->arena, ResultTerm, n);
	hit->series = arena_new_n(&draft->arena, ResultSeries, n);
	hit->taxonomies = arena_new_n(&draft->arena, ResultTaxonomy, n);
	for (uint32_t i = 0; i < n; i++)
		add_term(draft, catalog->term_ids[first + i], n);
}

static void add_json(Draft *draft)
{
	CLEANUP(buf_deinit) Buf address = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf about = BUF_INIT(BUF_NO_CEILING);

	hit_parts_to_json(&draft->hit, &address, &about);
	draft->hit.json_address = arena_str_dup(&draft->arena, buf_str(&address));
	draft->hit.json_about = arena_str_dup(&draft->arena, buf_str(&about));
}

static Draft describe(const Engine *engine, uint32_t number, const StorePage *row)
{
	const Catalog *catalog = engine_catalog(engine);
	Str lang = catalog->langs[catalog->lang[number]];
	Draft draft = { .engine = engine, .catalog = catalog, .page = number, .lang = lang };

	draft.hit = (ResultHit){
		.id = number, .url = row->url, .path = row->path, .title = row->title, .image = row->image,
		.published = catalog->published[number], .updated = catalog->updated[number],
		.lang = lang, .section = catalog->sections[catalog->section[number]], .words = row->words,
	};
	add_terms(&draft);
	add_json(&draft);
	return draft;
}

/* --- As one block -------------------------------------------------------------------------------------- */

/*
 * Goes through all that a hit points to. @move says what becomes of each stretch of memory: first it
 * is counted, then copied into the block, then found in the block's copy.
 */
typedef struct Mover Mover;
struct Mover {
	void *(*move)(Mover *mover, const void *from, size_t n_bytes);
	char *to;
	const char *from;
	size_t n;
};

static void *count_bytes(Mover *mover, const void *from, size_t n_bytes)
{
	mover->n += (n_bytes + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	return (void *)from;
}

static void *copy_bytes(Mover *mover, const void *from, size_t n_bytes)
{
	char *to = mover->to + mover->n;

	count_bytes(mover, from, n_bytes);
	return memcpy(to, from, n_bytes);
}

static void *find_bytes(Mover *mover, const void *from, size_t n_bytes)
{
	(void)n_bytes;
	return mover->to + ((const char *)from - mover->from);
}

#define MOVE_ALL(mover, items, n) \
	do { \
		if (n) \
			(items) = (mover)->move((mover), (items), (n) * sizeof(*(items))); \
	} while (0)

static void move_str(Mover *mover, Str *str)
{
	if (str->len)
		str->data = mover->move(mover, str->data, str->len);
}

static void move_terms(Mover *mover, ResultTerm **terms, size_t n)
{
	MOVE_ALL(mover, *terms, n);
	for (size_t i = 0; i < n; i++)
		move_str(mover, &(*terms)[i].url);
}

static void move_hit(Mover *mover, ResultHit *hit)
{
	Str *const texts[] = { &hit->url, &hit->path, &hit->title, &hit->image, &hit->json_address, &hit->json_about };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		move_str(mover, texts[i]);
	move_terms(mover, &hit->authors, hit->n_authors);
	move_terms(mover, &hit->tags, hit->n_tags);
	move_terms(mover, &hit->categories, hit->n_categories);
	MOVE_ALL(mover, hit->series, hit->n_series);
	for (size_t i = 0; i < hit->n_series; i++)
		move_str(mover, &hit->series[i].url);
	MOVE_ALL(mover, hit->taxonomies, hit->n_taxonomies);
	for (size_t i = 0; i < hit->n_taxonomies; i++)
		move_terms(mover, &hit->taxonomies[i].terms, hit->taxonomies[i].n_terms);
}

PageCard *page_card_new(const Engine *engine, uint32_t number, const StorePage *row)
{
	Draft draft = describe(engine, number, row);
	Mover count = { .move = count_bytes }, copy = { .move = copy_bytes };
	PageCard *card;

	move_hit(&count, &draft.hit);
	card = xcalloc(1, sizeof(*card) + count.n);
	copy.to = card->block;
	move_hit(&copy, &draft.hit);
	card->hit = draft.hit;
	card->n_bytes = count.n;
	arena_deinit(&draft.arena);
	return card;
}

ResultHit page_card_hit(const PageCard *card, Arena *arena)
{
	Mover find = { .move = find_bytes, .from = card->block };
	ResultHit hit = card->hit;

	find.to = arena_dup_n(arena, char, card->block, card->n_bytes);
	move_hit(&find, &hit);
	return hit;
}

size_t page_card_bytes(const PageCard *card)
{
	return sizeof(*card) + card->n_bytes;
}

/* --- Kept ---------------------------------------------------------------------------------------------- */

/* Another thread may have been first: its card is the same. */
const PageCard *page_card(Engine *engine, uint32_t number, CachedPage *page)
{
	PageCard *card = atomic_load_explicit(&page->card, memory_order_acquire), *none = NULL;

	if (card)
		return card;
	card = page_card_new(engine, number, &page->row);
	if (!atomic_compare_exchange_strong(&page->card, &none, card)) {
		free(card);
		return none;
	}
	page_cache_grow(engine_pages(engine), page, page_card_bytes(card));
	return card;
}
