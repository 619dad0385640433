/*
 * Pages like a page: those that share its telling words (often in it, in few others), its
 * terms and its series. Each shared thing counts by how rare it is,
 *
 *	score(p) = sum over shared words:  idf^2 * here * there,  each tf / (K1 + tf)
 *	         + sum over shared terms:  WEIGHT_TERM * idf;  series: WEIGHT_SERIES * idf
 *
 * and is named as the reason. Only pages of the same language, and no lists.
 */
#include <math.h>
#include <stdlib.h>

#include "blogsearch/clock.h"
#include "blogsearch/map.h"
#include "blogsearch/vec.h"
#include "pages.h"

#define N_WORDS       24 /* of the page that are looked up */
#define N_REASONS     5  /* words named for a page */
#define K1            1.2f
#define WEIGHT_TERM   2.5f
#define WEIGHT_SERIES 5.0f
/* What more than a quarter of the pages have says little; where there are few pages it may be on all of these. */
#define COMMON_SHARE  4
#define FEW_PAGES     10

static const float field_weights[N_TEXT_FIELDS] = {
	[FIELD_TITLE] = 3.0f,    [FIELD_HEADINGS] = 2.0f, [FIELD_PROSE] = 1.0f,
	[FIELD_CODE] = 0.2f,     [FIELD_CAPTIONS] = 1.0f, [FIELD_TERMS] = 1.5f,
};

typedef struct TellingWord {
	Str form; /* as it stands in the index */
	Str word; /* as the page writes it; in lower case where it does so anywhere */
	bool is_ngram;
	float tf;
	float weight;     /* what it is chosen by */
	uint32_t n_pages; /* that have it */
	CachedPostings *postings;
} TellingWord;

typedef struct Relating {
	Engine *engine;
	const Catalog *catalog;
	StoreReader *reader;
	Analyzer *analyzer;
	Arena *arena;
	uint64_t deadline_ns;

	uint32_t page;
	Str lang;
	Str text; /* being analyzed, and its field */
	TextField field;
	Map numbers; /* form → number in words, from 1 */
	VEC(TellingWord) words;
	size_t n_chosen; /* the first of words */
	float *scores;   /* by page */
} Relating;

static float idf(const Relating *relating, uint32_t n_pages)
{
	double n_all = relating->catalog->n_pages;

	return (float)log(1.0 + (n_all - n_pages + 0.5) / (n_pages + 0.5));
}

static float saturate(float tf)
{
	return tf / (K1 + tf);
}

/* --- The page's telling words ------------------------------------------------------------------- */

static bool is_number(Str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] < '0' || word.data[i] > '9')
			return false;
	return true;
}

static bool is_lower(Str word)
{
	CLEANUP(buf_deinit) Buf lower = BUF_INIT(BUF_NO_CEILING);

	text_lower_case(word, &lower);
	return str_equal(word, buf_str(&lower));
}

static TellingWord *word_of_form(Relating *relating, Str form, const Token *token)
{
	bool is_new;
	MapEntry *entry = map_put(&relating->numbers, form, &is_new);

	if (is_new) {
		vec_push(&relating->words, (TellingWord){
			.form = arena_str_dup(relating->arena, form), .is_ngram = token->kind == TOKEN_NGRAM,
			.n_pages = (uint32_t)vocabulary_count(engine_vocabulary(relating->engine), token->exact),
		});
		entry->value = relating->words.n;
	}
	return &relating->words.items[entry->value - 1];
}

static bool take_word(void *context, const Token *token)
{
	Relating *relating = context;
	Str written = str_slice(relating->text, token->start, token->end);
	TellingWord *word;

	if (token->kind == TOKEN_PIECE || token->kind == TOKEN_NGRAM_LAST || token->exact.len < 2 ||
	    is_number(token->exact) || text_is_stop_word(relating->lang, token->exact, false) ||
	    (token->kind == TOKEN_WHOLE && token->stem.len)) /* with an apostrophe: its words tell as much */
		return true;
	word = word_of_form(relating, token->stem.len ? store_stem_term(token->stem, relating->arena) : token->exact,
	                    token);
	word->tf += field_weights[relating->field];
	if (!word->word.len || (relating->field != FIELD_CODE && is_lower(written) &&
	                        !is_lower(word->word)))
		word->word = written;
	return true;
}

/* Rarer than on a share of the pages, and on another page at all. */
static bool is_telling(const Relating *relating, uint32_t n_pages)
{
	uint32_t n_all = relating->catalog->n_pages;

	return n_pages > 1 && (n_pages <= n_all / COMMON_SHARE || n_pages <= FEW_PAGES);
}

static int compare_words(const void *a, const void *b)
{
	const TellingWord *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return str_compare(x->form, y->form);
}

