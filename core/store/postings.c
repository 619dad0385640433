/* Postings and their packed places; posting_rows.h: how they are gathered. */
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/vec.h"
#include "fts5_format.h"
#include "posting_rows.h"

void postings_deinit(Postings *postings)
{
	free(postings->pages);
	free(postings->bits);
	free(postings->before);
	free(postings->bytes);
	free(postings->start);
	*postings = (Postings){ 0 };
}

static uint32_t n_strides(uint32_t n_pages)
{
	return n_pages / POSTINGS_STRIDE + 1;
}

static uint32_t n_counts(uint32_t n_words)
{
	return n_words / POSTINGS_WORDS_OF_COUNT + 1;
}

size_t postings_size(const Postings *postings)
{
	size_t pages = postings->pages ? postings->n_pages * sizeof(uint32_t)
	                               : postings->n_words * sizeof(uint64_t) + n_counts(postings->n_words) * sizeof(uint32_t);

	return pages + postings->n_bytes + n_strides(postings->n_pages) * sizeof(uint32_t);
}

/* Of [low, high), where it lies if it is there. */
static bool find_between(const Postings *postings, uint32_t page, uint32_t low, uint32_t high, uint32_t *ret_i)
{
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (postings->pages[middle] < page)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_i = low;
	return low < postings->n_pages && postings->pages[low] == page;
}

/* Its number is how many there are before it. */
static bool find_in_set(const Postings *postings, uint32_t page, uint32_t *ret_i)
{
	uint32_t word = page / 64, first = word - word % POSTINGS_WORDS_OF_COUNT;
	uint64_t bit = UINT64_C(1) << page % 64;

	if (word >= postings->n_words || !(postings->bits[word] & bit))
		return false;
	*ret_i = postings->before[word / POSTINGS_WORDS_OF_COUNT] +
	         (uint32_t)__builtin_popcountll(postings->bits[word] & (bit - 1));
	for (uint32_t i = first; i < word; i++)
		*ret_i += (uint32_t)__builtin_popcountll(postings->bits[i]);
	return true;
}

bool postings_find(const Postings *postings, uint32_t page, uint32_t *ret_i)
{
	return postings->pages ? find_between(postings, page, 0, postings->n_pages, ret_i) : find_in_set(postings, page, ret_i);
}

/* By steps that double. */
bool postings_seek(const Postings *postings, uint32_t page, uint32_t *at)
{
	uint32_t n = postings->n_pages, step = 1, low = *at;

	if (!postings->pages)
		return find_in_set(postings, page, at);
	if (low && postings->pages[low - 1] >= page)
		low = 0; /* it is asked for out of order */
	while (n - low > step && postings->pages[low + step] < page) {
		low += step;
		step *= 2;
	}
	return find_between(postings, page, low, n - low > step ? low + step + 1 : n, at);
}

/* --- Places: as in FTS5's lists of positions ---------------------------------------------- */

static uint32_t next_number(PlaceCursor *cursor)
{
	uint32_t number = 0;

	while (cursor->at < cursor->end) {
		uint8_t byte = *cursor->at++;

		number = number << 7 | (byte & 0x7f);
		if (!(byte & 0x80))
			break;
	}
	return number;
}

bool place_next(PlaceCursor *cursor, Place *ret_place)
{
	uint32_t number;

	while (cursor->at < cursor->end) {
		number = next_number(cursor);
		if (number >= LEAST_DELTA) {
			*ret_place = cursor->last += number - LEAST_DELTA;
			return PLACE_FIELD(cursor->last) < N_TEXT_FIELDS;
		}
		number = next_number(cursor);
		if (number >= N_TEXT_FIELDS)
			return false;
		cursor->last = number << PLACE_FIELD_SHIFT;
	}
	return false;
}

/* A number ends with a byte below 128; a mark is the number 1, alone in its byte. */
void places_count(PlaceCursor places, uint32_t counts[N_TEXT_FIELDS])
{
	const uint8_t *at = places.at, *end = places.end;
	uint32_t *count = &counts[0];
	uint8_t before = 0;

	memset(counts, 0, N_TEXT_FIELDS * sizeof(*counts));
	for (; at < end; before = *at++) {
		if (*at == COLUMN_MARK && !(before & 0x80) && at + 1 < end) {
			at++;
			if (*at >= N_TEXT_FIELDS)
				return;
			count = &counts[*at];
		} else {
			*count += !(*at & 0x80);
		}
	}
}

