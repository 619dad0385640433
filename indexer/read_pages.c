/*
 * See read_pages.h. A ring of slots: whoever is free takes the next task and the slot that
 * belongs to it; the calling thread waits for the oldest slot to be done, hands it over and
 * gives it free. Few slots and few bytes are under way at once, so memory stays small however
 * long a page takes or is.
 */
#include "read_pages.h"

#include <pthread.h>

#include "build_document.h"

#define SLOTS_A_JOB      8
#define BYTES_UNDER_WAY  (4u << 20) /* of source files; a larger one is read alone */
#define BYTES_KEPT       (1u << 20) /* of a slot's memory, for the next page       */

/* --- One page ----------------------------------------------------------------------------------- */

/*
 * The same bytes give the same page, if only size or time made them suspect; unless the time
 * itself decides about the page, or there was something to say about it: then it is said again.
 */
static bool is_same_bytes(const Site *site, const ReadingTask *task, const SourceBytes *bytes)
{
	return task->reason == READ_STAMP && task->known->content_hash == bytes->hash && !site->reads_file_times;
}

static StoreFile file_as_known(const ReadingTask *task, const SourceBytes *bytes)
{
	StoreFile file = *task->known;

	file.size = bytes->size;
	file.mtime_ns = bytes->is_settled ? bytes->mtime_ns : TIME_NONE;
	return file;
}

static bool is_same_page(const StoreFile *known, PageFate fate, uint64_t document_hash)
{
	if (!known)
		return false;
	return fate == PAGE_PUBLISHED ? known->page && known->document_hash == document_hash : !known->page;
}

static bool build_page(const ReadingOptions *options, const SourceBytes *bytes, Preparer *preparer, PageRead *page)
{
	const ReadingTask *task = page->task;
	SourceFile source = *task->source;
	Document *document;
	uint64_t hash;

	source.size = bytes->size; /* as it was when it was read, not when it was listed */
	source.mtime_ns = bytes->mtime_ns;
	if (!build_document(options->site, &source, bytes, &page->arena, &document, &page->fate, &page->warning,
	                    &page->problem))
		return false;
	if (page->fate != PAGE_PUBLISHED) /* what is not shown harms nobody */
		error_deinit(&page->warning);
	if (page->warning.code != ERROR_NONE) { /* it is read again, and said again, at every run */
		document->file_mtime_ns = TIME_NONE;
		document->content_hash = 0;
	}
	hash = page->fate == PAGE_PUBLISHED ? store_document_hash(document) : page->fate;
	page->file = store_file_of(document, hash);
	page->is_same = is_same_page(task->known, page->fate, hash);
	if (page->is_same)
		page->file.page = task->known->page;
	if (page->fate == PAGE_PUBLISHED && !page->is_same && !options->only_looks) {
		uint64_t start = thread_ns();

		page->row = store_prepare(preparer, document, &page->arena);
		page->prepare_ns = thread_ns() - start;
	}
	return true;
}

static void read_page(const ReadingOptions *options, Preparer *preparer, PageRead *page)
{
	SourceBytes bytes;

	if (!read_source(options->site, page->task->source, &page->arena, &bytes, &page->problem))
		return;
	if (is_same_bytes(options->site, page->task, &bytes)) {
		page->file = file_as_known(page->task, &bytes);
		page->fate = known_fate(&page->file);
		page->is_read = page->is_same = true;
		return;
	}
	page->is_read = build_page(options, &bytes, preparer, page);
}

static void read_timed(const ReadingOptions *options, Preparer *preparer, PageRead *page)
{
	uint64_t start = thread_ns();

	read_page(options, preparer, page);
	page->read_ns = thread_ns() - start - page->prepare_ns;
}

static void page_begin(PageRead *page, const ReadingTask *task)
{
	*page = (PageRead){ .task = task, .fate = PAGE_UNRENDERED, .problem = ERROR_INIT, .warning = ERROR_INIT,
		            .arena = page->arena };
}

static void page_end(PageRead *page)
{
	error_deinit(&page->problem);
	error_deinit(&page->warning);
	if (page->arena.n_bytes > BYTES_KEPT)
		arena_deinit(&page->arena);
	else
		arena_reset(&page->arena);
}

/* --- In the calling thread ------------------------------------------------------------------------ */

static bool read_here(const ReadingOptions *options, const ReadingTask *tasks, size_t n, OnPageRead on_page,
                      void *context, Error *err)
{
	CLEANUP(preparer_freep) Preparer *preparer = preparer_new();
	PageRead page = { .arena = ARENA_INIT };
	bool goes_on = true;

	for (size_t i = 0; i < n && goes_on; i++) {
		page_begin(&page, &tasks[i]);
		read_timed(options, preparer, &page);
		goes_on = on_page(context, &page, err);
		page_end(&page);
	}
	arena_deinit(&page.arena);
	return goes_on;
}

/* --- In several threads ----------------------------------------------------------------------------- */

typedef struct Slot {
	PageRead page;
	bool is_done;
} Slot;

