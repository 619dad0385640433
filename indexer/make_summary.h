/* The first words of a page, where its author gives no summary. */
#ifndef INDEXER_MAKE_SUMMARY_H
#define INDEXER_MAKE_SUMMARY_H

#include "blocks.h"

typedef enum SummaryStyle {
	SUMMARY_PARAGRAPHS, /* whole paragraphs until there are enough words: Hugo from 0.134    */
	SUMMARY_SENTENCES,  /* to the first end of a sentence behind enough words: Hugo before   */
} SummaryStyle;

typedef struct SummaryRules {
	SummaryStyle style;
	unsigned n_words;
	bool is_cjk; /* characters count as words do, and sentences do not (SUMMARY_SENTENCES) */
} SummaryRules;

/* What @blocks has up to the author's divider, else by @rules; at most LIMIT_SUMMARY_BYTES. In @arena. */
Str make_summary(const Blocks *blocks, SummaryRules rules, Arena *arena);
/* Front matter's own summary: a line of Markdown. */
Str tidy_summary(const Blocks *blocks, Arena *arena);

#endif
