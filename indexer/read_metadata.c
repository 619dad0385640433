/* See read_metadata.h. */
#include "read_metadata.h"

#include "blogsearch/limits.h"
#include "blogsearch/text.h"

/* Printable, on one line, of bounded length. */
static Str tidy(Str text, size_t limit, Arena *arena)
{
	char *out;
	size_t n = 0;

	text = str_trim(text);
	out = arena_to_c(arena, text);
	for (size_t at = 0; at < text.len;) {
		uint32_t c;
		unsigned len = str_decode(text, at, &c);

		if (n + len > limit)
			break;
		if (c < 0x20 || c == 0x7f || (len == 1 && c == 0xfffd)) {
			if (n && out[n - 1] != ' ')
				out[n++] = ' ';
		} else {
			memcpy(out + n, text.data + at, len);
			n += len;
		}
		at += len;
	}
	return str_trim((Str){ out, n });
}

size_t value_texts(const Value *value, Arena *arena, Str **ret_texts)
{
	size_t n_items = !value ? 0 : value->kind == VALUE_LIST ? value->list.n : 1, n = 0;

	*ret_texts = arena_new_n(arena, Str, n_items);
	for (size_t i = 0; i < n_items; i++) {
		const Value *item = value->kind == VALUE_LIST ? value->list.items[i] : value;
		/* authors: [{name: …}] */
		Str text = item->kind == VALUE_MAP ? value_text(value_get(item, STR("name"))) : value_text(item);

		text = tidy(text, LIMIT_TERM_BYTES, arena);
		if (text.len)
			(*ret_texts)[n++] = text;
	}
	return n;
}

/* "HTTPS://" is "https://" to whoever compares. */
static Str with_lower_scheme(Str url, Arena *arena)
{
	size_t scheme = str_find(url, STR("://"));
	char *text = arena_to_c(arena, url);

	for (size_t i = 0; scheme != STR_NOT_FOUND && i < scheme; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] | 0x20);
	return (Str){ text, url.len };
}

Str base_url_of(Str text, Arena *arena)
{
	text = str_trim(text);
	return str_is_safe_url(text) ? with_lower_scheme(text, arena) : STR_EMPTY;
}

Str absolute_url(Str base_url, Str relurl, Arena *arena)
{
	size_t scheme = str_find(base_url, STR("://"));
	size_t slash;

	if (scheme == STR_NOT_FOUND || !str_starts_with(relurl, STR("/")))
		return relurl;
	slash = str_find_char(str_from(base_url, scheme + 3), '/');
	if (slash != STR_NOT_FOUND)
		base_url.len = scheme + 3 + slash;
	return arena_concat(arena, base_url, relurl);
}

static Str first_text(const Value *value)
{
	if (value && value->kind == VALUE_LIST)
		return value->list.n ? value_text(value->list.items[0]) : STR_EMPTY;
	return value_text(value);
}

/* In the order of INTERFACES: what front matter names, then the bundle's own picture. */
static Str find_image(const Value *front, Str relurl, Str own, Arena *arena)
{
	static const char *const keys[] = { "coverImage", "cover.image", "image", "images", "featured_image" };
	Str image = STR_EMPTY;

	for (size_t i = 0; !image.len && i < ARRAY_SIZE(keys); i++)
		image = str_trim(first_text(value_path(front, keys[i])));
	if (!image.len)
		image = own;
	if (!image.len || str_starts_with(image, STR("/")) || str_find(image, STR(":")) != STR_NOT_FOUND)
		return str_is_safe_url(image) ? with_lower_scheme(image, arena) : STR_EMPTY;
	/* Relative to the page's folder. */
	image = arena_concat(arena, str_ends_with(relurl, STR("/")) ? relurl : STR("/"), image);
	return str_is_safe_url(image) ? image : STR_EMPTY;
}

static void read_aliases(const Value *front, Arena *arena, Document *document)
{
	document->n_aliases = value_texts(value_get(front, STR("aliases")), arena, &document->aliases);
}

void read_metadata(const Value *front, Str relurl, Str base_url, Str image, Arena *arena, Document *document)
{
	const Value *order = value_get(front, STR("series_order"));

	document->title = tidy(value_text(value_get(front, STR("title"))), LIMIT_TITLE_BYTES, arena);
	document->description = tidy(value_text(value_get(front, STR("description"))), LIMIT_TITLE_BYTES, arena);
	document->summary = tidy(value_text(value_get(front, STR("summary"))), LIMIT_TITLE_BYTES, arena);
	document->weight = value_int(value_get(front, STR("weight")), 0);
	document->series_order = value_int(order, INT64_MIN);
	document->has_series_order = document->series_order != INT64_MIN;
	document->is_evergreen = value_bool(value_get(front, STR("evergreen")), false);
	document->boost = value_number(value_path(front, "search.boost"), 1.0);
	if (!(document->boost >= 0.01 && document->boost <= 100))
		document->boost = 1.0;
	document->image = absolute_url(base_url, find_image(front, relurl, image, arena), arena);
	read_aliases(front, arena, document);
}

bool is_opted_out(const Value *front)
{
	static const char *const hiding[] = { "searchHidden", "excludeFromSearch", "exclude_search", "sitemap.disable",
		                              "robotsNoIndex", "private", "search.hidden", "search.exclude" };

	for (size_t i = 0; i < ARRAY_SIZE(hiding); i++)
		if (value_bool(value_path(front, hiding[i]), false))
			return true;
	return !value_bool(value_get(front, STR("search")), true);
}

void term_add(TermList *list, DocumentTerm term)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_equal(list->terms[i].facet, term.facet) && str_equal(list->terms[i].slug, term.slug)) {
			list->terms[i] = term; /* the last spelling counts */
			return;
		}
	if (list->n == LIMIT_PAGE_TERMS || !term.slug.len)
		return;
	if (list->n == list->capacity) {
		size_t capacity = list->capacity ? list->capacity * 2 : 8;
		DocumentTerm *terms = arena_new_n(list->arena, DocumentTerm, capacity);

		if (list->n)
			memcpy(terms, list->terms, list->n * sizeof(DocumentTerm));
		list->terms = terms;
		list->capacity = capacity;
	}
	list->terms[list->n++] = term;
}
