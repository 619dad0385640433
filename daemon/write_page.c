/*
 * See write_page.h. The frame is web/page.html; here are the parts that differ from answer to
 * answer, with the classes of web/search.css, so that page and element look alike. All that is
 * foreign passes one of three gates: buf_append_html(), put_marked(), put_url().
 */
#include "write_page.h"

#include "blogsearch/text.h"
#include "blogsearch/web.h"

/* Beyond these a facet's values are found by searching. */
#define VALUES_SHOWN 12
#define TAGS_SHOWN   4
/* What the API gives unasked. */
#define PER_PAGE_USUAL 10
#define LAST_SORT    SORT_SERIES

static const char *const sort_names[] = {
	[SORT_RELEVANCE] = "relevance", [SORT_NEWEST] = "newest", [SORT_OLDEST] = "oldest",
	[SORT_UPDATED] = "updated",     [SORT_TITLE] = "title",   [SORT_SERIES] = "series",
};

/* --- Gates ------------------------------------------------------------------------------------------- */

/* Escaped text with <mark>s: whatever else looks like an element in it becomes text. */
static void put_marked(Buf *out, Str html)
{
	static const Str marks[] = { STR_INIT("<mark>"), STR_INIT("</mark>") };

	while (html.len) {
		size_t n = 1;

		if (*html.data == '<')
			for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
				n = str_starts_with(html, marks[i]) ? marks[i].len : n;
		if (n == 1 && (*html.data == '<' || *html.data == '>'))
			buf_append_c(out, *html.data == '<' ? "&lt;" : "&gt;");
		else
			buf_append(out, str_slice(html, 0, n));
		html = str_from(html, n);
	}
}

/* An address for href: http(s) or of the site; anything else leads nowhere. */
static void put_url(Buf *out, Str url)
{
	buf_append_html(out, str_is_safe_url(url) ? url : STR("#"));
}

/* --- Words ------------------------------------------------------------------------------------------- */

static Str lang_of(const Page *page)
{
	Str lang = page->info ? page->info->default_lang : STR_EMPTY;

	return lang.len ? lang : STR("en");
}

static void put_words(Buf *out, const Page *page, const char *key)
{
	buf_append_html(out, web_words(lang_of(page), key));
}

/* @words with the {names} in it replaced: n pairs of name and value. */
typedef struct Slot {
	const char *name;
	Str value;
} Slot;

static void put_filled(Buf *out, Str words, const Slot *slots, size_t n_slots)
{
	while (words.len) {
		size_t open = str_find_char(words, '{'), close = str_find_char(words, '}');
		Str name;

		if (open == STR_NOT_FOUND || close == STR_NOT_FOUND || close < open) {
			buf_append_html(out, words);
			return;
		}
		name = str_slice(words, open + 1, close);
		buf_append_html(out, str_slice(words, 0, open));
		for (size_t i = 0; i < n_slots; i++)
			if (str_equal(name, str_from_c(slots[i].name)))
				buf_append_html(out, slots[i].value);
		words = str_from(words, close + 1);
	}
}

static Str number_text(const Page *page, uint64_t n)
{
	return arena_printf(page->arena, "%llu", (unsigned long long)n);
}

static void put_count(Buf *out, const Page *page, uint64_t n)
{
	put_filled(out, web_plural(lang_of(page), "count", n), &(Slot){ "n", number_text(page, n) }, 1);
}

