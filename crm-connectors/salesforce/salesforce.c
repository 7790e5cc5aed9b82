/* Salesforce (REST API v66.0): what its objects have in common, and contacts. The marker is a custom text field of the
 * org, External ID and Unique (connection setting "marker_field"): Salesforce itself refuses a second record with it.
 * Writes carry If-Unmodified-Since, whose grain is a second; a hash of all that was read closes most of that gap. The
 * employer is a record of its own (Account): read, linked when exactly one has the name, never made.
 * From memory: Owner.Name (of a queue, too) and LastModifiedBy.Name, which every user may read. */
#include "crm-connectors/salesforce/salesforce.h"
#include "base/clock.h"
#include "crm-connectors/salesforce/parts.h"

#define API "/services/data/" CRM_SALESFORCE_VERSION

enum { SEARCH_MAX = 50, DIGITS = 8 };

const struct crm_salesforce_object *crm_salesforce_object(const struct crm_rest *rest)
{
    return rest->object;
}

struct str crm_salesforce_columns(const struct crm_rest *rest)
{
    struct strbuf out = {.arena = rest->arena};
    strbuf_add_c(&out, "Id,");
    const struct crm_salesforce_object *object = crm_salesforce_object(rest);
    crm_slots_members(crm_records_slots(rest, object->vendor->slots), "", ",", &out);
    strbuf_add_c(&out, "LastModifiedDate,SystemModstamp,IsDeleted,Owner.Name,LastModifiedBy.Name");
    if (object->ended)
        strbuf_printf(&out, ",%s", object->ended);
    if (object->vendor->employer && crm_records_company(rest))
        strbuf_add_c(&out, ",AccountId,Account.Name");
    return strbuf_str(&out);
}

/* First error of [{"errorCode":…,"message":…}]. */
static struct str error_code(const struct crm_answer *answer, struct arena *arena, struct str *ret_message)
{
    static const char *const names[] = {"errorCode", "message"};
    struct str m[ARRAY_LEN(names)] = {{0}};
    struct json_list items = {0};
    struct err ignored;
    if (json_items(answer->body, arena, &items, &ignored) == 0 && items.n > 0)
        (void)json_members(((const struct str *)items.items)[0], names, ARRAY_LEN(names), arena, m, &ignored);
    *ret_message = crm_fault_sentence(m[1], arena);
    return m[0];
}

static bool judge(const struct crm_answer *answer, bool changes, struct arena *arena, struct crm_result *ret)
{
    static const struct {
        const char *code;
        enum crm_outcome outcome;
        int64_t wait_ms;
    } codes[] = {
        {"INVALID_SESSION_ID", CRM_REAUTHORISE, 0},
        {"REQUEST_LIMIT_EXCEEDED", CRM_QUOTA, 15 * 60 * 1000}, /* of the org's day: it frees up hour by hour */
        {"UNABLE_TO_LOCK_ROW", CRM_QUOTA, 1000},
        {"SERVER_UNAVAILABLE", CRM_DOWN, 0},
        {"DUPLICATES_DETECTED", CRM_DUPLICATE, 0},
        {"DUPLICATE_VALUE", CRM_DUPLICATE, 0},
        {"ENTITY_IS_DELETED", CRM_GONE, 0},
        {"NOT_FOUND", CRM_GONE, 0},
        {"MALFORMED_ID", CRM_GONE, 0},
        {"PRECONDITION_FAILED", CRM_CONFLICT, 0},
    };
    struct str message, code = error_code(answer, arena, &message);
    crm_fault_status(answer, changes, clock_now_ms(), ret);
    ret->sentence = message;
    if (!code.p || answer->status >= 500)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (str_eq(code, str_c(codes[i].code))) {
            ret->outcome = codes[i].outcome;
            ret->retry_after_ms = codes[i].wait_ms;
            ret->not_sent = true;
        }
    return true;
}

int crm_salesforce_open(const struct crm_salesforce_object *object, struct crm_lent *lent, struct arena *arena,
                        struct crm_rest *ret_rest, struct err *err)
{
    if (!lent->bearer || str_empty(lent->base))
        return err_set(err, ERR_CRM_REAUTHORISE, "%s", "Salesforce");
    static const struct crm_quota_headers quota = {.used = "Sforce-Limit-Info"};
    *ret_rest = (struct crm_rest){.lent = lent, .arena = arena, .quota = &quota, .judge = judge, .object = object};
    ret_rest->base = str_printf(arena, "%.*s" API, STR_ARG(lent->base));
    return 0;
}

