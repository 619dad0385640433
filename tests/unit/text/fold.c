/* Folding, slugs, counting words: core/text/fold.c, slug.c. */
#include "harness/unit.h"

#include "blogsearch/text.h"

static void check_fold(const char *text, const char *expected)
{
	CLEANUP(buf_deinit) Buf once = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf twice = BUF_INIT(BUF_NO_CEILING);

	text_fold(str_from_c(text), &once);
	assert_str(buf_str(&once), expected);
	text_fold(buf_str(&once), &twice);
	assert_str(buf_str(&twice), expected);
}

TEST(text_fold__case_accents_width_and_ligatures_go)
{
	check_fold("Straße ÉCOLE Ångström", "strasse ecole angstrom");
	check_fold("ＦＵＬＬ ﬁn Łódź Ørsted", "full fin lodz orsted");
	check_fold("ΣΊΣΥΦΟΣ", "σισυφοσ");
}

TEST(text_fold__marks_that_make_another_letter_stay)
{
	check_fold("Йод Ёлка", "йод елка");
	check_fold("が", "が");
	check_fold("हिन्दी", "हिन्दी");
}

TEST(text_fold__folding_every_letter_twice_is_folding_once)
{
	for (uint32_t c = 0x80; c < 0x20000; c++) {
		CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);
		CLEANUP(buf_deinit) Buf once = BUF_INIT(BUF_NO_CEILING);
		CLEANUP(buf_deinit) Buf twice = BUF_INIT(BUF_NO_CEILING);

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		buf_append_code_point(&text, c);
		text_fold(buf_str(&text), &once);
		text_fold(buf_str(&once), &twice);
		if (!str_equal(buf_str(&once), buf_str(&twice)))
			fail_msg("U+%04X folds to \"%.*s\" and then to \"%.*s\"", c, STR_ARG(buf_str(&once)),
			         STR_ARG(buf_str(&twice)));
	}
}

TEST(text_slug__keeps_what_tells_names_apart)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	assert_str(text_slug(STR("  Container Camp! "), &arena), "container-camp");
	assert_str(text_slug(STR("C++"), &arena), "c++");
	assert_str(text_slug(STR("C#"), &arena), "c#");
	assert_str(text_slug(STR("Überraschung & Co"), &arena), "uberraschung-co");
	assert_str(text_slug(STR("日本語"), &arena), "日本語");
	assert_str(text_slug(STR("!!!"), &arena), "");
}

TEST(text_count_words__counts_words_as_a_reader_would)
{
	assert_int_equal(text_count_words(STR("Don't panic, it's 42.")), 4);
	assert_int_equal(text_count_words(STR(" - ")), 0);
	assert_int_equal(text_count_words(STR("東京 tower")), 3);
}

RUN_TESTS(text_fold, UNIT(text_fold__case_accents_width_and_ligatures_go),
          UNIT(text_fold__marks_that_make_another_letter_stay),
          UNIT(text_fold__folding_every_letter_twice_is_folding_once), UNIT(text_slug__keeps_what_tells_names_apart),
          UNIT(text_count_words__counts_words_as_a_reader_would))
