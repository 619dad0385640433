/* See page_flows.h. */
#include "page_flows.h"

#include <math.h>

#include "blogsearch/each_byte.h"
#include "page_matches.h"

/* What a word of the query counts by how rare it is: from 1 to MOST_WEIGHT, so that two words are more than any one. */
#define MOST_WEIGHT 1.9

static float weight_of(const Search *search, const Leaf *leaf)
{
	double n_all = search->catalog->n_pages, n = leaf->n_pages ? leaf->n_pages : 1;

	return n_all > n ? (float)(1 + (MOST_WEIGHT - 1) * log(n_all / n) / log(n_all)) : 1.0f;
}

static PassageTerms terms_of(Search *search)
{
	float *weights = arena_new_n(search->arena, float, search->n_leaves);

	for (size_t i = 0; i < search->n_leaves; i++)
		weights[i] = weight_of(search, search->leaves[i]);
	return (PassageTerms){ weights, search->n_leaves, search->query->snippet_words };
}

/* --- Building ----------------------------------------------------------------------------------- */

/* The texts of a page by block, and flows in the making. */
typedef struct Builder {
	PageFlows *flows;
	MarkedText **of_block;
	MarkedText *texts; /* of all flows, one after the other */
	size_t n_texts;
	PageFlow *open;    /* paragraphs go to it; NULL: they begin one */
	size_t section;
} Builder;

static PageFlow *add_flow(Builder *builder, FlowKind kind)
{
	PageFlow *flow = &builder->flows->flows[builder->flows->n_flows++];

	*flow = (PageFlow){ .flow = { .texts = builder->texts + builder->n_texts }, .kind = kind,
		            .section = builder->section };
	return flow;
}

static void add_text(Builder *builder, PageFlow *flow, const MarkedText *text)
{
	builder->texts[builder->n_texts++] = *text;
	flow->flow.n_texts++;
}

static void add_block(Builder *builder, size_t number)
{
	const MarkedText *text = builder->of_block[number];

	switch (builder->flows->text->blocks[number].kind) {
	case BLOCK_HEADING:
		builder->section = number;
		builder->open = add_flow(builder, FLOW_PROSE);
		builder->open->flow.has_heading = true;
		add_text(builder, builder->open, text);
		break;
	case BLOCK_PROSE:
		if (!builder->open)
			builder->open = add_flow(builder, FLOW_PROSE);
		add_text(builder, builder->open, text);
		break;
	case BLOCK_CODE:
		add_text(builder, add_flow(builder, FLOW_CODE), text);
		builder->open = NULL;
		break;
	case BLOCK_INLINE_CODE:
		/* Gathered from the whole page. */
		builder->section = NO_SECTION;
		add_text(builder, add_flow(builder, FLOW_INLINE_CODE), text);
		break;
	case BLOCK_CAPTION:
	case N_BLOCK_KINDS:
		break; /* they stand beside the text: add_captions() */
	}
}

/* Behind the others, each in its section: a caption does not part the paragraphs around it. */
static void add_captions(Builder *builder)
{
	builder->section = NO_SECTION;
	for (size_t i = 0; i < builder->flows->text->n_blocks; i++) {
		BlockKind kind = builder->flows->text->blocks[i].kind;

		if (kind == BLOCK_HEADING)
			builder->section = i;
		if (kind == BLOCK_CAPTION && builder->of_block[i])
			add_text(builder, add_flow(builder, FLOW_CAPTION), builder->of_block[i]);
	}
}

/* What a hit's title says already is no description. */
static bool repeats_title(const StoreText *text)
{
	return str_equal_nocase(str_trim(text->description), str_trim(text->title));
}

static void place_texts(Builder *builder, MarkedText *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (texts[i].piece.block != (size_t)-1)
			builder->of_block[texts[i].piece.block] = &texts[i];
		else if (texts[i].piece.field == FIELD_PROSE && !repeats_title(builder->flows->text))
			add_text(builder, add_flow(builder, FLOW_DESCRIPTION), &texts[i]);
		else if (texts[i].piece.field == FIELD_TITLE)
			builder->flows->title = texts[i];
	}
}

