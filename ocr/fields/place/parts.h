/* The free words of a card cut where addresses are cut: at commas, dividers, lone dashes, parentheses. Internal to
 * ocr/fields. */
#ifndef OCR_FIELDS_PLACE_PARTS_H
#define OCR_FIELDS_PLACE_PARTS_H

#include "ocr/fields/look.h"

enum { OCR_PART_WORDS = 16, OCR_PARTS = 200 };

/* Words between two cuts, cleaned of commas. One printed word may give several ("Osaka,550-0005", "Delhi-110067"). */
struct ocr_part {
    size_t line, n;
    size_t word[OCR_PART_WORDS]; /* of the look's line */
    struct str text[OCR_PART_WORDS], fold[OCR_PART_WORDS];
    bool comma; /* a comma stood behind it */
    bool paren; /* stood in parentheses, which are taken away */
};

struct ocr_parts {
    struct ocr_part *items;
    size_t n, room; /* at most OCR_PARTS */
};

/* All parts in reading order, without labels ("Address:", "Head Office"), icons, and lines of the register. */
struct ocr_parts *ocr_parts_cut(const struct ocr_look *look);
/* Joins words [from, to) of a part by blanks. */
struct str ocr_part_text(const struct ocr_part *part, size_t from, size_t to, struct arena *arena);
struct ocr_span ocr_part_span(const struct ocr_part *part, size_t from, size_t to);
/* True when words [from, to) are a city of the gazetteer. */
bool ocr_part_city(const struct ocr_part *part, size_t from, size_t to, struct arena *arena);
/* True when words [from, to) name a county, province, prefecture or state. */
bool ocr_part_region(const struct ocr_part *part, size_t from, size_t to, struct arena *arena);
/* First word of the city that ends before word `to`: the longest the gazetteer knows, else what stands behind the
 * street, else all when they are few words of letters; `to` when there is none. */
size_t ocr_part_city_start(const struct ocr_part *part, size_t to, struct arena *arena);
/* A country's name; those that are cities too ("Luxembourg") do not count. */
bool ocr_word_country(struct str word, struct arena *arena);
bool ocr_part_street_word(const struct ocr_part *part, size_t i);

#endif
