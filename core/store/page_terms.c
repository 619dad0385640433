/*
 * See page_terms.h. Each occurrence is noted beside the number of its term, and how many bytes
 * the places of the term take is counted; then each term has its room, and they are written.
 */
#include "page_terms.h"

#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/hash.h"
#include "blogsearch/vec.h"
#include "fts5_format.h"
#include "fts5_tokenizer.h"

#define FIRST_SLOTS 1024

/* A term while its page is read. */
typedef struct Gathered {
	Str term;
	uint32_t hash;
	Place last;
	uint32_t n_bytes; /* of its places */
	uint8_t *end;     /* of what is written of them */
} Gathered;

typedef struct Occurrence {
	uint32_t number; /* of the term */
	Place place;
} Occurrence;

struct PageTermsMaker {
	uint32_t *slots; /* number of a term + 1; 0 is free */
	size_t n_slots;
	VEC(Gathered) terms;
	VEC(Occurrence) occurrences;
	TextField field;
	uint32_t n_places; /* of the field so far */
};

PageTermsMaker *page_terms_maker_new(void)
{
	PageTermsMaker *maker = xnew0(PageTermsMaker);

	maker->n_slots = FIRST_SLOTS;
	maker->slots = xnew0_n(uint32_t, maker->n_slots);
	return maker;
}

PageTermsMaker *page_terms_maker_free(PageTermsMaker *maker)
{
	if (!maker)
		return NULL;
	free(maker->slots);
	vec_deinit(&maker->terms);
	vec_deinit(&maker->occurrences);
	free(maker);
	return NULL;
}

/* --- Numbers of terms ------------------------------------------------------------------- */

/* The slot of @term: its own, or the free one where it belongs. */
static size_t find_slot(const PageTermsMaker *maker, Str term, uint32_t hash)
{
	size_t at = hash & (maker->n_slots - 1);

	while (maker->slots[at]) {
		const Gathered *gathered = &maker->terms.items[maker->slots[at] - 1];

		if (gathered->hash == hash && str_equal(gathered->term, term))
			break;
		at = (at + 1) & (maker->n_slots - 1);
	}
	return at;
}

static void grow(PageTermsMaker *maker)
{
	free(maker->slots);
	maker->n_slots *= 2;
	maker->slots = xnew0_n(uint32_t, maker->n_slots);
	for (size_t i = 0; i < maker->terms.n; i++) {
		const Gathered *gathered = &maker->terms.items[i];

		maker->slots[find_slot(maker, gathered->term, gathered->hash)] = (uint32_t)i + 1;
	}
}

static uint32_t number_of(PageTermsMaker *maker, Str term)
{
	uint32_t hash = (uint32_t)hash_bytes(term);
	size_t slot = find_slot(maker, term, hash);

	if (maker->slots[slot])
		return maker->slots[slot] - 1;
	vec_push(&maker->terms, (Gathered){ .term = term, .hash = hash });
	maker->slots[slot] = (uint32_t)maker->terms.n;
	if (maker->terms.n > maker->n_slots / 2)
		grow(maker);
	return (uint32_t)maker->terms.n - 1;
}

/* --- Places --------------------------------------------------------------------------------- */

/* As FTS5 takes it: what stands beside the term before has that one's place, unless it is the first. */
static int take_term(void *context, int flags, const char *term, int n_bytes, int start, int end)
{
	PageTermsMaker *maker = context;
	uint32_t number = number_of(maker, (Str){ term, (size_t)n_bytes });
	Gathered *gathered = &maker->terms.items[number];
	uint8_t packed[PLACE_MAX_BYTES];
	Place place;

	(void)start, (void)end;
	if (!(flags & FTS5_TOKEN_COLOCATED) || !maker->n_places)
		maker->n_places++;
	place = (Place)maker->field << PLACE_FIELD_SHIFT | (maker->n_places - 1);
	gathered->n_bytes += (uint32_t)(pack_place(packed, gathered->last, place) - packed);
	gathered->last = place;
	vec_push(&maker->occurrences, (Occurrence){ number, place });
	return 0;
}

static void read_streams(PageTermsMaker *maker, const TermStreams *streams, PageTerms *terms)
{
	maker->terms.n = maker->occurrences.n = 0;
	memset(maker->slots, 0, maker->n_slots * sizeof(*maker->slots));
	for (TextField field = 0; field < N_TEXT_FIELDS; field++) {
		maker->field = field;
		maker->n_places = 0;
		(void)term_stream_split(streams->columns[field], take_term, maker);
		terms->n_places[field] = maker->n_places;
	}
}

static void write_places(PageTermsMaker *maker, uint8_t *at)
{
	VEC_FOREACH (gathered, &maker->terms) {
		gathered->last = 0;
		gathered->end = at;
		at += gathered->n_bytes;
	}
	VEC_FOREACH (occurrence, &maker->occurrences) {
		Gathered *gathered = &maker->terms.items[occurrence->number];

		gathered->end = pack_place(gathered->end, gathered->last, occurrence->place);
		gathered->last = occurrence->place;
	}
}

void make_page_terms(PageTermsMaker *maker, const TermStreams *streams, Arena *arena, PageTerms *ret_terms)
{
	size_t n_bytes = 0;

	read_streams(maker, streams, ret_terms);
	VEC_FOREACH (gathered, &maker->terms)
		n_bytes += gathered->n_bytes;
	write_places(maker, arena_alloc(arena, n_bytes));
	ret_terms->n = maker->terms.n;
	ret_terms->items = arena_new_n(arena, PageTerm, ret_terms->n);
	for (size_t i = 0; i < maker->terms.n; i++) {
		const Gathered *gathered = &maker->terms.items[i];

		ret_terms->items[i] = (PageTerm){
			gathered->term, { (char *)gathered->end - gathered->n_bytes, gathered->n_bytes }, gathered->hash,
		};
	}
}
