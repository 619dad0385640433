/*
 * What is known of a page whatever was asked, as a factor of its score:
 *
 *	author's boost (search.boost in front matter) * boosts of its facets' values * freshness
 *	freshness = 1 - share * (1 - 2 ^ (-age / half-life))
 *
 * Half-lives as in exponential decay: X. Li, W. B. Croft: Time-Based Language Models, 2003. Age
 * counts from when the index was built, not from now: the same index gives the same answer.
 * Evergreen pages and those without a date do not age.
 */
#include "steps.h"

#include <math.h>

float freshness_of(const Engine *engine, uint32_t page)
{
	const RankingOptions *ranking = &engine_options(engine)->ranking;
	const Catalog *catalog = engine_catalog(engine);
	int64_t changed = catalog->updated[page] != TIME_NONE ? catalog->updated[page] : catalog->published[page];
	double days;

	if (!ranking->half_life_days || changed == TIME_NONE || changed >= catalog->built_at ||
	    (catalog->flags[page] & CATALOG_EVERGREEN))
		return 1.0f;
	days = (double)(catalog->built_at - changed) / 86400.0;
	return (float)(1.0 - ranking->freshness * (1.0 - exp2(-days / ranking->half_life_days)));
}

static void apply_boost(const Engine *engine, const RankingBoost *boost, float *factors)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	PageSet pages = pages_of_facet(engine, boost->facet, &boost->value, 1, &arena);

	for (uint32_t page = 0; page_set_next(pages, &page); page++)
		factors[page] *= boost->factor;
}

float *make_page_factors(const Engine *engine, Arena *arena)
{
	const RankingOptions *ranking = &engine_options(engine)->ranking;
	const Catalog *catalog = engine_catalog(engine);
	float *factors = arena_new_n(arena, float, catalog->n_slots);

	for (uint32_t page = 0; page < catalog->n_slots; page++)
		factors[page] = catalog->flags[page] & CATALOG_PRESENT
		                        ? catalog->boost[page] * freshness_of(engine, page)
		                        : 0.0f;
	for (size_t i = 0; i < ranking->n_boosts; i++)
		apply_boost(engine, &ranking->boosts[i], factors);
	return factors;
}
