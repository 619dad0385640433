/* See facet_options.h. */
#include "facet_options.h"

static bool wrong_facet(const char *item, const char *hint, Error *err)
{
	error_set(err, ERROR_USAGE, "facets has an item that cannot be: \"%s\"", item);
	return error_hint(err, "%s", hint);
}

/* What stands in addresses and before a colon in a query. */
static bool is_name(Str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", name.data[i]))
			return false;
	return name.len > 0 && name.data[0] >= 'a';
}

/* What every page has, whatever its front matter says. */
static bool is_derived(Str name)
{
	static const Str derived[] = { STR_INIT("section"), STR_INIT("lang"), STR_INIT("year"), STR_INIT("month") };

	for (size_t i = 0; i < ARRAY_SIZE(derived); i++)
		if (str_equal(name, derived[i]))
			return true;
	return false;
}

static bool add_name(FacetOptions *options, const char *item, Str name, Error *err)
{
	for (size_t i = 0; i < options->n_names; i++)
		if (str_equal(options->names[i], name))
			return wrong_facet(item, "a facet is named once", err);
	options->names[options->n_names++] = name;
	return true;
}

static bool read_facet(const char *item, Arena *arena, FacetOptions *options, Error *err)
{
	Str text = str_from_c(item);
	size_t equals = str_find_char(text, '=');
	Str name = str_trim(str_slice(text, 0, equals));
	Str key = equals == STR_NOT_FOUND ? STR_EMPTY : str_trim(str_from(text, equals + 1));

	if (!is_name(name) || (equals != STR_NOT_FOUND && !key.len))
		return wrong_facet(item, "write NAME, or NAME=KEY with the front matter's key that has its values, such as "
		                         "platform=platforms; a name is of lower-case letters, digits, - and _", err);
	if (key.len && is_derived(name))
		return wrong_facet(item, "section, lang, year and month are what a page's place and date say", err);
	if (key.len)
		options->made[options->n_made++] = (IndexFacet){ arena_to_c(arena, name), arena_to_c(arena, key) };
	return add_name(options, item, name, err);
}

bool config_facet_options(const Config *config, Arena *arena, FacetOptions *ret_options, Error *err)
{
	ConfigList list = config->facets;
	FacetOptions options = { .names = arena_new_n(arena, Str, list.n), .made = arena_new_n(arena, IndexFacet, list.n) };

	for (size_t i = 0; i < list.n; i++)
		if (!read_facet(list.items[i], arena, &options, err))
			return list.path ? error_place(err, list.path, list.lines[i], 0) : false;
	*ret_options = options;
	return true;
}
