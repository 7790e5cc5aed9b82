/* Reads vCard 2.1, 3.0, 4.0 into a contact. Untrusted text: every length has a ceiling, what has no place in a contact
 * is kept as its raw line. */
#include "contact/vcard.h"

#include "base/limits.h"
#include "contact/country.h"
#include "contact/email.h"
#include "contact/phone.h"
#include "contact/text.h"

struct property {
    struct str line;   /* whole, unfolded */
    struct str name;   /* without group */
    struct str params; /* ";TYPE=…" or empty */
    struct str value;  /* decoded from quoted-printable, still with text escapes */
};

struct reader {
    struct arena *arena;
    const char *region;
    struct contact *contact;
    struct contact_value *values[3]; /* emails, phones, urls */
    struct contact_address *addresses;
    size_t counts[4];
    struct str *rest;
    size_t rest_n;
    struct str uid, shown;
};

enum { EMAILS, PHONES, URLS, ADDRESSES };

/* Next physical line without its CRLF or LF; false at the end. */
static bool next_line(struct str *rest, struct str *ret_line)
{
    if (!str_split(rest, '\n', ret_line))
        return false;
    if (ret_line->n && ret_line->p[ret_line->n - 1] == '\r')
        ret_line->n--;
    return true;
}

static bool quoted_printable(struct str line)
{
    const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
    struct str head = str_slice(line, 0, colon ? (size_t)(colon - line.p) : 0);
    return head.n && memmem(head.p, head.n, "QUOTED-PRINTABLE", 16) != NULL;
}

/* One logical line: continuation lines begin with a blank; 2.1's soft breaks end with "=". */
static bool next_property_line(struct str *rest, struct arena *arena, struct str *ret_line)
{
    struct str line, more;
    if (!next_line(rest, &line))
        return false;
    struct strbuf buf = {.arena = arena};
    strbuf_add(&buf, line);
    while (rest->n && (rest->p[0] == ' ' || rest->p[0] == '\t') && next_line(rest, &more))
        strbuf_add(&buf, str_slice(more, 1, more.n));
    if (quoted_printable(strbuf_str(&buf)))
        while (buf.n && buf.p[buf.n - 1] == '=' && next_line(rest, &more)) {
            buf.n--;
            strbuf_add(&buf, more);
        }
    *ret_line = strbuf_str(&buf);
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c & ~32);
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct str decode_quoted(struct str s, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < s.n; i++) {
        int high = i + 2 < s.n && s.p[i] == '=' ? hex_digit(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
        if (low >= 0) {
            strbuf_add_char(&buf, (char)(high * 16 + low));
            i += 2;
        } else {
            strbuf_add_char(&buf, s.p[i]);
        }
    }
    struct str out = strbuf_str(&buf);
    if (utf8_valid(out))
        return out;
    struct strbuf latin = {.arena = arena}; /* 2.1 without a CHARSET is ISO 8859-1 in practice */
    for (size_t i = 0; i < out.n; i++)
        utf8_put(&latin, out.p[i] ? (unsigned char)out.p[i] : ' ');
    return strbuf_str(&latin);
}

/* End of the name and parameters: the first colon outside double quotes. */
static size_t find_colon(struct str line)
{
    bool quoted = false;
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '"')
            quoted = !quoted;
        if (line.p[i] == ':' && !quoted)
            return i;
    }
    return line.n;
}

static bool split_property(struct str line, struct arena *arena, struct property *ret_property)
{
    size_t colon = find_colon(line), end = 0;
    if (colon == line.n)
        return false;
    struct str head = str_slice(line, 0, colon);
    while (end < head.n && head.p[end] != ';')
        end++;
    struct str name = str_slice(head, 0, end);
    const char *dot = name.n ? memrchr(name.p, '.', name.n) : NULL;
    if (dot)
        name = str_slice(name, (size_t)(dot - name.p) + 1, name.n);
    struct str value = str_slice(line, colon + 1, line.n);
    *ret_property = (struct property){
        .line = line,
        .name = str_trim(name),
        .params = contact_text_upper(str_slice(head, end, head.n), arena),
        .value = quoted_printable(line) ? decode_quoted(value, arena) : value,
    };
    return !str_empty(ret_property->name);
}

