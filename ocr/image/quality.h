/* What a better photo would need. */
#ifndef OCR_IMAGE_QUALITY_H
#define OCR_IMAGE_QUALITY_H

#include "ocr/image/image.h"

enum ocr_advice {
    OCR_ADVICE_BLUR,
    OCR_ADVICE_GLARE, /* over no field that was read */
    OCR_ADVICE_DARK,
    OCR_ADVICE_SMALL,
    OCR_ADVICE_GLARE_NAME, /* over these */
    OCR_ADVICE_GLARE_ORGANIZATION,
    OCR_ADVICE_GLARE_ROLE,
    OCR_ADVICE_GLARE_EMAIL,
    OCR_ADVICE_GLARE_PHONE,
    OCR_ADVICE_GLARE_URL,
    OCR_ADVICE_GLARE_ADDRESS,
    OCR_ADVICE_COUNT
};
extern const char *const ocr_advice_words[]; /* "blur", "glare" …: keys of the pages' catalogues */

struct ocr_judgement {
    bool advice[OCR_ADVICE_COUNT];
    double sharpness; /* 0..1: 1 when letter edges are one pixel steep at this size */
};

/* Judges a rectified grey card; `source_side` is how many pixels of the photo its longer side had. */
struct ocr_judgement ocr_judge(struct ocr_image gray, double source_side);

/* Share of pixels burnt out in a box of the card and a little around it, 0..1. */
double ocr_burnt(struct ocr_image gray, double x, double y, double w, double h);

#endif
