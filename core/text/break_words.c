/* The scanner behind break_words.h: one pass, one character of look-ahead, two for "::" and "++". */
#include "break_words.h"

#include "character.h"

typedef struct Character {
	uint32_t code_point;
	unsigned n_bytes; /* 0 at the end of the text */
	CharClass class;
} Character;

static Character peek(Str text, size_t at)
{
	Character c = { 0, 0, CHAR_OTHER };

	if (at >= text.len)
		return c;
	if (!(text.data[at] & 0x80))
		return (Character){ (uint32_t)text.data[at], 1, char_ascii_classes[(unsigned char)text.data[at]] };
	c.n_bytes = str_decode(text, at, &c.code_point);
	c.class = char_class(c.code_point);
	return c;
}

/* A word begins with a letter or digit; a mark alone does not make one. */
static bool starts_word(Character c)
{
	return c.n_bytes && (c.class == CHAR_LOWER || c.class == CHAR_UPPER || c.class == CHAR_DIGIT);
}

static void add_piece(ChunkPart *part, size_t at)
{
	if (part->n_pieces < PART_PIECES && at > part->pieces[part->n_pieces ? part->n_pieces - 1 : 0])
		part->pieces[part->n_pieces++] = at;
}

/* Lower case letters behind one break nothing, and most texts consist of those of ASCII. */
static size_t skip_lower(Str text, size_t at)
{
	while (at < text.len && text.data[at] >= 'a' && text.data[at] <= 'z')
		at++;
	return at;
}

/*
 * Reads the letters, digits and marks of one word and notes where CamelCase breaks it:
 * before an upper case letter behind a lower case one (`getUser`), and before the last of
 * several upper case letters where a lower case one follows (`HTTPServer`).
 */
static size_t read_part(Str text, size_t at, ChunkPart *part)
{
	CharClass before = CHAR_OTHER, before_that = CHAR_OTHER;
	size_t before_at = at;

	part->start = part->pieces[0] = at;
	part->n_pieces = 1;
	for (;;) {
		Character c = peek(text, at);

		if (!c.n_bytes || !char_is_word(c.class))
			break;
		if (c.class == CHAR_UPPER && before == CHAR_LOWER)
			add_piece(part, at);
		else if (c.class == CHAR_LOWER && before == CHAR_UPPER && before_that == CHAR_UPPER)
			add_piece(part, before_at);
		if (c.class != CHAR_MARK) {
			before_that = before;
			before = c.class;
			before_at = at;
		}
		at += c.n_bytes;
		if (c.class == CHAR_LOWER)
			at = skip_lower(text, at);
	}
	part->end = at;
	if (part->n_pieces < 2)
		part->n_pieces = 0;
	else
		part->pieces[part->n_pieces] = at;
	return at;
}

/* `++` or `#` directly behind the last word and nothing more of a word behind them. */
static Str read_suffix(Str text, size_t at)
{
	Str rest = str_from(text, at);
	size_t n = str_starts_with(rest, STR("++")) ? 2 : str_starts_with(rest, STR("#")) ? 1 : 0;

	if (n && (starts_word(peek(text, at + n)) || peek(text, at + n).class == CHAR_UNSPACED) && n == 1)
		n = 0;
	return str_slice(text, at, at + n);
}

/* The length of a joiner at @at with a word behind it; 0 for none. */
static size_t read_joiner(Str text, size_t at, ChunkPart *next)
{
	Character c = peek(text, at);
	size_t n = c.n_bytes;

	if (!n || c.class != CHAR_JOINER)
		return 0;
	next->joiner = char_joiner_ascii(c.code_point);
	next->is_double = next->joiner == ':' && at + 1 < text.len && text.data[at + 1] == ':';
	n += next->is_double;
	return starts_word(peek(text, at + n)) ? n : 0;
}

static bool has_leading_dot(Str text, size_t start)
{
	if (start == 0 || text.data[start - 1] != '.')
		return false;
	if (start == 1)
		return true;
	/* Behind a blank, bracket, quote or folder; not the end of a sentence that lacks its blank. */
	return memchr(" \t\n(\"'[{,;=|>*`/\\", text.data[start - 2], 17) != NULL;
}

/* The number behind a version's letter is a piece: `v1.2.3` is found by `1.2.3` as well. */
static void break_version(Str text, ChunkPart *first, char joiner)
{
	if (joiner != '.' || first->n_pieces || (text.data[first->start] | 0x20) != 'v' || first->end - first->start < 2)
		return;
	for (size_t i = first->start + 1; i < first->end; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return;
	first->pieces[0] = first->start;
	first->pieces[1] = first->start + 1;
	first->pieces[2] = first->end;
	first->n_pieces = 2;
}

static void read_name(Str text, size_t *at, Chunk *chunk)
{
	chunk->has_leading_dot = has_leading_dot(text, *at) && peek(text, *at).class != CHAR_DIGIT;
	chunk->start = *at - chunk->has_leading_dot;
	for (;;) {
		ChunkPart next = { 0 };
		ChunkPart *part = &chunk->parts[chunk->n_parts];
		char joiner = chunk->n_parts ? part->joiner : 0;
		bool is_double = chunk->n_parts && part->is_double;
		size_t n;

		*at = read_part(text, *at, part);
		part->joiner = joiner;
		part->is_double = is_double;
		chunk->n_parts++;
		chunk->suffix = read_suffix(text, *at);
		if (chunk->suffix.len || chunk->n_parts == CHUNK_PARTS)
			break;
		n = read_joiner(text, *at, &next);
		if (!n)
			break;
		*at += n;
		chunk->parts[chunk->n_parts] = next;
	}
	*at += chunk->suffix.len;
	chunk->end = *at;
	if (chunk->n_parts > 1)
		break_version(text, &chunk->parts[0], chunk->parts[1].joiner);
}

static void read_unspaced(Str text, size_t *at, Chunk *chunk)
{
	chunk->is_unspaced = true;
	chunk->start = *at;
	for (;;) {
		Character c = peek(text, *at);

		if (!c.n_bytes || (c.class != CHAR_UNSPACED && c.class != CHAR_MARK))
			break;
		*at += c.n_bytes;
	}
	chunk->end = *at;
}

bool chunk_next(Str text, size_t *at, Chunk *chunk)
{
	for (;;) {
		Character c = peek(text, *at);

		if (!c.n_bytes)
			return false;
		if (c.class == CHAR_UNSPACED || starts_word(c)) {
			chunk->is_unspaced = chunk->has_leading_dot = false;
			chunk->suffix = STR_EMPTY;
			chunk->n_parts = 0;
			if (c.class == CHAR_UNSPACED)
				read_unspaced(text, at, chunk);
			else
				read_name(text, at, chunk);
			return true;
		}
		*at += c.n_bytes;
	}
}

size_t chunk_character_end(Str text, size_t at, size_t end)
{
	uint32_t c;

	at += str_decode(text, at, &c);
	while (at < end) {
		unsigned n = str_decode(text, at, &c);

		if (char_class(c) != CHAR_MARK)
			break;
		at += n;
	}
	return at;
}
