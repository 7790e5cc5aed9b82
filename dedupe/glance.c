/* Upper bounds of every comparison, from hashes, letters and digits. Each follows the rules of its compare_*.c, and
 * takes the best level wherever numbers cannot tell; a test holds the two together. */
#include "dedupe/glance.h"

#include "dedupe/model.h"

#include <math.h>
#include <string.h>

enum {
    GIVEN_LOOSE = 1,  /* an initial, a short form, or several names: how they agree takes a look */
    FAMILY_LOOSE = 2, /* a double name */
    MAIL = 4,         /* a personal mailbox */
    FREE_MAIL = 8,    /* of a provider */
    MANY_MAILS = 16,  /* or one that numbers do not hold */
    MANY_SITES = 32,
    MANY_PHONES = 64,
    MANY_MOBILES = 128,
    CENTRAL = 256, /* the phone number is a switchboard's */
    PLACE = 512,   /* town or postal code is known */
    BIRTH = 1024,
    SITE = 2048,
    COMPANY = 4096,
};

enum { DIGITS = 15, STEM_MIN = 8, EXTENSION_MAX = 3, SLIPS = 2 };

/* How two names, or companies, agree as far as numbers tell. */
enum likeness { ABSENT, EQUAL, PERHAPS, OTHER, LIKENESSES };

struct dedupe_bounds {
    double need; /* bits */
    double bits[DEDUPE_LEVELS];
    double name[LIKENESSES][LIKENESSES]; /* family, given */
    double swapped, in_mail;
    double mail_same, mail_slip, site_same, company_same, place, birth, phone, mobile;
};

static uint32_t mask_of(struct str text)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < text.n; i++)
        mask |= (uint32_t)1 << (text.p[i] & 31);
    return mask;
}

static struct dedupe_letters letters_of(struct str text)
{
    return (struct dedupe_letters){dedupe_text_key(text), mask_of(text)};
}

static uint8_t length_of(struct str text)
{
    return text.n < UINT8_MAX ? (uint8_t)text.n : UINT8_MAX;
}

/* 0 when there is none or numbers cannot hold it. */
static uint64_t digits_of(const struct dedupe_number *numbers, size_t n)
{
    uint64_t digits = 0;
    if (n != 1 || numbers->digits.n > DIGITS)
        return 0;
    for (size_t i = 0; i < numbers->digits.n; i++)
        digits |= (uint64_t)(numbers->digits.p[i] - '0' + 1) << (60 - 4 * i);
    return digits;
}

static uint32_t joined_key(struct str a, struct str b)
{
    char both[128];
    if (a.n + b.n > sizeof both)
        return 0;
    if (a.n > 0)
        memcpy(both, a.p, a.n);
    if (b.n > 0)
        memcpy(both + a.n, b.p, b.n);
    return dedupe_text_key((struct str){both, a.n + b.n});
}

static void glance_at_name(const struct dedupe_record *record, struct dedupe_glance *glance)
{
    const struct dedupe_side *given = record->given, *family = record->family;
    glance->family = (struct dedupe_letters){family->text_key, mask_of(family->text)};
    glance->given = (struct dedupe_letters){given->text_key, mask_of(given->text)};
    glance->family_sound = family->sound_key;
    glance->given_sound = given->sound_key;
    glance->family_ocr = family->ocr_key;
    glance->given_ocr = given->ocr_key;
    glance->family_n = length_of(family->text);
    glance->given_n = length_of(given->text);
    glance->given_family = joined_key(given->text, family->text);
    glance->family_given = joined_key(family->text, given->text);
    glance->flags |= given->initial || given->brief || given->n > 1 ? GIVEN_LOOSE : 0;
    glance->flags |= family->n > 1 ? FAMILY_LOOSE : 0;
}

