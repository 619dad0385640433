/* See sandbox.h. Landlock: Documentation/userspace-api/landlock.rst; glibc 2.36 has no functions for it. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "blogsearch/arena.h"
#include "blogsearch/file.h"

/* Sanitizers look at themselves through /proc and, at the end, as a debugger would. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER 0
#endif

/* --- Landlock ------------------------------------------------------------------------------------------ */

/* As of ABI 6; a kernel with an older one is given less of it. */
typedef struct Ruleset {
	uint64_t handled_access_fs, handled_access_net, scoped;
} Ruleset;

#define ALL_OF_ABI_1 ((UINT64_C(1) << 13) - 1)
#define FS_REFER     (UINT64_C(1) << 13) /* ABI 2 */
#define FS_TRUNCATE  (UINT64_C(1) << 14) /* ABI 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* ABI 5 */
#define NET_BIND     (UINT64_C(1) << 0)  /* ABI 4 */
#define NET_CONNECT  (UINT64_C(1) << 1)
#define SCOPE_ALL    UINT64_C(3) /* ABI 6: abstract Unix sockets, signals */

static size_t ruleset_of(int abi, Ruleset *ruleset)
{
	*ruleset = (Ruleset){ .handled_access_fs = ALL_OF_ABI_1 };
	if (abi >= 2)
		ruleset->handled_access_fs |= FS_REFER;
	if (abi >= 3)
		ruleset->handled_access_fs |= FS_TRUNCATE;
	if (abi >= 4)
		ruleset->handled_access_net = NET_BIND | NET_CONNECT;
	if (abi >= 5)
		ruleset->handled_access_fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		ruleset->scoped = SCOPE_ALL;
	return abi >= 6 ? sizeof(*ruleset) : abi >= 4 ? offsetof(Ruleset, scoped) : offsetof(Ruleset, handled_access_net);
}

static bool allow_reading(int ruleset, const char *path)
{
	CLEANUP(close_fd) int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = { .parent_fd = fd, .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE };
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0)
		return false;
	if (S_ISDIR(info.st_mode))
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

static bool is_root(const char *path)
{
	struct stat root, folder;

	return stat("/", &root) == 0 && stat(path, &folder) == 0 && root.st_dev == folder.st_dev &&
	       root.st_ino == folder.st_ino;
}

/*
 * The folder of @file or, where that is still to be made, the nearest above it; but never all there is: then nothing can
 * be read.
 */
static bool allow_folder_of(int ruleset, const char *file, const Log *log)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str folder = path_folder(str_from_c(file));
	const char *path = ".";

	while (folder.len && access(arena_to_c(&arena, folder), F_OK) != 0)
		folder = path_folder(folder);
	if (folder.len || file[0] == '/')
		path = folder.len ? arena_to_c(&arena, folder) : "/";
	if (!is_root(path))
		return allow_reading(ruleset, path);
	log_say(log, "serve.sandbox allows reading no folder: none of %s is there yet; make it and start the daemon again", file);
	return true;
}

static bool restrict_files(const char *file, const Log *log, Error *err)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	CLEANUP(close_fd) int ruleset = -1;
	Ruleset attributes;
	size_t size;

	if (abi < 1) {
		log_detail(log, "this kernel has no Landlock: files are guarded by their permissions alone");
		return true;
	}
	size = ruleset_of(abi, &attributes);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
	if (ruleset < 0 || !allow_folder_of(ruleset, file, log))
		return error_errno(err, errno, NULL, "Landlock cannot be set up");
	/* For SQLite's random numbers; it does without. */
	(void)allow_reading(ruleset, "/dev/urandom");
	if (HAS_SANITIZER)
		(void)allow_reading(ruleset, "/proc");
	return syscall(SYS_landlock_restrict_self, ruleset, 0) == 0 ||
	       error_errno(err, errno, NULL, "Landlock cannot be entered");
}

/* --- seccomp ---------------------------------------------------------------------------------------------- */

static const int allowed_calls[] = {
	/* sockets, pipes, and files that are open */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fcntl), SCMP_SYS(getdents64), SCMP_SYS(accept4), SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg), SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(shutdown), SCMP_SYS(getsockname),
	SCMP_SYS(getpeername), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
	/* looking at files */
	SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
	SCMP_SYS(statfs), SCMP_SYS(fstatfs),
	/* waiting */
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2), SCMP_SYS(eventfd2), SCMP_SYS(pipe2), SCMP_SYS(inotify_init1),
	SCMP_SYS(inotify_add_watch), SCMP_SYS(inotify_rm_watch), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(restart_syscall),
	/* memory and threads */
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(membarrier),
	SCMP_SYS(rseq), SCMP_SYS(set_robust_list), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(gettid),
	SCMP_SYS(getpid), SCMP_SYS(geteuid), SCMP_SYS(getuid), SCMP_SYS(getrandom), SCMP_SYS(getrusage),
	SCMP_SYS(sysinfo), SCMP_SYS(getcpu), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), SCMP_SYS(tgkill), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* Files are opened for reading, memory is never made executable, and what is started is a thread. */
static int add_conditional_calls(scmp_filter_ctx filter)
{
	const scmp_datum_t written = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
	const scmp_datum_t thread = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;
	int failed = 0;

	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, written, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, written, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
	                           SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread));
	/* What it starts stands in memory, where a filter cannot look: glibc then takes clone(). */
	failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	/* Threads are given names. */
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
	/* Asking for limits, not setting them. */
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0));
	/* Whether standard output is a terminal: no. */
	failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0);
	return failed;
}

static void release_filter(scmp_filter_ctx *filter)
{
	if (*filter)
		seccomp_release(*filter);
}

static bool restrict_calls(SandboxMode mode, Error *err)
{
	CLEANUP(release_filter) scmp_filter_ctx filter =
		seccomp_init(mode == SANDBOX_STRICT ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(EPERM));
	int failed = 0;

	if (!filter)
		return error_set(err, ERROR_IO, "the filter of system calls cannot be made");
	for (size_t i = 0; i < ARRAY_SIZE(allowed_calls); i++)
		failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
	failed |= add_conditional_calls(filter);
	if (failed)
		return error_set(err, ERROR_IO, "the filter of system calls cannot be made");
	failed = seccomp_load(filter);
	return failed == 0 || error_errno(err, -failed, NULL, "the filter of system calls cannot be set");
}

bool sandbox_enter(SandboxMode mode, const char *file, const Log *log, Error *err)
{
	const struct rlimit no_cores = { 0, 0 };

	if (mode == SANDBOX_OFF)
		return true;
	setrlimit(RLIMIT_CORE, &no_cores);
	/* No core, no debugger of the same user. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_errno(err, errno, NULL, "new rights cannot be ruled out");
	if (!restrict_files(file, log, err))
		return false;
	return HAS_SANITIZER || restrict_calls(mode, err);
}
