/* What changed in HubSpot. A full run reads the list, whose depth has no end. Later runs search by lastmodifieddate in
 * windows, because a search ends at 10,000 hits; a window full of one stamp goes on by id. Deleted contacts come from
 * the list of archived ones, merged ones from the contact that was kept. */
#include "base/clock.h"
#include "crm-connectors/hubspot/parts.h"

enum {
    LIST_PAGE = 100,
    SEARCH_PAGE = 200,
    SEARCH_END = 10000,         /* hits of one search that can be read */
    OVERLAP_MS = 5 * 60 * 1000, /* the index lags, and clocks differ */
};

enum stage { FULL, ARCHIVED, CHANGED, EQUAL };
static const char *const stage_words[] = {"full", "archived", "changed", "equal", NULL};

struct cursor {
    int stage;
    int64_t since;        /* ms: changes from then on are wanted; 0 = a full run */
    int64_t began;        /* ms: start of this run, where the next begins */
    int64_t from;         /* ms: lower end of the window of this search */
    int64_t last;         /* ms: stamp of the last record taken */
    int64_t taken;        /* hits read of this search */
    struct str after, id; /* place in the list; id of the last record taken */
};

#define ROW(member, what)                                                                                              \
    {                                                                                                                  \
        .name = #member, .kind = (what), .offset = offsetof(struct cursor, member), .max = 200                         \
    }
