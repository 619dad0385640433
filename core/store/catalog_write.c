/* See catalog_write.h and catalog_format.h. */
#include "catalog_write.h"

#include <stdlib.h>

#include "catalog_format.h"

void catalog_draft_init(CatalogDraft *draft)
{
	*draft = (CatalogDraft){ .first_free = 1, .langs = MAP_INIT, .sections = MAP_INIT };
	vec_push(&draft->rows, (CatalogRow){ 0 });
}

void catalog_draft_deinit(CatalogDraft *draft)
{
	VEC_FOREACH (row, &draft->rows)
		free(row->terms);
	vec_deinit(&draft->rows);
	map_deinit(&draft->langs);
	map_deinit(&draft->sections);
}

uint16_t catalog_draft_name(Map *names, Str name)
{
	bool is_new;
	MapEntry *entry = map_put(names, name, &is_new);

	if (is_new)
		entry->value = names->n - 1;
	/* More languages or sections than this are counted with the last. */
	return entry->value < UINT16_MAX ? (uint16_t)entry->value : UINT16_MAX - 1;
}

static CatalogRow load_row(CatalogDraft *draft, const Catalog *catalog, uint32_t id, const uint32_t *term_ids)
{
	CatalogRow row = {
		.flags = catalog->flags[id], .kind = catalog->kind[id],
		.lang = catalog_draft_name(&draft->langs, catalog->langs[catalog->lang[id]]),
		.section = catalog_draft_name(&draft->sections, catalog->sections[catalog->section[id]]),
		.series_order = catalog->series_order[id], .boost = catalog->boost[id],
		.published = catalog->published[id], .updated = catalog->updated[id], .url_hash = catalog->url_hash[id],
		.title_rank = catalog->title_rank[id], .file_rank = catalog->file_rank[id],
		.n_terms = catalog->term_start[id + 1] - catalog->term_start[id],
	};

	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		row.lengths[field] = catalog->lengths[field][id];
	row.terms = xnew_n(uint32_t, row.n_terms ? row.n_terms : 1);
	for (uint32_t i = 0; i < row.n_terms; i++)
		row.terms[i] = term_ids[catalog->term_ids[catalog->term_start[id] + i]];
	return row;
}

void catalog_draft_load(CatalogDraft *draft, const Catalog *catalog, const uint32_t *term_ids)
{
	for (uint32_t id = 1; id < catalog->n_slots; id++) {
		vec_push(&draft->rows, (CatalogRow){ 0 });
		if (!(catalog->flags[id] & CATALOG_PRESENT))
			continue;
		draft->rows.items[id] = load_row(draft, catalog, id, term_ids);
		draft->n_pages++;
	}
}

uint32_t catalog_draft_new_page(CatalogDraft *draft)
{
	while (draft->first_free < draft->rows.n && draft->rows.items[draft->first_free].flags)
		draft->first_free++;
	if (draft->first_free == draft->rows.n)
		vec_push(&draft->rows, (CatalogRow){ 0 });
	return draft->first_free;
}

void catalog_draft_set(CatalogDraft *draft, uint32_t id, CatalogRow row)
{
	CatalogRow *old = &draft->rows.items[id];

	if (!old->flags)
		draft->n_pages++;
	free(old->terms);
	*old = row;
}

void catalog_draft_remove(CatalogDraft *draft, uint32_t id)
{
	free(draft->rows.items[id].terms);
	draft->rows.items[id] = (CatalogRow){ 0 };
	draft->n_pages--;
	if (id < draft->first_free)
		draft->first_free = id;
}

/* --- Laying out ---------------------------------------------------------------------- */

typedef struct Names {
	uint16_t *number; /* of each name of the draft; only those in use have one */
	const Str **in_use; /* in byte order */
	uint32_t n;
} Names;

static int compare_names(const void *a, const void *b)
{
	return str_compare(**(const Str *const *)a, **(const Str *const *)b);
}

/* Numbers the names that pages use in byte order, so that the same pages give the same bytes. */
static Names number_names(const CatalogDraft *draft, const Map *map, bool is_lang)
{
	Names names = { xnew0_n(uint16_t, map->n + 1), xnew0_n(const Str *, map->n + 1), 0 };
	bool *is_used = xnew0_n(bool, map->n + 1);

	VEC_FOREACH (row, &draft->rows)
		if (row->flags)
			is_used[is_lang ? row->lang : row->section] = true;
	for (size_t i = 0; i < map->n; i++)
		if (is_used[i])
			names.in_use[names.n++] = &map->entries[i].key;
	free(is_used);
	qsort(names.in_use, names.n, sizeof(*names.in_use), compare_names);
	for (uint32_t i = 0; i < names.n; i++)
		names.number[(const MapEntry *)names.in_use[i] - map->entries] = (uint16_t)i;
	return names;
}

