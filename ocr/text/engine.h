/* The recognition engine: grey pixels to words. Only engine.c knows Tesseract, and it never sees a path or a URL. */
#ifndef OCR_TEXT_ENGINE_H
#define OCR_TEXT_ENGINE_H

#include "ocr/image/image.h"
#include "ocr/words.h"

struct ocr_engine;

enum ocr_layout {
    OCR_LAYOUT_PAGE,   /* columns and lines first */
    OCR_LAYOUT_SPARSE, /* text wherever it stands */
    OCR_LAYOUT_LINE,   /* the picture is one line */
};

enum { OCR_ENGINE_WORDS = 1500 }; /* most words of one reading */

struct ocr_words {
    struct ocr_word *items; /* boxes in pixels of the image that was read */
    size_t n;
    double confidence; /* mean over letters, 0..1 */
    bool cut;          /* the deadline came first: what was read so far */
};

/* Loads models once. `languages` as Tesseract names them ("deu+eng"), or NULL for the best that is installed: the model
 * of all Latin scripts, then German and English, then whatever there is. Errors: ERR_INTERNAL with a detail that says
 * what to install. */
int ocr_engine_new(const char *languages, struct ocr_engine **ret_engine, struct err *err);
/* "tesseract 5.3.0, leptonica-1.82.0" */
struct str ocr_engine_version(struct arena *arena);
/* Name of what was loaded, "Latin". */
const char *ocr_engine_languages(const struct ocr_engine *engine);
/* Reads a grey image; stops after deadline_ms of wall time with what it has. */
void ocr_engine_read(struct ocr_engine *engine, struct ocr_image gray, enum ocr_layout layout, int deadline_ms,
                     struct arena *arena, struct ocr_words *ret_words);
void ocr_engine_freep(struct ocr_engine **engine);

#endif
