/*
 * Addresses: whatever a pattern, a title, a slug, folders and names say, what comes out is a
 * site-relative address that may stand in a link, and sanitising a path twice is once enough.
 */
#include "fuzz.h"

#include "blogsearch/file.h"
#include "read_metadata.h"
#include "site/hugo.h"

enum { IS_OLD = 1, KEEPS_CASE = 2, DROPS_ACCENTS = 4, IS_UGLY = 8, IS_BUNDLE = 16, IS_PLAIN = 32, HAS_DATE = 64, IS_TERM = 128 };

typedef struct Input {
	uint8_t flags;
	Str pattern, title, slug, url, folder, stem;
} Input;

static Str next_line(Str *rest)
{
	Str line = STR_EMPTY;

	(void)!str_next_line(rest, &line);
	return line;
}

static void set_text(Arena *arena, Value *map, const char *key, Str text)
{
	if (text.len)
		value_set(arena, map, str_from_c(key), value_new_string(arena, text));
}

static Value *front_of(const Input *input, Arena *arena)
{
	Value *front = value_new_map(arena);

	set_text(arena, front, "title", input->title);
	set_text(arena, front, "slug", input->slug);
	set_text(arena, front, "url", input->url);
	if (input->flags & HAS_DATE)
		set_text(arena, front, "date", STR("2021-05-04T23:30:00-05:00"));
	return front;
}

/* "/sub", then what is written; no byte that a link would have to be mended for. */
static void check_address(Str address)
{
	FUZZ_ASSERT(str_is_safe_url(address) && address.data[0] == '/');
	for (size_t i = 0; i < address.len; i++) {
		FUZZ_ASSERT((unsigned char)address.data[i] > ' ' && (unsigned char)address.data[i] < 0x7f);
		FUZZ_ASSERT(!strchr("<>\"{}|\\^`", address.data[i]));
		FUZZ_ASSERT(i == 0 || address.data[i] != '/' || address.data[i - 1] != '/');
	}
}

static Value *config_of(const Input *input, Arena *arena)
{
	Value *config = value_new_map(arena), *patterns = value_new_map(arena), *yes = value_new_string(arena, STR("true"));

	set_text(arena, config, "baseURL", STR("https://example.org/sub/"));
	set_text(arena, patterns, "posts", input->pattern);
	set_text(arena, patterns, "tags", input->pattern);
	value_set(arena, config, STR("permalinks"), patterns);
	if (input->flags & KEEPS_CASE)
		value_set(arena, config, STR("disablePathToLower"), yes);
	if (input->flags & DROPS_ACCENTS)
		value_set(arena, config, STR("removePathAccents"), yes);
	if (input->flags & IS_UGLY)
		value_set(arena, config, STR("uglyURLs"), yes);
	return config;
}

static void try_hugo(const Input *input, const SourceFile *source, Arena *arena)
{
	const IndexOptions options = { .site = "/nonexistent" };
	Hugo *hugo = arena_new(arena, Hugo);
	Site site = { .options = &options, .arena = arena, .root = options.site, .inside = hugo };
	const Value *front = front_of(input, arena);
	HugoDates dates;
	Str path;

	*hugo = (Hugo){ .version = input->flags & IS_OLD ? HUGO_VERSION(111, 3) : HUGO_NEWEST,
		        .config = config_of(input, arena) };
	FUZZ_ASSERT(hugo_read_settings(&site, hugo, NULL));
	dates = hugo_dates(hugo, &hugo->languages[0], front, source->stem, 0);
	check_address(hugo_page_url(&site, source, front, &dates, input->title, arena));
	check_address(hugo_term_url(&site, &hugo->languages[0], &hugo->languages[0].taxonomies[0], input->title, arena));
	path = hugo_make_path(hugo, input->title, arena);
	FUZZ_ASSERT(str_equal(hugo_make_path(hugo, path, arena), path));
	FUZZ_ASSERT(str_equal(hugo_term_key(hugo, path, arena), hugo_term_key(hugo, input->title, arena)));
}

static void try_plain(const Input *input, const SourceFile *source, Arena *arena)
{
	const IndexOptions options = { .site = "/nonexistent", .base_url = "https://example.org/sub/",
		                       .permalink = input->pattern.len ? arena_to_c(arena, input->pattern) : NULL,
		                       .future = true };
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	Site site = { .options = &options, .arena = arena, .root = options.site };
	const SplitPage page = { .front = front_of(input, arena), .format = FRONT_YAML };
	Document document = { .published = TIME_NONE };
	PageReading reading;

	if (!site_open_plain(&site, &err)) {
		FUZZ_ASSERT(err.code == ERROR_USAGE && err.what && err.hint);
		return;
	}
	FUZZ_ASSERT(site.type->describe(&site, source, &page, arena, &document, &reading, NULL));
	if (!input->url.len)
		check_address(document.relurl);
	FUZZ_ASSERT(str_is_safe_url(document.relurl) && str_ends_with(document.url, document.relurl));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_deinit) Arena arena = ARENA_INIT;
	Input input = { .flags = fuzz_flags(&data, &size) };
	Str rest = fuzz_str(data, size);
	SourceFile source = { .extension = STR("md"), .lang = STR("en"), .is_bundle = input.flags & IS_BUNDLE };

	if (!str_is_utf8(rest) || str_find_char(rest, '\0') != STR_NOT_FOUND)
		return 0;
	input.pattern = next_line(&rest);
	input.title = next_line(&rest);
	input.slug = next_line(&rest);
	input.url = next_line(&rest);
	input.folder = next_line(&rest);
	input.stem = next_line(&rest);
	/* As a list of files has them: a name is there, and has no slash; folders have one each. */
	if (!input.stem.len || str_find_char(input.stem, '/') != STR_NOT_FOUND ||
	    str_starts_with(input.folder, STR("/")) || str_ends_with(input.folder, STR("/")) ||
	    str_find(input.folder, STR("//")) != STR_NOT_FOUND || (source.is_bundle && !input.folder.len))
		return 0;
	source.folder = input.folder;
	source.stem = source.is_bundle ? STR("index") : input.stem;
	source.path = source.file = path_join(&arena, source.folder, source.stem);
	if (input.flags & IS_PLAIN)
		try_plain(&input, &source, &arena);
	else
		try_hugo(&input, &source, &arena);
	return 0;
}
