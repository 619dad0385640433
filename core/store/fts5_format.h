/*
 * How FTS5 packs numbers and places: described in SQLite's ext/fts5/fts5_index.c ("FTS5 index
 * structure"). Private to store/.
 */
#ifndef STORE_FTS5_FORMAT_H
#define STORE_FTS5_FORMAT_H

#include "blogsearch/buf.h"
#include "blogsearch/store_read.h"

#define FTS5_VERSION          4    /* of the format: row `version` of table page_fts_config */
#define FTS5_SEGMENT_SHIFT    37   /* a record of table page_fts_data is (segment << this) + leaf */
#define FTS5_STRUCTURE_RECORD 10
#define FTS5_STRUCTURE_COOKIE 4    /* bytes */
#define FTS5_LEAF_HEADER      4    /* bytes */
#define FTS5_MAIN_INDEX       '0'  /* what every term begins with; others are of prefix indexes */

#define COLUMN_MARK      1 /* in place of a difference: the number of a column follows */
#define LEAST_DELTA      2 /* what a difference of 0 is written as */
#define PLACE_MAX_BYTES  8 /* mark, column, five bytes of a number */
#define NUMBER_MAX_BYTES 5

/* Seven bits a byte, the highest first. Returns what is behind it. */
static inline uint8_t *pack_number(uint8_t *out, uint32_t number)
{
	for (int shift = 28; shift > 0; shift -= 7)
		if (number >> shift)
			*out++ = (uint8_t)(0x80 | (number >> shift));
	*out++ = number & 0x7f;
	return out;
}

/* Of what pack_number() wrote, unchecked. Goes behind it. */
static inline uint32_t unpack_number(const uint8_t **at)
{
	uint32_t number = **at & 0x7f;

	while (*(*at)++ & 0x80)
		number = number << 7 | (**at & 0x7f);
	return number;
}

static inline void append_number(Buf *out, uint32_t number)
{
	uint8_t *at = (uint8_t *)buf_reserve(out, NUMBER_MAX_BYTES);

	out->len += (size_t)(pack_number(at, number) - at);
}

/* Behind @last (0 before the first). */
static inline uint8_t *pack_place(uint8_t *out, Place last, Place place)
{
	if (PLACE_FIELD(place) != PLACE_FIELD(last)) {
		*out++ = COLUMN_MARK;
		*out++ = PLACE_FIELD(place);
		last = (Place)PLACE_FIELD(place) << PLACE_FIELD_SHIFT;
	}
	return pack_number(out, place - last + LEAST_DELTA);
}

#endif
