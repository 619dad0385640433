/*
 * The engine: an opened index with what is shared for asking it (catalog, posting cache).
 * Made once for each published file; safe to use from any number of threads at once.
 */
#ifndef BLOGSEARCH_SEARCH_H
#define BLOGSEARCH_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "error.h"
#include "query.h"
#include "result.h"
#include "store.h"

typedef struct Engine Engine;

/* Pages with a value of a facet count @factor times (`section`, `lang` and the other derived ones as well). */
typedef struct RankingBoost {
	Str facet, value;
	float factor;
} RankingBoost;

/* docs/ranking.md says what each does, and what it brings. */
typedef struct RankingOptions {
	float weights[N_TEXT_FIELDS]; /* of an occurrence in that field; 0: the field finds pages but does not rank them */
	float nearness;               /* of the query's words standing near each other; 0: no matter */
	float title_match;            /* of a title that has all of the query's words; 0: no matter */
	float freshness;              /* 0 to 1: the share of its score that a very old page loses */
	uint32_t half_life_days;      /* after which half of that is lost; 0: age does not matter */
	const RankingBoost *boosts;
	size_t n_boosts;
} RankingOptions;

/* Asked for @from, the words of @to are found as well; where @from is empty, each of @to finds the others. */
typedef struct SynonymRule {
	Str from;
	const Str *to;
	size_t n_to;
} SynonymRule;

typedef struct EngineOptions {
	RankingOptions ranking;
	const SynonymRule *synonyms;
	size_t n_synonyms;
	const Str *stop_words; /* beside those of the site's languages */
	size_t n_stop_words;
	bool keeps_stop_words; /* no word is a stop word */
	const Str *facets;     /* that an answer counts where the question names none; singular names */
	size_t n_facets;
} EngineOptions;

EngineOptions engine_options_default(void);

/*
 * Opens the index file @path (absolute or relative; read-only, immutable) and loads its
 * catalog. @options (NULL: the default ones) are copied. ERROR_INDEX where the file is
 * missing, damaged, of another version or no index of ours.
 * Reference-counted: engine_open gives one reference, engine_ref adds one, engine_unref
 * drops one (and closes with the last; returns NULL). The file may be replaced by rename
 * meanwhile: the engine goes on with the one it opened.
 */
MUST_CHECK bool engine_open(const char *path, const EngineOptions *options, Engine **ret_engine, Error *err);
Engine *engine_ref(Engine *engine);
Engine *engine_unref(Engine *engine);
DEFINE_FREEP(Engine, engine_unref)

/* Whether @path still is the file that @engine has open (same device, inode, size, time). */
bool engine_is_current(const Engine *engine, const char *path);

/* Facts of the opened index; the strings live as long as the engine. */
typedef struct EngineInfo {
	uint64_t generation; /* differs for any two published files of one site */
	int64_t built_at;
	uint32_t n_pages;
	Str site_title;
	Str base_url; /* "https://example.org/"; empty: unknown */
	Str default_lang;
	const Str *languages;
	size_t n_languages;
} EngineInfo;

const EngineInfo *engine_info(const Engine *engine);
/* Every facet that can be asked for: taxonomies, series, author, section, lang, year, month. Singular names. */
FacetNames engine_facets(const Engine *engine);

/*
 * Runs @query (finished by query_finish) and fills *ret_result, which lives in @arena. No
 * match is not an error: zero hits. ERROR_BUSY after query->time_limit_ms; ERROR_INDEX if the
 * file turns out to be damaged; *ret_result is then untouched.
 */
MUST_CHECK bool search_run(Engine *engine, const Query *query, Arena *arena, Result **ret_result, Error *err);

#endif
