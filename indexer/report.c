/* What is told of a run: problems of single files. */
#include "report.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "exclude.h"

void problem_add(Problems *problems, Str file, const Error *err)
{
	/* The file and the place in it stand beside the message. */
	Error bare = { .code = err->code, .what = err->what, .hint = err->hint };

	if (is_excluded(problems->options, file))
		return;
	vec_push(&problems->list, (IndexProblem){ str_dup(file), err->line, err->column, error_to_text(&bare) });
}

void problems_move(Problems *problems, IndexReport *report)
{
	report->n_problems = problems->list.n;
	report->problems = TAKE(problems->list.items);
	vec_deinit(&problems->list);
}

void report_change(IndexReport *report, const IndexOptions *options, IndexAction action, Str file, const char *why)
{
	if (!options->lists_changes)
		return;
	if (!(report->n_changes & (report->n_changes - 1))) /* grows at powers of two */
		report->changes = xreallocarray(report->changes, report->n_changes ? report->n_changes * 2 : 1,
		                                sizeof(*report->changes));
	report->changes[report->n_changes++] = (IndexChange){ action, str_dup(file), why };
}

void index_report_deinit(IndexReport *report)
{
	for (size_t i = 0; i < report->n_changes; i++)
		free(report->changes[i].file);
	free(report->changes);
	for (size_t i = 0; i < report->n_problems; i++) {
		free(report->problems[i].file);
		free(report->problems[i].message);
	}
	free(report->problems);
	free(report->rebuilt_because);
	*report = (IndexReport)INDEX_REPORT_INIT;
}
