/* See word_starts.h. */
#include "word_starts.h"

#include "blogsearch/vec.h"
#include "marked_text.h"

static bool is_in_word(uint32_t c)
{
	return (text_is_letter(c) || text_is_digit(c) || text_is_mark(c)) && !text_is_unspaced(c);
}

size_t next_word_start(Str folded, size_t at)
{
	bool was_in_word = false;
	uint32_t c;

	if (at < folded.len) {
		at += str_decode(folded, at, &c);
		was_in_word = is_in_word(c);
	}
	while (at < folded.len) {
		unsigned n = str_decode(folded, at, &c);

		if (c > ' ' && !(was_in_word && is_in_word(c)))
			return at;
		was_in_word = is_in_word(c);
		at += n;
	}
	return folded.len;
}

size_t find_word_start(Str folded, Str beginning)
{
	for (size_t at = 0; at + beginning.len <= folded.len; at = next_word_start(folded, at)) {
		if (str_starts_with(str_from(folded, at), beginning))
			return at;
		if (at == folded.len)
			break;
	}
	return STR_NOT_FOUND;
}

/* --- Marking ------------------------------------------------------------------------------------ */

typedef struct Beginnings {
	VEC(Str) words;
	Arena *arena;
	bool has_pair; /* the last one was a pair of characters */
} Beginnings;

static bool take_beginning(void *context, const Token *token)
{
	Beginnings *beginnings = context;

	/* The last character of a run is in the pair before it. */
	if (token->kind != TOKEN_NGRAM_LAST || !beginnings->has_pair)
		vec_push(&beginnings->words, arena_str_dup(beginnings->arena, token->exact));
	beginnings->has_pair = token->kind == TOKEN_NGRAM;
	return true;
}

typedef struct Marker {
	Str text;
	const Beginnings *beginnings;
	VEC(Span) spans;
	Buf folded; /* scratch */
} Marker;

/* How many bytes of text [start, end) fold to at least @n bytes. */
static uint32_t end_of_folded(Marker *marker, uint32_t start, uint32_t end, size_t n)
{
	uint32_t at = start;

	buf_clear(&marker->folded);
	while (at < end && marker->folded.len < n) {
		uint32_t c;

		at += str_decode(marker->text, at, &c);
		buf_clear(&marker->folded);
		text_fold(str_slice(marker->text, start, at), &marker->folded);
	}
	/* Marks belong to the letter before them. */
	while (at < end) {
		uint32_t c;
		unsigned length = str_decode(marker->text, at, &c);

		if (!text_is_mark(c))
			break;
		at += length;
	}
	return at;
}

static bool mark_token(void *context, const Token *token)
{
	Marker *marker = context;
	size_t longest = 0;

	for (size_t i = 0; i < marker->beginnings->words.n; i++) {
		Str word = marker->beginnings->words.items[i];

		if (word.len > longest && str_starts_with(token->exact, word))
			longest = word.len;
	}
	if (longest)
		vec_push(&marker->spans,
		         (Span){ .start = token->start,
		                 .end = longest == token->exact.len
		                                ? token->end
		                                : end_of_folded(marker, token->start, token->end, longest) });
	return true;
}

Str mark_word_starts(Analyzer *analyzer, Str text, Str beginning, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	Beginnings beginnings = { .arena = arena };
	Marker marker = { .text = text, .beginnings = &beginnings, .folded = BUF_INIT(BUF_NO_CEILING) };
	MarkedText marked = { .piece = { .text = text } };

	analyze_places(analyzer, beginning, take_beginning, &beginnings);
	analyze_places(analyzer, text, mark_token, &marker);
	marked.spans = marker.spans.items;
	marked.n_spans = marker.spans.n;
	append_marked(&marked, 0, (uint32_t)text.len, &out);
	vec_deinit(&beginnings.words);
	vec_deinit(&marker.spans);
	buf_deinit(&marker.folded);
	return arena_str_dup(arena, buf_str(&out));
}