/* The number of bytes: seven bits a byte, the lowest first. */
static inline uint32_t next_size(const uint8_t **at)
{
	uint32_t size = *(*at)++;

	if (size & 0x80) {
		size &= 0x7f;
		for (unsigned shift = 7; shift < 32; shift += 7) {
			uint8_t byte = *(*at)++;

			size |= (uint32_t)(byte & 0x7f) << shift;
			if (!(byte & 0x80))
				break;
		}
	}
	return size;
}

static uint8_t *pack_size(uint8_t *out, uint32_t size)
{
	for (; size >= 0x80; size >>= 7)
		*out++ = (uint8_t)(size | 0x80);
	*out++ = (uint8_t)size;
	return out;
}

PlaceCursor postings_next_places(const uint8_t **at)
{
	uint32_t size = next_size(at);
	PlaceCursor places = { *at, *at + size, 0 };

	*at += size;
	return places;
}

PlaceCursor postings_places(const Postings *postings, uint32_t i)
{
	const uint8_t *at = postings->bytes + postings->start[i / POSTINGS_STRIDE];

	for (uint32_t before = i % POSTINGS_STRIDE; before > 0; before--)
		at = postings_next_places(&at).end;
	return postings_next_places(&at);
}

void postings_count(const Postings *postings, uint32_t i, uint32_t counts[N_TEXT_FIELDS])
{
	places_count(postings_places(postings, i), counts);
}

/* --- Rows ------------------------------------------------------------------------------------ */

void posting_rows_deinit(PostingRows *rows)
{
	free(rows->pages);
	free(rows->start);
	free(rows->bytes);
	*rows = (PostingRows)POSTING_ROWS_INIT;
}

void posting_rows_clear(PostingRows *rows)
{
	rows->n = rows->n_bytes = 0;
	rows->is_sorted = true;
}

static uint32_t grown(uint32_t capacity, size_t wanted)
{
	size_t doubled = capacity < 64 ? 64 : (size_t)capacity * 2;

	if (doubled < wanted)
		doubled = wanted;
	if (doubled > UINT32_MAX)
		abort(); /* four thousand million occurrences: more than any file of ours has */
	return (uint32_t)doubled;
}

void posting_rows_reserve(PostingRows *rows, uint32_t n_rows, size_t n_bytes)
{
	size_t n_wanted = (size_t)rows->n + n_rows + 1, bytes_wanted = rows->n_bytes + n_bytes;

	if (n_wanted > rows->capacity) {
		rows->capacity = grown(rows->capacity, n_wanted);
		rows->pages = xreallocarray(rows->pages, rows->capacity, sizeof(uint32_t));
		rows->start = xreallocarray(rows->start, rows->capacity, sizeof(uint32_t));
	}
	if (bytes_wanted > rows->bytes_capacity) {
		rows->bytes_capacity = grown(rows->bytes_capacity, bytes_wanted);
		rows->bytes = xrealloc(rows->bytes, rows->bytes_capacity);
	}
}

static uint32_t end_of_row(const PostingRows *rows, uint32_t i)
{
	return i + 1 < rows->n ? rows->start[i + 1] : rows->n_bytes;
}

void posting_rows_add(PostingRows *rows, uint32_t page, const uint8_t *bytes, uint32_t n_bytes)
{
	posting_rows_reserve(rows, 1, n_bytes);
	rows->pages[rows->n] = page;
	rows->start[rows->n++] = rows->n_bytes;
	if (n_bytes)
		memcpy(rows->bytes + rows->n_bytes, bytes, n_bytes);
	rows->n_bytes += n_bytes;
}

void posting_rows_add_place(PostingRows *rows, Place last, Place place)
{
	posting_rows_reserve(rows, 0, PLACE_MAX_BYTES);
	rows->n_bytes = (uint32_t)(pack_place(rows->bytes + rows->n_bytes, last, place) - rows->bytes);
}

