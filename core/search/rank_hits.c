/*
 * Which hits come first. By relevance: BM25F (S. Robertson, H. Zaragoza: The Probabilistic
 * Relevance Framework: BM25 and Beyond, 2009, section 3.6): occurrences are weighted by
 * field and normalised by the field's length before they are saturated, so that a word
 * in title and text counts once and not twice:
 *
 *	tf(p)    = sum over fields f:  weight_f * n_f(p) / (1 - b_f + b_f * length_f(p) / average_f)
 *	score(p) = sum over words:     idf * tf(p) / (k1 + tf(p))
 *	idf      = ln(1 + (N - n + 0.5) / (n + 0.5))
 *
 * n_f(p) counts an occurrence by how it was found (Alternative.weight). The author's boost
 * multiplies. Equals are told apart by date, newest first, then by file: the order is total.
 */
#include "steps.h"

#include <math.h>

#define K1 1.2f

static const struct FieldRanking {
	float weight, b;
} field_ranking[N_TEXT_FIELDS] = {
	[FIELD_TITLE] = { 3.0f, 0.4f },    [FIELD_HEADINGS] = { 1.8f, 0.5f }, [FIELD_PROSE] = { 1.0f, 0.7f },
	[FIELD_CODE] = { 0.6f, 0.7f },     [FIELD_CAPTIONS] = { 0.8f, 0.5f }, [FIELD_TERMS] = { 2.0f, 0.3f },
};

/* --- Scores -------------------------------------------------------------------------------- */

typedef struct Scorer {
	const Search *search;
	float average[N_TEXT_FIELDS];
	float *tf; /* by page, of the leaf at hand; zero between two leaves */
} Scorer;

static void average_lengths(Scorer *scorer)
{
	const Catalog *catalog = scorer->search->catalog;

	for (TextField f = 0; f < N_TEXT_FIELDS; f++)
		scorer->average[f] = catalog->n_pages && catalog->length_sum[f]
		                             ? (float)((double)catalog->length_sum[f] / catalog->n_pages)
		                             : 1.0f;
}

static float tf_of_page(const Scorer *scorer, const Postings *postings, uint32_t i, unsigned fields)
{
	const Catalog *catalog = scorer->search->catalog;
	uint32_t n[N_TEXT_FIELDS] = { 0 };
	float tf = 0;

	for (uint32_t j = postings->start[i]; j < postings->start[i + 1]; j++)
		n[PLACE_FIELD(postings->places[j])]++;
	for (TextField f = 0; f < N_TEXT_FIELDS; f++) {
		const struct FieldRanking *ranking = &field_ranking[f];
		float length;

		if (!n[f] || !(fields >> f & 1))
			continue;
		length = (float)catalog->lengths[f][postings->pages[i]];
		tf += ranking->weight * (float)n[f] /
		      (1.0f - ranking->b + ranking->b * length / scorer->average[f]);
	}
	return tf;
}

static void add_tf(Scorer *scorer, const Leaf *leaf, const Alternative *alternative)
{
	const Postings *postings = &alternative->postings->postings;

	for (uint32_t i = 0; i < postings->n_pages; i++)
		if (postings->pages[i] < scorer->search->catalog->n_slots &&
		    page_set_has(scorer->search->pages, postings->pages[i]))
			scorer->tf[postings->pages[i]] +=
				alternative->weight * tf_of_page(scorer, postings, i, leaf->fields);
}

static void add_scores(Scorer *scorer, const Leaf *leaf, float *scores)
{
	double n_all = scorer->search->catalog->n_pages, n = leaf->n_pages;
	float idf = (float)log(1.0 + (n_all - n + 0.5) / (n + 0.5));

	for (size_t i = 0; i < leaf->n_alternatives; i++)
		add_tf(scorer, leaf, &leaf->alternatives[i]);
	for (uint32_t page = 0; page_set_next(leaf->pages, &page); page++) {
		float tf = scorer->tf[page];

		scorer->tf[page] = 0;
		scores[page] += idf * tf / (K1 + tf);
	}
}

static void score(Search *search)
{
	const Catalog *catalog = search->catalog;
	Scorer scorer = { .search = search, .tf = arena_new_n(search->arena, float, catalog->n_slots) };

	search->scores = arena_new_n(search->arena, float, catalog->n_slots);
	average_lengths(&scorer);
	for (size_t i = 0; i < search->n_leaves; i++)
		if (search->leaves[i]->is_scored)
			add_scores(&scorer, search->leaves[i], search->scores);
	for (uint32_t page = 0; page_set_next(search->pages, &page); page++)
		search->scores[page] *= catalog->boost[page];
}

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

static uint32_t *best_pages(Search *search, uint32_t n_wanted, uint32_t *ret_n)
{
	uint32_t n_best = n_wanted < search->n_pages ? n_wanted : search->n_pages, n = 0;
	uint32_t *heap = arena_new_n(search->arena, uint32_t, n_best);
	IsBefore is_before = order_of(search);

	for (uint32_t page = 0; n_best && page_set_next(search->pages, &page); page++) {
		if (n < n_best) {
			heap[n++] = page;
			for (uint32_t i = n / 2; n == n_best && i > 0; i--)
				sift_down(search, is_before, heap, n, i - 1);
		} else if (is_before(search, page, heap[0])) {
			heap[0] = page;
			sift_down(search, is_before, heap, n, 0);
		}
	}
	/* The worst goes to the end, one after the other: what remains is best first. */
	for (uint32_t end = n; end > 1; end--) {
		uint32_t worst = heap[0];

		heap[0] = heap[end - 1];
		heap[end - 1] = worst;
		sift_down(search, is_before, heap, end - 1, 0);
	}
	*ret_n = n;
	return heap;
}

static bool has_scored_leaves(const Search *search)
{
	for (size_t i = 0; i < search->n_leaves; i++)
		if (search->leaves[i]->is_scored)
			return true;
	return false;
}

void rank_hits(Search *search)
{
	const Query *query = search->query;
	uint64_t first = (uint64_t)(query->page - 1) * query->per_page;
	uint32_t *best, n_best;

	if (has_scored_leaves(search))
		score(search);
	if (first >= search->n_pages)
		return;
	best = best_pages(search, (uint32_t)(first + query->per_page), &n_best);
	search->ranked = best + first;
	search->n_ranked = n_best > first ? n_best - (uint32_t)first : 0;
}
