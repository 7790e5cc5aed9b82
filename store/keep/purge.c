/* See purge.h. The list is written before the commit: an id that is noted and not removed is removed by the next purge,
 * one that is removed and not noted would come back with a backup. */
#include "store/keep/purge.h"

#include "base/limits.h"
#include "store/blob.h"
#include "store/core/tx.h"
#include "store/keep/list.h"
#include "store/match/index.h"

static int64_t age_now(const struct store_tx *tx, const struct store_purge *purge)
{
    int64_t since = purge->as_of_ms ? store_tx_now(tx) - purge->as_of_ms : 0;
    return purge->age_ms + (since > 0 ? since : 0);
}

static int take_rows(struct store_tx *tx, const struct store_purge *purge, struct arena *arena,
                     struct store_gone *ret_gone, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    bool named = purge->contact_count + purge->scan_count + purge->record_count > 0;
    struct store_arg contacts = ARG_IDS(purge->contacts, purge->contact_count);
    struct store_arg scans = ARG_IDS(purge->scans, purge->scan_count);
    struct store_arg records = ARG_IDS(purge->records, purge->record_count);
    if (!named)
        contacts = scans = records = (struct store_arg)ARG_STR(STR_NONE);
    if (store_run(tx, SQL_PURGE, ARGS(ARG_INT(age_now(tx, purge)), contacts, scans, records, ARG_INT(STORE_PURGE_MOST)),
                  &rows, err) < 0)
        return -1;
    size_t n = (size_t)store_rows_count(rows);
    struct store_erased *erased = arena_array(arena, n, sizeof *erased);
    struct store_blob *blobs = arena_array(arena, n, sizeof *blobs);
    struct store_gone gone = {.erased = {erased, 0}, .blobs = {blobs, 0}};
    for (int i = 0; i < (int)n; i++) {
        char kind = store_row_view(rows, i, 0).p[0];
        struct id id = store_row_id(rows, i, 1);
        if (kind == 'b') {
            blobs[gone.blobs.n++] = (struct store_blob){.id = id, .key_version = store_row_int(rows, i, 2)};
            continue;
        }
        /* A record that was deleted in its CRM may come back there, and then it may come back here. */
        if (kind != 'r' || named)
            erased[gone.erased.n++] = (struct store_erased){kind, id};
        gone.count.contacts += kind == 'c';
        gone.count.scans += kind == 's';
        gone.count.records += kind == 'r';
    }
    gone.count.files = gone.blobs.n;
    *ret_gone = gone;
    return 0;
}

static int keys_drop(struct store_tx *tx, const struct store_gone *gone, char kind, enum store_subject subject,
                     struct err *err)
{
    const struct store_erased *erased = gone->erased.items;
    struct store_match_set *sets = arena_array(tx->arena, gone->erased.n, sizeof *sets);
    size_t n = 0;
    for (size_t i = 0; i < gone->erased.n; i++)
        if (erased[i].kind == kind)
            sets[n++] = (struct store_match_set){.id = erased[i].id};
    return n ? store_match_sets_put(tx, subject, sets, n, err) : 0;
}

int store_purge_within(struct store_tx *tx, const struct store_purge *purge, struct arena *arena,
                       struct store_gone *ret_gone, struct err *err)
{
    struct store_gone gone;
    if (take_rows(tx, purge, arena, &gone, err) < 0 || keys_drop(tx, &gone, 'c', STORE_CONTACT, err) < 0 ||
        keys_drop(tx, &gone, 'r', STORE_RECORD, err) < 0 ||
        store_erasures_note(tx->store->keep_dir, &tx->org, gone.erased.items, gone.erased.n, err) < 0)
        return -1;
    *ret_gone = gone;
    return 0;
}

void store_gone_discard(struct store *store, const struct store_gone *gone)
{
    const struct store_blob *blobs = gone->blobs.items;
    for (size_t i = 0; i < gone->blobs.n; i++)
        store_blob_discard(store, &blobs[i]);
}

int store_purge(struct store *store, const struct id *org, const struct store_purge *purge,
                struct store_purged *ret_purged, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_gone gone;
    if (store_begin(store, org, &tx, err) < 0 || store_purge_within(tx, purge, arena, &gone, err) < 0 ||
        store_commit(&tx, err) < 0)
        return -1;
    store_gone_discard(store, &gone);
    *ret_purged = gone.count;
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

/* The ids of one kind in a piece of the list. */
static size_t ids_of(const struct store_erased *all, size_t n, char kind, struct id ret_ids[STORE_PURGE_MOST])
{
    size_t out = 0;
    for (size_t i = 0; i < n; i++)
        if (all[i].kind == kind)
            ret_ids[out++] = all[i].id;
    return out;
}

static int piece_replay(struct store *store, const struct id *org, const struct store_erased *all, size_t n,
                        struct store_purged *ret_gone, struct err *err)
{
    struct id contacts[STORE_PURGE_MOST], scans[STORE_PURGE_MOST], records[STORE_PURGE_MOST];
    struct store_purge purge = {.age_ms = STORE_BIN_MS, .contacts = contacts, .scans = scans, .records = records};
    purge.contact_count = ids_of(all, n, 'c', contacts);
    purge.scan_count = ids_of(all, n, 's', scans);
    purge.record_count = ids_of(all, n, 'r', records);
    *ret_gone = (struct store_purged){.contacts = 0};
    if (purge.contact_count + purge.scan_count + purge.record_count == 0)
        return 0;
    return store_purge(store, org, &purge, ret_gone, err);
}

/* One organisation's list, a piece at a time. */
static int org_replay(struct store *store, const struct id *org, const struct json_list *list, int64_t *count,
                      struct err *err)
{
    const struct store_erased *all = list->items;
    bool whole = false;
    for (size_t i = 0; i < list->n; i++)
        whole = whole || all[i].kind == 'o';
    for (size_t at = 0; at < list->n; at += STORE_PURGE_MOST) {
        struct store_purged gone;
        size_t n = list->n - at < STORE_PURGE_MOST ? list->n - at : STORE_PURGE_MOST;
        if (piece_replay(store, org, all + at, n, &gone, err) < 0)
            return -1;
        *count += (int64_t)(gone.contacts + gone.scans + gone.records);
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
