/*
 * Completions while typing: values of facets, phrases that titles share, frequent words and
 * titles that go on as what is typed begins. Each kind is a stretch of a list in order
 * (completion_lists.c, title_index.h), of which the best are kept; each has its share of the
 * answer, and what one leaves the others take. Forms of one word are suggested once.
 */
#include <stdlib.h>

#include "blogsearch/vec.h"
#include "pages.h"
#include "steps.h"
#include "word_starts.h"

#define N_KINDS (SUGGESTION_TITLE + 1)
#define MOST_TOKENS 8  /* of what is typed that titles are looked up by */
#define WORDS_LOOKED_AT 64 /* the most frequent ones, of which forms of one word are left out */

/* How well it goes on as was typed; the smaller the better. */
typedef enum Closeness {
	CLOSE_SAME,  /* it is what was typed                    */
	CLOSE_BEGINS,
	CLOSE_WORD,  /* the word at hand is one of its words    */
	CLOSE_INSIDE, /* one of its words begins so             */
} Closeness;

typedef struct Candidate {
	Closeness closeness;
	uint32_t count;
	uint32_t number; /* of the term, phrase or word; the page of a title */
} Candidate;

/* The best candidates of a kind, best first. */
typedef struct Best {
	Candidate items[WORDS_LOOKED_AT];
	uint32_t n, most;
} Best;

typedef struct Suggesting {
	Engine *engine;
	const Catalog *catalog;
	const CompletionLists *lists;
	const TitleIndex *titles;
	EngineWorker *worker;
	Arena *arena;
	Str q;         /* that is completed */
	Str beginning; /* folded */
	Str tokens[MOST_TOKENS]; /* the words of it; the last one may go on */
	uint32_t n_tokens;
	uint32_t whole_end; /* bytes of a name that is looked up as it is */
	Best best[N_KINDS];
	Str stems[WORDS_LOOKED_AT + LIMIT_SUGGESTIONS]; /* of single words that are suggested */
	uint32_t n_stems;
	Suggestions *suggestions;
} Suggesting;

/* --- Keeping the best ---------------------------------------------------------------------------- */

static int compare_texts_of(const Suggesting *suggesting, SuggestionKind kind, uint32_t a, uint32_t b)
{
	const Catalog *catalog = suggesting->catalog;

	switch (kind) {
	case SUGGESTION_TERM:
		return str_compare(catalog->terms[a].name, catalog->terms[b].name);
	case SUGGESTION_TITLE: /* the newest first */
		if (catalog->published[a] != catalog->published[b])
			return catalog->published[a] > catalog->published[b] ? -1 : 1;
		return catalog->file_rank[a] < catalog->file_rank[b] ? -1 : 1;
	case SUGGESTION_PHRASE:
	case SUGGESTION_WORD:
		break; /* their numbers are in order */
	}
	return a < b ? -1 : 1;
}

static bool is_better(const Suggesting *suggesting, SuggestionKind kind, const Candidate *a, const Candidate *b)
{
	if (a->closeness != b->closeness)
		return a->closeness < b->closeness;
	if (a->count != b->count)
		return a->count > b->count;
	return compare_texts_of(suggesting, kind, a->number, b->number) < 0;
}

/* False where it was not good enough. */
static bool keep(Suggesting *suggesting, SuggestionKind kind, Candidate candidate)
{
	Best *best = &suggesting->best[kind];
	uint32_t at;

	for (uint32_t i = 0; i < best->n; i++)
		if (best->items[i].number == candidate.number) {
			if (!is_better(suggesting, kind, &candidate, &best->items[i]))
				return true;
			memmove(&best->items[i], &best->items[i + 1], (best->n - i - 1) * sizeof(Candidate));
			best->n--;
		}
	if (best->n == best->most && !is_better(suggesting, kind, &candidate, &best->items[best->n - 1]))
		return false;
	at = best->n < best->most ? best->n++ : best->n - 1;
	for (; at > 0 && is_better(suggesting, kind, &candidate, &best->items[at - 1]); at--)
		best->items[at] = best->items[at - 1];
	best->items[at] = candidate;
	return true;
}

