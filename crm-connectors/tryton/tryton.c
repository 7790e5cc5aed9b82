/* Tryton (6.0 and newer) over JSON-RPC: parties as people. The marker becomes an identifier "kartei:<uuid>", found by
 * exact search right after the commit. Writes carry the stamps of every row that was read. Pulling: pull.c. */
#include "crm-connectors/tryton/tryton.h"

#include "base/id.h"
#include "crm-connectors/fault.h"

enum { SEARCH_MAX = 50, DIGITS = 8 };

/* Parties of a search domain as they are now: 1, 0 with a result, -1 with an error. */
static int read_parties(const struct crm_tryton_door *door, struct str domain, struct json_list *ret_parties,
                        struct crm_result *ret, struct err *err)
{
    struct str params =
        str_printf(door->arena, "[%.*s,0,%d,[[\"id\",\"ASC\"]],%s,{}]", STR_ARG(domain), SEARCH_MAX, crm_tryton_fields);
    struct str json;
    struct json_list items;
    int called = crm_tryton_call(door, &(const struct crm_tryton_ask){"model.party.party.search_read", params, false},
                                 &json, ret, err);
    if (called <= 0)
        return called;
    struct err broken;
    bool good = json_items(json, door->arena, &items, &broken) == 0;
    struct crm_tryton_party *parties = arena_array(door->arena, good ? items.n + 1 : 1, sizeof *parties);
    for (size_t i = 0; good && i < items.n; i++)
        good = crm_tryton_read_party(((const struct str *)items.items)[i], door->arena, &parties[i], &broken) == 0;
    if (!good) {
        *ret = (struct crm_result){.outcome = CRM_REJECTED, .not_sent = true};
        ret->sentence = STR("The server answered with something that is no list of parties.");
        return 0;
    }
    *ret_parties = (struct json_list){parties, items.n};
    return 1;
}

/* The same as records; only those that share a value with the probe unless it is NULL. */
static int read_records(const struct crm_tryton_door *door, struct str domain, const struct contact *probe,
                        struct crm_result *ret, struct err *err)
{
    struct json_list parties;
    int read = read_parties(door, domain, &parties, ret, err);
    if (read <= 0)
        return read;
    struct crm_record *records = arena_array(door->arena, parties.n + 1, sizeof *records);
    size_t n = 0;
    for (size_t i = 0; i < parties.n; i++) {
        const struct crm_tryton_party *party = &((const struct crm_tryton_party *)parties.items)[i];
        records[n] = crm_tryton_record(party, door->lent->region, door->arena);
        n += !probe || crm_shares_value(probe, &records[n].contact, door->arena) ? 1 : 0;
    }
    crm_result_records(records, n, door->arena, ret);
    return 1;
}

static int tryton_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    struct crm_tryton_door door;
    struct str json;
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    int called =
        crm_tryton_call(&door, &(const struct crm_tryton_ask){"model.party.party.search_count", STR("[[],{}]"), false},
                        &json, ret, err);
    if (called == 1)
        *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return called < 0 ? -1 : 0;
}

static void add_clause(struct strbuf *domain, const char *type_clause, const char *column, const char *operator,
                       struct str value)
{
    strbuf_printf(domain, ",[\"contact_mechanisms\",\"where\",[%s,[\"%s\",\"%s\",", type_clause, column, operator);
    json_quote(domain, value);
    strbuf_add_c(domain, "]]]");
}

static int tryton_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                             struct crm_result *ret, struct err *err)
{
    static const char mail[] = "[\"type\",\"=\",\"email\"]",
                      dial[] = "[\"type\",\"in\",[\"phone\",\"mobile\",\"fax\"]]";
    struct crm_tryton_door door;
    const struct contact_value *emails = probe->emails.items, *phones = probe->phones.items;
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    if (probe->emails.n + probe->phones.n == 0) {
        crm_result_records(NULL, 0, arena, ret);
        return 0;
    }
    struct strbuf domain = {.arena = arena};
    strbuf_add_c(&domain, "[\"OR\"");
    /* "_" and "%" in an address only widen the search; the records are compared again here. */
    for (size_t i = 0; i < probe->emails.n; i++)
        add_clause(&domain, mail, "value", "ilike", emails[i].value);
    for (size_t i = 0; i < probe->phones.n; i++) {
        add_clause(&domain, dial, "value_compact", "=", phones[i].value);
        add_clause(&domain, dial, "value", "ilike", crm_digits_pattern(phones[i].value, DIGITS, arena));
    }
    strbuf_add_c(&domain, "]");
    return read_records(&door, strbuf_str(&domain), probe, ret, err) < 0 ? -1 : 0;
}

