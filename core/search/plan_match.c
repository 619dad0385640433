/*
 * From a word or phrase as it was typed to what is looked up in the index: the analyzer says
 * what stands at which place, in every language of the site; this makes phrases of it.
 */
#include "steps.h"

#include "blogsearch/vec.h"

/*
 * What an occurrence counts: a prefix alone, the stem besides, the exact form besides. A
 * name found by its parts counts less than found as it is written.
 */
#define WEIGHT_PREFIX 0.3f
#define WEIGHT_STEM   0.5f
#define WEIGHT_EXACT  0.2f
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

static void add_alternative(Search *search, Leaf *leaf, Alternative alternative)
{
	Alternative *all = arena_new_n(search->arena, Alternative, leaf->n_alternatives + 1);

	if (leaf->n_alternatives)
		memcpy(all, leaf->alternatives, leaf->n_alternatives * sizeof(Alternative));
	all[leaf->n_alternatives++] = alternative;
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

/*
 * One term a place. @by_stem: the word's stems in all languages (the exact form where it has
 * none); else its exact form. A run without spaces ends in a single character that need not
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

static void add_word(Search *search, Leaf *leaf, const Analyzed *analyzed, bool is_prefix, bool may_go_on)
{
	size_t n;
	PhraseTerm *exact = terms_of_places(search, analyzed, false, &n);
	PhraseTerm *stems = terms_of_places(search, analyzed, true, &n);

	if (is_lone_character(analyzed)) {
		add_alternative(search, leaf, (Alternative){ exact, 1, true, false, 1, 1.0f, NULL });
		return;
	}
	if ((is_prefix || may_go_on) && !is_ngram_last(analyzed))
		add_alternative(search, leaf, (Alternative){ exact, n, true, false, (unsigned)n, WEIGHT_PREFIX, NULL });
	if (!is_prefix)
		add_alternative(search, leaf, (Alternative){ stems, n, false, false, (unsigned)n, WEIGHT_STEM, NULL });
	add_alternative(search, leaf, (Alternative){ exact, n, false, false, (unsigned)n, WEIGHT_EXACT, NULL });
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

/* C++ and .NET are other things than their words alone: found as they are written only. */
static bool is_more_than_its_words(Str whole)
{
	return whole.data[0] == '.' || whole.data[whole.len - 1] == '+' || whole.data[whole.len - 1] == '#';
}

static void add_name(Search *search, Leaf *leaf, const Analyzed *analyzed, const Token *whole, bool may_go_on)
{
	PhraseTerm *terms = one_term(search, whole->exact);
	size_t n;

	add_alternative(search, leaf, (Alternative){ terms, 1, false, true, analyzed->n_places, 1.0f - WEIGHT_PARTS, NULL });
	if (may_go_on)
		add_alternative(search, leaf, (Alternative){ terms, 1, true, true, analyzed->n_places, WEIGHT_PREFIX, NULL });
	if (is_more_than_its_words(whole->exact))
		return;
	terms = terms_of_places(search, analyzed, true, &n);
	add_alternative(search, leaf, (Alternative){ terms, n, false, false, (unsigned)n, WEIGHT_PARTS, NULL });
}

/* `PowerShell` typed so: its pieces in a row as well. */
static void add_pieces(Search *search, Leaf *leaf, const Analyzed *analyzed)
{
	PhraseTerm *terms = arena_new_n(search->arena, PhraseTerm, analyzed->by_lang[0].list.n);
	size_t n = 0;

	VEC_FOREACH (token, &analyzed->by_lang[0].list)
		if (token->kind == TOKEN_PIECE)
			add_form(search->arena, &terms[n++], token->exact);
	if (n > 1)
		add_alternative(search, leaf, (Alternative){ terms, n, false, false, (unsigned)n, WEIGHT_PARTS, NULL });
}

static void add_phrase(Search *search, Leaf *leaf, const Analyzed *analyzed)
{
	size_t n;
	PhraseTerm *stems = terms_of_places(search, analyzed, true, &n);
	PhraseTerm *exact = terms_of_places(search, analyzed, false, &n);

	add_alternative(search, leaf, (Alternative){ stems, n, false, false, (unsigned)n, 1.0f - WEIGHT_EXACT, NULL });
	add_alternative(search, leaf, (Alternative){ exact, n, false, false, (unsigned)n, WEIGHT_EXACT, NULL });
}

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

Leaf *plan_leaf(Search *search, const QueryNode *node, bool may_go_on)
{
	CLEANUP(analyzed_deinit) Analyzed analyzed = analyze_in_all_languages(search, node->text);
	Leaf *leaf = arena_new(search->arena, Leaf);
	const Token *whole;

	leaf->node = node;
	leaf->fields = fields_of(node->field);
	if (!analyzed.by_lang[0].list.n)
		return leaf;
	whole = whole_of(&analyzed);
	if (node->kind == QUERY_PHRASE)
		add_phrase(search, leaf, &analyzed);
	else if (whole)
		add_name(search, leaf, &analyzed, whole, may_go_on || node->kind == QUERY_PREFIX);
	else
		add_word(search, leaf, &analyzed, node->kind == QUERY_PREFIX, may_go_on);
	if (node->kind == QUERY_WORD && !whole && analyzed.n_places == 1)
		add_pieces(search, leaf, &analyzed);
	return leaf;
}
