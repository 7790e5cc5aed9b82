/* See egress.h. */
#include "store/audit/egress.h"

#include "store/core/tx.h"

static int source_of(struct store_tx *tx, struct store_rows *rows, int row, struct arena *arena,
                     struct store_egress_source *ret_source, struct err *err)
{
    struct store_egress_source source = {.id = store_row_id(rows, row, 0),
                                         .kind = store_row_str(rows, row, 1, arena),
                                         .mailbox = store_row_bool(rows, row, 5),
                                         .state = store_row_str(rows, row, 6, arena)};
    const struct {
        const char *column;
        int number;
        struct str *to;
    } parts[] = {{"connections.name", 2, &source.name},
                 {"connections.settings", 3, &source.settings},
                 {"oauth_tokens.base", 4, &source.base}};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (store_unseal(tx, (struct store_place){parts[i].column, &source.id},
                         store_row_view(rows, row, parts[i].number), arena, parts[i].to, err) < 0)
            return -1;
    *ret_source = source;
    return 0;
}

int store_egress_sources(struct store_tx *tx, struct arena *arena, struct json_list *ret_sources, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_EGRESS_SOURCES, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_egress_source *sources = arena_array(arena, (size_t)n, sizeof *sources);
    for (int i = 0; i < n; i++)
        if (source_of(tx, rows, i, arena, &sources[i], err) < 0)
            return -1;
    *ret_sources = (struct json_list){sources, (size_t)n};
    return 0;
}

int store_egress_note(struct store_tx *tx, struct str host, const struct id *connection, bool *ret_fresh,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    struct str sealed;
    if (store_index_hash(tx, "egress host", host, &hash, err) < 0)
        return -1;
    struct id id = store_derived_id(&hash);
    if (store_seal(tx, (struct store_place){"egress_hosts.host", &id}, host, tx->arena, &sealed, err) < 0 ||
        store_run_one(tx, SQL_EGRESS_NOTE,
                      ARGS(ARG_STR(crypto_hash_str(&hash)), ARG_ID(&id), ARG_STR(sealed), ARG_ID(connection)), &rows,
                      err) < 0)
        return -1;
    *ret_fresh = store_row_bool(rows, 0, 0);
    return store_run(tx, SQL_EGRESS_HOUR, ARGS(ARG_STR(crypto_hash_str(&hash))), NULL, err);
}

int store_egress_hosts(struct store_tx *tx, struct arena *arena, struct json_list *ret_hosts, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_EGRESS_HOSTS, ARGS_NONE, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_egress_host *hosts = arena_array(arena, (size_t)n, sizeof *hosts);
    for (int i = 0; i < n; i++) {
        struct id id = store_row_id(rows, i, 0);
        hosts[i] = (struct store_egress_host){.hours = store_row_int(rows, i, 2),
                                              .first_at = store_row_int(rows, i, 3),
                                              .last_at = store_row_int(rows, i, 4)};
        if (store_unseal(tx, (struct store_place){"egress_hosts.host", &id}, store_row_view(rows, i, 1), arena,
                         &hosts[i].host, err) < 0)
            return -1;
    }
    *ret_hosts = (struct json_list){hosts, (size_t)n};
    return 0;
}
