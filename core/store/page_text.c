/*
 * Packing: varints and length-prefixed strings in the order of StoreText's fields; then one
 * zstd frame behind the length of what it unpacks to. Why zstd: docs/index-format.md.
 */
#include "page_text.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/limits.h"
#include "database.h"
#include "term_stream.h"

#define COMPRESSION_LEVEL 1
/* What a page of LIMIT_PAGE_BYTES can grow to, and something for front matter. */
#define LIMIT_RECORD_BYTES (LIMIT_PAGE_TEXT_BYTES(LIMIT_PAGE_BYTES) + (1u << 20))

StoreText *text_of_document(const Document *document, Arena *arena)
{
	StoreText *text = arena_new(arena, StoreText);

	*text = (StoreText){
		.title = document->title, .description = document->description, .summary = document->summary,
		.lang = document->lang, .type = document->type, .weight = document->weight,
		.aliases = document->aliases, .n_aliases = document->n_aliases,
		.blocks = document->blocks, .n_blocks = document->n_blocks,
		.n_term_names = document->n_terms,
	};
	text->term_names = arena_new_n(arena, Str, document->n_terms);
	for (size_t i = 0; i < document->n_terms; i++)
		text->term_names[i] = document->terms[i].name;
	text->places = arena_new_n(arena, uint32_t, store_text_n_places(text));
	return text;
}

/* --- Packing ------------------------------------------------------------------------- */

static void pack_str(Buf *out, Str str)
{
	buf_append_varint(out, str.len);
	buf_append(out, str);
}

static void pack_strs(Buf *out, const Str *strs, size_t n)
{
	buf_append_varint(out, n);
	for (size_t i = 0; i < n; i++)
		pack_str(out, strs[i]);
}

static void pack_block(Buf *out, const Block *block)
{
	buf_append_char(out, (char)block->kind);
	if (block->kind == BLOCK_HEADING) {
		buf_append_char(out, (char)block->level);
		pack_str(out, block->anchor);
	}
	if (block->kind == BLOCK_CODE)
		pack_str(out, block->lang);
	pack_str(out, block->text);
}

void page_text_lay_out(const StoreText *text, Buf *out)
{
	pack_str(out, text->title);
	pack_str(out, text->description);
	pack_str(out, text->summary);
	pack_str(out, text->lang);
	pack_str(out, text->type);
	buf_append_varint(out, (uint64_t)text->weight);
	pack_strs(out, text->aliases, text->n_aliases);
	pack_strs(out, text->term_names, text->n_term_names);
	buf_append_varint(out, text->n_blocks);
	for (size_t i = 0; i < text->n_blocks; i++)
		pack_block(out, &text->blocks[i]);
	for (size_t i = 0; i < store_text_n_places(text); i++)
		buf_append_varint(out, text->places[i]);
}

Str page_text_pack(ZSTD_CCtx *context, const StoreText *text, Arena *arena)
{
	CLEANUP(buf_deinit) Buf raw = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf record = BUF_INIT(BUF_NO_CEILING);
	size_t bound, n;

	page_text_lay_out(text, &raw);
	buf_append_varint(&record, raw.len);
	bound = ZSTD_compressBound(raw.len);
	/* A text that unpacks to another one would take other postings out of the index than were put in. */
	if (ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, COMPRESSION_LEVEL)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)))
		abort(); /* this zstd is none that we know */
	n = ZSTD_compress2(context, buf_reserve(&record, bound), bound, raw.data, raw.len);
	if (ZSTD_isError(n))
		abort(); /* out of memory: the buffer is large enough by its own word */
	record.len += n;
	return arena_str_dup(arena, buf_str(&record));
}

/* --- Unpacking: every length is checked against what is left ------------------------- */

static bool unpack_str(Str *rest, Str *ret_str)
{
	uint64_t n;

	if (!varint_next(rest, &n) || n > rest->len)
		return false;
	*ret_str = str_slice(*rest, 0, n);
	*rest = str_from(*rest, n);
	return true;
}

static bool unpack_byte(Str *rest, uint8_t *ret_byte)
{
	if (!rest->len)
		return false;
	*ret_byte = (uint8_t)rest->data[0];
	*rest = str_from(*rest, 1);
	return true;
}

/* A count of things that take at least a byte each. */
static bool unpack_count(Str *rest, size_t *ret_n)
{
	uint64_t n;

	if (!varint_next(rest, &n) || n > rest->len)
		return false;
	*ret_n = n;
	return true;
}

