/* Compares how a person is reached: personal mailbox, direct phone, mobile; and private address and date of birth. */
#include "dedupe/compare.h"
#include "dedupe/distance.h"

#include <string.h>

enum {
    STEM_MIN = 8,      /* digits two numbers of one switchboard share at least, with the country code */
    EXTENSION_MAX = 3, /* digits of an extension at most */
    MAILBOX_MIN = 5,   /* letters from which on a mailbox name tells something at another domain */
    SLIP_MIN = 8,      /* letters of an address from which on one differing letter is a slip */
};

static bool better(enum dedupe_level found, enum dedupe_level before)
{
    return before == DEDUPE_LEVEL_NONE || (found != DEDUPE_LEVEL_NONE && found < before);
}

static bool same_site(const struct dedupe_mail *a, const struct dedupe_mail *b)
{
    return a->site == b->site || (a->site->key == b->site->key && str_eq(a->site->site, b->site->site));
}

/* One letter of the whole address differs, no digit does; a first letter that differs is another given name's initial.
 */
static bool mail_slip(const struct dedupe_mail *a, const struct dedupe_mail *b)
{
    if (str_empty(a->local) || str_empty(b->local) || a->local.p[0] != b->local.p[0])
        return false;
    size_t shorter = a->local.n < b->local.n ? a->local.n : b->local.n;
    if (!same_site(a, b) && !dedupe_within(a->site->site, b->site->site, 2))
        return false;
    size_t local = str_eq(a->local, b->local) ? 0 : dedupe_edit_distance(a->local, b->local);
    size_t site = same_site(a, b) ? 0 : dedupe_edit_distance(a->site->site, b->site->site);
    bool apart = str_eq(a->digits, b->digits) || (local + site > 0 && (str_empty(a->digits) || str_empty(b->digits)));
    return apart && shorter + a->site->site.n >= SLIP_MIN && shorter > 2 && local + site <= 2 &&
           local <= 1U + (shorter >= 10);
}

/* schmidt@ or anna@: a mailbox that says half a name, as relatives and namesakes share. */
static bool half_name(const struct dedupe_mail *mail, const struct dedupe_record *record)
{
    return mail->local.n < MAILBOX_MIN || str_eq(mail->local, record->family->text) ||
           str_eq(mail->local, record->given->text);
}

static enum dedupe_level mail_level(const struct dedupe_mail *a, const struct dedupe_mail *b, bool half)
{
    bool here = same_site(a, b), mailbox = a->local.n > 0 && str_eq(a->local, b->local);
    bool same = str_eq(a->address, b->address) || (here && mailbox && str_eq(a->digits, b->digits));
    if (same)
        return half ? DEDUPE_EMAIL_SAME_HALF : DEDUPE_EMAIL_SAME;
    if (here && mailbox)
        return DEDUPE_EMAIL_NUMBERED;
    if (mail_slip(a, b))
        return DEDUPE_EMAIL_TYPO;
    if (mailbox && a->local.n >= MAILBOX_MIN)
        return DEDUPE_EMAIL_SAME_MAILBOX;
    return here && !a->site->free_mail ? DEDUPE_EMAIL_OTHER_HERE : DEDUPE_EMAIL_OTHER;
}

struct dedupe_finding dedupe_compare_email(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct dedupe_finding best = {0};
    for (size_t i = 0; i < a->mails_n; i++) {
        for (size_t j = 0; j < b->mails_n; j++) {
            if (a->mails[i].role || b->mails[j].role)
                continue;
            bool half = half_name(&a->mails[i], a) || half_name(&b->mails[j], b);
            enum dedupe_level level = mail_level(&a->mails[i], &b->mails[j], half);
            if (better(level, best.level))
                best = (struct dedupe_finding){level, a->mails[i].shown, b->mails[j].shown};
        }
    }
    return best;
}

bool dedupe_same_switchboard(struct str a, struct str b)
{
    size_t shorter = a.n < b.n ? a.n : b.n, longer = a.n < b.n ? b.n : a.n, shared = 0;
    while (shared < shorter && a.p[shared] == b.p[shared])
        shared++;
    return shared >= STEM_MIN && longer - shared <= EXTENSION_MAX;
}

static bool one_digit(struct str a, struct str b)
{
    size_t differ = 0;
    for (size_t i = 0; a.n == b.n && i < a.n; i++)
        differ += a.p[i] != b.p[i];
    return a.n == b.n && a.n >= STEM_MIN && differ == 1;
}

