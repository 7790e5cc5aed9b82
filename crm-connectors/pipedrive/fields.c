/* Fields of persons as Pipedrive describes them. Places are fixed there: lists, one text for the name, one custom field
 * that a setting names; what a mapping can use are the fields that the connector's own places and constants need. */
#include "crm-connectors/mapping/shipped.h"
#include "crm-connectors/pipedrive/parts.h"
#include "crm-connectors/pipedrive/pipedrive.h"

enum { PAGE = 500, PAGES = 8 };

static const struct crm_field_word types[] = {
    {"varchar", CRM_FIELD_TEXT, false},     {"varchar_auto", CRM_FIELD_TEXT, false},
    {"text", CRM_FIELD_LONG_TEXT, false},   {"phone", CRM_FIELD_PHONE, false},
    {"enum", CRM_FIELD_CHOICE, true},       {"set", CRM_FIELD_CHOICES, false},
    {"visible_to", CRM_FIELD_CHOICE, true}, {"double", CRM_FIELD_NUMBER, true},
    {"int", CRM_FIELD_NUMBER, true},        {"monetary", CRM_FIELD_OTHER, false},
    {"date", CRM_FIELD_DATE, false},        {"user", CRM_FIELD_REFERENCE, true},
    {"org", CRM_FIELD_REFERENCE, true},     {"people", CRM_FIELD_REFERENCE, true},
};

static bool choice_of(struct str object, struct arena *arena, struct crm_choice *ret)
{
    static const char *const names[] = {"id", "label"};
    struct str m[ARRAY_LEN(names)];
    struct err ignored;
    if (json_members(object, names, ARRAY_LEN(names), arena, m, &ignored) < 0 || !m[0].p)
        return false;
    *ret = (struct crm_choice){m[0], m[1]};
    return true;
}

/* Only fields of the person itself take constants: values of custom ones lie one level deeper. */
static int field_of(struct str object, struct arena *arena, struct crm_field *ret, struct err *err)
{
    static const char *const names[] = {"field_code", "field_name", "field_type", "is_custom_field"};
    struct str m[ARRAY_LEN(names)], options;
    if (json_members(object, names, ARRAY_LEN(names), arena, m, err) < 0 ||
        json_member(object, "options", arena, &options, err) < 0)
        return -1;
    if (str_empty(m[0]))
        return err_set(err, ERR_BAD_JSON, "%s", "a field without code");
    bool custom = str_eq(m[3], STR("true"));
    *ret = (struct crm_field){.name = m[0],
                              .label = m[1],
                              .type = CRM_FIELD_OTHER,
                              .create = true,
                              .update = true,
                              .custom = custom,
                              .strict = true,
                              .choices = crm_choices_read(options, choice_of, arena)};
    if (!custom)
        crm_field_typed(ret, types, ARRAY_LEN(types), m[2]);
    return 0;
}

static struct str next_cursor(struct str more, struct arena *arena)
{
    static const char *const names[] = {"next_cursor"};
    struct str cursor = STR_NONE;
    struct err ignored;
    if (more.p)
        (void)json_members(more, names, 1, arena, &cursor, &ignored);
    return str_empty(cursor) ? STR_NONE : cursor;
}

/* All pages: 1, 0, -1. */
static int read_all(const struct crm_rest *rest, struct crm_field *all, size_t *n, struct crm_result *ret,
                    struct err *err)
{
    struct str cursor = STR_NONE;
    for (int page = 0; page < PAGES && (page == 0 || cursor.p); page++) {
        struct crm_pipedrive_answer answer;
        struct json_list some;
        struct err broken;
        struct strbuf path = {.arena = rest->arena};
        strbuf_printf(&path, CRM_PIPEDRIVE_V2 "/personFields?limit=%d", PAGE);
        if (cursor.p) {
            strbuf_add_c(&path, "&cursor=");
            crm_rest_escape(&path, cursor);
        }
        const struct crm_call call = {.method = "GET", .path = strbuf_str(&path)};
        int r = crm_pipedrive_ask(rest, &call, &answer, ret, err);
        if (r < 1)
            return r;
        if (!answer.data.p || crm_fields_read(answer.data, field_of, rest->arena, &some, &broken) < 0 ||
            *n + some.n > CRM_FIELDS_MAX) {
            crm_rest_broken(false, ret);
            return 0;
        }
        memcpy(all + *n, some.items, some.n * sizeof *all);
        *n += some.n;
        cursor = next_cursor(answer.more, rest->arena);
    }
    return 1;
}

/* The connector's own places under the names that its map has: the field that a setting names can vanish, those of the
 * person cannot. */
static void add_places(const struct crm_rest *rest, struct crm_field *all, size_t *n)
{
    struct json_list shipped = crm_fields_shipped(&crm_pipedrive, rest->arena), known = {all, *n};
    struct str title = crm_pipedrive_title_field(rest);
    bool lost = title.p && !crm_field_find(known, title);
    for (size_t i = 0; i < shipped.n && *n < CRM_FIELDS_MAX; i++) {
        const struct crm_field *place = (const struct crm_field *)shipped.items + i;
        bool is_title = str_eq(place->name, STR("job title"));
        if (!crm_field_find(known, place->name) && !(is_title && lost))
            all[(*n)++] = *place;
    }
}

int crm_pipedrive_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret,
                         struct json_list *ret_fields, struct err *err)
{
    struct crm_field *all = arena_array(arena, CRM_FIELDS_MAX + 1, sizeof *all);
    struct crm_rest rest;
    size_t n = 0;
    if (crm_pipedrive_open(lent, arena, &rest, err) < 0)
        return -1;
    int r = read_all(&rest, all, &n, ret, err);
    if (r < 1)
        return r;
    add_places(&rest, all, &n);
    *ret_fields = (struct json_list){all, n};
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}
