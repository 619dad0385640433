/*
 * Runs of a script without spaces that no page has as they stand, cut into pieces that pages have:
 * 数据库存储 is asked for, and 数据库来存储 is written. A run is cut where the site has the fewest
 * pages with the pair of characters that stands there, again and again, as nobody writes the pair
 * where one word ends and the next begins unless they stand together often. Characters that are
 * left alone (particles, endings) decide nothing; a run that is mostly such stays whole, so that
 * nonsense finds nothing. Where it meets another script (Docker入門) it is cut first.
 */
#include "steps.h"

#include "blogsearch/vec.h"

#define MOST_CHARACTERS  32 /* a longer run is a sentence, and is looked for as one */
#define LEAST_CHARACTERS 3
#define LEAST_COVERED    0.6f /* of its characters, by pieces that pages have */

typedef struct Cutting {
	Search *search;
	const QueryNode *node;
	uint32_t starts[MOST_CHARACTERS + 1]; /* bytes of its text: where each character begins, and the end */
	bool is_unspaced[MOST_CHARACTERS];
	uint32_t n;
	uint32_t pages_of_pair[MOST_CHARACTERS]; /* of the pair that begins with that character */
	bool has_pairs; /* they are counted */
	VEC(Str) pieces;
	uint32_t n_covered; /* characters */
} Cutting;

static Str characters(const Cutting *cutting, uint32_t from, uint32_t to)
{
	return str_slice(cutting->node->text, cutting->starts[from], cutting->starts[to]);
}

/* Looked up as any word, but nothing of it stays: there may be many. */
static bool count_pages(const Cutting *cutting, Str text, uint32_t *ret_n, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Search search = *cutting->search;
	QueryNode node = *cutting->node;
	bool is_fetched;
	Leaf *leaf;

	search.arena = &arena;
	node.text = text;
	leaf = plan_leaf(&search, &node, false, false);
	is_fetched = fetch_leaf(&search, leaf, err);
	*ret_n = leaf->n_pages;
	release_leaf(&search, leaf);
	return is_fetched;
}

static bool count_pairs(Cutting *cutting, Error *err)
{
	for (uint32_t i = 0; !cutting->has_pairs && i + 1 < cutting->n; i++)
		if (!count_pages(cutting, characters(cutting, i, i + 2), &cutting->pages_of_pair[i], err))
			return false;
	cutting->has_pairs = true;
	return true;
}

/* The pair of [from, to) that the fewest pages have; the first of several. */
static uint32_t rarest_pair(const Cutting *cutting, uint32_t from, uint32_t to)
{
	uint32_t rarest = from;

	for (uint32_t i = from; i + 1 < to; i++)
		if (cutting->pages_of_pair[i] < cutting->pages_of_pair[rarest])
			rarest = i;
	return rarest;
}

/* Of one script: [from, to) is a piece where pages have it, or is cut further. */
static bool cut(Cutting *cutting, uint32_t from, uint32_t to, Error *err)
{
	Str text = characters(cutting, from, to);
	uint32_t n_pages, pair;

	if (cutting->is_unspaced[from] && to - from < 2)
		return true;
	if (!count_pages(cutting, text, &n_pages, err))
		return false;
	if (n_pages) {
		vec_push(&cutting->pieces, text);
		cutting->n_covered += to - from;
		return true;
	}
	if (!cutting->is_unspaced[from] || to - from == 2)
		return true;
	if (!count_pairs(cutting, err))
		return false;
	pair = rarest_pair(cutting, from, to);
	return cut(cutting, from, pair + 1, err) && cut(cutting, pair + 1, to, err);
}

static bool cut_by_scripts(Cutting *cutting, Error *err)
{
	for (uint32_t from = 0, to; from < cutting->n; from = to) {
		for (to = from + 1; to < cutting->n && cutting->is_unspaced[to] == cutting->is_unspaced[from];)
			to++;
		if (!cut(cutting, from, to, err))
			return false;
	}
	return true;
}