/* Cuts the next component at an unescaped `separator` and takes its escapes away; absent when nothing is left of it. */
static bool next_part(struct str *rest, char separator, struct arena *arena, struct str *ret_part)
{
    struct strbuf buf = {.arena = arena};
    size_t i = 0;
    if (!rest->p)
        return false;
    for (; i < rest->n && rest->p[i] != separator; i++) {
        char c = rest->p[i];
        if (c == '\\' && i + 1 < rest->n) {
            c = rest->p[++i];
            c = c == 'n' || c == 'N' ? '\n' : c;
        }
        strbuf_add_char(&buf, c);
    }
    struct str part = contact_text_squeeze(contact_text_nfc(strbuf_str(&buf), arena), arena);
    *ret_part = str_empty(part) || part.n > LIMIT_TEXT_BYTES ? STR_NONE : part;
    *rest = i < rest->n ? str_slice(*rest, i + 1, rest->n) : STR_NONE;
    return true;
}

static void read_parts(struct str value, struct arena *arena, struct str *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!next_part(&value, ';', arena, &parts[i]))
            parts[i] = STR_NONE;
}

static struct str read_text(struct str value, struct arena *arena)
{
    struct str text = STR_NONE;
    (void)next_part(&value, '\0', arena, &text);
    return text;
}

static bool has_type(struct str params, const char *word)
{
    return str_find(params, str_c(word), 0) >= 0;
}

static int kind_of(struct str params)
{
    if (has_type(params, "FAX"))
        return CONTACT_FAX;
    if (has_type(params, "CELL"))
        return CONTACT_MOBILE;
    if (has_type(params, "WORK"))
        return CONTACT_WORK;
    return has_type(params, "HOME") ? CONTACT_HOME : -1;
}

static bool add_value(struct reader *r, int list, struct contact_value value)
{
    if (!value.value.p || r->counts[list] == LIMIT_VALUES)
        return false;
    r->values[list][r->counts[list]++] = value;
    return true;
}

static bool read_phone(struct reader *r, const struct property *p)
{
    struct contact_phone phone;
    struct str text = read_text(p->value, r->arena);
    if (str_starts(text, STR("tel:")))
        text = str_slice(text, 4, text.n);
    if (str_empty(text))
        return false;
    struct contact_value value = {text, STR_NONE, kind_of(p->params)};
    if (contact_phone_parse(text, r->region, r->arena, &phone)) {
        value.value = phone.e164;
        value.raw = str_eq(text, phone.e164) ? STR_NONE : text;
    }
    return add_value(r, PHONES, value);
}

static bool read_email(struct reader *r, const struct property *p)
{
    struct contact_email email;
    struct str text = read_text(p->value, r->arena);
    if (str_empty(text) || !contact_email_parse(text, r->arena, &email))
        return false;
    return add_value(r, EMAILS, (struct contact_value){email.address, STR_NONE, kind_of(p->params)});
}

static bool read_address(struct reader *r, const struct property *p)
{
    struct str parts[7];
    read_parts(p->value, r->arena, parts, ARRAY_LEN(parts));
    struct str street = parts[2];
    for (size_t i = 0; i < 2; i++) /* post box and extended address have no field of their own */
        if (parts[i].p)
            street = street.p ? str_printf(r->arena, "%.*s, %.*s", STR_ARG(street), STR_ARG(parts[i])) : parts[i];
    struct str country = parts[6].p ? str_c(contact_country_find(parts[6], r->arena)) : STR_NONE;
    if (str_empty(country) && parts[6].p && contact_country_known(contact_text_upper(parts[6], r->arena)))
        country = contact_text_upper(parts[6], r->arena);
    struct contact_address address = {street, parts[5], parts[3], parts[4], str_empty(country) ? STR_NONE : country};
    bool any = street.p || parts[3].p || parts[4].p || parts[5].p || address.country.p;
    if (!any || r->counts[ADDRESSES] == LIMIT_VALUES)
        return false;
    r->addresses[r->counts[ADDRESSES]++] = address;
    return true;
}

static bool read_name(struct reader *r, const struct property *p)
{
    struct str parts[5];
    read_parts(p->value, r->arena, parts, ARRAY_LEN(parts));
    struct contact *c = r->contact;
    c->family_name = parts[0];
    c->given_name = parts[1];
    if (parts[1].p && parts[2].p)
        c->given_name = str_printf(r->arena, "%.*s %.*s", STR_ARG(parts[1]), STR_ARG(parts[2]));
    c->name_prefix = parts[3];
    c->name_suffix = parts[4];
    return true;
}

static bool read_org(struct reader *r, const struct property *p)
{
    struct str parts[2];
    read_parts(p->value, r->arena, parts, ARRAY_LEN(parts));
    r->contact->organization = parts[0];
    r->contact->department = parts[1];
    return true;
}

