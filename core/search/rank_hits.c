/* Which hits come first: by score (score_pages.c) or by what is known of pages, the best ones only. The order is total. */
#include "steps.h"

#include <stdlib.h>

/* --- Order: each function says whether page a comes before page b, of two with the same score -- */

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

/* --- The best: of candidates that are twice as many the better half, again and again ------------ */

typedef struct Candidate {
	float score; /* 0 where the order is another */
	uint32_t page;
} Candidate;

typedef struct Order {
	const Search *search;
	IsBefore is_before;
	const float *scores; /* by page; NULL: they do not matter */
} Order;

static Order order_of(const Search *search)
{
	static const IsBefore orders[] = {
		[SORT_RELEVANCE] = by_newest, [SORT_NEWEST] = by_newest, [SORT_OLDEST] = by_oldest,
		[SORT_UPDATED] = by_updated, [SORT_TITLE] = by_title, [SORT_SERIES] = by_series,
	};
	QuerySort sort = search->query->has_sort ? search->query->sort : SORT_RELEVANCE;

	/* Nothing to be relevant for: newest first. */
	return (Order){ search, orders[sort], sort == SORT_RELEVANCE ? search->scores : NULL };
}

static bool comes_before(const Order *order, Candidate a, Candidate b)
{
	return a.score != b.score ? a.score > b.score : order->is_before(order->search, a.page, b.page);
}

static void swap(Candidate *a, Candidate *b)
{
	Candidate c = *a;

	*a = *b;
	*b = c;
}

/* Moves what comes before the last of them to the front; says how many these are. The last one comes behind them. */
static size_t part(const Order *order, Candidate *all, size_t n)
{
	size_t n_before = 0;

	for (size_t i = 0; i + 1 < n; i++)
		if (comes_before(order, all[i], all[n - 1]))
			swap(&all[i], &all[n_before++]);
	swap(&all[n_before], &all[n - 1]);
	return n_before;
}

/* The middle one of three in other places is a fair guess of the middle one of all. */
static void move_guess_to_end(const Order *order, Candidate *all, size_t n)
{
	Candidate *a = &all[n / 4], *b = &all[n / 2], *c = &all[n - 1];

	if (comes_before(order, *b, *a))
		swap(a, b);
	if (comes_before(order, *c, *b))
		swap(b, c);
	if (comes_before(order, *b, *a))
		swap(a, b);
	swap(b, c);
}

/* Moves the best @n_best (fewer than @n) to the front, the worst of them last. */
static void part_best(const Order *order, Candidate *all, size_t n, size_t n_best)
{
	while (n > 1) {
		size_t n_before;

		move_guess_to_end(order, all, n);
		n_before = part(order, all, n);
		if (n_before + 1 == n_best)
			return;
		if (n_before >= n_best) {
			n = n_before;
		} else {
			all += n_before + 1;
			n -= n_before + 1;
			n_best -= n_before + 1;
		}
	}
}

/* The best of the pages that match, in any order. */
static Candidate *find_best(Search *search, const Order *order, uint32_t n_wanted, uint32_t *ret_n)
{
	uint32_t n_best = n_wanted < search->n_pages ? n_wanted : search->n_pages, n = 0;
	uint32_t most = n_best < search->n_pages / 2 ? 2 * n_best : search->n_pages;
	Candidate *all = arena_new_n(search->arena, Candidate, most), worst = { 0 };
	bool is_full = false;

	for (uint32_t page = 0; n_best && page_set_next(search->pages, &page); page++) {
		Candidate candidate = { order->scores ? order->scores[page] : 0, page };

		/* Most pages are worse than all of the best so far, and hardly one has the same score. */
		if (is_full && !comes_before(order, candidate, worst))
			continue;
		all[n++] = candidate;
		if (n < most || n == n_best)
			continue;
		part_best(order, all, n, n_best);
		n = n_best;
		worst = all[n - 1];
		is_full = true;
	}
	if (n > n_best)
		part_best(order, all, n, n_best);
	*ret_n = n < n_best ? n : n_best;
	return all;
}

static int compare_candidates(const void *a, const void *b, void *order)
{
	return comes_before(order, *(const Candidate *)a, *(const Candidate *)b) ? -1 : 1;
}

static uint32_t *best_pages(Search *search, uint32_t n_wanted, uint32_t *ret_n)
{
	Order order = order_of(search);
	Candidate *best = find_best(search, &order, n_wanted, ret_n);
	uint32_t *pages = arena_new_n(search->arena, uint32_t, *ret_n);

	if (*ret_n > 1)
		qsort_r(best, *ret_n, sizeof(Candidate), compare_candidates, &order);
	for (uint32_t i = 0; i < *ret_n; i++)
		pages[i] = best[i].page;
	return pages;
}

PageSet set_of_best(Search *search, uint32_t n_wanted)
{
	const Order order = { search, by_newest, search->scores };
	PageSet set;
	Candidate *best;
	uint32_t n;

	if (search->n_pages <= n_wanted)
		return page_set_copy(search->pages, search->arena);
	set = page_set_new(search->catalog->n_slots, search->arena);
	best = find_best(search, &order, n_wanted, &n);
	for (uint32_t i = 0; i < n; i++)
		page_set_add(set, best[i].page);
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
	best = best_pages(search, (uint32_t)(first + query->per_page), &n_best);
	search->ranked = best + first;
	search->n_ranked = n_best > first ? n_best - (uint32_t)first : 0;
	return true;
}