static void names_write(Names *names, Buf *out)
{
	for (uint32_t i = 0; i < names->n; i++) {
		buf_append_varint(out, names->in_use[i]->len);
		buf_append(out, *names->in_use[i]);
	}
	free(names->number);
	free(names->in_use);
}

static void align(Buf *out)
{
	while (out->len % 8)
		buf_append_char(out, '\0');
}

/* Rows that the file need not hold: free ones at the end. */
static uint32_t count_slots(const CatalogDraft *draft)
{
	size_t n = draft->rows.n;

	while (n > 1 && !draft->rows.items[n - 1].flags)
		n--;
	return (uint32_t)n;
}

static CatalogHeader make_header(const CatalogDraft *draft, const Names *langs, const Names *sections)
{
	CatalogHeader header = { .magic = CATALOG_MAGIC, .n_slots = count_slots(draft), .n_pages = draft->n_pages,
		                 .n_langs = langs->n, .n_sections = sections->n };

	for (uint32_t id = 0; id < header.n_slots; id++) {
		const CatalogRow *row = &draft->rows.items[id];

		header.n_term_ids += row->n_terms;
		for (TextField field = 0; field < N_TEXT_FIELDS; field++)
			header.length_sum[field] += row->lengths[field];
	}
	return header;
}

/* The arrays inside the bytes, once these have been made long enough. */
typedef struct Arrays {
#define ARRAY_POINTER(name, type, n) type *name;
	CATALOG_ARRAYS(ARRAY_POINTER, 0)
#undef ARRAY_POINTER
} Arrays;

static Arrays place_arrays(const CatalogHeader *header, Buf *out)
{
	Arrays arrays;
	size_t at = CATALOG_ALIGN(sizeof(*header)), n_bytes = at;
	char *base;

#define ADD_BYTES(name, type, n) n_bytes += CATALOG_ALIGN((n) * sizeof(type));
	CATALOG_ARRAYS(ADD_BYTES, header)
#undef ADD_BYTES
	base = buf_reserve(out, n_bytes);
	memset(base, 0, n_bytes);
	memcpy(base, header, sizeof(*header));
#define PLACE_ARRAY(name, type, n)               \
	arrays.name = (type *)(void *)(base + at); \
	at += CATALOG_ALIGN((n) * sizeof(type));
	CATALOG_ARRAYS(PLACE_ARRAY, header)
#undef PLACE_ARRAY
	out->len += n_bytes;
	return arrays;
}

static bool terms_are_numbered(const CatalogDraft *draft, const uint32_t *term_numbers, size_t n_term_numbers)
{
	VEC_FOREACH (row, &draft->rows)
		for (uint32_t i = 0; i < row->n_terms; i++)
			if (row->terms[i] >= n_term_numbers || term_numbers[row->terms[i]] == CATALOG_NO_TERM)
				return false;
	return true;
}

static void lay_out(const CatalogDraft *draft, const uint32_t *term_numbers, Buf *out)
{
	Names langs = number_names(draft, &draft->langs, true);
	Names sections = number_names(draft, &draft->sections, false);
	CatalogHeader header = make_header(draft, &langs, &sections);
	Arrays arrays = place_arrays(&header, out);
	uint32_t n_term_ids = 0;

	for (uint32_t id = 0; id < header.n_slots; id++) {
		const CatalogRow *row = &draft->rows.items[id];

		arrays.term_start[id] = n_term_ids;
		arrays.published[id] = arrays.updated[id] = TIME_NONE;
		if (!row->flags)
			continue;
		for (TextField field = 0; field < N_TEXT_FIELDS; field++)
			arrays.lengths[field * (size_t)header.n_slots + id] = row->lengths[field];
		for (uint32_t i = 0; i < row->n_terms; i++)
			arrays.term_ids[n_term_ids++] = term_numbers[row->terms[i]];
		arrays.published[id] = row->published;
		arrays.updated[id] = row->updated;
		arrays.boost[id] = row->boost;
		arrays.series_order[id] = row->series_order;
		arrays.title_rank[id] = row->title_rank;
		arrays.file_rank[id] = row->file_rank;
		arrays.url_hash[id] = row->url_hash;
		arrays.lang[id] = langs.number[row->lang];
		arrays.section[id] = sections.number[row->section];
		arrays.flags[id] = row->flags;
		arrays.kind[id] = row->kind;
	}
	arrays.term_start[header.n_slots] = n_term_ids;
	names_write(&langs, out);
	names_write(&sections, out);
	align(out);
}

bool catalog_draft_write(const CatalogDraft *draft, const uint32_t *term_numbers, size_t n_term_numbers, Buf *out)
{
	if (!terms_are_numbered(draft, term_numbers, n_term_numbers))
		return false;
	lay_out(draft, term_numbers, out);
	return true;
}
