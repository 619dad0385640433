/*
 * From a word or phrase as it was typed to what is looked up in the index: the analyzer says
 * what stands at which place, in every language of the site; this makes phrases of it.
 */
#include "steps.h"

#include "blogsearch/limits.h"
#include "blogsearch/vec.h"

/*
 * What an occurrence counts: a prefix alone, the stem besides, the exact form besides. A
 * name found by its parts counts less than found as it is written.
 */
#define WEIGHT_PREFIX 0.3f
#define WEIGHT_STEM   0.7f
#define WEIGHT_EXACT  0.3f
#define WEIGHT_PARTS  0.5f

/* The tokens of a text in one language, copied. */
typedef struct Tokens {
	VEC(Token) list;
	Arena *arena;
} Tokens;

static bool keep_token(void *context, const Token *token)
{
	Tokens *tokens = context;
	Token copy = *token;

	copy.exact = arena_str_dup(tokens->arena, token->exact);
	copy.stem = arena_str_dup(tokens->arena, token->stem);
	vec_push(&tokens->list, copy);
	return true;
}

static bool fills_a_place(const Token *token)
{
	return token->kind != TOKEN_WHOLE && token->kind != TOKEN_PIECE;
}

static void add_form(Arena *arena, PhraseTerm *term, Str form)
{
	Str *forms;

	for (size_t i = 0; i < term->n_forms; i++)
		if (str_equal(term->forms[i], form))
			return;
	forms = arena_new_n(arena, Str, term->n_forms + 1);
	if (term->n_forms)
		memcpy(forms, term->forms, term->n_forms * sizeof(Str));
	forms[term->n_forms++] = form;
	term->forms = forms;
}

/* Being planned: a leaf, and the wording of it at hand. */
typedef struct Plan {
	Search *search;
	Leaf *leaf;
	Form wording; /* FORM_EXACT: as it was typed */
	float share;  /* what an occurrence counts against one of the wording that was typed */
} Plan;

static void add_alternative(const Plan *plan, Form form, PhraseTerm *terms, size_t n_terms, float weight)
{
	Leaf *leaf = plan->leaf;
	Alternative *all;

	if (leaf->n_alternatives == LIMIT_ALTERNATIVES)
		return;
	all = arena_new_n(plan->search->arena, Alternative, leaf->n_alternatives + 1);
	if (leaf->n_alternatives)
		memcpy(all, leaf->alternatives, leaf->n_alternatives * sizeof(Alternative));
	all[leaf->n_alternatives++] = (Alternative){
		.form = plan->wording == FORM_EXACT ? form : plan->wording, .terms = terms, .n_terms = n_terms,
		.is_prefix = form == FORM_PREFIX, .n_places = (unsigned)n_terms, .weight = weight * plan->share,
	};
	leaf->alternatives = all;
}

static PhraseTerm *one_term(Search *search, Str form)
{
	PhraseTerm *term = arena_new(search->arena, PhraseTerm);

	add_form(search->arena, term, form);
	return term;
}

/* The words of several languages share their places: what differs are the stems. */
typedef struct Analyzed {
	Tokens *by_lang;
	size_t n_langs;
	uint32_t n_places;
} Analyzed;

static Analyzed analyze_in_all_languages(Search *search, Str text)
{
	const Catalog *catalog = search->catalog;
	size_t n_langs = catalog->n_langs ? catalog->n_langs : 1;
	Analyzed analyzed = { arena_new_n(search->arena, Tokens, n_langs), n_langs, 0 };

	for (size_t i = 0; i < n_langs; i++) {
		Tokens *tokens = &analyzed.by_lang[i];

		tokens->arena = search->arena;
		analyze(search->analyzer, text, catalog->n_langs ? catalog->langs[i] : STR_EMPTY, keep_token, tokens);
	}
	VEC_FOREACH (token, &analyzed.by_lang[0].list)
		if (fills_a_place(token))
			analyzed.n_places = token->position + 1;
	return analyzed;
}