/* The texts of all fields with their matches. */
static void build_texts(Builder *builder, Search *search, const PageMatches *matches, const CachedPage *page)
{
	size_t at = 0;

	for (TextField field = 0; field < N_TEXT_FIELDS; field++) {
		size_t n = page->n_pieces[field];
		MarkedText *texts = n ? arena_new_n(search->arena, MarkedText, n) : NULL;

		for (size_t i = 0; i < n; i++) {
			texts[i].piece = page->pieces[field][i];
			texts[i].kept = &page->words[texts[i].piece.number];
		}
		place_matches(search, matches, field, &at, texts, n);
		place_texts(builder, texts, n);
	}
}

/* The title is one piece of text, which has all the places of its field. */
static void build_title(Builder *builder, Search *search, const PageMatches *matches, uint32_t number, Str title)
{
	MarkedText *text = &builder->flows->title;
	size_t at = 0;

	text->piece = (FieldText){ .field = FIELD_TITLE, .text = title, .block = (size_t)-1,
		                   .n_places = search->catalog->lengths[FIELD_TITLE][number] };
	place_matches(search, matches, FIELD_TITLE, &at, text, 1);
}

void find_page_flows(Search *search, uint32_t number, const CachedPage *page, PageFlows *ret_flows)
{
	const StoreText *text = page->text;
	PageMatches matches = find_page_matches(search, number);
	size_t n_blocks = text ? text->n_blocks : 0, most = n_blocks + 1;
	Builder builder = {
		.flows = ret_flows, .of_block = arena_new_n(search->arena, MarkedText *, n_blocks),
		.texts = arena_new_n(search->arena, MarkedText, most), .section = NO_SECTION,
	};

	*ret_flows = (PageFlows){ .text = text, .flows = arena_new_n(search->arena, PageFlow, most),
		                  .terms = terms_of(search) };
	if (!text) {
		build_title(&builder, search, &matches, number, page->row.title);
		return;
	}
	build_texts(&builder, search, &matches, page);
	for (size_t i = 0; i < n_blocks; i++)
		if (builder.of_block[i])
			add_block(&builder, i);
	add_captions(&builder);
	for (size_t i = 0; i < ret_flows->n_flows; i++) {
		PageFlow *flow = &ret_flows->flows[i];

		flow->body = passage_find(&flow->flow, &ret_flows->terms, true, search->arena);
	}
}

/* --- Choosing and showing -------------------------------------------------------------------------- */

/* Code is shown when a word of the query is there alone. What stood in backticks is in the prose as well. */
float worth_of_kind(FlowKind kind)
{
	switch (kind) {
	case FLOW_DESCRIPTION:
		return 0.6f;
	case FLOW_PROSE:
		return 0.5f;
	case FLOW_CAPTION:
		return 0.2f;
	case FLOW_CODE:
		return 0.0f;
	case FLOW_INLINE_CODE:
		break;
	}
	return -0.9f;
}

/* How much of it surely has no blanks but single spaces between words. */
static size_t collapsed_length(Str text)
{
	size_t n = 0;

	/* Each seven bytes with the next one: two spaces may stand on either side. */
	for (; n + 8 <= text.len; n += 7) {
		uint64_t bytes = eight_bytes(text.data + n), spaces = bytes_that_are(bytes, ' ');

		if ((spaces & spaces >> 8) | bytes_that_are(bytes, '\n') | bytes_that_are(bytes, '\t') |
		    bytes_that_are(bytes, '\r'))
			break;
	}
	return text.len && text.data[0] == ' ' ? 0 : n;
}

static Str collapse_blanks(Str text, Arena *arena)
{
	char *out = arena_to_c(arena, text);
	size_t n = collapsed_length(text);

	for (size_t i = n; i < text.len; i++) {
		bool is_blank = text.data[i] == ' ' || text.data[i] == '\n' || text.data[i] == '\t' || text.data[i] == '\r';

		if (!is_blank)
			out[n++] = text.data[i];
		else if (n && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return (Str){ out, n };
}

Str show_passage(Search *search, const PageFlows *flows, Passage *passage)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	passage_fit(passage, &flows->terms, search->arena);
	passage_append(passage, &out);
	return collapse_blanks(buf_str(&out), search->arena);
}