static int tryton_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                         struct err *err)
{
    struct crm_tryton_door door;
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    if (str_empty(str_trim(text))) {
        crm_result_records(NULL, 0, arena, ret);
        return 0;
    }
    struct str pattern = str_printf(arena, "%%%.*s%%", STR_ARG(str_trim(text)));
    struct strbuf domain = {.arena = arena};
    strbuf_add_c(&domain, "[\"OR\",[\"name\",\"ilike\",");
    json_quote(&domain, pattern);
    strbuf_add_c(&domain, "],[\"addresses.party_name\",\"ilike\",");
    json_quote(&domain, pattern);
    strbuf_add_c(&domain, "]]");
    return read_records(&door, strbuf_str(&domain), NULL, ret, err) < 0 ? -1 : 0;
}

/* The live party: 1, 0 with a result (CRM_GONE when it is deleted or archived), -1 with an error. */
static int fetch(const struct crm_tryton_door *door, struct str remote_id, struct crm_tryton_party *ret_party,
                 struct crm_result *ret, struct err *err)
{
    int64_t id = 0;
    struct json_list parties = {0};
    if (str_to_int(remote_id, 1, INT64_MAX, &id)) {
        struct str domain = str_printf(door->arena, "[[\"id\",\"=\",%lld]]", (long long)id);
        int read = read_parties(door, domain, &parties, ret, err);
        if (read <= 0)
            return read;
    }
    if (parties.n == 0) {
        *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
        return 0;
    }
    *ret_party = *(const struct crm_tryton_party *)parties.items;
    return 1;
}

static void result_one(const struct crm_tryton_door *door, enum crm_outcome outcome,
                       const struct crm_tryton_party *party, struct crm_result *ret)
{
    struct crm_record record = crm_tryton_record(party, door->lent->region, door->arena);
    crm_result_records(&record, 1, door->arena, ret);
    ret->outcome = outcome;
}

static int tryton_get(struct crm_lent *lent, struct str remote_id, struct arena *arena, struct crm_result *ret,
                      struct err *err)
{
    struct crm_tryton_door door;
    struct crm_tryton_party party;
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    int fetched = fetch(&door, remote_id, &party, ret, err);
    if (fetched == 1) {
        result_one(&door, CRM_FOUND, &party, ret);
        ((struct crm_record *)ret->records.items)->image = crm_tryton_image(&party, arena);
    }
    return fetched < 0 ? -1 : 0;
}

static int find_by_marker(const struct crm_tryton_door *door, struct str marker, struct crm_result *ret,
                          struct err *err)
{
    struct strbuf domain = {.arena = door->arena};
    strbuf_add_c(&domain, "[[\"identifiers.code\",\"=\",");
    json_quote(&domain, str_printf(door->arena, "kartei:%.*s", STR_ARG(marker)));
    strbuf_add_c(&domain, "]]");
    return read_records(door, strbuf_str(&domain), NULL, ret, err);
}

static int tryton_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                              struct err *err)
{
    struct crm_tryton_door door;
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    return find_by_marker(&door, marker, ret, err) < 0 ? -1 : 0;
}

