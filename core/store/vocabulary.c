/* See vocabulary.h for the layout. */
#include "vocabulary.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"

typedef struct Header {
	uint32_t magic, n_words, n_blocks, n_bytes;
} Header;

/* --- Reading -------------------------------------------------------------------------- */

/* Where the words start; 0 where it is damaged. */
static size_t read_header(Str vocabulary, Header *header)
{
	size_t words_at;

	if (vocabulary.len < sizeof(*header))
		return 0;
	memcpy(header, vocabulary.data, sizeof(*header));
	words_at = sizeof(*header) + header->n_blocks * sizeof(uint32_t);
	if (header->magic != VOCABULARY_MAGIC || header->n_blocks > vocabulary.len / sizeof(uint32_t) ||
	    header->n_blocks != (header->n_words + (uint64_t)VOCABULARY_BLOCK - 1) / VOCABULARY_BLOCK ||
	    vocabulary.len != words_at + header->n_bytes)
		return 0;
	return words_at;
}

void vocabulary_begin(VocabularyCursor *cursor, Str vocabulary)
{
	Header header;
	size_t words_at;

	*cursor = (VocabularyCursor){ 0 };
	if (!vocabulary.len)
		return;
	words_at = read_header(vocabulary, &header);
	cursor->is_damaged = !words_at;
	if (!words_at)
		return;
	cursor->rest = str_from(vocabulary, words_at);
	cursor->n_left = header.n_words;
}

/* Nearly all take one byte. */
static inline bool next_number(Str *rest, uint64_t *ret_number)
{
	if (!rest->len || rest->data[0] & 0x80)
		return varint_next(rest, ret_number);
	*ret_number = (uint64_t)rest->data[0];
	*rest = (Str){ rest->data + 1, rest->len - 1 };
	return true;
}

static inline bool next_entry(VocabularyCursor *cursor, bool is_skimmed)
{
	uint64_t shared = 0, n;

	if (!cursor->n_left || cursor->is_damaged)
		return false;
	cursor->is_damaged = true;
	if (cursor->n_in_block % VOCABULARY_BLOCK && !next_number(&cursor->rest, &shared))
		return false;
	if (!next_number(&cursor->rest, &n) || n > cursor->rest.len || shared > cursor->word_len ||
	    shared + n > sizeof(cursor->word))
		return false;
	if (!is_skimmed)
		memcpy(cursor->word + shared, cursor->rest.data, n);
	cursor->n_shared = shared;
	cursor->word_len = shared + n;
	cursor->rest = str_from(cursor->rest, n);
	if (!next_number(&cursor->rest, &cursor->n_pages))
		return false;
	cursor->n_in_block++;
	cursor->n_left--;
	cursor->is_damaged = false;
	return true;
}

bool vocabulary_next(VocabularyCursor *cursor)
{
	return next_entry(cursor, false);
}

bool vocabulary_skim(VocabularyCursor *cursor)
{
	return next_entry(cursor, true);
}

/* --- Looking up ---------------------------------------------------------------------- */

static size_t block_at(Str vocabulary, uint32_t block)
{
	uint32_t offset;

	memcpy(&offset, vocabulary.data + sizeof(Header) + block * sizeof(uint32_t), sizeof(offset));
	return offset;
}

bool vocabulary_is_sound(Str vocabulary)
{
	Header header;

	if (!read_header(vocabulary, &header))
		return false;
	for (uint32_t block = 0; block < header.n_blocks; block++)
		if (block_at(vocabulary, block) >= header.n_bytes)
			return false;
	return true;
}

/* A cursor that gives the words of @block and those behind it. */
static void begin_at(VocabularyCursor *cursor, Str vocabulary, const Header *header, uint32_t block)
{
	cursor->rest = str_from(vocabulary, sizeof(*header) + header->n_blocks * sizeof(uint32_t) + block_at(vocabulary, block));
	cursor->n_left = header->n_words - block * VOCABULARY_BLOCK;
	cursor->n_in_block = 0;
	cursor->word_len = 0;
	cursor->is_damaged = false;
}

void vocabulary_begin_block(VocabularyCursor *cursor, Str vocabulary, uint32_t block)
{
	Header header;

	*cursor = (VocabularyCursor){ 0 };
	if (read_header(vocabulary, &header) && block < header.n_blocks)
		begin_at(cursor, vocabulary, &header, block);
}

/* The first word of a block stands there whole; empty where the block is damaged. */
static Str first_word(Str vocabulary, const Header *header, uint32_t block)
{
	Str rest = str_from(vocabulary, sizeof(*header) + header->n_blocks * sizeof(uint32_t) + block_at(vocabulary, block));
	uint64_t n;

	return varint_next(&rest, &n) && n <= rest.len ? str_slice(rest, 0, n) : STR_EMPTY;
}

