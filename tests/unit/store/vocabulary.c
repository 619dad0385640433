/* The vocabulary's layout and merging: core/store/vocabulary.c. */
#include "harness/unit.h"

#include <stdlib.h>

#include "vocabulary.h"

static void change(Map *changes, const char *word, int64_t n)
{
	MapEntry *entry = map_put(changes, str_from_c(word), NULL);

	entry->value = (uint64_t)((int64_t)entry->value + n);
}

static void check_words(const Buf *vocabulary, const char *expected)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	VocabularyCursor cursor;

	vocabulary_begin(&cursor, buf_str(vocabulary));
	while (vocabulary_next(&cursor))
		buf_printf(&out, "%.*s=%llu ", (int)cursor.word_len, cursor.word, (unsigned long long)cursor.n_pages);
	assert_false(cursor.is_damaged);
	assert_str(buf_str(&out), expected);
}

TEST(store_vocabulary__changes_are_merged_in_order_and_words_of_no_page_go)
{
	CLEANUP(buf_deinit) Buf first = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf second = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(map_deinit) Map changes = MAP_INIT;

	change(&changes, "docker", 2);
	change(&changes, "dock", 1);
	change(&changes, "zebra", 1);
	change(&changes, "apple", 3);
	assert_true(vocabulary_merge(STR_EMPTY, &changes, &first));
	check_words(&first, "apple=3 dock=1 docker=2 zebra=1 ");
	map_clear(&changes);
	change(&changes, "zebra", -1);
	change(&changes, "docker", 5);
	change(&changes, "dockers", 1);
	assert_true(vocabulary_merge(buf_str(&first), &changes, &second));
	check_words(&second, "apple=3 dock=1 docker=7 dockers=1 ");
}

TEST(store_vocabulary__blocks_hold_any_number_of_words)
{
	CLEANUP(buf_deinit) Buf vocabulary = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(map_deinit) Map changes = MAP_INIT;
	VocabularyCursor cursor;
	unsigned n = 0;

	for (unsigned i = 0; i < 1000; i++) {
		char word[16];

		snprintf(word, sizeof(word), "word%04u", i);
		change(&changes, word, 1 + i % 3);
	}
	assert_true(vocabulary_merge(STR_EMPTY, &changes, &vocabulary));
	vocabulary_begin(&cursor, buf_str(&vocabulary));
	for (; vocabulary_next(&cursor); n++) {
		char word[16];

		snprintf(word, sizeof(word), "word%04u", n);
		assert_str(((Str){ cursor.word, cursor.word_len }), word);
		assert_int_equal(cursor.n_pages, 1 + n % 3);
	}
	assert_int_equal(n, 1000);
}

TEST(store_vocabulary__skimming_tells_length_and_pages_of_every_word)
{
	CLEANUP(buf_deinit) Buf vocabulary = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(map_deinit) Map changes = MAP_INIT;
	VocabularyCursor skimmed, read;
	uint32_t n = 0;

	for (unsigned i = 0; i < 1000; i++) {
		char word[16];

		snprintf(word, sizeof(word), "%.*s%o", (int)(i % 5), "aaba", i);
		change(&changes, word, 1 + i * i % 400);
	}
	assert_true(vocabulary_merge(STR_EMPTY, &changes, &vocabulary));
	vocabulary_begin(&skimmed, buf_str(&vocabulary));
	for (; vocabulary_skim(&skimmed); n++) {
		if (n % VOCABULARY_BLOCK == 0)
			vocabulary_begin_block(&read, buf_str(&vocabulary), n / VOCABULARY_BLOCK);
		assert_true(vocabulary_next(&read));
		assert_int_equal(skimmed.word_len, read.word_len);
		assert_int_equal(skimmed.n_pages, read.n_pages);
		assert_int_equal(skimmed.n_left, read.n_left);
	}
	assert_int_equal(n, 1000);
	assert_false(skimmed.is_damaged);
	vocabulary_begin_block(&read, buf_str(&vocabulary), 1000 / VOCABULARY_BLOCK + 1);
	assert_false(vocabulary_next(&read));
}

TEST(store_vocabulary__every_cut_is_noticed)
{
	CLEANUP(buf_deinit) Buf vocabulary = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(map_deinit) Map changes = MAP_INIT;

	change(&changes, "alpha", 1);
	change(&changes, "alphabet", 300);
	assert_true(vocabulary_merge(STR_EMPTY, &changes, &vocabulary));
	for (size_t n = 1; n < vocabulary.len; n++) {
		CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

		assert_false(vocabulary_merge(str_slice(buf_str(&vocabulary), 0, n), &changes, &out));
	}
}

/* Words that begin alike, of one letter to many. */
static void make_similar_words(Buf *vocabulary)
{
	CLEANUP(map_deinit) Map changes = MAP_INIT;

	for (unsigned i = 0; i < 1200; i++) {
		char word[16];

		snprintf(word, sizeof(word), "%.*s%o", (int)(i % 7), "aabaab", i / 2);
		change(&changes, word, 1 + i % 300);
	}
	assert_true(vocabulary_merge(STR_EMPTY, &changes, vocabulary));
}

/* What passing by leads to is what reading on would have come to. */
static void check_pass(Str vocabulary, VocabularyCursor at, size_t n_bytes)
{
	VocabularyCursor read = at;
	CLEANUP(free_ptr) char *beginning = str_dup(str_slice(vocabulary_word(&at), 0, n_bytes));
	bool is_there;

	do
		is_there = vocabulary_next(&read);
	while (is_there && str_starts_with(vocabulary_word(&read), str_from_c(beginning)));
	assert_int_equal(vocabulary_pass(&at, vocabulary, n_bytes), is_there);
	if (!is_there)
		return;
	assert_true(str_equal(vocabulary_word(&at), vocabulary_word(&read)));
	assert_int_equal(at.n_pages, read.n_pages);
	assert_int_equal(at.n_left, read.n_left);
}

TEST(store_vocabulary__what_begins_alike_is_passed_by)
{
	CLEANUP(buf_deinit) Buf vocabulary = BUF_INIT(BUF_NO_CEILING);
	VocabularyCursor cursor;

	make_similar_words(&vocabulary);
	vocabulary_begin(&cursor, buf_str(&vocabulary));
	while (vocabulary_next(&cursor))
		for (size_t n_bytes = 1; n_bytes <= cursor.word_len; n_bytes++)
			check_pass(buf_str(&vocabulary), cursor, n_bytes);
}

RUN_TESTS(store_vocabulary, UNIT(store_vocabulary__changes_are_merged_in_order_and_words_of_no_page_go),
          UNIT(store_vocabulary__blocks_hold_any_number_of_words),
          UNIT(store_vocabulary__skimming_tells_length_and_pages_of_every_word), UNIT(store_vocabulary__every_cut_is_noticed),
          UNIT(store_vocabulary__what_begins_alike_is_passed_by))
