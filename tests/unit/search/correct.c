/* Corrections are the nearest words of the whole vocabulary, however it is walked: core/search/correct.c. */
#include "harness/unit.h"
#include "harness/random_index.h"

#include <limits.h>

#include "steps.h"

#define N_LETTERS      5 /* of the alphabet: many words are near each other */
#define N_SIMILAR      3000
#define N_MISSPELT     400
#define MOST_OF_WORD   12

/* --- The site ------------------------------------------------------------------------------------ */

static Str similar_word(Arena *arena)
{
	char word[MOST_OF_WORD];
	size_t n = 3 + draw(MOST_OF_WORD - 3);

	for (size_t i = 0; i < n; i++)
		word[i] = (char)('a' + (int)draw(N_LETTERS));
	return arena_str_dup(arena, (Str){ word, n });
}

static Document *document_of(Str text, Arena *arena)
{
	Document *document = arena_new(arena, Document);

	document->blocks = arena_new_n(arena, Block, 1);
	document->blocks[0] = (Block){ .kind = BLOCK_PROSE, .text = text };
	document->n_blocks = 1;
	document->file = document->path = STR("a.md");
	document->url = document->relurl = STR("/a/");
	document->lang = STR("en");
	document->published = document->updated = document->expires = TIME_NONE;
	document->boost = 1;
	return document;
}

static Str text_of_words(const Str *words, size_t n, Arena *arena)
{
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < n; i++) {
		buf_append(&text, words[i]);
		buf_append_char(&text, ' ');
	}
	return arena_str_dup(arena, buf_str(&text));
}

/* A site of one page with these words. */
static Engine *open_site(const char *path, const Str *words, size_t n, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(preparer_freep) Preparer *preparer = preparer_new();
	CLEANUP(store_writer_freep) StoreWriter *writer = NULL;
	StoreSite site = { .base_url = STR("https://example.org/"), .default_lang = STR("en") };
	Document *document = document_of(text_of_words(words, n, arena), arena);
	Engine *engine;

	assert_true(store_writer_open(path, STORE_GO_ON, &writer, &err));
	assert_true(store_put(writer, store_prepare(preparer, document, arena), NULL, &err));
	assert_true(store_set_site(writer, &site, 1, &err));
	assert_true(store_writer_publish(writer, &err));
	assert_true(engine_open(path, NULL, &engine, &err));
	return engine;
}

/* --- The definition: the whole table of costs for each word ------------------------------------------ */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* An edit 10, a swap of neighbours 9, an edit of a first letter 5 more. */
static unsigned cost_of(Str word, Str other)
{
	unsigned cost[MOST_OF_WORD + 2][MOST_OF_WORD + 2];

	for (size_t n = 0; n <= other.len; n++)
		for (size_t i = 0; i <= word.len; i++) {
			unsigned first = n <= 1 || i <= 1 ? 5 : 0;

			if (n == 0 || i == 0) {
				cost[n][i] = n + i ? (unsigned)(n + i) * 10 + 5 : 0;
				continue;
			}
			cost[n][i] = cost[n - 1][i - 1] + (word.data[i - 1] == other.data[n - 1] ? 0 : 10 + first);
			cost[n][i] = least(cost[n][i], cost[n - 1][i] + 10 + first);
			cost[n][i] = least(cost[n][i], cost[n][i - 1] + 10 + first);
			if (n > 1 && i > 1 && word.data[i - 1] == other.data[n - 2] && word.data[i - 2] == other.data[n - 1])
				cost[n][i] = least(cost[n][i], cost[n - 2][i - 2] + 9);
		}
	return cost[other.len][word.len];
}

static unsigned budget_of(Str word)
{
	return word.len < 4 ? 0 : word.len < 8 ? 15 : 25;
}

/* What is nearest among the words; above the budget where none is near. */
static unsigned nearest_cost(Str word, const Str *words, size_t n)
{
	unsigned nearest = UINT_MAX;

	for (size_t i = 0; i < n; i++)
		if (!str_equal(words[i], word))
			nearest = least(nearest, cost_of(word, words[i]));
	return nearest;
}

/* --- Tests ------------------------------------------------------------------------------------------- */

typedef struct Fixture {
	char folder[64];
	Arena arena;
	Engine *engine;
	Search search;
} Fixture;

static void open_fixture(Fixture *fixture, const Str *words, size_t n)
{
	CLEANUP(free_ptr) char *path = NULL;

	assert_non_null(folder_made(fixture->folder));
	path = xasprintf("%s/index.db", fixture->folder);
	fixture->engine = open_site(path, words, n, &fixture->arena);
	fixture->search = (Search){ .engine = fixture->engine, .catalog = engine_catalog(fixture->engine),
		                    .arena = &fixture->arena };
}

