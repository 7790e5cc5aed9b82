/* Compares names: the relation of the given names and of the family names together make the level. */
#include "dedupe/compare.h"
#include "dedupe/distance.h"

enum relation { MISSING, EQUAL, PART, NICK, INITIAL, CLOSE, OTHER };

enum {
    CLOSE_MIN = 4, /* letters of a name below which a slip cannot be told from another name */
    LONG_NAME = 8, /* from here on two slips are allowed */
    MAIL_MIN = 6,  /* letters of a whole name in a mailbox */
};

enum { HEARD = 64 };

/* ai, ay, ey, ei sound one way, and so do y and i: Maier, Mayer, Meyer, Meier. */
static struct str as_heard(struct str s, char buffer[HEARD])
{
    size_t n = s.n < HEARD ? s.n : HEARD;
    for (size_t i = 0; i < n; i++) {
        buffer[i] = s.p[i] == 'y' ? 'i' : s.p[i];
        if (i > 0 && buffer[i] == 'i' && buffer[i - 1] == 'a')
            buffer[i - 1] = 'e';
    }
    return (struct str){buffer, n};
}

/* The consonants sound alike; now the vowels. */
static bool heard_alike(struct str a, struct str b)
{
    char left[HEARD], right[HEARD];
    a = as_heard(a, left);
    b = as_heard(b, right);
    return dedupe_edit_distance(a, b) <= 3 && dedupe_jaro_winkler(a, b) >= 0.8;
}

/* Alike by a camera's, a keyboard's or an ear's slip. */
static bool close_words(struct str a, struct str b, bool same_ocr, bool same_sound)
{
    size_t shorter = a.n < b.n ? a.n : b.n;
    if (same_ocr)
        return true;
    if (shorter < CLOSE_MIN)
        return false;
    size_t distance = dedupe_edit_distance(a, b);
    if (distance <= (shorter >= LONG_NAME ? 2U : 1U))
        return true;
    return same_sound && heard_alike(a, b);
}

/* Jan and Jana, Andreas and Andrea: another person rather than a slip. */
static bool other_sex(struct str a, struct str b)
{
    if (a.n > b.n) {
        struct str swap = a;
        a = b;
        b = swap;
    }
    char last = b.n > 0 ? b.p[b.n - 1] : '\0';
    bool ending = last == 'a' || last == 'e' || last == 's' || last == 'n' || last == 'o';
    return b.n == a.n + 1 && ending && str_starts(b, a);
}

static bool share_part(const struct contact_name_part *a, size_t a_n, const struct contact_name_part *b, size_t b_n)
{
    for (size_t i = 0; i < a_n; i++) {
        for (size_t j = 0; j < b_n; j++) {
            if (a[i].plain.n > 2 && str_eq(a[i].plain, b[j].plain))
                return true;
        }
    }
    return false;
}

static bool share_nickname(const struct contact_name *a, const struct contact_name *b)
{
    if (contact_name_nickname(a->given_text, b->given_text))
        return true;
    for (size_t i = 0; i < a->given_n; i++) {
        for (size_t j = 0; j < b->given_n; j++) {
            if (contact_name_nickname(a->given[i].plain, b->given[j].plain))
                return true;
        }
    }
    return false;
}

static enum relation given_relation(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct str left = a->name.given_text, right = b->name.given_text;
    if (str_empty(left) || str_empty(right))
        return MISSING;
    if (str_eq(left, right))
        return EQUAL;
    if (a->name.initial || b->name.initial)
        return left.p[0] == right.p[0] ? INITIAL : OTHER;
    if (share_part(a->name.given, a->name.given_n, b->name.given, b->name.given_n))
        return PART;
    if (share_nickname(&a->name, &b->name))
        return NICK;
    if (other_sex(left, right))
        return OTHER;
    bool close = close_words(left, right, str_eq(a->given_ocr, b->given_ocr), str_eq(a->given_sound, b->given_sound));
    return close ? CLOSE : OTHER;
}

static enum relation family_relation(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct str left = a->name.family_text, right = b->name.family_text;
    if (str_empty(left) || str_empty(right))
        return MISSING;
    if (str_eq(left, right))
        return EQUAL;
    if (a->name.family_n + b->name.family_n > 2 &&
        share_part(a->name.family, a->name.family_n, b->name.family, b->name.family_n))
        return PART;
    bool close =
        close_words(left, right, str_eq(a->family_ocr, b->family_ocr), str_eq(a->family_sound, b->family_sound));
    return close ? CLOSE : OTHER;
}

static enum dedupe_level level_family_equal(enum relation given)
{
    switch (given) {
    case MISSING:
        return DEDUPE_NAME_FAMILY_ONLY;
    case EQUAL:
        return DEDUPE_NAME_SAME;
    case PART:
        return DEDUPE_NAME_GIVEN_PART;
    case NICK:
        return DEDUPE_NAME_NICKNAME;
    case INITIAL:
        return DEDUPE_NAME_INITIAL;
    case CLOSE:
        return DEDUPE_NAME_GIVEN_CLOSE;
    case OTHER:
        break;
    }
    return DEDUPE_NAME_GIVEN_OTHER;
}

