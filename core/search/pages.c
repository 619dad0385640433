/* See pages.h. */
#include "pages.h"

/* "https://example.org" of "https://example.org/blog/": site-relative URLs go behind it. */
static Str origin_of(Str base_url)
{
	size_t scheme = str_find(base_url, STR("://"));
	size_t slash;

	if (scheme == STR_NOT_FOUND)
		return STR_EMPTY;
	slash = str_find_char(str_from(base_url, scheme + 3), '/');
	return slash == STR_NOT_FOUND ? base_url : str_slice(base_url, 0, scheme + 3 + slash);
}

Str catalog_absolute_url(const Catalog *catalog, Str url, Arena *arena)
{
	if (!url.len || url.data[0] != '/')
		return url;
	return arena_concat(arena, origin_of(catalog->base_url), url);
}

ResultTerm result_term(const Catalog *catalog, uint32_t number, Str lang, Arena *arena)
{
	const CatalogTerm *term = &catalog->terms[number];
	CatalogTermLang here = catalog_term_in(term, lang);

	return (ResultTerm){ here.name, term->slug, catalog_absolute_url(catalog, here.url, arena) };
}

/* --- Finding ------------------------------------------------------------------------------------- */

static Str without_last_slash(Str url)
{
	return url.len > 1 && url.data[url.len - 1] == '/' ? str_slice(url, 0, url.len - 1) : url;
}

static Str without_here(Str path)
{
	return str_starts_with(path, STR("./")) ? str_from(path, 2) : path;
}

/* Site-relative, without fragment, query and `index.html`. */
static Str plain_address(const Catalog *catalog, Str address)
{
	Str origin = origin_of(catalog->base_url);

	address = str_slice(address, 0, str_find_char(address, '#'));
	address = str_slice(address, 0, str_find_char(address, '?'));
	if (origin.len && str_starts_with_nocase(address, origin) &&
	    (address.len == origin.len || address.data[origin.len] == '/'))
		address = address.len == origin.len ? STR("/") : str_from(address, origin.len);
	if (str_ends_with(address, STR("/index.html")))
		address.len -= strlen("index.html");
	return address;
}

/* As it stands in a URL, where it was typed or decoded. */
static Str encoded(Str address, Arena *arena)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

	buf_append_url(&out, address, "/!$&'()*+,;=:@%");
	return arena_str_dup(arena, buf_str(&out));
}

/* Two URLs of one hash are told apart by the rows themselves. */
static bool find_url(const Catalog *catalog, StoreReader *reader, Str relurl, Arena *arena, uint32_t *ret_page,
                     Error *err)
{
	uint32_t hash = catalog_url_hash(relurl);

	*ret_page = PAGE_NONE;
	for (uint32_t page = 1; page < catalog->n_slots; page++) {
		StorePage row;

		if (!(catalog->flags[page] & CATALOG_PRESENT) || catalog->url_hash[page] != hash)
			continue;
		if (!store_page(reader, page, arena, &row, err))
			return false;
		if (str_equal(without_last_slash(row.relurl), without_last_slash(relurl))) {
			*ret_page = page;
			return true;
		}
	}
	return true;
}

bool find_page(const Catalog *catalog, StoreReader *reader, Str address, Arena *arena, uint32_t *ret_page, Error *err)
{
	Str plain = plain_address(catalog, address);

	/* As it stands in the index, then as it was typed or decoded; a file's name may have what parts a URL. */
	if (!find_url(catalog, reader, plain, arena, ret_page, err) ||
	    (*ret_page == PAGE_NONE && !find_url(catalog, reader, encoded(plain, arena), arena, ret_page, err)) ||
	    (*ret_page == PAGE_NONE && !store_find_page(reader, without_here(address), ret_page, err)))
		return false;
	if (*ret_page != PAGE_NONE && *ret_page < catalog->n_slots)
		return true;
	error_set(err, ERROR_NOT_FOUND, "there is no page \"%.*s\"", (int)(plain.len < 200 ? plain.len : 200),
	          plain.data ? plain.data : "");
	error_hint(err, "give its URL, or its path below the content folder");
	return error_parameter(err, "url");
}

/* --- Listing --------------------------------------------------------------------------------------- */

bool list_page(const Catalog *catalog, StoreReader *reader, uint32_t page, Arena *arena, ListedPage *ret_page, Error *err)
{
	StorePage row;

	if (!store_page(reader, page, arena, &row, err))
		return false;
	*ret_page = (ListedPage){
		.id = page, .url = row.url, .path = row.path, .title = row.title, .image = row.image,
		.published = catalog->published[page],
		.has_order = catalog->flags[page] & CATALOG_HAS_SERIES_ORDER,
		.order = catalog->series_order[page],
	};
	return true;
}
