/* Pipedrive (API v2): persons. It keeps nothing unique: the marker is a custom text field of persons (connection
 * setting "marker_field") that create() looks for first, in the search and, since that lags, in the list of what
 * changed lately; `marker` is false, so that a lost answer is waited out before another try. Writes know no condition:
 * the record is compared right before. First and last name are one text there, addresses have no place. The employer is
 * a record of its own: linked when exactly one has the name, made when a person says so. From memory, not tried against
 * a real company: how a name is divided, that the list knows a new person at once, that numbers are found by their last
 * digits. */
#include "crm-connectors/pipedrive/pipedrive.h"

#include "base/clock.h"
#include "crm-connectors/oauth/refusal.h"
#include "crm-connectors/pipedrive/parts.h"

#define BASE "https://api.pipedrive.com"

enum {
    BURST_MS = 2 * 1000,        /* limits of the second are over after two */
    BANNED_MS = 10 * 60 * 1000, /* who hammers on gets a page of the wall before it */
    DAY_MS = 24 * 3600 * 1000,
};

/* The day's budget of the company is used up: it begins anew at midnight. */
static int64_t wait_of(const struct crm_answer *answer)
{
    struct str left = crm_answer_header(answer, "x-daily-ratelimit-token-remaining");
    int64_t seconds = 0, now = clock_now_ms();
    if (left.p && str_eq(str_trim(left), STR("0")))
        return DAY_MS - now % DAY_MS;
    if (str_to_int(str_trim(crm_answer_header(answer, "x-ratelimit-reset")), 1, 3600, &seconds))
        return seconds * 1000;
    return BURST_MS;
}

/* {"success":false,"error":"…","error_info":"…"} */
static bool judge(const struct crm_answer *answer, bool changes, struct arena *arena, struct crm_result *ret)
{
    static const char *const names[] = {"error", "message"};
    struct str m[ARRAY_LEN(names)] = {{0}};
    struct err ignored;
    (void)json_members(answer->body, names, ARRAY_LEN(names), arena, m, &ignored);
    crm_fault_status(answer, changes, 0, ret);
    ret->sentence = crm_fault_sentence(m[0].p ? m[0] : m[1], arena);
    if (answer->status == 403 && str_starts(str_trim(answer->body), STR("<"))) {
        ret->outcome = CRM_QUOTA;
        ret->retry_after_ms = BANNED_MS;
    } else if (answer->status == 429) {
        ret->retry_after_ms = wait_of(answer);
    }
    return true;
}

static const struct crm_quota_headers quota = {.left = "x-daily-ratelimit-token-remaining",
                                               .limit = "x-daily-ratelimit-token-limit"};

int crm_pipedrive_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err)
{
    struct crm_header *header = arena_array(arena, 1, sizeof *header);
    struct str token = crm_records_setting(lent->secret, "api_token", arena);
    *ret_rest = (struct crm_rest){.lent = lent, .arena = arena, .base = lent->base, .quota = &quota, .judge = judge};
    if (!lent->bearer && token.p) {
        *header = (struct crm_header){STR("x-api-token"), token};
        ret_rest->headers = (struct json_list){header, 1};
        ret_rest->base = crm_records_setting(lent->settings, "url", arena);
        if (!ret_rest->base.p)
            ret_rest->base = STR(BASE);
        if (str_ends(ret_rest->base, STR("/")))
            ret_rest->base.n--;
    } else if (!lent->bearer || str_empty(lent->base)) {
        return err_set(err, ERR_CRM_REAUTHORISE, "%s", "Pipedrive");
    }
    struct str title = crm_pipedrive_title_field(ret_rest);
    if (!crm_pipedrive_is_key(crm_pipedrive_marker_field(ret_rest)))
        return err_field(err, ERR_INVALID, "/settings/marker_field", "the 40 digits of a field's API key");
    if (title.p && !crm_pipedrive_is_key(title) && !str_eq(title, STR("job_title")))
        return err_field(err, ERR_INVALID, "/settings/job_title_field", "the 40 digits of a field's API key");
    return 0;
}

