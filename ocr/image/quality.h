/* What a better photo would need. */
#ifndef OCR_IMAGE_QUALITY_H
#define OCR_IMAGE_QUALITY_H

#include "ocr/image/image.h"

enum ocr_advice { OCR_ADVICE_BLUR, OCR_ADVICE_GLARE, OCR_ADVICE_DARK, OCR_ADVICE_SMALL, OCR_ADVICE_COUNT };
extern const char *const ocr_advice_words[]; /* "blur", "glare", "dark", "small" */

struct ocr_judgement {
    bool advice[OCR_ADVICE_COUNT];
    double sharpness; /* 0..1: 1 when letter edges are one pixel steep at this size */
};

/* Judges a rectified grey card; `source_side` is how many pixels of the photo its longer side had. */
struct ocr_judgement ocr_judge(struct ocr_image gray, double source_side);

#endif