/* A facet's heading; a site's own taxonomy is called as it is. */
static void put_facet_name(Buf *out, const Page *page, Str name)
{
	static const Str known[] = {
		STR_INIT("tag"), STR_INIT("category"), STR_INIT("series"), STR_INIT("author"), STR_INIT("section"),
		STR_INIT("lang"), STR_INIT("from"), STR_INIT("to"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_equal(name, known[i])) {
			put_words(out, page, arena_to_c(page->arena, arena_printf(page->arena, "facet_%.*s", STR_ARG(name))));
			return;
		}
	buf_append_html(out, name);
}

/* --- Addresses --------------------------------------------------------------------------------------- */

static Str param(const Page *page, Str name)
{
	for (size_t i = page->n_params; i-- > 0;)
		if (str_equal(page->params[i].name, name))
			return page->params[i].value;
	return STR_EMPTY;
}

static bool is_filter(Str name)
{
	static const Str others[] = { STR_INIT("q"), STR_INIT("sort"), STR_INIT("page"), STR_INIT("per_page"),
		                      STR_INIT("match"), STR_INIT("typo") };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (str_equal(name, others[i]))
			return false;
	return true;
}

static bool has_filters(const Page *page)
{
	for (size_t i = 0; i < page->n_params; i++)
		if (is_filter(page->params[i].name))
			return true;
	return false;
}

static void put_param(Buf *out, char *separator, Str name, Str value)
{
	buf_append_c(out, *separator == '?' ? "?" : "&amp;");
	buf_append_url(out, name, NULL);
	buf_append_char(out, '=');
	buf_append_url(out, value, NULL);
	*separator = '&';
}

/* How an address differs from this page's. Links change what is asked, so they lead to the first page unless they say which. */
typedef struct Change {
	Str name, value, slug; /* this value (or one of that slug) out; */
	bool adds;             /* or in */
	bool clears;           /* all filters out */
	Str q;                 /* other words */
	uint32_t page;
} Change;

static bool is_out(const Page *page, const Change *change, const RequestParam *given)
{
	if (str_equal(given->name, STR("page")) || (change->clears && is_filter(given->name)))
		return true;
	if (change->q.len && str_equal(given->name, STR("q")))
		return true;
	return change->name.len && str_equal(given->name, change->name) &&
	       (str_equal_nocase(given->value, change->value) || str_equal_nocase(given->value, change->slug) ||
	        str_equal(text_slug(given->value, page->arena), text_slug(change->value, page->arena)));
}

static void put_link(Buf *out, const Page *page, const Change *change)
{
	char separator = '?';

	buf_append_html(out, page->base);
	buf_append_char(out, '/');
	if (change->q.len)
		put_param(out, &separator, STR("q"), change->q);
	for (size_t i = 0; i < page->n_params; i++)
		if (!is_out(page, change, &page->params[i]))
			put_param(out, &separator, page->params[i].name, page->params[i].value);
	if (change->adds)
		put_param(out, &separator, change->name, change->slug);
	if (change->page > 1)
		put_param(out, &separator, STR("page"), number_text(page, change->page));
}

/* --- The form ---------------------------------------------------------------------------------------- */

static void put_form(Buf *out, const Page *page)
{
	buf_append_c(out, "<form class=\"head\" id=\"search\" role=\"search\" method=\"get\" action=\"");
	buf_append_html(out, page->base);
	buf_printf(out, "/\"><input class=\"input\" type=\"search\" name=\"q\" maxlength=\"%d\" dir=\"auto\" value=\"",
	           LIMIT_QUERY_BYTES);
	buf_append_html(out, param(page, STR("q")));
	buf_append_c(out, "\" aria-label=\"");
	put_words(out, page, "search");
	buf_append_c(out, "\" placeholder=\"");
	put_words(out, page, "placeholder");
	buf_append_c(out, "\">");
	for (size_t i = 0; i < page->n_params; i++) {
		const RequestParam *given = &page->params[i];

		if (str_equal(given->name, STR("q")) || str_equal(given->name, STR("sort")) || str_equal(given->name, STR("page")))
			continue;
		buf_append_c(out, "<input type=\"hidden\" name=\"");
		buf_append_html(out, given->name);
		buf_append_c(out, "\" value=\"");
		buf_append_html(out, given->value);
		buf_append_c(out, "\">");
	}
	buf_append_c(out, "<button class=\"send\">");
	put_words(out, page, "search");
	buf_append_c(out, "</button></form>\n");
}

/* Relevance means nothing without words, and the order of a series nothing without one. */
static bool has_order(const Page *page, QuerySort sort)
{
	if (page->query->has_sort && page->query->sort == sort)
		return true;
	if (sort == SORT_RELEVANCE)
		return str_trim(page->query->text).len > 0;
	return sort != SORT_SERIES || param(page, STR("series")).len > 0;
}

static void put_orders(Buf *out, const Page *page)
{
	bool is_first = true;

	buf_append_c(out, "<select class=\"sort\" name=\"sort\" form=\"search\" aria-label=\"");
	put_words(out, page, "sort");
	buf_append_c(out, "\">");
	for (QuerySort sort = SORT_RELEVANCE; sort <= LAST_SORT; sort++) {
		if (!has_order(page, sort))
			continue;
		buf_printf(out, "<option value=\"%s\"%s>", is_first ? "" : sort_names[sort],
		           page->query->has_sort && page->query->sort == sort ? " selected" : "");
		put_words(out, page, arena_to_c(page->arena, arena_printf(page->arena, "sort_%s", sort_names[sort])));
		buf_append_c(out, "</option>");
		is_first = false;
	}
	buf_append_c(out, "</select>");
}

/* --- Filters ----------------------------------------------------------------------------------------- */

/* A term's name where the answer knows it: an address may have its slug. */
static Str value_name(const Page *page, const RequestParam *given)
{
	const Result *result = page->result;
	Str facet = query_parameter_facet(given->name, page->facets);

	for (size_t i = 0; result && i < result->n_facets; i++)
		for (size_t j = 0; str_equal(result->facets[i].name, facet) && j < result->facets[i].n_values; j++)
			if (str_equal_nocase(result->facets[i].values[j].slug, given->value))
				return result->facets[i].values[j].name;
	return given->value;
}

static void put_chip(Buf *out, const Page *page, const RequestParam *given)
{
	CLEANUP(buf_deinit) Buf label = BUF_INIT(BUF_NO_CEILING);
	Str name = value_name(page, given), facet = query_parameter_facet(given->name, page->facets);

	buf_append(&label, facet.len ? facet : given->name);
	buf_append_c(&label, ": ");
	buf_append(&label, name);
	buf_append_c(out, "<a class=\"chip\" href=\"");
	put_link(out, page, &(Change){ .name = given->name, .value = given->value, .slug = given->value });
	buf_append_c(out, "\" aria-label=\"");
	put_filled(out, web_words(lang_of(page), "remove_filter"), &(Slot){ "name", buf_str(&label) }, 1);
	buf_append_c(out, "\">");
	if (str_equal(given->name, STR("from")) || str_equal(given->name, STR("to"))) {
		put_facet_name(out, page, given->name);
		buf_append_char(out, ' ');
	}
	buf_append_html(out, name);
	buf_append_c(out, "<span aria-hidden=\"true\">×</span></a>");
}

static void put_chips(Buf *out, const Page *page)
{
	buf_append_c(out, "<div class=\"chips\">");
	for (size_t i = 0; i < page->n_params; i++)
		if (is_filter(page->params[i].name))
			put_chip(out, page, &page->params[i]);
	buf_append_c(out, "</div>");
}

static void put_value(Buf *out, const Page *page, const ResultFacet *facet, const ResultFacetValue *value)
{
	Str name = query_facet_parameter(facet->name, page->arena);

	buf_append_c(out, "<a class=\"value\" rel=\"nofollow\" href=\"");
	put_link(out, page, &(Change){ name, value->name, value->slug, .adds = !value->is_selected });
	buf_append_c(out, value->is_selected ? "\" aria-current=\"true\">" : "\">");
	buf_append_c(out, "<span class=\"box\"></span><span class=\"name\" dir=\"auto\">");
	buf_append_html(out, value->name);
	buf_printf(out, "</span> <span class=\"number\">%u</span></a>", value->count);
}

static void put_facet(Buf *out, const Page *page, const ResultFacet *facet)
{
	buf_append_c(out, "<section class=\"facet\"><h2>");
	put_facet_name(out, page, facet->name);
	buf_append_c(out, "</h2><div class=\"values\">");
	for (size_t i = 0; i < facet->n_values; i++)
		if (i < VALUES_SHOWN || facet->values[i].is_selected)
			put_value(out, page, facet, &facet->values[i]);
	buf_append_c(out, "</div></section>");
}

static void put_facets(Buf *out, const Page *page)
{
	const Result *result = page->result;

	buf_append_c(out, "<div class=\"facets open\">");
	for (size_t i = 0; i < result->n_facets; i++)
		if (result->facets[i].n_values)
			put_facet(out, page, &result->facets[i]);
	buf_append_c(out, "</div>\n");
}

static void put_bar(Buf *out, const Page *page)
{
	if (!page->result->total && !has_filters(page))
		return;
	buf_append_c(out, "<div class=\"bar\"><p class=\"count\">");
	put_count(out, page, page->result->total);
	buf_append_c(out, "</p>");
	if (page->result->total > 1)
		put_orders(out, page);
	put_chips(out, page);
	buf_append_c(out, "</div>\n");
}

/* --- Results ----------------------------------------------------------------------------------------- */

static void put_fact(Buf *out, Str text)
{
	if (!text.len)
		return;
	buf_append_c(out, "<span>");
	buf_append_html(out, text);
	buf_append_c(out, "</span>");
}

static void put_terms(Buf *out, const ResultTerm *terms, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_fact(out, terms[i].name);
}

static void put_series(Buf *out, const Page *page, const ResultSeries *series)
{
	Str text = series->name;

	if (series->has_order)
		text = arena_printf(page->arena, "%.*s %lld/%u", STR_ARG(series->name), (long long)series->order, series->count);
	put_fact(out, text);
}

static void put_tags(Buf *out, const ResultHit *hit)
{
	if (!hit->n_tags)
		return;
	buf_append_c(out, "<span>");
	for (size_t i = 0; i < hit->n_tags && i < TAGS_SHOWN; i++) {
		buf_append_c(out, i ? " #" : "#");
		buf_append_html(out, hit->tags[i].name);
	}
	buf_append_c(out, "</span>");
}

static void put_facts(Buf *out, const Page *page, const ResultHit *hit)
{
	char time[TIME_TEXT_SIZE];

	buf_append_c(out, "<span class=\"meta\">");
	if (hit->published != TIME_NONE)
		put_fact(out, str_slice(str_from_c(time_to_rfc3339(hit->published, time)), 0, 10));
	put_terms(out, hit->authors, hit->n_authors);
	put_terms(out, hit->categories, hit->n_categories);
	for (size_t i = 0; i < hit->n_series; i++)
		put_series(out, page, &hit->series[i]);
	put_tags(out, hit);
	buf_append_c(out, "</span>");
}

static void put_marked_span(Buf *out, const char *class, Str html)
{
	if (!html.len)
		return;
	buf_printf(out, "<span class=\"%s\">", class);
	put_marked(out, html);
	buf_append_c(out, "</span>");
}

static void put_hit(Buf *out, const Page *page, const ResultHit *hit)
{
	buf_append_c(out, "<article class=\"entry\"><a class=\"hit\" dir=\"auto\" href=\"");
	put_url(out, hit->url);
	buf_append_c(out, "\">");
	put_marked_span(out, "title", hit->title_html);
	put_facts(out, page, hit);
	put_marked_span(out, "snippet", hit->snippet_html);
	buf_append_c(out, "</a>");
	for (size_t i = 0; i < hit->n_sections; i++) {
		buf_append_c(out, "<a class=\"section\" dir=\"auto\" href=\"");
		put_url(out, hit->sections[i].url);
		buf_append_c(out, "\"><span aria-hidden=\"true\">#</span>");
		put_marked_span(out, "title", hit->sections[i].title_html);
		put_marked_span(out, "snippet", hit->sections[i].snippet_html);
		buf_append_c(out, "</a>");
	}
	buf_append_c(out, "</article>\n");
}

static void put_notes(Buf *out, const Page *page)
{
	const Result *result = page->result;
	Str words = web_words(lang_of(page), result->is_corrected ? "looked_for" : "did_you_mean");
	size_t at = str_find(words, STR("{q}"));

	buf_append_c(out, "<div class=\"notes\">");
	if (result->corrected.len && at != STR_NOT_FOUND) {
		buf_append_c(out, "<p>");
		buf_append_html(out, str_slice(words, 0, at));
		buf_append_c(out, "<a class=\"link\" href=\"");
		put_link(out, page, &(Change){ .q = result->corrected });
		buf_append_c(out, "\">");
		buf_append_html(out, result->corrected);
		buf_append_c(out, "</a>");
		buf_append_html(out, str_from(words, at + 3));
		if (!result->is_corrected) {
			buf_append_c(out, " (");
			put_count(out, page, result->corrected_total);
			buf_append_c(out, ")");
		}
		buf_append_c(out, "</p>");
	}
	if (result->match == RESULT_RELAXED && result->total) {
		buf_append_c(out, "<p>");
		put_words(out, page, "relaxed");
		buf_append_c(out, "</p>");
	}
	buf_append_c(out, "</div>\n");
}

static void put_turn(Buf *out, const Page *page, uint32_t number, const char *key, const char *relation)
{
	buf_append_c(out, "<a class=\"action\" rel=\"");
	buf_append_c(out, relation);
	buf_append_c(out, "\" href=\"");
	put_link(out, page, &(Change){ .page = number });
	buf_append_c(out, "\">");
	put_words(out, page, key);
	buf_append_c(out, "</a>");
}

static void put_pages(Buf *out, const Page *page)
{
	const Result *result = page->result;
	const Slot slots[] = { { "n", number_text(page, result->page) }, { "count", number_text(page, result->pages) } };

	if (result->pages < 2)
		return;
	buf_append_c(out, "<nav class=\"pages\" aria-label=\"");
	put_words(out, page, "results");
	buf_append_c(out, "\">");
	if (result->page > 1)
		put_turn(out, page, result->page > result->pages ? result->pages : result->page - 1, "page_previous", "prev");
	buf_append_c(out, "<span>");
	put_filled(out, web_words(lang_of(page), "page_of"), slots, ARRAY_SIZE(slots));
	buf_append_c(out, "</span>");
	if (result->page < result->pages && (uint64_t)(result->page + 1) * result->per_page <= LIMIT_HITS_DEEP)
		put_turn(out, page, result->page + 1, "page_next", "next");
	buf_append_c(out, "</nav>\n");
}

static void put_nothing(Buf *out, const Page *page)
{
	Str q = str_trim(page->query->text);

	buf_append_c(out, "<div class=\"message\"><p class=\"title\">");
	if (q.len)
		put_filled(out, web_words(lang_of(page), "none"), &(Slot){ "q", q }, 1);
	else
		put_count(out, page, 0);
	buf_append_c(out, "</p>");
	if (q.len) {
		buf_append_c(out, "<p>");
		put_words(out, page, "none_hint");
		buf_append_c(out, "</p>");
	}
	if (has_filters(page)) {
		buf_append_c(out, "<a class=\"action\" href=\"");
		put_link(out, page, &(Change){ .clears = true });
		buf_append_c(out, "\">");
		put_words(out, page, "clear_filters");
		buf_append_c(out, "</a>");
	}
	buf_append_c(out, "</div>\n");
}

static void put_results(Buf *out, const Page *page)
{
	put_bar(out, page);
	put_facets(out, page);
	buf_append_c(out, "<div class=\"body\">");
	put_notes(out, page);
	if (page->result->n_hits) {
		buf_append_c(out, "<div class=\"list\">\n");
		for (size_t i = 0; i < page->result->n_hits; i++)
			put_hit(out, page, &page->result->hits[i]);
		buf_append_c(out, "</div>\n");
	} else if (!page->result->total) {
		put_nothing(out, page);
	}
	put_pages(out, page);
	buf_append_c(out, "</div>\n");
}

/* A question that is refused says why; anything else is ours, and asking again may help. */
static void put_error(Buf *out, const Page *page)
{
	const Error *err = page->err;
	int status = error_http_status(err->code);

	buf_append_c(out, "<div class=\"body\"><div class=\"message\" role=\"alert\"><p class=\"title\">");
	if (status >= 400 && status < 500) {
		buf_append_html(out, str_from_c(err->what));
		if (err->hint) {
			buf_append_c(out, "</p><p>");
			buf_append_html(out, str_from_c(err->hint));
		}
		buf_append_c(out, "</p>");
	} else {
		put_words(out, page, "unavailable");
		buf_append_c(out, "</p><a class=\"action\" href=\"");
		put_link(out, page, &(Change){ .page = 1 });
		buf_append_c(out, "\">");
		put_words(out, page, "retry");
		buf_append_c(out, "</a>");
	}
	buf_append_c(out, "</div></div>\n");
}

/* --- The page ---------------------------------------------------------------------------------------- */

static bool is_right_to_left(Str lang)
{
	static const char *const scripts[] = { "ar", "he", "fa", "ur", "yi", "ps", "ckb", "dv" };

	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
		Str tag = str_from_c(scripts[i]);

		if (str_starts_with_nocase(lang, tag) && (lang.len == tag.len || lang.data[tag.len] == '-'))
			return true;
	}
	return false;
}

