/*
 * The words' tree, evaluated to the set of pages that match: leaves are looked up in the
 * index (or found among the postings that are kept), AND, OR and NOT are operations on sets.
 * What is done where that finds nothing is relax.c's business.
 */
#include "steps.h"

#include "blogsearch/clock.h"
#include "blogsearch/vec.h"

/* --- Leaves ------------------------------------------------------------------------------- */

bool is_late(const Search *search, Error *err)
{
	if (!search->deadline_ns || monotonic_ns() < search->deadline_ns)
		return false;
	error_set(err, ERROR_BUSY, "the query took longer than it may");
	error_hint(err, "ask for less, or try again");
	return true;
}

static bool is_in_fields(PlaceCursor places, unsigned fields)
{
	uint32_t n[N_TEXT_FIELDS];

	places_count(places, n);
	for (TextField f = 0; f < N_TEXT_FIELDS; f++)
		if (n[f] && fields >> f & 1)
			return true;
	return false;
}

void add_postings(const Search *search, const Postings *postings, PageSet pages)
{
	uint32_t n_slots = search->catalog->n_slots;
	PostingWalk walk = postings_walk(postings);

	if (postings->pages) {
		while (posting_next(&walk) && walk.page < n_slots)
			page_set_add(pages, walk.page);
		return;
	}
	page_set_or(pages, (PageSet){ postings->bits, postings->n_words });
	if (n_slots % 64)
		pages.bits[n_slots / 64] &= (UINT64_C(1) << n_slots % 64) - 1;
}

static void add_pages(const Search *search, Leaf *leaf, const Postings *postings)
{
	PostingWalk walk = postings_walk(postings);
	const uint8_t *at = postings->bytes;

	if (leaf->fields == ALL_FIELDS) {
		add_postings(search, postings, leaf->pages);
		return;
	}
	while (posting_next(&walk) && walk.page < search->catalog->n_slots)
		if (is_in_fields(postings_next_places(&at), leaf->fields))
			page_set_add(leaf->pages, walk.page);
}

static bool fetch_alternative(Search *search, Leaf *leaf, Alternative *alternative, Error *err)
{
	if (is_late(search, err) ||
	    !posting_cache_fetch(engine_postings(search->engine), search->reader, alternative->terms,
	                         alternative->n_terms, alternative->is_prefix, search->deadline_ns,
	                         &alternative->postings, err))
		return false;
	add_pages(search, leaf, &alternative->postings->postings);
	return true;
}

/* Those that are new since the last time; beginnings last, so that words can be counted without them. */
bool fetch_leaf(Search *search, Leaf *leaf, Error *err)
{
	if (!leaf->pages.bits)
		leaf->pages = page_set_new(search->catalog->n_slots, search->arena);
	for (unsigned prefixes = 0; prefixes < 2; prefixes++) {
		for (size_t i = leaf->n_fetched; i < leaf->n_alternatives; i++)
			if (leaf->alternatives[i].is_prefix == (prefixes == 1) &&
			    !fetch_alternative(search, leaf, &leaf->alternatives[i], err))
				return false;
		if (!prefixes)
			leaf->n_word_pages = page_set_count(leaf->pages);
	}
	leaf->n_fetched = leaf->n_alternatives;
	leaf->n_pages = page_set_count(leaf->pages);
	return true;
}

static void release_from(Search *search, Leaf *leaf, size_t first)
{
	for (size_t i = first; i < leaf->n_alternatives; i++)
		if (leaf->alternatives[i].postings)
			posting_cache_release(engine_postings(search->engine), leaf->alternatives[i].postings);
	leaf->n_alternatives = first;
}

void drop_alternatives(Search *search, Leaf *leaf, size_t n_kept)
{
	release_from(search, leaf, n_kept);
	leaf->n_fetched = n_kept;
	leaf->pages = page_set_new(search->catalog->n_slots, search->arena);
	for (unsigned prefixes = 0; prefixes < 2; prefixes++) {
		for (size_t i = 0; i < n_kept; i++)
			if (leaf->alternatives[i].is_prefix == (prefixes == 1))
				add_pages(search, leaf, &leaf->alternatives[i].postings->postings);
		if (!prefixes)
			leaf->n_word_pages = page_set_count(leaf->pages);
	}
	leaf->n_pages = page_set_count(leaf->pages);
}

void release_leaf(Search *search, Leaf *leaf)
{
	release_from(search, leaf, 0);
}

void release_leaves(Search *search)
{
	for (size_t i = 0; i < search->n_leaves; i++)
		release_leaf(search, search->leaves[i]);
	search->n_leaves = 0;
}