static const struct json_field cursor_rows[] = {
    {.name = "stage", .kind = JSON_WORD, .offset = offsetof(struct cursor, stage), .words = stage_words},
    ROW(since, JSON_INT),
    ROW(began, JSON_INT),
    ROW(from, JSON_INT),
    ROW(last, JSON_INT),
    ROW(taken, JSON_INT),
    ROW(after, JSON_STR),
    ROW(id, JSON_STR),
};
static const struct json_shape cursor_shape = {"HubspotCursor", sizeof(struct cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

/* "paging":{"next":{"after":…}}, absent on the last page. */
static struct str next_page(struct str body, struct arena *arena)
{
    static const char *const names[] = {"after"};
    struct str paging = STR_NONE, next = STR_NONE, after = STR_NONE;
    struct err ignored;
    if (json_member(body, "paging", arena, &paging, &ignored) == 0 && paging.p &&
        json_member(paging, "next", arena, &next, &ignored) == 0 && next.p)
        (void)json_members(next, names, 1, arena, &after, &ignored);
    return after;
}

static int read_list(const struct crm_rest *rest, const struct cursor *cursor, struct str *ret_results,
                     struct str *ret_body, struct crm_result *ret, struct err *err)
{
    struct strbuf path = {.arena = rest->arena};
    strbuf_printf(&path, CRM_HUBSPOT_CONTACTS "?limit=%d&properties=%.*s&archived=%s", LIST_PAGE,
                  STR_ARG(crm_hubspot_properties(rest, false)), cursor->stage == ARCHIVED ? "true" : "false");
    if (cursor->after.p) {
        strbuf_add_c(&path, "&after=");
        crm_rest_escape(&path, cursor->after);
    }
    const struct crm_call call = {.method = "GET", .path = strbuf_str(&path)};
    return crm_hubspot_list(rest, &call, ret_results, ret_body, ret, err);
}

static int search_page(const struct crm_rest *rest, const struct cursor *cursor, struct str *ret_results,
                       struct str *ret_body, struct crm_result *ret, struct err *err)
{
    struct strbuf body = {.arena = rest->arena};
    if (cursor->stage == EQUAL)
        strbuf_printf(
            &body,
            "{\"filterGroups\":[{\"filters\":[{\"propertyName\":\"lastmodifieddate\",\"operator\":\"EQ\","
            "\"value\":\"%lld\"},{\"propertyName\":\"hs_object_id\",\"operator\":\"GT\",\"value\":\"%.*s\"}]}],"
            "\"sorts\":[{\"propertyName\":\"hs_object_id\",\"direction\":\"ASCENDING\"}]",
            (long long)cursor->from, STR_ARG(cursor->id));
    else
        strbuf_printf(&body,
                      "{\"filterGroups\":[{\"filters\":[{\"propertyName\":\"lastmodifieddate\",\"operator\":\"GTE\","
                      "\"value\":\"%lld\"}]}],"
                      "\"sorts\":[{\"propertyName\":\"lastmodifieddate\",\"direction\":\"ASCENDING\"}]",
                      (long long)cursor->from);
    strbuf_printf(&body, ",\"properties\":[%.*s],\"limit\":%d,\"after\":\"%lld\"}",
                  STR_ARG(crm_hubspot_properties(rest, true)), SEARCH_PAGE, (long long)cursor->taken);
    const struct crm_call call = {
        .method = "POST", .path = STR(CRM_HUBSPOT_CONTACTS "/search"), .body = strbuf_str(&body)};
    return crm_hubspot_list(rest, &call, ret_results, ret_body, ret, err);
}

/* A page's records: more than hits, when contacts were merged. */
struct taken {
    struct arena *arena;
    struct crm_record *records;
    size_t n, size, hits;
};

static void add(struct taken *taken, const struct crm_record *record)
{
    if (taken->n == taken->size) {
        struct crm_record *more = arena_array(taken->arena, 2 * taken->size + 16, sizeof *more);
        if (taken->n)
            memcpy(more, taken->records, taken->n * sizeof *more);
        taken->records = more;
        taken->size = 2 * taken->size + 16;
    }
    taken->records[taken->n++] = *record;
}

enum { STAMP, MERGED, MEMBERS };

/* One contact; ids that were merged into it are no contacts of their own any more. */
static bool take_one(const struct crm_rest *rest, struct str object, struct cursor *cursor, struct taken *taken)
{
    static const char *const names[MEMBERS] = {"lastmodifieddate", "hs_merged_object_ids"};
    struct str properties, m[MEMBERS], id;
    struct crm_record record;
    struct err broken;
    if (crm_records_read(&crm_hubspot_vendor, rest, object, &record, &broken) < 0 ||
        json_member(object, "properties", rest->arena, &properties, &broken) < 0 ||
        json_members(properties, names, MEMBERS, rest->arena, m, &broken) < 0)
        return false;
    int64_t stamp = clock_parse(m[STAMP]);
    cursor->last = stamp > 0 ? stamp : cursor->last;
    cursor->id = record.remote_id;
    if (record.deleted)
        record = (struct crm_record){.remote_id = record.remote_id, .deleted = true};
    add(taken, &record);
    while (m[MERGED].p && str_split(&m[MERGED], ';', &id))
        if (str_trim(id).n)
            add(taken, &(const struct crm_record){.remote_id = str_trim(id), .deleted = true});
    return true;
}

static bool take_page(const struct crm_rest *rest, struct str results, struct cursor *cursor, struct taken *ret_taken)
{
    struct json_list items;
    struct err broken;
    if (json_items(results, rest->arena, &items, &broken) < 0)
        return false;
    *ret_taken = (struct taken){.arena = rest->arena, .hits = items.n};
    for (size_t i = 0; i < items.n; i++)
        if (!take_one(rest, ((const struct str *)items.items)[i], cursor, ret_taken))
            return false;
    return true;
}

static void start_search(struct cursor *cursor, enum stage stage, int64_t from)
{
    cursor->stage = (int)stage;
    cursor->from = from;
    cursor->taken = 0;
}

/* Where to go on after a page; false when the run is at its end. */
static bool move_on(struct cursor *cursor, struct str next, size_t hits)
{
    cursor->taken += (int64_t)hits;
    if (cursor->stage == FULL || cursor->stage == ARCHIVED) {
        cursor->after = next;
        if (next.p)
            return true;
        if (cursor->stage == FULL)
            return false;
        start_search(cursor, CHANGED, cursor->since);
        return true;
    }
    bool more = next.p && hits > 0, full = cursor->taken >= SEARCH_END;
    if (cursor->stage == EQUAL) { /* each search starts behind the last id */
        if (more)
            start_search(cursor, EQUAL, cursor->from);
        else
            start_search(cursor, CHANGED, cursor->from + 1);
        return true;
    }
    if (full) {
        bool equal = cursor->last <= cursor->from; /* nothing but this stamp in the whole window */
        if (equal)
            cursor->id = STR("0");
        start_search(cursor, equal ? EQUAL : CHANGED, cursor->last);
    }
    return more || full;
}

static struct cursor begin(struct str json, int64_t now_ms, struct arena *arena)
{
    struct cursor cursor = {.stage = FULL};
    struct err broken;
    if (json.p && json_read(&cursor_shape, json, arena, &cursor, &broken) < 0)
        cursor = (struct cursor){.stage = FULL};
    if (!cursor.began) {
        cursor.began = now_ms;
        cursor.stage = cursor.since ? ARCHIVED : FULL;
    }
    return cursor;
}

int crm_hubspot_changes(struct crm_lent *lent, struct str cursor_json, struct arena *arena, struct crm_page *ret,
                        struct err *err)
{
    struct crm_rest rest;
    struct crm_page page = {.cursor = cursor_json};
    struct str results, body;
    struct taken taken;
    if (crm_hubspot_open(lent, arena, &rest, err) < 0)
        return -1;
    struct cursor cursor = begin(cursor_json, lent->now_ms, arena);
    page.full = cursor.since == 0;
    int r = cursor.stage <= ARCHIVED ? read_list(&rest, &cursor, &results, &body, &page.result, err)
                                     : search_page(&rest, &cursor, &results, &body, &page.result, err);
    if (r < 0)
        return -1;
    if (r == 1 && !take_page(&rest, results, &cursor, &taken)) {
        crm_rest_broken(false, &page.result);
    } else if (r == 1) {
        page.result = (struct crm_result){.outcome = CRM_FOUND, .records = {taken.records, taken.n}};
        page.more = move_on(&cursor, next_page(body, arena), taken.hits);
        if (!page.more)
            cursor = (struct cursor){.stage = ARCHIVED, .since = cursor.began - OVERLAP_MS};
        page.cursor = json_write(&cursor_shape, &cursor, arena);
    }
    *ret = page;
    return 0;
}