static Str site_title(const Page *page)
{
	if (page->settings->page_title.len)
		return page->settings->page_title;
	return page->info && page->info->site_title.len ? page->info->site_title : web_words(lang_of(page), "search");
}

static void put_title(Buf *out, const Page *page)
{
	Str q = str_trim(param(page, STR("q")));

	if (q.len) {
		buf_append_html(out, q);
		buf_append_c(out, " – ");
	}
	buf_append_html(out, site_title(page));
}

static void put_site(Buf *out, const Page *page)
{
	bool has_url = page->info && page->info->base_url.len;

	buf_append_c(out, has_url ? "<a href=\"" : "<span>");
	if (has_url) {
		put_url(out, page->info->base_url);
		buf_append_c(out, "\">");
	}
	buf_append_html(out, site_title(page));
	buf_append_c(out, has_url ? "</a>" : "</span>");
}

static void put_content(Buf *out, const Page *page)
{
	put_form(out, page);
	if (page->err)
		put_error(out, page);
	else
		put_results(out, page);
}

static bool are_usual(FacetNames facets)
{
	const EngineOptions usual = engine_options_default();

	for (size_t i = 0; i < facets.n_counted && facets.n_counted == usual.n_facets; i++)
		if (!str_equal(facets.counted[i], usual.facets[i]))
			return false;
	return facets.n_counted == usual.n_facets;
}

