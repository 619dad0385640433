/* Parameters of a question, by their names in the HTTP API: one row each. The last of a repeated single one counts. */
#include "blogsearch/query.h"

#include <stdlib.h>

#include "blogsearch/text.h"
#include "parameter.h"

typedef bool (*SetParameter)(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err);

Query *query_new(Arena *arena)
{
	Query *query = arena_new(arena, Query);

	*query = (Query){
		.from = TIME_NONE, .to = TIME_NONE, .page = 1, .per_page = 10, .facet_limit = 20, .snippet_words = 30,
		.n_sections = 3, .typo = true,
	};
	return query;
}

/* --- Values ------------------------------------------------------------------------------------------ */

static bool two_digits(Str text, size_t at, unsigned *ret)
{
	uint64_t number;

	if (!str_to_u64(str_slice(text, at, at + 2), &number) || text.len < at + 2)
		return false;
	*ret = (unsigned)number;
	return true;
}

bool query_date(Str text, int64_t *ret_from, int64_t *ret_to)
{
	CivilTime from = { .month = 1, .day = 1 }, to;
	uint64_t year;

	if ((text.len != 4 && text.len != 7 && text.len != 10) || !str_to_u64(str_slice(text, 0, 4), &year) ||
	    (text.len > 4 && (text.data[4] != '-' || !two_digits(text, 5, &from.month))) ||
	    (text.len > 7 && (text.data[7] != '-' || !two_digits(text, 8, &from.day))))
		return false;
	from.year = (int64_t)year;
	if (!civil_is_valid(from))
		return false;
	to = from;
	if (text.len == 10) {
		*ret_to = time_from_civil(from) + 86400;
	} else {
		to.year += text.len == 4 || from.month == 12;
		to.month = text.len == 4 || from.month == 12 ? 1 : from.month + 1;
		*ret_to = time_from_civil(to);
	}
	*ret_from = time_from_civil(from);
	return true;
}

/* --- Parameters ---------------------------------------------------------------------------------------- */

static bool set_q(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	(void)facets;
	if (value.len > LIMIT_QUERY_BYTES)
		return parameter_wrong(name, arena, err, "is longer than 2048 bytes", STR_EMPTY);
	query->text = arena_str_dup(arena, value);
	return true;
}

static bool set_from(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	int64_t to;

	(void)facets;
	return query_date(value, &query->from, &to) ||
	       parameter_wrong(name, arena, err, "must be a date: YYYY, YYYY-MM or YYYY-MM-DD", value);
}

static bool set_to(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	int64_t from;

	(void)facets;
	return query_date(value, &from, &query->to) ||
	       parameter_wrong(name, arena, err, "must be a date: YYYY, YYYY-MM or YYYY-MM-DD", value);
}

static bool set_sort(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	static const char *const names[] = { [SORT_RELEVANCE] = "relevance", [SORT_NEWEST] = "newest",
		                             [SORT_OLDEST] = "oldest", [SORT_UPDATED] = "updated",
		                             [SORT_TITLE] = "title", [SORT_SERIES] = "series" };

	(void)facets;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_equal(value, str_from_c(names[i]))) {
			query->sort = (QuerySort)i;
			query->has_sort = true;
			return true;
		}
	return parameter_wrong(name, arena, err, "must be relevance, newest, oldest, updated, title or series", value);
}

static bool set_page(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	(void)facets;
	return parameter_number(name, value, 1, LIMIT_HITS_DEEP, &query->page, arena, err);
}

static bool set_per_page(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	(void)facets;
	return parameter_number(name, value, 0, LIMIT_PER_PAGE, &query->per_page, arena, err);
}

static bool set_facet_limit(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	(void)facets;
	return parameter_number(name, value, 1, LIMIT_FACET_VALUES, &query->facet_limit, arena, err);
}

static bool set_snippet(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	(void)facets;
	return parameter_number(name, value, 0, LIMIT_SNIPPET_WORDS, &query->snippet_words, arena, err);
}

static bool set_sections(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	(void)facets;
	return parameter_number(name, value, 0, LIMIT_SECTIONS, &query->n_sections, arena, err);
}

