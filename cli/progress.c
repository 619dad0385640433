/* See progress.h. Shown ten times a second at most, on standard error, and gone at the end. */
#include "progress.h"

#include <stdio.h>

#include "blogsearch/buf.h"
#include "blogsearch/clock.h"

#define SHOW_EVERY_NS 100000000ull
#define BAR_WIDTH     24

static void append_bar(Buf *line, double part)
{
	int n = (int)(part * BAR_WIDTH);

	buf_append_char(line, '[');
	for (int i = 0; i < BAR_WIDTH; i++)
		buf_append_char(line, i < n ? '=' : i == n ? '>' : ' ');
	buf_append_char(line, ']');
}

static void append_rest(Buf *line, const IndexProgressed *done, double seconds)
{
	double rate = seconds > 0 ? done->n_done / seconds : 0;

	buf_printf(line, " %u of %u files", done->n_done, done->n_all);
	if (rate > 0)
		buf_printf(line, ", %.0f/s", rate);
	if (seconds > 1 && rate > 0)
		buf_printf(line, ", %.0f s left", (done->n_all - done->n_done) / rate);
}

void progress_show(void *context, const IndexProgressed *done)
{
	CLEANUP(buf_deinit) Buf line = BUF_INIT(BUF_NO_CEILING);
	Progress *progress = context;
	uint64_t now_ns = monotonic_ns();

	if (!progress->start_ns)
		progress->start_ns = now_ns;
	if (done->n_done && done->n_done < done->n_all && now_ns - progress->shown_ns < SHOW_EVERY_NS)
		return;
	progress->shown_ns = now_ns;
	buf_append_char(&line, '\r');
	if (done->n_done < done->n_all) {
		append_bar(&line, (double)done->n_done / done->n_all);
		append_rest(&line, done, (double)(now_ns - progress->start_ns) / 1e9);
	}
	buf_append_c(&line, "\033[K");
	fprintf(stderr, "%.*s", STR_ARG(buf_str(&line)));
	fflush(stderr);
}
