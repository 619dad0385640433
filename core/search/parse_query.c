/*
 * The query language (docs/man/blogsearch-query.7). Nothing in it is a syntax error: what
 * cannot be an operator is a word. Recursive descent over the bytes of the text; depth is
 * bounded by LIMIT_QUERY_DEPTH.
 *
 *	or      = and ( "OR" and )*
 *	and     = item*
 *	item    = "-" atom | atom
 *	atom    = "(" or ")" | [ field ":" ] ( phrase | word [ "*" ] )
 *
 * The tree is canonical: ANDs and ORs flattened, single children unwrapped, order kept.
 */
#include "blogsearch/query.h"

#include "blogsearch/text.h"
#include "blogsearch/vec.h"

typedef struct Parser {
	Str text;
	size_t at;
	FacetNames facets;
	Arena *arena;
	unsigned depth, n_words, n_prefixes;
	bool has_words; /* anything but blanks was typed */
} Parser;

typedef VEC(QueryNode *) Nodes;

static QueryNode *parse_or(Parser *parser);

/* --- Nodes -------------------------------------------------------------------------------------- */

static QueryNode *new_node(Parser *parser, QueryNodeKind kind, Str field, Str text)
{
	QueryNode *node = arena_new(parser->arena, QueryNode);

	*node = (QueryNode){ .kind = kind, .field = field, .text = text, .from = TIME_NONE, .to = TIME_NONE };
	return node;
}

/* AND or OR of what is there: children of the same kind are taken in, one alone stands for itself. */
static QueryNode *join(Parser *parser, QueryNodeKind kind, Nodes *nodes)
{
	Nodes flat = { 0 };
	QueryNode *joined;

	VEC_FOREACH (node, nodes) {
		if ((*node)->kind == kind)
			for (size_t i = 0; i < (*node)->n_children; i++)
				vec_push(&flat, (*node)->children[i]);
		else
			vec_push(&flat, *node);
	}
	vec_deinit(nodes);
	if (flat.n == 1) {
		joined = flat.items[0];
	} else if (!flat.n) {
		joined = NULL;
	} else {
		joined = new_node(parser, kind, STR_EMPTY, STR_EMPTY);
		joined->children = arena_new_n(parser->arena, QueryNode *, flat.n);
		memcpy(joined->children, flat.items, flat.n * sizeof(QueryNode *));
		joined->n_children = flat.n;
	}
	vec_deinit(&flat);
	return joined;
}

/* --- Characters ------------------------------------------------------------------------------------ */

static bool is_blank_at(const Parser *parser, size_t at, unsigned *ret_len)
{
	uint32_t c;

	*ret_len = str_decode(parser->text, at, &c);
	return c <= ' ' || c == 0x7f || c == 0xa0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	       c == 0x2029 || (*ret_len == 1 && c == 0xfffd);
}

static void skip_blanks(Parser *parser)
{
	unsigned n;

	while (parser->at < parser->text.len && is_blank_at(parser, parser->at, &n))
		parser->at += n;
}

/* Straight and typographic double quotes, of any language. */
static unsigned quote_at(const Parser *parser, size_t at)
{
	uint32_t c;
	unsigned n;

	if (at >= parser->text.len)
		return 0;
	n = str_decode(parser->text, at, &c);
	return c == '"' || c == 0x201c || c == 0x201d || c == 0x201e || c == 0xab || c == 0xbb || c == 0xff02 ? n : 0;
}

static bool is_end_of_word(const Parser *parser, size_t at)
{
	unsigned n;

	return at >= parser->text.len || is_blank_at(parser, at, &n) || quote_at(parser, at) ||
	       parser->text.data[at] == '(' || parser->text.data[at] == ')';
}

static bool is_keyword_at(const Parser *parser, const char *keyword)
{
	Str rest = str_from(parser->text, parser->at);

	return str_starts_with(rest, str_from_c(keyword)) && is_end_of_word(parser, parser->at + strlen(keyword));
}

/* --- Words --------------------------------------------------------------------------------------------- */


static bool has_letter_or_digit(Str text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t c;

		at += str_decode(text, at, &c);
		if (text_is_letter(c) || text_is_digit(c) || text_is_unspaced(c) || (c >= 0x80 && text_is_mark(c)))
			return true;
	}
	return false;
}

static unsigned count_words(Str text)
{
	unsigned n = 0;
	bool in_word = false;

	for (size_t i = 0; i < text.len; i++) {
		bool is_blank = (unsigned char)text.data[i] <= ' ';

		n += !is_blank && !in_word;
		in_word = !is_blank;
	}
	return n;
}

/* What can begin no word; .NET, @user and /etc keep their signs. */
static bool is_junk_before(char c)
{
	return c && strchr("!,;:?'`|^~{}[]<>=%*&\\$-", c);
}

/* Trims what can be no part of a word: `foo,` is foo; C++ and C# keep their signs. */
static Str trim_word(Str word)
{
	while (word.len && is_junk_before(word.data[0]))
		word = str_from(word, 1);
	while (word.len && strchr("!,;:?'`|^~{}[]<>=%*\".&-/\\", word.data[word.len - 1]))
		word.len--;
	return word;
}

