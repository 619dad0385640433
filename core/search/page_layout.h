/*
 * A page's texts as flows, before anything is looked for in them: the description; each section's
 * heading with the paragraphs below it up to a piece of code; each piece of code; each caption. Made
 * once of a page and kept with it; page_flows.h lays a question's matches on top.
 */
#ifndef SEARCH_PAGE_LAYOUT_H
#define SEARCH_PAGE_LAYOUT_H

#include "marked_text.h"

typedef enum FlowKind { FLOW_DESCRIPTION, FLOW_PROSE, FLOW_CAPTION, FLOW_CODE, FLOW_INLINE_CODE } FlowKind;

#define NO_SECTION SIZE_MAX
#define NO_TEXT    SIZE_MAX

typedef struct FlowLayout {
	FlowKind kind;
	bool has_heading; /* its first text is the heading of the others */
	size_t section;   /* the block of its heading; NO_SECTION before the first one */
	size_t first_text, n_texts;
} FlowLayout;

/* A piece of a field, and where it went. */
typedef struct LaidPiece {
	uint32_t place, end; /* the field's places that are its */
	size_t text;         /* NO_TEXT: not shown */
} LaidPiece;

typedef struct PageLayout {
	MarkedText title;  /* without a match, as all of them */
	MarkedText *texts; /* of all flows, one after the other */
	size_t n_texts;
	FlowLayout *flows; /* in reading order; captions behind the others */
	size_t n_flows;
	LaidPiece *pieces[N_TEXT_FIELDS]; /* by place; none of FIELD_TERMS and of FIELD_TITLE */
	size_t n_pieces[N_TEXT_FIELDS];
} PageLayout;

/* @words: where the words of each text are kept, by FieldText.number. In @arena; borrows from @text. */
PageLayout *page_layout_new(const StoreText *text, KeptWords *words, Arena *arena);

#endif
