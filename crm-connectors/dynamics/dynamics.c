/* Microsoft Dynamics 365 (Dataverse Web API v9.2): what its tables have in common. The marker is the record's own id:
 * Dataverse takes the id that the client chose, and refuses a second record with it. Writes carry If-Match with the
 * record's ETag. The employer is a record of its own (account): read, linked when exactly one active one has the name,
 * never made. Deactivated contacts, as a merge leaves them, count as deleted. From memory, not tried against a real
 * environment: the codes of a taken id (0x80040237) and of a stale ETag (0x80060882), telephone2 as the private number,
 * formatted values of owner and last user within a delta page. */
#include "crm-connectors/dynamics/dynamics.h"

#include "crm-connectors/dynamics/parts.h"

#define API         "/api/data/" CRM_DYNAMICS_VERSION
#define SHOWN(name) name "@OData.Community.Display.V1.FormattedValue"

const struct crm_dynamics_table *crm_dynamics_table(const struct crm_rest *rest)
{
    return rest->object;
}

struct str crm_dynamics_columns(const struct crm_rest *rest)
{
    struct strbuf out = {.arena = rest->arena};
    const struct crm_dynamics_table *table = crm_dynamics_table(rest);
    strbuf_printf(&out, "%s,", table->id);
    crm_slots_members(crm_records_slots(rest, table->vendor->slots), "", ",", &out);
    strbuf_add_c(&out, "statecode,modifiedon,_ownerid_value,_modifiedby_value");
    if (table->vendor->employer && crm_records_company(rest))
        strbuf_add_c(&out, ",_parentcustomerid_value");
    return strbuf_str(&out);
}

/* A duplicate comes as 500 or 412, depending on the version: the code decides. */
static bool judge(const struct crm_answer *answer, bool changes, struct arena *arena, struct crm_result *ret)
{
    static const struct crm_odata_code codes[] = {
        {"0x80040333", CRM_DUPLICATE}, /* a duplicate rule of the environment */
        {"0x80040237", CRM_DUPLICATE}, /* the id is taken */
        {"0x80060892", CRM_DUPLICATE}, /* an alternate key is taken */
        {"0x80060882", CRM_CONFLICT},  /* the ETag is stale */
        {"0x80040217", CRM_GONE},      {"0x80072321", CRM_QUOTA}, {"0x80072322", CRM_QUOTA},
        {"0x80072326", CRM_QUOTA},     {NULL, CRM_REJECTED},
    };
    crm_odata_judge(answer, changes, codes, arena, ret);
    return true;
}

int crm_dynamics_open(const struct crm_dynamics_table *table, struct crm_lent *lent, struct arena *arena,
                      struct crm_rest *ret_rest, struct err *err)
{
    struct str url = crm_records_setting(lent->settings, "url", arena);
    struct crm_header *headers = arena_array(arena, 2, sizeof *headers);
    if (!url.p)
        return err_field(err, ERR_INVALID, "/settings/url", "the address of the environment");
    if (!lent->bearer)
        return err_set(err, ERR_CRM_REAUTHORISE, "%s", "Microsoft Dynamics 365");
    headers[0] = (struct crm_header){STR("OData-Version"), STR("4.0")};
    headers[1] = (struct crm_header){STR("OData-MaxVersion"), STR("4.0")};
    url.n -= str_ends(url, STR("/")) ? 1 : 0;
    *ret_rest =
        (struct crm_rest){.lent = lent, .arena = arena, .headers = {headers, 2}, .judge = judge, .object = table};
    ret_rest->base = str_printf(arena, "%.*s" API, STR_ARG(url));
    return 0;
}

enum { ID, STATE, EMPLOYER, EMPLOYER_ID, DELETED_ID, REASON, MODIFIED, OWNER, CHANGER, MEMBERS };

