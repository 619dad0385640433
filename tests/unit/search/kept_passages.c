/* core/search/kept_passages.c: what is kept of a page's passages, and of which; also by many threads at once. */
#include "harness/unit.h"

#include <pthread.h>

#include "kept_passages.h"

#define N_THREADS 4

static KeptPassage passage_at(uint32_t text, uint32_t word, uint32_t n_words)
{
	return (KeptPassage){ .key = { text, word, text, word, n_words }, .first = { text, word / 2 },
		              .last = { text, word * 2 }, .max_bytes = n_words };
}

TEST(search_kept_passages__what_was_kept_is_found_by_all_of_its_key)
{
	KeptPassages kept = { 0 };
	KeptPassage passage = passage_at(3, 14, 30);
	const KeptPassage *found;
	PassageKey key = passage.key;

	assert_null(kept_passages_find(&kept, &key));
	assert_true(kept_passages_add(&kept, &passage) >= sizeof(passage));
	found = kept_passages_find(&kept, &key);
	assert_non_null(found);
	assert_int_equal(found->first.word, 7);
	assert_int_equal(found->last.word, 28);
	assert_int_equal(found->max_bytes, 30);
	for (size_t i = 0; i < sizeof(key) / sizeof(uint32_t); i++) {
		PassageKey other = key;

		((uint32_t *)&other)[i] += N_PASSAGE_BUCKETS; /* in the same bucket, for some of them */
		assert_null(kept_passages_find(&kept, &other));
	}
	kept_passages_deinit(&kept);
}

TEST(search_kept_passages__a_link_is_copied_and_may_be_empty)
{
	KeptPassages kept = { 0 };
	char link[] = ":~:text=one";
	KeptPassage with = { .key = { 1, 2, 1, 2, 0 }, .link = str_from_c(link) }, without = { .key = { 1, 3, 1, 3, 0 } };

	assert_int_equal(kept_passages_add(&kept, &with), sizeof(with) + strlen(link));
	kept_passages_add(&kept, &without);
	memset(link, 'x', strlen(link));
	assert_str(kept_passages_find(&kept, &with.key)->link, ":~:text=one");
	assert_int_equal(kept_passages_find(&kept, &without.key)->link.len, 0);
	kept_passages_deinit(&kept);
}

TEST(search_kept_passages__no_more_are_kept_than_a_page_may_have)
{
	KeptPassages kept = { 0 };

	for (uint32_t i = 0; i < MOST_KEPT_PASSAGES; i++)
		assert_true(kept_passages_add(&kept, &(KeptPassage){ .key = { i, i, i, i, 30 } }));
	for (uint32_t i = 0; i < 2 * MOST_KEPT_PASSAGES; i++) {
		KeptPassage more = { .key = { i, i, i, i, 30 } };

		assert_int_equal(kept_passages_find(&kept, &more.key) != NULL, i < MOST_KEPT_PASSAGES);
		assert_int_equal(kept_passages_add(&kept, &more), 0);
	}
	kept_passages_deinit(&kept);
}

TEST(search_kept_passages__a_text_whose_words_nobody_keeps_has_no_key)
{
	KeptWords words[2] = { NULL, NULL };
	MarkedText texts[2] = { { .piece = { .number = 5 }, .kept = &words[0] }, { .piece = { .number = 9 } } };
	Flow flow = { texts, 2, false };
	Passage passage = { .flow = &flow, .first = { 0, 3 }, .last = { 1, 4 } };
	PassageKey key;

	assert_false(passage_key(&passage, 30, &key));
	texts[1].kept = &words[1];
	assert_true(passage_key(&passage, 30, &key));
	assert_int_equal(key.first_text, 5);
	assert_int_equal(key.first_word, 3);
	assert_int_equal(key.last_text, 9);
	assert_int_equal(key.last_word, 4);
	assert_int_equal(key.n_words, 30);
}

static void *add_and_find(void *kept)
{
	for (uint32_t i = 0; i < MOST_KEPT_PASSAGES; i++) {
		KeptPassage passage = passage_at(i % 8, i, 30);
		const KeptPassage *found = kept_passages_find(kept, &passage.key);

		if (!found)
			kept_passages_add(kept, &passage);
		found = kept_passages_find(kept, &passage.key);
		if (found && found->last.word != i * 2)
			return kept;
	}
	return NULL;
}

TEST(search_kept_passages__threads_add_and_find_at_once)
{
	KeptPassages kept = { 0 };
	pthread_t threads[N_THREADS];

	for (size_t i = 0; i < N_THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, add_and_find, &kept), 0);
	for (size_t i = 0; i < N_THREADS; i++) {
		void *wrong;

		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
	assert_true(atomic_load(&kept.n) <= MOST_KEPT_PASSAGES);
	kept_passages_deinit(&kept);
}

RUN_TESTS(search_kept_passages, UNIT(search_kept_passages__what_was_kept_is_found_by_all_of_its_key),
          UNIT(search_kept_passages__a_link_is_copied_and_may_be_empty),
          UNIT(search_kept_passages__no_more_are_kept_than_a_page_may_have),
          UNIT(search_kept_passages__a_text_whose_words_nobody_keeps_has_no_key),
          UNIT(search_kept_passages__threads_add_and_find_at_once))
