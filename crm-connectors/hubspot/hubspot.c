/* HubSpot (CRM API v3): contacts. The marker is a property of the portal that allows each value once (connection
 * setting "marker_property"): reading by it is exact at once, while the search index lags by up to half a minute.
 * HubSpot has no condition on writes: the record is read and compared right before one, and nothing closes the gap
 * between. */
#include "crm-connectors/hubspot/hubspot.h"

#include "crm-connectors/hubspot/parts.h"
#include "crm-connectors/oauth/refusal.h"

#define BASE "https://api.hubapi.com"

enum { WAIT_MS = 10 * 1000 };

static const struct crm_map map_rows[] = {
    {"name_prefix", "salutation"},
    {"given_name", "firstname"},
    {"family_name", "lastname"},
    {"job_title", "jobtitle"},
    {"organization", "company"},
    {"emails", "email, work_email", true},
    {"phones", "phone, mobilephone, fax"},
    {"urls", "website"},
    {"addresses", "address, zip, city, state, country"},
};
static const struct crm_map_list map = {map_rows, ARRAY_LEN(map_rows)};

static const struct crm_slot slot_rows[] = {
    {"salutation", CRM_SLOT_TEXT, "name_prefix", -1, 0},
    {"firstname", CRM_SLOT_TEXT, "given_name", -1, 0},
    {"lastname", CRM_SLOT_TEXT, "family_name", -1, 0},
    {"jobtitle", CRM_SLOT_TEXT, "job_title", -1, 0},
    {"company", CRM_SLOT_TEXT, "organization", -1, 0},
    {"email", CRM_SLOT_VALUE, "emails", CONTACT_WORK, 0},
    {"work_email", CRM_SLOT_VALUE, "emails", -1, 0},
    {"phone", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"mobilephone", CRM_SLOT_VALUE, "phones", CONTACT_MOBILE, 0},
    {"fax", CRM_SLOT_VALUE, "phones", CONTACT_FAX, 0},
    {"website", CRM_SLOT_VALUE, "urls", CONTACT_WORK, 0},
    {"address", CRM_SLOT_STREET, NULL, -1, 0},
    {"zip", CRM_SLOT_POSTAL_CODE, NULL, -1, 0},
    {"city", CRM_SLOT_CITY, NULL, -1, 0},
    {"state", CRM_SLOT_REGION, NULL, -1, 0},
    {"country", CRM_SLOT_COUNTRY, NULL, -1, 0},
};
static const struct crm_slots slots = {slot_rows, ARRAY_LEN(slot_rows), "\"\"", &map};

struct str crm_hubspot_properties(const struct crm_rest *rest, bool quoted)
{
    struct strbuf out = {.arena = rest->arena};
    crm_slots_members(crm_records_slots(rest, &slots), quoted ? "\"" : "", quoted ? "\"," : ",", &out);
    strbuf_add_c(&out,
                 quoted ? "\"lastmodifieddate\",\"hs_merged_object_ids\"" : "lastmodifieddate,hs_merged_object_ids");
    return strbuf_str(&out);
}

/* {"category":"CONFLICT","message":…}; a contact that exists is told in words only. */
static bool judge(const struct crm_answer *answer, bool changes, struct arena *arena, struct crm_result *ret)
{
    static const char *const names[] = {"category", "message", "policyName"};
    struct str m[ARRAY_LEN(names)] = {{0}};
    struct err ignored;
    (void)json_members(answer->body, names, ARRAY_LEN(names), arena, m, &ignored);
    crm_fault_status(answer, changes, 0, ret);
    ret->sentence = crm_fault_sentence(m[1], arena);
    if (answer->status == 423 || answer->status == 477) /* locked; the portal moves to another data centre */
        ret->outcome = CRM_QUOTA;
    else if (answer->status == 409 && str_eq(m[0], STR("CONFLICT")))
        ret->outcome = CRM_DUPLICATE;
    if (ret->outcome == CRM_QUOTA && !str_eq(m[2], STR("DAILY")))
        ret->retry_after_ms = WAIT_MS; /* its own Retry-After, if it sends one, wins */
    return true;
}

