/* What Tryton is to write: a new party, and the commands ("create", "write") that change rows of one. Removed rows are
 * archived, not deleted, so that nothing else that stands in them is lost. */
#include "contact/diff.h"
#include "crm-connectors/tryton/tryton.h"

/* Commands for one list of rows of a party, as they come: [["create",[{…}]],["write",[7],{…}]] */
struct commands {
    struct strbuf json;
    size_t n;
};

/* What is being written. */
struct writer {
    const struct crm_tryton_lookup *lookup;
    const struct crm_tryton_party *party; /* NULL for a new one */
    const struct crm_tryton_party *image; /* whose rows come back, or NULL */
    struct commands mechanisms, addresses;
    bool *mechanism_used, *address_used;
    bool *mechanism_back, *address_back; /* rows of the image that are back */
    struct str letter;                   /* organisation that still has to find an address */
};

static void add_member(struct strbuf *json, const char *name, struct str value)
{
    strbuf_printf(json, "%s\"%s\":", json->n && json->p[json->n - 1] != '{' ? "," : "", name);
    json_quote(json, str_empty(value) ? STR_NONE : value);
}

static void add_create(struct commands *commands, struct str object)
{
    strbuf_printf(&commands->json, "%s[\"create\",[%.*s]]", commands->n++ ? "," : "", STR_ARG(object));
}

static void add_write(struct commands *commands, int64_t id, struct str object)
{
    strbuf_printf(&commands->json, "%s[\"write\",[%lld],%.*s]", commands->n++ ? "," : "", (long long)id,
                  STR_ARG(object));
}

static struct str row_object(struct str type, struct str value, struct arena *arena)
{
    struct strbuf json = {.arena = arena};
    strbuf_add_c(&json, "{");
    add_member(&json, "type", type);
    add_member(&json, "value", value);
    strbuf_add_c(&json, "}");
    return strbuf_str(&json);
}

static struct str value_object(const char *field, const struct contact_value *value, struct arena *arena)
{
    return row_object(crm_tryton_type(field, value->kind), value->value, arena);
}

static int64_t country_id(const struct crm_tryton_lookup *lookup, struct str code)
{
    const struct crm_tryton_found_country *found = lookup->countries.items;
    for (size_t i = 0; i < lookup->countries.n; i++)
        if (str_eq_nocase(found[i].code, code))
            return found[i].id;
    return 0;
}

/* The members in which an address differs from what stands there (`before` all absent: the new ones). A country that
 * this database has not got stays as it is. */
static void add_address(struct strbuf *json, const struct contact_address *before, const struct contact_address *after,
                        const struct crm_tryton_lookup *lookup)
{
    if (!str_eq(before->street, after->street))
        add_member(json, "street", after->street);
    if (!str_eq(before->postal_code, after->postal_code))
        add_member(json, "postal_code", after->postal_code);
    if (!str_eq(before->city, after->city))
        add_member(json, "city", after->city);
    int64_t country = country_id(lookup, after->country);
    if (!str_eq(before->country, after->country) && (country || str_empty(after->country)))
        strbuf_printf(json, country ? "%s\"country\":%lld" : "%s\"country\":null",
                      json->p[json->n - 1] != '{' ? "," : "", (long long)country);
}

static void create_address(struct writer *w, const struct contact_address *address)
{
    static const struct contact_address nothing = {0};
    struct strbuf json = {.arena = w->lookup->arena};
    strbuf_add_c(&json, "{");
    if (w->letter.p)
        add_member(&json, "party_name", w->letter);
    w->letter = STR_NONE;
    add_address(&json, &nothing, address ? address : &nothing, w->lookup);
    strbuf_add_c(&json, "}");
    add_create(&w->addresses, strbuf_str(&json));
}

static void finish_list(struct strbuf *json, const char *name, const struct commands *commands)
{
    if (commands->n > 0)
        strbuf_printf(json, "%s\"%s\":[%.*s]", json->p[json->n - 1] != '{' ? "," : "", name,
                      STR_ARG(strbuf_str(&commands->json)));
}

