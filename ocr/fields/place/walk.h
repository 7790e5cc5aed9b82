/* One address on its way: what its parts are, and the street in front of its city. Internal to ocr/fields/place. */
#ifndef OCR_FIELDS_PLACE_WALK_H
#define OCR_FIELDS_PLACE_WALK_H

#include "ocr/fields/place/parts.h"

enum { OCR_STREET_PIECES = 24 };

/* Words [from, to) of a part. */
struct ocr_cut {
    size_t part, from, to;
};

/* One address on its way; nothing of the card is taken before it is accepted. */
struct ocr_walk {
    struct ocr_look *look;
    const struct ocr_parts *parts;
    size_t limit; /* first part that no other address took */
    struct ocr_place place;
    struct ocr_cut street[OCR_STREET_PIECES]; /* backwards */
    size_t street_n;
    bool named;            /* a word for streets is in it */
    bool whole;            /* a street and its number are */
    int strength;          /* 0 no street, 1 perhaps, 2 a number with words, 3 with a word for streets or buildings */
    struct ocr_cut anchor; /* of the city */
    size_t country_part;
    struct ocr_span beside; /* words of the anchor's line that belong to no field */
};

bool ocr_walk_free(const struct ocr_walk *w, size_t part);
/* Whether two parts stand together: one line, or lines close below each other. */
bool ocr_walk_together(const struct ocr_walk *w, size_t upper, size_t lower);
/* The last free part before `at` that stands together with it; parts of other columns and drawings between are passed
 * over. `at` when there is none. */
size_t ocr_walk_above(const struct ocr_walk *w, size_t at);
/* A find over words of a part; none when the cut is empty. */
struct ocr_find ocr_walk_find(const struct ocr_walk *w, struct ocr_cut cut, double belief);
/* Collects the street in front of the anchor: what stands in its line, then the lines above. */
void ocr_walk_street(struct ocr_walk *w);
/* "H-1132 Budapest, Váci út 12": where nothing stands before the city, the street may follow part `part`. */
void ocr_walk_street_behind(struct ocr_walk *w, size_t part);
/* A street of these words alone, if they are one. */
bool ocr_walk_lone_street(struct ocr_walk *w, size_t part);
/* The collected pieces in reading order as one value with a span for each line. */
struct ocr_find ocr_walk_street_find(const struct ocr_walk *w);

#endif
