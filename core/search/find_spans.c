/* See find_spans.h. Places are numbered here exactly as store/term_stream.c numbers them. */
#include "find_spans.h"

#include <stdlib.h>

#include "blogsearch/vec.h"

/* A match of an alternative: its first place and how many it covers. */
typedef struct Match {
	uint32_t place; /* number within its field */
	uint32_t n_places;
	uint32_t leaf;
	bool is_whole;
} Match;

typedef VEC(Match) Matches;

static int compare_matches(const void *a, const void *b)
{
	const Match *x = a, *y = b;

	return x->place != y->place ? (x->place < y->place ? -1 : 1) : 0;
}

static void collect_matches(const Search *search, uint32_t page, TextField field, Matches *matches)
{
	for (size_t l = 0; l < search->n_leaves; l++) {
		const Leaf *leaf = search->leaves[l];

		for (size_t a = 0; leaf->is_scored && (leaf->fields >> field & 1) && a < leaf->n_alternatives; a++) {
			const Alternative *alternative = &leaf->alternatives[a];
			const Postings *postings = &alternative->postings->postings;
			uint32_t i;

			if (!postings_find(postings, page, &i))
				continue;
			for (uint32_t j = postings->start[i]; j < postings->start[i + 1]; j++)
				if (PLACE_FIELD(postings->places[j]) == field)
					vec_push(matches, (Match){ PLACE_NUMBER(postings->places[j]),
					                           alternative->n_places, (uint32_t)l,
					                           alternative->is_whole });
		}
	}
	if (matches->n)
		qsort(matches->items, matches->n, sizeof(Match), compare_matches);
}

/* --- Words of a piece ---------------------------------------------------------------------- */

typedef struct Piece {
	VEC(Word) words;
	VEC(Word) wholes; /* by place of the whole's first word; end 0: none */
} Piece;

static bool take_word(void *context, const Token *token)
{
	Piece *piece = context;

	while (piece->wholes.n <= token->position)
		vec_push(&piece->wholes, (Word){ 0, 0 });
	if (token->kind == TOKEN_WHOLE)
		piece->wholes.items[token->position] = (Word){ token->start, token->end };
	else if (token->kind != TOKEN_PIECE)
		vec_push(&piece->words, (Word){ token->start, token->end });
	return true;
}

static void piece_deinit(Piece *piece)
{
	vec_deinit(&piece->words);
	vec_deinit(&piece->wholes);
}

static Span span_of(const Piece *piece, const Match *match, uint32_t place)
{
	uint32_t last = place + match->n_places - 1;
	Span span = { .word = place, .leaf = match->leaf };

	if (last >= piece->words.n)
		last = (uint32_t)piece->words.n - 1;
	span.start = piece->words.items[place].start;
	span.end = piece->words.items[last].end;
	if (match->is_whole && place < piece->wholes.n && piece->wholes.items[place].end) {
		span.start = piece->wholes.items[place].start;
		span.end = piece->wholes.items[place].end;
	}
	return span;
}

static void mark_piece(Search *search, const Piece *piece, const Match *matches, size_t n_matches, MarkedText *marked)
{
	marked->n_words = piece->words.n;
	marked->words = arena_new_n(search->arena, Word, piece->words.n);
	if (piece->words.n)
		memcpy(marked->words, piece->words.items, piece->words.n * sizeof(Word));
	marked->spans = arena_new_n(search->arena, Span, n_matches);
	for (size_t i = 0; i < n_matches; i++) {
		uint32_t place = matches[i].place - marked->piece.place;

		if (place < piece->words.n)
			marked->spans[marked->n_spans++] = span_of(piece, &matches[i], place);
	}
}

typedef VEC(MarkedText) MarkedTexts;

static void mark_field(Search *search, uint32_t page, const StoreText *text, TextField field, bool with_words,
                       MarkedTexts *marked)
{
	Matches matches = { 0 };
	FieldText *pieces;
	size_t n_pieces = store_field_texts(text, field, search->arena, &pieces), at = 0;

	collect_matches(search, page, field, &matches);
	for (size_t i = 0; i < n_pieces; i++) {
		CLEANUP(piece_deinit) Piece piece = { 0 };
		MarkedText result = { .piece = pieces[i] };
		size_t first;

		/* What lies in a gap is nobody's. */
		while (at < matches.n && matches.items[at].place < pieces[i].place)
			at++;
		for (first = at; at < matches.n && matches.items[at].place < pieces[i].place + pieces[i].n_places;)
			at++;
		if (with_words || at > first) {
			analyze_places(search->analyzer, pieces[i].text, take_word, &piece);
			mark_piece(search, &piece, matches.items + first, at - first, &result);
		}
		vec_push(marked, result);
	}
	vec_deinit(&matches);
}

size_t find_spans(Search *search, uint32_t page, const StoreText *text, unsigned fields, bool with_words,
                  MarkedText **ret_texts)
{
	MarkedTexts marked = { 0 };
	size_t n;

	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		if (fields >> field & 1)
			mark_field(search, page, text, field, with_words, &marked);
	n = marked.n;
	*ret_texts = arena_new_n(search->arena, MarkedText, n);
	if (n)
		memcpy(*ret_texts, marked.items, n * sizeof(MarkedText));
	vec_deinit(&marked);
	return n;
}

/* --- Marking -------------------------------------------------------------------------------- */

void append_marked(const MarkedText *text, uint32_t from, uint32_t to, Buf *out)
{
	uint32_t at = from;

	for (size_t i = 0; i < text->n_spans; i++) {
		uint32_t start = text->spans[i].start, end = text->spans[i].end;

		while (i + 1 < text->n_spans && text->spans[i + 1].start <= end) {
			i++;
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
