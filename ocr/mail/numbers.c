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

static enum contact_kind number_kind(struct str label)
{
    static const char *const faxes[] = {"fax", "telefax", "telecopie", "f", "efax"};
    static const char *const mobiles[] = {"mobil", "mobile",   "handy", "cell",      "cellular",
                                          "m",     "portable", "movil", "cellulare", "kom"};
    struct str rest = label, word, last = STR("");
    while (str_split(&rest, ' ', &word))
        last = word;
    for (size_t i = 0; i < ARRAY_LEN(faxes); i++)
        if (str_eq(last, str_c(faxes[i])))
            return CONTACT_FAX;
    for (size_t i = 0; i < ARRAY_LEN(mobiles); i++)
        if (str_eq(last, str_c(mobiles[i])))
            return CONTACT_MOBILE;
    return CONTACT_WORK;
}

static bool number_label(struct str fold)
{
    static const char *const words[] = {"tel",       "telefon", "telephone", "phone",    "ph",       "fon",
                                        "fax",       "telefax", "mobil",     "mobile",   "handy",    "cell",
                                        "t",         "f",       "m",         "telefono", "gsm",      "movil",
                                        "cellulare", "kom",     "direct",    "direkt",   "portable", "durchwahl"};
    struct str rest = fold, word, last = STR("");
    while (str_split(&rest, ' ', &word))
        last = word;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq(last, str_c(words[i])))
            return true;
    return false;
}

void ocr_mail_add_numbers(struct ocr_mail_completer *c, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != ':')
            continue;
        size_t from = i, to = i + 1;
        while (from > 0 && i - from < 24 && !strchr("|,;0123456789", text.p[from - 1]))
            from--;
        while (to < text.n && to - i < NUMBER && strchr("+0123456789()/-. \t", text.p[to]))
            to++;
        struct str label = contact_text_fold(str_slice(text, from, i), c->arena);
        struct str raw = str_trim(str_slice(text, i + 1, to)), digits = digits_of(raw, c->arena);
        if (digits.n < 6 || !number_label(label) || known_number(c, digits))
            continue;
        struct str value = nominal(c, raw, digits);
        if (value.p)
            ocr_mail_add_value(c, &c->contact->phones, "phones",
                               (struct contact_value){.value = value, .raw = raw, .kind = number_kind(label)}, guess);
    }
}
