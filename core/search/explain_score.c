/* How a hit's score came about: what score_pages.c adds up, worked out once more for one page and written down. */
#include "score.h"

static const char *const form_names[] = {
	[FORM_EXACT] = "exact", [FORM_STEM] = "stem", [FORM_PREFIX] = "prefix", [FORM_PARTS] = "parts",
	[FORM_SPELLING] = "spelling", [FORM_SYNONYM] = "synonym", [FORM_CORRECTED] = "corrected",
};

static const char *const field_names[N_TEXT_FIELDS] = {
	[FIELD_TITLE] = "title", [FIELD_HEADINGS] = "headings", [FIELD_PROSE] = "text",
	[FIELD_CODE] = "code",   [FIELD_CAPTIONS] = "captions", [FIELD_TERMS] = "terms",
};

static void explain_alternative(const Scorer *scorer, const Leaf *leaf, const Alternative *alternative, uint32_t page,
                                ExplainedWord *word)
{
	const Postings *postings = &alternative->postings->postings;
	uint32_t n[N_TEXT_FIELDS], i;

	if (!postings_find(postings, page, &i))
		return;
	postings_count(postings, i, n);
	for (TextField f = 0; f < N_TEXT_FIELDS; f++) {
		ExplainedMatch *match = &word->matches[word->n_matches];

		if (!n[f] || !(leaf->fields >> f & 1))
			continue;
		*match = (ExplainedMatch){ form_names[alternative->form], field_names[f], n[f],
			                   (double)(alternative->weight * field_tf(scorer, f, page, n[f])) };
		word->tf += match->tf;
		word->n_matches++;
	}
}

static ExplainedWord explain_leaf(const Scorer *scorer, const Leaf *leaf, uint32_t page)
{
	ExplainedWord word = {
		.word = leaf->node->text, .n_pages = leaf->n_pages, .idf = (double)leaf_idf(scorer, leaf),
		.repeated = (double)leaf_repeated(leaf),
		.matches = arena_new_n(scorer->search->arena, ExplainedMatch, leaf->n_alternatives * N_TEXT_FIELDS),
	};

	for (size_t i = 0; i < leaf->n_alternatives; i++)
		explain_alternative(scorer, leaf, &leaf->alternatives[i], page, &word);
	word.score = word.repeated * word.idf * (double)saturated((float)word.tf);
	return word;
}

static double explain_nearness(const Scorer *scorer, uint32_t page)
{
	CLEANUP(arena_deinit) Arena scratch = ARENA_INIT;
	Pair *pairs;
	size_t n = find_pairs(scorer->search, &pairs);
	double sum = 0;

	if (!scorer->search->near_pages.bits || !page_set_has(scorer->search->near_pages, page))
		return 0;
	for (size_t i = 0; i < n; i++)
		sum += (double)pair_nearness(scorer, &pairs[i], page, &scratch);
	return sum;
}

ResultExplanation *explain_score(const Search *search, uint32_t page)
{
	ResultExplanation *explanation = arena_new(search->arena, ResultExplanation);
	float factor = engine_page_factors(search->engine)[page];
	Scorer scorer;

	scorer_init(&scorer, search);
	explanation->words = arena_new_n(search->arena, ExplainedWord, search->n_leaves);
	for (size_t i = 0; i < search->n_leaves; i++)
		if (search->leaves[i]->is_scored)
			explanation->words[explanation->n_words++] = explain_leaf(&scorer, search->leaves[i], page);
	explanation->nearness = explain_nearness(&scorer, page);
	explanation->title = search->near_pages.bits && page_set_has(search->near_pages, page)
	                             ? (double)title_match(&scorer, page)
	                             : 0;
	explanation->freshness = (double)freshness_of(search->engine, page);
	explanation->boost = explanation->freshness > 0 ? (double)factor / explanation->freshness : 0;
	return explanation;
}
