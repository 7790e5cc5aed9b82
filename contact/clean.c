/* What every door does to a contact that a stranger sent: repair what has one meaning, refuse what has none. Also copy,
 * comparison and the name that people see. */
#include "contact/contact.h"

#include "base/limits.h"
#include "contact/country.h"
#include "contact/email.h"
#include "contact/phone.h"
#include "contact/text.h"

enum { TEXT_BYTES = 400, URL_BYTES = 500 };

static struct str *text_at(const struct contact *contact, const struct contact_field *field)
{
    return (struct str *)((char *)(uintptr_t)contact + field->offset);
}

static struct json_list *list_at(const struct contact *contact, const struct contact_field *field)
{
    return (struct json_list *)((char *)(uintptr_t)contact + field->offset);
}

/* NFC, one blank between words, no control bytes; absent instead of empty. */
static int clean_text(struct str *text, size_t max, const char *pointer, struct arena *arena, struct err *err)
{
    if (!text->p)
        return 0;
    if (!utf8_valid(*text))
        return err_field(err, ERR_INVALID, pointer, "%s is not valid UTF-8", pointer);
    struct str s = contact_text_squeeze(contact_text_nfc(*text, arena), arena);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return err_field(err, ERR_INVALID, pointer, "%s has a control character", pointer);
    if (s.n > max)
        return err_field(err, ERR_INVALID, pointer, "%s is longer than %zu bytes", pointer, max);
    *text = s.n ? s : STR_NONE;
    return 0;
}

static int clean_email(struct contact_value *value, const char *pointer, struct arena *arena, struct err *err)
{
    struct contact_email email;
    if (!contact_email_parse(value->value, arena, &email))
        return err_field(err, ERR_INVALID, pointer, "%s is not an e-mail address", pointer);
    value->value = email.address;
    return 0;
}

static int clean_phone(struct contact_value *value, const char *region, const char *pointer, struct arena *arena,
                       struct err *err)
{
    struct contact_phone phone;
    if (!contact_phone_parse(value->value, region, arena, &phone))
        return err_field(err, ERR_INVALID, pointer, "%s is not a telephone number", pointer);
    if (!value->raw.p && !str_eq(value->value, phone.e164))
        value->raw = value->value;
    value->value = phone.e164;
    return 0;
}

static int clean_url(struct contact_value *value, const char *pointer, struct arena *arena, struct err *err)
{
    bool scheme = str_find(value->value, STR("://"), 0) > 0;
    struct str rest = value->value;
    if (scheme && !str_starts(rest, STR("https://")) && !str_starts(rest, STR("http://")))
        return err_field(err, ERR_INVALID, pointer, "%s is not a web address", pointer);
    if (scheme)
        rest = str_slice(rest, (size_t)str_find(rest, STR("://"), 0) + 3, rest.n);
    size_t end = 0;
    while (end < rest.n && !strchr("/?#:", rest.p[end]))
        end++;
    if (!contact_domain_valid(str_slice(rest, 0, end)) || str_find(value->value, STR(" "), 0) >= 0)
        return err_field(err, ERR_INVALID, pointer, "%s is not a web address", pointer);
    if (!scheme)
        value->value = str_printf(arena, "https://%.*s", STR_ARG(value->value));
    value->kind = -1;
    return 0;
}

/* One value of a list; it is absent afterwards when nothing is left of it. */
static int clean_value(const struct contact_field *field, struct contact_value *value, const char *region,
                       struct arena *arena, struct err *err)
{
    const char *name = field->name;
    char pointer[64];
    (void)snprintf(pointer, sizeof pointer, "/%s", name);
    if (clean_text(&value->value, URL_BYTES, pointer, arena, err) ||
        clean_text(&value->raw, TEXT_BYTES, pointer, arena, err))
        return -1;
    if (value->kind < CONTACT_WORK || value->kind > CONTACT_OTHER)
        value->kind = -1;
    if (!value->value.p)
        return 0;
    if (strcmp(name, "emails") == 0)
        return clean_email(value, pointer, arena, err);
    if (strcmp(name, "phones") == 0)
        return clean_phone(value, region, pointer, arena, err);
    return clean_url(value, pointer, arena, err);
}

/* Cleans each value and closes the gaps of empty and repeated ones. */
static int clean_values(const struct contact_field *field, struct json_list *list, const char *region,
                        struct arena *arena, struct err *err)
{
    struct contact_value *in = list->items;
    struct contact_value *out = arena_array(arena, list->n, sizeof *out);
    size_t n = 0;
    if (list->n > LIMIT_VALUES)
        return err_field(err, ERR_INVALID, field->name, "%s has more than %d values", field->name, LIMIT_VALUES);
    for (size_t i = 0; i < list->n; i++) {
        struct contact_value value = in[i];
        if (clean_value(field, &value, region, arena, err)) {
            (void)snprintf(err->pointer, sizeof err->pointer, "/%s/%zu/value", field->name, i);
            return -1;
        }
        bool seen = false;
        for (size_t k = 0; k < n; k++)
            seen = seen || str_eq(out[k].value, value.value);
        if (value.value.p && !seen)
            out[n++] = value;
    }
    *list = (struct json_list){n ? out : NULL, n};
    return 0;
}

static int clean_address(struct contact_address *address, struct arena *arena, struct err *err)
{
    static const char *const pointers[] = {"/addresses/street", "/addresses/postal_code", "/addresses/city",
                                           "/addresses/region", "/addresses/country"};
    struct str *parts[] = {&address->street, &address->postal_code, &address->city, &address->region,
                           &address->country};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (clean_text(parts[i], i == 1 ? 32 : TEXT_BYTES, pointers[i], arena, err))
            return -1;
    if (!address->country.p)
        return 0;
    struct str code = contact_text_upper(address->country, arena);
    if (!contact_country_known(code))
        code = str_c(contact_country_find(address->country, arena));
    if (str_empty(code))
        return err_field(err, ERR_INVALID, pointers[4], "%s is not a country of ISO 3166-1", pointers[4]);
    address->country = code;
    return 0;
}

