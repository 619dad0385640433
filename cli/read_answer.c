/*
 * See read_answer.h. But for what an answer is told by, what is missing or of another kind is empty: it is for showing
 * only.
 */
#include "read_answer.h"

#include "blogsearch/value.h"

static Str text_of(const Value *map, const char *name)
{
	return value_text(value_get(map, str_from_c(name)));
}

static uint32_t number_of(const Value *map, const char *name)
{
	return (uint32_t)value_int(value_get(map, str_from_c(name)), 0);
}

static size_t count(const Value *list)
{
	return list && list->kind == VALUE_LIST ? list->list.n : 0;
}

/* An answer of ours is a map with @mark or @other_mark (NULL: none); what another server says can be anything. */
static bool parse_answer(const char *url, Str json, const char *mark, const char *other_mark, Arena *arena,
                         Value **ret_value, Error *err)
{
	if (json_parse(json, url, 1, arena, ret_value, NULL) &&
	    (value_get(*ret_value, str_from_c(mark)) || (other_mark && value_get(*ret_value, str_from_c(other_mark)))))
		return true;
	error_set(err, ERROR_IO, "%s answers, but not as blogsearch does", url);
	return error_hint(err, "name the address that `blogsearch serve` listens on, with its base path");
}

/* The only form that the API gives. */
static int64_t time_of(const Value *map, const char *name)
{
	Str text = text_of(map, name);
	CivilTime civil = { 0 };
	int64_t day, next;
	uint64_t hour, minute, second;

	if (text.len != 20 || !query_date(str_slice(text, 0, 10), &day, &next) ||
	    !str_to_u64(str_slice(text, 11, 13), &hour) || !str_to_u64(str_slice(text, 14, 16), &minute) ||
	    !str_to_u64(str_slice(text, 17, 19), &second))
		return TIME_NONE;
	civil = time_to_civil(day);
	civil.hour = (unsigned)hour;
	civil.minute = (unsigned)minute;
	civil.second = (unsigned)second;
	return civil_is_valid(civil) ? time_from_civil(civil) : TIME_NONE;
}

/* --- Results ------------------------------------------------------------------------------------------- */

static ResultTerm *read_terms(const Value *list, size_t *ret_n, Arena *arena)
{
	ResultTerm *terms = arena_new_n(arena, ResultTerm, count(list));

	*ret_n = count(list);
	for (size_t i = 0; i < *ret_n; i++)
		terms[i] = (ResultTerm){ text_of(list->list.items[i], "name"), text_of(list->list.items[i], "slug"),
			                 text_of(list->list.items[i], "url") };
	return terms;
}

static void read_series(const Value *list, ResultHit *hit, Arena *arena)
{
	hit->n_series = count(list);
	hit->series = arena_new_n(arena, ResultSeries, hit->n_series);
	for (size_t i = 0; i < hit->n_series; i++) {
		const Value *series = list->list.items[i], *order = value_get(series, STR("order"));

		hit->series[i] = (ResultSeries){
			.name = text_of(series, "name"), .slug = text_of(series, "slug"), .url = text_of(series, "url"),
			.has_order = order && order->kind == VALUE_INT, .order = value_int(order, 0),
			.count = number_of(series, "count"),
		};
	}
}

static void read_sections(const Value *list, ResultHit *hit, Arena *arena)
{
	hit->n_sections = count(list);
	hit->sections = arena_new_n(arena, ResultSection, hit->n_sections);
	for (size_t i = 0; i < hit->n_sections; i++) {
		const Value *section = list->list.items[i];

		hit->sections[i] = (ResultSection){ text_of(section, "title_html"), text_of(section, "anchor"),
			                            text_of(section, "url"), text_of(section, "snippet_html") };
	}
}

