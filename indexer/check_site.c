/*
 * What an author wants to know of a site before readers do: pages that cannot be read, dates
 * and links that mean nothing to the generator, addresses and terms that are double, series
 * with gaps. Every page is read, nothing is written.
 */
#include "blogsearch/indexer.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/file.h"
#include "blogsearch/text.h"
#include "build_document.h"
#include "exclude.h"
#include "report.h"

#define LIMIT_REF_BYTES 300

/* A value of a facet as pages write it. */
typedef struct CheckedTerm {
	Str facet, name, slug;
	Str file; /* that has it first */
} CheckedTerm;

/* A page's place in a series. */
typedef struct CheckedPart {
	Str series, lang;
	int64_t order;
	Str file;
} CheckedPart;

/* A link by `ref`. */
typedef struct CheckedRef {
	Str file, target; /* @target: as written */
	unsigned line;
} CheckedRef;

typedef struct Checker {
	Site *site;
	Problems *problems;
	SourceFiles sources;
	Arena kept; /* what outlives a page */
	Map urls;   /* language-free address → number of a source, + 1 */
	Map terms;  /* facet, newline, slug → number of @all_terms, + 1 */
	VEC(CheckedTerm) all_terms;
	VEC(CheckedPart) parts;
	VEC(CheckedRef) refs;
	Map references; /* whatever a page can be referred to by */
	uint32_t n_pages;
} Checker;

static void note(Checker *checker, Str file, unsigned line, const char *what, const char *hint)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;

	error_at(&err, ERROR_SYNTAX, NULL, 0, what, hint);
	err.line = line;
	problem_add(checker->problems, file, &err);
}

/* --- A page by itself ------------------------------------------------------------------------------ */

static unsigned line_of(Str text, const char *at)
{
	unsigned line = 1;

	for (const char *c = text.data; c < at; c++)
		line += *c == '\n';
	return line;
}

/* The first argument of a shortcode, or the one that is named `path`. */
static Str target_argument(Str arguments)
{
	size_t quote;

	arguments = str_trim(arguments);
	if (str_starts_with(arguments, STR("path=")))
		arguments = str_trim(str_from(arguments, 5));
	if (!arguments.len || !strchr("\"`", arguments.data[0]))
		return str_slice(arguments, 0, str_find_char(arguments, ' '));
	quote = str_find_char(str_from(arguments, 1), arguments.data[0]);
	return str_slice(arguments, 1, quote == STR_NOT_FOUND ? quote : quote + 1);
}

/* "posts/second.md" of {{< ref "posts/second.md#part" >}} at the front of @text; empty for anything else. */
static Str ref_target(Str text)
{
	Str inside = str_slice(text, 3, LIMIT_REF_BYTES), target;
	size_t n = 0;

	inside = str_trim(str_slice(inside, 0, str_find(inside, STR("}}"))));
	if (str_starts_with(inside, STR("relref")))
		n = 6;
	else if (str_starts_with(inside, STR("ref")))
		n = 3;
	inside = str_from(inside, n);
	if (!n || !inside.len || !strchr(" \t\"`", inside.data[0]))
		return STR_EMPTY;
	target = target_argument(inside);
	return str_slice(target, 0, str_find_char(target, '#'));
}

static void keep_refs(Checker *checker, const SourceFile *source, Str text)
{
	size_t next;

	for (size_t at = 0; (next = str_find(str_from(text, at), STR("{{"))) != STR_NOT_FOUND; at += 2) {
		Str rest = str_from(text, at += next), target = STR_EMPTY;

		if (rest.len > 3 && strchr("<%", rest.data[2]))
			target = ref_target(rest);
		if (target.len)
			vec_push(&checker->refs, (CheckedRef){ source->file, arena_str_dup(&checker->kept, target),
			                                       line_of(text, rest.data) });
	}
}

/* --- What pages can be referred to by ------------------------------------------------------------------ */

/* In lower case, a hyphen for each blank, without slashes around it. */
static Str normalize(Str path, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	while (str_starts_with(path, STR("./")) || str_starts_with(path, STR("/")))
		path = str_from(path, path.data[0] == '/' ? 1 : 2);
	while (str_ends_with(path, STR("/")))
		path.len--;
	text_lower_case(path, &out);
	for (size_t i = 0; i < out.len; i++)
		if (out.data[i] == ' ')
			out.data[i] = '-';
	return arena_str_dup(arena, buf_str(&out));
}

/* By the whole path and by each of its ends. */
static void add_reference(Checker *checker, Str path)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str reference = normalize(path, &arena);

	while (reference.len) {
		size_t slash = str_find_char(reference, '/');

		map_put(&checker->references, reference, NULL);
		reference = slash == STR_NOT_FOUND ? STR_EMPTY : str_from(reference, slash + 1);
	}
}