int crm_hubspot_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err)
{
    static const struct crm_quota_headers quota = {.left = "X-HubSpot-RateLimit-Daily-Remaining",
                                                   .limit = "X-HubSpot-RateLimit-Daily"};
    *ret_rest = (struct crm_rest){.lent = lent, .arena = arena, .quota = &quota, .judge = judge};
    ret_rest->base = str_empty(lent->base) ? STR(BASE) : lent->base;
    ret_rest->token = lent->bearer ? STR_NONE : crm_records_setting(lent->secret, "access_token", arena);
    return lent->bearer || ret_rest->token.p ? 0 : err_set(err, ERR_CRM_REAUTHORISE, "%s", "HubSpot");
}

static struct str marker_property(const struct crm_rest *rest)
{
    struct str name = crm_records_setting(rest->lent->settings, "marker_property", rest->arena);
    return name.p ? name : STR("kartei_id");
}

int crm_hubspot_list(const struct crm_rest *rest, const struct crm_call *call, struct str *ret_results,
                     struct str *ret_body, struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    struct err broken;
    int r = crm_rest_call(rest, call, &answer, ret, err);
    if (r < 1)
        return r;
    *ret_body = answer.body;
    if (json_member(answer.body, "results", rest->arena, ret_results, &broken) == 0 && ret_results->p)
        return 1;
    crm_rest_broken(false, ret);
    return 0;
}

static int read_record(const struct crm_rest *rest, struct str object, struct crm_record *record, struct err *err)
{
    static const char *const names[] = {"id", "archived"}, *const stamp[] = {"lastmodifieddate"};
    struct str m[ARRAY_LEN(names)], properties, modified;
    if (json_members(object, names, ARRAY_LEN(names), rest->arena, m, err) < 0 ||
        json_member(object, "properties", rest->arena, &properties, err) < 0)
        return -1;
    if (str_empty(m[0]) || !properties.p)
        return err_set(err, ERR_BAD_JSON, "a record without id");
    if (json_members(properties, stamp, 1, rest->arena, &modified, err) < 0)
        return -1;
    /* Owners are ids here, whose names another API knows. */
    record->custody = contact_custody_of(STR_NONE, modified, STR_NONE, rest->arena);
    record->remote_id = m[0];
    record->version = crm_records_hash(properties, rest->arena);
    record->deleted = str_eq(m[1], STR("true"));
    return 0;
}

/* One contact by its id or, with `property`, by the value of a property that is unique: 1, 0 (CRM_GONE), -1. */
static int read_one(const struct crm_rest *rest, struct str value, struct str property, struct str *ret_object,
                    struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    struct strbuf path = {.arena = rest->arena};
    strbuf_add_c(&path, CRM_HUBSPOT_CONTACTS "/");
    crm_rest_escape(&path, value);
    strbuf_printf(&path, "?properties=%.*s", STR_ARG(crm_hubspot_properties(rest, false)));
    if (property.p)
        strbuf_printf(&path, "&idProperty=%.*s", STR_ARG(crm_rest_escaped(property, rest->arena)));
    int r =
        crm_rest_call(rest, &(const struct crm_call){.method = "GET", .path = strbuf_str(&path)}, &answer, ret, err);
    *ret_object = r == 1 ? answer.body : STR_NONE;
    return r;
}

static int fetch(const struct crm_rest *rest, struct str remote_id, struct str *ret_object, struct crm_result *ret,
                 struct err *err)
{
    int64_t number; /* anything else in the path would be another resource */
    if (!str_to_int(remote_id, 1, INT64_MAX, &number)) {
        *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
        return 0;
    }
    return read_one(rest, remote_id, STR_NONE, ret_object, ret, err);
}

