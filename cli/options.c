/* Reads the command line by the tables of options. No meaning here: that is the commands' business. */
#include "options.h"

const Option common_options[] = {
	{ "index", OPTION_VALUE, 0, "FILE", "the index file (default: SITE/.blogsearch/index.db)" },
	{ "config", OPTION_VALUE, 0, "FILE", "the configuration (default: SITE/blogsearch.yaml)" },
	{ "set", OPTION_REPEAT, 0, "KEY=VALUE", "a key of the configuration, over the file" },
	{ "json", OPTION_FLAG, 0, NULL, "print JSON" },
	{ "color", OPTION_VALUE, 0, "WHEN", "auto, always or never (NO_COLOR is honoured)" },
	{ "quiet", OPTION_FLAG, 'q', NULL, "say nothing but what is wrong" },
	{ "verbose", OPTION_FLAG, 'v', NULL, "say more" },
	{ "help", OPTION_FLAG, 'h', NULL, "show this help" },
	{ "version", OPTION_FLAG, 'V', NULL, "show the version" },
	{ 0 },
};

static const Option *find_named(const Option *table, Str name)
{
	for (; table->name; table++)
		if (str_equal(name, str_from_c(table->name)))
			return table;
	return NULL;
}

static const Option *find_letter(const Option *table, char letter)
{
	for (; table->name; table++)
		if (table->letter && table->letter == letter)
			return table;
	return NULL;
}

static size_t add_names(const Option *table, Str *names)
{
	size_t n = 0;

	for (; table->name; table++)
		names[n++] = str_from_c(table->name);
	return n;
}

static bool unknown_option(Str name, const Option *own, Error *err)
{
	Str names[64], nearest;
	size_t n = add_names(own, names);

	n += add_names(common_options, names + n);
	nearest = str_nearest(name, names, n);
	error_set(err, ERROR_USAGE, "there is no option --%.*s", STR_ARG(name));
	if (nearest.len)
		return error_hint(err, "the nearest is --%.*s; see --help", STR_ARG(nearest));
	return error_hint(err, "see --help");
}

typedef struct Parse {
	int argc, at;
	char **argv;
	const Option *own;
	Arguments *arguments;
} Parse;

static bool give(Parse *parse, const Option *option, const char *value, Error *err)
{
	if (option->kind == OPTION_FLAG && value)
		return error_set(err, ERROR_USAGE, "--%s takes no value", option->name);
	if (option->kind != OPTION_FLAG && !value) {
		if (parse->at + 1 >= parse->argc)
			return error_set(err, ERROR_USAGE, "--%s needs a value: %s", option->name, option->argument);
		value = parse->argv[++parse->at];
	}
	parse->arguments->given[parse->arguments->n_given++] = (GivenOption){ option, value };
	return true;
}

static bool parse_long(Parse *parse, Str text, Error *err)
{
	size_t equals = str_find_char(text, '=');
	Str name = str_slice(text, 0, equals);
	const Option *option = find_named(parse->own, name);

	if (!option)
		option = find_named(common_options, name);
	if (!option)
		return unknown_option(name, parse->own, err);
	return give(parse, option, equals == STR_NOT_FOUND ? NULL : text.data + equals + 1, err);
}

static const Option *short_option(const Parse *parse, const char *argument)
{
	const Option *option = NULL;

	if (argument[0] == '-' && argument[1] && !argument[2])
		option = find_letter(parse->own, argument[1]);
	if (!option && argument[0] == '-' && argument[1] && !argument[2])
		option = find_letter(common_options, argument[1]);
	return option;
}

bool options_parse(int argc, char **argv, const Option *own, bool dashed_operands, Arena *arena,
                   Arguments *ret_arguments, Error *err)
{
	Parse parse = { .argc = argc, .argv = argv, .own = own, .arguments = ret_arguments };
	bool is_ended = false;

	*ret_arguments = (Arguments){ .given = arena_new_n(arena, GivenOption, (size_t)argc + 1),
		                      .operands = arena_new_n(arena, const char *, (size_t)argc + 1) };
	for (; parse.at < argc; parse.at++) {
		const char *argument = argv[parse.at];
		const Option *option;

		if (!is_ended && strcmp(argument, "--") == 0) {
			is_ended = true;
		} else if (!is_ended && argument[0] == '-' && argument[1] == '-') {
			if (!parse_long(&parse, str_from_c(argument + 2), err))
				return false;
		} else if (!is_ended && (option = short_option(&parse, argument))) {
			if (!give(&parse, option, NULL, err))
				return false;
		} else if (!is_ended && argument[0] == '-' && argument[1] && !dashed_operands) {
			error_set(err, ERROR_USAGE, "there is no option %s", argument);
			return error_hint(err, "see --help; what is no option stands behind --");
		} else {
			ret_arguments->operands[ret_arguments->n_operands++] = argument;
		}
	}
	return true;
}

const char *option_value(const Arguments *arguments, const char *name)
{
	for (size_t i = arguments->n_given; i-- > 0;)
		if (strcmp(arguments->given[i].option->name, name) == 0)
			return arguments->given[i].value ? arguments->given[i].value : "";
	return NULL;
}

bool option_is_given(const Arguments *arguments, const char *name)
{
	return option_value(arguments, name) != NULL;
}
