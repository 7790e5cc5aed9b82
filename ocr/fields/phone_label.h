/* Labels of telephone numbers in many languages. Internal to ocr/fields. */
#ifndef OCR_FIELDS_PHONE_LABEL_H
#define OCR_FIELDS_PHONE_LABEL_H

#include "ocr/fields/look.h"

enum { OCR_NOT_A_PHONE = 99 }; /* the number of a register, a bank, a tax office */

/* Kind (enum contact_kind) named by the words right before byte `at`, the nearest label wins; -1 when there is none,
 * OCR_NOT_A_PHONE for labels of other numbers. *ret_from is where the label starts. */
int ocr_phone_label(struct str s, size_t at, struct arena *arena, size_t *ret_from);
/* Where a national number is at home whose label begins at byte `label_from`: what its own line says, else the office
 * above it on cards with several, else the card's region. */
const char *ocr_phone_home(struct ocr_look *look, const struct ocr_piece *piece, size_t label_from);

#endif
