/* Which files have to be read again: indexer/find_changes.c. */
#include "harness/unit.h"

#include "find_changes.h"

#define NOW  1000
#define SITE 77

static SourceFile source(const char *file)
{
	return (SourceFile){ .file = str_from_c(file), .size = 10, .mtime_ns = 5, .fingerprint = 3 };
}

static StoreFile known(const char *file, uint32_t page)
{
	return (StoreFile){ .file = str_from_c(file), .page = page, .size = 10, .mtime_ns = 5, .fingerprint = 3,
		            .changes_at = TIME_NONE };
}

static const char *const reasons[] = {
	[READ_NEW] = "new", [READ_STAMP] = "stamp", [READ_DUE] = "due", [READ_RULES] = "rules",
	[READ_SITE] = "site", [READ_CLOCK] = "clock", [READ_ALL] = "all",
};

/* What is read and why, what is gone, and how many stay. */
static void check(SourceFile *sources, size_t n_sources, StoreFile *files, size_t n_files, ChangeRules rules,
                  int64_t built_at, const char *expected)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(changes_deinit) Changes changes = { 0 };
	StoreInventory inventory = { .files = files, .n_files = n_files, .site_fingerprint = SITE, .built_at = built_at };
	SourceFiles list = { 0 };
	uint32_t n_left_out = 0;

	for (size_t i = 0; i < n_sources; i++)
		vec_push(&list, sources[i]);
	find_changes(&list, &inventory, &rules, &changes);
	VEC_FOREACH (task, &changes.tasks)
		buf_printf(&out, "%.*s %s, ", STR_ARG(task->source->file), reasons[task->reason]);
	VEC_FOREACH (gone, &changes.gone)
		buf_printf(&out, "%.*s gone, ", STR_ARG((*gone)->file));
	for (PageFate fate = PAGE_PUBLISHED + 1; fate < N_PAGE_FATES; fate++)
		n_left_out += changes.n_as_before[fate];
	buf_printf(&out, "%u as before, %u left out", changes.n_as_before[PAGE_PUBLISHED], n_left_out);
	vec_deinit(&list);
	assert_str(buf_str(&out), expected);
}

static const ChangeRules usual = { .site_fingerprint = SITE, .now = NOW };

TEST(indexer_find_changes__what_is_as_it_was_is_not_read)
{
	SourceFile sources[] = { source("a.md"), source("b.md"), source("draft.md") };
	StoreFile files[] = { known("a.md", 1), known("b.md", 2), known("draft.md", 0) };

	check(sources, 3, files, 3, usual, 0, "2 as before, 1 left out");
}

TEST(indexer_find_changes__new_and_vanished_files_are_seen_wherever_they_stand)
{
	SourceFile sources[] = { source("a.md"), source("c.md"), source("e.md") };
	StoreFile files[] = { known("b.md", 1), known("c.md", 2), known("d.md", 3), known("f.md", 4) };

	check(sources, 3, files, 4, usual, 0, "a.md new, e.md new, b.md gone, d.md gone, f.md gone, 1 as before, 0 left out");
}

TEST(indexer_find_changes__size_time_rules_and_due_time_each_decide)
{
	SourceFile sources[] = { source("a.md"), source("b.md"), source("c.md"), source("d.md"), source("e.md") };
	StoreFile files[] = { known("a.md", 5), known("b.md", 4), known("c.md", 3), known("d.md", 2), known("e.md", 1) };

	files[0].size = 11;
	files[1].mtime_ns = 4;
	files[2].fingerprint = 9;
	files[3].changes_at = NOW;
	files[4].changes_at = NOW + 1;
	check(sources, 5, files, 5, usual, 0, "d.md due, c.md rules, b.md stamp, a.md stamp, 1 as before, 0 left out");
}

TEST(indexer_find_changes__a_time_in_doubt_is_no_time)
{
	SourceFile sources[] = { source("a.md") };
	StoreFile files[] = { known("a.md", 1) };

	files[0].mtime_ns = TIME_NONE;
	check(sources, 1, files, 1, usual, 0, "a.md stamp, 0 as before, 0 left out");
}

TEST(indexer_find_changes__another_configuration_and_a_clock_set_back_read_everything)
{
	SourceFile sources[] = { source("a.md"), source("b.md") };
	StoreFile files[] = { known("a.md", 1), known("b.md", 0) };

	check(sources, 2, files, 2, (ChangeRules){ .site_fingerprint = SITE + 1, .now = NOW }, 0,
	      "a.md site, b.md site, 0 as before, 0 left out");
	check(sources, 2, files, 2, usual, NOW + 1, "a.md clock, b.md clock, 0 as before, 0 left out");
	check(sources, 2, files, 2, (ChangeRules){ .site_fingerprint = SITE, .now = NOW, .all = true }, 0,
	      "a.md all, b.md all, 0 as before, 0 left out");
}

TEST(indexer_find_changes__pages_come_by_their_numbers_and_new_ones_last)
{
	SourceFile sources[] = { source("z.md"), source("a.md"), source("m.md"), source("m.md") };
	StoreFile files[] = { known("m.md", 2), known("z.md", 1) };

	check(sources, 4, files, 2, (ChangeRules){ .site_fingerprint = SITE, .now = NOW, .all = true }, 0,
	      "z.md all, m.md all, a.md new, 0 as before, 0 left out");
}

RUN_TESTS(indexer_find_changes, UNIT(indexer_find_changes__what_is_as_it_was_is_not_read),
          UNIT(indexer_find_changes__new_and_vanished_files_are_seen_wherever_they_stand),
          UNIT(indexer_find_changes__size_time_rules_and_due_time_each_decide),
          UNIT(indexer_find_changes__a_time_in_doubt_is_no_time),
          UNIT(indexer_find_changes__another_configuration_and_a_clock_set_back_read_everything),
          UNIT(indexer_find_changes__pages_come_by_their_numbers_and_new_ones_last))
