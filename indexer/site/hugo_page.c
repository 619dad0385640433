/* One page by Hugo's rules: what its front matter says, its terms, how its text is read. docs/hugo.md. */
#include "blogsearch/file.h"
#include "blogsearch/limits.h"
#include "hugo.h"
#include "read_metadata.h"

/* Up to 0.122 a section that is left out took everything below with it. */
static bool is_below_left_out(const Hugo *hugo, const SourceFile *source)
{
	Str folder = source->folder;

	if (hugo->version >= HUGO_VERSION(123, 0))
		return false;
	for (;;) {
		const HugoSection *section = hugo_section(hugo, source->lang, folder);

		if (section && section->is_left_out)
			return true;
		if (!folder.len)
			return false;
		folder = path_folder(folder);
	}
}

bool hugo_disables(const HugoLanguage *language, PageKind kind)
{
	const Value *kinds = value_get(language->config, STR("disableKinds"));

	for (size_t i = 0; kinds && kinds->kind == VALUE_LIST && i < kinds->list.n; i++)
		if (str_equal_nocase(value_text(kinds->list.items[i]), page_kind_name(kind)))
			return true;
	return false;
}

/* --- Terms ------------------------------------------------------------------------------------------------ */

static void add_terms(const Site *site, const Value *values, const HugoTaxonomy *taxonomy, bool is_declared,
                      const HugoLanguage *language, TermList *list)
{
	const Hugo *hugo = site->inside;
	Str *names;
	size_t n = value_texts(values, list->arena, &names);

	for (size_t i = 0; i < n; i++) {
		Str key = hugo_term_key(hugo, names[i], list->arena);
		Str url = is_declared && key.len && !hugo_disables(language, PAGE_TERM) &&
		                          hugo_has_term_page(hugo, language->key, taxonomy->singular, key)
		                  ? hugo_term_url(site, language, taxonomy, names[i], list->arena)
		                  : STR_EMPTY;

		term_add(list, (DocumentTerm){ .facet = taxonomy->singular, .name = names[i], .slug = key, .relurl = url,
		                               .is_url_by_name = hugo->keeps_case && url.len });
	}
}

static bool is_declared(const HugoLanguage *language, Str plural)
{
	for (size_t i = 0; i < language->n_taxonomies; i++)
		if (str_equal(language->taxonomies[i].plural, plural))
			return true;
	return false;
}

/* The site's taxonomies, then `series` and `author`, which are facets whether declared or not. */
static void read_terms(const Site *site, const HugoLanguage *language, const Value *front, Arena *arena,
                       Document *document)
{
	static const HugoTaxonomy series = { STR_INIT("series"), STR_INIT("series") };
	static const HugoTaxonomy authors = { STR_INIT("author"), STR_INIT("authors") };
	const Hugo *hugo = site->inside;
	TermList list = { .arena = arena };

	for (size_t i = 0; i < language->n_taxonomies; i++)
		add_terms(site, hugo_front_key(hugo, front, language->taxonomies[i].plural), &language->taxonomies[i], true,
		          language, &list);
	if (!is_declared(language, series.plural))
		add_terms(site, hugo_front_key(hugo, front, series.plural), &series, false, language, &list);
	if (!is_declared(language, authors.plural)) {
		add_terms(site, hugo_front_key(hugo, front, authors.plural), &authors, false, language, &list);
		add_terms(site, hugo_front_key(hugo, front, authors.singular), &authors, false, language, &list);
	}
	document->terms = list.terms;
	document->n_terms = list.n;
}

/* --- How its text is read ----------------------------------------------------------------------------------- */

static HeadingIdStyle heading_ids(const Value *config)
{
	Str style = value_text(value_path(config, "markup.goldmark.parser.autoHeadingIDType"));

	if (!value_bool(value_path(config, "markup.goldmark.parser.autoHeadingID"), true))
		return HEADING_ID_NONE;
	if (str_equal_nocase(style, STR("github-ascii")))
		return HEADING_ID_GITHUB_ASCII;
	return str_equal_nocase(style, STR("blackfriday")) ? HEADING_ID_BLACKFRIDAY : HEADING_ID_GITHUB;
}

/* `footnote: false`, newer `footnote: {enable: false}`; all are on by themselves. */
static bool has_extension(const Value *config, const char *name)
{
	const Value *extension = value_get(value_path(config, "markup.goldmark.extensions"), str_from_c(name));
	const Value *enable = value_get(extension, STR("enable"));

	if (!enable)
		enable = value_get(extension, STR("disable"));
	if (enable && !value_get(extension, STR("enable")))
		return !value_bool(enable, false);
	return value_bool(enable ? enable : extension, true);
}

static MarkdownOptions markdown_options(const Hugo *hugo, const HugoLanguage *language, const Value *front)
{
	const Value *config = language->config;

	return (MarkdownOptions){
		.heading_ids = heading_ids(config),
		.keeps_html = hugo_truth(config, "markup.goldmark.renderer.unsafe"),
		.has_tables = has_extension(config, "table"),
		.has_task_lists = has_extension(config, "taskList"),
		.has_strikethrough = has_extension(config, "strikethrough"),
		.has_single_tilde = hugo->version >= HUGO_VERSION(112, 0),
		.has_definitions = has_extension(config, "definitionList"),
		.has_footnotes = has_extension(config, "footnote"),
		.has_addresses = has_extension(config, "linkify"),
		.has_typographer = has_extension(config, "typographer"),
		.has_heading_attributes = value_bool(value_path(config, "markup.goldmark.parser.attribute.title"), true),
		.has_block_attributes = hugo_truth(config, "markup.goldmark.parser.attribute.block"),
		.has_emoji = hugo_truth(config, "enableEmoji"),
		.has_math = hugo->version >= HUGO_VERSION(122, 0) &&
		            hugo_truth(config, "markup.goldmark.extensions.passthrough.enable"),
		.has_shortcodes = true,
		.knows_marks = hugo->version <= HUGO_VERSION(111, 3),
		.params = { front, value_get(config, STR("params")) },
	};
}

