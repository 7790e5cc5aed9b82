/* QR and Data Matrix codes on a photo: often a whole vCard, always without a misread letter. */
#ifndef OCR_CODES_H
#define OCR_CODES_H

#include "ocr/image/image.h"
#include "ocr/words.h"

struct ocr_code {
    struct str text;         /* payload, valid UTF-8 */
    struct ocr_place middle; /* pixels of the image */
};

enum { OCR_CODES = 16 }; /* of one photo */

/* Reads codes of a grey image at its size and at half of it (what one misses the other often sees). Each payload once.
 * Returns how many were written to ret_codes. */
int ocr_find_codes(struct ocr_image gray, struct arena *arena, struct ocr_code ret_codes[OCR_CODES]);

#endif
