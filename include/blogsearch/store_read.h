/*
 * What search reads from an index file: the catalog (loaded once for a published file, then
 * shared by all threads), postings, a page's row, a page's text.
 */
#ifndef BLOGSEARCH_STORE_READ_H
#define BLOGSEARCH_STORE_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "document.h"
#include "error.h"
#include "store.h"
#include "str.h"

/* --- The catalog ---------------------------------------------------------------------- */

#define PAGE_NONE 0 /* page numbers start at 1 */

typedef enum CatalogFlag {
	CATALOG_PRESENT = 1, /* a number without it is free */
	CATALOG_EVERGREEN = 2,
	CATALOG_HAS_SERIES_ORDER = 4,
} CatalogFlag;

/* Arrays by page number, 0 to n_slots - 1 (slot 0 is never used), and the facets. */
typedef struct Catalog {
	uint32_t n_slots, n_pages;
	const int64_t *published, *updated; /* TIME_NONE: unknown */
	const uint32_t *lengths[N_TEXT_FIELDS]; /* places of each field */
	const float *boost;
	const int32_t *series_order;
	const uint32_t *title_rank; /* order by title, then file: 0, 1, 2 … */
	const uint32_t *file_rank;  /* order by file: what decides between equals */
	const uint32_t *url_hash;   /* catalog_url_hash() of its site-relative URL */
	const uint16_t *lang, *section; /* numbers into langs, sections */
	const uint8_t *flags, *kind;
	const uint32_t *term_start; /* n_slots + 1: a page's terms are term_ids[term_start[p] .. term_start[p + 1]) */
	const uint32_t *term_ids;   /* numbers into terms */
	uint64_t length_sum[N_TEXT_FIELDS];

	Str *langs, *sections;
	uint32_t n_langs, n_sections;

	struct CatalogFacet {
		Str name, plural;
		uint32_t first_term, n_terms; /* its terms are in a row, in the order of their slugs */
	} *facets;
	uint32_t n_facets;
	struct CatalogTerm {
		uint32_t facet;
		Str slug, name, url; /* in the site's own language, where it has pages of that */
		struct CatalogTermLang {
			Str lang, name, url;
		} *others; /* what it is called in other languages */
		uint32_t n_others;
	} *terms;
	uint32_t n_terms;

	Str site_title, base_url, default_lang;
	uint64_t generation;
	int64_t built_at;

	void *memory; /* what all of it points into */
	Arena arena;
} Catalog;

typedef struct CatalogFacet CatalogFacet;
typedef struct CatalogTerm CatalogTerm;
typedef struct CatalogTermLang CatalogTermLang;

/* ERROR_INDEX where a part is missing or damaged. */
MUST_CHECK bool store_load_catalog(StoreReader *reader, Catalog *ret_catalog, Error *err);
void catalog_deinit(Catalog *catalog);

/* Of a site-relative URL; the last slash does not count. */
uint32_t catalog_url_hash(Str relurl);
/* Name and page of a term for pages in @lang; strings are the catalog's. */
CatalogTermLang catalog_term_in(const CatalogTerm *term, Str lang);

/* --- Postings ------------------------------------------------------------------------- */

/* A place where something was found: field in the upper bits, number of the place below. */
typedef uint32_t Place;
#define PLACE_FIELD_SHIFT 29
#define PLACE_FIELD(place)  ((TextField)((place) >> PLACE_FIELD_SHIFT))
#define PLACE_NUMBER(place) ((place) & ((1u << PLACE_FIELD_SHIFT) - 1))

/*
 * Every page that has something, ascending, and where. Pages of a frequent word are a set, a bit each; of others they are
 * listed. What is said of a page is found by its number among them.
 */
typedef struct Postings {
	uint32_t n_pages;
	uint32_t *pages;   /* NULL where they are a set */
	uint64_t *bits;    /* the set */
	uint32_t n_words;  /* of it, of 64 pages each */
	uint32_t *before;  /* how many pages there are before every POSTINGS_WORDS_OF_COUNT words of it */
	uint8_t *bytes;    /* for each page the number of bytes of its places, and these as PlaceCursor reads them */
	uint32_t n_bytes;
	uint32_t *start;   /* of every POSTINGS_STRIDE pages in bytes */
} Postings;

#define POSTINGS_STRIDE         16
#define POSTINGS_WORDS_OF_COUNT 8

/* Memory that they take. */
size_t postings_size(const Postings *postings);
void postings_deinit(Postings *postings);

/* The number of @page among the postings' pages; false where it is none of them. */
bool postings_find(const Postings *postings, uint32_t page, uint32_t *ret_i);
/* The same from *at on, which moves there: quick for pages that are asked for in ascending order. *at is 0 at first. */
bool postings_seek(const Postings *postings, uint32_t page, uint32_t *at);

/* Walks the pages in ascending order: while (posting_next(&walk)). */
typedef struct PostingWalk {
	const Postings *postings;
	uint64_t rest; /* of the set's word at hand */
	uint32_t n_words, n; /* read so far */
	uint32_t page;
} PostingWalk;