static void glance_at_mail(const struct dedupe_record *record, struct dedupe_glance *glance)
{
    const struct dedupe_mail *mail = record->mails;
    if (record->mails_n != 1) {
        glance->flags |= record->mails_n > 1 ? MANY_MAILS | MAIL : 0;
        return;
    }
    glance->local = letters_of(mail->local);
    glance->address = dedupe_text_key(mail->address);
    glance->mail_site = mail->site->key;
    glance->local_first = mail->local.n > 0 ? (uint8_t)mail->local.p[0] : 0;
    glance->flags |= mail->role ? 0 : MAIL;
    glance->flags |= mail->site->free_mail ? FREE_MAIL : 0;
}

static void glance_at_employer(const struct dedupe_record *record, struct dedupe_glance *glance)
{
    const struct contact_company *company = record->company;
    if (company->n > 0) {
        glance->flags |= COMPANY;
        glance->company = (struct dedupe_letters){record->company_key, mask_of(company->joined)};
        glance->company_n = length_of(company->joined);
        glance->word = dedupe_text_key(company->words[0]);
        glance->acronym = dedupe_text_key(company->acronym);
    }
    if (record->sites_n > 0) {
        glance->flags |= SITE | (record->sites_n > 1 ? MANY_SITES : 0);
        glance->site = (struct dedupe_letters){record->sites[0]->key, mask_of(record->sites[0]->site)};
        glance->site_n = length_of(record->sites[0]->site);
        glance->label = dedupe_text_key(record->sites[0]->label);
    }
}

void dedupe_glance_at(const struct dedupe_record *record, struct dedupe_glance *ret_glance)
{
    const struct dedupe_place *place = record->place;
    *ret_glance = (struct dedupe_glance){.mobile = digits_of(record->mobiles, record->mobiles_n),
                                         .phone = digits_of(record->phones, record->phones_n),
                                         .street = str_empty(place->street) ? 0 : dedupe_text_key(place->street)};
    glance_at_name(record, ret_glance);
    glance_at_mail(record, ret_glance);
    glance_at_employer(record, ret_glance);
    ret_glance->flags |= record->phones_n > 0 && !ret_glance->phone ? MANY_PHONES : 0;
    ret_glance->flags |= record->mobiles_n > 0 && !ret_glance->mobile ? MANY_MOBILES : 0;
    ret_glance->flags |= record->phones_n > 0 && record->phones->central ? CENTRAL : 0;
    ret_glance->flags |= place->city.n + place->postal_code.n > 0 ? PLACE : 0;
    ret_glance->flags |= str_empty(record->birth) ? 0 : BIRTH;
}

/* Two edits change at most four letters. */
static bool near(struct dedupe_letters a, struct dedupe_letters b, unsigned a_n, unsigned b_n)
{
    unsigned apart = a_n > b_n ? a_n - b_n : b_n - a_n;
    return apart <= SLIPS && __builtin_popcount(a.mask ^ b.mask) <= 2 * SLIPS;
}

static enum likeness family_likeness(const struct dedupe_glance *a, const struct dedupe_glance *b)
{
    if (!a->family_n || !b->family_n)
        return ABSENT;
    if (a->family.key == b->family.key)
        return EQUAL;
    bool perhaps = ((a->flags | b->flags) & FAMILY_LOOSE) || a->family_sound == b->family_sound ||
                   a->family_ocr == b->family_ocr || near(a->family, b->family, a->family_n, b->family_n);
    return perhaps ? PERHAPS : OTHER;
}

static enum likeness given_likeness(const struct dedupe_glance *a, const struct dedupe_glance *b)
{
    if (!a->given_n || !b->given_n)
        return ABSENT;
    if (a->given.key == b->given.key)
        return EQUAL;
    bool perhaps = ((a->flags | b->flags) & GIVEN_LOOSE) || a->given_sound == b->given_sound ||
                   a->given_ocr == b->given_ocr || near(a->given, b->given, a->given_n, b->given_n);
    return perhaps ? PERHAPS : OTHER;
}