/* --- Terms, phrases, words -------------------------------------------------------------------------- */

static void find_terms(Suggesting *suggesting)
{
	const FacetTable *table = engine_facet_table(suggesting->engine);
	Str beginning = suggesting->beginning;
	uint32_t first, end;

	find_term_starts(suggesting->lists, beginning, &first, &end);
	for (uint32_t i = first; i < end; i++) {
		const TermStart *start = &suggesting->lists->terms[i];
		bool is_same = start->rest.len == beginning.len;

		if (table->totals[start->term])
			keep(suggesting, SUGGESTION_TERM, (Candidate){
				start->is_whole ? (is_same ? CLOSE_SAME : CLOSE_BEGINS) : is_same ? CLOSE_WORD : CLOSE_INSIDE,
				table->totals[start->term], start->term });
	}
}

static void find_phrases(Suggesting *suggesting)
{
	const TitleIndex *titles = suggesting->titles;
	uint32_t first, end;

	title_index_find(titles, true, suggesting->beginning, &first, &end);
	for (uint32_t i = first; i < end; i++)
		keep(suggesting, SUGGESTION_PHRASE, (Candidate){ CLOSE_BEGINS, titles->count[i], i });
}

static void find_words(Suggesting *suggesting)
{
	const CompletionLists *lists = suggesting->lists;
	uint32_t first, end;

	find_frequent_words(lists, suggesting->beginning, &first, &end);
	for (uint32_t i = first; i < end; i++)
		keep(suggesting, SUGGESTION_WORD, (Candidate){
			lists->words[i].word.len == suggesting->beginning.len ? CLOSE_SAME : CLOSE_BEGINS,
			lists->words[i].n_pages, i });
}

/* --- Titles ------------------------------------------------------------------------------------------- */

static Closeness closeness_of_entry(TitleEntry entry, bool is_same)
{
	if (TITLE_ENTRY_IS_FIRST(entry))
		return is_same ? CLOSE_SAME : CLOSE_BEGINS;
	return is_same ? CLOSE_WORD : CLOSE_INSIDE;
}

/* The pages whose titles have a word that begins with @token. */
static PageSet pages_of_token(const Suggesting *suggesting, Str token)
{
	const TitleIndex *titles = suggesting->titles;
	PageSet pages = page_set_new(suggesting->catalog->n_slots, suggesting->arena);
	uint32_t first, end;

	title_index_find(titles, false, token, &first, &end);
	for (uint32_t i = titles->entry_start[first]; i < titles->entry_start[end]; i++)
		page_set_add(pages, TITLE_ENTRY_PAGE(titles->entries[i]));
	return pages;
}

/* A word's entries are best first: what follows one that is not good enough is not either. */
static void keep_titles_of_word(Suggesting *suggesting, uint32_t word, bool is_same, const PageSet *within)
{
	const TitleIndex *titles = suggesting->titles;

	for (uint32_t i = titles->entry_start[word]; i < titles->entry_start[word + 1]; i++) {
		uint32_t page = TITLE_ENTRY_PAGE(titles->entries[i]);
		Candidate candidate = { closeness_of_entry(titles->entries[i], is_same), 1, page };

		if (within && !page_set_has(*within, page))
			continue;
		if (!keep(suggesting, SUGGESTION_TITLE, candidate))
			return;
	}
}

/* All words must be there; the last one decides how close a title is. */
static void find_titles(Suggesting *suggesting)
{
	const TitleIndex *titles = suggesting->titles;
	Str last = suggesting->tokens[suggesting->n_tokens - 1];
	PageSet within = { 0 };
	uint32_t first, end;

	for (uint32_t i = 0; i + 1 < suggesting->n_tokens; i++) {
		PageSet pages = pages_of_token(suggesting, suggesting->tokens[i]);

		if (i == 0)
			within = pages;
		else
			page_set_and(within, pages);
	}
	title_index_find(titles, false, last, &first, &end);
	for (uint32_t i = first; i < end; i++)
		keep_titles_of_word(suggesting, i, title_index_key(titles, i).len == last.len,
		                    suggesting->n_tokens > 1 ? &within : NULL);
}