static void choose_words(Relating *relating)
{
	VEC_FOREACH (word, &relating->words) {
		/* How many pages have a pair of characters is known once it is looked up. */
		if (word->is_ngram && word->tf >= 2)
			word->weight = saturate(word->tf);
		else if (!word->is_ngram && is_telling(relating, word->n_pages))
			word->weight = saturate(word->tf) * idf(relating, word->n_pages);
	}
	if (relating->words.n)
		qsort(relating->words.items, relating->words.n, sizeof(TellingWord), compare_words);
	while (relating->n_chosen < N_WORDS && relating->n_chosen < relating->words.n &&
	       relating->words.items[relating->n_chosen].weight > 0)
		relating->n_chosen++;
}

static bool find_words(Relating *relating, Error *err)
{
	StoreText *text;

	if (!store_text(relating->reader, relating->page, relating->arena, &text, err))
		return false;
	relating->lang = text->lang;
	for (TextField field = 0; field < N_TEXT_FIELDS; field++) {
		FieldText *pieces;
		size_t n = store_field_texts(text, field, relating->arena, &pieces);

		relating->field = field;
		for (size_t i = 0; i < n; i++) {
			relating->text = pieces[i].text;
			analyze(relating->analyzer, pieces[i].text, text->lang, take_word, relating);
		}
	}
	choose_words(relating);
	return true;
}

static bool fetch_words(Relating *relating, Error *err)
{
	for (size_t i = 0; i < relating->n_chosen; i++) {
		TellingWord *word = &relating->words.items[i];
		PhraseTerm term = { &word->form, 1 };

		if (!posting_cache_fetch(engine_postings(relating->engine), relating->reader, &term, 1, false,
		                         relating->deadline_ns, &word->postings, err))
			return false;
		word->n_pages = word->postings->postings.n_pages;
	}
	return true;
}

static void release_words(Relating *relating)
{
	for (size_t i = 0; i < relating->n_chosen; i++)
		if (relating->words.items[i].postings)
			posting_cache_release(engine_postings(relating->engine), relating->words.items[i].postings);
	map_deinit(&relating->numbers);
	vec_deinit(&relating->words);
}

/* --- Scores ---------------------------------------------------------------------------------------- */

static bool is_candidate(const Relating *relating, uint32_t page)
{
	const Catalog *catalog = relating->catalog;

	return page < catalog->n_slots && page != relating->page && (catalog->flags[page] & CATALOG_PRESENT) &&
	       catalog->kind[page] == PAGE_PAGE && catalog->lang[page] == catalog->lang[relating->page];
}

/* What @word says for a page that has it in these places. */
static float worth_of_word(const Relating *relating, const TellingWord *word, PlaceCursor places)
{
	float rarity = idf(relating, word->n_pages), tf = 0;
	uint32_t n[N_TEXT_FIELDS];

	places_count(places, n);
	for (TextField f = 0; f < N_TEXT_FIELDS; f++)
		tf += field_weights[f] * (float)n[f];
	return rarity * rarity * saturate(word->tf) * saturate(tf);
}

static void add_words(Relating *relating)
{
	for (size_t i = 0; i < relating->n_chosen; i++) {
		const TellingWord *word = &relating->words.items[i];
		PostingWalk walk = postings_walk(&word->postings->postings);
		const uint8_t *at = word->postings->postings.bytes;

		while (is_telling(relating, word->n_pages) && posting_next(&walk)) {
			PlaceCursor places = postings_next_places(&at);

			if (is_candidate(relating, walk.page))
				relating->scores[walk.page] += worth_of_word(relating, word, places);
		}
	}
}

static bool is_series(const Relating *relating, uint32_t term)
{
	return (int)relating->catalog->terms[term].facet == engine_find_facet(relating->engine, STR("series"));
}

static void add_terms(Relating *relating)
{
	const Catalog *catalog = relating->catalog;
	const TermPages *term_pages = engine_term_pages(relating->engine);

	for (uint32_t i = catalog->term_start[relating->page]; i < catalog->term_start[relating->page + 1]; i++) {
		uint32_t term = catalog->term_ids[i], first = term_pages->start[term], end = term_pages->start[term + 1];
		float worth = idf(relating, end - first) * (is_series(relating, term) ? WEIGHT_SERIES : WEIGHT_TERM);

		for (uint32_t j = first; j < end; j++)
			if (is_candidate(relating, term_pages->pages[j]))
				relating->scores[term_pages->pages[j]] += worth;
	}
}

/* --- The best, and why ------------------------------------------------------------------------------ */

static bool is_before(const Relating *relating, uint32_t a, uint32_t b)
{
	float x = relating->scores[a], y = relating->scores[b];
	int64_t newer = relating->catalog->published[a], other = relating->catalog->published[b];

	if (x != y)
		return x > y;
	return newer != other ? newer > other : relating->catalog->file_rank[a] < relating->catalog->file_rank[b];
}

