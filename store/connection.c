/* See connection.h. */
#include "store/connection.h"

#include "base/limits.h"
#include "store/core/tx.h"

struct sealed {
    struct str name, settings, secret;
};

static int connection_seal(struct store_tx *tx, const struct store_connection *connection, const struct id *id,
                           struct arena *arena, struct sealed *ret_sealed, struct err *err)
{
    if (store_seal(tx, (struct store_place){"connections.name", id}, connection->name, arena, &ret_sealed->name, err) <
            0 ||
        store_seal(tx, (struct store_place){"connections.settings", id}, connection->settings, arena,
                   &ret_sealed->settings, err) < 0)
        return -1;
    return store_seal(tx, (struct store_place){"connections.secret", id}, connection->secret, arena,
                      &ret_sealed->secret, err);
}

int store_connection_add(struct store_tx *tx, const struct store_connection *connection, struct id *ret_id,
                         struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id id = id_new();
    struct sealed sealed;
    if (connection_seal(tx, connection, &id, arena, &sealed, err) < 0 ||
        store_run(tx, SQL_CONNECTION_ADD,
                  ARGS(ARG_ID(&id), ARG_STR(connection->kind), ARG_STR(sealed.name), ARG_STR(sealed.settings),
                       ARG_STR(sealed.secret), ARG_STR(connection->policy.p ? connection->policy : STR("read"))),
                  NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static int connection_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                           struct store_connection *ret_connection, struct err *err)
{
    struct store_connection c = {
        .id = store_row_id(rows, row, 0),
        .kind = store_row_str(rows, row, 1, arena),
        .state = store_row_str(rows, row, 4, arena),
        .problem = store_row_str(rows, row, 5, arena),
        .ok_at = store_row_int(rows, row, 7),
        .pulled_at = store_row_int(rows, row, 8),
        .version = store_row_int(rows, row, 9),
        .created_at = store_row_int(rows, row, 10),
        .records = store_row_int(rows, row, 11),
        .policy = store_row_str(rows, row, 14, arena),
        .mapping = store_row_int(rows, row, 15),
        .mapping_revision = store_row_int(rows, row, 16),
        .warnings = store_row_int(rows, row, 17),
        .native_merge = store_row_int(rows, row, 18) != 0,
        .tested_at = store_row_int(rows, row, 19),
    };
    const struct {
        const char *column;
        int number;
        struct str *to;
    } parts[] = {{"connections.name", 2, &c.name},
                 {"connections.settings", 3, &c.settings},
                 {"connections.param", 6, &c.param},
                 {"connections.cursor", 12, &c.cursor},
                 {"connections.secret", 13, &c.secret}};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (store_unseal(tx, (struct store_place){parts[i].column, &c.id}, store_row_view(rows, row, parts[i].number),
                         arena, parts[i].to, err) < 0)
            return -1;
    *ret_connection = c;
    return 0;
}

static int connection_find(struct store_tx *tx, enum store_sql sql, const struct id *id, struct arena *arena,
                           struct store_connection *ret_connection, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, sql, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return connection_read(tx, rows, 0, arena, ret_connection, err);
}

int store_connection_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                         struct store_connection *ret_connection, struct err *err)
{
    return connection_find(tx, SQL_CONNECTION_GET, id, arena, ret_connection, err);
}

int store_connection_open(struct store_tx *tx, const struct id *id, struct arena *arena,
                          struct store_connection *ret_connection, struct err *err)
{
    return connection_find(tx, SQL_CONNECTION_OPEN, id, arena, ret_connection, err);
}

int store_connection_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_connections, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_CONNECTION_LIST, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_connection *connections = arena_array(arena, (size_t)n, sizeof *connections);
    for (int i = 0; i < n; i++)
        if (connection_read(tx, rows, i, arena, &connections[i], err) < 0)
            return -1;
    *ret_connections = (struct json_list){connections, (size_t)n};
    return 0;
}

