/* What changed in Salesforce: records of an object by (SystemModstamp, Id), deleted ones too (queryAll). */
#include "base/clock.h"
#include "crm-connectors/salesforce/parts.h"

/* A transaction that began before the last run may commit after it: look this far back. */
enum { PAGE = 200, OVERLAP_MS = 5 * 60 * 1000, FULL_AFTER_MS = 14 * 24 * 3600 * 1000 };

struct cursor {
    struct str since;    /* stamp from which on this run reads; absent = a full run */
    struct str at, last; /* stamp and Id of the last record taken in this run; absent = the run has not begun */
};

#define ROW(member)                                                                                                    \
    {                                                                                                                  \
        .name = #member, .kind = JSON_STR, .offset = offsetof(struct cursor, member), .max = 40                        \
    }
static const struct json_field cursor_rows[] = {ROW(since), ROW(at), ROW(last)};
static const struct json_shape cursor_shape = {"SalesforceCursor", sizeof(struct cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

/* A stamp as SOQL wants it: "…49.000+0000" -> "…49.000Z". */
static struct str soql_stamp(struct str stamp, struct arena *arena)
{
    ptrdiff_t plus = str_find(stamp, STR("+"), 0);
    return plus < 0 ? stamp : str_printf(arena, "%.*sZ", (int)plus, stamp.p);
}

/* The next page by (stamp, Id), so that any number of equal stamps and any pause are fine. */
static struct str page_query(const struct crm_rest *rest, const struct cursor *cursor)
{
    struct arena *arena = rest->arena;
    struct strbuf soql = {.arena = arena};
    strbuf_printf(&soql, "SELECT %.*s FROM %s", STR_ARG(crm_salesforce_columns(rest)),
                  crm_salesforce_object(rest)->name);
    if (cursor->at.p) {
        struct str at = soql_stamp(cursor->at, arena);
        strbuf_printf(&soql, " WHERE (SystemModstamp>%.*s OR (SystemModstamp=%.*s AND Id>'", STR_ARG(at), STR_ARG(at));
        crm_soql_literal(&soql, cursor->last, false);
        strbuf_add_c(&soql, "'))");
    } else if (cursor->since.p) {
        strbuf_printf(&soql, " WHERE SystemModstamp>=%.*s", STR_ARG(soql_stamp(cursor->since, arena)));
    }
    strbuf_printf(&soql, " ORDER BY SystemModstamp,Id LIMIT %d", PAGE);
    return strbuf_str(&soql);
}

/* Objects of a page into records, deleted ones too; the cursor moves behind the last. */
static bool take_page(const struct crm_rest *rest, struct str list, struct cursor *cursor,
                      struct json_list *ret_records)
{
    static const char *const names[] = {"SystemModstamp"};
    struct json_list items;
    struct err broken;
    if (json_items(list, rest->arena, &items, &broken) < 0)
        return false;
    struct crm_record *records = arena_array(rest->arena, items.n + 1, sizeof *records);
    for (size_t i = 0; i < items.n; i++) {
        struct str object = ((const struct str *)items.items)[i];
        if (crm_records_read(crm_salesforce_object(rest)->vendor, rest, object, &records[i], &broken) < 0 ||
            json_members(object, names, 1, rest->arena, &cursor->at, &broken) < 0 || clock_parse(cursor->at) < 0)
            return false;
        cursor->last = records[i].remote_id;
        if (records[i].deleted)
            records[i] = (struct crm_record){.remote_id = records[i].remote_id, .deleted = true};
    }
    *ret_records = (struct json_list){records, items.n};
    return true;
}

int crm_salesforce_changes(const struct crm_rest *rest, struct str cursor_json, struct crm_page *ret, struct err *err)
{
    struct arena *arena = rest->arena;
    struct cursor cursor = {0};
    struct crm_page page = {.cursor = cursor_json};
    struct str list;
    if (cursor_json.p && json_read(&cursor_shape, cursor_json, arena, &cursor, err) < 0)
        return -1;
    /* Deleted records can be read for 15 days: whoever comes later starts over. */
    if (cursor.since.p && !cursor.at.p && clock_parse(cursor.since) < rest->lent->now_ms - FULL_AFTER_MS)
        cursor = (struct cursor){.since = STR_NONE};
    page.full = !cursor.since.p;
    int r = crm_soql_query(rest, page.full ? "query" : "queryAll", page_query(rest, &cursor), &list, &page.result, err);
    if (r < 0)
        return -1;
    struct json_list records = {0};
    if (r == 1 && !take_page(rest, list, &cursor, &records)) {
        crm_rest_broken(false, &page.result);
    } else if (r == 1) {
        page.result = (struct crm_result){.outcome = CRM_FOUND, .records = records};
        page.more = records.n == PAGE;
        if (!page.more)
            cursor = (struct cursor){.since = cursor.at.p ? clock_text(clock_parse(cursor.at) - OVERLAP_MS, arena)
                                                          : cursor.since};
        page.cursor = json_write(&cursor_shape, &cursor, arena);
    }
    *ret = page;
    return 0;
}
