/* The defaults, and options copied into the memory of the engine that has them. */
#include "engine.h"

/* Kept because their figures are better: docs/ranking.md. */
EngineOptions engine_options_default(void)
{
	return (EngineOptions){
		.ranking = {
			.weights = {
				[FIELD_TITLE] = 3.0f, [FIELD_HEADINGS] = 1.8f, [FIELD_PROSE] = 1.0f,
				[FIELD_CODE] = 0.6f,  [FIELD_CAPTIONS] = 0.8f, [FIELD_TERMS] = 2.0f,
			},
			.nearness = 0.4f,
			.freshness = 0.1f,
			.half_life_days = 1095,
		},
	};
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
	copy.stop_words = copy_words(copy.stop_words, copy.n_stop_words, arena);
	return copy;
}