static struct str marker_field(const struct crm_rest *rest)
{
    struct str name = crm_records_setting(rest->lent->settings, "marker_field", rest->arena);
    return name.p ? name : STR("Kartei_Id__c");
}

/* Name of whom a member speaks of; absent where it speaks of nobody. */
static struct str name_in(const struct crm_rest *rest, struct str object, const char *member)
{
    static const char *const names[] = {"Name"};
    struct str person = STR_NONE, name = STR_NONE;
    struct err ignored;
    if (json_member(object, member, rest->arena, &person, &ignored) == 0 && str_starts(person, STR("{")))
        (void)json_members(person, names, 1, rest->arena, &name, &ignored);
    return name;
}

/* Stamp, and a hash of what was read but who has it in hand: a user who is renamed changes no record. */
static int version_of(const struct crm_rest *rest, struct str object, struct str modified, struct str *ret_version,
                      struct err *err)
{
    static const char *const custody[] = {"Owner", "LastModifiedBy"};
    struct str kept;
    if (json_without(object, custody, ARRAY_LEN(custody), rest->arena, &kept, err) < 0)
        return -1;
    *ret_version =
        str_printf(rest->arena, "%.*s/%.*s", STR_ARG(modified), STR_ARG(crm_records_hash(kept, rest->arena)));
    return 0;
}

int crm_salesforce_read(const struct crm_rest *rest, struct str object, struct crm_record *record, struct err *err)
{
    const char *ended = crm_salesforce_object(rest)->ended;
    const char *const names[] = {"Id", "LastModifiedDate", "IsDeleted", "AccountId", ended ? ended : "IsDeleted"};
    static const char *const account_names[] = {"Name"};
    struct str m[ARRAY_LEN(names)], account;
    if (json_members(object, names, ARRAY_LEN(names), rest->arena, m, err) < 0 ||
        json_member(object, "Account", rest->arena, &account, err) < 0)
        return -1;
    if (account.p && json_members(account, account_names, 1, rest->arena, &record->contact.organization, err) < 0)
        return -1;
    if (str_empty(m[0]))
        return err_set(err, ERR_BAD_JSON, "a record without Id");
    record->remote_id = m[0];
    if (version_of(rest, object, m[1], &record->version, err) < 0)
        return -1;
    record->custody =
        contact_custody_of(name_in(rest, object, "Owner"), m[1], name_in(rest, object, "LastModifiedBy"), rest->arena);
    record->deleted = str_eq(m[2], STR("true")) || str_eq(m[4], STR("true"));
    record->kind = crm_salesforce_object(rest)->kind;
    record->company = m[3];
    return 0;
}

int crm_salesforce_fetch(const struct crm_rest *rest, struct str remote_id, struct str *ret_object,
                         struct crm_result *ret, struct err *err)
{
    struct strbuf soql = {.arena = rest->arena};
    struct json_list items = {0};
    struct str list;
    strbuf_printf(&soql, "SELECT %.*s FROM %s WHERE Id='", STR_ARG(crm_salesforce_columns(rest)),
                  crm_salesforce_object(rest)->name);
    crm_soql_literal(&soql, remote_id, false);
    strbuf_add_c(&soql, "'");
    int r = crm_soql_query(rest, "query", strbuf_str(&soql), &list, ret, err);
    if (r < 1)
        return r;
    if (json_items(list, rest->arena, &items, err) < 0 || items.n != 1) {
        *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
        return 0;
    }
    *ret_object = *(const struct str *)items.items;
    return 1;
}

/* The member "Id" of the only record of a query, absent when there is none, or several: 1, 0, -1. */
static int only_id(const struct crm_rest *rest, struct str soql, struct str *ret_id, struct crm_result *ret,
                   struct err *err)
{
    static const char *const names[] = {"Id"};
    struct json_list items = {0};
    struct str list;
    struct err broken;
    int r = crm_soql_query(rest, "query", soql, &list, ret, err);
    *ret_id = STR_NONE;
    if (r == 1 && json_items(list, rest->arena, &items, &broken) == 0 && items.n == 1 &&
        json_members(*(const struct str *)items.items, names, 1, rest->arena, ret_id, &broken) < 0)
        *ret_id = STR_NONE;
    if (r == 1)
        *ret = (struct crm_result){.outcome = items.n > 1 ? CRM_MANY : items.n ? CRM_FOUND : CRM_NONE};
    return r;
}

