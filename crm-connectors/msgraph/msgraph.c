/* Microsoft 365 (Microsoft Graph v1.0): contacts of one mailbox's default folder, of the person who consented or, for
 * an app alone, of the mailbox that the setting names. The marker is an extended property, which nothing keeps unique:
 * create() looks for it first, and `marker` is false, so that a lost answer is waited out before another try. Writes
 * carry If-Match, but Microsoft does not say that contacts honour it (`conditional` is false): the record is compared
 * right before. Numbers cannot be filtered for: the folder is read. From memory, not tried against a real mailbox: the
 * folder name "contacts", immutable ids, contains() on contacts. */
#include "crm-connectors/msgraph/msgraph.h"

#include "crm-connectors/msgraph/parts.h"
#include "crm-connectors/oauth/microsoft.h"

#define BASE "https://graph.microsoft.com/v1.0"
/* A property set of our own, and the property's name in it. */
#define MARKER "String {5b9e7c42-0d5f-4a8e-9b61-7c3f2e84d1a6} Name KarteiId"

enum { SEARCH_MAX = 50, SCAN_PAGES = 20, HEADERS = 1 };

/* {"error":{"code":…}}; names come in two spellings. */
static bool judge(const struct crm_answer *answer, bool changes, struct arena *arena, struct crm_result *ret)
{
    static const struct crm_odata_code codes[] = {
        {"ErrorItemNotFound", CRM_GONE},
        {"ErrorInvalidIdMalformed", CRM_GONE},
        {"ErrorIrresolvableConflict", CRM_CONFLICT},
        {"ApplicationThrottled", CRM_QUOTA},
        {"ErrorServerBusy", CRM_QUOTA},
        {"ErrorMailboxStoreUnavailable", CRM_QUOTA},
        {NULL, CRM_REJECTED},
    };
    if (answer->status < 500)
        crm_odata_judge(answer, changes, codes, arena, ret);
    else /* whatever it says, it may have been done */
        crm_odata_judge(answer, changes, &codes[ARRAY_LEN(codes) - 1], arena, ret);
    return true;
}

static int msgraph_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err)
{
    struct crm_header *headers = arena_array(arena, HEADERS, sizeof *headers);
    if (!lent->bearer)
        return err_set(err, ERR_CRM_REAUTHORISE, "%s", "Microsoft 365");
    headers[0] = (struct crm_header){STR("Prefer"), STR("IdType=\"ImmutableId\", odata.maxpagesize=200")};
    *ret_rest = (struct crm_rest){.lent = lent, .arena = arena, .headers = {headers, HEADERS}, .judge = judge};
    ret_rest->base = str_empty(lent->base) ? STR(BASE) : lent->base;
    return 0;
}

/* "/me" or "/users/name", and what follows. */
static struct str path_of(const struct crm_rest *rest, const char *tail)
{
    struct str mailbox = crm_records_setting(rest->lent->settings, "mailbox", rest->arena);
    if (!mailbox.p)
        return str_printf(rest->arena, "/me%s", tail);
    return str_printf(rest->arena, "/users/%.*s%s", STR_ARG(crm_rest_escaped(mailbox, rest->arena)), tail);
}

static struct str contact_path(const struct crm_rest *rest, struct str id)
{
    return str_printf(rest->arena, "%.*s%.*s", STR_ARG(path_of(rest, "/contacts/")),
                      STR_ARG(crm_rest_escaped(id, rest->arena)));
}

static int read_record(const struct crm_rest *rest, struct str object, struct crm_record *record, struct err *err)
{
    static const char *const names[] = {"id", "changeKey", "lastModifiedDateTime"};
    struct str m[ARRAY_LEN(names)], removed;
    if (json_members(object, names, ARRAY_LEN(names), rest->arena, m, err) < 0 ||
        json_member(object, "@removed", rest->arena, &removed, err) < 0)
        return -1;
    struct str etag = crm_odata_etag(object, rest->arena);
    record->remote_id = m[0];
    record->version = etag.p ? etag : m[1];
    record->custody = contact_custody_of(STR_NONE, m[2], STR_NONE, rest->arena);
    record->deleted = removed.p != NULL;
    if (str_empty(m[0]) || (!removed.p && str_empty(record->version)))
        return err_set(err, ERR_BAD_JSON, "%s", "a contact without id or version");
    return 0;
}

