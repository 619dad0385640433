/*
 * Links that lead to a passage of a page and highlight it: the text directive of URL Fragment
 * Text Directives (https://wicg.github.io/scroll-to-text-fragment/).
 */
#ifndef SEARCH_TEXT_FRAGMENT_H
#define SEARCH_TEXT_FRAGMENT_H

#include "passage.h"

/*
 * Appends ":~:text=…" for the sentence of the words [first, last] of @text, a paragraph of
 * @page whose words are found. Nothing, and false, where it is not sure that a browser finds them and nothing before
 * them: the text of the page as it is shown may differ in quotes, dashes and the like.
 */
bool text_fragment_append(const MarkedText *text, uint32_t first, uint32_t last, const StoreText *page, Buf *url);

#endif
