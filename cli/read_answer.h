/* What a running daemon answered, read back into the values that its own JSON was written from. */
#ifndef CLI_READ_ANSWER_H
#define CLI_READ_ANSWER_H

#include "blogsearch/question.h"
#include "blogsearch/result.h"

/* The answer to a Question, of its kind. */
typedef union Answer {
	Suggestions *suggestions;
	Related *related;
	Series *series;
	FacetValues *values;
} Answer;

/* The answer of /v1/search at @url. Lives in @arena, as does the other; ERROR_IO for what is no answer of the daemon's. */
MUST_CHECK bool read_result(const char *url, Str json, Arena *arena, Result **ret_result, Error *err);
/* The answer to one of the smaller questions. */
MUST_CHECK bool read_answer(const char *url, QuestionKind kind, Str json, Arena *arena, Answer *ret_answer, Error *err);

#endif
