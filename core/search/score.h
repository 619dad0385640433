/* The parts of a page's score, for ranking (score_pages.c) and for showing how it came about (explain_score.c). */
#ifndef SEARCH_SCORE_H
#define SEARCH_SCORE_H

#include "steps.h"

typedef struct Scorer {
	const Search *search;
	const RankingOptions *ranking;
	float average[N_TEXT_FIELDS]; /* length of that field */
} Scorer;

void scorer_init(Scorer *scorer, const Search *search);

/* Once the leaf is fetched. */
float leaf_idf(const Scorer *scorer, const Leaf *leaf);
float leaf_repeated(const Leaf *leaf); /* what the word counts for being repeated in the query */
float saturated(float tf);
/* What @n occurrences in @field of @page count, before they are saturated. */
float field_tf(const Scorer *scorer, TextField field, uint32_t page, uint32_t n);

typedef struct Places {
	Place *items; /* ascending */
	size_t n;
} Places;

/* Two words that follow one another in the query. */
typedef struct Pair {
	const Leaf *first, *second;
	uint32_t gap; /* how far apart they stand there: 1 for neighbours */
} Pair;

/* In the arena. */
size_t find_pairs(const Search *search, Pair **ret_pairs);
/* What their standing near each other adds to the score of @page. @arena: for scratch. */
float pair_nearness(const Scorer *scorer, const Pair *pair, uint32_t page, Arena *arena);

/* What its title adds to the score of @page, where it has the query's words. */
float title_match(const Scorer *scorer, uint32_t page);

#endif
