/*
 * How well a page answers. BM25F (S. Robertson, H. Zaragoza: The Probabilistic Relevance
 * Framework: BM25 and Beyond, 2009, section 3.6): occurrences are weighted by field and
 * normalised by the field's length before they are saturated, so that a word in title and text
 * counts once and not twice:
 *
 *	tf(p)    = sum over fields f:  weight_f * n_f(p) / (1 - b_f + b_f * length_f(p) / average_f)
 *	words(p) = sum over words:     repeated * idf * tf(p) / (k1 + tf(p))
 *	idf      = ln(1 + (N - n + 0.5) / (n + 0.5))
 *
 * n_f(p) counts an occurrence by how it was found (Alternative.weight); a word that the query
 * has n times counts (1 + n) / 2 times.
 *
 * Then words that stand near each other, for the best pages by that. Neighbours in the query
 * (stop words do not part them) are looked for within a few places of each other, as D. Metzler,
 * W. B. Croft: A Markov Random Field Model for Term Dependencies, 2005, do with windows; what a
 * pair counts falls with its distance as in S. Buettcher, C. Clarke, B. Lushman: Term Proximity
 * Scoring for Ad-Hoc Retrieval, 2006:
 *
 *	near(p) = nearness * sum over pairs:  (idf_1 + idf_2) / 2 * c / (k1 + c)
 *	c       = sum over occurrences of the first:  weight_f / distance, half of it backwards
 *
 * And for these pages the title, where it has all of the query's words or nearly so, most when it
 * has no others (as the coordination of G. Salton, but for one field):
 *
 *	title(p) = title_match * (sum of idf) * (share of it in the title)^3 * (1 + share of the title in the query) / 2
 *
 * The page's own factor (page_factors.c) multiplies the sum. docs/ranking.md has what each brings.
 */
#include "score.h"

#include <math.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"

#define K1         1.2f
#define N_NEAR     100 /* pages whose words' nearness and title are looked at */
#define WINDOW     8   /* places */
#define BACKWARDS  0.5f

static const float field_b[N_TEXT_FIELDS] = {
	[FIELD_TITLE] = 0.6f, [FIELD_HEADINGS] = 0.5f, [FIELD_PROSE] = 0.7f,
	[FIELD_CODE] = 0.7f,  [FIELD_CAPTIONS] = 0.5f, [FIELD_TERMS] = 0.3f,
};

/* --- Words --------------------------------------------------------------------------------- */

void scorer_init(Scorer *scorer, const Search *search)
{
	const Catalog *catalog = search->catalog;

	*scorer = (Scorer){ .search = search, .ranking = &engine_options(search->engine)->ranking };
	for (TextField f = 0; f < N_TEXT_FIELDS; f++)
		scorer->average[f] = catalog->n_pages && catalog->length_sum[f]
		                             ? (float)((double)catalog->length_sum[f] / catalog->n_pages)
		                             : 1.0f;
}

float leaf_idf(const Scorer *scorer, const Leaf *leaf)
{
	double n_all = scorer->search->catalog->n_pages, n = leaf->n_word_pages ? leaf->n_word_pages : leaf->n_pages;

	return (float)log(1.0 + (n_all - n + 0.5) / (n + 0.5));
}

float leaf_repeated(const Leaf *leaf)
{
	return (1.0f + (float)leaf->n_repeated) / 2.0f;
}

float saturated(float tf)
{
	return tf / (K1 + tf);
}

float field_tf(const Scorer *scorer, TextField field, uint32_t page, uint32_t n)
{
	float length = (float)scorer->search->catalog->lengths[field][page];

	return scorer->ranking->weights[field] * (float)n /
	       (1.0f - field_b[field] + field_b[field] * length / scorer->average[field]);
}

