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

/* As browsers compare: whatever the case, one blank for another. */
static unsigned char compared(char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c == '\n' || c == '\t' ? ' ' : (unsigned char)c;
}

static bool reads_alike(Str text, size_t at, Str term)
{
	for (size_t i = 0; i < term.len; i++)
		if (compared(text.data[at + i]) != compared(term.data[i]))
			return false;
	return true;
}

/* What is looked for, by the one of its bytes that is met least. */
typedef struct Needle {
	Str term; /* without line breaks */
	size_t rarest;
	char first, second; /* that byte, in either case */
} Needle;

/* How often a byte is met, roughly. */
static unsigned frequency(char c)
{
	/* Of 1,000 letters of English text. */
	static const uint8_t letters[26] = { 82, 15, 28, 43, 127, 22, 20, 61, 70, 2, 8, 40, 24,
		                             67, 75, 19, 1, 60, 63, 91, 28, 10, 24, 2, 20, 1 };
	unsigned char byte = compared(c);

	if (byte >= 'a' && byte <= 'z')
		return letters[byte - 'a'];
	return byte == ' ' ? 200 : byte >= 0xc0 ? 190 : byte >= 0x80 ? 30 : 0;
}

static Needle needle_of(Str term)
{
	Needle needle = { .term = term };
	char c;

	for (size_t i = 1; i < term.len; i++)
		if (frequency(term.data[i]) < frequency(term.data[needle.rarest]))
			needle.rarest = i;
	c = (char)compared(term.data[needle.rarest]);
	needle.first = c;
	needle.second = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c == ' ' ? '\n' : c;
	return needle;
}

static const char *next_byte(const char *from, const char *end, char c)
{
	const char *found = from < end ? memchr(from, c, (size_t)(end - from)) : NULL;

	return found ? found : end;
}

static size_t find_needle(Str text, const Needle *needle)
{
	const char *at, *end, *first, *second;

	if (text.len < needle->term.len)
		return STR_NOT_FOUND;
	at = text.data + needle->rarest;
	end = at + (text.len - needle->term.len) + 1;
	first = next_byte(at, end, needle->first);
	second = next_byte(at, end, needle->second);
	while (first < end || second < end) {
		at = first < second ? first : second;
		if (reads_alike(text, (size_t)(at - text.data) - needle->rarest, needle->term))
			return (size_t)(at - text.data) - needle->rarest;
		first = first == at ? next_byte(at + 1, end, needle->first) : first;
		second = second == at ? next_byte(at + 1, end, needle->second) : second;
	}
	return STR_NOT_FOUND;
}

static bool has_needle(Str text, const Needle *needle)
{
	return text.len >= needle->term.len && find_needle(text, needle) != STR_NOT_FOUND;
}

/* Nothing in front of it in all that the page is made of: so it is nearly always, and looked for at one go. */
static bool is_first_of_bytes(const MarkedText *text, uint32_t from, const StoreText *page, const Needle *needle)
{
	size_t at;

	if (!page->bytes.len)
		return false;
	at = (size_t)(text->piece.text.data - page->bytes.data) + from;
	return !has_needle(str_slice(page->bytes, 0, at + needle->term.len - 1), needle);
}

static bool is_in_later_heading(const MarkedText *text, const StoreText *page, const Needle *needle)
{
	for (size_t i = text->piece.block + 1; i < page->n_blocks; i++)
		if (page->blocks[i].kind == BLOCK_HEADING && has_needle(page->blocks[i].text, needle))
			return true;
	return false;
}

/* Whether bytes [from, to) of the text read as nothing before them on the page does. */
static bool is_first(const MarkedText *text, uint32_t from, uint32_t to, const StoreText *page)
{
	Needle needle = needle_of(str_slice(text->piece.text, from, to));

	if (is_first_of_bytes(text, from, page, &needle))
		return !is_in_later_heading(text, page, &needle);
	/* Themes show title and description above the text, and the headings in a table of contents. */
	if (has_needle(page->title, &needle) || has_needle(page->description, &needle))
		return false;
	for (size_t i = 0; i < page->n_blocks; i++) {
		const Block *block = &page->blocks[i];
		bool is_before = i < text->piece.block && block->kind != BLOCK_INLINE_CODE;

		if ((is_before || block->kind == BLOCK_HEADING) && i != text->piece.block && has_needle(block->text, &needle))
			return false;
	}
	return find_needle(text->piece.text, &needle) == from;
}

/* --- Terms ------------------------------------------------------------------------------------------ */

/*
 * What is shown as it stands in the text, whatever the generator makes of dashes, dots and
 * markup. Browsers take one kind of quotes for another.
 */
static bool is_plain(Str text)
{
	static const bool is_markup[256] = {
		['\0'] = true, ['<'] = true, ['>'] = true, ['['] = true, [']'] = true, ['{'] = true, ['}'] = true, ['|'] = true,
		['`'] = true, ['*'] = true, ['~'] = true, ['^'] = true, ['\\'] = true, ['$'] = true, ['\n'] = true,
		['\t'] = true,
	};

	for (size_t at = 0; at < text.len; at++) {
		unsigned char byte = (unsigned char)text.data[at];
		uint32_t c;

		if (is_markup[byte] || ((byte == '-' || byte == '.') && at && text.data[at - 1] == text.data[at]))
			return false;
		if (byte < 0xc2) /* of ASCII, or within a character */
			continue;
		str_decode(text, at, &c);
		if (c == 0x2013 || c == 0x2014 || c == 0x2026 || c == 0xa0 || c == 0xfffc)
			return false;
	}
	return true;
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
static bool find_start(const MarkedText *text, uint32_t first, uint32_t last, const StoreText *page,
                       Directive *directive)
{
	directive->start_first = first;
	for (uint32_t n = WORDS_OF_TERM; n <= MOST_OF_TERM; n++)
		if (term_forward(text, first, n, last, &directive->start_last) &&
		    is_first(text, text->words[first].start, end_of_word(text, directive->start_last), page))
			return true;
	if (first == 0 || !term_forward(text, first, WORDS_OF_TERM, last, &directive->start_last) ||
	    !term_backward(text, first - 1, WORDS_BEFORE, 0, &directive->before_first))
		return false;
	directive->has_before = true;
	/* Between the two a browser takes blanks only. */
	return is_plain(words_of(text, directive->before_first, directive->start_last)) &&
	       end_of_word(text, first - 1) + 1 == text->words[first].start &&
	       is_first(text, text->words[directive->before_first].start, end_of_word(text, directive->start_last),
	                page);
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
			buf_append_percent(url, c);
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

bool text_fragment_append(const MarkedText *text, uint32_t first, uint32_t last, const StoreText *page, Buf *url)
{
	uint32_t from = sentence_start(text, first), to = sentence_end(text, last);
	Directive directive = { 0 };
	bool is_found = false;

	/* Where the sentence begins with what is not plain, some words later. */
	for (; !is_found && from <= first; from++) {
		directive = (Directive){ 0 };
		is_found = find_start(text, from, to, page, &directive);
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
