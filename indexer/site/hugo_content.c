/* Which files of a Hugo site are content: pages, leaf bundles, branches; in which language. */
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "blogsearch/alloc.h"
#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/limits.h"
#include "blogsearch/text.h"
#include "hugo.h"

typedef struct Listing {
	Site *site;
	Hugo *hugo;
	Problems *problems;
	SourceFiles *files;
	const HugoRoot *root;
	regex_t *ignored; /* hugo->ignored, made ready */
	Str full_root;    /* what these are matched against begins with it */
	Map known;        /* language, newline, path: the first root that has a file wins */
} Listing;

static bool is_content_extension(Str extension)
{
	static const char *const known[] = { "md", "markdown", "mdown", "html", "htm", "org", "adoc", "asciidoc", "ad",
		                             "rst", "rest", "pandoc", "pdc" };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_equal_nocase(extension, str_from_c(known[i])))
			return true;
	return false;
}

static bool is_content_file(Str base)
{
	return is_content_extension(path_extension(base)) && base.data[0] != '.' && base.data[0] != '#';
}

/* Up to 0.122 an ending that is not in lower case was none of content. */
static bool is_content(const Listing *listing, Str base)
{
	Str extension = path_extension(base);

	for (size_t i = 0; listing->hugo->version < HUGO_VERSION(123, 0) && i < extension.len; i++)
		if (extension.data[i] >= 'A' && extension.data[i] <= 'Z')
			return false;
	return is_content_file(base);
}

/* Most are already, and then need no memory: sites have many files. */
static Str in_lower_case(Str extension, Arena *arena)
{
	CLEANUP(buf_deinit) Buf lower = BUF_INIT(BUF_NO_CEILING);

	text_lower_case(extension, &lower);
	return str_equal(extension, buf_str(&lower)) ? extension : arena_str_dup(arena, buf_str(&lower));
}

/* Splits "post.de.md" into stem, language (if it is one of the site's) and extension. */
static void split_name(const Listing *listing, Str base, SourceFile *source)
{
	Str name, suffix;
	const HugoLanguage *language;

	source->extension = in_lower_case(path_extension(base), listing->site->arena);
	name = str_slice(base, 0, base.len - path_extension(base).len - 1);
	suffix = path_extension(name);
	language = suffix.len ? hugo_language(listing->hugo, suffix) : NULL;
	/* Languages are lower case, and up to 0.122 names of files were as they were. */
	if (language && listing->hugo->version < HUGO_VERSION(123, 0) && !str_equal(suffix, language->key))
		language = NULL;
	if (language)
		name.len -= suffix.len + 1;
	source->stem = name;
	source->lang = listing->root->lang.len ? listing->root->lang
	               : language ? language->key : listing->site->default_lang;
}

static PageKind kind_of_list(const Listing *listing, const SourceFile *source)
{
	Str term;
	const HugoTaxonomy *taxonomy =
		hugo_taxonomy_of_folder(hugo_language(listing->hugo, source->lang), source->folder, &term);

	if (!source->folder.len)
		return PAGE_HOME;
	return !taxonomy ? PAGE_SECTION : term.len ? PAGE_TERM : PAGE_TAXONOMY;
}

static SourceFile make_source(const Listing *listing, const FileEntry *entry)
{
	Arena *arena = listing->site->arena;
	SourceFile source = { .size = entry->size, .mtime_ns = entry->mtime_ns };

	source.file = path_join(arena, listing->root->folder, entry->path);
	source.path = listing->root->target.len ? path_join(arena, listing->root->target, entry->path) : entry->path;
	source.folder = path_folder(source.path);
	split_name(listing, path_base(source.path), &source);
	if (str_equal(source.stem, STR("_index")))
		source.kind = kind_of_list(listing, &source);
	else
		source.is_bundle = str_equal(source.stem, STR("index"));
	return source;
}

/* `ignoreFiles` against the full path. */
static bool is_ignored(const Listing *listing, Str path)
{
	const char *full = listing->hugo->n_ignored
	                           ? arena_to_c(listing->site->arena, path_join(listing->site->arena, listing->full_root, path))
	                           : NULL;

	for (size_t i = 0; i < listing->hugo->n_ignored; i++)
		if (regexec(&listing->ignored[i], full, 0, NULL, 0) == 0)
			return true;
	return false;
}

/* --- Bundles ---------------------------------------------------------------------------------------- */

