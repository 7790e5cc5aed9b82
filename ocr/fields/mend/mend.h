/* What the reader got wrong is put right by what else the card says; what was read becomes the alternative. In the
 * order they run. Internal to ocr/fields. */
#ifndef OCR_FIELDS_MEND_MEND_H
#define OCR_FIELDS_MEND_MEND_H

#include "ocr/fields/look.h"

/* Doubtful words one misread letter away from a listed one are put right; what was read is an alternative. */
void ocr_fields_spell(struct ocr_look *look);
/* Marks that the country's language has not become those it has: on Turkish cards "Ș" is "Ş", on German ones "ū" is
 * "ü". Call when the region is known. */
void ocr_fields_marks(struct ocr_look *look);
/* Mail, website and company in print say one name: the reading that explains the others best corrects them. Call when
 * emails and urls are found. */
void ocr_fields_domain_agree(struct ocr_look *look);
/* The firm against the domains, the names against the mailboxes: one misread letter is put right. */
void ocr_fields_firm_agree(struct ocr_look *look);
void ocr_fields_name_agree(struct ocr_look *look);
/* Addresses against the name that was chosen: a misread letter or a lost dot in the local part is put right. */
void ocr_fields_email_agree(struct ocr_look *look);

#endif