/* An answer of 2xx that says "success":false: nothing was done. */
static bool refused(struct str body, struct arena *arena, struct crm_result *ret)
{
    static const char *const names[] = {"success", "error"};
    struct str m[ARRAY_LEN(names)];
    struct err broken;
    if (json_members(body, names, ARRAY_LEN(names), arena, m, &broken) < 0 || !str_eq(m[0], STR("false")))
        return false;
    *ret = (struct crm_result){.outcome = CRM_REJECTED, .sentence = crm_fault_sentence(m[1], arena), .not_sent = true};
    return true;
}

int crm_pipedrive_ask(const struct crm_rest *rest, const struct crm_call *call, struct crm_pipedrive_answer *ret_answer,
                      struct crm_result *ret, struct err *err)
{
    struct crm_answer answer = {.status = 0};
    struct err broken;
    *ret_answer = (struct crm_pipedrive_answer){.status = 0};
    int r = crm_rest_call(rest, call, &answer, ret, err);
    ret_answer->status = answer.status;
    if (r < 1)
        return r;
    if (refused(answer.body, rest->arena, ret))
        return 0;
    if (json_member(answer.body, "data", rest->arena, &ret_answer->data, &broken) == 0 &&
        json_member(answer.body, "additional_data", rest->arena, &ret_answer->more, &broken) == 0)
        return 1;
    crm_rest_broken(call->changes, ret);
    return 0;
}

static struct str person_path(const struct crm_rest *rest, struct str id)
{
    return str_printf(rest->arena, CRM_PIPEDRIVE_PERSONS "/%.*s", STR_ARG(id));
}

static int fetch(const struct crm_rest *rest, struct str remote_id, struct str *ret_object, struct crm_result *ret,
                 struct err *err)
{
    struct crm_pipedrive_answer answer;
    struct json_list items;
    struct err broken;
    struct str list;
    int64_t number; /* anything else in the path would be another resource */
    if (!str_to_int(remote_id, 1, INT64_MAX, &number)) {
        *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
        return 0;
    }
    const struct crm_call call = {.method = "GET", .path = person_path(rest, remote_id)};
    int r = crm_pipedrive_ask(rest, &call, &answer, ret, err);
    if (r == 1)
        r = crm_pipedrive_name_employers(rest, str_printf(rest->arena, "[%.*s]", STR_ARG(answer.data)), &list, ret,
                                         err);
    if (r < 1)
        return r;
    if (json_items(list, rest->arena, &items, &broken) == 0 && items.n == 1) {
        *ret_object = *(const struct str *)items.items;
        return 1;
    }
    crm_rest_broken(false, ret);
    return 0;
}

static int write_record(const struct crm_rest *rest, struct str object _unused_, const struct crm_record *seen,
                        struct str members, struct crm_result *ret, struct err *err)
{
    struct crm_pipedrive_answer answer;
    const struct crm_call call = {
        .method = "PATCH",
        .path = person_path(rest, seen->remote_id),
        .body = str_printf(rest->arena, "{%.*s}", STR_ARG(members)),
        .changes = true,
    };
    int r = crm_pipedrive_ask(rest, &call, &answer, ret, err);
    if (r < 1 || answer.data.p)
        return r;
    crm_rest_broken(true, ret);
    return 0;
}

int crm_pipedrive_post(const struct crm_rest *rest, struct str path, struct str body, struct str *ret_id,
                       struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"id"};
    struct crm_pipedrive_answer answer;
    struct err broken;
    const struct crm_call call = {.method = "POST", .path = path, .body = body, .changes = true};
    int r = crm_pipedrive_ask(rest, &call, &answer, ret, err);
    if (r < 1)
        return r;
    if (answer.data.p && json_members(answer.data, names, 1, rest->arena, ret_id, &broken) == 0 && ret_id->p)
        return 1;
    crm_rest_broken(true, ret);
    return 0;
}

