/* How far a value may be trusted: signs for and against it, weighed by what was right and wrong on cards with known
 * truth (tests/bench/confidence.py). Internal to ocr/fields. */
#ifndef OCR_FIELDS_TRUST_H
#define OCR_FIELDS_TRUST_H

#include "ocr/fields/look.h"

/* Fields that share weights. */
enum ocr_trust {
    OCR_TRUST_NAME,
    OCR_TRUST_AFFIX,
    OCR_TRUST_TITLE,
    OCR_TRUST_DEPARTMENT,
    OCR_TRUST_ORGANIZATION,
    OCR_TRUST_EMAIL,
    OCR_TRUST_PHONE,
    OCR_TRUST_URL,
    OCR_TRUST_STREET,
    OCR_TRUST_CODE,
    OCR_TRUST_CITY,
    OCR_TRUST_COUNTRY,
    OCR_TRUSTS
};

enum ocr_sign {
    OCR_SIGN_PATTERN,  /* how well the recogniser's pattern fits, log-odds */
    OCR_SIGN_ENGINE,   /* the engine's mean confidence, in tenths around 0.9 */
    OCR_SIGN_WEAKEST,  /* that of the worst word */
    OCR_SIGN_DISPUTED, /* another pass read a word differently */
    OCR_SIGN_MENDED,   /* put right: it was read otherwise */
    OCR_SIGN_AGREES,   /* another field says the same: mail and name, mail and website, company and domain */
    OCR_SIGN_KNOWN,    /* in a list: names, cities, titles, streets */
    OCR_SIGN_FORM,     /* has the form of its kind: legal form, house number, sign of a country */
    OCR_SIGN_INFERRED, /* stands nowhere on the card */
    OCR_SIGN_LENGTH,   /* of the value: log2 of its letters over 12 */
    OCR_SIGNS
};
extern const char *const ocr_sign_words[OCR_SIGNS]; /* "pattern", "engine" … */

struct ocr_verdict {
    double value[OCR_SIGNS];  /* 0: says nothing */
    double weight[OCR_SIGNS]; /* what it adds to the log-odds */
    double confidence;        /* 0..1 */
};

/* Weighs a find. What a code said (confidence 0.99, no place) is believed as it is, with no signs. */
struct ocr_verdict ocr_trust_weigh(const struct ocr_look *look, enum ocr_trust kind, const struct ocr_find *find);

#endif