/* --- What was typed -------------------------------------------------------------------------------------- */

static bool take_token(void *context, const Token *token)
{
	Suggesting *suggesting = context;

	/* The last character of a run is in the pair before it; a name is found by its words, but C++ is no C. */
	if (token->kind == TOKEN_PIECE || (token->kind == TOKEN_WHOLE && !is_more_than_its_words(token->exact)) ||
	    (token->kind == TOKEN_NGRAM_LAST && suggesting->n_tokens) || token->end <= suggesting->whole_end)
		return true;
	if (token->kind == TOKEN_WHOLE)
		suggesting->whole_end = token->end;
	if (suggesting->n_tokens < MOST_TOKENS)
		suggesting->tokens[suggesting->n_tokens++] = arena_str_dup(suggesting->arena, token->exact);
	return true;
}

static void find_all(Suggesting *suggesting, Str q, uint32_t limit)
{
	suggesting->q = q;
	suggesting->beginning = text_fold_dup(str_trim(q), suggesting->arena);
	suggesting->n_tokens = suggesting->whole_end = 0;
	for (unsigned kind = 0; kind < N_KINDS; kind++)
		suggesting->best[kind] = (Best){ .most = kind == SUGGESTION_WORD ? WORDS_LOOKED_AT : limit };
	analyze_places(suggesting->worker->analyzer, q, take_token, suggesting);
	if (!suggesting->beginning.len)
		return;
	find_terms(suggesting);
	find_phrases(suggesting);
	find_words(suggesting);
	if (suggesting->n_tokens)
		find_titles(suggesting);
}

static bool has_found(const Suggesting *suggesting)
{
	for (unsigned kind = 0; kind < N_KINDS; kind++)
		if (suggesting->best[kind].n)
			return true;
	return false;
}

/* @q with its last word corrected, where the site has one that begins nearly so. */
static bool correct_last(Suggesting *suggesting, Str *ret_q)
{
	Search search = { .engine = suggesting->engine, .catalog = suggesting->catalog, .arena = suggesting->arena };
	Correction corrections[MOST_CORRECTIONS];
	Str last = suggesting->n_tokens ? suggesting->tokens[suggesting->n_tokens - 1] : STR_EMPTY;

	if (!str_ends_with(suggesting->beginning, last) || !find_corrections(&search, last, true, corrections))
		return false;
	*ret_q = arena_concat(suggesting->arena,
	                      str_slice(suggesting->beginning, 0, suggesting->beginning.len - last.len),
	                      corrections[0].word);
	return true;
}

/* --- Forms of one word -------------------------------------------------------------------------------------- */

typedef struct Stem {
	Str stem;
	unsigned n_tokens;
	Arena *arena;
} Stem;

static bool take_stem(void *context, const Token *token)
{
	Stem *stem = context;

	stem->n_tokens += token->kind != TOKEN_PIECE;
	stem->stem = arena_str_dup(stem->arena, token->stem.len ? token->stem : token->exact);
	return stem->n_tokens < 2;
}

/* `held-karp`, `held_karp` and `Held Karp` are one thing. */
static Str without_joiners(Str text, Arena *arena)
{
	Str folded = text_fold_dup(text, arena);
	char *out = arena_to_c(arena, folded);

	for (size_t i = 0; i < folded.len; i++)
		if (strchr("-_", out[i]))
			out[i] = ' ';
	return (Str){ out, folded.len };
}

/* The stem of a single word in the site's language; otherwise all words. */
static Str stem_of(const Suggesting *suggesting, Str text)
{
	Stem stem = { .arena = suggesting->arena };

	analyze(suggesting->worker->analyzer, text, suggesting->catalog->default_lang, take_stem, &stem);
	return stem.n_tokens == 1 ? stem.stem : without_joiners(text, suggesting->arena);
}

/* Whether another form of it, or the same in another kind, is suggested already; if not, it is from now on. */
static bool is_suggested(Suggesting *suggesting, Str text)
{
	Str stem = stem_of(suggesting, text);

	for (uint32_t i = 0; i < suggesting->n_stems; i++)
		if (str_equal(suggesting->stems[i], stem))
			return true;
	if (suggesting->n_stems < ARRAY_SIZE(suggesting->stems))
		suggesting->stems[suggesting->n_stems++] = stem;
	return false;
}

