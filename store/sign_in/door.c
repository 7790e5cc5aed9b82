/* See door.h. */
#include "store/sign_in/door.h"

#include "base/limits.h"
#include "store/core/tx.h"

#include <assert.h>

struct crypto_hash store_door_mac(const struct store *store, const char *purpose, struct str text)
{
    struct crypto_key key = store_door_key(store, purpose);
    struct crypto_hash hash = crypto_hmac(&key, text);
    crypto_wipe(&key, sizeof key);
    return hash;
}

struct crypto_hash store_door_code(struct str token, struct str code)
{
    struct crypto_hash token_mac = crypto_sha256(token);
    struct crypto_key key;
    memcpy(key.b, token_mac.b, sizeof key.b);
    token_mac = crypto_hmac(&key, token); /* not a function of the stored hash alone */
    memcpy(key.b, token_mac.b, sizeof key.b);
    return crypto_hmac(&key, code);
}

/* ---- Throttles ---- */

struct try_columns {
    struct crypto_hash hashes[STORE_TRIES];
    struct str keys[STORE_TRIES];
    int64_t limits[STORE_TRIES], windows[STORE_TRIES];
};

static void columns_of(const struct store *store, const struct store_try *tries, size_t n, struct try_columns *ret)
{
    assert(n <= STORE_TRIES);
    for (size_t i = 0; i < n; i++) {
        ret->hashes[i] = store_door_mac(store, "throttle", tries[i].key);
        ret->keys[i] = crypto_hash_str(&ret->hashes[i]);
        ret->limits[i] = tries[i].limit;
        ret->windows[i] = tries[i].window_ms;
    }
}

int store_throttle_take(struct store *store, const struct store_try *tries, size_t n, bool *ret_allowed,
                        struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct try_columns columns;
    columns_of(store, tries, n, &columns);
    if (store_run_guard(store, SQL_GUARD_THROTTLE_TAKE,
                        ARGS(ARG_BYTES(columns.keys, n), ARG_INTS(columns.limits, n), ARG_INTS(columns.windows, n)),
                        &rows, err) < 0)
        return -1;
    *ret_allowed = store_row_bool(rows, 0, 0);
    return 0;
}

int store_throttle_give(struct store *store, const struct store_try *tries, size_t n, bool clear, struct err *err)
{
    struct try_columns columns;
    columns_of(store, tries, n, &columns);
    return store_run_guard(store, SQL_GUARD_THROTTLE_GIVE, ARGS(ARG_BYTES(columns.keys, n), ARG_BOOL(clear)), NULL,
                           err);
}

int store_place_known(struct store *store, struct str place, bool *ret_known, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = store_door_mac(store, "place", place);
    if (store_run_guard(store, SQL_GUARD_PLACE_KNOWN, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    *ret_known = store_row_bool(rows, 0, 0);
    return 0;
}

int store_place_note(struct store *store, struct str place, struct err *err)
{
    struct crypto_hash hash = store_door_mac(store, "place", place);
    return store_run_guard(store, SQL_GUARD_PLACE_NOTE, ARGS(ARG_STR(crypto_hash_str(&hash))), NULL, err);
}

/* ---- Notes ---- */

static struct str note_context(const struct id *id, struct arena *arena)
{
    return str_printf(arena, "door_notes|%s", id->s);
}

static int note_open(const struct store *store, const struct id *id, struct str sealed, struct arena *arena,
                     struct str *ret_note, struct err *err)
{
    struct crypto_key key = store_door_key(store, "door note");
    int r = crypto_open(&key, note_context(id, arena), sealed, arena, ret_note, err);
    crypto_wipe(&key, sizeof key);
    return r;
}

int store_door_note_add(struct store *store, struct str note, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_key key = store_door_key(store, "door note");
    struct id id = id_new();
    struct str sealed = crypto_seal(&key, note_context(&id, arena), note, arena);
    crypto_wipe(&key, sizeof key);
    return store_run_guard(store, SQL_GUARD_DOOR_NOTE_ADD, ARGS(ARG_ID(&id), ARG_STR(sealed)), NULL, err);
}

int store_door_note_take(struct store *store, int limit, struct arena *arena, struct json_list *ret_notes,
                         struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_GUARD_DOOR_NOTE_TAKE, ARGS(ARG_INT(limit)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_door_note *list = arena_array(arena, (size_t)n, sizeof *list);
    for (int i = 0; i < n; i++) {
        list[i].id = store_row_id(rows, i, 0);
        if (note_open(store, &list[i].id, store_row_view(rows, i, 1), arena, &list[i].note, err) < 0)
            return -1;
    }
    *ret_notes = (struct json_list){list, (size_t)n};
    return 0;
}

int store_door_note_done(struct store *store, const struct id *id, struct err *err)
{
    return store_run_guard(store, SQL_GUARD_DOOR_NOTE_DONE, ARGS(ARG_ID(id)), NULL, err);
}

int store_door_note_get(struct store *store, const struct id *id, struct arena *arena, struct str *ret_note,
                        struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(store, SQL_GUARD_DOOR_NOTE_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    return note_open(store, id, store_row_view(rows, 0, 0), arena, ret_note, err);
}

/* ---- Half signed in ---- */

int store_pending_add(struct store_tx *tx, const struct store_pending *pending, struct str token, int64_t life_ms,
                      struct err *err)
{
    struct crypto_hash hash = crypto_sha256(token);
    struct id id = id_new();
    return store_run(tx, SQL_PENDING_ADD,
                     ARGS(ARG_ID(&id), ARG_ID(&pending->user), ARG_STR(crypto_hash_str(&hash)),
                          ARG_STR(pending->method), ARG_INT(life_ms)),
                     NULL, err);
}

int store_pending_find(struct store *store, struct str token, struct arena *arena, struct store_pending *ret_pending,
                       struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash = crypto_sha256(token);
    if (store_run_guard(store, SQL_GUARD_PENDING_SIGN_IN, ARGS(ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) != 1)
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    *ret_pending = (struct store_pending){store_row_id(rows, 0, 0), store_row_id(rows, 0, 1), store_row_id(rows, 0, 2),
                                          store_row_str(rows, 0, 3, arena)};
    return 0;
}

int store_pending_end(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run_one(tx, SQL_PENDING_END, ARGS(ARG_ID(id)), NULL, err);
}
