/* What the text of a mail says exactly and the recognisers of cards, made for misread print, leave or guess. Internal
 * to ocr/mail. */
#ifndef OCR_MAIL_COMPLETE_H
#define OCR_MAIL_COMPLETE_H

#include "ocr/fields/lexicon.h"
#include "ocr/mail/block.h"
#include "ocr/mail/mail.h"
#include "ocr/message.h"

enum { OCR_MAIL_CLAIMS = 40 };

/* A contact while it is completed. */
struct ocr_mail_completer {
    struct arena *arena;
    struct contact *contact;
    const char *region;
    struct contact_claim claims[OCR_MAIL_CLAIMS]; /* beside those of the recognisers */
    size_t n;
};
void ocr_mail_claim(struct ocr_mail_completer *c, struct str field, struct str value, struct str raw,
                    double confidence);
/* Puts one more value behind a list of the contact ("phones") and claims it. */
void ocr_mail_add_value(struct ocr_mail_completer *c, struct json_list *list, const char *field,
                        struct contact_value value, double confidence);
/* Numbers of a line that a label with a colon names and the recognisers left: "Tel.: 2950/51 64285". */
void ocr_mail_add_numbers(struct ocr_mail_completer *c, struct str text);

/* True for an e-mail or web address whose top-level domain is none we know: the recognisers would take it for words. */
bool ocr_mail_odd_address(struct str word, struct arena *arena);
/* A word without the signs around it ("<mailto:a@b.example>," -> "a@b.example"). */
struct str ocr_mail_bare_word(struct str word);

/* Company, department, title and town: what was left is found, what was mistaken for each other changes places. */
void ocr_mail_house(struct ocr_mail_completer *c, struct ocr_card *card);
/* Two digits or more. */
bool ocr_mail_has_digits(struct str s);
/* Upper edge of what a claim was read from; -1 when it stands nowhere. */
double ocr_mail_claim_y(const struct contact_claim *claim);
/* A word of `fold` is in the list, or ends like a job when the list is that of jobs. */
bool ocr_mail_any_word(struct str fold, enum ocr_lexicon list);

/* "Referat 31", "- Abteilung IV 3 -": a part of an office by its number, which reads like a street. */
bool ocr_mail_numbered_part(struct str text);
/* "- Referat 31 -" without its dashes. */
struct str ocr_mail_without_dashes(struct str text);

/* Adds to the contact and claims of `card`: addresses as they are written, numbers that a label names, a given name
 * that stands alone, a company between name and street. Takes away what stands nowhere in the signature. */
void ocr_mail_complete(const struct ocr_mail_lines *lines, const struct ocr_mail_ranges *ranges, const char *region,
                       const struct ocr_mail_sender *sender, struct arena *arena, struct ocr_card *card);

#endif
