/*
 * A directive names the first and the last words of the passage, `text=START,END`, or all of
 * it where it is short. A browser takes the first place of the whole page that fits, wherever
 * the rest of the fragment leads; so the beginning is made longer, or given the words before
 * it (`text=BEFORE-,START,END`), until nothing earlier on the page reads the same.
 */
#include "text_fragment.h"

#define WORDS_OF_TERM    4  /* at first */
#define MOST_OF_TERM     12 /* when made longer */
#define WORDS_BEFORE     4
#define WORDS_OF_WHOLE   8  /* a passage of no more is named as a whole */
#define WORDS_AROUND     20 /* of a sentence, before what was found and behind it */
#define WORDS_OF_CONTEXT 6  /* where the sentence is longer */
#define LEAST_OF_START   8  /* bytes: less is found too easily, in menus too */
#define LEAST_OF_END     3

/* --- The page as it is shown --------------------------------------------------------------------- */

static void append_lower(Buf *out, Str text)
{
	char *to = buf_reserve(out, text.len);

	for (size_t i = 0; to && i < text.len; i++) {
		char c = text.data[i];

		to[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c == '\n' || c == '\t' ? ' ' : c;
	}
	out->len += to ? text.len : 0;
}

void visible_text_make(VisibleText *visible, const StoreText *text, Arena *arena)
{
	*visible = (VisibleText){ BUF_INIT(BUF_NO_CEILING), arena_new_n(arena, size_t, text->n_blocks) };
	/* Themes show these above the text, and a table of contents. */
	append_lower(&visible->text, text->title);
	buf_append_char(&visible->text, '\n');
	append_lower(&visible->text, text->description);
	for (size_t i = 0; i < text->n_blocks; i++)
		if (text->blocks[i].kind == BLOCK_HEADING) {
			buf_append_char(&visible->text, '\n');
			append_lower(&visible->text, text->blocks[i].text);
		}
	for (size_t i = 0; i < text->n_blocks; i++) {
		buf_append_char(&visible->text, '\n');
		visible->start[i] = visible->text.len;
		if (text->blocks[i].kind != BLOCK_INLINE_CODE)
			append_lower(&visible->text, text->blocks[i].text);
	}
}

void visible_text_deinit(VisibleText *visible)
{
	buf_deinit(&visible->text);
}

/* Whether bytes [from, to) of the text read as nothing before them on the page does. */
static bool is_first(const MarkedText *text, uint32_t from, uint32_t to, const VisibleText *visible)
{
	size_t start = visible->start[text->piece.block];
	Str shown = buf_str(&visible->text);
	size_t at = str_find(shown, str_slice(shown, start + from, start + to));

	return at == start + from;
}

/* --- Terms ------------------------------------------------------------------------------------------ */

/*
 * What is shown as it stands in the text, whatever the generator makes of dashes, dots and
 * markup. Browsers take one kind of quotes for another.
 */
static bool is_plain(Str text)
{
	static const uint32_t changed[] = { 0x2013, 0x2014, 0x2026, 0xa0, 0xfffc };

	for (size_t at = 0; at < text.len;) {
		uint32_t c;

		at += str_decode(text, at, &c);
		if (c < 0x80 && strchr("<>[]{}|`*~^\\$\n\t", (int)c))
			return false;
		for (size_t i = 0; i < ARRAY_SIZE(changed); i++)
			if (c == changed[i])
				return false;
	}
	return str_find(text, STR("--")) == STR_NOT_FOUND && str_find(text, STR("..")) == STR_NOT_FOUND;
}

static Str words_of(const MarkedText *text, uint32_t first, uint32_t last)
{
	return str_slice(text->piece.text, text->words[first].start, end_of_word(text, last));
}

/* Browsers find whole words only: a term begins and ends where a word surely does. */
static bool begins_word(const MarkedText *text, uint32_t word)
{
	return word == 0 || cut_behind(text, word - 1) >= CUT_WORDS;
}

static bool ends_word(const MarkedText *text, uint32_t word)
{
	return cut_behind(text, word) >= CUT_WORDS;
}

static bool is_term(const MarkedText *text, uint32_t first, uint32_t last, size_t least)
{
	Str words = words_of(text, first, last);

	return begins_word(text, first) && ends_word(text, last) && words.len >= least && is_plain(words);
}

/* From @first on @n words or a few more, fewer where what follows is not plain; false where there is no such term. */
static bool term_forward(const MarkedText *text, uint32_t first, uint32_t n, uint32_t most, uint32_t *ret_last)
{
	uint32_t wanted = first + n - 1 < most ? first + n - 1 : most;

	for (uint32_t last = wanted; last <= most && last < wanted + WORDS_OF_TERM; last++)
		if (is_term(text, first, last, LEAST_OF_START)) {
			*ret_last = last;
			return true;
		}
	for (uint32_t last = wanted; last > first; last--)
		if (is_term(text, first, last - 1, LEAST_OF_START)) {
			*ret_last = last - 1;
			return true;
		}
	return false;
}

/* Up to @last @n words or fewer, from @first at the earliest. */
static bool term_backward(const MarkedText *text, uint32_t last, uint32_t n, uint32_t least, uint32_t *ret_first)
{
	uint32_t first = last + 1 > n ? last + 1 - n : 0;

	for (first = first > least ? first : least; first <= last; first++)
		if (is_term(text, first, last, LEAST_OF_END)) {
			*ret_first = first;
			return true;
		}
	return false;
}

/* --- The directive ------------------------------------------------------------------------------------ */

typedef struct Directive {
	bool has_before, has_end;
	uint32_t before_first;
	uint32_t start_first, start_last;
	uint32_t end_first, end_last;
} Directive;

static uint32_t sentence_start(const MarkedText *text, uint32_t word)
{
	uint32_t at = word;

	for (; word - at < WORDS_AROUND; at--)
		if (at == 0 || cut_behind(text, at - 1) == CUT_SENTENCE)
			return at;
	return word - WORDS_OF_CONTEXT;
}

static uint32_t sentence_end(const MarkedText *text, uint32_t word)
{
	uint32_t at = word;

	for (; at - word < WORDS_AROUND; at++)
		if (cut_behind(text, at) == CUT_SENTENCE)
			return at;
	return word + WORDS_OF_CONTEXT;
}

/* The beginning at @first, made longer or given what stands before it until it is the first on the page. */
static bool find_start(const MarkedText *text, uint32_t first, uint32_t last, const VisibleText *visible,
                       Directive *directive)
{
	directive->start_first = first;
	for (uint32_t n = WORDS_OF_TERM; n <= MOST_OF_TERM; n++)
		if (term_forward(text, first, n, last, &directive->start_last) &&
		    is_first(text, text->words[first].start, end_of_word(text, directive->start_last), visible))
			return true;
	if (first == 0 || !term_forward(text, first, WORDS_OF_TERM, last, &directive->start_last) ||
	    !term_backward(text, first - 1, WORDS_BEFORE, 0, &directive->before_first))
		return false;
	directive->has_before = true;
	/* Between the two a browser takes blanks only. */
	return is_plain(words_of(text, directive->before_first, directive->start_last)) &&
	       end_of_word(text, first - 1) + 1 == text->words[first].start &&
	       is_first(text, text->words[directive->before_first].start, end_of_word(text, directive->start_last),
	                visible);
}

/* The end at @last or some words before it, behind the beginning and what was found. */
static bool find_end(const MarkedText *text, uint32_t last, uint32_t found, Directive *directive)
{
	for (; last >= found && last > directive->start_last; last--)
		if (term_backward(text, last, WORDS_OF_TERM, directive->start_last + 1, &directive->end_first)) {
			directive->end_last = last;
			return true;
		}
	return false;
}

/* Everything that means something in a directive, and what is no URL character, percent-encoded. */
static void append_term(Buf *url, Str term)
{
	for (size_t i = 0; i < term.len; i++) {
		unsigned char c = (unsigned char)term.data[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_')
			buf_append_char(url, (char)c);
		else
			buf_printf(url, "%%%02X", c);
	}
}

static void append_directive(const MarkedText *text, const Directive *directive, Buf *url)
{
	buf_append_c(url, ":~:text=");
	if (directive->has_before) {
		append_term(url, words_of(text, directive->before_first, directive->start_first - 1));
		buf_append_c(url, "-,");
	}
	append_term(url, words_of(text, directive->start_first, directive->start_last));
	if (directive->has_end) {
		buf_append_char(url, ',');
		append_term(url, words_of(text, directive->end_first, directive->end_last));
	}
}

bool text_fragment_append(const MarkedText *text, uint32_t first, uint32_t last, const VisibleText *visible, Buf *url)
{
	uint32_t from = sentence_start(text, first), to = sentence_end(text, last);
	Directive directive = { 0 };
	bool is_found = false;

	/* Where the sentence begins with what is not plain, some words later. */
	for (; !is_found && from <= first; from++) {
		directive = (Directive){ 0 };
		is_found = find_start(text, from, to, visible, &directive);
	}
	if (!is_found)
		return false;
	if (to > directive.start_last && to - directive.start_first < WORDS_OF_WHOLE &&
	    is_term(text, directive.start_first, to, LEAST_OF_START))
		directive.start_last = to;
	else
		directive.has_end = find_end(text, to, last, &directive);
	/* What was found is to be highlighted. */
	if (!directive.has_end && directive.start_last < last)
		return false;
	append_directive(text, &directive, url);
	return true;
}