static void analyzed_deinit(Analyzed *analyzed)
{
	for (size_t i = 0; i < analyzed->n_langs; i++)
		vec_deinit(&analyzed->by_lang[i].list);
}

static uint64_t n_pages_with(const Search *search, Str word)
{
	return vocabulary_count(engine_vocabulary(search->engine), word);
}

bool is_more_than_its_words(Str whole)
{
	return whole.data[0] == '.' || whole.data[whole.len - 1] == '+' || whole.data[whole.len - 1] == '#';
}

/*
 * C++ and .NET are other things than their words: found as they are written only. Where no page
 * has a name with a dot before it, it is the end of other names: `.tar.gz`, `.py`.
 */
static bool is_found_whole_only(const Search *search, Str whole)
{
	return is_more_than_its_words(whole) && (whole.data[0] != '.' || n_pages_with(search, whole));
}

/*
 * One term a place. @by_stem: the word's stems in all languages (the exact form where it has
 * none); else its exact form; C++ as it is written. A run without spaces ends in a single character that need not
 * be looked up when a pair before it has it already.
 */
static PhraseTerm *terms_of_places(Search *search, const Analyzed *analyzed, bool by_stem, size_t *ret_n)
{
	PhraseTerm *terms = arena_new_n(search->arena, PhraseTerm, analyzed->n_places);
	size_t n = analyzed->n_places;

	for (size_t i = 0; i < analyzed->n_langs; i++)
		VEC_FOREACH (token, &analyzed->by_lang[i].list)
			if (fills_a_place(token))
				add_form(search->arena, &terms[token->position],
				         by_stem && token->stem.len ? store_stem_term(token->stem, search->arena)
				                                    : token->exact);
	VEC_FOREACH (token, &analyzed->by_lang[0].list)
		if (token->kind == TOKEN_WHOLE && is_found_whole_only(search, token->exact)) {
			terms[token->position].n_forms = 0;
			add_form(search->arena, &terms[token->position], token->exact);
		}
	VEC_FOREACH (token, &analyzed->by_lang[0].list)
		if (token->kind == TOKEN_NGRAM_LAST && token->position + 1 == n && n > 1 &&
		    token > analyzed->by_lang[0].list.items && token[-1].kind == TOKEN_NGRAM)
			n--;
	*ret_n = n;
	return terms;
}

/* A single character of a script without spaces is the beginning of every pair with it, or stands last. */
static bool is_lone_character(const Analyzed *analyzed)
{
	return analyzed->by_lang[0].list.n == 1 && analyzed->by_lang[0].list.items[0].kind == TOKEN_NGRAM_LAST;
}

static bool is_ngram_last(const Analyzed *analyzed)
{
	return analyzed->by_lang[0].list.items[analyzed->by_lang[0].list.n - 1].kind == TOKEN_NGRAM_LAST;
}

static void add_word(const Plan *plan, const Analyzed *analyzed, bool is_prefix, bool may_go_on)
{
	size_t n;
	PhraseTerm *exact = terms_of_places(plan->search, analyzed, false, &n);
	PhraseTerm *stems = terms_of_places(plan->search, analyzed, true, &n);

	if (is_lone_character(analyzed)) {
		add_alternative(plan, FORM_PREFIX, exact, 1, 1.0f);
		return;
	}
	if ((is_prefix || may_go_on) && !is_ngram_last(analyzed))
		add_alternative(plan, FORM_PREFIX, exact, n, WEIGHT_PREFIX);
	if (!is_prefix)
		add_alternative(plan, FORM_STEM, stems, n, WEIGHT_STEM);
	add_alternative(plan, FORM_EXACT, exact, n, WEIGHT_EXACT);
}

/* `node.js` as it is written; `dont` for `don't`. */
static const Token *whole_of(const Analyzed *analyzed)
{
	const Token *whole = NULL;

	VEC_FOREACH (token, &analyzed->by_lang[0].list) {
		if (token->kind == TOKEN_WHOLE && whole)
			return NULL; /* two names, run together by what is no joiner */
		if (token->kind == TOKEN_WHOLE)
			whole = token;
	}
	return whole && whole->position == 0 ? whole : NULL;
}

