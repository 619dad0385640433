/* blogsearch export: every page of the index, in the order of files. */
#include "command.h"

#include "blogsearch/alloc.h"
#include "export_page.h"

#define WRITE_EVERY_BYTES (256u * 1024)

const Option export_options[] = {
	{ "format", OPTION_VALUE, 0, "FORMAT", "ndjson (default), opensearch, meilisearch, typesense or algolia" },
	{ 0 },
};

static bool find_format(const Context *context, const ExportFormat **ret_format, Error *err)
{
	const char *name = option_value(context->arguments, "format");

	*ret_format = export_format(name ? name : "ndjson");
	return *ret_format || error_set(err, ERROR_USAGE,
	                                "--format %s is none of ndjson, opensearch, meilisearch, typesense, algolia", name);
}

/* Page numbers in the order of files. */
static uint32_t *pages_by_file(const Catalog *catalog)
{
	uint32_t *pages = xnew0_n(uint32_t, catalog->n_pages + 1);

	for (uint32_t id = 1; id < catalog->n_slots; id++)
		if ((catalog->flags[id] & CATALOG_PRESENT) && catalog->file_rank[id] < catalog->n_pages)
			pages[catalog->file_rank[id]] = id;
	return pages;
}

static bool write_page(StoreReader *reader, const Catalog *catalog, uint32_t number, const ExportFormat *format,
                       Buf *out, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	ExportPage page = { .catalog = catalog, .number = number };
	StoreText *text;

	if (!store_page(reader, number, &arena, &page.row, err) || !store_text(reader, number, &arena, &text, err))
		return false;
	page.text = text;
	format->write(&page, &arena, out);
	return true;
}

int cmd_export(Context *context, Error *err)
{
	CLEANUP(store_reader_freep) StoreReader *reader = NULL;
	CLEANUP(catalog_deinit) Catalog catalog = { 0 };
	CLEANUP(free_ptr) uint32_t *pages = NULL;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	const ExportFormat *format;

	if (!find_format(context, &format, err) || !store_reader_open(context->index, &reader, err) ||
	    !store_load_catalog(reader, &catalog, err))
		return -1;
	pages = pages_by_file(&catalog);
	for (uint32_t i = 0; i < catalog.n_pages; i++) {
		if (!write_page(reader, &catalog, pages[i], format, &out, err))
			return -1;
		if (out.len < WRITE_EVERY_BYTES)
			continue;
		if (!output_write(buf_str(&out), err))
			return -1;
		buf_clear(&out);
	}
	return output_write(buf_str(&out), err) ? 0 : -1;
}
