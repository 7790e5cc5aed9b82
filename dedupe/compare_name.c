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
    return dedupe_within(a, b, 3) && dedupe_jaro_winkler(a, b) >= 0.8;
}

/* Alike by a camera's, a keyboard's or an ear's slip. */
static bool close_words(struct str a, struct str b, bool same_ocr, bool same_sound)
{
    size_t shorter = a.n < b.n ? a.n : b.n;
    if (same_ocr)
        return true;
    if (shorter < CLOSE_MIN)
        return false;
    if (dedupe_within(a, b, shorter >= LONG_NAME ? 2 : 1))
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

static bool share_part(const struct dedupe_side *a, const struct dedupe_side *b)
{
    if (a->n == 1 && b->n == 1)
        return false; /* the whole texts differ */
    for (size_t i = 0; i < a->n; i++) {
        for (size_t j = 0; j < b->n; j++) {
            if (a->parts[i].plain.n > 2 && str_eq(a->parts[i].plain, b->parts[j].plain))
                return true;
        }
    }
    return false;
}

static bool share_nickname(const struct dedupe_side *a, const struct dedupe_side *b)
{
    if (!a->brief && !b->brief)
        return false;
    if (contact_name_nickname(a->text, b->text))
        return true;
    for (size_t i = 0; i < a->n; i++) {
        for (size_t j = 0; j < b->n; j++) {
            if ((a->n > 1 || b->n > 1) && contact_name_nickname(a->parts[i].plain, b->parts[j].plain))
                return true;
        }
    }
    return false;
}

static bool close_sides(const struct dedupe_side *a, const struct dedupe_side *b)
{
    return close_words(a->text, b->text, a->ocr_key == b->ocr_key && str_eq(a->ocr, b->ocr),
                       a->sound_key == b->sound_key && str_eq(a->sound, b->sound));
}

static bool same_text(const struct dedupe_side *a, const struct dedupe_side *b)
{
    return a == b || (a->text_key == b->text_key && str_eq(a->text, b->text));
}

static enum relation given_relation(const struct dedupe_side *a, const struct dedupe_side *b)
{
    if (str_empty(a->text) || str_empty(b->text))
        return MISSING;
    if (same_text(a, b))
        return EQUAL;
    if (a->initial || b->initial)
        return a->text.p[0] == b->text.p[0] ? INITIAL : OTHER;
    if (share_part(a, b))
        return PART;
    if (share_nickname(a, b))
        return NICK;
    if (other_sex(a->text, b->text))
        return OTHER;
    return close_sides(a, b) ? CLOSE : OTHER;
}

static enum relation family_relation(const struct dedupe_side *a, const struct dedupe_side *b)
{
    if (str_empty(a->text) || str_empty(b->text))
        return MISSING;
    if (same_text(a, b))
        return EQUAL;
    if (a->n + b->n > 2 && share_part(a, b))
        return PART;
    return close_sides(a, b) ? CLOSE : OTHER;
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
static bool swapped(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct str given = a->given->text, family = a->family->text, left = b->given->text, right = b->family->text;
    if (str_empty(given) || str_empty(family) || str_empty(left) || str_empty(right))
        return false;
    bool one = a->given->text_key == b->family->text_key && str_eq(given, right);
    bool other = a->family->text_key == b->given->text_key && str_eq(family, left);
    if (!one && !other)
        return false;
    return (one || close_words(given, right, false, false)) && (other || close_words(family, left, false, false));
}

/* A mailbox of one record is the whole name of the other, while it does not fit its own name. */
static bool mailbox_is(const struct dedupe_record *owner, const struct dedupe_record *named, struct str *ret_mail)
{
    struct str given = named->given->text, family = named->family->text;
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
    if (mailbox_is(a, b, &mail)) {
        finding->left = mail;
        return true;
    }
    if (mailbox_is(b, a, &mail)) {
        finding->right = mail;
        return true;
    }
    return false;
}

static enum dedupe_level level_family_other(enum relation given, const struct dedupe_record *a,
                                            const struct dedupe_record *b, struct dedupe_finding *finding)
{
    if (swapped(a, b))
        return DEDUPE_NAME_SWAPPED;
    if (name_in_mail(a, b, finding))
        return DEDUPE_NAME_IN_MAIL;
    return given == EQUAL || given == PART ? DEDUPE_NAME_FAMILY_OTHER : DEDUPE_NAME_OTHER;
}

struct dedupe_finding dedupe_compare_name(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct dedupe_finding finding = {0}; /* dedupe_score() shows the names */
    enum relation given = given_relation(a->given, b->given);
    switch (family_relation(a->family, b->family)) {
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
    if (full && a->generation != b->generation) /* a mark on one side alone counts too: the elder rarely writes it */
        finding.level = DEDUPE_NAME_GENERATION;
    return finding;
}