int crm_dynamics_read(const struct crm_rest *rest, struct str object, struct crm_record *record, struct err *err)
{
    const struct crm_dynamics_table *table = crm_dynamics_table(rest);
    const char *const names[MEMBERS] = {
        table->id, "statecode",  SHOWN("_parentcustomerid_value"), "_parentcustomerid_value", "id",
        "reason",  "modifiedon", SHOWN("_ownerid_value"),          SHOWN("_modifiedby_value")};
    struct str m[MEMBERS];
    if (json_members(object, names, MEMBERS, rest->arena, m, err) < 0)
        return -1;
    bool removed = !m[ID].p && !str_empty(m[DELETED_ID]) && str_eq(m[REASON], STR("deleted"));
    record->remote_id = removed ? m[DELETED_ID] : m[ID];
    record->version = crm_odata_etag(object, rest->arena);
    record->deleted = removed || (m[STATE].p && !str_eq(m[STATE], STR("0")));
    if (table->vendor->employer && crm_records_company(rest))
        record->contact.organization = str_empty(m[EMPLOYER]) ? STR_NONE : m[EMPLOYER];
    record->kind = table->kind;
    record->company = m[EMPLOYER_ID];
    record->custody = contact_custody_of(m[OWNER], m[MODIFIED], m[CHANGER], rest->arena);
    if (str_empty(record->remote_id) || (!removed && !record->version.p))
        return err_set(err, ERR_BAD_JSON, "%s", "a record without id or ETag");
    return 0;
}

bool crm_dynamics_is_guid(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex)
            return false;
    }
    return text.n == 36;
}

int crm_dynamics_fetch(const struct crm_rest *rest, struct str remote_id, struct str *ret_object,
                       struct crm_result *ret, struct err *err)
{
    struct crm_header headers[] = {{STR("Prefer"), STR(CRM_DYNAMICS_PREFER)}};
    const struct crm_call call = {
        .method = "GET",
        .path = str_printf(rest->arena, "/%s(%.*s)?$select=%.*s", crm_dynamics_table(rest)->set, STR_ARG(remote_id),
                           STR_ARG(crm_dynamics_columns(rest))),
        .headers = {headers, ARRAY_LEN(headers)},
    };
    struct crm_answer answer;
    if (!crm_dynamics_is_guid(remote_id)) {
        *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
        return 0;
    }
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r == 1)
        *ret_object = answer.body;
    return r;
}

static struct str path_of(const struct crm_rest *rest, struct str id)
{
    return str_printf(rest->arena, "/%s(%.*s)", crm_dynamics_table(rest)->set, STR_ARG(id));
}

int crm_dynamics_change(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                        struct str members, struct crm_result *ret, struct err *err)
{
    const struct crm_call call = {
        .method = "PATCH",
        .path = path_of(rest, seen->remote_id),
        .body = str_printf(rest->arena, "{%.*s}", STR_ARG(members)),
    };
    return crm_odata_change(rest, &call, crm_odata_etag(object, rest->arena), ret, err);
}

int crm_dynamics_erase(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                       struct crm_result *ret, struct err *err)
{
    const struct crm_call call = {.method = "DELETE", .path = path_of(rest, seen->remote_id)};
    return crm_odata_change(rest, &call, crm_odata_etag(object, rest->arena), ret, err);
}

int crm_dynamics_post(const struct crm_rest *rest, const struct crm_dynamics_new *new, struct str *ret_id,
                      struct crm_result *ret, struct err *err)
{
    /* Without this header the Web API asks no duplicate rule. */
    struct crm_header headers[] = {{STR("MSCRM.SuppressDuplicateDetection"), STR("false")}};
    const struct crm_call call = {
        .method = "POST",
        .path = str_printf(rest->arena, "/%s", new->set),
        .body = str_printf(rest->arena, "{%.*s%s\"%s\":\"%.*s\"}", STR_ARG(new->members), new->members.n ? "," : "",
                           new->id, STR_ARG(new->marker)),
        .headers = {headers, ARRAY_LEN(headers)},
        .changes = true,
    };
    const struct crm_call look = {
        .method = "GET",
        .path = str_printf(rest->arena, "/%s(%.*s)?$select=%s", new->set, STR_ARG(new->marker), new->id),
    };
    struct crm_answer answer;
    struct crm_result looked;
    if (!crm_dynamics_is_guid(new->marker))
        return err_field(err, ERR_INVALID, "/marker", "a UUID");
    *ret_id = new->marker;
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r == 1 && !crm_answer_header(&answer, "OData-EntityId").p) { /* whoever answered, it was not Dataverse */
        crm_rest_broken(true, ret);
        return 0;
    }
    if (r != 0 || ret->outcome != CRM_DUPLICATE)
        return r;
    /* Perhaps it is our own record that is in the way: an earlier create whose answer was lost. */
    return crm_rest_call(rest, &look, &answer, &looked, err);
}