/* `google summer` where as many titles have `google summer of code`. */
static bool is_part_of_longer(const Suggesting *suggesting, const Candidate *candidate)
{
	const TitleIndex *titles = suggesting->titles;
	Str key = title_index_key(titles, candidate->number);

	for (uint32_t i = candidate->number + 1; i < titles->n_words + titles->n_phrases; i++) {
		Str longer = title_index_key(titles, i);

		if (!str_starts_with(longer, key))
			return false;
		if (longer.data[key.len] == ' ' && titles->count[i] >= candidate->count)
			return true;
	}
	return false;
}

/* --- The answer ------------------------------------------------------------------------------------------------ */

static Suggestion *new_suggestion(Suggesting *suggesting, SuggestionKind kind, Str text, uint32_t count)
{
	Suggestion *suggestion = &suggesting->suggestions->items[suggesting->suggestions->n++];

	*suggestion = (Suggestion){
		.kind = kind, .text = text, .count = count,
		.text_html = mark_word_starts(suggesting->worker->analyzer, text, suggesting->q, suggesting->arena),
	};
	return suggestion;
}

static void add_term(Suggesting *suggesting, const Candidate *candidate)
{
	const CatalogTerm *term = &suggesting->catalog->terms[candidate->number];
	Suggestion *suggestion = new_suggestion(suggesting, SUGGESTION_TERM, term->name, candidate->count);

	suggestion->facet = suggesting->catalog->facets[term->facet].name;
	suggestion->slug = term->slug;
	suggestion->url = catalog_absolute_url(suggesting->catalog, term->url, suggesting->arena);
}

static bool add_title(Suggesting *suggesting, const Candidate *candidate, Error *err)
{
	StorePage row;
	Suggestion *suggestion;

	if (!store_page(suggesting->worker->reader, candidate->number, suggesting->arena, &row, err))
		return false;
	suggestion = new_suggestion(suggesting, SUGGESTION_TITLE, row.title, 1);
	suggestion->url = row.url;
	return true;
}

/*
 * A word as titles write it. The vocabulary knows words without their accents: where no title
 * has it, that is good enough for English alone.
 */
static Str written_word(const Suggesting *suggesting, Str word)
{
	uint32_t first, end;

	title_index_find(suggesting->titles, false, word, &first, &end);
	if (first < end && str_equal(title_index_key(suggesting->titles, first), word))
		return title_index_written(suggesting->titles, first);
	return str_starts_with_nocase(suggesting->catalog->default_lang, STR("en")) ? word : STR_EMPTY;
}

static Str text_of(const Suggesting *suggesting, SuggestionKind kind, const Candidate *candidate)
{
	if (kind == SUGGESTION_PHRASE)
		return title_index_written(suggesting->titles, candidate->number);
	return written_word(suggesting, suggesting->lists->words[candidate->number].word);
}

static Str key_of(const Suggesting *suggesting, SuggestionKind kind, const Candidate *candidate)
{
	if (kind == SUGGESTION_PHRASE)
		return title_index_key(suggesting->titles, candidate->number);
	return suggesting->lists->words[candidate->number].word;
}

/* `don` and `dont`, which the vocabulary has of `don't`: not what anybody wants to write. */
static bool is_of_contraction(Str lang, Str word, Arena *arena)
{
	Str stem = str_ends_with(word, STR("nt")) ? str_slice(word, 0, word.len - 1) : word;

	return str_ends_with(stem, STR("n")) &&
	       text_is_stop_word(lang, arena_concat(arena, stem, STR("t")), true);
}

/* Words that decide nothing when they are searched for, and phrases that say less than longer ones. */
static bool is_worthless(const Suggesting *suggesting, SuggestionKind kind, const Candidate *candidate)
{
	Str lang = suggesting->catalog->default_lang, key = key_of(suggesting, kind, candidate);

	if (kind == SUGGESTION_PHRASE)
		return is_part_of_longer(suggesting, candidate);
	return text_is_stop_word(lang, key, false) || is_of_contraction(lang, key, suggesting->arena);
}

