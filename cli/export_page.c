/*
 * `ndjson` is INTERFACES' own form: all that is known, an object a line. The others are flat, as
 * search engines like their documents, and each is what its engine's bulk import takes:
 *
 *	opensearch   _bulk: a line of action, a line of document         POST /INDEX/_bulk
 *	meilisearch  NDJSON with `id`; times as numbers, to be filtered  POST /indexes/INDEX/documents
 *	typesense    JSON lines with `id`; what is unknown left out      POST /collections/NAME/documents/import
 *	algolia      NDJSON with `objectID`, a record a section: its records are small
 *	                                                                 algolia objects import INDEX -F FILE
 */
#include "export_page.h"

#include "blogsearch/hash.h"
#include "blogsearch/json.h"

/* --- Parts ------------------------------------------------------------------------------------- */

static void put_string(JsonWriter *json, const char *key, Str text)
{
	json_key(json, str_from_c(key));
	json_string(json, text);
}

static void put_time(JsonWriter *json, const char *key, int64_t seconds)
{
	json_key(json, str_from_c(key));
	json_time(json, seconds);
}

static void begin_list(JsonWriter *json, const char *key)
{
	json_key(json, str_from_c(key));
	json_begin_array(json);
}

static Str lang_of(const ExportPage *page)
{
	return page->catalog->langs[page->catalog->lang[page->number]];
}

static Str section_of(const ExportPage *page)
{
	return page->catalog->sections[page->catalog->section[page->number]];
}

static bool has_series_order(const ExportPage *page)
{
	return page->catalog->flags[page->number] & CATALOG_HAS_SERIES_ORDER;
}

/* The texts of blocks of @kind, a line between them. */
static Str joined_blocks(const ExportPage *page, BlockKind kind, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	for (size_t i = 0; i < page->text->n_blocks; i++) {
		if (page->text->blocks[i].kind != kind)
			continue;
		if (out.len)
			buf_append_char(&out, '\n');
		buf_append(&out, page->text->blocks[i].text);
	}
	return arena_str_dup(arena, buf_str(&out));
}

static void put_blocks(JsonWriter *json, const char *key, const ExportPage *page, BlockKind kind)
{
	begin_list(json, key);
	for (size_t i = 0; i < page->text->n_blocks; i++)
		if (page->text->blocks[i].kind == kind)
			json_string(json, page->text->blocks[i].text);
	json_end_array(json);
}

/* --- ndjson ------------------------------------------------------------------------------------- */

static void put_aliases(JsonWriter *json, const StoreText *text)
{
	begin_list(json, "aliases");
	for (size_t i = 0; i < text->n_aliases; i++)
		json_string(json, text->aliases[i]);
	json_end_array(json);
}

static void put_term(JsonWriter *json, const ExportPage *page, const CatalogTerm *term)
{
	CatalogTermLang here = catalog_term_in(term, lang_of(page));

	json_begin_object(json);
	put_string(json, "name", here.name);
	put_string(json, "slug", term->slug);
	json_key(json, STR("relurl"));
	json_string_or_null(json, here.url);
	json_end_object(json);
}

typedef void (*PutTerm)(JsonWriter *json, const ExportPage *page, const CatalogTerm *term);

/* Plural name → the page's terms of that facet, for each that it has; @key_of may name it otherwise. */
static void put_facets(JsonWriter *json, const ExportPage *page, PutTerm put, Str (*key_of)(Str plural))
{
	const Catalog *catalog = page->catalog;

	for (uint32_t facet = 0; facet < catalog->n_facets; facet++) {
		bool is_begun = false;

		for (uint32_t i = catalog->term_start[page->number]; i < catalog->term_start[page->number + 1]; i++) {
			const CatalogTerm *term = &catalog->terms[catalog->term_ids[i]];

			if (term->facet != facet)
				continue;
			if (!is_begun) {
				json_key(json, key_of ? key_of(catalog->facets[facet].plural) : catalog->facets[facet].plural);
				json_begin_array(json);
			}
			is_begun = true;
			put(json, page, term);
		}
		if (is_begun)
			json_end_array(json);
	}
}

