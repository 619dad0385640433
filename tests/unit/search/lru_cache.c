/* core/search/lru_cache.c and what posting_cache.c keeps in it: words of visitors must not make it slow. */
#include "harness/unit.h"
#include "harness/written_site.h"

#include <time.h>

#include "blogsearch/hash.h"
#include "engine.h"

#define N_KEYS 6000

static const WrittenPage pages[] = {
	{ .name = "compose", .title = "Compose", .text = "docker compose starts containers together" },
};

static void free_plain(LruEntry *entry)
{
	free(entry);
}

static double processor_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Keys whose plain hash is @rest modulo @modulus. */
static void choose_keys(uint64_t keys[N_KEYS], uint64_t modulus, uint64_t rest)
{
	size_t n = 0;

	for (uint64_t key = 0; n < N_KEYS; key++)
		if (hash_bytes((Str){ (const char *)&key, sizeof(key) }) % modulus == rest)
			keys[n++] = key;
}

/* The processor time of putting them all in and finding each again. */
static double time_of(const uint64_t keys[N_KEYS])
{
	LruCache *cache = lru_cache_new(SIZE_MAX, free_plain);
	double start = processor_ms(), spent;

	for (size_t i = 0; i < N_KEYS; i++) {
		LruEntry *entry = xnew0(LruEntry);

		lru_cache_put(cache, (Str){ (const char *)&keys[i], sizeof(keys[i]) }, entry, sizeof(*entry));
		lru_cache_release(cache, entry);
	}
	for (size_t i = 0; i < N_KEYS; i++) {
		LruEntry *entry = lru_cache_get(cache, (Str){ (const char *)&keys[i], sizeof(keys[i]) });

		assert_non_null(entry);
		lru_cache_release(cache, entry);
	}
	spent = processor_ms() - start;
	lru_cache_free(cache);
	return spent;
}

TEST(search_lru_cache__keys_chosen_to_collide_are_as_fast_as_others)
{
	static uint64_t colliding[N_KEYS], others[N_KEYS];

	choose_keys(colliding, 8192, 77);
	choose_keys(others, 1, 0);
	assert_true(time_of(colliding) < 10 * time_of(others) + 10);
}

TEST(search_lru_cache__what_is_lent_is_gone_with_its_last_user)
{
	LruCache *cache = lru_cache_new(SIZE_MAX, free_plain);
	LruEntry *entry = xnew0(LruEntry);

	lru_cache_lend(entry);
	lru_cache_release(cache, entry);
	lru_cache_free(cache);
}

static bool is_kept(PostingCache *cache, const char *key)
{
	LruEntry *entry = lru_cache_get(cache, str_from_c(key));

	if (entry)
		lru_cache_release(cache, entry);
	return entry;
}

TEST(search_lru_cache__postings_of_words_that_no_page_has_are_not_kept)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	PostingCache *cache = posting_cache_new(1 << 20);
	EngineWorker worker;
	static const Str words[] = { STR_INIT("docker"), STR_INIT("zzzz") };

	assert_true(engine_take_worker(site.engine, 0, &worker, &err));
	for (size_t i = 0; i < 2; i++) {
		Str forms[] = { words[i], store_stem_term(words[i], &site.arena) };

		for (size_t j = 0; j < 2; j++) {
			const PhraseTerm term = { &forms[j], 1 };
			CachedPostings *found;

			assert_true(posting_cache_fetch(cache, worker.reader, &term, 1, false, 0, &found, &err));
			assert_int_equal(found->postings.n_pages, i == 0);
			posting_cache_release(cache, found);
		}
	}
	assert_true(is_kept(cache, "=\n\tdocker"));
	assert_false(is_kept(cache, "=\n\tzzzz"));
	assert_true(is_kept(cache, arena_printf(&site.arena, "=\n\t%.*s",
	                                        STR_ARG(store_stem_term(words[0], &site.arena))).data));
	assert_false(is_kept(cache, arena_printf(&site.arena, "=\n\t%.*s",
	                                         STR_ARG(store_stem_term(words[1], &site.arena))).data));
	engine_give_worker(site.engine, worker);
	lru_cache_free(cache);
}

RUN_TESTS_ON_SITE(search_lru_cache, pages, UNIT(search_lru_cache__keys_chosen_to_collide_are_as_fast_as_others),
          UNIT(search_lru_cache__what_is_lent_is_gone_with_its_last_user),
          UNIT(search_lru_cache__postings_of_words_that_no_page_has_are_not_kept))
