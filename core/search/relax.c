/*
 * Which pages match, and what is done where none do, step by step:
 *
 *	1  all words, as they were typed (any of them with match=any)
 *	2  words that no page has are corrected, then words that hardly any page has   (typo=auto)
 *	3  pages will do that have most of what the words tell                         (match=auto)
 *
 * What was typed comes first: a word that pages have is corrected only when the query finds
 * nothing as it is; otherwise the correction is offered, with how much it would find. What was
 * said on purpose (phrases, fields, exclusions) is never let go. Decided by the words alone, so
 * that choosing a facet's value does not change what is counted.
 */
#include "score.h"

#include "blogsearch/vec.h"

#define SHARE_CORRECTED 0.6f
/* A word on so few pages may be a slip, if another one nearby is on so many times more. */
#define FEW_PAGES     2
#define MANY_TIMES    10
#define RARE_LETTERS  6 /* shorter words have too many neighbours */
/* What is offered must be nearer, and on more. */
#define OFFERED_COST  10
#define OFFERED_TIMES 20
#define MOST_OFFERED  4 /* words are looked at for it */
/* Of what the best page has, where none has all words. */
#define LEAST_SHARE 0.6f

/* A word with what it was corrected to: correction i is found by the leaf's alternatives [first[i], first[i + 1]). */
typedef struct Corrected {
	Leaf *leaf;
	Correction corrections[MOST_CORRECTIONS];
	size_t first[MOST_CORRECTIONS + 1];
	size_t n;
	Str word; /* the one that is shown */
} Corrected;

typedef struct Matching {
	Search *search;
	bool is_any;
	VEC(Corrected) corrected;
} Matching;

static bool evaluate(Matching *matching, Error *err)
{
	return evaluate_words(matching->search, matching->is_any, &matching->search->words, err);
}

static bool is_empty(const Matching *matching)
{
	uint32_t page = 0;

	return !page_set_next(matching->search->words, &page);
}

/* --- Correcting --------------------------------------------------------------------------------- */

static bool is_correctable(const Leaf *leaf)
{
	return leaf->is_scored && leaf->node->kind == QUERY_WORD && leaf->n_alternatives;
}

/* Pages have it, but so few that it may be a slip. */
static bool may_be_slip(const Leaf *leaf)
{
	return is_correctable(leaf) && leaf->n_pages && leaf->n_pages <= FEW_PAGES && leaf->node->text.len >= RARE_LETTERS;
}

/* Adds the corrections that are on more than @n_least pages as further wordings; false where there are none. */
static bool correct_leaf(Matching *matching, Leaf *leaf, uint64_t n_least)
{
	Search *search = matching->search;
	Corrected corrected = { .leaf = leaf };
	Correction found[MOST_CORRECTIONS];
	size_t n = find_corrections(search, text_fold_dup(leaf->node->text, search->arena), leaf->is_prefix, found);

	for (size_t i = 0; i < n; i++) {
		if (found[i].n_pages <= n_least)
			continue;
		corrected.first[corrected.n] = leaf->n_alternatives;
		corrected.corrections[corrected.n++] = found[i];
		plan_wording(search, leaf, found[i].word, FORM_CORRECTED, SHARE_CORRECTED);
	}
	corrected.first[corrected.n] = leaf->n_alternatives;
	if (!corrected.n)
		return false;
	corrected.word = corrected.corrections[0].word;
	vec_push(&matching->corrected, corrected);
	return true;
}

static bool correct_unknown(Matching *matching, bool *ret_has_any, Error *err)
{
	Search *search = matching->search;

	*ret_has_any = false;
	for (size_t i = 0; i < search->n_leaves; i++) {
		Leaf *leaf = search->leaves[i];

		if (!is_correctable(leaf) || leaf->n_pages)
			continue;
		if (is_late(search, err))
			return false;
		if (!correct_leaf(matching, leaf, 0))
			continue;
		*ret_has_any = true;
		if (!fetch_leaf(search, leaf, err))
			return false;
	}
	return true;
}

/* The query finds nothing: its rarest words may be slips that somebody else made as well. */
static bool correct_rare(Matching *matching, Error *err)
{
	Search *search = matching->search;
	size_t n_before = matching->corrected.n;

	for (size_t i = 0; i < search->n_leaves; i++) {
		Leaf *leaf = search->leaves[i];

		if (may_be_slip(leaf) &&
		    correct_leaf(matching, leaf, (uint64_t)leaf->n_pages * MANY_TIMES - 1) && !fetch_leaf(search, leaf, err))
			return false;
	}
	if (matching->corrected.n == n_before)
		return true;
	if (!evaluate(matching, err))
		return false;
	while (is_empty(matching) && matching->corrected.n > n_before) {
		Corrected *corrected = &matching->corrected.items[--matching->corrected.n];

		drop_alternatives(search, corrected->leaf, corrected->first[0]);
	}
	return true;
}