/* The object's resource; of one record unless its id is absent. */
static struct str path_of(const struct crm_rest *rest, struct str id)
{
    const char *name = crm_salesforce_object(rest)->name;
    return id.p ? str_printf(rest->arena, "/sobjects/%s/%.*s", name, STR_ARG(crm_rest_escaped(id, rest->arena)))
                : str_printf(rest->arena, "/sobjects/%s", name);
}

struct str crm_salesforce_describe(const struct crm_rest *rest)
{
    return str_printf(rest->arena, "/sobjects/%s/describe", crm_salesforce_object(rest)->name);
}

int crm_salesforce_change(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                          struct str members, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"LastModifiedDate"};
    struct crm_answer answer;
    struct str modified;
    if (json_members(object, names, 1, rest->arena, &modified, err) < 0)
        return -1;
    struct crm_header headers[] = {
        {STR("If-Unmodified-Since"), clock_http(clock_parse(modified), rest->arena)},
        {STR("Sforce-Duplicate-Rule-Header"), STR("allowSave=true")}, /* the record exists: no rule is asked */
    };
    const struct crm_call call = {
        .method = "PATCH",
        .path = path_of(rest, seen->remote_id),
        .body = str_printf(rest->arena, "{%.*s}", STR_ARG(members)),
        .headers = {headers, ARRAY_LEN(headers)},
        .changes = true,
    };
    return crm_rest_call(rest, &call, &answer, ret, err);
}

static int id_of_marker(const struct crm_rest *rest, struct str marker, struct str *ret_id, struct crm_result *ret,
                        struct err *err)
{
    struct strbuf soql = {.arena = rest->arena};
    strbuf_printf(&soql, "SELECT Id FROM %s WHERE %.*s='", crm_salesforce_object(rest)->name,
                  STR_ARG(marker_field(rest)));
    crm_soql_literal(&soql, marker, false);
    strbuf_add_c(&soql, "'");
    return only_id(rest, strbuf_str(&soql), ret_id, ret, err);
}

int crm_salesforce_post(const struct crm_rest *rest, struct str path, struct str body, struct str *ret_id,
                        struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"id"};
    struct crm_header headers[] = {{STR("Sforce-Duplicate-Rule-Header"),
                                    STR("allowSave=false; includeRecordDetails=false; runAsCurrentUser=true")}};
    const struct crm_call call = {
        .method = "POST", .path = path, .body = body, .headers = {headers, ARRAY_LEN(headers)}, .changes = true};
    struct crm_answer answer;
    struct err broken;
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r < 1 || (json_members(answer.body, names, 1, rest->arena, ret_id, &broken) == 0 && ret_id->p))
        return r;
    crm_rest_broken(true, ret);
    return 0;
}

int crm_salesforce_make(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                        struct crm_result *ret, struct err *err)
{
    struct str body = str_printf(rest->arena, "{%.*s%s\"%.*s\":\"%.*s\"}", STR_ARG(members), members.n ? "," : "",
                                 STR_ARG(marker_field(rest)), STR_ARG(marker));
    int r = crm_salesforce_post(rest, path_of(rest, STR_NONE), body, ret_id, ret, err);
    return r == 0 && ret->outcome == CRM_DUPLICATE ? crm_records_own(rest, id_of_marker, marker, ret_id, err) : r;
}

int crm_salesforce_erase(const struct crm_rest *rest, struct str object _unused_, const struct crm_record *seen,
                         struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    const struct crm_call call = {.method = "DELETE", .path = path_of(rest, seen->remote_id), .changes = true};
    return crm_rest_call(rest, &call, &answer, ret, err);
}

static int list_where(const struct crm_rest *rest, struct str where, const struct contact *probe,
                      struct crm_result *ret, struct err *err)
{
    struct str list;
    struct str soql =
        str_printf(rest->arena, "SELECT %.*s FROM %s WHERE %.*s LIMIT %d", STR_ARG(crm_salesforce_columns(rest)),
                   crm_salesforce_object(rest)->name, STR_ARG(where), SEARCH_MAX);
    int r = crm_soql_query(rest, "query", soql, &list, ret, err);
    if (r == 1)
        (void)crm_records_list(crm_salesforce_object(rest)->vendor, rest, list, probe, ret);
    return r < 0 ? -1 : 0;
}

