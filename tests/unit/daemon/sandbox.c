/*
 * daemon/sandbox.c: each thing that must not be possible any more is tried, from inside, in a child
 * that has entered the sandbox; and what serving needs still is.
 */
#include "harness/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/file.h"
#include "sandbox.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_FILTER false /* sandbox.c leaves it out: sanitizers need more calls */
#else
#define HAS_FILTER true
#endif

/* A site: a draft, blogsearch.yaml, and the index in its folder. */
static char site[] = "/tmp/blogsearch-sandbox-XXXXXX";
static char *index_path, *draft, *config;

static char *put(const char *name)
{
	char *path = xasprintf("%s/%s", site, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0 && write(fd, "text", 4) == 4);
	close(fd);
	return path;
}

static int make_site(void **state)
{
	char *folder;

	(void)state;
	assert_non_null(mkdtemp(site));
	folder = xasprintf("%s/.blogsearch", site);
	assert_int_equal(mkdir(folder, 0755), 0);
	free(folder);
	index_path = put(".blogsearch/index.db");
	draft = put("draft.md");
	config = put("blogsearch.yaml");
	return 0;
}

static int remove_site(void **state)
{
	char *command = xasprintf("rm -rf %s", site);
	int failed = system(command);

	(void)state;
	free(command);
	free(index_path);
	free(draft);
	free(config);
	return failed;
}

static bool has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* which version */) >= 1;
}

/* 0 where @attempt succeeds inside, else its errno. */
static int inside(SandboxMode mode, int (*attempt)(void), int *ret_signal)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		const Log silent = { 0 };

		if (!sandbox_enter(mode, index_path, &silent, NULL))
			_exit(255);
		_exit(attempt() < 0 ? errno : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (ret_signal)
		*ret_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	assert_true(ret_signal || WIFEXITED(status));
	assert_true(!WIFEXITED(status) || WEXITSTATUS(status) != 255);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- Attempts -------------------------------------------------------------------------------------------- */

static int read_file(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 || read(fd, &byte, 1) < 0 ? -1 : 0;
}

static int read_index(void) { return read_file(index_path); }
static int read_draft(void) { return read_file(draft); }
static int read_config(void) { return read_file(config); }
static int read_passwords(void) { return read_file("/etc/passwd"); }
static int list_site(void) { return open(site, O_RDONLY | O_DIRECTORY | O_CLOEXEC); }
static int write_index(void) { return open(index_path, O_WRONLY | O_CLOEXEC); }
static int append_index(void) { return open(index_path, O_RDONLY | O_APPEND | O_CLOEXEC) < 0 ? -1 : 0; }
static int truncate_index(void) { return truncate(index_path, 0); }
static int remove_index(void) { return unlink(index_path); }
static int rename_index(void) { return rename(index_path, draft); }
static int make_folder(void) { return mkdir("/tmp/blogsearch-sandbox-made", 0755); }
static int open_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static int fork_child(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child;
}
static int trace(void) { return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static int become_root(void) { return setuid(0); }
static int run_program(void)
{
	char *const arguments[] = { (char[]){ "true" }, NULL };

	return execve("/bin/true", arguments, NULL);
}
static int run_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}
static int make_runnable(void)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(memory, 4096, PROT_READ | PROT_EXEC);
}

/* --- Tests ----------------------------------------------------------------------------------------------- */

TEST(daemon_sandbox__the_index_can_be_read_and_no_other_file)
{
	assert_int_equal(inside(SANDBOX_ON, read_index, NULL), 0);
	if (!has_landlock())
		return;
	assert_int_equal(inside(SANDBOX_ON, read_draft, NULL), EACCES);
	assert_int_equal(inside(SANDBOX_ON, read_config, NULL), EACCES);
	assert_int_equal(inside(SANDBOX_ON, read_passwords, NULL), EACCES);
	assert_int_equal(inside(SANDBOX_ON, list_site, NULL), EACCES);
}

static void check_is_refused(int (*attempt)(void))
{
	int failed = inside(SANDBOX_ON, attempt, NULL);

	if (HAS_FILTER || has_landlock())
		assert_true(failed == EPERM || failed == EACCES);
}

TEST(daemon_sandbox__nothing_can_be_written)
{
	check_is_refused(write_index);
	check_is_refused(truncate_index);
	check_is_refused(remove_index);
	check_is_refused(rename_index);
	check_is_refused(make_folder);
	if (HAS_FILTER)
		check_is_refused(append_index);
}

TEST(daemon_sandbox__nothing_can_be_started_and_nobody_reached)
{
	static int (*const attempts[])(void) = { run_memory, make_runnable, open_socket, fork_child, trace, become_root };

	check_is_refused(run_program);
	for (size_t i = 0; HAS_FILTER && i < ARRAY_SIZE(attempts); i++)
		assert_int_equal(inside(SANDBOX_ON, attempts[i], NULL), EPERM);
}

TEST(daemon_sandbox__strict_ends_the_process_at_a_forbidden_call)
{
	int killed_by;

	if (!HAS_FILTER)
		return;
	inside(SANDBOX_STRICT, open_socket, &killed_by);
	assert_int_equal(killed_by, SIGSYS);
	assert_int_equal(inside(SANDBOX_STRICT, read_index, &killed_by), 0);
	assert_int_equal(killed_by, 0);
}

TEST(daemon_sandbox__off_changes_nothing)
{
	assert_int_equal(inside(SANDBOX_OFF, read_draft, NULL), 0);
	assert_int_equal(inside(SANDBOX_OFF, open_socket, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(daemon_sandbox__the_index_can_be_read_and_no_other_file),
		UNIT(daemon_sandbox__nothing_can_be_written),
		UNIT(daemon_sandbox__nothing_can_be_started_and_nobody_reached),
		UNIT(daemon_sandbox__strict_ends_the_process_at_a_forbidden_call),
		UNIT(daemon_sandbox__off_changes_nothing),
	};

	return cmocka_run_group_tests_name("daemon_sandbox", tests, make_site, remove_site);
}