/* A bundle's picture by its name: `feature*` before `cover*` before `thumbnail*`. */
static unsigned image_rank(Str base)
{
	static const char *const names[] = { "thumbnail", "cover", "feature" };
	static const char *const extensions[] = { "jpg", "jpeg", "png", "webp", "gif", "svg", "avif" };

	for (size_t e = 0; e < ARRAY_SIZE(extensions); e++) {
		if (!str_equal_nocase(path_extension(base), str_from_c(extensions[e])))
			continue;
		for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
			if (str_starts_with_nocase(base, str_from_c(names[i])))
				return i + 1;
	}
	return 0;
}

/* What is known of a folder before its files are judged. */
typedef struct Folder {
	bool is_leaf, is_branch;
	unsigned image_rank;
	Str image;
} Folder;

static Folder *folder_of(Map *folders, Str path, Arena *arena)
{
	bool is_new;
	MapEntry *entry = map_put(folders, path, &is_new);

	if (is_new)
		entry->value = (uintptr_t)arena_new(arena, Folder);
	return (Folder *)(uintptr_t)entry->value;
}

static void look_at_folders(const Listing *listing, const FileList *list, Map *folders)
{
	for (size_t i = 0; i < list->n; i++) {
		Str base = path_base(list->items[i].path);
		Folder *folder = folder_of(folders, path_folder(list->items[i].path), listing->site->arena);
		unsigned rank = image_rank(base);
		SourceFile source;

		if (rank > folder->image_rank) {
			folder->image_rank = rank;
			folder->image = base;
		}
		if (!is_content(listing, base) || is_ignored(listing, list->items[i].path))
			continue;
		split_name(listing, base, &source);
		folder->is_leaf = folder->is_leaf || str_equal(source.stem, STR("index"));
		folder->is_branch = folder->is_branch || str_equal(source.stem, STR("_index"));
	}
}

/* Whether @path lies in a leaf bundle and is not its page. */
static bool is_resource(const Map *folders, const SourceFile *source, Str path)
{
	Str folder = path_folder(path);
	const MapEntry *own = map_get(folders, folder);
	const Folder *here = own ? (const Folder *)(uintptr_t)own->value : NULL;

	if (here && here->is_leaf && !here->is_branch)
		return !source->is_bundle;
	while (folder.len) {
		const MapEntry *entry;

		folder = path_folder(folder);
		entry = map_get(folders, folder);
		if (entry && ((const Folder *)(uintptr_t)entry->value)->is_leaf &&
		    !((const Folder *)(uintptr_t)entry->value)->is_branch)
			return true;
	}
	return false;
}

/* `_index.md` beside an `index.md` is lost. */
static bool is_lost(const Map *folders, const SourceFile *source, Str path)
{
	const MapEntry *entry = map_get(folders, path_folder(path));

	return str_equal(source->stem, STR("_index")) && entry && ((const Folder *)(uintptr_t)entry->value)->is_leaf;
}

static void unreadable(void *context, Str path, bool is_folder, const Error *err)
{
	Listing *listing = context;

	if ((is_folder || is_content_file(path_base(path))) && !is_ignored(listing, path))
		problem_add(listing->problems, path_join(listing->site->arena, listing->root->folder, path), err);
}

/* A file of a theme is none where the project has one of the same path. */
static bool is_new(Listing *listing, const SourceFile *source)
{
	bool is_first = true;

	if (listing->hugo->n_roots > 1) /* else it is the only one */
		map_put(&listing->known, arena_printf(listing->site->arena, "%.*s\n%.*s", STR_ARG(source->lang),
	                                      STR_ARG(source->path)), &is_first);
	return is_first;
}

/* From 0.126 on a template may make pages. */
static bool is_adapter(const Listing *listing, Str path)
{
	Str base = path_base(path);

	return listing->hugo->version >= HUGO_VERSION(126, 0) && str_starts_with(base, STR("_content.")) &&
	       str_ends_with(base, STR(".gotmpl")) && !is_ignored(listing, path);
}

static void take_file(Listing *listing, const FileEntry *entry, Map *folders)
{
	SourceFile source;
	const HugoLanguage *language;

	if (is_adapter(listing, entry->path))
		vec_push(&listing->site->unknowable, make_source(listing, entry));
	if (!is_content(listing, path_base(entry->path)) || is_ignored(listing, entry->path))
		return;
	source = make_source(listing, entry);
	language = hugo_language(listing->hugo, source.lang);
	if (!language || language->is_disabled || is_resource(folders, &source, entry->path) ||
	    is_lost(folders, &source, entry->path) || !is_new(listing, &source))
		return;
	if (source.is_bundle)
		source.image = folder_of(folders, path_folder(entry->path), listing->site->arena)->image;
	vec_push(listing->files, source);
}

