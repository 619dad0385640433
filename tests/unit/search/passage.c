/* Choosing and cutting passages: core/search/passage.c and marked_text.c, without an index. */
#include "harness/unit.h"

#include <stdlib.h>

#include "passage.h"

/* A flow of texts in which the words of a query are marked wherever they stand to the letter. */
typedef struct Example {
	Arena arena;
	Flow flow;
	MarkedText texts[8];
	float weights[8];
	PassageTerms terms;
	Str shown;
} Example;

static int setup(void **state)
{
	Example *example = test_calloc(1, sizeof(Example));

	example->flow.texts = example->texts;
	*state = example;
	return 0;
}

static int teardown(void **state)
{
	Example *example = *state;

	arena_deinit(&example->arena);
	test_free(example);
	return 0;
}

static void add_text(Example *example, TextField field, const char *text)
{
	MarkedText *marked = &example->texts[example->flow.n_texts++];

	marked->piece = (FieldText){ .field = field, .text = str_from_c(text) };
	marked_text_find_words(marked, &example->arena);
	marked->piece.n_places = (uint32_t)marked->n_words;
	marked->spans = arena_new_n(&example->arena, Span, marked->n_words * 8);
}

static bool word_is(const MarkedText *text, size_t word, Str wanted)
{
	return str_equal_nocase(str_slice(text->piece.text, text->words[word].start, text->words[word].end), wanted);
}

static Span span_of(const MarkedText *text, size_t word, uint32_t leaf)
{
	Span span = { text->words[word].start, text->words[word].end, (uint32_t)word, 1, leaf, 0, NULL };

	str_decode(text->piece.text, span.start, &span.character);
	return span;
}

/* Words parted by blanks, each a leaf. */
static void mark(Example *example, const char *query, uint32_t n_words)
{
	for (size_t i = 0; i < example->flow.n_texts; i++)
		for (size_t word = 0; word < example->texts[i].n_words; word++) {
			MarkedText *text = &example->texts[i];
			Str rest = str_from_c(query), wanted;

			for (uint32_t leaf = 0; str_split_next(&rest, ' ', &wanted); leaf++)
				if (word_is(text, word, wanted))
					text->spans[text->n_spans++] = span_of(text, word, leaf);
		}
	for (size_t i = 0; i < ARRAY_SIZE(example->weights); i++)
		example->weights[i] = example->weights[i] > 0 ? example->weights[i] : 1;
	example->terms = (PassageTerms){ example->weights, ARRAY_SIZE(example->weights), n_words };
}

static Str show(Example *example, Passage *passage)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	passage_fit(passage, &example->terms, &example->arena);
	passage_append(passage, &out);
	return arena_str_dup(&example->arena, buf_str(&out));
}

/* The snippet of at most @n_words that @query gives. */
static Str snippet(Example *example, const char *query, uint32_t n_words)
{
	Passage passage;

	mark(example, query, n_words);
	passage = passage_find(&example->flow, &example->terms, false, &example->arena);
	assert_true(passage.worth > 0);
	return show(example, &passage);
}

static Str snippet_of(Example *example, const char *text, const char *query, uint32_t n_words)
{
	add_text(example, FIELD_PROSE, text);
	return snippet(example, query, n_words);
}

/* --- Choosing ------------------------------------------------------------------------------- */

TEST(search_passage__most_different_words_come_first)
{
	assert_str(snippet_of(*state,
	                      "Docker docker docker docker docker. One two three four five six seven eight nine. Docker has volumes.",
	                      "docker volumes", 5),
	           "<mark>Docker</mark> has <mark>volumes</mark>.");
}

TEST(search_passage__of_as_many_words_the_rarer_ones_come_first)
{
	Example *example = *state;

	example->weights[1] = 1.8f;
	assert_str(snippet_of(example, "We use docker. One two three four five six seven. We use podman.", "docker podman", 3),
	           "We use <mark>podman</mark>.");
}

TEST(search_passage__of_the_same_words_the_nearest_come_first)
{
	assert_str(snippet_of(*state,
	                      "A volume is no container. One two three four five six seven eight nine ten. The container volume.",
	                      "container volume", 5),
	           "The <mark>container</mark> <mark>volume</mark>.");
}

TEST(search_passage__words_in_order_come_before_words_out_of_order)
{
	assert_str(snippet_of(*state, "Volume container. One two three four five six seven eight nine ten. Container volume.",
	                      "container volume", 2),
	           "<mark>Container</mark> <mark>volume</mark>.");
}

TEST(search_passage__an_earlier_one_comes_first_of_two_as_good)
{
	assert_str(snippet_of(*state, "First docker. One two three four five. Second docker.", "docker", 2),
	           "First <mark>docker</mark>.");
}

