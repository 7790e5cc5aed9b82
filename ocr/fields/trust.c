/* Weighs the signs for and against a value; see trust.h. */
#include "ocr/fields/trust.h"

#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/lines.h"

#include <math.h>

const char *const ocr_sign_words[OCR_SIGNS] = {"pattern", "engine", "weakest-word", "disputed", "mended",
                                               "agrees",  "known",  "form",         "inferred", "length"};

/* Bias and weights of one kind, in the order of enum ocr_sign. */
struct weights {
    double bias, sign[OCR_SIGNS];
};
static const struct weights weights[OCR_TRUSTS] = {
#define X(kind, bias, ...) [OCR_TRUST_##kind] = {bias, {__VA_ARGS__}},
#include "ocr/fields/trust.def"
#undef X
};

/* Whether any word of the value is in the list, or ends like its entries when `ends` is a list too. */
static bool any_listed(const struct ocr_look *look, struct str value, enum ocr_lexicon list, int ends)
{
    struct str rest = contact_text_fold(value, look->arena), word;
    while (str_split(&rest, ' ', &word))
        if (ocr_lexicon_has(list, word) || (ends >= 0 && ocr_lexicon_ends((enum ocr_lexicon)ends, word)))
            return true;
    return false;
}

static bool mail_says_name(const struct ocr_look *look)
{
    struct str given = look->given_name.value, family = look->family_name.value;
    return ocr_name_mail(look, given.p ? given : STR(""), family.p ? family : STR("")) >= 2.5;
}

/* The domain of a mail stands in a website, or the other way round. */
static bool mail_says_site(const struct ocr_look *look)
{
    for (size_t i = 0; i < look->emails.n; i++) {
        struct contact_email email;
        bool parsed = contact_email_parse(look->emails.items[i].value, look->arena, &email);
        for (size_t k = 0; parsed && !str_empty(email.site) && k < look->urls.n; k++)
            if (str_find(look->urls.items[k].value, email.site, 0) >= 0)
                return true;
    }
    return false;
}

static double agrees(const struct ocr_look *look, enum ocr_trust kind, const struct ocr_find *find)
{
    if (kind == OCR_TRUST_NAME)
        return mail_says_name(look);
    if (kind == OCR_TRUST_EMAIL)
        return 0.5 * mail_says_name(look) + 0.5 * mail_says_site(look);
    if (kind == OCR_TRUST_URL)
        return mail_says_site(look);
    if (kind == OCR_TRUST_ORGANIZATION && !find->n)
        return 0; /* made of the domain, which says nothing more of it */
    if (kind == OCR_TRUST_ORGANIZATION)
        return fmin(1, ocr_organization_domain_score(look, find->value) / 4.5);
    return 0;
}

static bool known(const struct ocr_look *look, enum ocr_trust kind, struct str value)
{
    if (kind == OCR_TRUST_NAME)
        return any_listed(look, value, OCR_LEXICON_GIVEN_NAMES, -1) ||
               any_listed(look, value, OCR_LEXICON_FAMILY_NAMES, -1);
    if (kind == OCR_TRUST_TITLE)
        return any_listed(look, value, OCR_LEXICON_JOB_WORDS, OCR_LEXICON_JOB_ENDINGS);
    if (kind == OCR_TRUST_DEPARTMENT)
        return any_listed(look, value, OCR_LEXICON_DEPARTMENT_WORDS, -1);
    if (kind == OCR_TRUST_ORGANIZATION)
        return any_listed(look, value, OCR_LEXICON_ORGANIZATION_WORDS, OCR_LEXICON_ORGANIZATION_ENDINGS);
    if (kind == OCR_TRUST_STREET)
        return any_listed(look, value, OCR_LEXICON_STREET_WORDS, OCR_LEXICON_STREET_ENDINGS);
    return kind == OCR_TRUST_CITY && ocr_lexicon_has(OCR_LEXICON_CITIES, contact_text_fold(value, look->arena));
}

static bool has_form(const struct ocr_look *look, enum ocr_trust kind, const struct ocr_find *find)
{
    if (kind == OCR_TRUST_STREET)
        return contact_text_has_digit(find->value);
    if (kind == OCR_TRUST_ORGANIZATION)
        return ocr_organization_legal(look, find->value);
    if (kind == OCR_TRUST_PHONE)
        return find->raw.p && memchr(find->raw.p, '+', find->raw.n);
    return (kind == OCR_TRUST_CODE || kind == OCR_TRUST_CITY) && look->places_n && look->places[0].country.n;
}

static void engine_signs(const struct ocr_look *look, const struct ocr_find *find, double value[OCR_SIGNS])
{
    double sum = 0, least = 1;
    size_t n = 0;
    for (size_t i = 0; i < find->n; i++)
        for (size_t w = find->spans[i].from; w < find->spans[i].to; w++) {
            const struct ocr_word *word = look->lines[find->spans[i].line].words[w].word;
            sum += word->confidence;
            least = fmin(least, word->confidence);
            value[OCR_SIGN_DISPUTED] = value[OCR_SIGN_DISPUTED] > 0 || word->alternatives.n;
            n++;
        }
    if (n == 0)
        return;
    value[OCR_SIGN_ENGINE] = fmax(-4, 10 * (sum / (double)n - 0.9));
    value[OCR_SIGN_WEAKEST] = fmax(-5, 10 * (least - 0.9));
}

struct ocr_verdict ocr_trust_weigh(const struct ocr_look *look, enum ocr_trust kind, const struct ocr_find *find)
{
    struct ocr_verdict v = {.confidence = find->confidence};
    double pattern = fmin(0.995, fmax(0.02, find->belief));
    if (find->code)
        return v;
    v.value[OCR_SIGN_PATTERN] = log(pattern / (1 - pattern));
    engine_signs(look, find, v.value);
    v.value[OCR_SIGN_MENDED] = find->alternative.p != NULL;
    v.value[OCR_SIGN_AGREES] = agrees(look, kind, find);
    v.value[OCR_SIGN_KNOWN] = known(look, kind, find->value);
    v.value[OCR_SIGN_FORM] = has_form(look, kind, find);
    v.value[OCR_SIGN_INFERRED] = find->n == 0;
    v.value[OCR_SIGN_LENGTH] = log2((double)(find->value.n + 1) / 12);
    double odds = weights[kind].bias;
    for (int i = 0; i < OCR_SIGNS; i++) {
        v.weight[i] = weights[kind].sign[i] * v.value[i];
        odds += v.weight[i];
    }
    v.confidence = 1 / (1 + exp(-odds));
    return v;
}
