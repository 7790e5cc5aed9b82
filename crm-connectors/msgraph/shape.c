/* Graph's contacts have lists and nested addresses; slots speak of flat members. Here one becomes the other. */
#include "crm-connectors/msgraph/parts.h"

enum { LIST_MAX = 16 };

const struct crm_map crm_msgraph_map[CRM_MSGRAPH_FIELDS] = {
    {"name_prefix", "title"},
    {"given_name", "givenName"},
    {"family_name", "surname"},
    {"name_suffix", "generation"},
    {"job_title", "jobTitle"},
    {"department", "department"},
    {"organization", "companyName"},
    {"emails", "emailAddresses", true},
    {"phones", "businessPhones, mobilePhone, homePhones"},
    {"urls", "businessHomePage"},
    {"addresses", "businessAddress, homeAddress, otherAddress"},
};
static const struct crm_map_list map = {crm_msgraph_map, CRM_MSGRAPH_FIELDS};

#define ADDRESS(member, number)                                                                                        \
    {member "/street", CRM_SLOT_STREET, NULL, -1, number},                                                             \
        {member "/postalCode", CRM_SLOT_POSTAL_CODE, NULL, -1, number},                                                \
        {member "/city", CRM_SLOT_CITY, NULL, -1, number}, {member "/state", CRM_SLOT_REGION, NULL, -1, number},       \
    {                                                                                                                  \
        member "/countryOrRegion", CRM_SLOT_COUNTRY, NULL, -1, number                                                  \
    }

static const struct crm_slot slot_rows[] = {
    {"title", CRM_SLOT_TEXT, "name_prefix", -1, 0},
    {"givenName", CRM_SLOT_TEXT, "given_name", -1, 0},
    {"surname", CRM_SLOT_TEXT, "family_name", -1, 0},
    {"generation", CRM_SLOT_TEXT, "name_suffix", -1, 0},
    {"jobTitle", CRM_SLOT_TEXT, "job_title", -1, 0},
    {"department", CRM_SLOT_TEXT, "department", -1, 0},
    {"companyName", CRM_SLOT_TEXT, "organization", -1, 0},
    {"emailAddresses/0", CRM_SLOT_VALUE, "emails", -1, 0},
    {"emailAddresses/1", CRM_SLOT_VALUE, "emails", -1, 0},
    {"emailAddresses/2", CRM_SLOT_VALUE, "emails", -1, 0},
    {"businessPhones/0", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"businessPhones/1", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"mobilePhone", CRM_SLOT_VALUE, "phones", CONTACT_MOBILE, 0},
    {"homePhones/0", CRM_SLOT_VALUE, "phones", CONTACT_HOME, 0},
    {"homePhones/1", CRM_SLOT_VALUE, "phones", CONTACT_HOME, 0},
    {"businessHomePage", CRM_SLOT_VALUE, "urls", CONTACT_WORK, 0},
    ADDRESS("businessAddress", 0),
    ADDRESS("homeAddress", 1),
    ADDRESS("otherAddress", 2),
};
const struct crm_slots crm_msgraph_slots = {slot_rows, ARRAY_LEN(slot_rows), "\"\"", &map};

static const char *const texts[] = {"title",      "givenName",   "surname",     "generation",       "jobTitle",
                                    "department", "companyName", "mobilePhone", "businessHomePage", "displayName"};
/* Lists, and the member of their items that is the value (NULL: the items are texts). */
static const struct {
    const char *member, *inner;
} lists[] = {{"emailAddresses", "address"}, {"businessPhones", NULL}, {"homePhones", NULL}};
static const char *const addresses[] = {"businessAddress", "homeAddress", "otherAddress"};
static const char *const parts[] = {"street", "city", "state", "countryOrRegion", "postalCode"};

static void add_member(struct strbuf *out, struct str name, struct str value)
{
    strbuf_add_c(out, out->n > 1 ? "," : "");
    json_quote(out, name);
    strbuf_add_c(out, ":");
    json_quote(out, value);
}

/* Items of a list of the object, at most LIST_MAX, as JSON and as values; empty ones are passed over. */
struct items {
    struct str json[LIST_MAX], value[LIST_MAX];
    size_t n;
    bool more; /* than we read: the list must not be written */
};

static bool items_of(struct str object, size_t list, struct arena *arena, struct items *ret)
{
    struct json_list items = {0};
    struct str json = STR_NONE;
    struct err broken;
    *ret = (struct items){.n = 0};
    if (json_member(object, lists[list].member, arena, &json, &broken) < 0 ||
        (json.p && json_items(json, arena, &items, &broken) < 0))
        return false;
    ret->more = items.n > LIST_MAX;
    for (size_t i = 0; i < items.n && i < LIST_MAX; i++) {
        struct str item = ((const struct str *)items.items)[i], value = STR_NONE;
        if (!lists[list].inner)
            value = json_unquote(item, arena);
        else if (str_starts(item, STR("{")))
            (void)json_members(item, &lists[list].inner, 1, arena, &value, &broken);
        if (str_empty(str_trim(value)))
            continue;
        ret->json[ret->n] = item;
        ret->value[ret->n++] = value;
    }
    return true;
}

static bool address_of(struct str object, size_t address, struct arena *arena, struct str ret[ARRAY_LEN(parts)])
{
    struct str json = STR_NONE;
    struct err broken;
    return json_member(object, addresses[address], arena, &json, &broken) == 0 &&
           json_members(json.p ? json : STR("{}"), parts, ARRAY_LEN(parts), arena, ret, &broken) == 0;
}

