/* A person of Pipedrive as a contact, and back: one text for the name, lists of addresses and numbers that are written
 * whole with everything others keep in them, a custom field for the job title. Pure, no network. */
#include "contact/diff.h"
#include "contact/phone.h"
#include "crm-connectors/pipedrive/parts.h"

enum { KEY_LENGTH = 40 };

const struct crm_map crm_pipedrive_map_rows[CRM_PIPEDRIVE_FIELDS] = {
    {"given_name", "name"},     {"family_name", "name"},    {"job_title", "job title"},
    {"organization", "org_id"}, {"emails", "emails", true}, {"phones", "phones", true},
};
const struct crm_map_list crm_pipedrive_map = {crm_pipedrive_map_rows, CRM_PIPEDRIVE_FIELDS};

bool crm_pipedrive_is_key(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!((name.p[i] >= '0' && name.p[i] <= '9') || (name.p[i] >= 'a' && name.p[i] <= 'f')))
            return false;
    return name.n == KEY_LENGTH;
}

struct str crm_pipedrive_marker_field(const struct crm_rest *rest)
{
    return crm_records_setting(rest->lent->settings, "marker_field", rest->arena);
}

struct str crm_pipedrive_title_field(const struct crm_rest *rest)
{
    return crm_records_setting(rest->lent->settings, "job_title_field", rest->arena);
}

struct str crm_pipedrive_custom(struct str person, struct str key, struct arena *arena)
{
    const char *name = str_z(arena, key);
    struct str fields = STR_NONE, text = STR_NONE;
    struct err ignored;
    if (json_member(person, "custom_fields", arena, &fields, &ignored) < 0 || !fields.p ||
        json_members(fields, &name, 1, arena, &text, &ignored) < 0)
        return STR_NONE;
    return str_empty(str_trim(text)) ? STR_NONE : str_trim(text);
}

/* ---- Reading ---- */

/* One item of emails or phones. */
struct item {
    struct str value, primary, label;
};

static bool read_item(struct str json, struct arena *arena, struct item *ret)
{
    static const char *const names[] = {"value", "primary", "label"};
    struct str m[ARRAY_LEN(names)];
    struct err ignored;
    if (json_members(json, names, ARRAY_LEN(names), arena, m, &ignored) < 0)
        return false;
    *ret = (struct item){str_trim(m[0]), m[1], m[2]};
    return true;
}

/* struct item, those without a value left out. */
static int read_items(struct str person, const char *list, struct arena *arena, struct json_list *ret, struct err *err)
{
    struct json_list texts = {0};
    struct str json = STR_NONE;
    if (json_member(person, list, arena, &json, err) < 0 || (json.p && json_items(json, arena, &texts, err) < 0))
        return -1;
    struct item *items = arena_array(arena, texts.n + 1, sizeof *items);
    *ret = (struct json_list){items, 0};
    for (size_t i = 0; i < texts.n; i++) {
        if (!read_item(((const struct str *)texts.items)[i], arena, &items[ret->n]))
            return err_set(err, ERR_BAD_JSON, "%s of another shape", list);
        ret->n += str_empty(items[ret->n].value) ? 0 : 1;
    }
    return 0;
}

static struct contact_value value_of(const char *list, const struct item *item, const char *region, struct arena *arena)
{
    struct contact_value value = {.value = item->value, .kind = -1};
    struct str e164 = strcmp(list, "phones") == 0 ? contact_phone_e164(item->value, region, arena) : STR_NONE;
    for (int kind = 0; contact_kind_words[kind]; kind++)
        if (str_eq_nocase(item->label, str_c(contact_kind_words[kind])))
            value.kind = kind;
    if (e164.p) {
        value.value = e164;
        value.raw = str_eq(e164, item->value) ? STR_NONE : item->value;
    }
    return value;
}

/* The main one is our first. */
static void main_first(struct item *items, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (!str_eq(items[i].primary, STR("true")))
            continue;
        const struct item main = items[i];
        memmove(items + 1, items, i * sizeof *items);
        items[0] = main;
        return;
    }
}

