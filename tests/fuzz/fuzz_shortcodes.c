/*
 * Shortcodes: every mark that is left leads to a shortcode of the list, text without braces stays
 * as it is, nothing grows without a bound, what is text stays UTF-8.
 */
#include "fuzz.h"

#include "blogsearch/value.h"
#include "expand_shortcodes.h"

static void check_marks(const Shortcodes *shortcodes)
{
	Str text = shortcodes->text;
	size_t at, n, n_marks = 0;

	while ((at = str_find(text, STR(SHORTCODE_MARK))) != STR_NOT_FOUND) {
		const Shortcode *shortcode = shortcode_at_mark(shortcodes, str_from(text, at), &n);

		FUZZ_ASSERT(shortcode >= shortcodes->list && shortcode < shortcodes->list + shortcodes->n);
		text = str_from(text, at + n);
		n_marks++;
	}
	FUZZ_ASSERT(n_marks <= shortcodes->n);
}

static void check_texts(const Shortcodes *shortcodes)
{
	FUZZ_ASSERT(str_is_utf8(shortcodes->text));
	for (size_t i = 0; i < shortcodes->n; i++) {
		const Shortcode *shortcode = &shortcodes->list[i];

		FUZZ_ASSERT(str_is_utf8(shortcode->inner) && str_is_utf8(shortcode->value) && str_is_utf8(shortcode->caption) &&
		            str_is_utf8(shortcode->code) && str_is_utf8(shortcode->lang));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str text = fuzz_str(data, size);
	Value *page = value_new_map(&arena);
	Shortcodes shortcodes = { 0 };

	if (!str_is_utf8(text) || str_find(text, STR(SHORTCODE_MARK)) != STR_NOT_FOUND)
		return 0; /* marks in a text are a case of fuzz_markdown.c */
	value_set(&arena, page, STR("own"), value_new_string(&arena, STR("of the page")));
	expand_shortcodes(text, (ShortcodeParams){ page, NULL }, &arena, &shortcodes);
	check_marks(&shortcodes);
	check_texts(&shortcodes);
	FUZZ_ASSERT(shortcodes.text.len <= 8 * size + 1024);
	FUZZ_ASSERT(str_find(drop_shortcode_marks(shortcodes.text, &arena), STR(SHORTCODE_MARK)) == STR_NOT_FOUND);
	if (str_find(text, STR("{{")) == STR_NOT_FOUND)
		FUZZ_ASSERT(str_equal(shortcodes.text, text) && !shortcodes.n);
	return 0;
}
