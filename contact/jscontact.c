/* The contact as JSContact (RFC 9553) and jCard (RFC 7095). */
#include "contact/vcard.h"

#include "base/crypto.h"
#include "contact/country.h"

struct json_out {
    struct strbuf buf;
    bool comma; /* a member stands before the next one */
};

static void key(struct json_out *o, const char *name)
{
    if (o->comma)
        strbuf_add_char(&o->buf, ',');
    json_quote(&o->buf, str_c(name));
    strbuf_add_char(&o->buf, ':');
    o->comma = true;
}

static void open_object(struct json_out *o, const char *name)
{
    key(o, name);
    strbuf_add_char(&o->buf, '{');
    o->comma = false;
}

static void close_object(struct json_out *o)
{
    strbuf_add_char(&o->buf, '}');
    o->comma = true;
}

static void member(struct json_out *o, const char *name, struct str value)
{
    if (str_empty(value))
        return;
    key(o, name);
    json_quote(&o->buf, value);
}

/* One entry of "components" (RFC 9553 1.4.3). */
static void component(struct json_out *o, const char *kind, struct str value)
{
    if (str_empty(value))
        return;
    strbuf_printf(&o->buf, "%s{\"kind\":\"%s\",\"value\":", o->comma ? "," : "", kind);
    json_quote(&o->buf, value);
    strbuf_add_char(&o->buf, '}');
    o->comma = true;
}

static void js_name(struct json_out *o, const struct contact *c, struct str shown)
{
    bool person = !str_empty(c->given_name) || !str_empty(c->family_name);
    if (!person)
        return;
    open_object(o, "name");
    member(o, "full", shown);
    key(o, "components");
    strbuf_add_char(&o->buf, '[');
    o->comma = false;
    component(o, "title", c->name_prefix);
    component(o, "given", c->given_name);
    component(o, "surname", c->family_name);
    component(o, "credential", c->name_suffix);
    strbuf_add_char(&o->buf, ']');
    o->comma = true;
    close_object(o);
}

static void js_organization(struct json_out *o, const struct contact *c)
{
    if (!str_empty(c->organization) || !str_empty(c->department)) {
        open_object(o, "organizations");
        open_object(o, "o1");
        member(o, "name", c->organization);
        if (!str_empty(c->department)) {
            key(o, "units");
            strbuf_add_c(&o->buf, "[{\"name\":");
            json_quote(&o->buf, c->department);
            strbuf_add_c(&o->buf, "}]");
        }
        close_object(o);
        close_object(o);
    }
    if (str_empty(c->job_title))
        return;
    open_object(o, "titles");
    open_object(o, "t1");
    member(o, "kind", STR("title"));
    member(o, "name", c->job_title);
    close_object(o);
    close_object(o);
}

static void js_contexts(struct json_out *o, int kind)
{
    bool private = kind == CONTACT_HOME, work = kind == CONTACT_WORK || kind == CONTACT_FAX;
    if (!private && !work)
        return;
    key(o, "contexts");
    strbuf_printf(&o->buf, "{\"%s\":true}", private ? "private" : "work");
}

static void js_features(struct json_out *o, int kind)
{
    const char *word = kind == CONTACT_FAX ? "fax" : kind == CONTACT_MOBILE ? "mobile" : "voice";
    key(o, "features");
    strbuf_printf(&o->buf, "{\"%s\":true}", word);
}

struct list_words {
    const char *list, *id, *value;
};

static void js_values(struct json_out *o, const struct json_list *list, const struct list_words *words)
{
    const struct contact_value *items = list->items;
    bool phones = strcmp(words->list, "phones") == 0;
    if (!list->n)
        return;
    open_object(o, words->list);
    for (size_t i = 0; i < list->n; i++) {
        char id[24];
        (void)snprintf(id, sizeof id, "%s%zu", words->id, i + 1);
        open_object(o, id);
        bool tel = phones && str_starts(items[i].value, STR("+"));
        member(o, words->value, tel ? str_printf(o->buf.arena, "tel:%.*s", STR_ARG(items[i].value)) : items[i].value);
        if (phones)
            js_features(o, items[i].kind);
        js_contexts(o, items[i].kind);
        close_object(o);
    }
    close_object(o);
}

static void js_addresses(struct json_out *o, const struct json_list *list)
{
    const struct contact_address *items = list->items;
    if (!list->n)
        return;
    open_object(o, "addresses");
    for (size_t i = 0; i < list->n; i++) {
        char id[24];
        (void)snprintf(id, sizeof id, "a%zu", i + 1);
        open_object(o, id);
        key(o, "components");
        strbuf_add_char(&o->buf, '[');
        o->comma = false;
        component(o, "name", items[i].street);
        component(o, "postcode", items[i].postal_code);
        component(o, "locality", items[i].city);
        component(o, "region", items[i].region);
        component(o, "country", contact_country_name(items[i].country));
        strbuf_add_char(&o->buf, ']');
        o->comma = true;
        member(o, "countryCode", items[i].country);
        close_object(o);
    }
    close_object(o);
}