struct str crm_tryton_new(const struct contact *contact, struct str marker, const struct crm_tryton_lookup *lookup)
{
    struct arena *arena = lookup->arena;
    struct writer w = {.lookup = lookup, .letter = crm_tryton_letter(contact)};
    w.mechanisms.json.arena = w.addresses.json.arena = arena;
    static const char *const fields[] = {"emails", "phones", "urls"};
    for (size_t k = 0; k < ARRAY_LEN(fields); k++) {
        const struct json_list *list =
            (const void *)((const char *)contact + contact_field_find(str_c(fields[k]))->offset);
        for (size_t i = 0; i < list->n; i++)
            add_create(&w.mechanisms, value_object(fields[k], &((const struct contact_value *)list->items)[i], arena));
    }
    for (size_t i = 0; i < contact->addresses.n; i++)
        create_address(&w, &((const struct contact_address *)contact->addresses.items)[i]);
    if (w.letter.p)
        create_address(&w, NULL);
    struct strbuf json = {.arena = arena};
    strbuf_add_c(&json, "{");
    add_member(&json, "name", crm_tryton_name(contact, arena));
    strbuf_add_c(&json, ",\"identifiers\":[[\"create\",[{");
    add_member(&json, "code", str_printf(arena, "kartei:%.*s", STR_ARG(marker)));
    strbuf_add_c(&json, "}]]]");
    finish_list(&json, "contact_mechanisms", &w.mechanisms);
    finish_list(&json, "addresses", &w.addresses);
    strbuf_add_c(&json, "}");
    return strbuf_str(&json);
}

/* The row of a party that says the value, each row once; NULL when it is not there. */
static const struct crm_tryton_mechanism *find_row(const struct writer *w, const struct crm_tryton_party *party,
                                                   bool *used, const char *field, const struct contact_value *wanted)
{
    const struct crm_tryton_mechanism *rows = party->mechanisms.items;
    struct arena *arena = w->lookup->arena;
    struct str key = contact_value_key(str_c(field), wanted->value, arena);
    for (size_t i = 0; i < party->mechanisms.n; i++) {
        struct contact_value value;
        const char *of;
        if (used[i] || !crm_tryton_value(&rows[i], w->lookup->region, arena, &of, &value) || strcmp(of, field) != 0 ||
            !str_eq(contact_value_key(str_c(field), value.value, arena), key))
            continue;
        used[i] = true;
        return &rows[i];
    }
    return NULL;
}

static bool mechanism_lives(const struct writer *w, int64_t id)
{
    const struct crm_tryton_mechanism *rows = w->party->mechanisms.items;
    for (size_t i = 0; i < w->party->mechanisms.n; i++)
        if (rows[i].id == id)
            return true;
    return false;
}

/* A value goes back to the row that it stood in, with all else that others keep there: that row is archived (then it is
 * used again, and `row` goes), or `row` itself. */
static void restore_value(struct writer *w, const struct crm_tryton_mechanism *row,
                          const struct crm_tryton_mechanism *was)
{
    struct str object = row_object(was->type, was->value, w->lookup->arena);
    bool lives = mechanism_lives(w, was->id);
    if (row && !lives)
        add_write(&w->mechanisms, row->id, STR("{\"active\":false}"));
    if (!lives)
        add_write(&w->mechanisms, was->id,
                  str_printf(w->lookup->arena, "{\"active\":true,%.*s", STR_ARG(str_slice(object, 1, object.n))));
    else if (!row)
        add_create(&w->mechanisms, object);
    else
        add_write(&w->mechanisms, row->id, object);
}

static int change_value(struct writer *w, const char *field, const struct crm_value_change *change, struct err *err)
{
    const struct contact_value *before = change->before, *after = change->after;
    const struct crm_tryton_mechanism *row = before ? find_row(w, w->party, w->mechanism_used, field, before) : NULL;
    const struct crm_tryton_mechanism *was =
        after && w->image ? find_row(w, w->image, w->mechanism_back, field, after) : NULL;
    if (before && !row)
        return err_set(err, ERR_STALE, "%s", "");
    if (!after) {
        if (row)
            add_write(&w->mechanisms, row->id, STR("{\"active\":false}"));
        return 0;
    }
    if (was) {
        restore_value(w, row, was);
        return 0;
    }
    struct str object = value_object(field, after, w->lookup->arena);
    if (!row)
        add_create(&w->mechanisms, object);
    else if (!str_eq(before->value, after->value) || !str_eq(row->type, crm_tryton_type(field, after->kind)))
        add_write(&w->mechanisms, row->id, object);
    return 0;
}