static bool set_match(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	(void)facets;
	if (str_equal(value, STR("auto")))
		query->match = MATCH_AUTO;
	else if (str_equal(value, STR("all")))
		query->match = MATCH_ALL;
	else if (str_equal(value, STR("any")))
		query->match = MATCH_ANY;
	else
		return parameter_wrong(name, arena, err, "must be auto, all or any", value);
	return true;
}

static bool set_typo(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	(void)facets;
	if (!str_equal(value, STR("auto")) && !str_equal(value, STR("off")))
		return parameter_wrong(name, arena, err, "must be auto or off", value);
	query->typo = str_equal(value, STR("auto"));
	return true;
}

static bool set_explain(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	uint32_t number;

	(void)facets;
	if (!parameter_number(name, value, 0, 1, &number, arena, err))
		return false;
	query->explain = number;
	return true;
}

/* A list parted by commas, each of which must be among @known. Empty: none. */
static bool names_of(Str name, Str value, const Str *known, size_t n_known, Arena *arena, Str **ret_names, size_t *ret_n,
                     Error *err)
{
	Str rest = value, part, nearest;
	Str *names = arena_new_n(arena, Str, value.len / 2 + 1);
	size_t n = 0;

	while (str_split_next(&rest, ',', &part)) {
		size_t i = 0;

		part = str_trim(part);
		while (i < n_known && !str_equal(part, known[i]))
			i++;
		if (!part.len)
			continue;
		if (i == n_known) {
			nearest = str_nearest(part, known, n_known);
			error_set(err, ERROR_USAGE, "%.*s knows no \"%.*s\"", STR_ARG(name), STR_ARG(part));
			if (nearest.len)
				error_hint(err, "the nearest is \"%.*s\"", STR_ARG(nearest));
			return error_parameter(err, arena_to_c(arena, name));
		}
		names[n++] = known[i];
	}
	*ret_names = names;
	*ret_n = n;
	return true;
}

static bool set_facets(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	static const Str all = STR_INIT("*");

	query->has_facets = true;
	if (str_equal(str_trim(value), all)) {
		query->facets = arena_new(arena, Str);
		query->facets[0] = all;
		query->n_facets = 1;
		return true;
	}
	return names_of(name, value, facets.names, facets.n, arena, &query->facets, &query->n_facets, err);
}

static bool set_fields(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	static const Str known[] = {
		STR_INIT("id"), STR_INIT("url"), STR_INIT("path"), STR_INIT("title"), STR_INIT("title_html"),
		STR_INIT("snippet_html"), STR_INIT("published"), STR_INIT("updated"), STR_INIT("lang"), STR_INIT("section"),
		STR_INIT("authors"), STR_INIT("words"), STR_INIT("image"), STR_INIT("tags"), STR_INIT("categories"),
		STR_INIT("series"), STR_INIT("taxonomies"), STR_INIT("sections"), STR_INIT("score"),
	};

	(void)facets;
	return names_of(name, value, known, ARRAY_SIZE(known), arena, &query->fields, &query->n_fields, err);
}

static bool let_through(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	(void)query, (void)name, (void)value, (void)facets, (void)arena, (void)err;
	return true;
}

static const struct Parameter {
	Str name;
	SetParameter set;
} parameters[] = {
	{ STR_INIT("q"), set_q },
	{ STR_INIT("from"), set_from },
	{ STR_INIT("to"), set_to },
	{ STR_INIT("sort"), set_sort },
	{ STR_INIT("page"), set_page },
	{ STR_INIT("per_page"), set_per_page },
	{ STR_INIT("facets"), set_facets },
	{ STR_INIT("facet_limit"), set_facet_limit },
	{ STR_INIT("snippet"), set_snippet },
	{ STR_INIT("sections"), set_sections },
	{ STR_INIT("match"), set_match },
	{ STR_INIT("typo"), set_typo },
	{ STR_INIT("fields"), set_fields },
	{ STR_INIT("explain"), set_explain },
	{ STR_INIT("_"), let_through },
};

/* --- Filters ----------------------------------------------------------------------------------------------- */

