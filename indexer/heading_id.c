/* goldmark's ids in Hugo's three styles; each works on source bytes, not on rendered text. */
#include "heading_id.h"

#include "blogsearch/buf.h"
#include "blogsearch/text.h"

void heading_ids_deinit(HeadingIds *ids)
{
	map_deinit(&ids->taken);
}

static void make_github(Str source, bool ascii_only, Buf *out)
{
	for (size_t at = 0; at < source.len;) {
		uint32_t c;

		at += str_decode(source, at, &c);
		if (c == '-' || c == ' ')
			buf_append_char(out, '-');
		else if ((c == '_' || text_is_letter(c) || text_is_digit(c)) && !(ascii_only && c >= 0x80))
			buf_append_code_point(out, text_lower(c));
	}
}

static void make_blackfriday(Str source, Buf *out)
{
	bool wants_hyphen = false;

	for (size_t at = 0; at < source.len;) {
		uint32_t c;

		at += str_decode(source, at, &c);
		if (!text_is_letter(c) && !text_is_number(c)) {
			wants_hyphen = out->len > 0;
			continue;
		}
		if (wants_hyphen)
			buf_append_char(out, '-');
		wants_hyphen = false;
		buf_append_code_point(out, text_lower(c));
	}
}

static void make(HeadingIdStyle style, Str source, Buf *out)
{
	CLEANUP(buf_deinit) Buf plain = BUF_INIT(BUF_NO_CEILING);

	switch (style) {
	case HEADING_ID_GITHUB:
		make_github(source, false, out);
		return;
	case HEADING_ID_GITHUB_ASCII:
		text_strip_marks(source, &plain);
		make_github(buf_str(&plain), true, out);
		return;
	case HEADING_ID_BLACKFRIDAY:
		make_blackfriday(source, out);
		return;
	case HEADING_ID_NONE:
		return;
	}
}

Str heading_id_make(HeadingIds *ids, Str source, Arena *arena)
{
	CLEANUP(buf_deinit) Buf id = BUF_INIT(BUF_NO_CEILING);
	bool is_new;
	size_t len;

	if (ids->style == HEADING_ID_NONE)
		return STR_EMPTY;
	make(ids->style, str_trim(source), &id);
	if (!id.len)
		buf_append_c(&id, "heading");
	len = id.len;
	map_put(&ids->taken, buf_str(&id), &is_new);
	for (unsigned i = 1; !is_new; i++) {
		buf_truncate(&id, len);
		buf_printf(&id, "-%u", i);
		map_put(&ids->taken, buf_str(&id), &is_new);
	}
	return arena_str_dup(arena, buf_str(&id));
}

void heading_id_reserve(HeadingIds *ids, Str id)
{
	map_put(&ids->taken, id, NULL);
}

Str heading_cut_attributes(Str source, Str *ret_id)
{
	Str trimmed = str_trim(source);
	size_t open = str_rfind_char(trimmed, '{');
	Str inside, part;

	*ret_id = STR_EMPTY;
	if (open == STR_NOT_FOUND || trimmed.data[trimmed.len - 1] != '}' || open + 2 >= trimmed.len)
		return source;
	inside = str_slice(trimmed, open + 1, trimmed.len - 1);
	if (!strchr("#. ", inside.data[0]) && str_find_char(inside, '=') == STR_NOT_FOUND)
		return source; /* braces that are text */
	while (str_split_next(&inside, ' ', &part))
		if (part.len > 1 && part.data[0] == '#')
			*ret_id = str_from(part, 1);
	return str_trim(str_slice(trimmed, 0, open));
}
