/* See record.h. A record's id follows from connection and remote id, so it stays the same over every pull. */
#include "store/record.h"

#include "base/limits.h"
#include "store/core/tx.h"

/* Of the sealed texts of at most 1000 records. */
enum { RECORDS_BYTES = 2 * LIMIT_ARENA_REQUEST };

static int remote_hash(struct store_tx *tx, const struct id *connection, struct str remote_id,
                       struct crypto_hash *ret_hash, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str text = str_printf(arena, "%s|%.*s", connection->s, STR_ARG(remote_id));
    return store_index_hash(tx, "remote ids", text, ret_hash, err);
}

int store_record_id(struct store_tx *tx, const struct id *connection, struct str remote_id, struct id *ret_id,
                    struct err *err)
{
    struct crypto_hash hash;
    if (remote_hash(tx, connection, remote_id, &hash, err) < 0)
        return -1;
    *ret_id = store_derived_id(&hash);
    return 0;
}

/* Rows on their way: one list a column, sealed. */
struct columns {
    struct id *id;
    struct str *hash, *remote_id, *version, *kind, *contact, *custody;
};

static struct columns columns_new(size_t n, struct arena *arena)
{
    return (struct columns){.id = arena_array(arena, n, sizeof(struct id)),
                            .hash = arena_array(arena, n, sizeof(struct str)),
                            .remote_id = arena_array(arena, n, sizeof(struct str)),
                            .version = arena_array(arena, n, sizeof(struct str)),
                            .kind = arena_array(arena, n, sizeof(struct str)),
                            .contact = arena_array(arena, n, sizeof(struct str)),
                            .custody = arena_array(arena, n, sizeof(struct str))};
}

static int record_seal(struct store_tx *tx, const struct store_record *record, struct arena *arena,
                       struct columns *columns, size_t i, struct err *err)
{
    struct crypto_hash hash;
    if (remote_hash(tx, &record->connection, record->remote_id, &hash, err) < 0)
        return -1;
    struct id *id = &columns->id[i];
    *id = store_derived_id(&hash);
    columns->hash[i] = str_dup(arena, crypto_hash_str(&hash));
    columns->kind[i] = record->kind;
    const struct contact_custody *custody = &record->custody;
    const struct {
        const char *column;
        struct str text, *sealed;
    } parts[] = {
        {"records.remote_id", record->remote_id, &columns->remote_id[i]},
        {"records.remote_version", record->remote_version, &columns->version[i]},
        {"records.contact", json_write(&contact_shape, &record->contact, arena), &columns->contact[i]},
        {"records.custody",
         contact_custody_none(custody) ? STR_NONE : json_write(&contact_custody_shape, custody, arena),
         &columns->custody[i]},
    };
    for (size_t k = 0; k < ARRAY_LEN(parts); k++)
        if (store_seal(tx, (struct store_place){parts[k].column, id}, parts[k].text, arena, parts[k].sealed, err) < 0)
            return -1;
    return 0;
}

/* `rows` gets whether each was not there, in no order. */
static int records_put(struct store_tx *tx, const struct store_record *records, size_t n, struct id *ret_ids,
                       struct store_rows **ret_rows, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(RECORDS_BYTES);
    struct columns columns = columns_new(n, arena);
    for (size_t i = 0; i < n; i++)
        if (record_seal(tx, &records[i], arena, &columns, i, err) < 0)
            return -1;
    if (store_run(tx, SQL_RECORD_PUT,
                  ARGS(ARG_ID(&records->connection), ARG_IDS(columns.id, n), ARG_BYTES(columns.hash, n),
                       ARG_BYTES(columns.remote_id, n), ARG_BYTES(columns.version, n), ARG_TEXTS(columns.kind, n),
                       ARG_BYTES(columns.contact, n), ARG_BYTES(columns.custody, n)),
                  ret_rows, err) < 0)
        return -1;
    memcpy(ret_ids, columns.id, n * sizeof *ret_ids);
    return 0;
}

int store_record_put(struct store_tx *tx, const struct store_record *record, struct id *ret_id, bool *ret_new,
                     struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (records_put(tx, record, 1, ret_id, &rows, err) < 0)
        return -1;
    *ret_new = store_row_bool(rows, 0, 0);
    return 0;
}

