/* See term_stream.h. The order of pieces in a field is store_field_texts()'s, for writing and for finding places again. */
#include "term_stream.h"

#include "blogsearch/limits.h"
#include "blogsearch/map.h"
#include "blogsearch/vec.h"

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
	Map *words;
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

static bool write_token(void *context, const Token *token)
{
	StreamWriter *writer = context;

	if (token->position != writer->place) {
		if (writer->out->len)
			buf_append_char(writer->out, TERM_NEXT_PLACE);
		writer->place = token->position;
		writer->n_piece = token->position + 1;
	} else {
		buf_append_char(writer->out, TERM_SAME_PLACE);
	}
	buf_append(writer->out, token->exact);
	if (token->stem.len && !str_equal(token->stem, token->exact)) {
		buf_append_char(writer->out, TERM_SAME_PLACE);
		buf_append_char(writer->out, TERM_STEM_MARK);
		buf_append(writer->out, token->stem);
	}
	if (writer->code_lang.len) {
		buf_append_char(writer->out, TERM_SAME_PLACE);
		buf_append_char(writer->out, TERM_LANG_MARK);
		append_code_lang(writer->out, writer->code_lang);
		writer->code_lang = STR_EMPTY;
	}
	if (term_is_word(token->exact))
		map_put(writer->words, token->exact, NULL);
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

static void take_words(const Map *words, Arena *arena, TermStreams *streams)
{
	Str *copies = arena_new_n(arena, Str, words->n);

	for (size_t i = 0; i < words->n; i++)
		copies[i] = arena_str_dup(arena, words->entries[i].key);
	streams->words = copies;
	streams->n_words = words->n;
}

void make_term_streams(Analyzer *analyzer, StoreText *text, Arena *arena, TermStreams *ret_streams)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(map_deinit) Map words = MAP_INIT;

	for (TextField field = 0; field < N_TEXT_FIELDS; field++) {
		StreamWriter writer = { .out = &out, .words = &words, .place = -1 };

		buf_clear(&out);
		write_field(analyzer, text, field, &writer, arena);
		ret_streams->columns[field] = arena_str_dup(arena, buf_str(&out));
		ret_streams->lengths[field] = writer.n_places;
	}
	take_words(&words, arena, ret_streams);
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
