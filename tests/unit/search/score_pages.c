/* Scores that are kept, looked up or left out are those of the formula, page by page: core/search/score_pages.c. */
#include "harness/unit.h"
#include "harness/random_index.h"

#include <math.h>

#include "blogsearch/search.h"
#include "score.h"

#define N_QUERIES 150

/* The formula of score_pages.c, from the lists alone. */
static float score_of(const Scorer *scorer, uint32_t page)
{
	const Search *search = scorer->search;
	float score = 0;

	for (size_t l = 0; l < search->n_leaves; l++) {
		const Leaf *leaf = search->leaves[l];
		float tf = 0;

		for (size_t a = 0; leaf->is_scored && a < leaf->n_alternatives; a++) {
			const Postings *postings = &leaf->alternatives[a].postings->postings;
			uint32_t n[N_TEXT_FIELDS], i;
			float own = 0;

			if (!postings_find(postings, page, &i))
				continue;
			postings_count(postings, i, n);
			for (TextField f = 0; f < N_TEXT_FIELDS; f++)
				if (n[f] && (leaf->fields >> f & 1))
					own += field_tf(scorer, f, page, n[f]);
			tf += leaf->alternatives[a].weight * own;
		}
		if (leaf->is_scored)
			score += leaf_idf(scorer, leaf) * leaf_repeated(leaf) * saturated(tf);
	}
	return score * engine_page_factors(search->engine)[page];
}

static Str some_query(Arena *arena)
{
	static const char *const between[] = { " ", " ", " OR ", " -", " title:", " OR title:" };
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);

	for (uint32_t i = 0, n = 1 + draw(4); i < n; i++) {
		if (i)
			buf_append_c(&text, between[draw(ARRAY_SIZE(between))]);
		buf_append(&text, word_of(draw_word(), arena));
	}
	if (!draw(3))
		buf_append_char(&text, '*');
	buf_append_char(&text, ' ');
	return arena_str_dup(arena, buf_str(&text));
}

/* No page that is left out scores more than one of the best. */
static void check_best(const Scorer *scorer, PageSet best)
{
	const Search *search = scorer->search;
	float least = INFINITY;

	for (uint32_t page = 0; page_set_next(best, &page); page++) {
		assert_true(page_set_has(search->pages, page));
		least = search->scores[page] < least ? search->scores[page] : least;
	}
	for (uint32_t page = 0; page_set_next(search->pages, &page); page++)
		assert_true(page_set_has(best, page) || score_of(scorer, page) <= least);
}

static void check_query(Engine *engine, Str text, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	EngineWorker worker;
	Query *query = query_new(arena);
	Search search = { .engine = engine, .catalog = engine_catalog(engine), .query = query, .arena = arena };
	PageSet best;
	Scorer scorer;

	assert_true(engine_take_worker(engine, 0, &worker, &err));
	search.worker = worker;
	search.reader = worker.reader;
	search.analyzer = worker.analyzer;
	assert_true(query_set(query, STR("q"), text, engine_facets(engine), arena, &err));
	assert_true(query_finish(query, engine_facets(engine), arena, &err));
	assert_true(match_words(&search, &err));
	filter_pages(&search);
	if (has_scored_leaves(&search)) {
		assert_true(score_pages(&search, &err));
		scorer_init(&scorer, &search);
		for (uint32_t page = 0; page_set_next(search.pages, &page); page++)
			if (search.scores[page] != score_of(&scorer, page))
				fail_msg("%.*s: page %u scores %g instead of %g", STR_ARG(text), page,
				         (double)search.scores[page], (double)score_of(&scorer, page));
		best = set_of_best(&search, 10);
		assert_int_equal(page_set_count(best), search.n_pages < 10 ? search.n_pages : 10);
		check_best(&scorer, best);
	}
	release_leaves(&search);
	engine_give_worker(engine, worker);
}

TEST(search_score_pages__whatever_is_kept_each_page_scores_what_the_formula_gives)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(engine_unrefp) Engine *engine = NULL;
	CLEANUP(free_ptr) char *path = NULL;
	EngineOptions options = engine_options_default();
	char folder[64];

	seed = 19940307;
	options.ranking.nearness = options.ranking.title_match = 0; /* looked at for the best only */
	assert_non_null(folder_made(folder));
	path = xasprintf("%s/index.db", folder);
	write_index(path);
	assert_true(engine_open(path, &options, &engine, &err));
	for (int i = 0; i < N_QUERIES; i++) {
		Str text = some_query(&arena);

		check_query(engine, text, &arena);
		check_query(engine, text, &arena); /* from what was kept */
	}
	remove_folder(folder);
}

RUN_TESTS(search_score_pages, UNIT(search_score_pages__whatever_is_kept_each_page_scores_what_the_formula_gives))
