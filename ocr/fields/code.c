/* What the card's QR and Data Matrix codes say: vCard, MECARD, addresses. It overrules what was read, because nobody
 * misreads it; what was read becomes the alternative. */
#include "contact/email.h"
#include "contact/phone.h"
#include "contact/text.h"
#include "contact/vcard.h"
#include "ocr/fields/look.h"

enum { CODE_BYTES = 8192 };

static const double code_belief = 0.99;

static void overrule(const struct ocr_look *look, struct ocr_find *find, struct str value)
{
    if (str_empty(value))
        return;
    bool same =
        find->value.p && str_eq(contact_text_fold(find->value, look->arena), contact_text_fold(value, look->arena));
    if (find->value.p && !same)
        find->alternative = find->value;
    find->value = value;
    find->confidence = code_belief;
    find->code = true;
    if (!find->raw.p || !same)
        find->raw = value;
    if (!same)
        find->n = 0;
}

/* Values of the code stand first; those that were read too keep their place on the card. */
static void overrule_list(struct ocr_find_list *list, const struct json_list *said)
{
    const struct contact_value *values = said->items;
    for (size_t i = said->n; i > 0; i--) {
        struct ocr_find find = {.value = values[i - 1].value, .raw = values[i - 1].raw, .kind = values[i - 1].kind};
        for (size_t k = 0; k < list->n; k++) {
            if (!str_eq_nocase(list->items[k].value, find.value))
                continue;
            if (find.kind < 0)
                find.kind = list->items[k].kind;
            memcpy(find.spans, list->items[k].spans, sizeof find.spans);
            find.n = list->items[k].n;
            find.raw = list->items[k].raw;
            memmove(&list->items[k], &list->items[k + 1], (list->n - k - 1) * sizeof find);
            list->n--;
            break;
        }
        find.confidence = code_belief;
        find.code = true;
        if (list->n == OCR_FIND_VALUES)
            list->n--;
        memmove(&list->items[1], &list->items[0], list->n * sizeof find);
        list->items[0] = find;
        list->n++;
    }
}

/* A number that fits no plan and is one digit off what the code says is that, misread. */
static void drop_misread(struct ocr_find_list *phones, const struct json_list *said)
{
    enum { VALID = 60 }; /* percent of belief from which a number is in a plan */
    const struct contact_value *values = said->items;
    size_t kept = 0;
    for (size_t i = 0; i < phones->n; i++) {
        bool misread = false;
        for (size_t k = 0; k < said->n && 100 * phones->items[i].belief < VALID; k++)
            misread = misread || ocr_distance(phones->items[i].value, values[k].value, 1) == 1;
        if (!misread)
            phones->items[kept++] = phones->items[i];
    }
    phones->n = kept;
}

static void overrule_place(struct ocr_look *look, const struct contact_address *said)
{
    struct ocr_place *place = &look->places[0];
    if (!look->places_n) {
        *place = (struct ocr_place){0};
        look->places_n = 1;
    }
    overrule(look, &place->street, said->street);
    overrule(look, &place->postal_code, said->postal_code);
    overrule(look, &place->city, said->city);
    overrule(look, &place->region, said->region);
    overrule(look, &place->country, said->country);
}

static void apply(struct ocr_look *look, const struct contact *said)
{
    bool person = said->given_name.p || said->family_name.p;
    if (person) { /* a name is one thing: no half of what was read stays */
        overrule(look, &look->given_name, said->given_name);
        overrule(look, &look->family_name, said->family_name);
        if (!said->given_name.p)
            look->given_name = (struct ocr_find){0};
    }
    overrule(look, &look->name_prefix, said->name_prefix);
    overrule(look, &look->name_suffix, said->name_suffix);
    overrule(look, &look->job_title, said->job_title);
    overrule(look, &look->department, said->department);
    overrule(look, &look->organization, said->organization);
    overrule_list(&look->emails, &said->emails);
    drop_misread(&look->phones, &said->phones);
    overrule_list(&look->phones, &said->phones);
    overrule_list(&look->urls, &said->urls);
    if (said->addresses.n)
        overrule_place(look, said->addresses.items);
}

