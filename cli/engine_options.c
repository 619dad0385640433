/* See engine_options.h. */
#include "engine_options.h"

#include "facet_options.h"

#include <stdlib.h>

/* --- Synonyms ---------------------------------------------------------------------------------- */

/* Words between separators, trimmed; empty ones are left out. */
static size_t words_of(Str text, Str separator, Arena *arena, Str **ret_words)
{
	Str *words = arena_new_n(arena, Str, text.len + 1);
	size_t n = 0;

	for (;;) {
		size_t at = str_find(text, separator);
		Str word = str_trim(str_slice(text, 0, at));

		if (word.len)
			words[n++] = word;
		if (at == STR_NOT_FOUND)
			break;
		text = str_from(text, at + separator.len);
	}
	*ret_words = words;
	return n;
}

/* `a => b, c`, `a, b, c` or `a <=> b`. */
static bool read_synonym(const char *item, Arena *arena, SynonymRule *rule)
{
	Str text = str_from_c(item), *words;
	bool is_both = str_find(text, STR("<=>")) != STR_NOT_FOUND;
	size_t arrow = is_both ? STR_NOT_FOUND : str_find(text, STR("=>"));

	*rule = (SynonymRule){ 0 };
	if (arrow != STR_NOT_FOUND) {
		rule->from = str_trim(str_slice(text, 0, arrow));
		text = str_from(text, arrow + 2);
		if (!rule->from.len)
			return false;
	}
	rule->n_to = words_of(text, is_both ? STR("<=>") : STR(","), arena, &words);
	rule->to = words;
	return rule->n_to >= (rule->from.len ? 1 : 2);
}

static bool read_synonyms(const Config *config, Arena *arena, EngineOptions *options, Error *err)
{
	ConfigList list = config->index_synonyms;
	SynonymRule *rules = arena_new_n(arena, SynonymRule, list.n);

	for (size_t i = 0; i < list.n; i++)
		if (!read_synonym(list.items[i], arena, &rules[i]))
			return config_wrong_item("index.synonyms", &list, i,
			                         "write \"a, b\" (or \"a <=> b\") for both ways, \"a => b\" for one", err);
	options->synonyms = rules;
	options->n_synonyms = list.n;
	return true;
}

/* --- Stop words -------------------------------------------------------------------------------- */

static void read_stop_words(const Config *config, Arena *arena, EngineOptions *options)
{
	ConfigList list = config->index_stop_words;
	Str *words = arena_new_n(arena, Str, list.n);

	options->keeps_stop_words = list.n == 1 && strcmp(list.items[0], "none") == 0;
	for (size_t i = 0; i < list.n; i++)
		words[i] = str_from_c(list.items[i]);
	options->stop_words = words;
	options->n_stop_words = options->keeps_stop_words ? 0 : list.n;
}

/* --- Ranking ----------------------------------------------------------------------------------- */

/* A factor from 0.01 to 100. */
static bool read_factor(Str text, float *ret_factor)
{
	char buffer[32], *end;
	double factor;

	if (!text.len || text.len >= sizeof(buffer))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("0123456789.", text.data[i]))
			return false;
	memcpy(buffer, text.data, text.len);
	buffer[text.len] = '\0';
	factor = strtod(buffer, &end);
	*ret_factor = (float)factor;
	return !*end && factor >= 0.01 && factor <= 100;
}

/* `section:docs=1.5` */
static bool read_boost(const char *item, RankingBoost *boost)
{
	Str text = str_from_c(item);
	size_t colon = str_find_char(text, ':'), equals = str_rfind_char(text, '=');

	if (colon == STR_NOT_FOUND || equals == STR_NOT_FOUND || equals < colon)
		return false;
	boost->facet = str_trim(str_slice(text, 0, colon));
	boost->value = str_trim(str_slice(text, colon + 1, equals));
	return boost->facet.len && boost->value.len && read_factor(str_trim(str_from(text, equals + 1)), &boost->factor);
}

static bool read_boosts(const Config *config, Arena *arena, RankingOptions *ranking, Error *err)
{
	ConfigList list = config->ranking_boosts;
	RankingBoost *boosts = arena_new_n(arena, RankingBoost, list.n);

	for (size_t i = 0; i < list.n; i++)
		if (!read_boost(list.items[i], &boosts[i]))
			return config_wrong_item("ranking.boosts", &list, i,
			                         "write FACET:VALUE=FACTOR, such as section:docs=1.5; a factor is from 0.01 to 100",
			                         err);
	ranking->boosts = boosts;
	ranking->n_boosts = list.n;
	return true;
}

static bool read_ranking(const Config *config, Arena *arena, RankingOptions *ranking, Error *err)
{
	*ranking = (RankingOptions){
		.weights = {
			[FIELD_TITLE] = (float)config->ranking_title, [FIELD_HEADINGS] = (float)config->ranking_headings,
			[FIELD_PROSE] = (float)config->ranking_text,  [FIELD_CODE] = (float)config->ranking_code,
			[FIELD_CAPTIONS] = (float)config->ranking_captions, [FIELD_TERMS] = (float)config->ranking_terms,
		},
		.nearness = (float)config->ranking_nearness,
		.title_match = (float)config->ranking_title_match,
		.freshness = (float)config->ranking_freshness,
		.half_life_days = config->ranking_half_life_days,
	};
	if (config->ranking_freshness > 1) {
		error_set(err, ERROR_USAGE, "ranking.freshness must be from 0 to 1");
		return error_hint(err, "it is the share of its score that a very old page loses");
	}
	return read_boosts(config, arena, ranking, err);
}

bool config_engine_options(const Config *config, Arena *arena, EngineOptions *ret_options, Error *err)
{
	EngineOptions options = engine_options_default();

	FacetOptions facets;

	read_stop_words(config, arena, &options);
	if (!read_synonyms(config, arena, &options, err) || !read_ranking(config, arena, &options.ranking, err) ||
	    !config_facet_options(config, arena, &facets, err))
		return false;
	options.facets = facets.names;
	options.n_facets = facets.n_names;
	*ret_options = options;
	return true;
}
