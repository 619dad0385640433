/* See find_changes.h. Two lists in the order of file names, walked side by side. */
#include "find_changes.h"

static int compare_sources(const void *a, const void *b)
{
	return str_compare(((const SourceFile *)a)->file, ((const SourceFile *)b)->file);
}

/* Sites list their files in order, more often than not. */
static void sort_sources(SourceFiles *sources)
{
	size_t n = 0;

	for (size_t i = 1; i < sources->n; i++)
		if (compare_sources(&sources->items[i - 1], &sources->items[i]) >= 0) {
			qsort(sources->items, sources->n, sizeof(SourceFile), compare_sources);
			break;
		}
	for (size_t i = 0; i < sources->n; i++)
		if (i == 0 || compare_sources(&sources->items[i], &sources->items[n - 1]) != 0)
			sources->items[n++] = sources->items[i];
	sources->n = n;
}

/* Whether a known file has to be read again; *ret_reason says why. */
static bool has_changed(const SourceFile *source, const StoreFile *known, const StoreInventory *inventory,
                        const ChangeRules *rules, ReadingReason *ret_reason)
{
	bool is_of_another_site = inventory->site_fingerprint != rules->site_fingerprint;

	if (rules->all)
		*ret_reason = READ_ALL;
	else if (is_of_another_site)
		*ret_reason = READ_SITE;
	else if (known->fingerprint != source->fingerprint)
		*ret_reason = READ_RULES;
	else if (rules->now < inventory->built_at)
		*ret_reason = READ_CLOCK;
	else if (known->changes_at != TIME_NONE && known->changes_at <= rules->now)
		*ret_reason = READ_DUE;
	else if (known->size != source->size || known->mtime_ns != source->mtime_ns)
		*ret_reason = READ_STAMP;
	else
		return false;
	return true;
}

static void look_at_known(const SourceFile *source, const StoreFile *known, const StoreInventory *inventory,
                          const ChangeRules *rules, Changes *changes)
{
	ReadingReason reason;

	if (has_changed(source, known, inventory, rules, &reason)) {
		vec_push(&changes->tasks, (ReadingTask){ source, known, reason });
		return;
	}
	if (known->changes_at != TIME_NONE &&
	    (changes->next_change_at == TIME_NONE || known->changes_at < changes->next_change_at))
		changes->next_change_at = known->changes_at;
	changes->n_as_before[known_fate(known)]++;
}

/* What has no page yet comes last: new numbers, in the order of files. */
static uint32_t page_order(const StoreFile *known)
{
	return known && known->page ? known->page : UINT32_MAX;
}

static int compare_tasks(const void *a, const void *b)
{
	const ReadingTask *x = a, *y = b;
	uint32_t page = page_order(x->known), other = page_order(y->known);

	if (page != other)
		return page < other ? -1 : 1;
	return str_compare(x->source->file, y->source->file);
}

static int compare_gone(const void *a, const void *b)
{
	uint32_t x = page_order(*(const StoreFile *const *)a), y = page_order(*(const StoreFile *const *)b);

	return x < y ? -1 : x > y;
}

void find_changes(SourceFiles *sources, const StoreInventory *inventory, const ChangeRules *rules, Changes *ret_changes)
{
	Changes changes = { .next_change_at = TIME_NONE };
	size_t at = 0;

	sort_sources(sources);
	VEC_FOREACH (source, sources) {
		int order = 1;

		while (at < inventory->n_files && (order = str_compare(inventory->files[at].file, source->file)) < 0)
			vec_push(&changes.gone, &inventory->files[at++]);
		if (at < inventory->n_files && order == 0)
			look_at_known(source, &inventory->files[at++], inventory, rules, &changes);
		else
			vec_push(&changes.tasks, (ReadingTask){ source, NULL, READ_NEW });
	}
	while (at < inventory->n_files)
		vec_push(&changes.gone, &inventory->files[at++]);
	if (changes.tasks.n)
		qsort(changes.tasks.items, changes.tasks.n, sizeof(ReadingTask), compare_tasks);
	if (changes.gone.n)
		qsort(changes.gone.items, changes.gone.n, sizeof(*changes.gone.items), compare_gone);
	*ret_changes = changes;
}

void changes_deinit(Changes *changes)
{
	vec_deinit(&changes->tasks);
	vec_deinit(&changes->gone);
}