void vocabulary_seek(VocabularyCursor *cursor, Str vocabulary, Str word)
{
	uint32_t low = 0, high;
	Header header;

	cursor->n_left = 0;
	if (!vocabulary.len || !read_header(vocabulary, &header))
		return;
	/* The last block whose first word is not behind @word. */
	for (high = header.n_blocks; low + 1 < high;) {
		uint32_t middle = low + (high - low) / 2;

		if (str_compare(first_word(vocabulary, &header, middle), word) > 0)
			high = middle;
		else
			low = middle;
	}
	if (!header.n_blocks)
		return;
	begin_at(cursor, vocabulary, &header, low);
}

/* --- Passing by ---------------------------------------------------------------------- */

/* Where several blocks in a row begin so, the words up to the last of them do as well: goes there, by steps that double. */
static void pass_blocks(VocabularyCursor *cursor, Str vocabulary, const Header *header, Str beginning)
{
	uint32_t low = (header->n_words - cursor->n_left + VOCABULARY_BLOCK - 1) / VOCABULARY_BLOCK, step = 1, high;

	if (low >= header->n_blocks || !str_starts_with(first_word(vocabulary, header, low), beginning))
		return;
	while (low + step < header->n_blocks && str_starts_with(first_word(vocabulary, header, low + step), beginning)) {
		low += step;
		step *= 2;
	}
	for (high = low + step < header->n_blocks ? low + step : header->n_blocks; low + 1 < high;) {
		uint32_t middle = low + (high - low) / 2;

		if (str_starts_with(first_word(vocabulary, header, middle), beginning))
			low = middle;
		else
			high = middle;
	}
	begin_at(cursor, vocabulary, header, low);
}

/* Passes by a word that shares @n_bytes with the one before it. */
static bool pass_word(VocabularyCursor *cursor, size_t n_bytes)
{
	Str rest = cursor->rest;
	uint64_t shared, n;

	if (!cursor->n_left || cursor->n_in_block % VOCABULARY_BLOCK == 0 || !next_number(&rest, &shared) ||
	    shared < n_bytes || !next_number(&rest, &n) || n > rest.len)
		return false;
	rest = str_from(rest, n);
	if (!next_number(&rest, &n))
		return false;
	cursor->rest = rest;
	cursor->n_in_block++;
	cursor->n_left--;
	return true;
}

bool vocabulary_pass(VocabularyCursor *cursor, Str vocabulary, size_t n_bytes)
{
	char beginning[VOCABULARY_WORD_BYTES];
	Header header;

	if (!read_header(vocabulary, &header))
		return false;
	memcpy(beginning, cursor->word, n_bytes);
	pass_blocks(cursor, vocabulary, &header, (Str){ beginning, n_bytes });
	do {
		while (pass_word(cursor, n_bytes))
			;
		if (!vocabulary_next(cursor))
			return false;
	} while (str_starts_with(vocabulary_word(cursor), (Str){ beginning, n_bytes }));
	return true;
}

/* A word as it is written: what it shares with the one before, and the rest. */
typedef struct Entry {
	uint64_t n_shared, n_pages;
	Str rest;
} Entry;

static bool read_entry(Str *rest, bool is_first, Entry *entry)
{
	uint64_t n;

	entry->n_shared = 0;
	if ((!is_first && !next_number(rest, &entry->n_shared)) || !next_number(rest, &n) || n > rest->len)
		return false;
	entry->rest = str_slice(*rest, 0, n);
	*rest = str_from(*rest, n);
	return next_number(rest, &entry->n_pages);
}

/*
 * Words are compared as they are written: one that shares more with the one before than that has in common with
 * @word comes before it as that does, and one that shares less comes behind it.
 */
uint64_t vocabulary_count(Str vocabulary, Str word)
{
	VocabularyCursor cursor;
	size_t common = 0;
	Entry entry;

	vocabulary_seek(&cursor, vocabulary, word);
	for (uint32_t i = 0; i < cursor.n_left && i < VOCABULARY_BLOCK && read_entry(&cursor.rest, i == 0, &entry); i++) {
		size_t at = 0;

		if (entry.n_shared > common)
			continue;
		if (entry.n_shared < common)
			return 0;
		while (at < entry.rest.len && common < word.len && entry.rest.data[at] == word.data[common])
			at++, common++;
		if (at == entry.rest.len && common == word.len)
			return entry.n_pages;
		if (at < entry.rest.len &&
		    (common == word.len || (unsigned char)entry.rest.data[at] > (unsigned char)word.data[common]))
			return 0;
	}
	return 0;
}

