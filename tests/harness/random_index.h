/*
 * An index of random pages, the same for the same seed, written in several runs with changes
 * and removals. For unit tests that need more than a few pages.
 */
#ifndef HARNESS_RANDOM_INDEX_H
#define HARNESS_RANDOM_INDEX_H

#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/store.h"
#include "draw.h"
#include "known_file.h"

#define N_FILES  300
#define N_WORDS  400
#define N_ROUNDS 9

/* Few words are everywhere, most are rare; many begin alike. */
static uint32_t draw_word(void)
{
	return draw(1 + draw(1 + draw(N_WORDS)));
}

/* `abkqing`: of a few beginnings, most of them with a stem of their own. */
static Str word_of(uint32_t number, Arena *arena)
{
	char letters[4] = { (char)('j' + number / 100 % 10), (char)('j' + number / 10 % 10), (char)('j' + number % 10) };

	return arena_printf(arena, "%c%c%sing", 'a' + (int)(number % 3), 'a' + (int)(number / 3 % 7), letters);
}

static Str some_text(size_t n_words, Arena *arena)
{
	CLEANUP(buf_deinit) Buf text = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < n_words; i++) {
		buf_append(&text, word_of(draw_word(), arena));
		buf_append_char(&text, ' ');
	}
	return arena_str_dup(arena, buf_str(&text));
}

/* A page now and then has so many words that the places of one word fill several leaves. */
static Document *some_document(uint32_t file, Arena *arena)
{
	Document *document = arena_new(arena, Document);

	document->blocks = arena_new_n(arena, Block, 2);
	document->blocks[0] = (Block){ .kind = BLOCK_PROSE, .text = some_text(draw(40) ? draw(60) : 9000, arena) };
	document->blocks[1] = (Block){ .kind = BLOCK_CODE, .text = some_text(draw(20), arena) };
	document->n_blocks = 2;
	document->file = document->path = arena_printf(arena, "%03u.md", file);
	document->url = document->relurl = arena_printf(arena, "/%03u/", file);
	document->title = some_text(1 + draw(5), arena);
	document->lang = STR("en");
	document->published = document->updated = document->expires = TIME_NONE;
	document->boost = 1;
	document->fingerprint = 1 + draw(1u << 30);
	return document;
}

static void change_file(StoreWriter *writer, Preparer *preparer, uint32_t file, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Document *document = some_document(file, arena);
	const StoreFile *known = known_file(writer, document->file);

	if (known && !draw(4))
		assert_true(store_remove(writer, known, &err));
	else
		assert_true(store_put(writer, store_prepare(preparer, document, arena), known, &err));
}

/* The first round writes all files, the others a few: segments of several ages, with what they take back. */
static inline void write_index(const char *path)
{
	CLEANUP(preparer_freep) Preparer *preparer = preparer_new();

	for (int round = 0; round < N_ROUNDS; round++) {
		CLEANUP(error_deinit) Error err = ERROR_INIT;
		CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
		CLEANUP(store_writer_freep) StoreWriter *writer = NULL;
		StoreSite site = { .base_url = STR("https://example.org/"), .default_lang = STR("en") };

		assert_true(store_writer_open(path, STORE_GO_ON, &writer, &err));
		for (uint32_t file = 0; file < N_FILES; file++)
			if (!round || !draw(round % 2 ? 8 : 80))
				change_file(writer, preparer, file, &arena);
		assert_true(store_set_site(writer, &site, 1, &err));
		assert_true(store_writer_publish(writer, &err));
	}
}

static inline char *folder_made(char folder[64])
{
	snprintf(folder, 64, "%s/segments-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	return mkdtemp(folder);
}

static inline void remove_folder(const char *folder)
{
	CLEANUP(free_ptr) char *command = xasprintf("rm -rf '%s'", folder);

	assert_int_equal(system(command), 0);
}

#endif
