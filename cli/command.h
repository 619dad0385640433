/*
 * A subcommand is one row of commands.c and one file: cmd_NAME.c. main.c reads the options
 * and the configuration before it calls it.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "blogsearch/arena.h"
#include "blogsearch/error.h"
#include "config.h"
#include "options.h"
#include "output.h"

/* What a command gets. Everything lives until the program ends. */
typedef struct Context {
	const Arguments *arguments;
	Config config;
	Output output;
	Arena *arena;
	const char *site;  /* root folder; the current one where none was named */
	const char *index; /* the index file */
	const char *config_path; /* where the configuration is read from; it need not be there */
} Context;

/*
 * Fills context->config and config_path from defaults, file and --set; once more after a change of the file.
 * @fd: the file, where somebody else has opened it; CONFIG_BY_PATH or CONFIG_ABSENT (blogsearch/daemon.h).
 */
MUST_CHECK bool context_read_config(Context *context, int fd, Error *err);

typedef enum CommandNeeds {
	NEEDS_NOTHING,
	NEEDS_SITE,  /* its operand is a site (default: the current folder)                       */
	NEEDS_INDEX, /* the index of this folder, or of the nearest one above that has an index   */
} CommandNeeds;

typedef struct Command {
	const char *name;
	/* The exit status, or -1 with @err filled. */
	int (*run)(Context *context, Error *err);
	const Option *options;
	const char *operands;
	CommandNeeds needs;
	bool dashed_operands;
	const char *summary;
	const char *details; /* examples and what else --help says */
} Command;

extern const Command commands[];
extern const size_t n_commands;

int cmd_index(Context *context, Error *err);
int cmd_query(Context *context, Error *err);
int cmd_suggest(Context *context, Error *err);
int cmd_related(Context *context, Error *err);
int cmd_series(Context *context, Error *err);
int cmd_facets(Context *context, Error *err);
int cmd_export(Context *context, Error *err);
int cmd_check(Context *context, Error *err);
int cmd_stats(Context *context, Error *err);
int cmd_serve(Context *context, Error *err);
extern const Option index_options[], query_options[], export_options[], check_options[], serve_options[];
extern const Option stats_options[], suggest_options[], related_options[], series_options[], facets_options[];

/* Help of the program (@command NULL) or of a command. */
void help_print(const Command *command);
/* The keys of blogsearch.yaml. */
void help_print_keys(void);
Str help_nearest_command(Str name);

#endif
