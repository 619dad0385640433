/*
 * The floor under a cold index: what no indexer of Markdown into FTS5 can do without. It reads
 * every .md file, has md4c parse it, and inserts the text into a plain FTS5 table: one thread,
 * one transaction, no front matter, no URLs, no languages, nothing kept beside.
 *
 *	bench-indexing-floor SITE DATABASE
 *
 * The tokenizer is porter, since ours stems as well; nothing is synced.
 */
#include <fcntl.h>
#include <ftw.h>
#include <md4c.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_PADDING 64 /* md4c 0.4.8 reads beyond the end of what it is given */
#define CACHE_KIB "32768"

typedef struct Text {
	char *data;
	size_t len, size;
} Text;

static sqlite3_stmt *add;
static Text source, plain;

static void die(const char *what)
{
	fprintf(stderr, "bench-indexing-floor: %s\n", what);
	exit(1);
}

static void reserve(Text *text, size_t n)
{
	if (text->len + n <= text->size)
		return;
	text->size = (text->len + n) * 2;
	text->data = realloc(text->data, text->size);
	if (!text->data)
		die("out of memory");
}

static void append(Text *text, const char *data, size_t n)
{
	reserve(text, n);
	memcpy(text->data + text->len, data, n);
	text->len += n;
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *data, MD_SIZE n, void *context)
{
	(void)context;
	if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		append(&plain, " ", 1);
	else
		append(&plain, data, n);
	return 0;
}

static int end_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	(void)type, (void)detail, (void)context;
	append(&plain, "\n", 1);
	return 0;
}

static int ignore_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	(void)type, (void)detail, (void)context;
	return 0;
}

static int ignore_span(MD_SPANTYPE type, void *detail, void *context)
{
	(void)type, (void)detail, (void)context;
	return 0;
}

static void read_source(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = 0;

	if (fd < 0)
		die(path);
	source.len = 0;
	do {
		source.len += (size_t)n;
		reserve(&source, 1 << 16);
		n = read(fd, source.data + source.len, source.size - source.len - N_PADDING);
	} while (n > 0);
	close(fd);
	memset(source.data + source.len, 0, N_PADDING);
}

static int take_file(const char *path, const struct stat *info, int type, struct FTW *place)
{
	static const MD_PARSER parser = {
		.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH, .enter_block = ignore_block, .leave_block = end_block,
		.enter_span = ignore_span, .leave_span = ignore_span, .text = take_text,
	};
	size_t n = strlen(path);

	(void)info, (void)place;
	if (type != FTW_F || n < 3 || strcmp(path + n - 3, ".md") != 0)
		return 0;
	read_source(path);
	plain.len = 0;
	if (md_parse(source.data, (MD_SIZE)source.len, &parser, NULL) != 0)
		die(path);
	sqlite3_bind_text(add, 1, plain.data, (int)plain.len, SQLITE_STATIC);
	if (sqlite3_step(add) != SQLITE_DONE)
		die("a row could not be added");
	sqlite3_reset(add);
	return 0;
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
}

int main(int argc, char **argv)
{
	sqlite3 *db;

	if (argc != 3)
		die("SITE DATABASE");
	unlink(argv[2]);
	if (sqlite3_open(argv[2], &db) != SQLITE_OK)
		die(argv[2]);
	run(db, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -" CACHE_KIB ";"
	        "CREATE VIRTUAL TABLE page USING fts5 (text, tokenize = 'porter'); BEGIN");
	if (sqlite3_prepare_v2(db, "INSERT INTO page VALUES (?1)", -1, &add, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	if (nftw(argv[1], take_file, 32, FTW_PHYS) != 0)
		die(argv[1]);
	run(db, "COMMIT");
	sqlite3_finalize(add);
	sqlite3_close(db);
	free(source.data);
	free(plain.data);
	return 0;
}