static enum dedupe_level phone_level(const struct dedupe_number *a, const struct dedupe_number *b)
{
    if (str_eq(a->digits, b->digits))
        return a->central ? DEDUPE_PHONE_CENTRAL : DEDUPE_PHONE_SAME;
    if (dedupe_same_switchboard(a->digits, b->digits) && a->central != b->central)
        return DEDUPE_PHONE_EXTENSION;
    if (one_digit(a->digits, b->digits))
        return DEDUPE_PHONE_ONE_DIGIT;
    return dedupe_same_switchboard(a->digits, b->digits) ? DEDUPE_PHONE_OTHER_EXTENSION : DEDUPE_PHONE_OTHER;
}

struct dedupe_finding dedupe_compare_phone(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct dedupe_finding best = {0};
    for (size_t i = 0; i < a->phones_n; i++) {
        for (size_t j = 0; j < b->phones_n; j++) {
            enum dedupe_level level = phone_level(&a->phones[i], &b->phones[j]);
            if (better(level, best.level))
                best = (struct dedupe_finding){level, a->phones[i].shown, b->phones[j].shown};
        }
    }
    return best;
}

static enum dedupe_level mobile_level(struct str a, struct str b)
{
    if (str_eq(a, b))
        return DEDUPE_MOBILE_SAME;
    return one_digit(a, b) ? DEDUPE_MOBILE_ONE_DIGIT : DEDUPE_MOBILE_OTHER;
}

struct dedupe_finding dedupe_compare_mobile(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct dedupe_finding best = {0};
    for (size_t i = 0; i < a->mobiles_n; i++) {
        for (size_t j = 0; j < b->mobiles_n; j++) {
            enum dedupe_level level = mobile_level(a->mobiles[i].digits, b->mobiles[j].digits);
            if (better(level, best.level))
                best = (struct dedupe_finding){level, a->mobiles[i].shown, b->mobiles[j].shown};
        }
    }
    return best;
}

static bool both_same(struct str a, struct str b)
{
    return !str_empty(a) && str_eq(a, b);
}

struct dedupe_finding dedupe_compare_address(const struct dedupe_record *a, const struct dedupe_record *b)
{
    const struct dedupe_place *left = a->place, *right = b->place;
    struct dedupe_finding finding = {DEDUPE_ADDRESS_OTHER, left->shown, right->shown};
    bool towns = left->city.n > 0 && right->city.n > 0;
    bool codes = left->postal_code.n > 0 && right->postal_code.n > 0;
    bool town = both_same(left->postal_code, right->postal_code) || both_same(left->city, right->city) ||
                (towns && left->city.n > 4 && dedupe_within(left->city, right->city, 1));
    if (!towns && !codes)
        return (struct dedupe_finding){0};
    if (town && both_same(left->street, right->street))
        finding.level = DEDUPE_ADDRESS_SAME;
    else if (town)
        finding.level = DEDUPE_ADDRESS_TOWN;
    return finding;
}

struct dedupe_finding dedupe_compare_birth(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct dedupe_finding finding = {DEDUPE_BIRTH_OTHER, a->birth, b->birth};
    if (str_empty(a->birth) || str_empty(b->birth))
        return (struct dedupe_finding){0};
    if (str_eq(a->birth, b->birth))
        finding.level = DEDUPE_BIRTH_SAME;
    else if (dedupe_within(a->birth, b->birth, 1))
        finding.level = DEDUPE_BIRTH_CLOSE;
    return finding;
}

void dedupe_compare(const struct dedupe_record *a, const struct dedupe_record *b,
                    struct dedupe_finding ret_findings[DEDUPE_COMPARISONS])
{
    ret_findings[DEDUPE_NAME] = dedupe_compare_name(a, b);
    ret_findings[DEDUPE_EMPLOYER] = dedupe_compare_employer(a, b);
    ret_findings[DEDUPE_EMAIL] = dedupe_compare_email(a, b);
    ret_findings[DEDUPE_PHONE] = dedupe_compare_phone(a, b);
    ret_findings[DEDUPE_MOBILE] = dedupe_compare_mobile(a, b);
    ret_findings[DEDUPE_ADDRESS] = dedupe_compare_address(a, b);
    ret_findings[DEDUPE_BIRTH] = dedupe_compare_birth(a, b);
    if (ret_findings[DEDUPE_EMPLOYER].level != DEDUPE_LEVEL_NONE)
        ret_findings[DEDUPE_ADDRESS] = (struct dedupe_finding){0};
}