static double name_bound(const struct dedupe_bounds *bounds, const struct dedupe_glance *a,
                         const struct dedupe_glance *b)
{
    enum likeness family = family_likeness(a, b), given = given_likeness(a, b);
    double bound = bounds->name[family][given];
    if (family == EQUAL)
        return bound;
    if (a->given.key == b->family.key || a->family.key == b->given.key)
        bound = fmax(bound, bounds->swapped);
    bool named = a->local.key == b->given_family || a->local.key == b->family_given ||
                 b->local.key == a->given_family || b->local.key == a->family_given;
    return named || ((a->flags | b->flags) & MANY_MAILS) ? fmax(bound, bounds->in_mail) : bound;
}

static double mail_bound(const struct dedupe_bounds *bounds, const struct dedupe_glance *a,
                         const struct dedupe_glance *b)
{
    bool many = (a->flags | b->flags) & MANY_MAILS;
    if (!(a->flags & b->flags & MAIL))
        return 0.0;
    if (many || a->address == b->address || a->local.key == b->local.key)
        return bounds->mail_same;
    if (a->local_first == b->local_first && __builtin_popcount(a->local.mask ^ b->local.mask) <= 2 * SLIPS)
        return bounds->mail_slip;
    bool here = a->mail_site == b->mail_site && !(a->flags & FREE_MAIL);
    return bounds->bits[here ? DEDUPE_EMAIL_OTHER_HERE : DEDUPE_EMAIL_OTHER];
}

static unsigned digits_in(uint64_t digits)
{
    return (unsigned)(67 - __builtin_ctzll(digits)) / 4;
}

/* Digits that both begin with. */
static unsigned shared_digits(uint64_t a, uint64_t b)
{
    return (unsigned)__builtin_clzll(a ^ b) / 4;
}

static bool one_digit(uint64_t a, uint64_t b)
{
    uint64_t apart = a ^ b;
    unsigned first = (unsigned)__builtin_clzll(apart) / 4, last = (unsigned)__builtin_ctzll(apart) / 4;
    return first + last == 15 && digits_in(a) == digits_in(b) && digits_in(a) >= STEM_MIN;
}

static bool same_switchboard(uint64_t a, uint64_t b)
{
    if (a == b)
        return digits_in(a) >= STEM_MIN;
    unsigned shared = shared_digits(a, b), longer = digits_in(a) > digits_in(b) ? digits_in(a) : digits_in(b);
    return shared >= STEM_MIN && longer - shared <= EXTENSION_MAX;
}

static double mobile_bound(const struct dedupe_bounds *bounds, const struct dedupe_glance *a,
                           const struct dedupe_glance *b)
{
    if ((a->flags | b->flags) & MANY_MOBILES)
        return bounds->mobile;
    if (!a->mobile || !b->mobile)
        return 0.0;
    if (a->mobile == b->mobile)
        return bounds->bits[DEDUPE_MOBILE_SAME];
    return bounds->bits[one_digit(a->mobile, b->mobile) ? DEDUPE_MOBILE_ONE_DIGIT : DEDUPE_MOBILE_OTHER];
}

static double phone_bound(const struct dedupe_bounds *bounds, const struct dedupe_glance *a,
                          const struct dedupe_glance *b)
{
    if ((a->flags | b->flags) & MANY_PHONES)
        return bounds->phone;
    if (!a->phone || !b->phone)
        return 0.0;
    if (a->phone == b->phone)
        return bounds->bits[a->flags & CENTRAL ? DEDUPE_PHONE_CENTRAL : DEDUPE_PHONE_SAME];
    bool board = same_switchboard(a->phone, b->phone);
    if (board && ((a->flags ^ b->flags) & CENTRAL))
        return bounds->bits[DEDUPE_PHONE_EXTENSION];
    if (one_digit(a->phone, b->phone))
        return bounds->bits[DEDUPE_PHONE_ONE_DIGIT];
    return bounds->bits[board ? DEDUPE_PHONE_OTHER_EXTENSION : DEDUPE_PHONE_OTHER];
}