int store_connection_save(struct store_tx *tx, const struct store_connection *connection, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct sealed sealed;
    if (connection_seal(tx, connection, &connection->id, arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_CONNECTION_SAVE,
                      ARGS(ARG_ID(&connection->id), ARG_INT(connection->version), ARG_STR(sealed.name),
                           ARG_STR(sealed.settings), ARG_STR(sealed.secret)),
                      NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_CONNECTION_VERSION, &connection->id, err) : -1;
    return 0;
}

int store_connection_policy(struct store_tx *tx, const struct id *id, int64_t version, struct str policy,
                            bool native_merge, struct err *err)
{
    if (store_run_one(tx, SQL_CONNECTION_POLICY,
                      ARGS(ARG_ID(id), ARG_INT(version), ARG_STR(policy), ARG_INT(native_merge)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_CONNECTION_VERSION, id, err) : -1;
    return 0;
}

int store_connection_health(struct store_tx *tx, const struct id *id, const char *state, const struct err *problem,
                            bool *ret_changed, struct err *err)
{
    struct str slug = problem ? str_c(err_slug(problem->code)) : STR_NONE;
    struct str param = problem ? str_c(problem->param) : STR_NONE;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_seal(tx, (struct store_place){"connections.param", id}, param, arena, &param, err) < 0 ||
        store_run_one(tx, SQL_CONNECTION_HEALTH, ARGS(ARG_ID(id), ARG_C(state), ARG_STR(slug), ARG_STR(param)), &rows,
                      err) < 0)
        return -1;
    if (ret_changed)
        *ret_changed = store_row_bool(rows, 0, 0);
    return 0;
}

int store_connection_called(struct store_tx *tx, const struct id *id, int64_t rest_ms, const struct store_calls *quota,
                            struct err *err)
{
    return store_run(tx, SQL_CONNECTION_CALLED,
                     ARGS(ARG_ID(id), ARG_INT(rest_ms), ARG_INT(quota ? quota->quota_left : -1),
                          ARG_INT(quota ? quota->quota_limit : -1)),
                     NULL, err);
}

int store_connection_calls(struct store_tx *tx, const struct id *id, struct store_calls *ret_calls, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_CONNECTION_CALLS_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    *ret_calls = (struct store_calls){.failures = 0};
    if (store_rows_count(rows) > 0)
        *ret_calls = (struct store_calls){
            .failures = store_row_int(rows, 0, 0),
            .retry_at = store_row_int(rows, 0, 1),
            .quota_left = store_row_int(rows, 0, 2),
            .quota_limit = store_row_int(rows, 0, 3),
            .quota_at = store_row_int(rows, 0, 4),
        };
    return 0;
}

int store_connection_lock(struct store_tx *tx, const struct id *id, int64_t *ret_version, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_CONNECTION_LOCK, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    *ret_version = store_row_int(rows, 0, 0);
    return 0;
}

int store_connection_cursor(struct store_tx *tx, const struct id *id, struct str cursor, bool complete, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str sealed;
    if (store_seal(tx, (struct store_place){"connections.cursor", id}, cursor, arena, &sealed, err) < 0)
        return -1;
    return store_run_one(tx, SQL_CONNECTION_CURSOR, ARGS(ARG_ID(id), ARG_STR(sealed), ARG_BOOL(complete)), NULL, err);
}

int store_connection_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    int64_t present;
    if (store_connection_lock(tx, id, &present, err) < 0 ||
        store_run_one(tx, SQL_CONNECTION_BUSY, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    if (store_row_bool(rows, 0, 0))
        return err_set(err, ERR_CONFLICT, "changes to it are under way");
    if (store_run(tx, SQL_CONNECTION_KEYS_DROP, ARGS(ARG_ID(id)), NULL, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_CONNECTION_DELETE, ARGS(ARG_ID(id), ARG_INT(version)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_CONNECTION_VERSION, id, err) : -1;
    return 0;
}