static float tf_of_counts(const Scorer *scorer, uint32_t page, const uint32_t n[N_TEXT_FIELDS], unsigned fields)
{
	float tf = 0;

	for (TextField f = 0; f < N_TEXT_FIELDS; f++)
		if (n[f] && (fields >> f & 1))
			tf += field_tf(scorer, f, page, n[f]);
	return tf;
}

/* Made once, then kept with the postings. */
static const Frequencies *frequencies_of(const Scorer *scorer, CachedPostings *cached)
{
	const Postings *postings = &cached->postings;
	const Frequencies *kept = posting_cache_frequencies(cached);
	PostingWalk walk = postings_walk(postings);
	const uint8_t *at = postings->bytes;
	Frequencies *made;

	if (kept)
		return kept;
	made = frequencies_new(postings->n_pages);
	for (uint32_t i = 0; posting_next(&walk) && walk.page < scorer->search->catalog->n_slots; i++) {
		uint32_t n[N_TEXT_FIELDS];

		places_count(postings_next_places(&at), n);
		made->tf[i] = tf_of_counts(scorer, walk.page, n, ALL_FIELDS);
		if (n[FIELD_TITLE])
			vec_push(&made->titles, walk.page);
	}
	return posting_cache_keep(engine_postings(scorer->search->engine), cached, made);
}

/* Many times more postings than pages that match: each of these is looked for among those. */
#define MANY_TIMES 16

static void add_tf_of_few(const Scorer *scorer, const Alternative *alternative, const float *own, float *tf)
{
	const Postings *postings = &alternative->postings->postings;
	uint32_t i = 0;

	for (uint32_t page = 0; page_set_next(scorer->search->pages, &page); page++)
		if (postings_seek(postings, page, &i))
			tf[page] += alternative->weight * own[i];
}

/* Where the query names fields; what is kept is of all of them. */
static void add_tf_of_fields(const Scorer *scorer, const Alternative *alternative, unsigned fields, float *tf)
{
	const Postings *postings = &alternative->postings->postings;
	PostingWalk walk = postings_walk(postings);
	const uint8_t *at = postings->bytes;

	while (posting_next(&walk) && walk.page < scorer->search->catalog->n_slots) {
		PlaceCursor places = postings_next_places(&at);
		uint32_t n[N_TEXT_FIELDS];

		if (!page_set_has(scorer->search->pages, walk.page))
			continue;
		places_count(places, n);
		tf[walk.page] += alternative->weight * tf_of_counts(scorer, walk.page, n, fields);
	}
}

static void add_tf(const Scorer *scorer, const Leaf *leaf, const Alternative *alternative, float *tf)
{
	const Search *search = scorer->search;
	const Postings *postings = &alternative->postings->postings;
	PostingWalk walk = postings_walk(postings);
	const float *own;

	if (leaf->fields != ALL_FIELDS) {
		add_tf_of_fields(scorer, alternative, leaf->fields, tf);
		return;
	}
	own = frequencies_of(scorer, alternative->postings)->tf;
	if (postings->n_pages / MANY_TIMES > search->n_pages) {
		add_tf_of_few(scorer, alternative, own, tf);
		return;
	}
	for (; posting_next(&walk) && walk.page < search->catalog->n_slots; own++)
		if (page_set_has(search->pages, walk.page))
			tf[walk.page] += alternative->weight * *own;
}

/* @tf: by page; zero before and after. Only pages that match have any, so that the smaller set is gone through. */
static void add_scores(const Scorer *scorer, const Leaf *leaf, float *tf, float *scores)
{
	const Search *search = scorer->search;
	float worth = leaf->idf * leaf_repeated(leaf);
	PageSet pages = leaf->n_pages < search->n_pages ? leaf->pages : search->pages;

	for (size_t i = 0; i < leaf->n_alternatives; i++)
		add_tf(scorer, leaf, &leaf->alternatives[i], tf);
	for (uint32_t page = 0; page_set_next(pages, &page); page++) {
		scores[page] += worth * saturated(tf[page]);
		tf[page] = 0;
	}
}