static bool unpack_strs(Str *rest, Arena *arena, Str **ret_strs, size_t *ret_n)
{
	if (!unpack_count(rest, ret_n))
		return false;
	*ret_strs = arena_new_n(arena, Str, *ret_n);
	for (size_t i = 0; i < *ret_n; i++)
		if (!unpack_str(rest, &(*ret_strs)[i]))
			return false;
	return true;
}

static bool unpack_block(Str *rest, Block *block)
{
	uint8_t kind;

	if (!unpack_byte(rest, &kind) || kind >= N_BLOCK_KINDS)
		return false;
	block->kind = kind;
	if (kind == BLOCK_HEADING && (!unpack_byte(rest, &block->level) || !unpack_str(rest, &block->anchor)))
		return false;
	if (kind == BLOCK_CODE && !unpack_str(rest, &block->lang))
		return false;
	return unpack_str(rest, &block->text);
}

/* The text that StoreText.places[i] is about. */
static Str text_of_places(const StoreText *text, size_t i)
{
	if (i < 2)
		return i == 0 ? text->title : text->description;
	i -= 2;
	return i < text->n_term_names ? text->term_names[i] : text->blocks[i - text->n_term_names].text;
}

static bool unpack_places(Str *rest, Arena *arena, StoreText *text)
{
	size_t n = store_text_n_places(text);

	text->places = arena_new_n(arena, uint32_t, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t n_places;

		/* A place takes a byte of its text at least. */
		if (!varint_next(rest, &n_places) || n_places > text_of_places(text, i).len)
			return false;
		text->places[i] = (uint32_t)n_places;
	}
	return true;
}

static bool unpack(Str raw, Arena *arena, StoreText *text)
{
	uint64_t weight;

	if (!unpack_str(&raw, &text->title) || !unpack_str(&raw, &text->description) ||
	    !unpack_str(&raw, &text->summary) || !unpack_str(&raw, &text->lang) || !unpack_str(&raw, &text->type) ||
	    !varint_next(&raw, &weight) || !unpack_strs(&raw, arena, &text->aliases, &text->n_aliases) ||
	    !unpack_strs(&raw, arena, &text->term_names, &text->n_term_names) || !unpack_count(&raw, &text->n_blocks))
		return false;
	text->weight = (int64_t)weight;
	text->blocks = arena_new_n(arena, Block, text->n_blocks);
	for (size_t i = 0; i < text->n_blocks; i++)
		if (!unpack_block(&raw, &text->blocks[i]))
			return false;
	return unpack_places(&raw, arena, text) && raw.len == 0;
}

bool page_text_unpack(ZSTD_DCtx *context, const char *path, Str record, Arena *arena, StoreText **ret_text, Error *err)
{
	StoreText *text = arena_new(arena, StoreText);
	uint64_t n_raw;
	char *raw;

	if (!varint_next(&record, &n_raw) || n_raw > LIMIT_RECORD_BYTES)
		return error_damaged(err, path, "a page's text is damaged");
	raw = arena_alloc(arena, n_raw + 1);
	if (ZSTD_decompressDCtx(context, raw, n_raw, record.data, record.len) != n_raw ||
	    !unpack((Str){ raw, n_raw }, arena, text))
		return error_damaged(err, path, "a page's text is damaged");
	text->bytes = (Str){ raw, n_raw };
	*ret_text = text;
	return true;
}

/* --- Pieces ------------------------------------------------------------------------------ */

size_t piece_bytes(size_t record_len)
{
	size_t least = record_len / MOST_PIECES + 1;

	return least > PIECE_BYTES ? least : PIECE_BYTES;
}

bool page_text_read(sqlite3_stmt *stmt, const char *path, uint32_t page, Arena *arena, Str *ret_record, Error *err)
{
	CLEANUP(statement_reset) sqlite3_stmt *pieces = stmt;
	CLEANUP(buf_deinit) Buf record = BUF_INIT(BUF_NO_CEILING);
	int status;

	sqlite3_bind_int64(pieces, 1, PIECE_ID(page, 0));
	sqlite3_bind_int64(pieces, 2, PIECE_ID(page, MOST_PIECES - 1));
	while ((status = sqlite3_step(pieces)) == SQLITE_ROW)
		buf_append(&record, column_blob(pieces, 0));
	if (status != SQLITE_DONE)
		return database_error(err, sqlite3_db_handle(pieces), path);
	*ret_record = arena_str_dup(arena, buf_str(&record));
	return true;
}
