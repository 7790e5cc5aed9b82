/* SAP Sales Cloud Version 2 (REST): contact persons. The marker is an extension field (setting "marker_field") that is
 * found by $filter; SAP does not keep it unique, so create() looks for it first and `marker` is false ($sourceid is no
 * key: it names what a new record is copied from). Writes need If-Match with a fresh ETag. Contacts are not deleted but
 * made obsolete. The employer is an account: linked when exactly one has the name, never made. SAP publishes no schema:
 * id, givenName, familyName, eMail, accountId, lifeCycleStatus are known; jobTitle, department, phone, mobile, fax,
 * accountFormattedName, adminData, OBSOLETE, a free $search are from memory and want a look at a tenant's metadata. */
#include "crm-connectors/sap_sales/sap_sales.h"

#include "crm-connectors/sap_sales/parts.h"

enum { SEARCH_MAX = 50, PHONES_MAX = 4, DIGITS = 7 };

static const struct crm_map map_rows[] = {
    {"given_name", "givenName"},      {"family_name", "familyName"}, {"job_title", "jobTitle"},
    {"department", "department"},     {"organization", "accountId"}, {"emails", "eMail"},
    {"phones", "phone, mobile, fax"},
};
static const struct crm_map_list map = {map_rows, ARRAY_LEN(map_rows)};

static const struct crm_slot slot_rows[] = {
    {"givenName", CRM_SLOT_TEXT, "given_name", -1, 0},       {"familyName", CRM_SLOT_TEXT, "family_name", -1, 0},
    {"jobTitle", CRM_SLOT_TEXT, "job_title", -1, 0},         {"department", CRM_SLOT_TEXT, "department", -1, 0},
    {"eMail", CRM_SLOT_VALUE, "emails", CONTACT_WORK, 0},    {"phone", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"mobile", CRM_SLOT_VALUE, "phones", CONTACT_MOBILE, 0}, {"fax", CRM_SLOT_VALUE, "phones", CONTACT_FAX, 0},
};
static const struct crm_slots slots = {slot_rows, ARRAY_LEN(slot_rows), "null", &map};

static bool judge(const struct crm_answer *answer, bool changes, struct arena *arena, struct crm_result *ret)
{
    static const struct crm_odata_code codes[] = {{NULL, CRM_REJECTED}}; /* none is published */
    crm_odata_judge(answer, changes, codes, arena, ret);
    if (answer->status == 428) /* the write came without its condition */
        ret->outcome = CRM_CONFLICT;
    return true;
}

/* Letters, digits and _ alone may stand in a filter as they are. */
static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return name.n > 0 && name.n <= 80;
}

static struct str marker_field(const struct crm_rest *rest)
{
    struct str name = crm_records_setting(rest->lent->settings, "marker_field", rest->arena);
    return name.p ? name : STR("KarteiId");
}

int crm_sap_sales_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err)
{
    struct str url = crm_records_setting(lent->settings, "url", arena);
    *ret_rest = (struct crm_rest){.lent = lent, .arena = arena, .judge = judge};
    if (!lent->bearer) {
        ret_rest->user = crm_records_setting(lent->settings, "user", arena);
        ret_rest->password = crm_records_setting(lent->secret, "password", arena);
    }
    if (!url.p)
        return err_field(err, ERR_INVALID, "/settings/url", "the address of the tenant");
    if (!is_name(marker_field(ret_rest)))
        return err_field(err, ERR_INVALID, "/settings/marker_field", "the technical name of a field");
    if (!lent->bearer && (!ret_rest->user.p || !ret_rest->password.p))
        return err_set(err, ERR_CRM_REAUTHORISE, "%s", "SAP Sales Cloud");
    url.n -= str_ends(url, STR("/")) ? 1 : 0;
    ret_rest->base = str_printf(arena, "%.*s/sap/c4c/api/v1", STR_ARG(url));
    return 0;
}

struct str crm_sap_sales_stamp(struct str object, struct arena *arena)
{
    static const char *const names[] = {"updatedOn"};
    struct str admin = STR_NONE, stamp = STR_NONE;
    struct err ignored;
    if (json_member(object, "adminData", arena, &admin, &ignored) == 0 && admin.p)
        (void)json_members(admin, names, 1, arena, &stamp, &ignored);
    return stamp;
}