static bool is_missing(Str folder, Arena *arena)
{
	struct stat info;

	return stat(arena_to_c(arena, folder), &info) < 0 && errno == ENOENT;
}

static void enter_root(Listing *listing, const HugoRoot *root)
{
	listing->root = root;
	listing->full_root = path_join(listing->site->arena, str_from_c(listing->site->root), root->folder);
}

static bool walk_root(Listing *listing, FileList *files, Error *err)
{
	Arena *arena = listing->site->arena;

	if (listing->root->is_optional && is_missing(listing->full_root, arena))
		return true;
	return list_files(arena_to_c(arena, listing->full_root), arena, is_content_file, unreadable, listing, files, err);
}

static void list_root(Listing *listing, FileList *files)
{
	CLEANUP(map_deinit) Map folders = MAP_INIT;

	file_list_sort(files);
	look_at_folders(listing, files, &folders);
	VEC_FOREACH (file, files)
		take_file(listing, file, &folders);
}

/* --- Branches: read at every run, for what cascades from them ------------------------------------------ */

static bool read_section(Listing *listing, const SourceFile *source, Error *err)
{
	Arena *arena = listing->site->arena;
	const Hugo *hugo = listing->hugo;
	const char *name = arena_to_c(arena, source->file);
	Str path = path_join(arena, str_from_c(listing->site->root), source->file), text;
	HugoSection *section = arena_new(arena, HugoSection);
	SplitPage page;

	if (!file_read(arena_to_c(arena, path), LIMIT_PAGE_BYTES, arena, &text, err) ||
	    !split_front_matter(text, name, listing->site->reads_comments, arena, &page, err))
		return false;
	section->front = page.front;
	hugo_set_section(listing->hugo, source->lang, source->folder, section, arena);
	section->is_left_out = hugo_fate(listing->site, hugo_language(hugo, source->lang),
	                                 hugo_front(hugo, source, &page, arena), source->stem) != PAGE_PUBLISHED;
	return true;
}

static void read_sections(Listing *listing)
{
	/* Files are in the order of paths: a section comes before those inside of it. */
	VEC_FOREACH (source, listing->files)
		if (source->kind != PAGE_PAGE) {
			CLEANUP(error_deinit) Error why = ERROR_INIT;

			/* Its own page reports the problem. */
			(void)!read_section(listing, source, &why);
		}
}

/* --- Terms with a page of their own ---------------------------------------------------------------------- */

static StoreTerm describe_term(const Listing *listing, const SourceFile *source, const HugoSection *section,
                               const HugoTaxonomy *taxonomy, Str key)
{
	Site *site = listing->site;
	const Hugo *hugo = listing->hugo;
	HugoDates dates = hugo_dates(hugo, hugo_language(hugo, source->lang), section->front, source->stem, source->mtime_ns);
	StoreTerm term = { .facet = taxonomy->singular, .slug = hugo_term_key(hugo, key, site->arena), .lang = source->lang,
		           .name = str_trim(value_text(value_get(section->front, STR("title")))) };

	/* Its own title counts in a permalink, also where it has none. */
	term.relurl = hugo_page_url(site, source, section->front, &dates, term.name, site->arena);
	return term;
}

/* A term whose own page is not published has none; nor have, up to 0.122, those of a taxonomy that is left out. */
static void look_at_term(Listing *listing, const SourceFile *source)
{
	Site *site = listing->site;
	Hugo *hugo = listing->hugo;
	const HugoSection *section = hugo_section(hugo, source->lang, source->folder);
	const HugoLanguage *language = hugo_language(hugo, source->lang);
	bool is_term = source->kind == PAGE_TERM;
	const HugoTaxonomy *taxonomy;
	Str key;

	if (!section || (!is_term && source->kind != PAGE_TAXONOMY))
		return;
	taxonomy = hugo_taxonomy_of_folder(language, source->folder, &key);
	if (is_term ? section->is_left_out || !hugo_is_rendered(source, section->front) || hugo_disables(language, PAGE_TERM)
	            : section->is_left_out && hugo->version < HUGO_VERSION(123, 0)) {
		key = hugo_term_key(hugo, key, site->arena);
		hugo_hide_term(hugo, source->lang, taxonomy->singular, key, site->arena);
		/* Pages that have the term have to be read again when it is published. */
		site->fingerprint = hash_more(hash_more(hash_more(site->fingerprint, source->lang), taxonomy->singular), key);
	} else if (is_term) {
		site->terms[site->n_terms++] = describe_term(listing, source, section, taxonomy, key);
	}
}

