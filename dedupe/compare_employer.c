/* Compares employers. The internet domain tells most, then the company's name, then the switchboard, then the address;
 * they agree together for every colleague, so the best of them counts, never their sum. */
#include "dedupe/compare.h"
#include "dedupe/distance.h"

enum {
    CLOSE_MIN = 5, /* letters of a company's joined name below which it must be equal */
    LONG_NAME = 9, /* from here on two slips are allowed */
    WORD_MIN = 3,  /* letters of a word that may stand for a whole name */
};

enum relation { MISSING, EQUAL, CLOSE, OTHER };

static bool close_text(struct str a, struct str b)
{
    size_t shorter = a.n < b.n ? a.n : b.n;
    return shorter >= CLOSE_MIN && dedupe_within(a, b, shorter >= LONG_NAME ? 2 : 1);
}

static bool has_word(const struct contact_company *company, struct str word)
{
    for (size_t i = 0; i < company->n; i++) {
        if (str_eq(company->words[i], word))
            return true;
    }
    return false;
}

/* Every word of the shorter name stands in the longer one, and the first, most telling word is the same. */
static bool words_within(const struct contact_company *brief, const struct contact_company *whole)
{
    if (brief->n > whole->n || brief->words[0].n < WORD_MIN || !str_eq(brief->words[0], whole->words[0]))
        return false;
    for (size_t i = 0; i < brief->n; i++) {
        if (!has_word(whole, brief->words[i]))
            return false;
    }
    return true;
}

/* "MM" or "MMB" for Muster Maschinenbau: the letters of one name are the first letters of the other. */
static bool is_acronym(const struct contact_company *brief, const struct contact_company *whole)
{
    return brief->n == 1 && brief->joined.n >= 2 && str_eq(brief->joined, whole->acronym);
}

static enum relation company_relation(const struct dedupe_record *left, const struct dedupe_record *right)
{
    const struct contact_company *a = left->company, *b = right->company;
    if (a->n == 0 || b->n == 0)
        return MISSING;
    if (a == b || (left->company_key == right->company_key && str_eq(a->joined, b->joined)))
        return EQUAL;
    bool close = close_text(a->joined, b->joined) || words_within(a, b) || words_within(b, a) || is_acronym(a, b) ||
                 is_acronym(b, a);
    return close ? CLOSE : OTHER;
}

static enum relation site_relation(const struct dedupe_record *a, const struct dedupe_record *b,
                                   struct dedupe_finding *finding)
{
    if (a->sites_n == 0 || b->sites_n == 0)
        return MISSING;
    bool close = false;
    finding->left = a->sites[0]->site;
    finding->right = b->sites[0]->site;
    for (size_t i = 0; i < a->sites_n; i++) {
        for (size_t j = 0; j < b->sites_n; j++) {
            const struct dedupe_site *left = a->sites[i], *right = b->sites[j];
            if (left == right || (left->key == right->key && str_eq(left->site, right->site))) {
                finding->left = finding->right = left->site;
                return EQUAL;
            }
            close |= close_text(left->site, right->site) || str_eq(left->label, right->label);
        }
    }
    return close ? CLOSE : OTHER;
}

/* muster-maschinenbau.de and "Muster Maschinenbau"; also mustertec.de when the first word is long enough to tell. */
static bool site_fits(const struct dedupe_record *a, const struct contact_company *company)
{
    for (size_t i = 0; i < a->sites_n && company->n > 0; i++) {
        struct str label = a->sites[i]->label;
        if (str_eq(label, company->joined) || (label.n >= LONG_NAME && str_eq(label, company->words[0])))
            return true;
    }
    return false;
}

static bool same_switchboard(const struct dedupe_record *a, const struct dedupe_record *b,
                             struct dedupe_finding *finding)
{
    for (size_t i = 0; i < a->phones_n; i++) {
        for (size_t j = 0; j < b->phones_n; j++) {
            if (dedupe_same_switchboard(a->phones[i].digits, b->phones[j].digits)) {
                finding->left = a->phones[i].shown;
                finding->right = b->phones[j].shown;
                return true;
            }
        }
    }
    return false;
}

static bool same_place(const struct dedupe_place *a, const struct dedupe_place *b)
{
    bool town = (!str_empty(a->postal_code) && str_eq(a->postal_code, b->postal_code)) ||
                (!str_empty(a->city) && str_eq(a->city, b->city));
    return town && !str_empty(a->street) && str_eq(a->street, b->street);
}

static enum dedupe_level level_same_site(enum relation company)
{
    switch (company) {
    case EQUAL:
        return DEDUPE_EMPLOYER_DOMAIN_COMPANY;
    case CLOSE:
        return DEDUPE_EMPLOYER_DOMAIN_CLOSE;
    case MISSING:
        return DEDUPE_EMPLOYER_DOMAIN;
    case OTHER:
        break;
    }
    return DEDUPE_EMPLOYER_DOMAIN_OTHER;
}

/* Neither a common domain nor a common company: what else ties the two to one employer? */
static struct dedupe_finding weaker_ties(const struct dedupe_record *a, const struct dedupe_record *b, bool differ)
{
    struct dedupe_finding finding = {.left = a->company_shown, .right = b->company_shown};
    if (str_empty(finding.left) && a->sites_n > 0)
        finding.left = a->sites[0]->site;
    if (str_empty(finding.right) && b->sites_n > 0)
        finding.right = b->sites[0]->site;
    if (site_fits(a, b->company) || site_fits(b, a->company))
        finding.level = DEDUPE_EMPLOYER_COMPANY_DOMAIN;
    else if (same_switchboard(a, b, &finding))
        finding.level = DEDUPE_EMPLOYER_SWITCHBOARD;
    else if (differ && same_place(a->place, b->place))
        finding.level = DEDUPE_EMPLOYER_PLACE;
    else if (differ)
        finding.level = DEDUPE_EMPLOYER_OTHER;
    return finding;
}

struct dedupe_finding dedupe_compare_employer(const struct dedupe_record *a, const struct dedupe_record *b)
{
    struct dedupe_finding finding = {0};
    enum relation company = company_relation(a, b), site = site_relation(a, b, &finding);
    if (site == EQUAL || (site == CLOSE && company != OTHER)) {
        finding.level = level_same_site(company);
        bool show_company = company == EQUAL || company == CLOSE || company == OTHER;
        if (show_company) {
            finding.left = a->company_shown;
            finding.right = b->company_shown;
        }
        return finding;
    }
    if (company != EQUAL && company != CLOSE)
        return weaker_ties(a, b, company == OTHER || site == OTHER || site == CLOSE);
    finding.left = a->company_shown;
    finding.right = b->company_shown;
    if (site == OTHER)
        finding.level = DEDUPE_EMPLOYER_COMPANY_SITE_OTHER;
    else
        finding.level = company == EQUAL ? DEDUPE_EMPLOYER_COMPANY : DEDUPE_EMPLOYER_COMPANY_CLOSE;
    return finding;
}
