/* See purge.h. The list is written before the commit: an id that is noted and not removed is removed by the next purge,
 * one that is removed and not noted would come back with a backup. */
#include "store/keep/purge.h"

#include "base/limits.h"
#include "store/blob.h"
#include "store/core/tx.h"
#include "store/keep/list.h"
#include "store/match/index.h"

/* What a purge has taken out of the tables. */
struct taken {
    struct store_erased *erased; /* contacts and scans */
    struct store_blob *blobs;
    size_t n, blob_n;
    struct store_purged count;
};

static int take_rows(struct store_tx *tx, const struct store_purge *purge, struct taken *taken, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    bool named = purge->contact_count > 0 || purge->scan_count > 0;
    struct store_arg contacts = ARG_IDS(purge->contacts, purge->contact_count);
    struct store_arg scans = ARG_IDS(purge->scans, purge->scan_count);
    if (!named)
        contacts = scans = (struct store_arg)ARG_STR(STR_NONE);
    if (store_run(tx, SQL_PURGE, ARGS(ARG_INT(purge->age_ms), contacts, scans, ARG_INT(STORE_PURGE_MOST)), &rows, err) <
        0)
        return -1;
    size_t n = (size_t)store_rows_count(rows);
    taken->erased = arena_array(tx->arena, n, sizeof *taken->erased);
    taken->blobs = arena_array(tx->arena, n, sizeof *taken->blobs);
    for (int i = 0; i < (int)n; i++) {
        struct str kind = store_row_view(rows, i, 0);
        struct id id = store_row_id(rows, i, 1);
        if (str_eq(kind, STR("blob"))) {
            taken->blobs[taken->blob_n++] = (struct store_blob){.id = id, .key_version = store_row_int(rows, i, 2)};
            continue;
        }
        taken->erased[taken->n++] = (struct store_erased){kind.p[0], id};
        taken->count.contacts += kind.p[0] == 'c';
        taken->count.scans += kind.p[0] == 's';
    }
    return 0;
}

static int keys_drop(struct store_tx *tx, const struct taken *taken, struct err *err)
{
    struct store_match_set *sets = arena_array(tx->arena, taken->n, sizeof *sets);
    size_t n = 0;
    for (size_t i = 0; i < taken->n; i++)
        if (taken->erased[i].kind == 'c')
            sets[n++] = (struct store_match_set){.id = taken->erased[i].id};
    return n ? store_match_sets_put(tx, STORE_CONTACT, sets, n, err) : 0;
}

int store_purge(struct store *store, const struct id *org, const struct store_purge *purge,
                struct store_purged *ret_purged, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct taken taken = {.n = 0};
    if (store_begin(store, org, &tx, err) < 0 || take_rows(tx, purge, &taken, err) < 0 ||
        keys_drop(tx, &taken, err) < 0 || store_erasures_note(store->keep_dir, org, taken.erased, taken.n, err) < 0)
        return -1;
    struct store_blob *blobs = arena_array(arena, taken.blob_n, sizeof *blobs);
    if (taken.blob_n)
        memcpy(blobs, taken.blobs, taken.blob_n * sizeof *blobs);
    if (store_commit(&tx, err) < 0)
        return -1;
    for (size_t i = 0; i < taken.blob_n; i++)
        store_blob_discard(store, &blobs[i]);
    *ret_purged = taken.count;
    ret_purged->files = taken.blob_n;
    return 0;
}

int store_org_erase(struct store *store, const struct id *org, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    const struct store_erased erased = {'o', *org};
    if (store_begin(store, org, &tx, err) < 0 || store_run_one(tx, SQL_ORG_ERASE, ARGS_NONE, &rows, err) < 0)
        return -1;
    if (!store_row_bool(rows, 0, 0))
        return err_set(err, ERR_CONFLICT, "it is erased already, or was never there");
    if (store_erasures_note(store->keep_dir, org, &erased, 1, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

int store_org_files_drop(struct store *store, const struct id *org, int64_t *ret_n, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_begin(store, org, &tx, err) < 0 || store_run(tx, SQL_ORG_FILES, ARGS_NONE, &rows, err) < 0)
        return -1;
    for (int i = 0; i < store_rows_count(rows); i++) {
        struct store_blob blob = {.id = store_row_id(rows, i, 0), .key_version = store_row_int(rows, i, 1)};
        store_blob_discard(store, &blob);
    }
    *ret_n = store_rows_count(rows);
    return 0;
}

/* ---- After a restore ---- */

/* One organisation's list, a piece at a time. */
static int org_replay(struct store *store, const struct id *org, const struct json_list *list, int64_t *count,
                      struct err *err)
{
    const struct store_erased *all = list->items;
    bool whole = false;
    for (size_t at = 0; at < list->n; at += STORE_PURGE_MOST) {
        struct id contacts[STORE_PURGE_MOST], scans[STORE_PURGE_MOST];
        struct store_purge purge = {.age_ms = STORE_BIN_MS, .contacts = contacts, .scans = scans};
        struct store_purged gone;
        for (size_t i = at; i < list->n && i < at + STORE_PURGE_MOST; i++) {
            whole = whole || all[i].kind == 'o';
            if (all[i].kind == 'c')
                contacts[purge.contact_count++] = all[i].id;
            else if (all[i].kind == 's')
                scans[purge.scan_count++] = all[i].id;
        }
        if (purge.contact_count + purge.scan_count == 0)
            continue;
        if (store_purge(store, org, &purge, &gone, err) < 0)
            return -1;
        *count += (int64_t)(gone.contacts + gone.scans);
    }
    if (!whole)
        return 0;
    if (store_org_erase(store, org, err) == 0)
        (*count)++;
    else if (err->code != ERR_CONFLICT)
        return -1;
    return 0;
}

int store_erasures_replay(struct store *store, int64_t *ret_n, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct json_list orgs;
    int64_t count = 0;
    if (!store->keep_dir)
        return err_set(err, ERR_NOT_FOUND, "the erasure list");
    if (store_erasures_orgs(store->keep_dir, arena, &orgs, err) < 0)
        return -1;
    for (size_t i = 0; i < orgs.n; i++) {
        const struct id *org = (const struct id *)orgs.items + i;
        struct json_list list;
        if (store_erasures_read(store->keep_dir, org, arena, &list, err) < 0 ||
            org_replay(store, org, &list, &count, err) < 0)
            return -1;
    }
    *ret_n = count;
    return 0;
}
