/*
 * See term_lists.h. While a run is gathered, a term is an entry of a hash table, and its list a
 * chain of ever longer slices of one buffer, in the form in which it is written: each page as
 * its distance from the one before (the first: itself), the length of its places, and these;
 * numbers as in fts5_format.h. A run in the file: each term's length and bytes, its number of
 * pages, its list. A run's pages are greater than those of all runs before it: joined lists
 * stand one behind the other.
 *
 * What a page's terms lead to is memory in no order. They are gone through in steps, and in
 * each the memory of the next one is asked for: it comes while the others are looked at.
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

#define WINDOW_BYTES (64u << 10) /* that are written, or read of a run, at once */
#define FIRST_SLOTS  4096
#define SLICE_LEAST  16 /* bytes, with its link */
#define SLICE_MOST   4096
#define FETCHED_BEFORE 16 /* terms */
#define LINK_BYTES   sizeof(uint32_t)
#define TERM_BYTES   40 /* of an entry: one fills a line of the processor's cache */

typedef struct Entry {
	uint32_t n_pages;
	uint32_t page; /* the last one */
	uint32_t first, at, end; /* in the buffer: its first slice; what is free of its last one */
	uint16_t slice_bytes; /* of the last one */
	uint16_t term_len;
	char term[TERM_BYTES]; /* a longer one: where it stands in the buffer */
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
	size_t run_bytes; /* of it, before it is written */
	VEC(Entry) entries;
	Slot *slots;
	size_t n_slots;
	VEC(uint32_t) found; /* entries of a page's terms */
	VEC(Run) runs;
	VEC(Run *) heap;   /* those that are not read to their end; the least term, of the oldest run, first */
	VEC(Run *) joined; /* those that have the term at hand, in their order */
	size_t n_joined;   /* of them that are read */
};

TermLists *term_lists_new(const char *path, size_t run_bytes)
{
	TermLists *lists = xnew0(TermLists);

	lists->path = xasprintf("%s-lists", path);
	lists->fd = -1;
	lists->run_bytes = run_bytes;
	lists->gathered = (Buf)BUF_INIT(BUF_NO_CEILING);
	return lists;
}

