/*
 * A tree printed in the query language, so that parsing it gives the same tree again, and in
 * a form of its own for tests. Printing adds brackets only where they are needed.
 */
#include "blogsearch/query.h"

typedef enum Place { PLACE_TOP, PLACE_IN_OR, PLACE_IN_AND, PLACE_IN_NOT } Place;

static bool needs_quotes(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr(" ()\t", text.data[i]) || (unsigned char)text.data[i] >= 0x80)
			return true;
	return text.len == 0;
}

static void print_leaf(const QueryNode *node, Buf *out)
{
	bool is_quoted = node->kind == QUERY_PHRASE || (node->kind == QUERY_FACET && needs_quotes(node->text));

	if (node->field.len) {
		buf_append(out, node->field);
		buf_append_char(out, ':');
	}
	if (is_quoted)
		buf_append_char(out, '"');
	buf_append(out, node->text);
	if (is_quoted)
		buf_append_char(out, '"');
	if (node->kind == QUERY_PREFIX)
		buf_append_char(out, '*');
}

static void print_node(const QueryNode *node, Place place, Buf *out);

static void print_children(const QueryNode *node, const char *between, Place place, Buf *out)
{
	for (size_t i = 0; i < node->n_children; i++) {
		if (i)
			buf_append_c(out, between);
		print_node(node->children[i], place, out);
	}
}

static void print_in_brackets(const QueryNode *node, const char *between, Place inside, bool has_brackets, Buf *out)
{
	if (has_brackets)
		buf_append_char(out, '(');
	print_children(node, between, inside, out);
	if (has_brackets)
		buf_append_char(out, ')');
}

static void print_node(const QueryNode *node, Place place, Buf *out)
{
	switch (node->kind) {
	case QUERY_ALL:
		return;
	case QUERY_NOTHING:
		buf_append_c(out, "*");
		return;
	case QUERY_WORD:
	case QUERY_PREFIX:
	case QUERY_PHRASE:
	case QUERY_FACET:
	case QUERY_DATE:
		print_leaf(node, out);
		return;
	case QUERY_AND:
		print_in_brackets(node, " ", PLACE_IN_AND, place == PLACE_IN_NOT, out);
		return;
	case QUERY_OR:
		print_in_brackets(node, " OR ", PLACE_IN_OR, place == PLACE_IN_AND || place == PLACE_IN_NOT, out);
		return;
	case QUERY_NOT:
		buf_append_char(out, '-');
		print_node(node->children[0], PLACE_IN_NOT, out);
		return;
	}
}

void query_print(const QueryNode *root, Buf *out)
{
	print_node(root, PLACE_TOP, out);
}

bool query_equal(const QueryNode *a, const QueryNode *b)
{
	if (a->kind != b->kind || !str_equal(a->field, b->field) || !str_equal(a->text, b->text) || a->from != b->from ||
	    a->to != b->to || a->n_children != b->n_children)
		return false;
	for (size_t i = 0; i < a->n_children; i++)
		if (!query_equal(a->children[i], b->children[i]))
			return false;
	return true;
}

void query_dump(const QueryNode *node, Buf *out)
{
	static const char *const names[] = {
		[QUERY_ALL] = "all", [QUERY_NOTHING] = "nothing", [QUERY_WORD] = "word", [QUERY_PREFIX] = "prefix",
		[QUERY_PHRASE] = "phrase", [QUERY_FACET] = "facet", [QUERY_DATE] = "date", [QUERY_AND] = "and",
		[QUERY_OR] = "or", [QUERY_NOT] = "not",
	};

	buf_append_c(out, names[node->kind]);
	buf_append_char(out, '(');
	if (node->field.len) {
		buf_append(out, node->field);
		buf_append_char(out, ',');
	}
	buf_append(out, node->text);
	for (size_t i = 0; i < node->n_children; i++) {
		if (i)
			buf_append_char(out, ' ');
		query_dump(node->children[i], out);
	}
	buf_append_char(out, ')');
}
