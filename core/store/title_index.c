/* See title_index.h for the layout. */
#include "title_index.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/hash.h"
#include "blogsearch/map.h"
#include "blogsearch/vec.h"

#define MOST_OF_PHRASE      4 /* words */
#define MOST_PHRASE_BYTES   120
#define LEAST_TITLES        2 /* that share a phrase */
#define COUNTS_A_TITLE      64 /* several times the phrases that a title has: few fall together */
#define COUNTS_AT_LEAST     (1u << 16)

/* --- Making: the words of a title ------------------------------------------------------------ */

typedef struct TitleWord {
	Str key;     /* folded */
	Str written; /* as the title has it */
	uint32_t start, end;
	uint32_t place;
	bool is_plain; /* a word, not a name of several, a part of one or a pair of characters */
} TitleWord;

typedef struct TitleWords {
	VEC(TitleWord) words;
	Str title;
	Arena *arena;
} TitleWords;

static bool take_word(void *context, const Token *token)
{
	TitleWords *words = context;

	vec_push(&words->words, (TitleWord){
		.key = arena_str_dup(words->arena, token->exact),
		.written = str_slice(words->title, token->start, token->end),
		.start = token->start, .end = token->end, .place = token->position,
		.is_plain = token->kind == TOKEN_WORD,
	});
	return true;
}

/* --- Making: entries by word, ways of writing by key ---------------------------------------------- */

/* A word or phrase in the making. */
typedef struct Item {
	Str key;
	bool is_phrase;
	uint32_t n_titles, last_page;
	VEC(TitleEntry) entries; /* of a word */
	Str written;             /* the commonest way of writing that differs from the key */
	uint32_t n_written;
} Item;

typedef struct Making {
	Analyzer *analyzer;
	const PageTitle *title; /* at hand */
	Map numbers;  /* key → number in items, from 1 */
	Map writings; /* key, TITLE_WRITTEN, in lower case → titles */
	VEC(Item) items;
	uint8_t *n_of_hash; /* four counts a byte, to LEAST_TITLES, of the phrases of that hash: one that is alone need not be kept */
	size_t n_counts;    /* a power of two */
} Making;

/* Of equally common ones the first in byte order, whatever the order of titles. */
static void count_written(Making *making, Item *item, Str written)
{
	CLEANUP(buf_deinit) Buf key = BUF_INIT(BUF_NO_CEILING);
	MapEntry *entry;
	size_t start;
	Str lower;

	buf_append(&key, item->key);
	buf_append_char(&key, TITLE_WRITTEN);
	start = key.len;
	text_lower_case(written, &key);
	if (str_equal(str_from(buf_str(&key), start), item->key))
		return;
	entry = map_put(&making->writings, buf_str(&key), NULL);
	entry->value++;
	lower = str_from(entry->key, start);
	if (entry->value > item->n_written ||
	    (entry->value == item->n_written && str_compare(lower, item->written) < 0)) {
		item->written = lower;
		item->n_written = (uint32_t)entry->value;
	}
}

/* The item of @key, counted once a title. */
static Item *count_item(Making *making, Str key, bool is_phrase, Str written, bool *ret_is_again)
{
	bool is_new;
	MapEntry *entry = map_put(&making->numbers, key, &is_new);
	Item *item;

	if (is_new) {
		vec_push(&making->items, (Item){ .key = entry->key, .is_phrase = is_phrase });
		entry->value = making->items.n;
	}
	item = &making->items.items[entry->value - 1];
	*ret_is_again = item->n_titles && item->last_page == making->title->page;
	if (!*ret_is_again) {
		item->n_titles++;
		item->last_page = making->title->page;
		count_written(making, item, written);
	}
	return item;
}

static void add_word(Making *making, const TitleWord *word)
{
	bool is_again, is_first = word->place == 0;
	Item *item = count_item(making, word->key, false, word->written, &is_again);

	if (!is_again)
		vec_push(&item->entries, making->title->page << 1 | is_first);
	else if (is_first) /* the whole of a name and its first word are at one place */
		item->entries.items[item->entries.n - 1] |= 1;
}

/* --- Making: phrases ------------------------------------------------------------------------------- */

static bool is_number(Str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] < '0' || word.data[i] > '9')
			return false;
	return true;
}

/* A phrase begins and ends with a word that tells something. */
static bool is_telling(const Making *making, const TitleWord *word)
{
	return word->is_plain && !is_number(word->key) && !text_is_stop_word(making->title->lang, word->key, false);
}

static bool follows(const TitleWord *word, const TitleWord *next, Str title)
{
	return next->is_plain && next->start == word->end + 1 && strchr(" -", title.data[word->end]) != NULL;
}

typedef void (*TakePhrase)(Making *making, Str key, Str written);

