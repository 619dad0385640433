/*
 * Cases as files: two lines a case, what goes in and what must come out, parted by empty lines;
 * a line before them that begins with "# " is a comment. The first line of an input may hold
 * \n, \t and \xHH. Prints TAP, a line a case.
 *
 *	int main(int argc, char **argv) { return run_cases(argc, argv, parse_and_dump); }
 */
#ifndef HARNESS_CASES_H
#define HARNESS_CASES_H

#include <stdio.h>
#include <stdlib.h>

#include "blogsearch/arena.h"
#include "blogsearch/buf.h"
#include "blogsearch/file.h"

/* Appends what comes of @input. */
typedef void (*CaseFunction)(Str input, Buf *out);

static inline Str case_unescape(Str text, Arena *arena)
{
	char *out = arena_to_c(arena, text);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		Str rest = str_from(text, i);

		if (str_starts_with(rest, STR("\\n"))) {
			out[n++] = '\n';
			i++;
		} else if (str_starts_with(rest, STR("\\t"))) {
			out[n++] = '\t';
			i++;
		} else if (str_starts_with(rest, STR("\\x")) && rest.len >= 4) {
			char hex[3] = { rest.data[2], rest.data[3], '\0' };

			out[n++] = (char)strtoul(hex, NULL, 16);
			i += 3;
		} else {
			out[n++] = text.data[i];
		}
	}
	return (Str){ out, n };
}

static inline bool case_check(unsigned number, Str input, Str expected, CaseFunction function)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	bool is_right;

	function(case_unescape(input, &arena), &out);
	is_right = str_equal(buf_str(&out), expected);
	printf("%sok %u - ", is_right ? "" : "not ", number);
	/* TAP gives # a meaning of its own. */
	for (size_t i = 0; i < input.len; i++)
		putchar(input.data[i] == '#' ? '.' : input.data[i]);
	putchar('\n');
	if (!is_right)
		printf("# expected: %.*s\n# got:      %.*s\n", STR_ARG(expected), STR_ARG(buf_str(&out)));
	return is_right;
}

static inline int run_cases(int argc, char **argv, CaseFunction function)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	unsigned n = 0, n_wrong = 0;
	Str text, line, input = STR_EMPTY;
	bool has_input = false;

	if (argc != 2 || !file_read(argv[1], 1 << 20, &arena, &text, &err)) {
		printf("Bail out! %s\n", err.what ? err.what : "usage: PROGRAM CASES");
		return 1;
	}
	while (str_next_line(&text, &line)) {
		if (!has_input && (!line.len || str_starts_with(line, STR("# "))))
			continue;
		if (has_input)
			n_wrong += !case_check(++n, input, line, function);
		input = line;
		has_input = !has_input;
	}
	if (has_input)
		printf("not ok %u - a case without an outcome\n", ++n);
	printf("1..%u\n", n);
	return n_wrong || has_input || !n;
}

#endif
