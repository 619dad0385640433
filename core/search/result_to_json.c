/* A result in the JSON of GET /v1/search; docs/api.md is its grammar. The order of keys is part of it. */
#include "blogsearch/json.h"
#include "blogsearch/result.h"

static bool wants(const Query *query, const char *field)
{
	if (!query->n_fields)
		return true;
	for (size_t i = 0; i < query->n_fields; i++)
		if (str_equal(query->fields[i], str_from_c(field)))
			return true;
	return false;
}

/* Macros, so that keys are bytes of the program that are written as they stand. */
#define TEXT_FIELD(json, query, name, text) \
	do { \
		if (wants(query, name)) { \
			JSON_KEY(json, name); \
			json_string(json, text); \
		} \
	} while (0)
#define TERMS_FIELD(json, query, name, terms, n) \
	do { \
		if (wants(query, name)) { \
			JSON_KEY(json, name); \
			put_terms(json, terms, n); \
		} \
	} while (0)
#define PUT_NUMBER(json, name, number) \
	do { \
		JSON_KEY(json, name); \
		json_number(json, number, 4); \
	} while (0)

static void put_term(JsonWriter *json, const ResultTerm *term)
{
	json_begin_object(json);
	JSON_KEY(json, "name");
	json_string(json, term->name);
	JSON_KEY(json, "slug");
	json_string(json, term->slug);
	JSON_KEY(json, "url");
	json_string_or_null(json, term->url);
	json_end_object(json);
}

static void put_terms(JsonWriter *json, const ResultTerm *terms, size_t n)
{
	json_begin_array(json);
	for (size_t i = 0; i < n; i++)
		put_term(json, &terms[i]);
	json_end_array(json);
}

