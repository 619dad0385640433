/* The lists of core/text/stop_words: what is on them is found, folded as the analyzer folds. */
#include <dirent.h>

#include "harness/unit.h"

#include "blogsearch/file.h"
#include "blogsearch/text.h"

TEST(text_stop_words__common_words_of_a_language_are_found)
{
	assert_true(text_is_stop_word(STR("en"), STR("the"), false));
	assert_true(text_is_stop_word(STR("en-GB"), STR("the"), false));
	assert_true(text_is_stop_word(STR("nb"), STR("ikke"), false));
	assert_true(text_is_stop_word(STR("de"), STR("uber"), false)); /* über, folded */
	assert_false(text_is_stop_word(STR("de"), STR("the"), false));
	assert_false(text_is_stop_word(STR("en"), STR("docker"), false));
	assert_false(text_is_stop_word(STR("tlh"), STR("the"), false));
	assert_false(text_is_stop_word(STR_EMPTY, STR("the"), false));
}

TEST(text_stop_words__a_contraction_is_not_the_word_of_its_letters)
{
	assert_true(text_is_stop_word(STR("en"), STR("ill"), true));
	assert_false(text_is_stop_word(STR("en"), STR("ill"), false));
	assert_false(text_is_stop_word(STR("en"), STR("dockers"), true));
}

static void check_word(Str lang, Str word)
{
	CLEANUP(buf_deinit) Buf folded = BUF_INIT(BUF_NO_CEILING), plain = BUF_INIT(BUF_NO_CEILING);
	bool is_contraction = str_find_char(word, '\'') != STR_NOT_FOUND;

	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] != '\'')
			buf_append_char(&plain, word.data[i]);
	text_fold(buf_str(&plain), &folded);
	if (!text_is_stop_word(lang, buf_str(&folded), is_contraction))
		fail_msg("%.*s of %.*s is not found", STR_ARG(word), STR_ARG(lang));
}

TEST(text_stop_words__every_word_of_the_lists_is_found_as_the_analyzer_folds_it)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	size_t n_words = 0;
	DIR *folder = opendir(SOURCE_ROOT "/core/text/stop_words");
	const struct dirent *file;

	assert_non_null(folder);
	while ((file = readdir(folder))) {
		CLEANUP(error_deinit) Error err = ERROR_INIT;
		Str name = str_from_c(file->d_name), lang = str_slice(name, 0, str_rfind_char(name, '.')), text, word;

		if (!str_ends_with(name, STR(".txt")))
			continue;
		if (!file_read(arena_printf(&arena, SOURCE_ROOT "/core/text/stop_words/%s", file->d_name).data, 1 << 20, &arena,
		               &text, &err))
			fail_msg("%s: %s", file->d_name, err.what);
		while (str_next_line(&text, &word)) {
			check_word(lang, word);
			n_words++;
		}
	}
	closedir(folder);
	assert_true(n_words > 3000);
}

RUN_TESTS(text_stop_words, UNIT(text_stop_words__common_words_of_a_language_are_found),
          UNIT(text_stop_words__a_contraction_is_not_the_word_of_its_letters),
          UNIT(text_stop_words__every_word_of_the_lists_is_found_as_the_analyzer_folds_it))
