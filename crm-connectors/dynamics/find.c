/* Finding and pulling people in Dataverse. Text functions of $filter take SQL's wildcards there: numbers are found in
 * the spelling of others, and what people type has to be escaped. */
#include "crm-connectors/dynamics/parts.h"

enum { DIGITS = 8, SEARCH_MAX = 50 };

/* Delta tokens live for seven days unless the environment says otherwise. */
#define TOKEN_MS (6 * INT64_C(24) * 3600 * 1000)

static int list_where(const struct crm_rest *rest, struct str filter, const struct contact *probe,
                      struct crm_result *ret, struct err *err)
{
    struct strbuf path = {.arena = rest->arena};
    struct crm_odata_list list;
    strbuf_printf(&path, "/%s?$select=", crm_dynamics_table(rest)->set);
    strbuf_add(&path, crm_dynamics_columns(rest));
    crm_odata_option(&path, "$filter", str_printf(rest->arena, "statecode eq 0 and (%.*s)", STR_ARG(filter)));
    strbuf_printf(&path, "&$top=%d", SEARCH_MAX);
    int r = crm_odata_list(rest, strbuf_str(&path), STR(CRM_DYNAMICS_PREFER), &list, ret, err);
    if (r == 1)
        (void)crm_records_list(crm_dynamics_table(rest)->vendor, rest, list.value, probe, ret);
    return r < 0 ? -1 : 0;
}

static void add_equal(struct strbuf *filter, const char *column, struct str value)
{
    strbuf_printf(filter, "%s%s eq ", filter->n ? " or " : "", column);
    crm_odata_literal(filter, value);
}

static void add_contains(struct strbuf *filter, const char *column, struct str pattern)
{
    strbuf_printf(filter, "%scontains(%s,", filter->n ? " or " : "", column);
    crm_odata_literal(filter, pattern);
    strbuf_add_c(filter, ")");
}

/* Values of one field in all the columns that hold such. */
static void add_values(const struct crm_rest *rest, const char *field, const struct json_list *values,
                       struct strbuf *filter)
{
    const struct crm_slots *slots = crm_records_slots(rest, crm_dynamics_table(rest)->vendor->slots);
    const struct contact_value *all = values->items;
    bool dial = strcmp(field, "phones") == 0;
    for (size_t i = 0; i < values->n; i++) {
        struct str digits = dial ? crm_digits_pattern(all[i].value, DIGITS, rest->arena) : STR_NONE;
        for (size_t k = 0; k < slots->n; k++) {
            if (slots->rows[k].part != CRM_SLOT_VALUE || strcmp(slots->rows[k].field, field) != 0)
                continue;
            if (dial) /* contains() needs no first % */
                add_contains(filter, slots->rows[k].member, str_slice(digits, 1, digits.n));
            else
                add_equal(filter, slots->rows[k].member, all[i].value);
        }
    }
}

int crm_dynamics_find_exact(const struct crm_rest *rest, const struct contact *probe, struct crm_result *ret,
                            struct err *err)
{
    struct strbuf filter = {.arena = rest->arena};
    add_values(rest, "emails", &probe->emails, &filter);
    add_values(rest, "phones", &probe->phones, &filter);
    if (filter.n == 0) {
        crm_result_records(NULL, 0, rest->arena, ret);
        return 0;
    }
    return list_where(rest, strbuf_str(&filter), probe, ret, err);
}

struct str crm_dynamics_plain_pattern(struct str text, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < text.n; i++) {
        bool wild = text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '[';
        strbuf_printf(&out, wild ? "[%c]" : "%c", text.p[i]);
    }
    return strbuf_str(&out);
}

int crm_dynamics_search(const struct crm_rest *rest, struct str text, struct crm_result *ret, struct err *err)
{
    struct strbuf filter = {.arena = rest->arena};
    if (str_empty(str_trim(text))) {
        crm_result_records(NULL, 0, rest->arena, ret);
        return 0;
    }
    struct str pattern = crm_dynamics_plain_pattern(str_trim(text), rest->arena);
    add_contains(&filter, "fullname", pattern);
    add_contains(&filter, crm_dynamics_table(rest)->employer, pattern);
    return list_where(rest, strbuf_str(&filter), NULL, ret, err);
}

int crm_dynamics_changes(const struct crm_rest *rest, struct str cursor, struct crm_page *ret, struct err *err)
{
    const struct crm_odata_pull pull = {
        .vendor = crm_dynamics_table(rest)->vendor,
        .first = str_printf(rest->arena, "/%s?$select=%.*s", crm_dynamics_table(rest)->set,
                            STR_ARG(crm_dynamics_columns(rest))),
        .prefer = STR("odata.track-changes,odata.maxpagesize=200," CRM_DYNAMICS_PREFER),
        .keeps_ms = TOKEN_MS,
    };
    return crm_odata_changes(rest, &pull, cursor, ret, err);
}
