/* See page_matches.h. */
#include "page_matches.h"

/* --- Collecting ----------------------------------------------------------------------------------- */

static bool comes_first(const PageMatch *x, const PageMatch *y)
{
	if (x->place != y->place)
		return x->place < y->place;
	return x->leaf != y->leaf ? x->leaf < y->leaf : x->n_places <= y->n_places;
}

/* Two lists in order become one, which takes the place of the first. */
static void merge(PageMatches *matches, const PageMatches *more, Arena *arena)
{
	PageMatches merged = { arena_new_n(arena, PageMatch, matches->n + more->n), 0 };
	size_t i = 0, j = 0;

	while (i < matches->n || j < more->n)
		merged.items[merged.n++] = j == more->n || (i < matches->n && comes_first(&matches->items[i], &more->items[j]))
		                                   ? matches->items[i++]
		                                   : more->items[j++];
	*matches = merged;
}

static uint32_t first_character(const Alternative *alternative)
{
	uint32_t c = 0;
	Str word;

	if (!alternative->n_terms || !alternative->terms[0].n_forms)
		return 0;
	word = store_word_of_term(alternative->terms[0].forms[0]);
	if (word.len)
		str_decode(word, 0, &c);
	return c;
}

static const SpanSource *source_of(const Alternative *alternative, Arena *arena)
{
	SpanSource *source = arena_new(arena, SpanSource);

	*source = (SpanSource){ alternative->n_terms == 1 ? alternative->terms : NULL, alternative->is_prefix,
		                alternative->is_whole };
	return source;
}

static PageMatches matches_of(Search *search, uint32_t leaf, const Alternative *alternative, uint32_t i)
{
	const Postings *postings = &alternative->postings->postings;
	PlaceCursor cursor = postings_places(postings, i);
	/* A place takes a byte at least. */
	PageMatches matches = { arena_new_n(search->arena, PageMatch, (size_t)(cursor.end - cursor.at)), 0 };
	PageMatch match = { .n_places = alternative->n_places ? alternative->n_places : 1, .leaf = leaf,
		            .character = first_character(alternative), .source = source_of(alternative, search->arena) };

	while (place_next(&cursor, &match.place))
		if (search->leaves[leaf]->fields >> PLACE_FIELD(match.place) & 1)
			matches.items[matches.n++] = match;
	return matches;
}

PageMatches find_page_matches(Search *search, uint32_t page)
{
	PageMatches matches = { 0 };

	for (uint32_t l = 0; l < search->n_leaves; l++) {
		const Leaf *leaf = search->leaves[l];

		for (size_t a = 0; leaf->is_scored && a < leaf->n_alternatives; a++) {
			const Alternative *alternative = &leaf->alternatives[a];
			PageMatches more;
			uint32_t i;

			if (!alternative->postings || !postings_find(&alternative->postings->postings, page, &i))
				continue;
			more = matches_of(search, l, alternative, i);
			if (matches.n)
				merge(&matches, &more, search->arena);
			else
				matches = more;
		}
	}
	return matches;
}

/* --- Placing -------------------------------------------------------------------------------------- */

static Span span_of(const PageMatch *match, uint32_t first)
{
	return (Span){ .word = PLACE_NUMBER(match->place) - first, .n_words = match->n_places, .leaf = match->leaf,
		       .character = match->character, .source = match->source };
}

/* Moves *at to the first match that is not before place @number of @field. */
static void skip_to(const PageMatches *matches, TextField field, uint32_t number, size_t *at)
{
	while (*at < matches->n && matches->items[*at].place < ((Place)field << PLACE_FIELD_SHIFT | number))
		(*at)++;
}

/* Those in places [first, end) of the field; *at moves behind them. @text may be NULL: what is not shown has no spans. */
static void place_in(Search *search, const PageMatches *matches, TextField field, uint32_t first, uint32_t end, size_t *at,
                     MarkedText *text)
{
	size_t from;

	skip_to(matches, field, first, at);
	from = *at;
	skip_to(matches, field, end, at);
	if (*at == from || !text)
		return;
	text->spans = arena_new_n(search->arena, Span, *at - from);
	for (size_t i = from; i < *at; i++)
		text->spans[text->n_spans++] = span_of(&matches->items[i], first);
}

static void place_in_pieces(Search *search, const PageMatches *matches, const PageLayout *layout, TextField field,
                            size_t *at, MarkedText *texts)
{
	for (size_t i = 0; i < layout->n_pieces[field] && *at < matches->n; i++) {
		const LaidPiece *piece = &layout->pieces[field][i];

		/* Most have none. */
		if (matches->items[*at].place < ((Place)field << PLACE_FIELD_SHIFT | piece->end))
			place_in(search, matches, field, piece->place, piece->end, at,
			         piece->text == NO_TEXT ? NULL : &texts[piece->text]);
	}
}

void place_matches(Search *search, const PageMatches *matches, const PageLayout *layout, MarkedText *title,
                   MarkedText *texts)
{
	size_t at = 0;

	for (TextField field = 0; field < N_TEXT_FIELDS; field++) {
		const FieldText *piece = &title->piece;

		if (field == FIELD_TITLE)
			place_in(search, matches, field, piece->place, piece->place + piece->n_places, &at, title);
		else
			place_in_pieces(search, matches, layout, field, &at, texts);
	}
}

void place_title_matches(Search *search, const PageMatches *matches, MarkedText *title)
{
	size_t at = 0;

	place_in(search, matches, FIELD_TITLE, 0, title->piece.n_places, &at, title);
}
