/* A closer look at the lines in doubt: each is cut out and read by itself. */
#ifndef OCR_TEXT_AGAIN_H
#define OCR_TEXT_AGAIN_H

#include "ocr/find/texts.h"
#include "ocr/text/engine.h"

/* What a card's readings share. */
struct ocr_views {
    struct ocr_engine *engine;
    struct ocr_image ink;          /* the card as ink on white */
    struct ocr_image view;         /* what is read again: the card with its light evened out */
    const struct ocr_texts *texts; /* letters found before anything was read */
    double scale;                  /* pixels of the view over pixels of `texts` */
    int line_ms;                   /* ceiling of one line */
};

/* Reads again, one by one, the lines with a doubtful word, lines that go on over letters which no word covers, and rows
 * of letters without any word; mail and web addresses with nothing but their letters allowed. The better reading of a
 * line stands, the other becomes an alternative of its words. At most OCR_AGAIN_LINES lines, the most doubtful first.
 */
struct ocr_words ocr_again(const struct ocr_views *views, struct ocr_words words, struct arena *arena);

enum { OCR_AGAIN_LINES = 10 };

#endif
