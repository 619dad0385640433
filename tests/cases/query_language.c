/* A query's tree; behind it what is wrong with printing and parsing it again, if anything is. */
#include "harness/cases.h"

#include "blogsearch/query.h"

static const Str names[] = {
	STR_INIT("tag"), STR_INIT("category"), STR_INIT("series"), STR_INIT("author"),
	STR_INIT("lang"), STR_INIT("section"), STR_INIT("year"), STR_INIT("month"),
};

static void dump_query(Str text, Buf *out)
{
	const FacetNames facets = { names, ARRAY_SIZE(names) };
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(buf_deinit) Buf printed = BUF_INIT(BUF_NO_CEILING);
	QueryNode *root, *again;

	if (!query_parse(text, facets, &arena, &root, &err)) {
		buf_append_c(out, err.what);
		return;
	}
	query_dump(root, out);
	query_print(root, &printed);
	if (!query_parse(buf_str(&printed), facets, &arena, &again, &err) || !query_equal(root, again)) {
		buf_append_c(out, " but printed it is ");
		buf_append(out, buf_str(&printed));
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv, dump_query);
}