/* Calls @take for each row of two to MOST_OF_PHRASE words, parted by a blank or hyphen each. */
static void each_phrase(Making *making, const TitleWord *words, size_t n, Str title, TakePhrase take)
{
	for (size_t first = 0; first < n; first++) {
		CLEANUP(buf_deinit) Buf key = BUF_INIT(MOST_PHRASE_BYTES);

		if (!is_telling(making, &words[first]))
			continue;
		buf_append(&key, words[first].key);
		for (size_t last = first + 1; last < n && last < first + MOST_OF_PHRASE; last++) {
			if (!follows(&words[last - 1], &words[last], title))
				break;
			buf_append_char(&key, ' ');
			buf_append(&key, words[last].key);
			if (buf_failed(&key))
				break;
			if (is_telling(making, &words[last]))
				take(making, buf_str(&key), str_slice(title, words[first].start, words[last].end));
		}
	}
}

static unsigned count_of_hash(const Making *making, size_t bucket)
{
	return making->n_of_hash[bucket / 4] >> bucket % 4 * 2 & 3;
}

static size_t bucket_of(const Making *making, Str key)
{
	return hash_bytes(key) & (making->n_counts - 1);
}

static void note_phrase(Making *making, Str key, Str written)
{
	size_t bucket = bucket_of(making, key);

	(void)written;
	if (count_of_hash(making, bucket) < LEAST_TITLES)
		making->n_of_hash[bucket / 4] += (uint8_t)(1u << bucket % 4 * 2);
}

static void count_phrase(Making *making, Str key, Str written)
{
	bool is_again;

	if (count_of_hash(making, bucket_of(making, key)) >= LEAST_TITLES)
		count_item(making, key, true, written, &is_again);
}

/* --- Making: titles ---------------------------------------------------------------------------------- */

static void read_title(Making *making, const PageTitle *title, bool is_first_pass)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	TitleWords words = { .title = title->title, .arena = &arena };
	VEC(TitleWord) plain = { 0 };

	making->title = title;
	analyze_places(making->analyzer, title->title, take_word, &words);
	VEC_FOREACH (word, &words.words) {
		if (!is_first_pass)
			add_word(making, word);
		if (word->is_plain)
			vec_push(&plain, *word);
	}
	each_phrase(making, plain.items, plain.n, title->title, is_first_pass ? note_phrase : count_phrase);
	vec_deinit(&words.words);
	vec_deinit(&plain);
}

static int compare_titles(const void *a, const void *b)
{
	const PageTitle *x = a, *y = b;

	/* TIME_NONE is the smallest number: pages without a date come last. */
	if (x->published != y->published)
		return x->published > y->published ? -1 : 1;
	return x->file_rank < y->file_rank ? -1 : x->file_rank > y->file_rank;
}

static int compare_items(const void *a, const void *b)
{
	const Item *x = a, *y = b;

	if (x->is_phrase != y->is_phrase)
		return x->is_phrase ? 1 : -1;
	return str_compare(x->key, y->key);
}

/* --- Making: laying out -------------------------------------------------------------------------------- */

static void put_u32(Buf *out, uint32_t number)
{
	buf_append_bytes(out, &number, sizeof(number));
}

static void put_text(Buf *text, const Item *item)
{
	buf_append(text, item->key);
	if (item->n_written * 2 < item->n_titles)
		return;
	buf_append_char(text, TITLE_WRITTEN);
	buf_append(text, item->written);
}

/* They came in the order of titles, the newest first; those that begin with the word go before the others. */
static void put_entries(Buf *out, const Item *item)
{
	for (int is_first = 1; is_first >= 0; is_first--)
		VEC_FOREACH (entry, &item->entries)
			if ((int)TITLE_ENTRY_IS_FIRST(*entry) == is_first)
				put_u32(out, *entry);
}

static bool is_kept(const Item *item)
{
	return !item->is_phrase || item->n_titles >= LEAST_TITLES;
}

static void lay_out(Making *making, Buf *out)
{
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING), counts = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf starts = BUF_INIT(BUF_NO_CEILING), entry_starts = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf entries = BUF_INIT(BUF_NO_CEILING);
	TitleHeader header = { .magic = TITLE_MAGIC };

	VEC_FOREACH (item, &making->items) {
		if (!is_kept(item))
			continue;
		put_u32(&starts, (uint32_t)text.len);
		put_u32(&counts, item->n_titles);
		put_text(&text, item);
		if (item->is_phrase) {
			header.n_phrases++;
			continue;
		}
		header.n_words++;
		put_u32(&entry_starts, header.n_entries);
		put_entries(&entries, item);
		header.n_entries += (uint32_t)item->entries.n;
	}
	put_u32(&starts, (uint32_t)text.len);
	put_u32(&entry_starts, header.n_entries);
	header.n_bytes = (uint32_t)text.len;
	buf_append_bytes(out, &header, sizeof(header));
	buf_append(out, buf_str(&starts));
	buf_append(out, buf_str(&counts));
	buf_append(out, buf_str(&entry_starts));
	buf_append(out, buf_str(&entries));
	buf_append(out, buf_str(&text));
}

