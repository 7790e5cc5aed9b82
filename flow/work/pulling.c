/* See pulling.h. */
#include "flow/work/pulling.h"

#define CURSOR(member) offsetof(struct flow_pull_cursor, member)
static const struct json_field cursor_rows[] = {
    {.name = "cursor", .kind = JSON_STR, .offset = CURSOR(cursor), .max = (size_t)1 << 20},
    {.name = "since", .kind = JSON_INT, .offset = CURSOR(since)},
    {.name = "seen", .kind = JSON_INT, .offset = CURSOR(seen)},
    {.name = "total", .kind = JSON_INT, .offset = CURSOR(total)},
};
static const struct json_shape cursor_shape = {"PullCursor", sizeof(struct flow_pull_cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

struct flow_pull_cursor flow_pull_cursor_read(struct str json, struct arena *arena)
{
    struct flow_pull_cursor cursor = {.cursor = STR_NONE};
    struct err unreadable;
    if (json.p && json_read(&cursor_shape, json, arena, &cursor, &unreadable) < 0)
        cursor = (struct flow_pull_cursor){.cursor = STR_NONE};
    return cursor;
}

struct str flow_pull_cursor_text(const struct flow_pull_cursor *cursor, struct arena *arena)
{
    return json_write(&cursor_shape, cursor, arena);
}

struct flow_pulling *flow_pulling_of(struct str json, struct arena *arena)
{
    struct flow_pull_cursor cursor = flow_pull_cursor_read(json, arena);
    struct flow_pulling *pulling = arena_array(arena, 1, sizeof *pulling);
    /* Others write to the CRM meanwhile: it may bring more than it said. */
    *pulling = (struct flow_pulling){.records = cursor.seen, .of = cursor.total < cursor.seen ? 0 : cursor.total};
    return cursor.seen > 0 ? pulling : NULL;
}