static inline PostingWalk postings_walk(const Postings *postings)
{
	return (PostingWalk){ .postings = postings };
}

static inline bool posting_next(PostingWalk *walk)
{
	const Postings *postings = walk->postings;

	if (walk->n == postings->n_pages)
		return false;
	if (postings->pages) {
		walk->page = postings->pages[walk->n++];
		return true;
	}
	while (!walk->rest)
		walk->rest = postings->bits[walk->n_words++];
	walk->page = (walk->n_words - 1) * 64 + (uint32_t)__builtin_ctzll(walk->rest);
	walk->rest &= walk->rest - 1;
	walk->n++;
	return true;
}

/* Walks places in ascending order: while (place_next(&cursor, &place)). */
typedef struct PlaceCursor {
	const uint8_t *at, *end;
	Place last;
} PlaceCursor;

bool place_next(PlaceCursor *cursor, Place *ret_place);
/* How many there are in each field. */
void places_count(PlaceCursor places, uint32_t ret_counts[N_TEXT_FIELDS]);

/* The places of page i. */
PlaceCursor postings_places(const Postings *postings, uint32_t i);
void postings_count(const Postings *postings, uint32_t i, uint32_t ret_counts[N_TEXT_FIELDS]);
/* Those of one page after the other: *at is postings->bytes at first. */
PlaceCursor postings_next_places(const uint8_t **at);

/* One place of a phrase: any of these terms, in the form that term_stream.c gives them. */
typedef struct PhraseTerm {
	const Str *forms;
	size_t n_forms;
} PhraseTerm;

/*
 * Finds the phrase (one term: a word) in all pages; with @is_prefix the last term's forms are
 * beginnings. ERROR_BUSY past @deadline_ns (monotonic; 0: none). The postings are the caller's.
 */
MUST_CHECK bool store_find(StoreReader *reader, const PhraseTerm *phrase, size_t n_terms, bool is_prefix,
                           uint64_t deadline_ns, Postings *ret_postings, Error *err);

/*
 * Whether pages may have @stem_term as the stem of another word. If not, store_find() finds for it what it finds for the
 * word itself.
 */
MUST_CHECK bool store_has_stem(StoreReader *reader, Str stem_term, bool *ret_has, Error *err);

/* Terms as they stand in the index: a word's exact form is itself; its stem has a mark of its own. */
Str store_stem_term(Str stem, Arena *arena);
/* What pages with fenced code in that language have. */
Str store_code_lang_term(Str lang, Arena *arena);
/* The word that a term is or is the stem of. */
Str store_word_of_term(Str term);

/* --- Pages ---------------------------------------------------------------------------- */

/* A page's row; strings live in the arena. */
typedef struct StorePage {
	Str file, path, url, relurl, title, image;
	int64_t expires; /* TIME_NONE: never */
	uint32_t words;
} StorePage;

/* ERROR_INDEX where there is no such page: the catalog and the rows disagree. */
MUST_CHECK bool store_page(StoreReader *reader, uint32_t id, Arena *arena, StorePage *ret_page, Error *err);

/* The page of that file or path, as they are stored; PAGE_NONE where there is none. Reads every row. */
MUST_CHECK bool store_find_page(StoreReader *reader, Str file_or_path, uint32_t *ret_id, Error *err);

/* Receives a page's path, folded; false with @err set ends the walk. */
typedef bool (*PathSink)(void *context, uint32_t page, Str path, Error *err);

/* Walks over the paths of all pages. Reads every row. */
MUST_CHECK bool store_walk_paths(StoreReader *reader, PathSink sink, void *context, Error *err);

/* A page's text and what stands with it. */
typedef struct StoreText {
	Str title, description, summary, lang, type;
	int64_t weight;
	Str *aliases;
	size_t n_aliases;
	Str *term_names; /* what the field FIELD_TERMS has, in its order */
	size_t n_term_names;
	Block *blocks;
	size_t n_blocks;
	uint32_t *places; /* taken by the words of each text: title, description, term names, blocks */
	Str bytes; /* what all of its strings are parts of, in their order; empty where it is not read from an index */
} StoreText;

MUST_CHECK bool store_text(StoreReader *reader, uint32_t id, Arena *arena, StoreText **ret_text, Error *err);

/* A piece of a field, and which of the field's places are its. */
typedef struct FieldText {
	TextField field;
	Str text;
	size_t block;      /* of StoreText.blocks; (size_t)-1: title, description, a term */
	size_t number;     /* of StoreText.places */
	uint32_t place;    /* its first; meaningless where it has none */
	uint32_t n_places;
} FieldText;

/* How many StoreText.places has. */
size_t store_text_n_places(const StoreText *text);

/* The pieces of @field in order; between two of them one place is left free. */
size_t store_field_texts(const StoreText *text, TextField field, Arena *arena, FieldText **ret_pieces);

#endif
