/*
 * The words of the site that a word may stand for: Damerau-Levenshtein distance (F. Damerau: A
 * technique for computer detection and correction of spelling errors, 1964; swaps of neighbours
 * count as one edit) against the vocabulary where it lies.
 *
 * The vocabulary is in order, so that one walk over it is a walk over a tree of beginnings:
 * rows of the distance table are kept for the beginning that a word shares with the one before.
 * Where every cell of a row is over the limit, no word with that beginning can be near: all of
 * them are jumped over (as K. Oflazer: Error-tolerant Finite-state Recognition, 1996, does it).
 */
#include "steps.h"

#include "blogsearch/limits.h"

#define COST_EDIT  10
#define COST_SWAP  9  /* the commonest slip of fingers        */
#define COST_FIRST 5  /* more, where the first letter is wrong */
#define MOST_GAIN  4  /* that frequency can make up for        */

#define LETTERS_FOR_1_EDIT  4
#define LETTERS_FOR_2_EDITS 8
#define LETTERS_OF_BEGINNING 5 /* shorter ones are near to what is no word at all */
#define MOST_LETTERS        LIMIT_WORD_BYTES
#define COST_NEVER          255

typedef uint8_t Row[MOST_LETTERS + 1];

typedef struct Walk {
	uint32_t word[MOST_LETTERS];
	unsigned n_letters;
	unsigned budget;
	bool is_prefix; /* the word may be the beginning of what was meant */
	uint32_t other[MOST_LETTERS]; /* letters of the vocabulary's word at hand */
	uint8_t ends[MOST_LETTERS];   /* bytes up to the end of each of them */
	Row rows[MOST_LETTERS + 1];   /* by letters of the other word */
	uint8_t least[MOST_LETTERS + 1]; /* of the row's cells */
	uint8_t begun[MOST_LETTERS + 1]; /* least cost of the whole word against a beginning of the other that long */
	unsigned n_rows; /* that hold for the word at hand, row 0 not counted */
} Walk;

/* --- The word itself ---------------------------------------------------------------------------- */

/* Letters only: numbers, versions and names with signs are what they are, and n-grams are no words. */
static bool read_letters(Str text, Walk *walk)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t c;

		at += str_decode(text, at, &c);
		if (walk->n_letters == MOST_LETTERS || !(text_is_letter(c) || text_is_mark(c)) || text_is_unspaced(c))
			return false;
		walk->word[walk->n_letters++] = c;
	}
	return true;
}

static unsigned edits_for(unsigned n_letters)
{
	if (n_letters < LETTERS_FOR_1_EDIT)
		return 0;
	return n_letters < LETTERS_FOR_2_EDITS ? 1 : 2;
}

static void first_row(Walk *walk)
{
	for (unsigned i = 0; i <= walk->n_letters; i++) {
		unsigned cost = i ? i * COST_EDIT + COST_FIRST : 0;

		walk->rows[0][i] = cost < COST_NEVER ? (uint8_t)cost : COST_NEVER;
	}
	walk->begun[0] = walk->rows[0][walk->n_letters];
}

static bool is_short_beginning(const Walk *walk)
{
	return walk->is_prefix && walk->n_letters < LETTERS_OF_BEGINNING;
}

/* --- The table -------------------------------------------------------------------------------------- */

static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * The row of the other word's letter number @n (from 1), from the two before it. A cell that is
 * farther from the diagonal than there may be edits is over the limit, and so left out.
 */