static void put_series(JsonWriter *json, const ResultHit *hit)
{
	JSON_KEY(json, "series");
	json_begin_array(json);
	for (size_t i = 0; i < hit->n_series; i++) {
		const ResultSeries *series = &hit->series[i];

		json_begin_object(json);
		JSON_KEY(json, "name");
		json_string(json, series->name);
		JSON_KEY(json, "slug");
		json_string(json, series->slug);
		JSON_KEY(json, "url");
		json_string_or_null(json, series->url);
		JSON_KEY(json, "order");
		if (series->has_order)
			json_int(json, series->order);
		else
			json_null(json);
		JSON_KEY(json, "count");
		json_uint(json, series->count);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_taxonomies(JsonWriter *json, const ResultHit *hit)
{
	JSON_KEY(json, "taxonomies");
	json_begin_object(json);
	for (size_t i = 0; i < hit->n_taxonomies; i++) {
		json_key(json, hit->taxonomies[i].name);
		put_terms(json, hit->taxonomies[i].terms, hit->taxonomies[i].n_terms);
	}
	json_end_object(json);
}

static void put_sections(JsonWriter *json, const ResultHit *hit)
{
	JSON_KEY(json, "sections");
	json_begin_array(json);
	for (size_t i = 0; i < hit->n_sections; i++) {
		const ResultSection *section = &hit->sections[i];

		json_begin_object(json);
		JSON_KEY(json, "title_html");
		json_string(json, section->title_html);
		JSON_KEY(json, "anchor");
		json_string(json, section->anchor);
		JSON_KEY(json, "url");
		json_string(json, section->url);
		JSON_KEY(json, "snippet_html");
		json_string(json, section->snippet_html);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_times(JsonWriter *json, const Query *query, const ResultHit *hit)
{
	if (wants(query, "published")) {
		JSON_KEY(json, "published");
		json_time(json, hit->published);
	}
	if (wants(query, "updated")) {
		JSON_KEY(json, "updated");
		json_time(json, hit->updated);
	}
}

static void put_explained_word(JsonWriter *json, const ExplainedWord *word)
{
	json_begin_object(json);
	JSON_KEY(json, "word");
	json_string(json, word->word);
	JSON_KEY(json, "pages");
	json_uint(json, word->n_pages);
	PUT_NUMBER(json, "idf", word->idf);
	PUT_NUMBER(json, "repeated", word->repeated);
	PUT_NUMBER(json, "tf", word->tf);
	PUT_NUMBER(json, "score", word->score);
	JSON_KEY(json, "matches");
	json_begin_array(json);
	for (size_t i = 0; i < word->n_matches; i++) {
		json_begin_object(json);
		JSON_KEY(json, "form");
		json_string(json, str_from_c(word->matches[i].form));
		JSON_KEY(json, "field");
		json_string(json, str_from_c(word->matches[i].field));
		JSON_KEY(json, "count");
		json_uint(json, word->matches[i].count);
		PUT_NUMBER(json, "tf", word->matches[i].tf);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
}

static void put_explanation(JsonWriter *json, const ResultExplanation *explanation)
{
	JSON_KEY(json, "explain");
	json_begin_object(json);
	JSON_KEY(json, "words");
	json_begin_array(json);
	for (size_t i = 0; i < explanation->n_words; i++)
		put_explained_word(json, &explanation->words[i]);
	json_end_array(json);
	PUT_NUMBER(json, "nearness", explanation->nearness);
	PUT_NUMBER(json, "title", explanation->title);
	PUT_NUMBER(json, "boost", explanation->boost);
	PUT_NUMBER(json, "freshness", explanation->freshness);
	json_end_object(json);
}

static void put_address(JsonWriter *json, const Query *query, const ResultHit *hit)
{
	if (wants(query, "id")) {
		JSON_KEY(json, "id");
		json_uint(json, hit->id);
	}
	TEXT_FIELD(json, query, "url", hit->url);
	TEXT_FIELD(json, query, "path", hit->path);
	TEXT_FIELD(json, query, "title", hit->title);
}

static void put_about(JsonWriter *json, const Query *query, const ResultHit *hit)
{
	put_times(json, query, hit);
	TEXT_FIELD(json, query, "lang", hit->lang);
	TEXT_FIELD(json, query, "section", hit->section);
	TERMS_FIELD(json, query, "authors", hit->authors, hit->n_authors);
	if (wants(query, "words")) {
		JSON_KEY(json, "words");
		json_uint(json, hit->words);
	}
	if (wants(query, "image")) {
		JSON_KEY(json, "image");
		json_string_or_null(json, hit->image);
	}
	TERMS_FIELD(json, query, "tags", hit->tags, hit->n_tags);
	TERMS_FIELD(json, query, "categories", hit->categories, hit->n_categories);
	if (wants(query, "series"))
		put_series(json, hit);
	if (hit->n_taxonomies && wants(query, "taxonomies"))
		put_taxonomies(json, hit);
}

static void put_hit(JsonWriter *json, const Query *query, const ResultHit *hit)
{
	bool has_parts = !query->n_fields && hit->json_address.len;

	json_begin_object(json);
	if (has_parts)
		json_members(json, hit->json_address);
	else
		put_address(json, query, hit);
	TEXT_FIELD(json, query, "title_html", hit->title_html);
	TEXT_FIELD(json, query, "snippet_html", hit->snippet_html);
	if (has_parts)
		json_members(json, hit->json_about);
	else
		put_about(json, query, hit);
	if (wants(query, "sections"))
		put_sections(json, hit);
	if (wants(query, "score")) {
		JSON_KEY(json, "score");
		json_number(json, hit->score, 4);
	}
	if (hit->explanation)
		put_explanation(json, hit->explanation);
	json_end_object(json);
}

void hit_parts_to_json(const ResultHit *hit, Buf *address, Buf *about)
{
	static const Query all_fields;
	JsonWriter json = json_writer(address);

	put_address(&json, &all_fields, hit);
	json = json_writer(about);
	put_about(&json, &all_fields, hit);
}

static void put_facets(JsonWriter *json, const Result *result)
{
	JSON_KEY(json, "facets");
	json_begin_object(json);
	for (size_t i = 0; i < result->n_facets; i++) {
		const ResultFacet *facet = &result->facets[i];

		json_key(json, facet->name);
		json_begin_array(json);
		for (size_t j = 0; j < facet->n_values; j++) {
			json_begin_object(json);
			JSON_KEY(json, "name");
			json_string(json, facet->values[j].name);
			JSON_KEY(json, "slug");
			json_string(json, facet->values[j].slug);
			JSON_KEY(json, "count");
			json_uint(json, facet->values[j].count);
			JSON_KEY(json, "selected");
			json_bool(json, facet->values[j].is_selected);
			json_end_object(json);
		}
		json_end_array(json);
	}
	json_end_object(json);
}

static void put_counts(JsonWriter *json, const Result *result)
{
	static const char *const matches[] = { [RESULT_ALL] = "all", [RESULT_RELAXED] = "relaxed",
		                               [RESULT_ANY] = "any", [RESULT_NONE] = "none" };

	JSON_KEY(json, "match");
	json_string(json, str_from_c(matches[result->match]));
	JSON_KEY(json, "total");
	json_uint(json, result->total);
	JSON_KEY(json, "page");
	json_uint(json, result->page);
	JSON_KEY(json, "per_page");
	json_uint(json, result->per_page);
	JSON_KEY(json, "pages");
	json_uint(json, result->pages);
	JSON_KEY(json, "took_ms");
	json_number(json, result->took_ms, 3);
}

void result_to_json(const Result *result, const Query *query, Buf *out)
{
	JsonWriter json = json_writer(out);

	json_begin_object(&json);
	JSON_KEY(&json, "q");
	json_string(&json, result->q);
	if (result->corrected.len) {
		JSON_KEY(&json, "corrected");
		json_string(&json, result->corrected);
		JSON_KEY(&json, "corrected_total");
		json_uint(&json, result->corrected_total);
		JSON_KEY(&json, "is_corrected");
		json_bool(&json, result->is_corrected);
	}
	put_counts(&json, result);
	JSON_KEY(&json, "hits");
	json_begin_array(&json);
	for (size_t i = 0; i < result->n_hits; i++)
		put_hit(&json, query, &result->hits[i]);
	json_end_array(&json);
	put_facets(&json, result);
	json_end_object(&json);
}

void hit_to_json(const ResultHit *hit, const Query *query, Buf *out)
{
	JsonWriter json = json_writer(out);

	put_hit(&json, query, hit);
}