enum { ID, STATUS, EMPLOYER, ACCOUNT, PLAIN };

/* ETags come with single reads alone: the version is made of what lists and single reads both show. */
static struct str version_of(struct str object, struct arena *arena, const struct str *plain)
{
    const char *names[ARRAY_LEN(slot_rows)];
    struct str m[ARRAY_LEN(slot_rows)];
    struct strbuf all = {.arena = arena};
    struct err ignored;
    for (size_t i = 0; i < ARRAY_LEN(slot_rows); i++)
        names[i] = slot_rows[i].member;
    (void)json_members(object, names, ARRAY_LEN(slot_rows), arena, m, &ignored);
    strbuf_add_c(&all, "[");
    json_quote(&all, crm_sap_sales_stamp(object, arena));
    for (size_t i = STATUS; i < PLAIN; i++) {
        strbuf_add_c(&all, ",");
        json_quote(&all, plain[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(slot_rows); i++) {
        strbuf_add_c(&all, ",");
        json_quote(&all, str_empty(m[i]) ? STR_NONE : m[i]);
    }
    strbuf_add_c(&all, "]");
    return crm_records_hash(strbuf_str(&all), arena);
}

static int read_record(const struct crm_rest *rest, struct str object, struct crm_record *record, struct err *err)
{
    static const char *const names[PLAIN] = {"id", "lifeCycleStatus", "accountFormattedName", "accountId"};
    struct str m[PLAIN];
    if (json_members(object, names, PLAIN, rest->arena, m, err) < 0)
        return -1;
    if (str_empty(m[ID]))
        return err_set(err, ERR_BAD_JSON, "%s", "a contact person without id");
    record->remote_id = m[ID];
    record->deleted = str_eq(m[STATUS], STR("OBSOLETE"));
    if (crm_records_company(rest))
        record->contact.organization = str_empty(m[EMPLOYER]) ? STR_NONE : m[EMPLOYER];
    record->company = m[ACCOUNT];
    record->custody = contact_custody_of(STR_NONE, crm_sap_sales_stamp(object, rest->arena), STR_NONE, rest->arena);
    record->version = version_of(object, rest->arena, m);
    return 0;
}

/* Ids are UUIDs: nothing else may stand in a path. */
static bool is_id(struct str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '-'))
            return false;
    }
    return id.n == 36;
}

/* The object inside {"value":{…}}, with the answer's ETag as a member: 1, 0 when there is none. */
static int unwrap(const struct crm_rest *rest, const struct crm_answer *answer, struct str *ret_object)
{
    struct strbuf out = {.arena = rest->arena};
    struct str value = STR_NONE;
    struct err broken;
    if (json_member(answer->body, "value", rest->arena, &value, &broken) < 0 || !str_starts(value, STR("{")))
        return 0;
    strbuf_add_c(&out, "{\"@odata.etag\":");
    json_quote(&out, crm_answer_header(answer, "ETag"));
    strbuf_add_c(&out, ",");
    strbuf_add(&out, str_slice(value, 1, value.n));
    *ret_object = strbuf_str(&out);
    return 1;
}

static struct str contact_path(const struct crm_rest *rest, struct str id)
{
    return str_printf(rest->arena, CRM_SAP_SALES_CONTACTS "/%.*s", STR_ARG(id));
}

static int fetch(const struct crm_rest *rest, struct str remote_id, struct str *ret_object, struct crm_result *ret,
                 struct err *err)
{
    const struct crm_call call = {.method = "GET", .path = contact_path(rest, remote_id)};
    struct crm_answer answer;
    if (!is_id(remote_id)) {
        *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
        return 0;
    }
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r == 1 && !unwrap(rest, &answer, ret_object)) {
        crm_rest_broken(false, ret);
        return 0;
    }
    return r;
}

/* A filter knows no contains: what is not asked for exactly goes through the full text search. */
static int accounts(const struct crm_rest *rest, struct str name, bool exact, struct json_list *ret_companies,
                    struct crm_result *ret, struct err *err)
{
    static const char *const members[3] = {"id", "formattedName", NULL};
    struct strbuf path = {.arena = rest->arena}, filter = {.arena = rest->arena};
    strbuf_add_c(&filter, "formattedName eq ");
    crm_odata_literal(&filter, name);
    strbuf_printf(&path, "/account-service/accounts?$top=%d", CRM_COMPANIES_MAX);
    crm_odata_option(&path, exact ? "$filter" : "$search", exact ? strbuf_str(&filter) : name);
    return crm_odata_companies(rest, strbuf_str(&path), members, ret_companies, ret, err);
}
static const struct crm_link employer = {"accountId", "", "", false, accounts};

