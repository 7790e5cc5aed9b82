/* What a free line may be: a person's name, an organisation, a job title, a department. Scores of one kind compare with
 * each other; above 0 means rather yes than no. Internal to ocr/fields. */
#ifndef OCR_FIELDS_LINES_H
#define OCR_FIELDS_LINES_H

#include "contact/company.h"
#include "ocr/fields/look.h"

enum { OCR_TEXT_SPANS = 3 };

/* One to three pieces that are read as one value. */
struct ocr_text {
    struct ocr_span spans[OCR_TEXT_SPANS];
    size_t n;
    struct str text;
    double height; /* letter height over the card's median */
};

struct ocr_name {
    struct str prefix, given, family, suffix;
    double score;
};

struct ocr_text ocr_text_of(const struct ocr_look *look, const struct ocr_piece *piece);
/* Texts below or beside each other as one; together at most OCR_TEXT_SPANS pieces. */
struct ocr_text ocr_text_join(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b);

/* Splits into the parts of a name; false when it cannot be one. */
bool ocr_name_read(const struct ocr_look *look, const struct ocr_text *text, struct ocr_name *ret_name);
/* True for a line of nothing but titles ("Dipl.-Ing. (FH)"). */
bool ocr_name_titles(const struct ocr_look *look, struct str text);
/* Writes down the letters of the addresses' local parts and of the writer's name. Call when emails are found. */
void ocr_name_locals(struct ocr_look *look);
/* The letters of a name against the mail's local part: 0 nothing in common … 4 given and family name. */
double ocr_name_mail(const struct ocr_look *look, struct str given, struct str family);

/* Writes down the names of the card's own domains; what follows compares with them. Call when emails and urls are
 * found. */
void ocr_organization_domains(struct ocr_look *look);
/* contact_company_form of a text that lives as long as the look. */
void ocr_company_of(const struct ocr_look *look, struct str text, struct contact_company *ret_company);
/* The text with misread legal forms put right. */
struct str ocr_organization_mend(const struct ocr_look *look, struct str text);
double ocr_organization_score(const struct ocr_look *look, const struct ocr_text *text);
/* Ends with a legal form, printed as one. */
bool ocr_organization_legal(const struct ocr_look *look, struct str text);
/* "Central Training School": what the last word says is a house, not a job. */
bool ocr_organization_institution(const struct ocr_look *look, struct str text);
/* Nothing but a legal form: "Sp. z o.o." of a name that was broken before it. */
bool ocr_organization_legal_alone(const struct ocr_look *look, struct str text);
/* Has a word of a trade or a kind of company. */
bool ocr_organization_trade(const struct ocr_look *look, struct str text);
/* A logo read in part ("Dockf") as the card's domain spells it whole; else the text itself. */
struct str ocr_organization_whole(const struct ocr_look *look, struct str text);
/* How well a text fits the card's own domains: 0 not at all … 4.5 the same letters. */
double ocr_organization_domain_score(const struct ocr_look *look, struct str text);
/* Whether b below a is no part of its name: a ends with a legal form, or b is noise or only says what they do. */
bool ocr_organization_slogan(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b);
/* Domain label of the card's mail or website, for a card that prints no organisation; absent when free mail. */
struct str ocr_organization_domain(const struct ocr_look *look);

/* "AI" is read as "Al" more often than not. */
struct str ocr_role_mend(const struct ocr_look *look, struct str text);
/* Slogans and sentences: "Ihr Partner für …", "We make …". */
bool ocr_role_prose(const struct ocr_look *look, struct str text);
/* True for departments that serve as titles: one word, or selling and buying ("Sales & Marketing"). */
bool ocr_role_function(const struct ocr_look *look, struct str text);
/* Whether the title has a word for a person ("Manager"), not only for what is done ("Management"). */
bool ocr_role_person(const struct ocr_look *look, struct str text);
double ocr_job_title_score(const struct ocr_look *look, const struct ocr_text *text);
double ocr_department_score(const struct ocr_look *look, const struct ocr_text *text);

#endif