static void next_row(Walk *walk, unsigned n)
{
	const uint8_t *before = walk->rows[n - 1], *before_that = n > 1 ? walk->rows[n - 2] : NULL;
	unsigned n_edits = walk->budget / COST_EDIT, least;
	unsigned from = n > n_edits ? n - n_edits : 1, to = min(walk->n_letters, n + n_edits);
	uint8_t *row = walk->rows[n];

	row[walk->n_letters] = row[min(walk->n_letters, to + 1)] = row[from - 1] = COST_NEVER;
	row[0] = (uint8_t)min(COST_NEVER, before[0] + COST_EDIT + (n == 1 ? COST_FIRST : 0));
	least = row[0];
	for (unsigned i = from; i <= to; i++) {
		unsigned at_first = n == 1 || i == 1 ? COST_FIRST : 0;
		unsigned cost = before[i - 1] + (walk->word[i - 1] == walk->other[n - 1] ? 0 : COST_EDIT + at_first);

		cost = min(cost, before[i] + COST_EDIT + at_first);
		cost = min(cost, row[i - 1] + COST_EDIT + at_first);
		if (before_that && i > 1 && walk->word[i - 1] == walk->other[n - 2] &&
		    walk->word[i - 2] == walk->other[n - 1])
			cost = min(cost, before_that[i - 2] + COST_SWAP);
		row[i] = (uint8_t)min(COST_NEVER, cost);
		least = min(least, cost);
	}
	walk->least[n] = (uint8_t)min(COST_NEVER, least);
	walk->begun[n] = (uint8_t)min(walk->begun[n - 1], row[walk->n_letters]);
}

typedef enum Reached { REACHED_END, REACHED_DEAD_END } Reached;

/*
 * Works through the letters of @other from the first one on that the word before did not
 * share. At a dead end *ret_bytes is how much of it no near word can begin with.
 */
static Reached follow(Walk *walk, Str other, size_t n_shared, size_t *ret_bytes)
{
	size_t at;

	while (walk->n_rows && walk->ends[walk->n_rows - 1] > n_shared)
		walk->n_rows--;
	at = walk->n_rows ? walk->ends[walk->n_rows - 1] : 0;
	while (at < other.len && walk->n_rows < MOST_LETTERS) {
		unsigned n = walk->n_rows;

		at += str_decode(other, at, &walk->other[n]);
		walk->ends[n] = (uint8_t)at;
		next_row(walk, n + 1);
		walk->n_rows = n + 1;
		/* A swap reaches back over two rows. */
		if (walk->least[n + 1] > walk->budget && walk->least[n] + (unsigned)COST_SWAP > walk->budget &&
		    !(walk->is_prefix && walk->begun[n + 1] <= walk->budget)) {
			*ret_bytes = at;
			return REACHED_DEAD_END;
		}
	}
	return REACHED_END;
}

static unsigned cost_at_end(const Walk *walk)
{
	unsigned cost = walk->rows[walk->n_rows][walk->n_letters];

	/* As a beginning it is a little further off than as a whole; of a short one two letters are swapped at most. */
	if (!walk->is_prefix || (is_short_beginning(walk) && walk->begun[walk->n_rows] > COST_SWAP))
		return cost;
	return min(cost, walk->begun[walk->n_rows] + 1u);
}

/* --- The best of them ---------------------------------------------------------------------------------- */

static unsigned log2_of(uint64_t n)
{
	return n ? 63 - (unsigned)__builtin_clzll(n) : 0;
}

/* Frequent words are meant more often. */
static int rank_of(const Correction *correction)
{
	return (int)correction->cost - (int)min(MOST_GAIN, log2_of(correction->n_pages));
}

static bool is_better(const Correction *a, const Correction *b)
{
	int x = rank_of(a), y = rank_of(b);

	if (x != y)
		return x < y;
	return a->n_pages != b->n_pages ? a->n_pages > b->n_pages : str_compare(a->word, b->word) < 0;
}

static size_t keep(Correction *corrections, size_t n, Correction candidate, Arena *arena)
{
	size_t at = n;

	while (at > 0 && is_better(&candidate, &corrections[at - 1]))
		at--;
	if (at == MOST_CORRECTIONS)
		return n;
	n = n < MOST_CORRECTIONS ? n + 1 : n;
	for (size_t i = n - 1; i > at; i--)
		corrections[i] = corrections[i - 1];
	candidate.word = arena_str_dup(arena, candidate.word);
	corrections[at] = candidate;
	return n;
}

