/* Options of the command line as rows, and what was given of them. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "blogsearch/arena.h"
#include "blogsearch/error.h"

typedef enum OptionKind {
	OPTION_FLAG,   /* --full                                             */
	OPTION_VALUE,  /* --index FILE, --index=FILE; the last one counts    */
	OPTION_REPEAT, /* --tag NAME --tag NAME; each one counts             */
} OptionKind;

typedef struct Option {
	const char *name; /* NULL ends a table */
	OptionKind kind;
	char letter;          /* 0: none */
	const char *argument; /* "FILE"; NULL for flags */
	const char *help;     /* one line */
} Option;

typedef struct GivenOption {
	const Option *option;
	const char *value; /* NULL for flags */
} GivenOption;

/* Points into argv; the arrays live in the arena. */
typedef struct Arguments {
	GivenOption *given; /* in order */
	size_t n_given;
	const char **operands;
	size_t n_operands;
} Arguments;

/* For every command. */
extern const Option common_options[];

/*
 * Sorts @argv (without program and command) by the tables @own and common_options. Options
 * stand before or after operands; "--" ends them. With @dashed_operands what has one dash and
 * is no option is an operand (`query docker -compose`). ERROR_USAGE names the nearest option.
 */
MUST_CHECK bool options_parse(int argc, char **argv, const Option *own, bool dashed_operands, Arena *arena,
                              Arguments *ret_arguments, Error *err);

bool option_is_given(const Arguments *arguments, const char *name);
/* NULL where it is not given. */
const char *option_value(const Arguments *arguments, const char *name);

#endif