static void add_row_of(PostingRows *rows, const PostingRows *from, uint32_t i)
{
	uint32_t start = from->start[i];

	posting_rows_add(rows, from->pages[i], from->bytes + start, end_of_row(from, i) - start);
}

void posting_rows_append(PostingRows *rows, const PostingRows *run)
{
	if (!run->n)
		return;
	rows->is_sorted = !rows->n && run->is_sorted;
	posting_rows_reserve(rows, run->n, run->n_bytes);
	memcpy(rows->pages + rows->n, run->pages, run->n * sizeof(uint32_t));
	for (uint32_t i = 0; i < run->n; i++)
		rows->start[rows->n + i] = rows->n_bytes + run->start[i];
	if (run->n_bytes)
		memcpy(rows->bytes + rows->n_bytes, run->bytes, run->n_bytes);
	rows->n += run->n;
	rows->n_bytes += run->n_bytes;
}

void posting_rows_overlay(const PostingRows *newer, const PostingRows *older, PostingRows *ret_rows)
{
	uint32_t i = 0, j = 0;

	posting_rows_clear(ret_rows);
	posting_rows_reserve(ret_rows, newer->n + older->n, (size_t)newer->n_bytes + older->n_bytes);
	while (i < newer->n || j < older->n) {
		if (j == older->n || (i < newer->n && newer->pages[i] <= older->pages[j])) {
			j += j < older->n && newer->pages[i] == older->pages[j];
			add_row_of(ret_rows, newer, i++);
		} else {
			add_row_of(ret_rows, older, j++);
		}
	}
}

void posting_rows_drop_empty(PostingRows *rows, uint32_t from)
{
	uint32_t n = from;

	for (uint32_t i = from; i < rows->n; i++) {
		bool is_empty = end_of_row(rows, i) == rows->start[i];

		rows->pages[n] = rows->pages[i];
		rows->start[n] = rows->start[i];
		n += !is_empty;
	}
	rows->n = n;
}

/* --- Sorting ------------------------------------------------------------------------------------ */

#define DIGIT_BITS 11

/* What is sorted: a row's number below its page's. */
static uint64_t *keys_of(const PostingRows *rows, uint32_t *ret_max_page)
{
	uint64_t *keys = xnew_n(uint64_t, rows->n);

	*ret_max_page = 0;
	for (uint32_t i = 0; i < rows->n; i++) {
		keys[i] = (uint64_t)rows->pages[i] << 32 | i;
		if (rows->pages[i] > *ret_max_page)
			*ret_max_page = rows->pages[i];
	}
	return keys;
}

static void insertion_sort(uint64_t *keys, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		uint64_t key = keys[i];
		uint32_t at = i;

		for (; at > 0 && keys[at - 1] > key; at--)
			keys[at] = keys[at - 1];
		keys[at] = key;
	}
}

/* By digits, the least first: stable, so that rows of a page stay in their order. */
static uint64_t *radix_sort(uint64_t *keys, uint32_t n, uint32_t max_page)
{
	uint64_t *other = xnew_n(uint64_t, n), *from = keys, *to = other, *swapped;

	for (unsigned shift = 32; shift < 64 && max_page >> (shift - 32); shift += DIGIT_BITS) {
		uint32_t place[1u << DIGIT_BITS] = { 0 }, sum = 0;

		for (uint32_t i = 0; i < n; i++)
			place[from[i] >> shift & ((1u << DIGIT_BITS) - 1)]++;
		for (uint32_t digit = 0; digit < 1u << DIGIT_BITS; digit++) {
			uint32_t count = place[digit];

			place[digit] = sum;
			sum += count;
		}
		for (uint32_t i = 0; i < n; i++)
			to[place[from[i] >> shift & ((1u << DIGIT_BITS) - 1)]++] = from[i];
		swapped = from;
		from = to;
		to = swapped;
	}
	free(to);
	return from;
}

typedef VEC(Place) Places;

static PlaceCursor cursor_of_row(const PostingRows *rows, uint32_t i)
{
	return (PlaceCursor){ rows->bytes + rows->start[i], rows->bytes + end_of_row(rows, i), 0 };
}

/*
 * The places of a page's rows, put in order. A beginning has a hundred words on a page, each with a place or two: these
 * are marked in a set, a bit a place, which is then gone through.
 */