/* Fills in the characters; false for what is no run, or too long for one. */
static bool find_characters(Cutting *cutting)
{
	Str text = cutting->node->text;
	uint32_t n_unspaced = 0;

	for (uint32_t at = 0; at < text.len;) {
		uint32_t c;

		if (cutting->n == MOST_CHARACTERS)
			return false;
		cutting->starts[cutting->n] = at;
		at += str_decode(text, at, &c);
		cutting->is_unspaced[cutting->n++] = text_is_unspaced(c);
		n_unspaced += text_is_unspaced(c);
	}
	cutting->starts[cutting->n] = (uint32_t)text.len;
	return n_unspaced && cutting->n >= LEAST_CHARACTERS;
}

static bool covers_enough(const Cutting *cutting)
{
	float least = cutting->search->query->match == MATCH_ALL ? 1.0f : LEAST_COVERED;

	return cutting->pieces.n && (float)cutting->n_covered >= least * (float)cutting->n;
}

/* Leaves no pieces where the word is to stay as it is. */
static bool cut_word(Cutting *cutting, Error *err)
{
	uint32_t n_pages;

	if (cutting->node->kind != QUERY_WORD || str_equal(cutting->node->field, STR("path")) || !find_characters(cutting))
		return true;
	if (!count_pages(cutting, cutting->node->text, &n_pages, err))
		return false;
	if (n_pages)
		return true;
	if (!cut_by_scripts(cutting, err))
		return false;
	if (!covers_enough(cutting))
		cutting->pieces.n = 0;
	return true;
}

static bool copy_cut(Search *search, const QueryNode *node, QueryNode *parent, Error *err);

static bool copy_children(Search *search, const QueryNode *node, QueryNode *copy, Error *err)
{
	copy->children = NULL;
	copy->n_children = 0;
	for (size_t i = 0; i < node->n_children; i++)
		if (!copy_cut(search, node->children[i], copy, err))
			return false;
	return true;
}

static void add_pieces(Search *search, const Cutting *cutting, QueryNode *parent)
{
	QueryNode *all = parent;

	if (parent->kind != QUERY_AND) {
		all = arena_new(search->arena, QueryNode);
		*all = (QueryNode){ .kind = QUERY_AND };
		add_child(search, parent, all);
	}
	VEC_FOREACH (piece, &cutting->pieces) {
		QueryNode *word = arena_new(search->arena, QueryNode);

		*word = *cutting->node;
		word->text = *piece;
		add_child(search, all, word);
	}
}

/* Adds a copy of @node, cut, to @parent. What is excluded stays as it was typed. */
static bool copy_cut(Search *search, const QueryNode *node, QueryNode *parent, Error *err)
{
	Cutting cutting = { .search = search, .node = node };
	bool is_done = cut_word(&cutting, err);

	if (is_done && cutting.pieces.n) {
		add_pieces(search, &cutting, parent);
	} else if (is_done) {
		QueryNode *copy = arena_new(search->arena, QueryNode);

		*copy = *node;
		if (node->kind != QUERY_NOT)
			is_done = copy_children(search, node, copy, err);
		add_child(search, parent, copy);
	}
	vec_deinit(&cutting.pieces);
	return is_done;
}

static bool has_unspaced(const QueryNode *node)
{
	uint32_t c;

	for (size_t at = 0; node->kind == QUERY_WORD && at < node->text.len;) {
		at += str_decode(node->text, at, &c);
		if (text_is_unspaced(c))
			return true;
	}
	for (size_t i = 0; i < node->n_children; i++)
		if (has_unspaced(node->children[i]))
			return true;
	return false;
}

bool cut_runs(Search *search, const QueryNode *root, const QueryNode **ret_root, Error *err)
{
	QueryNode holder = { .kind = QUERY_OR };

	*ret_root = root;
	if (!has_unspaced(root))
		return true;
	if (!copy_cut(search, root, &holder, err))
		return false;
	*ret_root = holder.children[0];
	return true;
}
