/* The words of titles and the phrases that they share: core/store/title_index.c. */
#include "harness/unit.h"

#include "title_index.h"

typedef struct Made {
	Buf bytes;
	TitleIndex titles;
} Made;

static void made_deinit(Made *made)
{
	buf_deinit(&made->bytes);
}

/* Page n has title n - 1 of @titles and was published on day n; NULL ends them. */
static void make(Made *made, const char *lang, const char *const *titles, bool is_backwards)
{
	CLEANUP(analyzer_freep) Analyzer *analyzer = analyzer_new();
	PageTitle pages[16];
	size_t n = 0;

	while (titles[n])
		n++;
	for (size_t i = 0; i < n; i++) {
		size_t number = is_backwards ? n - 1 - i : i;

		pages[i] = (PageTitle){ (uint32_t)number + 1, str_from_c(titles[number]), str_from_c(lang),
			                (int64_t)number * 86400, (uint32_t)number };
	}
	*made = (Made){ .bytes = BUF_INIT(BUF_NO_CEILING) };
	title_index_make(analyzer, pages, n, &made->bytes);
	assert_true(title_index_place(&made->titles, buf_str(&made->bytes), (uint32_t)n + 1));
}

/* "docker 3 1*" : of each word that begins so the pages in order, * where the title begins with it. */
static void check_words(const Made *made, const char *beginning, const char *expected)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	const TitleIndex *titles = &made->titles;
	uint32_t first, end;

	title_index_find(titles, false, str_from_c(beginning), &first, &end);
	for (uint32_t i = first; i < end; i++) {
		buf_printf(&out, "%s%.*s", out.len ? ", " : "", STR_ARG(title_index_written(titles, i)));
		for (uint32_t j = titles->entry_start[i]; j < titles->entry_start[i + 1]; j++)
			buf_printf(&out, " %u%s", TITLE_ENTRY_PAGE(titles->entries[j]),
			           TITLE_ENTRY_IS_FIRST(titles->entries[j]) ? "*" : "");
	}
	assert_str(buf_str(&out), expected);
}

static void check_phrases(const Made *made, const char *beginning, const char *expected)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	const TitleIndex *titles = &made->titles;
	uint32_t first, end;

	title_index_find(titles, true, str_from_c(beginning), &first, &end);
	for (uint32_t i = first; i < end; i++)
		buf_printf(&out, "%s%.*s=%u", out.len ? ", " : "", STR_ARG(title_index_written(titles, i)), titles->count[i]);
	assert_str(buf_str(&out), expected);
}

TEST(store_title_index__pages_of_a_word_that_begin_with_it_come_first_then_the_newest)
{
	CLEANUP(made_deinit) Made made;

	make(&made, "en", (const char *const[]){ "Docker volumes", "Images for Docker", "Of Docker", NULL }, false);
	check_words(&made, "docker", "docker 1* 3 2");
	check_words(&made, "im", "images 2*");
	check_words(&made, "zebra", "");
}

TEST(store_title_index__a_title_counts_once_for_a_word)
{
	CLEANUP(made_deinit) Made made;

	make(&made, "en", (const char *const[]){ "Docker, docker, DOCKER!", NULL }, false);
	check_words(&made, "docker", "docker 1*");
	assert_int_equal(made.titles.count[0], 1);
}

TEST(store_title_index__names_are_found_by_the_whole_and_by_their_words)
{
	CLEANUP(made_deinit) Made made;

	make(&made, "en", (const char *const[]){ "node.js and C++", NULL }, false);
	check_words(&made, "node", "node 1*, node.js 1*");
	check_words(&made, "c+", "c++ 1");
	check_words(&made, "js", "js 1");
}

TEST(store_title_index__words_keep_their_accents_where_most_titles_write_them)
{
	CLEANUP(made_deinit) Made made;

	make(&made, "de", (const char *const[]){ "Zürich im Herbst", "ZÜRICH", "Zurich", "Die Prüfung", NULL }, false);
	check_words(&made, "zur", "zürich 3* 2* 1*");
	check_words(&made, "pruf", "prüfung 4");
}

TEST(store_title_index__phrases_are_shared_and_begin_and_end_with_telling_words)
{
	CLEANUP(made_deinit) Made made;

	make(&made, "en", (const char *const[]){ "My Summer of Code 2021", "Summer of code, again", "Winter of code", "A summer",
	                                         NULL }, false);
	check_phrases(&made, "", "summer of code=2");
}

TEST(store_title_index__phrases_do_not_reach_across_punctuation)
{
	CLEANUP(made_deinit) Made made;

	make(&made, "en", (const char *const[]){ "Docker: volumes", "Docker, volumes", "Docker volumes", "Docker-volumes",
	                                         NULL }, false);
	check_phrases(&made, "docker", "docker-volumes=2");
}

TEST(store_title_index__pairs_of_characters_are_found)
{
	CLEANUP(made_deinit) Made made;

	make(&made, "ja", (const char *const[]){ "東京都の検索", NULL }, false);
	check_words(&made, "京", "京都 1");
	check_words(&made, "東京", "東京 1*");
}

TEST(store_title_index__the_order_of_titles_does_not_matter)
{
	static const char *const titles[] = { "Zürich one two", "Zurich one two", "zürich ONE two", "Été à Zurich", NULL };
	CLEANUP(made_deinit) Made made, again;

	make(&made, "fr", titles, false);
	make(&again, "fr", titles, true);
	assert_true(str_equal(buf_str(&made.bytes), buf_str(&again.bytes)));
}

TEST(store_title_index__without_titles_nothing_is_found)
{
	CLEANUP(made_deinit) Made made;

	make(&made, "en", (const char *const[]){ "", "—", NULL }, false);
	check_words(&made, "", "");
	check_phrases(&made, "", "");
}

TEST(store_title_index__every_cut_and_every_page_that_is_not_there_is_noticed)
{
	CLEANUP(made_deinit) Made made;
	TitleIndex titles;

	make(&made, "en", (const char *const[]){ "Docker volumes", "Docker images", NULL }, false);
	for (size_t n = 0; n < made.bytes.len; n++)
		assert_false(title_index_place(&titles, str_slice(buf_str(&made.bytes), 0, n), 3));
	assert_false(title_index_place(&titles, buf_str(&made.bytes), 2));
}

RUN_TESTS(store_title_index, UNIT(store_title_index__pages_of_a_word_that_begin_with_it_come_first_then_the_newest),
          UNIT(store_title_index__a_title_counts_once_for_a_word),
          UNIT(store_title_index__names_are_found_by_the_whole_and_by_their_words),
          UNIT(store_title_index__words_keep_their_accents_where_most_titles_write_them),
          UNIT(store_title_index__phrases_are_shared_and_begin_and_end_with_telling_words),
          UNIT(store_title_index__phrases_do_not_reach_across_punctuation),
          UNIT(store_title_index__pairs_of_characters_are_found),
          UNIT(store_title_index__the_order_of_titles_does_not_matter),
          UNIT(store_title_index__without_titles_nothing_is_found),
          UNIT(store_title_index__every_cut_and_every_page_that_is_not_there_is_noticed))
