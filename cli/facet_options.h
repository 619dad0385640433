/* The key `facets`: which facets answers count by themselves, and those that front matter makes (NAME=KEY). */
#ifndef CLI_FACET_OPTIONS_H
#define CLI_FACET_OPTIONS_H

#include "blogsearch/indexer.h"
#include "config.h"

typedef struct FacetOptions {
	Str *names; /* all of them, in their order */
	size_t n_names;
	IndexFacet *made; /* those with a key of front matter */
	size_t n_made;
} FacetOptions;

/* Lives in @arena. ERROR_USAGE names the item and what is wrong with it. */
MUST_CHECK bool config_facet_options(const Config *config, Arena *arena, FacetOptions *ret_options, Error *err);

#endif