/* What a word costs at least that is not meant beside the best: an edit more. */
static unsigned too_much(const Correction *best)
{
	return best->cost + COST_EDIT - MOST_GAIN;
}

static size_t drop_worse(Correction *corrections, size_t n)
{
	size_t n_kept = 0;

	for (size_t i = 0; i < n; i++)
		if (i == 0 || corrections[i].cost < too_much(&corrections[0]))
			corrections[n_kept++] = corrections[i];
	return n_kept;
}

/* --- Written together ------------------------------------------------------------------------------------ */

/* `dockercompose`: two words of the site in one. */
static size_t keep_split(Search *search, Str word, Correction *corrections, size_t n)
{
	Str vocabulary = engine_vocabulary(search->engine);

	for (size_t at = 3; at + 3 <= word.len; at++) {
		uint64_t left, right;

		if (((unsigned char)word.data[at] & 0xc0) == 0x80)
			continue;
		left = vocabulary_count(vocabulary, str_slice(word, 0, at));
		right = left ? vocabulary_count(vocabulary, str_from(word, at)) : 0;
		if (right)
			n = keep(corrections, n,
			         (Correction){ arena_printf(search->arena, "%.*s %.*s",
			                                    STR_ARG(str_slice(word, 0, at)), STR_ARG(str_from(word, at))),
			                       left < right ? left : right, COST_EDIT },
			         search->arena);
	}
	return n;
}

/* --- Walking ----------------------------------------------------------------------------------------------- */

static bool has_digit(Str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] >= '0' && word.data[i] <= '9')
			return true;
	return false;
}

static size_t walk_vocabulary(Search *search, Walk *walk, Str word, Correction *corrections)
{
	Str vocabulary = engine_vocabulary(search->engine);
	char last[VOCABULARY_WORD_BYTES];
	size_t last_len = 0, n = 0;
	VocabularyCursor cursor;
	bool is_there;

	vocabulary_begin(&cursor, vocabulary);
	is_there = vocabulary_next(&cursor);
	while (is_there) {
		Str other = vocabulary_word(&cursor);
		size_t n_dead = 0;

		if (follow(walk, other, str_shared_bytes(other, (Str){ last, last_len }), &n_dead) == REACHED_END) {
			Correction candidate = { other, cursor.n_pages, cost_at_end(walk) };

			if (candidate.cost <= walk->budget + walk->is_prefix && !str_equal(other, word) &&
			    !has_digit(other))
				n = keep(corrections, n, candidate, search->arena);
		}
		memcpy(last, other.data, other.len);
		last_len = other.len;
		is_there = n_dead ? vocabulary_pass(&cursor, vocabulary, n_dead) : vocabulary_next(&cursor);
	}
	return n;
}

static size_t find_within(Search *search, Walk *walk, unsigned n_edits, Str word, Correction *corrections)
{
	size_t n;

	/* Of a beginning that is so short the first letter is taken as it is. */
	walk->budget = n_edits * COST_EDIT + (is_short_beginning(walk) ? 0 : COST_FIRST);
	walk->n_rows = 0;
	n = walk_vocabulary(search, walk, word, corrections);
	return keep_split(search, word, corrections, n);
}

/*
 * Words two edits away are many times as many as those one edit away, and are looked at only where none of the latter
 * is so good that they would be dropped beside it.
 */
size_t find_corrections(Search *search, Str word, bool is_prefix, Correction corrections[MOST_CORRECTIONS])
{
	Walk walk = { .is_prefix = is_prefix };
	unsigned n_edits;
	size_t n = 0;

	if (!read_letters(word, &walk))
		return 0;
	first_row(&walk);
	n_edits = edits_for(walk.n_letters);
	if (n_edits)
		n = find_within(search, &walk, 1, word, corrections);
	if (n_edits == 2 && (!n || too_much(&corrections[0]) > 2 * COST_SWAP))
		n = find_within(search, &walk, 2, word, corrections);
	return drop_worse(corrections, n);
}
