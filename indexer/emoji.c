/* See emoji.h. */
#include "emoji.h"

#include <stdlib.h>

#include "blogsearch/buf.h"

/* Longer names are not looked for. */
#define LIMIT_NAME_BYTES 50

typedef struct Emoji {
	Str name, text;
} Emoji;

static const Emoji emoji[] = {
#include "emoji_table.h"
};

static int compare_emoji(const void *key, const void *entry)
{
	return str_compare(*(const Str *)key, ((const Emoji *)entry)->name);
}

/* The emoji whose name with its colons is at the front of @text; NULL for none. */
static const Emoji *emoji_at(Str text)
{
	Str name = str_slice(text, 1, 1 + LIMIT_NAME_BYTES);
	size_t end = str_find_char(name, ':');

	if (end == STR_NOT_FOUND || !end)
		return NULL;
	name.len = end;
	return bsearch(&name, emoji, ARRAY_SIZE(emoji), sizeof(*emoji), compare_emoji);
}

Str replace_emoji(Str text, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	size_t at;

	if (str_find_char(text, ':') == STR_NOT_FOUND)
		return text;
	while ((at = str_find_char(text, ':')) != STR_NOT_FOUND) {
		const Emoji *found = emoji_at(str_from(text, at));

		buf_append(&out, str_slice(text, 0, at));
		if (found)
			buf_append(&out, found->text);
		else
			buf_append_char(&out, ':');
		text = str_from(text, at + (found ? found->name.len + 2 : 1));
	}
	buf_append(&out, text);
	return arena_str_dup(arena, buf_str(&out));
}