static int post_record(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                       struct crm_result *ret, struct err *err)
{
    struct str body, fields = str_printf(rest->arena, "{\"custom_fields\":{\"%.*s\":\"%.*s\"}}",
                                         STR_ARG(crm_pipedrive_marker_field(rest)), STR_ARG(marker));
    if (json_merge_patch(str_printf(rest->arena, "{%.*s}", STR_ARG(members)), fields, rest->arena, &body, err) < 0)
        return -1;
    return crm_pipedrive_post(rest, STR(CRM_PIPEDRIVE_PERSONS), body, ret_id, ret, err);
}

static int make_record(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                       struct crm_result *ret, struct err *err)
{
    int r = crm_pipedrive_find_marked(rest, marker, ret, err);
    if (r < 1 || ret->outcome == CRM_MANY)
        return r < 0 ? -1 : 0;
    if (ret->outcome == CRM_NONE)
        return post_record(rest, marker, members, ret_id, ret, err);
    *ret_id = ((const struct crm_record *)ret->records.items)->remote_id;
    return 1;
}

static int erase_record(const struct crm_rest *rest, struct str object _unused_, const struct crm_record *seen,
                        struct crm_result *ret, struct err *err)
{
    struct crm_pipedrive_answer answer;
    const struct crm_call call = {.method = "DELETE", .path = person_path(rest, seen->remote_id), .changes = true};
    return crm_pipedrive_ask(rest, &call, &answer, ret, err);
}

/* Still of version 1. The one in the path goes; where both have a value, that of merge_with_id stays. */
static int merge_records(const struct crm_rest *rest, const struct crm_record *keep, const struct crm_record *give,
                         struct str *ret_id, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"id"};
    struct crm_pipedrive_answer answer;
    struct str id = STR_NONE;
    struct err broken;
    const struct crm_call call = {
        .method = "PUT",
        .path = str_printf(rest->arena, CRM_PIPEDRIVE_V1 "/persons/%.*s/merge", STR_ARG(give->remote_id)),
        .body = str_printf(rest->arena, "{\"merge_with_id\":%.*s}", STR_ARG(keep->remote_id)),
        .changes = true,
    };
    int r = crm_pipedrive_ask(rest, &call, &answer, ret, err);
    if (r < 1)
        return r;
    if (!answer.data.p || json_members(answer.data, names, 1, rest->arena, &id, &broken) < 0 || !id.p) {
        crm_rest_broken(true, ret);
        return 0;
    }
    *ret_id = id;
    return 1;
}

/* Nothing of a person is one text in one place: shape.c reads and writes all. */
static const struct crm_map_list no_fields = {NULL, 0};
static const struct crm_slots slots = {.empty = "null", .map = &no_fields};

const struct crm_vendor crm_pipedrive_vendor = {
    .slots = &slots,
    .record = crm_pipedrive_read,
    .fetch = fetch,
    .more = crm_pipedrive_write,
    .employer = &crm_pipedrive_employer,
    .change = write_record,
    .make = make_record,
    .erase = erase_record,
    .merge = merge_records,
};

CRM_RECORDS_FUNCTIONS(pipedrive, crm_pipedrive_open, crm_pipedrive_vendor)
CRM_RECORDS_MERGE(pipedrive, crm_pipedrive_open, crm_pipedrive_vendor)
CRM_RECORDS_COMPANIES(pipedrive, crm_pipedrive_open, crm_pipedrive_vendor)
CRM_RECORDS_MAKE_COMPANY(pipedrive, crm_pipedrive_open, crm_pipedrive_vendor)

static int pipedrive_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                                 struct err *err)
{
    struct crm_rest rest;
    if (crm_pipedrive_open(lent, arena, &rest, err) < 0)
        return -1;
    return crm_pipedrive_find_marked(&rest, marker, ret, err) < 0 ? -1 : 0;
}

