/* Byte strings to numbers: core/base/map.c; and the hashes under it: core/base/hash.c. */
#include "harness/unit.h"

#include "blogsearch/hash.h"
#include "blogsearch/map.h"

TEST(base_map__keys_are_copied_and_found_again)
{
	CLEANUP(map_deinit) Map map = MAP_INIT;
	char key[32];
	bool is_new;

	for (unsigned i = 0; i < 50000; i++) {
		snprintf(key, sizeof(key), "key-%u", i);
		map_put(&map, str_from_c(key), &is_new)->value = i;
		assert_true(is_new);
	}
	memset(key, 'x', sizeof(key));
	assert_int_equal(map.n, 50000);
	for (unsigned i = 0; i < 50000; i++) {
		char name[32];
		MapEntry *entry;

		snprintf(name, sizeof(name), "key-%u", i);
		entry = map_get(&map, str_from_c(name));
		assert_non_null(entry);
		assert_int_equal(entry->value, i);
		assert_str(map.entries[i].key, name);
	}
	assert_null(map_get(&map, STR("key-50000")));
}

TEST(base_map__a_key_stands_once)
{
	CLEANUP(map_deinit) Map map = MAP_INIT;
	bool is_new;

	map_put(&map, STR("a"), NULL)->value = 1;
	assert_int_equal(map_put(&map, STR("a"), &is_new)->value, 1);
	assert_false(is_new);
	assert_int_equal(map.n, 1);
}

TEST(base_map__the_empty_key_and_bytes_of_zero_are_keys)
{
	CLEANUP(map_deinit) Map map = MAP_INIT;

	assert_null(map_get(&map, STR_EMPTY));
	map_put(&map, STR_EMPTY, NULL)->value = 1;
	map_put(&map, (Str){ "\0", 1 }, NULL)->value = 2;
	map_put(&map, (Str){ "\0\0", 2 }, NULL)->value = 3;
	assert_int_equal(map_get(&map, STR(""))->value, 1);
	assert_int_equal(map_get(&map, (Str){ "\0", 1 })->value, 2);
	assert_int_equal(map_get(&map, (Str){ "\0\0", 2 })->value, 3);
}

TEST(base_map__cleared_it_is_empty_and_usable)
{
	CLEANUP(map_deinit) Map map = MAP_INIT;

	map_put(&map, STR("a"), NULL);
	map_clear(&map);
	assert_int_equal(map.n, 0);
	assert_null(map_get(&map, STR("a")));
	map_put(&map, STR("b"), NULL)->value = 7;
	assert_int_equal(map_get(&map, STR("b"))->value, 7);
}

/* They stand in index files: another value would have every page read again. */
TEST(base_hash__values_are_the_same_in_every_release)
{
	assert_true(hash_bytes(STR_EMPTY) == 0x2d06800538d394c2);
	assert_true(hash_bytes(STR("")) == hash_bytes(STR_EMPTY));
	assert_true(hash_bytes(STR("blogsearch")) == 0x1cb8053dbb433977);
	assert_true(hash_number(1, 2) == 0x1722dee50e00c79c);
}

TEST(base_hash__parts_are_not_the_whole)
{
	assert_true(hash_more(hash_bytes(STR("a")), STR("b")) != hash_bytes(STR("ab")));
	assert_true(hash_more(hash_bytes(STR("a")), STR("bc")) != hash_more(hash_bytes(STR("ab")), STR("c")));
	assert_true(hash_number(0, 1) != hash_number(1, 0));
}

RUN_TESTS(base_map, UNIT(base_map__keys_are_copied_and_found_again), UNIT(base_map__a_key_stands_once),
          UNIT(base_map__the_empty_key_and_bytes_of_zero_are_keys), UNIT(base_map__cleared_it_is_empty_and_usable),
          UNIT(base_hash__values_are_the_same_in_every_release), UNIT(base_hash__parts_are_not_the_whole))
