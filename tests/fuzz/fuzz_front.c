/* Front matter in all formats: an error names its line, what is read is bounded and has keys once. */
#include "fuzz_value.h"
#include "split_front_matter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Str text = fuzz_str(data, size);
	SplitPage page;

	/* As build_document: what is no text never gets here. */
	if (!str_is_utf8(text) || str_find_char(text, '\0') != STR_NOT_FOUND)
		return 0;
	if (!split_front_matter(text, "page.md", size & 1, &arena, &page, &err)) {
		FUZZ_ASSERT((err.code == ERROR_SYNTAX || err.code == ERROR_TOO_LARGE) && err.what && err.file);
		return 0;
	}
	FUZZ_ASSERT(page.front->kind == VALUE_MAP && page.body.len <= text.len);
	FUZZ_ASSERT(check_value(page.front, 0) <= 2 * LIMIT_VALUE_NODES);
	return 0;
}
