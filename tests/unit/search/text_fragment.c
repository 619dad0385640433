/* Links that lead to a passage, on pages whose texts are known: core/search/text_fragment.c. */
#include "harness/unit.h"

#include "text_fragment.h"

typedef struct Page {
	Arena arena;
	StoreText text;
	Block blocks[6];
} Page;

static int setup(void **state)
{
	Page *page = test_calloc(1, sizeof(Page));

	page->text.blocks = page->blocks;
	*state = page;
	return 0;
}

static int teardown(void **state)
{
	Page *page = *state;

	arena_deinit(&page->arena);
	test_free(page);
	return 0;
}

static void add_block(Page *page, BlockKind kind, const char *text)
{
	page->blocks[page->text.n_blocks++] = (Block){ .kind = kind, .text = str_from_c(text) };
}

/* The directive for where @found stands in paragraph @block; empty for none. */
static Str link_to(Page *page, size_t block, const char *found)
{
	CLEANUP(buf_deinit) Buf url = BUF_INIT(BUF_NO_CEILING);
	MarkedText text = { .piece = { .field = FIELD_PROSE, .text = page->blocks[block].text, .block = block } };
	size_t at = str_find(text.piece.text, str_from_c(found)), end = at + strlen(found);
	uint32_t first = UINT32_MAX, last = 0;
	bool is_there;

	assert_true(at != STR_NOT_FOUND);
	marked_text_find_words(&text, &page->arena);
	for (uint32_t i = 0; i < text.n_words; i++)
		if (text.words[i].start >= at && text.words[i].end <= end) {
			first = first == UINT32_MAX ? i : first;
			last = i;
		}
	is_there = text_fragment_append(&text, first, last, &page->text, &url);
	assert_int_equal(is_there, url.len > 0);
	return arena_str_dup(&page->arena, buf_str(&url));
}

TEST(search_text_fragment__a_short_sentence_is_named_whole)
{
	Page *page = *state;

	add_block(page, BLOCK_PROSE, "Nothing yet. Docker runs many containers. More follows here.");
	assert_str(link_to(page, 0, "containers"), ":~:text=Docker%20runs%20many%20containers");
}

TEST(search_text_fragment__a_long_one_by_its_first_and_last_words)
{
	Page *page = *state;

	add_block(page, BLOCK_PROSE, "One two three four five six seven docker nine ten eleven twelve thirteen.");
	assert_str(link_to(page, 0, "docker"), ":~:text=One%20two%20three%20four,ten%20eleven%20twelve%20thirteen");
}

TEST(search_text_fragment__what_reads_the_same_before_makes_the_beginning_longer)
{
	Page *page = *state;

	add_block(page, BLOCK_PROSE, "one two THREE four other words");
	add_block(page, BLOCK_PROSE, "One two three four five six seven docker nine ten eleven twelve.");
	assert_str(link_to(page, 1, "docker"), ":~:text=One%20two%20three%20four%20five,nine%20ten%20eleven%20twelve");
}

TEST(search_text_fragment__or_is_told_by_the_words_before_it)
{
	Page *page = *state;

	add_block(page, BLOCK_PROSE, "Docker runs many containers.");
	add_block(page, BLOCK_PROSE, "In the second place too, says she; Docker runs many containers.");
	assert_str(link_to(page, 0, "containers"), ":~:text=Docker%20runs%20many%20containers");
	assert_true(str_find(link_to(page, 1, "containers"), STR("second")) != STR_NOT_FOUND);
}

TEST(search_text_fragment__a_heading_further_down_stands_in_the_table_of_contents)
{
	Page *page = *state;

	add_block(page, BLOCK_PROSE, "Docker runs many containers.");
	add_block(page, BLOCK_HEADING, "Docker runs many containers");
	assert_str(link_to(page, 0, "containers"), "");
}

TEST(search_text_fragment__the_title_and_the_description_come_before_the_text)
{
	Page *page = *state;

	add_block(page, BLOCK_PROSE, "Docker runs many containers.");
	page->text.title = STR("docker runs many containers");
	assert_str(link_to(page, 0, "containers"), "");
	page->text.title = STR_EMPTY;
	page->text.description = STR("How Docker\nruns many containers");
	assert_str(link_to(page, 0, "containers"), "");
}

TEST(search_text_fragment__what_stood_in_backticks_is_not_shown_twice)
{
	Page *page = *state;

	add_block(page, BLOCK_INLINE_CODE, "Docker runs many containers");
	add_block(page, BLOCK_PROSE, "Docker runs many containers.");
	assert_str(link_to(page, 1, "containers"), ":~:text=Docker%20runs%20many%20containers");
}

TEST(search_text_fragment__what_a_generator_may_change_is_not_named)
{
	Page *page = *state;

	add_block(page, BLOCK_PROSE, "a -- b docker -- c");
	assert_str(link_to(page, 0, "docker"), ":~:text=b%20docker");
}

TEST(search_text_fragment__signs_that_mean_something_are_encoded)
{
	Page *page = *state;

	add_block(page, BLOCK_PROSE, "Rock & roll, well-known since (about) 1950.");
	assert_str(link_to(page, 0, "known"), ":~:text=Rock%20%26%20roll%2C%20well%2Dknown%20since%20%28about%29%201950");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

RUN_TESTS(search_text_fragment, CASE(search_text_fragment__a_short_sentence_is_named_whole),
          CASE(search_text_fragment__a_long_one_by_its_first_and_last_words),
          CASE(search_text_fragment__what_reads_the_same_before_makes_the_beginning_longer),
          CASE(search_text_fragment__or_is_told_by_the_words_before_it),
          CASE(search_text_fragment__a_heading_further_down_stands_in_the_table_of_contents),
          CASE(search_text_fragment__the_title_and_the_description_come_before_the_text),
          CASE(search_text_fragment__what_stood_in_backticks_is_not_shown_twice),
          CASE(search_text_fragment__what_a_generator_may_change_is_not_named),
          CASE(search_text_fragment__signs_that_mean_something_are_encoded))