int store_record_put_many(struct store_tx *tx, const struct store_record *records, size_t n, struct id *ret_ids,
                          struct err *err)
{
    return n ? records_put(tx, records, n, ret_ids, NULL, err) : 0;
}

int store_record_bury(struct store_tx *tx, const struct id *connection, struct str remote_id, struct err *err)
{
    struct crypto_hash hash;
    if (remote_hash(tx, connection, remote_id, &hash, err) < 0)
        return -1;
    return store_run(tx, SQL_RECORD_BURY, ARGS(ARG_ID(connection), ARG_STR(crypto_hash_str(&hash))), NULL, err);
}

int store_record_bury_unseen(struct store_tx *tx, const struct id *connection, int64_t since, int64_t *ret_n,
                             struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_RECORD_BURY_UNSEEN, ARGS(ARG_ID(connection), ARG_INT(since)), &rows, err) < 0)
        return -1;
    *ret_n = store_row_int(rows, 0, 0);
    return 0;
}

static int record_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                       struct store_record *ret_record, struct err *err)
{
    struct store_record record = {
        .id = store_row_id(rows, row, 0),
        .connection = store_row_id(rows, row, 1),
        .kind = store_row_str(rows, row, 3, arena),
        .fetched_at = store_row_int(rows, row, 5),
        .deleted_at = store_row_int(rows, row, 6),
    };
    struct str json, custody;
    if (store_unseal(tx, (struct store_place){"records.remote_id", &record.id}, store_row_view(rows, row, 2), arena,
                     &record.remote_id, err) < 0 ||
        store_unseal(tx, (struct store_place){"records.remote_version", &record.id}, store_row_view(rows, row, 4),
                     arena, &record.remote_version, err) < 0 ||
        store_unseal(tx, (struct store_place){"records.contact", &record.id}, store_row_view(rows, row, 7), arena,
                     &json, err) < 0 ||
        store_unseal(tx, (struct store_place){"records.custody", &record.id}, store_row_view(rows, row, 8), arena,
                     &custody, err) < 0 ||
        json_read(&contact_shape, json, arena, &record.contact, err) < 0 ||
        (custody.p && json_read(&contact_custody_shape, custody, arena, &record.custody, err) < 0))
        return -1;
    *ret_record = record;
    return 0;
}

int store_record_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_record *ret_record,
                     struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_RECORD_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return record_read(tx, rows, 0, arena, ret_record, err);
}

int store_record_find(struct store_tx *tx, const struct id *connection, struct str remote_id, struct arena *arena,
                      struct store_record *ret_record, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct crypto_hash hash;
    if (remote_hash(tx, connection, remote_id, &hash, err) < 0 ||
        store_run_one(tx, SQL_RECORD_FIND, ARGS(ARG_ID(connection), ARG_STR(crypto_hash_str(&hash))), &rows, err) < 0)
        return -1;
    return record_read(tx, rows, 0, arena, ret_record, err);
}

static int records_read(struct store_tx *tx, const struct store_rows *rows, struct arena *arena,
                        struct json_list *ret_records, struct err *err)
{
    int n = store_rows_count(rows);
    struct store_record *records = arena_array(arena, (size_t)n, sizeof *records);
    for (int i = 0; i < n; i++)
        if (record_read(tx, rows, i, arena, &records[i], err) < 0)
            return -1;
    *ret_records = (struct json_list){records, (size_t)n};
    return 0;
}

int store_record_get_many(struct store_tx *tx, const struct id *ids, size_t n, struct arena *arena,
                          struct json_list *ret_records, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_RECORD_GET_MANY, ARGS(ARG_IDS(ids, n)), &rows, err) < 0)
        return -1;
    return records_read(tx, rows, arena, ret_records, err);
}

int store_record_list(struct store_tx *tx, const struct id *connection, const struct store_page *page,
                      struct arena *arena, struct json_list *ret_records, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_RECORD_LIST, ARGS(ARG_ID(connection), ARG_ID(&page->before), ARG_INT(page->limit)), &rows,
                  err) < 0)
        return -1;
    return records_read(tx, rows, arena, ret_records, err);
}
