/* Answers to the smaller questions in the API's JSON; docs/api.md is its grammar. The order of keys is part of it. */
#include "blogsearch/json.h"
#include "blogsearch/question.h"

static void key(JsonWriter *json, const char *name)
{
	json_key(json, str_from_c(name));
}

static void put_text(JsonWriter *json, const char *name, Str text)
{
	key(json, name);
	json_string(json, text);
}

static void put_text_or_null(JsonWriter *json, const char *name, Str text)
{
	key(json, name);
	json_string_or_null(json, text);
}

static void put_uint(JsonWriter *json, const char *name, uint64_t number)
{
	key(json, name);
	json_uint(json, number);
}

/* The fields of a page, inside an object that is begun. */
static void put_page_fields(JsonWriter *json, const ListedPage *page)
{
	put_uint(json, "id", page->id);
	put_text(json, "url", page->url);
	put_text(json, "path", page->path);
	put_text(json, "title", page->title);
	key(json, "published");
	json_time(json, page->published);
	put_text_or_null(json, "image", page->image);
}

static void put_term_fields(JsonWriter *json, const ResultTerm *term)
{
	put_text(json, "name", term->name);
	put_text(json, "slug", term->slug);
	put_text_or_null(json, "url", term->url);
}

/* --- Completions ------------------------------------------------------------------------------ */

static void put_suggestion(JsonWriter *json, const Suggestion *suggestion)
{
	static const char *const kinds[] = { [SUGGESTION_TERM] = "term", [SUGGESTION_PHRASE] = "phrase",
		                             [SUGGESTION_WORD] = "word", [SUGGESTION_TITLE] = "title" };

	json_begin_object(json);
	put_text(json, "kind", str_from_c(kinds[suggestion->kind]));
	put_text(json, "text", suggestion->text);
	put_text(json, "text_html", suggestion->text_html);
	put_uint(json, "count", suggestion->count);
	put_text_or_null(json, "url", suggestion->url);
	if (suggestion->kind == SUGGESTION_TERM) {
		put_text(json, "facet", suggestion->facet);
		put_text(json, "slug", suggestion->slug);
	}
	json_end_object(json);
}

static bool suggest_to_json(Engine *engine, const Question *question, Arena *arena, JsonWriter *json, Error *err)
{
	Suggestions *suggestions;

	if (!suggest_run(engine, question, arena, &suggestions, err))
		return false;
	put_text(json, "q", suggestions->q);
	if (suggestions->corrected.len)
		put_text(json, "corrected", suggestions->corrected);
	key(json, "suggestions");
	json_begin_array(json);
	for (size_t i = 0; i < suggestions->n; i++)
		put_suggestion(json, &suggestions->items[i]);
	json_end_array(json);
	return true;
}

/* --- Related pages ------------------------------------------------------------------------------ */

static void put_why(JsonWriter *json, const RelatedPage *related)
{
	key(json, "why");
	json_begin_object(json);
	key(json, "series");
	json_begin_array(json);
	for (size_t i = 0; i < related->n_series; i++) {
		json_begin_object(json);
		put_term_fields(json, &related->series[i]);
		json_end_object(json);
	}
	json_end_array(json);
	key(json, "terms");
	json_begin_array(json);
	for (size_t i = 0; i < related->n_terms; i++) {
		json_begin_object(json);
		put_text(json, "facet", related->terms[i].facet);
		put_term_fields(json, &related->terms[i].term);
		json_end_object(json);
	}
	json_end_array(json);
	key(json, "words");
	json_begin_array(json);
	for (size_t i = 0; i < related->n_words; i++)
		json_string(json, related->words[i]);
	json_end_array(json);
	json_end_object(json);
}

static bool related_to_json(Engine *engine, const Question *question, Arena *arena, JsonWriter *json, Error *err)
{
	Related *related;

	if (!related_run(engine, question, arena, &related, err))
		return false;
	put_text(json, "url", related->page.url);
	put_text(json, "title", related->page.title);
	key(json, "related");
	json_begin_array(json);
	for (size_t i = 0; i < related->n; i++) {
		json_begin_object(json);
		put_page_fields(json, &related->items[i].page);
		key(json, "score");
		json_number(json, related->items[i].score, 4);
		put_why(json, &related->items[i]);
		json_end_object(json);
	}
	json_end_array(json);
	return true;
}

/* --- Series ---------------------------------------------------------------------------------------- */

static void put_part(JsonWriter *json, const ListedPage *page)
{
	json_begin_object(json);
	put_page_fields(json, page);
	key(json, "order");
	if (page->has_order)
		json_int(json, page->order);
	else
		json_null(json);
	json_end_object(json);
}

static void put_part_or_null(JsonWriter *json, const char *name, bool has_page, const ListedPage *page)
{
	key(json, name);
	if (has_page)
		put_part(json, page);
	else
		json_null(json);
}

static bool series_to_json(Engine *engine, const Question *question, Arena *arena, JsonWriter *json, Error *err)
{
	Series *series;

	if (!series_run(engine, question, arena, &series, err))
		return false;
	put_term_fields(json, &series->term);
	put_uint(json, "count", series->count);
	key(json, "pages");
	json_begin_array(json);
	for (size_t i = 0; i < series->n_pages; i++)
		put_part(json, &series->pages[i]);
	json_end_array(json);
	put_part_or_null(json, "current", series->has_current, &series->current);
	put_part_or_null(json, "prev", series->has_prev, &series->prev);
	put_part_or_null(json, "next", series->has_next, &series->next);
	return true;
}

/* --- Facets ------------------------------------------------------------------------------------------ */

static void put_values(JsonWriter *json, const FacetValues *values)
{
	put_text(json, "facet", values->facet);
	put_text(json, "q", values->q);
	put_uint(json, "total", values->total);
	key(json, "values");
	json_begin_array(json);
	for (size_t i = 0; i < values->n_values; i++) {
		const FacetValue *value = &values->values[i];

		json_begin_object(json);
		put_text(json, "name", value->name);
		put_text(json, "name_html", value->name_html);
		put_text(json, "slug", value->slug);
		put_text_or_null(json, "url", value->url);
		put_uint(json, "count", value->count);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_facets(JsonWriter *json, const FacetValues *values)
{
	key(json, "facets");
	json_begin_array(json);
	for (size_t i = 0; i < values->n_facets; i++) {
		json_begin_object(json);
		put_text(json, "name", values->facets[i].name);
		put_text(json, "plural", values->facets[i].plural);
		put_uint(json, "values", values->facets[i].n_values);
		json_end_object(json);
	}
	json_end_array(json);
}

static bool facet_to_json(Engine *engine, const Question *question, Arena *arena, JsonWriter *json, Error *err)
{
	FacetValues *values;

	if (!facet_values_run(engine, question, arena, &values, err))
		return false;
	if (values->facet.len)
		put_values(json, values);
	else
		put_facets(json, values);
	return true;
}

/* --- All ------------------------------------------------------------------------------------------------ */

bool question_to_json(Engine *engine, const Question *question, Arena *arena, Buf *out, Error *err)
{
	static bool (*const writers[])(Engine *, const Question *, Arena *, JsonWriter *, Error *) = {
		[QUESTION_SUGGEST] = suggest_to_json, [QUESTION_RELATED] = related_to_json,
		[QUESTION_SERIES] = series_to_json, [QUESTION_FACET] = facet_to_json,
	};
	JsonWriter json = json_writer(out);
	size_t start = out->len;

	json_begin_object(&json);
	if (!writers[question->kind](engine, question, arena, &json, err)) {
		buf_truncate(out, start);
		return false;
	}
	json_end_object(&json);
	return true;
}
