/*
 * Passages and links to them, from any text with any words of it marked: the HTML is valid
 * UTF-8, escaped, with <mark> as its only element, balanced, and says nothing that the text
 * does not say, in its order; a text directive names words of the text, and none of the
 * characters that mean something in it. First byte: words of the passage; second: which words
 * are marked; lines are texts, one that begins with a tab is code.
 */
#include "fuzz.h"

#include "blogsearch/hash.h"
#include "passage.h"
#include "text_fragment.h"

#define MOST_TEXTS  16
#define MOST_LEAVES 8

/* Blocks are valid UTF-8 wherever they come from. */
static Str make_valid(Str text, Arena *arena)
{
	char *out = arena_to_c(arena, text);
	size_t n = 0;

	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		unsigned length = str_decode(text, at, &c);

		if (c && (c != 0xfffd || length > 1)) {
			memcpy(out + n, text.data + at, length);
			n += length;
		}
		at += length;
	}
	return (Str){ out, n };
}

static void mark_words(MarkedText *text, uint8_t which, Arena *arena)
{
	text->spans = arena_new_n(arena, Span, text->n_words);
	for (uint32_t i = 0; i < text->n_words; i++) {
		uint64_t hash = hash_bytes(str_slice(text->piece.text, text->words[i].start, text->words[i].end)) + which;
		uint32_t n_words = 1 + hash / 64 % 3, last = i + n_words - 1;

		if (hash % 8 > which % 8)
			continue;
		last = last < text->n_words ? last : (uint32_t)text->n_words - 1;
		text->spans[text->n_spans++] =
			(Span){ text->words[i].start, text->words[last].end, i, n_words, hash / 8 % MOST_LEAVES, 0, NULL };
	}
}

/* --- What the HTML says ----------------------------------------------------------------------------- */