/* Ids there are base64 in the alphabet for addresses: nothing else may stand in a path. */
static bool is_id(struct str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
              c == '='))
            return false;
    }
    return id.n > 0 && id.n <= 500;
}

static int fetch(const struct crm_rest *rest, struct str remote_id, struct str *ret_object, struct crm_result *ret,
                 struct err *err)
{
    struct crm_answer answer;
    struct strbuf path = {.arena = rest->arena};
    if (!is_id(remote_id)) {
        *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
        return 0;
    }
    strbuf_add(&path, contact_path(rest, remote_id));
    strbuf_add_c(&path, "?$select=" CRM_MSGRAPH_COLUMNS);
    int r =
        crm_rest_call(rest, &(const struct crm_call){.method = "GET", .path = strbuf_str(&path)}, &answer, ret, err);
    if (r == 1)
        *ret_object = answer.body;
    return r;
}

/* Outlook writes the display name anew when a part of the name changes: it is sent along always. One that says no more
 * than the parts goes with them; one that people chose stays. */
static int add_display_name(const struct crm_rest *rest, const struct crm_slots_change *change, struct strbuf *members,
                            struct crm_result *ret _unused_, struct err *err)
{
    static const char *const names[] = {"displayName"};
    const struct contact *before = change->before, *after = change->after;
    struct str shown;
    if (members->n == 0)
        return 1;
    if (json_members(change->live, names, 1, rest->arena, &shown, err) < 0)
        return -1;
    struct str plain =
        str_trim(str_printf(rest->arena, "%.*s %.*s", STR_ARG(before->given_name), STR_ARG(before->family_name)));
    if (!str_empty(shown) && str_eq(shown, plain))
        shown = str_trim(str_printf(rest->arena, "%.*s %.*s", STR_ARG(after->given_name), STR_ARG(after->family_name)));
    else if (str_empty(shown) || str_eq(shown, contact_display_name(before, rest->arena)))
        shown = contact_display_name(after, rest->arena);
    if (str_empty(shown))
        return 1;
    strbuf_add_c(members, ",\"displayName\":");
    json_quote(members, shown);
    return 1;
}

static int write_record(const struct crm_rest *rest, struct str object, const struct crm_record *seen,
                        struct str members, struct crm_result *ret, struct err *err)
{
    struct str folded = crm_msgraph_folded(object, members, rest->arena);
    if (!folded.p)
        return err_set(err, ERR_BAD_JSON, "%s", "a contact of another shape");
    const struct crm_call call = {
        .method = "PATCH",
        .path = contact_path(rest, seen->remote_id),
        .body = str_printf(rest->arena, "{%.*s}", STR_ARG(folded)),
    };
    return crm_odata_change(rest, &call, seen->version, ret, err);
}

static int erase_record(const struct crm_rest *rest, struct str object _unused_, const struct crm_record *seen,
                        struct crm_result *ret, struct err *err)
{
    const struct crm_call call = {.method = "DELETE", .path = contact_path(rest, seen->remote_id)};
    return crm_odata_change(rest, &call, seen->version, ret, err);
}

/* Contacts of a filter, one page: 1, 0, -1. */
static int list_where(const struct crm_rest *rest, struct str filter, struct crm_odata_list *ret_list,
                      struct crm_result *ret, struct err *err)
{
    struct strbuf path = {.arena = rest->arena};
    strbuf_add(&path, path_of(rest, "/contacts?$select=" CRM_MSGRAPH_COLUMNS));
    crm_odata_option(&path, "$filter", filter);
    strbuf_printf(&path, "&$top=%d", SEARCH_MAX);
    return crm_odata_list(rest, strbuf_str(&path), STR_NONE, ret_list, ret, err);
}

