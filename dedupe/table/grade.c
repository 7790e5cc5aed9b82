/* Grades by kind, and the memory of what was compared before: values repeat far more often than they differ. */
#include "dedupe/table/grade.h"

#include "contact/email.h"
#include "contact/fold.h"
#include "contact/name.h"
#include "dedupe/distance.h"

#include <string.h>

enum {
    WORDS = 8,
    SLIP_MIN = 4,        /* letters below which a slip cannot be told from another word */
    LONG_TEXT = 9,       /* letters from which on two slips are allowed */
    REMEMBERED = 1 << 16 /* pairs of values, a power of two */
};

const char *const dedupe_grade_words[DEDUPE_GRADES] = {
    "none",
#define X(name, word, one, chance) word,
#include "dedupe/table/grades.def"
#undef X
};

struct memory {
    uint64_t pair; /* smaller value << 32 | greater */
    uint8_t field, grade;
};

struct dedupe_grader {
    const struct dedupe_table *table;
    struct memory *memory;
};

struct dedupe_grader *dedupe_grader_new(const struct dedupe_table *table, struct arena *arena)
{
    struct dedupe_grader *grader = arena_one(arena, struct dedupe_grader);
    grader->table = table;
    grader->memory = arena_array(arena, REMEMBERED, sizeof *grader->memory);
    return grader;
}

enum dedupe_grade dedupe_grade_same(const struct dedupe_value *value)
{
    static const uint32_t most[] = {6, 24, 100, 400};
    size_t band = 0;
    while (band < ARRAY_LEN(most) && value->records > most[band])
        band++;
    return (enum dedupe_grade)((size_t)DEDUPE_GRADE_SAME_1 + band);
}

static bool slip(struct str a, struct str b)
{
    size_t shorter = a.n < b.n ? a.n : b.n;
    size_t most = shorter >= LONG_TEXT ? 2 : shorter >= SLIP_MIN ? 1 : 0;
    return dedupe_within(a, b, most);
}

/* One word of at least three letters in both, at any place. */
static bool share_word(struct str a, struct str b)
{
    struct str left[WORDS], right[WORDS];
    size_t n = contact_words(a, left, WORDS), m = contact_words(b, right, WORDS);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < m; k++) {
            if (left[i].n > 2 && str_eq(left[i], right[k]))
                return true;
        }
    }
    return false;
}

static enum dedupe_grade grade_text(struct str a, struct str b)
{
    if (slip(a, b))
        return DEDUPE_GRADE_CLOSE;
    if (dedupe_jaro_winkler(a, b) >= 0.88)
        return DEDUPE_GRADE_NEAR;
    return share_word(a, b) ? DEDUPE_GRADE_PART : DEDUPE_GRADE_OTHER;
}

static enum dedupe_grade grade_given(struct str a, struct str b)
{
    struct str left[1], right[1];
    bool words = contact_words(a, left, 1) && contact_words(b, right, 1);
    if (words && (left[0].n == 1 || right[0].n == 1))
        return a.p[0] == b.p[0] ? DEDUPE_GRADE_INITIAL : DEDUPE_GRADE_OTHER;
    if (slip(a, b))
        return DEDUPE_GRADE_CLOSE;
    if (contact_name_nickname(a, b) || (words && contact_name_nickname(left[0], right[0])))
        return DEDUPE_GRADE_NICKNAME;
    if (share_word(a, b))
        return DEDUPE_GRADE_PART;
    return dedupe_jaro_winkler(a, b) >= 0.85 ? DEDUPE_GRADE_NEAR : DEDUPE_GRADE_OTHER;
}

static enum dedupe_grade grade_birth(struct str a, struct str b)
{
    if (a.n != 8 || b.n != 8)
        return dedupe_edit_distance(a, b) <= 1 ? DEDUPE_GRADE_CLOSE : DEDUPE_GRADE_OTHER;
    bool year = memcmp(a.p, b.p, 4) == 0, month = memcmp(a.p + 4, b.p + 4, 2) == 0,
         day = memcmp(a.p + 6, b.p + 6, 2) == 0;
    bool swapped = year && memcmp(a.p + 4, b.p + 6, 2) == 0 && memcmp(a.p + 6, b.p + 4, 2) == 0;
    size_t distance = dedupe_edit_distance(a, b);
    if (swapped || distance <= 1)
        return DEDUPE_GRADE_CLOSE;
    if (distance == 2 || year + month + day == 2)
        return DEDUPE_GRADE_NEAR;
    if (year || (month && day))
        return DEDUPE_GRADE_PART;
    return distance == 3 ? DEDUPE_GRADE_DISTANT : DEDUPE_GRADE_OTHER;
}

