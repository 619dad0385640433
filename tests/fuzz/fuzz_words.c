/*
 * Words: places lie within the text and go forward, with and without stems and forms alike; folding
 * twice is folding once.
 */
#include "fuzz.h"

#include "blogsearch/limits.h"
#include "blogsearch/text.h"

typedef struct Seen {
	Str text;
	uint32_t n_tokens, n_places, last;
	uint64_t sum; /* of what both ways of analyzing must agree on */
} Seen;

static void check_folded(Str folded)
{
	CLEANUP(buf_deinit) Buf again = BUF_INIT(BUF_NO_CEILING);

	text_fold(folded, &again);
	FUZZ_ASSERT(str_equal(buf_str(&again), folded));
}

static bool see(void *context, const Token *token)
{
	Seen *seen = context;
	bool fills = token->kind != TOKEN_WHOLE && token->kind != TOKEN_PIECE;

	FUZZ_ASSERT(token->start < token->end && token->end <= seen->text.len);
	FUZZ_ASSERT(token->exact.len > 0 && token->exact.len <= LIMIT_WORD_BYTES && token->stem.len <= LIMIT_WORD_BYTES);
	FUZZ_ASSERT(str_is_utf8(token->exact) && str_is_utf8(token->stem));
	for (size_t i = 0; i < token->exact.len; i++)
		FUZZ_ASSERT((unsigned char)token->exact.data[i] > ' ');
	FUZZ_ASSERT(!seen->n_tokens || token->position >= seen->last);
	seen->last = token->position;
	seen->n_places += fills;
	seen->sum = seen->sum * 31 + token->start * 7 + token->end + token->position + (uint64_t)token->kind;
	seen->n_tokens++;
	return true;
}

static bool add_place(void *context, const Token *token)
{
	Seen *seen = context;

	FUZZ_ASSERT(token->start < token->end && token->end <= seen->text.len);
	FUZZ_ASSERT(token->position == seen->n_places || token->position + 1 == seen->n_places);
	seen->n_places += token->kind != TOKEN_WHOLE && token->kind != TOKEN_PIECE;
	seen->n_tokens++;
	seen->sum = seen->sum * 31 + token->start * 7 + token->end + token->position + (uint64_t)token->kind;
	return true;
}

/* With all the tokens that have a form; more only where a word folds to nothing or a whole name is too long. */
static void check_places(Str text, const Seen *plain)
{
	Seen places = { .text = text };

	text_find_places(text, add_place, &places);
	FUZZ_ASSERT(places.n_tokens >= plain->n_tokens && places.n_places >= plain->n_places);
	FUZZ_ASSERT(places.n_tokens > plain->n_tokens || places.sum == plain->sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const langs[] = { "en", "de", "", "ru", "tr", "pt-BR", "ar", "hi" };
	uint8_t flags = fuzz_flags(&data, &size);
	Str text = fuzz_str(data, size);
	CLEANUP(analyzer_freep) Analyzer *analyzer = analyzer_new();
	CLEANUP(buf_deinit) Buf folded = BUF_INIT(BUF_NO_CEILING);
	Seen stemmed = { .text = text }, plain = { .text = text };

	analyze(analyzer, text, str_from_c(langs[flags % ARRAY_SIZE(langs)]), see, &stemmed);
	analyze_places(analyzer, text, see, &plain);
	FUZZ_ASSERT(stemmed.n_tokens == plain.n_tokens && stemmed.sum == plain.sum);
	check_places(text, &plain);
	text_fold(text, &folded);
	FUZZ_ASSERT(str_is_utf8(buf_str(&folded)));
	check_folded(buf_str(&folded));
	return 0;
}