/* One field of persons: 1 when it is there and is text, 0 with a result, -1. */
static int test_field(const struct crm_rest *rest, struct str key, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"field_type"};
    struct crm_pipedrive_answer answer;
    struct str type = STR_NONE;
    struct err broken;
    const struct crm_call call = {
        .method = "GET",
        .path = str_printf(rest->arena, CRM_PIPEDRIVE_V2 "/personFields/%.*s", STR_ARG(key)),
    };
    int r = crm_pipedrive_ask(rest, &call, &answer, ret, err);
    if (r < 0 || (r == 0 && ret->outcome != CRM_GONE))
        return r;
    if (r == 1 && (!answer.data.p || json_members(answer.data, names, 1, rest->arena, &type, &broken) < 0)) {
        crm_rest_broken(false, ret);
        return 0;
    }
    if (str_eq(type, STR("varchar")))
        return 1;
    *ret = (struct crm_result){.outcome = CRM_REJECTED, .not_sent = true};
    ret->sentence = str_printf(rest->arena, "Persons have no text field %.*s.", STR_ARG(key));
    return 0;
}

/* The fields have to be there, or a lost answer could double a person. */
static int pipedrive_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    struct crm_rest rest;
    if (crm_pipedrive_open(lent, arena, &rest, err) < 0)
        return -1;
    struct str title = crm_pipedrive_title_field(&rest);
    int r = test_field(&rest, crm_pipedrive_marker_field(&rest), ret, err);
    if (r == 1 && title.p)
        r = test_field(&rest, title, ret, err);
    if (r == 1)
        *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return r < 0 ? -1 : 0;
}

static const struct crm_form_field form[] = {
    {.name = "client_id", .label = "connector.client_id", .type = "text", .required = true, .grants = CRM_GRANT_CODE},
    {.name = "client_secret",
     .label = "connector.client_secret",
     .type = "password",
     .secret = true,
     .required = true,
     .grants = CRM_GRANT_CODE},
    {.name = "api_token",
     .label = "connector.pipedrive.api_token",
     .type = "password",
     .secret = true,
     .required = true,
     .grants = CRM_GRANT_KEY},
    {.name = "url", .label = "connector.pipedrive.url", .type = "url", .grants = CRM_GRANT_KEY},
    {.name = "marker_field", .label = "connector.pipedrive.marker_field", .type = "text", .required = true},
    {.name = "job_title_field", .label = "connector.pipedrive.job_title_field", .type = "text"},
};

static const struct crm_scope scopes[] = {
    {"base", "scope.stay_connected"},
    {"contacts:full", "scope.read_write_contacts"},
    {"search:read", "scope.search_contacts"},
};

/* PKCE is not offered there. Scopes belong to the app; asked for all the same, so that the answer can be compared. */
static const struct crm_oauth oauth = {
    .authorize = "https://oauth.pipedrive.com/oauth/authorize",
    .token = "https://oauth.pipedrive.com/oauth/token",
    .revoke = "https://oauth.pipedrive.com/oauth/revoke",
    .scopes = scopes,
    .n_scopes = ARRAY_LEN(scopes),
    .grants = CRM_GRANT_CODE | CRM_GRANT_KEY,
    .basic = true,
    .base_member = "api_domain",
    .base_hosts = ".pipedrive.com",
    .refusals = crm_refusals_pipedrive,
    .lifetime_s = 3600,
};

const struct crm_connector crm_pipedrive = {
    .kind = "pipedrive",
    .api = "{url=" BASE "}",
    .name = "Pipedrive",
    .form = {form, ARRAY_LEN(form)},
    .version = "v2",
    .oauth = &oauth,
    .map = {crm_pipedrive_map_rows, CRM_PIPEDRIVE_FIELDS},
    .company = "org_id",
    .constants = true,
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = false,
    .marker = false,
    .lag_s = 30,
    .merge_most = 2,
    .test = pipedrive_test,
    .find_exact = crm_pipedrive_find_exact,
    .search = crm_pipedrive_search,
    .companies = pipedrive_companies,
    .make_company = pipedrive_make_company,
    .get = pipedrive_get,
    .fields = crm_pipedrive_fields,
    .rehearse = pipedrive_rehearse,
    .find_marker = pipedrive_find_marker,
    .create = pipedrive_create,
    .update = pipedrive_update,
    .remove = pipedrive_remove,
    .changes = crm_pipedrive_changes,
    .merge = pipedrive_merge,
};