static struct str local_part(struct str address, struct str *ret_domain)
{
    ptrdiff_t at = str_find(address, STR("@"), 0);
    *ret_domain = at < 0 ? STR("") : str_slice(address, (size_t)at + 1, address.n);
    return at < 0 ? address : str_slice(address, 0, (size_t)at);
}

static enum dedupe_grade grade_email(struct str a, struct str b)
{
    struct str left_domain, right_domain, left = local_part(a, &left_domain), right = local_part(b, &right_domain);
    bool here = str_eq(left_domain, right_domain) && !str_empty(left_domain);
    if (dedupe_edit_distance(a, b) <= 2)
        return DEDUPE_GRADE_CLOSE;
    if (str_eq(left, right) || dedupe_edit_distance(a, b) <= 4)
        return DEDUPE_GRADE_NEAR;
    if (dedupe_jaro_winkler(left, right) >= 0.88)
        return DEDUPE_GRADE_PART;
    return here && !contact_domain_free_mail(left_domain) ? DEDUPE_GRADE_DISTANT : DEDUPE_GRADE_OTHER;
}

static enum dedupe_grade grade_code(struct str a, struct str b)
{
    if (dedupe_edit_distance(a, b) <= 1)
        return DEDUPE_GRADE_CLOSE;
    struct str left[1], right[1];
    bool words = contact_words(a, left, 1) && contact_words(b, right, 1) && left[0].n < a.n && right[0].n < b.n;
    if (words ? str_eq(left[0], right[0]) : (a.n > 2 && b.n > 2 && memcmp(a.p, b.p, 2) == 0))
        return DEDUPE_GRADE_PART;
    return dedupe_edit_distance(a, b) == 2 ? DEDUPE_GRADE_DISTANT : DEDUPE_GRADE_OTHER;
}

static enum dedupe_grade grade_number(struct str a, struct str b)
{
    size_t distance = dedupe_edit_distance(a, b);
    if (a.n < SLIP_MIN && b.n < SLIP_MIN)
        return distance <= 1 ? DEDUPE_GRADE_NEAR : DEDUPE_GRADE_OTHER;
    return distance <= 1 ? DEDUPE_GRADE_CLOSE : distance == 2 ? DEDUPE_GRADE_NEAR : DEDUPE_GRADE_OTHER;
}

static enum dedupe_grade grade_company(struct str a, struct str b)
{
    struct str left[WORDS], right[WORDS];
    size_t n = contact_words(a, left, WORDS), m = contact_words(b, right, WORDS), common = 0;
    if (slip(a, b))
        return DEDUPE_GRADE_CLOSE;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < m; k++)
            common += str_eq(left[i], right[k]);
    }
    if (common >= (n < m ? n : m))
        return DEDUPE_GRADE_NEAR;
    if (dedupe_jaro_winkler(a, b) >= 0.9)
        return DEDUPE_GRADE_NEAR;
    return common > 0 ? DEDUPE_GRADE_PART : DEDUPE_GRADE_OTHER;
}

/* Words that other names have: one in common, also with a slip. */
static enum dedupe_grade grade_words(struct str a, struct str b)
{
    struct str left[WORDS], right[WORDS];
    size_t n = contact_words(a, left, WORDS), m = contact_words(b, right, WORDS);
    if (share_word(a, b))
        return DEDUPE_GRADE_PART;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < m; k++) {
            if (slip(left[i], right[k]))
                return DEDUPE_GRADE_CLOSE;
        }
    }
    return DEDUPE_GRADE_OTHER;
}