/* The records that carry the marker: 1 with them in *ret, 0, -1. */
static int find_marked(const struct crm_rest *rest, struct str marker, struct crm_result *ret, struct err *err)
{
    struct strbuf filter = {.arena = rest->arena};
    struct crm_odata_list list;
    strbuf_add_c(&filter, "singleValueExtendedProperties/any(ep: ep/id eq '" MARKER "' and ep/value eq ");
    crm_odata_literal(&filter, marker);
    strbuf_add_c(&filter, ")");
    int r = list_where(rest, strbuf_str(&filter), &list, ret, err);
    return r < 1 ? r : crm_records_list(&crm_msgraph_vendor, rest, list.value, NULL, ret);
}

static int make_record(const struct crm_rest *rest, struct str marker, struct str members, struct str *ret_id,
                       struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"id"};
    struct strbuf body = {.arena = rest->arena};
    struct crm_answer answer;
    struct err broken;
    int r = find_marked(rest, marker, ret, err);
    if (r < 1 || ret->outcome == CRM_MANY)
        return r < 0 ? -1 : 0;
    if (ret->outcome == CRM_FOUND) {
        *ret_id = ((const struct crm_record *)ret->records.items)->remote_id;
        return 1;
    }
    struct str folded = crm_msgraph_folded(STR("{}"), members, rest->arena);
    strbuf_printf(&body, "{%.*s%s\"singleValueExtendedProperties\":[{\"id\":\"" MARKER "\",\"value\":", STR_ARG(folded),
                  folded.n ? "," : "");
    json_quote(&body, marker);
    strbuf_add_c(&body, "}]}");
    const struct crm_call call = {
        .method = "POST", .path = path_of(rest, "/contacts"), .body = strbuf_str(&body), .changes = true};
    r = crm_rest_call(rest, &call, &answer, ret, err);
    if (r == 1 && (json_members(answer.body, names, 1, rest->arena, ret_id, &broken) < 0 || !is_id(*ret_id))) {
        crm_rest_broken(true, ret);
        return 0;
    }
    return r;
}

const struct crm_vendor crm_msgraph_vendor = {
    .slots = &crm_msgraph_slots,
    .flat = crm_msgraph_flat,
    .record = read_record,
    .fetch = fetch,
    .more = add_display_name,
    .change = write_record,
    .make = make_record,
    .erase = erase_record,
};

CRM_RECORDS_FUNCTIONS(msgraph, msgraph_open, crm_msgraph_vendor)

static int msgraph_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                               struct err *err)
{
    struct crm_rest rest;
    if (msgraph_open(lent, arena, &rest, err) < 0)
        return -1;
    return find_marked(&rest, marker, ret, err) < 0 ? -1 : 0;
}

static void add_found(const struct crm_result *page, struct crm_record *found, size_t *n)
{
    const struct crm_record *records = page->records.items;
    for (size_t i = 0; i < page->records.n && *n < SEARCH_MAX; i++)
        found[(*n)++] = records[i];
}

/* Records that share a number with the probe: 1, 0, -1. Spelling is free there, so all pages are read and compared. */
static int find_by_phone(const struct crm_rest *rest, const struct contact *probe, struct crm_result *ret,
                         struct err *err)
{
    struct crm_record *found = arena_array(rest->arena, SEARCH_MAX, sizeof *found);
    struct crm_odata_list list;
    struct str path = path_of(rest, "/contacts?$top=200&$select=" CRM_MSGRAPH_COLUMNS);
    size_t n = 0;
    for (int page = 0; page < SCAN_PAGES && path.p; page++) {
        int r = crm_odata_list(rest, path, STR_NONE, &list, ret, err);
        if (r == 1)
            r = crm_records_list(&crm_msgraph_vendor, rest, list.value, probe, ret);
        if (r < 1)
            return r;
        add_found(ret, found, &n);
        path = list.next;
    }
    crm_result_records(found, n, rest->arena, ret);
    return 1;
}