/* uid is mandatory (RFC 9553 2.1.9): without one, a UUID of version 8 (RFC 9562) that the same content always gets. */
static struct str content_uid(const struct contact *contact, struct arena *arena)
{
    struct crypto_hash hash = crypto_sha256(contact_vcard(contact, NULL, arena));
    hash.b[6] = (unsigned char)((hash.b[6] & 0x0F) | 0x80);
    hash.b[8] = (unsigned char)((hash.b[8] & 0x3F) | 0x80);
    struct str hex = crypto_hex((struct str){(const char *)hash.b, 16}, arena);
    return str_printf(arena, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex.p, hex.p + 8, hex.p + 12, hex.p + 16,
                      hex.p + 20);
}

struct str contact_jscontact(const struct contact *contact, struct str uid, struct arena *arena)
{
    static const struct list_words emails = {"emails", "e", "address"}, phones = {"phones", "p", "number"},
                                   links = {"links", "l", "uri"};
    struct json_out o = {.buf = {.arena = arena}};
    strbuf_add_char(&o.buf, '{');
    member(&o, "@type", STR("Card"));
    member(&o, "version", STR("1.0"));
    member(&o, "uid", str_empty(uid) ? content_uid(contact, arena) : uid);
    bool person = !str_empty(contact->given_name) || !str_empty(contact->family_name);
    member(&o, "kind", person ? STR("individual") : STR("org"));
    js_name(&o, contact, contact_display_name(contact, arena));
    js_organization(&o, contact);
    js_values(&o, &contact->emails, &emails);
    js_values(&o, &contact->phones, &phones);
    js_values(&o, &contact->urls, &links);
    js_addresses(&o, &contact->addresses);
    strbuf_add_char(&o.buf, '}');
    return strbuf_str(&o.buf);
}

/* ["name",{"type":…},"value type",value] */
static void jcard_property(struct strbuf *buf, const char *name, const char *type, const char *value_type)
{
    strbuf_printf(buf, ",[\"%s\",{", name);
    if (type)
        strbuf_printf(buf, "\"type\":%s", type);
    strbuf_printf(buf, "},\"%s\",", value_type);
}

static void jcard_text(struct strbuf *buf, const char *name, struct str value)
{
    if (str_empty(value))
        return;
    jcard_property(buf, name, NULL, "text");
    json_quote(buf, value);
    strbuf_add_char(buf, ']');
}

static void jcard_parts(struct strbuf *buf, const char *name, const struct str *parts, size_t n)
{
    jcard_property(buf, name, NULL, "text");
    for (size_t i = 0; i < n; i++) {
        strbuf_add_char(buf, i ? ',' : '[');
        json_quote(buf, parts[i].p ? parts[i] : STR(""));
    }
    strbuf_add_c(buf, "]]");
}

static const char *jcard_type(int kind, bool phone)
{
    if (kind == CONTACT_MOBILE)
        return "[\"cell\",\"voice\"]";
    if (kind == CONTACT_FAX)
        return "[\"work\",\"fax\"]";
    if (kind == CONTACT_HOME)
        return phone ? "[\"home\",\"voice\"]" : "\"home\"";
    if (kind == CONTACT_WORK)
        return phone ? "[\"work\",\"voice\"]" : "\"work\"";
    return phone ? "\"voice\"" : NULL;
}

static void jcard_values(struct strbuf *buf, const char *name, const struct json_list *list)
{
    const struct contact_value *items = list->items;
    bool phone = strcmp(name, "tel") == 0, url = strcmp(name, "url") == 0;
    for (size_t i = 0; i < list->n; i++) {
        bool uri = url || (phone && str_starts(items[i].value, STR("+")));
        jcard_property(buf, name, url ? NULL : jcard_type(items[i].kind, phone), uri ? "uri" : "text");
        json_quote(buf, phone && uri ? str_printf(buf->arena, "tel:%.*s", STR_ARG(items[i].value)) : items[i].value);
        strbuf_add_char(buf, ']');
    }
}

struct str contact_jcard(const struct contact *c, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    struct str shown = contact_display_name(c, arena);
    struct str name[] = {c->family_name, c->given_name, STR_NONE, c->name_prefix, c->name_suffix};
    struct str org[] = {c->organization, c->department};
    const struct contact_address *addresses = c->addresses.items;
    strbuf_add_c(&buf, "[\"vcard\",[[\"version\",{},\"text\",\"4.0\"]");
    jcard_text(&buf, "fn", str_empty(shown) ? STR("-") : shown);
    jcard_parts(&buf, "n", name, ARRAY_LEN(name));
    if (!str_empty(c->department))
        jcard_parts(&buf, "org", org, 2);
    else
        jcard_text(&buf, "org", c->organization);
    jcard_text(&buf, "title", c->job_title);
    jcard_values(&buf, "email", &c->emails);
    jcard_values(&buf, "tel", &c->phones);
    jcard_values(&buf, "url", &c->urls);
    for (size_t i = 0; i < c->addresses.n; i++) {
        const struct contact_address *a = &addresses[i];
        struct str parts[] = {
            STR_NONE, STR_NONE, a->street, a->city, a->region, a->postal_code, contact_country_name(a->country)};
        jcard_parts(&buf, "adr", parts, ARRAY_LEN(parts));
    }
    strbuf_add_c(&buf, "]]");
    return strbuf_str(&buf);
}