static enum likeness company_likeness(const struct dedupe_glance *a, const struct dedupe_glance *b)
{
    if (!(a->flags & b->flags & COMPANY))
        return ABSENT;
    if (a->company.key == b->company.key)
        return EQUAL;
    bool perhaps = a->word == b->word || a->company.key == b->acronym || b->company.key == a->acronym ||
                   near(a->company, b->company, a->company_n, b->company_n);
    return perhaps ? PERHAPS : OTHER;
}

static enum likeness site_likeness(const struct dedupe_glance *a, const struct dedupe_glance *b)
{
    if (!(a->flags & b->flags & SITE))
        return ABSENT;
    if (a->site.key == b->site.key)
        return EQUAL;
    bool perhaps =
        ((a->flags | b->flags) & MANY_SITES) || a->label == b->label || near(a->site, b->site, a->site_n, b->site_n);
    return perhaps ? PERHAPS : OTHER;
}

/* The domain of one fits the company of the other. */
static bool site_fits(const struct dedupe_glance *a, const struct dedupe_glance *b)
{
    return (a->flags & SITE) && (b->flags & COMPANY) &&
           (a->label == b->company.key || a->label == b->word || (a->flags & MANY_SITES));
}

/* Employer and, where none is known, the address. */
static double employer_bound(const struct dedupe_bounds *bounds, const struct dedupe_glance *a,
                             const struct dedupe_glance *b)
{
    enum likeness company = company_likeness(a, b), site = site_likeness(a, b);
    if (site == EQUAL || site == PERHAPS)
        return bounds->site_same;
    if (company == EQUAL || company == PERHAPS)
        return bounds->company_same;
    bool differ = company == OTHER || site == OTHER;
    double bound = differ ? bounds->bits[DEDUPE_EMPLOYER_OTHER] : (a->flags & b->flags & PLACE) ? bounds->place : 0.0;
    bool board =
        ((a->flags | b->flags) & MANY_PHONES) || (a->phone && b->phone && same_switchboard(a->phone, b->phone));
    if (site_fits(a, b) || site_fits(b, a))
        bound = fmax(bound, bounds->bits[DEDUPE_EMPLOYER_COMPANY_DOMAIN]);
    if (board)
        bound = fmax(bound, bounds->bits[DEDUPE_EMPLOYER_SWITCHBOARD]);
    if (differ && a->street && a->street == b->street)
        bound = fmax(bound, bounds->bits[DEDUPE_EMPLOYER_PLACE]);
    return bound;
}

bool dedupe_promising(const struct dedupe_bounds *bounds, const struct dedupe_glance *a, const struct dedupe_glance *b)
{
    double bound =
        name_bound(bounds, a, b) + mobile_bound(bounds, a, b) + mail_bound(bounds, a, b) + phone_bound(bounds, a, b);
    if (a->flags & b->flags & BIRTH)
        bound += bounds->birth;
    if (bound + bounds->site_same + bounds->place < bounds->need)
        return false;
    return bound + employer_bound(bounds, a, b) >= bounds->need;
}

static double most(const struct dedupe_bounds *bounds, enum dedupe_level from, enum dedupe_level to)
{
    double best = bounds->bits[from];
    for (size_t i = from; i <= to; i++)
        best = fmax(best, bounds->bits[i]);
    return best;
}