static const struct crm_tryton_address *find_address(const struct writer *w, const struct crm_tryton_party *party,
                                                     bool *used, const struct contact_address *wanted)
{
    const struct crm_tryton_address *rows = party->addresses.items;
    struct str key = contact_address_key(wanted, w->lookup->arena);
    for (size_t i = 0; i < party->addresses.n; i++) {
        struct contact_address address = crm_tryton_address_of(&rows[i]);
        if (used[i] || !str_eq(contact_address_key(&address, w->lookup->arena), key))
            continue;
        used[i] = true;
        return &rows[i];
    }
    return NULL;
}

/* Index of the living address with the id, or -1. */
static ptrdiff_t address_of(const struct writer *w, int64_t id)
{
    const struct crm_tryton_address *rows = w->party->addresses.items;
    for (size_t i = 0; i < w->party->addresses.n; i++)
        if (rows[i].id == id)
            return (ptrdiff_t)i;
    return -1;
}

/* An address that went comes back in its own row: archived, or emptied because it said the organisation too. */
static void restore_address(struct writer *w, const struct crm_tryton_address *was, const struct contact_address *after)
{
    static const struct contact_address nothing = {0};
    struct strbuf json = {.arena = w->lookup->arena};
    ptrdiff_t lives = address_of(w, was->id);
    strbuf_add_c(&json, "{");
    if (lives >= 0)
        w->address_used[lives] = true;
    else
        strbuf_add_c(&json, "\"active\":true");
    if (w->letter.p && !str_empty(was->party_name)) {
        add_member(&json, "party_name", w->letter);
        w->letter = STR_NONE;
    }
    add_address(&json, &nothing, after, w->lookup);
    strbuf_add_c(&json, "}");
    add_write(&w->addresses, was->id, strbuf_str(&json));
}

static int change_address(struct writer *w, const struct crm_value_change *change, struct err *err)
{
    const struct crm_tryton_address *row =
        change->before ? find_address(w, w->party, w->address_used, change->before) : NULL;
    const struct crm_tryton_address *was =
        change->after && w->image ? find_address(w, w->image, w->address_back, change->after) : NULL;
    if (change->before && !row)
        return err_set(err, ERR_STALE, "%s", "");
    if (!row && was) {
        restore_address(w, was, change->after);
        return 0;
    }
    if (!row) {
        create_address(w, change->after);
        return 0;
    }
    struct strbuf json = {.arena = w->lookup->arena};
    strbuf_add_c(&json, "{");
    if (change->after)
        add_address(&json, change->before, change->after, w->lookup);
    else if (str_empty(row->party_name))
        strbuf_add_c(&json, "\"active\":false");
    else /* the row also says the organisation: only the place goes */
        strbuf_add_c(&json, "\"street\":null,\"postal_code\":null,\"city\":null,\"country\":null");
    strbuf_add_c(&json, "}");
    if (json.n > 2)
        add_write(&w->addresses, row->id, strbuf_str(&json));
    return 0;
}

/* The row that said the organisation before, or NULL. */
static const struct crm_tryton_address *letter_was(const struct writer *w)
{
    const struct crm_tryton_address *rows = w->image ? w->image->addresses.items : NULL;
    for (size_t i = 0; rows && i < w->image->addresses.n; i++)
        if (!str_empty(rows[i].party_name))
            return &rows[i];
    return NULL;
}

/* The organisation goes back to its row, else to the row that says one, else to the first, else to an address that is
 * being made. */
static void change_letter(struct writer *w, struct str before, struct str after)
{
    const struct crm_tryton_address *rows = w->party->addresses.items, *row = NULL, *was = letter_was(w);
    size_t n = rows ? w->party->addresses.n : 0;
    if (str_eq(before, after))
        return;
    ptrdiff_t lives = was ? address_of(w, was->id) : -1;
    if (lives >= 0 && (size_t)lives < n)
        row = &rows[lives];
    for (size_t i = 0; i < n && !row; i++)
        if (!str_empty(rows[i].party_name))
            row = &rows[i];
    if (!row && !was && n > 0)
        row = &rows[0];
    if (!row) {
        w->letter = after;
        return;
    }
    struct strbuf json = {.arena = w->lookup->arena};
    strbuf_add_c(&json, "{");
    add_member(&json, "party_name", after);
    strbuf_add_c(&json, "}");
    add_write(&w->addresses, row->id, strbuf_str(&json));
}

/* Tryton checks stamps only of rows that it writes: the untouched ones are written without a change, so that a change
 * by others to any of them is a conflict. */
