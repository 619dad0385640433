/*
 * The words' tree, evaluated to the set of pages that match: leaves are looked up in the
 * index (or found among the postings that are kept), AND, OR and NOT are operations on sets.
 */
#include "steps.h"

#include "blogsearch/clock.h"

/* --- Leaves ------------------------------------------------------------------------------- */

static bool fetch_postings(Search *search, Alternative *alternative, Error *err)
{
	return posting_cache_fetch(engine_postings(search->engine), search->reader, alternative->terms,
	                           alternative->n_terms, alternative->is_prefix, search->deadline_ns,
	                           &alternative->postings, err);
}

static bool is_in_fields(const Postings *postings, uint32_t i, unsigned fields)
{
	for (uint32_t j = postings->start[i]; j < postings->start[i + 1]; j++)
		if (fields >> PLACE_FIELD(postings->places[j]) & 1)
			return true;
	return false;
}

static void add_pages(const Search *search, Leaf *leaf, const Postings *postings)
{
	for (uint32_t i = 0; i < postings->n_pages; i++)
		if (postings->pages[i] < search->catalog->n_slots &&
		    (leaf->fields == ALL_FIELDS || is_in_fields(postings, i, leaf->fields)))
			page_set_add(leaf->pages, postings->pages[i]);
}

static bool is_late(const Search *search, Error *err)
{
	if (!search->deadline_ns || monotonic_ns() < search->deadline_ns)
		return false;
	error_set(err, ERROR_BUSY, "the query took longer than it may");
	error_hint(err, "ask for less, or try again");
	return true;
}

static bool fetch_leaf(Search *search, Leaf *leaf, Error *err)
{
	leaf->pages = page_set_new(search->catalog->n_slots, search->arena);
	for (size_t i = 0; i < leaf->n_alternatives; i++) {
		if (is_late(search, err) || !fetch_postings(search, &leaf->alternatives[i], err))
			return false;
		add_pages(search, leaf, &leaf->alternatives[i].postings->postings);
	}
	leaf->n_pages = page_set_count(leaf->pages);
	return true;
}

static void keep_leaf(Search *search, Leaf *leaf)
{
	Leaf **all = arena_new_n(search->arena, Leaf *, search->n_leaves + 1);

	if (search->n_leaves)
		memcpy(all, search->leaves, search->n_leaves * sizeof(Leaf *));
	all[search->n_leaves++] = leaf;
	search->leaves = all;
}

void release_leaves(Search *search)
{
	for (size_t i = 0; i < search->n_leaves; i++)
		for (size_t j = 0; j < search->leaves[i]->n_alternatives; j++) {
			CachedPostings *postings = search->leaves[i]->alternatives[j].postings;

			if (postings)
				posting_cache_release(engine_postings(search->engine), postings);
		}
	search->n_leaves = 0;
}

/* --- The tree ------------------------------------------------------------------------------- */

static PageSet all_pages(Search *search)
{
	PageSet set = page_set_new(search->catalog->n_slots, search->arena);

	for (uint32_t page = 1; page < search->catalog->n_slots; page++)
		if (search->catalog->flags[page] & CATALOG_PRESENT)
			page_set_add(set, page);
	return set;
}

static bool evaluate(Search *search, const QueryNode *node, bool is_scored, PageSet *ret_pages, Error *err);

/* The word that is being typed is the last of the text; it may go on. */
static bool may_go_on(const Search *search, const QueryNode *node)
{
	const QueryNode *last = search->query->root;

	if (!search->query->is_typing)
		return false;
	while ((last->kind == QUERY_AND || last->kind == QUERY_OR) && last->n_children)
		last = last->children[last->n_children - 1];
	return last == node;
}

static bool evaluate_leaf(Search *search, const QueryNode *node, bool is_scored, PageSet *ret_pages, Error *err)
{
	Leaf *leaf = plan_leaf(search, node, may_go_on(search, node));

	/* Kept whether or not it is scored: its postings are released with the others. */
	leaf->is_scored = is_scored;
	keep_leaf(search, leaf);
	if (!fetch_leaf(search, leaf, err))
		return false;
	*ret_pages = page_set_copy(leaf->pages, search->arena);
	return true;
}

static bool evaluate_path(Search *search, const QueryNode *node, PageSet *ret_pages, Error *err)
{
	Str needle = text_fold_dup(node->text, search->arena);
	uint32_t *pages;
	size_t n_pages;

	if (!store_find_path(search->reader, needle, search->arena, &pages, &n_pages, err))
		return false;
	*ret_pages = page_set_new(search->catalog->n_slots, search->arena);
	for (size_t i = 0; i < n_pages; i++)
		if (pages[i] < search->catalog->n_slots)
			page_set_add(*ret_pages, pages[i]);
	return true;
}

static bool evaluate_children(Search *search, const QueryNode *node, bool is_scored, PageSet *ret_pages, Error *err)
{
	for (size_t i = 0; i < node->n_children; i++) {
		PageSet pages;

		if (!evaluate(search, node->children[i], is_scored, &pages, err))
			return false;
		if (i == 0)
			*ret_pages = pages;
		else if (node->kind == QUERY_AND)
			page_set_and(*ret_pages, pages);
		else
			page_set_or(*ret_pages, pages);
	}
	if (!node->n_children)
		*ret_pages = all_pages(search);
	return true;
}

static bool evaluate(Search *search, const QueryNode *node, bool is_scored, PageSet *ret_pages, Error *err)
{
	PageSet pages;

	switch (node->kind) {
	case QUERY_ALL:
		*ret_pages = all_pages(search);
		return true;
	case QUERY_NOTHING:
		*ret_pages = page_set_new(search->catalog->n_slots, search->arena);
		return true;
	case QUERY_WORD:
	case QUERY_PREFIX:
	case QUERY_PHRASE:
		if (str_equal(node->field, STR("path")))
			return evaluate_path(search, node, ret_pages, err);
		return evaluate_leaf(search, node, is_scored, ret_pages, err);
	case QUERY_FACET:
		*ret_pages = pages_of_facet(search, node->field, &node->text, 1);
		return true;
	case QUERY_DATE:
		*ret_pages = pages_of_dates(search, node->from, node->to);
		return true;
	case QUERY_AND:
	case QUERY_OR:
		return evaluate_children(search, node, is_scored, ret_pages, err);
	case QUERY_NOT:
		if (!evaluate(search, node->children[0], false, &pages, err))
			return false;
		*ret_pages = all_pages(search);
		page_set_and_not(*ret_pages, pages);
		return true;
	}
	return error_set(err, ERROR_USAGE, "a query of an unknown kind");
}

bool match_words(Search *search, Error *err)
{
	return evaluate(search, search->query->root, true, &search->words, err);
}