/* --- Paths ------------------------------------------------------------------------------------ */

static bool is_path(const QueryNode *node)
{
	return (node->kind == QUERY_WORD || node->kind == QUERY_PREFIX || node->kind == QUERY_PHRASE) &&
	       str_equal(node->field, STR("path"));
}

static PathPages *path_of(const Search *search, const QueryNode *node)
{
	Str needle = text_fold_dup(node->text, search->arena);

	for (size_t i = 0; i < search->n_paths; i++)
		if (str_equal(search->paths[i].needle, needle))
			return &search->paths[i];
	return NULL;
}

static void plan_paths(Search *search, const QueryNode *node)
{
	if (is_path(node) && !path_of(search, node)) {
		PathPages *paths = arena_new_n(search->arena, PathPages, search->n_paths + 1);

		if (search->n_paths)
			memcpy(paths, search->paths, search->n_paths * sizeof(PathPages));
		paths[search->n_paths++] = (PathPages){ text_fold_dup(node->text, search->arena),
			                                page_set_new(search->catalog->n_slots, search->arena) };
		search->paths = paths;
	}
	for (size_t i = 0; i < node->n_children; i++)
		plan_paths(search, node->children[i]);
}

static bool take_path(void *context, uint32_t page, Str path, Error *err)
{
	const Search *search = context;

	if (is_late(search, err))
		return false;
	for (size_t i = 0; page < search->catalog->n_slots && i < search->n_paths; i++)
		if (str_find(path, search->paths[i].needle) != STR_NOT_FOUND)
			page_set_add(search->paths[i].pages, page);
	return true;
}

/* Those that the query asks for, found in one walk over all paths of the site. */
static bool find_paths(Search *search, Error *err)
{
	plan_paths(search, search->root);
	return !search->n_paths || store_walk_paths(search->reader, take_path, search, err);
}

/* --- From the tree to its leaves ------------------------------------------------------------- */

static bool is_text(const QueryNode *node)
{
	return (node->kind == QUERY_WORD || node->kind == QUERY_PREFIX || node->kind == QUERY_PHRASE) && !is_path(node);
}

/* Has words that a page is asked for; not only conditions that it must meet. */
static bool has_words(const QueryNode *node)
{
	if (is_text(node))
		return true;
	for (size_t i = 0; (node->kind == QUERY_AND || node->kind == QUERY_OR) && i < node->n_children; i++)
		if (has_words(node->children[i]))
			return true;
	return false;
}

static bool may_be_stop_word(Search *search, const QueryNode *node)
{
	return node->kind == QUERY_WORD && !node->field.len && is_stop_word(search, node->text);
}

/* Stop words decide nothing beside another word; alone they are what was asked for. */
static bool has_telling_words(Search *search, const QueryNode *parent)
{
	for (size_t i = 0; i < parent->n_children; i++)
		if (has_words(parent->children[i]) && !may_be_stop_word(search, parent->children[i]))
			return true;
	return false;
}

/* The letters-only parts of `boundary-layer`, of two letters at least; 0 for any other word. */
static size_t parts_of_name(Search *search, const QueryNode *node, Str **ret_parts)
{
	Str rest = node->text, *parts = arena_new_n(search->arena, Str, rest.len + 1);
	size_t n = 0, start = 0;

	if (node->kind != QUERY_WORD || node->field.len)
		return 0;
	for (size_t at = 0; at <= rest.len;) {
		uint32_t c = '-';
		unsigned len = at < rest.len ? str_decode(rest, at, &c) : 1;

		if (c == '-' || c == '/') {
			if (at < start + 2)
				return 0;
			parts[n++] = str_slice(rest, start, at);
			start = at + len;
		} else if (!text_is_letter(c) && !text_is_mark(c)) {
			return 0;
		}
		at += len;
	}
	*ret_parts = parts;
	return n > 1 ? n : 0;
}

void add_child(Search *search, QueryNode *node, QueryNode *child)
{
	QueryNode **children = arena_new_n(search->arena, QueryNode *, node->n_children + 1);

	if (node->n_children)
		memcpy(children, node->children, node->n_children * sizeof(QueryNode *));
	children[node->n_children++] = child;
	node->children = children;
}

/*
 * Where any of the words will do, a name is any of its words too: `boundary-layer` is about
 * boundaries and layers, and most about those that stand beside each other.
 */
