/* What changed in SAP Sales Cloud V2, by adminData/updatedOn in pages; the records of a page's last stamp are read
 * again by id, because a page may end amid equal stamps. Obsolete contacts count as deleted. Really deleted ones leave
 * no trace: when fewer are left of those known last time, or a day after the last one, a full run starts. */
#include "base/clock.h"
#include "crm-connectors/sap_sales/parts.h"

enum { PAGE = 200, OVERLAP_MS = 5 * 60 * 1000, FULL_EVERY_MS = 24 * 3600 * 1000 };

enum stage { BEGIN, LATER, EQUAL };
static const char *const stage_words[] = {"begin", "later", "equal", NULL};

struct cursor {
    int stage;
    bool full;         /* this run started from nothing */
    struct str at, id; /* stamp and id of the last record taken; absent = none yet */
    int64_t total;     /* BEGIN: contacts made up to `at` */
    int64_t full_ms;   /* when the last full run began */
};

#define ROW(member, what)                                                                                              \
    {                                                                                                                  \
        .name = #member, .kind = (what), .offset = offsetof(struct cursor, member), .max = 100                         \
    }
static const struct json_field cursor_rows[] = {
    {.name = "stage", .kind = JSON_WORD, .offset = offsetof(struct cursor, stage), .words = stage_words},
    ROW(full, JSON_BOOL),
    ROW(at, JSON_STR),
    ROW(id, JSON_STR),
    ROW(total, JSON_INT),
    ROW(full_ms, JSON_INT),
};
static const struct json_shape cursor_shape = {"SapSalesCursor", sizeof(struct cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

/* Contacts made up to a stamp, absent = all: 1, 0, -1. */
static int count_until(const struct crm_rest *rest, struct str stamp, int64_t *ret_count, struct crm_result *ret,
                       struct err *err)
{
    static const char *const names[] = {"count"};
    struct strbuf path = {.arena = rest->arena};
    struct crm_answer answer;
    struct str count = STR_NONE;
    struct err broken;
    strbuf_add_c(&path, CRM_SAP_SALES_CONTACTS "?$top=1&$count=true");
    if (stamp.p)
        crm_odata_option(&path, "$filter", str_printf(rest->arena, "adminData/createdOn le %.*s", STR_ARG(stamp)));
    int r =
        crm_rest_call(rest, &(const struct crm_call){.method = "GET", .path = strbuf_str(&path)}, &answer, ret, err);
    if (r < 1)
        return r;
    if (json_members(answer.body, names, 1, rest->arena, &count, &broken) == 0 &&
        str_to_int(count, 0, INT64_MAX, ret_count))
        return 1;
    crm_rest_broken(false, ret);
    return 0;
}

static int read_page(const struct crm_rest *rest, const struct cursor *cursor, struct crm_odata_list *ret_list,
                     struct crm_result *ret, struct err *err)
{
    struct strbuf path = {.arena = rest->arena}, filter = {.arena = rest->arena};
    strbuf_printf(&path, CRM_SAP_SALES_CONTACTS "?$top=%d&$orderby=%s", PAGE,
                  cursor->stage == EQUAL ? "id" : "adminData/updatedOn");
    if (cursor->stage == EQUAL) {
        strbuf_printf(&filter, "adminData/updatedOn eq %.*s", STR_ARG(cursor->at));
        if (cursor->id.p) {
            strbuf_add_c(&filter, " and id gt ");
            crm_odata_literal(&filter, cursor->id);
        }
    } else if (cursor->stage == LATER) {
        strbuf_printf(&filter, "adminData/updatedOn gt %.*s", STR_ARG(cursor->at));
    } else if (cursor->at.p) {
        struct str since = clock_text(clock_parse(cursor->at) - OVERLAP_MS, rest->arena);
        strbuf_printf(&filter, "adminData/updatedOn ge %.*s", STR_ARG(since));
    }
    if (filter.n)
        crm_odata_option(&path, "$filter", strbuf_str(&filter));
    return crm_odata_list(rest, strbuf_str(&path), STR_NONE, ret_list, ret, err);
}

static bool take_page(const struct crm_rest *rest, struct str list, struct cursor *cursor,
                      struct json_list *ret_records)
{
    struct json_list items;
    struct err broken;
    if (json_items(list, rest->arena, &items, &broken) < 0)
        return false;
    struct crm_record *records = arena_array(rest->arena, items.n + 1, sizeof *records);
    for (size_t i = 0; i < items.n; i++) {
        struct str object = ((const struct str *)items.items)[i];
        struct str stamp = crm_sap_sales_stamp(object, rest->arena);
        if (crm_records_read(&crm_sap_sales_vendor, rest, object, &records[i], &broken) < 0 || clock_parse(stamp) < 0)
            return false;
        cursor->at = stamp;
        cursor->id = records[i].remote_id;
        if (records[i].deleted)
            records[i] = (struct crm_record){.remote_id = records[i].remote_id, .deleted = true};
    }
    *ret_records = (struct json_list){records, items.n};
    return true;
}

/* Where to go on after a page of n; false when the run is at its end. */
static bool move_on(struct cursor *cursor, size_t n)
{
    bool whole = n >= PAGE;
    if (cursor->stage != EQUAL) {
        cursor->stage = EQUAL;
        cursor->id = STR_NONE;
        return whole;
    }
    if (!whole)
        cursor->stage = LATER;
    return true;
}

/* The cursor to go on with; a new run over what is known asks first whether it is still there. 1, 0, -1. */
static int begin(const struct crm_rest *rest, struct str json, struct cursor *ret_cursor, struct crm_result *ret,
                 struct err *err)
{
    const struct cursor anew = {.stage = BEGIN, .full = true, .full_ms = rest->lent->now_ms};
    struct cursor cursor = anew;
    struct err broken;
    int64_t left;
    if (!json.p || json_read(&cursor_shape, json, rest->arena, &cursor, &broken) < 0 || cursor.stage < 0 ||
        !cursor.at.p || clock_parse(cursor.at) < 0 ||
        (cursor.stage == BEGIN && cursor.full_ms < rest->lent->now_ms - FULL_EVERY_MS))
        cursor = anew;
    int r = cursor.stage == BEGIN && !cursor.full ? count_until(rest, cursor.at, &left, ret, err) : 1;
    *ret_cursor = r == 1 && cursor.stage == BEGIN && !cursor.full && left < cursor.total ? anew : cursor;
    return r;
}

/* After the last page: what the next run has to know. 1, 0, -1. */
static int end(const struct crm_rest *rest, struct cursor *cursor, struct crm_result *ret, struct err *err)
{
    *cursor = (struct cursor){.stage = BEGIN, .at = cursor->at, .full_ms = cursor->full_ms};
    return cursor->at.p ? count_until(rest, cursor->at, &cursor->total, ret, err) : 1;
}

/* For people who watch: that nobody knows how many there are is no reason to end. */
static void tell_total(const struct crm_rest *rest, struct crm_page *page)
{
    struct crm_result ignored;
    struct err unasked;
    if (count_until(rest, STR_NONE, &page->total, &ignored, &unasked) < 1)
        page->total = 0;
}

/* One page into *page: 1, 0 with page->result, -1. */
static int pull_page(const struct crm_rest *rest, struct crm_page *page, struct err *err)
{
    struct cursor cursor;
    struct crm_odata_list list;
    struct json_list records = {0};
    int r = begin(rest, page->cursor, &cursor, &page->result, err);
    bool first = cursor.full && !cursor.at.p;
    if (r == 1)
        r = read_page(rest, &cursor, &list, &page->result, err);
    if (r < 1)
        return r;
    page->full = cursor.full;
    if (!take_page(rest, list.value, &cursor, &records)) {
        crm_rest_broken(false, &page->result);
        return 0;
    }
    page->more = move_on(&cursor, records.n);
    if (first && page->more)
        tell_total(rest, page);
    if (!page->more)
        r = end(rest, &cursor, &page->result, err);
    if (r < 1)
        return r;
    page->result = (struct crm_result){.outcome = CRM_FOUND, .records = records};
    page->cursor = json_write(&cursor_shape, &cursor, rest->arena);
    return 1;
}

int crm_sap_sales_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                          struct err *err)
{
    struct crm_rest rest;
    struct crm_page page = {.cursor = cursor};
    if (crm_sap_sales_open(lent, arena, &rest, err) < 0 || pull_page(&rest, &page, err) < 0)
        return -1;
    if (page.result.outcome != CRM_FOUND)
        page.more = false;
    *ret = page;
    return 0;
}