static void forget_gathered(TermLists *lists)
{
	buf_deinit(&lists->gathered);
	vec_deinit(&lists->entries);
	vec_deinit(&lists->found);
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
	uint32_t at;

	if (entry->term_len <= TERM_BYTES)
		return (Str){ entry->term, entry->term_len };
	memcpy(&at, entry->term, sizeof(at));
	return (Str){ lists->gathered.data + at, entry->term_len };
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

static uint32_t add_slice(TermLists *lists, Entry *entry, uint32_t n_bytes)
{
	uint32_t at = (uint32_t)lists->gathered.len;

	(void)buf_reserve(&lists->gathered, n_bytes);
	lists->gathered.len += n_bytes;
	entry->slice_bytes = (uint16_t)n_bytes;
	entry->at = at;
	entry->end = at + n_bytes - (uint32_t)LINK_BYTES;
	return at;
}

static uint32_t add_entry(TermLists *lists, const PageTerm *term)
{
	Entry entry = { .term_len = (uint16_t)term->term.len };
	uint32_t at = (uint32_t)lists->gathered.len;

	if (term->term.len <= TERM_BYTES) {
		memcpy(entry.term, term->term.data, term->term.len);
	} else {
		memcpy(entry.term, &at, sizeof(at));
		buf_append(&lists->gathered, term->term);
	}
	entry.first = add_slice(lists, &entry, SLICE_LEAST);
	vec_push(&lists->entries, entry);
	set_slot(lists->slots, lists->n_slots, term->hash, (uint32_t)lists->entries.n);
	return (uint32_t)lists->entries.n - 1;
}

static uint32_t find_entry(TermLists *lists, const PageTerm *term)
{
	size_t at;

	if (lists->entries.n >= lists->n_slots / 2)
		grow(lists);
	for (at = term->hash & (lists->n_slots - 1); lists->slots[at].entry; at = (at + 1) & (lists->n_slots - 1)) {
		uint32_t number = lists->slots[at].entry - 1;

		if (lists->slots[at].hash == term->hash &&
		    str_equal(term_of(lists, &lists->entries.items[number]), term->term))
			return number;
	}
	return add_entry(lists, term);
}

static void append_to_list(TermLists *lists, Entry *entry, const uint8_t *bytes, size_t n)
{
	while (n > entry->end - entry->at) {
		uint32_t n_here = entry->end - entry->at, link_at = entry->end, next;
		uint32_t n_bytes = entry->slice_bytes < SLICE_MOST ? entry->slice_bytes * 2u : SLICE_MOST;

		memcpy(lists->gathered.data + entry->at, bytes, n_here);
		bytes += n_here;
		n -= n_here;
		next = add_slice(lists, entry, n_bytes);
		memcpy(lists->gathered.data + link_at, &next, LINK_BYTES);
	}
	memcpy(lists->gathered.data + entry->at, bytes, n);
	entry->at += (uint32_t)n;
}

static void add_page(TermLists *lists, Entry *entry, uint32_t page, Str places)
{
	uint8_t head[2 * NUMBER_MAX_BYTES], *end;

	end = pack_number(head, page - entry->page);
	end = pack_number(end, (uint32_t)places.len);
	append_to_list(lists, entry, head, (size_t)(end - head));
	append_to_list(lists, entry, (const uint8_t *)places.data, places.len);
	entry->page = page;
	entry->n_pages++;
}

static void fetch_slots(const TermLists *lists, const PageTerms *terms)
{
	for (size_t i = 0; lists->n_slots && i < terms->n; i++)
		__builtin_prefetch(&lists->slots[terms->items[i].hash & (lists->n_slots - 1)]);
}

/* Where a term stands that is there already, in nearly all cases. */
static void fetch_entries(const TermLists *lists, const PageTerms *terms)
{
	for (size_t i = 0; lists->n_slots && i < terms->n; i++) {
		uint32_t number = lists->slots[terms->items[i].hash & (lists->n_slots - 1)].entry;

		if (number) {
			const char *entry = (const char *)&lists->entries.items[number - 1];

			__builtin_prefetch(entry);
			__builtin_prefetch(entry + sizeof(Entry) - 1);
		}
	}
}

static void find_entries(TermLists *lists, const PageTerms *terms)
{
	vec_reserve(&lists->found, terms->n);
	for (size_t i = 0; i < terms->n; i++) {
		uint32_t number = find_entry(lists, &terms->items[i]);

		lists->found.items[i] = number;
		__builtin_prefetch(lists->gathered.data + lists->entries.items[number].at, 1);
	}
}

/* --- A run, written ------------------------------------------------------------------------- */

/* Terms are compared by their first bytes, as a number, before they are looked at. */
typedef struct Sorted {
	uint64_t beginning;
	Str term;
	const Entry *entry;
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
	return str_compare(x->term, y->term);
}

static Sorted *sort_terms(const TermLists *lists)
{
	Sorted *sorted = xnew_n(Sorted, lists->entries.n);

	for (size_t i = 0; i < lists->entries.n; i++) {
		const Entry *entry = &lists->entries.items[i];
		Str term = term_of(lists, entry);

		sorted[i] = (Sorted){ beginning_of(term), term, entry };
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

static void append_list(const TermLists *lists, const Entry *entry, Buf *out)
{
	const char *gathered = lists->gathered.data;
	uint32_t at = entry->first, n_bytes = SLICE_LEAST;

	append_number(out, entry->term_len);
	buf_append(out, term_of(lists, entry));
	append_number(out, entry->n_pages);
	while (at + n_bytes != entry->end + LINK_BYTES) {
		buf_append_bytes(out, gathered + at, n_bytes - LINK_BYTES);
		memcpy(&at, gathered + at + n_bytes - LINK_BYTES, LINK_BYTES);
		if (n_bytes < SLICE_MOST)
			n_bytes *= 2;
	}
	buf_append_bytes(out, gathered + at, entry->at - at);
}

static bool write_out(TermLists *lists, Run *run, Buf *out, Error *err)
{
	if (!fd_write_all(lists->fd, buf_str(out), lists->path, err))
		return false;
	run->end += (off_t)out->len;
	buf_clear(out);
	return true;
}

static bool write_lists(TermLists *lists, Run *run, Error *err)
{
	CLEANUP(free_ptr) Sorted *sorted = sort_terms(lists);
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	size_t n = lists->entries.n;

	for (size_t i = 0; i < n; i++) {
		if (i + FETCHED_BEFORE < n)
			__builtin_prefetch(sorted[i + FETCHED_BEFORE].entry);
		if (i + FETCHED_BEFORE / 2 < n)
			__builtin_prefetch(lists->gathered.data + sorted[i + FETCHED_BEFORE / 2].entry->first);
		append_list(lists, sorted[i].entry, &out);
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
	fetch_entries(lists, terms);
	find_entries(lists, terms);
	for (size_t i = 0; i < terms->n; i++)
		add_page(lists, &lists->entries.items[lists->found.items[i]], page, terms->items[i].places);
	return lists->gathered.len < lists->run_bytes || write_run(lists, err);
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
