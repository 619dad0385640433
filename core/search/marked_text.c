/* See marked_text.h. */
#include "marked_text.h"

#include "blogsearch/vec.h"

typedef struct WordList {
	VEC(Word) words;
} WordList;

static bool take_word(void *context, const Token *token)
{
	WordList *list = context;

	if (token->kind != TOKEN_WHOLE && token->kind != TOKEN_PIECE)
		vec_push(&list->words, (Word){ token->start, token->end });
	return true;
}

void marked_text_find_words(MarkedText *text, Analyzer *analyzer, Arena *arena)
{
	WordList list = { 0 };

	if (text->words)
		return;
	analyze_places(analyzer, text->piece.text, take_word, &list);
	text->n_words = list.words.n;
	text->words = arena_new_n(arena, Word, list.words.n + 1);
	if (list.words.n)
		memcpy(text->words, list.words.items, list.words.n * sizeof(Word));
	vec_deinit(&list.words);
}

void append_marked(const MarkedText *text, uint32_t from, uint32_t to, Buf *out)
{
	uint32_t at = from;

	for (size_t i = 0; i < text->n_spans; i++) {
		uint32_t start = text->spans[i].start, end = text->spans[i].end;

		while (i + 1 < text->n_spans && text->spans[i + 1].start <= end) {
			i++;
			/* A name begins before its first word where a dot does. */
			start = text->spans[i].start < start ? text->spans[i].start : start;
			end = text->spans[i].end > end ? text->spans[i].end : end;
		}
		start = start > at ? start : at;
		end = end < to ? end : to;
		if (start >= end)
			continue;
		buf_append_html(out, str_slice(text->piece.text, at, start));
		buf_append_c(out, "<mark>");
		buf_append_html(out, str_slice(text->piece.text, start, end));
		buf_append_c(out, "</mark>");
		at = end;
	}
	buf_append_html(out, str_slice(text->piece.text, at, to));
}

/* --- Where to cut ------------------------------------------------------------------------------- */

static uint32_t character_at(Str text, size_t at)
{
	uint32_t c = 0;

	if (at < text.len)
		str_decode(text, at, &c);
	return c;
}

/* The character that ends before @at (> 0). */
static uint32_t character_before(Str text, size_t at)
{
	while (at > 0 && ((unsigned char)text.data[--at] & 0xc0) == 0x80)
		;
	return character_at(text, at);
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == 0xa0 || c == 0x3000;
}

/* Full stops of scripts that put no space behind them. */
static bool is_full_stop_alone(uint32_t c)
{
	return c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0xff0e || c == 0xff61 || c == 0x17d4 || c == 0x104b;
}

static bool is_full_stop(uint32_t c)
{
	return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x061f || c == 0x06d4 || c == 0x0964 ||
	       c == 0x1362 || c == 0x0589;
}

/* Quotes and brackets that close: they belong to the sentence before them. */
static bool closes(uint32_t c)
{
	return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x2019 || c == 0x201d || c == 0xbb || c == 0x203a ||
	       c == 0x300d || c == 0x300f || c == 0xff09;
}

/* Words that end in a full stop and go on. */
static bool is_abbreviation(Str word)
{
	static const Str words[] = {
		STR_INIT("vs"),  STR_INIT("dr"), STR_INIT("mr"),  STR_INIT("mrs"), STR_INIT("ms"),     STR_INIT("st"),
		STR_INIT("fig"), STR_INIT("cf"), STR_INIT("eg"),  STR_INIT("ie"),  STR_INIT("approx"), STR_INIT("resp"),
		STR_INIT("bzw"), STR_INIT("ca"), STR_INIT("nr"),  STR_INIT("vgl"), STR_INIT("usw"),    STR_INIT("sog"),
		STR_INIT("inc"), STR_INIT("no"), STR_INIT("vol"), STR_INIT("prof"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_equal_nocase(word, words[i]))
			return true;
	return word.len == 1; /* an initial, `e.g.` */
}

static bool is_lower(uint32_t c)
{
	return text_is_letter(c) && text_title(c) != c;
}

/* Whether the text between two words ends a sentence: `end. Next`, `end?" Next`, not `vs. this`. */
static bool ends_sentence(const MarkedText *text, const Word *word, const Word *next)
{
	Str all = text->piece.text, between = str_slice(all, word->end, next->start);
	bool has_stop = false;

	for (size_t at = 0; at < between.len;) {
		uint32_t c;

		at += str_decode(between, at, &c);
		if (is_full_stop_alone(c) || (c == '\n' && text->piece.field == FIELD_CODE))
			return true;
		if (has_stop && is_blank(c))
			return !is_lower(character_at(all, next->start)) &&
			       !is_abbreviation(str_slice(all, word->start, word->end));
		has_stop = is_full_stop(c) || (has_stop && closes(c));
	}
	return false;
}

typedef enum Script { SCRIPT_HAN, SCRIPT_HIRAGANA, SCRIPT_KATAKANA, SCRIPT_OTHER } Script;

static Script script_of(uint32_t c)
{
	if (c >= 0x3041 && c <= 0x309f)
		return SCRIPT_HIRAGANA;
	if ((c >= 0x30a1 && c <= 0x30ff) || (c >= 0x31f0 && c <= 0x31ff) || (c >= 0xff66 && c <= 0xff9f))
		return SCRIPT_KATAKANA;
	if (c >= 0x2e80 && c <= 0x9fff)
		return SCRIPT_HAN;
	return SCRIPT_OTHER;
}

/* Vowels that are written before their consonant begin a syllable. */
static bool is_leading_vowel(uint32_t c)
{
	return (c >= 0x0e40 && c <= 0x0e44) || (c >= 0x0ec0 && c <= 0x0ec4);
}

/* Inside a run of a script without spaces. Japanese words begin where Hiragana end, or Katakana begin or end. */
static Cut cut_in_run(uint32_t before, uint32_t behind)
{
	Script left = script_of(before), right = script_of(behind);

	if (is_leading_vowel(behind))
		return CUT_SCRIPT;
	if (left != right && (left == SCRIPT_HIRAGANA || left == SCRIPT_KATAKANA || right == SCRIPT_KATAKANA))
		return CUT_SCRIPT;
	return CUT_INSIDE;
}

Cut cut_behind(const MarkedText *text, size_t i)
{
	const Word *word = &text->words[i], *next = word + 1;
	Str all = text->piece.text;
	uint32_t before, behind;

	if (i + 1 >= text->n_words)
		return CUT_SENTENCE;
	before = character_before(all, next->start);
	behind = character_at(all, next->start);
	if (next->start <= word->end) /* a pair that overlaps, or nothing in between */
		return text_is_unspaced(before) && text_is_unspaced(behind) ? cut_in_run(before, behind) : CUT_WORDS;
	if (ends_sentence(text, word, next))
		return CUT_SENTENCE;
	for (size_t at = word->end; at < next->start;) {
		uint32_t c;

		at += str_decode(all, at, &c);
		if (is_blank(c) || (c >= 0x3000 && c <= 0x303f) || (c >= 0xff00 && c <= 0xff65))
			return CUT_WORDS;
	}
	return CUT_INSIDE; /* joiners alone: a name */
}

uint32_t end_of_word(const MarkedText *text, size_t i)
{
	uint32_t end = text->words[i].end;

	return i + 1 < text->n_words && text->words[i + 1].start < end ? text->words[i + 1].start : end;
}
