/* Markdown with shortcodes, HTML and Org to text: valid UTF-8, within its ceiling, no line ends in prose, levels 1 to 6. */
#include "fuzz.h"

#include "strip_html.h"
#include "strip_markdown.h"
#include "strip_org.h"

static void check_blocks(Blocks *blocks)
{
	Block *list;
	size_t n = blocks_finish(blocks, &list);

	for (size_t i = 0; i < n; i++) {
		FUZZ_ASSERT(list[i].text.len > 0 && str_is_utf8(list[i].text));
		if (list[i].kind == BLOCK_PROSE || list[i].kind == BLOCK_HEADING)
			FUZZ_ASSERT(str_find_char(list[i].text, '\n') == STR_NOT_FOUND);
		if (list[i].kind == BLOCK_HEADING)
			FUZZ_ASSERT(list[i].level >= 1 && list[i].level <= 6);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t flags = fuzz_flags(&data, &size);
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(blocks_deinit) Blocks blocks;
	Str text = fuzz_str(data, size);
	const MarkdownOptions options = {
		.keeps_html = flags & 1, .has_tables = true, .has_task_lists = true, .has_strikethrough = true,
		.has_definitions = flags & 2, .has_footnotes = flags & 2, .has_typographer = flags & 4,
		.has_heading_attributes = true, .has_block_attributes = flags & 4, .has_emoji = flags & 8,
		.has_math = flags & 8, .has_shortcodes = flags & 16, .heading_ids = (HeadingIdStyle)(flags >> 6),
	};

	blocks_init(&blocks, &arena, 8 * size + 1024);
	if ((flags & 32) && (flags & 1))
		strip_org(text, &blocks);
	else if (flags & 32)
		strip_html_page(text, &options, &blocks);
	else
		FUZZ_ASSERT(strip_markdown(text, &options, &blocks));
	FUZZ_ASSERT(blocks.n_bytes <= blocks.max_bytes);
	check_blocks(&blocks);
	return 0;
}
