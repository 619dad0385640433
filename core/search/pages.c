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

/* Without fragment and query, without the site's origin, `./` and `index.html`. */
static Str plain_address(const Catalog *catalog, Str address)
{
	Str origin = origin_of(catalog->base_url);

	address = str_slice(address, 0, str_find_char(address, '#'));
	address = str_slice(address, 0, str_find_char(address, '?'));
	if (origin.len && str_starts_with_nocase(address, origin) &&
	    (address.len == origin.len || address.data[origin.len] == '/'))
		address = address.len == origin.len ? STR("/") : str_from(address, origin.len);
	if (str_starts_with(address, STR("./")))
		address = str_from(address, 2);
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

bool find_page(const Catalog *catalog, StoreReader *reader, Str address, Arena *arena, uint32_t *ret_page, Error *err)
{
	Str plain = plain_address(catalog, address);
	bool has_slash = str_ends_with(plain, STR("/"));
	Str other = has_slash ? str_slice(plain, 0, plain.len - 1) : arena_concat(arena, plain, STR("/"));
	/* As it is first: a file's name may have what parts a URL. */
	Str ways[] = { address, plain, other, encoded(plain, arena), encoded(other, arena) };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		bool was_tried = !ways[i].len;

		for (size_t j = 0; j < i; j++)
			was_tried = was_tried || str_equal(ways[i], ways[j]);
		if (was_tried)
			continue;
		if (!store_find_page(reader, ways[i], ret_page, err))
			return false;
		if (*ret_page != PAGE_NONE && *ret_page < catalog->n_slots)
			return true;
	}
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
