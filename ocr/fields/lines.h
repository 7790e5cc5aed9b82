/* What a free line may be: a person's name, an organisation, a job title, a department. Scores of one kind compare with
 * each other; above 0 means rather yes than no. Internal to ocr/fields. */
#ifndef OCR_FIELDS_LINES_H
#define OCR_FIELDS_LINES_H

#include "ocr/fields/look.h"

/* One or two pieces that are read as one value. */
struct ocr_text {
    struct ocr_span spans[2];
    size_t n;
    struct str text;
    double height; /* letter height over the card's median */
};

struct ocr_name {
    struct str prefix, given, family, suffix;
    double score;
};

struct ocr_text ocr_text_of(const struct ocr_look *look, const struct ocr_piece *piece);
/* Two pieces below each other as one. */
struct ocr_text ocr_text_join(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b);

/* Splits into the parts of a name; false when it cannot be one. */
bool ocr_name_read(const struct ocr_look *look, const struct ocr_text *text, struct ocr_name *ret_name);
/* True for a line of nothing but titles ("Dipl.-Ing. (FH)"). */
bool ocr_name_titles(const struct ocr_look *look, struct str text);
/* The letters of a name against the mail's local part: 0 nothing in common … 4 given and family name. */
double ocr_name_mail(const struct ocr_look *look, struct str given, struct str family);

/* The text with misread legal forms put right. */
struct str ocr_organization_mend(const struct ocr_look *look, struct str text);
double ocr_organization_score(const struct ocr_look *look, const struct ocr_text *text);
/* Whether b below a whole name says only what the company does ("web solutions"), or is noise. */
bool ocr_organization_slogan(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b);
/* Domain label of the card's mail or website, for a card that prints no organisation; absent when free mail. */
struct str ocr_organization_domain(const struct ocr_look *look);

/* "AI" is read as "Al" more often than not. */
struct str ocr_role_mend(const struct ocr_look *look, struct str text);
double ocr_job_title_score(const struct ocr_look *look, const struct ocr_text *text);
double ocr_department_score(const struct ocr_look *look, const struct ocr_text *text);

#endif
