/* Tryton's parties as contacts and back. A party has one name and no employer: "Dr. Anna Schmidt, MBA" is taken apart
 * by rule, the organisation stands on the first address ("Party Name" there replaces the name on letters). */
#include "base/clock.h"
#include "base/crypto.h"
#include "contact/company.h"
#include "contact/phone.h"
#include "crm-connectors/tryton/tryton.h"

static const int64_t year_3000 = 32503680000; /* seconds since 1970 */

const char crm_tryton_fields[] =
    "[\"name\",\"active\",\"_timestamp\",\"contact_mechanisms.type\",\"contact_mechanisms.value\","
    "\"contact_mechanisms.value_compact\",\"contact_mechanisms._timestamp\",\"contact_mechanisms.active\",\"addresses."
    "street\","
    "\"addresses.postal_code\",\"addresses.city\",\"addresses.party_name\",\"addresses.country.code\","
    "\"addresses._timestamp\",\"addresses.active\"]";

#define ROW(type, key, json, member)                                                                                   \
    {                                                                                                                  \
        .name = (key), .kind = (json), .offset = offsetof(struct type, member)                                         \
    }

static const struct json_field mechanism_rows[] = {
    ROW(crm_tryton_mechanism, "id", JSON_INT, id),
    ROW(crm_tryton_mechanism, "type", JSON_STR, type),
    ROW(crm_tryton_mechanism, "value", JSON_STR, value),
    ROW(crm_tryton_mechanism, "value_compact", JSON_STR, value_compact),
    ROW(crm_tryton_mechanism, "_timestamp", JSON_STR, stamp),
    ROW(crm_tryton_mechanism, "active", JSON_ANY, active),
};
static const struct json_shape mechanism_shape = {"TrytonMechanism", sizeof(struct crm_tryton_mechanism),
                                                  mechanism_rows, ARRAY_LEN(mechanism_rows), true};
static const struct json_field country_rows[] = {ROW(crm_tryton_country, "code", JSON_STR, code)};
static const struct json_shape country_shape = {"TrytonCountry", sizeof(struct crm_tryton_country), country_rows,
                                                ARRAY_LEN(country_rows), true};
static const struct json_field address_rows[] = {
    ROW(crm_tryton_address, "id", JSON_INT, id),
    ROW(crm_tryton_address, "street", JSON_STR, street),
    ROW(crm_tryton_address, "postal_code", JSON_STR, postal_code),
    ROW(crm_tryton_address, "city", JSON_STR, city),
    ROW(crm_tryton_address, "party_name", JSON_STR, party_name),
    ROW(crm_tryton_address, "_timestamp", JSON_STR, stamp),
    ROW(crm_tryton_address, "active", JSON_ANY, active),
    {.name = "country.",
     .kind = JSON_REF,
     .offset = offsetof(struct crm_tryton_address, country),
     .shape = &country_shape},
};
static const struct json_shape address_shape = {"TrytonAddress", sizeof(struct crm_tryton_address), address_rows,
                                                ARRAY_LEN(address_rows), true};
static const struct json_field party_rows[] = {
    ROW(crm_tryton_party, "id", JSON_INT, id),
    ROW(crm_tryton_party, "name", JSON_STR, name),
    ROW(crm_tryton_party, "_timestamp", JSON_STR, stamp),
    ROW(crm_tryton_party, "active", JSON_ANY, active),
    {.name = "contact_mechanisms.",
     .kind = JSON_LIST,
     .offset = offsetof(struct crm_tryton_party, mechanisms),
     .shape = &mechanism_shape},
    {.name = "addresses.",
     .kind = JSON_LIST,
     .offset = offsetof(struct crm_tryton_party, addresses),
     .shape = &address_shape},
};
static const struct json_shape party_shape = {"TrytonParty", sizeof(struct crm_tryton_party), party_rows,
                                              ARRAY_LEN(party_rows), true};

static bool in_use(struct str active)
{
    return str_eq(active, STR("true")) || str_eq(active, STR("1"));
}

bool crm_tryton_active(const struct crm_tryton_party *party)
{
    return in_use(party->active);
}

/* A pull also asks for archived parties and is then told their and everybody's archived rows. */
static void drop_archived(struct crm_tryton_party *party)
{
    struct crm_tryton_mechanism *mechanisms = party->mechanisms.items;
    struct crm_tryton_address *addresses = party->addresses.items;
    size_t n = 0;
    for (size_t i = 0; i < party->mechanisms.n; i++)
        if (in_use(mechanisms[i].active))
            mechanisms[n++] = mechanisms[i];
    party->mechanisms.n = n;
    n = 0;
    for (size_t i = 0; i < party->addresses.n; i++)
        if (in_use(addresses[i].active))
            addresses[n++] = addresses[i];
    party->addresses.n = n;
}

