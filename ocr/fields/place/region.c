/* Where a card comes from: votes of country names, calling codes, top-level domains, legal forms, postal prefixes. It
 * completes national phone numbers and tells one postal code from another. */
#include "contact/country.h"
#include "contact/email.h"
#include "contact/phone.h"
#include "contact/text.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/place/postal.h"

enum { CANDIDATES = 24, CITY_WORDS = 3 };

struct votes {
    char region[CANDIDATES][3];
    double weight[CANDIDATES];
    size_t n;
};

static void vote(struct votes *votes, const char *region, double weight)
{
    if (!region[0])
        return;
    for (size_t i = 0; i < votes->n; i++)
        if (strcmp(votes->region[i], region) == 0) {
            votes->weight[i] += weight;
            return;
        }
    if (votes->n == CANDIDATES)
        return;
    memcpy(votes->region[votes->n], region, 2);
    votes->weight[votes->n++] = weight;
}

/* Words that are at home in few countries. */
static const struct {
    const char *fold, *region;
    double weight;
} words[] = {
#define X(fold, region, weight) {fold, region, weight},
#include "ocr/fields/place/region_words.def"
#undef X
};

/* "Ahmedabad-380", "Delhi-110029": the town without its code. */
static struct str without_code(struct str text)
{
    for (size_t i = 3; i + 1 < text.n; i++)
        if (text.p[i] == '-' && text.p[i + 1] >= '0' && text.p[i + 1] <= '9')
            return str_slice(text, 0, i);
    return text;
}

static void vote_word(struct votes *votes, const struct ocr_look *look, const struct ocr_look_word *word)
{
    struct str text = word->word->text;
    struct str town = without_code(text);
    struct str fold = town.n < text.n ? contact_text_fold(town, look->arena) : word->fold;
    struct str closed = ocr_domain_close(fold, look->arena);
    for (size_t i = 0; i < ARRAY_LEN(words) && closed.n; i++)
        if (words[i].fold[0] == closed.p[0] && str_eq(closed, str_c(words[i].fold)))
            vote(votes, words[i].region, words[i].weight);
    /* "D-97076", "CH-8001" */
    static const struct {
        const char *prefix, *region;
    } postal[] = {{"D-", "DE"}, {"DE-", "DE"}, {"A-", "AT"},  {"AT-", "AT"}, {"CH-", "CH"}, {"F-", "FR"},
                  {"I-", "IT"}, {"IT-", "IT"}, {"NL-", "NL"}, {"B-", "BE"},  {"L-", "LU"},  {"FL-", "LI"}};
    for (size_t i = 0; i < ARRAY_LEN(postal); i++) {
        size_t n = strlen(postal[i].prefix);
        if (str_starts(text, str_c(postal[i].prefix)) && text.n > n + 3 && text.p[n] >= '0' && text.p[n] <= '9')
            vote(votes, postal[i].region, 2.5);
    }
    size_t dot = 0;
    for (size_t i = 0; i + 2 < text.n; i++)
        if (text.p[i] == '.' || text.p[i] == '@')
            dot = i;
    if (dot > 2)
        vote(votes, contact_domain_region(contact_text_lower(text, look->arena)), 1.6);
    if (str_ends(text, STR(".edu")) || str_ends(text, STR(".gov")))
        vote(votes, "US", 1);
}

/* 9 stands for a digit, 2 for one from 2 on, M for one from 6 on, A for a capital letter, everything else for itself.
 */
static bool form_char(char form, char c)
{
    if (form == 'A')
        return c >= 'A' && c <= 'Z';
    if (form == 'M')
        return c >= '6' && c <= '9';
    return form == '9' || form == '2' ? c >= (form == '9' ? '0' : '2') && c <= '9' : c == form;
}