static int patch(const struct crm_rest *rest, struct str object, struct str id, struct str members,
                 struct crm_result *ret, struct err *err)
{
    const struct crm_call call = {
        .method = "PATCH",
        .path = contact_path(rest, id),
        .body = str_printf(rest->arena, "{%.*s}", STR_ARG(members)),
        .type = "application/merge-patch+json",
    };
    return crm_odata_change(rest, &call, crm_odata_etag(object, rest->arena), ret, err);
}

static int write_record(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                        struct str members, struct crm_result *ret, struct err *err)
{
    return patch(rest, object, seen->remote_id, members, ret, err);
}

static int erase_record(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                        struct crm_result *ret, struct err *err)
{
    return patch(rest, object, seen->remote_id, STR("\"lifeCycleStatus\":\"OBSOLETE\""), ret, err);
}

/* One page of contacts: by filter or by free search. 1 with *ret, 0, -1. */
static int list_by(const struct crm_rest *rest, const char *option, struct str text, const struct contact *probe,
                   struct crm_result *ret, struct err *err)
{
    struct strbuf path = {.arena = rest->arena};
    struct crm_odata_list list;
    strbuf_printf(&path, CRM_SAP_SALES_CONTACTS "?$top=%d", SEARCH_MAX);
    crm_odata_option(&path, option, text);
    int r = crm_odata_list(rest, strbuf_str(&path), STR_NONE, &list, ret, err);
    return r < 1 ? r : crm_records_list(&crm_sap_sales_vendor, rest, list.value, probe, ret);
}

static int find_marked(const struct crm_rest *rest, struct str marker, struct crm_result *ret, struct err *err)
{
    struct strbuf filter = {.arena = rest->arena};
    strbuf_printf(&filter, "extensions/%.*s eq ", STR_ARG(marker_field(rest)));
    crm_odata_literal(&filter, marker);
    return list_by(rest, "$filter", strbuf_str(&filter), NULL, ret, err);
}

static int make_record(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                       struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"id"};
    struct strbuf body = {.arena = rest->arena};
    struct crm_answer answer;
    struct str object;
    struct err broken;
    int r = find_marked(rest, marker, ret, err);
    if (r < 1 || ret->outcome == CRM_MANY)
        return r < 0 ? -1 : 0;
    if (ret->outcome == CRM_FOUND) {
        *ret_id = ((const struct crm_record *)ret->records.items)->remote_id;
        return 1;
    }
    strbuf_printf(&body, "{%.*s%s\"extensions\":{\"%.*s\":", STR_ARG(members), members.n ? "," : "",
                  STR_ARG(marker_field(rest)));
    json_quote(&body, marker);
    strbuf_add_c(&body, "}}");
    const struct crm_call call = {
        .method = "POST", .path = STR(CRM_SAP_SALES_CONTACTS), .body = strbuf_str(&body), .changes = true};
    r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r == 1 && (!unwrap(rest, &answer, &object) ||
                   json_members(object, names, 1, rest->arena, ret_id, &broken) < 0 || !is_id(*ret_id))) {
        crm_rest_broken(true, ret);
        return 0;
    }
    return r;
}

const struct crm_vendor crm_sap_sales_vendor = {
    .slots = &slots,
    .record = read_record,
    .fetch = fetch,
    .employer = &employer,
    .change = write_record,
    .make = make_record,
    .erase = erase_record,
};

CRM_RECORDS_FUNCTIONS(sap_sales, crm_sap_sales_open, crm_sap_sales_vendor)
CRM_RECORDS_COMPANIES(sap_sales, crm_sap_sales_open, crm_sap_sales_vendor)

static int sap_sales_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                                 struct err *err)
{
    struct crm_rest rest;
    if (crm_sap_sales_open(lent, arena, &rest, err) < 0)
        return -1;
    return find_marked(&rest, marker, ret, err) < 0 ? -1 : 0;
}

