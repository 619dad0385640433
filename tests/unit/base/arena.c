/* Memory of one unit of work: core/base/arena.c. */
#include "harness/unit.h"

#include "blogsearch/arena.h"

TEST(base_arena__what_it_hands_out_is_zeroed_aligned_and_apart)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	unsigned char *before = NULL;

	for (size_t size = 1; size < 5000; size += 7) {
		unsigned char *bytes = arena_alloc(&arena, size);

		assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xff, size);
		assert_true(bytes != before);
		before = bytes;
	}
}

TEST(base_arena__nothing_asked_for_is_no_null_pointer)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	assert_non_null(arena_alloc(&arena, 0));
	assert_non_null(arena_new_n(&arena, int, 0));
	assert_non_null(arena_to_c(&arena, STR_EMPTY));
}

TEST(base_arena__a_block_larger_than_any_before_is_fine)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	char *small = arena_alloc(&arena, 10), *large;

	memcpy(small, "small", 6);
	large = arena_alloc(&arena, 10 * 1024 * 1024);
	memset(large, 'x', 10 * 1024 * 1024);
	assert_string_equal(small, "small");
}

TEST(base_arena__copies_end_in_a_nul_that_is_not_counted)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str copy = arena_str_dup(&arena, STR("abc"));

	assert_int_equal(copy.len, 3);
	assert_int_equal(copy.data[3], '\0');
	assert_str(arena_concat(&arena, STR("ab"), STR("cd")), "abcd");
	assert_str(arena_printf(&arena, "%s-%d", "x", 42), "x-42");
}

TEST(base_arena__an_array_is_copied_also_one_of_nothing)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	uint32_t items[] = { 1, 2, 3 };
	uint32_t *copy = arena_dup_n(&arena, uint32_t, items, 3);

	items[2] = 4;
	assert_int_equal(copy[0], 1);
	assert_int_equal(copy[2], 3);
	assert_non_null(arena_dup_n(&arena, uint32_t, NULL, 0));
}

TEST(base_arena__after_a_reset_memory_is_zeroed_again)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	for (unsigned round = 0; round < 3; round++) {
		unsigned char *bytes = arena_alloc(&arena, 3000);

		for (size_t i = 0; i < 3000; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xff, 3000);
		arena_reset(&arena);
		assert_int_equal(arena.n_bytes, 0);
	}
}

RUN_TESTS(base_arena, UNIT(base_arena__what_it_hands_out_is_zeroed_aligned_and_apart),
          UNIT(base_arena__nothing_asked_for_is_no_null_pointer),
          UNIT(base_arena__a_block_larger_than_any_before_is_fine),
          UNIT(base_arena__copies_end_in_a_nul_that_is_not_counted),
          UNIT(base_arena__an_array_is_copied_also_one_of_nothing),
          UNIT(base_arena__after_a_reset_memory_is_zeroed_again))
