/*
 * From text to tokens: chunks (break_words.c) become words, wholes, pieces and n-grams,
 * folded (fold.c) and stemmed (Snowball). text.h says what stands at which place.
 */
#include <libstemmer.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/limits.h"
#include "blogsearch/text.h"
#include "break_words.h"
#include "character.h"
#include "fold.h"
#include "word_cache.h"

#define N_STEMMERS 8 /* languages kept open at once; a site has one or two */

/* What decides what becomes of a word: for word_cache.h. */
enum { RULES_EXACT, RULES_NO_STEMMER, RULES_OF_STEMMERS };

typedef struct Stemmer {
	char lang[4]; /* primary subtag; empty: free */
	struct sb_stemmer *snowball; /* NULL: a language without a stemmer */
} Stemmer;

struct Analyzer {
	Stemmer stemmers[N_STEMMERS];
	unsigned next_stemmer; /* to be given up when all are taken */
	Buf exact, cased, stem, whole;
	WordCache words;
};

Analyzer *analyzer_new(void)
{
	Analyzer *analyzer = xnew0(Analyzer);

	analyzer->exact = analyzer->cased = analyzer->stem = analyzer->whole = (Buf)BUF_INIT(BUF_NO_CEILING);
	return analyzer;
}

Analyzer *analyzer_free(Analyzer *analyzer)
{
	if (!analyzer)
		return NULL;
	for (unsigned i = 0; i < N_STEMMERS; i++)
		if (analyzer->stemmers[i].snowball)
			sb_stemmer_delete(analyzer->stemmers[i].snowball);
	buf_deinit(&analyzer->exact);
	buf_deinit(&analyzer->cased);
	buf_deinit(&analyzer->stem);
	buf_deinit(&analyzer->whole);
	word_cache_deinit(&analyzer->words);
	free(analyzer);
	return NULL;
}

/* "pt-BR" → "pt"; false for what is no language tag. */
static bool primary_subtag(Str lang, char subtag[4])
{
	size_t n = 0;

	while (n < lang.len && lang.data[n] != '-' && lang.data[n] != '_') {
		char c = lang.data[n];

		if (n == 3)
			return false;
		subtag[n++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	subtag[n] = '\0';
	return n >= 2;
}

static struct sb_stemmer *new_snowball(const char *subtag)
{
	/* Both written forms of Norwegian are stemmed by the one algorithm there is. */
	if (strcmp(subtag, "nb") == 0 || strcmp(subtag, "nn") == 0)
		subtag = "no";
	return sb_stemmer_new(subtag, NULL);
}

/* NULL: @lang is no language tag. */
static Stemmer *find_stemmer(Analyzer *analyzer, Str lang)
{
	char subtag[4];
	unsigned number;
	Stemmer *stemmer;

	if (!primary_subtag(lang, subtag))
		return NULL;
	for (unsigned i = 0; i < N_STEMMERS; i++)
		if (strcmp(analyzer->stemmers[i].lang, subtag) == 0)
			return &analyzer->stemmers[i];
	number = analyzer->next_stemmer++ % N_STEMMERS;
	stemmer = &analyzer->stemmers[number];
	if (stemmer->snowball)
		sb_stemmer_delete(stemmer->snowball);
	word_cache_forget(&analyzer->words, (uint8_t)(RULES_OF_STEMMERS + number));
	memcpy(stemmer->lang, subtag, sizeof(subtag));
	stemmer->snowball = new_snowball(subtag);
	return stemmer;
}

/* Cuts at a character, and drops the blanks and controls that compatibility forms can bring in. */
static void tidy_term(Buf *term)
{
	size_t n = 0;

	for (size_t i = 0; i < term->len; i++)
		if ((unsigned char)term->data[i] > ' ' && term->data[i] != 0x7f)
			term->data[n++] = term->data[i];
	if (n > LIMIT_WORD_BYTES)
		for (n = LIMIT_WORD_BYTES; n > 0 && ((unsigned char)term->data[n] & 0xc0) == 0x80;)
			n--;
	buf_truncate(term, n);
}

static bool has_digit(Str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] >= '0' && word.data[i] <= '9')
			return true;
	return false;
}

/* @cased: lower case with its accents, as the stemmers expect; the stem is folded like everything else. */
static void stem_word(struct sb_stemmer *snowball, Str cased, Buf *out)
{
	const sb_symbol *stem;

	buf_clear(out);
	if (cased.len > LIMIT_WORD_BYTES)
		return;
	stem = sb_stemmer_stem(snowball, (const sb_symbol *)cased.data, (int)cased.len);
	if (!stem)
		return;
	text_fold((Str){ (const char *)stem, (size_t)sb_stemmer_length(snowball) }, out);
	tidy_term(out);
}

typedef struct Analysis {
	Analyzer *analyzer;
	Str text;
	struct sb_stemmer *snowball; /* NULL: a language without a stemmer */
	bool wants_stems;
	uint8_t rules; /* of a word that may be stemmed */
	TokenSink sink;
	void *context;
	uint32_t position; /* of the next place */
} Analysis;

static Str stem_of(Analysis *an, Str raw, Str exact)
{
	Analyzer *analyzer = an->analyzer;

	if (!an->wants_stems || has_digit(exact))
		return STR_EMPTY;
	if (!an->snowball)
		return exact;
	if (str_is_ascii(raw)) {
		stem_word(an->snowball, exact, &analyzer->stem);
	} else {
		buf_clear(&analyzer->cased);
		fold_case(raw, &analyzer->cased);
		stem_word(an->snowball, buf_str(&analyzer->cased), &analyzer->stem);
	}
	return analyzer->stem.len ? buf_str(&analyzer->stem) : exact;
}