static struct str path_name(const char *member, const char *part, struct arena *arena)
{
    return str_printf(arena, "%s/%s", member, part);
}

static struct str item_name(size_t list, size_t i, struct arena *arena)
{
    return str_printf(arena, "%s/%zu", lists[list].member, i);
}

struct str crm_msgraph_flat(struct str object, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    struct str m[ARRAY_LEN(texts)], address[ARRAY_LEN(parts)];
    struct items items;
    struct err broken;
    if (json_members(object, texts, ARRAY_LEN(texts), arena, m, &broken) < 0)
        return STR_NONE;
    strbuf_add_c(&out, "{");
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        add_member(&out, str_c(texts[i]), m[i]);
    for (size_t k = 0; k < ARRAY_LEN(lists); k++) {
        if (!items_of(object, k, arena, &items))
            return STR_NONE;
        for (size_t i = 0; i < items.n; i++)
            add_member(&out, item_name(k, i, arena), items.value[i]);
    }
    for (size_t k = 0; k < ARRAY_LEN(addresses); k++) {
        if (!address_of(object, k, arena, address))
            return STR_NONE;
        for (size_t i = 0; i < ARRAY_LEN(parts); i++)
            add_member(&out, path_name(addresses[k], parts[i], arena), address[i]);
    }
    strbuf_add_c(&out, "}");
    return strbuf_str(&out);
}

/* One item as it shall be: what stays is kept as it is, with the name of its own that an address may have. */
static void add_item(struct strbuf *out, size_t list, const struct items *live, size_t i, struct str value)
{
    static const char *const names[] = {"name"};
    struct str name = STR_NONE;
    struct err ignored;
    strbuf_add_c(out, out->p[out->n - 1] == '[' ? "" : ",");
    if (i < live->n && str_eq(live->value[i], value)) {
        strbuf_add(out, live->json[i]);
        return;
    }
    if (!lists[list].inner) {
        json_quote(out, value);
        return;
    }
    if (i < live->n)
        (void)json_members(live->json[i], names, 1, out->arena, &name, &ignored);
    strbuf_add_c(out, "{\"address\":");
    json_quote(out, value);
    if (!str_empty(name) && !str_eq_nocase(name, live->value[i])) {
        strbuf_add_c(out, ",\"name\":");
        json_quote(out, name);
    }
    strbuf_add_c(out, "}");
}

/* The list whole when one of its values changes. */
static bool fold_list(struct strbuf *out, struct str object, struct str flat, size_t list)
{
    const char *names[LIST_MAX];
    struct str next[LIST_MAX];
    struct items live;
    struct err broken;
    bool changes = false;
    for (size_t i = 0; i < LIST_MAX; i++)
        names[i] = item_name(list, i, out->arena).p;
    if (!items_of(object, list, out->arena, &live) ||
        json_members(flat, names, LIST_MAX, out->arena, next, &broken) < 0)
        return false;
    for (size_t i = 0; i < LIST_MAX; i++)
        changes = changes || next[i].p;
    if (!changes || live.more)
        return !changes;
    strbuf_printf(out, "%s\"%s\":[", out->n ? "," : "", lists[list].member);
    for (size_t i = 0; i < LIST_MAX; i++) {
        struct str value = next[i].p ? next[i] : i < live.n ? live.value[i] : STR_NONE;
        if (!str_empty(value))
            add_item(out, list, &live, i, value);
    }
    strbuf_add_c(out, "]");
    return true;
}

/* The address whole when one of its parts changes. */
static bool fold_address(struct strbuf *out, struct str object, struct str flat, size_t address)
{
    const char *names[ARRAY_LEN(parts)];
    struct str live[ARRAY_LEN(parts)], next[ARRAY_LEN(parts)];
    struct strbuf members = {.arena = out->arena};
    struct err broken;
    bool changes = false;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        names[i] = path_name(addresses[address], parts[i], out->arena).p;
    if (!address_of(object, address, out->arena, live) ||
        json_members(flat, names, ARRAY_LEN(parts), out->arena, next, &broken) < 0)
        return false;
    strbuf_add_c(&members, "{");
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        struct str value = next[i].p ? next[i] : live[i];
        changes = changes || next[i].p;
        add_member(&members, str_c(parts[i]), value.p ? value : STR(""));
    }
    if (changes)
        strbuf_printf(out, "%s\"%s\":%.*s}", out->n ? "," : "", addresses[address], STR_ARG(strbuf_str(&members)));
    return true;
}

struct str crm_msgraph_folded(struct str object, struct str flat_members, struct arena *arena)
{
    struct str flat = str_printf(arena, "{%.*s}", STR_ARG(flat_members));
    struct str m[ARRAY_LEN(texts)];
    struct strbuf out = {.arena = arena};
    struct err broken;
    bool good = json_members(flat, texts, ARRAY_LEN(texts), arena, m, &broken) == 0;
    for (size_t i = 0; good && i < ARRAY_LEN(texts); i++) {
        if (!m[i].p)
            continue;
        strbuf_printf(&out, "%s\"%s\":", out.n ? "," : "", texts[i]);
        json_quote(&out, m[i].n ? m[i] : STR_NONE);
    }
    for (size_t i = 0; good && i < ARRAY_LEN(lists); i++)
        good = fold_list(&out, object, flat, i);
    for (size_t i = 0; good && i < ARRAY_LEN(addresses); i++)
        good = fold_address(&out, object, flat, i);
    return good ? strbuf_str(&out) : STR_NONE;
}
