/* Postal codes and the places beside them, by the customs of the countries. Internal to ocr/fields. */
#ifndef OCR_FIELDS_POSTAL_H
#define OCR_FIELDS_POSTAL_H

#include "ocr/fields/look.h"

enum { OCR_PART_WORDS = 16 };

/* Words between commas or dividers, cleaned of commas at their ends. */
struct ocr_part {
    struct ocr_span span;
    size_t n;
    struct str text[OCR_PART_WORDS], fold[OCR_PART_WORDS];
};

/* Words [code_from, code_to) of a part are a postal code. */
struct ocr_postal {
    size_t code_from, code_to;
    struct str code;
    size_t city_from, city_to; /* words of the city; equal when it stands elsewhere */
    size_t state;              /* word that is a state ("NSW"), or SIZE_MAX */
    bool city_before;          /* otherwise the city is looked for behind the code */
    char country[3];           /* "" when the form fits several */
    double belief;
};

/* Finds the postal code of a part, if there is one. `region` is where the card comes from ("" unknown). */
bool ocr_postal_find(const struct ocr_part *part, const char *region, struct arena *arena,
                     struct ocr_postal *ret_postal);
/* Joins words [from, to) of a part by blanks. */
struct str ocr_part_text(const struct ocr_part *part, size_t from, size_t to, struct arena *arena);
/* True when words [from, to) are a city of the gazetteer. */
bool ocr_part_city(const struct ocr_part *part, size_t from, size_t to, struct arena *arena);
/* True for the code of a state or province of the USA, Canada, Australia; *ret_country is the country. */
bool ocr_postal_state(struct str word, const char **ret_country);

#endif