/* A better likeness allows all that a lesser one does: what looks equal or alike may turn out to be neither. */
static void set_names(struct dedupe_bounds *bounds, double rarity)
{
    const double *bits = bounds->bits;
    double(*name)[LIKENESSES] = bounds->name;
    name[ABSENT][ABSENT] = 0.0;
    name[ABSENT][OTHER] = bits[DEDUPE_NAME_OTHER];
    name[ABSENT][PERHAPS] = name[ABSENT][EQUAL] = fmax(bits[DEDUPE_NAME_OTHER], bits[DEDUPE_NAME_GIVEN_ONLY]);
    name[OTHER][ABSENT] = name[OTHER][OTHER] = bits[DEDUPE_NAME_OTHER];
    name[OTHER][PERHAPS] = name[OTHER][EQUAL] = fmax(bits[DEDUPE_NAME_OTHER], bits[DEDUPE_NAME_FAMILY_OTHER] + rarity);
    name[PERHAPS][ABSENT] = fmax(bits[DEDUPE_NAME_OTHER], bits[DEDUPE_NAME_FAMILY_VAGUE]);
    name[PERHAPS][OTHER] = fmax(name[OTHER][OTHER], bits[DEDUPE_NAME_GIVEN_OTHER]);
    name[PERHAPS][PERHAPS] = name[PERHAPS][EQUAL] =
        fmax(fmax(name[OTHER][EQUAL], name[PERHAPS][OTHER]),
             fmax(bits[DEDUPE_NAME_FAMILY_CLOSE], fmax(bits[DEDUPE_NAME_BOTH_CLOSE], bits[DEDUPE_NAME_DOUBLE_NAME])) +
                 rarity);
    name[EQUAL][ABSENT] = fmax(name[PERHAPS][ABSENT], bits[DEDUPE_NAME_FAMILY_ONLY] + rarity);
    name[EQUAL][OTHER] = name[PERHAPS][OTHER];
    name[EQUAL][PERHAPS] = name[EQUAL][EQUAL] = most(bounds, DEDUPE_NAME_GENERATION, DEDUPE_NAME_OTHER) + rarity;
}

struct dedupe_bounds *dedupe_bounds_new(const struct dedupe_model *model, double least, struct arena *arena)
{
    struct dedupe_bounds *bounds = arena_one(arena, struct dedupe_bounds);
    memcpy(bounds->bits, model->bits, sizeof bounds->bits);
    /* Names are at most as much rarer than most as dedupe_name_rarity() says. */
    double rarity = DEDUPE_RARITY_MOST * (model->family_frequency + model->given_frequency);
    set_names(bounds, rarity);
    bounds->need = dedupe_uncalibrated(log2(least / (1.0 - fmin(least, 1.0 - 1e-12)))) - model->prior - 1e-6;
    bounds->swapped = bounds->bits[DEDUPE_NAME_SWAPPED];
    bounds->in_mail = bounds->bits[DEDUPE_NAME_IN_MAIL];
    bounds->mail_same = fmax(0.0, most(bounds, DEDUPE_EMAIL_SAME, DEDUPE_EMAIL_OTHER));
    bounds->mail_slip = fmax(bounds->bits[DEDUPE_EMAIL_TYPO],
                             fmax(bounds->bits[DEDUPE_EMAIL_OTHER_HERE], bounds->bits[DEDUPE_EMAIL_OTHER]));
    bounds->phone = fmax(0.0, most(bounds, DEDUPE_PHONE_SAME, DEDUPE_PHONE_OTHER));
    bounds->mobile = fmax(0.0, most(bounds, DEDUPE_MOBILE_SAME, DEDUPE_MOBILE_OTHER));
    bounds->site_same = fmax(0.0, most(bounds, DEDUPE_EMPLOYER_DOMAIN_COMPANY, DEDUPE_EMPLOYER_OTHER));
    bounds->company_same = most(bounds, DEDUPE_EMPLOYER_COMPANY, DEDUPE_EMPLOYER_OTHER);
    bounds->place = fmax(0.0, most(bounds, DEDUPE_ADDRESS_SAME, DEDUPE_ADDRESS_OTHER));
    bounds->birth = most(bounds, DEDUPE_BIRTH_SAME, DEDUPE_BIRTH_OTHER);
    return bounds;
}
