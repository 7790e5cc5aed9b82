/* See search.h. */
#include "flow/audit/search.h"

#include "base/clock.h"
#include "base/limits.h"
#include "flow/audit/audit.h"
#include "flow/rights.h"
#include "flow/shape/rows.h"
#include "store/audit/find.h"

static const struct json_field flow_audit_entry_rows[] = {
    WHOLE(flow_audit_entry, number, "Grows by one within the organisation."),
    TEXT(flow_audit_entry, at, "RFC 3339."),
    TEXT(flow_audit_entry, user_id, "Who; absent: the system or the command line."),
    TEXT(flow_audit_entry, session_id, "By which sign-in."),
    TEXT(flow_audit_entry, token_id, "By which API token."),
    TEXT(flow_audit_entry, grant_id, "By which support grant."),
    TEXT(flow_audit_entry, address, "From which network address."),
    TEXT(flow_audit_entry, action, "What: contact.read, contact.update, session.begin …"),
    TEXT(flow_audit_entry, kind, "Of what."),
    TEXT(flow_audit_entry, subject_id, "Of which one."),
    TEXTS(flow_audit_entry, records, "Further records that it touched."),
    TEXT(flow_audit_entry, request, "Request id, as in the log and in X-Request-Id."),
    TEXT(flow_audit_entry, note, "Words: the operation, states."),
    TEXT(flow_audit_entry, why, "The reason that a person gave."),
};
SHAPE(flow_audit_entry, "AuditEntry");

static const struct json_field flow_audit_record_rows[] = {
    TEXT(flow_audit_record, kind, "contact, record, scan …"),
    TEXT(flow_audit_record, id, "UUID."),
    WHOLE(flow_audit_record, times, "How often."),
    TEXT(flow_audit_record, first_at, "RFC 3339."),
    TEXT(flow_audit_record, last_at, "RFC 3339."),
};
SHAPE(flow_audit_record, "AuditRecord");

static const struct json_field flow_audit_records_rows[] = {
    ROW(flow_audit_records, items, LIST, .shape = &flow_audit_record_shape, .max = FLOW_AUDIT_RECORDS),
    YES(flow_audit_records, more, "There are more: narrow the question."),
};
SHAPE(flow_audit_records, "AuditRecords");

static int id_of(struct str text, const char *pointer, struct id *ret_id, struct err *err)
{
    return text.p ? flow_id_read(text, pointer, ret_id, err) : 0;
}

static int time_of(struct str text, const char *pointer, int64_t *ret_ms, struct err *err)
{
    if (!text.p)
        return 0;
    *ret_ms = clock_parse(text);
    return *ret_ms < 0 ? err_field(err, ERR_INVALID, pointer, "a time such as 2026-11-30T12:00:00Z is expected") : 0;
}

static int query_of(const struct flow_audit_query *query, struct store_audit_query *ret, struct err *err)
{
    struct store_audit_query asked = {.address = query->address, .action = query->action};
    if (id_of(query->session, "/session", &asked.session, err) < 0 ||
        id_of(query->token, "/token", &asked.token, err) < 0 || id_of(query->grant, "/grant", &asked.grant, err) < 0 ||
        id_of(query->user, "/user", &asked.user, err) < 0 || id_of(query->record, "/record", &asked.record, err) < 0 ||
        time_of(query->from, "/from", &asked.from, err) < 0 || time_of(query->to, "/to", &asked.to, err) < 0)
        return -1;
    *ret = asked;
    return 0;
}

