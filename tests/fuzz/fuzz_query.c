/* The query language: nothing is a syntax error, and a printed tree is the tree. */
#include "fuzz.h"

#include "blogsearch/query.h"

static const Str facet_names[] = {
	STR_INIT("tag"), STR_INIT("category"), STR_INIT("series"), STR_INIT("author"),
	STR_INIT("lang"), STR_INIT("section"), STR_INIT("year"), STR_INIT("month"),
};
static const FacetNames facets = { facet_names, ARRAY_SIZE(facet_names) };

/* NULL where one of the limits was hit: the only "no" there is. */
static QueryNode *parse(Str text, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	QueryNode *root = NULL;

	if (query_parse(text, facets, arena, &root, &err)) {
		FUZZ_ASSERT(root && err.code == ERROR_NONE);
		return root;
	}
	FUZZ_ASSERT(err.code == ERROR_USAGE && err.parameter && strcmp(err.parameter, "q") == 0);
	FUZZ_ASSERT(err.what && strstr(err.what, "more than"));
	return NULL;
}

static unsigned check_tree(const QueryNode *node, unsigned depth)
{
	unsigned n = 1;

	/* A bracket and a negation a level, each with one AND or OR in it. */
	FUZZ_ASSERT(depth <= 4 * (LIMIT_QUERY_DEPTH + 1));
	switch (node->kind) {
	case QUERY_AND:
	case QUERY_OR:
		FUZZ_ASSERT(node->n_children >= 2);
		for (size_t i = 0; i < node->n_children; i++)
			FUZZ_ASSERT(node->children[i]->kind != node->kind);
		break;
	case QUERY_NOT:
		FUZZ_ASSERT(node->n_children == 1 && node->children[0]->kind != QUERY_NOT);
		break;
	case QUERY_ALL:
	case QUERY_NOTHING:
		FUZZ_ASSERT(depth == 0);
		break;
	default:
		FUZZ_ASSERT(node->text.len > 0 && node->n_children == 0);
	}
	for (size_t i = 0; i < node->n_children; i++)
		n += check_tree(node->children[i], depth + 1);
	return n;
}

static void show(const QueryNode *root, Str text, const QueryNode *parsed)
{
	CLEANUP(buf_deinit) Buf dump = BUF_INIT(BUF_NO_CEILING);

	query_dump(root, &dump);
	buf_printf(&dump, "\nprinted: %.*s\nparsed again: ", STR_ARG(text));
	if (parsed)
		query_dump(parsed, &dump);
	fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&dump)));
}

static void check_printing(const QueryNode *root, Arena *arena)
{
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf again = BUF_INIT(BUF_NO_CEILING);
	const QueryNode *parsed;

	query_print(root, &text);
	if (text.len > LIMIT_QUERY_BYTES)
		return;
	parsed = parse(buf_str(&text), arena);
	if (!parsed || !query_equal(root, parsed))
		show(root, buf_str(&text), parsed);
	FUZZ_ASSERT(parsed && query_equal(root, parsed));
	query_print(parsed, &again);
	FUZZ_ASSERT(str_equal(buf_str(&text), buf_str(&again)));
}

/* The same question has one key; as a parameter what is no text is refused, never misread. */
static void check_key(Str text, const QueryNode *root, Arena *arena)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf same = BUF_INIT(BUF_NO_CEILING);
	Query *queries[] = { query_new(arena), query_new(arena) };
	Buf *keys[] = { &key, &same };

	for (size_t i = 0; i < ARRAY_SIZE(queries); i++) {
		CLEANUP(error_deinit) Error err = ERROR_INIT;

		if (!query_set(queries[i], STR("q"), text, facets, arena, &err)) {
			FUZZ_ASSERT(err.code == ERROR_USAGE);
			return;
		}
		FUZZ_ASSERT(query_finish(queries[i], facets, arena, &err));
		FUZZ_ASSERT(query_equal(root, queries[i]->root));
		query_key(queries[i], keys[i]);
	}
	FUZZ_ASSERT(key.len && str_equal(buf_str(&key), buf_str(&same)));
	buf_clear(&same);
	queries[1]->page++;
	query_key(queries[1], &same);
	FUZZ_ASSERT(!str_equal(buf_str(&key), buf_str(&same)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str text = fuzz_str(data, size);
	QueryNode *root = parse(text, &arena);

	if (!root)
		return 0;
	FUZZ_ASSERT(size <= LIMIT_QUERY_BYTES);
	check_tree(root, 0);
	check_printing(root, &arena);
	check_key(text, root, &arena);
	return 0;
}
