/* What kind of character a code point is, for breaking words. */
#ifndef TEXT_CHARACTER_H
#define TEXT_CHARACTER_H

#include <stdint.h>

typedef enum CharClass {
	CHAR_OTHER,    /* ends a word                                                     */
	CHAR_LOWER,    /* a letter that is not upper case, of a script with spaces         */
	CHAR_UPPER,
	CHAR_DIGIT,
	CHAR_MARK,     /* belongs to the letter before it (combining marks, soft hyphen …) */
	CHAR_UNSPACED, /* of a script written without spaces: CJK, Thai, Lao, Khmer …      */
	CHAR_JOINER,   /* joins two words into a name when it stands alone between them    */
} CharClass;

CharClass char_class(uint32_t code_point);
/* The same for ASCII, where most texts are. */
extern const uint8_t char_ascii_classes[128];

static inline int char_is_word(CharClass class)
{
	return class == CHAR_LOWER || class == CHAR_UPPER || class == CHAR_DIGIT || class == CHAR_MARK;
}

/* The ASCII character that a joiner counts as: typographic hyphens are `-`, apostrophes `'`. */
char char_joiner_ascii(uint32_t code_point);

#endif
