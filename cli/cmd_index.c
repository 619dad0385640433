/* blogsearch index: options to IndexOptions, the report to people, cron or programs. */

#include <stdio.h>
#include <unistd.h>

#include "blogsearch/indexer.h"
#include "blogsearch/json.h"
#include "site_run.h"

const Option index_options[] = {
	{ "full", OPTION_FLAG, 0, NULL, "read every file again and build the index anew" },
	{ "dry-run", OPTION_FLAG, 0, NULL, "say what would change, write nothing" },
	{ "drafts", OPTION_FLAG, 0, NULL, "index drafts as well" },
	{ "future", OPTION_FLAG, 0, NULL, "index pages whose date is still to come" },
	{ "expired", OPTION_FLAG, 0, NULL, "index pages whose expiry date has passed" },
	{ "progress", OPTION_VALUE, 0, "WHEN", "auto (on a terminal), always or never" },
	{ 0 },
};

static void show_progress(void *context, const IndexProgressed *done)
{
	(void)context;
	fprintf(stderr, "\r%u of %u files", done->n_done, done->n_all);
	if (done->n_done == done->n_all)
		fputs("\r\033[K", stderr);
	fflush(stderr);
}

static bool decide_progress(const Context *context, IndexProgress *ret_progress, Error *err)
{
	const char *when = option_value(context->arguments, "progress");
	bool is_wanted = isatty(STDERR_FILENO) && !context->output.is_quiet;

	if (when && strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 && strcmp(when, "never") != 0)
		return error_set(err, ERROR_USAGE, "--progress %s is none of auto, always, never", when);
	if (when && strcmp(when, "auto") != 0)
		is_wanted = strcmp(when, "always") == 0;
	*ret_progress = is_wanted ? show_progress : NULL;
	return true;
}

/* --- The report ---------------------------------------------------------------------------------- */

static void print_summary(const Context *context, const IndexReport *report)
{
	CLEANUP(buf_deinit) Buf line = BUF_INIT(BUF_NO_CEILING);
	bool is_dry = option_is_given(context->arguments, "dry-run");

	buf_printf(&line, "%u page%s", report->n_pages, report->n_pages == 1 ? "" : "s");
	if (report->n_added || report->n_changed || report->n_removed)
		buf_printf(&line, ": %u added, %u changed, %u removed, %u as before", report->n_added, report->n_changed,
		           report->n_removed, report->n_unchanged);
	else
		buf_append_c(&line, ", nothing has changed");
	if (report->n_left_out)
		buf_printf(&line, "; %u left out (drafts, future, expired)", report->n_left_out);
	if (report->n_problems)
		buf_printf(&line, "; %zu with problems", report->n_problems);
	buf_printf(&line, " (%.2f s)", report->seconds);
	if (is_dry)
		buf_append_c(&line, ", nothing written");
	else if (report->was_published)
		buf_printf(&line, ", %s", context->index);
	printf("%.*s\n", STR_ARG(buf_str(&line)));
}

static void put_uint(JsonWriter *json, const char *name, uint64_t number)
{
	json_key(json, str_from_c(name));
	json_uint(json, number);
}

static bool print_json(const IndexReport *report, Error *err)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	JsonWriter json = json_writer(&out);

	json_begin_object(&json);
	put_uint(&json, "pages", report->n_pages);
	put_uint(&json, "added", report->n_added);
	put_uint(&json, "changed", report->n_changed);
	put_uint(&json, "removed", report->n_removed);
	put_uint(&json, "unchanged", report->n_unchanged);
	put_uint(&json, "left_out", report->n_left_out);
	json_key(&json, STR("published"));
	json_bool(&json, report->was_published);
	json_key(&json, STR("rebuilt"));
	json_string_or_null(&json, str_from_c(report->rebuilt_because));
	put_uint(&json, "index_bytes", report->index_bytes);
	json_key(&json, STR("seconds"));
	json_number(&json, report->seconds, 3);
	site_put_problems(&json, report);
	json_end_object(&json);
	buf_append_char(&out, '\n');
	return output_write(buf_str(&out), err);
}

int cmd_index(Context *context, Error *err)
{
	IndexOptions options = site_options(context);
	CLEANUP(index_report_deinit) IndexReport report = INDEX_REPORT_INIT;
	/* cron mails whatever is printed: on no terminal only what is wrong, or what was asked for. */
	bool is_talking = !context->output.is_quiet && (isatty(STDOUT_FILENO) || context->output.is_verbose ||
	                                                 options.dry_run);
	bool is_done;

	if (!decide_progress(context, &options.progress, err))
		return -1;
	is_done = index_site(&options, &report, err);
	if (report.was_rebuilt && !context->output.is_json)
		output_note("%s: the index is built anew: %s", context->index,
		            report.rebuilt_because ? report.rebuilt_because : "it could not be read");
	if (!context->output.is_json || !is_done)
		site_print_problems(&report);
	if (!is_done)
		return -1;
	if (context->output.is_json && !print_json(&report, err))
		return -1;
	if (!context->output.is_json && is_talking)
		print_summary(context, &report);
	return report.n_problems ? error_exit_status(ERROR_PAGES) : 0;
}