typedef struct Pool {
	const ReadingOptions *options;
	const ReadingTask *tasks;
	size_t n_tasks;
	Slot *slots;
	size_t n_slots;

	pthread_mutex_t lock; /* of all that follows, and of is_done of each slot */
	pthread_cond_t may_take, is_done;
	size_t next_task;     /* to be taken */
	size_t n_handed_over;
	uint64_t n_bytes;     /* of sources under way */
	bool is_over;
} Pool;

/* Whether the next task's slot is free and its source fits beside the others. */
static bool can_take(const Pool *pool)
{
	uint64_t n_bytes = pool->next_task < pool->n_tasks ? pool->tasks[pool->next_task].source->size : 0;

	return pool->next_task - pool->n_handed_over < pool->n_slots &&
	       (pool->n_bytes == 0 || pool->n_bytes + n_bytes <= BYTES_UNDER_WAY);
}

static Slot *take_task(Pool *pool)
{
	Slot *slot = NULL;

	pthread_mutex_lock(&pool->lock);
	while (!pool->is_over && pool->next_task < pool->n_tasks && !can_take(pool))
		pthread_cond_wait(&pool->may_take, &pool->lock);
	if (!pool->is_over && pool->next_task < pool->n_tasks) {
		const ReadingTask *task = &pool->tasks[pool->next_task];

		slot = &pool->slots[pool->next_task++ % pool->n_slots];
		pool->n_bytes += task->source->size;
		page_begin(&slot->page, task);
	}
	pthread_mutex_unlock(&pool->lock);
	return slot;
}

static void *work(void *context)
{
	Pool *pool = context;
	CLEANUP(preparer_freep) Preparer *preparer = preparer_new();

	for (Slot *slot = take_task(pool); slot; slot = take_task(pool)) {
		read_timed(pool->options, preparer, &slot->page);
		pthread_mutex_lock(&pool->lock);
		slot->is_done = true;
		pthread_cond_signal(&pool->is_done);
		pthread_mutex_unlock(&pool->lock);
	}
	return NULL;
}

static Slot *wait_for(Pool *pool, size_t task)
{
	Slot *slot = &pool->slots[task % pool->n_slots];

	pthread_mutex_lock(&pool->lock);
	while (!slot->is_done)
		pthread_cond_wait(&pool->is_done, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	return slot;
}

static void give_free(Pool *pool, Slot *slot)
{
	page_end(&slot->page);
	pthread_mutex_lock(&pool->lock);
	pool->n_bytes -= slot->page.task->source->size;
	slot->is_done = false;
	pool->n_handed_over++;
	pthread_cond_broadcast(&pool->may_take);
	pthread_mutex_unlock(&pool->lock);
}

static bool hand_over_all(Pool *pool, OnPageRead on_page, void *context, Error *err)
{
	for (size_t i = 0; i < pool->n_tasks; i++) {
		Slot *slot = wait_for(pool, i);
		bool goes_on = on_page(context, &slot->page, err);

		give_free(pool, slot);
		if (!goes_on)
			return false;
	}
	return true;
}

static void end_work(Pool *pool, pthread_t *threads, unsigned n_threads)
{
	pthread_mutex_lock(&pool->lock);
	pool->is_over = true;
	pthread_cond_broadcast(&pool->may_take);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < n_threads; i++)
		pthread_join(threads[i], NULL);
}

static void pool_deinit(Pool *pool)
{
	for (size_t i = 0; i < pool->n_slots; i++) {
		page_end(&pool->slots[i].page);
		arena_deinit(&pool->slots[i].page.arena);
	}
	free(pool->slots);
	pthread_cond_destroy(&pool->may_take);
	pthread_cond_destroy(&pool->is_done);
	pthread_mutex_destroy(&pool->lock);
}

static void pool_init(Pool *pool, const ReadingOptions *options, const ReadingTask *tasks, size_t n)
{
	*pool = (Pool){ .options = options, .tasks = tasks, .n_tasks = n, .n_slots = (size_t)options->n_jobs * SLOTS_A_JOB };
	pool->slots = xnew0_n(Slot, pool->n_slots);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->may_take, NULL);
	pthread_cond_init(&pool->is_done, NULL);
}

bool read_pages(const ReadingOptions *options, const ReadingTask *tasks, size_t n, OnPageRead on_page, void *context,
                Error *err)
{
	CLEANUP(free_ptr) pthread_t *threads = NULL;
	unsigned n_threads = 0;
	Pool pool;
	bool is_done;

	/* Threads are not worth their start for a few pages. */
	if (options->n_jobs < 2 || n <= SLOTS_A_JOB)
		return read_here(options, tasks, n, on_page, context, err);
	pool_init(&pool, options, tasks, n);
	threads = xnew_n(pthread_t, options->n_jobs);
	while (n_threads < options->n_jobs && pthread_create(&threads[n_threads], NULL, work, &pool) == 0)
		n_threads++;
	is_done = n_threads ? hand_over_all(&pool, on_page, context, err)
	                    : read_here(options, tasks, n, on_page, context, err); /* the system gives no threads */
	end_work(&pool, threads, n_threads);
	pool_deinit(&pool);
	return is_done;
}
