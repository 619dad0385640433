/* An answer in the formats of `query`. */
#ifndef CLI_PRINT_RESULT_H
#define CLI_PRINT_RESULT_H

#include "blogsearch/query.h"
#include "blogsearch/result.h"
#include "output.h"

typedef struct ResultFormat {
	const char *name;
	void (*print)(const Output *output, const Query *query, const Result *result, Buf *out);
	bool shows_facets;
} ResultFormat;

/* NULL where there is none of that name. */
const ResultFormat *result_format(const char *name);

#endif
