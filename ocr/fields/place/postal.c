/* Postal codes; see postal.h. */
#include "ocr/fields/place/postal.h"

#include "contact/text.h"

static const struct {
    const char *words, *country;
} states[] = {
    {" AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
     "PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR ",
     "US"},
    {" AB BC MB NB NL NS NT NU ON PE QC SK YT ", "CA"},
    {" NSW VIC QLD WA SA TAS ACT NT ", "AU"},
    {" AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO ", "BR"},
};

static bool in_words(const char *words, struct str word)
{
    char padded[8];
    if (word.n < 2 || word.n > 3)
        return false;
    (void)snprintf(padded, sizeof padded, " %.*s ", STR_ARG(word));
    return strstr(words, padded) != NULL;
}

bool ocr_postal_state(struct str word, const char *country, const char **ret_country)
{
    struct str w = str_ends(word, STR(".")) ? str_slice(word, 0, word.n - 1) : word;
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        if ((!country[0] ? i < 3 : strcmp(country, states[i].country) == 0) && in_words(states[i].words, w)) {
            *ret_country = states[i].country;
            return true;
        }
    return false;
}

/* Forms of one or two words: 9 a digit, A a capital letter, * either, everything else itself. `country` says whose they
 * are; "" takes the region if it is one of `homes`. */
static const struct form {
    const char *form, *second, *country, *homes;
    bool city_before;
    double belief;
} forms[] = {
    {"99999-9999", NULL, "US", "", true, 0.95},
    {"A9A", "9A9", "CA", "", true, 0.97},
    {"A9A9A9", NULL, "CA", " CA ", true, 0.95},
    {"9999AA", NULL, "NL", "", false, 0.95},
    {"9999", "AA", "NL", " NL ", false, 0.95},
    {"A9", "9AA", "GB", "", true, 0.97},
    {"A99", "9AA", "GB", "", true, 0.97},
    {"AA9", "9AA", "GB", "", true, 0.97},
    {"AA99", "9AA", "GB", "", true, 0.97},
    {"A9A", "9AA", "GB", "", true, 0.97},
    {"AA9A", "9AA", "GB", "", true, 0.97},
    {"AA99AA", NULL, "GB", " GB ", true, 0.9},
    {"AA999AA", NULL, "GB", " GB ", true, 0.9},
    {"A99AA", NULL, "GB", " GB ", true, 0.9},
    {"A999AA", NULL, "GB", " GB ", true, 0.9},
    {"A9A9AA", NULL, "GB", " GB ", true, 0.9},
    {"AA9A9AA", NULL, "GB", " GB ", true, 0.9},
    {"A99", "****", "IE", " IE ", true, 0.95},
    {"A9A", "****", "IE", " IE ", true, 0.95},
    {"99-999", NULL, "PL", "", false, 0.95},
    {"9999-999", NULL, "PT", "", false, 0.95},
    {"99999-999", NULL, "BR", "", false, 0.9},
    {"999-9999", NULL, "JP", " JP ", true, 0.9},
    {"999", "99", "", " SE CZ SK GR ", false, 0.9},
    {"99", "999", "", " HR PL RS ", false, 0.85},
    {"999999", NULL, "", " IN SG CN VN RU RO KZ ", true, 0.9},
    {"999", "999", "IN", " IN ", true, 0.9},
    {"999", NULL, "TW", " TW ", true, 0.8},
    {"9999999", NULL, "IL", " IL ", true, 0.9},
    {"99999", NULL, "", " DE FR IT ES US TR FI MY TH MX EE LT UA HR RS SA ID KR PK IL EG MA PE MC SM ", false, 0.93},
    {"9999", NULL, "", " AT CH BE NL LU LI DK NO HU SI AU NZ ZA BG CY PH TN LV GE BD ", false, 0.88},
};

static const struct {
    const char *prefix, *country;
} prefixes[] = {{"D-", "DE"},   {"DE-", "DE"}, {"A-", "AT"},  {"AT-", "AT"}, {"CH-", "CH"}, {"F-", "FR"},
                {"FR-", "FR"},  {"I-", "IT"},  {"IT-", "IT"}, {"l-", "IT"},  {"|-", "IT"},  {"NL-", "NL"},
                {"B-", "BE"},   {"BE-", "BE"}, {"L-", "LU"},  {"E-", "ES"},  {"ES-", "ES"}, {"FL-", "LI"},
                {"DK-", "DK"},  {"S-", "SE"},  {"SE-", "SE"}, {"PL-", "PL"}, {"CZ-", "CZ"}, {"FI-", "FI"},
                {"FIN-", "FI"}, {"N-", "NO"},  {"NO-", "NO"}, {"HR-", "HR"}, {"SI-", "SI"}, {"SK-", "SK"},
                {"H-", "HU"},   {"HU-", "HU"}, {"P-", "PT"},  {"PT-", "PT"}, {"TR-", "TR"}, {"LT-", "LT"},
                {"LV-", "LV"},  {"EE-", "EE"}};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Between letters and digits readers mix up O and 0, I and 1: the form says which is meant. */