/* Values of one field in all the columns that hold such. */
static void add_values(const struct crm_rest *rest, const char *field, const struct json_list *values,
                       struct strbuf *where)
{
    const struct crm_slots *in_use = crm_records_slots(rest, crm_salesforce_object(rest)->vendor->slots);
    const struct contact_value *all = values->items;
    bool dial = strcmp(field, "phones") == 0;
    for (size_t i = 0; i < values->n; i++)
        for (size_t k = 0; k < in_use->n; k++) {
            const struct crm_slot *slot = &in_use->rows[k];
            if (slot->part != CRM_SLOT_VALUE || strcmp(slot->field, field) != 0)
                continue;
            strbuf_printf(where, dial ? "%s%s LIKE '" : "%s%s='", where->n ? " OR " : "", slot->member);
            if (dial)
                strbuf_add(where, crm_digits_pattern(all[i].value, DIGITS, rest->arena));
            else
                crm_soql_literal(where, all[i].value, false);
            strbuf_add_c(where, "'");
        }
}

int crm_salesforce_find_exact(const struct crm_rest *rest, const struct contact *probe, struct crm_result *ret,
                              struct err *err)
{
    struct strbuf where = {.arena = rest->arena};
    add_values(rest, "emails", &probe->emails, &where);
    add_values(rest, "phones", &probe->phones, &where);
    if (where.n == 0) {
        crm_result_records(NULL, 0, rest->arena, ret);
        return 0;
    }
    return list_where(rest, strbuf_str(&where), probe, ret, err);
}

int crm_salesforce_search(const struct crm_rest *rest, struct str text, struct crm_result *ret, struct err *err)
{
    struct strbuf where = {.arena = rest->arena};
    if (str_empty(str_trim(text))) {
        crm_result_records(NULL, 0, rest->arena, ret);
        return 0;
    }
    strbuf_add_c(&where, "Name LIKE '%");
    crm_soql_literal(&where, str_trim(text), true);
    strbuf_printf(&where, "%%' OR %s LIKE '%%", crm_salesforce_object(rest)->employer);
    crm_soql_literal(&where, str_trim(text), true);
    strbuf_add_c(&where, "%'");
    return list_where(rest, strbuf_str(&where), NULL, ret, err);
}

int crm_salesforce_find_marker(const struct crm_rest *rest, struct str marker, struct crm_result *ret, struct err *err)
{
    return crm_records_marked(crm_salesforce_object(rest)->vendor, rest, id_of_marker, marker, ret, err);
}

/* True when the object's description has the field, and Salesforce keeps it unique. */
static bool has_marker(struct str description, struct str name, struct arena *arena)
{
    static const char *const names[] = {"name", "unique", "externalId"};
    struct str fields = STR_NONE, m[ARRAY_LEN(names)];
    struct json_list items = {0};
    struct err ignored;
    if (json_member(description, "fields", arena, &fields, &ignored) < 0 || !fields.p ||
        json_items(fields, arena, &items, &ignored) < 0)
        return false;
    for (size_t i = 0; i < items.n; i++)
        if (json_members(((const struct str *)items.items)[i], names, ARRAY_LEN(names), arena, m, &ignored) == 0 &&
            str_eq_nocase(m[0], name))
            return str_eq(m[1], STR("true")) && str_eq(m[2], STR("true"));
    return false;
}

/* The user is named by addresses that the permission "api" does not open. */
int crm_salesforce_who(const struct crm_rest *rest, struct crm_who *ret_who, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"Name", "IsSandbox"};
    struct json_list items;
    struct err broken;
    struct str list, m[ARRAY_LEN(names)];
    int r = crm_soql_query(rest, "query", STR("SELECT Name, IsSandbox FROM Organization LIMIT 1"), &list, ret, err);
    if (r < 1)
        return r;
    if (json_items(list, rest->arena, &items, &broken) < 0 || items.n != 1 ||
        json_members(*(const struct str *)items.items, names, ARRAY_LEN(names), rest->arena, m, &broken) < 0) {
        crm_rest_broken(false, ret);
        return 0;
    }
    *ret_who = (struct crm_who){.organisation = m[0], .sandbox = str_eq(m[1], STR("true"))};
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}

/* The marker's field has to be there and unique, or a lost answer could double a person. */
int crm_salesforce_test(const struct crm_rest *rest, struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    struct str name = marker_field(rest);
    if (!crm_soql_name(name))
        return err_field(err, ERR_INVALID, "/settings/marker_field", "the API name of a field");
    const struct crm_call call = {.method = "GET", .path = crm_salesforce_describe(rest)};
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r < 1)
        return r;
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    if (!has_marker(answer.body, name, rest->arena)) {
        ret->outcome = CRM_REJECTED;
        ret->sentence = str_printf(rest->arena, "%s has no field %.*s (Text 36, External ID, Unique).",
                                   crm_salesforce_object(rest)->name, STR_ARG(name));
    }
    return 0;
}