/* NULL where there is nothing in it to be found. */
static QueryNode *word_node(Parser *parser, Str field, Str word, bool is_prefix)
{
	word = trim_word(word);
	if (!has_letter_or_digit(word))
		return NULL;
	/* In small letters it is a word wherever it stands. */
	if (str_equal(word, STR("OR")))
		word = STR("or");
	parser->n_words++;
	parser->n_prefixes += is_prefix;
	return new_node(parser, is_prefix ? QUERY_PREFIX : QUERY_WORD, field, arena_str_dup(parser->arena, word));
}

/* Up to the closing quote, or the end; blanks for control characters. */
static Str read_quoted(Parser *parser, bool *ret_is_unclosed)
{
	size_t start = parser->at += quote_at(parser, parser->at), end;
	Str inside;
	char *copy;

	while (parser->at < parser->text.len && !quote_at(parser, parser->at))
		parser->at++;
	end = parser->at;
	*ret_is_unclosed = end == parser->text.len;
	parser->at += quote_at(parser, parser->at);
	inside = str_slice(parser->text, start, end);
	copy = arena_to_c(parser->arena, inside);
	for (size_t i = 0; i < inside.len; i++)
		if ((unsigned char)copy[i] < ' ' || copy[i] == 0x7f)
			copy[i] = ' ';
	return str_trim((Str){ copy, inside.len });
}

/* NULL where there is nothing in it to be found. */
static QueryNode *phrase_node(Parser *parser, Str field, Str words, bool is_unclosed)
{
	QueryNode *node;

	if (!has_letter_or_digit(words))
		return NULL;
	parser->n_words += count_words(words);
	node = new_node(parser, QUERY_PHRASE, field, words);
	node->is_unclosed = is_unclosed;
	return node;
}

/* --- Fields ---------------------------------------------------------------------------------------------- */

static bool is_text_field(Str name)
{
	return str_equal(name, STR("title")) || str_equal(name, STR("code")) || str_equal(name, STR("path"));
}

static bool is_facet(const Parser *parser, Str name)
{
	for (size_t i = 0; i < parser->facets.n; i++)
		if (str_equal(parser->facets.names[i], name))
			return true;
	return false;
}

static bool is_date_field(Str name)
{
	return str_equal(name, STR("before")) || str_equal(name, STR("after"));
}

/* "tag:" at the front of the rest, with something behind it; its name in lower case. */
static bool take_field(Parser *parser, Str *ret_name)
{
	Str rest = str_from(parser->text, parser->at), name;
	size_t colon = str_find_char(rest, ':');

	if (colon == STR_NOT_FOUND || colon == 0 || colon > 64)
		return false;
	for (size_t i = 0; i < colon;) {
		uint32_t c;

		if (is_end_of_word(parser, parser->at + i))
			return false;
		i += str_decode(rest, i, &c);
	}
	name = text_fold_dup(str_slice(rest, 0, colon), parser->arena);
	if (!is_text_field(name) && !is_facet(parser, name) && !is_date_field(name))
		return false;
	if (is_end_of_word(parser, parser->at + colon + 1) && !quote_at(parser, parser->at + colon + 1))
		return false;
	parser->at += colon + 1;
	*ret_name = name;
	return true;
}

/* `before:2020-01` is all before it, `after:2019` from its beginning on; a year or month of its own is its time. */
static QueryNode *date_node(Parser *parser, Str name, Str value)
{
	QueryNode *node;
	int64_t from, to;

	if (!query_date(value, &from, &to))
		return NULL;
	node = new_node(parser, QUERY_DATE, name, arena_str_dup(parser->arena, value));
	node->from = str_equal(name, STR("before")) ? TIME_NONE : from;
	node->to = str_equal(name, STR("after")) ? TIME_NONE : str_equal(name, STR("before")) ? from : to;
	return node;
}

static Str read_word(Parser *parser)
{
	size_t start = parser->at;

	while (!is_end_of_word(parser, parser->at)) {
		uint32_t c;

		parser->at += str_decode(parser->text, parser->at, &c);
	}
	return str_slice(parser->text, start, parser->at);
}

/* The value behind `field:`; where it makes no sense, the whole is a word. */
static QueryNode *parse_field(Parser *parser, Str name, size_t start)
{
	bool is_quoted = quote_at(parser, parser->at), is_unclosed = false;
	Str value = is_quoted ? read_quoted(parser, &is_unclosed) : read_word(parser);
	QueryNode *date;

	if (!value.len)
		return NULL;
	if (is_date_field(name)) {
		date = date_node(parser, name, trim_word(value));
		if (date)
			return date;
		return is_quoted ? phrase_node(parser, STR_EMPTY, value, is_unclosed) :
		                   word_node(parser, STR_EMPTY, str_slice(parser->text, start, parser->at), false);
	}
	if (is_text_field(name))
		return is_quoted ? phrase_node(parser, name, value, is_unclosed) :
		                   word_node(parser, name, value, str_ends_with(value, STR("*")));
	parser->n_words++;
	return new_node(parser, QUERY_FACET, name, arena_str_dup(parser->arena, value));
}

