/* See match_glob.h. After a mismatch the last `*` takes one character more; where it must not, the last `**` does. */
#include "match_glob.h"

/* A star that was met: what follows it in the pattern, and from where in the path on. */
typedef struct Star {
	size_t pattern, path; /* STR_NOT_FOUND: none was */
} Star;

#define NO_STAR ((Star){ STR_NOT_FOUND, 0 })

/* Lets @star take one character more; false where it cannot. */
static bool stretch(Star *star, Str path, bool is_deep, size_t *p, size_t *s)
{
	if (star->pattern == STR_NOT_FOUND || star->path >= path.len || (!is_deep && path.data[star->path] == '/'))
		return false;
	*p = star->pattern;
	*s = ++star->path;
	return true;
}

bool glob_matches(Str pattern, Str path)
{
	Star star = NO_STAR, deep = NO_STAR;
	size_t p = 0, s = 0;

	while (s < path.len || p < pattern.len) {
		if (p < pattern.len && pattern.data[p] == '*') {
			bool is_deep = p + 1 < pattern.len && pattern.data[p + 1] == '*';

			p += 1 + is_deep;
			if (is_deep) {
				deep = (Star){ p, s };
				star = NO_STAR;
			} else {
				star = (Star){ p, s };
			}
		} else if (p < pattern.len && s < path.len &&
		           (pattern.data[p] == path.data[s] || (pattern.data[p] == '?' && path.data[s] != '/'))) {
			p++;
			s++;
		} else if (!stretch(&star, path, false, &p, &s)) {
			star = NO_STAR;
			if (!stretch(&deep, path, true, &p, &s))
				return false;
		}
	}
	return true;
}

static bool takes(Str pattern, Str path)
{
	/* With all that is in a folder the folder itself. */
	if (str_ends_with(pattern, STR("/**")) && glob_matches(str_slice(pattern, 0, pattern.len - 3), path))
		return true;
	for (size_t n = path.len; n > 0; n--)
		if ((n == path.len || path.data[n] == '/') && glob_matches(pattern, str_slice(path, 0, n)))
			return true;
	return false;
}

bool glob_takes(Str pattern, Str path)
{
	if (pattern.len > 1 && str_ends_with(pattern, STR("/")))
		pattern.len--;
	return takes(pattern, path) || (str_starts_with(pattern, STR("**/")) && takes(str_from(pattern, 3), path));
}
