/* What changed in Pipedrive. A full run reads the list in the order of ids; later runs read what /recents (version 1)
 * says is deleted, which merged persons are, too, and then the list by update_time. From memory, not tried: the shape
 * of a deleted person in /recents, and that it goes back a month. */
#include "base/clock.h"
#include "crm-connectors/pipedrive/parts.h"

enum {
    PAGE = 500,
    OVERLAP_MS = 5 * 60 * 1000, /* clocks differ, and a transaction commits later than its stamp says */
    STAMP_LENGTH = 19,          /* "2026-11-22T08:00:00" */
};
/* Whoever comes later starts over. */
#define DELETED_KEPT_MS ((int64_t)25 * 24 * 3600 * 1000)

enum stage { FULL, DELETED, CHANGED };
static const char *const stage_words[] = {"full", "deleted", "changed", NULL};

struct cursor {
    int stage;
    int64_t since;    /* ms: changes from then on are wanted; 0 = a full run */
    int64_t began;    /* ms: start of this run, where the next begins */
    struct str place; /* in the list of this stage, as Pipedrive says it; absent = its beginning */
};

static const struct json_field cursor_rows[] = {
    {.name = "stage", .kind = JSON_WORD, .offset = offsetof(struct cursor, stage), .words = stage_words},
    {.name = "since", .kind = JSON_INT, .offset = offsetof(struct cursor, since)},
    {.name = "began", .kind = JSON_INT, .offset = offsetof(struct cursor, began)},
    {.name = "place", .kind = JSON_STR, .offset = offsetof(struct cursor, place), .max = 2000},
};
static const struct json_shape cursor_shape = {"PipedriveCursor", sizeof(struct cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

static struct cursor begin(struct str json, int64_t now_ms, struct arena *arena)
{
    struct cursor cursor = {.stage = FULL};
    struct err broken;
    if (json.p && json_read(&cursor_shape, json, arena, &cursor, &broken) < 0)
        cursor = (struct cursor){.stage = FULL};
    if (!cursor.began && cursor.since < now_ms - DELETED_KEPT_MS)
        cursor = (struct cursor){.stage = FULL};
    else if (!cursor.began)
        cursor.stage = DELETED;
    if (!cursor.began)
        cursor.began = now_ms;
    return cursor;
}

static struct str page_path(const struct cursor *cursor, struct arena *arena)
{
    struct strbuf path = {.arena = arena};
    struct str since = str_slice(clock_text(cursor->since, arena), 0, STAMP_LENGTH);
    if (cursor->stage == DELETED) {
        strbuf_printf(&path, CRM_PIPEDRIVE_V1 "/recents?items=person&limit=%d&since_timestamp=", PAGE);
        crm_rest_escape(&path, str_slice(since, 0, 10));
        strbuf_add_c(&path, "%20");
        crm_rest_escape(&path, str_slice(since, 11, since.n));
    } else if (cursor->stage == CHANGED) {
        strbuf_printf(&path,
                      CRM_PIPEDRIVE_PERSONS "?limit=%d&sort_by=update_time&sort_direction=asc&updated_since=%.*sZ",
                      PAGE, STR_ARG(since));
    } else {
        strbuf_printf(&path, CRM_PIPEDRIVE_PERSONS "?limit=%d&sort_by=id&sort_direction=asc", PAGE);
    }
    if (cursor->place.p) {
        strbuf_add_c(&path, cursor->stage == DELETED ? "&start=" : "&cursor=");
        crm_rest_escape(&path, cursor->place);
    }
    return strbuf_str(&path);
}

/* Where the list goes on, absent on its last page. */
static struct str next_place(const struct cursor *cursor, struct str more, struct arena *arena)
{
    static const char *const cursor_names[] = {"next_cursor"};
    static const char *const start_names[] = {"more_items_in_collection", "next_start"};
    struct str m[ARRAY_LEN(start_names)] = {{0}}, pages = STR_NONE;
    struct err ignored;
    if (!more.p)
        return STR_NONE;
    if (cursor->stage != DELETED) {
        (void)json_members(more, cursor_names, 1, arena, m, &ignored);
        return str_empty(m[0]) ? STR_NONE : m[0];
    }
    if (json_member(more, "pagination", arena, &pages, &ignored) < 0 || !pages.p ||
        json_members(pages, start_names, ARRAY_LEN(start_names), arena, m, &ignored) < 0)
        return STR_NONE;
    return str_eq(m[0], STR("true")) ? m[1] : STR_NONE;
}

/* Whether one item of /recents, {"item":"person","id":7,"data":{…}}, tells a person that is no more. */
static bool read_recent(struct str item, struct arena *arena, struct str *ret_id, bool *ret_deleted)
{
    static const char *const names[] = {"id"};
    static const char *const flags[] = {"active_flag", "is_deleted"};
    struct str data = STR_NONE, m[ARRAY_LEN(flags)] = {{0}};
    struct err broken;
    int64_t id;
    if (json_members(item, names, 1, arena, ret_id, &broken) < 0 || !str_to_int(*ret_id, 1, INT64_MAX, &id) ||
        json_member(item, "data", arena, &data, &broken) < 0 ||
        (data.p && json_members(data, flags, ARRAY_LEN(flags), arena, m, &broken) < 0))
        return false;
    *ret_deleted = !data.p || str_eq(m[0], STR("false")) || str_eq(m[1], STR("true"));
    return true;
}

static bool take_deleted(const struct crm_rest *rest, struct str list, struct crm_result *ret)
{
    struct json_list items = {0};
    struct err broken;
    if (list.p && json_items(list, rest->arena, &items, &broken) < 0) /* version 1 says null when there is nothing */
        return false;
    struct crm_record *records = arena_array(rest->arena, items.n + 1, sizeof *records);
    size_t n = 0;
    for (size_t i = 0; i < items.n; i++) {
        bool deleted;
        records[n] = (struct crm_record){.deleted = true};
        if (!read_recent(((const struct str *)items.items)[i], rest->arena, &records[n].remote_id, &deleted))
            return false;
        n += deleted ? 1 : 0;
    }
    crm_result_records(records, n, rest->arena, ret);
    return true;
}

/* One page: 1 with the records and where it goes on, 0, -1. */
static int read_page(const struct crm_rest *rest, const struct cursor *cursor, struct crm_pipedrive_answer *answer,
                     struct crm_result *ret, struct err *err)
{
    const struct crm_call call = {.method = "GET", .path = page_path(cursor, rest->arena)};
    struct str list;
    int r = crm_pipedrive_ask(rest, &call, answer, ret, err);
    bool good = r == 1 && (cursor->stage == DELETED ? take_deleted(rest, answer->data, ret) : answer->data.p != NULL);
    struct str next = r == 1 ? next_place(cursor, answer->more, rest->arena) : STR_NONE;
    if (r == 1 && (!good || (next.p && str_eq(next, cursor->place)))) { /* a page that names itself never ends */
        crm_rest_broken(false, ret);
        return 0;
    }
    answer->more = next;
    if (r < 1 || cursor->stage == DELETED)
        return r;
    r = crm_pipedrive_name_employers(rest, answer->data, &list, ret, err);
    return r < 1 ? r : crm_records_list(&crm_pipedrive_vendor, rest, list, NULL, ret);
}

/* Behind a page; false at the end of the run. */
static bool move_on(struct cursor *cursor, struct str next)
{
    cursor->place = next;
    if (next.p)
        return true;
    bool more = cursor->stage == DELETED;
    *cursor = more ? (struct cursor){.stage = CHANGED, .since = cursor->since, .began = cursor->began}
                   : (struct cursor){.stage = DELETED, .since = cursor->began - OVERLAP_MS};
    return more;
}

int crm_pipedrive_changes(struct crm_lent *lent, struct str cursor_json, struct arena *arena, struct crm_page *ret,
                          struct err *err)
{
    struct crm_rest rest;
    struct crm_page page = {.cursor = cursor_json};
    struct crm_pipedrive_answer answer;
    if (crm_pipedrive_open(lent, arena, &rest, err) < 0)
        return -1;
    struct cursor cursor = begin(cursor_json, lent->now_ms, arena);
    int r = read_page(&rest, &cursor, &answer, &page.result, err);
    if (r == 0 && answer.status == 400 && cursor.place.p) { /* it does not know the place any more */
        cursor.place = STR_NONE;
        r = read_page(&rest, &cursor, &answer, &page.result, err);
    }
    if (r < 0)
        return -1;
    page.full = cursor.since == 0;
    if (r == 1) {
        page.result.outcome = CRM_FOUND;
        page.more = move_on(&cursor, answer.more);
        page.cursor = json_write(&cursor_shape, &cursor, arena);
    }
    *ret = page;
    return 0;
}
