/* Colours by ECMA-48 SGR, links by OSC 8; what a page's author wrote never reaches the terminal as a command. */
#include "output.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/file.h"

static const char *const style_codes[] = {
	[STYLE_TITLE] = "1",   [STYLE_URL] = "36",   [STYLE_MARK] = "1;33",
	[STYLE_FAINT] = "2",   [STYLE_FACET] = "35", [STYLE_SELECTED] = "1;32",
};

static void begin(const Output *output, Buf *out, Style style)
{
	if (output->has_color)
		buf_printf(out, "\033[%sm", style_codes[style]);
}

static void end(const Output *output, Buf *out)
{
	if (output->has_color)
		buf_append_c(out, "\033[0m");
}

void output_styled(const Output *output, Buf *out, Style style, Str text)
{
	begin(output, out, style);
	buf_append_escaped(out, text);
	end(output, out);
}

/* The entities that escaping makes, no others. */
static size_t append_character(Buf *out, Str html, size_t at)
{
	static const struct {
		Str entity, text;
	} entities[] = { { STR_INIT("&amp;"), STR_INIT("&") },   { STR_INIT("&lt;"), STR_INIT("<") },
		         { STR_INIT("&gt;"), STR_INIT(">") },    { STR_INIT("&quot;"), STR_INIT("\"") },
		         { STR_INIT("&#39;"), STR_INIT("'") } };
	uint32_t c;
	unsigned n;

	for (size_t i = 0; html.data[at] == '&' && i < ARRAY_SIZE(entities); i++)
		if (str_starts_with(str_from(html, at), entities[i].entity)) {
			buf_append(out, entities[i].text);
			return entities[i].entity.len;
		}
	n = str_decode(html, at, &c);
	buf_append_escaped(out, str_slice(html, at, at + n));
	return n;
}

void output_marked(const Output *output, Buf *out, Str html, Style plain, bool has_plain_style)
{
	if (has_plain_style)
		begin(output, out, plain);
	for (size_t at = 0; at < html.len;) {
		if (str_starts_with(str_from(html, at), STR("<mark>"))) {
			begin(output, out, STYLE_MARK);
			at += 6;
		} else if (str_starts_with(str_from(html, at), STR("</mark>"))) {
			end(output, out);
			if (has_plain_style)
				begin(output, out, plain);
			at += 7;
		} else {
			at += append_character(out, html, at);
		}
	}
	if (has_plain_style)
		end(output, out);
}

static bool begin_link(const Output *output, Buf *out, Str url)
{
	if (!output->has_links || !(str_starts_with(url, STR("http://")) || str_starts_with(url, STR("https://"))))
		return false;
	buf_append_c(out, "\033]8;;");
	buf_append_escaped(out, url);
	buf_append_c(out, "\033\\");
	return true;
}

static void end_link(Buf *out)
{
	buf_append_c(out, "\033]8;;\033\\");
}

void output_link(const Output *output, Buf *out, Style style, Str url, Str text)
{
	bool is_link = begin_link(output, out, url);

	output_styled(output, out, style, text);
	if (is_link)
		end_link(out);
}

void output_marked_link(const Output *output, Buf *out, Str url, Str html)
{
	bool is_link = begin_link(output, out, url);

	output_marked(output, out, html, STYLE_TITLE, false);
	if (is_link)
		end_link(out);
}

void output_check_reader(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	if (poll(&out, 1, 0) != 1 || !(out.revents & POLLERR))
		return;
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

bool output_write(Str text, Error *err)
{
	if (fd_write_all(STDOUT_FILENO, text, "standard output", err))
		return true;
	output_check_reader();
	return false;
}

void output_error(const Error *err)
{
	CLEANUP(free_ptr) char *text = error_to_text(err);

	fprintf(stderr, "blogsearch: %s\n", text);
}

void output_note(const char *format, ...)
{
	va_list arguments;

	fputs("blogsearch: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}