/* Who searches is found by searching; an address that is asked for is personal, so only that one was asked for. */
static int search_note(const struct flow *flow, const struct flow_actor *actor, const struct flow_audit_query *query,
                       struct arena *arena, struct err *err)
{
    struct strbuf note = {.arena = arena};
    const struct {
        const char *name;
        struct str value;
    } asked[] = {{"session", query->session},
                 {"token", query->token},
                 {"grant", query->grant},
                 {"user", query->user},
                 {"record", query->record}};
    for (size_t i = 0; i < ARRAY_LEN(asked); i++)
        if (asked[i].value.p)
            strbuf_printf(&note, "%s=%.*s ", asked[i].name, STR_ARG(asked[i].value));
    strbuf_add_c(&note, query->address.p ? "address" : "");
    struct id none = {""};
    struct flow_deed deed = {
        .action = "audit.search", .kind = "audit", .subject = &none, .note = str_z(arena, strbuf_str(&note))};
    return flow_audit(flow, actor, &deed, err);
}

static struct json_list ids_of(struct str text, struct arena *arena)
{
    size_t most = text.n / 37 + 1, n = 0;
    struct str *ids = arena_array(arena, most, sizeof *ids), one;
    while (n < most && str_split(&text, ' ', &one))
        if (one.n)
            ids[n++] = one;
    return (struct json_list){ids, n};
}

static struct flow_audit_entry entry_of(const struct store_audit_entry *row, struct arena *arena)
{
    return (struct flow_audit_entry){.number = row->seq,
                                     .at = flow_time_text(row->at, arena),
                                     .user_id = flow_id_text(&row->user, arena),
                                     .session_id = flow_id_text(&row->session, arena),
                                     .token_id = flow_id_text(&row->token, arena),
                                     .grant_id = flow_id_text(&row->grant, arena),
                                     .address = row->address,
                                     .action = row->action,
                                     .kind = row->kind,
                                     .subject_id = flow_id_text(&row->subject, arena),
                                     .records = ids_of(row->records, arena),
                                     .request = row->request,
                                     .note = row->note,
                                     .why = row->why};
}

int flow_audit_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_audit_query *query,
                    struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_audit_query asked;
    struct json_list rows;
    if (flow_may(flow, actor, "audit", "read", err) < 0 || query_of(query, &asked, err) < 0)
        return -1;
    if (query->page.limit < 1 || query->page.limit > LIMIT_PAGE)
        return err_field(err, ERR_INVALID, "/limit", "1 to %d", LIMIT_PAGE);
    if (query->page.after.p && !str_to_int(query->page.after, 1, INT64_MAX, &asked.before))
        return err_set(err, ERR_BAD_CURSOR, "cursor");
    asked.limit = (int)query->page.limit + 1;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_audit_find(tx, &asked, arena, &rows, err) < 0)
        return -1;
    store_rollbackp(&tx);
    size_t n = flow_page_keep(&query->page, rows.n);
    struct flow_audit_entry *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = entry_of((const struct store_audit_entry *)rows.items + i, arena);
    struct str next = n < rows.n ? str_printf(arena, "%lld", (long long)items[n - 1].number) : STR_NONE;
    *ret_list = (struct flow_list){{items, n}, next};
    return search_note(flow, actor, query, arena, err);
}

int flow_audit_touched(const struct flow *flow, const struct flow_actor *actor, const struct flow_audit_query *query,
                       struct arena *arena, struct flow_audit_records *ret_records, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_audit_query asked;
    struct json_list rows;
    if (flow_may(flow, actor, "audit", "read", err) < 0 || query_of(query, &asked, err) < 0)
        return -1;
    asked.limit = FLOW_AUDIT_RECORDS + 1;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_audit_records(tx, &asked, arena, &rows, err) < 0)
        return -1;
    store_rollbackp(&tx);
    size_t n = rows.n > FLOW_AUDIT_RECORDS ? FLOW_AUDIT_RECORDS : rows.n;
    struct flow_audit_record *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++) {
        const struct store_audit_record *row = (const struct store_audit_record *)rows.items + i;
        items[i] =
            (struct flow_audit_record){row->kind, flow_id_text(&row->id, arena), row->times,
                                       flow_time_text(row->first_at, arena), flow_time_text(row->last_at, arena)};
    }
    *ret_records = (struct flow_audit_records){{items, n}, n < rows.n};
    return search_note(flow, actor, query, arena, err);
}
