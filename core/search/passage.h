/*
 * Which stretch of a page's text is shown: of the texts that follow one another (a flow) the
 * words that have most of what was asked, nearest to each other, cut at sentences where that
 * fits. Pure: works on texts with their matches, knows no query and no index. Choosing needs the
 * numbers of words alone; texts are broken into words as far as a passage reaches.
 */
#ifndef SEARCH_PASSAGE_H
#define SEARCH_PASSAGE_H

#include "marked_text.h"

/* Texts in reading order that a passage may run through. */
typedef struct Flow {
	MarkedText *texts;
	size_t n_texts;
	bool has_heading; /* the first text is the heading of the others */
} Flow;

/* What a passage is judged by. */
typedef struct PassageTerms {
	const float *weights; /* by leaf: 1 and more, the rarer the more */
	size_t n_leaves;
	uint32_t n_words;     /* that a passage may have */
} PassageTerms;

/* A word of a flow. */
typedef struct FlowPlace {
	size_t text;
	uint32_t word;
} FlowPlace;

typedef struct Passage {
	const Flow *flow;
	FlowPlace first, last; /* included; what has the matches, then what is shown */
	float worth;           /* 0: nothing matches */
	float covered;         /* the weights of the leaves that it has */
	size_t max_bytes;      /* of text that is shown */
} Passage;

/* The best place for a passage; worth 0 where no text (of the body only, with @skip_heading) has a match. */
Passage passage_find(const Flow *flow, const PassageTerms *terms, bool skip_heading, Arena *arena);
/* A passage from the beginning of the flow, its heading aside. False where it has no words. */
bool passage_begin(Flow *flow, Arena *arena, Passage *ret_passage);

/* Fills it up to the words that it may have. */
void passage_fit(Passage *passage, const PassageTerms *terms, Arena *arena);

/* Escaped, with marks; `…` where it begins or ends within a sentence. */
void passage_append(const Passage *passage, Buf *html);

#endif