/* Of these the element knows by itself that an address may filter by them. */
static bool is_own_filter(Str facet)
{
	static const Str own[] = {
		STR_INIT("tag"), STR_INIT("category"), STR_INIT("series"), STR_INIT("author"), STR_INIT("section"),
		STR_INIT("lang"), STR_INIT("year"), STR_INIT("month"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (str_equal(facet, own[i]))
			return true;
	return false;
}

/* The site's further facets, shown or not: a link may filter by them. */
static void put_further_filters(Buf *out, const Page *page)
{
	bool is_first = true;

	for (size_t i = 0; i < page->facets.n; i++) {
		if (is_own_filter(page->facets.names[i]))
			continue;
		buf_append_c(out, is_first ? " filters=\"" : ",");
		buf_append_html(out, page->facets.names[i]);
		is_first = false;
	}
	if (!is_first)
		buf_append_char(out, '"');
}

/* What the element has to ask for to show what the page shows: nothing where that is what comes unasked. */
static void put_attributes(Buf *out, const Page *page)
{
	if (page->info && !are_usual(page->facets)) {
		buf_append_c(out, " facets=\"");
		for (size_t i = 0; i < page->facets.n_counted; i++) {
			buf_append_c(out, i ? "," : "");
			buf_append_html(out, page->facets.counted[i]);
		}
		buf_append_c(out, "\"");
	}
	if (page->settings->page_results != PER_PAGE_USUAL)
		buf_printf(out, " per-page=\"%u\"", page->settings->page_results);
	if (page->settings->page_theme.len)
		buf_printf(out, " theme=\"%.*s\"", STR_ARG(page->settings->page_theme));
	put_further_filters(out, page);
}

static void put_theme(Buf *out, const Page *page)
{
	if (page->settings->page_theme.len)
		buf_printf(out, " data-theme=\"%.*s\"", STR_ARG(page->settings->page_theme));
}

static void put_slot(Buf *out, const Page *page, Str slot)
{
	if (str_equal(slot, STR("lang")))
		buf_append_html(out, lang_of(page));
	else if (str_equal(slot, STR("dir")))
		buf_append_c(out, is_right_to_left(lang_of(page)) ? "rtl" : "ltr");
	else if (str_equal(slot, STR("title")))
		put_title(out, page);
	else if (str_equal(slot, STR("base")))
		buf_append_html(out, page->base);
	else if (str_equal(slot, STR("site")))
		put_site(out, page);
	else if (str_equal(slot, STR("attributes")))
		put_attributes(out, page);
	else if (str_equal(slot, STR("theme")))
		put_theme(out, page);
	else if (str_equal(slot, STR("search")))
		put_words(out, page, "search");
	else if (str_equal(slot, STR("content")))
		put_content(out, page);
}

void write_page(const Page *page, Buf *out)
{
	Str rest = web_page(), html, slot;

	while (web_page_next(&rest, &html, &slot)) {
		buf_append(out, html);
		put_slot(out, page, slot);
	}
}
