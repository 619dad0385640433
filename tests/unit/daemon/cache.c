/* daemon/cache.c: what is kept, for how long, and within how many bytes; also by many threads at once. */
#include "harness/unit.h"

#include <pthread.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "cache.h"

#define SERIAL 7

static void keep(Cache *cache, uint64_t serial, const char *key, Str body)
{
	Bytes *plain = bytes_new(body);

	cache_keep(cache, serial, str_from_c(key), (CachedAnswer){ plain, NULL });
	bytes_unref(plain);
}

static bool has(Cache *cache, uint64_t serial, const char *key)
{
	CachedAnswer answer;

	if (!cache_take(cache, serial, str_from_c(key), &answer))
		return false;
	bytes_unref(answer.plain);
	bytes_unref(answer.packed);
	return true;
}

TEST(daemon_cache__what_was_kept_is_given_back_plain_and_packed)
{
	Cache *cache = cache_new(1 << 20);
	Bytes *plain = bytes_new(STR("plain")), *packed = bytes_new(STR("packed"));
	CachedAnswer answer;

	assert_false(cache_take(cache, SERIAL, STR("a"), &answer));
	cache_keep(cache, SERIAL, STR("a"), (CachedAnswer){ plain, packed });
	assert_true(cache_take(cache, SERIAL, STR("a"), &answer));
	assert_str(bytes_str(answer.plain), "plain");
	assert_str(bytes_str(answer.packed), "packed");
	bytes_unref(answer.plain);
	bytes_unref(answer.packed);
	assert_false(cache_take(cache, SERIAL, STR("b"), &answer));
	assert_int_equal(cache_figures(cache).n_hits, 1);
	assert_int_equal(cache_figures(cache).n_misses, 2);
	cache_free(cache);
	/* The cache's references are gone, ours are not. */
	assert_int_equal(plain->n_references, 1);
	bytes_unref(plain);
	bytes_unref(packed);
}

TEST(daemon_cache__the_longest_unused_goes_first_and_the_limit_holds)
{
	static char body[1000];
	Cache *cache = cache_new(10 * 1024);
	char key[16];

	keep(cache, SERIAL, "used", (Str){ body, sizeof(body) });
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		keep(cache, SERIAL, key, (Str){ body, sizeof(body) });
		assert_true(has(cache, SERIAL, "used"));
		assert_true(cache_figures(cache).n_bytes <= 10 * 1024);
	}
	assert_true(has(cache, SERIAL, "k99"));
	assert_false(has(cache, SERIAL, "k0"));
	assert_true(cache_figures(cache).n_evicted > 80);
	cache_limit(cache, 0);
	assert_int_equal(cache_figures(cache).n_bytes, 0);
	assert_int_equal(cache_figures(cache).n_answers, 0);
	cache_free(cache);
}

TEST(daemon_cache__a_giant_answer_does_not_drive_out_all_others)
{
	static char body[8000];
	Cache *cache = cache_new(10 * 1024);

	keep(cache, SERIAL, "small", STR("x"));
	keep(cache, SERIAL, "giant", (Str){ body, sizeof(body) });
	assert_true(has(cache, SERIAL, "small"));
	assert_false(has(cache, SERIAL, "giant"));
	cache_free(cache);
}

TEST(daemon_cache__answers_of_another_index_are_neither_given_nor_kept)
{
	Cache *cache = cache_new(1 << 20);

	keep(cache, SERIAL, "a", STR("old"));
	assert_false(has(cache, SERIAL + 1, "a"));
	keep(cache, SERIAL + 1, "a", STR("new"));
	/* A request that began before the new index came. */
	assert_false(has(cache, SERIAL, "a"));
	keep(cache, SERIAL, "b", STR("old"));
	assert_true(has(cache, SERIAL + 1, "a"));
	assert_false(has(cache, SERIAL + 1, "b"));
	assert_int_equal(cache_figures(cache).n_answers, 1);
	cache_free(cache);
}

/* --- What is ready to be sent ---------------------------------------------------------------------------- */

static int n_prepared;

static void release(Prepared *prepared)
{
	__atomic_fetch_sub(&n_prepared, 1, __ATOMIC_RELAXED);
	free(prepared);
}

static Prepared *prepare(uint64_t n_bytes)
{
	Prepared *prepared = xnew0(Prepared);

	__atomic_fetch_add(&n_prepared, 1, __ATOMIC_RELAXED);
	atomic_init(&prepared->n_references, 1);
	prepared->release = release;
	prepared->n_bytes = n_bytes;
	return prepared;
}

TEST(daemon_cache__what_is_ready_has_keys_of_its_own_and_counts_with_its_body)
{
	Cache *cache = cache_new(100 * 1024);
	Prepared *kept = prepare(1000), *taken;

	keep(cache, SERIAL, "a", STR("body"));
	assert_false(cache_take_prepared(cache, SERIAL, STR("a"), &taken));
	cache_keep_prepared(cache, SERIAL, STR("a"), kept);
	assert_true(cache_take_prepared(cache, SERIAL, STR("a"), &taken));
	assert_ptr_equal(taken, kept);
	prepared_unref(taken);
	assert_true(has(cache, SERIAL, "a"));
	assert_true(cache_figures(cache).n_bytes >= 1000 + PREPARED_BYTES);
	/* One that is asked for and not there is no miss: its body is looked for next. */
	assert_false(cache_take_prepared(cache, SERIAL, STR("b"), &taken));
	assert_int_equal(cache_figures(cache).n_misses, 0);
	assert_false(cache_take_prepared(cache, SERIAL + 1, STR("a"), &taken));
	assert_int_equal(n_prepared, 1);
	prepared_unref(kept);
	assert_int_equal(n_prepared, 0);
	cache_free(cache);
}

static void *use_cache(void *context)
{
	Cache *cache = context;
	char key[16];

	for (unsigned i = 0; i < 20000; i++) {
		Prepared *prepared;
		Str text;

		snprintf(key, sizeof(key), "k%u", i * 7919 % 50);
		text = str_from_c(key);
		if (i % 3 == 0)
			keep(cache, SERIAL + i / 5000, key, text);
		else
			(void)has(cache, SERIAL + i / 5000, key);
		if (cache_take_prepared(cache, SERIAL + i / 5000, text, &prepared)) {
			prepared_unref(prepared);
			continue;
		}
		prepared = prepare(10);
		cache_keep_prepared(cache, SERIAL + i / 5000, text, prepared);
		prepared_unref(prepared);
	}
	return NULL;
}

TEST(daemon_cache__threads_at_once_lose_nothing)
{
	Cache *cache = cache_new(64 * 1024);
	pthread_t threads[4];

	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use_cache, cache), 0);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	assert_true(cache_figures(cache).n_bytes <= 64 * 1024);
	cache_free(cache);
	assert_int_equal(n_prepared, 0);
}

RUN_TESTS(daemon_cache, UNIT(daemon_cache__what_was_kept_is_given_back_plain_and_packed),
          UNIT(daemon_cache__the_longest_unused_goes_first_and_the_limit_holds),
          UNIT(daemon_cache__a_giant_answer_does_not_drive_out_all_others),
          UNIT(daemon_cache__answers_of_another_index_are_neither_given_nor_kept),
          UNIT(daemon_cache__what_is_ready_has_keys_of_its_own_and_counts_with_its_body),
          UNIT(daemon_cache__threads_at_once_lose_nothing))
