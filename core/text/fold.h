/* Folding of single words, into memory of the caller; see text.h for what folding means. */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "blogsearch/buf.h"
#include "blogsearch/str.h"

/* Lower case and normalised, accents kept: what stemmers expect. Appends to @out. */
void fold_case(Str text, Buf *out);

bool str_is_ascii(Str text);

#endif