void title_index_make(Analyzer *analyzer, PageTitle *titles, size_t n_titles, Buf *out)
{
	CLEANUP(free_ptr) uint8_t *n_of_hash = NULL;
	Making making = { .analyzer = analyzer, .n_counts = COUNTS_AT_LEAST };

	while (making.n_counts < n_titles * COUNTS_A_TITLE)
		making.n_counts *= 2;
	making.n_of_hash = n_of_hash = xnew0_n(uint8_t, making.n_counts / 4);
	if (n_titles)
		qsort(titles, n_titles, sizeof(PageTitle), compare_titles);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n_titles; i++)
			read_title(&making, &titles[i], pass == 0);
	if (making.items.n)
		qsort(making.items.items, making.items.n, sizeof(Item), compare_items);
	lay_out(&making, out);
	VEC_FOREACH (item, &making.items)
		vec_deinit(&item->entries);
	vec_deinit(&making.items);
	map_deinit(&making.numbers);
	map_deinit(&making.writings);
}

/* --- Reading ---------------------------------------------------------------------------------------------- */

/* Points the arrays into the bytes; false where these are not as long as they say. */
static bool place_arrays(TitleIndex *titles, Str bytes)
{
	TitleHeader header;
	const uint32_t *at;
	uint64_t n_numbers;

	if (bytes.len < sizeof(header))
		return false;
	memcpy(&header, bytes.data, sizeof(header));
	n_numbers = ((uint64_t)header.n_words + header.n_phrases) * 2 + 1 + (uint64_t)header.n_words + 1 + header.n_entries;
	if (header.magic != TITLE_MAGIC || sizeof(header) + n_numbers * sizeof(uint32_t) + header.n_bytes != bytes.len)
		return false;
	at = (const uint32_t *)(const void *)(bytes.data + sizeof(header));
	titles->n_words = header.n_words;
	titles->n_phrases = header.n_phrases;
	titles->n_entries = header.n_entries;
	titles->start = at;
	titles->count = titles->start + header.n_words + header.n_phrases + 1;
	titles->entry_start = titles->count + header.n_words + header.n_phrases;
	titles->entries = titles->entry_start + header.n_words + 1;
	titles->text = (const char *)(titles->entries + header.n_entries);
	return titles->start[header.n_words + header.n_phrases] == header.n_bytes &&
	       titles->entry_start[header.n_words] == header.n_entries;
}

/* What leads somewhere leads within: the hash tells of accidents, not of malice. */
static bool is_sound(const TitleIndex *titles, uint32_t n_slots)
{
	for (uint32_t i = 0; i < titles->n_words + titles->n_phrases; i++)
		if (titles->start[i] > titles->start[i + 1])
			return false;
	for (uint32_t i = 0; i < titles->n_words; i++)
		if (titles->entry_start[i] > titles->entry_start[i + 1])
			return false;
	for (uint32_t i = 0; i < titles->n_entries; i++)
		if (TITLE_ENTRY_PAGE(titles->entries[i]) >= n_slots)
			return false;
	return true;
}

bool title_index_place(TitleIndex *titles, Str bytes, uint32_t n_slots)
{
	return place_arrays(titles, bytes) && is_sound(titles, n_slots);
}

void title_index_deinit(TitleIndex *titles)
{
	free(titles->memory);
	*titles = (TitleIndex){ 0 };
}

static Str text_of(const TitleIndex *titles, uint32_t i)
{
	return (Str){ titles->text + titles->start[i], titles->start[i + 1] - titles->start[i] };
}

Str title_index_key(const TitleIndex *titles, uint32_t i)
{
	Str text = text_of(titles, i);

	return str_slice(text, 0, str_find_char(text, TITLE_WRITTEN));
}

Str title_index_written(const TitleIndex *titles, uint32_t i)
{
	Str text = text_of(titles, i);
	size_t end = str_find_char(text, TITLE_WRITTEN);

	return end == STR_NOT_FOUND ? text : str_from(text, end + 1);
}

void title_index_find(const TitleIndex *titles, bool is_phrase, Str beginning, uint32_t *ret_first, uint32_t *ret_end)
{
	uint32_t begin = is_phrase ? titles->n_words : 0;
	uint32_t end = is_phrase ? titles->n_words + titles->n_phrases : titles->n_words;
	uint32_t low = begin, high = end;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (str_compare(title_index_key(titles, middle), beginning) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_first = low;
	for (high = end; low < high;) {
		uint32_t middle = low + (high - low) / 2;

		if (str_starts_with(title_index_key(titles, middle), beginning))
			low = middle + 1;
		else
			high = middle;
	}
	*ret_end = low;
}
