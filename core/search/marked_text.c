/* See marked_text.h. */
#include "marked_text.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/vec.h"

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
static bool ends_sentence(const FieldText *piece, const Word *word, const Word *next)
{
	Str all = piece->text, between = str_slice(all, word->end, next->start);
	bool has_stop = false;

	for (size_t at = 0; at < between.len;) {
		uint32_t c;

		at += str_decode(between, at, &c);
		if (is_full_stop_alone(c) || (c == '\n' && piece->field == FIELD_CODE))
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

/* Between two words that follow one another. */
static Cut find_cut(const FieldText *piece, const Word *word, const Word *next)
{
	Str all = piece->text;

	if (next->start == word->end + 1u && all.data[word->end] == ' ')
		return CUT_WORDS; /* as between most words */
	if (next->start <= word->end) { /* a pair that overlaps, or nothing in between */
		uint32_t before = character_before(all, next->start), behind = character_at(all, next->start);

		return text_is_unspaced(before) && text_is_unspaced(behind) ? cut_in_run(before, behind) : CUT_WORDS;
	}
	if (ends_sentence(piece, word, next))
		return CUT_SENTENCE;
	for (size_t at = word->end; at < next->start;) {
		uint32_t c;

		at += str_decode(all, at, &c);
		if (is_blank(c) || (c >= 0x3000 && c <= 0x303f) || (c >= 0xff00 && c <= 0xff65))
			return CUT_WORDS;
	}
	return CUT_INSIDE; /* joiners alone: a name */
}

/* --- Room ------------------------------------------------------------------------------------- */

unsigned room_of_character(uint32_t c)
{
	if (c < 0x80 || !text_is_unspaced(c))
		return ROOM_OF_WORD;
	/* Thai, Lao, Myanmar, Khmer: words of many characters. Others: two characters are a word. */
	return (c >= 0x0e00 && c <= 0x0eff) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff) ? 1 : 2;
}

static unsigned find_room(Str text, uint32_t start)
{
	uint32_t c = 0;

	if (start < text.len && text.data[start] & 0x80)
		str_decode(text, start, &c);
	return room_of_character(c);
}

/* --- Words ---------------------------------------------------------------------------------- */

typedef struct Breaking {
	VEC(Word) words;
	VEC(Name) names;
	size_t most; /* words */
} Breaking;

static bool take_token(void *context, const Token *token)
{
	Breaking *breaking = context;
	Word bytes = { token->start, token->end };

	if (token->kind == TOKEN_WHOLE || token->kind == TOKEN_PIECE)
		vec_push(&breaking->names, (Name){ token->position, token->kind == TOKEN_PIECE, bytes });
	else
		vec_push(&breaking->words, bytes);
	return breaking->words.n < breaking->most;
}

static void weigh_words(const FieldText *piece, TextWords *words)
{
	for (size_t i = 0; i < words->n_words; i++) {
		Word *word = &words->words[i];

		word->room = find_room(piece->text, word->start);
		word->cut = i + 1 < words->n_words ? find_cut(piece, word, word + 1) : CUT_SENTENCE;
	}
}

/* With words of no bytes at the end of the text where it has fewer than the piece has places. */
static TextWords *break_text(const FieldText *piece)
{
	Str text = piece->text;
	size_t n_places = piece->n_places;
	Breaking breaking = { .most = n_places ? n_places + 1 : SIZE_MAX };
	size_t n_words, n_found;
	TextWords *words;

	vec_reserve(&breaking.words, n_places + 1);
	text_find_places(text, take_token, &breaking);
	n_found = breaking.words.n < n_places || !n_places ? breaking.words.n : n_places;
	n_words = n_places ? n_places : n_found;
	words = xmalloc(sizeof(*words) + n_words * sizeof(Word) + breaking.names.n * sizeof(Name));
	*words = (TextWords){ n_words, breaking.names.n, (Name *)&words->words[n_words] };
	if (n_found)
		memcpy(words->words, breaking.words.items, n_found * sizeof(Word));
	for (size_t i = n_found; i < n_words; i++)
		words->words[i] = (Word){ (uint32_t)text.len, (uint32_t)text.len };
	if (breaking.names.n)
		memcpy(words->names, breaking.names.items, breaking.names.n * sizeof(Name));
	vec_deinit(&breaking.words);
	vec_deinit(&breaking.names);
	weigh_words(piece, words);
	return words;
}

/* Another thread may have been first: its words are the same. */
static const TextWords *keep(KeptWords *kept, TextWords *words)
{
	TextWords *none = NULL;

	if (atomic_compare_exchange_strong(kept, &none, words))
		return words;
	free(words);
	return none;
}

static const TextWords *words_of(const MarkedText *text, Arena *arena)
{
	const TextWords *words = text->kept ? atomic_load_explicit(text->kept, memory_order_acquire) : NULL;
	TextWords *own, *copy;

	if (words)
		return words;
	own = break_text(&text->piece);
	if (text->kept)
		return keep(text->kept, own);
	copy = arena_alloc(arena, sizeof(*own) + own->n_words * sizeof(Word) + own->n_names * sizeof(Name));
	memcpy(copy, own, sizeof(*own) + own->n_words * sizeof(Word) + own->n_names * sizeof(Name));
	copy->names = (Name *)&copy->words[copy->n_words];
	free(own);
	return copy;
}

/* --- Spans ---------------------------------------------------------------------------------- */

/* The first of the names at @place; names.n where there is none. */
static size_t find_names(const TextWords *words, uint32_t place)
{
	size_t low = 0, high = words->n_names;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (words->names[middle].place < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether one of the source's forms is @exact, or @exact begins with it. */
static bool has_form(const SpanSource *source, Str exact)
{
	for (size_t i = 0; i < source->term->n_forms; i++) {
		Str form = store_word_of_term(source->term->forms[i]);

		if (source->is_prefix ? str_starts_with(exact, form) : str_equal(exact, form))
			return true;
	}
	return false;
}

static bool folds_to_form(const SpanSource *source, Str text, Word word)
{
	CLEANUP(buf_deinit) Buf folded = BUF_INIT(BUF_NO_CEILING);

	text_fold(str_slice(text, word.start, word.end), &folded);
	return has_form(source, buf_str(&folded));
}

/* `shell` found in `PowerShell`: the part, unless the whole word is of that form as well. */
static void narrow_to_part(const TextWords *words, Str text, Span *span)
{
	for (size_t i = find_names(words, span->word); i < words->n_names && words->names[i].place == span->word; i++) {
		Word part = words->names[i].bytes;

		if (!words->names[i].is_part || !folds_to_form(span->source, text, part))
			continue;
		if (folds_to_form(span->source, text, (Word){ span->start, span->end }))
			return;
		span->start = part.start;
		span->end = part.end;
		return;
	}
}

/* A single character of a script without spaces is looked up as the beginning of pairs. */
static bool is_character(const SpanSource *source)
{
	Str form;
	uint32_t c;

	if (!source->is_prefix || !source->term->n_forms)
		return false;
	form = source->term->forms[0];
	return form.len && str_decode(form, 0, &c) == form.len && text_is_unspaced(c);
}

static bool find_whole(const TextWords *words, Span *span)
{
	size_t i = find_names(words, span->word);

	if (i == words->n_names || words->names[i].place != span->word || words->names[i].is_part)
		return false;
	span->start = words->names[i].bytes.start;
	span->end = words->names[i].bytes.end;
	return true;
}

static void find_bytes(const TextWords *words, Str text, Span *span)
{
	size_t last = span->word + span->n_words - 1;

	if (last >= words->n_words)
		last = words->n_words - 1;
	span->start = words->words[span->word].start;
	span->end = words->words[last].end;
	if ((span->source->is_whole && find_whole(words, span)) || !span->source->term)
		return;
	narrow_to_part(words, text, span);
	if (is_character(span->source) && last + 1 < words->n_words && words->words[last + 1].start < span->end)
		span->end = words->words[last + 1].start;
}

void marked_text_find_words(MarkedText *text, Arena *arena)
{
	const TextWords *words;
	size_t n = 0;

	if (text->words)
		return;
	words = words_of(text, arena);
	text->words = words->words;
	text->n_words = words->n_words;
	for (size_t i = 0; i < text->n_spans; i++) {
		Span span = text->spans[i];

		if (span.word >= words->n_words)
			continue;
		if (span.source)
			find_bytes(words, text->piece.text, &span);
		text->spans[n++] = span;
	}
	text->n_spans = n;
}

/* --- As HTML ---------------------------------------------------------------------------------- */

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
