/* blogsearch check: what an author should know of a site before its readers do. */
#include "site_run.h"

#include <stdio.h>

#include "blogsearch/store_check.h"

const Option check_options[] = {
	{ "integrity", OPTION_FLAG, 0, NULL, "the index file instead: tables, postings, each part against the texts" },
	{ "drafts", OPTION_FLAG, 0, NULL, "look at drafts as well" },
	{ "future", OPTION_FLAG, 0, NULL, "look at pages whose date is still to come" },
	{ "expired", OPTION_FLAG, 0, NULL, "look at pages whose expiry date has passed" },
	{ 0 },
};

static bool print_json(const IndexReport *report, Error *err)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	JsonWriter json = json_writer(&out);

	json_begin_object(&json);
	json_key(&json, STR("pages"));
	json_uint(&json, report->n_pages);
	site_put_problems(&json, report);
	json_end_object(&json);
	buf_append_char(&out, '\n');
	return output_write(buf_str(&out), err);
}

static void print_finding(void *context, const char *what)
{
	output_note("%s: %s", (const char *)context, what);
}

static int check_integrity(Context *context, Error *err)
{
	size_t n_findings;

	if (!store_check_integrity(context->index, print_finding, (void *)context->index, &n_findings, err))
		return -1;
	if (n_findings) {
		error_damaged(err, context->index, "is damaged");
		return -1;
	}
	if (!context->output.is_quiet)
		printf("%s: whole\n", context->index);
	return 0;
}

static int check_pages(Context *context, Error *err)
{
	CLEANUP(index_report_deinit) IndexReport report = INDEX_REPORT_INIT;
	IndexOptions options;

	if (!site_options(context, &options, err) || !check_site(&options, &report, err))
		return -1;
	if (context->output.is_json) {
		if (!print_json(&report, err))
			return -1;
	} else {
		site_print_problems(&report);
		if (!context->output.is_quiet)
			printf("%u page%s, %zu remark%s\n", report.n_pages, report.n_pages == 1 ? "" : "s", report.n_problems,
			       report.n_problems == 1 ? "" : "s");
	}
	return report.n_problems ? error_exit_status(ERROR_PAGES) : 0;
}

int cmd_check(Context *context, Error *err)
{
	return option_is_given(context->arguments, "integrity") ? check_integrity(context, err) : check_pages(context, err);
}
