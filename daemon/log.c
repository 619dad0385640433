/* See log.h. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>

#include "blogsearch/alloc.h"

static PRINTF_LIKE(2, 0) void say(const Log *log, const char *format, va_list arguments)
{
	CLEANUP(free_ptr) char *line = NULL;

	if (log->line && vasprintf(&line, format, arguments) >= 0)
		log->line(log->context, line);
}

void log_say(const Log *log, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(log, format, arguments);
	va_end(arguments);
}

void log_detail(const Log *log, const char *format, ...)
{
	va_list arguments;

	if (!log->is_verbose)
		return;
	va_start(arguments, format);
	say(log, format, arguments);
	va_end(arguments);
}

void log_error(const Log *log, const char *what, const Error *err)
{
	CLEANUP(free_ptr) char *text = error_to_text(err);

	log_say(log, "%s: %s", what, text);
}
