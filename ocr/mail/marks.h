/* What a line looks like and where it stands: signs that the model weighs. Internal to ocr/mail. */
#ifndef OCR_MAIL_MARKS_H
#define OCR_MAIL_MARKS_H

#include "ocr/mail/lines.h"

/* X(NAME, weight, enter, leave) of model.def; what each means stands there. */
enum ocr_mail_mark {
#define X(name, weight, enter, leave) OCR_MAIL_MARK_##name,
#include "ocr/mail/model.def"
#undef X
    OCR_MAIL_MARKS
};
extern const char *const ocr_mail_mark_words[OCR_MAIL_MARKS];

/* A line of the author that is not blank. */
struct ocr_mail_point {
    size_t line;    /* of the mail */
    uint64_t marks; /* 1 << enum ocr_mail_mark, or-ed */
    bool first;     /* a new run of the author's lines begins: something quoted stands between */
};

enum { OCR_MAIL_POINTS = 160 }; /* the last of the author's lines; what stands before them is body */

struct ocr_mail_points {
    struct ocr_mail_point items[OCR_MAIL_POINTS];
    size_t n;
};

/* `sender` is the folded display name and local part of the sender, absent when unknown. */
struct ocr_mail_points *ocr_mail_points_of(struct ocr_mail_lines *lines, struct str sender, struct arena *arena);

static inline bool ocr_mail_marked(uint64_t marks, enum ocr_mail_mark mark)
{
    return marks >> mark & 1;
}

#endif