static QueryNode *spread_names(Search *search, const QueryNode *node)
{
	QueryNode *copy = arena_new(search->arena, QueryNode);

	*copy = *node;
	copy->children = NULL;
	copy->n_children = 0;
	for (size_t i = 0; i < node->n_children; i++) {
		Str *parts;
		size_t n = node->kind == QUERY_AND ? parts_of_name(search, node->children[i], &parts) : 0;

		for (size_t j = 0; j < n; j++) {
			QueryNode *part = arena_new(search->arena, QueryNode);

			*part = *node->children[i];
			part->text = parts[j];
			add_child(search, copy, part);
		}
		if (!n)
			add_child(search, copy, spread_names(search, node->children[i]));
	}
	return copy;
}

/* The word that is being typed is the last of the text; it may go on. */
static bool may_go_on(const Search *search, const QueryNode *node)
{
	const QueryNode *last = search->root;

	if (!search->query->is_typing)
		return false;
	while ((last->kind == QUERY_AND || last->kind == QUERY_OR) && last->n_children)
		last = last->children[last->n_children - 1];
	return last == node;
}

static bool is_same_word(const Search *search, const QueryNode *a, const QueryNode *b)
{
	return a->kind == b->kind && str_equal(a->field, b->field) &&
	       str_equal(text_fold_dup(a->text, search->arena), text_fold_dup(b->text, search->arena));
}

typedef struct Planning {
	Search *search;
	VEC(Leaf *) leaves;
	VEC(LeafPlace) places;
	uint32_t n_words; /* of the query so far */
	Error *err;
} Planning;

/* A word that is repeated is looked up once. */
static Leaf *known_leaf(Planning *planning, const QueryNode *node, bool is_scored, bool goes_on)
{
	VEC_FOREACH (leaf, &planning->leaves)
		if ((*leaf)->is_scored == is_scored && (*leaf)->is_prefix == (goes_on || node->kind == QUERY_PREFIX) &&
		    is_same_word(planning->search, (*leaf)->node, node))
			return *leaf;
	return NULL;
}

static void plan_text(Planning *planning, const QueryNode *node, const QueryNode *parent, bool is_scored)
{
	Search *search = planning->search;
	bool goes_on = may_go_on(search, node);
	Leaf *leaf = known_leaf(planning, node, is_scored, goes_on);

	if (leaf) {
		leaf->n_repeated++;
	} else {
		leaf = plan_leaf(search, node, is_scored, goes_on);
		vec_push(&planning->leaves, leaf);
	}
	vec_push(&planning->places, (LeafPlace){ node, parent, leaf, planning->n_words });
	planning->n_words += leaf->n_places;
}

static void plan_node(Planning *planning, const QueryNode *node, const QueryNode *parent, bool is_scored)
{
	bool drops = node->kind == QUERY_AND && has_telling_words(planning->search, node);

	if (is_text(node))
		plan_text(planning, node, parent, is_scored);
	for (size_t i = 0; i < node->n_children; i++) {
		if (drops && may_be_stop_word(planning->search, node->children[i]))
			vec_push(&planning->places, (LeafPlace){ node->children[i], node, NULL, planning->n_words++ });
		else
			plan_node(planning, node->children[i], node, is_scored && node->kind != QUERY_NOT);
	}
}

/* Other wordings need their words to be planned already. */
static void plan_together(Search *search, const QueryNode *node)
{
	if (node->kind == QUERY_AND)
		plan_neighbours(search, node);
	for (size_t i = 0; i < node->n_children; i++)
		plan_together(search, node->children[i]);
}

bool plan_leaves(Search *search, Error *err)
{
	Planning planning = { .search = search };

	search->root = search->query->match == MATCH_ANY ? spread_names(search, search->query->root) : search->query->root;
	if (!cut_runs(search, search->root, &search->root, err))
		return false;
	plan_node(&planning, search->root, NULL, true);
	search->n_leaves = planning.leaves.n;
	search->leaves = arena_new_n(search->arena, Leaf *, planning.leaves.n);
	search->n_leaf_places = planning.places.n;
	search->leaf_places = arena_new_n(search->arena, LeafPlace, planning.places.n);
	if (planning.leaves.n)
		memcpy(search->leaves, planning.leaves.items, planning.leaves.n * sizeof(Leaf *));
	if (planning.places.n)
		memcpy(search->leaf_places, planning.places.items, planning.places.n * sizeof(LeafPlace));
	vec_deinit(&planning.leaves);
	vec_deinit(&planning.places);
	plan_together(search, search->root);
	if (!find_paths(search, err))
		return false;
	for (size_t i = 0; i < search->n_leaves; i++)
		if (!fetch_leaf(search, search->leaves[i], err))
			return false;
	return true;
}