/* MECARD (NTT DOCOMO) is a vCard in one line: rewritten as one and read by the same reader. */
static struct str mecard(struct str payload, struct arena *arena)
{
    static const struct {
        const char *from, *to;
    } names[] = {{"TEL", "TEL"}, {"EMAIL", "EMAIL"}, {"URL", "URL"}, {"ORG", "ORG"}, {"TITLE", "TITLE"}};
    struct strbuf buf = {.arena = arena};
    struct str rest = str_slice(payload, strlen("MECARD:"), payload.n), field;
    strbuf_add_c(&buf, "BEGIN:VCARD\nVERSION:3.0\n");
    while (str_split(&rest, ';', &field)) {
        const char *colon = field.n ? memchr(field.p, ':', field.n) : NULL;
        if (!colon || memchr(field.p, '\n', field.n))
            continue;
        struct str key = str_slice(field, 0, (size_t)(colon - field.p));
        struct str value = str_slice(field, key.n + 1, field.n);
        if (str_eq(key, STR("N"))) { /* "Family,Given" or "Given Family" */
            const char *comma = value.n ? memchr(value.p, ',', value.n) : NULL;
            size_t cut = comma ? (size_t)(comma - value.p) : 0;
            if (comma)
                strbuf_printf(&buf, "N:%.*s;%.*s\n", (int)cut, value.p, STR_ARG(str_slice(value, cut + 1, value.n)));
            else
                strbuf_printf(&buf, "FN:%.*s\n", STR_ARG(value));
        }
        if (str_eq(key, STR("ADR")))
            strbuf_printf(&buf, "ADR:;;%.*s\n", STR_ARG(value));
        for (size_t i = 0; i < ARRAY_LEN(names); i++)
            if (str_eq(key, str_c(names[i].from)))
                strbuf_printf(&buf, "%s:%.*s\n", names[i].to, STR_ARG(value));
    }
    strbuf_add_c(&buf, "END:VCARD\n");
    return strbuf_str(&buf);
}

/* Addresses of services that only lead on to somewhere say nothing about the person. */
static bool redirector(struct str url, struct arena *arena)
{
    static const char *const sites[] = {"qrco.de",    "me-qr.com",      "bit.ly",      "qr.de",         "l.ead.me",
                                        "scan.page",  "qrfy.com",       "tinyurl.com", "hovercode.com", "qr1.be",
                                        "goo.gl",     "linktr.ee",      "wa.me",       "t.me",          "weixin.qq.com",
                                        "google.com", "vcard.link",     "q-r.to",      "flowcode.com",  "hihello.com",
                                        "popl.co",    "qrcodechimp.com"};
    struct str host = str_slice(url, (size_t)str_find(url, STR("://"), 0) + 3, url.n), rest = host;
    str_split(&rest, '/', &host);
    struct str site = contact_domain_site(host, arena);
    for (size_t i = 0; i < ARRAY_LEN(sites); i++)
        if (str_eq(site, str_c(sites[i])) || str_ends(host, str_c(sites[i])))
            return true;
    return str_empty(site);
}

/* A code's address is worth a field when the card prints none and it is of the mail's own site. */
static bool worth_keeping(const struct ocr_look *look, struct str url)
{
    struct str host = str_slice(url, (size_t)str_find(url, STR("://"), 0) + 3, url.n), rest = host;
    str_split(&rest, '/', &host);
    struct str site = contact_domain_site(host, look->arena);
    for (size_t i = 0; i < look->emails.n && look->urls.n == 0; i++)
        if (!str_empty(site) && str_ends(look->emails.items[i].value, site))
            return true;
    bool profile = str_eq(site, STR("linkedin.com")) || str_eq(site, STR("xing.com"));
    return look->urls.n == 0 && look->emails.n == 0 && !profile && !redirector(url, look->arena);
}

static void read_plain(struct ocr_look *look, struct str text)
{
    struct contact_email email;
    struct contact_phone phone;
    struct ocr_find find = {.kind = -1, .confidence = code_belief, .code = true, .raw = text};
    bool web =
        str_eq_nocase(str_slice(text, 0, 7), STR("http://")) || str_eq_nocase(str_slice(text, 0, 8), STR("https://"));
    if (web && text.n <= 500 && str_find(text, STR(" "), 0) < 0) {
        find.value = text;
        ocr_find_add(worth_keeping(look, text) ? &look->urls : &look->spare, &find);
    } else if (str_eq_nocase(str_slice(text, 0, 7), STR("mailto:")) &&
               contact_email_parse(str_slice(text, 7, text.n), look->arena, &email)) {
        find.value = email.address;
        ocr_find_add(&look->emails, &find);
    } else if (str_eq_nocase(str_slice(text, 0, 4), STR("tel:")) &&
               contact_phone_parse(str_slice(text, 4, text.n), look->region, look->arena, &phone) && phone.valid) {
        find.value = phone.e164;
        ocr_find_add(&look->phones, &find);
    }
}

void ocr_fields_code(struct ocr_look *look)
{
    const struct str *codes = look->page->codes.items;
    for (size_t i = 0; i < look->page->codes.n; i++) {
        struct contact contact;
        struct err err = {0};
        struct str text = str_trim(codes[i]);
        if (str_empty(text) || text.n > CODE_BYTES || !utf8_valid(text))
            continue;
        if (str_eq_nocase(str_slice(text, 0, 7), STR("MECARD:")))
            text = mecard(text, look->arena);
        if (!str_eq_nocase(str_slice(text, 0, 11), STR("BEGIN:VCARD")))
            read_plain(look, text);
        else if (contact_vcard_read(text, look->region, look->arena, &contact, NULL, &err) == 0)
            apply(look, &contact);
    }
}
