/* Values beside those of the recognisers, numbers above all: on cards a number of no plan is misread, in a mail it is
 * what it is. See complete.h. */
#include "base/limits.h"
#include "contact/phone.h"
#include "contact/text.h"
#include "ocr/mail/complete.h"

enum { NUMBER = 40 };

static const double guess = 0.55;

void ocr_mail_claim(struct ocr_mail_completer *c, struct str field, struct str value, struct str raw, double confidence)
{
    if (c->n < OCR_MAIL_CLAIMS)
        c->claims[c->n++] =
            (struct contact_claim){.field = field, .value = value, .raw = raw, .confidence = confidence};
}

void ocr_mail_add_value(struct ocr_mail_completer *c, struct json_list *list, const char *field,
                        struct contact_value value, double confidence)
{
    if (list->n >= LIMIT_VALUES)
        return;
    struct contact_value *items = arena_array(c->arena, list->n + 1, sizeof *items);
    if (list->n)
        memcpy(items, list->items, list->n * sizeof *items);
    items[list->n] = value;
    ocr_mail_claim(c, str_printf(c->arena, "%s/%zu", field, list->n), value.value,
                   value.raw.p ? value.raw : value.value, confidence);
    *list = (struct json_list){items, list->n + 1};
}

/* Significant digits of a number. */
static struct str digits_of(struct str s, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            strbuf_add_char(&buf, s.p[i]);
    return buf.n ? strbuf_str(&buf) : STR("");
}

static bool known_number(const struct ocr_mail_completer *c, struct str digits)
{
    const struct contact_value *known = c->contact->phones.items;
    size_t tail = digits.n < 6 ? digits.n : 6;
    struct str end = str_slice(digits, digits.n - tail, digits.n);
    for (size_t i = 0; i < c->contact->phones.n; i++)
        if (str_find(digits_of(known[i].raw.p ? known[i].raw : known[i].value, c->arena), end, 0) >= 0 ||
            str_ends(known[i].value, end))
            return true;
    return false;
}

/* E.164 of a number that no plan knows: as written with a plus, else behind the region's code. Absent when too short.
 */
static struct str nominal(const struct ocr_mail_completer *c, struct str raw, struct str digits)
{
    bool plus = memchr(raw.p, '+', raw.n) != NULL;
    ptrdiff_t trunk = str_find(raw, STR("(0)"), 0);
    struct str rest = digits;
    if (!plus && str_starts(rest, STR("00"))) {
        plus = true;
        rest = str_slice(rest, 2, rest.n);
    }
    if (plus && trunk > 0) {
        size_t before = digits_of(str_slice(raw, 0, (size_t)trunk), c->arena).n;
        rest = str_printf(c->arena, "%.*s%.*s", STR_ARG(str_slice(digits, 0, before)),
                          STR_ARG(str_slice(digits, before + 1, digits.n)));
    }
    while (!plus && rest.n && rest.p[0] == '0')
        rest = str_slice(rest, 1, rest.n);
    int code = c->region ? contact_phone_country_code(c->region) : 0;
    if (rest.n < 6 || rest.n > 15 || (!plus && code == 0))
        return STR_NONE;
    return plus ? str_printf(c->arena, "+%.*s", STR_ARG(rest)) : str_printf(c->arena, "+%d%.*s", code, STR_ARG(rest));
}

static bool listed(struct str word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_c(words[i])))
            return true;
    return false;
}

static enum contact_kind number_kind(struct str word)
{
    static const char *const faxes[] = {"fax", "telefax", "telecopie", "telec", "facsimile", "f", "efax"};
    static const char *const mobiles[] = {"mobil",    "mobile", "handy", "cell",  "cellular", "wireless", "m",
                                          "portable", "port",   "gsm",   "movil", "mob",      "kom",      "cellulare"};
    return listed(word, faxes, ARRAY_LEN(faxes))       ? CONTACT_FAX
           : listed(word, mobiles, ARRAY_LEN(mobiles)) ? CONTACT_MOBILE
                                                       : CONTACT_WORK;
}