static const LeafPlace *place_of(const Search *search, const QueryNode *node)
{
	for (size_t i = 0; i < search->n_leaf_places; i++)
		if (search->leaf_places[i].node == node)
			return &search->leaf_places[i];
	return NULL;
}

Leaf *leaf_of(const Search *search, const QueryNode *node)
{
	const LeafPlace *place = place_of(search, node);

	return place ? place->leaf : NULL;
}

/* --- The tree's set --------------------------------------------------------------------------- */

static PageSet all_pages(Search *search)
{
	return page_set_copy(engine_facet_table(search->engine)->all, search->arena);
}

static bool evaluate(Search *search, const QueryNode *node, bool is_any, PageSet *ret_pages, Error *err);


static bool is_page_lang(const Catalog *catalog, Str lang)
{
	for (uint32_t i = 0; i < catalog->n_langs; i++)
		if (str_equal_nocase(catalog->langs[i], lang))
			return true;
	return false;
}

/* `lang:powershell` where the site has no pages in that language: those with such code. */
static bool evaluate_code_lang(Search *search, Str lang, PageSet *ret_pages, Error *err)
{
	const Str form = store_code_lang_term(lang, search->arena);
	const PhraseTerm term = { &form, 1 };
	CachedPostings *found;

	if (!posting_cache_fetch(engine_postings(search->engine), search->reader, &term, 1, false, search->deadline_ns,
	                         &found, err))
		return false;
	*ret_pages = page_set_new(search->catalog->n_slots, search->arena);
	add_postings(search, &found->postings, *ret_pages);
	posting_cache_release(engine_postings(search->engine), found);
	return true;
}

/* Decides nothing: a stop word, or one that was let go. */
static bool is_left_out(const Search *search, const QueryNode *node)
{
	const LeafPlace *place = place_of(search, node);

	return place && (!place->leaf || place->leaf->is_let_go);
}

static bool evaluate_or(Search *search, const QueryNode *node, bool is_any, PageSet *ret_pages, Error *err)
{
	*ret_pages = page_set_new(search->catalog->n_slots, search->arena);
	for (size_t i = 0; i < node->n_children; i++) {
		PageSet pages;

		if (!evaluate(search, node->children[i], is_any, &pages, err))
			return false;
		page_set_or(*ret_pages, pages);
	}
	return true;
}

/* All that must be there; with @is_any one of the words will do, the conditions (facets, dates, exclusions) hold all. */
static bool evaluate_and(Search *search, const QueryNode *node, bool is_any, PageSet *ret_pages, Error *err)
{
	PageSet words = page_set_new(search->catalog->n_slots, search->arena);
	bool has_any = false;

	*ret_pages = all_pages(search);
	for (size_t i = 0; i < node->n_children; i++) {
		PageSet pages;

		if (is_left_out(search, node->children[i]))
			continue;
		if (!evaluate(search, node->children[i], is_any, &pages, err))
			return false;
		if (is_any && has_words(node->children[i])) {
			page_set_or(words, pages);
			has_any = true;
		} else {
			page_set_and(*ret_pages, pages);
		}
	}
	if (has_any)
		page_set_and(*ret_pages, words);
	return true;
}

static bool evaluate(Search *search, const QueryNode *node, bool is_any, PageSet *ret_pages, Error *err)
{
	if (is_late(search, err))
		return false;
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
		*ret_pages = page_set_copy(is_path(node) ? path_of(search, node)->pages : leaf_of(search, node)->pages,
		                           search->arena);
		return true;
	case QUERY_FACET:
		if (str_equal(node->field, STR("lang")) && !is_page_lang(search->catalog, node->text))
			return evaluate_code_lang(search, node->text, ret_pages, err);
		*ret_pages = pages_of_facet(search->engine, node->field, &node->text, 1, search->arena);
		return true;
	case QUERY_DATE:
		*ret_pages = pages_of_dates(search, node->from, node->to);
		return true;
	case QUERY_AND:
		return evaluate_and(search, node, is_any, ret_pages, err);
	case QUERY_OR:
		return evaluate_or(search, node, is_any, ret_pages, err);
	case QUERY_NOT: {
		PageSet pages;

		if (!evaluate(search, node->children[0], false, &pages, err))
			return false;
		*ret_pages = all_pages(search);
		page_set_and_not(*ret_pages, pages);
		return true;
	}
	}
	return error_set(err, ERROR_USAGE, "a query of an unknown kind");
}

bool evaluate_words(Search *search, bool is_any, PageSet *ret_pages, Error *err)
{
	return evaluate(search, search->root, is_any, ret_pages, err);
}