/* Leaves out what repeats another one; @most are enough. */
static void drop_repeated(Suggesting *suggesting, SuggestionKind kind, uint32_t most)
{
	Best *best = &suggesting->best[kind];
	uint32_t n = 0;

	for (uint32_t i = 0; i < best->n && n < most; i++) {
		const Candidate candidate = best->items[i];

		/* By the key: `docker's` is a form of `docker`, too. */
		if (text_of(suggesting, kind, &candidate).len && !is_worthless(suggesting, kind, &candidate) &&
		    !is_suggested(suggesting, key_of(suggesting, kind, &candidate)))
			best->items[n++] = candidate;
	}
	best->n = n;
}

static void choose(Suggesting *suggesting, uint32_t limit)
{
	const Best *terms = &suggesting->best[SUGGESTION_TERM];

	/* Those that are shown for sure. A tag and a category of one name are two places to go to. */
	for (uint32_t i = 0; i < terms->n && i <= limit / N_KINDS; i++)
		(void)is_suggested(suggesting, suggesting->catalog->terms[terms->items[i].number].name);
	drop_repeated(suggesting, SUGGESTION_PHRASE, limit);
	drop_repeated(suggesting, SUGGESTION_WORD, limit);
}

/* One of each kind in turn, as long as there are any. */
static void share_out(const Suggesting *suggesting, uint32_t limit, uint32_t n_of_kind[N_KINDS])
{
	uint32_t n = 0, before;

	do {
		before = n;
		for (unsigned kind = 0; kind < N_KINDS && n < limit; kind++)
			if (n_of_kind[kind] < suggesting->best[kind].n) {
				n_of_kind[kind]++;
				n++;
			}
	} while (n > before);
}

static bool add(Suggesting *suggesting, SuggestionKind kind, const Candidate *candidate, Error *err)
{
	switch (kind) {
	case SUGGESTION_TERM:
		add_term(suggesting, candidate);
		return true;
	case SUGGESTION_PHRASE:
	case SUGGESTION_WORD:
		new_suggestion(suggesting, kind, text_of(suggesting, kind, candidate), candidate->count);
		return true;
	case SUGGESTION_TITLE:
		break;
	}
	return add_title(suggesting, candidate, err);
}

static bool answer(Suggesting *suggesting, uint32_t limit, Error *err)
{
	uint32_t n_of_kind[N_KINDS] = { 0 };

	choose(suggesting, limit);
	share_out(suggesting, limit, n_of_kind);
	suggesting->suggestions->items = arena_new_n(suggesting->arena, Suggestion, limit);
	for (unsigned kind = 0; kind < N_KINDS; kind++)
		for (uint32_t i = 0; i < n_of_kind[kind]; i++)
			if (!add(suggesting, (SuggestionKind)kind, &suggesting->best[kind].items[i], err))
				return false;
	return true;
}

static bool suggest(Suggesting *suggesting, const Question *question, Error *err)
{
	Str corrected;

	suggesting->suggestions->q = question->q;
	find_all(suggesting, question->q, question->limit);
	if (!has_found(suggesting) && correct_last(suggesting, &corrected)) {
		find_all(suggesting, corrected, question->limit);
		if (has_found(suggesting))
			suggesting->suggestions->corrected = corrected;
	}
	return answer(suggesting, question->limit, err);
}

bool suggest_run(Engine *engine, const Question *question, Arena *arena, Suggestions **ret_suggestions, Error *err)
{
	Suggesting *suggesting = arena_new(arena, Suggesting);
	EngineWorker worker;
	bool is_done;

	if (!engine_take_worker(engine, question->time_limit_ms, &worker, err))
		return false;
	*suggesting = (Suggesting){
		.engine = engine, .catalog = engine_catalog(engine), .lists = engine_completion_lists(engine),
		.titles = engine_titles(engine), .worker = &worker, .arena = arena,
		.suggestions = arena_new(arena, Suggestions),
	};
	is_done = suggest(suggesting, question, err);
	engine_give_worker(engine, worker);
	if (is_done)
		*ret_suggestions = suggesting->suggestions;
	return is_done;
}