static uint32_t n_pages_of(const Search *search, const Corrected *corrected, size_t which)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	PageSet pages = page_set_new(search->catalog->n_slots, &arena);

	for (size_t a = corrected->first[which]; a < corrected->first[which + 1]; a++)
		add_postings(search, &corrected->leaf->alternatives[a].postings->postings, pages);
	page_set_and(pages, search->words);
	return page_set_count(pages);
}

/* Of several corrections the one is shown that most of the pages found have. */
static void choose_corrections(Matching *matching)
{
	VEC_FOREACH (corrected, &matching->corrected) {
		uint32_t n_most = 0;

		for (size_t i = 0; corrected->n > 1 && i < corrected->n; i++) {
			uint32_t n = n_pages_of(matching->search, corrected, i);

			if (n > n_most) {
				n_most = n;
				corrected->word = corrected->corrections[i].word;
			}
		}
	}
}

static QueryNode *corrected_tree(const Matching *matching, const QueryNode *node)
{
	Arena *arena = matching->search->arena;
	const Leaf *leaf = leaf_of(matching->search, node);
	QueryNode *copy = arena_new(arena, QueryNode);

	*copy = *node;
	VEC_FOREACH (corrected, &matching->corrected)
		if (leaf && corrected->leaf == leaf) {
			copy->text = corrected->word;
			if (str_find_char(copy->text, ' ') != STR_NOT_FOUND)
				copy->kind = QUERY_PHRASE;
		}
	copy->children = arena_new_n(arena, QueryNode *, node->n_children);
	for (size_t i = 0; i < node->n_children; i++)
		copy->children[i] = corrected_tree(matching, node->children[i]);
	return copy;
}

/*
 * What the corrected query finds when it is asked as it is shown, to the page: without what
 * was typed, without the other corrections.
 */
static bool find_corrected(Matching *matching, QueryMatch match, PageSet *ret_words, Error *err)
{
	Search *search = matching->search, corrected = *search;
	Query query = *search->query;
	bool is_done;

	query.root = corrected_tree(matching, search->root);
	query.typo = false;
	query.match = match;
	corrected.query = &query;
	corrected.leaves = NULL;
	corrected.leaf_places = NULL;
	corrected.paths = NULL;
	corrected.n_leaves = corrected.n_leaf_places = corrected.n_paths = 0;
	is_done = match_words(&corrected, err);
	release_leaves(&corrected);
	*ret_words = corrected.words;
	return is_done;
}

static void show_corrected(Matching *matching, PageSet words)
{
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);
	Search *search = matching->search;

	query_print(corrected_tree(matching, search->root), &text);
	search->corrected = arena_str_dup(search->arena, buf_str(&text));
	search->corrected_words = words;
}

/* The hits are of all corrections; the one that is named says how many pages it has itself. */
static bool use_corrections(Matching *matching, Error *err)
{
	PageSet words;

	choose_corrections(matching);
	if (!find_corrected(matching, matching->search->query->match, &words, err))
		return false;
	matching->search->is_corrected = true;
	show_corrected(matching, words);
	return true;
}

/*
 * There are pages with all words, but one of the words hardly any has, and a near one is on
 * many: it is offered if the query finds more with that one.
 */
static bool offer_correction(Matching *matching, Error *err)
{
	Search *search = matching->search;
	uint32_t n_found = page_set_count(search->words);
	unsigned n_tried = 0;

	for (size_t i = 0; i < search->n_leaves && n_tried < MOST_OFFERED && !search->corrected.len; i++) {
		Leaf *leaf = search->leaves[i];
		const Corrected *corrected;
		PageSet words;

		if (!may_be_slip(leaf))
			continue;
		n_tried++;
		if (!correct_leaf(matching, leaf, (uint64_t)leaf->n_pages * OFFERED_TIMES - 1))
			continue;
		corrected = &matching->corrected.items[matching->corrected.n - 1];
		drop_alternatives(search, leaf, corrected->first[0]);
		if (corrected->corrections[0].cost <= OFFERED_COST) {
			if (!find_corrected(matching, MATCH_ALL, &words, err))
				return false;
			if (page_set_count(words) > n_found)
				show_corrected(matching, words);
		}
		matching->corrected.n = 0;
	}
	return true;
}

