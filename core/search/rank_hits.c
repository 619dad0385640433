/* Which hits come first: by score (score_pages.c) or by what is known of pages, the best by a heap. The order is total. */
#include "steps.h"

/* --- Order: each function says whether page a comes before page b ----------------------------- */

typedef bool (*IsBefore)(const Search *search, uint32_t a, uint32_t b);

static bool by_file(const Search *search, uint32_t a, uint32_t b)
{
	return search->catalog->file_rank[a] < search->catalog->file_rank[b];
}

/* TIME_NONE is the smallest number: pages without a date come last. */
static bool by_newest(const Search *search, uint32_t a, uint32_t b)
{
	int64_t x = search->catalog->published[a], y = search->catalog->published[b];

	return x != y ? x > y : by_file(search, a, b);
}

static bool by_oldest(const Search *search, uint32_t a, uint32_t b)
{
	int64_t x = search->catalog->published[a], y = search->catalog->published[b];

	if ((x == TIME_NONE) != (y == TIME_NONE))
		return y == TIME_NONE;
	return x != y ? x < y : by_file(search, a, b);
}

static int64_t last_change(const Catalog *catalog, uint32_t page)
{
	return catalog->updated[page] != TIME_NONE ? catalog->updated[page] : catalog->published[page];
}

static bool by_updated(const Search *search, uint32_t a, uint32_t b)
{
	int64_t x = last_change(search->catalog, a), y = last_change(search->catalog, b);

	return x != y ? x > y : by_newest(search, a, b);
}

static bool by_title(const Search *search, uint32_t a, uint32_t b)
{
	return search->catalog->title_rank[a] < search->catalog->title_rank[b];
}

/* The page's first series; pages of none come last. */
static uint32_t series_of(const Search *search, uint32_t page)
{
	const Catalog *catalog = search->catalog;
	int series = engine_find_facet(search->engine, STR("series"));

	for (uint32_t i = catalog->term_start[page]; i < catalog->term_start[page + 1]; i++)
		if ((int)catalog->terms[catalog->term_ids[i]].facet == series)
			return catalog->term_ids[i];
	return UINT32_MAX;
}

static bool by_series(const Search *search, uint32_t a, uint32_t b)
{
	const Catalog *catalog = search->catalog;
	uint32_t x = series_of(search, a), y = series_of(search, b);
	bool a_has = catalog->flags[a] & CATALOG_HAS_SERIES_ORDER, b_has = catalog->flags[b] & CATALOG_HAS_SERIES_ORDER;

	if (x != y)
		return x < y;
	if (a_has != b_has)
		return a_has;
	if (a_has && catalog->series_order[a] != catalog->series_order[b])
		return catalog->series_order[a] < catalog->series_order[b];
	return by_oldest(search, a, b);
}

static bool by_relevance(const Search *search, uint32_t a, uint32_t b)
{
	float x = search->scores[a], y = search->scores[b];

	return x != y ? x > y : by_newest(search, a, b);
}

static IsBefore order_of(const Search *search)
{
	static const IsBefore orders[] = {
		[SORT_RELEVANCE] = by_relevance, [SORT_NEWEST] = by_newest, [SORT_OLDEST] = by_oldest,
		[SORT_UPDATED] = by_updated, [SORT_TITLE] = by_title, [SORT_SERIES] = by_series,
	};
	QuerySort sort = search->query->has_sort ? search->query->sort : SORT_RELEVANCE;

	/* Nothing to be relevant for: newest first. */
	return orders[sort == SORT_RELEVANCE && !search->scores ? SORT_NEWEST : sort];
}

/* --- The best, by a heap that has the worst of them on top -------------------------------------- */

static void sift_down(const Search *search, IsBefore is_before, uint32_t *heap, uint32_t n, uint32_t at)
{
	for (;;) {
		uint32_t worst = at, child = 2 * at + 1;
		uint32_t page;

		if (child < n && is_before(search, heap[worst], heap[child]))
			worst = child;
		if (child + 1 < n && is_before(search, heap[worst], heap[child + 1]))
			worst = child + 1;
		if (worst == at)
			return;
		page = heap[at];
		heap[at] = heap[worst];
		heap[worst] = page;
		at = worst;
	}
}

/* The best of them, in the order of the heap. */
static uint32_t *heap_of_best(Search *search, IsBefore is_before, uint32_t n_wanted, uint32_t *ret_n)
{
	uint32_t n_best = n_wanted < search->n_pages ? n_wanted : search->n_pages, n = 0;
	uint32_t *heap = arena_new_n(search->arena, uint32_t, n_best);

	for (uint32_t page = 0; n_best && page_set_next(search->pages, &page); page++) {
		/* Most pages score less than the worst of the best: no more need be known of them. */
		if (is_before == by_relevance && n == n_best && search->scores[page] < search->scores[heap[0]])
			continue;
		if (n < n_best) {
			heap[n++] = page;
			for (uint32_t i = n / 2; n == n_best && i > 0; i--)
				sift_down(search, is_before, heap, n, i - 1);
		} else if (is_before(search, page, heap[0])) {
			heap[0] = page;
			sift_down(search, is_before, heap, n, 0);
		}
	}
	*ret_n = n;
	return heap;
}

static uint32_t *best_pages(Search *search, IsBefore is_before, uint32_t n_wanted, uint32_t *ret_n)
{
	uint32_t *heap = heap_of_best(search, is_before, n_wanted, ret_n);

	/* The worst goes to the end, one after the other: what remains is best first. */
	for (uint32_t end = *ret_n; end > 1; end--) {
		uint32_t worst = heap[0];

		heap[0] = heap[end - 1];
		heap[end - 1] = worst;
		sift_down(search, is_before, heap, end - 1, 0);
	}
	return heap;
}

PageSet set_of_best(Search *search, uint32_t n_wanted)
{
	PageSet set;
	uint32_t *heap, n;

	if (search->n_pages <= n_wanted)
		return page_set_copy(search->pages, search->arena);
	set = page_set_new(search->catalog->n_slots, search->arena);
	heap = heap_of_best(search, by_relevance, n_wanted, &n);
	for (uint32_t i = 0; i < n; i++)
		page_set_add(set, heap[i]);
	return set;
}

bool rank_hits(Search *search, Error *err)
{
	const Query *query = search->query;
	uint64_t first = (uint64_t)(query->page - 1) * query->per_page;
	uint32_t *best, n_best;

	if (has_scored_leaves(search) && !score_pages(search, err))
		return false;
	if (first >= search->n_pages)
		return true;
	best = best_pages(search, order_of(search), (uint32_t)(first + query->per_page), &n_best);
	search->ranked = best + first;
	search->n_ranked = n_best > first ? n_best - (uint32_t)first : 0;
	return true;
}
