/* main() of a fuzz target where there is no libFuzzer: feeds it every file of the folders named. */
#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/arena.h"
#include "blogsearch/file.h"
#include "fuzz.h"

#define LARGEST_INPUT (16u * 1024 * 1024)

static const char *at_hand = "";

/* Says which input it was before it dies of it. */
static void name_input(int signal_number)
{
	(void)!write(STDERR_FILENO, "while replaying ", 16);
	(void)!write(STDERR_FILENO, at_hand, strlen(at_hand));
	(void)!write(STDERR_FILENO, "\n", 1);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static bool replay(const char *path)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Str bytes;
	uint8_t *copy;

	at_hand = path;
	if (!file_read(path, LARGEST_INPUT, &arena, &bytes, &err)) {
		fprintf(stderr, "%s: %s\n", path, err.what);
		return false;
	}
	/* Of exactly its size, so that a sanitizer sees each byte read past it. */
	copy = malloc(bytes.len ? bytes.len : 1);
	if (!copy)
		abort();
	if (bytes.len)
		memcpy(copy, bytes.data, bytes.len);
	LLVMFuzzerTestOneInput(copy, bytes.len);
	free(copy);
	return true;
}

static bool replay_folder(const char *folder, unsigned *n_replayed)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	DIR *dir = opendir(folder);
	bool is_done = dir != NULL;

	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
		char *path = arena_to_c(&arena, path_join(&arena, str_from_c(folder), str_from_c(entry->d_name)));
		struct stat info;

		if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
			is_done = replay(path) && is_done;
			++*n_replayed;
		}
	}
	if (dir)
		closedir(dir);
	return is_done;
}

int main(int argc, char **argv)
{
	bool is_done = true;
	unsigned n = 0;

	signal(SIGABRT, name_input);
	signal(SIGSEGV, name_input);
	signal(SIGFPE, name_input);
	for (int i = 1; i < argc; i++)
		is_done = replay_folder(argv[i], &n) && is_done;
	/* A target whose corpus has vanished tests nothing. */
	printf("1..1\n%s 1 - %u inputs replayed\n", is_done && n ? "ok" : "not ok", n);
	return is_done && n ? 0 : 1;
}