static void mark_whole(const Plan *plan, const Analyzed *analyzed)
{
	Alternative *last = &plan->leaf->alternatives[plan->leaf->n_alternatives - 1];

	last->is_whole = true;
	last->n_places = analyzed->n_places;
}

static void add_name(const Plan *plan, const Analyzed *analyzed, const Token *whole, bool may_go_on)
{
	PhraseTerm *terms = one_term(plan->search, whole->exact);
	size_t n;

	add_alternative(plan, FORM_EXACT, terms, 1, 1.0f - WEIGHT_PARTS);
	mark_whole(plan, analyzed);
	if (may_go_on) {
		add_alternative(plan, FORM_PREFIX, terms, 1, WEIGHT_PREFIX);
		mark_whole(plan, analyzed);
	}
	if (is_found_whole_only(plan->search, whole->exact))
		return;
	terms = terms_of_places(plan->search, analyzed, true, &n);
	add_alternative(plan, FORM_PARTS, terms, n, WEIGHT_PARTS);
}

/* `PowerShell` typed so: its pieces in a row as well. */
static void add_pieces(const Plan *plan, const Analyzed *analyzed)
{
	PhraseTerm *terms = arena_new_n(plan->search->arena, PhraseTerm, analyzed->by_lang[0].list.n);
	size_t n = 0;

	VEC_FOREACH (token, &analyzed->by_lang[0].list)
		if (token->kind == TOKEN_PIECE)
			add_form(plan->search->arena, &terms[n++], token->exact);
	if (n > 1)
		add_alternative(plan, FORM_PARTS, terms, n, WEIGHT_PARTS);
}

static void add_phrase(const Plan *plan, const Analyzed *analyzed, bool may_go_on)
{
	size_t n;
	PhraseTerm *stems = terms_of_places(plan->search, analyzed, true, &n);
	PhraseTerm *exact = terms_of_places(plan->search, analyzed, false, &n);

	if (may_go_on && !is_ngram_last(analyzed))
		add_alternative(plan, FORM_PREFIX, exact, n, WEIGHT_PREFIX);
	add_alternative(plan, FORM_STEM, stems, n, WEIGHT_STEM);
	add_alternative(plan, FORM_EXACT, exact, n, WEIGHT_EXACT);
}

static void add_wording(const Plan *plan, const Analyzed *analyzed, QueryNodeKind kind, bool may_go_on)
{
	const Token *whole = whole_of(analyzed);

	if (!analyzed->by_lang[0].list.n)
		return;
	if (kind == QUERY_PHRASE)
		add_phrase(plan, analyzed, may_go_on);
	else if (whole)
		add_name(plan, analyzed, whole, may_go_on || kind == QUERY_PREFIX);
	else
		add_word(plan, analyzed, kind == QUERY_PREFIX, may_go_on);
	if (kind == QUERY_WORD && !whole && analyzed->n_places == 1)
		add_pieces(plan, analyzed);
}

void plan_wording(Search *search, Leaf *leaf, Str text, Form form, float share)
{
	CLEANUP(analyzed_deinit) Analyzed analyzed = analyze_in_all_languages(search, text);
	const Plan plan = { search, leaf, form, share };

	add_wording(&plan, &analyzed, QUERY_WORD, false);
}

/* --- Other spellings of a word ---------------------------------------------------------------- */

#define SHARE_SYNONYM  0.8f
#define SHARE_JOINED   0.8f
#define SHARE_UMLAUT   1.0f
#define LEAST_PART     3 /* letters of a word that is written apart */

static void add_cut(Search *search, Leaf *leaf, Str word, size_t at)
{
	plan_wording(search, leaf,
	             arena_printf(search->arena, "%.*s %.*s", STR_ARG(str_slice(word, 0, at)),
	                          STR_ARG(str_from(word, at))),
	             FORM_SPELLING, WEIGHT_PARTS);
}

