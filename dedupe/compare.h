/* The comparisons: each looks at one independent source of evidence of two records and says which level of levels.def
 * holds. For the files of dedupe/ only. All are symmetric up to left and right. */
#ifndef DEDUPE_COMPARE_H
#define DEDUPE_COMPARE_H

#include "dedupe/record.h"

enum dedupe_comparison {
    DEDUPE_NAME,
    DEDUPE_EMPLOYER,
    DEDUPE_EMAIL,
    DEDUPE_PHONE,
    DEDUPE_MOBILE,
    DEDUPE_ADDRESS,
    DEDUPE_BIRTH,
    DEDUPE_COMPARISONS
};

enum dedupe_level {
    DEDUPE_LEVEL_NONE, /* nothing to compare: a value is missing */
#define X(comparison, level, word, m, u, en, de) DEDUPE_##comparison##_##level,
#include "dedupe/levels.def"
#undef X
    DEDUPE_LEVELS
};

struct dedupe_finding {
    enum dedupe_level level;
    struct str left, right; /* the values that decided, as the contacts have them */
};

/* Family and given name together; knows nicknames, slips of pen, camera and keyboard, swapped fields, double names. */
struct dedupe_finding dedupe_compare_name(const struct dedupe_record *a, const struct dedupe_record *b);
/* Domain, company and switchboard agree together for every colleague, so they are one source of evidence. */
struct dedupe_finding dedupe_compare_employer(const struct dedupe_record *a, const struct dedupe_record *b);
/* Personal mailboxes only; role mailboxes are left to the employer. */
struct dedupe_finding dedupe_compare_email(const struct dedupe_record *a, const struct dedupe_record *b);
struct dedupe_finding dedupe_compare_phone(const struct dedupe_record *a, const struct dedupe_record *b);
struct dedupe_finding dedupe_compare_mobile(const struct dedupe_record *a, const struct dedupe_record *b);
/* Counts only where no employer is known: an office address belongs to the employer. */
struct dedupe_finding dedupe_compare_address(const struct dedupe_record *a, const struct dedupe_record *b);
struct dedupe_finding dedupe_compare_birth(const struct dedupe_record *a, const struct dedupe_record *b);

/* The likeliest thing that two people with these findings are to each other, and its share (0..1] of all of them. */
enum dedupe_rival dedupe_best_rival(const struct dedupe_finding found[DEDUPE_COMPARISONS], double *ret_share);

/* All of them, with the rule for the address applied. */
void dedupe_compare(const struct dedupe_record *a, const struct dedupe_record *b,
                    struct dedupe_finding ret_findings[DEDUPE_COMPARISONS]);

/* True when two phone numbers (E.164 digits) belong to one switchboard: same but for at most the last three digits. */
bool dedupe_same_switchboard(struct str a, struct str b);

#endif
