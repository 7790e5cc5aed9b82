/* Which of the author's lines are signature: the best way through the marks. Internal to ocr/mail. */
#ifndef OCR_MAIL_BLOCK_H
#define OCR_MAIL_BLOCK_H

#include "ocr/mail/marks.h"

struct ocr_mail_range {
    size_t first, last; /* lines of the mail, from 0, both inclusive */
};

struct ocr_mail_ranges {
    struct ocr_mail_range *items;
    size_t n;
};

/* The runs of lines whose marks, weighed by model.def, together speak most for a signature (Viterbi over two states).
 */
struct ocr_mail_ranges ocr_mail_block_find(const struct ocr_mail_points *points, struct arena *arena);

#endif