/* Addresses by filter, numbers by free search; what comes is compared here. */
static int sap_sales_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                                struct crm_result *ret, struct err *err)
{
    const struct contact_value *emails = probe->emails.items, *phones = probe->phones.items;
    struct strbuf filter = {.arena = arena};
    struct crm_rest rest;
    struct crm_result some;
    if (crm_sap_sales_open(lent, arena, &rest, err) < 0)
        return -1;
    for (size_t i = 0; i < probe->emails.n; i++) {
        strbuf_add_c(&filter, filter.n ? " or eMail eq " : "eMail eq ");
        crm_odata_literal(&filter, emails[i].value);
    }
    crm_result_records(NULL, 0, arena, ret);
    int r = filter.n ? list_by(&rest, "$filter", strbuf_str(&filter), probe, ret, err) : 1;
    for (size_t i = 0; r == 1 && i < probe->phones.n && i < PHONES_MAX; i++) {
        r = list_by(&rest, "$search", crm_last_digits(phones[i].value, DIGITS, arena), probe, &some, err);
        if (r == 1)
            crm_records_join(&rest, &some, ret);
        else if (r == 0)
            *ret = some;
    }
    return r < 0 ? -1 : 0;
}

static int sap_sales_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                            struct err *err)
{
    struct crm_rest rest;
    if (crm_sap_sales_open(lent, arena, &rest, err) < 0)
        return -1;
    crm_result_records(NULL, 0, arena, ret);
    if (str_empty(str_trim(text)))
        return 0;
    return list_by(&rest, "$search", str_trim(text), NULL, ret, err) < 0 ? -1 : 0;
}

/* Asks for a marker that nobody has: SAP refuses it when the field is not there. */
static int sap_sales_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    struct crm_rest rest;
    if (crm_sap_sales_open(lent, arena, &rest, err) < 0)
        return -1;
    int r = find_marked(&rest, STR("00000000-0000-0000-0000-000000000000"), ret, err);
    if (r == 1)
        *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return r < 0 ? -1 : 0;
}

static const struct crm_form_field form[] = {
    {.name = "url", .label = "connector.sap_sales.url", .type = "url", .required = true},
    {.name = "user", .label = "connector.user", .type = "text", .required = true, .grants = CRM_GRANT_KEY},
    {.name = "password",
     .label = "connector.password",
     .type = "password",
     .secret = true,
     .required = true,
     .grants = CRM_GRANT_KEY},
    {.name = "token",
     .label = "connector.sap_sales.token",
     .type = "url",
     .required = true,
     .grants = CRM_GRANT_CLIENT},
    {.name = "client_id", .label = "connector.client_id", .type = "text", .required = true, .grants = CRM_GRANT_CLIENT},
    {.name = "client_secret",
     .label = "connector.client_secret",
     .type = "password",
     .secret = true,
     .required = true,
     .grants = CRM_GRANT_CLIENT},
    {.name = "marker_field",
     .label = "connector.sap_sales.marker_field",
     .type = "text",
     .required = true,
     .preset = "KarteiId"},
};

/* Where a tenant's tokens come from, its administrator knows: each has its own. Not tried against a real tenant. */
static const struct crm_oauth oauth = {
    .token = "{token}", .grants = CRM_GRANT_KEY | CRM_GRANT_CLIENT, .basic = true, .lifetime_s = 600};

const struct crm_connector crm_sap_sales = {
    .kind = "sap_sales",
    .api = "{url}",
    .name = "SAP Sales Cloud V2",
    .form = {form, ARRAY_LEN(form)},
    .oauth = &oauth,
    .map = {map_rows, ARRAY_LEN(map_rows)},
    .slots = &slots,
    .company = "accountId",
    .constants = true,
    .reversal = {[CRM_ACTION_CREATE] = {CRM_PARTLY, "reversal.create.obsolete"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .marker = false,
    .test = sap_sales_test,
    .find_exact = sap_sales_find_exact,
    .search = sap_sales_search,
    .companies = sap_sales_companies,
    .get = sap_sales_get,
    .rehearse = sap_sales_rehearse,
    .find_marker = sap_sales_find_marker,
    .create = sap_sales_create,
    .update = sap_sales_update,
    .remove = sap_sales_remove,
    .changes = crm_sap_sales_changes,
};