static bool is_digit_at(Str word, size_t at)
{
	return word.data[at] >= '0' && word.data[at] <= '9';
}

/* `az900` is also `az-900`: cut where the first digits begin or end. */
static void add_cut_at_digits(Search *search, Leaf *leaf, Str word)
{
	size_t at = 1;

	while (at < word.len && is_digit_at(word, at) == is_digit_at(word, at - 1))
		at++;
	if (at < word.len && n_pages_with(search, str_slice(word, 0, at)) && n_pages_with(search, str_from(word, at)))
		add_cut(search, leaf, word, at);
}

/* `powershell` is also `power shell`: cut where the rarer half is most frequent. */
static void add_written_apart(Search *search, Leaf *leaf, Str word)
{
	uint64_t best = 0;
	size_t at = 0;

	if (!n_pages_with(search, word))
		return; /* nobody writes it: that is a question for correct.c */
	for (size_t i = LEAST_PART; i + LEAST_PART <= word.len; i++) {
		uint64_t left, right;

		if (((unsigned char)word.data[i] & 0xc0) == 0x80)
			continue;
		left = n_pages_with(search, str_slice(word, 0, i));
		right = left > best ? n_pages_with(search, str_from(word, i)) : 0;
		if (right > best) {
			best = left < right ? left : right;
			at = i;
		}
	}
	if (best)
		add_cut(search, leaf, word, at);
}

/* `email` is also `e-mail`, where the site writes it so. */
static void add_with_hyphen(Search *search, Leaf *leaf, Str word)
{
	for (size_t at = 1; at < word.len; at++) {
		Str name;

		if (((unsigned char)word.data[at] & 0xc0) == 0x80 || word.len >= LIMIT_WORD_BYTES)
			continue;
		name = arena_printf(search->arena, "%.*s-%.*s", STR_ARG(str_slice(word, 0, at)), STR_ARG(str_from(word, at)));
		if (n_pages_with(search, name))
			plan_wording(search, leaf, name, FORM_SPELLING, SHARE_JOINED);
	}
}

/* `e-mail` is also `email`. */
static void add_without_hyphens(Search *search, Leaf *leaf, Str folded)
{
	CLEANUP(buf_deinit) Buf joined = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < folded.len; i++)
		if (folded.data[i] != '-')
			buf_append_char(&joined, folded.data[i]);
	if (joined.len != folded.len && n_pages_with(search, buf_str(&joined)))
		plan_wording(search, leaf, buf_str(&joined), FORM_SPELLING, SHARE_JOINED);
}

/* `v1.2.3` is also `1.2.3`; the other way round the index knows it (core/text/break_words.c). */
static void add_without_v(Search *search, Leaf *leaf, Str folded)
{
	Str number;

	if (folded.len < 2 || folded.data[0] != 'v' || !is_digit_at(folded, 1))
		return;
	number = str_from(folded, 1);
	if (memchr(number.data, '.', number.len) && n_pages_with(search, number))
		plan_wording(search, leaf, number, FORM_SPELLING, SHARE_JOINED);
}

/* @word with every @from written as @to. */
static Str replace_all(Str word, Str from, Str to, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	while (word.len) {
		if (str_starts_with(word, from)) {
			buf_append(&out, to);
			word = str_from(word, from.len);
		} else {
			buf_append_char(&out, word.data[0]);
			word = str_from(word, 1);
		}
	}
	return arena_str_dup(arena, buf_str(&out));
}

static bool has_language(const Search *search, Str lang)
{
	for (uint32_t i = 0; i < search->catalog->n_langs; i++)
		if (str_starts_with_nocase(search->catalog->langs[i], lang))
			return true;
	return false;
}

