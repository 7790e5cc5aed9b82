/* Postal codes by the customs of the countries. Internal to ocr/fields. */
#ifndef OCR_FIELDS_PLACE_POSTAL_H
#define OCR_FIELDS_PLACE_POSTAL_H

#include "ocr/fields/place/parts.h"

/* Words [from, to) of a part are a postal code. */
struct ocr_postal {
    size_t from, to;
    struct str code;
    bool city_before; /* where it is the custom, the city stands in front of the code */
    bool plain;       /* nothing but digits: could be any number */
    char country[3];  /* "" when the form fits several */
    double belief;
};

/* Finds the first postal code of a part at or behind word `start`. `region` is where the card comes from ("" unknown).
 */
bool ocr_postal_find(const struct ocr_part *part, size_t start, const char *region, struct arena *arena,
                     struct ocr_postal *ret_postal);
/* True for the code of a state or province: of `country`, or, when that is "", of any; *ret_country is whose it is. */
bool ocr_postal_state(struct str word, const char *country, const char **ret_country);

#endif
