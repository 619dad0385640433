/* See table_rows.h. */
#include "table_rows.h"

/* The next cell of a row, as it is written; false behind the last one. */
static bool next_cell(Str *rest, Str *ret_cell)
{
	size_t end = 0;

	if (!rest->len)
		return false;
	while (end < rest->len && (rest->data[end] != '|' || (end > 0 && rest->data[end - 1] == '\\')))
		end++;
	*ret_cell = str_slice(*rest, 0, end);
	*rest = str_from(*rest, end + 1);
	return true;
}

/* A pipe at its start and one at its end are no more than its frame. */
static Str without_frame(Str line)
{
	line = str_trim(line);
	if (line.len && line.data[0] == '|')
		line = str_from(line, 1);
	if (line.len && line.data[line.len - 1] == '|')
		line.len--;
	return line;
}

static bool is_column(Str cell)
{
	size_t n = 0;

	cell = str_trim(cell);
	if (cell.len && cell.data[0] == ':')
		cell = str_from(cell, 1);
	if (cell.len && cell.data[cell.len - 1] == ':')
		cell.len--;
	while (n < cell.len && cell.data[n] == '-')
		n++;
	return n && n == cell.len;
}

size_t table_cells(Str line)
{
	Str rest = without_frame(line), cell;
	size_t n = 0;

	while (next_cell(&rest, &cell))
		n++;
	return n;
}

size_t table_columns(Str line)
{
	Str rest = without_frame(line), cell;
	size_t n = 0;

	if (str_find_char(line, '|') == STR_NOT_FOUND)
		return 0; /* a heading's underline */
	for (; next_cell(&rest, &cell); n++)
		if (!is_column(cell))
			return 0;
	return n;
}

void append_table_columns(Str line, Buf *out)
{
	for (size_t n = table_columns(line); n > 0; n--)
		buf_append_c(out, "|---");
	buf_append_char(out, '|');
}

static size_t count_backticks(Str text)
{
	size_t n = 0;

	while (n < text.len && text.data[n] == '`')
		n++;
	return n;
}

/* The length of the code at the front of @text, which begins with @n backticks; 0 where it is never closed. */
static size_t code_length(Str text, size_t n)
{
	for (size_t at = n; at < text.len;) {
		size_t next = str_find_char(str_from(text, at), '`'), n_here;

		if (next == STR_NOT_FOUND)
			return 0;
		at += next;
		n_here = count_backticks(str_from(text, at));
		at += n_here;
		if (n_here == n)
			return at;
	}
	return 0;
}

/* In code a pipe needs no escape: md4c looks for code first. */
static void append_code(Str code, Buf *out)
{
	for (size_t i = 0; i < code.len; i++)
		if (code.data[i] != '\\' || i + 1 == code.len || code.data[i + 1] != '|')
			buf_append_char(out, code.data[i]);
}

/* Backticks without their like in the same cell are none that begin code. */
static void append_cell(Str cell, Buf *out)
{
	for (size_t at = 0; at < cell.len;) {
		Str rest = str_from(cell, at);
		size_t n = count_backticks(rest), n_code = n ? code_length(rest, n) : 0;

		if (n_code) {
			append_code(str_slice(rest, 0, n_code), out);
			at += n_code;
		} else if (n) {
			for (size_t i = 0; i < n; i++)
				buf_append_c(out, "\\`");
			at += n;
		} else {
			size_t len = rest.data[0] == '\\' && rest.len > 1 ? 2 : 1;

			buf_append(out, str_slice(rest, 0, len));
			at += len;
		}
	}
}

void append_table_row(Str line, Buf *out)
{
	Str rest = without_frame(line), cell;

	while (next_cell(&rest, &cell)) {
		buf_append_char(out, '|');
		append_cell(cell, out);
	}
	buf_append_char(out, '|');
}
