/* See candidate.h. A candidate's id follows from contact and record. */
#include "store/candidate.h"

#include "base/limits.h"
#include "store/core/tx.h"

static struct id candidate_id(const struct id *contact, const struct id *record, struct arena *arena)
{
    struct crypto_hash hash = crypto_sha256(str_printf(arena, "candidate|%s|%s", contact->s, record->s));
    return store_derived_id(&hash);
}

static int candidate_put(struct store_tx *tx, const struct id *contact, const struct store_candidate *candidate,
                         struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id id = candidate_id(contact, &candidate->record, arena);
    const struct str *speaks_for = candidate->speaks_for.items;
    struct str reasons;
    if (store_seal(tx, (struct store_place){"candidates.reasons", &id}, candidate->reasons, arena, &reasons, err) < 0)
        return -1;
    return store_run_one(tx, SQL_CANDIDATE_PUT,
                         ARGS(ARG_ID(&id), ARG_ID(contact), ARG_ID(&candidate->record), ARG_DOUBLE(candidate->weight),
                              ARG_DOUBLE(candidate->probability), ARG_STR(candidate->band), ARG_STR(reasons),
                              ARG_BOOL(candidate->moved), ARG_TEXTS(speaks_for, candidate->speaks_for.n),
                              ARG_INT(candidate->conflicts), ARG_INT(candidate->additions)),
                         NULL, err);
}

int store_candidates_set(struct store_tx *tx, const struct id *contact, const struct store_candidate *candidates,
                         size_t n, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id *records = arena_array(arena, n, sizeof *records);
    for (size_t i = 0; i < n; i++)
        records[i] = candidates[i].record;
    if (store_run(tx, SQL_CANDIDATE_DROP, ARGS(ARG_ID(contact), ARG_IDS(records, n)), NULL, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (candidate_put(tx, contact, &candidates[i], err) < 0)
            return -1;
    return 0;
}

static int candidate_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                          struct store_candidate *ret_candidate, struct err *err)
{
    struct store_candidate candidate = {
        .id = store_row_id(rows, row, 0),
        .contact = store_row_id(rows, row, 1),
        .record = store_row_id(rows, row, 2),
        .connection = store_row_id(rows, row, 3),
        .weight = store_row_double(rows, row, 4),
        .probability = store_row_double(rows, row, 5),
        .band = store_row_str(rows, row, 6, arena),
        .decided = store_row_str(rows, row, 8, arena),
        .decided_by = store_row_id(rows, row, 10),
        .decided_at = store_row_int(rows, row, 11),
    };
    if (store_unseal(tx, (struct store_place){"candidates.reasons", &candidate.id}, store_row_view(rows, row, 7), arena,
                     &candidate.reasons, err) < 0 ||
        store_unseal(tx, (struct store_place){"candidates.why", &candidate.id}, store_row_view(rows, row, 9), arena,
                     &candidate.why, err) < 0)
        return -1;
    *ret_candidate = candidate;
    return 0;
}

int store_candidates_of(struct store_tx *tx, const struct id *contact, struct arena *arena,
                        struct json_list *ret_candidates, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_CANDIDATE_LIST, ARGS(ARG_ID(contact)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_candidate *candidates = arena_array(arena, (size_t)n, sizeof *candidates);
    for (int i = 0; i < n; i++)
        if (candidate_read(tx, rows, i, arena, &candidates[i], err) < 0)
            return -1;
    *ret_candidates = (struct json_list){candidates, (size_t)n};
    return 0;
}

int store_candidate_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                        struct store_candidate *ret_candidate, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_CANDIDATE_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return candidate_read(tx, rows, 0, arena, ret_candidate, err);
}

int store_candidate_decide(struct store_tx *tx, const struct id *id, bool same, struct str why, const struct id *user,
                           struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str sealed;
    if (same && store_run(tx, SQL_CANDIDATE_UNDECIDE, ARGS(ARG_ID(id)), NULL, err) < 0)
        return -1;
    if (store_seal(tx, (struct store_place){"candidates.why", id}, why, arena, &sealed, err) < 0)
        return -1;
    return store_run_one(tx, SQL_CANDIDATE_DECIDE,
                         ARGS(ARG_ID(id), ARG_C(same ? "same" : "different"), ARG_STR(sealed), ARG_ID(user)), NULL,
                         err);
}

int store_candidate_similar(struct store_tx *tx, const struct id *id, struct store_similar *ret_similar,
                            struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_CANDIDATE_SIMILAR, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    *ret_similar = (struct store_similar){store_row_int(rows, 0, 0), store_row_int(rows, 0, 1),
                                          store_row_id(rows, 0, 2), store_row_int(rows, 0, 3)};
    return 0;
}

int store_candidate_reopen(struct store_tx *tx, const struct id *id, struct err *err)
{
    return store_run_one(tx, SQL_CANDIDATE_REOPEN, ARGS(ARG_ID(id)), NULL, err);
}
