/* Postal codes; see postal.h. */
#include "ocr/fields/postal.h"

#include "contact/country.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"

static const char states_us[] =
    " AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR ";
static const char states_ca[] = " AB BC MB NB NL NS NT NU ON PE QC SK YT ";
static const char states_au[] = " NSW VIC QLD WA SA TAS ACT NT ";

static bool in_words(const char *words, struct str word)
{
    char padded[8];
    if (word.n < 2 || word.n > 3)
        return false;
    (void)snprintf(padded, sizeof padded, " %.*s ", STR_ARG(word));
    return strstr(words, padded) != NULL;
}

bool ocr_postal_state(struct str word, const char **ret_country)
{
    static const struct {
        const char *words, *country;
    } lists[] = {{states_us, "US"}, {states_ca, "CA"}, {states_au, "AU"}};
    struct str w = str_ends(word, STR(".")) ? str_slice(word, 0, word.n - 1) : word;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (in_words(lists[i].words, w)) {
            *ret_country = lists[i].country;
            return true;
        }
    return false;
}

/* True when `s` has the form: 9 a digit, A a capital letter, everything else itself. */
static bool like(struct str s, const char *form)
{
    size_t n = strlen(form);
    if (str_ends(s, STR(".")))
        s.n--;
    for (size_t i = 0; s.n == n && i < n; i++) {
        char c = s.p[i];
        bool good = form[i] == '9' ? c >= '0' && c <= '9' : form[i] == 'A' ? c >= 'A' && c <= 'Z' : c == form[i];
        if (!good)
            return false;
    }
    return s.n == n;
}

struct str ocr_part_text(const struct ocr_part *part, size_t from, size_t to, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = from; i < to && i < part->n; i++) {
        if (buf.n)
            strbuf_add_char(&buf, ' ');
        strbuf_add(&buf, part->text[i]);
    }
    return strbuf_str(&buf);
}

bool ocr_part_city(const struct ocr_part *part, size_t from, size_t to, struct arena *arena)
{
    return from < to &&
           ocr_lexicon_has(OCR_LEXICON_CITIES, contact_text_fold(ocr_part_text(part, from, to, arena), arena));
}

/* Forms of one or two words. `country` says whose they are; "" takes the region if it is one of `homes`. */
static const struct {
    const char *form, *second, *country, *homes;
    bool city_before;
    double belief;
} forms[] = {
    {"99999-9999", NULL, "US", "", true, 0.95},
    {"A9A", "9A9", "CA", "", true, 0.97},
    {"9999AA", NULL, "NL", "", false, 0.95},
    {"9999", "AA", "NL", " NL ", false, 0.95},
    {"A9", "9AA", "GB", "", true, 0.97},
    {"A99", "9AA", "GB", "", true, 0.97},
    {"AA9", "9AA", "GB", "", true, 0.97},
    {"AA99", "9AA", "GB", "", true, 0.97},
    {"A9A", "9AA", "GB", "", true, 0.97},
    {"AA9A", "9AA", "GB", "", true, 0.97},
    {"A99", "AA99", "IE", "", true, 0.95},
    {"99-999", NULL, "PL", "", false, 0.95},
    {"9999-999", NULL, "PT", "", false, 0.95},
    {"99999-999", NULL, "BR", "", true, 0.9},
    {"999-9999", NULL, "JP", " JP ", true, 0.8},
    {"999", "99", "", " SE CZ SK GR ", false, 0.9},
    {"999999", NULL, "", " IN SG CN VN RU RO ", true, 0.9},
    {"999", "999", "IN", " IN ", true, 0.9},
    {"9999999", NULL, "IL", " IL ", false, 0.9},
    {"99999", NULL, "", " DE FR IT ES US TR FI MY TH MX EE LT UA HR RS VN SA ID KR PK ", false, 0.93},
    {"9999", NULL, "", " AT CH BE NL LU LI DK NO HU SI AU NZ ZA BG CY PH TN ", false, 0.88},
};

static const struct {
    const char *prefix, *country;
} prefixes[] = {{"D-", "DE"},  {"DE-", "DE"}, {"A-", "AT"},  {"AT-", "AT"}, {"CH-", "CH"}, {"F-", "FR"},
                {"FR-", "FR"}, {"I-", "IT"},  {"IT-", "IT"}, {"NL-", "NL"}, {"B-", "BE"},  {"BE-", "BE"},
                {"L-", "LU"},  {"E-", "ES"},  {"ES-", "ES"}, {"FL-", "LI"}, {"DK-", "DK"}, {"S-", "SE"},
                {"SE-", "SE"}, {"PL-", "PL"}, {"CZ-", "CZ"}};