/* German without its keyboard: `ueber` is also `über`, and the other way round. */
static void add_umlauts(Search *search, Leaf *leaf, Str word)
{
	static const struct {
		Str umlaut, pair;
	} letters[] = { { STR_INIT("ä"), STR_INIT("ae") }, { STR_INIT("ö"), STR_INIT("oe") },
		        { STR_INIT("ü"), STR_INIT("ue") } };
	CLEANUP(buf_deinit) Buf lower = BUF_INIT(BUF_NO_CEILING);
	Str as_umlauts, as_pairs;

	text_lower_case(word, &lower);
	as_umlauts = as_pairs = buf_str(&lower);
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		as_umlauts = replace_all(as_umlauts, letters[i].pair, letters[i].umlaut, search->arena);
		as_pairs = replace_all(as_pairs, letters[i].umlaut, letters[i].pair, search->arena);
	}
	if (!str_equal(as_umlauts, buf_str(&lower)) && n_pages_with(search, text_fold_dup(as_umlauts, search->arena)))
		plan_wording(search, leaf, as_umlauts, FORM_SPELLING, SHARE_UMLAUT);
	if (!str_equal(as_pairs, buf_str(&lower)) && n_pages_with(search, text_fold_dup(as_pairs, search->arena)))
		plan_wording(search, leaf, as_pairs, FORM_SPELLING, SHARE_UMLAUT);
}

static void add_synonyms(Search *search, Leaf *leaf, Str folded)
{
	size_t n;
	const SynonymPair *pairs = engine_find_synonyms(search->engine, folded, &n);

	for (size_t i = 0; i < n; i++)
		plan_wording(search, leaf, pairs[i].synonym, FORM_SYNONYM, SHARE_SYNONYM);
}

static void add_spellings(Search *search, Leaf *leaf, Str word)
{
	Str folded = text_fold_dup(word, search->arena);

	add_written_apart(search, leaf, folded);
	add_cut_at_digits(search, leaf, folded);
	add_without_hyphens(search, leaf, folded);
	add_with_hyphen(search, leaf, folded);
	add_without_v(search, leaf, folded);
	if (has_language(search, STR("de")))
		add_umlauts(search, leaf, word);
	if (leaf->is_scored)
		add_synonyms(search, leaf, folded);
}

/* --- A leaf ----------------------------------------------------------------------------------- */