/* A page's path without its ending, with its language's and without; a bundle's and a section's folder; its section. */
static void add_references_of(Checker *checker, const SourceFile *source)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Str path = str_slice(source->path, 0, source->path.len - path_extension(source->path).len - 1);

	add_reference(checker, path);
	add_reference(checker, source->is_bundle || source->kind != PAGE_PAGE
	                               ? source->folder : path_join(&arena, source->folder, source->stem));
	add_reference(checker, str_slice(source->folder, 0, str_find_char(source->folder, '/')));
}

static void add_term_reference(Checker *checker, const DocumentTerm *term)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	const Site *site = checker->site;

	for (size_t i = 0; i < site->n_facets; i++)
		if (str_equal(site->facets[i].name, term->facet))
			add_reference(checker, path_join(&arena, site->facets[i].plural, term->slug));
}

static void add_references(Checker *checker)
{
	VEC_FOREACH (source, &checker->sources)
		add_references_of(checker, source);
	for (size_t i = 0; i < checker->site->n_facets; i++)
		add_reference(checker, checker->site->facets[i].plural);
}

static Str without_ending(Str target)
{
	static const char *const endings[] = { "/_index.md", "/index.md", "/index.html", ".md", ".markdown", ".html" };

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (str_ends_with(target, str_from_c(endings[i])))
			return str_slice(target, 0, target.len - strlen(endings[i]));
	return target;
}

static void check_refs(Checker *checker)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	VEC_FOREACH (ref, &checker->refs) {
		Str wanted = without_ending(normalize(ref->target, &arena));

		/* The page itself, home, or a way up that only the generator follows. */
		if (!wanted.len || str_find(ref->target, STR("..")) != STR_NOT_FOUND || map_get(&checker->references, wanted))
			continue;
		note(checker, ref->file, ref->line,
		     arena_to_c(&arena, arena_printf(&arena, "refers to a page that is not there: %.*s", STR_ARG(ref->target))),
		     "name a file below the content folder");
	}
}

/* --- Pages together ---------------------------------------------------------------------------------- */

static void check_url(Checker *checker, const SourceFile *source, Str url, Arena *arena)
{
	bool is_new;
	MapEntry *entry = map_put(&checker->urls, url, &is_new);

	if (is_new) {
		entry->value = (uint64_t)(source - checker->sources.items) + 1;
		return;
	}
	note(checker, source->file, 0,
	     arena_to_c(arena, arena_printf(arena, "has the same address (%.*s) as %.*s", STR_ARG(url),
	                                    STR_ARG(checker->sources.items[entry->value - 1].file))),
	     "give one of them another slug or url");
}

static void keep_term(Checker *checker, const DocumentTerm *term, Str file, Arena *arena)
{
	bool is_new;
	MapEntry *entry = map_put(&checker->terms, arena_printf(arena, "%.*s\n%.*s\n%.*s", STR_ARG(term->facet),
	                                                        STR_ARG(term->slug), STR_ARG(term->name)), &is_new);

	if (!is_new)
		return;
	entry->value = checker->all_terms.n + 1;
	vec_push(&checker->all_terms, (CheckedTerm){
		arena_str_dup(&checker->kept, term->facet), arena_str_dup(&checker->kept, term->name),
		arena_str_dup(&checker->kept, term->slug), file });
}

static void keep_part(Checker *checker, const Document *document, const DocumentTerm *term)
{
	if (document->has_series_order && str_equal(term->facet, STR("series")))
		vec_push(&checker->parts, (CheckedPart){ arena_str_dup(&checker->kept, term->slug), document->lang,
		                                         document->series_order, document->file });
}

static int compare_parts(const void *a, const void *b)
{
	const CheckedPart *x = a, *y = b;
	int order = str_compare(x->series, y->series);

	if (!order)
		order = str_compare(x->lang, y->lang);
	if (order)
		return order;
	return x->order < y->order ? -1 : x->order > y->order ? 1 : str_compare(x->file, y->file);
}

static void check_series(Checker *checker)
{
	CheckedPart *parts = checker->parts.items;
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;

	if (checker->parts.n)
		qsort(parts, checker->parts.n, sizeof(*parts), compare_parts);
	for (size_t i = 0; i < checker->parts.n; i++) {
		const CheckedPart *part = &parts[i], *before = i ? &parts[i - 1] : NULL;
		bool is_first = !before || !str_equal(before->series, part->series) || !str_equal(before->lang, part->lang);

		if (is_first && part->order > 1)
			note(checker, part->file, 0,
			     arena_to_c(&arena, arena_printf(&arena, "is part %lld of the series %.*s, which has no part 1",
			                                     (long long)part->order, STR_ARG(part->series))),
			     "number the parts from 1 with series_order");
		else if (!is_first && part->order == before->order)
			note(checker, part->file, 0,
			     arena_to_c(&arena, arena_printf(&arena, "is part %lld of the series %.*s, and so is %.*s",
			                                     (long long)part->order, STR_ARG(part->series),
			                                     STR_ARG(before->file))),
			     "give one of them another series_order");
		else if (!is_first && part->order > before->order + 1)
			note(checker, part->file, 0,
			     arena_to_c(&arena, arena_printf(&arena, "is part %lld of the series %.*s, but there is no part %lld",
			                                     (long long)part->order, STR_ARG(part->series),
			                                     (long long)before->order + 1)),
			     "number the parts without a gap");
	}
}