static void make_forms(Analysis *an, Str raw, bool is_word, Token *token)
{
	Buf *exact = &an->analyzer->exact;

	buf_clear(exact);
	text_fold(raw, exact);
	tidy_term(exact);
	token->exact = buf_str(exact);
	token->stem = is_word && token->exact.len ? stem_of(an, raw, token->exact) : STR_EMPTY;
}

/* The same, out of the cache where it is there. */
static void look_up_forms(Analysis *an, Str raw, bool is_word, Token *token)
{
	uint8_t rules = is_word ? an->rules : RULES_EXACT;
	CachedWord *word;

	if (!raw.len || raw.len > CACHED_WORD_BYTES) {
		make_forms(an, raw, is_word, token);
		return;
	}
	word = word_cache_at(&an->analyzer->words, raw);
	if (!cached_word_is(word, raw, rules)) {
		make_forms(an, raw, is_word, token);
		if (token->exact.len)
			cached_word_set(word, raw, rules, token->exact, token->stem);
		return;
	}
	token->exact = (Str){ word->exact, word->exact_len };
	token->stem = (Str){ word->stem, word->stem_len };
}

/* Gives bytes [start, end) of the text as a token; @is_word: it may be stemmed. */
static bool emit(Analysis *an, TokenKind kind, uint32_t position, size_t start, size_t end, bool is_word)
{
	Token token = { kind, position, (uint32_t)start, (uint32_t)end, STR_EMPTY, STR_EMPTY };

	look_up_forms(an, str_slice(an->text, start, end), is_word, &token);
	return !token.exact.len || an->sink(an->context, &token);
}

static bool emit_pieces(Analysis *an, const ChunkPart *part, uint32_t position)
{
	for (unsigned i = 0; i < part->n_pieces; i++)
		if (!emit(an, TOKEN_PIECE, position, part->pieces[i], part->pieces[i + 1], true))
			return false;
	return true;
}

static bool is_apostrophes_only(const Chunk *chunk)
{
	for (unsigned i = 1; i < chunk->n_parts; i++)
		if (chunk->parts[i].joiner != '\'')
			return false;
	return chunk->n_parts > 1 && !chunk->has_leading_dot && !chunk->suffix.len;
}

/*
 * The whole of a name as it is searched for: its words folded, joiners in ASCII. With
 * apostrophes alone they are left out (`don't` is found by `dont`) and what remains is a
 * word like others.
 */
static bool emit_whole(Analysis *an, const Chunk *chunk, uint32_t position)
{
	Buf *whole = &an->analyzer->whole;
	bool is_word = is_apostrophes_only(chunk);
	Token token = { TOKEN_WHOLE, position, (uint32_t)chunk->start, (uint32_t)chunk->end, STR_EMPTY, STR_EMPTY };

	if (chunk->n_parts == 1 && !chunk->has_leading_dot && !chunk->suffix.len)
		return true;
	buf_clear(whole);
	if (chunk->has_leading_dot)
		buf_append_char(whole, '.');
	for (unsigned i = 0; i < chunk->n_parts; i++) {
		const ChunkPart *part = &chunk->parts[i];

		if (i && !is_word) {
			buf_append_char(whole, part->joiner);
			if (part->is_double)
				buf_append_char(whole, part->joiner);
		}
		text_fold(str_slice(an->text, part->start, part->end), whole);
	}
	buf_append(whole, chunk->suffix);
	if (whole->len > LIMIT_WORD_BYTES)
		return true; /* cut it would be another name; its words are found all the same */
	tidy_term(whole);
	token.exact = buf_str(whole);
	token.stem = is_word ? stem_of(an, token.exact, token.exact) : STR_EMPTY;
	return an->sink(an->context, &token);
}

static bool emit_name(Analysis *an, const Chunk *chunk)
{
	if (!emit_whole(an, chunk, an->position))
		return false;
	for (unsigned i = 0; i < chunk->n_parts; i++) {
		const ChunkPart *part = &chunk->parts[i];
		uint32_t position = an->position++;

		if (!emit(an, TOKEN_WORD, position, part->start, part->end, true) || !emit_pieces(an, part, position))
			return false;
	}
	return true;
}

static bool emit_ngrams(Analysis *an, const Chunk *chunk)
{
	size_t first = chunk->start;
	size_t second = chunk_character_end(an->text, first, chunk->end);

	while (second < chunk->end) {
		size_t end = chunk_character_end(an->text, second, chunk->end);

		if (!emit(an, TOKEN_NGRAM, an->position++, first, end, false))
			return false;
		first = second;
		second = end;
	}
	return emit(an, TOKEN_NGRAM_LAST, an->position++, first, chunk->end, false);
}

static void run(Analysis *an)
{
	size_t at = 0;
	Chunk chunk;

	while (chunk_next(an->text, &at, &chunk))
		if (!(chunk.is_unspaced ? emit_ngrams(an, &chunk) : emit_name(an, &chunk)))
			return;
}

void analyze(Analyzer *analyzer, Str text, Str lang, TokenSink sink, void *context)
{
	const Stemmer *stemmer = find_stemmer(analyzer, lang);
	Analysis an = { .analyzer = analyzer, .text = text, .wants_stems = true, .sink = sink, .context = context,
		        .snowball = stemmer ? stemmer->snowball : NULL,
		        .rules = stemmer ? (uint8_t)(RULES_OF_STEMMERS + (stemmer - analyzer->stemmers)) : RULES_NO_STEMMER };

	run(&an);
}

void analyze_places(Analyzer *analyzer, Str text, TokenSink sink, void *context)
{
	Analysis an = { .analyzer = analyzer, .text = text, .rules = RULES_EXACT, .sink = sink, .context = context };

	run(&an);
}