/* By their plural names, as a map. */
static void read_taxonomies(const Value *map, ResultHit *hit, Arena *arena)
{
	hit->n_taxonomies = map && map->kind == VALUE_MAP ? map->map.n : 0;
	hit->taxonomies = arena_new_n(arena, ResultTaxonomy, hit->n_taxonomies);
	for (size_t i = 0; i < hit->n_taxonomies; i++) {
		ResultTaxonomy *taxonomy = &hit->taxonomies[i];

		taxonomy->name = map->map.entries[i].key;
		taxonomy->terms = read_terms(map->map.entries[i].value, &taxonomy->n_terms, arena);
	}
}

static double decimal_of(const Value *map, const char *name)
{
	return value_number(value_get(map, str_from_c(name)), 0);
}

static ExplainedWord read_explained_word(const Value *value, Arena *arena)
{
	const Value *list = value_get(value, STR("matches"));
	ExplainedWord word = {
		.word = text_of(value, "word"), .n_pages = number_of(value, "pages"), .idf = decimal_of(value, "idf"),
		.repeated = decimal_of(value, "repeated"), .tf = decimal_of(value, "tf"), .score = decimal_of(value, "score"),
		.matches = arena_new_n(arena, ExplainedMatch, count(list)), .n_matches = count(list),
	};

	for (size_t i = 0; i < word.n_matches; i++) {
		const Value *match = list->list.items[i];

		word.matches[i] = (ExplainedMatch){ arena_to_c(arena, text_of(match, "form")),
			                            arena_to_c(arena, text_of(match, "field")), number_of(match, "count"),
			                            decimal_of(match, "tf") };
	}
	return word;
}

static void read_explanation(const Value *value, ResultHit *hit, Arena *arena)
{
	const Value *words = value_get(value, STR("words"));
	ResultExplanation *explanation;

	if (!value)
		return;
	explanation = arena_new(arena, ResultExplanation);
	*explanation = (ResultExplanation){
		.words = arena_new_n(arena, ExplainedWord, count(words)), .n_words = count(words),
		.nearness = decimal_of(value, "nearness"), .title = decimal_of(value, "title"),
		.boost = decimal_of(value, "boost"), .freshness = decimal_of(value, "freshness"),
	};
	for (size_t i = 0; i < explanation->n_words; i++)
		explanation->words[i] = read_explained_word(words->list.items[i], arena);
	hit->explanation = explanation;
}

static void read_hit(const Value *value, ResultHit *hit, Arena *arena)
{
	*hit = (ResultHit){
		.id = number_of(value, "id"), .url = text_of(value, "url"), .path = text_of(value, "path"),
		.title = text_of(value, "title"), .title_html = text_of(value, "title_html"),
		.snippet_html = text_of(value, "snippet_html"), .published = time_of(value, "published"),
		.updated = time_of(value, "updated"), .lang = text_of(value, "lang"), .section = text_of(value, "section"),
		.image = text_of(value, "image"), .words = number_of(value, "words"),
		.score = decimal_of(value, "score"),
	};
	hit->authors = read_terms(value_get(value, STR("authors")), &hit->n_authors, arena);
	hit->tags = read_terms(value_get(value, STR("tags")), &hit->n_tags, arena);
	hit->categories = read_terms(value_get(value, STR("categories")), &hit->n_categories, arena);
	read_series(value_get(value, STR("series")), hit, arena);
	read_taxonomies(value_get(value, STR("taxonomies")), hit, arena);
	read_sections(value_get(value, STR("sections")), hit, arena);
	read_explanation(value_get(value, STR("explain")), hit, arena);
}

static void read_result_facets(const Value *map, Result *result, Arena *arena)
{
	result->n_facets = map && map->kind == VALUE_MAP ? map->map.n : 0;
	result->facets = arena_new_n(arena, ResultFacet, result->n_facets);
	for (size_t f = 0; f < result->n_facets; f++) {
		const Value *list = map->map.entries[f].value;
		ResultFacet *facet = &result->facets[f];

		*facet = (ResultFacet){ map->map.entries[f].key, arena_new_n(arena, ResultFacetValue, count(list)), count(list) };
		for (size_t i = 0; i < facet->n_values; i++) {
			const Value *value = list->list.items[i];

			facet->values[i] = (ResultFacetValue){ text_of(value, "name"), text_of(value, "slug"),
				                               number_of(value, "count"),
				                               value_bool(value_get(value, STR("selected")), false) };
		}
	}
}