static bool number_label(struct str word)
{
    static const char *const words[] = {
        "tel",       "telefon", "telephone", "phone",    "ph",        "fon",   "fax",    "telefax",   "mobil",
        "mobile",    "handy",   "cell",      "cellular", "t",         "f",     "m",      "telefono",  "gsm",
        "movil",     "kom",     "direct",    "direkt",   "portable",  "port",  "office", "durchwahl", "vox",
        "cellulare", "voice",   "wireless",  "main",     "facsimile", "telec", "mob",    "ruf",       "telecopie"};
    return listed(word, words, ARRAY_LEN(words));
}

/* "(555) 346-9947", "555.346.9947": as numbers are written between Miami and Vancouver. */
static bool american(struct str raw, struct str digits)
{
    size_t at[3] = {0}, groups = 0;
    for (size_t i = 0; i < raw.n; i++) {
        bool digit = raw.p[i] >= '0' && raw.p[i] <= '9', before = i > 0 && raw.p[i - 1] >= '0' && raw.p[i - 1] <= '9';
        if (digit && !before && groups++ == 3)
            return false;
        if (digit)
            at[groups - 1]++;
    }
    return groups == 3 && at[0] == 3 && at[1] == 3 && at[2] == 4 && digits.p[0] >= '2' && digits.p[3] >= '2';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The word that ends at `end`, a colon, dot or bracket between left out. */
static struct str word_before(struct str text, size_t end, bool *ret_colon)
{
    *ret_colon = false;
    while (end > 0 && strchr(" :.\t(", text.p[end - 1]))
        *ret_colon |= text.p[--end] == ':';
    size_t from = end;
    while (from > 0 && end - from < 24 && !strchr(" \t|,;/:+0123456789", text.p[from - 1]))
        from--;
    return str_slice(text, from, end);
}

/* The word that begins behind `at`: "… (Office)", "… ph." */
static struct str word_behind(struct str text, size_t at)
{
    while (at < text.n && strchr(" (\t", text.p[at]))
        at++;
    size_t to = at;
    while (to < text.n && to - at < 24 && !strchr(" \t|,;/:.)0123456789", text.p[to]))
        to++;
    return str_slice(text, at, to);
}

/* Where the run of a number's signs that begins at `at` ends: at two blanks, at a sign that is none of them. */
static size_t run_end(struct str text, size_t at)
{
    size_t to = at;
    while (to < text.n && to - at < NUMBER && strchr("+0123456789()/-. \t", text.p[to]) &&
           !(to > at && text.p[to] == '+') && !(text.p[to] == ' ' && to + 1 < text.n && text.p[to + 1] == ' '))
        to++;
    while (to > at && !digit(text.p[to - 1]))
        to--;
    return to;
}

static void add_number(struct ocr_mail_completer *c, struct str text, size_t from, size_t to)
{
    bool colon;
    struct str raw = str_slice(text, from, to), digits = digits_of(raw, c->arena);
    struct str label = contact_text_fold(word_before(text, from, &colon), c->arena);
    bool labelled = number_label(label) && (colon || label.n > 1);
    if (!labelled) {
        struct str behind = contact_text_fold(word_behind(text, to), c->arena);
        label = behind.n > 1 && number_label(behind) ? behind : STR("");
    }
    bool abroad = raw.p[0] == '+' && digits.n >= 9, form = digits.n == 10 && american(raw, digits);
    if (digits.n < 6 || digits.n > 16 || !(labelled || label.n || abroad || form) || known_number(c, digits))
        return;
    struct str value = form && !labelled ? str_printf(c->arena, "+1%.*s", STR_ARG(digits)) : nominal(c, raw, digits);
    if (value.p)
        ocr_mail_add_value(c, &c->contact->phones, "phones",
                           (struct contact_value){.value = value, .raw = raw, .kind = number_kind(label)}, guess);
}

void ocr_mail_add_numbers(struct ocr_mail_completer *c, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        bool starts = digit(text.p[i]) || ((text.p[i] == '+' || text.p[i] == '(') && i + 1 < text.n &&
                                           (digit(text.p[i + 1]) || text.p[i + 1] == '+'));
        if (!starts)
            continue;
        bool inside = i > 0 && (unsigned char)text.p[i - 1] > ' ' && !strchr(":.(|,;", text.p[i - 1]);
        size_t end = run_end(text, i);
        bool goes_on = end < text.n && ((text.p[end] | 32) >= 'a' && (text.p[end] | 32) <= 'z');
        if (!inside && !goes_on && end > i)
            add_number(c, text, i, end);
        i = end > i ? end : i;
    }
}
