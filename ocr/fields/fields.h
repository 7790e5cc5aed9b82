/* From words to a contact: recognisers claim, arbitration decides. A function from values to values. */
#ifndef OCR_FIELDS_FIELDS_H
#define OCR_FIELDS_FIELDS_H

#include "ocr/message.h"
#include "ocr/words.h"

/* Reads the contact off one card. `region` (ISO 3166-1 alpha-2, NULL: none) is where the reader sits: it completes
 * national phone numbers when the card itself does not say where it comes from. Fills contact, fields and unassigned of
 * *ret_card (claims and rests with card_box; box stays empty) and leaves its other members alone; texts live in the
 * arena and may point into `page`. The contact is never NULL, but may be empty. Errors: none today beyond ERR_TOO_LARGE
 * (more than OCR_FIELDS_LINES lines). */
int ocr_fields_read(const struct ocr_page *page, const char *region, struct arena *arena, struct ocr_card *ret_card,
                    struct err *err);

enum {
    OCR_FIELDS_LINES = 400, /* lines of one card; more is not a business card */
};

#endif
