/* One row of a signature cut where columns, labels and different things meet. Internal to ocr/mail. */
#ifndef OCR_MAIL_CELLS_H
#define OCR_MAIL_CELLS_H

#include "base/str.h"

enum { OCR_MAIL_CELLS = 8 };

struct ocr_mail_cell {
    struct str text;
    size_t column; /* where it begins, in letters */
    size_t place;  /* which column of the row it is of */
    size_t below;  /* pieces of its column in front of it: "Buyer, Muster GmbH" is read as two lines */
};

/* Cuts at three blanks, tabs, strokes and dots between blanks, and where a title meets its company or a name what it
 * belongs to. Leaves out frames, links right behind the text they are the link of, pictures, and addresses whose domain
 * cannot be known (complete.h takes those). Returns how many there are. */
size_t ocr_mail_cells_of(struct str text, struct arena *arena, struct ocr_mail_cell cells[OCR_MAIL_CELLS]);

#endif