/* Letters and digits alone, without an s at the end: what is alike but for the rest looks like one term. */
static Str likeness(Str facet, Str name, Arena *arena)
{
	CLEANUP(buf_deinit) Buf folded = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	text_fold(name, &folded);
	for (size_t at = 0; at < folded.len;) {
		uint32_t c;
		unsigned n = str_decode(buf_str(&folded), at, &c);

		/* Signs tell C from C++ and C#. */
		if (text_is_letter(c) || text_is_digit(c) || text_is_mark(c) || c == '+' || c == '#')
			buf_append(&out, str_slice(buf_str(&folded), at, at + n));
		at += n;
	}
	if (out.len > 3 && out.data[out.len - 1] == 's')
		buf_truncate(&out, out.len - 1);
	return arena_printf(arena, "%.*s\n%.*s", STR_ARG(facet), STR_ARG(buf_str(&out)));
}

static void check_terms(Checker *checker)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(map_deinit) Map alike = MAP_INIT;

	for (size_t i = 0; i < checker->all_terms.n; i++) {
		const CheckedTerm *term = &checker->all_terms.items[i], *first;
		bool is_new;
		MapEntry *entry = map_put(&alike, likeness(term->facet, term->name, &arena), &is_new);

		if (is_new) {
			entry->value = i + 1;
			continue;
		}
		first = &checker->all_terms.items[entry->value - 1];
		note(checker, term->file, 0,
		     arena_to_c(&arena, arena_printf(&arena, "has the %.*s \"%.*s\", which looks like \"%.*s\" in %.*s",
		                                     STR_ARG(term->facet), STR_ARG(term->name), STR_ARG(first->name),
		                                     STR_ARG(first->file))),
		     "write it the same everywhere");
	}
}

/* --- All of it ------------------------------------------------------------------------------------------ */

static void check_document(Checker *checker, const SourceFile *source, const Document *document, Arena *arena)
{
	check_url(checker, source, document->relurl, arena);
	for (size_t i = 0; i < document->n_terms; i++) {
		add_term_reference(checker, &document->terms[i]);
		keep_term(checker, &document->terms[i], source->file, arena);
		keep_part(checker, document, &document->terms[i]);
	}
}

static void check_page(Checker *checker, const SourceFile *source)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	CLEANUP(error_deinit) Error why = ERROR_INIT;
	CLEANUP(error_deinit) Error warning = ERROR_INIT;
	const Site *site = checker->site;
	Document *document = NULL;
	SourceBytes bytes;
	PageFate fate;

	checker->n_pages++;
	if (!read_source(site, source, &arena, &bytes, &why) ||
	    !build_document(site, source, &bytes, &arena, &document, &fate, &warning, &why)) {
		problem_add(checker->problems, source->file, &why);
		return;
	}
	if (warning.code != ERROR_NONE)
		problem_add(checker->problems, source->file, &warning);
	keep_refs(checker, source, bytes.text);
	if (fate == PAGE_PUBLISHED)
		check_document(checker, source, document, &arena);
}

static void checker_deinit(Checker *checker)
{
	vec_deinit(&checker->sources);
	vec_deinit(&checker->all_terms);
	vec_deinit(&checker->parts);
	vec_deinit(&checker->refs);
	map_deinit(&checker->references);
	map_deinit(&checker->urls);
	map_deinit(&checker->terms);
	arena_deinit(&checker->kept);
}

static int compare_problems(const void *a, const void *b)
{
	const IndexProblem *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	return order ? order : x->line < y->line ? -1 : x->line > y->line;
}

static void check_pages(Checker *checker)
{
	const Site *site = checker->site;

	add_references(checker);
	drop_excluded(site->options, &checker->sources); /* they can be referred to */
	VEC_FOREACH (source, &checker->sources)
		check_page(checker, source);
	VEC_FOREACH (source, &site->unknowable)
		note(checker, source->file, 0, "makes pages by a template, which cannot be known and are not found",
		     "write them as files where they should be");
	check_refs(checker);
	check_series(checker);
	check_terms(checker);
}

bool check_site(const IndexOptions *options, IndexReport *report, Error *err)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Problems problems = { .options = options };
	CLEANUP(site_deinit) Site site = { 0 };
	CLEANUP(checker_deinit) Checker checker = { .site = &site, .problems = &problems };
	bool is_done;

	is_done = site_detect(options, &arena, &site, err) &&
	          site.type->walk(&site, &problems, err) && site.type->list(&site, &checker.sources, &problems, err) &&
	          site_has_pages(&site, &checker.sources, err);
	if (is_done)
		check_pages(&checker);
	problems_move(&problems, report);
	if (report->n_problems)
		qsort(report->problems, report->n_problems, sizeof(IndexProblem), compare_problems);
	report->n_pages = checker.n_pages;
	return is_done;
}