static int read_values(const struct crm_rest *rest, struct str person, const char *list, struct json_list *ret,
                       struct err *err)
{
    struct json_list items;
    if (read_items(person, list, rest->arena, &items, err) < 0)
        return -1;
    main_first(items.items, items.n);
    struct contact_value *values = arena_array(rest->arena, items.n + 1, sizeof *values);
    for (size_t i = 0; i < items.n; i++)
        values[i] = value_of(list, (const struct item *)items.items + i, rest->lent->region, rest->arena);
    *ret = (struct json_list){values, items.n};
    return 0;
}

/* First and last name as Pipedrive divides the name; all of it is the last one when it does not. */
static void read_name(const struct str *first, const struct str *last, struct str whole, struct contact *contact)
{
    contact->given_name = str_empty(str_trim(*first)) ? STR_NONE : str_trim(*first);
    contact->family_name = str_empty(str_trim(*last)) ? STR_NONE : str_trim(*last);
    if (!contact->given_name.p && !contact->family_name.p && !str_empty(str_trim(whole)))
        contact->family_name = str_trim(whole);
}

enum member { ID, NAME, FIRST, LAST, TITLE, EMPLOYER, EMPLOYER_ID, DELETED, UPDATED, MEMBERS };

int crm_pipedrive_read(const struct crm_rest *rest, struct str person, struct crm_record *record, struct err *err)
{
    static const char *const names[MEMBERS] = {"id",       "name",   "first_name", "last_name",  "job_title",
                                               "org_name", "org_id", "is_deleted", "update_time"};
    struct str m[MEMBERS], title = crm_pipedrive_title_field(rest);
    int64_t id;
    if (json_members(person, names, MEMBERS, rest->arena, m, err) < 0 ||
        read_values(rest, person, "emails", &record->contact.emails, err) < 0 ||
        read_values(rest, person, "phones", &record->contact.phones, err) < 0)
        return -1;
    if (!str_to_int(m[ID], 1, INT64_MAX, &id) || str_empty(m[UPDATED]))
        return err_set(err, ERR_BAD_JSON, "%s", "a person without id or stamp");
    read_name(&m[FIRST], &m[LAST], m[NAME], &record->contact);
    record->contact.organization = str_empty(m[EMPLOYER]) ? STR_NONE : m[EMPLOYER];
    record->company = str_empty(m[EMPLOYER_ID]) ? STR_NONE : m[EMPLOYER_ID];
    record->contact.job_title = crm_pipedrive_is_key(title) ? crm_pipedrive_custom(person, title, rest->arena)
                                : str_empty(m[TITLE])       ? STR_NONE
                                                            : m[TITLE];
    record->remote_id = m[ID];
    /* The stamp has whole seconds: two changes within one differ by what they wrote. */
    record->version =
        str_printf(rest->arena, "%.*s/%.*s", STR_ARG(m[UPDATED]), STR_ARG(crm_records_hash(person, rest->arena)));
    /* Owners are ids here, whose names another request would tell. */
    record->custody = contact_custody_of(STR_NONE, m[UPDATED], STR_NONE, rest->arena);
    record->deleted = str_eq(m[DELETED], STR("true"));
    return 0;
}

/* ---- Writing ---- */

static void add_name(struct strbuf *members, const char *name)
{
    strbuf_printf(members, "%s\"%s\":", members->n ? "," : "", name);
}

/* Labels that people can choose there; a fax is another number. */
static struct str label_of(int kind)
{
    if (kind < 0)
        kind = CONTACT_WORK;
    return str_c(contact_kind_words[kind == CONTACT_FAX ? CONTACT_OTHER : kind]);
}

/* A list that is written. */
struct writing {
    const char *list;
    const char *region;
    struct arena *arena;
    struct item *items;
    size_t n;
};

static struct item *holder(const struct writing *w, const struct contact_value *value)
{
    struct str field = str_c(w->list), key = contact_value_key(field, value->value, w->arena);
    for (size_t i = 0; i < w->n; i++) {
        struct contact_value there = value_of(w->list, &w->items[i], w->region, w->arena);
        if (w->items[i].value.n && str_eq(contact_value_key(field, there.value, w->arena), key))
            return &w->items[i];
    }
    return NULL;
}

static void write_value(struct writing *w, const struct contact_value *before, const struct contact_value *after)
{
    struct item *place = before ? holder(w, before) : NULL;
    if (place && after) {
        place->value = after->value;
        place->label = before->kind == after->kind ? place->label : label_of(after->kind);
    } else if (place) {
        place->value = STR_NONE;
    } else if (after && !holder(w, after)) {
        w->items[w->n++] = (struct item){after->value, STR("false"), label_of(after->kind)};
    }
}