static unsigned fields_of(Str field)
{
	static const struct {
		Str name;
		unsigned fields;
	} names[] = {
		{ STR_INIT("title"), 1u << FIELD_TITLE },
		{ STR_INIT("code"), 1u << FIELD_CODE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_equal(field, names[i].name))
			return names[i].fields;
	return ALL_FIELDS;
}

Leaf *plan_leaf(Search *search, const QueryNode *node, bool is_scored, bool may_go_on)
{
	CLEANUP(analyzed_deinit) Analyzed analyzed = analyze_in_all_languages(search, node->text);
	Leaf *leaf = arena_new(search->arena, Leaf);
	const Plan plan = { search, leaf, FORM_EXACT, 1.0f };

	leaf->node = node;
	leaf->fields = fields_of(node->field);
	leaf->is_scored = is_scored;
	leaf->is_prefix = may_go_on || node->kind == QUERY_PREFIX;
	leaf->n_repeated = 1;
	leaf->n_places = analyzed.n_places;
	add_wording(&plan, &analyzed, node->kind, may_go_on);
	if (node->kind == QUERY_WORD && leaf->n_alternatives)
		add_spellings(search, leaf, node->text);
	return leaf;
}

/* --- Several words together -------------------------------------------------------------------- */

static bool is_plain_word(const QueryNode *node)
{
	return node->kind == QUERY_WORD && !node->field.len;
}

/*
 * Words [first, first + n) of an AND have another wording together: each of them is found by it.
 * Excluded is what was typed, however it is spelt, but no synonym.
 */
static void add_together(Search *search, const QueryNode *node, size_t first, size_t n, Str text, Form form, float share)
{
	for (size_t i = first; i < first + n; i++) {
		Leaf *leaf = leaf_of(search, node->children[i]);

		if (leaf && (leaf->is_scored || form != FORM_SYNONYM))
			plan_wording(search, leaf, text, form, share);
	}
}

#define MOST_TOGETHER 4 /* words of a synonym */

static void add_synonyms_together(Search *search, const QueryNode *node, size_t first, size_t n, Str words)
{
	size_t n_pairs;
	const SynonymPair *pairs = engine_find_synonyms(search->engine, words, &n_pairs);

	for (size_t i = 0; i < n_pairs; i++)
		add_together(search, node, first, n, pairs[i].synonym, FORM_SYNONYM, SHARE_SYNONYM);
}

/* `power shell` is also `powershell`. */
static void add_joined(Search *search, const QueryNode *node, size_t first)
{
	Str joined = arena_concat(search->arena, text_fold_dup(node->children[first]->text, search->arena),
	                          text_fold_dup(node->children[first + 1]->text, search->arena));

	if (joined.len >= 2 * LEAST_PART && n_pages_with(search, joined))
		add_together(search, node, first, 2, joined, FORM_SPELLING, SHARE_JOINED);
}

void plan_neighbours(Search *search, const QueryNode *node)
{
	for (size_t first = 0; first + 1 < node->n_children; first++) {
		Str words = text_fold_dup(node->children[first]->text, search->arena);

		for (size_t n = 2; n <= MOST_TOGETHER && first + n <= node->n_children; n++) {
			if (!is_plain_word(node->children[first]) || !is_plain_word(node->children[first + n - 1]))
				break;
			words = arena_printf(search->arena, "%.*s %.*s", STR_ARG(words),
			                     STR_ARG(text_fold_dup(node->children[first + n - 1]->text, search->arena)));
			if (n == 2)
				add_joined(search, node, first);
			add_synonyms_together(search, node, first, n, words);
		}
	}
}

/* --- Stop words ---------------------------------------------------------------------------------- */

/*
 * In a site of several languages a word may be one's stop word and another's word: it is a stop word
 * where it is as frequent as such are in that language, or where hardly any page has it at all, so
 * that it can be nobody's word.
 */
#define STOP_WORD_SHARE 50 /* one page of so many */
#define HARDLY_ANY      2

static uint32_t n_pages_in(const Search *search, Str lang)
{
	const FacetTable *table = engine_facet_table(search->engine);
	const FacetRange *langs = &table->facets[search->catalog->n_facets + DERIVED_LANG];

	for (uint32_t i = 0; i < langs->n; i++)
		if (str_equal(facet_table_value(table, langs->first + i).name, lang))
			return table->totals[langs->first + i];
	return 0;
}

static bool is_no_word(const Search *search, Str lang, Str word)
{
	uint64_t n = n_pages_with(search, word);

	return search->catalog->n_langs == 1 || n <= HARDLY_ANY || n * STOP_WORD_SHARE >= n_pages_in(search, lang);
}

static bool is_listed(const Search *search, Str word, bool is_contraction)
{
	const EngineOptions *options = engine_options(search->engine);
	const Catalog *catalog = search->catalog;

	for (size_t i = 0; i < options->n_stop_words; i++)
		if (str_equal(options->stop_words[i], word))
			return true;
	for (uint32_t i = 0; i < catalog->n_langs; i++)
		if (text_is_stop_word(catalog->langs[i], word, is_contraction) &&
		    is_no_word(search, catalog->langs[i], word))
			return true;
	return false;
}

bool is_stop_word(Search *search, Str word)
{
	Tokens tokens = { .arena = search->arena };
	bool is_stop = true;

	if (engine_options(search->engine)->keeps_stop_words)
		return false;
	analyze(search->analyzer, word, STR_EMPTY, keep_token, &tokens);
	is_stop = tokens.list.n > 0;
	VEC_FOREACH (token, &tokens.list) {
		bool is_whole = token->kind == TOKEN_WHOLE;

		is_stop = is_stop && is_listed(search, token->exact, is_whole);
		if (is_whole)
			break; /* it decides, not its parts */
	}
	vec_deinit(&tokens.list);
	return is_stop;
}