static const char *take_prefix(struct str *word)
{
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        size_t n = strlen(prefixes[i].prefix);
        if (str_starts(*word, str_c(prefixes[i].prefix)) && word->n > n + 2 && word->p[n] >= '0' && word->p[n] <= '9') {
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

/* A country's name; those that are cities too do not count. */
static bool is_country(struct str word, struct arena *arena)
{
    static const char *const cities[] = {"SG", "HK", "LU", "MC", "MO", "KW", "PA",
                                         "GT", "SM", "DJ", "MX", "BR", "GI", "JE"};
    struct str bare = str_ends(word, STR(".")) ? str_slice(word, 0, word.n - 1) : word;
    const char *country = bare.n > 3 || str_eq(bare, STR("UK")) || str_eq(bare, STR("USA")) || str_eq(bare, STR("UAE"))
                              ? contact_country_find(bare, arena)
                              : "";
    for (size_t i = 0; i < ARRAY_LEN(cities); i++)
        if (strcmp(country, cities[i]) == 0)
            return false;
    return country[0] != '\0';
}

static bool letters(struct str word)
{
    size_t at = 0;
    return !str_empty(word) && contact_char_letter(utf8_next(word, &at));
}

/* End of the city that begins at word `from`: the longest run the gazetteer knows, else all words of letters. */
static size_t city_end(const struct ocr_part *part, size_t from, struct arena *arena, size_t *ret_from)
{
    size_t end = from;
    *ret_from = from;
    while (end < part->n && !is_country(part->text[end], arena) &&
           (letters(part->text[end]) || (end > from && part->text[end].p[0] == '(')))
        end++;
    for (size_t to = end; to > from; to--)
        if (ocr_part_city(part, from, to, arena))
            return to;
    for (size_t start = from + 1; start < end; start++) /* "Beşiktaş İstanbul": the district stands first */
        if (ocr_part_city(part, start, end, arena)) {
            *ret_from = start;
            return end;
        }
    return end;
}

static size_t city_start(const struct ocr_part *part, size_t to, struct arena *arena)
{
    size_t start = to;
    while (start > 0 && letters(part->text[start - 1]) && to - start < 4)
        start--;
    for (size_t from = start; from < to; from++)
        if (ocr_part_city(part, from, to, arena))
            return from;
    return start;
}

static bool streetish(const struct ocr_part *part, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (ocr_lexicon_has(OCR_LEXICON_STREET_WORDS, part->fold[i]) && part->fold[i].n > 2)
            return true;
    return false;
}

/* Finds the city beside the code, before or behind it. */
static void find_city(const struct ocr_part *part, struct arena *arena, struct ocr_postal *p)
{
    size_t before = p->code_from;
    const char *country = "";
    while (before > 0 && !letters(part->text[before - 1]) && part->text[before - 1].n <= 3 &&
           (part->text[before - 1].p[0] == '-' || (part->text[before - 1].p[0] & 0x80)))
        before--;
    if (before > 0 && ocr_postal_state(part->text[before - 1], &country) &&
        (!p->country[0] || strcmp(country, p->country) == 0)) {
        p->state = before - 1;
        memcpy(p->country, country, 2);
        p->city_before = true;
        before--;
    }
    size_t first = p->code_to, behind = city_end(part, p->code_to, arena, &first);
    size_t start = city_start(part, before, arena);
    bool use_before = p->city_before || behind == p->code_to;
    if (use_before && start == before && behind > p->code_to && p->state == SIZE_MAX)
        use_before = false;
    p->city_from = use_before ? start : first;
    p->city_to = use_before ? before : behind;
    p->city_before = use_before;
}

static bool try_form(const struct ocr_part *part, size_t i, size_t f, const char *region, struct ocr_postal *ret_postal)
{
    struct str word = part->text[i], second = i + 1 < part->n ? part->text[i + 1] : STR_NONE;
    const char *country = take_prefix(&word);
    if (!like(word, forms[f].form) || (forms[f].second && !like(second, forms[f].second)))
        return false;
    if (!country[0])
        country = forms[f].country[0] ? forms[f].country : home_of(forms[f].homes, region) ? region : "";
    bool foreign = !country[0] && (strlen(forms[f].form) == 4 || strlen(forms[f].form) == 6 || forms[f].second);
    if (foreign || (forms[f].country[0] && forms[f].homes[0] && !home_of(forms[f].homes, region)))
        return false;
    struct ocr_postal p = {.code_from = i, .code_to = i + (forms[f].second ? 2 : 1), .state = SIZE_MAX};
    p.city_before = forms[f].city_before || strcmp(country, "US") == 0 || strcmp(country, "AU") == 0;
    p.belief = country[0] ? forms[f].belief : 0.75;
    p.code = str_ends(word, STR(".")) ? str_slice(word, 0, word.n - 1) : word;
    memcpy(p.country, country, strlen(country));
    *ret_postal = p;
    return true;
}

bool ocr_postal_find(const struct ocr_part *part, const char *region, struct arena *arena,
                     struct ocr_postal *ret_postal)
{
    for (size_t i = 0; i < part->n; i++)
        for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
            struct ocr_postal p;
            if (!try_form(part, i, f, region, &p))
                continue;
            if (forms[f].second) {
                struct str second = part->text[i + 1];
                second.n -= str_ends(second, STR("."));
                p.code = str_printf(arena, "%.*s %.*s", STR_ARG(p.code), STR_ARG(second));
            }
            find_city(part, arena, &p);
            bool city = p.city_from < p.city_to;
            if (city && streetish(part, p.city_from, p.city_to))
                continue; /* "12345 Main Street" */
            bool digits = !strpbrk(forms[f].form, "A-") && !forms[f].second;
            if (digits && p.city_before && city && p.state == SIZE_MAX &&
                !ocr_part_city(part, p.city_from, p.city_to, arena) &&
                !ocr_part_city(part, p.city_from, p.city_from + 1, arena))
                continue; /* "ISO 27001" */
            if (!city && strlen(forms[f].form) == 4 && !forms[f].second && i + 1 < part->n)
                continue;
            *ret_postal = p;
            return true;
        }
    return false;
}