typedef struct Gathered {
	Places places;
	uint32_t n_words[1u << (32 - PLACE_FIELD_SHIFT)]; /* of the set, by field */
	VEC(uint64_t) set;
} Gathered;

static void gather(const PostingRows *rows, uint32_t i, Gathered *gathered)
{
	PlaceCursor cursor = cursor_of_row(rows, i);
	Place place, *out;

	/* A place takes a byte at least. */
	vec_reserve(&gathered->places, gathered->places.n + (size_t)(cursor.end - cursor.at) + 1);
	out = gathered->places.items + gathered->places.n;
	while (place_next(&cursor, &place)) {
		uint32_t *n_words = &gathered->n_words[place >> PLACE_FIELD_SHIFT], word = PLACE_NUMBER(place) / 64;

		*n_words = word < *n_words ? *n_words : word + 1;
		*out++ = place;
	}
	gathered->places.n = (size_t)(out - gathered->places.items);
}

static int compare_places(const void *a, const void *b)
{
	Place x = *(const Place *)a, y = *(const Place *)b;

	return x < y ? -1 : x > y;
}

#define FEW_WORDS       64 /* of the set, however few places there are */
#define WORDS_OF_PLACES 4  /* more words a place take longer than sorting */

/* Through the set and back; each place comes out once. */
static void sort_by_set(Gathered *gathered, const size_t first_word[], size_t n_words)
{
	size_t field = 0, n = 0;

	vec_reserve(&gathered->set, n_words + 1);
	memset(gathered->set.items, 0, n_words * sizeof(uint64_t));
	for (size_t i = 0; i < gathered->places.n; i++) {
		Place place = gathered->places.items[i];

		gathered->set.items[first_word[place >> PLACE_FIELD_SHIFT] + PLACE_NUMBER(place) / 64] |= UINT64_C(1) << place % 64;
	}
	for (size_t word = 0; word < n_words; word++) {
		while (word >= first_word[field] + gathered->n_words[field])
			field++;
		for (uint64_t bits = gathered->set.items[word]; bits; bits &= bits - 1)
			gathered->places.items[n++] = (Place)(field << PLACE_FIELD_SHIFT | (word - first_word[field]) * 64 |
			                                      (uint32_t)__builtin_ctzll(bits));
	}
	gathered->places.n = n;
}

static void sort_gathered(Gathered *gathered)
{
	size_t first_word[ARRAY_SIZE(gathered->n_words)], n_words = 0;

	for (size_t field = 0; field < ARRAY_SIZE(first_word); field++) {
		first_word[field] = n_words;
		n_words += gathered->n_words[field];
	}
	if (n_words <= FEW_WORDS + WORDS_OF_PLACES * gathered->places.n)
		sort_by_set(gathered, first_word, n_words);
	else
		qsort(gathered->places.items, gathered->places.n, sizeof(Place), compare_places);
}

/* They are in order; each stays once. */
static void add_places(PostingRows *rows, uint32_t page, const Places *places)
{
	Place last = 0;
	uint8_t *out;

	posting_rows_reserve(rows, 1, places->n * PLACE_MAX_BYTES);
	rows->pages[rows->n] = page;
	rows->start[rows->n++] = rows->n_bytes;
	out = rows->bytes + rows->n_bytes;
	for (size_t i = 0; i < places->n; i++) {
		if (i && places->items[i] == last)
			continue;
		out = pack_place(out, last, places->items[i]);
		last = places->items[i];
	}
	rows->n_bytes = (uint32_t)(out - rows->bytes);
}

/* Row numbers in @keys, sorted: one row a page in @ret_rows. */
static void join_pages(const PostingRows *rows, const uint64_t *keys, PostingRows *ret_rows)
{
	Gathered gathered = { 0 };

	posting_rows_reserve(ret_rows, rows->n, rows->n_bytes);
	for (uint32_t first = 0, end; first < rows->n; first = end) {
		uint32_t page = (uint32_t)(keys[first] >> 32);

		for (end = first + 1; end < rows->n && keys[end] >> 32 == page;)
			end++;
		if (end == first + 1) {
			add_row_of(ret_rows, rows, (uint32_t)keys[first]);
			continue;
		}
		gathered.places.n = 0;
		memset(gathered.n_words, 0, sizeof(gathered.n_words));
		for (uint32_t i = first; i < end; i++)
			gather(rows, (uint32_t)keys[i], &gathered);
		sort_gathered(&gathered);
		add_places(ret_rows, page, &gathered.places);
	}
	vec_deinit(&gathered.places);
	vec_deinit(&gathered.set);
}

