/* Patterns of paths: indexer/match_glob.c. */
#include "harness/unit.h"

#include "match_glob.h"

static bool matches(const char *pattern, const char *path)
{
	return glob_matches(str_from_c(pattern), str_from_c(path));
}

static bool takes(const char *pattern, const char *path)
{
	return glob_takes(str_from_c(pattern), str_from_c(path));
}

TEST(indexer_glob__a_star_stays_in_its_folder_and_two_go_on)
{
	assert_true(matches("posts/*.md", "posts/a.md"));
	assert_false(matches("posts/*.md", "posts/deep/a.md"));
	assert_true(matches("posts/**", "posts/deep/a.md"));
	assert_true(matches("posts/**.md", "posts/deep/a.md"));
	assert_false(matches("posts/**", "posts"));
	assert_true(matches("**", ""));
	assert_false(matches("*", "a/b"));
}

TEST(indexer_glob__a_question_mark_is_one_character_but_a_slash)
{
	assert_true(matches("a?c", "abc"));
	assert_false(matches("a?c", "a/c"));
	assert_false(matches("a?c", "ac"));
}

TEST(indexer_glob__what_fails_in_one_folder_is_tried_in_the_next)
{
	assert_true(matches("content/**/draft-*.md", "content/a/draft-x/draft-1.md"));
	assert_true(matches("**b*c", "abxbyc"));
	assert_false(matches("**b*c", "abx/yc"));
	assert_true(matches("**b*c", "abx/byc"));
}

TEST(indexer_glob__a_pattern_takes_what_is_in_a_folder_it_stands_for)
{
	assert_true(takes("content/private", "content/private/a/b.md"));
	assert_true(takes("content/private/", "content/private/a/b.md"));
	assert_true(takes("content/private/**", "content/private"));
	assert_true(takes("content/*/old", "content/posts/old/a.md"));
	assert_false(takes("content/private", "content/privately.md"));
	assert_false(takes("content/private/*.md", "content/private"));
}

TEST(indexer_glob__two_stars_in_front_stand_for_no_folder_as_well)
{
	assert_true(takes("**/README.md", "README.md"));
	assert_true(takes("**/README.md", "a/b/README.md"));
}

/* As many steps as there are pairs of places, and no more. */
TEST(indexer_glob__many_stars_take_no_time)
{
	char pattern[401], path[20001];

	for (size_t i = 0; i < 400; i += 2)
		memcpy(pattern + i, "*a", 2);
	pattern[400] = '\0';
	memset(path, 'a', 20000);
	path[19999] = 'b';
	path[20000] = '\0';
	assert_false(matches(pattern, path));
}

RUN_TESTS(indexer_glob, UNIT(indexer_glob__a_star_stays_in_its_folder_and_two_go_on),
          UNIT(indexer_glob__a_question_mark_is_one_character_but_a_slash),
          UNIT(indexer_glob__what_fails_in_one_folder_is_tried_in_the_next),
          UNIT(indexer_glob__a_pattern_takes_what_is_in_a_folder_it_stands_for),
          UNIT(indexer_glob__two_stars_in_front_stand_for_no_folder_as_well),
          UNIT(indexer_glob__many_stars_take_no_time))
