/* Which files of a Hugo site are content: pages, leaf bundles, branches; in which language. */
#include "blogsearch/file.h"
#include "blogsearch/hash.h"
#include "blogsearch/limits.h"
#include "hugo.h"

typedef struct Listing {
	Site *site;
	Hugo *hugo;
	Problems *problems;
	SourceFiles *files;
	const HugoRoot *root;
} Listing;

static bool is_content_extension(Str extension)
{
	static const char *const known[] = { "md", "markdown", "mdown", "html", "htm" };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_equal_nocase(extension, str_from_c(known[i])))
			return true;
	return false;
}

static bool is_ignored(Str base)
{
	return base.data[0] == '.' || base.data[0] == '#' || base.data[base.len - 1] == '~';
}

/* Splits "post.de.md" into stem, language (if it is one of the site's) and extension. */
static void split_name(const Listing *listing, Str base, SourceFile *source)
{
	Str name, suffix;
	const HugoLanguage *language;

	source->extension = text_fold_dup(path_extension(base), listing->site->arena);
	name = str_slice(base, 0, base.len - source->extension.len - 1);
	suffix = path_extension(name);
	language = suffix.len ? hugo_language(listing->hugo, suffix) : NULL;
	if (language)
		name.len -= suffix.len + 1;
	source->stem = name;
	source->lang = listing->root->lang.len ? listing->root->lang
	               : language ? language->key : listing->site->default_lang;
}

static PageKind kind_of_list(const Listing *listing, const SourceFile *source)
{
	const HugoLanguage *language = hugo_language(listing->hugo, source->lang);

	if (!source->folder.len)
		return PAGE_HOME;
	for (size_t i = 0; language && i < language->n_taxonomies; i++) {
		Str plural = language->taxonomies[i].plural;

		if (str_equal_nocase(source->folder, plural))
			return PAGE_TAXONOMY;
		if (str_starts_with_nocase(source->folder, plural) && source->folder.data[plural.len] == '/')
			return PAGE_TERM;
	}
	return PAGE_SECTION;
}

static SourceFile make_source(const Listing *listing, const FileEntry *entry)
{
	Arena *arena = listing->site->arena;
	SourceFile source = { .size = entry->size, .mtime_ns = entry->mtime_ns };

	source.file = path_join(arena, listing->root->folder, entry->path);
	source.path = path_join(arena, listing->root->target, entry->path);
	source.folder = path_folder(source.path);
	split_name(listing, path_base(source.path), &source);
	if (str_equal(source.stem, STR("_index")))
		source.kind = kind_of_list(listing, &source);
	else
		source.is_bundle = str_equal(source.stem, STR("index"));
	return source;
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

		if (rank > folder->image_rank) {
			folder->image_rank = rank;
			folder->image = base;
		}
		if (is_ignored(base) || !is_content_extension(path_extension(base)))
			continue;
		folder->is_leaf = folder->is_leaf || str_starts_with(base, STR("index."));
		folder->is_branch = folder->is_branch || str_starts_with(base, STR("_index."));
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

static void unreadable(void *context, Str path, const Error *err)
{
	Listing *listing = context;

	problem_add(listing->problems, path_join(listing->site->arena, listing->root->folder, path), err);
}

static bool list_root(Listing *listing, Error *err)
{
	Arena *arena = listing->site->arena;
	CLEANUP(map_deinit) Map folders = MAP_INIT;
	Str folder = path_join(arena, str_from_c(listing->site->root), listing->root->folder);
	FileList list = { 0 };
	bool is_listed = list_files(arena_to_c(arena, folder), arena, unreadable, listing, &list, err);

	look_at_folders(listing, &list, &folders);
	for (size_t i = 0; is_listed && i < list.n; i++) {
		Str base = path_base(list.items[i].path);
		const HugoLanguage *language;
		SourceFile source;

		if (is_ignored(base) || !is_content_extension(path_extension(base)))
			continue;
		source = make_source(listing, &list.items[i]);
		language = hugo_language(listing->hugo, source.lang);
		if (!language || language->is_disabled || is_resource(&folders, &source, list.items[i].path) ||
		    is_lost(&folders, &source, list.items[i].path))
			continue;
		if (source.is_bundle)
			source.image = folder_of(&folders, path_folder(list.items[i].path), arena)->image;
		vec_push(listing->files, source);
	}
	vec_deinit(&list);
	return is_listed;
}

/* --- Branches: read at every run, for what cascades from them ------------------------------------------ */

static bool read_section(Listing *listing, const SourceFile *source, Error *err)
{
	Arena *arena = listing->site->arena;
	Str path = path_join(arena, str_from_c(listing->site->root), source->file), text;
	HugoSection *section = arena_new(arena, HugoSection);
	SplitPage page;

	if (!file_read(arena_to_c(arena, path), LIMIT_PAGE_BYTES, arena, &text, err) ||
	    !split_front_matter(text, arena_to_c(arena, source->file), arena, &page, err))
		return false;
	section->front = page.front;
	hugo_set_section(listing->hugo, source->lang, source->folder, section, arena);
	section->is_left_out = hugo_is_left_out(listing->site, hugo_front(listing->hugo, source, page.front, arena),
	                                        source->stem);
	return true;
}

static void read_sections(Listing *listing)
{
	/* Files are in the order of paths: a section comes before those inside of it. */
	VEC_FOREACH (source, listing->files)
		if (str_equal(source->stem, STR("_index"))) {
			CLEANUP(error_deinit) Error why = ERROR_INIT;

			/* Its own page reports the problem. */
			(void)!read_section(listing, source, &why);
		}
}

static uint64_t hash_value(uint64_t hash, const Value *value)
{
	hash = hash_number(hash, value->kind);
	hash = hash_more(hash, value->text);
	for (size_t i = 0; value->kind == VALUE_LIST && i < value->list.n; i++)
		hash = hash_value(hash, value->list.items[i]);
	for (size_t i = 0; value->kind == VALUE_MAP && i < value->map.n; i++)
		hash = hash_value(hash_more(hash, value->map.entries[i].key), value->map.entries[i].value);
	return hash;
}

/* Of the sections above, of the bundle's picture: a change of these is a change of the page. */
static uint64_t fingerprint(const Hugo *hugo, const SourceFile *source)
{
	uint64_t hash = hash_more(hash_bytes(source->image), source->lang);
	Str folder = source->folder;

	for (;;) {
		const HugoSection *section = hugo_section(hugo, source->lang, folder);
		const Value *cascade = section ? value_get(section->front, STR("cascade")) : NULL;

		hash = hash_number(hash, section ? 1 + section->is_left_out : 0);
		if (cascade)
			hash = hash_value(hash, cascade);
		if (!folder.len)
			return hash;
		folder = path_folder(folder);
	}
}

bool hugo_list(Site *site, SourceFiles *ret_files, Problems *problems, Error *err)
{
	Hugo *hugo = site->inside;
	Listing listing = { site, hugo, problems, ret_files, NULL };

	for (size_t i = 0; i < hugo->n_roots; i++) {
		listing.root = &hugo->roots[i];
		if (!list_root(&listing, err))
			return false;
	}
	read_sections(&listing);
	VEC_FOREACH (source, ret_files)
		source->fingerprint = fingerprint(hugo, source);
	return true;
}