static void put_headings(JsonWriter *json, const StoreText *text)
{
	begin_list(json, "headings");
	for (size_t i = 0; i < text->n_blocks; i++) {
		if (text->blocks[i].kind != BLOCK_HEADING)
			continue;
		json_begin_object(json);
		json_key(json, STR("level"));
		json_uint(json, text->blocks[i].level);
		json_key(json, STR("anchor"));
		json_string_or_null(json, text->blocks[i].anchor);
		put_string(json, "title", text->blocks[i].text);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_code(JsonWriter *json, const StoreText *text)
{
	begin_list(json, "code");
	for (size_t i = 0; i < text->n_blocks; i++) {
		if (text->blocks[i].kind != BLOCK_CODE)
			continue;
		json_begin_object(json);
		put_string(json, "lang", text->blocks[i].lang);
		put_string(json, "text", text->blocks[i].text);
		json_end_object(json);
	}
	json_end_array(json);
}

static void write_ndjson(const ExportPage *page, Arena *arena, Buf *out)
{
	const Catalog *catalog = page->catalog;
	const StoreText *text = page->text;
	JsonWriter json = json_writer(out);

	json_begin_object(&json);
	put_string(&json, "file", page->row.file);
	put_string(&json, "path", page->row.path);
	put_string(&json, "kind", page_kind_name(catalog->kind[page->number]));
	put_string(&json, "url", page->row.url);
	put_string(&json, "relurl", page->row.relurl);
	put_string(&json, "title", page->row.title);
	put_string(&json, "description", text->description);
	put_time(&json, "published", catalog->published[page->number]);
	put_time(&json, "updated", catalog->updated[page->number]);
	put_time(&json, "expires", page->row.expires);
	put_string(&json, "lang", lang_of(page));
	put_string(&json, "section", section_of(page));
	put_string(&json, "type", text->type);
	json_key(&json, STR("weight"));
	json_int(&json, text->weight);
	put_aliases(&json, text);
	json_key(&json, STR("taxonomies"));
	json_begin_object(&json);
	put_facets(&json, page, put_term, NULL);
	json_end_object(&json);
	json_key(&json, STR("series_order"));
	if (has_series_order(page))
		json_int(&json, catalog->series_order[page->number]);
	else
		json_null(&json);
	put_headings(&json, text);
	put_string(&json, "summary", text->summary);
	put_string(&json, "text", joined_blocks(page, BLOCK_PROSE, arena));
	put_code(&json, text);
	put_blocks(&json, "captions", page, BLOCK_CAPTION);
	json_key(&json, STR("words"));
	json_uint(&json, page->row.words);
	json_end_object(&json);
	buf_append_char(out, '\n');
}

/* --- Flat documents ------------------------------------------------------------------------------ */

/* Of letters and digits alone, the same in every run: all the engines take it. */
static Str stable_id(const ExportPage *page, Arena *arena)
{
	return arena_printf(arena, "%016llx", (unsigned long long)hash_bytes(page->row.file));
}

static void put_term_name(JsonWriter *json, const ExportPage *page, const CatalogTerm *term)
{
	json_string(json, catalog_term_in(term, lang_of(page)).name);
}

/* A taxonomy that is called as a key of the document is. */
static Str flat_key(Str plural)
{
	static const struct {
		const char *plural, *key;
	} taken[] = {
		{ "path", "taxonomy_path" },       { "kind", "taxonomy_kind" },     { "title", "taxonomy_title" },
		{ "lang", "taxonomy_lang" },       { "section", "taxonomy_section" }, { "summary", "taxonomy_summary" },
		{ "words", "taxonomy_words" },     { "headings", "taxonomy_headings" }, { "text", "taxonomy_text" },
		{ "code", "taxonomy_code" },       { "captions", "taxonomy_captions" }, { "url", "taxonomy_url" },
		{ "id", "taxonomy_id" },           { "image", "taxonomy_image" },   { "page", "taxonomy_page" },
		{ "published", "taxonomy_published" }, { "updated", "taxonomy_updated" }, { "heading", "taxonomy_heading" },
		{ "description", "taxonomy_description" }, { "position", "taxonomy_position" },
		{ "series_order", "taxonomy_series_order" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		if (str_equal(plural, str_from_c(taken[i].plural)))
			return str_from_c(taken[i].key);
	return plural;
}

static void put_text_unless_empty(JsonWriter *json, const char *key, Str text)
{
	if (text.len)
		put_string(json, key, text);
}

/* As text for reading, as a number for filtering and sorting. */
static void put_time_unless_none(JsonWriter *json, const char *key, const char *number_key, int64_t seconds)
{
	if (seconds == TIME_NONE)
		return;
	put_time(json, key, seconds);
	json_key(json, str_from_c(number_key));
	json_int(json, seconds);
}

/* What every flat document says of its page, but the text. What is unknown is left out. */
static void put_facts(JsonWriter *json, const ExportPage *page)
{
	const Catalog *catalog = page->catalog;

	put_string(json, "path", page->row.path);
	put_string(json, "kind", page_kind_name(catalog->kind[page->number]));
	put_string(json, "title", page->row.title);
	put_text_unless_empty(json, "description", page->text->description);
	put_text_unless_empty(json, "summary", page->text->summary);
	put_text_unless_empty(json, "image", page->row.image);
	put_time_unless_none(json, "published", "published_timestamp", catalog->published[page->number]);
	put_time_unless_none(json, "updated", "updated_timestamp", catalog->updated[page->number]);
	put_string(json, "lang", lang_of(page));
	put_text_unless_empty(json, "section", section_of(page));
	put_facets(json, page, put_term_name, flat_key);
	if (has_series_order(page)) {
		json_key(json, STR("series_order"));
		json_int(json, catalog->series_order[page->number]);
	}
	json_key(json, STR("words"));
	json_uint(json, page->row.words);
}

static void put_document(JsonWriter *json, const ExportPage *page, Arena *arena)
{
	json_begin_object(json);
	put_string(json, "id", stable_id(page, arena));
	put_string(json, "url", page->row.url);
	put_facts(json, page);
	put_blocks(json, "headings", page, BLOCK_HEADING);
	put_string(json, "text", joined_blocks(page, BLOCK_PROSE, arena));
	put_blocks(json, "code", page, BLOCK_CODE);
	put_blocks(json, "captions", page, BLOCK_CAPTION);
	json_end_object(json);
}

static void write_document(const ExportPage *page, Arena *arena, Buf *out)
{
	JsonWriter json = json_writer(out);

	put_document(&json, page, arena);
	buf_append_char(out, '\n');
}

static void write_opensearch(const ExportPage *page, Arena *arena, Buf *out)
{
	JsonWriter json = json_writer(out);

	/* No `_index`: the address that it is posted to names it. */
	json_begin_object(&json);
	json_key(&json, STR("index"));
	json_begin_object(&json);
	put_string(&json, "_id", stable_id(page, arena));
	json_end_object(&json);
	json_end_object(&json);
	buf_append_char(out, '\n');
	write_document(page, arena, out);
}

/* --- Algolia: records of a section each, as records are small there (10 KB) ------------------------ */

#define ALGOLIA_RECORD_BYTES 9900 /* as JSON: the smallest plans take 10 KB */
#define ALGOLIA_TEXT_LEAST   500  /* whatever the page's own facts take of it */

typedef struct Records {
	const ExportPage *page;
	Arena *arena;
	Buf *out;
	Buf text;      /* of the record at hand */
	size_t text_bytes; /* of it, as JSON */
	Str heading, anchor;
	unsigned n;
} Records;

static void put_record(const Records *records, Str text, Buf *out)
{
	const ExportPage *page = records->page;
	JsonWriter json = json_writer(out);
	Str id = stable_id(page, records->arena);
	Str url = records->anchor.len ? arena_printf(records->arena, "%.*s#%.*s", STR_ARG(page->row.url),
	                                             STR_ARG(records->anchor)) : page->row.url;

	json_begin_object(&json);
	put_string(&json, "objectID", arena_printf(records->arena, "%.*s-%u", STR_ARG(id), records->n));
	put_string(&json, "page", id);
	put_string(&json, "url", url);
	put_facts(&json, page);
	put_text_unless_empty(&json, "heading", records->heading);
	json_key(&json, STR("position"));
	json_uint(&json, records->n);
	put_string(&json, "text", text);
	json_end_object(&json);
	buf_append_char(out, '\n');
}

static void write_record(Records *records)
{
	if (!records->text.len && !records->heading.len && records->n)
		return;
	put_record(records, buf_str(&records->text), records->out);
	records->n++;
	records->text_bytes = 0;
	buf_clear(&records->text);
}

/* Bytes that a record has for its text, beside what it says of its page. */
static size_t room(const Records *records)
{
	CLEANUP(buf_deinit) Buf rest = BUF_INIT(BUF_NO_CEILING);

	put_record(records, STR_EMPTY, &rest);
	return rest.len + ALGOLIA_TEXT_LEAST < ALGOLIA_RECORD_BYTES ? ALGOLIA_RECORD_BYTES - rest.len : ALGOLIA_TEXT_LEAST;
}

static size_t json_bytes_of(char c)
{
	if (c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r')
		return 2;
	return (unsigned char)c < 0x20 ? sizeof("\\u0000") - 1 : 1;
}

/* How much of @text is at most @most bytes as JSON, cut at a blank where there is one. */
static size_t fitting(Str text, size_t most, size_t *ret_bytes)
{
	size_t n = 0, bytes = 0, blank = 0, blank_bytes = 0;

	for (; n < text.len && bytes + json_bytes_of(text.data[n]) <= most; n++) {
		if (text.data[n] == ' ' || text.data[n] == '\n') {
			blank = n;
			blank_bytes = bytes;
		}
		bytes += json_bytes_of(text.data[n]);
	}
	if (n < text.len && blank > n / 2) {
		n = blank;
		bytes = blank_bytes;
	}
	for (; n < text.len && n > 1 && ((unsigned char)text.data[n] & 0xc0) == 0x80; n--)
		bytes--;
	*ret_bytes = bytes;
	return n;
}

static void add_to_record(Records *records, Str text)
{
	size_t most = room(records);

	while (text.len) {
		size_t bytes, n = fitting(text, most, &bytes);

		if (records->text.len && records->text_bytes + bytes > most)
			write_record(records);
		if (records->text.len) {
			buf_append_char(&records->text, '\n');
			records->text_bytes += json_bytes_of('\n');
		}
		buf_append(&records->text, str_slice(text, 0, n));
		records->text_bytes += bytes;
		text = str_from(text, n);
	}
}

static void write_algolia(const ExportPage *page, Arena *arena, Buf *out)
{
	Records records = { .page = page, .arena = arena, .out = out, .text = BUF_INIT(BUF_NO_CEILING) };

	for (size_t i = 0; i < page->text->n_blocks; i++) {
		const Block *block = &page->text->blocks[i];

		if (block->kind == BLOCK_HEADING) {
			write_record(&records);
			records.heading = block->text;
			records.anchor = block->anchor;
		} else if (block->kind != BLOCK_INLINE_CODE) {
			add_to_record(&records, block->text);
		}
	}
	write_record(&records);
	buf_deinit(&records.text);
}

const ExportFormat *export_format(const char *name)
{
	static const ExportFormat formats[] = {
		{ "ndjson", write_ndjson },           { "opensearch", write_opensearch },
		{ "meilisearch", write_document },    { "typesense", write_document },
		{ "algolia", write_algolia },
	};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (strcmp(name, formats[i].name) == 0)
			return &formats[i];
	return NULL;
}
