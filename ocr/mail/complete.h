/* What the text of a mail says exactly and the recognisers of cards, made for misread print, leave or guess. Internal
 * to ocr/mail. */
#ifndef OCR_MAIL_COMPLETE_H
#define OCR_MAIL_COMPLETE_H

#include "ocr/mail/block.h"
#include "ocr/message.h"

/* True for an e-mail or web address whose top-level domain is none we know: the recognisers would take it for words. */
bool ocr_mail_odd_address(struct str word, struct arena *arena);
/* A word without the signs around it ("<mailto:a@b.example>," -> "a@b.example"). */
struct str ocr_mail_bare_word(struct str word);

/* Adds to the contact and claims of `card`: addresses as they are written, numbers that a label names, a given name
 * that stands alone, a company between name and street. Takes away what stands nowhere in the signature. */
void ocr_mail_complete(const struct ocr_mail_lines *lines, const struct ocr_mail_ranges *ranges, const char *region,
                       struct arena *arena, struct ocr_card *card);

#endif