static void close_fixture(Fixture *fixture)
{
	engine_unref(fixture->engine);
	arena_deinit(&fixture->arena);
	remove_folder(fixture->folder);
}

static void check_nearest(Fixture *fixture, Str word, const Str *words, size_t n)
{
	Correction corrections[MOST_CORRECTIONS];
	size_t n_found = find_corrections(&fixture->search, word, false, corrections);
	unsigned nearest = nearest_cost(word, words, n);
	bool has_nearest = false;

	if (nearest > budget_of(word)) {
		/* Two words in one are another matter. */
		for (size_t i = 0; i < n_found; i++)
			assert_true(str_find_char(corrections[i].word, ' ') != STR_NOT_FOUND);
		return;
	}
	for (size_t i = 0; i < n_found; i++) {
		bool is_split = str_find_char(corrections[i].word, ' ') != STR_NOT_FOUND;

		has_nearest = has_nearest || corrections[i].cost == nearest || (is_split && corrections[i].cost < nearest);
		if (!is_split)
			assert_int_equal(corrections[i].cost, cost_of(word, corrections[i].word));
	}
	if (!has_nearest)
		fail_msg("%.*s: a word that costs %u was not found", STR_ARG(word), nearest);
}

TEST(search_correct__the_nearest_word_of_all_is_found)
{
	Fixture fixture = { .arena = ARENA_INIT };
	Str *words = arena_new_n(&fixture.arena, Str, N_SIMILAR);

	seed = 19651001;
	for (size_t i = 0; i < N_SIMILAR; i++)
		words[i] = similar_word(&fixture.arena);
	open_fixture(&fixture, words, N_SIMILAR);
	for (size_t i = 0; i < N_MISSPELT; i++)
		check_nearest(&fixture, similar_word(&fixture.arena), words, N_SIMILAR);
	close_fixture(&fixture);
}

static const Str few_words[] = { STR_INIT("docker"), STR_INIT("dockers"), STR_INIT("compose"), STR_INIT("kubernetes"),
	                         STR_INIT("podman"), STR_INIT("cat"), STR_INIT("n2o4"), STR_INIT("container") };

/* The best correction of @word; empty where there is none. */
static Str corrected(const char *word, bool is_prefix, Fixture *fixture)
{
	Correction corrections[MOST_CORRECTIONS];

	return find_corrections(&fixture->search, str_from_c(word), is_prefix, corrections) ? corrections[0].word : STR_EMPTY;
}

TEST(search_correct__one_edit_from_four_letters_and_two_from_eight)
{
	Fixture fixture = { .arena = ARENA_INIT };

	open_fixture(&fixture, few_words, ARRAY_SIZE(few_words));
	assert_str(corrected("dokcer", false, &fixture), "docker");
	assert_str(corrected("pdoman", false, &fixture), "podman");
	assert_str(corrected("bodman", false, &fixture), "podman"); /* the first letter */
	assert_str(corrected("pdaman", false, &fixture), ""); /* two of six letters */
	assert_str(corrected("kubarnetas", false, &fixture), "kubernetes");
	assert_str(corrected("kabarnetas", false, &fixture), ""); /* three */
	assert_str(corrected("caf", false, &fixture), ""); /* of three letters each is another word */
	close_fixture(&fixture);
}

TEST(search_correct__numbers_and_names_stay_what_they_are)
{
	Fixture fixture = { .arena = ARENA_INIT };

	open_fixture(&fixture, few_words, ARRAY_SIZE(few_words));
	assert_str(corrected("n2o5", false, &fixture), "");
	assert_str(corrected("dock3r", false, &fixture), "");
	assert_str(corrected("pod-man", false, &fixture), "");
	close_fixture(&fixture);
}

TEST(search_correct__words_written_together_are_parted)
{
	Fixture fixture = { .arena = ARENA_INIT };

	open_fixture(&fixture, few_words, ARRAY_SIZE(few_words));
	assert_str(corrected("dockercompose", false, &fixture), "docker compose");
	close_fixture(&fixture);
}

TEST(search_correct__a_word_that_goes_on_is_corrected_by_its_beginning)
{
	Fixture fixture = { .arena = ARENA_INIT };

	open_fixture(&fixture, few_words, ARRAY_SIZE(few_words));
	assert_str(corrected("kubren", true, &fixture), "kubernetes");
	assert_str(corrected("kubren", false, &fixture), "");
	close_fixture(&fixture);
}

RUN_TESTS(search_correct, UNIT(search_correct__the_nearest_word_of_all_is_found),
          UNIT(search_correct__one_edit_from_four_letters_and_two_from_eight),
          UNIT(search_correct__numbers_and_names_stay_what_they_are),
          UNIT(search_correct__words_written_together_are_parted),
          UNIT(search_correct__a_word_that_goes_on_is_corrected_by_its_beginning))
