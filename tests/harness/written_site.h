/*
 * An index of a few pages that a test writes down: what it asks of them can be read beside them.
 * RUN_TESTS_ON_SITE() runs a group of tests on one, which they all share as `site`.
 */
#ifndef HARNESS_WRITTEN_SITE_H
#define HARNESS_WRITTEN_SITE_H

#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/search.h"
#include "blogsearch/store.h"

typedef struct WrittenPage {
	const char *name; /* its URL is /NAME/ */
	const char *title, *text;
	const char *lang;   /* NULL: en */
	const char *tag;    /* NULL: none */
	const char *series; /* likewise */
	bool is_list;
} WrittenPage;

typedef struct WrittenSite {
	char folder[64];
	Arena arena;
	Engine *engine;
} WrittenSite;

static WrittenSite site;

static void add_written_term(Document *document, const char *facet, const char *name)
{
	if (name)
		document->terms[document->n_terms++] =
			(DocumentTerm){ .facet = str_from_c(facet), .name = str_from_c(name), .slug = str_from_c(name) };
}

static Document *written_document(const WrittenPage *page, Arena *arena)
{
	Document *document = arena_new(arena, Document);

	document->blocks = arena_new_n(arena, Block, 1);
	document->blocks[0] = (Block){ .kind = BLOCK_PROSE, .text = str_from_c(page->text) };
	document->n_blocks = 1;
	document->file = document->path = document->place = arena_printf(arena, "%s.md", page->name);
	document->url = document->relurl = arena_printf(arena, "/%s/", page->name);
	document->title = str_from_c(page->title);
	document->lang = str_from_c(page->lang ? page->lang : "en");
	document->kind = page->is_list ? PAGE_SECTION : PAGE_PAGE;
	document->published = document->updated = document->expires = TIME_NONE;
	document->boost = 1;
	document->terms = arena_new_n(arena, DocumentTerm, 2);
	add_written_term(document, "tag", page->tag);
	add_written_term(document, "series", page->series);
	return document;
}

static void open_written_site(const WrittenPage *pages, size_t n)
{
	static const StoreFacet facets[] = { { .name = STR_INIT("tag"), .plural = STR_INIT("tags") } };
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(preparer_freep) Preparer *preparer = preparer_new();
	CLEANUP(store_writer_freep) StoreWriter *writer = NULL;
	CLEANUP(free_ptr) char *path = NULL;
	StoreSite whole = { .base_url = STR("https://example.org/"), .default_lang = STR("en"), .facets = facets, .n_facets = 1 };

	site = (WrittenSite){ .arena = ARENA_INIT };
	snprintf(site.folder, sizeof(site.folder), "%s/written-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(site.folder));
	path = xasprintf("%s/index.db", site.folder);
	assert_true(store_writer_open(path, STORE_GO_ON, &writer, &err));
	for (size_t i = 0; i < n; i++) {
		Document *document = written_document(&pages[i], &site.arena);

		assert_true(store_put(writer, store_prepare(preparer, document, &site.arena), NULL, &err));
	}
	assert_true(store_set_site(writer, &whole, 1, &err));
	assert_true(store_writer_publish(writer, &err));
	assert_true(engine_open(path, NULL, &site.engine, &err));
}

static int close_written_site(void **state)
{
	CLEANUP(free_ptr) char *command = xasprintf("rm -rf '%s'", site.folder);

	(void)state;
	engine_unref(site.engine);
	arena_deinit(&site.arena);
	return system(command);
}

#define RUN_TESTS_ON_SITE(group, pages, ...)                                                            \
	static int open_site(void **state)                                                              \
	{                                                                                               \
		(void)state;                                                                            \
		open_written_site(pages, ARRAY_SIZE(pages));                                            \
		return 0;                                                                               \
	}                                                                                               \
	int main(void)                                                                                  \
	{                                                                                               \
		const struct CMUnitTest tests[] = { __VA_ARGS__ };                                      \
		return cmocka_run_group_tests_name(#group, tests, open_site, close_written_site);       \
	}

#endif
