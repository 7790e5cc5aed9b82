/* See door.h. */
#include "flow/sign_in/door.h"

#include "base/clock.h"
#include "flow/common.h"
#include "flow/shape/rows.h"
#include "store/people.h"
#include "store/sign_in/door.h"

enum { NOTES = 20, MAIL_ATTEMPTS = 5 };

static const char *const kind_words[] = {"link", "refused", NULL};
static const struct json_field flow_door_note_rows[] = {
    WORD(flow_door_note, kind, kind_words, NULL),
    TEXT(flow_door_note, email, NULL),
    TEXT(flow_door_note, language, NULL),
    TEXT(flow_door_note, browser, NULL),
    TEXT(flow_door_note, code, NULL),
    TEXT(flow_door_note, method, NULL),
    TEXT(flow_door_note, request, NULL),
    TEXT(flow_door_note, address, NULL),
    WHOLE(flow_door_note, at_ms, NULL),
};
static SHAPE(flow_door_note, "DoorNote");

int flow_door_leave(const struct flow *flow, struct flow_door_note *note, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping((size_t)1 << 20);
    note->at_ms = clock_now_ms();
    return store_door_note_add(flow->store, json_write(&flow_door_note_shape, note, arena), err);
}

int flow_door_read(const struct flow *flow, const struct id *id, struct arena *arena, struct flow_door_note *ret_note,
                   struct err *err)
{
    struct str json;
    if (store_door_note_get(flow->store, id, arena, &json, err) < 0)
        return -1;
    return json_read(&flow_door_note_shape, json, arena, ret_note, err);
}

/* ---- Routing ---- */

/* One user that the address of a note means. */
static int to_user(const struct flow *flow, const struct id *id, const struct flow_door_note *note,
                   const struct store_sign_in *user, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 20);
    struct flow_actor actor = {
        .org = user->org, .request = str_z(arena, note->request), .origin = {.address = note->address}};
    struct flow_deed deed = {
        .action = "session.refused", .kind = "user", .subject = &user->user, .note = str_z(arena, note->method)};
    struct store_job_spec job = {
        .kind = "send_link", .subject = *id, .user = user->user, .max_attempts = MAIL_ATTEMPTS};
    struct id made;
    if (flow_begin(flow, &actor, &tx, err) < 0)
        return -1;
    if (note->kind == FLOW_DOOR_REFUSED)
        flow_tell(tx, &actor, &deed);
    else if (str_eq(user->state, STR("active")) && store_job_add(tx, &job, &made, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int route(const struct flow *flow, const struct store_door_note *row, struct arena *arena, struct err *err)
{
    struct flow_door_note note;
    struct json_list users;
    if (json_read(&flow_door_note_shape, row->note, arena, &note, err) < 0 ||
        store_sign_in_find(flow->store, note.email, arena, &users, err) < 0)
        return -1;
    for (size_t i = 0; i < users.n; i++)
        if (to_user(flow, &row->id, &note, (const struct store_sign_in *)users.items + i, err) < 0)
            return -1;
    return store_door_note_done(flow->store, &row->id, err);
}

int flow_door_route(const struct flow *flow, struct arena *arena, size_t *ret_n, struct err *err)
{
    struct json_list notes;
    int r = 0;
    if (store_door_note_take(flow->store, NOTES, arena, &notes, err) < 0)
        return -1;
    for (size_t i = 0; i < notes.n; i++)
        if (route(flow, (const struct store_door_note *)notes.items + i, arena, err) < 0)
            r = -1;
    *ret_n = notes.n;
    return r;
}
