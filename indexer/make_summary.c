/* https://gohugo.io/content-management/summaries/, in both ways that Hugo has had. */
#include "make_summary.h"

#include "blogsearch/limits.h"
#include "blogsearch/text.h"

static bool is_space(char c)
{
	return c == ' ' || c == PLAIN_PARAGRAPH || c == PLAIN_BREAK;
}

static size_t end_of_paragraphs(Str text, unsigned n_words)
{
	uint32_t count = 0;

	for (size_t from = 0; from < text.len;) {
		size_t end = str_find_char(str_from(text, from), PLAIN_PARAGRAPH);

		if (end == STR_NOT_FOUND)
			break;
		count += text_count_words(str_slice(text, from, from + end));
		from += end + 1;
		if (count >= n_words)
			return from;
	}
	return text.len;
}

/* Hugo has a quote among these as well, but never sees one: in HTML they are entities. */
static bool ends_sentence(uint32_t c)
{
	return c == '.' || c == '?' || c == '!' || c == PLAIN_PARAGRAPH || c == PLAIN_BREAK;
}

static size_t end_of_sentence(Str text, unsigned n_words)
{
	size_t last = STR_NOT_FOUND;
	unsigned count = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (!is_space(text.data[i]))
			continue;
		last = i;
		if (++count >= n_words)
			break;
	}
	for (size_t i = last; last != STR_NOT_FOUND && i < text.len; i++)
		if (ends_sentence((unsigned char)text.data[i]))
			return i + 1;
	return text.len;
}

static size_t count_characters(Str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += ((unsigned char)text.data[i] & 0xc0) != 0x80;
	return n;
}

/* A word of ASCII is one, any other as many as it has characters. */
static size_t end_of_characters(Str text, unsigned n_words)
{
	size_t count = 0;

	for (size_t at = 0; at < text.len;) {
		size_t end = at, n;

		if (is_space(text.data[at])) {
			at++;
			continue;
		}
		if (count >= n_words)
			return at;
		while (end < text.len && !is_space(text.data[end]))
			end++;
		n = count_characters(str_slice(text, at, end));
		if (n == end - at) {
			count++;
		} else if (count + n < n_words) {
			count += n;
		} else {
			for (; at < end; at++)
				if (((unsigned char)text.data[at] & 0xc0) != 0x80 && count++ >= n_words)
					return at;
		}
		at = end;
	}
	return text.len;
}

/* On one line, without addresses, cut at a word. */
static Str tidy(Str text, Arena *arena)
{
	char *copy = arena_to_c(arena, text);

	for (size_t i = 0; i < text.len; i++)
		if (is_space(copy[i]))
			copy[i] = ' ';
	text = drop_urls(str_trim((Str){ copy, text.len }), arena);
	if (text.len <= LIMIT_SUMMARY_BYTES)
		return text;
	text.len = LIMIT_SUMMARY_BYTES;
	while (text.len && text.data[text.len] != ' ')
		text.len--;
	if (!text.len)
		for (text.len = LIMIT_SUMMARY_BYTES; text.len && ((unsigned char)text.data[text.len] & 0xc0) == 0x80;)
			text.len--;
	return text;
}

Str make_summary(const Blocks *blocks, SummaryRules rules, Arena *arena)
{
	/* What is no paragraph ends with a blank. */
	Str text = arena_concat(arena, buf_str(&blocks->plain), blocks->plain_wants_blank ? STR(" ") : STR_EMPTY);
	size_t end;

	if (blocks->divider != SIZE_MAX)
		end = blocks->divider;
	else if (rules.style == SUMMARY_PARAGRAPHS)
		end = end_of_paragraphs(text, rules.n_words);
	else if (rules.is_cjk)
		end = end_of_characters(text, rules.n_words);
	else
		end = end_of_sentence(text, rules.n_words);
	return tidy(str_slice(text, 0, end), arena);
}

Str tidy_summary(const Blocks *blocks, Arena *arena)
{
	return tidy(buf_str(&blocks->plain), arena);
}
