/* Microsoft Dynamics 365 (Dataverse Web API v9.2): contacts. The marker is the contact's own id: Dataverse takes the
 * id that the client chose, and refuses a second record with it. Writes carry If-Match with the record's ETag. The
 * employer is a record of its own (account): read, linked when exactly one active one has the name, never made.
 * Deactivated contacts, as a merge leaves them, count as deleted. From memory, not tried against a real environment:
 * the codes of a taken id (0x80040237) and of a stale ETag (0x80060882), telephone2 as the private number. */
#include "crm-connectors/dynamics/dynamics.h"

#include "crm-connectors/dynamics/parts.h"
#include "crm-connectors/oauth/microsoft.h"

#define API           "/api/data/v9.2"
#define EMPLOYER_NAME "_parentcustomerid_value@OData.Community.Display.V1.FormattedValue"

static const struct crm_map map_rows[] = {
    {"name_prefix", "salutation"},
    {"given_name", "firstname"},
    {"family_name", "lastname"},
    {"name_suffix", "suffix"},
    {"job_title", "jobtitle"},
    {"department", "department"},
    {"organization", "parentcustomerid"},
    {"emails", "emailaddress1, emailaddress2, emailaddress3"},
    {"phones", "telephone1, mobilephone, telephone2, fax"},
    {"urls", "websiteurl"},
    {"addresses", "address1"},
};
static const struct crm_map_list map = {map_rows, ARRAY_LEN(map_rows)};

static const struct crm_slot slot_rows[] = {
    {"salutation", CRM_SLOT_TEXT, "name_prefix", -1, 0},
    {"firstname", CRM_SLOT_TEXT, "given_name", -1, 0},
    {"lastname", CRM_SLOT_TEXT, "family_name", -1, 0},
    {"suffix", CRM_SLOT_TEXT, "name_suffix", -1, 0},
    {"jobtitle", CRM_SLOT_TEXT, "job_title", -1, 0},
    {"department", CRM_SLOT_TEXT, "department", -1, 0},
    {"emailaddress1", CRM_SLOT_VALUE, "emails", CONTACT_WORK, 0},
    {"emailaddress2", CRM_SLOT_VALUE, "emails", -1, 0},
    {"emailaddress3", CRM_SLOT_VALUE, "emails", -1, 0},
    {"telephone1", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"mobilephone", CRM_SLOT_VALUE, "phones", CONTACT_MOBILE, 0},
    {"telephone2", CRM_SLOT_VALUE, "phones", CONTACT_HOME, 0},
    {"fax", CRM_SLOT_VALUE, "phones", CONTACT_FAX, 0},
    {"websiteurl", CRM_SLOT_VALUE, "urls", CONTACT_WORK, 0},
    {"address1_line1", CRM_SLOT_STREET, NULL, -1, 0},
    {"address1_postalcode", CRM_SLOT_POSTAL_CODE, NULL, -1, 0},
    {"address1_city", CRM_SLOT_CITY, NULL, -1, 0},
    {"address1_stateorprovince", CRM_SLOT_REGION, NULL, -1, 0},
    {"address1_country", CRM_SLOT_COUNTRY, NULL, -1, 0},
};
static const struct crm_slots slots = {slot_rows, ARRAY_LEN(slot_rows), "null", &map};

struct str crm_dynamics_columns(const struct crm_rest *rest)
{
    struct strbuf out = {.arena = rest->arena};
    strbuf_add_c(&out, "contactid,");
    crm_slots_members(crm_records_slots(rest, &slots), "", ",", &out);
    strbuf_add_c(&out, "statecode");
    if (crm_records_company(rest))
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

int crm_dynamics_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err)
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
    *ret_rest = (struct crm_rest){.lent = lent, .arena = arena, .headers = {headers, 2}, .judge = judge};
    ret_rest->base = str_printf(arena, "%.*s" API, STR_ARG(url));
    return 0;
}

enum { ID, STATE, EMPLOYER, EMPLOYER_ID, DELETED_ID, REASON, MEMBERS };

