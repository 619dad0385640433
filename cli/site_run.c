/* What the commands that read a site share: its options, and telling of its problems. */
#include "site_run.h"

#include "engine_options.h"
#include "facet_options.h"

static const char *none_if_empty(const char *text)
{
	return *text ? text : NULL;
}

bool site_options(const Context *context, IndexOptions *ret_options, Error *err)
{
	const Config *config = &context->config;
	const Arguments *arguments = context->arguments;
	EngineOptions engine;
	FacetOptions facets;

	/* What is wrong in what searching wants is told where it was written, not by the first query. */
	if (!config_facet_options(config, context->arena, &facets, err) ||
	    !config_engine_options(config, context->arena, &engine, err))
		return false;
	*ret_options = (IndexOptions){
		.site = context->site,
		.index = context->index,
		.kind = config->site_kind,
		.content = none_if_empty(config->site_content),
		.base_url = none_if_empty(config->site_base_url),
		.permalink = none_if_empty(config->site_permalink),
		.hugo_version = none_if_empty(config->site_hugo_version),
		.exclude = config->index_exclude.items,
		.n_exclude = config->index_exclude.n,
		.languages = config->index_languages.items,
		.n_languages = config->index_languages.n,
		.facets = facets.made,
		.n_facets = facets.n_made,
		.omits_code = !config->index_code,
		.drafts = config->index_drafts || option_is_given(arguments, "drafts"),
		.future = config->index_future || option_is_given(arguments, "future"),
		.expired = config->index_expired || option_is_given(arguments, "expired"),
		.full = option_is_given(arguments, "full"),
		.dry_run = option_is_given(arguments, "dry-run"),
		.lists_changes = option_is_given(arguments, "dry-run"),
	};
	return true;
}

void site_print_problems(const IndexReport *report)
{
	for (size_t i = 0; i < report->n_problems; i++) {
		const IndexProblem *problem = &report->problems[i];
		Error err = { .file = problem->file, .line = problem->line, .column = problem->column,
			      .what = problem->message };

		output_error(&err);
	}
}

static void put_uint(JsonWriter *json, const char *name, uint64_t number)
{
	json_key(json, str_from_c(name));
	json_uint(json, number);
}

static void put_problem(JsonWriter *json, const IndexProblem *problem)
{
	json_begin_object(json);
	json_key(json, STR("file"));
	json_string(json, str_from_c(problem->file));
	if (problem->line)
		put_uint(json, "line", problem->line);
	if (problem->column)
		put_uint(json, "column", problem->column);
	json_key(json, STR("message"));
	json_string(json, str_from_c(problem->message));
	json_end_object(json);
}

void site_put_problems(JsonWriter *json, const IndexReport *report)
{
	json_key(json, STR("problems"));
	json_begin_array(json);
	for (size_t i = 0; i < report->n_problems; i++)
		put_problem(json, &report->problems[i]);
	json_end_array(json);
}
