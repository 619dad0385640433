/*
 * See term_lists.h. While a run is gathered, a term is an entry of a hash table, and each of
 * its pages a record in one buffer, linked to the one before: adding writes where it wrote
 * last. A run in the file: each term's length and bytes, its number of pages, and for each of
 * them the distance from the one before (the first: the page itself), the length of its places
 * and these; numbers as in fts5_format.h. A run's pages are greater than those of all runs
 * before it: joined lists stand one behind the other.
 */
#include "term_lists.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/buf.h"
#include "blogsearch/file.h"
#include "blogsearch/vec.h"
#include "fts5_format.h"

#define RUN_BYTES    (8u << 20) /* of what is gathered, before it is written: more make fewer runs to be joined */
#define WINDOW_BYTES (64u << 10) /* that are written, or read of a run, at once */
#define FIRST_SLOTS  4096
#define RECORD_HEAD  (2 * sizeof(uint32_t))
#define NOWHERE      UINT32_MAX

typedef struct Entry {
	uint32_t term_at, term_len; /* in the buffer */
	uint32_t hash;
	uint32_t last; /* its last record, in the buffer */
	uint32_t n_pages;
} Entry;

typedef struct Slot {
	uint32_t hash;
	uint32_t entry; /* its number + 1; 0 is free */
} Slot;

/* A run, and where reading stands in it. */
typedef struct Run {
	off_t at, end;   /* what is not in the window yet, in the file */
	uint8_t *window; /* NULL before reading */
	size_t from, to, window_size;
	Buf term;        /* the one at hand; empty at the end */
	uint32_t n_left; /* of its pages */
	uint32_t page;
} Run;

struct TermLists {
	char *path;
	int fd; /* -1: there is none yet */
	Buf gathered;
	VEC(Entry) entries;
	Slot *slots;
	size_t n_slots;
	VEC(Run) runs;
	VEC(Run *) heap;   /* those that are not read to their end; the least term, of the oldest run, first */
	VEC(Run *) joined; /* those that have the term at hand, in their order */
	size_t n_joined;   /* of them that are read */
};

TermLists *term_lists_new(const char *path)
{
	TermLists *lists = xnew0(TermLists);

	lists->path = xasprintf("%s-lists", path);
	lists->fd = -1;
	lists->gathered = (Buf)BUF_INIT(BUF_NO_CEILING);
	return lists;
}

static void forget_gathered(TermLists *lists)
{
	buf_deinit(&lists->gathered);
	vec_deinit(&lists->entries);
	free(lists->slots);
	lists->slots = NULL;
	lists->n_slots = 0;
}

TermLists *term_lists_free(TermLists *lists)
{
	if (!lists)
		return NULL;
	if (lists->fd >= 0)
		close(lists->fd);
	forget_gathered(lists);
	VEC_FOREACH (run, &lists->runs) {
		free(run->window);
		buf_deinit(&run->term);
	}
	vec_deinit(&lists->runs);
	vec_deinit(&lists->heap);
	vec_deinit(&lists->joined);
	free(lists->path);
	free(lists);
	return NULL;
}

/* --- Gathering ---------------------------------------------------------------------------- */

static Str term_of(const TermLists *lists, const Entry *entry)
{
	return (Str){ lists->gathered.data + entry->term_at, entry->term_len };
}

static void set_slot(Slot *slots, size_t n_slots, uint32_t hash, uint32_t entry)
{
	size_t at = hash & (n_slots - 1);

	while (slots[at].entry)
		at = (at + 1) & (n_slots - 1);
	slots[at] = (Slot){ hash, entry };
}

static void grow(TermLists *lists)
{
	size_t n_slots = lists->n_slots ? lists->n_slots * 2 : FIRST_SLOTS;
	Slot *slots = xnew0_n(Slot, n_slots);

	for (size_t i = 0; i < lists->n_slots; i++)
		if (lists->slots[i].entry)
			set_slot(slots, n_slots, lists->slots[i].hash, lists->slots[i].entry);
	free(lists->slots);
	lists->slots = slots;
	lists->n_slots = n_slots;
}