static ResultMatch match_of(Str text)
{
	return str_equal(text, STR("relaxed")) ? RESULT_RELAXED :
	       str_equal(text, STR("any")) ? RESULT_ANY :
	       str_equal(text, STR("none")) ? RESULT_NONE : RESULT_ALL;
}

bool read_result(const char *url, Str json, Arena *arena, Result **ret_result, Error *err)
{
	Result *result = arena_new(arena, Result);
	const Value *hits;
	Value *value;

	if (!parse_answer(url, json, "hits", NULL, arena, &value, err))
		return false;
	hits = value_get(value, STR("hits"));
	*result = (Result){
		.q = text_of(value, "q"), .corrected = text_of(value, "corrected"),
		.corrected_total = number_of(value, "corrected_total"),
		.is_corrected = value_bool(value_get(value, STR("is_corrected")), false), .match = match_of(text_of(value, "match")),
		.total = number_of(value, "total"), .page = number_of(value, "page"),
		.per_page = number_of(value, "per_page"), .pages = number_of(value, "pages"),
		.took_ms = decimal_of(value, "took_ms"), .n_hits = count(hits),
	};
	result->hits = arena_new_n(arena, ResultHit, result->n_hits);
	for (size_t i = 0; i < result->n_hits; i++)
		read_hit(hits->list.items[i], &result->hits[i], arena);
	read_result_facets(value_get(value, STR("facets")), result, arena);
	*ret_result = result;
	return true;
}

/* --- Completions ----------------------------------------------------------------------------------------- */

static SuggestionKind kind_of(Str text)
{
	return str_equal(text, STR("term")) ? SUGGESTION_TERM :
	       str_equal(text, STR("phrase")) ? SUGGESTION_PHRASE :
	       str_equal(text, STR("title")) ? SUGGESTION_TITLE : SUGGESTION_WORD;
}

static Suggestions *read_suggestions(const Value *value, Arena *arena)
{
	const Value *list = value_get(value, STR("suggestions"));
	Suggestions *suggestions = arena_new(arena, Suggestions);

	*suggestions = (Suggestions){ text_of(value, "q"), text_of(value, "corrected"),
		                      arena_new_n(arena, Suggestion, count(list)), count(list) };
	for (size_t i = 0; i < suggestions->n; i++) {
		const Value *item = list->list.items[i];

		suggestions->items[i] = (Suggestion){
			.kind = kind_of(text_of(item, "kind")), .text = text_of(item, "text"),
			.text_html = text_of(item, "text_html"), .facet = text_of(item, "facet"), .slug = text_of(item, "slug"),
			.url = text_of(item, "url"), .count = number_of(item, "count"),
		};
	}
	return suggestions;
}

/* --- Pages ------------------------------------------------------------------------------------------------ */

static ListedPage read_page(const Value *value)
{
	const Value *order = value_get(value, STR("order"));

	return (ListedPage){
		.id = number_of(value, "id"), .url = text_of(value, "url"), .path = text_of(value, "path"),
		.title = text_of(value, "title"), .image = text_of(value, "image"), .published = time_of(value, "published"),
		.has_order = order && order->kind == VALUE_INT, .order = value_int(order, 0),
	};
}

static RelatedTerm *read_related_terms(const Value *why, size_t *ret_n, Arena *arena)
{
	const Value *list = value_get(why, STR("terms"));
	ResultTerm *terms = read_terms(list, ret_n, arena);
	RelatedTerm *related = arena_new_n(arena, RelatedTerm, *ret_n);

	for (size_t i = 0; i < *ret_n; i++)
		related[i] = (RelatedTerm){ text_of(list->list.items[i], "facet"), terms[i] };
	return related;
}

