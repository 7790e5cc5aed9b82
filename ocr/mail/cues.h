/* Phrases that lines of mails are known by (ocr/data/mail_cues.txt). Internal to ocr/mail. */
#ifndef OCR_MAIL_CUES_H
#define OCR_MAIL_CUES_H

#include "base/str.h"

enum ocr_mail_cue {
    OCR_MAIL_CUE_CLOSING,
    OCR_MAIL_CUE_MOBILE,
    OCR_MAIL_CUE_LEGAL,
    OCR_MAIL_CUE_SOCIAL,
    OCR_MAIL_CUE_NOTICE,
    OCR_MAIL_CUE_LIST,
    OCR_MAIL_CUE_AUTOMATIC,
    OCR_MAIL_CUE_GREETING,
    OCR_MAIL_CUE_PROSE,
    OCR_MAIL_CUE_LABEL,
    OCR_MAIL_CUE_WROTE,
    OCR_MAIL_CUE_ORIGINAL,
    OCR_MAIL_CUE_FROM,
    OCR_MAIL_CUE_SENT,
    OCR_MAIL_CUE_TO,
    OCR_MAIL_CUE_SUBJECT,
    OCR_MAIL_CUE_PS,
    OCR_MAIL_CUES
};

struct ocr_mail_phrase {
    const char *phrase; /* folded */
    size_t n;           /* bytes */
    uint32_t kinds;     /* 1u << enum ocr_mail_cue, or-ed */
};
extern const struct ocr_mail_phrase ocr_mail_phrases[]; /* sorted by bytes */
extern const size_t ocr_mail_phrase_count;
extern const uint16_t
    ocr_mail_phrase_starts[257]; /* first row whose phrase begins with the byte, or with a later one */

/* What is said in a folded line (contact_text_fold). */
struct ocr_mail_cues {
    uint32_t anywhere, first;          /* kinds of phrases in it; of those it begins with */
    size_t words;                      /* of the line */
    size_t first_words[OCR_MAIL_CUES]; /* words of the longest phrase of the kind that it begins with */
    size_t count[OCR_MAIL_CUES];       /* phrases of the kind */
};
struct ocr_mail_cues ocr_mail_cues_of(struct str fold);
/* Kinds of a phrase that is the whole of `fold`; 0 when it is none. */
uint32_t ocr_mail_cue_whole(struct str fold);

#endif