static bool address_empty(const struct contact_address *a)
{
    return !a->street.p && !a->postal_code.p && !a->city.p && !a->region.p && !a->country.p;
}

static int clean_addresses(struct json_list *list, struct arena *arena, struct err *err)
{
    struct contact_address *in = list->items;
    struct contact_address *out = arena_array(arena, list->n, sizeof *out);
    size_t n = 0;
    if (list->n > LIMIT_VALUES)
        return err_field(err, ERR_INVALID, "/addresses", "addresses has more than %d values", LIMIT_VALUES);
    for (size_t i = 0; i < list->n; i++) {
        struct contact_address address = in[i];
        if (clean_address(&address, arena, err)) {
            (void)snprintf(err->pointer, sizeof err->pointer, "/addresses/%zu", i);
            return -1;
        }
        if (!address_empty(&address))
            out[n++] = address;
    }
    *list = (struct json_list){n ? out : NULL, n};
    return 0;
}

int contact_clean(struct contact *contact, const char *region, struct arena *arena, struct err *err)
{
    struct contact copy = *contact;
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        char pointer[64];
        int rc = 0;
        (void)snprintf(pointer, sizeof pointer, "/%s", field->name);
        if (field->kind == CONTACT_FIELD_TEXT)
            rc = clean_text(text_at(&copy, field), TEXT_BYTES, pointer, arena, err);
        else if (field->kind == CONTACT_FIELD_VALUES)
            rc = clean_values(field, list_at(&copy, field), region, arena, err);
        else
            rc = clean_addresses(list_at(&copy, field), arena, err);
        if (rc)
            return -1;
    }
    *contact = copy;
    return 0;
}

struct str contact_display_name(const struct contact *contact, struct arena *arena)
{
    struct str parts[] = {contact->name_prefix, contact->given_name, contact->family_name};
    struct strbuf buf = {.arena = arena};
    if (str_empty(contact->given_name) && str_empty(contact->family_name)) {
        if (!str_empty(contact->organization))
            return contact->organization;
        return contact->emails.n ? ((struct contact_value *)contact->emails.items)[0].value : STR_NONE;
    }
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (str_empty(parts[i]))
            continue;
        if (buf.n)
            strbuf_add_char(&buf, ' ');
        strbuf_add(&buf, parts[i]);
    }
    if (!str_empty(contact->name_suffix)) {
        strbuf_add_c(&buf, ", ");
        strbuf_add(&buf, contact->name_suffix);
    }
    return strbuf_str(&buf);
}

static struct json_list copy_values(struct json_list list, struct arena *arena)
{
    struct contact_value *out = arena_array(arena, list.n, sizeof *out);
    const struct contact_value *in = list.items;
    for (size_t i = 0; i < list.n; i++)
        out[i] = (struct contact_value){str_dup(arena, in[i].value), str_dup(arena, in[i].raw), in[i].kind};
    return (struct json_list){list.n ? out : NULL, list.n};
}

static struct json_list copy_addresses(struct json_list list, struct arena *arena)
{
    struct contact_address *out = arena_array(arena, list.n, sizeof *out);
    const struct contact_address *in = list.items;
    for (size_t i = 0; i < list.n; i++)
        out[i] = (struct contact_address){
            .street = str_dup(arena, in[i].street),
            .postal_code = str_dup(arena, in[i].postal_code),
            .city = str_dup(arena, in[i].city),
            .region = str_dup(arena, in[i].region),
            .country = str_dup(arena, in[i].country),
        };
    return (struct json_list){list.n ? out : NULL, list.n};
}

struct contact contact_copy(const struct contact *contact, struct arena *arena)
{
    struct contact copy = *contact;
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        if (field->kind == CONTACT_FIELD_TEXT)
            *text_at(&copy, field) = str_dup(arena, *text_at(contact, field));
        else if (field->kind == CONTACT_FIELD_VALUES)
            *list_at(&copy, field) = copy_values(*list_at(contact, field), arena);
        else
            *list_at(&copy, field) = copy_addresses(*list_at(contact, field), arena);
    }
    return copy;
}

/* `kinds`: web addresses have none. */
static bool same_values(const struct json_list *a, const struct json_list *b, bool kinds)
{
    const struct contact_value *x = a->items, *y = b->items;
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = str_eq(x[i].value, y[i].value) && (!kinds || x[i].kind == y[i].kind);
    return same;
}

static bool same_addresses(const struct json_list *a, const struct json_list *b)
{
    const struct contact_address *x = a->items, *y = b->items;
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = str_eq(x[i].street, y[i].street) && str_eq(x[i].postal_code, y[i].postal_code) &&
               str_eq(x[i].city, y[i].city) && str_eq(x[i].region, y[i].region) && str_eq(x[i].country, y[i].country);
    return same;
}

bool contact_same(const struct contact *a, const struct contact *b)
{
    bool same = true;
    for (size_t i = 0; same && i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        if (field->kind == CONTACT_FIELD_TEXT)
            same = str_eq(*text_at(a, field), *text_at(b, field));
        else if (field->kind == CONTACT_FIELD_VALUES)
            same = same_values(list_at(a, field), list_at(b, field), strcmp(field->name, "urls") != 0);
        else
            same = same_addresses(list_at(a, field), list_at(b, field));
    }
    return same;
}