TEST(search_passage__without_a_match_there_is_none)
{
	Example *example = *state;

	add_text(example, FIELD_PROSE, "Nothing of the kind.");
	mark(example, "docker", 10);
	assert_true(passage_find(&example->flow, &example->terms, false, &example->arena).worth <= 0);
}

/* --- Cutting --------------------------------------------------------------------------------- */

TEST(search_passage__a_short_text_is_shown_whole)
{
	assert_str(snippet_of(*state, "It runs (mostly) in docker, says she.", "docker", 30),
	           "It runs (mostly) in <mark>docker</mark>, says she.");
}

TEST(search_passage__begins_with_the_sentence_and_ends_with_one)
{
	assert_str(snippet_of(*state,
	                      "Something else comes first here. Then docker is used for that. Another one follows now. "
	                      "And this would not fit any more at all.",
	                      "docker", 12),
	           "Then <mark>docker</mark> is used for that. Another one follows now.");
}

TEST(search_passage__in_a_long_sentence_it_is_cut_at_words_and_says_so)
{
	assert_str(snippet_of(*state,
	                      "one two three four five six seven eight nine ten eleven docker twelve thirteen fourteen "
	                      "fifteen, sixteen seventeen eighteen nineteen",
	                      "docker", 6),
	           "… eleven <mark>docker</mark> twelve thirteen fourteen fifteen …");
}

TEST(search_passage__an_abbreviation_ends_no_sentence)
{
	assert_str(snippet_of(*state, "One two three. Use docker vs. Podman, e.g. for builds by J. Doe. Four five six seven eight.",
	                      "docker", 12),
	           "Use <mark>docker</mark> vs. Podman, e.g. for builds by J. Doe.");
}

TEST(search_passage__quotes_and_brackets_belong_to_their_sentence)
{
	assert_str(snippet_of(*state, "He said \"no more.\" (Then docker came.) It was late in the evening by now.", "docker", 4),
	           "(Then <mark>docker</mark> came.)");
}

TEST(search_passage__a_name_is_not_cut)
{
	assert_str(snippet_of(*state, "docker and one more open-source-tool for all", "docker", 6),
	           "<mark>docker</mark> and one more …");
}

TEST(search_passage__goes_on_into_the_next_paragraph)
{
	Example *example = *state;

	add_text(example, FIELD_PROSE, "You need docker:");
	add_text(example, FIELD_PROSE, "—");
	add_text(example, FIELD_PROSE, "a recent one");
	assert_str(snippet(example, "docker", 30), "You need <mark>docker</mark>: a recent one");
}

TEST(search_passage__a_heading_is_parted_from_its_text)
{
	Example *example = *state;

	example->flow.has_heading = true;
	add_text(example, FIELD_HEADINGS, "About docker");
	add_text(example, FIELD_PROSE, "It builds images.");
	assert_str(snippet(example, "docker", 30), "About <mark>docker</mark> … It builds images.");
}

TEST(search_passage__the_heading_can_be_left_out)
{
	Example *example = *state;
	Passage passage;

	example->flow.has_heading = true;
	add_text(example, FIELD_HEADINGS, "About docker");
	add_text(example, FIELD_PROSE, "It builds images.");
	mark(example, "docker", 30);
	assert_true(passage_find(&example->flow, &example->terms, true, &example->arena).worth <= 0);
	assert_true(passage_begin(&example->flow, &example->arena, &passage));
	assert_str(show(example, &passage), "It builds images.");
}

TEST(search_passage__earlier_sentences_fill_what_is_left_at_the_end)
{
	assert_str(snippet_of(*state, "One two three. Four five six. Seven eight docker.", "docker", 7),
	           "Four five six. Seven eight <mark>docker</mark>.");
}

TEST(search_passage__code_is_cut_at_lines)
{
	Example *example = *state;

	add_text(example, FIELD_CODE, "first line here\nsecond one\nRUN docker build .\nlast line of all");
	assert_str(snippet(example, "docker", 4), "RUN <mark>docker</mark> build .");
}

TEST(search_passage__characters_without_spaces_are_cut_at_punctuation)
{
	assert_str(snippet_of(*state, "これは最初の文です。検索エンジンは速いです。最後の文はとても長いので入りません。", "検索", 8),
	           "<mark>検索</mark>エンジンは速いです。");
}

TEST(search_passage__japanese_is_cut_where_words_may_begin)
{
	Str shown = snippet_of(*state, "日本語の全文検索エンジンを作るために必要なことをすべて説明する長い文章がここにある", "検索", 6);

	assert_str(shown, "日本語の全文<mark>検索</mark>エンジン …");
}