static void write_main(struct writing *w, const struct contact_value *main)
{
    const struct item *found = main ? holder(w, main) : NULL;
    for (size_t i = 0; found && i < w->n; i++)
        w->items[i].primary = &w->items[i] == found ? STR("true") : STR("false");
}

/* One is the main one: the one that was, else the first. */
static void add_items(struct strbuf *out, const struct item *items, size_t n)
{
    size_t main = n, first = n;
    for (size_t i = n; i > 0; i--) {
        first = items[i - 1].value.n ? i - 1 : first;
        main = items[i - 1].value.n && str_eq(items[i - 1].primary, STR("true")) ? i - 1 : main;
    }
    main = main < n ? main : first;
    strbuf_add_c(out, "[");
    for (size_t i = 0; i < n; i++) {
        if (!items[i].value.n)
            continue;
        strbuf_add_c(out, i == first ? "{\"value\":" : ",{\"value\":");
        json_quote(out, items[i].value);
        strbuf_printf(out, ",\"primary\":%s,\"label\":", i == main ? "true" : "false");
        json_quote(out, items[i].label.p ? items[i].label : STR(""));
        strbuf_add_c(out, "}");
    }
    strbuf_add_c(out, "]");
}

/* The list whole, since Pipedrive replaces it: what others keep in it goes along. */
static int write_list(const struct crm_slots_change *change, const struct crm_change *field, struct strbuf *members,
                      struct err *err)
{
    const struct crm_value_change *values = field->values.items;
    struct writing w = {.list = field->field->name, .region = change->region, .arena = members->arena};
    struct json_list live;
    if (read_items(change->live, w.list, w.arena, &live, err) < 0)
        return -1;
    w.n = live.n;
    w.items = arena_array(w.arena, live.n + field->values.n + 1, sizeof *w.items);
    if (live.n)
        memcpy(w.items, live.items, live.n * sizeof *w.items);
    for (size_t i = 0; i < field->values.n; i++)
        write_value(&w, values[i].before, values[i].after);
    write_main(&w, field->main);
    add_name(members, w.list);
    add_items(members, w.items, w.n);
    return 0;
}

/* Pipedrive wants a name: the employer's when the person has none. */
static void write_name(const struct contact *after, struct strbuf *members)
{
    struct arena *arena = members->arena;
    struct str name = str_trim(str_printf(arena, "%.*s %.*s", STR_ARG(after->given_name), STR_ARG(after->family_name)));
    if (str_empty(name))
        name = contact_display_name(after, arena);
    if (str_empty(name))
        return;
    add_name(members, "name");
    json_quote(members, name);
}

static void write_title(const struct crm_rest *rest, struct str title, struct strbuf *members, struct crm_result *ret)
{
    struct str field = crm_pipedrive_title_field(rest);
    if (!field.p) {
        if (title.p)
            crm_records_leave(rest, title, ret);
        return;
    }
    bool custom = crm_pipedrive_is_key(field);
    add_name(members, custom ? "custom_fields" : "job_title");
    if (custom)
        strbuf_printf(members, "{\"%.*s\":", STR_ARG(field));
    json_quote(members, title);
    strbuf_add_c(members, custom ? "}" : "");
}

int crm_pipedrive_write(const struct crm_rest *rest, const struct crm_slots_change *change, struct strbuf *members,
                        struct crm_result *ret, struct err *err)
{
    struct json_list fields = crm_changes(&crm_pipedrive_map, change->before, change->after, rest->arena);
    bool named = false;
    for (size_t i = 0; i < fields.n; i++) {
        const struct crm_change *field = (const struct crm_change *)fields.items + i;
        const char *name = field->field->name;
        if (field->field->kind == CONTACT_FIELD_VALUES && write_list(change, field, members, err) < 0)
            return -1;
        if (strcmp(name, "job_title") == 0)
            write_title(rest, field->after, members, ret);
        named = named || strcmp(name, "given_name") == 0 || strcmp(name, "family_name") == 0;
    }
    if (named || str_eq(change->live, STR("{}")))
        write_name(change->after, members);
    return 1;
}
