/* The mapping's document, and what connectors make of it; see mapping.h. */
#include "crm-connectors/mapping/mapping.h"

#include "crm-connectors/mapping/ours.h"

const char *const crm_purpose_words[] = {"default", "owner", "record_type", "legal_basis", NULL};

#define ROW(type, member, what, ...)                                                                                   \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct type, member), __VA_ARGS__                     \
    }

enum { NAME_MAX_BYTES = 120, VALUE_MAX_BYTES = 500 };

static const struct json_field row_rows[] = {
    ROW(crm_mapping_row, ours, STR, .flags = JSON_REQUIRED, .max = 40, .doc = "Our place: job_title, phones.mobile …"),
    ROW(crm_mapping_row, theirs, STR, .flags = JSON_REQUIRED, .max = NAME_MAX_BYTES, .doc = "The CRM's field."),
};
const struct json_shape crm_mapping_row_shape = {"MappingRow", sizeof(struct crm_mapping_row), row_rows,
                                                 ARRAY_LEN(row_rows), false};

static const struct json_field constant_rows[] = {
    ROW(crm_mapping_constant, purpose, WORD, .flags = JSON_REQUIRED, .words = crm_purpose_words),
    ROW(crm_mapping_constant, theirs, STR, .flags = JSON_REQUIRED, .max = NAME_MAX_BYTES, .doc = "The CRM's field."),
    ROW(crm_mapping_constant, value, STR, .flags = JSON_REQUIRED, .max = VALUE_MAX_BYTES,
        .doc = "Written on new records only."),
};
const struct json_shape crm_mapping_constant_shape = {"MappingConstant", sizeof(struct crm_mapping_constant),
                                                      constant_rows, ARRAY_LEN(constant_rows), false};

static const struct json_field doc_rows[] = {
    ROW(crm_mapping_doc, connector, STR, .flags = JSON_REQUIRED, .max = 40, .doc = "Kind of CRM: it fits no other."),
    ROW(crm_mapping_doc, object, STR, .flags = JSON_REQUIRED, .max = 40, .doc = "contact."),
    ROW(crm_mapping_doc, rows, LIST, .shape = &crm_mapping_row_shape, .max = CRM_MAPPING_ROWS,
        .doc = "What is not named here is not transferred."),
    ROW(crm_mapping_doc, constants, LIST, .shape = &crm_mapping_constant_shape, .max = CRM_MAPPING_CONSTANTS,
        .doc = "What new records get besides: defaults, owner, record type, legal basis."),
};
const struct json_shape crm_mapping_doc_shape = {"FieldMapping", sizeof(struct crm_mapping_doc), doc_rows,
                                                 ARRAY_LEN(doc_rows), false};

static struct str object_of(const struct crm_connector *connector)
{
    return connector->object ? str_c(connector->object) : STR("contact");
}

struct crm_mapping_doc crm_mapping_shipped(const struct crm_connector *connector, struct arena *arena)
{
    const struct crm_slots *slots = connector->slots;
    const struct crm_map_list *map = &connector->map;
    struct crm_mapping_row *rows = arena_array(arena, (slots ? slots->n : map->n) + 1, sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; slots && i < slots->n; i++)
        rows[n++] =
            (struct crm_mapping_row){str_c(crm_ours_of_slot(&slots->rows[i])->name), str_c(slots->rows[i].member)};
    for (size_t i = 0; i < map->n; i++)
        if (!slots || (connector->company && strcmp(map->rows[i].remote, connector->company) == 0))
            rows[n++] = (struct crm_mapping_row){str_c(map->rows[i].field), str_c(map->rows[i].remote)};
    return (struct crm_mapping_doc){
        .connector = str_c(connector->kind), .object = object_of(connector), .rows = {rows, n}};
}

/* ---- Making it usable ---- */

struct compiling {
    const struct crm_connector *connector;
    const struct crm_mapping_doc *doc;
    struct arena *arena;
    struct crm_slot *slots;
    size_t n;
    bool company;
    struct str remotes[32]; /* by the order of contact_fields */
};

static int bad_row(size_t at, const char *member, const char *why, struct err *err)
{
    char pointer[40];
    (void)snprintf(pointer, sizeof pointer, "/rows/%zu/%s", at, member);
    return err_field(err, ERR_INVALID, pointer, "%s", why);
}

/* Names go into addresses and queries as they are: nothing else than these may be in one. */
static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '/' ||
              c == '.' || c == '@'))
            return false;
    }
    return name.n > 0;
}

static void note_field(struct compiling *c, struct str field, struct str theirs)
{
    for (size_t i = 0; i < contact_field_count; i++)
        if (str_eq(str_c(contact_fields[i].name), field))
            c->remotes[i] =
                c->remotes[i].p ? str_printf(c->arena, "%.*s, %.*s", STR_ARG(c->remotes[i]), STR_ARG(theirs)) : theirs;
}

/* A field stands where the connector has its place; it can only be left out. */
static int fixed_row(struct compiling *c, size_t at, const struct crm_mapping_row *row, struct err *err)
{
    const struct crm_map *own = crm_map_find(&c->connector->map, row->ours);
    if (!own)
        return bad_row(at, "ours", "no field that this CRM has a place for", err);
    if (!str_eq(str_c(own->remote), row->theirs))
        return bad_row(at, "theirs", "this CRM's places are fixed", err);
    note_field(c, row->ours, row->theirs);
    c->company |= c->connector->company && str_eq(row->theirs, str_c(c->connector->company));
    return 0;
}

