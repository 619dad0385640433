/*
 * The program. Finds the command, reads options and configuration, calls the command, says
 * what went wrong and exits with the status of INTERFACES: the only place that exits.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blogsearch/daemon.h"
#include "blogsearch/file.h"
#include "command.h"

static const Command *find_command(const char *name)
{
	for (size_t i = 0; i < n_commands; i++)
		if (strcmp(name, commands[i].name) == 0)
			return &commands[i];
	return NULL;
}

static bool decide_color(const Arguments *arguments, Output *output, Error *err)
{
	const char *when = option_value(arguments, "color"), *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (!when)
		when = no_color && *no_color ? "never" : "auto";
	if (strcmp(when, "always") == 0) {
		output->has_color = true;
	} else if (strcmp(when, "auto") == 0) {
		output->has_color = isatty(STDOUT_FILENO) && !(term && strcmp(term, "dumb") == 0);
	} else if (strcmp(when, "never") != 0) {
		error_set(err, ERROR_USAGE, "--color %s is none of auto, always, never", when);
		return false;
	}
	output->has_links = output->has_color;
	return true;
}

static bool is_there(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0;
}

static bool is_folder(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* As git finds its repository: this folder, or the nearest above it that has an index or our configuration. */
static const char *find_site_above(Arena *arena)
{
	CLEANUP(free_ptr) char *here = getcwd(NULL, 0);
	Str folder = str_from_c(here);

	while (folder.len) {
		const char *site = arena_to_c(arena, folder);

		if (is_there(arena_to_c(arena, path_join(arena, folder, STR(".blogsearch/index.db")))) ||
		    is_there(arena_to_c(arena, path_join(arena, folder, STR("blogsearch.yaml")))))
			return site;
		folder = path_folder(folder);
	}
	return ".";
}

static bool read_config(Context *context, int fd, Error *err)
{
	const char *path = context->config_path;

	if (fd == CONFIG_ABSENT)
		return error_at(err, ERROR_NOT_FOUND, path, 0, "is not there", NULL);
	return fd == CONFIG_BY_PATH ? config_read(&context->config, path, context->arena, err) :
	                              config_read_fd(&context->config, fd, path, context->arena, err);
}

bool context_read_config(Context *context, int fd, Error *err)
{
	const char *named = option_value(context->arguments, "config");
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	const char *path = named ? named :
	                           arena_to_c(context->arena, path_join(context->arena, str_from_c(context->site),
	                                                                STR("blogsearch.yaml")));

	context->config_path = path;
	config_init(&context->config, context->arena);
	if (!read_config(context, fd, &why)) {
		/* None is needed; a named one must be there. */
		if (why.code != ERROR_NOT_FOUND || named) {
			/* What is wrong in it is wrong usage; what the system says is not. */
			if (why.code != ERROR_IO)
				why.code = ERROR_USAGE;
			error_move(err, &why);
			return false;
		}
	}
	for (size_t i = 0; i < context->arguments->n_given; i++)
		if (strcmp(context->arguments->given[i].option->name, "set") == 0 &&
		    !config_set(&context->config, context->arguments->given[i].value, context->arena, err))
			return false;
	return true;
}

static bool choose_site(Context *context, const Command *command, Error *err)
{
	const Arguments *arguments = context->arguments;

	if (command->needs != NEEDS_SITE) {
		context->site = find_site_above(context->arena);
		return true;
	}
	if (arguments->n_operands > 1) {
		error_set(err, ERROR_USAGE, "one site at a time: %s and %s were named", arguments->operands[0],
		          arguments->operands[1]);
		return error_hint(err, "give each its own index");
	}
	context->site = arguments->n_operands ? arguments->operands[0] : ".";
	if (is_folder(context->site) && access(context->site, R_OK | X_OK) < 0) {
		error_errno(err, errno, context->site, "cannot be read");
		err->code = ERROR_SITE;
		return false;
	}
	return true;
}

static bool prepare(Context *context, const Command *command, Error *err)
{
	const Arguments *arguments = context->arguments;
	const char *index = option_value(arguments, "index");

	context->output.is_quiet = option_is_given(arguments, "quiet");
	context->output.is_verbose = option_is_given(arguments, "verbose");
	context->output.is_json = option_is_given(arguments, "json");
	if (!decide_color(arguments, &context->output, err))
		return false;
	if (!choose_site(context, command, err))
		return false;
	if (!context_read_config(context, CONFIG_BY_PATH, err))
		return false;
	context->index = index ? index :
	                         arena_to_c(context->arena, path_join(context->arena, str_from_c(context->site),
	                                                              str_from_c(context->config.index_file)));
	return true;
}

static int run_command(const Command *command, int argc, char **argv, Arena *arena, Error *err)
{
	Arguments arguments;
	Context context = { .arena = arena, .arguments = &arguments };

	if (!options_parse(argc, argv, command->options, command->dashed_operands, arena, &arguments, err))
		return -1;
	if (option_is_given(&arguments, "help")) {
		help_print(command);
		return 0;
	}
	if (option_is_given(&arguments, "version")) {
		printf("blogsearch %s\n", BLOGSEARCH_VERSION);
		return 0;
	}
	return prepare(&context, command, err) ? command->run(&context, err) : -1;
}

static int unknown_command(const char *name, Error *err)
{
	Str nearest = help_nearest_command(str_from_c(name));

	error_set(err, ERROR_USAGE, name[0] == '-' ? "there is no option %s before a command" : "there is no command \"%s\"",
	          name);
	if (nearest.len)
		error_hint(err, "did you mean \"%.*s\"? see blogsearch --help", STR_ARG(nearest));
	else
		error_hint(err, "see blogsearch --help");
	return -1;
}

static int help(int argc, char **argv, Error *err)
{
	const Command *command = argc ? find_command(argv[0]) : NULL;

	if (argc && strcmp(argv[0], "config") == 0) {
		help_print_keys();
		return 0;
	}
	if (argc && !command)
		return unknown_command(argv[0], err);
	help_print(command);
	return 0;
}

static int run(int argc, char **argv, Arena *arena, Error *err)
{
	const Command *command;

	if (argc && str_equal(path_base(str_from_c(argv[0])), STR("blogsearchd")))
		return run_command(find_command("serve"), argc - 1, argv + 1, arena, err);
	if (argc < 2) {
		error_set(err, ERROR_USAGE, "no command was given");
		error_hint(err, "try `blogsearch index`, then `blogsearch query WORDS`; see blogsearch --help");
		return -1;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return help(argc - 2, argv + 2, err);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("blogsearch %s\n", BLOGSEARCH_VERSION);
		return 0;
	}
	command = find_command(argv[1]);
	return command ? run_command(command, argc - 2, argv + 2, arena, err) : unknown_command(argv[1], err);
}

int main(int argc, char **argv)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	int status;

	/* Neither a reader that goes away nor a full disk may end the program while it works on an index. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	status = run(argc, argv, &arena, &err);
	if (status < 0) {
		output_error(&err);
		return error_exit_status(err.code);
	}
	if (fflush(stdout) != 0) {
		output_check_reader();
		output_note("standard output could not be written");
		return 74;
	}
	return status;
}
