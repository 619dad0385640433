/* The tokens of a text in English: place, kind (whole, piece, pair, last), exact form and, where it is another, the stem. */
#include "harness/cases.h"

#include "blogsearch/text.h"

static bool write_token(void *context, const Token *token)
{
	static const char *const kinds[] = { "", "whole:", "piece:", "pair:", "last:" };
	Buf *out = context;

	buf_printf(out, "%s%u%s%.*s", out->len ? " " : "", token->position,
	           kinds[token->kind][0] ? kinds[token->kind] : ":", STR_ARG(token->exact));
	if (token->stem.len && !str_equal(token->stem, token->exact))
		buf_printf(out, "(%.*s)", STR_ARG(token->stem));
	return true;
}

static void write_tokens(Str text, Buf *out)
{
	CLEANUP(analyzer_freep) Analyzer *analyzer = analyzer_new();

	analyze(analyzer, text, STR("en"), write_token, out);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv, write_tokens);
}
