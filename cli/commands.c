/* The subcommands, and the help that is made of their rows. */
#include "command.h"

#include <stdio.h>

const Command commands[] = {
	{ "index", cmd_index, index_options, "[SITE]", NEEDS_SITE, false, "index a site",
	  "Reads the site (default: the current folder) as its generator does and brings its index up to\n"
	  "date. Only what has changed is read. Exit status 5: some pages could not be read; each is named.\n"
	  "\n"
	  "On no terminal (cron, systemd) it is silent unless something is wrong; --verbose says more.\n"
	  "\n"
	  "  blogsearch index ~/blog\n"
	  "  blogsearch index --dry-run\n"
	  "  blogsearch index --watch ~/blog\n" },
	{ "query", cmd_query, query_options, "WORDS...", NEEDS_INDEX, true, "search from the terminal",
	  "All words must be there; the last one may be a beginning. \"a phrase\", -word, a OR b, (a b), wor*,\n"
	  "title:word, tag:docker, category:tech, series:\"A Name\", before:2020-01, after:2019, year:2019.\n"
	  "Exit status 1: nothing was found.\n"
	  "\n"
	  "  blogsearch query kubernetes networking --tag docker\n"
	  "  blogsearch query '\"blue green\" -helm' --format urls\n" },
	{ "suggest", cmd_suggest, suggest_options, "PREFIX", NEEDS_INDEX, false, "complete what is being typed",
	  "Titles, values of facets, frequent words and phrases that begin with PREFIX or have a word that does.\n"
	  "\n"
	  "  blogsearch suggest kub\n" },
	{ "related", cmd_related, related_options, "PAGE", NEEDS_INDEX, false, "find pages like a page",
	  "PAGE is its URL, its path below the content folder or its file below the site's root. Pages that share\n"
	  "its rare words, terms and series, with what they share. Exit status 1: there is no such page.\n"
	  "\n"
	  "  blogsearch related /posts/docker/\n"
	  "  blogsearch related posts/docker.md --limit 3\n" },
	{ "series", cmd_series, series_options, "NAME", NEEDS_INDEX, false, "list a series in order",
	  "NAME is the series' slug or its name, in any case. Exit status 1: there is no such series.\n"
	  "\n"
	  "  blogsearch series \"Container Camp\" --page posts/docker.md\n" },
	{ "facets", cmd_facets, facets_options, "[NAME [PREFIX]]", NEEDS_INDEX, false, "list facets, or a facet's values",
	  "Without NAME: what pages can be filtered by, with the number of values. With it: its values, those of\n"
	  "most pages first; with PREFIX those that begin so or have a word that does.\n"
	  "Exit status 1: there is no such facet.\n"
	  "\n"
	  "  blogsearch facets\n"
	  "  blogsearch facets tag dock\n" },
	{ "check", cmd_check, check_options, "[SITE]", NEEDS_SITE, false, "tell an author what is wrong with a site",
	  "File by file: pages that cannot be read, dates that are none, links by ref to no page, two pages of\n"
	  "one address, terms that look like doubles, series with a part missing or twice. Nothing is written.\n"
	  "Exit status 5: there is something to tell. With --integrity: the index file, wholly; exit status 3:\n"
	  "it is damaged.\n"
	  "\n"
	  "  blogsearch check ~/blog\n"
	  "  blogsearch check --integrity ~/blog\n" },
	{ "stats", cmd_stats, stats_options, "", NEEDS_INDEX, false, "count what an index holds and what that takes",
	  "Pages, words, when it was built, bytes by part, languages, the most frequent values of facets and the\n"
	  "most frequent words (those on half of all pages aside).\n"
	  "\n"
	  "  blogsearch stats\n"
	  "  blogsearch stats --json | jq .bytes\n" },
	{ "export", cmd_export, export_options, "", NEEDS_INDEX, false, "write every page of the index",
	  "In the order of files, an object a line (docs/export.md has its keys), or as bulk input of a search\n"
	  "engine: opensearch (POST /INDEX/_bulk), meilisearch (POST /indexes/INDEX/documents), typesense\n"
	  "(POST /collections/NAME/documents/import), algolia (algolia objects import, a record a section).\n"
	  "\n"
	  "  blogsearch export | jq -r .title\n"
	  "  blogsearch export --format meilisearch >pages.ndjson\n" },
	{ "serve", cmd_serve, serve_options, "[SITE]", NEEDS_SITE, false, "answer searches over HTTP",
	  "Serves the index of a site (default: of the current folder), and a newer one as soon as\n"
	  "`blogsearch index` has made it. Ends with SIGTERM or SIGINT. Started as `blogsearchd` it is\n"
	  "`blogsearch serve`. Started as root it becomes the owner of the index, or the user of --user.\n"
	  "\n"
	  "  blogsearch serve ~/blog\n"
	  "  blogsearch serve --listen 0.0.0.0:80 --user blog ~/blog\n" },
};

const size_t n_commands = ARRAY_SIZE(commands);

static void print_options(const Option *table)
{
	for (; table->name; table++) {
		char letter[8] = "    ", left[64];

		if (table->letter)
			snprintf(letter, sizeof(letter), "-%c, ", table->letter);
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, table->name, table->argument ? " " : "",
		         table->argument ? table->argument : "");
		printf("  %-26s %s\n", left, table->help);
	}
}

static void print_program(void)
{
	printf("blogsearch: search for Markdown blogs that their owners host themselves\n\n"
	       "Usage: blogsearch COMMAND [OPTIONS] ...\n\n");
	for (size_t i = 0; i < n_commands; i++)
		printf("  %-7s %-15s %s\n", commands[i].name, commands[i].operands, commands[i].summary);
	printf("  %-7s %-15s %s\n\nOptions of all commands:\n", "help", "[COMMAND]", "this help, or a command's; `help config`: the keys of blogsearch.yaml");
	print_options(common_options);
}

void help_print(const Command *command)
{
	if (!command) {
		print_program();
		return;
	}
	printf("blogsearch %s: %s\n\nUsage: blogsearch %s [OPTIONS] %s\n\n%s\nOptions:\n", command->name, command->summary,
	       command->name, command->operands, command->details);
	print_options(command->options);
	print_options(common_options);
}

void help_print_keys(void)
{
	printf("Keys of blogsearch.yaml (in the site's root, or --config FILE); each also as --set KEY=VALUE:\n\n");
#define KEY(field, key, type, default_text, manual) \
	printf("  %s%s%s\n      %s\n", key, default_text[0] ? " = " : "", default_text, manual);
#include "config_keys.def"
#undef KEY
}

Str help_nearest_command(Str name)
{
	Str names[ARRAY_SIZE(commands) + 1];

	for (size_t i = 0; i < n_commands; i++)
		names[i] = str_from_c(commands[i].name);
	names[n_commands] = STR("help");
	return str_nearest(name, names, n_commands + 1);
}
