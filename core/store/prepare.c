/* The expensive half of storing a page: pure, in any thread. */
#include "prepare.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"
#include "page_text.h"

struct Preparer {
	Analyzer *analyzer;
	ZSTD_CCtx *zstd;
	PageTermsMaker *terms;
};

Preparer *preparer_new(void)
{
	Preparer *preparer = xnew(Preparer);

	*preparer = (Preparer){ analyzer_new(), ZSTD_createCCtx(), page_terms_maker_new() };
	if (!preparer->zstd)
		abort(); /* out of memory */
	return preparer;
}

Preparer *preparer_free(Preparer *preparer)
{
	if (!preparer)
		return NULL;
	analyzer_free(preparer->analyzer);
	ZSTD_freeCCtx(preparer->zstd);
	page_terms_maker_free(preparer->terms);
	free(preparer);
	return NULL;
}

/* --- Whether it is another document -------------------------------------------------------- */

static uint64_t hash_double(uint64_t hash, double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return hash_number(hash, bits);
}

static uint64_t hash_terms(uint64_t hash, const Document *document)
{
	hash = hash_number(hash, document->n_terms);
	for (size_t i = 0; i < document->n_terms; i++) {
		const DocumentTerm *term = &document->terms[i];

		hash = hash_more(hash, term->facet);
		hash = hash_more(hash, term->slug);
		hash = hash_more(hash, term->relurl);
		hash = hash_number(hash, term->is_url_by_name);
	}
	return hash;
}

/* What the record holds, then the columns of table page that it has not. */
static uint64_t hash_document(const Document *document, const StoreText *text)
{
	CLEANUP(buf_deinit) Buf laid_out = BUF_INIT(BUF_NO_CEILING);
	const Str texts[] = { document->path, document->place, document->url, document->relurl, document->section,
		              document->image };
	const int64_t numbers[] = { document->kind, document->published, document->updated, document->expires,
		                    document->n_words, document->has_series_order, document->series_order,
		                    document->is_evergreen };
	uint64_t hash;

	page_text_lay_out(text, &laid_out);
	hash = hash_bytes(buf_str(&laid_out));
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		hash = hash_more(hash, texts[i]);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		hash = hash_number(hash, (uint64_t)numbers[i]);
	hash = hash_double(hash, document->boost);
	hash = hash_terms(hash, document);
	return hash ? hash : 1;
}

uint64_t store_document_hash(const Document *document)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	return hash_document(document, text_of_document(document, &arena));
}

/* --- Preparing ------------------------------------------------------------------------------ */

StoreFile store_file_of(const Document *document, uint64_t document_hash)
{
	return (StoreFile){
		.file = document->file, .size = document->file_size, .mtime_ns = document->file_mtime_ns,
		.content_hash = document->content_hash, .fingerprint = document->fingerprint,
		.document_hash = document_hash, .changes_at = document->changes_at,
	};
}

StoreRow *store_prepare(Preparer *preparer, const Document *document, Arena *arena)
{
	StoreRow *row = arena_new(arena, StoreRow);
	StoreText *text = text_of_document(document, arena);

	row->document = document;
	row->file = store_file_of(document, hash_document(document, text));
	make_term_streams(preparer->analyzer, text, arena, &row->streams); /* counts the places that the record holds */
	make_page_terms(preparer->terms, &row->streams, arena, &row->terms);
	row->record = page_text_pack(preparer->zstd, text, arena);
	return row;
}