/* --- The grammar ------------------------------------------------------------------------------------------- */

static QueryNode *parse_brackets(Parser *parser)
{
	QueryNode *inside;

	parser->at++;
	if (parser->depth == LIMIT_QUERY_DEPTH)
		return NULL; /* the bracket is nothing; what follows are words */
	parser->depth++;
	inside = parse_or(parser);
	parser->depth--;
	if (parser->at < parser->text.len && parser->text.data[parser->at] == ')')
		parser->at++;
	return inside;
}

static QueryNode *parse_atom(Parser *parser)
{
	Str word, name;
	bool is_unclosed;
	size_t start;

	while (parser->at < parser->text.len && is_junk_before(parser->text.data[parser->at]))
		parser->at++;
	start = parser->at;
	if (start == parser->text.len)
		return NULL;
	if (parser->text.data[parser->at] == '(')
		return parse_brackets(parser);
	if (quote_at(parser, parser->at)) {
		word = read_quoted(parser, &is_unclosed);
		return phrase_node(parser, STR_EMPTY, word, is_unclosed);
	}
	if (take_field(parser, &name))
		return parse_field(parser, name, start);
	word = read_word(parser);
	return word_node(parser, STR_EMPTY, word, str_ends_with(word, STR("*")));
}

/* A hyphen before something, at the start of a word: not that. */
static bool is_exclusion(const Parser *parser)
{
	size_t next = parser->at + 1;
	unsigned n;

	return parser->text.data[parser->at] == '-' && next < parser->text.len && !is_blank_at(parser, next, &n) &&
	       !strchr("-)", parser->text.data[next]);
}

static QueryNode *parse_item(Parser *parser)
{
	bool is_negated = is_exclusion(parser);
	QueryNode *atom, *negation;

	parser->at += is_negated;
	atom = parse_atom(parser);
	if (!is_negated || !atom)
		return atom;
	if (atom->kind == QUERY_NOT)
		return atom->children[0];
	negation = new_node(parser, QUERY_NOT, STR_EMPTY, STR_EMPTY);
	negation->children = arena_new_n(parser->arena, QueryNode *, 1);
	negation->children[0] = atom;
	negation->n_children = 1;
	return negation;
}

/* Items up to OR, a closing bracket or the end. */
static QueryNode *parse_and(Parser *parser)
{
	Nodes nodes = { 0 };

	for (;;) {
		QueryNode *node;

		skip_blanks(parser);
		if (parser->at >= parser->text.len)
			break;
		parser->has_words = true;
		if (parser->text.data[parser->at] == ')') {
			if (parser->depth)
				break;
			parser->at++; /* it closes nothing */
			continue;
		}
		if (nodes.n && is_keyword_at(parser, "OR"))
			break;
		node = parse_item(parser);
		if (node)
			vec_push(&nodes, node);
	}
	return join(parser, QUERY_AND, &nodes);
}

static QueryNode *or_word(Parser *parser)
{
	return word_node(parser, STR_EMPTY, STR("OR"), false);
}

static QueryNode *parse_or(Parser *parser)
{
	Nodes nodes = { 0 };
	QueryNode *node = parse_and(parser);

	if (node)
		vec_push(&nodes, node);
	while (parser->at < parser->text.len && is_keyword_at(parser, "OR")) {
		parser->at += 2;
		node = parse_and(parser);
		if (node) {
			vec_push(&nodes, node);
			continue;
		}
		/* An operator with nothing to work on is a word. */
		node = or_word(parser);
		if (nodes.n) {
			Nodes pair = { 0 };

			vec_push(&pair, nodes.items[nodes.n - 1]);
			vec_push(&pair, node);
			nodes.items[nodes.n - 1] = join(parser, QUERY_AND, &pair);
		} else {
			vec_push(&nodes, node);
		}
	}
	return join(parser, QUERY_OR, &nodes);
}

static bool over_limit(Error *err, const char *what, unsigned limit)
{
	error_set(err, ERROR_USAGE, "q has more than %u %s", limit, what);
	error_hint(err, "ask for less at once");
	return error_parameter(err, "q");
}

bool query_parse(Str text, FacetNames facets, Arena *arena, QueryNode **ret_root, Error *err)
{
	Parser parser = { .text = text, .facets = facets, .arena = arena };
	QueryNode *root;

	if (text.len > LIMIT_QUERY_BYTES)
		return over_limit(err, "bytes", LIMIT_QUERY_BYTES);
	root = parse_or(&parser);
	if (parser.n_words > LIMIT_QUERY_WORDS)
		return over_limit(err, "words", LIMIT_QUERY_WORDS);
	if (parser.n_prefixes > LIMIT_QUERY_PREFIXES)
		return over_limit(err, "words with *", LIMIT_QUERY_PREFIXES);
	if (!root)
		root = new_node(&parser, parser.has_words ? QUERY_NOTHING : QUERY_ALL, STR_EMPTY, STR_EMPTY);
	*ret_root = root;
	return true;
}
