/* See duplicate.h. */
#include "store/match/duplicate.h"

#include "base/limits.h"
#include "store/core/tx.h"

static const char reasons_column[] = "duplicate_pairs.reasons", why_column[] = "duplicate_pairs.why";

struct id store_duplicate_id(const struct id *left, const struct id *right)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crypto_hash hash = crypto_sha256(str_printf(arena, "duplicate|%s|%s", left->s, right->s));
    return store_derived_id(&hash);
}

int store_duplicates_lock(struct store_tx *tx, struct err *err)
{
    return store_run(tx, SQL_DUPLICATES_LOCK, ARGS_NONE, NULL, err);
}

int store_duplicates_decided(struct store_tx *tx, struct arena *arena, struct json_list *ret_decided, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_DUPLICATES_DECIDED, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_duplicate_decided *items = arena_array(arena, (size_t)n, sizeof *items);
    for (int i = 0; i < n; i++)
        items[i] = (struct store_duplicate_decided){store_row_id(rows, i, 0), store_row_id(rows, i, 1),
                                                    store_row_id(rows, i, 2), store_row_bool(rows, i, 3)};
    *ret_decided = (struct json_list){items, (size_t)n};
    return 0;
}

int store_duplicates_clear(struct store_tx *tx, struct err *err)
{
    return store_run(tx, SQL_DUPLICATES_CLEAR, ARGS_NONE, NULL, err);
}

/* Rows on their way: one list a column, sealed. */
struct columns {
    struct id *id, *left, *right, *group;
    struct str *weight, *probability, *band, *reasons;
};

static struct columns columns_new(size_t n, struct arena *arena)
{
    return (struct columns){.id = arena_array(arena, n, sizeof(struct id)),
                            .left = arena_array(arena, n, sizeof(struct id)),
                            .right = arena_array(arena, n, sizeof(struct id)),
                            .group = arena_array(arena, n, sizeof(struct id)),
                            .weight = arena_array(arena, n, sizeof(struct str)),
                            .probability = arena_array(arena, n, sizeof(struct str)),
                            .band = arena_array(arena, n, sizeof(struct str)),
                            .reasons = arena_array(arena, n, sizeof(struct str))};
}

int store_duplicates_put(struct store_tx *tx, const struct store_duplicate *pairs, size_t n, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct columns c = columns_new(n, arena);
    for (size_t i = 0; i < n; i++) {
        c.id[i] = store_duplicate_id(&pairs[i].left, &pairs[i].right);
        c.left[i] = pairs[i].left;
        c.right[i] = pairs[i].right;
        c.group[i] = pairs[i].group;
        c.weight[i] = str_printf(arena, "%.17g", pairs[i].weight);
        c.probability[i] = str_printf(arena, "%.17g", pairs[i].probability);
        c.band[i] = pairs[i].band;
        if (store_seal(tx, (struct store_place){reasons_column, &c.id[i]}, pairs[i].reasons, arena, &c.reasons[i],
                       err) < 0)
            return -1;
    }
    return store_run(tx, SQL_DUPLICATES_PUT,
                     ARGS(ARG_IDS(c.id, n), ARG_IDS(c.left, n), ARG_IDS(c.right, n), ARG_IDS(c.group, n),
                          ARG_TEXTS(c.weight, n), ARG_TEXTS(c.probability, n), ARG_TEXTS(c.band, n),
                          ARG_BYTES(c.reasons, n)),
                     NULL, err);
}

int store_duplicates_regroup(struct store_tx *tx, const struct id *pairs, const struct id *groups, size_t n,
                             struct err *err)
{
    return store_run(tx, SQL_DUPLICATES_REGROUP, ARGS(ARG_IDS(pairs, n), ARG_IDS(groups, n)), NULL, err);
}

static void ids_read(const struct store_rows *rows, struct arena *arena, struct json_list *ret_ids)
{
    int n = store_rows_count(rows);
    struct id *ids = arena_array(arena, (size_t)n, sizeof *ids);
    for (int i = 0; i < n; i++)
        ids[i] = store_row_id(rows, i, 0);
    *ret_ids = (struct json_list){ids, (size_t)n};
}

int store_duplicate_groups(struct store_tx *tx, const struct store_duplicate_filter *filter,
                           const struct store_page *page, struct arena *arena, struct json_list *ret_groups,
                           struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_DUPLICATE_GROUPS,
                  ARGS(ARG_ID(&page->before), ARG_STR(filter->decided), ARG_STR(filter->band),
                       ARG_ID(&filter->connection), ARG_INT(page->limit)),
                  &rows, err) < 0)
        return -1;
    ids_read(rows, arena, ret_groups);
    return 0;
}