/* Looks the countries of a contact's addresses up: 1, 0 with a result, -1 with an error. */
static int look_up(const struct crm_tryton_door *door, const struct contact *contact, struct crm_tryton_lookup *ret,
                   struct crm_result *ret_result, struct err *err)
{
    static const struct json_field rows[] = {
        {.name = "id", .kind = JSON_INT, .offset = offsetof(struct crm_tryton_found_country, id)},
        {.name = "code", .kind = JSON_STR, .offset = offsetof(struct crm_tryton_found_country, code)},
    };
    static const struct json_shape shape = {"TrytonFoundCountry", sizeof(struct crm_tryton_found_country), rows,
                                            ARRAY_LEN(rows), true};
    const struct contact_address *addresses = contact->addresses.items;
    struct strbuf params = {.arena = door->arena};
    size_t n = 0;
    *ret = (struct crm_tryton_lookup){.arena = door->arena, .region = door->lent->region};
    strbuf_add_c(&params, "[[[\"code\",\"in\",[");
    for (size_t i = 0; i < contact->addresses.n; i++) {
        if (str_empty(addresses[i].country))
            continue;
        strbuf_add_c(&params, n++ ? "," : "");
        json_quote(&params, addresses[i].country);
    }
    if (n == 0)
        return 1;
    strbuf_add_c(&params, "]]],0,50,null,[\"code\"],{}]");
    struct str json;
    struct json_list items;
    struct err broken;
    int called = crm_tryton_call(
        door, &(const struct crm_tryton_ask){"model.country.country.search_read", strbuf_str(&params), false}, &json,
        ret_result, err);
    if (called <= 0 || json_items(json, door->arena, &items, &broken) < 0)
        return called;
    struct crm_tryton_found_country *found = arena_array(door->arena, items.n + 1, sizeof *found);
    for (size_t i = 0; i < items.n; i++)
        if (json_read(&shape, ((const struct str *)items.items)[i], door->arena, &found[ret->countries.n], &broken) ==
            0)
            ret->countries.n++;
    ret->countries.items = found;
    return 1;
}

static int tryton_create(struct crm_lent *lent, struct str marker, const struct contact *contact, struct arena *arena,
                         struct crm_result *ret, struct err *err)
{
    struct crm_tryton_door door;
    struct crm_tryton_lookup lookup;
    struct crm_tryton_party party;
    struct id checked;
    struct str json;
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    if (!id_parse(marker, &checked))
        return err_field(err, ERR_INVALID, "/marker", "the marker");
    int found = find_by_marker(&door, marker, ret, err);
    if (found == 1 && ret->records.n > 0) {
        ret->outcome = ret->records.n == 1 ? CRM_CREATED : CRM_MANY;
        return 0;
    }
    if (found == 1)
        found = look_up(&door, contact, &lookup, ret, err);
    if (found <= 0)
        return found;
    struct str object = crm_tryton_new(contact, marker, &lookup);
    int called =
        crm_tryton_call(&door,
                        &(const struct crm_tryton_ask){"model.party.party.create",
                                                       str_printf(arena, "[[%.*s],{}]", STR_ARG(object)), true},
                        &json, ret, err);
    if (called <= 0)
        return called;
    struct str id = str_slice(json, 1, json.n - 1); /* "[17]" */
    struct err ignored;
    if (fetch(&door, id, &party, ret, &ignored) == 1) {
        result_one(&door, CRM_CREATED, &party, ret);
        return 0;
    }
    struct crm_record record = {.remote_id = id, .version = STR(""), .contact = *contact};
    crm_result_records(&record, 1, arena, ret);
    ret->outcome = CRM_CREATED;
    return 0;
}

/* The party if it is still what was seen: 1, 0 with a result, -1 with an error. */
static int fetch_seen(const struct crm_tryton_door *door, const struct crm_update *update,
                      struct crm_tryton_party *ret_party, struct crm_result *ret, struct err *err)
{
    int fetched = fetch(door, update->remote_id, ret_party, ret, err);
    if (fetched <= 0)
        return fetched;
    struct crm_record now = crm_tryton_record(ret_party, door->lent->region, door->arena);
    if (str_eq(now.version, update->version))
        return 1;
    *ret = (struct crm_result){.outcome = CRM_CONFLICT, .not_sent = true};
    return 0;
}

