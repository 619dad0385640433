/* What the configuration says of searching (index.synonyms, index.stop_words, facets, ranking.*), as the engine's options. */
#ifndef CLI_ENGINE_OPTIONS_H
#define CLI_ENGINE_OPTIONS_H

#include "blogsearch/search.h"
#include "config.h"

/* Lives in @arena. ERROR_USAGE names the key and what is wrong with its value. */
MUST_CHECK bool config_engine_options(const Config *config, Arena *arena, EngineOptions *ret_options, Error *err);

#endif
