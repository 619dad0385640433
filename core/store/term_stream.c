/* See term_stream.h. The order of pieces in a field is store_field_texts()'s, for writing and for finding places again. */
#include "term_stream.h"

#include "blogsearch/limits.h"
#include "blogsearch/vec.h"
#include "fts5_tokenizer.h"

typedef struct FieldTexts {
	VEC(FieldText) pieces;
	TextField field;
	uint32_t n_places; /* of the field so far, with gaps */
	const StoreText *text;
} FieldTexts;

/* A gap comes before each piece once there is a word, whether or not the piece has one. */
static void add_piece(FieldTexts *texts, Str text, size_t block, size_t number)
{
	uint32_t n_places = texts->text->places[number];

	if (!text.len)
		return;
	texts->n_places += texts->n_places > 0;
	vec_push(&texts->pieces, (FieldText){ texts->field, text, block, number, texts->n_places, n_places });
	texts->n_places += n_places;
}

static TextField field_of_block(BlockKind kind)
{
	switch (kind) {
	case BLOCK_HEADING:
		return FIELD_HEADINGS;
	case BLOCK_CODE:
	case BLOCK_INLINE_CODE:
		return FIELD_CODE;
	case BLOCK_CAPTION:
		return FIELD_CAPTIONS;
	case BLOCK_PROSE:
	case N_BLOCK_KINDS:
		break;
	}
	return FIELD_PROSE;
}

#define PLACES_OF_TITLE       0
#define PLACES_OF_DESCRIPTION 1
#define PLACES_OF_TERMS       2

size_t store_text_n_places(const StoreText *text)
{
	return PLACES_OF_TERMS + text->n_term_names + text->n_blocks;
}

size_t store_field_texts(const StoreText *text, TextField field, Arena *arena, FieldText **ret_pieces)
{
	FieldTexts texts = { .field = field, .text = text };
	size_t n, places_of_blocks = PLACES_OF_TERMS + text->n_term_names;

	if (field == FIELD_TITLE)
		add_piece(&texts, text->title, (size_t)-1, PLACES_OF_TITLE);
	if (field == FIELD_PROSE)
		add_piece(&texts, text->description, (size_t)-1, PLACES_OF_DESCRIPTION);
	for (size_t i = 0; field == FIELD_TERMS && i < text->n_term_names; i++)
		add_piece(&texts, text->term_names[i], (size_t)-1, PLACES_OF_TERMS + i);
	for (size_t i = 0; i < text->n_blocks; i++)
		if (field_of_block(text->blocks[i].kind) == field)
			add_piece(&texts, text->blocks[i].text, i, places_of_blocks + i);
	n = texts.pieces.n;
	*ret_pieces = arena_new_n(arena, FieldText, n);
	if (n)
		memcpy(*ret_pieces, texts.pieces.items, n * sizeof(FieldText));
	vec_deinit(&texts.pieces);
	return n;
}

/* Marked terms are none; what begins with a character of a script without spaces is an n-gram. */
bool term_is_word(Str term)
{
	uint32_t first;

	if (!term.len || term.data[0] == TERM_STEM_MARK || term.data[0] == TERM_GAP || term.data[0] == TERM_LANG_MARK)
		return false;
	str_decode(term, 0, &first);
	return !text_is_unspaced(first);
}

typedef struct StreamWriter {
	Buf *out;
	int64_t place;     /* of the last token; -1: none yet */
	uint32_t n_places; /* of the pieces so far, without gaps */
	uint32_t n_piece;  /* of this piece */
	Str code_lang;     /* of this piece, until it is written */
} StreamWriter;

/* What would part terms is left out. */
static void append_code_lang(Buf *out, Str lang)
{
	CLEANUP(buf_deinit) Buf folded = BUF_INIT(BUF_NO_CEILING);

	text_fold(lang, &folded);
	for (size_t i = 0; i < folded.len && i < LIMIT_WORD_BYTES; i++)
		if ((unsigned char)folded.data[i] > ' ')
			buf_append_char(out, folded.data[i]);
}

/* Most of a stream is written here: room is made for once, then bytes are copied. */
static void append_forms(Buf *out, char separator, const Token *token)
{
	char *to = buf_reserve(out, token->exact.len + token->stem.len + 3);

	if (out->len)
		*to++ = separator;
	memcpy(to, token->exact.data, token->exact.len);
	to += token->exact.len;
	if (token->stem.len && !str_equal(token->stem, token->exact)) {
		*to++ = TERM_SAME_PLACE;
		*to++ = TERM_STEM_MARK;
		memcpy(to, token->stem.data, token->stem.len);
		to += token->stem.len;
	}
	out->len = (size_t)(to - out->data);
}

static bool write_token(void *context, const Token *token)
{
	StreamWriter *writer = context;
	bool is_next = token->position != writer->place;

	append_forms(writer->out, is_next ? TERM_NEXT_PLACE : TERM_SAME_PLACE, token);
	if (is_next) {
		writer->place = token->position;
		writer->n_piece = token->position + 1;
	}
	if (writer->code_lang.len) {
		buf_append_char(writer->out, TERM_SAME_PLACE);
		buf_append_char(writer->out, TERM_LANG_MARK);
		append_code_lang(writer->out, writer->code_lang);
		writer->code_lang = STR_EMPTY;
	}
	return true;
}

static void write_gap(Buf *out)
{
	if (out->len) {
		buf_append_char(out, TERM_NEXT_PLACE);
		buf_append_char(out, TERM_GAP);
	}
}

static void write_field(Analyzer *analyzer, StoreText *text, TextField field, StreamWriter *writer, Arena *arena)
{
	FieldText *pieces;
	size_t n_pieces = store_field_texts(text, field, arena, &pieces);

	for (size_t i = 0; i < n_pieces; i++) {
		write_gap(writer->out);
		writer->place = -1;
		writer->n_piece = 0;
		writer->code_lang = field == FIELD_CODE ? text->blocks[pieces[i].block].lang : STR_EMPTY;
		analyze(analyzer, pieces[i].text, text->lang, write_token, writer);
		writer->n_places += writer->n_piece;
		text->places[pieces[i].number] = writer->n_piece;
	}
}

void make_term_streams(Analyzer *analyzer, StoreText *text, Arena *arena, TermStreams *ret_streams)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	for (TextField field = 0; field < N_TEXT_FIELDS; field++) {
		StreamWriter writer = { .out = &out, .place = -1 };

		buf_clear(&out);
		write_field(analyzer, text, field, &writer, arena);
		ret_streams->columns[field] = arena_str_dup(arena, buf_str(&out));
		ret_streams->lengths[field] = writer.n_places;
	}
}

static int take_word(void *context, int flags, const char *term, int n_bytes, int start, int end)
{
	Str word = { term, (size_t)n_bytes };

	(void)flags, (void)start, (void)end;
	if (term_is_word(word))
		map_put(context, word, NULL);
	return 0;
}

void term_streams_words(const TermStreams *streams, Map *words)
{
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		(void)term_stream_split(streams->columns[field], take_word, words);
}

Str store_code_lang_term(Str lang, Arena *arena)
{
	CLEANUP(buf_deinit) Buf term = BUF_INIT(BUF_NO_CEILING);

	buf_append_char(&term, TERM_LANG_MARK);
	append_code_lang(&term, lang);
	return arena_str_dup(arena, buf_str(&term));
}

Str store_stem_term(Str stem, Arena *arena)
{
	return arena_concat(arena, STR("\x02"), stem);
}

Str store_word_of_term(Str term)
{
	return term.len && term.data[0] == TERM_STEM_MARK ? str_from(term, 1) : term;
}
