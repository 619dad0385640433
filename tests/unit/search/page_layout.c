/* core/search/page_layout.c: which of a page's texts follow one another. */
#include "harness/unit.h"

#include "page_layout.h"

#define N_PLACES 4 /* of each text */

/* Flows as "kind[section](texts)…", a heading's text in quotes. */
static Str show(const StoreText *text, const PageLayout *layout, Arena *arena)
{
	static const char kinds[] = { [FLOW_DESCRIPTION] = 'd', [FLOW_PROSE] = 'p', [FLOW_CAPTION] = 'a', [FLOW_CODE] = 'c',
		                      [FLOW_INLINE_CODE] = 'i' };
	Str shown = STR_EMPTY;

	for (size_t i = 0; i < layout->n_flows; i++) {
		const FlowLayout *flow = &layout->flows[i];
		Str section = flow->section == NO_SECTION ? STR("-") : text->blocks[flow->section].text;

		shown = arena_printf(arena, "%.*s%s%c[%.*s](", STR_ARG(shown), i ? " " : "", kinds[flow->kind], STR_ARG(section));
		for (size_t t = flow->first_text; t < flow->first_text + flow->n_texts; t++)
			shown = arena_printf(arena, "%.*s%s%.*s", STR_ARG(shown), t > flow->first_text ? "," : "",
			                     STR_ARG(layout->texts[t].piece.text));
		shown = arena_printf(arena, "%.*s)%s", STR_ARG(shown), flow->has_heading ? "!" : "");
	}
	return shown;
}

static PageLayout *lay_out(StoreText *text, Arena *arena)
{
	size_t n = store_text_n_places(text);
	KeptWords *words = arena_new_n(arena, KeptWords, n);

	text->places = arena_new_n(arena, uint32_t, n);
	for (size_t i = 0; i < n; i++)
		text->places[i] = N_PLACES;
	return page_layout_new(text, words, arena);
}

#define BLOCK(kind_, text_) { .kind = BLOCK_##kind_, .text = STR_INIT(text_) }

TEST(search_page_layout__a_section_goes_on_behind_its_code_and_captions_stand_beside)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Block blocks[] = { BLOCK(PROSE, "first"), BLOCK(HEADING, "H"), BLOCK(PROSE, "a"), BLOCK(CAPTION, "fig"),
		           BLOCK(PROSE, "b"), BLOCK(CODE, "code"), BLOCK(PROSE, "c"), BLOCK(HEADING, "I"),
		           BLOCK(INLINE_CODE, "ls") };
	StoreText text = { .title = STR("T"), .description = STR("about"), .blocks = blocks, .n_blocks = ARRAY_SIZE(blocks) };
	PageLayout *layout = lay_out(&text, &arena);

	assert_str(show(&text, layout, &arena),
	           "d[-](about) p[-](first) p[H](H,a,b)! c[H](code) p[H](c) p[I](I)! i[-](ls) a[H](fig)");
	assert_str(layout->title.piece.text, "T");
}

TEST(search_page_layout__a_description_that_repeats_the_title_is_not_shown_but_has_its_places)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Block blocks[] = { BLOCK(PROSE, "first") };
	StoreText text = { .title = STR("The Title"), .description = STR("the title "), .blocks = blocks, .n_blocks = 1 };
	PageLayout *layout = lay_out(&text, &arena);

	assert_str(show(&text, layout, &arena), "p[-](first)");
	assert_int_equal(layout->n_pieces[FIELD_PROSE], 2);
	assert_true(layout->pieces[FIELD_PROSE][0].text == NO_TEXT);
	assert_int_equal(layout->pieces[FIELD_PROSE][0].end, N_PLACES);
	/* A place is left free in between. */
	assert_int_equal(layout->pieces[FIELD_PROSE][1].place, N_PLACES + 1);
}

TEST(search_page_layout__pieces_know_their_texts_and_texts_where_their_words_are_kept)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Block blocks[] = { BLOCK(HEADING, "H"), BLOCK(CODE, "one"), BLOCK(CODE, ""), BLOCK(CODE, "two"), BLOCK(CAPTION, "fig") };
	StoreText text = { .blocks = blocks, .n_blocks = ARRAY_SIZE(blocks) };
	PageLayout *layout = lay_out(&text, &arena);

	assert_int_equal(layout->title.piece.text.len, 0);
	assert_int_equal(layout->n_pieces[FIELD_CODE], 2);
	assert_str(layout->texts[layout->pieces[FIELD_CODE][1].text].piece.text, "two");
	assert_str(layout->texts[layout->pieces[FIELD_HEADINGS][0].text].piece.text, "H");
	assert_str(layout->texts[layout->pieces[FIELD_CAPTIONS][0].text].piece.text, "fig");
	for (size_t i = 0; i < layout->n_texts; i++)
		for (size_t j = 0; j < i; j++)
			assert_ptr_not_equal(layout->texts[i].kept, layout->texts[j].kept);
}

TEST(search_page_layout__a_page_without_text_has_no_flows)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	StoreText text = { .title = STR("T") };

	assert_int_equal(lay_out(&text, &arena)->n_flows, 0);
}

RUN_TESTS(search_page_layout, UNIT(search_page_layout__a_section_goes_on_behind_its_code_and_captions_stand_beside),
          UNIT(search_page_layout__a_description_that_repeats_the_title_is_not_shown_but_has_its_places),
          UNIT(search_page_layout__pieces_know_their_texts_and_texts_where_their_words_are_kept),
          UNIT(search_page_layout__a_page_without_text_has_no_flows))
