/* A document made ready for the writer; store.h has the contract. Private to store/. */
#ifndef STORE_PREPARE_H
#define STORE_PREPARE_H

#include "blogsearch/store.h"
#include "term_stream.h"

struct StoreRow {
	const Document *document;
	StoreFile file; /* its page's number is the writer's */
	Str record;     /* of page_text */
	TermStreams streams;
};

#endif