static Entry *add_entry(TermLists *lists, const PageTerm *term)
{
	vec_push(&lists->entries, (Entry){ (uint32_t)lists->gathered.len, (uint32_t)term->term.len, term->hash, NOWHERE, 0 });
	buf_append(&lists->gathered, term->term);
	set_slot(lists->slots, lists->n_slots, term->hash, (uint32_t)lists->entries.n);
	return &lists->entries.items[lists->entries.n - 1];
}

static Entry *find_entry(TermLists *lists, const PageTerm *term)
{
	size_t at;

	if (lists->entries.n >= lists->n_slots / 2)
		grow(lists);
	for (at = term->hash & (lists->n_slots - 1); lists->slots[at].entry; at = (at + 1) & (lists->n_slots - 1)) {
		Entry *entry = &lists->entries.items[lists->slots[at].entry - 1];

		if (lists->slots[at].hash == term->hash && str_equal(term_of(lists, entry), term->term))
			return entry;
	}
	return add_entry(lists, term);
}

static void add_record(TermLists *lists, Entry *entry, uint32_t page, Str places)
{
	const uint32_t head[] = { entry->last, page };
	Buf *gathered = &lists->gathered;
	size_t at = gathered->len;
	uint8_t *out = (uint8_t *)buf_reserve(gathered, RECORD_HEAD + NUMBER_MAX_BYTES + places.len);

	memcpy(out, head, RECORD_HEAD);
	out = pack_number(out + RECORD_HEAD, (uint32_t)places.len);
	memcpy(out, places.data, places.len);
	gathered->len = (size_t)(out + places.len - (uint8_t *)gathered->data);
	entry->last = (uint32_t)at;
	entry->n_pages++;
}

/* Where terms are found is memory in no order: it is asked for before it is needed. */
static void fetch_slots(const TermLists *lists, const PageTerms *terms)
{
	for (size_t i = 0; lists->n_slots && i < terms->n; i++)
		__builtin_prefetch(&lists->slots[terms->items[i].hash & (lists->n_slots - 1)]);
}

/* --- A run, written ------------------------------------------------------------------------- */

/* Terms are compared by their first bytes, as a number, before they are looked at. */
typedef struct Sorted {
	uint64_t beginning;
	const char *term;
	uint32_t term_len;
	uint32_t entry;
} Sorted;

static uint64_t beginning_of(Str term)
{
	uint64_t beginning = 0;

	for (size_t i = 0; i < sizeof(beginning); i++)
		beginning = beginning << 8 | (i < term.len ? (unsigned char)term.data[i] : 0);
	return beginning;
}

static int compare_sorted(const void *a, const void *b)
{
	const Sorted *x = a, *y = b;

	if (x->beginning != y->beginning)
		return x->beginning < y->beginning ? -1 : 1;
	return str_compare((Str){ x->term, x->term_len }, (Str){ y->term, y->term_len });
}

static Sorted *sort_terms(const TermLists *lists)
{
	Sorted *sorted = xnew_n(Sorted, lists->entries.n);

	for (size_t i = 0; i < lists->entries.n; i++) {
		Str term = term_of(lists, &lists->entries.items[i]);

		sorted[i] = (Sorted){ beginning_of(term), term.data, (uint32_t)term.len, (uint32_t)i };
	}
	qsort(sorted, lists->entries.n, sizeof(Sorted), compare_sorted);
	return sorted;
}

/* Nobody else sees the file, and it goes with this process, or is removed like every working copy. */
static bool open_file(TermLists *lists, Error *err)
{
	if (lists->fd >= 0)
		return true;
	lists->fd = open(lists->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lists->fd < 0)
		return error_errno(err, errno, lists->path, "cannot be made");
	return unlink(lists->path) == 0 || error_errno(err, errno, lists->path, "cannot be removed");
}

/* Records are linked from the last to the first: @records has room for all. */
static void append_list(const TermLists *lists, const Entry *entry, uint32_t *records, Buf *out)
{
	uint32_t at = entry->last, before = 0;

	append_number(out, entry->term_len);
	buf_append(out, term_of(lists, entry));
	append_number(out, entry->n_pages);
	for (uint32_t i = entry->n_pages; i-- > 0;) {
		records[i] = at;
		memcpy(&at, lists->gathered.data + at, sizeof(at));
	}
	for (uint32_t i = 0; i < entry->n_pages; i++) {
		const uint8_t *record = (const uint8_t *)lists->gathered.data + records[i], *places = record + RECORD_HEAD;
		uint32_t page, n_bytes = unpack_number(&places);

		memcpy(&page, record + sizeof(uint32_t), sizeof(page));
		append_number(out, page - before);
		append_number(out, n_bytes);
		buf_append_bytes(out, places, n_bytes);
		before = page;
	}
}

