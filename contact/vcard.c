/* Writes vCard 4.0 (RFC 6350) and 3.0 (RFC 2426): one table of differences, one walk. Reading: vcard_read.c. */
#include "contact/vcard.h"

#include "contact/country.h"

enum { FOLD_OCTETS = 75 };

struct writer {
    struct strbuf out;
    struct arena *arena;
    bool v3;
};

/* One content line, folded at 75 octets without cutting a UTF-8 character (RFC 6350 3.2). */
static void put_line(struct writer *w, struct str line)
{
    size_t used = 0;
    for (size_t at = 0; at < line.n;) {
        size_t start = at;
        (void)utf8_next(line, &at);
        if (used + (at - start) > FOLD_OCTETS) {
            strbuf_add_c(&w->out, "\r\n ");
            used = 1;
        }
        strbuf_add(&w->out, str_slice(line, start, at));
        used += at - start;
    }
    strbuf_add_c(&w->out, "\r\n");
}

/* Text value with the escapes of RFC 6350 3.4; control bytes but the line feed are dropped. */
static void put_escaped(struct strbuf *buf, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\n') {
            strbuf_add_c(buf, "\\n");
            continue;
        }
        if ((unsigned char)c < 0x20 || c == 0x7F)
            continue;
        if (c == '\\' || c == ',' || c == ';')
            strbuf_add_char(buf, '\\');
        strbuf_add_char(buf, c);
    }
}

static void put_text(struct writer *w, const char *name, struct str value)
{
    struct strbuf line = {.arena = w->arena};
    if (str_empty(value))
        return;
    strbuf_printf(&line, "%s:", name);
    put_escaped(&line, value);
    put_line(w, strbuf_str(&line));
}

/* A value with components divided by semicolons; absent ones stay empty. */
static void put_parts(struct writer *w, const char *name, const struct str *parts, size_t n)
{
    struct strbuf line = {.arena = w->arena};
    strbuf_printf(&line, "%s:", name);
    for (size_t i = 0; i < n; i++) {
        if (i)
            strbuf_add_char(&line, ';');
        put_escaped(&line, parts[i]);
    }
    put_line(w, strbuf_str(&line));
}

static const char *type_words(int kind, bool phone, bool v3)
{
    switch (kind) {
    case CONTACT_MOBILE:
        return v3 ? ";TYPE=CELL,VOICE" : ";TYPE=cell,voice";
    case CONTACT_FAX:
        return v3 ? ";TYPE=WORK,FAX" : ";TYPE=work,fax";
    case CONTACT_HOME:
        return phone ? (v3 ? ";TYPE=HOME,VOICE" : ";TYPE=home,voice") : (v3 ? ";TYPE=HOME" : ";TYPE=home");
    case CONTACT_WORK:
        return phone ? (v3 ? ";TYPE=WORK,VOICE" : ";TYPE=work,voice") : (v3 ? ";TYPE=WORK" : ";TYPE=work");
    default:
        return phone ? (v3 ? ";TYPE=VOICE" : ";TYPE=voice") : "";
    }
}

static void put_phones(struct writer *w, const struct json_list *phones)
{
    const struct contact_value *items = phones->items;
    for (size_t i = 0; i < phones->n; i++) {
        struct strbuf line = {.arena = w->arena};
        bool uri = !w->v3 && str_starts(items[i].value, STR("+"));
        strbuf_printf(&line, "TEL%s%s:%s", uri ? ";VALUE=uri" : "", type_words(items[i].kind, true, w->v3),
                      uri ? "tel:" : "");
        put_escaped(&line, items[i].value);
        put_line(w, strbuf_str(&line));
    }
}

static void put_values(struct writer *w, const char *name, const struct json_list *list)
{
    const struct contact_value *items = list->items;
    bool url = strcmp(name, "URL") == 0;
    for (size_t i = 0; i < list->n; i++) {
        struct strbuf line = {.arena = w->arena};
        strbuf_printf(&line, "%s%s%s:", name, !url && w->v3 ? ";TYPE=INTERNET" : "",
                      url ? "" : type_words(items[i].kind, false, w->v3));
        if (url)
            strbuf_add(&line, items[i].value); /* a URI: no text escapes (RFC 6350 4.2) */
        else
            put_escaped(&line, items[i].value);
        put_line(w, strbuf_str(&line));
    }
}

static void put_addresses(struct writer *w, const struct json_list *list)
{
    const struct contact_address *items = list->items;
    for (size_t i = 0; i < list->n; i++) {
        const struct contact_address *a = &items[i];
        struct str country = contact_country_name(a->country);
        struct str parts[] = {
            STR_NONE, STR_NONE, a->street, a->city, a->region, a->postal_code, country.p ? country : a->country};
        put_parts(w, w->v3 ? "ADR;TYPE=WORK" : "ADR;TYPE=work", parts, ARRAY_LEN(parts));
    }
}

static void put_extra(struct writer *w, const struct contact_vcard_extra *extra)
{
    static const char *const ours[] = {"BEGIN", "END", "VERSION", "FN", "N", "ORG", "TITLE", "EMAIL", "UID"};
    const struct str *lines = extra->rest.items;
    for (size_t i = 0; i < extra->rest.n; i++) {
        size_t end = 0;
        bool covered = false;
        while (end < lines[i].n && !strchr(":;.", lines[i].p[end]))
            end++;
        for (size_t k = 0; k < ARRAY_LEN(ours); k++)
            covered = covered || str_eq_nocase(str_slice(lines[i], 0, end), str_c(ours[k]));
        bool broken = end == 0 || memchr(lines[i].p, '\n', lines[i].n) || memchr(lines[i].p, '\r', lines[i].n);
        if (!covered && !broken)
            put_line(w, lines[i]);
    }
}

static struct str write_card(const struct contact *c, const struct contact_vcard_extra *extra, struct writer *w)
{
    struct str name[] = {c->family_name, c->given_name, STR_NONE, c->name_prefix, c->name_suffix};
    struct str org[] = {c->organization, c->department};
    struct str shown = contact_display_name(c, w->arena);
    put_line(w, STR("BEGIN:VCARD"));
    put_line(w, w->v3 ? STR("VERSION:3.0") : STR("VERSION:4.0"));
    if (extra)
        put_text(w, "UID", extra->uid);
    put_text(w, "FN", str_empty(shown) ? STR("-") : shown); /* FN is mandatory in both versions */
    put_parts(w, "N", name, ARRAY_LEN(name));
    if (!str_empty(c->organization) || !str_empty(c->department))
        put_parts(w, "ORG", org, str_empty(c->department) ? 1 : 2);
    put_text(w, "TITLE", c->job_title);
    put_values(w, "EMAIL", &c->emails);
    put_phones(w, &c->phones);
    put_values(w, "URL", &c->urls);
    put_addresses(w, &c->addresses);
    if (extra)
        put_extra(w, extra);
    put_line(w, STR("END:VCARD"));
    return strbuf_str(&w->out);
}

struct str contact_vcard(const struct contact *contact, const struct contact_vcard_extra *extra, struct arena *arena)
{
    struct writer w = {.out = {.arena = arena}, .arena = arena};
    return write_card(contact, extra, &w);
}

struct str contact_vcard3(const struct contact *contact, const struct contact_vcard_extra *extra, struct arena *arena)
{
    struct writer w = {.out = {.arena = arena}, .arena = arena, .v3 = true};
    return write_card(contact, extra, &w);
}