/* --- Nearness ------------------------------------------------------------------------------ */

/* Two lists in order become one, each place once. */
static Places merge_places(Places places, const Leaf *leaf, const Postings *postings, uint32_t i, Arena *arena)
{
	PlaceCursor cursor = postings_places(postings, i);
	Places merged = { arena_new_n(arena, Place, places.n + (size_t)(cursor.end - cursor.at)), 0 };
	size_t at = 0;
	Place place;

	while (place_next(&cursor, &place)) {
		if (!(leaf->fields >> PLACE_FIELD(place) & 1))
			continue;
		while (at < places.n && places.items[at] < place)
			merged.items[merged.n++] = places.items[at++];
		at += at < places.n && places.items[at] == place;
		merged.items[merged.n++] = place;
	}
	while (at < places.n)
		merged.items[merged.n++] = places.items[at++];
	return merged;
}

/* Where the leaf stands in @page, in any of its ways, each place once. */
static Places places_in_page(const Leaf *leaf, uint32_t page, Arena *arena)
{
	Places places = { 0 };

	for (size_t a = 0; a < leaf->n_alternatives; a++) {
		Alternative *alternative = &leaf->alternatives[a];

		if (postings_seek(&alternative->postings->postings, page, &alternative->at))
			places = merge_places(places, leaf, &alternative->postings->postings, alternative->at, arena);
	}
	return places;
}

/*
 * What the nearest occurrence of the second word counts for one of the first at @place. @gap:
 * how far behind it stands in the query. *at: the first of @others not before @place, kept
 * from call to call.
 */
static float closeness(Place place, const Places *others, size_t *at, uint32_t gap)
{
	float best = 0;

	while (*at < others->n && others->items[*at] < place)
		(*at)++;
	for (size_t i = *at; i < others->n && others->items[i] - place <= WINDOW + gap; i++) {
		uint32_t away = others->items[i] - place;
		float now = !away ? 0 : away <= gap ? 1.0f : 1.0f / (float)(away - gap + 1);

		if (now > best && PLACE_FIELD(others->items[i]) == PLACE_FIELD(place))
			best = now;
	}
	if (*at > 0 && PLACE_FIELD(others->items[*at - 1]) == PLACE_FIELD(place) &&
	    place - others->items[*at - 1] <= WINDOW) {
		float now = BACKWARDS / (float)(place - others->items[*at - 1]);

		best = now > best ? now : best;
	}
	return best;
}

float pair_nearness(const Scorer *scorer, const Pair *pair, uint32_t page, Arena *arena)
{
	Places first = places_in_page(pair->first, page, arena), second = places_in_page(pair->second, page, arena);
	float sum = 0;
	size_t at = 0;

	for (size_t i = 0; i < first.n; i++)
		sum += scorer->ranking->weights[PLACE_FIELD(first.items[i])] *
		       closeness(first.items[i], &second, &at, pair->gap);
	return scorer->ranking->nearness * (pair->first->idf + pair->second->idf) / 2 *
	       saturated(sum);
}

static bool is_known(const Pair *pairs, size_t n, const Pair *pair)
{
	for (size_t i = 0; i < n; i++)
		if (pairs[i].first == pair->first && pairs[i].second == pair->second)
			return true;
	return false;
}

size_t find_pairs(const Search *search, Pair **ret_pairs)
{
	Pair *pairs = arena_new_n(search->arena, Pair, search->n_leaf_places);
	const LeafPlace *before = NULL;
	size_t n = 0;

	for (size_t i = 0; i < search->n_leaf_places; i++) {
		const LeafPlace *place = &search->leaf_places[i];
		Pair pair;

		if (!place->leaf || !place->leaf->is_scored)
			continue;
		if (before && before->parent == place->parent && place->parent && place->parent->kind == QUERY_AND &&
		    before->leaf != place->leaf) {
			pair = (Pair){ before->leaf, place->leaf, place->place - before->place };
			if (!is_known(pairs, n, &pair))
				pairs[n++] = pair;
		}
		before = place;
	}
	*ret_pairs = pairs;
	return n;
}

