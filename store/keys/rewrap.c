/* The master key's part of rotate.h: every wrapped key under the next master key. */
#include "store/keys/rotate.h"

#include "base/limits.h"
#include "store/core/tx.h"
#include "store/people.h"

/* What a round has done. */
struct round {
    struct store *store;
    struct str next; /* id of the next master key */
    int64_t wrapped;
};

/* *ret_fresh is .key absent when it is under the next master key already. */
static int rewrap(struct round *round, struct str context, const struct store_wrapped *now, struct arena *arena,
                  struct store_wrapped *ret_fresh, struct err *err)
{
    struct crypto_key key;
    *ret_fresh = (struct store_wrapped){STR_NONE, STR_NONE};
    if (str_eq(now->master, round->next))
        return 0;
    if (store_keys_unwrap(round->store->keys, context, now, &key, err) < 0)
        return -1;
    int r = store_keys_wrap(round->store->keys, context, &key, arena, ret_fresh, err);
    crypto_wipe(&key, sizeof key);
    if (r == 0 && !str_eq(ret_fresh->master, round->next))
        return err_set(err, ERR_CONFLICT, "the next master key was changed meanwhile");
    round->wrapped += r == 0;
    return r;
}

static int instance_rewrap(struct round *round, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_guard(round->store, SQL_INSTANCE_KEYS, ARGS_NONE, &rows, err) < 0)
        return -1;
    for (int i = 0; i < store_rows_count(rows); i++) {
        struct str name = store_row_view(rows, i, 0);
        struct store_wrapped now = {store_row_view(rows, i, 1), store_row_view(rows, i, 2)}, fresh;
        if (rewrap(round, str_printf(arena, "instance_keys|%.*s", STR_ARG(name)), &now, arena, &fresh, err) < 0)
            return -1;
        if (fresh.key.p &&
            store_run_guard(round->store, SQL_INSTANCE_KEY_REWRAP,
                            ARGS(ARG_STR(name), ARG_STR(now.key), ARG_STR(fresh.key), ARG_STR(fresh.master)), NULL,
                            err) < 0)
            return -1;
    }
    return 0;
}

static int org_rewrap(struct round *round, const struct id *org, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_begin(round->store, org, &tx, err) < 0 || store_run(tx, SQL_ORG_WRAPPED, ARGS_NONE, &rows, err) < 0)
        return -1;
    for (int i = 0; i < store_rows_count(rows); i++) {
        int64_t version = store_row_int(rows, i, 0);
        struct store_wrapped now = {store_row_view(rows, i, 1), store_row_view(rows, i, 2)}, fresh;
        if (now.key.n == 0) /* destroyed */
            continue;
        if (rewrap(round, store_key_context(version ? "data" : "index", org, version, arena), &now, arena, &fresh,
                   err) < 0)
            return -1;
        if (!fresh.key.p)
            continue;
        int r = version ? store_run(tx, SQL_ORG_KEY_REWRAP,
                                    ARGS(ARG_INT(version), ARG_STR(now.key), ARG_STR(fresh.key), ARG_STR(fresh.master)),
                                    NULL, err)
                        : store_run(tx, SQL_ORG_REWRAP,
                                    ARGS(ARG_STR(now.key), ARG_STR(fresh.key), ARG_STR(fresh.master)), NULL, err);
        if (r < 0)
            return -1;
    }
    return store_commit(&tx, err);
}

static int round_rewrap(struct round *round, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct json_list orgs;
    if (instance_rewrap(round, err) < 0 || store_orgs(round->store, arena, &orgs, err) < 0)
        return -1;
    for (size_t i = 0; i < orgs.n; i++)
        if (org_rewrap(round, (const struct id *)orgs.items + i, err) < 0)
            return -1;
    return 0;
}

int store_master_rewrap(struct store *store, int64_t *ret_wrapped, int64_t *ret_left, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    struct round first = {.store = store}, second;
    if (store_keys_next(store->keys, arena, &first.next, err) < 0)
        return -1;
    /* Whoever wraps from here on knows the next one; who has wrapped under the old one is waited for. */
    if (store_run_guard(store, SQL_GUARD_MASTER_BARRIER, ARGS_NONE, NULL, err) < 0 || round_rewrap(&first, err) < 0)
        return -1;
    /* What came in under the old one while the first round ran. */
    second = (struct round){store, first.next, 0};
    if (round_rewrap(&second, err) < 0)
        return -1;
    *ret_wrapped = first.wrapped + second.wrapped;
    *ret_left = second.wrapped;
    return 0;
}