/* How numbers are written at home, region_forms.def. */
static void vote_forms(struct votes *votes, struct str text)
{
    static const struct {
        const char *form, *region;
        double weight;
    } forms[] = {
#define X(form, region, weight) {form, region, weight},
#include "ocr/fields/place/region_forms.def"
#undef X
    };
    for (size_t at = 0; at < text.n; at++) {
        bool start = at == 0 || text.p[at - 1] == ' ' || text.p[at - 1] == ':';
        if (!start || (text.p[at] != '(' && !form_char('9', text.p[at])))
            continue;
        for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
            size_t n = strlen(forms[f].form), i = 0;
            while (i < n && at + i < text.n && form_char(forms[f].form[i], text.p[at + i]))
                i++;
            bool open = forms[f].form[n - 1] == ' ' || forms[f].form[n - 1] == '/'; /* its beginning tells */
            bool alone = open || at + n >= text.n || !(text.p[at + n] >= '0' && text.p[at + n] <= '9');
            if (i == n && alone)
                vote(votes, forms[f].region, forms[f].weight);
        }
    }
}

/* "1705 Fribourg" is not German, "97076 Würzburg" not Swiss. */
static void vote_postal(struct votes *votes, const struct ocr_look_line *line)
{
    static const struct {
        size_t digits;
        const char *region;
        double weight;
    } rows[] = {{4, "CH", 0.6},  {4, "AT", 0.5},  {4, "BE", 0.3},  {4, "NL", 0.1}, {4, "DE", -1.2}, {4, "FR", -1.2},
                {4, "IT", -1.2}, {5, "CH", -1.2}, {5, "AT", -1.2}, {5, "DE", 0.3}, {5, "FR", 0.2},  {5, "IT", 0.2}};
    struct str code = line->n >= 2 ? line->words[0].word->text : STR_NONE;
    size_t digits = 0;
    while (digits < code.n && code.p[digits] >= '0' && code.p[digits] <= '9')
        digits++;
    if (digits == 0 || digits != code.n || !contact_text_starts_upper(line->words[1].word->text))
        return;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].digits == digits)
            vote(votes, rows[i].region, rows[i].weight);
}

/* The whole word has the form, but for a comma or dot behind it. */
static bool has_form(struct str s, const char *form)
{
    size_t n = strlen(form);
    bool same = s.n == n || (s.n == n + 1 && strchr(",.", s.p[n]));
    for (size_t i = 0; same && i < n; i++)
        same = form_char(form[i], s.p[i]);
    return same;
}

/* A town stands behind it, or it is the whole of its line or part of one, and no label or number is in front:
 * "1479-873" of "02331 / 1479-873" is no code. */
static bool code_stands_alone(const struct ocr_look_line *line, size_t i)
{
    struct str before = i ? line->words[i - 1].word->text : STR(","),
               next = i + 1 < line->n ? line->words[i + 1].word->text : STR("A");
    bool apart =
        str_ends(before, STR(",")) || str_eq(before, STR("-")) || (before.n == 2 && contact_text_starts_upper(before));
    return contact_text_starts_upper(next) &&
           (i + 1 < line->n
                ? !contact_text_has_digit(before) && !str_ends(before, STR("/")) && !str_ends(before, STR(":"))
                : apart);
}

/* Codes of a form that only one country has: "3568 HC", "SW1A 2AA", "00-123". */
static void vote_code(struct votes *votes, const struct ocr_look_line *line)
{
    static const struct {
        const char *form, *second, *region;
        double weight;
    } forms[] = {{"9999", "AA", "NL", 1.5},     {"A9", "9AA", "GB", 1.5},      {"A99", "9AA", "GB", 1.5},
                 {"AA9", "9AA", "GB", 1.5},     {"AA99", "9AA", "GB", 1.5},    {"AA9A", "9AA", "GB", 1.5},
                 {"A9A", "9AA", "GB", 1.5},     {"A9A", "9A9", "CA", 2},       {"99-999", NULL, "PL", 1.5},
                 {"9999-999", NULL, "PT", 1.5}, {"99999-999", NULL, "BR", 1.5}};
    for (size_t i = 0; i < line->n; i++)
        for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
            bool second =
                !forms[f].second || (i + 1 < line->n && has_form(line->words[i + 1].word->text, forms[f].second));
            bool sure = forms[f].second || code_stands_alone(line, i);
            if (second && sure && has_form(line->words[i].word->text, forms[f].form))
                vote(votes, forms[f].region, forms[f].weight);
        }
}

