/* The defaults, and options copied into the memory of the engine that has them. */
#include "engine.h"

#include <stdlib.h>

/* Kept because their figures are better: docs/ranking.md. */
EngineOptions engine_options_default(void)
{
	static const Str facets[] = { STR_INIT("tag"), STR_INIT("category"), STR_INIT("series") };

	return (EngineOptions){
		.facets = facets,
		.n_facets = ARRAY_SIZE(facets),
		.ranking = {
			.weights = {
				[FIELD_TITLE] = 3.0f, [FIELD_HEADINGS] = 1.8f, [FIELD_PROSE] = 1.0f,
				[FIELD_CODE] = 0.6f,  [FIELD_CAPTIONS] = 0.8f, [FIELD_TERMS] = 2.0f,
			},
			.nearness = 0.4f,
			.title_match = 0.25f,
			.freshness = 0.1f,
			.half_life_days = 1095,
		},
	};
}

/* Folded, as the words of a query are when they are compared. */
static Str *fold_words(const Str *words, size_t n, Arena *arena)
{
	Str *copy = arena_new_n(arena, Str, n);

	for (size_t i = 0; i < n; i++)
		copy[i] = text_fold_dup(words[i], arena);
	return copy;
}

static Str *copy_words(const Str *words, size_t n, Arena *arena)
{
	Str *copy = arena_new_n(arena, Str, n);

	for (size_t i = 0; i < n; i++)
		copy[i] = arena_str_dup(arena, words[i]);
	return copy;
}

static void copy_boosts(RankingOptions *ranking, Arena *arena)
{
	RankingBoost *copy = arena_new_n(arena, RankingBoost, ranking->n_boosts);

	for (size_t i = 0; i < ranking->n_boosts; i++) {
		const RankingBoost *boost = &ranking->boosts[i];

		copy[i] = (RankingBoost){ arena_str_dup(arena, boost->facet), arena_str_dup(arena, boost->value),
			                  boost->factor };
	}
	ranking->boosts = copy;
}

static void copy_synonyms(EngineOptions *options, Arena *arena)
{
	SynonymRule *copy = arena_new_n(arena, SynonymRule, options->n_synonyms);

	for (size_t i = 0; i < options->n_synonyms; i++) {
		const SynonymRule *rule = &options->synonyms[i];

		copy[i] = (SynonymRule){ arena_str_dup(arena, rule->from), copy_words(rule->to, rule->n_to, arena),
			                 rule->n_to };
	}
	options->synonyms = copy;
}

EngineOptions engine_options_copy(const EngineOptions *options, Arena *arena)
{
	EngineOptions copy = *options;

	copy_boosts(&copy.ranking, arena);
	copy_synonyms(&copy, arena);
	copy.facets = copy_words(copy.facets, copy.n_facets, arena);
	copy.stop_words = fold_words(copy.stop_words, copy.n_stop_words, arena);
	return copy;
}

/* --- Synonyms ------------------------------------------------------------------------------ */

static int compare_pairs(const void *a, const void *b)
{
	const SynonymPair *x = a, *y = b;
	int order = str_compare(x->key, y->key);

	return order ? order : str_compare(x->synonym, y->synonym);
}

static size_t add_rule(const SynonymRule *rule, SynonymPair *pairs, Arena *arena)
{
	size_t n = 0;

	if (rule->from.len) {
		for (size_t i = 0; i < rule->n_to; i++)
			pairs[n++] = (SynonymPair){ text_fold_dup(rule->from, arena), rule->to[i] };
		return n;
	}
	for (size_t i = 0; i < rule->n_to; i++)
		for (size_t j = 0; j < rule->n_to; j++)
			if (j != i)
				pairs[n++] = (SynonymPair){ text_fold_dup(rule->to[i], arena), rule->to[j] };
	return n;
}

SynonymTable make_synonym_table(const EngineOptions *options, Arena *arena)
{
	SynonymTable table = { 0 };
	size_t n_most = 0;

	for (size_t i = 0; i < options->n_synonyms; i++)
		n_most += options->synonyms[i].n_to * options->synonyms[i].n_to;
	table.pairs = arena_new_n(arena, SynonymPair, n_most);
	for (size_t i = 0; i < options->n_synonyms; i++)
		table.n += add_rule(&options->synonyms[i], table.pairs + table.n, arena);
	if (table.n)
		qsort(table.pairs, table.n, sizeof(SynonymPair), compare_pairs);
	return table;
}