int crm_dynamics_make(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                      struct crm_result *ret, struct err *err)
{
    const struct crm_dynamics_table *table = crm_dynamics_table(rest);
    const struct crm_dynamics_new new = {table->set, table->id, marker, members};
    return crm_dynamics_post(rest, &new, ret_id, ret, err);
}

/* An action of no table's own; the loser is deactivated. What the kept one has is never overwritten. */
int crm_dynamics_merge(const struct crm_rest *rest, const struct crm_record *keep, const struct crm_record *give,
                       struct str *ret_id, struct crm_result *ret, struct err *err)
{
    static const char entity[] = "{\"@odata.type\":\"Microsoft.Dynamics.CRM.%s\",\"%s\":\"%.*s\"}";
    const struct crm_dynamics_table *table = crm_dynamics_table(rest);
    struct strbuf body = {.arena = rest->arena};
    struct crm_answer answer;
    strbuf_add_c(&body, "{\"Target\":");
    strbuf_printf(&body, entity, table->name, table->id, STR_ARG(keep->remote_id));
    strbuf_add_c(&body, ",\"Subordinate\":");
    strbuf_printf(&body, entity, table->name, table->id, STR_ARG(give->remote_id));
    strbuf_add_c(&body, ",\"PerformParentingChecks\":false}");
    const struct crm_call call = {.method = "POST", .path = STR("/Merge"), .body = strbuf_str(&body), .changes = true};
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r < 1)
        return r;
    if (answer.status != 204) { /* whoever answered, it was not Dataverse */
        crm_rest_broken(true, ret);
        return 0;
    }
    *ret_id = keep->remote_id;
    return 1;
}

int crm_dynamics_find_marker(const struct crm_rest *rest, struct str marker, struct crm_result *ret, struct err *err)
{
    if (crm_records_get(crm_dynamics_table(rest)->vendor, rest, marker, ret, err) < 0)
        return -1;
    if (ret->outcome == CRM_GONE)
        crm_result_records(NULL, 0, rest->arena, ret);
    return 0;
}

/* Signed in is not enough: the table has to be tracked, or no pull after the first one would end. */
int crm_dynamics_test(const struct crm_rest *rest, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"ChangeTrackingEnabled", "IsOptimisticConcurrencyEnabled"};
    const struct crm_call call = {
        .method = "GET",
        .path = str_printf(rest->arena,
                           "/EntityDefinitions(LogicalName='%s')"
                           "?$select=ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled",
                           crm_dynamics_table(rest)->name),
    };
    struct str m[ARRAY_LEN(names)];
    struct crm_answer answer;
    struct err broken;
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r == 0 && ret->outcome == CRM_GONE)
        ret->outcome = CRM_REJECTED;
    if (r < 1)
        return r;
    if (json_members(answer.body, names, ARRAY_LEN(names), rest->arena, m, &broken) < 0 || !m[0].p || !m[1].p) {
        crm_rest_broken(false, ret);
        return 0;
    }
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    if (str_eq(m[0], STR("true")) && str_eq(m[1], STR("true")))
        return 0;
    ret->outcome = CRM_REJECTED;
    ret->sentence =
        str_printf(rest->arena, "The table %s needs change tracking and optimistic concurrency switched on.",
                   crm_dynamics_table(rest)->name);
    return 0;
}