/* By address first; the folder is read for numbers only when no address hits. */
static int msgraph_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                              struct crm_result *ret, struct err *err)
{
    const struct contact_value *emails = probe->emails.items;
    struct strbuf filter = {.arena = arena};
    struct crm_odata_list list;
    struct crm_rest rest;
    if (msgraph_open(lent, arena, &rest, err) < 0)
        return -1;
    crm_result_records(NULL, 0, arena, ret);
    for (size_t i = 0; i < probe->emails.n; i++) {
        strbuf_printf(&filter, "%semailAddresses/any(a:a/address eq ", filter.n ? " or " : "");
        crm_odata_literal(&filter, emails[i].value);
        strbuf_add_c(&filter, ")");
    }
    int r = filter.n ? list_where(&rest, strbuf_str(&filter), &list, ret, err) : 1;
    if (r == 1 && filter.n)
        r = crm_records_list(&crm_msgraph_vendor, &rest, list.value, probe, ret);
    if (r == 1 && ret->records.n == 0 && probe->phones.n > 0)
        r = find_by_phone(&rest, probe, ret, err);
    return r < 0 ? -1 : 0;
}

static int msgraph_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                          struct err *err)
{
    static const char *const columns[] = {"displayName", "companyName"};
    struct strbuf filter = {.arena = arena};
    struct crm_odata_list list;
    struct crm_rest rest;
    if (msgraph_open(lent, arena, &rest, err) < 0)
        return -1;
    crm_result_records(NULL, 0, arena, ret);
    if (str_empty(str_trim(text)))
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        strbuf_printf(&filter, "%scontains(%s,", filter.n ? " or " : "", columns[i]);
        crm_odata_literal(&filter, str_trim(text));
        strbuf_add_c(&filter, ")");
    }
    int r = list_where(&rest, strbuf_str(&filter), &list, ret, err);
    if (r == 1)
        (void)crm_records_list(&crm_msgraph_vendor, &rest, list.value, NULL, ret);
    return r < 0 ? -1 : 0;
}

static int msgraph_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    struct crm_odata_list list;
    struct crm_rest rest;
    if (msgraph_open(lent, arena, &rest, err) < 0)
        return -1;
    int r = crm_odata_list(&rest, path_of(&rest, "/contacts?$select=id&$top=1"), STR_NONE, &list, ret, err);
    if (r == 1)
        *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return r < 0 ? -1 : 0;
}

static int msgraph_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                           struct err *err)
{
    struct crm_rest rest;
    if (msgraph_open(lent, arena, &rest, err) < 0)
        return -1;
    const struct crm_odata_pull pull = {
        .vendor = &crm_msgraph_vendor,
        .first = path_of(&rest, "/contactFolders/contacts/contacts/delta?$select=" CRM_MSGRAPH_COLUMNS),
    };
    return crm_odata_changes(&rest, &pull, cursor, ret, err);
}

static const struct crm_form_field form[] = {
    CRM_MICROSOFT_FIELDS,
    {.name = "mailbox",
     .label = "connector.msgraph.mailbox",
     .type = "text",
     .required = true,
     .grants = CRM_GRANT_CLIENT},
};

static const struct crm_scope scopes[] = {
    {"Contacts.ReadWrite", "scope.read_write_contacts"},
    {"offline_access", "scope.stay_connected"},
};

static const struct crm_oauth oauth = CRM_MICROSOFT_OAUTH(scopes, "https://graph.microsoft.com/.default");

const struct crm_connector crm_msgraph = {
    .kind = "msgraph",
    .api = BASE,
    .name = "Microsoft 365",
    .form = {form, ARRAY_LEN(form)},
    .version = "v1.0",
    .oauth = &oauth,
    .map = {crm_msgraph_map, CRM_MSGRAPH_FIELDS},
    .slots = &crm_msgraph_slots,
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = false,
    .marker = false,
    .test = msgraph_test,
    .find_exact = msgraph_find_exact,
    .search = msgraph_search,
    .get = msgraph_get,
    .rehearse = msgraph_rehearse,
    .find_marker = msgraph_find_marker,
    .create = msgraph_create,
    .update = msgraph_update,
    .remove = msgraph_remove,
    .changes = msgraph_changes,
};
