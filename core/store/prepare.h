/* A document made ready for the writer; store.h has the contract. Private to store/. */
#ifndef STORE_PREPARE_H
#define STORE_PREPARE_H

#include "blogsearch/store.h"
#include "page_terms.h"

struct StoreRow {
	const Document *document;
	StoreFile file; /* its page's number is the writer's */
	Str record;     /* of page_text */
	TermStreams streams; /* for a page that is added to what there is */
	PageTerms terms;     /* the same, for one of an index that is made anew */
};

#endif
