/* See blogsearch/web.h. The bytes are made by Meson from the files of this folder. */
#include "blogsearch/web.h"

#include <stdio.h>
#include <stdlib.h>

#include "blogsearch_css.h"
#include "blogsearch_instantsearch_js.h"
#include "blogsearch_js.h"
#include "page_html.h"

typedef struct Words {
	const char *lang, *key, *text;
} Words;

#define STRINGS(lang, key, text) { lang, key, text },
static const Words words[] = {
#include "strings_table.h"
};

#define ASSET(path, bytes) { path, { bytes, sizeof(bytes) - 1 } }

static const WebAsset assets[] = {
	ASSET("/blogsearch.js", blogsearch_js),
	ASSET("/blogsearch.css", blogsearch_css),
	ASSET("/blogsearch-instantsearch.js", blogsearch_instantsearch_js),
};

const WebAsset *web_asset(Str path)
{
	for (size_t i = 0; i < sizeof(assets) / sizeof(assets[0]); i++)
		if (str_equal(path, str_from_c(assets[i].path)))
			return &assets[i];
	return NULL;
}

Str web_page(void)
{
	return (Str){ page_html, sizeof(page_html) - 1 };
}

bool web_page_next(Str *rest, Str *ret_html, Str *ret_slot)
{
	size_t begin = str_find(*rest, STR("{{")), end;

	*ret_slot = STR_EMPTY;
	*ret_html = *rest;
	if (!rest->len)
		return false;
	if (begin == STR_NOT_FOUND) {
		*rest = STR_EMPTY;
		return true;
	}
	end = str_find(*rest, STR("}}"));
	*ret_html = str_slice(*rest, 0, begin);
	*ret_slot = str_slice(*rest, begin + 2, end);
	*rest = str_from(*rest, end + 2);
	return true;
}

static Str primary_subtag(Str lang)
{
	size_t end = 0;

	while (end < lang.len && lang.data[end] != '-' && lang.data[end] != '_')
		end++;
	return str_slice(lang, 0, end);
}

static const char *find_words(Str lang, const char *key)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].key, key) == 0 && str_equal_nocase(lang, str_from_c(words[i].lang)))
			return words[i].text;
	return NULL;
}

bool web_has_language(Str lang)
{
	return find_words(primary_subtag(lang), "search") != NULL;
}

Str web_words(Str lang, const char *key)
{
	const char *text = find_words(primary_subtag(lang), key);

	if (!text)
		text = find_words(STR("en"), key);
	if (!text)
		abort(); /* a key that no file of strings/ has */
	return str_from_c(text);
}

/* CLDR's rules for the languages of strings/, which all are content with two forms. */
Str web_plural(Str lang, const char *key, uint64_t n)
{
	bool is_one = str_equal_nocase(primary_subtag(lang), STR("fr")) ? n < 2 : n == 1;
	char name[64];

	snprintf(name, sizeof(name), "%s_%s", key, is_one ? "one" : "other");
	return web_words(lang, name);
}