static int read_record(const struct crm_rest *rest, struct str object, struct crm_record *record, struct err *err)
{
    static const char *const names[MEMBERS] = {"contactid", "statecode", EMPLOYER_NAME, "_parentcustomerid_value",
                                               "id",        "reason"};
    struct str m[MEMBERS];
    if (json_members(object, names, MEMBERS, rest->arena, m, err) < 0)
        return -1;
    bool removed = !m[ID].p && !str_empty(m[DELETED_ID]) && str_eq(m[REASON], STR("deleted"));
    record->remote_id = removed ? m[DELETED_ID] : m[ID];
    record->version = crm_odata_etag(object, rest->arena);
    record->deleted = removed || (m[STATE].p && !str_eq(m[STATE], STR("0")));
    if (crm_records_company(rest))
        record->contact.organization = str_empty(m[EMPLOYER]) ? STR_NONE : m[EMPLOYER];
    record->company = m[EMPLOYER_ID];
    if (str_empty(record->remote_id) || (!removed && !record->version.p))
        return err_set(err, ERR_BAD_JSON, "%s", "a record without contactid or ETag");
    return 0;
}

/* 8-4-4-4-12 hex digits: nothing else may stand in a path. */
static bool is_guid(struct str text)
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

static int fetch(const struct crm_rest *rest, struct str remote_id, struct str *ret_object, struct crm_result *ret,
                 struct err *err)
{
    struct crm_header headers[] = {{STR("Prefer"), STR(CRM_DYNAMICS_PREFER)}};
    const struct crm_call call = {
        .method = "GET",
        .path = str_printf(rest->arena, "/contacts(%.*s)?$select=%.*s", STR_ARG(remote_id),
                           STR_ARG(crm_dynamics_columns(rest))),
        .headers = {headers, ARRAY_LEN(headers)},
    };
    struct crm_answer answer;
    if (!is_guid(remote_id)) {
        *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
        return 0;
    }
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r == 1)
        *ret_object = answer.body;
    return r;
}

static int accounts(const struct crm_rest *rest, struct str name, bool exact, struct json_list *ret_companies,
                    struct crm_result *ret, struct err *err)
{
    static const char *const members[3] = {"accountid", "name", "address1_city"};
    struct strbuf path = {.arena = rest->arena}, filter = {.arena = rest->arena};
    strbuf_add_c(&filter, exact ? "statecode eq 0 and name eq " : "statecode eq 0 and contains(name,");
    crm_odata_literal(&filter, exact ? name : crm_dynamics_plain_pattern(name, rest->arena));
    strbuf_add_c(&filter, exact ? "" : ")");
    strbuf_printf(&path, "/accounts?$select=accountid,name,address1_city&$orderby=name&$top=%d", CRM_COMPANIES_MAX);
    crm_odata_option(&path, "$filter", strbuf_str(&filter));
    return crm_odata_companies(rest, strbuf_str(&path), members, ret_companies, ret, err);
}
static const struct crm_link employer = {"parentcustomerid_account@odata.bind", "/accounts(", ")", false, accounts};

static int write_record(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                        struct str members, struct crm_result *ret, struct err *err)
{
    const struct crm_call call = {
        .method = "PATCH",
        .path = str_printf(rest->arena, "/contacts(%.*s)", STR_ARG(seen->remote_id)),
        .body = str_printf(rest->arena, "{%.*s}", STR_ARG(members)),
    };
    return crm_odata_change(rest, &call, crm_odata_etag(object, rest->arena), ret, err);
}

static int erase_record(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                        struct crm_result *ret, struct err *err)
{
    const struct crm_call call = {.method = "DELETE",
                                  .path = str_printf(rest->arena, "/contacts(%.*s)", STR_ARG(seen->remote_id))};
    return crm_odata_change(rest, &call, crm_odata_etag(object, rest->arena), ret, err);
}

static int make_record(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                       struct crm_result *ret, struct err *err)
{
    /* Without this header the Web API asks no duplicate rule. */
    struct crm_header headers[] = {{STR("MSCRM.SuppressDuplicateDetection"), STR("false")}};
    const struct crm_call call = {
        .method = "POST",
        .path = STR("/contacts"),
        .body = str_printf(rest->arena, "{%.*s%s\"contactid\":\"%.*s\"}", STR_ARG(members), members.n ? "," : "",
                           STR_ARG(marker)),
        .headers = {headers, ARRAY_LEN(headers)},
        .changes = true,
    };
    struct crm_answer answer;
    struct crm_result looked;
    struct str ignored;
    if (!is_guid(marker))
        return err_field(err, ERR_INVALID, "/marker", "a UUID");
    *ret_id = marker;
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r == 1 && !crm_answer_header(&answer, "OData-EntityId").p) { /* whoever answered, it was not Dataverse */
        crm_rest_broken(true, ret);
        return 0;
    }
    if (r != 0 || ret->outcome != CRM_DUPLICATE)
        return r;
    /* Perhaps it is our own record that is in the way: an earlier create whose answer was lost. */
    return fetch(rest, marker, &ignored, &looked, err);
}