static Related *read_related(const Value *value, Arena *arena)
{
	const Value *list = value_get(value, STR("related"));
	Related *related = arena_new(arena, Related);

	*related = (Related){ read_page(value), arena_new_n(arena, RelatedPage, count(list)), count(list) };
	for (size_t i = 0; i < related->n; i++) {
		const Value *item = list->list.items[i], *why = value_get(item, STR("why"));
		const Value *words = value_get(why, STR("words"));
		RelatedPage *page = &related->items[i];

		*page = (RelatedPage){ .page = read_page(item), .score = decimal_of(item, "score"),
			               .words = arena_new_n(arena, Str, count(words)), .n_words = count(words) };
		page->terms = read_related_terms(why, &page->n_terms, arena);
		page->series = read_terms(value_get(why, STR("series")), &page->n_series, arena);
		for (size_t w = 0; w < page->n_words; w++)
			page->words[w] = value_text(words->list.items[w]);
	}
	return related;
}

static bool read_page_or_none(const Value *value, const char *name, ListedPage *ret_page)
{
	const Value *page = value_get(value, str_from_c(name));
	bool is_there = page && page->kind == VALUE_MAP;

	if (is_there)
		*ret_page = read_page(page);
	return is_there;
}

static Series *read_series_answer(const Value *value, Arena *arena)
{
	const Value *list = value_get(value, STR("pages"));
	Series *series = arena_new(arena, Series);

	*series = (Series){ .term = { text_of(value, "name"), text_of(value, "slug"), text_of(value, "url") },
		            .pages = arena_new_n(arena, ListedPage, count(list)), .n_pages = count(list),
		            .count = number_of(value, "count") };
	for (size_t i = 0; i < series->n_pages; i++)
		series->pages[i] = read_page(list->list.items[i]);
	series->has_current = read_page_or_none(value, "current", &series->current);
	series->has_prev = read_page_or_none(value, "prev", &series->prev);
	series->has_next = read_page_or_none(value, "next", &series->next);
	return series;
}

/* --- Facets ----------------------------------------------------------------------------------------------- */

static FacetValues *read_facet_values(const Value *value, Arena *arena)
{
	const Value *list = value_get(value, STR("values")), *facets = value_get(value, STR("facets"));
	FacetValues *values = arena_new(arena, FacetValues);

	*values = (FacetValues){
		.facet = text_of(value, "facet"), .q = text_of(value, "q"), .total = number_of(value, "total"),
		.values = arena_new_n(arena, FacetValue, count(list)), .n_values = count(list),
		.facets = arena_new_n(arena, FacetSummary, count(facets)), .n_facets = count(facets),
	};
	for (size_t i = 0; i < values->n_values; i++) {
		const Value *item = list->list.items[i];

		values->values[i] = (FacetValue){ text_of(item, "name"), text_of(item, "name_html"), text_of(item, "slug"),
			                          text_of(item, "url"), number_of(item, "count") };
	}
	for (size_t i = 0; i < values->n_facets; i++) {
		const Value *item = facets->list.items[i];

		values->facets[i] = (FacetSummary){ text_of(item, "name"), text_of(item, "plural"), number_of(item, "values") };
	}
	return values;
}

bool read_answer(const char *url, QuestionKind kind, Str json, Arena *arena, Answer *ret_answer, Error *err)
{
	/* /v1/facets lists facets, /v1/facets/NAME values. */
	static const char *const marks[] = { [QUESTION_SUGGEST] = "suggestions", [QUESTION_RELATED] = "related",
		                             [QUESTION_SERIES] = "pages", [QUESTION_FACET] = "values" };
	Value *value;

	if (!parse_answer(url, json, marks[kind], kind == QUESTION_FACET ? "facets" : NULL, arena, &value, err))
		return false;
	switch (kind) {
	case QUESTION_SUGGEST:
		ret_answer->suggestions = read_suggestions(value, arena);
		break;
	case QUESTION_RELATED:
		ret_answer->related = read_related(value, arena);
		break;
	case QUESTION_SERIES:
		ret_answer->series = read_series_answer(value, arena);
		break;
	case QUESTION_FACET:
		ret_answer->values = read_facet_values(value, arena);
		break;
	}
	return true;
}
