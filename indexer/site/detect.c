/* Which kind of site a folder is. */
#include "site.h"

#include <errno.h>
#include <sys/stat.h>

static bool is_folder(const char *path, Error *err)
{
	struct stat info;

	if (stat(path, &info) < 0) {
		error_set(err, ERROR_SITE, errno == ENOENT ? "there is no such folder" : "cannot be looked at");
		error_hint(err, "name the folder of your site");
		return error_place(err, path, 0, 0);
	}
	return S_ISDIR(info.st_mode) ||
	       error_at(err, ERROR_SITE, path, 0, "is no folder", "name the folder of your site");
}

static bool is_kind(const IndexOptions *options, const char *kind)
{
	return options->kind && strcmp(options->kind, kind) == 0;
}

void site_make_walked(Site *site, size_t n)
{
	site->walked = arena_new_n(site->arena, FileList, n);
	site->n_walked = n;
}

void site_drop_walked(Site *site)
{
	for (size_t i = 0; i < site->n_walked; i++)
		vec_deinit(&site->walked[i]);
}

uint64_t site_stamp(const Site *site)
{
	uint64_t stamp = site->n_walked;

	for (size_t i = 0; i < site->n_walked; i++)
		stamp = file_list_stamp(&site->walked[i], stamp);
	return stamp;
}

void site_deinit(Site *site)
{
	site_drop_walked(site);
	if (site->type && site->type->close)
		site->type->close(site);
	vec_deinit(&site->unknowable);
	*site = (Site){ 0 };
}

/* Those that the options make of front matter; one that the site has as well is there already. */
static void add_facets(Site *site)
{
	const IndexOptions *options = site->options;
	StoreFacet *facets = arena_new_n(site->arena, StoreFacet, site->n_facets + options->n_facets);

	if (site->n_facets)
		memcpy(facets, site->facets, site->n_facets * sizeof(*facets));
	site->facets = facets;
	for (size_t i = 0; i < options->n_facets; i++) {
		Str name = str_from_c(options->facets[i].name), key = str_from_c(options->facets[i].key);
		size_t dot = str_rfind_char(key, '.');
		bool is_known = false;

		for (size_t k = 0; k < site->n_facets; k++)
			is_known = is_known || str_equal(facets[k].name, name);
		if (!is_known)
			facets[site->n_facets++] = (StoreFacet){ name, dot == STR_NOT_FOUND ? key : str_from(key, dot + 1) };
	}
}

static bool open_site(Site *site, Error *err)
{
	const IndexOptions *options = site->options;
	bool is_auto = !options->kind || is_kind(options, "auto");
	bool has_config = site_is_hugo(options->site, site->arena);

	if (is_kind(options, "hugo") && !has_config)
		return error_at(err, ERROR_SITE, options->site, 0, "has no configuration of Hugo's (hugo.toml and the like)",
		                "name the folder that has it, or set site.kind to plain");
	if (is_kind(options, "hugo") || (is_auto && has_config))
		return site_open_hugo(site, err);
	if (is_kind(options, "plain") || is_auto)
		return site_open_plain(site, err);
	error_set(err, ERROR_USAGE, "there is no kind of site \"%s\"", options->kind);
	return error_hint(err, "it can be auto, hugo or plain");
}

bool site_detect(const IndexOptions *options, Arena *arena, Site *ret_site, Error *err)
{
	*ret_site = (Site){ .options = options, .arena = arena, .root = options->site,
		            .now = options->now ? options->now : time_now() };
	if (!is_folder(options->site, err) || !open_site(ret_site, err))
		return false;
	add_facets(ret_site);
	return true;
}

bool site_has_pages(const Site *site, const SourceFiles *files, Error *err)
{
	return files->n || error_at(err, ERROR_SITE, site->root, 0, "has no pages: no Markdown file was found in its content",
	                            "name the folder of your site, or its content folder with site.content");
}
