/* What the engine saw and what the recognisers work on: words with boxes in pixels of the rectified card image, grouped
 * into lines (reading order, columns already separated) and blocks. */
#ifndef OCR_WORDS_H
#define OCR_WORDS_H

#include "base/json.h"

struct ocr_box {
    double x, y, w, h; /* pixels, origin top left */
};

struct ocr_word {
    struct str text;   /* UTF-8, NFC */
    double confidence; /* 0..1, the engine's own */
    struct ocr_box box;
    struct json_list alternatives; /* struct str: other readings of other passes, best first; may be empty */
};

struct ocr_line {
    struct ocr_word *words;
    size_t n;
    struct str text; /* the words joined by single blanks */
    struct ocr_box box;
    double height; /* letter height (x-height to cap height), for size comparison between lines */
    int block;     /* lines of one block stand together; blocks are numbered in reading order */
};

struct ocr_page {
    struct ocr_line *lines;
    size_t n;
    double width, height;   /* of the rectified card image */
    struct json_list codes; /* struct str: payloads of QR and Data Matrix codes */
    bool written;           /* the text was written, not read off print: its letters are right as they are, and its
                               first line names a person more often than not */
    struct str writer_name, writer_email; /* who is said to have written it; absent when nobody says so */
};

#endif