static bool check_filter_value(Str name, Str value, Arena *arena, Error *err)
{
	int64_t from, to;

	if (!value.len || value.len > LIMIT_FILTER_BYTES)
		return parameter_wrong(name, arena, err, "must have from 1 to 256 bytes", STR_EMPTY);
	if (str_equal(name, STR("year")) && (value.len != 4 || !query_date(value, &from, &to)))
		return parameter_wrong(name, arena, err, "must be a year: YYYY", value);
	if (str_equal(name, STR("month")) && (value.len != 7 || !query_date(value, &from, &to)))
		return parameter_wrong(name, arena, err, "must be a month: YYYY-MM", value);
	return true;
}

static QueryFilter *filter_of(Query *query, Str facet, Arena *arena)
{
	for (size_t i = 0; i < query->n_filters; i++)
		if (str_equal(query->filters[i].facet, facet))
			return &query->filters[i];
	if (!query->filters)
		query->filters = arena_new_n(arena, QueryFilter, LIMIT_FILTERS);
	query->filters[query->n_filters] = (QueryFilter){ facet, arena_new_n(arena, Str, LIMIT_FILTER_VALUES), 0 };
	return &query->filters[query->n_filters++];
}

static bool add_filter(Query *query, Str facet, Str value, Arena *arena, Error *err)
{
	QueryFilter *filter;
	size_t n_all = 0;

	if (!check_filter_value(facet, value, arena, err))
		return false;
	for (size_t i = 0; i < query->n_filters; i++)
		n_all += query->filters[i].n_values;
	if (n_all >= LIMIT_FILTERS)
		return parameter_wrong(facet, arena, err, "is one filter too many: at most 64 values in all", STR_EMPTY);
	filter = filter_of(query, facet, arena);
	for (size_t i = 0; i < filter->n_values; i++)
		if (str_equal(filter->values[i], value))
			return true;
	if (filter->n_values == LIMIT_FILTER_VALUES)
		return parameter_wrong(facet, arena, err, "has more than 16 values", STR_EMPTY);
	filter->values[filter->n_values++] = arena_str_dup(arena, value);
	return true;
}

/* --- Setting and finishing ------------------------------------------------------------------------------------ */

static bool unknown(Str name, FacetNames facets, Arena *arena, Error *err)
{
	size_t n = facets.n + ARRAY_SIZE(parameters);
	Str *names = arena_new_n(arena, Str, n);

	/* Of two as near the first one is named. */
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++)
		names[i] = parameters[i].name;
	for (size_t i = 0; i < facets.n; i++)
		names[ARRAY_SIZE(parameters) + i] = facets.names[i];
	return parameter_unknown(name, names, n, arena, err);
}

static const struct Parameter *find_parameter(Str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++)
		if (str_equal(name, parameters[i].name))
			return &parameters[i];
	return NULL;
}

/* A taxonomy that has a parameter's name is asked for as taxonomy.NAME. */
static const Str of_taxonomy = STR_INIT("taxonomy.");

Str query_facet_parameter(Str facet, Arena *arena)
{
	return find_parameter(facet) ? arena_printf(arena, "%.*s%.*s", STR_ARG(of_taxonomy), STR_ARG(facet)) : facet;
}

Str query_parameter_facet(Str name, FacetNames facets)
{
	bool is_named = str_starts_with(name, of_taxonomy);

	for (size_t i = 0; i < facets.n && !find_parameter(name); i++)
		if (str_equal(name, facets.names[i]) || (is_named && str_equal(str_from(name, of_taxonomy.len), facets.names[i])))
			return facets.names[i];
	return STR_EMPTY;
}

bool query_set(Query *query, Str name, Str value, FacetNames facets, Arena *arena, Error *err)
{
	const struct Parameter *parameter = find_parameter(name);
	Str facet;

	if (!parameter_check_name(name, err) ||
	    !parameter_check_text(name, value, str_equal(name, STR("q")), arena, err))
		return false;
	if (parameter)
		return parameter->set(query, name, value, facets, arena, err);
	facet = query_parameter_facet(name, facets);
	return facet.len ? add_filter(query, facet, value, arena, err) : unknown(name, facets, arena, err);
}

