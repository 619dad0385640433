/* Slugs for values that no generator gave one, and counting words as a reader would. */
#include "character.h"

#include "blogsearch/text.h"

Str text_slug(Str name, Arena *arena)
{
	CLEANUP(buf_deinit) Buf folded = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf slug = BUF_INIT(BUF_NO_CEILING);
	bool wants_hyphen = false;

	text_fold(name, &folded);
	for (size_t at = 0; at < folded.len;) {
		uint32_t c;
		unsigned n = str_decode(buf_str(&folded), at, &c);
		CharClass class = char_class(c);

		at += n;
		/* `+` and `#` stay: C, C++ and C# are three things. */
		if (!char_is_word(class) && class != CHAR_UNSPACED && c != '+' && c != '#') {
			wants_hyphen = slug.len > 0;
			continue;
		}
		if (wants_hyphen)
			buf_append_char(&slug, '-');
		wants_hyphen = false;
		buf_append_code_point(&slug, c);
	}
	return arena_str_dup(arena, buf_str(&slug));
}

uint32_t text_count_words(Str text)
{
	uint32_t n_words = 0;
	bool is_in_word = false;

	for (size_t at = 0; at < text.len;) {
		uint32_t c;

		/* Inside of a word no ASCII character but a blank changes anything. */
		while (is_in_word && at < text.len && text.data[at] > ' ' && (unsigned char)text.data[at] < 0x80)
			at++;
		if (at == text.len)
			break;
		at += str_decode(text, at, &c);
		if (c <= ' ' || c == 0xa0 || c == 0x3000) {
			is_in_word = false;
		} else if (text_is_unspaced(c)) {
			is_in_word = false;
			n_words++;
		} else if (!is_in_word && char_is_word(char_class(c))) {
			is_in_word = true;
			n_words++;
		}
	}
	return n_words;
}