int crm_tryton_read_party(struct str json, struct arena *arena, struct crm_tryton_party *ret_party, struct err *err)
{
    if (json_read(&party_shape, json, arena, ret_party, err) < 0)
        return -1;
    drop_archived(ret_party);
    return 0;
}

struct str crm_tryton_image(const struct crm_tryton_party *party, struct arena *arena)
{
    return json_write(&party_shape, party, arena);
}

static int64_t seconds(struct str stamp)
{
    int64_t value = 0;
    ptrdiff_t dot = str_find(stamp, STR("."), 0);
    return str_to_int(dot < 0 ? stamp : str_slice(stamp, 0, (size_t)dot), 0, INT64_MAX, &value) ? value : 0;
}

int64_t crm_tryton_latest(const struct crm_tryton_party *party)
{
    const struct crm_tryton_mechanism *mechanisms = party->mechanisms.items;
    const struct crm_tryton_address *addresses = party->addresses.items;
    int64_t latest = seconds(party->stamp);
    for (size_t i = 0; i < party->mechanisms.n; i++)
        latest = seconds(mechanisms[i].stamp) > latest ? seconds(mechanisms[i].stamp) : latest;
    for (size_t i = 0; i < party->addresses.n; i++)
        latest = seconds(addresses[i].stamp) > latest ? seconds(addresses[i].stamp) : latest;
    return latest;
}

static struct str version_of(const struct crm_tryton_party *party, struct arena *arena)
{
    struct strbuf all = {.arena = arena};
    strbuf_add(&all, json_write(&party_shape, party, arena));
    struct crypto_hash hash = crypto_sha256(strbuf_str(&all));
    return str_slice(crypto_hex(crypto_hash_str(&hash), arena), 0, 32);
}

static struct str given(struct str text)
{
    return str_empty(str_trim(text)) ? STR_NONE : str_trim(text);
}

static bool one_of(struct str word, const char *const *words)
{
    for (; *words; words++)
        if (str_eq_nocase(word, str_c(*words)))
            return true;
    return false;
}

static bool is_title(struct str word)
{
    static const char *const titles[] = {"Dr",  "Prof", "Dipl", "Ing",  "Mag", "Herr", "Frau",  "Mr",  "Mrs",  "Ms",
                                         "med", "rer",  "nat",  "phil", "jur", "h.c",  "habil", "oec", "Univ", NULL};
    struct str plain = str_ends(word, STR(".")) ? str_slice(word, 0, word.n - 1) : word;
    return one_of(plain, titles) || str_starts(word, STR("Dipl.-")) || str_starts(word, STR("Dr.-"));
}

/* "Dr. Anna von der Heide, MBA": titles in front, what follows a comma behind, the family name from its first particle
 * on, else the last word. */
static void take_name(struct str name, struct contact *contact, struct arena *arena)
{
    static const char *const particles[] = {"von", "van", "vom",   "zu", "zur", "de", "der", "den", "di",
                                            "da",  "del", "della", "du", "la",  "le", "ten", "ter", NULL};
    ptrdiff_t comma = str_find(name, STR(", "), 0);
    if (comma > 0) {
        contact->name_suffix = given(str_slice(name, (size_t)comma + 1, name.n));
        name = str_slice(name, 0, (size_t)comma);
    }
    struct strbuf titles = {.arena = arena}, first = {.arena = arena}, family = {.arena = arena};
    struct str rest = str_trim(name), word;
    bool in_titles = true;
    while (str_split(&rest, ' ', &word)) {
        if (word.n == 0)
            continue;
        bool last = !rest.p;
        in_titles = in_titles && !last && is_title(word);
        bool to_family = !in_titles && (family.n > 0 || last || (first.n > 0 && one_of(word, particles)));
        struct strbuf *part = in_titles ? &titles : to_family ? &family : &first;
        strbuf_printf(part, "%s%.*s", part->n ? " " : "", STR_ARG(word));
    }
    contact->name_prefix = given(strbuf_str(&titles));
    contact->given_name = given(strbuf_str(&first));
    contact->family_name = given(strbuf_str(&family));
}

static bool is_person(const struct contact *contact)
{
    return !str_empty(contact->given_name) || !str_empty(contact->family_name);
}

struct str crm_tryton_name(const struct contact *contact, struct arena *arena)
{
    if (!is_person(contact))
        return contact->organization;
    const struct str parts[] = {contact->name_prefix, contact->given_name, contact->family_name};
    struct strbuf name = {.arena = arena};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (!str_empty(parts[i]))
            strbuf_printf(&name, "%s%.*s", name.n ? " " : "", STR_ARG(parts[i]));
    if (!str_empty(contact->name_suffix))
        strbuf_printf(&name, ", %.*s", STR_ARG(contact->name_suffix));
    return strbuf_str(&name);
}