static bool has_cjk(Str text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t c;

		at += str_decode(text, at, &c);
		/* Han, Hangul, Hiragana, Katakana */
		if ((c >= 0x2e80 && c <= 0x2fdf) || c == 0x3005 || c == 0x3007 || (c >= 0x3021 && c <= 0x303b) ||
		    (c >= 0x3041 && c <= 0x30ff && c != 0x3099 && c != 0x309a && c != 0x30a0 && c != 0x30fb && c != 0x30fc) ||
		    (c >= 0x3131 && c <= 0x318e) || (c >= 0x31f0 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
		    (c >= 0xac00 && c <= 0xd7af) || (c >= 0x1100 && c <= 0x11ff) || (c >= 0xf900 && c <= 0xfaff) ||
		    (c >= 0xff66 && c <= 0xff9d) || (c >= 0x20000 && c <= 0x323af))
			return true;
	}
	return false;
}

static SummaryRules summary_rules(const Hugo *hugo, const HugoLanguage *language, const Value *front, Str source)
{
	const Value *is_cjk = value_get(front, STR("isCJKLanguage"));
	int64_t n_words = value_int(value_get(language->config, STR("summaryLength")), 70);

	return (SummaryRules){
		.style = hugo->version >= HUGO_VERSION(134, 0) ? SUMMARY_PARAGRAPHS : SUMMARY_SENTENCES,
		.n_words = n_words < 0 ? 0 : n_words > 10000 ? 10000 : (unsigned)n_words,
		.is_cjk = is_cjk ? value_bool(is_cjk, false)
		                 : hugo_truth(language->config, "hasCJKLanguage") && has_cjk(source),
	};
}

/* By the file's ending, unless front matter's `markup` says otherwise. */
static TextFormat text_format(const SourceFile *source, const Value *front)
{
	Str markup = value_text(value_get(front, STR("markup")));
	Str name = markup.len ? markup : source->extension;

	if (str_equal_nocase(name, STR("html")) || str_equal_nocase(name, STR("htm")))
		return TEXT_HTML;
	return str_equal_nocase(name, STR("org")) ? TEXT_ORG : TEXT_MARKDOWN;
}

/* --- The page ----------------------------------------------------------------------------------------------- */

static void set_dates(const HugoDates *dates, Document *document)
{
	document->published = dates->date.utc;
	document->updated = dates->lastmod.utc != dates->date.utc ? dates->lastmod.utc : TIME_NONE;
	document->expires = dates->expiry.utc;
}

static PageFate judge(const Site *site, const SourceFile *source, const HugoLanguage *language, const Value *front,
                      Str name)
{
	const Hugo *hugo = site->inside;
	PageFate fate = hugo_fate(site, language, front, name);

	if (fate != PAGE_PUBLISHED)
		return fate;
	if (!hugo_is_rendered(source, front) || is_below_left_out(hugo, source) || hugo_disables(language, source->kind))
		return PAGE_UNRENDERED;
	return is_opted_out(front) ||
	       (hugo->version >= HUGO_VERSION(123, 0) && is_opted_out(value_get(front, STR("params")))) ? PAGE_OPTED_OUT
	                                                                                               : PAGE_PUBLISHED;
}

bool hugo_describe(const Site *site, const SourceFile *source, const SplitPage *page, Arena *arena, Document *document,
                   PageReading *ret_reading, Error *err)
{
	const Hugo *hugo = site->inside;
	const HugoLanguage *language = hugo_language(hugo, source->lang);
	const Value *front = hugo_front(hugo, source, page, arena);
	Str name = source->is_bundle ? path_base(source->folder) : source->stem, type;
	HugoDates dates = hugo_dates(hugo, language, front, name, source->mtime_ns);

	(void)err;
	document->changes_at = page_changes_at(site->now, dates.publish.utc, !hugo->builds_future, dates.expiry.utc,
	                                       !hugo->builds_expired);
	ret_reading->fate = judge(site, source, language, front, name);
	if (ret_reading->fate != PAGE_PUBLISHED)
		return true;
	*ret_reading = (PageReading){
		.fate = PAGE_PUBLISHED, .format = text_format(source, front),
		.markdown = markdown_options(hugo, language, front),
		.summary = summary_rules(hugo, language, front, page->source),
	};
	document->title = value_text(value_get(front, STR("title")));
	document->relurl = hugo_page_url(site, source, front, &dates, document->title, arena);
	document->url = absolute_url(language->base_url, document->relurl, arena);
	read_metadata(front, document->relurl, language->base_url, source->image, arena, document);
	set_dates(&dates, document);
	document->place = hugo_place(hugo, source, arena);
	document->section = hugo_first_folder(hugo, source, arena);
	type = value_text(value_get(front, STR("type")));
	document->type = type.len ? type : document->section.len ? document->section : STR("page");
	/* Terms come from pages and sections. */
	if (source->kind != PAGE_TERM && source->kind != PAGE_TAXONOMY)
		read_terms(site, language, front, arena, document);
	return true;
}
