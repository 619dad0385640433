/* See find_spans.h. Places are numbered here exactly as store/term_stream.c numbers them. */
#include "find_spans.h"

#include <stdlib.h>

#include "blogsearch/vec.h"

/* A match of an alternative: its first place and how many it covers. */
typedef struct Match {
	uint32_t place; /* number within its field */
	uint32_t n_places;
	uint32_t leaf;
	const Alternative *alternative;
} Match;

typedef VEC(Match) Matches;

static int compare_matches(const void *a, const void *b)
{
	const Match *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if (x->leaf != y->leaf)
		return x->leaf < y->leaf ? -1 : 1;
	return x->n_places < y->n_places ? -1 : x->n_places > y->n_places;
}

static void collect_matches(const Search *search, uint32_t page, TextField field, Matches *matches)
{
	for (size_t l = 0; l < search->n_leaves; l++) {
		const Leaf *leaf = search->leaves[l];

		for (size_t a = 0; leaf->is_scored && (leaf->fields >> field & 1) && a < leaf->n_alternatives; a++) {
			const Alternative *alternative = &leaf->alternatives[a];
			const Postings *postings = alternative->postings ? &alternative->postings->postings : NULL;
			PlaceCursor cursor;
			Place place;
			uint32_t i;

			if (!postings || !postings_find(postings, page, &i))
				continue;
			cursor = postings_places(postings, i);
			while (place_next(&cursor, &place))
				if (PLACE_FIELD(place) == field)
					vec_push(matches, (Match){ PLACE_NUMBER(place), alternative->n_places,
					                           (uint32_t)l, alternative });
		}
	}
	if (matches->n)
		qsort(matches->items, matches->n, sizeof(Match), compare_matches);
}

/* --- Words of a piece ---------------------------------------------------------------------- */

/* A part of a CamelCase word, at that word's place. */
typedef struct Part {
	uint32_t place;
	Word word;
	Str exact;
} Part;

typedef struct Piece {
	VEC(Word) words;
	VEC(Word) wholes; /* by place of the whole's first word; end 0: none */
	VEC(Part) parts;
	Arena *arena;
} Piece;

static bool take_word(void *context, const Token *token)
{
	Piece *piece = context;
	Word word = { token->start, token->end };

	while (piece->wholes.n <= token->position)
		vec_push(&piece->wholes, (Word){ 0, 0 });
	if (token->kind == TOKEN_WHOLE)
		piece->wholes.items[token->position] = word;
	else if (token->kind == TOKEN_PIECE)
		vec_push(&piece->parts, (Part){ token->position, word, arena_str_dup(piece->arena, token->exact) });
	else
		vec_push(&piece->words, word);
	return true;
}

static void piece_deinit(Piece *piece)
{
	vec_deinit(&piece->words);
	vec_deinit(&piece->wholes);
	vec_deinit(&piece->parts);
}

/* Whether one of the alternative's forms is @exact, or @exact begins with it. */
static bool has_form(const Alternative *alternative, Str exact)
{
	for (size_t i = 0; i < alternative->terms[0].n_forms; i++) {
		Str form = store_word_of_term(alternative->terms[0].forms[i]);

		if (alternative->is_prefix ? str_starts_with(exact, form) : str_equal(exact, form))
			return true;
	}
	return false;
}

/* `shell` found in `PowerShell`: the part, unless the whole word is of that form as well. */
static void narrow_to_part(const Piece *piece, const Match *match, Str text, uint32_t place, Span *span)
{
	CLEANUP(buf_deinit) Buf folded = BUF_INIT(BUF_NO_CEILING);
	bool is_checked = false;

	for (size_t i = 0; i < piece->parts.n; i++) {
		const Part *part = &piece->parts.items[i];

		if (part->place != place || !has_form(match->alternative, part->exact))
			continue;
		if (!is_checked) {
			text_fold(str_slice(text, span->start, span->end), &folded);
			if (has_form(match->alternative, buf_str(&folded)))
				return;
			is_checked = true;
		}
		span->start = part->word.start;
		span->end = part->word.end;
		return;
	}
}

/* A single character of a script without spaces is looked up as the beginning of pairs. */
static bool is_character(const Alternative *alternative)
{
	Str form;
	uint32_t c;

	if (!alternative->is_prefix || !alternative->terms[0].n_forms)
		return false;
	form = alternative->terms[0].forms[0];
	return form.len && str_decode(form, 0, &c) == form.len && text_is_unspaced(c);
}

static Span span_of(const Piece *piece, const Match *match, Str text, uint32_t place)
{
	Span span = { .word = place, .n_words = match->n_places ? match->n_places : 1, .leaf = match->leaf };
	const Word *words = piece->words.items;
	size_t last = place + span.n_words - 1;

	if (last >= piece->words.n)
		last = piece->words.n - 1;
	span.start = words[place].start;
	span.end = words[last].end;
	if (match->alternative->is_whole && place < piece->wholes.n && piece->wholes.items[place].end) {
		span.start = piece->wholes.items[place].start;
		span.end = piece->wholes.items[place].end;
	} else if (match->alternative->n_terms == 1) {
		narrow_to_part(piece, match, text, place, &span);
		if (is_character(match->alternative) && last + 1 < piece->words.n && words[last + 1].start < span.end)
			span.end = words[last + 1].start;
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
			marked->spans[marked->n_spans++] = span_of(piece, &matches[i], marked->piece.text, place);
	}
}

size_t find_spans(Search *search, uint32_t page, const StoreText *text, TextField field, MarkedText **ret_texts)
{
	Matches matches = { 0 };
	FieldText *pieces;
	size_t n_pieces = store_field_texts(text, field, search->arena, &pieces), at = 0;

	*ret_texts = arena_new_n(search->arena, MarkedText, n_pieces);
	collect_matches(search, page, field, &matches);
	for (size_t i = 0; i < n_pieces; i++) {
		CLEANUP(piece_deinit) Piece piece = { .arena = search->arena };
		MarkedText *marked = &(*ret_texts)[i];
		size_t first;

		marked->piece = pieces[i];
		/* What lies in a gap is nobody's. */
		while (at < matches.n && matches.items[at].place < pieces[i].place)
			at++;
		for (first = at; at < matches.n && matches.items[at].place < pieces[i].place + pieces[i].n_places;)
			at++;
		if (at > first) {
			analyze_places(search->analyzer, pieces[i].text, take_word, &piece);
			mark_piece(search, &piece, matches.items + first, at - first, marked);
		}
	}
	vec_deinit(&matches);
	return n_pieces;
}