int store_duplicate_groups_near(struct store_tx *tx, const struct id *pair, struct arena *arena,
                                struct json_list *ret_groups, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_DUPLICATE_GROUPS_NEAR, ARGS(ARG_ID(pair)), &rows, err) < 0)
        return -1;
    ids_read(rows, arena, ret_groups);
    return 0;
}

static int pair_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                     struct store_duplicate *ret_pair, struct err *err)
{
    struct store_duplicate pair = {
        .id = store_row_id(rows, row, 0),
        .left = store_row_id(rows, row, 1),
        .right = store_row_id(rows, row, 2),
        .group = store_row_id(rows, row, 3),
        .weight = store_row_double(rows, row, 4),
        .probability = store_row_double(rows, row, 5),
        .band = store_row_str(rows, row, 6, arena),
        .decided = store_row_str(rows, row, 8, arena),
        .decided_by = store_row_id(rows, row, 10),
        .decided_at = store_row_int(rows, row, 11),
        .version = store_row_int(rows, row, 12),
        .pairs = store_row_int(rows, row, 13),
    };
    if (store_unseal(tx, (struct store_place){reasons_column, &pair.id}, store_row_view(rows, row, 7), arena,
                     &pair.reasons, err) < 0 ||
        store_unseal(tx, (struct store_place){why_column, &pair.id}, store_row_view(rows, row, 9), arena, &pair.why,
                     err) < 0)
        return -1;
    *ret_pair = pair;
    return 0;
}

static int pairs_read(struct store_tx *tx, const struct store_rows *rows, struct arena *arena,
                      struct json_list *ret_pairs, struct err *err)
{
    int n = store_rows_count(rows);
    struct store_duplicate *pairs = arena_array(arena, (size_t)n, sizeof *pairs);
    for (int i = 0; i < n; i++)
        if (pair_read(tx, rows, i, arena, &pairs[i], err) < 0)
            return -1;
    *ret_pairs = (struct json_list){pairs, (size_t)n};
    return 0;
}

int store_duplicates_of(struct store_tx *tx, const struct store_duplicate_ask *ask, struct arena *arena,
                        struct json_list *ret_pairs, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_DUPLICATES_OF, ARGS(ARG_IDS(ask->groups, ask->n), ARG_INT(ask->most)), &rows, err) < 0)
        return -1;
    return pairs_read(tx, rows, arena, ret_pairs, err);
}

int store_duplicates_around(struct store_tx *tx, const struct store_duplicate_around *around, struct arena *arena,
                            struct json_list *ret_pairs, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_DUPLICATES_AROUND,
                  ARGS(ARG_IDS(around->records, around->n), ARG_ID(&around->contact), ARG_INT(around->limit)), &rows,
                  err) < 0)
        return -1;
    return pairs_read(tx, rows, arena, ret_pairs, err);
}

int store_duplicates_split(struct store_tx *tx, const struct store_duplicate_split *split, struct err *err)
{
    return store_run(
        tx, SQL_DUPLICATES_SPLIT,
        ARGS(ARG_IDS(split->pairs, split->n), ARG_ID(&split->contact), ARG_ID(&split->record), ARG_ID(&split->user)),
        NULL, err);
}

int store_duplicates_rejoin(struct store_tx *tx, const struct id *contact, const struct id *record, struct arena *arena,
                            struct json_list *ret_pairs, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_DUPLICATES_REJOIN, ARGS(ARG_ID(contact), ARG_ID(record)), &rows, err) < 0)
        return -1;
    ids_read(rows, arena, ret_pairs);
    return 0;
}

int store_duplicate_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_duplicate *ret_pair,
                        struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_DUPLICATE_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return pair_read(tx, rows, 0, arena, ret_pair, err);
}

int store_duplicate_decide(struct store_tx *tx, const struct store_duplicate *pair, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str why;
    if (store_seal(tx, (struct store_place){why_column, &pair->id}, pair->why, arena, &why, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_DUPLICATE_DECIDE,
                      ARGS(ARG_ID(&pair->id), ARG_INT(pair->version), ARG_STR(pair->decided), ARG_STR(why),
                           ARG_ID(&pair->decided_by)),
                      NULL, err) == 0)
        return 0;
    return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_DUPLICATE_VERSION, &pair->id, err) : -1;
}
