/*
 * The smaller questions of the API (blogsearch/question.h) from the command line: options to
 * parameters, the answer in the API's bytes (--json) or for people.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "blogsearch/question.h"
#include "command.h"
#include "read_answer.h"

/* Fills @out with what a person reads. */
typedef void (*PrintAnswer)(const Context *context, Answer answer, Buf *out);

/*
 * Finishes @question, asks the index or (--url) a running daemon, and prints the answer. The exit status, or -1
 * with @err filled.
 */
int ask(Context *context, const Question *question, PrintAnswer print, Error *err);

/* Sets the parameter of that name where the option is given. */
MUST_CHECK bool set_from_option(const Context *context, Question *question, const char *option, const char *parameter,
                                Error *err);

/* What was named, or STR_EMPTY. */
Str operand(const Context *context, size_t number);
/* ERROR_USAGE unless there are from @min to @max operands; @what names them. */
MUST_CHECK bool check_operands(const Context *context, size_t min, size_t max, const char *what, Error *err);

/* @before and "12 pages", faint. */
void append_pages(const Output *output, Buf *out, Str before, uint32_t n);

#endif
