/* What two records can weigh at most, from two cache lines a record: most pairs that share a key are strangers, and are
 * known as such without a look at their texts. */
#ifndef DEDUPE_GLANCE_H
#define DEDUPE_GLANCE_H

#include "dedupe/batch.h"

/* A text as numbers: a hash that tells texts apart, and which letters it has. */
struct dedupe_letters {
    uint32_t key, mask;
};

/* Numbers of a record, by how soon they decide. Texts whose 32-bit hashes are equal are taken for equal. */
struct dedupe_glance {
    struct dedupe_letters family, given;
    uint32_t family_sound, given_sound, family_ocr, given_ocr;
    uint64_t mobile, phone;      /* digits from the highest half byte on, each plus one; 0 = none */
    struct dedupe_letters local; /* letters of the mailbox */
    uint32_t address;            /* the whole address */
    uint32_t mail_site;
    uint32_t given_family, family_given; /* keys of the whole name, as a mailbox may be */
    struct dedupe_letters company, site;
    uint32_t word, acronym; /* the company's first word; its first letters */
    uint32_t label, street;
    uint8_t family_n, given_n, company_n, site_n; /* bytes, 255 = that many or more */
    uint8_t local_first;
    uint16_t flags;
};

void dedupe_glance_at(const struct dedupe_record *record, struct dedupe_glance *ret_glance);

/* Bounds of a model for pairs of at least a probability. */
struct dedupe_bounds;
struct dedupe_bounds *dedupe_bounds_new(const struct dedupe_model *model, double least, struct arena *arena);
/* False only when dedupe_weigh() would give less than that probability. */
bool dedupe_promising(const struct dedupe_bounds *bounds, const struct dedupe_glance *a, const struct dedupe_glance *b);

#endif
