/*
 * What a browser gets beside answers: the search box's script and style sheet, the frame of the
 * search page, and the words of both. Compiled in, from web/; lives as long as the program.
 */
#ifndef BLOGSEARCH_WEB_H
#define BLOGSEARCH_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

typedef struct WebAsset {
	const char *path; /* "/blogsearch.js": where it is served */
	Str body;
} WebAsset;

/* The asset at @path; NULL where there is none. */
const WebAsset *web_asset(Str path);

/* The search page: HTML with {{slots}} for whoever fills it (web/page.html names them). */
Str web_page(void);
/*
 * The next piece off the front of *rest (at first web_page()): the HTML up to a slot, and the
 * slot's name, empty where no further slot comes. False when *rest is used up.
 */
bool web_page_next(Str *rest, Str *ret_html, Str *ret_slot);

/* Whether there are words in the language of the tag @lang ("de-AT": in German). */
bool web_has_language(Str lang);
/*
 * The words of @key (web/strings/en.json has them all) in the language of @lang, in English where
 * there are none. {name}s in them are the caller's to fill. A key that does not exist aborts.
 */
Str web_words(Str lang, const char *key);
/* The same of a key with a plural: those for @n things ("count" has "count_one", "count_other"). */
Str web_plural(Str lang, const char *key, uint64_t n);

#endif
