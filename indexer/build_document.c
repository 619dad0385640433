/* The steps from bytes to a document, one after the other. */
#include "build_document.h"

#include "blogsearch/limits.h"
#include "blogsearch/text.h"
#include "parse_date.h"
#include "read_metadata.h"
#include "strip_html.h"
#include "strip_org.h"

static bool check_text(Str text, const char *name, Error *err)
{
	unsigned line = 1;

	if (str_is_utf8(text) && str_find_char(text, '\0') == STR_NOT_FOUND)
		return true;
	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		unsigned n = str_decode(text, at, &c);

		if ((n == 1 && c == 0xfffd) || c == 0)
			break;
		line += c == '\n';
		at += n;
	}
	return error_at(err, ERROR_SYNTAX, name, line, "is no UTF-8 text", "save it as UTF-8");
}

/* Parts that an author keeps out of the search, where comments are no markup. */
static Str drop_search_off(Str body, Arena *arena)
{
	static const char off[] = "<!-- search:off -->", on[] = "<!-- search:on -->";
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	size_t at;

	if (str_find(body, STR("search:off")) == STR_NOT_FOUND)
		return body;
	while ((at = str_find(body, str_from_c(off))) != STR_NOT_FOUND) {
		size_t end = str_find(str_from(body, at), str_from_c(on));

		buf_append(&out, str_slice(body, 0, at));
		body = end == STR_NOT_FOUND ? STR_EMPTY : str_from(body, at + end + sizeof(on) - 1);
	}
	buf_append(&out, body);
	return arena_str_dup(arena, buf_str(&out));
}

static bool is_html(const SourceFile *source)
{
	return str_equal(source->extension, STR("html")) || str_equal(source->extension, STR("htm"));
}

/* An .html file is a page only when it does not begin as a document of its own. */
static bool is_html_document(const SourceFile *source, Str text)
{
	text = str_trim(text);
	return is_html(source) && str_starts_with(text, STR("<")) && !str_starts_with(text, STR("<!--"));
}

static bool strip(const PageReading *reading, Str body, Arena *arena, Blocks *blocks)
{
	switch (reading->format) {
	case TEXT_HTML:
		strip_html_page(body, &reading->markdown, blocks);
		return true;
	case TEXT_ORG:
		strip_org(drop_search_off(body, arena), blocks);
		return true;
	case TEXT_MARKDOWN:
		break;
	}
	return strip_markdown(body, &reading->markdown, blocks);
}

static void count_words(Document *document)
{
	for (size_t i = 0; i < document->n_blocks; i++)
		if (document->blocks[i].kind == BLOCK_PROSE || document->blocks[i].kind == BLOCK_HEADING)
			document->n_words += text_count_words(document->blocks[i].text);
}

static Str strip_summary(Str summary, const PageReading *reading, Arena *arena)
{
	CLEANUP(blocks_deinit) Blocks blocks;

	blocks_init(&blocks, arena, LIMIT_PAGE_TEXT_BYTES(summary.len));
	return strip_markdown(summary, &reading->markdown, &blocks) ? tidy_summary(&blocks, arena) : summary;
}

/* Front matter's summary is Markdown, and gives way to the author's divider in the text. */
static Str summarize(const Document *document, const Blocks *text, const PageReading *reading, Arena *arena)
{
	return document->summary.len && text->divider == SIZE_MAX ? strip_summary(document->summary, reading, arena)
	                                                          : make_summary(text, reading->summary, arena);
}

static void drop_code(Document *document)
{
	size_t n = 0;

	for (size_t i = 0; i < document->n_blocks; i++)
		if (document->blocks[i].kind != BLOCK_CODE && document->blocks[i].kind != BLOCK_INLINE_CODE)
			document->blocks[n++] = document->blocks[i];
	document->n_blocks = n;
}

static bool read_text(const PageReading *reading, bool omits_code, const char *name, Str body, Arena *arena,
                      Document *document, Error *ret_warning, Error *err)
{
	CLEANUP(blocks_deinit) Blocks blocks;

	blocks_init(&blocks, arena, LIMIT_PAGE_TEXT_BYTES(body.len));
	if (!strip(reading, body, arena, &blocks))
		return error_at(err, ERROR_SYNTAX, name, 0, "cannot be read as Markdown", NULL);
	if (blocks.is_cut && ret_warning->code == ERROR_NONE)
		error_at(ret_warning, ERROR_TOO_LARGE, name, 0, "gives more text than is kept", "its end cannot be found");
	document->n_blocks = blocks_finish(&blocks, &document->blocks);
	if (omits_code)
		drop_code(document);
	count_words(document);
	document->summary = summarize(document, &blocks, reading, arena);
	return true;
}