/* --- Letting words go ------------------------------------------------------------------------------- */

/* Only a plain word that must be there with others. */
static Leaf *loose_leaf(const LeafPlace *place)
{
	bool is_loose = place->leaf && place->leaf->is_scored && !place->leaf->is_let_go && place->parent &&
	                place->parent->kind == QUERY_AND && place->node->kind == QUERY_WORD && !place->node->field.len;

	return is_loose ? place->leaf : NULL;
}

static bool has_let_go(const Search *search)
{
	for (size_t i = 0; i < search->n_leaves; i++)
		if (search->leaves[i]->is_let_go)
			return true;
	return false;
}

static size_t n_scored(const Search *search)
{
	size_t n = 0;

	for (size_t i = 0; i < search->n_leaves; i++)
		n += search->leaves[i]->is_scored;
	return n;
}

/* What a page has of the words that were let go. */
typedef struct Covered {
	float worth; /* by how much they tell */
	uint32_t n;
} Covered;

static void cover(const Search *search, Covered *covered)
{
	Scorer scorer;

	scorer_init(&scorer, search);
	for (size_t i = 0; i < search->n_leaves; i++) {
		const Leaf *leaf = search->leaves[i];
		float idf = leaf->is_let_go ? leaf_idf(&scorer, leaf) : 0;

		for (uint32_t page = 0; leaf->is_let_go && page_set_next(leaf->pages, &page); page++) {
			covered[page].worth += idf;
			covered[page].n++;
		}
	}
}

/* Pages with nearly as much as the best one has, and those with the most words where these are several. */
static void keep_best_covered(Search *search, const Covered *covered, bool has_others)
{
	Covered most = { 0 };

	for (uint32_t page = 0; page_set_next(search->words, &page); page++) {
		most.worth = covered[page].worth > most.worth ? covered[page].worth : most.worth;
		most.n = covered[page].n > most.n ? covered[page].n : most.n;
	}
	for (uint32_t page = 0; page_set_next(search->words, &page); page++) {
		bool is_near = covered[page].worth >= most.worth * LEAST_SHARE && (has_others || covered[page].n);

		if (!is_near && !(most.n > 1 && covered[page].n == most.n))
			page_set_remove(search->words, page);
	}
}

/*
 * No page has all words: those that have most of what the words tell, or nearly as much. Which
 * words are let go is thus not the same for each page.
 */
static bool let_words_go(Matching *matching, Error *err)
{
	Search *search = matching->search;
	Covered *covered;
	bool has_others = false;

	if (n_scored(search) < 2)
		return true;
	for (size_t i = 0; i < search->n_leaf_places; i++) {
		Leaf *leaf = loose_leaf(&search->leaf_places[i]);

		if (leaf)
			leaf->is_let_go = true;
	}
	if (!has_let_go(search))
		return true;
	for (size_t i = 0; i < search->n_leaves; i++)
		has_others = has_others || (search->leaves[i]->is_scored && !search->leaves[i]->is_let_go);
	if (!evaluate(matching, err))
		return false;
	covered = arena_new_n(search->arena, Covered, search->catalog->n_slots);
	cover(search, covered);
	keep_best_covered(search, covered, has_others);
	return true;
}

/* --- All steps ----------------------------------------------------------------------------------------- */

static ResultMatch outcome(const Matching *matching)
{
	if (is_empty(matching))
		return RESULT_NONE;
	if (matching->is_any)
		return RESULT_ANY;
	return has_let_go(matching->search) ? RESULT_RELAXED : RESULT_ALL;
}

static bool match(Matching *matching, Error *err)
{
	Search *search = matching->search;
	const Query *query = search->query;
	bool was_corrected = false;

	if (query->typo && !correct_unknown(matching, &was_corrected, err))
		return false;
	if (!evaluate(matching, err))
		return false;
	if (query->typo && is_empty(matching) && !correct_rare(matching, err))
		return false;
	if (query->match == MATCH_AUTO && is_empty(matching) && !let_words_go(matching, err))
		return false;
	if (is_empty(matching))
		return true;
	if (matching->corrected.n)
		return use_corrections(matching, err);
	return !query->typo || outcome(matching) != RESULT_ALL || offer_correction(matching, err);
}

bool match_words(Search *search, Error *err)
{
	Matching matching = { .search = search, .is_any = search->query->match == MATCH_ANY };
	bool is_done = plan_leaves(search, err) && match(&matching, err);

	if (is_done)
		search->match = outcome(&matching);
	vec_deinit(&matching.corrected);
	return is_done;
}
