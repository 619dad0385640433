/* See privileges.h. */
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/file.h"

/* The nearest thing there is to the index: the file, its folder, the folder above. */
static bool owner_of(const char *index, uid_t *ret_owner, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str path = str_from_c(index);
	struct stat info;

	while (path.len) {
		if (stat(arena_to_c(&arena, path), &info) == 0) {
			*ret_owner = info.st_uid;
			return true;
		}
		path = path_folder(path);
	}
	if (stat(index[0] == '/' ? "/" : ".", &info) < 0)
		return error_errno(err, errno, index, "cannot be looked at");
	*ret_owner = info.st_uid;
	return true;
}

static bool find_user(const char *user, const char *index, const struct passwd **ret_entry, Error *err)
{
	uid_t owner = 0;

	if (user) {
		*ret_entry = getpwnam(user);
		if (!*ret_entry)
			return error_set(err, ERROR_USAGE, "there is no user \"%s\"", user);
		return true;
	}
	if (!owner_of(index, &owner, err))
		return false;
	if (owner == 0) {
		error_set(err, ERROR_USAGE, "the daemon does not stay root, and the index is root's too");
		return error_hint(err, "say --user NAME; --user root if it really shall be root");
	}
	*ret_entry = getpwuid(owner);
	if (*ret_entry)
		return true;
	error_set(err, ERROR_USAGE, "the owner of the index, number %u, has no name", (unsigned)owner);
	return error_hint(err, "say --user NAME");
}

static bool is_self(const char *user)
{
	const struct passwd *entry = user ? getpwnam(user) : NULL;

	return !user || (entry && entry->pw_uid == geteuid());
}

bool become_user(const char *user, const char *index, Error *err)
{
	const struct passwd *entry;

	if (geteuid() != 0)
		return is_self(user) || error_set(err, ERROR_USAGE, "only root can become the user \"%s\"", user);
	if (!find_user(user, index, &entry, err))
		return false;
	if (entry->pw_uid == 0)
		return true;
	if (initgroups(entry->pw_name, entry->pw_gid) < 0 ||
	    setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) < 0 ||
	    setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) < 0)
		return error_errno(err, errno, NULL, "the user cannot be changed");
	/* A kernel or container that says yes and does no. */
	if (setresuid(0, 0, 0) == 0 || geteuid() != entry->pw_uid)
		return error_set(err, ERROR_IO, "root's rights could not be given up");
	return true;
}
