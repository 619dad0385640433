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

typedef struct Engine Engine;

/*
 * Opens the index file @path (absolute or relative; read-only, immutable) and loads its
 * catalog. ERROR_INDEX where it is missing, damaged, of another version or no index of ours.
 * Reference-counted: engine_open gives one reference, engine_ref adds one, engine_unref
 * drops one (and closes with the last; returns NULL). The file may be replaced by rename
 * meanwhile: the engine goes on with the one it opened.
 */
MUST_CHECK bool engine_open(const char *path, Engine **ret_engine, Error *err);
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
