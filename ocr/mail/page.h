/* Signature lines as the page of a card, so that the recognisers of cards read them. Internal to ocr/mail. */
#ifndef OCR_MAIL_PAGE_H
#define OCR_MAIL_PAGE_H

#include "ocr/mail/block.h"
#include "ocr/mail/mail.h"
#include "ocr/words.h"

/* Lays the lines of the ranges out as they stand: one letter is as wide as the other, cells of a row become lines of
 * their own, columns are read one after the other. What no field comes from is left out: closings, rules, links behind
 * their own text, notices, and, unless `legal`, what the law wants (managers, register, tax numbers). `sender` (NULL:
 * unknown) helps to tell the name from what stands beside it. */
struct ocr_page ocr_mail_page_of(const struct ocr_mail_lines *lines, const struct ocr_mail_ranges *ranges, bool legal,
                                 const struct ocr_mail_sender *sender, struct arena *arena);

#endif