/* The @n_wanted best pages, by insertion: few are wanted. */
static uint32_t *best_pages(const Relating *relating, uint32_t n_wanted, uint32_t *ret_n)
{
	uint32_t *best = arena_new_n(relating->arena, uint32_t, (size_t)n_wanted + 1), n = 0;

	for (uint32_t page = 1; page < relating->catalog->n_slots; page++) {
		uint32_t at = n;

		if (relating->scores[page] <= 0 || (n == n_wanted && !is_before(relating, page, best[n - 1])))
			continue;
		for (; at > 0 && is_before(relating, page, best[at - 1]); at--)
			best[at] = best[at - 1];
		best[at] = page;
		n += n < n_wanted;
	}
	*ret_n = n;
	return best;
}

static bool has_term(const Catalog *catalog, uint32_t page, uint32_t term)
{
	for (uint32_t i = catalog->term_start[page]; i < catalog->term_start[page + 1]; i++)
		if (catalog->term_ids[i] == term)
			return true;
	return false;
}

static void name_terms(const Relating *relating, uint32_t page, RelatedPage *related)
{
	const Catalog *catalog = relating->catalog;
	uint32_t first = catalog->term_start[relating->page], end = catalog->term_start[relating->page + 1];
	Str lang = catalog->langs[catalog->lang[relating->page]];

	related->terms = arena_new_n(relating->arena, RelatedTerm, end - first);
	related->series = arena_new_n(relating->arena, ResultTerm, end - first);
	for (uint32_t i = first; i < end; i++) {
		uint32_t term = catalog->term_ids[i];
		ResultTerm result = result_term(catalog, term, lang, relating->arena);

		if (!has_term(catalog, page, term))
			continue;
		if (is_series(relating, term))
			related->series[related->n_series++] = result;
		else
			related->terms[related->n_terms++] =
				(RelatedTerm){ catalog->facets[catalog->terms[term].facet].name, result };
	}
}

/* The words that said most for @page, best first. */
static void name_words(const Relating *relating, uint32_t page, RelatedPage *related)
{
	float worths[N_REASONS + 1];

	related->words = arena_new_n(relating->arena, Str, N_REASONS + 1);
	for (size_t i = 0; i < relating->n_chosen; i++) {
		const TellingWord *word = &relating->words.items[i];
		size_t at = related->n_words;
		uint32_t posting;
		float worth;

		if (!is_telling(relating, word->n_pages) || !postings_find(&word->postings->postings, page, &posting))
			continue;
		worth = worth_of_word(relating, word, postings_places(&word->postings->postings, posting));
		for (; at > 0 && worth > worths[at - 1]; at--) {
			worths[at] = worths[at - 1];
			related->words[at] = related->words[at - 1];
		}
		worths[at] = worth;
		related->words[at] = word->word;
		related->n_words += related->n_words < N_REASONS;
	}
}

static bool list_best(const Relating *relating, uint32_t n_wanted, Related *related, Error *err)
{
	uint32_t n, *best = best_pages(relating, n_wanted, &n);

	related->items = arena_new_n(relating->arena, RelatedPage, n);
	for (; related->n < n; related->n++) {
		RelatedPage *item = &related->items[related->n];
		uint32_t page = best[related->n];

		if (!list_page(relating->catalog, relating->reader, page, relating->arena, &item->page, err))
			return false;
		item->score = (double)relating->scores[page];
		name_terms(relating, page, item);
		name_words(relating, page, item);
	}
	return true;
}

static bool relate(Relating *relating, const Question *question, Related *related, Error *err)
{
	if (!find_page(relating->catalog, relating->reader, question->url, relating->arena, &relating->page, err) ||
	    !list_page(relating->catalog, relating->reader, relating->page, relating->arena, &related->page, err) ||
	    !find_words(relating, err) || !fetch_words(relating, err))
		return false;
	relating->scores = arena_new_n(relating->arena, float, relating->catalog->n_slots);
	add_words(relating);
	add_terms(relating);
	return list_best(relating, question->limit, related, err);
}

bool related_run(Engine *engine, const Question *question, Arena *arena, Related **ret_related, Error *err)
{
	Related *related = arena_new(arena, Related);
	EngineWorker worker;
	Relating relating = {
		.engine = engine, .catalog = engine_catalog(engine), .arena = arena,
		.deadline_ns = question->time_limit_ms ? monotonic_ns() + question->time_limit_ms * UINT64_C(1000000) : 0,
	};
	bool is_done;

	if (!engine_take_worker(engine, question->time_limit_ms, &worker, err))
		return false;
	relating.reader = worker.reader;
	relating.analyzer = worker.analyzer;
	is_done = relate(&relating, question, related, err);
	release_words(&relating);
	engine_give_worker(engine, worker);
	if (is_done)
		*ret_related = related;
	return is_done;
}