/* Numbers of the tax office begin with a country: "ATU12345678", "TVA BE 0123 456 789". */
static void vote_tax(struct votes *votes, const struct ocr_look_line *line)
{
    static const struct {
        const char *form, *region;
    } forms[] = {{"ATU99999999", "AT"},    {"DE999999999", "DE"},  {"IT99999999999", "IT"}, {"BE0999999999", "BE"},
                 {"NL999999999B99", "NL"}, {"PL9999999999", "PL"}, {"LU99999999", "LU"},    {"FR99999999999", "FR"}};
    static const char *const taxes[] = {"tva", "btw", "vat", "mwst", "ust", "iva", "uid"};
    for (size_t i = 0; i < line->n; i++) {
        struct str text = line->words[i].word->text;
        for (size_t f = 0; f < ARRAY_LEN(forms); f++)
            if (has_form(text, forms[f].form))
                vote(votes, forms[f].region, 1.5);
        bool code = text.n == 2 && i > 0 && i + 1 < line->n &&
                    ocr_word_in(line->words[i - 1].fold, taxes, ARRAY_LEN(taxes)) &&
                    contact_text_has_digit(line->words[i + 1].fold) && contact_country_known(text);
        if (code)
            vote(votes, (char[]){text.p[0], text.p[1], '\0'}, 1.5);
    }
}

static void vote_state(struct votes *votes, const struct ocr_look_line *line)
{
    const char *country = "";
    for (size_t i = 0; i + 1 < line->n; i++) {
        struct str zip = line->words[i + 1].word->text;
        bool digits = zip.n >= 4 && zip.p[0] >= '0' && zip.p[0] <= '9';
        if (digits && ocr_postal_state(line->words[i].word->text, "", &country))
            vote(votes, country, 2);
    }
}

/* Towns say where a card comes from, above all beside a number: a postal code. */
static void vote_city(struct votes *votes, const struct ocr_look *look, size_t line)
{
    const struct ocr_look_line *l = &look->lines[line];
    for (size_t i = 0; i < l->n; i++)
        for (size_t n = CITY_WORDS; n > 0; n--) {
            if (i + n > l->n || !contact_text_starts_upper(l->words[i].word->text))
                continue;
            struct str text = ocr_piece_of(look, (struct ocr_span){line, i, i + n}).text;
            struct str town = without_code(text);
            struct str fold = contact_text_fold(town, look->arena);
            struct str home = ocr_lexicon_value(OCR_LEXICON_CITY_HOMES, fold);
            if (fold.n < 4 || !home.p || contact_text_has_digit(fold))
                continue;
            char region[] = {(char)(home.p[0] & ~32), (char)(home.p[1] & ~32), '\0'};
            bool code = town.n < text.n || (i > 0 && contact_text_has_digit(l->words[i - 1].fold)) ||
                        (i + n < l->n && contact_text_has_digit(l->words[i + n].fold));
            vote(votes, region, code ? 1.2 : 0.5);
            i += n - 1;
            break;
        }
}

static bool has_plus(const struct ocr_look_line *line)
{
    for (size_t i = 0; i < line->n; i++)
        if (memchr(line->words[i].word->text.p, '+', line->words[i].word->text.n))
            return true;
    return false;
}