/* The character of @html at *at without what escapes it; marks are skipped and checked. */
static bool next_character(Str html, size_t *at, bool *is_marked, uint32_t *ret_c)
{
	static const struct {
		Str entity;
		uint32_t c;
	} entities[] = { { STR_INIT("&amp;"), '&' }, { STR_INIT("&lt;"), '<' }, { STR_INIT("&gt;"), '>' },
		         { STR_INIT("&quot;"), '"' }, { STR_INIT("&#39;"), '\'' } };

	for (;;) {
		Str rest = str_from(html, *at);

		if (!rest.len)
			return false;
		if (str_starts_with(rest, *is_marked ? STR("</mark>") : STR("<mark>"))) {
			*at += *is_marked ? 7 : 6;
			*is_marked = !*is_marked;
			continue;
		}
		for (size_t i = 0; i < ARRAY_SIZE(entities); i++)
			if (str_starts_with(rest, entities[i].entity)) {
				*at += entities[i].entity.len;
				*ret_c = entities[i].c;
				return true;
			}
		*at += str_decode(html, *at, ret_c);
		FUZZ_ASSERT(*ret_c != '<' && *ret_c != '>' && *ret_c != '&' && *ret_c != '"' && *ret_c != '\'');
		return true;
	}
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Every character but blanks and those that we put stands in the texts, in this order. */
static void check_html(Str html, Str all_texts)
{
	size_t at = 0, from = 0;
	bool is_marked = false;
	uint32_t c;

	FUZZ_ASSERT(str_is_utf8(html));
	while (next_character(html, &at, &is_marked, &c)) {
		uint32_t in_text = 0;

		if (is_blank(c) || c == 0x2026)
			continue;
		while (from < all_texts.len) {
			from += str_decode(all_texts, from, &in_text);
			if (in_text == c)
				break;
		}
		FUZZ_ASSERT(in_text == c);
	}
	FUZZ_ASSERT(!is_marked);
}

/* --- What the link says ------------------------------------------------------------------------------ */

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static Str decode_term(Str term, Arena *arena)
{
	char *out = arena_alloc(arena, term.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < term.len; i++) {
		if (term.data[i] == '%') {
			FUZZ_ASSERT(i + 2 < term.len && hex(term.data[i + 1]) >= 0 && hex(term.data[i + 2]) >= 0);
			out[n++] = (char)(hex(term.data[i + 1]) * 16 + hex(term.data[i + 2]));
			i += 2;
		} else {
			FUZZ_ASSERT(strchr("._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", term.data[i]));
			out[n++] = term.data[i];
		}
	}
	return (Str){ out, n };
}

/* BEFORE-,START,END: each words of the text, behind the one before. */
static void check_directive(Str directive, Str text, Arena *arena)
{
	bool is_first = true;
	size_t from = 0;
	Str term;

	FUZZ_ASSERT(str_starts_with(directive, STR(":~:text=")));
	directive = str_from(directive, 8);
	while (str_split_next(&directive, ',', &term)) {
		size_t at;

		if (is_first && str_ends_with(term, STR("-")))
			term.len--;
		is_first = false;
		term = decode_term(term, arena);
		FUZZ_ASSERT(term.len && str_is_utf8(term));
		at = str_find(str_from(text, from), term);
		FUZZ_ASSERT(at != STR_NOT_FOUND);
		from += at + term.len;
	}
}

static void check_link(const MarkedText *texts, size_t n_texts, const Passage *found, Arena *arena)
{
	const MarkedText *text = &texts[found->first.text];
	StoreText page = { .blocks = arena_new_n(arena, Block, n_texts), .n_blocks = n_texts };
	CLEANUP(buf_deinit) Buf url = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < n_texts; i++)
		page.blocks[i] = (Block){ .kind = BLOCK_PROSE, .text = texts[i].piece.text };
	if (text_fragment_append(text, found->first.word,
	                         found->last.text == found->first.text ? found->last.word : found->first.word, &page,
	                         &url))
		check_directive(buf_str(&url), text->piece.text, arena);
	else
		FUZZ_ASSERT(!url.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(buf_deinit) Buf html = BUF_INIT(BUF_NO_CEILING);
	uint8_t n_words = fuzz_flags(&data, &size), which = fuzz_flags(&data, &size);
	float weights[MOST_LEAVES];
	PassageTerms terms = { weights, MOST_LEAVES, 1 + n_words % 100 };
	MarkedText *texts = arena_new_n(&arena, MarkedText, MOST_TEXTS);
	Flow flow = { .texts = texts, .has_heading = n_words & 128 };
	Str all = make_valid(fuzz_str(data, size), &arena), rest = all, line;
	bool is_found;
	Passage passage, found;

	while (flow.n_texts < MOST_TEXTS && str_split_next(&rest, '\n', &line)) {
		MarkedText *text = &texts[flow.n_texts];

		text->piece = (FieldText){ .field = str_starts_with(line, STR("\t")) ? FIELD_CODE : FIELD_PROSE, .text = line,
			                   .block = flow.n_texts };
		marked_text_find_words(text, &arena);
		text->piece.n_places = (uint32_t)text->n_words;
		mark_words(text, which, &arena);
		flow.n_texts++;
	}
	for (size_t i = 0; i < MOST_LEAVES; i++)
		weights[i] = 1.0f + (float)i / MOST_LEAVES;
	flow.has_heading = flow.has_heading && flow.n_texts > 0;
	found = passage = passage_find(&flow, &terms, false, &arena);
	is_found = passage.worth > 0;
	if (!is_found && !passage_begin(&flow, &arena, &passage))
		return 0;
	passage_fit(&passage, &terms, &arena);
	passage_append(&passage, &html);
	check_html(buf_str(&html), all);
	FUZZ_ASSERT(!is_found || str_find(buf_str(&html), STR("<mark>")) != STR_NOT_FOUND);
	if (is_found)
		check_link(texts, flow.n_texts, &found, &arena);
	return 0;
}