static void guard_rows(struct writer *w)
{
    const struct crm_tryton_mechanism *mechanisms = w->party->mechanisms.items;
    const struct crm_tryton_address *addresses = w->party->addresses.items;
    for (size_t i = 0; i < w->party->mechanisms.n; i++)
        if (!w->mechanism_used[i])
            add_write(&w->mechanisms, mechanisms[i].id, STR("{}"));
    for (size_t i = 0; i < w->party->addresses.n; i++)
        if (!w->address_used[i])
            add_write(&w->addresses, addresses[i].id, STR("{}"));
}

static int change_lists(struct writer *w, const struct crm_update *update, struct err *err)
{
    struct json_list list = w->image
                                ? crm_changes_back(&crm_tryton.map, update->before, update->after, w->lookup->arena)
                                : crm_changes(&crm_tryton.map, update->before, update->after, w->lookup->arena);
    const struct crm_change *changes = list.items;
    for (size_t i = 0; i < list.n; i++) {
        const struct crm_value_change *values = changes[i].values.items;
        bool place = changes[i].field->kind == CONTACT_FIELD_ADDRESSES;
        for (size_t k = 0; k < changes[i].values.n; k++) {
            int rc =
                place ? change_address(w, &values[k], err) : change_value(w, changes[i].field->name, &values[k], err);
            if (rc < 0)
                return -1;
        }
    }
    if (w->letter.p)
        create_address(w, NULL);
    return 0;
}

int crm_tryton_changed(const struct crm_tryton_party *party, const struct crm_update *update,
                       const struct crm_tryton_lookup *lookup, struct str *ret_json, struct err *err)
{
    struct arena *arena = lookup->arena;
    struct crm_tryton_party image;
    struct writer w = {.lookup = lookup, .party = party};
    struct err unreadable;
    w.mechanisms.json.arena = w.addresses.json.arena = arena;
    w.mechanism_used = arena_array(arena, party->mechanisms.n + 1, sizeof(bool));
    w.address_used = arena_array(arena, party->addresses.n + 1, sizeof(bool));
    if (update->image.p && crm_tryton_read_party(update->image, arena, &image, &unreadable) == 0) {
        w.image = &image;
        w.mechanism_back = arena_array(arena, image.mechanisms.n + 1, sizeof(bool));
        w.address_back = arena_array(arena, image.addresses.n + 1, sizeof(bool));
    }
    change_letter(&w, crm_tryton_letter(update->before), crm_tryton_letter(update->after));
    if (change_lists(&w, update, err) < 0)
        return -1;
    struct str before = crm_tryton_name(update->before, arena), after = crm_tryton_name(update->after, arena);
    struct strbuf json = {.arena = arena};
    strbuf_add_c(&json, "{");
    bool renamed = !str_eq(before, after);
    if (renamed)
        add_member(&json, "name", w.image ? w.image->name : after);
    if (renamed || w.mechanisms.n + w.addresses.n > 0)
        guard_rows(&w);
    finish_list(&json, "contact_mechanisms", &w.mechanisms);
    finish_list(&json, "addresses", &w.addresses);
    strbuf_add_c(&json, "}");
    *ret_json = json.n > 2 ? strbuf_str(&json) : STR_NONE;
    return 0;
}

static void add_stamp(struct strbuf *json, const char *model, int64_t id, struct str stamp)
{
    strbuf_printf(json, "%s\"%s,%lld\":", json->p[json->n - 1] != '{' ? "," : "", model, (long long)id);
    json_quote(json, stamp);
}

struct str crm_tryton_stamps(const struct crm_tryton_party *party, struct arena *arena)
{
    const struct crm_tryton_mechanism *mechanisms = party->mechanisms.items;
    const struct crm_tryton_address *addresses = party->addresses.items;
    struct strbuf json = {.arena = arena};
    strbuf_add_c(&json, "{\"_timestamp\":{");
    add_stamp(&json, "party.party", party->id, party->stamp);
    for (size_t i = 0; i < party->mechanisms.n; i++)
        add_stamp(&json, "party.contact_mechanism", mechanisms[i].id, mechanisms[i].stamp);
    for (size_t i = 0; i < party->addresses.n; i++)
        add_stamp(&json, "party.address", addresses[i].id, addresses[i].stamp);
    strbuf_add_c(&json, "}}");
    return strbuf_str(&json);
}