static int write_record(const struct crm_rest *rest, struct str object _unused_, const struct crm_record *seen,
                        struct str members, struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    const struct crm_call call = {
        .method = "PATCH",
        .path = str_printf(rest->arena, CRM_HUBSPOT_CONTACTS "/%.*s", STR_ARG(seen->remote_id)),
        .body = str_printf(rest->arena, "{\"properties\":{%.*s}}", STR_ARG(members)),
        .changes = true,
    };
    return crm_rest_call(rest, &call, &answer, ret, err);
}

/* Id of the record with the marker, absent when there is none: 1, 0, -1. */
static int id_of_marker(const struct crm_rest *rest, struct str marker, struct str *ret_id, struct crm_result *ret,
                        struct err *err)
{
    static const char *const names[] = {"id"};
    struct str object;
    int r = read_one(rest, marker, marker_property(rest), &object, ret, err);
    *ret_id = STR_NONE;
    if (r == 1)
        return json_members(object, names, 1, rest->arena, ret_id, err) < 0 ? -1 : 1;
    return r == 0 && ret->outcome == CRM_GONE ? 1 : r;
}

static int make_record(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                       struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"id"};
    const struct crm_call call = {
        .method = "POST",
        .path = STR(CRM_HUBSPOT_CONTACTS),
        .body = str_printf(rest->arena, "{\"properties\":{%.*s%s\"%.*s\":\"%.*s\"}}", STR_ARG(members),
                           members.n ? "," : "", STR_ARG(marker_property(rest)), STR_ARG(marker)),
        .changes = true,
    };
    struct crm_answer answer;
    struct err broken;
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r == 1 && json_members(answer.body, names, 1, rest->arena, ret_id, &broken) == 0 && ret_id->p)
        return 1;
    if (r == 1)
        crm_rest_broken(true, ret);
    if (r < 0 || (ret->outcome != CRM_DUPLICATE && ret->outcome != CRM_REJECTED))
        return r < 0 ? -1 : 0;
    return crm_records_own(rest, id_of_marker, marker, ret_id, err);
}

static int erase_record(const struct crm_rest *rest, struct str object _unused_, const struct crm_record *seen,
                        struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    const struct crm_call call = {
        .method = "DELETE",
        .path = str_printf(rest->arena, CRM_HUBSPOT_CONTACTS "/%.*s", STR_ARG(seen->remote_id)),
        .changes = true,
    };
    return crm_rest_call(rest, &call, &answer, ret, err);
}

/* The kept contact may come back under a new id; the old ones lead to it. */
static int merge_records(const struct crm_rest *rest, const struct crm_record *keep, const struct crm_record *give,
                         struct str *ret_id, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"id"};
    struct strbuf body = {.arena = rest->arena};
    struct crm_answer answer;
    struct str id = STR_NONE;
    struct err broken;
    strbuf_add_c(&body, "{\"primaryObjectId\":");
    json_quote(&body, keep->remote_id);
    strbuf_add_c(&body, ",\"objectIdToMerge\":");
    json_quote(&body, give->remote_id);
    strbuf_add_c(&body, "}");
    const struct crm_call call = {
        .method = "POST", .path = STR(CRM_HUBSPOT_CONTACTS "/merge"), .body = strbuf_str(&body), .changes = true};
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r < 1)
        return r;
    if (json_members(answer.body, names, 1, rest->arena, &id, &broken) < 0 || str_empty(id)) {
        crm_rest_broken(true, ret);
        return 0;
    }
    *ret_id = id;
    return 1;
}

const struct crm_vendor crm_hubspot_vendor = {
    .slots = &slots,
    .nested = "properties",
    .record = read_record,
    .fetch = fetch,
    .change = write_record,
    .make = make_record,
    .erase = erase_record,
    .merge = merge_records,
};

CRM_RECORDS_FUNCTIONS(hubspot, crm_hubspot_open, crm_hubspot_vendor)
CRM_RECORDS_MERGE(hubspot, crm_hubspot_open, crm_hubspot_vendor)