static bool write_out(TermLists *lists, Run *run, Buf *out, Error *err)
{
	if (!fd_write_all(lists->fd, buf_str(out), lists->path, err))
		return false;
	run->end += (off_t)out->len;
	buf_clear(out);
	return true;
}

static uint32_t most_pages(const TermLists *lists)
{
	uint32_t most = 0;

	VEC_FOREACH (entry, &lists->entries)
		if (entry->n_pages > most)
			most = entry->n_pages;
	return most;
}

static bool write_lists(TermLists *lists, Run *run, Error *err)
{
	CLEANUP(free_ptr) Sorted *sorted = sort_terms(lists);
	CLEANUP(free_ptr) uint32_t *records = xnew_n(uint32_t, most_pages(lists));
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < lists->entries.n; i++) {
		append_list(lists, &lists->entries.items[sorted[i].entry], records, &out);
		if (out.len >= WINDOW_BYTES && !write_out(lists, run, &out, err))
			return false;
	}
	return write_out(lists, run, &out, err);
}

/* What was gathered becomes a run, and its memory is used for the next one. */
static bool write_run(TermLists *lists, Error *err)
{
	Run run = { .term = BUF_INIT(BUF_NO_CEILING) };

	if (!lists->entries.n)
		return true;
	if (!open_file(lists, err))
		return false;
	run.at = run.end = lists->runs.n ? lists->runs.items[lists->runs.n - 1].end : 0;
	if (!write_lists(lists, &run, err))
		return false;
	vec_push(&lists->runs, run);
	lists->entries.n = 0;
	buf_clear(&lists->gathered);
	memset(lists->slots, 0, lists->n_slots * sizeof(Slot));
	return true;
}

bool term_lists_add(TermLists *lists, uint32_t page, const PageTerms *terms, Error *err)
{
	fetch_slots(lists, terms);
	for (size_t i = 0; i < terms->n; i++)
		add_record(lists, find_entry(lists, &terms->items[i]), page, terms->items[i].places);
	return lists->gathered.len < RUN_BYTES || write_run(lists, err);
}

/* --- Runs, read ------------------------------------------------------------------------------- */

static bool cut_short(const TermLists *lists, Error *err)
{
	return error_errno(err, EIO, lists->path, "cannot be read");
}

/* At least @n bytes in the window; fewer only where the run ends. */
static bool fill(const TermLists *lists, Run *run, size_t n, Error *err)
{
	if (run->to - run->from >= n)
		return true;
	memmove(run->window, run->window + run->from, run->to - run->from);
	run->to -= run->from;
	run->from = 0;
	if (n > run->window_size) {
		run->window_size = n + WINDOW_BYTES;
		run->window = xrealloc(run->window, run->window_size);
	}
	while (run->to < n && run->at < run->end) {
		size_t left = run->window_size - run->to;
		ssize_t n_read;

		if ((off_t)left > run->end - run->at)
			left = (size_t)(run->end - run->at);
		n_read = pread(lists->fd, run->window + run->to, left, run->at);
		if (n_read < 0 && errno == EINTR)
			continue;
		if (n_read < 0)
			return error_errno(err, errno, lists->path, "cannot be read");
		if (n_read == 0)
			return cut_short(lists, err);
		run->to += (size_t)n_read;
		run->at += n_read;
	}
	return true;
}

static bool take_number(const TermLists *lists, Run *run, uint32_t *ret_number, Error *err)
{
	uint32_t number = 0;

	if (run->to - run->from < NUMBER_MAX_BYTES && !fill(lists, run, NUMBER_MAX_BYTES, err))
		return false;
	for (unsigned i = 0; i < NUMBER_MAX_BYTES && run->from < run->to; i++) {
		uint8_t byte = run->window[run->from++];

		number = number << 7 | (byte & 0x7f);
		if (!(byte & 0x80)) {
			*ret_number = number;
			return true;
		}
	}
	return cut_short(lists, err);
}