static enum dedupe_grade grade_texts(enum dedupe_kind kind, struct str a, struct str b)
{
    switch (kind) {
    case DEDUPE_KIND_GIVEN:
        return grade_given(a, b);
    case DEDUPE_KIND_BIRTH:
        return grade_birth(a, b);
    case DEDUPE_KIND_EMAIL:
        return grade_email(a, b);
    case DEDUPE_KIND_POSTAL:
        return grade_code(a, b);
    case DEDUPE_KIND_PHONE:
    case DEDUPE_KIND_IDENTIFIER:
        return grade_number(a, b);
    case DEDUPE_KIND_COMPANY:
        return grade_company(a, b);
    case DEDUPE_KIND_OTHER_NAMES:
        return grade_words(a, b);
    case DEDUPE_KIND_FAMILY:
    case DEDUPE_KIND_STREET:
    case DEDUPE_KIND_CITY:
    case DEDUPE_KIND_TEXT:
    case DEDUPE_KINDS:
        break;
    }
    return grade_text(a, b);
}

static enum dedupe_grade grade_values(struct dedupe_grader *grader, size_t at, uint32_t left, uint32_t right)
{
    const struct dedupe_field *field = &grader->table->fields[at];
    if (left == 0 || right == 0)
        return DEDUPE_GRADE_NONE;
    if (left == right)
        return dedupe_grade_same(&field->values[left]);
    uint64_t pair = left < right ? (uint64_t)left << 32 | right : (uint64_t)right << 32 | left;
    size_t slot = (pair * 0x9e3779b97f4a7c15u + at * 0xff51afd7ed558ccdu) >> 48 & (REMEMBERED - 1);
    struct memory *memory = &grader->memory[slot];
    if (memory->pair != pair || memory->field != at) {
        enum dedupe_grade grade = grade_texts(field->kind, field->values[left].text, field->values[right].text);
        *memory = (struct memory){pair, (uint8_t)at, (uint8_t)grade};
    }
    return (enum dedupe_grade)memory->grade;
}

/* Given name of one, family name of the other. */
static enum dedupe_grade grade_across(const struct dedupe_table *table, uint32_t given, uint32_t family)
{
    if (given == 0 || family == 0)
        return DEDUPE_GRADE_NONE;
    struct str a = table->fields[table->given].values[given].text, b = table->fields[table->family].values[family].text;
    return str_eq(a, b) || slip(a, b) ? DEDUPE_GRADE_CROSSED : DEDUPE_GRADE_OTHER;
}

/* Where given and family names say different things, one record may have exchanged them, or lost one. */
static void cross_names(const struct dedupe_table *table, uint32_t left, uint32_t right, struct dedupe_pattern *pattern)
{
    const struct dedupe_field *given = &table->fields[table->given], *family = &table->fields[table->family];
    uint8_t *given_grade = &pattern->grade[table->given], *family_grade = &pattern->grade[table->family];
    bool agree = (*given_grade != DEDUPE_GRADE_NONE && *given_grade != DEDUPE_GRADE_OTHER) ||
                 (*family_grade != DEDUPE_GRADE_NONE && *family_grade != DEDUPE_GRADE_OTHER);
    if (agree)
        return;
    enum dedupe_grade one = grade_across(table, given->cells[left], family->cells[right]);
    enum dedupe_grade other = grade_across(table, given->cells[right], family->cells[left]);
    if (one != DEDUPE_GRADE_CROSSED && other != DEDUPE_GRADE_CROSSED)
        return;
    *family_grade = DEDUPE_GRADE_CROSSED;
    *given_grade = one == other                                             ? DEDUPE_GRADE_CROSSED
                   : one == DEDUPE_GRADE_NONE || other == DEDUPE_GRADE_NONE ? DEDUPE_GRADE_NONE
                                                                            : DEDUPE_GRADE_OTHER;
}

void dedupe_grade_pair(struct dedupe_grader *grader, uint32_t left, uint32_t right, struct dedupe_pattern *ret_pattern)
{
    const struct dedupe_table *table = grader->table;
    struct dedupe_pattern pattern = {0};
    for (size_t f = 0; f < table->fields_n; f++)
        pattern.grade[f] =
            (uint8_t)grade_values(grader, f, table->fields[f].cells[left], table->fields[f].cells[right]);
    if (table->given >= 0)
        cross_names(table, left, right, &pattern);
    *ret_pattern = pattern;
}
