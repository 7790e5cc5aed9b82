/* See find.h. */
#include "store/audit/find.h"

#include "store/audit/entry.h"
#include "store/core/tx.h"

static int find(struct store_tx *tx, enum store_sql sql, const struct store_audit_query *query,
                struct store_rows **ret_rows, struct err *err)
{
    struct str address_hash;
    if (store_audit_address_hash(tx, query->address, tx->arena, &address_hash, err) < 0)
        return -1;
    return store_run(tx, sql,
                     ARGS(ARG_ID(&query->session), ARG_ID(&query->token), ARG_ID(&query->grant), ARG_STR(address_hash),
                          ARG_ID(&query->user), ARG_ID(&query->record), ARG_STR(query->action), ARG_INT(query->from),
                          ARG_INT(query->to), ARG_INT(query->before), ARG_INT(query->limit)),
                     ret_rows, err);
}

static int entry_of(struct store_tx *tx, const struct store_audit_row *row, struct arena *arena,
                    struct store_audit_entry *ret_entry, struct err *err)
{
    struct store_audit_entry entry = {
        .seq = row->seq,
        .at = row->at,
        .user = row->user,
        .session = row->session,
        .token = row->token,
        .grant = row->grant,
        .subject = row->subject,
        .action = str_dup(arena, row->action),
        .kind = str_dup(arena, row->kind),
        .request = str_dup(arena, row->request),
        .note = str_dup(arena, row->note),
        .records = str_dup(arena, row->records),
    };
    if (store_audit_unseal(tx, (struct store_audit_place){"address", row->seq}, row->address, arena, &entry.address,
                           err) < 0 ||
        store_audit_unseal(tx, (struct store_audit_place){"why", row->seq}, row->why, arena, &entry.why, err) < 0)
        return -1;
    *ret_entry = entry;
    return 0;
}

int store_audit_find(struct store_tx *tx, const struct store_audit_query *query, struct arena *arena,
                     struct json_list *ret_entries, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (find(tx, SQL_AUDIT_FIND, query, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_audit_entry *entries = arena_array(arena, (size_t)n, sizeof *entries);
    for (int i = 0; i < n; i++) {
        struct store_audit_row row = store_audit_row(rows, i);
        if (entry_of(tx, &row, arena, &entries[i], err) < 0)
            return -1;
    }
    *ret_entries = (struct json_list){entries, (size_t)n};
    return 0;
}

int store_audit_records(struct store_tx *tx, const struct store_audit_query *query, struct arena *arena,
                        struct json_list *ret_records, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (find(tx, SQL_AUDIT_RECORDS, query, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_audit_record *records = arena_array(arena, (size_t)n, sizeof *records);
    for (int i = 0; i < n; i++)
        records[i] = (struct store_audit_record){store_row_str(rows, i, 0, arena), store_row_id(rows, i, 1),
                                                 store_row_int(rows, i, 2), store_row_int(rows, i, 3),
                                                 store_row_int(rows, i, 4)};
    *ret_records = (struct json_list){records, (size_t)n};
    return 0;
}