static bool take_bytes(const TermLists *lists, Run *run, uint32_t n, Str *ret_bytes, Error *err)
{
	if (!fill(lists, run, n, err))
		return false;
	if (run->to - run->from < n)
		return cut_short(lists, err);
	*ret_bytes = (Str){ (const char *)run->window + run->from, n };
	run->from += n;
	return true;
}

static bool next_term(const TermLists *lists, Run *run, Error *err)
{
	uint32_t n;
	Str term;

	buf_clear(&run->term);
	if (run->from == run->to && run->at == run->end)
		return true;
	if (!take_number(lists, run, &n, err) || !take_bytes(lists, run, n, &term, err))
		return false;
	buf_append(&run->term, term);
	run->page = 0;
	return take_number(lists, run, &run->n_left, err);
}

static bool next_page(const TermLists *lists, Run *run, Str *ret_places, Error *err)
{
	uint32_t distance, n;

	if (!take_number(lists, run, &distance, err) || !take_number(lists, run, &n, err) ||
	    !take_bytes(lists, run, n, ret_places, err))
		return false;
	run->page += distance;
	run->n_left--;
	return true;
}

/* --- Runs, joined -------------------------------------------------------------------------------- */

/* Runs lie in the order in which they were written. */
static bool is_before(const Run *a, const Run *b)
{
	int order = str_compare(buf_str(&a->term), buf_str(&b->term));

	return order ? order < 0 : a < b;
}

static void sift_down(TermLists *lists, size_t at)
{
	Run **heap = lists->heap.items;

	for (size_t child; (child = 2 * at + 1) < lists->heap.n; at = child) {
		Run *run = heap[at];

		if (child + 1 < lists->heap.n && is_before(heap[child + 1], heap[child]))
			child++;
		if (!is_before(heap[child], run))
			return;
		heap[at] = heap[child];
		heap[child] = run;
	}
}

static void sift_up(TermLists *lists, size_t at)
{
	Run **heap = lists->heap.items;

	for (size_t parent; at && is_before(heap[at], heap[parent = (at - 1) / 2]); at = parent) {
		Run *run = heap[at];

		heap[at] = heap[parent];
		heap[parent] = run;
	}
}

static void add_to_heap(TermLists *lists, Run *run)
{
	if (!run->term.len)
		return;
	vec_push(&lists->heap, run);
	sift_up(lists, lists->heap.n - 1);
}

static Run *take_from_heap(TermLists *lists)
{
	Run *least = lists->heap.items[0];

	lists->heap.items[0] = lists->heap.items[--lists->heap.n];
	sift_down(lists, 0);
	return least;
}

bool term_lists_begin(TermLists *lists, Error *err)
{
	if (!write_run(lists, err))
		return false;
	forget_gathered(lists);
	VEC_FOREACH (run, &lists->runs) {
		run->window_size = WINDOW_BYTES;
		run->window = xmalloc(run->window_size);
		if (!next_term(lists, run, err))
			return false;
		add_to_heap(lists, run);
	}
	return true;
}

bool term_lists_next(TermLists *lists, Str *ret_term, Error *err)
{
	Str term;

	VEC_FOREACH (run, &lists->joined) {
		if (!next_term(lists, *run, err))
			return false;
		add_to_heap(lists, *run);
	}
	lists->joined.n = lists->n_joined = 0;
	*ret_term = STR_EMPTY;
	if (!lists->heap.n)
		return true;
	term = buf_str(&lists->heap.items[0]->term);
	while (lists->heap.n && str_equal(buf_str(&lists->heap.items[0]->term), term))
		vec_push(&lists->joined, take_from_heap(lists));
	*ret_term = term;
	return true;
}

bool term_lists_next_page(TermLists *lists, uint32_t *ret_page, Str *ret_places, Error *err)
{
	Run *run;

	while (lists->n_joined < lists->joined.n && !lists->joined.items[lists->n_joined]->n_left)
		lists->n_joined++;
	*ret_page = 0;
	if (lists->n_joined == lists->joined.n)
		return true;
	run = lists->joined.items[lists->n_joined];
	if (!next_page(lists, run, ret_places, err))
		return false;
	*ret_page = run->page;
	return true;
}
