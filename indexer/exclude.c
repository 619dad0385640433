/* See exclude.h. */
#include "exclude.h"

#include "match_glob.h"

bool is_excluded(const IndexOptions *options, Str path)
{
	for (size_t i = 0; i < options->n_exclude; i++)
		if (glob_takes(str_from_c(options->exclude[i]), path))
			return true;
	return false;
}

void drop_excluded(const IndexOptions *options, SourceFiles *sources)
{
	size_t n = 0;

	VEC_FOREACH (source, sources)
		if (!is_excluded(options, source->file))
			sources->items[n++] = *source;
	sources->n = n;
}
