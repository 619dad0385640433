/*
 * Title and snippet of a hit. The snippet is the stretch of one piece of text that has most
 * of the query's words, and these nearest to each other; where the text has none of them
 * (only title or terms match), the description or the beginning.
 */
#include "steps.h"

#include "find_spans.h"

/* Where a snippet is looked for, best first when a stretch of each has as much. */
static const TextField snippet_fields[] = { FIELD_PROSE, FIELD_CAPTIONS, FIELD_CODE, FIELD_HEADINGS };

#define SNIPPET_FIELDS \
	(1u << FIELD_PROSE | 1u << FIELD_CAPTIONS | 1u << FIELD_CODE | 1u << FIELD_HEADINGS)

/* How many words before the first match show what it is about. */
#define WORDS_BEFORE(n) ((n) / 4)

/* A stretch of words [first, last) of one piece. */
typedef struct Stretch {
	const MarkedText *text;
	uint32_t first, last;
	int worth;
} Stretch;

static int field_worth(TextField field)
{
	for (size_t i = 0; i < ARRAY_SIZE(snippet_fields); i++)
		if (snippet_fields[i] == field)
			return (int)(ARRAY_SIZE(snippet_fields) - i);
	return 0;
}

/*
 * What the words of spans [from, to) are worth: each of the query's words once above all,
 * repetitions a little, spread a little less, then the field.
 */
static int worth_of(const MarkedText *text, size_t from, size_t to)
{
	uint64_t leaves = 0;
	int spread = (int)(text->spans[to - 1].word - text->spans[from].word);
	int repeated = (int)(to - from);

	for (size_t i = from; i < to; i++)
		leaves |= UINT64_C(1) << (text->spans[i].leaf % 64);
	return __builtin_popcountll(leaves) * 10000 + (repeated < 8 ? repeated : 8) * 100 - spread +
	       field_worth(text->piece.field) * 40;
}

/* The best stretch that starts with span @from. */
static Stretch stretch_from(const MarkedText *text, size_t from, uint32_t n_words)
{
	uint32_t first = text->spans[from].word;
	size_t to = from + 1;

	while (to < text->n_spans && text->spans[to].word < first + n_words)
		to++;
	return (Stretch){ text, first, first + n_words, worth_of(text, from, to) };
}

static Stretch best_stretch(const MarkedText *texts, size_t n_texts, uint32_t n_words)
{
	Stretch best = { 0 };

	for (size_t i = 0; i < n_texts; i++)
		for (size_t from = 0; from < texts[i].n_spans; from++) {
			Stretch stretch = stretch_from(&texts[i], from, n_words);

			if (!best.text || stretch.worth > best.worth)
				best = stretch;
		}
	return best;
}

static bool ends_sentence(Str text, const Word *word, const Word *next)
{
	Str between = str_slice(text, word->end, next->start);

	for (size_t i = 0; i + 1 < between.len; i++)
		if (strchr(".!?", between.data[i]) && between.data[i + 1] == ' ')
			return true;
	return str_find(between, STR("。")) != STR_NOT_FOUND;
}

/* Begins some words before the first match: with its sentence where that is near, else with a word. */
static void widen(Stretch *stretch, uint32_t n_words)
{
	const MarkedText *text = stretch->text;
	uint32_t first = stretch->first, back = WORDS_BEFORE(n_words);
	uint32_t earliest = first > back ? first - back : 0;

	while (first > earliest &&
	       !ends_sentence(text->piece.text, &text->words[first - 1], &text->words[first]))
		first--;
	/* What the beginning lacks at the end of the piece goes to the front. */
	if (text->n_words < n_words)
		first = 0;
	else if (first + n_words > text->n_words)
		first = (uint32_t)text->n_words - n_words;
	stretch->first = first;
	stretch->last = first + n_words < text->n_words ? first + n_words : (uint32_t)text->n_words;
}

/* Punctuation that belongs to the last word, up to the next blank. */
static uint32_t end_with_punctuation(const MarkedText *text, uint32_t last)
{
	uint32_t limit = last < text->n_words ? text->words[last].start : (uint32_t)text->piece.text.len;
	uint32_t end = text->words[last - 1].end;

	while (end < limit && text->piece.text.data[end] != ' ' && text->piece.text.data[end] != '\n')
		end++;
	return end;
}

static void append_stretch(const Stretch *stretch, Buf *out)
{
	const MarkedText *text = stretch->text;
	uint32_t from = stretch->first ? text->words[stretch->first].start : 0;
	uint32_t to = stretch->last == text->n_words ? (uint32_t)text->piece.text.len
	                                             : end_with_punctuation(text, stretch->last);

	if (from)
		buf_append_c(out, "… ");
	append_marked(text, from, to, out);
	if (to < text->piece.text.len)
		buf_append_c(out, " …");
}

/* The first words of the page: its description, or the text up to @n_words. */
static void append_beginning(const MarkedText *texts, size_t n_texts, uint32_t n_words, Buf *out)
{
	for (size_t i = 0; i < n_texts && n_words; i++) {
		Stretch stretch = { .text = &texts[i] };

		if (texts[i].piece.field != FIELD_PROSE || !texts[i].n_words)
			continue;
		stretch.last = n_words < texts[i].n_words ? n_words : (uint32_t)texts[i].n_words;
		if (out->len)
			buf_append_char(out, ' ');
		append_stretch(&stretch, out);
		n_words -= stretch.last;
		if (texts[i].piece.block == (size_t)-1)
			return; /* the description says it */
	}
}

static Str collapse_blanks(Str text, Arena *arena)
{
	char *out = arena_to_c(arena, text);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		bool is_blank = text.data[i] == ' ' || text.data[i] == '\n' || text.data[i] == '\t' || text.data[i] == '\r';

		if (!is_blank)
			out[n++] = text.data[i];
		else if (n && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return (Str){ out, n };
}

static Str make_title(Search *search, uint32_t page, const StoreText *text)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	MarkedText *texts;
	size_t n_texts = find_spans(search, page, text, 1u << FIELD_TITLE, false, &texts);

	for (size_t i = 0; i < n_texts; i++)
		append_marked(&texts[i], 0, (uint32_t)texts[i].piece.text.len, &out);
	return arena_str_dup(search->arena, buf_str(&out));
}

static Str make_snippet(Search *search, uint32_t page, const StoreText *text)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	uint32_t n_words = search->query->snippet_words;
	MarkedText *texts;
	size_t n_texts;
	Stretch best;

	if (!n_words)
		return STR_EMPTY;
	n_texts = find_spans(search, page, text, SNIPPET_FIELDS, false, &texts);
	best = best_stretch(texts, n_texts, n_words);
	if (best.text) {
		widen(&best, n_words);
		append_stretch(&best, &out);
	} else {
		n_texts = find_spans(search, page, text, 1u << FIELD_PROSE, true, &texts);
		append_beginning(texts, n_texts, n_words, &out);
	}
	return collapse_blanks(buf_str(&out), search->arena);
}

void make_snippets(Search *search, uint32_t page, const StoreText *text, ResultHit *hit)
{
	hit->title_html = make_title(search, page, text);
	hit->snippet_html = make_snippet(search, page, text);
}
