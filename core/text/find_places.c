/* The places of a text without its words: what analyze.c makes of chunks, but for their forms. */
#include "blogsearch/text.h"
#include "break_words.h"

typedef struct Finding {
	Str text;
	TokenSink sink;
	void *context;
	uint32_t position; /* of the next place */
} Finding;

static bool give(const Finding *finding, TokenKind kind, uint32_t position, size_t start, size_t end)
{
	Token token = { kind, position, (uint32_t)start, (uint32_t)end, STR_EMPTY, STR_EMPTY };

	return finding->sink(finding->context, &token);
}

static bool give_pieces(const Finding *finding, const ChunkPart *part, uint32_t position)
{
	for (unsigned i = 0; i < part->n_pieces; i++)
		if (!give(finding, TOKEN_PIECE, position, part->pieces[i], part->pieces[i + 1]))
			return false;
	return true;
}

static bool give_name(Finding *finding, const Chunk *chunk)
{
	bool has_whole = chunk->n_parts > 1 || chunk->has_leading_dot || chunk->suffix.len;

	if (has_whole && !give(finding, TOKEN_WHOLE, finding->position, chunk->start, chunk->end))
		return false;
	for (unsigned i = 0; i < chunk->n_parts; i++) {
		const ChunkPart *part = &chunk->parts[i];
		uint32_t position = finding->position++;

		if (!give(finding, TOKEN_WORD, position, part->start, part->end) || !give_pieces(finding, part, position))
			return false;
	}
	return true;
}

static bool give_ngrams(Finding *finding, const Chunk *chunk)
{
	size_t first = chunk->start, second = chunk_character_end(finding->text, first, chunk->end);

	while (second < chunk->end) {
		size_t end = chunk_character_end(finding->text, second, chunk->end);

		if (!give(finding, TOKEN_NGRAM, finding->position++, first, end))
			return false;
		first = second;
		second = end;
	}
	return give(finding, TOKEN_NGRAM_LAST, finding->position++, first, chunk->end);
}

void text_find_places(Str text, TokenSink sink, void *context)
{
	Finding finding = { text, sink, context, 0 };
	size_t at = 0;
	Chunk chunk;

	while (chunk_next(text, &at, &chunk))
		if (!(chunk.is_unspaced ? give_ngrams(&finding, &chunk) : give_name(&finding, &chunk)))
			return;
}