TEST(search_passage__thai_is_cut_at_spaces)
{
	Str shown = snippet_of(*state, "ประเทศไทยมีเมืองหลวงชื่อ กรุงเทพมหานคร และเป็นเมืองที่ใหญ่ที่สุดของประเทศนั้นจริงๆ", "กร", 12);

	assert_true(str_is_utf8(shown));
	assert_true(str_find(shown, STR("<mark>กร</mark>ุงเทพมหานคร")) != STR_NOT_FOUND ||
	            str_find(shown, STR("<mark>กรุ</mark>งเทพมหานคร")) != STR_NOT_FOUND);
}

TEST(search_passage__a_word_without_an_end_is_cut_at_a_character)
{
	Example *example = *state;
	char *text = test_malloc(40001);
	Str shown;

	for (size_t i = 0; i < 40000; i += 2)
		memcpy(text + i, "é", 2);
	text[40000] = '\0';
	add_text(example, FIELD_PROSE, text);
	shown = snippet(example, text, 10);
	assert_true(shown.len < 2000);
	assert_true(str_is_utf8(shown));
	assert_true(str_ends_with(shown, STR("</mark> …")));
	test_free(text);
}

/* --- Marking ----------------------------------------------------------------------------------- */

TEST(search_marked_text__text_is_escaped_and_marks_are_not)
{
	assert_str(snippet_of(*state, "<b>docker</b> & \"co\" <mark>'s", "docker", 30),
	           "&lt;b&gt;<mark>docker</mark>&lt;/b&gt; &amp; &quot;co&quot; &lt;mark&gt;&#39;s");
}

TEST(search_marked_text__spans_that_touch_or_overlap_become_one)
{
	Example *example = *state;
	Buf out = BUF_INIT(BUF_NO_CEILING);
	Span spans[] = { { 0, 6, 0, 1, 0 }, { 3, 9, 0, 1, 1 }, { 9, 12, 1, 1, 0 }, { 13, 15, 2, 1, 0 } };

	add_text(example, FIELD_PROSE, "東京都庁 abc");
	example->texts[0].spans = spans;
	example->texts[0].n_spans = ARRAY_SIZE(spans);
	append_marked(&example->texts[0], 0, (uint32_t)example->texts[0].piece.text.len, &out);
	assert_str(buf_str(&out), "<mark>東京都庁</mark> <mark>ab</mark>c");
	buf_deinit(&out);
}

TEST(search_marked_text__spans_are_cut_with_the_text)
{
	Example *example = *state;
	Buf out = BUF_INIT(BUF_NO_CEILING);
	Span spans[] = { { 0, 3, 0, 1, 0 }, { 4, 7, 1, 1, 0 }, { 8, 13, 2, 1, 0 } };

	add_text(example, FIELD_PROSE, "one two three");
	example->texts[0].spans = spans;
	example->texts[0].n_spans = ARRAY_SIZE(spans);
	append_marked(&example->texts[0], 5, 10, &out);
	assert_str(buf_str(&out), "<mark>wo</mark> <mark>th</mark>");
	buf_deinit(&out);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

RUN_TESTS(search_passage, CASE(search_passage__most_different_words_come_first),
          CASE(search_passage__of_as_many_words_the_rarer_ones_come_first),
          CASE(search_passage__of_the_same_words_the_nearest_come_first),
          CASE(search_passage__words_in_order_come_before_words_out_of_order),
          CASE(search_passage__an_earlier_one_comes_first_of_two_as_good),
          CASE(search_passage__without_a_match_there_is_none), CASE(search_passage__a_short_text_is_shown_whole),
          CASE(search_passage__begins_with_the_sentence_and_ends_with_one),
          CASE(search_passage__in_a_long_sentence_it_is_cut_at_words_and_says_so),
          CASE(search_passage__an_abbreviation_ends_no_sentence),
          CASE(search_passage__quotes_and_brackets_belong_to_their_sentence), CASE(search_passage__a_name_is_not_cut),
          CASE(search_passage__goes_on_into_the_next_paragraph), CASE(search_passage__a_heading_is_parted_from_its_text),
          CASE(search_passage__the_heading_can_be_left_out),
          CASE(search_passage__earlier_sentences_fill_what_is_left_at_the_end), CASE(search_passage__code_is_cut_at_lines),
          CASE(search_passage__characters_without_spaces_are_cut_at_punctuation),
          CASE(search_passage__japanese_is_cut_where_words_may_begin), CASE(search_passage__thai_is_cut_at_spaces),
          CASE(search_passage__a_word_without_an_end_is_cut_at_a_character),
          CASE(search_marked_text__text_is_escaped_and_marks_are_not),
          CASE(search_marked_text__spans_that_touch_or_overlap_become_one),
          CASE(search_marked_text__spans_are_cut_with_the_text))
