/* From a source file to a document. */
#ifndef INDEXER_BUILD_DOCUMENT_H
#define INDEXER_BUILD_DOCUMENT_H

#include "site/site.h"

/*
 * Reads @source and fills *ret_document (in @arena); *ret_fate says whether it is to be
 * indexed. A file that cannot be read, is no UTF-8 or has broken front matter is an error
 * that names it. *ret_warning is filled where the page could be read only in part.
 */
MUST_CHECK bool build_document(const Site *site, const SourceFile *source, Arena *arena, Document **ret_document,
                               PageFate *ret_fate, Error *ret_warning, Error *err);

#endif