/* --- The title ------------------------------------------------------------------------------ */

/* Whose titles have the leaf in any way, whatever the fields that it is looked for in. */
static PageSet titles_with(const Scorer *scorer, const Leaf *leaf)
{
	PageSet titles = page_set_new(scorer->search->catalog->n_slots, scorer->search->arena);

	for (size_t i = 0; i < leaf->n_alternatives; i++)
		VEC_FOREACH (page, &frequencies_of(scorer, leaf->alternatives[i].postings)->titles)
			page_set_add(titles, *page);
	return titles;
}

float title_match(const Scorer *scorer, uint32_t page)
{
	const Search *search = scorer->search;
	float all = 0, covered = 0, share, fullness;
	uint32_t n_places = 0, length = search->catalog->lengths[FIELD_TITLE][page];

	for (size_t i = 0; i < search->n_leaf_places; i++) {
		const LeafPlace *place = &search->leaf_places[i];
		if (!place->leaf || !place->leaf->is_scored) {
			n_places += !place->leaf; /* a stop word is in the title as it is in the query */
			continue;
		}
		all += place->leaf->idf;
		if (page_set_has(place->leaf->titles, page)) {
			covered += place->leaf->idf;
			n_places += place->leaf->n_places;
		}
	}
	if (covered <= 0 || !length)
		return 0;
	share = covered / all;
	fullness = n_places < length ? (float)n_places / (float)length : 1.0f;
	return scorer->ranking->title_match * all * share * share * share * (1 + fullness) / 2;
}

/* What is too dear to be looked at for every page: only the best by their words get it. */
static bool look_closer(const Scorer *scorer, Search *search, Error *err)
{
	const float *factors = engine_page_factors(search->engine);
	CLEANUP(arena_deinit) Arena scratch = ARENA_INIT;
	Pair *pairs;
	size_t n_pairs = scorer->ranking->nearness > 0 ? find_pairs(search, &pairs) : 0;

	search->near_pages = set_of_best(search, N_NEAR);
	if (is_late(search, err))
		return false;
	/* In the order of their numbers, which is that of postings. */
	for (uint32_t page = 0; page_set_next(search->near_pages, &page); page++) {
		float near = title_match(scorer, page);

		/* A page with thousands of places is looked at for long. */
		if (n_pairs && is_late(search, err))
			return false;
		for (size_t j = 0; j < n_pairs; j++)
			near += pair_nearness(scorer, &pairs[j], page, &scratch);
		arena_reset(&scratch);
		search->scores[page] += near * factors[page];
	}
	return true;
}

/* --- All of it -------------------------------------------------------------------------------- */

bool has_scored_leaves(const Search *search)
{
	for (size_t i = 0; i < search->n_leaves; i++)
		if (search->leaves[i]->is_scored)
			return true;
	return false;
}

bool score_pages(Search *search, Error *err)
{
	const float *factors = engine_page_factors(search->engine);
	Scorer scorer;

	search->scores = search->worker.scores;
	memset(search->scores, 0, search->catalog->n_slots * sizeof(float));
	scorer_init(&scorer, search);
	for (size_t i = 0; i < search->n_leaves; i++) {
		if (is_late(search, err))
			return false;
		search->leaves[i]->idf = leaf_idf(&scorer, search->leaves[i]);
		if (!search->leaves[i]->is_scored)
			continue;
		add_scores(&scorer, search->leaves[i], search->worker.tf, search->scores);
		search->leaves[i]->titles = titles_with(&scorer, search->leaves[i]);
	}
	for (uint32_t page = 0; page_set_next(search->pages, &page); page++)
		search->scores[page] *= factors[page];
	return look_closer(&scorer, search, err);
}
