/* Candidates for name, organisation, title and department, and what becomes of the chosen ones. Internal to
 * ocr/fields/choice. */
#ifndef OCR_FIELDS_CHOICE_CHOICE_H
#define OCR_FIELDS_CHOICE_CHOICE_H

#include "ocr/fields/lines.h"

enum { OCR_CHOICE_TEXTS = 160, OCR_CHOICE_BEST = 6 };

/* What stands under a logo in print smaller than this share of it belongs to the logo. */
static const double OCR_CHOICE_LOGO = 0.65;

enum ocr_pick { OCR_PICK_NAME, OCR_PICK_ORGANIZATION, OCR_PICK_TITLE, OCR_PICK_DEPARTMENT, OCR_PICKS };

struct ocr_candidate {
    struct ocr_text text;
    struct ocr_name name; /* of OCR_PICK_NAME */
    double score;         /* above 0: rather yes than no */
};

/* The best of each kind, best first, and all free texts of the card. */
struct ocr_choice {
    struct ocr_candidate best[OCR_PICKS][OCR_CHOICE_BEST];
    size_t n[OCR_PICKS];
    struct ocr_text texts[OCR_CHOICE_TEXTS];
    struct ocr_box boxes[OCR_CHOICE_TEXTS]; /* of the texts */
    double company[OCR_CHOICE_TEXTS];       /* ocr_organization_score of the texts */
    double title[OCR_CHOICE_TEXTS];         /* ocr_job_title_score */
    size_t texts_n;
};

/* Collects the free texts and scores what each, alone or joined with its neighbours, may be. */
void ocr_choice_collect(const struct ocr_look *look, struct ocr_choice *choice);

/* b stands right below a: their gap is less than `gaps` of the larger one's height. */
bool ocr_text_below(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b, double gaps);
/* Letters of like size. */
bool ocr_text_alike(const struct ocr_text *a, const struct ocr_text *b);
bool ocr_text_overlap(const struct ocr_text *a, const struct ocr_text *b);
bool ocr_text_free(const struct ocr_look *look, const struct ocr_text *text);
bool ocr_text_lone_word(const struct ocr_text *text);
void ocr_text_take(struct ocr_look *look, const struct ocr_text *text);
/* The text with its last span as its first, by which its box goes: what stands below it is below that one. */
struct ocr_text ocr_text_from_last(const struct ocr_text *text);
struct ocr_box ocr_text_box(const struct ocr_look *look, const struct ocr_text *text);

/* Each writes its finds into the look and takes their words. */
void ocr_accept_name(struct ocr_look *look, const struct ocr_candidate *pick);
void ocr_accept_organization(struct ocr_look *look, const struct ocr_candidate *pick);
/* What stands below a title is its rest, not the next thing on the card. */
bool ocr_title_runs_on(const struct ocr_look *look, const struct ocr_text *title, const struct ocr_text *below);
/* Titles and departments run over several lines. */
void ocr_accept_title(struct ocr_look *look, const struct ocr_choice *choice, const struct ocr_candidate *pick);
void ocr_accept_department(struct ocr_look *look, const struct ocr_choice *choice, const struct ocr_candidate *pick);
/* The line right below the name is a title more often than not, whatever its words are. */
void ocr_accept_guessed_title(struct ocr_look *look, const struct ocr_choice *choice, const struct ocr_candidate *name);
/* A card that prints no organisation, or as a drawing only: its own domain names it. */
void ocr_accept_domain(struct ocr_look *look);

#endif
