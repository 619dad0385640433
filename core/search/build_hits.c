/* What is shown of each ranked page: what is known of it (page_card.h), its snippet, its sections. */
#include "steps.h"

#include "blogsearch/clock.h"
#include "page_flows.h"
#include "page_card.h"

static void show_page(Search *search, uint32_t number, CachedPage *page, ResultHit *hit)
{
	PageFlows flows;

	/* Copied: the page is released once the hit is made. */
	*hit = page_card_hit(page_card(search->engine, number, page), search->arena);
	hit->score = search->scores ? (double)search->scores[number] : 0;
	if (search->query->explain && search->scores)
		hit->explanation = explain_score(search, number);
	find_page_flows(search, number, page, &flows);
	make_snippets(search, &flows, hit);
	find_sections(search, &flows, hit);
}

/* Where only the title is shown, the text need not be read. */
static bool build_hit(Search *search, uint32_t number, ResultHit *hit, Error *err)
{
	bool wants_text = search->query->snippet_words || search->query->n_sections;
	PageCache *cache = engine_pages(search->engine);
	CachedPage *page;

	if (!page_cache_fetch(cache, search->reader, number, wants_text, &page, err))
		return false;
	show_page(search, number, page, hit);
	page_cache_release(cache, page);
	return true;
}

bool build_hits(Search *search, Result *result, Error *err)
{
	result->hits = arena_new_n(search->arena, ResultHit, search->n_ranked);
	for (uint32_t i = 0; i < search->n_ranked; i++) {
		if (search->deadline_ns && monotonic_ns() > search->deadline_ns) {
			error_set(err, ERROR_BUSY, "the query took longer than it may");
			return error_hint(err, "ask for less, or try again");
		}
		if (!build_hit(search, search->ranked[i], &result->hits[result->n_hits++], err))
			return false;
	}
	return true;
}
