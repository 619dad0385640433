/* See error.h. */
#include "blogsearch/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/buf.h"

static const struct {
	const char *name;
	int exit_status, http_status;
} codes[N_ERROR_CODES] = {
#define ERROR_CODE_ROW(name, exit_status, http_status) [ERROR_##name] = { #name, exit_status, http_status },
	ERROR_CODES(ERROR_CODE_ROW)
#undef ERROR_CODE_ROW
};

int error_exit_status(ErrorCode code)
{
	return codes[code].exit_status;
}

int error_http_status(ErrorCode code)
{
	return codes[code].http_status;
}

const char *error_code_name(ErrorCode code)
{
	return codes[code].name;
}

void error_deinit(Error *err)
{
	free(err->file);
	free(err->parameter);
	free(err->what);
	free(err->hint);
	*err = (Error)ERROR_INIT;
}

bool error_set(Error *err, ErrorCode code, const char *what_format, ...)
{
	va_list arguments;

	if (!err)
		return false;
	error_deinit(err);
	err->code = code;
	va_start(arguments, what_format);
	if (vasprintf(&err->what, what_format, arguments) < 0)
		err->what = xstrdup("an error that cannot be worded");
	va_end(arguments);
	return false;
}

bool error_place(Error *err, const char *file, unsigned line, unsigned column)
{
	if (!err)
		return false;
	free(err->file);
	err->file = file ? xstrdup(file) : NULL;
	err->line = line;
	err->column = column;
	return false;
}

bool error_hint(Error *err, const char *hint_format, ...)
{
	va_list arguments;

	if (!err)
		return false;
	free(err->hint);
	va_start(arguments, hint_format);
	if (vasprintf(&err->hint, hint_format, arguments) < 0)
		err->hint = NULL;
	va_end(arguments);
	return false;
}

bool error_parameter(Error *err, const char *parameter)
{
	if (!err)
		return false;
	free(err->parameter);
	err->parameter = xstrdup(parameter);
	return false;
}

bool error_at(Error *err, ErrorCode code, const char *file, unsigned line, const char *what, const char *hint)
{
	error_set(err, code, "%s", what);
	error_place(err, file, line, 0);
	return hint ? error_hint(err, "%s", hint) : false;
}

bool error_damaged(Error *err, const char *file, const char *what)
{
	error_at(err, ERROR_INDEX, file, 0, what, "run blogsearch index --full");
	if (err)
		err->is_damage = true;
	return false;
}

bool error_errno(Error *err, int errno_value, const char *file, const char *what)
{
	char text[256];

	/* The GNU one, which returns the text. */
	error_set(err, ERROR_IO, "%s: %s", what, strerror_r(errno_value, text, sizeof(text)));
	return error_place(err, file, 0, 0);
}

void error_move(Error *to, Error *from)
{
	if (to) {
		*to = *from;
		*from = (Error)ERROR_INIT;
	}
}

char *error_to_text(const Error *err)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	if (err->file) {
		buf_append_escaped(&out, str_from_c(err->file));
		if (err->line)
			buf_printf(&out, ":%u", err->line);
		if (err->line && err->column)
			buf_printf(&out, ":%u", err->column);
		buf_append_c(&out, ": ");
	}
	buf_append_escaped(&out, str_from_c(err->what ? err->what : "no reason was given"));
	if (err->hint) {
		buf_append_c(&out, "; ");
		buf_append_escaped(&out, str_from_c(err->hint));
	}
	return str_dup(buf_str(&out));
}