void posting_rows_sort(PostingRows *rows)
{
	PostingRows sorted = POSTING_ROWS_INIT;
	uint32_t max_page;
	uint64_t *keys;

	if (rows->is_sorted)
		return;
	keys = keys_of(rows, &max_page);
	if (rows->n < 64)
		insertion_sort(keys, rows->n);
	else
		keys = radix_sort(keys, rows->n, max_page);
	join_pages(rows, keys, &sorted);
	free(keys);
	posting_rows_deinit(rows);
	*rows = sorted;
}

/* --- Postings of rows ---------------------------------------------------------------------------- */

#define SIZE_BYTES 5  /* that the number of bytes of places takes at most */
#define FEW_BYTES  16 /* of places: these are copied in one step, together with what follows them */

static void pack_places(const PostingRows *rows, Postings *postings)
{
	/* A number takes more than a byte for places of 128 bytes and more alone. */
	size_t n_most = (size_t)rows->n_bytes + rows->n + rows->n_bytes / 128 * (SIZE_BYTES - 1) + FEW_BYTES;
	uint8_t *out = xmalloc(n_most);

	if (n_most > UINT32_MAX)
		abort();
	postings->bytes = out;
	postings->start = xnew_n(uint32_t, n_strides(rows->n));
	for (uint32_t i = 0; i < rows->n; i++) {
		const uint8_t *places = rows->bytes + rows->start[i];
		uint32_t size = end_of_row(rows, i) - rows->start[i];

		if (i % POSTINGS_STRIDE == 0)
			postings->start[i / POSTINGS_STRIDE] = (uint32_t)(out - postings->bytes);
		out = pack_size(out, size);
		if (size <= FEW_BYTES)
			memcpy(out, places, FEW_BYTES);
		else
			memcpy(out, places, size);
		out += size;
	}
	postings->n_bytes = (uint32_t)(out - postings->bytes);
	postings->bytes = xrealloc(postings->bytes, postings->n_bytes + 1);
}

static void make_set(const PostingRows *rows, Postings *postings)
{
	uint32_t n = 0;

	postings->bits = xnew0_n(uint64_t, postings->n_words);
	postings->before = xnew_n(uint32_t, n_counts(postings->n_words));
	for (uint32_t i = 0; i < rows->n; i++)
		postings->bits[rows->pages[i] / 64] |= UINT64_C(1) << rows->pages[i] % 64;
	for (uint32_t word = 0; word < postings->n_words; word++) {
		if (word % POSTINGS_WORDS_OF_COUNT == 0)
			postings->before[word / POSTINGS_WORDS_OF_COUNT] = n;
		n += (uint32_t)__builtin_popcountll(postings->bits[word]);
	}
}

static void list_pages(const PostingRows *rows, Postings *postings)
{
	postings->pages = xnew_n(uint32_t, rows->n + 1);
	if (rows->n)
		memcpy(postings->pages, rows->pages, rows->n * sizeof(uint32_t));
}

/* As a set where that takes less than half of the memory. What FTS5 finds in a damaged index may be in any order. */
static bool are_many(const PostingRows *rows)
{
	if (!rows->n || rows->pages[rows->n - 1] / 64 >= rows->n / 4)
		return false;
	for (uint32_t i = 1; i < rows->n; i++)
		if (rows->pages[i] <= rows->pages[i - 1])
			return false;
	return true;
}

void posting_rows_finish(PostingRows *rows, Postings *ret_postings)
{
	*ret_postings = (Postings){ .n_pages = rows->n };
	posting_rows_reserve(rows, 0, FEW_BYTES);
	pack_places(rows, ret_postings);
	if (are_many(rows)) {
		ret_postings->n_words = rows->pages[rows->n - 1] / 64 + 1;
		make_set(rows, ret_postings);
	} else {
		list_pages(rows, ret_postings);
	}
	posting_rows_clear(rows);
}
