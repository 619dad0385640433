/* From a source file to a document. */
#ifndef INDEXER_BUILD_DOCUMENT_H
#define INDEXER_BUILD_DOCUMENT_H

#include "read_source.h"

/*
 * Fills *ret_document (in @arena) from what @source's file holds; *ret_fate says whether it is
 * to be indexed: where it is not, only what is known of its source is filled. What is no UTF-8
 * or has broken front matter is an error that names it. *ret_warning is filled where the page
 * could be read only in part. Safe in any number of threads at once.
 */
MUST_CHECK bool build_document(const Site *site, const SourceFile *source, const SourceBytes *bytes, Arena *arena,
                               Document **ret_document, PageFate *ret_fate, Error *ret_warning, Error *err);

#endif