/* "+49 …" anywhere. */
static void vote_calls(struct votes *votes, struct str text)
{
    for (size_t at = 0;;) {
        ptrdiff_t plus = str_find(text, STR("+"), at);
        int code = 0;
        if (plus < 0)
            return;
        at = (size_t)plus + 1;
        while (at < text.n && (text.p[at] == ' ' || text.p[at] == '('))
            at++;
        for (size_t i = 0; i < 3 && at + i < text.n && text.p[at + i] >= '0' && text.p[at + i] <= '9'; i++) {
            code = code * 10 + text.p[at + i] - '0';
            const char *region = contact_phone_region(code);
            if (!region[0])
                continue;
            vote(votes, region, 2);
            break;
        }
    }
}

/* "British Columbia", "University of Columbia": the word in front makes another place of it. */
static bool part_of_name(const struct ocr_look *look, const struct ocr_look_line *line, size_t i, size_t n)
{
    size_t at = (size_t)(line - look->lines);
    if (i == 0)
        return false;
    struct str longer = ocr_piece_of(look, (struct ocr_span){at, i - 1, i + n}).text;
    struct str fold = contact_text_fold(longer, look->arena);
    return ocr_lexicon_has(OCR_LEXICON_CITIES, fold) || ocr_lexicon_has(OCR_LEXICON_REGIONS, fold);
}

/* The country that `n` words of a line from the i-th on name, "" for none. */
static const char *country_at(const struct ocr_look *look, const struct ocr_look_line *line, size_t i, size_t n)
{
    struct str text = ocr_piece_of(look, (struct ocr_span){(size_t)(line - look->lines), i, i + n}).text;
    if (text.n < 5 || (text.p[0] >= '0' && text.p[0] <= '9'))
        return "";
    const char *country = contact_country_find(text, look->arena);
    return country[0] && part_of_name(look, line, i, n) ? "" : country;
}

/* One at the end of a line is where the card is from; of several in a line ("U.S.A. / U.K. Shipping") somebody sells
 * there. */
static void vote_country(struct votes *votes, const struct ocr_look *look, const struct ocr_look_line *line)
{
    enum { MOST = 12, LONGEST = 3 };
    struct {
        const char *country;
        bool last;
    } named[MOST];
    size_t n_named = 0, others = 0;
    for (size_t i = 0; i < line->n; i++)
        for (size_t n = 1; n <= LONGEST && i + n <= line->n && n_named < MOST; n++) {
            const char *country = country_at(look, line, i, n);
            if (!country[0])
                continue;
            named[n_named].country = country;
            named[n_named++].last = i + n == line->n;
            others += strcmp(country, named[0].country) != 0;
        }
    for (size_t i = 0; i < n_named; i++)
        vote(votes, named[i].country, others ? 0.1 : named[i].last ? 2 : 0.5);
}

void ocr_fields_region(struct ocr_look *look, const char *fallback)
{
    struct votes votes = {0};
    size_t best = 0;
    for (size_t i = 0; i < look->n; i++) {
        vote_forms(&votes, look->lines[i].line->text);
        vote_state(&votes, &look->lines[i]);
        vote_postal(&votes, &look->lines[i]);
        vote_code(&votes, &look->lines[i]);
        vote_tax(&votes, &look->lines[i]);
        if (has_plus(&look->lines[i]))
            vote_calls(&votes, ocr_piece_of(look, (struct ocr_span){i, 0, look->lines[i].n}).text);
        vote_country(&votes, look, &look->lines[i]);
        vote_city(&votes, look, i);
        for (size_t k = 0; k < look->lines[i].n; k++)
            vote_word(&votes, look, &look->lines[i].words[k]);
    }
    if (fallback && strlen(fallback) == 2)
        vote(&votes, fallback, 0.25);
    for (size_t i = 1; i < votes.n; i++)
        if (votes.weight[i] > votes.weight[best])
            best = i;
    if (votes.n)
        memcpy(look->region, votes.region[best], sizeof look->region);
    look->region_votes = votes.n ? votes.weight[best] : 0;
}
