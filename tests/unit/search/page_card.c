/* core/search/page_card.c: a page's own part of a hit, kept and copied; and of its JSON (result_to_json.c). */
#include "harness/unit.h"
#include "harness/written_site.h"

#include "page_card.h"

static const WrittenPage pages[] = {
	{ .name = "bread", .title = "Bread & \"butter\"", .text = "Sourdough.", .tag = "baking", .series = "loaves" },
	{ .name = "cake", .title = "Cake", .text = "Eggs.", .lang = "de", .series = "loaves" },
	{ .name = "plain", .title = "Plain", .text = "Nothing else." },
};

static const StorePage row = { .url = STR_INIT("https://x.org/a/"), .path = STR_INIT("a.md"), .title = STR_INIT("A"),
	                       .image = STR_INIT("/a.png"), .words = 7 };

static uint32_t number_of(const char *q)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	FacetNames facets = engine_facets(site.engine);
	Query *query = query_new(&site.arena);
	Result *result;

	assert_true(query_set(query, STR("q"), str_from_c(q), facets, &site.arena, &err));
	assert_true(query_finish(query, facets, &site.arena, &err));
	assert_true(search_run(site.engine, query, &site.arena, &result, &err));
	assert_int_equal(result->n_hits, 1);
	return result->hits[0].id;
}

TEST(search_page_card__a_hit_outlives_the_card_that_it_is_a_copy_of)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	PageCard *card = page_card_new(site.engine, number_of("sourdough"), &row);
	ResultHit hit = page_card_hit(card, &arena), again = page_card_hit(card, &arena);

	memset((char *)card, 'x', page_card_bytes(card));
	free(card);
	assert_str(hit.url, "https://x.org/a/");
	assert_str(hit.path, "a.md");
	assert_str(hit.title, "A");
	assert_str(hit.image, "/a.png");
	assert_str(hit.lang, "en");
	assert_int_equal(hit.words, 7);
	assert_int_equal(hit.n_tags, 1);
	assert_str(hit.tags[0].name, "baking");
	assert_int_equal(hit.n_series, 1);
	assert_str(hit.series[0].slug, "loaves");
	assert_int_equal(hit.series[0].count, 2);
	assert_int_equal(hit.n_authors + hit.n_categories + hit.n_taxonomies + hit.n_sections, 0);
	assert_ptr_not_equal(hit.tags, again.tags);
}

TEST(search_page_card__its_json_is_what_is_written_from_its_values)
{
	static const char *const words[] = { "sourdough", "eggs", "nothing" };
	Query *query = query_new(&site.arena);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
		CLEANUP(buf_deinit) Buf kept = BUF_INIT(BUF_NO_CEILING);
		CLEANUP(buf_deinit) Buf written = BUF_INIT(BUF_NO_CEILING);
		PageCard *card = page_card_new(site.engine, number_of(words[i]), &row);
		ResultHit hit = page_card_hit(card, &arena);

		hit.title_html = STR("<mark>A</mark>");
		hit.score = 1.5;
		assert_true(hit.json_address.len && hit.json_about.len);
		hit_to_json(&hit, query, &kept);
		hit.json_address = hit.json_about = STR_EMPTY;
		hit_to_json(&hit, query, &written);
		assert_int_equal(kept.len, written.len);
		assert_memory_equal(kept.data, written.data, kept.len);
		free(card);
	}
}

TEST(search_page_card__fields_that_are_asked_for_are_written_alone)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Query *query = query_new(&arena);
	PageCard *card = page_card_new(site.engine, number_of("eggs"), &row);
	ResultHit hit = page_card_hit(card, &arena);

	assert_true(query_set(query, STR("fields"), STR("url,words"), engine_facets(site.engine), &arena, &err));
	hit_to_json(&hit, query, &out);
	assert_str(buf_str(&out), "{\"url\":\"https://x.org/a/\",\"words\":7}");
	free(card);
}

RUN_TESTS_ON_SITE(search_page_card, pages, UNIT(search_page_card__a_hit_outlives_the_card_that_it_is_a_copy_of),
                  UNIT(search_page_card__its_json_is_what_is_written_from_its_values),
                  UNIT(search_page_card__fields_that_are_asked_for_are_written_alone))