/* A list or a map is no title: the page goes without one, as its generator has it, and the author is told. */
static void check_title(const Value *front, const char *name, Error *ret_warning)
{
	const ValueEntry *entry = value_entry(front, STR("title"));

	if (entry && (entry->value->kind == VALUE_LIST || entry->value->kind == VALUE_MAP))
		error_at(ret_warning, ERROR_SYNTAX, name, entry->line,
		         entry->value->kind == VALUE_LIST ? "has a list for its title" : "has a map for its title",
		         "write it as one text, in quotes where it begins with [ or {");
}

/* Dates that are none are as if they were not there; all in one message. */
static void check_dates(const Value *front, const char *name, Arena *arena, Error *ret_warning)
{
	static const char *const keys[] = { "date", "publishDate", "pubdate", "published", "created", "lastmod", "modified",
		                            "updated", "expiryDate", "unpublishdate" };
	CLEANUP(buf_deinit) Buf list = BUF_INIT(BUF_NO_CEILING);
	unsigned n = 0, line = 0;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const ValueEntry *entry = value_entry(front, str_from_c(keys[i]));
		ZonedTime time;

		if (!entry || entry->value->kind == VALUE_NULL || entry->value->kind == VALUE_BOOL ||
		    (entry->value->kind == VALUE_STRING && !str_trim(value_text(entry->value)).len) ||
		    parse_date_value(entry->value, NULL, &time))
			continue;
		line = n++ ? line : entry->line;
		buf_printf(&list, "%s%s: %.*s", n > 1 ? ", " : "", keys[i], STR_ARG(value_text(entry->value)));
	}
	if (!n || ret_warning->code != ERROR_NONE)
		return;
	error_at(ret_warning, ERROR_SYNTAX, name, line,
	         arena_to_c(arena, arena_printf(arena, "%s: %.*s", n > 1 ? "has dates that are none" : "has a date that is none",
	                                        STR_ARG(buf_str(&list)))),
	         "write it like 2024-05-03 or 2024-05-03T14:00:00+02:00");
}

static bool is_wanted_language(const IndexOptions *options, Str lang)
{
	for (size_t i = 0; i < options->n_languages; i++)
		if (str_equal_nocase(lang, str_from_c(options->languages[i])))
			return true;
	return options->n_languages == 0;
}

/* The facets that our own configuration makes of front matter. */
static void add_facets(const IndexOptions *options, const Value *front, Arena *arena, Document *document)
{
	TermList list = { arena, document->terms, document->n_terms, document->n_terms };

	for (size_t i = 0; i < options->n_facets; i++) {
		Str *names;
		size_t n = value_texts(value_path(front, options->facets[i].key), arena, &names);

		for (size_t k = 0; k < n; k++)
			term_add(&list, (DocumentTerm){ .facet = str_from_c(options->facets[i].name), .name = names[k],
			                                .slug = text_slug(names[k], arena) });
	}
	document->terms = list.terms;
	document->n_terms = list.n;
}

/* Lists are found when they say something themselves. */
static bool is_empty_list(const Document *document)
{
	return document->kind != PAGE_PAGE && document->n_blocks == 0;
}

bool build_document(const Site *site, const SourceFile *source, const SourceBytes *bytes, Arena *arena,
                    Document **ret_document, PageFate *ret_fate, Error *ret_warning, Error *err)
{
	Document *document = arena_new(arena, Document);
	const char *name = arena_to_c(arena, source->file);
	PageReading reading = { .fate = PAGE_UNRENDERED };
	SplitPage page;

	*document = (Document){
		.file = source->file, .path = source->path, .file_size = bytes->size,
		.file_mtime_ns = bytes->is_settled ? bytes->mtime_ns : TIME_NONE, .content_hash = bytes->hash,
		.fingerprint = source->fingerprint, .changes_at = TIME_NONE, .kind = source->kind, .lang = source->lang,
		.published = TIME_NONE, .updated = TIME_NONE, .expires = TIME_NONE, .boost = 1,
	};
	*ret_document = document;
	*ret_fate = PAGE_UNRENDERED;
	if (is_html_document(source, bytes->text))
		return true;
	if (!check_text(bytes->text, name, err) ||
	    !split_front_matter(bytes->text, name, site->reads_comments, arena, &page, err) ||
	    !site->type->describe(site, source, &page, arena, document, &reading, err))
		return false;
	*ret_fate = reading.fate;
	check_title(page.front, name, ret_warning);
	check_dates(page.front, name, arena, ret_warning);
	if (*ret_fate == PAGE_PUBLISHED && !is_wanted_language(site->options, document->lang))
		*ret_fate = PAGE_OTHER_LANGUAGE;
	if (*ret_fate != PAGE_PUBLISHED)
		return true;
	add_facets(site->options, page.front, arena, document);
	if (!read_text(&reading, site->options->omits_code, name, page.body, arena, document, ret_warning, err))
		return false;
	if (is_empty_list(document))
		*ret_fate = PAGE_WITHOUT_TEXT;
	return true;
}
