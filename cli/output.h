/* How this program prints: colours or none, foreign text made harmless, one line an error. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "blogsearch/buf.h"
#include "blogsearch/error.h"

typedef struct Output {
	bool has_color; /* of standard output */
	bool has_links; /* OSC 8 */
	bool is_quiet, is_verbose, is_json;
} Output;

typedef enum Style { STYLE_TITLE, STYLE_URL, STYLE_MARK, STYLE_FAINT, STYLE_FACET, STYLE_SELECTED } Style;

/* Text in a style; foreign text is escaped. Nothing but the text where there are no colours. */
void output_styled(const Output *output, Buf *out, Style style, Str text);
/* The API's *_html: marks become colours (nothing where there are none), entities their characters. */
void output_marked(const Output *output, Buf *out, Str html, Style plain, bool has_plain_style);
/* @text leading to @url, where the terminal has links. */
void output_link(const Output *output, Buf *out, Style style, Str url, Str text);
/* The same with the API's *_html. */
void output_marked_link(const Output *output, Buf *out, Str url, Str html);

/* Writes to standard output; false when the disk is full and the like. */
MUST_CHECK bool output_write(Str text, Error *err);
/* Where writing to it did not work since its reader has gone (| head), ends the program as any filter ends: in silence. */
void output_check_reader(void);

/* "blogsearch: …" on standard error. */
void output_error(const Error *err);
void output_note(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
