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

static void key(JsonWriter *json, const char *name)
{
	json_key(json, str_from_c(name));
}

static void text_field(JsonWriter *json, const Query *query, const char *name, Str text)
{
	if (!wants(query, name))
		return;
	key(json, name);
	json_string(json, text);
}

static void put_term(JsonWriter *json, const ResultTerm *term)
{
	json_begin_object(json);
	key(json, "name");
	json_string(json, term->name);
	key(json, "slug");
	json_string(json, term->slug);
	key(json, "url");
	json_string_or_null(json, term->url);
	json_end_object(json);
}

static void put_terms(JsonWriter *json, Str name, const ResultTerm *terms, size_t n)
{
	json_key(json, name);
	json_begin_array(json);
	for (size_t i = 0; i < n; i++)
		put_term(json, &terms[i]);
	json_end_array(json);
}

static void terms_field(JsonWriter *json, const Query *query, const char *name, const ResultTerm *terms, size_t n)
{
	if (wants(query, name))
		put_terms(json, str_from_c(name), terms, n);
}

static void put_series(JsonWriter *json, const ResultHit *hit)
{
	key(json, "series");
	json_begin_array(json);
	for (size_t i = 0; i < hit->n_series; i++) {
		const ResultSeries *series = &hit->series[i];

		json_begin_object(json);
		key(json, "name");
		json_string(json, series->name);
		key(json, "slug");
		json_string(json, series->slug);
		key(json, "url");
		json_string_or_null(json, series->url);
		key(json, "order");
		if (series->has_order)
			json_int(json, series->order);
		else
			json_null(json);
		key(json, "count");
		json_uint(json, series->count);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_taxonomies(JsonWriter *json, const ResultHit *hit)
{
	key(json, "taxonomies");
	json_begin_object(json);
	for (size_t i = 0; i < hit->n_taxonomies; i++)
		put_terms(json, hit->taxonomies[i].name, hit->taxonomies[i].terms, hit->taxonomies[i].n_terms);
	json_end_object(json);
}

static void put_sections(JsonWriter *json, const ResultHit *hit)
{
	key(json, "sections");
	json_begin_array(json);
	for (size_t i = 0; i < hit->n_sections; i++) {
		const ResultSection *section = &hit->sections[i];

		json_begin_object(json);
		key(json, "title_html");
		json_string(json, section->title_html);
		key(json, "anchor");
		json_string(json, section->anchor);
		key(json, "url");
		json_string(json, section->url);
		key(json, "snippet_html");
		json_string(json, section->snippet_html);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_times(JsonWriter *json, const Query *query, const ResultHit *hit)
{
	if (wants(query, "published")) {
		key(json, "published");
		json_time(json, hit->published);
	}
	if (wants(query, "updated")) {
		key(json, "updated");
		json_time(json, hit->updated);
	}
}

static void put_number(JsonWriter *json, const char *name, double number)
{
	key(json, name);
	json_number(json, number, 4);
}

static void put_explained_word(JsonWriter *json, const ExplainedWord *word)
{
	json_begin_object(json);
	key(json, "word");
	json_string(json, word->word);
	key(json, "pages");
	json_uint(json, word->n_pages);
	put_number(json, "idf", word->idf);
	put_number(json, "repeated", word->repeated);
	put_number(json, "tf", word->tf);
	put_number(json, "score", word->score);
	key(json, "matches");
	json_begin_array(json);
	for (size_t i = 0; i < word->n_matches; i++) {
		json_begin_object(json);
		key(json, "form");
		json_string(json, str_from_c(word->matches[i].form));
		key(json, "field");
		json_string(json, str_from_c(word->matches[i].field));
		key(json, "count");
		json_uint(json, word->matches[i].count);
		put_number(json, "tf", word->matches[i].tf);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
}

static void put_explanation(JsonWriter *json, const ResultExplanation *explanation)
{
	key(json, "explain");
	json_begin_object(json);
	key(json, "words");
	json_begin_array(json);
	for (size_t i = 0; i < explanation->n_words; i++)
		put_explained_word(json, &explanation->words[i]);
	json_end_array(json);
	put_number(json, "nearness", explanation->nearness);
	put_number(json, "title", explanation->title);
	put_number(json, "boost", explanation->boost);
	put_number(json, "freshness", explanation->freshness);
	json_end_object(json);
}

static void put_hit(JsonWriter *json, const Query *query, const ResultHit *hit)
{
	json_begin_object(json);
	if (wants(query, "id")) {
		key(json, "id");
		json_uint(json, hit->id);
	}
	text_field(json, query, "url", hit->url);
	text_field(json, query, "path", hit->path);
	text_field(json, query, "title", hit->title);
	text_field(json, query, "title_html", hit->title_html);
	text_field(json, query, "snippet_html", hit->snippet_html);
	put_times(json, query, hit);
	text_field(json, query, "lang", hit->lang);
	text_field(json, query, "section", hit->section);
	terms_field(json, query, "authors", hit->authors, hit->n_authors);
	if (wants(query, "words")) {
		key(json, "words");
		json_uint(json, hit->words);
	}
	if (wants(query, "image")) {
		key(json, "image");
		json_string_or_null(json, hit->image);
	}
	terms_field(json, query, "tags", hit->tags, hit->n_tags);
	terms_field(json, query, "categories", hit->categories, hit->n_categories);
	if (wants(query, "series"))
		put_series(json, hit);
	if (hit->n_taxonomies && wants(query, "taxonomies"))
		put_taxonomies(json, hit);
	if (wants(query, "sections"))
		put_sections(json, hit);
	if (wants(query, "score")) {
		key(json, "score");
		json_number(json, hit->score, 4);
	}
	if (hit->explanation)
		put_explanation(json, hit->explanation);
	json_end_object(json);
}

static void put_facets(JsonWriter *json, const Result *result)
{
	key(json, "facets");
	json_begin_object(json);
	for (size_t i = 0; i < result->n_facets; i++) {
		const ResultFacet *facet = &result->facets[i];

		json_key(json, facet->name);
		json_begin_array(json);
		for (size_t j = 0; j < facet->n_values; j++) {
			json_begin_object(json);
			key(json, "name");
			json_string(json, facet->values[j].name);
			key(json, "slug");
			json_string(json, facet->values[j].slug);
			key(json, "count");
			json_uint(json, facet->values[j].count);
			key(json, "selected");
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

	key(json, "match");
	json_string(json, str_from_c(matches[result->match]));
	key(json, "total");
	json_uint(json, result->total);
	key(json, "page");
	json_uint(json, result->page);
	key(json, "per_page");
	json_uint(json, result->per_page);
	key(json, "pages");
	json_uint(json, result->pages);
	key(json, "took_ms");
	json_number(json, result->took_ms, 3);
}

void result_to_json(const Result *result, const Query *query, Buf *out)
{
	JsonWriter json = json_writer(out);

	json_begin_object(&json);
	key(&json, "q");
	json_string(&json, result->q);
	if (result->corrected.len) {
		key(&json, "corrected");
		json_string(&json, result->corrected);
		key(&json, "corrected_total");
		json_uint(&json, result->corrected_total);
		key(&json, "is_corrected");
		json_bool(&json, result->is_corrected);
	}
	put_counts(&json, result);
	key(&json, "hits");
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