/* The word at the end of the text, while nothing closes it. */
static bool is_typing(const Query *query)
{
	const QueryNode *last = query->root;
	Str text = query->text;

	while ((last->kind == QUERY_AND || last->kind == QUERY_OR) && last->n_children)
		last = last->children[last->n_children - 1];
	if (last->kind == QUERY_PHRASE)
		return last->is_unclosed && str_ends_with(text, last->text);
	return last->kind == QUERY_WORD && text.len && !strchr(" \t\n\r\")*", text.data[text.len - 1]) &&
	       (str_ends_with(text, last->text) || str_ends_with(text, STR("OR")));
}

static void choose_facets(Query *query, FacetNames facets, Arena *arena)
{
	query->facets = arena_new_n(arena, Str, facets.n_counted);
	query->n_facets = 0;
	for (size_t i = 0; i < facets.n_counted; i++)
		for (size_t j = 0; j < facets.n; j++)
			if (str_equal(facets.counted[i], facets.names[j]))
				query->facets[query->n_facets++] = facets.names[j];
}

bool query_finish(Query *query, FacetNames facets, Arena *arena, Error *err)
{
	if ((uint64_t)query->page * (query->per_page ? query->per_page : 1) > LIMIT_HITS_DEEP) {
		error_set(err, ERROR_USAGE, "page times per_page is over %u", LIMIT_HITS_DEEP);
		error_hint(err, "narrow the search instead of leafing that far");
		return error_parameter(err, "page");
	}
	if (!query_parse(query->text, facets, arena, &query->root, err))
		return false;
	query->is_typing = is_typing(query);
	if (!query->has_facets)
		choose_facets(query, facets, arena);
	return true;
}

/* --- The key ------------------------------------------------------------------------------------------------------ */

static int compare_strs(const void *a, const void *b)
{
	return str_compare(*(const Str *)a, *(const Str *)b);
}

static int compare_filters(const void *a, const void *b)
{
	return str_compare(((const QueryFilter *)a)->facet, ((const QueryFilter *)b)->facet);
}

/* With its length, so that no two lists of texts look the same. */
static void key_text(Buf *out, Str text)
{
	buf_printf(out, "%zu:", text.len);
	buf_append(out, text);
}

static void key_texts(Buf *out, char mark, const Str *texts, size_t n)
{
	buf_printf(out, "|%c%zu", mark, n);
	for (size_t i = 0; i < n; i++)
		key_text(out, texts[i]);
}

void query_key(const Query *query, Buf *out)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	QueryFilter *filters = arena_new_n(&arena, QueryFilter, query->n_filters);
	CLEANUP(buf_deinit) Buf words = BUF_INIT(BUF_NO_CEILING);

	query_print(query->root, &words);
	key_text(out, buf_str(&words));
	/* q is part of the answer as it was typed. */
	key_text(out, query->text);
	buf_printf(out, "|%d,%d,%d,%lld,%lld,%u,%u,%u,%u,%u,%d,%d,%d", query->is_typing, query->has_sort,
	           query->has_sort ? (int)query->sort : 0, (long long)query->from, (long long)query->to, query->page,
	           query->per_page, query->facet_limit, query->snippet_words, query->n_sections, (int)query->match,
	           query->typo, query->explain);
	key_texts(out, 'f', query->facets, query->n_facets);
	key_texts(out, 'h', query->fields, query->n_fields);
	if (query->n_filters)
		memcpy(filters, query->filters, query->n_filters * sizeof(QueryFilter));
	if (query->n_filters)
		qsort(filters, query->n_filters, sizeof(QueryFilter), compare_filters);
	for (size_t i = 0; i < query->n_filters; i++) {
		Str *values = arena_new_n(&arena, Str, filters[i].n_values);

		memcpy(values, filters[i].values, filters[i].n_values * sizeof(Str));
		qsort(values, filters[i].n_values, sizeof(Str), compare_strs);
		key_text(out, filters[i].facet);
		key_texts(out, 'v', values, filters[i].n_values);
	}
}
