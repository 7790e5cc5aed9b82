/* See rules.h. */
#include "store/match/rules.h"

#include "base/limits.h"
#include "store/core/tx.h"

static const char policy_column[] = "matching_rules.policy", lesson_column[] = "matching_rules.lesson",
                  simulation_column[] = "matching_rules.simulation";

int store_rules_add(struct store_tx *tx, const struct store_rules *rules, struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id id = id_new();
    struct str policy, lesson;
    if (store_seal(tx, (struct store_place){policy_column, &id}, rules->policy, arena, &policy, err) < 0 ||
        store_seal(tx, (struct store_place){lesson_column, &id}, rules->lesson, arena, &lesson, err) < 0 ||
        store_run(tx, SQL_NUMBERS_LOCK, ARGS_NONE, NULL, err) < 0 ||
        store_run(tx, SQL_RULES_ADD,
                  ARGS(ARG_ID(&id), ARG_STR(rules->origin), ARG_STR(policy), ARG_STR(lesson), ARG_ID(&rules->author)),
                  NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static int rules_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                      struct store_rules *ret_rules, struct err *err)
{
    struct store_rules rules = {
        .id = store_row_id(rows, row, 0),
        .number = store_row_int(rows, row, 1),
        .state = store_row_str(rows, row, 2, arena),
        .origin = store_row_str(rows, row, 3, arena),
        .author = store_row_id(rows, row, 7),
        .activated_by = store_row_id(rows, row, 8),
        .version = store_row_int(rows, row, 9),
        .created_at = store_row_int(rows, row, 10),
        .simulated_at = store_row_int(rows, row, 11),
        .activated_at = store_row_int(rows, row, 12),
    };
    if (store_unseal(tx, (struct store_place){policy_column, &rules.id}, store_row_view(rows, row, 4), arena,
                     &rules.policy, err) < 0 ||
        store_unseal(tx, (struct store_place){lesson_column, &rules.id}, store_row_view(rows, row, 5), arena,
                     &rules.lesson, err) < 0 ||
        store_unseal(tx, (struct store_place){simulation_column, &rules.id}, store_row_view(rows, row, 6), arena,
                     &rules.simulation, err) < 0)
        return -1;
    *ret_rules = rules;
    return 0;
}

int store_rules_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_rules *ret_rules,
                    struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_RULES_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return rules_read(tx, rows, 0, arena, ret_rules, err);
}

int store_rules_active(struct store_tx *tx, struct arena *arena, struct store_rules *ret_rules, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_RULES_ACTIVE, ARGS_NONE, &rows, err) < 0)
        return -1;
    return rules_read(tx, rows, 0, arena, ret_rules, err);
}

int store_rules_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_rules, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_RULES_LIST, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_rules *items = arena_array(arena, (size_t)n, sizeof *items);
    for (int i = 0; i < n; i++)
        if (rules_read(tx, rows, i, arena, &items[i], err) < 0)
            return -1;
    *ret_rules = (struct json_list){items, (size_t)n};
    return 0;
}

/* Why a step touched nothing: unknown, changed meanwhile, or not in a state for it. */
static int rules_why(struct store_tx *tx, const struct id *id, int64_t version, const char *what, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_RULES_VERSION, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return store_row_int(rows, 0, 0) == version ? err_set(err, ERR_CONFLICT, "%s", what)
                                                : err_set(err, ERR_STALE, "matching rules");
}

int store_rules_save(struct store_tx *tx, const struct id *id, int64_t version, struct str policy, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str sealed;
    if (store_seal(tx, (struct store_place){policy_column, id}, policy, arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_RULES_SAVE, ARGS(ARG_ID(id), ARG_INT(version), ARG_STR(sealed)), NULL, err) == 0)
        return 0;
    return err->code == ERR_NOT_FOUND ? rules_why(tx, id, version, "these rules were active", err) : -1;
}

int store_rules_simulated(struct store_tx *tx, const struct store_rules *rules, struct str simulation, bool complete,
                          struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str sealed;
    if (store_seal(tx, (struct store_place){simulation_column, &rules->id}, simulation, arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_RULES_SIMULATED,
                      ARGS(ARG_ID(&rules->id), ARG_INT(rules->version), ARG_STR(sealed), ARG_BOOL(complete)), NULL,
                      err) == 0)
        return 0;
    return err->code == ERR_NOT_FOUND ? err_set(err, ERR_STALE, "matching rules") : -1;
}

int store_rules_activate(struct store_tx *tx, const struct id *id, int64_t version, const struct id *user,
                         struct err *err)
{
    if (store_run(tx, SQL_RULES_RETIRE, ARGS_NONE, NULL, err) < 0)
        return -1;
    if (id_none(id))
        return 0;
    if (store_run_one(tx, SQL_RULES_ACTIVATE, ARGS(ARG_ID(id), ARG_INT(version), ARG_ID(user)), NULL, err) == 0)
        return 0;
    return err->code == ERR_NOT_FOUND ? rules_why(tx, id, version, "simulate these rules first", err) : -1;
}

int store_decisions(struct store_tx *tx, int limit, struct arena *arena, struct json_list *ret_decisions,
                    struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_CANDIDATE_DECIDED, ARGS(ARG_INT(limit)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_decision *items = arena_array(arena, (size_t)n, sizeof *items);
    for (int i = 0; i < n; i++)
        items[i] = (struct store_decision){.candidate = store_row_id(rows, i, 0),
                                           .contact = store_row_id(rows, i, 1),
                                           .record = store_row_id(rows, i, 2),
                                           .same = store_row_bool(rows, i, 3)};
    *ret_decisions = (struct json_list){items, (size_t)n};
    return 0;
}

int store_contacts_rematch(struct store_tx *tx, int max_attempts, struct err *err)
{
    return store_run(tx, SQL_CONTACT_REMATCH, ARGS(ARG_INT(max_attempts)), NULL, err);
}
