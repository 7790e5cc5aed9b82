/* What readers take for what: the cost of reading `seen` where `meant` is printed. Internal to ocr/fields/mend. */
#ifndef OCR_FIELDS_MEND_SLIP_H
#define OCR_FIELDS_MEND_SLIP_H

#include "base/str.h"

/* Costs of one usual slip, of a letter taken for any other, of a letter too many or too few. */
#define OCR_SLIP_USUAL 0.5
#define OCR_SLIP_ANY   1.0
#define OCR_SLIP_EXTRA 1.2

/* Cost of reading lower case `seen` where lower case `meant` is printed: 0 for the same letters, up to OCR_SLIP_USUAL
 * for one usual slip ("rn" for "m", "l" for "i", one letter of two alike lost), OCR_SLIP_ANY for another letter,
 * OCR_SLIP_EXTRA for one too many or too few. Dots, hyphens and underscores of `seen` cost nothing, `meant` has none.
 * More than `ceiling` when it costs more, and for texts of more than 64 bytes. */
double ocr_slip_cost(struct str seen, struct str meant, double ceiling);
/* The letters of `meant` between the dots, hyphens and underscores of `seen`, each where it stands in it; in the
 * arena. Texts of more than 64 bytes come back as `meant`. */
struct str ocr_slip_mend(struct str seen, struct str meant, struct arena *arena);

#endif