static char meant(char form, char c, bool mixed)
{
    bool capital = c >= 'A' && c <= 'Z';
    if (form == '9')
        return digit(c) ? c : mixed && c == 'O' ? '0' : mixed && (c == 'I' || c == 'l') ? '1' : 0;
    if (form == 'A')
        return capital ? c : 0;
    if (form == '*')
        return digit(c) || capital ? c : 0;
    return c == form ? c : 0;
}

/* The word as the form wants it, absent when it has another. A form of one digit may have it misread when `sure`. */
static struct str like(struct str s, const char *form, bool sure, struct arena *arena)
{
    size_t n = strlen(form);
    s.n -= str_ends(s, STR("."));
    if (s.n != n)
        return STR_NONE;
    bool mixed = strchr(form, 'A') != NULL;
    size_t nines = 0, digits = 0;
    char *p = str_z(arena, s);
    for (size_t i = 0; i < n; i++) {
        p[i] = meant(form[i], s.p[i], mixed);
        if (!p[i])
            return STR_NONE;
        nines += form[i] == '9';
        digits += form[i] == '9' && digit(s.p[i]);
    }
    /* One misread digit of several is believed; "FOODS" is no code. */
    return p && digits + (nines > 1 || sure) >= nines ? (struct str){p, n} : STR_NONE;
}

static const char *take_prefix(struct str *word)
{
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        size_t n = strlen(prefixes[i].prefix);
        if (str_starts(*word, str_c(prefixes[i].prefix)) && word->n > n + 1 && digit(word->p[n])) {
            *word = str_slice(*word, n, word->n);
            return prefixes[i].country;
        }
    }
    return "";
}

static bool home_of(const char *homes, const char *region)
{
    char padded[8];
    (void)snprintf(padded, sizeof padded, " %.2s ", region);
    return region[0] && strstr(homes, padded) != NULL;
}

/* One word of a part, the country's letters in front cut off. */
struct bare {
    struct str word;
    const char *country;
    const char *region; /* where the card comes from */
};

static bool try_form(const struct ocr_part *part, size_t i, const struct form *f, const struct bare *bare,
                     struct arena *arena, struct ocr_postal *ret_postal)
{
    const char *region = bare->region;
    struct str word = bare->word;
    const char *country = bare->country;
    struct str second = f->second && i + 1 < part->n ? like(part->text[i + 1], f->second, false, arena) : STR_NONE;
    bool british = second.p && strcmp(f->country, "GB") == 0 && strcmp(region, "GB") == 0; /* "WIF 3PJ" */
    struct str first = like(word, f->form, british, arena);
    if (!first.p || (f->second && !second.p))
        return false;
    if (!country[0])
        country = f->country[0] ? f->country : home_of(f->homes, region) ? region : "";
    bool foreign = !country[0] && (strlen(f->form) == 4 || strlen(f->form) == 6 || f->second);
    if (foreign || (f->country[0] && f->homes[0] && !home_of(f->homes, region)))
        return false;
    struct ocr_postal p = {.from = i, .to = i + (f->second ? 2 : 1), .belief = country[0] ? f->belief : 0.75};
    p.city_before = f->city_before || home_of(" US AU NZ ID TH PH ZA KR BD ", country);
    p.code = f->second ? str_printf(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(second)) : first;
    if (!f->second && first.n >= 5 && strcmp(f->country, "GB") == 0) /* the blank was too narrow to be seen */
        p.code =
            str_printf(arena, "%.*s %.*s", (int)first.n - 3, first.p, STR_ARG(str_slice(first, first.n - 3, first.n)));
    p.plain = !strpbrk(f->form, "A-") && word.p == part->text[i].p;
    memcpy(p.country, country, strlen(country));
    *ret_postal = p;
    return true;
}

bool ocr_postal_find(const struct ocr_part *part, size_t start, const char *region, struct arena *arena,
                     struct ocr_postal *ret_postal)
{
    for (size_t i = start; i < part->n; i++) {
        bool second = i + 1 < part->n && contact_text_has_digit(part->text[i + 1]);
        if (!contact_text_has_digit(part->text[i]) && !second)
            continue; /* no form is without digits: most words need no second look */
        struct bare bare = {part->text[i], "", region};
        bare.country = take_prefix(&bare.word);
        for (size_t f = 0; f < ARRAY_LEN(forms); f++)
            if (try_form(part, i, &forms[f], &bare, arena, ret_postal))
                return true;
    }
    return false;
}