static int slot_row(struct compiling *c, size_t at, const struct crm_mapping_row *row, struct err *err)
{
    const struct crm_ours *ours = crm_ours_find(row->ours);
    if (!ours)
        return bad_row(at, "ours", "no place of a contact", err);
    if (!is_name(row->theirs))
        return bad_row(at, "theirs", "not the name of a field", err);
    note_field(c, str_c(crm_ours_field(ours)), row->theirs);
    if (c->connector->company && str_eq(row->theirs, str_c(c->connector->company))) {
        c->company = true;
        return str_eq(row->ours, STR("organization")) ? 0 : bad_row(at, "ours", "this field links the company", err);
    }
    c->slots[c->n] = ours->slot;
    c->slots[c->n++].member = str_z(c->arena, row->theirs);
    return 0;
}

/* No field of theirs holds two of our places; a place of ours has one field unless it may have many. */
static int only_once(const struct compiling *c, size_t at, struct err *err)
{
    const struct crm_mapping_row *rows = c->doc->rows.items;
    const struct crm_ours *ours = crm_ours_find(rows[at].ours);
    bool many = c->connector->slots && ours && ours->many;
    for (size_t i = 0; i < at; i++) {
        if (c->connector->slots && str_eq(rows[i].theirs, rows[at].theirs))
            return bad_row(at, "theirs", "this field holds another place already", err);
        if (!many && str_eq(rows[i].ours, rows[at].ours))
            return bad_row(at, "ours", "this place has a field already", err);
    }
    return 0;
}

static int constants_of(struct compiling *c, struct json_list fields, struct strbuf *out, struct err *err)
{
    const struct crm_mapping_constant *constants = c->doc->constants.items;
    const struct crm_mapping_row *rows = c->doc->rows.items;
    for (size_t i = 0; i < c->doc->constants.n; i++) {
        char pointer[40];
        const struct crm_field *field = crm_field_find(fields, constants[i].theirs);
        bool taken = false;
        (void)snprintf(pointer, sizeof pointer, "/constants/%zu/theirs", i);
        for (size_t k = 0; k < c->doc->rows.n; k++)
            taken = taken || str_eq(rows[k].theirs, constants[i].theirs);
        for (size_t k = 0; k < i; k++)
            taken = taken || str_eq(constants[k].theirs, constants[i].theirs);
        if (!c->connector->constants)
            return err_field(err, ERR_INVALID, pointer, "this CRM takes no fixed values");
        if (taken || !is_name(constants[i].theirs))
            return err_field(err, ERR_INVALID, pointer, taken ? "this field is in use already" : "not a name");
        if (field && field->bare && !crm_field_bare(constants[i].value, c->arena))
            return err_field(err, ERR_INVALID, pointer, "a number, true or false");
        strbuf_printf(out, "%s\"%.*s\":", out->n ? "," : "", STR_ARG(constants[i].theirs));
        if (field && field->bare)
            strbuf_add(out, constants[i].value);
        else
            json_quote(out, constants[i].value);
    }
    return 0;
}

static struct crm_map_list map_of(struct compiling *c)
{
    struct crm_map *rows = arena_array(c->arena, contact_field_count, sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; i < contact_field_count; i++)
        if (c->remotes[i].p) {
            const struct crm_map *own = crm_map_find(&c->connector->map, str_c(contact_fields[i].name));
            rows[n++] = (struct crm_map){contact_fields[i].name, str_z(c->arena, c->remotes[i]), own && own->main};
        }
    return (struct crm_map_list){rows, n};
}

int crm_mapping_compile(const struct crm_connector *connector, const struct crm_mapping_doc *doc,
                        struct json_list fields, struct arena *arena, struct crm_mapping *ret_mapping, struct err *err)
{
    struct compiling c = {.connector = connector, .doc = doc, .arena = arena};
    const struct crm_mapping_row *rows = doc->rows.items;
    struct strbuf constants = {.arena = arena};
    if (!str_eq(doc->connector, str_c(connector->kind)))
        return err_field(err, ERR_INVALID, "/connector", "a mapping for another CRM");
    if (!str_eq(doc->object, object_of(connector)))
        return err_field(err, ERR_INVALID, "/object", "a mapping for another kind of record");
    c.slots = arena_array(arena, doc->rows.n + 1, sizeof *c.slots);
    for (size_t i = 0; i < doc->rows.n; i++)
        if (only_once(&c, i, err) < 0 || (connector->slots ? slot_row : fixed_row)(&c, i, &rows[i], err) < 0)
            return -1;
    if (doc->rows.n == 0)
        return err_field(err, ERR_INVALID, "/rows", "nothing would be transferred");
    if (constants_of(&c, fields, &constants, err) < 0)
        return -1;
    struct crm_map_list *map = arena_one(arena, struct crm_map_list);
    *map = map_of(&c);
    struct crm_mapping mapping = {.map = *map, .company = c.company, .constants = strbuf_str(&constants)};
    if (connector->slots)
        mapping.slots = (struct crm_slots){c.slots, c.n, connector->slots->empty, map, fields};
    *ret_mapping = mapping;
    return 0;
}

struct json_list crm_mapping_fields(const struct crm_mapping_doc *doc, struct json_list all, struct arena *arena)
{
    const struct crm_mapping_row *rows = doc->rows.items;
    const struct crm_mapping_constant *constants = doc->constants.items;
    struct crm_field *kept = arena_array(arena, doc->rows.n + doc->constants.n + 1, sizeof *kept);
    size_t n = 0;
    for (size_t i = 0; i < doc->rows.n + doc->constants.n; i++) {
        struct str name = i < doc->rows.n ? rows[i].theirs : constants[i - doc->rows.n].theirs;
        const struct crm_field *field = crm_field_find(all, name);
        if (field && !crm_field_find((struct json_list){kept, n}, name))
            kept[n++] = *field;
    }
    return (struct json_list){kept, n};
}