static int hubspot_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                               struct err *err)
{
    struct crm_rest rest;
    return crm_hubspot_open(lent, arena, &rest, err) < 0
               ? -1
               : crm_records_marked(&crm_hubspot_vendor, &rest, id_of_marker, marker, ret, err);
}

/* The marker's property has to be there and unique, or a lost answer could double a person. */
static int hubspot_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"hasUniqueValue"};
    struct crm_rest rest;
    struct crm_answer answer;
    struct err broken;
    struct str unique = STR_NONE;
    if (crm_hubspot_open(lent, arena, &rest, err) < 0)
        return -1;
    struct str name = marker_property(&rest);
    const struct crm_call call = {
        .method = "GET",
        .path = str_printf(arena, "/crm/v3/properties/contacts/%.*s", STR_ARG(crm_rest_escaped(name, arena))),
    };
    int r = crm_rest_call(&rest, &call, &answer, ret, err);
    if (r < 0 || (r == 0 && ret->outcome != CRM_GONE))
        return r < 0 ? -1 : 0;
    if (r == 1 && json_members(answer.body, names, 1, arena, &unique, &broken) < 0) {
        crm_rest_broken(false, ret);
        return 0;
    }
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    if (!str_eq(unique, STR("true"))) {
        ret->outcome = CRM_REJECTED;
        ret->sentence =
            str_printf(arena, "There is no contact property %.*s that allows each value once.", STR_ARG(name));
    }
    return 0;
}

static const struct crm_form_field form[] = {
    {.name = "client_id", .label = "connector.client_id", .type = "text", .required = true, .grants = CRM_GRANT_CODE},
    {.name = "client_secret",
     .label = "connector.client_secret",
     .type = "password",
     .secret = true,
     .required = true,
     .grants = CRM_GRANT_CODE},
    {.name = "access_token",
     .label = "connector.hubspot.access_token",
     .type = "password",
     .secret = true,
     .required = true,
     .grants = CRM_GRANT_KEY},
    {.name = "marker_property",
     .label = "connector.hubspot.marker_property",
     .type = "text",
     .required = true,
     .preset = "kartei_id"},
};

static const struct crm_scope scopes[] = {
    {"oauth", "scope.stay_connected"},
    {"crm.objects.contacts.read", "scope.read_contacts"},
    {"crm.objects.contacts.write", "scope.write_contacts"},
    {"crm.schemas.contacts.read", "scope.read_fields"},
};

/* PKCE is not offered there. */
static const struct crm_oauth oauth = {
    .authorize = "https://app.hubspot.com/oauth/authorize",
    .token = BASE "/oauth/v3/token",
    .revoke = BASE "/oauth/v3/token/revoke",
    .scopes = scopes,
    .n_scopes = ARRAY_LEN(scopes),
    .grants = CRM_GRANT_CODE | CRM_GRANT_KEY,
    .refusals = crm_refusals_hubspot,
    .lifetime_s = 1800,
};

const struct crm_connector crm_hubspot = {
    .kind = "hubspot",
    .api = BASE,
    .name = "HubSpot",
    .form = {form, ARRAY_LEN(form)},
    .version = "v3",
    .oauth = &oauth,
    .map = {map_rows, ARRAY_LEN(map_rows)},
    .slots = &slots,
    .constants = true,
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = false,
    .marker = true,
    .merge_most = 2,
    .test = hubspot_test,
    .find_exact = crm_hubspot_find_exact,
    .search = crm_hubspot_search,
    .get = hubspot_get,
    .fields = crm_hubspot_fields,
    .rehearse = hubspot_rehearse,
    .find_marker = hubspot_find_marker,
    .create = hubspot_create,
    .update = hubspot_update,
    .remove = hubspot_remove,
    .changes = crm_hubspot_changes,
    .merge = hubspot_merge,
};