/* An action of no table's own; the loser is deactivated. What the kept one has is never overwritten. */
static int merge_records(const struct crm_rest *rest, const struct crm_record *keep, const struct crm_record *give,
                         struct str *ret_id, struct crm_result *ret, struct err *err)
{
    static const char contact[] = "{\"@odata.type\":\"Microsoft.Dynamics.CRM.contact\",\"contactid\":\"%.*s\"}";
    struct strbuf body = {.arena = rest->arena};
    struct crm_answer answer;
    strbuf_add_c(&body, "{\"Target\":");
    strbuf_printf(&body, contact, STR_ARG(keep->remote_id));
    strbuf_add_c(&body, ",\"Subordinate\":");
    strbuf_printf(&body, contact, STR_ARG(give->remote_id));
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

const struct crm_vendor crm_dynamics_vendor = {
    .slots = &slots,
    .record = read_record,
    .fetch = fetch,
    .employer = &employer,
    .change = write_record,
    .make = make_record,
    .erase = erase_record,
    .merge = merge_records,
};

CRM_RECORDS_FUNCTIONS(dynamics, crm_dynamics_open, crm_dynamics_vendor)
CRM_RECORDS_MERGE(dynamics, crm_dynamics_open, crm_dynamics_vendor)
CRM_RECORDS_COMPANIES(dynamics, crm_dynamics_open, crm_dynamics_vendor)

static int dynamics_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                                struct err *err)
{
    if (dynamics_get(lent, marker, arena, ret, err) < 0)
        return -1;
    if (ret->outcome == CRM_GONE)
        crm_result_records(NULL, 0, arena, ret);
    return 0;
}

/* Signed in is not enough: contacts have to be tracked, or no pull after the first one would end. */
static int dynamics_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"ChangeTrackingEnabled", "IsOptimisticConcurrencyEnabled"};
    const struct crm_call call = {
        .method = "GET",
        .path = STR("/EntityDefinitions(LogicalName='contact')"
                    "?$select=ChangeTrackingEnabled,IsOptimisticConcurrencyEnabled"),
    };
    struct str m[ARRAY_LEN(names)];
    struct crm_rest rest;
    struct crm_answer answer;
    struct err broken;
    if (crm_dynamics_open(lent, arena, &rest, err) < 0)
        return -1;
    int r = crm_rest_call(&rest, &call, &answer, ret, err);
    if (r == 0 && ret->outcome == CRM_GONE)
        ret->outcome = CRM_REJECTED;
    if (r < 1)
        return r;
    if (json_members(answer.body, names, ARRAY_LEN(names), arena, m, &broken) < 0 || !m[0].p || !m[1].p) {
        crm_rest_broken(false, ret);
        return 0;
    }
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    if (str_eq(m[0], STR("true")) && str_eq(m[1], STR("true")))
        return 0;
    ret->outcome = CRM_REJECTED;
    ret->sentence = STR("The table Contact needs change tracking and optimistic concurrency switched on.");
    return 0;
}

static const struct crm_form_field form[] = {
    {.name = "url", .label = "connector.dynamics.url", .type = "url", .required = true},
    CRM_MICROSOFT_FIELDS,
};

static const struct crm_scope scopes[] = {
    {"{url}/user_impersonation", "scope.dynamics_as_user"},
    {"offline_access", "scope.stay_connected"},
};

/* There is no finer scope: what may be done, the person's or the application user's security roles decide. */
static const struct crm_oauth oauth = CRM_MICROSOFT_OAUTH(scopes, "{url}/.default");

const struct crm_connector crm_dynamics = {
    .kind = "dynamics",
    .name = "Microsoft Dynamics 365",
    .form = {form, ARRAY_LEN(form)},
    .oauth = &oauth,
    .map = {map_rows, ARRAY_LEN(map_rows)},
    .slots = &slots,
    .company = "parentcustomerid",
    .constants = true,
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .marker = true,
    .test = dynamics_test,
    .find_exact = crm_dynamics_find_exact,
    .search = crm_dynamics_search,
    .companies = dynamics_companies,
    .get = dynamics_get,
    .fields = crm_dynamics_fields,
    .rehearse = dynamics_rehearse,
    .find_marker = dynamics_find_marker,
    .create = dynamics_create,
    .update = dynamics_update,
    .remove = dynamics_remove,
    .changes = crm_dynamics_changes,
    .merge = dynamics_merge,
};