struct str crm_tryton_letter(const struct contact *contact)
{
    return is_person(contact) && !str_empty(contact->organization) ? contact->organization : STR_NONE;
}

static const struct {
    const char *type;
    const char *field;
    int kind;
} types[] = {
    {"email", "emails", CONTACT_WORK}, {"phone", "phones", CONTACT_WORK}, {"mobile", "phones", CONTACT_MOBILE},
    {"fax", "phones", CONTACT_FAX},    {"website", "urls", -1},
};

struct str crm_tryton_type(const char *field, int kind)
{
    struct str type = STR_NONE;
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strcmp(types[i].field, field) == 0 && (!type.p || types[i].kind == kind))
            type = str_c(types[i].type);
    return type;
}

bool crm_tryton_value(const struct crm_tryton_mechanism *row, const char *region, struct arena *arena,
                      const char **ret_field, struct contact_value *ret_value)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (!str_eq(row->type, str_c(types[i].type)) || str_empty(row->value))
            continue;
        struct contact_phone phone;
        bool dial = strcmp(types[i].field, "phones") == 0;
        struct contact_value value = {.value = row->value, .kind = types[i].kind};
        if (dial && contact_phone_parse(row->value, region, arena, &phone)) {
            value.value = phone.e164;
            value.raw = str_eq(phone.e164, row->value) ? STR_NONE : row->value;
        } else if (!dial && strcmp(types[i].field, "urls") == 0 && str_find(row->value, STR("://"), 0) < 0) {
            value.value = str_printf(arena, "https://%.*s", STR_ARG(row->value));
        }
        *ret_field = types[i].field;
        *ret_value = value;
        return true;
    }
    return false;
}

static void take_values(const struct crm_tryton_party *party, const char *region, struct arena *arena,
                        struct contact *contact)
{
    const struct crm_tryton_mechanism *rows = party->mechanisms.items;
    for (size_t i = 0; i < party->mechanisms.n; i++) {
        struct contact_value value;
        const char *field;
        if (!crm_tryton_value(&rows[i], region, arena, &field, &value))
            continue;
        struct json_list *list = (void *)((char *)contact + contact_field_find(str_c(field))->offset);
        if (!list->items)
            list->items = arena_array(arena, party->mechanisms.n, sizeof value);
        ((struct contact_value *)list->items)[list->n++] = value;
    }
}

struct contact_address crm_tryton_address_of(const struct crm_tryton_address *row)
{
    return (struct contact_address){
        .street = given(row->street),
        .postal_code = given(row->postal_code),
        .city = given(row->city),
        .country = row->country ? row->country->code : STR_NONE,
    };
}

static bool address_empty(const struct contact_address *address)
{
    return str_empty(address->street) && str_empty(address->postal_code) && str_empty(address->city) &&
           str_empty(address->country);
}

struct crm_record crm_tryton_record(const struct crm_tryton_party *party, const char *region, struct arena *arena)
{
    struct crm_record record = {.version = version_of(party, arena)};
    int64_t changed = crm_tryton_latest(party); /* seconds, or what a stranger calls so */
    struct contact *contact = &record.contact;
    const struct crm_tryton_address *rows = party->addresses.items;
    struct contact_address *addresses = arena_array(arena, party->addresses.n + 1, sizeof *addresses);
    struct contact_company company;
    size_t n = 0;
    struct str letter = STR_NONE;
    for (size_t i = 0; i < party->addresses.n; i++) {
        if (!letter.p && !str_empty(rows[i].party_name))
            letter = rows[i].party_name;
        addresses[n] = crm_tryton_address_of(&rows[i]);
        n += address_empty(&addresses[n]) ? 0 : 1;
    }
    contact_company_form(party->name, arena, &company);
    bool firm = !letter.p && !str_empty(company.legal);
    record.kind = firm ? CRM_COMPANY : CRM_PERSON;
    contact->organization = firm ? party->name : letter;
    if (!firm && !str_empty(party->name))
        take_name(party->name, contact, arena);
    contact->addresses = (struct json_list){addresses, n};
    take_values(party, region, arena, contact);
    record.remote_id = str_printf(arena, "%lld", (long long)party->id);
    /* By whom is not asked: one user whom ours may not see would refuse the whole answer. */
    if (changed > 0 && changed < year_3000)
        record.custody.changed_at = clock_text(changed * 1000, arena);
    return record;
}
