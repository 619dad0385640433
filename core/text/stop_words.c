/* Words that tell nothing of what a text is about, by language; the lists are stop_words/LANGUAGE.txt. */
#include "blogsearch/cleanup.h"
#include "blogsearch/text.h"

typedef struct StopWords {
	Str lang;
	const Str *words; /* folded, in byte order */
	size_t n;
} StopWords;

#include "stop_words.h"

static bool is_among(const StopWords *list, Str word)
{
	size_t low = 0, high = list->n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = str_compare(list->words[middle], word);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static const StopWords *list_of(Str lang)
{
	size_t n = 0;

	while (n < lang.len && lang.data[n] != '-' && lang.data[n] != '_')
		n++;
	lang = str_slice(lang, 0, n);
	if (str_equal_nocase(lang, STR("nb")) || str_equal_nocase(lang, STR("nn")))
		lang = STR("no");
	for (size_t i = 0; i < ARRAY_SIZE(stop_word_lists); i++)
		if (str_equal_nocase(lang, stop_word_lists[i].lang))
			return &stop_word_lists[i];
	return NULL;
}

bool text_is_stop_word(Str lang, Str word, bool is_contraction)
{
	const StopWords *list = list_of(lang);
	char key[64];

	if (!list || !is_contraction)
		return list && is_among(list, word);
	if (word.len >= sizeof(key))
		return false;
	key[0] = '\'';
	memcpy(key + 1, word.data, word.len);
	return is_among(list, (Str){ key, word.len + 1 });
}
