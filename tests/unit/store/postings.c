/* Postings say of every page what was gathered, as a list and as a set: core/store/postings.c. */
#include "harness/draw.h"
#include "harness/unit.h"

#include "posting_rows.h"

#define MOST_PAGES  3000
#define MOST_PLACES 400

/* What was put in: how many places a page has, each a step of as many as there are behind the one before. */
typedef struct Known {
	uint32_t n_slots;
	uint32_t n_places[MOST_PAGES]; /* 0: not there */
} Known;

/* One page in @share; a page in fifty has more places than a byte counts. */
static Known some_pages(uint32_t n_slots, uint32_t share)
{
	Known known = { .n_slots = n_slots };

	for (uint32_t page = 1; page < n_slots; page++)
		if (!draw(share))
			known.n_places[page] = 1 + (draw(50) ? draw(9) : draw(MOST_PLACES));
	return known;
}

static Postings postings_of(const Known *known)
{
	CLEANUP(posting_rows_deinit) PostingRows rows = POSTING_ROWS_INIT;
	Postings postings;

	for (uint32_t page = 0; page < known->n_slots; page++) {
		Place last = 0;

		if (!known->n_places[page])
			continue;
		posting_rows_add(&rows, page, NULL, 0);
		for (uint32_t i = 1; i <= known->n_places[page]; i++) {
			posting_rows_add_place(&rows, last, last + known->n_places[page]);
			last += known->n_places[page];
		}
	}
	posting_rows_finish(&rows, &postings);
	return postings;
}

static void check_places(PlaceCursor places, uint32_t n)
{
	Place place, last = 0;
	uint32_t counts[N_TEXT_FIELDS], n_found = 0;

	places_count(places, counts);
	assert_int_equal(counts[0], n);
	while (place_next(&places, &place)) {
		assert_int_equal(place, last + n);
		last = place;
		n_found++;
	}
	assert_int_equal(n_found, n);
}

static void check_walk(const Postings *postings, const Known *known)
{
	PostingWalk walk = postings_walk(postings);
	const uint8_t *at = postings->bytes;

	for (uint32_t page = 0; page < known->n_slots; page++) {
		if (!known->n_places[page])
			continue;
		assert_true(posting_next(&walk));
		assert_int_equal(walk.page, page);
		check_places(postings_next_places(&at), known->n_places[page]);
	}
	assert_false(posting_next(&walk));
	assert_ptr_equal(at, postings->bytes + postings->n_bytes);
}

static void check_page(const Postings *postings, const Known *known, uint32_t page, uint32_t *at)
{
	bool is_there = page < known->n_slots && known->n_places[page];
	uint32_t i;

	assert_int_equal(postings_seek(postings, page, at), is_there);
	assert_int_equal(postings_find(postings, page, &i), is_there);
	if (is_there) {
		assert_int_equal(*at, i);
		check_places(postings_places(postings, i), known->n_places[page]);
	}
}

static void check(uint32_t n_slots, uint32_t share, bool is_set)
{
	const Known known = some_pages(n_slots, share);
	CLEANUP(postings_deinit) Postings postings = postings_of(&known);
	uint32_t at = 0;

	assert_int_equal(postings.pages == NULL, is_set);
	check_walk(&postings, &known);
	for (uint32_t page = 0; page < n_slots + 130; page++)
		check_page(&postings, &known, page, &at);
	for (uint32_t i = 0; i < 200; i++)
		check_page(&postings, &known, draw(n_slots + 130), &at);
}

TEST(store_postings__pages_and_places_of_a_list)
{
	seed = 7;
	for (uint32_t n_slots = 1; n_slots < MOST_PAGES; n_slots += 1 + draw(300))
		check(n_slots, 60, false);
}

TEST(store_postings__pages_and_places_of_a_set)
{
	seed = 8;
	for (uint32_t n_slots = 300; n_slots < MOST_PAGES; n_slots += 1 + draw(150))
		check(n_slots, 1 + draw(8), true);
}

TEST(store_postings__a_set_takes_an_eighth_of_a_list)
{
	const Known known = some_pages(MOST_PAGES, 1);
	CLEANUP(postings_deinit) Postings postings = postings_of(&known);
	size_t of_places = postings.n_bytes + (postings.n_pages / POSTINGS_STRIDE + 1) * sizeof(uint32_t);

	assert_true(postings_size(&postings) - of_places < postings.n_pages * sizeof(uint32_t) / 8);
}

/* What FTS5 finds in a damaged index: pages twice, or in no order. */
TEST(store_postings__pages_in_no_order_are_a_list)
{
	CLEANUP(posting_rows_deinit) PostingRows rows = POSTING_ROWS_INIT;
	CLEANUP(postings_deinit) Postings postings = { 0 };
	PostingWalk walk;
	uint32_t n = 0;

	for (uint32_t i = 0; i < 500; i++)
		posting_rows_add(&rows, 1000 - i / 2, NULL, 0);
	posting_rows_finish(&rows, &postings);
	for (walk = postings_walk(&postings); posting_next(&walk);)
		n++;
	assert_int_equal(n, 500);
}

RUN_TESTS(store_postings,
	UNIT(store_postings__pages_and_places_of_a_list),
	UNIT(store_postings__pages_and_places_of_a_set),
	UNIT(store_postings__a_set_takes_an_eighth_of_a_list),
	UNIT(store_postings__pages_in_no_order_are_a_list))