/* --- Writing -------------------------------------------------------------------------- */

void vocabulary_writer_init(VocabularyWriter *writer)
{
	*writer = (VocabularyWriter){ .words = BUF_INIT(BUF_NO_CEILING) };
}

void vocabulary_writer_deinit(VocabularyWriter *writer)
{
	buf_deinit(&writer->words);
	vec_deinit(&writer->blocks);
}

#define NUMBERS_BYTES (2 + 2 + 10) /* that stand around a word at most: two lengths and the pages */

/* As buf_append_varint() does, where there is room. */
static inline char *put_number(char *at, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		*at++ = (char)(number | 0x80);
	*at++ = (char)number;
	return at;
}

/* @shared: bytes that are known to be those of the last word. A vocabulary is laid out anew with every change: this has to be quick. */
static void add_sharing(VocabularyWriter *writer, Str word, size_t shared, uint64_t n_pages)
{
	char *at = buf_reserve(&writer->words, word.len + NUMBERS_BYTES);
	size_t first = 0; /* byte that is written */

	while (shared < word.len && shared < writer->last_len && writer->last[shared] == word.data[shared])
		shared++;
	if (writer->n_words % VOCABULARY_BLOCK == 0)
		vec_push(&writer->blocks, (uint32_t)writer->words.len);
	else
		at = put_number(at, first = shared);
	at = put_number(at, word.len - first);
	memcpy(at, word.data + first, word.len - first);
	at = put_number(at + word.len - first, n_pages);
	writer->words.len = (size_t)(at - writer->words.data);
	memcpy(writer->last + shared, word.data + shared, word.len - shared);
	writer->last_len = word.len;
	writer->n_words++;
}

void vocabulary_add(VocabularyWriter *writer, Str word, uint64_t n_pages)
{
	add_sharing(writer, word, 0, n_pages);
}

void vocabulary_write(VocabularyWriter *writer, Buf *out)
{
	Header header = { VOCABULARY_MAGIC, writer->n_words, (uint32_t)writer->blocks.n, (uint32_t)writer->words.len };
	size_t n_blocks = writer->blocks.n * sizeof(uint32_t), n_front = sizeof(header) + n_blocks;

	buf_reserve(&writer->words, n_front);
	memmove(writer->words.data + n_front, writer->words.data, writer->words.len);
	memcpy(writer->words.data, &header, sizeof(header));
	if (n_blocks)
		memcpy(writer->words.data + sizeof(header), writer->blocks.items, n_blocks);
	writer->words.len += n_front;
	buf_deinit(out);
	*out = writer->words;
	writer->words = (Buf)BUF_INIT(BUF_NO_CEILING);
}

static int compare_entries(const void *a, const void *b)
{
	return str_compare((*(MapEntry *const *)a)->key, (*(MapEntry *const *)b)->key);
}

/* Those that change anything. */
static MapEntry **sort_changes(const Map *changes, size_t *ret_n)
{
	MapEntry **sorted = xnew_n(MapEntry *, changes->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < changes->n; i++)
		if (changes->entries[i].value)
			sorted[n++] = &changes->entries[i];
	qsort(sorted, n, sizeof(*sorted), compare_entries);
	*ret_n = n;
	return sorted;
}

bool vocabulary_merge(Str old, const Map *changes, Buf *out)
{
	size_t n_changes, at = 0;
	CLEANUP(free_ptr) MapEntry **sorted = sort_changes(changes, &n_changes);
	CLEANUP(vocabulary_writer_deinit) VocabularyWriter writer;
	VocabularyCursor cursor;
	bool has_old, follows = false; /* what was written last is the old word before this one */

	vocabulary_writer_init(&writer);
	buf_reserve(&writer.words, old.len);
	vocabulary_begin(&cursor, old);
	has_old = vocabulary_next(&cursor);
	while (has_old || at < n_changes) {
		Str old_word = { cursor.word, cursor.word_len };
		int order = !has_old ? 1 : at == n_changes ? -1 : str_compare(old_word, sorted[at]->key);
		int64_t n_pages = (order <= 0 ? (int64_t)cursor.n_pages : 0) +
		                  (order >= 0 ? (int64_t)sorted[at]->value : 0);

		if (n_pages > 0)
			add_sharing(&writer, order <= 0 ? old_word : sorted[at]->key, order <= 0 && follows ? cursor.n_shared : 0,
			            (uint64_t)n_pages);
		follows = n_pages > 0 && order <= 0;
		if (order >= 0)
			at++;
		if (order <= 0)
			has_old = vocabulary_next(&cursor);
	}
	vocabulary_write(&writer, out);
	return !cursor.is_damaged;
}
