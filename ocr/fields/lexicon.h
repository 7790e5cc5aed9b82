/* The word lists of ocr/data, folded, sorted and embedded by embed.py. */
#ifndef OCR_FIELDS_LEXICON_H
#define OCR_FIELDS_LEXICON_H

#include "base/str.h"

enum ocr_lexicon {
    OCR_LEXICON_BUILDING_WORDS,
    OCR_LEXICON_CITIES,
    OCR_LEXICON_CITY_HOMES, /* of names at home in one country that country: "de" of "berlin" */
    OCR_LEXICON_DEPARTMENT_WORDS,
    OCR_LEXICON_FAMILY_NAMES,
    OCR_LEXICON_GIVEN_NAMES,
    OCR_LEXICON_JOB_ENDINGS,
    OCR_LEXICON_JOB_WORDS,
    OCR_LEXICON_NAME_PREFIXES,
    OCR_LEXICON_NAME_SUFFIXES,
    OCR_LEXICON_NOT_NAMES,
    OCR_LEXICON_ORGANIZATION_ENDINGS,
    OCR_LEXICON_ORGANIZATION_WORDS,
    OCR_LEXICON_PARTICLES,
    OCR_LEXICON_REGIONS,
    OCR_LEXICON_STREET_ENDINGS,
    OCR_LEXICON_STREET_WORDS,
    OCR_LEXICON_MARKS, /* of words that are always spelt with marks that spelling: "dąbrowska" of "dabrowska" */
    OCR_LEXICON_COUNT
};

/* Words, a newline behind each, or a tab, a value and a newline; where they are by their hash (embed.py). */
struct ocr_lexicon_list {
    const unsigned char *words;
    size_t n;
    const uint32_t *slots; /* 1 + offset of a word, 0: empty; a power of two of them */
    size_t slots_n;
    size_t shortest, longest; /* bytes of a word, at least 1 */
};
extern const struct ocr_lexicon_list ocr_lexicon_lists[OCR_LEXICON_COUNT];

/* True when `folded` (contact_text_fold) is an entry of the list. */
bool ocr_lexicon_has(enum ocr_lexicon list, struct str folded);
/* What the list says of `folded`, of lists of words with a value; absent when it is not there. */
struct str ocr_lexicon_value(enum ocr_lexicon list, struct str folded);
/* True when `folded` ends with an entry of the list and at least three bytes stand before it. */
bool ocr_lexicon_ends(enum ocr_lexicon list, struct str folded);

/* True when `word` is one of `n` words of a short list. */
bool ocr_word_in(struct str word, const char *const *list, size_t n);

#endif