static bool read_single(struct reader *r, const struct property *p)
{
    struct str text = read_text(p->value, r->arena);
    if (str_eq_nocase(p->name, STR("FN")))
        r->shown = text;
    else if (str_eq_nocase(p->name, STR("UID")))
        r->uid = text;
    else if (!r->contact->job_title.p)
        r->contact->job_title = text;
    else
        return false;
    return true;
}

static bool read_url(struct reader *r, const struct property *p)
{
    struct str text = str_trim(p->value);
    if (str_empty(text) || text.n > 500)
        return false;
    if (str_find(text, STR("://"), 0) < 0)
        text = str_printf(r->arena, "https://%.*s", STR_ARG(text));
    return add_value(r, URLS, (struct contact_value){text, STR_NONE, -1});
}

static bool read_nothing(struct reader *r, const struct property *p)
{
    (void)r;
    (void)p;
    return true;
}

static const struct {
    const char *name;
    bool (*read)(struct reader *, const struct property *); /* false: the contact has no place for it */
} readers[] = {
    {"BEGIN", read_nothing}, {"VERSION", read_nothing}, {"FN", read_single},   {"UID", read_single},
    {"TITLE", read_single},  {"N", read_name},          {"ORG", read_org},     {"EMAIL", read_email},
    {"TEL", read_phone},     {"URL", read_url},         {"ADR", read_address},
};

static void read_property(struct reader *r, const struct property *p)
{
    bool taken = false;
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        if (str_eq_nocase(p->name, str_c(readers[i].name)))
            taken = readers[i].read(r, p);
    if (!taken)
        r->rest[r->rest_n++] = p->line;
}

/* A card with FN alone (N is optional in 4.0): the last word is the family name. */
static void name_from_shown(struct reader *r)
{
    struct contact *c = r->contact;
    if (c->given_name.p || c->family_name.p || str_empty(r->shown) || str_eq(r->shown, STR("-")))
        return;
    if (c->organization.p && str_eq(c->organization, r->shown))
        return;
    const char *blank = memrchr(r->shown.p, ' ', r->shown.n);
    size_t cut = blank ? (size_t)(blank - r->shown.p) : 0;
    c->given_name = blank ? str_slice(r->shown, 0, cut) : STR_NONE;
    c->family_name = blank ? str_slice(r->shown, cut + 1, r->shown.n) : r->shown;
}

static int read_lines(struct reader *r, struct str rest, struct err *err)
{
    struct str line;
    bool begun = false;
    for (size_t n = 0; next_property_line(&rest, r->arena, &line);) {
        struct property p;
        if (!begun) {
            begun = str_eq_nocase(str_trim(line), STR("BEGIN:VCARD"));
            continue;
        }
        if (str_eq_nocase(str_trim(line), STR("END:VCARD")))
            return 0;
        if (++n > CONTACT_VCARD_LINES)
            return err_set(err, ERR_TOO_LARGE, "%d properties", CONTACT_VCARD_LINES);
        if (split_property(line, r->arena, &p))
            read_property(r, &p);
    }
    return err_set(err, ERR_INVALID, begun ? "the vCard has no end" : "this is no vCard");
}

int contact_vcard_read(struct str text, const char *region, struct arena *arena, struct contact *ret_contact,
                       struct contact_vcard_extra *ret_extra, struct err *err)
{
    struct contact contact = {0};
    struct reader r = {.arena = arena, .region = region, .contact = &contact};
    if (text.n > CONTACT_VCARD_BYTES)
        return err_set(err, ERR_TOO_LARGE, "%d bytes", CONTACT_VCARD_BYTES);
    if (!text.p || !utf8_valid(text))
        return err_set(err, ERR_INVALID, "the vCard is not valid UTF-8");
    for (size_t i = 0; i < ARRAY_LEN(r.values); i++)
        r.values[i] = arena_array(arena, LIMIT_VALUES, sizeof **r.values);
    r.addresses = arena_array(arena, LIMIT_VALUES, sizeof *r.addresses);
    r.rest = arena_array(arena, CONTACT_VCARD_LINES, sizeof *r.rest);
    if (read_lines(&r, text, err))
        return -1;
    name_from_shown(&r);
    contact.emails = (struct json_list){r.values[EMAILS], r.counts[EMAILS]};
    contact.phones = (struct json_list){r.values[PHONES], r.counts[PHONES]};
    contact.urls = (struct json_list){r.values[URLS], r.counts[URLS]};
    contact.addresses = (struct json_list){r.addresses, r.counts[ADDRESSES]};
    *ret_contact = contact;
    if (ret_extra)
        *ret_extra = (struct contact_vcard_extra){r.uid, {r.rest, r.rest_n}};
    return 0;
}
