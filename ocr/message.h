/* The answer of reading one image: what kartei-parse returns, `kartei scan` prints and flow/read stores. */
#ifndef OCR_MESSAGE_H
#define OCR_MESSAGE_H

#include "contact/contact.h"

struct ocr_point {
    double x, y; /* pixels of the upright photo */
};

struct ocr_quality {
    struct json_list advice; /* struct str: words of ocr_advice_words: "blur", "glare", "small", "dark", "tilted" … */
    double sharpness;        /* 0..1 */
};

struct ocr_times {
    double decode, find, read, extract, total; /* milliseconds of wall time */
};

/* Text on the card that no field took. */
struct ocr_rest {
    struct str text;
    struct json_list box, card_box; /* as in struct contact_claim */
    struct str side;                /* as there */
};

/* What speaks for a value or against it. */
struct ocr_reason {
    struct str field;     /* as in struct contact_claim */
    struct str sign;      /* "engine", "agrees" … (ocr/fields/trust.h) */
    double value, weight; /* how strong it is; what it adds to the log-odds of being right: below 0 contradicts */
};

enum { OCR_THUMB_SIDE = 216 }; /* pixels: a row's picture is 72 wide on screens of three pixels to one */

struct ocr_card {
    int64_t card;                /* 1-based number on the image */
    struct str quad;             /* JSON [[x,y]×4], clockwise from top left, pixels of the upright photo */
    struct contact *contact;     /* NULL when the card could not be read */
    struct json_list fields;     /* struct contact_claim */
    struct json_list reasons;    /* struct ocr_reason, field by field; for `kartei scan --explain` */
    struct json_list unassigned; /* struct ocr_rest */
    struct ocr_quality quality;
    struct ocr_times ms;
    int64_t width, height;       /* of the rectified card image */
    struct str jpeg;             /* base64 of the rectified card image; absent on the command line */
    struct str thumb;            /* the same, its longer side at most OCR_THUMB_SIDE: for rows of lists */
    const struct ocr_card *back; /* its other side, when ocr_sides_join() found one; in no JSON */
};

struct ocr_message {
    int64_t width, height;  /* of the upright photo */
    struct str media_type;  /* "image/jpeg" … by content */
    struct json_list cards; /* struct ocr_card; at least one, or problem is set */
    struct str problem;     /* slug of base/errors.def, absent when a card was read */
    struct str param;       /* fills {} of its sentence */
};

extern const struct json_shape ocr_card_shape, ocr_quality_shape, ocr_times_shape, ocr_rest_shape, ocr_reason_shape,
    ocr_message_shape;

#endif