static enum dedupe_level level_family_close(enum relation given)
{
    switch (given) {
    case MISSING:
        return DEDUPE_NAME_FAMILY_VAGUE;
    case EQUAL:
    case PART:
        return DEDUPE_NAME_FAMILY_CLOSE;
    case NICK:
    case INITIAL:
    case CLOSE:
        return DEDUPE_NAME_BOTH_CLOSE;
    case OTHER:
        break;
    }
    return DEDUPE_NAME_OTHER;
}

static enum dedupe_level level_family_part(enum relation given)
{
    switch (given) {
    case MISSING:
        return DEDUPE_NAME_FAMILY_VAGUE;
    case EQUAL:
    case PART:
    case NICK:
        return DEDUPE_NAME_DOUBLE_NAME;
    case INITIAL:
    case CLOSE:
        return DEDUPE_NAME_BOTH_CLOSE;
    case OTHER:
        break;
    }
    return DEDUPE_NAME_GIVEN_OTHER;
}

static enum dedupe_level level_family_missing(enum relation given)
{
    if (given == MISSING)
        return DEDUPE_LEVEL_NONE;
    return given == OTHER ? DEDUPE_NAME_OTHER : DEDUPE_NAME_GIVEN_ONLY;
}

/* One of the two texts with given and family name exchanged; one of them may hold a slip. */
static bool swapped(const struct contact_name *a, const struct contact_name *b)
{
    if (a->given_n == 0 || a->family_n == 0 || b->given_n == 0 || b->family_n == 0)
        return false;
    bool one = str_eq(a->given_text, b->family_text), other = str_eq(a->family_text, b->given_text);
    if (one && other)
        return true;
    bool close_other = other || close_words(a->family_text, b->given_text, false, false);
    bool close_one = one || close_words(a->given_text, b->family_text, false, false);
    return (one || other) && close_one && close_other;
}

/* A mailbox of one record is the whole name of the other, while it does not fit its own name. */
static bool mailbox_is(const struct dedupe_record *owner, const struct contact_name *name, struct str *ret_mail)
{
    struct str given = name->given_text, family = name->family_text;
    if (given.n < 2 || family.n < 2)
        return false;
    for (size_t i = 0; i < owner->mails_n; i++) {
        struct str local = owner->mails[i].local;
        bool whole = local.n >= MAIL_MIN && local.n == given.n + family.n;
        bool forward = whole && str_starts(local, given) && str_ends(local, family);
        bool backward = whole && str_starts(local, family) && str_ends(local, given);
        *ret_mail = owner->mails[i].shown;
        if (forward || backward)
            return true;
    }
    return false;
}

static bool name_in_mail(const struct dedupe_record *a, const struct dedupe_record *b, struct dedupe_finding *finding)
{
    struct str mail = STR_NONE;
    if (mailbox_is(a, &b->name, &mail)) {
        finding->left = mail;
        return true;
    }
    if (mailbox_is(b, &a->name, &mail)) {
        finding->right = mail;
        return true;
    }
    return false;
}

static enum dedupe_level level_family_other(enum relation given, const struct dedupe_record *a,
                                            const struct dedupe_record *b, struct dedupe_finding *finding)
{
    if (swapped(&a->name, &b->name))
        return DEDUPE_NAME_SWAPPED;
    if (name_in_mail(a, b, finding))
        return DEDUPE_NAME_IN_MAIL;
    return given == EQUAL || given == PART ? DEDUPE_NAME_FAMILY_OTHER : DEDUPE_NAME_OTHER;
}

/* A mark on one side alone counts too: the elder rarely writes it. */
static bool other_generation(const struct contact_name *a, const struct contact_name *b)
{
    return a->generation != b->generation;
}

struct dedupe_finding dedupe_compare_name(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct dedupe_finding finding = {.left = a->name_shown, .right = b->name_shown};
    enum relation given = given_relation(a, b);
    switch (family_relation(a, b)) {
    case EQUAL:
        finding.level = level_family_equal(given);
        break;
    case CLOSE:
    case NICK:
    case INITIAL:
        finding.level = level_family_close(given);
        break;
    case PART:
        finding.level = level_family_part(given);
        break;
    case MISSING:
        finding.level = level_family_missing(given);
        break;
    case OTHER:
        finding.level = level_family_other(given, a, b, &finding);
        break;
    }
    bool full = finding.level == DEDUPE_NAME_SAME || finding.level == DEDUPE_NAME_GIVEN_PART ||
                finding.level == DEDUPE_NAME_NICKNAME || finding.level == DEDUPE_NAME_INITIAL;
    if (full && other_generation(&a->name, &b->name))
        finding.level = DEDUPE_NAME_GENERATION;
    return finding;
}
