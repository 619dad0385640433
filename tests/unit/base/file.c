/* Whole files and paths: core/base/file.c. */
#include "harness/unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/file.h"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/blogsearch-unit.%ld", (long)getpid());
	return mkdir(folder, 0700) || chdir(folder);
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "file", "a/b/c", "a/b", "a", "pipe", "link" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (unlink(names[i]) < 0)
			rmdir(names[i]);
	return chdir("/") || rmdir(folder);
}

static void write_file(const char *path, Str bytes)
{
	CLEANUP(close_fd) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0 && fd_write_all(fd, bytes, path, NULL));
}

static ErrorCode reading(const char *path, size_t limit)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Str bytes;

	if (file_read(path, limit, &arena, &bytes, &err))
		return ERROR_NONE;
	assert_string_equal(err.file, path);
	return err.code;
}

TEST(base_file__a_file_is_read_whole_up_to_its_limit)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str bytes;

	write_file("file", (Str){ "ab\0cd", 5 });
	assert_true(file_read("file", 5, &arena, &bytes, NULL));
	assert_int_equal(bytes.len, 5);
	assert_memory_equal(bytes.data, "ab\0cd", 6);
	assert_int_equal(reading("file", 4), ERROR_TOO_LARGE);
	write_file("file", STR_EMPTY);
	assert_true(file_read("file", 0, &arena, &bytes, NULL));
	assert_int_equal(bytes.len, 0);
}

TEST(base_file__what_is_missing_is_told_from_what_cannot_be_read)
{
	write_file("file", STR("x"));
	assert_int_equal(reading("nowhere", 10), ERROR_NOT_FOUND);
	assert_int_equal(reading("file/below", 10), ERROR_NOT_FOUND);
	assert_int_equal(reading(".", 10), ERROR_IO);
}

TEST(base_file__a_pipe_is_refused_and_does_not_hang)
{
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(reading("pipe", 10), ERROR_IO);
}

TEST(base_file__folders_are_made_with_those_above)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	struct stat info;

	assert_true(folder_make("a/b/c", NULL));
	assert_true(folder_make("a/b/c", NULL));
	assert_true(stat("a/b/c", &info) == 0 && S_ISDIR(info.st_mode));
	assert_true(folder_sync("a/b", NULL));
	write_file("file", STR("x"));
	assert_false(folder_make("file/x", &err));
	assert_int_equal(err.code, ERROR_IO);
}

TEST(base_file__a_full_disk_is_an_error)
{
	CLEANUP(close_fd) int fd = open("/dev/full", O_WRONLY);
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	if (fd < 0)
		return;
	assert_false(fd_write_all(fd, STR("x"), "full", &err));
	assert_int_equal(err.code, ERROR_IO);
}

TEST(base_file__paths_are_joined_and_taken_apart)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	assert_str(path_join(&arena, STR("a"), STR("b/c")), "a/b/c");
	assert_str(path_join(&arena, STR("a/"), STR("b")), "a/b");
	assert_str(path_join(&arena, STR("a"), STR("/b")), "/b");
	assert_str(path_join(&arena, STR(""), STR("b")), "b");
	assert_str(path_folder(STR("a/b.md")), "a");
	assert_str(path_folder(STR("b.md")), "");
	assert_str(path_base(STR("a/b.md")), "b.md");
	assert_str(path_extension(STR("b.en.md")), "md");
	assert_str(path_extension(STR(".hidden")), "");
	assert_str(path_extension(STR("none")), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(base_file__a_file_is_read_whole_up_to_its_limit),
		UNIT(base_file__what_is_missing_is_told_from_what_cannot_be_read),
		UNIT(base_file__a_pipe_is_refused_and_does_not_hang),
		UNIT(base_file__folders_are_made_with_those_above),
		UNIT(base_file__a_full_disk_is_an_error),
		UNIT(base_file__paths_are_joined_and_taken_apart),
	};

	return cmocka_run_group_tests_name("base_file", tests, make_folder, remove_folder);
}