/* After a refusal: when others changed or deleted the record meanwhile, that is the reason to tell. */
static void look_again(const struct crm_tryton_door *door, const struct crm_update *update, struct crm_result *ret)
{
    struct crm_tryton_party party;
    struct crm_result now = {0};
    struct err ignored;
    if (ret->outcome == CRM_REJECTED && fetch_seen(door, update, &party, &now, &ignored) == 0 &&
        (now.outcome == CRM_CONFLICT || now.outcome == CRM_GONE))
        *ret = now;
}

static int tryton_update(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,
                         struct crm_result *ret, struct err *err)
{
    struct crm_tryton_door door;
    struct crm_tryton_party party;
    struct crm_tryton_lookup lookup;
    struct str object, json;
    struct err stale, ignored;
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    int ready = fetch_seen(&door, update, &party, ret, err);
    if (ready == 1)
        ready = look_up(&door, update->after, &lookup, ret, err);
    if (ready <= 0)
        return ready;
    if (crm_tryton_changed(&party, update, &lookup, &object, &stale) < 0) {
        *ret = (struct crm_result){.outcome = CRM_CONFLICT, .not_sent = true};
        return 0;
    }
    if (object.p) {
        struct str params = str_printf(arena, "[[%lld],%.*s,%.*s]", (long long)party.id, STR_ARG(object),
                                       STR_ARG(crm_tryton_stamps(&party, arena)));
        int called = crm_tryton_call(&door, &(const struct crm_tryton_ask){"model.party.party.write", params, true},
                                     &json, ret, err);
        if (called == 0)
            look_again(&door, update, ret);
        if (called <= 0)
            return called;
    }
    if (fetch(&door, update->remote_id, &party, ret, &ignored) == 1) {
        result_one(&door, CRM_UPDATED, &party, ret);
        return 0;
    }
    struct crm_record record = {.remote_id = update->remote_id, .version = STR(""), .contact = *update->after};
    crm_result_records(&record, 1, arena, ret);
    ret->outcome = CRM_UPDATED;
    return 0;
}

static int tryton_remove(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,
                         struct crm_result *ret, struct err *err)
{
    struct crm_tryton_door door;
    struct crm_tryton_party party;
    struct str json;
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    int ready = fetch_seen(&door, update, &party, ret, err);
    if (ready <= 0)
        return ready;
    struct str params =
        str_printf(arena, "[[%lld],%.*s]", (long long)party.id, STR_ARG(crm_tryton_stamps(&party, arena)));
    int called = crm_tryton_call(&door, &(const struct crm_tryton_ask){"model.party.party.delete", params, true}, &json,
                                 ret, err);
    if (called == 1)
        *ret = (struct crm_result){.outcome = CRM_UPDATED};
    return called < 0 ? -1 : 0;
}

static const struct crm_form_field form[] = {
    {.name = "url", .label = "connector.tryton.url", .type = "url", .required = true},
    {.name = "database", .label = "connector.tryton.database", .type = "text", .required = true},
    {.name = "user", .label = "connector.user", .type = "text", .required = true},
    {.name = "password", .label = "connector.password", .type = "password", .secret = true, .required = true},
};

/* job_title and department have no place in a party. */
static const struct crm_map map[] = {
    {"name_prefix", "party.name"},
    {"given_name", "party.name"},
    {"family_name", "party.name"},
    {"name_suffix", "party.name"},
    {"organization", "address.party_name"},
    {"emails", "contact_mechanism email"},
    {"phones", "contact_mechanism phone, mobile, fax"},
    {"urls", "contact_mechanism website"},
    {"addresses", "address"},
};

const struct crm_connector crm_tryton = {
    .kind = "tryton",
    .api = "{url}",
    .name = "Tryton",
    .form = {form, ARRAY_LEN(form)},
    .map = {map, ARRAY_LEN(map)},
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_PARTLY, "reversal.update.archived"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .exact = true,
    .marker = true,
    .test = tryton_test,
    .find_exact = tryton_find_exact,
    .search = tryton_search,
    .get = tryton_get,
    .fields = crm_tryton_fields_of,
    .find_marker = tryton_find_marker,
    .create = tryton_create,
    .update = tryton_update,
    .remove = tryton_remove,
    .changes = crm_tryton_changes,
};
