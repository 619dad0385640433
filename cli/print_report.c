/* See print_report.h. */
#include "print_report.h"

#include "site_run.h"

bool print_index_changes(const IndexReport *report, Error *err)
{
	static const char signs[] = { [INDEX_ADDED] = '+', [INDEX_CHANGED] = '~', [INDEX_REMOVED] = '-' };
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < report->n_changes; i++) {
		const IndexChange *change = &report->changes[i];

		buf_append_char(&out, signs[change->action]);
		buf_append_char(&out, ' ');
		buf_append_escaped(&out, str_from_c(change->file));
		buf_printf(&out, ": %s\n", change->why);
	}
	return output_write(buf_str(&out), err);
}

/* What those that are left out are called: in a sentence, and as keys. */
static const struct {
	const char *one, *many, *key;
} fates[N_PAGE_FATES] = {
	[PAGE_DRAFT] = { "draft", "drafts", "draft" },
	[PAGE_FUTURE] = { "still to come", "still to come", "future" },
	[PAGE_EXPIRED] = { "expired", "expired", "expired" },
	[PAGE_OPTED_OUT] = { "opted out", "opted out", "opted_out" },
	[PAGE_UNRENDERED] = { "not rendered", "not rendered", "unrendered" },
	[PAGE_WITHOUT_TEXT] = { "list without text", "lists without text", "without_text" },
	[PAGE_OTHER_LANGUAGE] = { "in another language", "in other languages", "other_language" },
};

static void append_left_out(const IndexReport *report, Buf *line)
{
	const char *sign = ":";

	buf_printf(line, "; %u left out", report->n_left_out);
	for (PageFate fate = PAGE_PUBLISHED + 1; fate < N_PAGE_FATES; fate++) {
		uint32_t n = report->n_by_fate[fate];

		if (!n)
			continue;
		buf_printf(line, "%s %u %s", sign, n, n == 1 ? fates[fate].one : fates[fate].many);
		sign = ",";
	}
}

static void append_counts(const IndexReport *report, Buf *line)
{
	buf_printf(line, "%u page%s", report->n_pages, report->n_pages == 1 ? "" : "s");
	if (report->n_added || report->n_changed || report->n_removed)
		buf_printf(line, ": %u added, %u changed, %u removed, %u as before", report->n_added, report->n_changed,
		           report->n_removed, report->n_unchanged);
	else
		buf_append_c(line, ", nothing has changed");
	if (report->n_left_out)
		append_left_out(report, line);
	if (report->n_problems)
		buf_printf(line, "; %zu with problems", report->n_problems);
}

static const char *const time_names[] = { "list", "read", "prepare", "write", "publish" };

static double time_of(const IndexTimes *times, size_t part)
{
	const double seconds[] = { times->list, times->read, times->prepare, times->write, times->publish };

	return seconds[part];
}

static void append_times(const IndexTimes *times, Buf *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(time_names); i++)
		buf_printf(line, "%s %s %.2f", i ? "," : ":", time_names[i], time_of(times, i));
}

bool print_index_summary(const Context *context, const IndexReport *report, bool is_dry, Error *err)
{
	CLEANUP(buf_deinit) Buf line = BUF_INIT(BUF_NO_CEILING);

	append_counts(report, &line);
	buf_printf(&line, " (%.2f s", report->seconds);
	if (context->output.is_verbose && report->n_bytes_read)
		append_times(&report->times, &line);
	buf_append_char(&line, ')');
	if (is_dry) {
		buf_append_c(&line, ", nothing written");
	} else if (report->was_published) {
		buf_append_c(&line, ", ");
		buf_append_escaped(&line, str_from_c(context->index));
	}
	buf_append_char(&line, '\n');
	return output_write(buf_str(&line), err);
}

static void put_uint(JsonWriter *json, const char *name, uint64_t number)
{
	json_key(json, str_from_c(name));
	json_uint(json, number);
}

static void put_times(JsonWriter *json, const IndexTimes *times)
{
	json_key(json, STR("times"));
	json_begin_object(json);
	for (size_t i = 0; i < ARRAY_SIZE(time_names); i++) {
		json_key(json, str_from_c(time_names[i]));
		json_number(json, time_of(times, i), 6);
	}
	json_end_object(json);
}

static void put_change(JsonWriter *json, const IndexChange *change)
{
	static const char *const names[] = { [INDEX_ADDED] = "added", [INDEX_CHANGED] = "changed",
		                             [INDEX_REMOVED] = "removed" };

	json_begin_object(json);
	json_key(json, STR("file"));
	json_string(json, str_from_c(change->file));
	json_key(json, STR("action"));
	json_string(json, str_from_c(names[change->action]));
	json_key(json, STR("why"));
	json_string(json, str_from_c(change->why));
	json_end_object(json);
}

bool print_index_json(const IndexReport *report, Error *err)
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
	json_key(&json, STR("left_out_because"));
	json_begin_object(&json);
	for (PageFate fate = PAGE_PUBLISHED + 1; fate < N_PAGE_FATES; fate++)
		put_uint(&json, fates[fate].key, report->n_by_fate[fate]);
	json_end_object(&json);
	json_key(&json, STR("published"));
	json_bool(&json, report->was_published);
	json_key(&json, STR("rebuilt"));
	json_string_or_null(&json, str_from_c(report->rebuilt_because));
	put_uint(&json, "index_bytes", report->index_bytes);
	json_key(&json, STR("seconds"));
	json_number(&json, report->seconds, 3);
	put_times(&json, &report->times);
	put_uint(&json, "read_bytes", report->n_bytes_read);
	if (report->changes) {
		json_key(&json, STR("changes"));
		json_begin_array(&json);
		for (size_t i = 0; i < report->n_changes; i++)
			put_change(&json, &report->changes[i]);
		json_end_array(&json);
	}
	site_put_problems(&json, report);
	json_end_object(&json);
	buf_append_char(&out, '\n');
	return output_write(buf_str(&out), err);
}
