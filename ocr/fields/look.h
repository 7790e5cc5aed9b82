/* The card as the recognisers share it: lines of folded words, what is taken already, what was found. Internal to
 * ocr/fields. One look is one card; all of it lives in the arena of the call. */
#ifndef OCR_FIELDS_LOOK_H
#define OCR_FIELDS_LOOK_H

#include "base/limits.h"
#include "ocr/fields/fields.h"

struct ocr_look_word {
    const struct ocr_word *word;
    struct str fold; /* contact_text_fold */
    bool taken;
};

struct ocr_look_line {
    const struct ocr_line *line;
    struct ocr_look_word *words;
    size_t n;
    struct str
        letters[2]; /* of the line, without marks and with umlauts written out; absent before ocr_fields_domain_agree */
};

/* Words [from, to) of one line. */
struct ocr_span {
    size_t line, from, to;
};

enum { OCR_FIND_SPANS = 6, OCR_FIND_VALUES = LIMIT_VALUES };

/* One value with its place; n == 0 spans for what a code said. */
struct ocr_find {
    struct str value, raw;
    double confidence; /* 0..1: belief dampened by the engine's confidence */
    double belief;     /* 0..1: how well the recogniser's pattern fits */
    bool code;         /* a code said it */
    int kind;          /* enum contact_kind or -1 */
    struct ocr_span spans[OCR_FIND_SPANS];
    size_t n;
    struct str alternative; /* another possible value, or absent */
};

struct ocr_find_list {
    struct ocr_find items[OCR_FIND_VALUES];
    size_t n;
};

struct ocr_place {
    struct ocr_find street, postal_code, city, region, country;
};

enum { OCR_PLACES = 6, OCR_DOMAINS = 8 };
/* Names of the card's own domains, mail first, each with its letters (contact_text_letters). */
struct ocr_domains {
    struct str labels[OCR_DOMAINS], letters[OCR_DOMAINS];
    size_t n;
};

struct ocr_look {
    const struct ocr_page *page;
    struct arena *arena;
    struct ocr_look_line *lines;
    size_t n;
    double height;             /* median letter height of the lines */
    char region[3];            /* where the card comes from, as far as it says; else the caller's; "" unknown */
    double region_votes;       /* how much of the card speaks for it; see region.c */
    const char **line_country; /* country that each line says, "" none; NULL until asked for */
    size_t countries;          /* how often it changes from line to line */
    struct ocr_find_list emails, phones, urls;
    struct ocr_find_list spare; /* addresses that a code says and no field takes */
    struct ocr_place places[OCR_PLACES];
    size_t places_n;
    struct ocr_domains domains;             /* of emails and urls; see ocr_organization_domains */
    struct ocr_memo *memo;                  /* names that were taken apart already; see ocr_company_of */
    struct str locals[OCR_FIND_VALUES + 2]; /* letters of what names a person: addresses, writer; ocr_name_locals */
    size_t locals_n;
    struct ocr_find name_prefix, given_name, family_name, name_suffix, job_title, department, organization;
};

/* A run of free words of one line, without words that only divide ("|", "•"). */
struct ocr_piece {
    struct ocr_span span;
    struct str text; /* the words with single blanks */
};

struct ocr_look *ocr_look_new(const struct ocr_page *page, struct arena *arena);
/* Pieces of a line in order, in the arena; returns their number. Dividers split only when `divide`. */
size_t ocr_look_pieces(const struct ocr_look *look, size_t line, bool divide, struct ocr_piece **ret_pieces);
/* Words that only divide in a line: "Weine · Feinkost · Präsente" has two. */
size_t ocr_look_dividers(const struct ocr_look *look, size_t line);
/* Span of the words that bytes [from, to) of a piece's text touch. */
struct ocr_span ocr_piece_span(const struct ocr_look *look, const struct ocr_piece *piece, size_t from, size_t to);
struct ocr_piece ocr_piece_of(const struct ocr_look *look, struct ocr_span span);
void ocr_look_take(struct ocr_look *look, struct ocr_span span);
/* Gives a word another text; what was read becomes its alternative. */
void ocr_look_respell(const struct ocr_look *look, struct ocr_look_word *word, struct str text);
/* Mean confidence of the engine over the words of the span, 0..1. */
double ocr_look_confidence(const struct ocr_look *look, struct ocr_span span);
struct ocr_box ocr_look_box(const struct ocr_look *look, struct ocr_span span);
/* Over one span; its confidence is `belief` (how well the pattern fits) dampened by that of the words. */
struct ocr_find ocr_find_new(const struct ocr_look *look, struct ocr_span span, struct str value, double belief);
/* Adds unless the value is there already (then the better confidence and a missing kind win); false when full. */
bool ocr_find_add(struct ocr_find_list *list, const struct ocr_find *find);
void ocr_find_extend(struct ocr_find *find, struct ocr_span span);
/* Edit distance (Levenshtein) of two short texts by bytes; `ceiling` + 1 when larger or over 80 bytes long. */
size_t ocr_distance(struct str a, struct str b, size_t ceiling);

/* The recognisers, in the order they run; each takes the words it is sure of. */
void ocr_fields_region(struct ocr_look *look, const char *fallback);
void ocr_fields_email(struct ocr_look *look);
void ocr_fields_url(struct ocr_look *look);
void ocr_fields_phone(struct ocr_look *look);
void ocr_fields_address(struct ocr_look *look);
/* Name, organisation, title, department of the lines that are left, chosen together. */
void ocr_fields_arbitrate(struct ocr_look *look);
/* What the card's codes say; runs last and overrules what was read. */
void ocr_fields_code(struct ocr_look *look);
#endif
