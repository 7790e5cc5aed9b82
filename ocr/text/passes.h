/* How often and how a card is read: once as a whole, then once more where the first reading is in doubt. */
#ifndef OCR_TEXT_PASSES_H
#define OCR_TEXT_PASSES_H

#include "ocr/text/engine.h"

struct ocr_patience {
    int64_t (*clock)(void); /* milliseconds; NULL: time stands still */
    int64_t deadline;       /* on that clock */
    /* To measure what each gives, these are left out: */
    bool once;     /* the second pass */
    bool afar;     /* the closer look at lines */
    bool raw;      /* cleaning: the grey card is read as it is */
    bool unturned; /* turning the card upright */
};

/* Reads a rectified, upright grey card of about 1800 pixels. The first pass sees ink as black on white, columns and
 * lines first. Lines whose every word is certain are then painted over, and what is left is read from a second view as
 * text wherever it stands, unless next to nothing is left. */
struct ocr_words ocr_passes(struct ocr_engine *engine, struct ocr_image gray, const struct ocr_patience *patience,
                            struct arena *arena);

/* Letters of words that are read with some confidence: what tells the right way up from the wrong. */
double ocr_sure_letters(const struct ocr_words *words);

#endif
