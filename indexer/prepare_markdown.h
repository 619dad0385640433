/* What md4c does not know, resolved on lines before it reads them. Private to strip_markdown.c. */
#ifndef INDEXER_PREPARE_MARKDOWN_H
#define INDEXER_PREPARE_MARKDOWN_H

#include "strip_markdown.h"

/* Stands where `<!--more-->` stood. */
#define DIVIDER_MARK "\xef\x9f\xb2" /* U+F7F2 */

typedef struct Prepared {
	Buf text;
	Map notes; /* labels of footnotes that are both defined and referred to */
	bool has_addresses;
} Prepared;

/* @markdown with notes, definitions, attributes and formulas as plain CommonMark has them. */
void prepare_markdown(Str markdown, const MarkdownOptions *options, Prepared *ret_prepared);
void prepared_deinit(Prepared *prepared);

/* The length of a reference to a known footnote ("[^1]") at @at of @text; 0 where there is none. */
size_t note_reference(const Prepared *prepared, Str text, size_t at);

#endif