static void find_terms(Listing *listing)
{
	size_t n = 0;

	VEC_FOREACH (source, listing->files)
		n += source->kind == PAGE_TERM;
	listing->site->terms = arena_new_n(listing->site->arena, StoreTerm, n);
	VEC_FOREACH (source, listing->files)
		look_at_term(listing, source);
}

/* --- What decides about a page beside its own content ------------------------------------------------------ */

static uint64_t hash_value(uint64_t hash, const Value *value)
{
	if (!value)
		return hash_number(hash, 99);
	hash = hash_number(hash, value->kind);
	hash = hash_more(hash, value->text);
	for (size_t i = 0; value->kind == VALUE_LIST && i < value->list.n; i++)
		hash = hash_value(hash, value->list.items[i]);
	for (size_t i = 0; value->kind == VALUE_MAP && i < value->map.n; i++)
		hash = hash_value(hash_more(hash, value->map.entries[i].key), value->map.entries[i].value);
	return hash;
}

/*
 * The file's place and language, the bundle's picture, and the sections above: whether they
 * exist and are published, what cascades from them, their slugs where a permalink has these.
 */
static uint64_t fingerprint(const Hugo *hugo, const SourceFile *source)
{
	uint64_t hash = hash_more(hash_more(hash_bytes(source->image), source->lang), source->path);
	Str folder = source->folder;

	hash = hash_number(hash, source->kind << 1 | source->is_bundle);
	for (;;) {
		const HugoSection *section = hugo_section(hugo, source->lang, folder);

		hash = hash_number(hash, section ? 1 + section->is_left_out : 0);
		if (section)
			hash = hash_value(hash, value_get(section->front, STR("cascade")));
		if (section && hugo->has_section_slugs)
			hash = hash_value(hash_value(hash, value_get(section->front, STR("title"))),
			                  value_get(section->front, STR("slug")));
		if (!folder.len)
			return hash;
		folder = path_folder(folder);
	}
}

static Listing listing_begin(Site *site, SourceFiles *files, Problems *problems)
{
	const Hugo *hugo = site->inside;
	Listing listing = { .site = site, .hugo = site->inside, .problems = problems, .files = files,
		            .ignored = xnew0_n(regex_t, hugo->n_ignored + 1) };

	for (size_t i = 0; i < hugo->n_ignored; i++)
		/* They have been tried: hugo_settings.c. */
		if (regcomp(&listing.ignored[i], hugo->ignored[i].data, REG_EXTENDED | REG_NOSUB) != 0)
			abort();
	return listing;
}

static void listing_deinit(Listing *listing)
{
	for (size_t i = 0; i < listing->hugo->n_ignored; i++)
		regfree(&listing->ignored[i]);
	free(listing->ignored);
	map_deinit(&listing->known);
}

bool hugo_walk(Site *site, Problems *problems, Error *err)
{
	CLEANUP(listing_deinit) Listing listing = listing_begin(site, NULL, problems);
	const Hugo *hugo = site->inside;

	site_make_walked(site, hugo->n_roots);
	for (size_t i = 0; i < hugo->n_roots; i++) {
		enter_root(&listing, &hugo->roots[i]);
		if (!walk_root(&listing, &site->walked[i], err))
			return false;
	}
	return true;
}

bool hugo_list(Site *site, SourceFiles *ret_files, Problems *problems, Error *err)
{
	CLEANUP(listing_deinit) Listing listing = listing_begin(site, ret_files, problems);
	const Hugo *hugo = site->inside;

	(void)err;
	for (size_t i = 0; i < hugo->n_roots; i++) {
		enter_root(&listing, &hugo->roots[i]);
		list_root(&listing, &site->walked[i]);
	}
	read_sections(&listing);
	find_terms(&listing);
	VEC_FOREACH (source, ret_files)
		source->fingerprint = fingerprint(hugo, source);
	return true;
}
