/* See door.h. */
#include "flow/sign_in/door.h"

#include "base/clock.h"
#include "flow/common.h"
#include "flow/shape/rows.h"
#include "flow/sign_in/letter.h"
#include "store/people.h"
#include "store/sign_in/door.h"

enum { NOTES = 20, MAIL_ATTEMPTS = 5 };

static const char *const kind_words[] = {"link", "refused", "sign_up", "invitation", NULL};
static const struct json_field flow_door_note_rows[] = {
    WORD(flow_door_note, kind, kind_words, NULL),
    TEXT(flow_door_note, email, NULL),
    TEXT(flow_door_note, language, NULL),
    TEXT(flow_door_note, browser, NULL),
    TEXT(flow_door_note, code, NULL),
    TEXT(flow_door_note, org, NULL),
    TEXT(flow_door_note, name, NULL),
    TEXT(flow_door_note, invitation, NULL),
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

int flow_door_ask(const struct flow *flow, struct flow_door_note *note, struct arena *arena,
                  struct flow_asked *ret_asked, struct err *err)
{
    uint32_t dice;
    crypto_random(&dice, sizeof dice);
    struct flow_asked asked = {crypto_token(arena), str_printf(arena, "%06u", (unsigned)(dice % 1000000))};
    note->browser = asked.browser;
    note->code = asked.code;
    if (flow_door_leave(flow, note, err) < 0)
        return -1;
    *ret_asked = asked;
    return 0;
}

int flow_door_read(const struct flow *flow, const struct id *id, struct arena *arena, struct flow_door_note *ret_note,
                   struct err *err)
{
    struct str json;
    if (store_door_note_get(flow->store, id, arena, &json, err) < 0)
        return -1;
    return json_read(&flow_door_note_shape, json, arena, ret_note, err);
}

int flow_door_mail(struct flow_work *work, struct flow_letter *letter,
                   int (*write)(struct flow_work *work, const struct flow_door_note *note, struct flow_letter *letter,
                                struct err *err),
                   struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_door_note note;
    int r = flow_door_read(work->flow, &work->subject, work->arena, &note, err);
    if (r < 0 && err->code != ERR_NOT_FOUND)
        return -1;
    letter->org_id = work->claim->org;
    if (r == 0 && write(work, &note, letter, err) < 0)
        return -1;
    if (letter->to.p && flow_letter_send(work->flow, letter, err) < 0)
        return -1;
    return flow_work_begin(work, &tx, err) < 0 ? -1 : flow_work_done(work, &tx, err);
}

/* ---- Routing ---- */

int flow_door_link_job(struct store_tx *tx, const struct id *note, const struct id *user, struct err *err)
{
    struct store_job_spec job = {.kind = "send_link", .subject = *note, .user = *user, .max_attempts = MAIL_ATTEMPTS};
    struct id made;
    return store_job_add(tx, &job, &made, err);
}

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
    if (flow_begin(flow, &actor, &tx, err) < 0)
        return -1;
    if (note->kind == FLOW_DOOR_REFUSED)
        flow_tell(tx, &actor, &deed);
    else if (str_eq(user->state, STR("active")) && flow_door_link_job(tx, id, &user->user, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int to_users(const struct flow *flow, const struct id *id, const struct flow_door_note *note,
                    struct arena *arena, struct err *err)
{
    struct json_list users;
    if (store_sign_in_find(flow->store, note->email, arena, &users, err) < 0)
        return -1;
    for (size_t i = 0; i < users.n; i++)
        if (to_user(flow, id, note, (const struct store_sign_in *)users.items + i, err) < 0)
            return -1;
    return 0;
}

/* What is meant for an organisation, if it is one. */
static int to_org(const struct flow *flow, const struct id *id, const struct flow_door_note *note, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_job_spec job = {.kind = note->kind == FLOW_DOOR_SIGN_UP ? "send_sign_up" : "send_invitation",
                                 .subject = *id,
                                 .max_attempts = MAIL_ATTEMPTS};
    struct id org, made;
    if (!id_parse(note->org, &org))
        return 0;
    if (store_begin(flow->store, &org, &tx, err) < 0)
        return -1;
    if (store_org_present(tx, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    return store_job_add(tx, &job, &made, err) < 0 ? -1 : store_commit(&tx, err);
}

static int route(const struct flow *flow, const struct store_door_note *row, struct arena *arena, struct err *err)
{
    struct flow_door_note note;
    if (json_read(&flow_door_note_shape, row->note, arena, &note, err) < 0)
        return -1;
    bool users = note.kind == FLOW_DOOR_LINK || note.kind == FLOW_DOOR_REFUSED;
    if (users ? to_users(flow, &row->id, &note, arena, err) < 0 : to_org(flow, &row->id, &note, err) < 0)
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
