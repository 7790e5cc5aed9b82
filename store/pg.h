/* One connection to PostgreSQL, a pool of them, prepared statements by name, rows read by type: all that the store
 * needs of libpq, which only pg.c knows. Inside of store/ only. */
#ifndef STORE_PG_H
#define STORE_PG_H

#include "base/err.h"
#include "base/id.h"

#include "generated_sql.h"

struct store_pg;   /* a connection; one thread at a time */
struct store_pool; /* connections shared by threads */
struct store_rows; /* a result */

/* clang-format off */
enum store_arg_kind {
    ARG_KIND_ID, ARG_KIND_STR, ARG_KIND_INT, ARG_KIND_DOUBLE, ARG_KIND_BOOL, ARG_KIND_IDS, ARG_KIND_INTS, ARG_KIND_TEXTS, ARG_KIND_BYTES
};
/* clang-format on */
/* A parameter; texts, bytes and the lists from ARG_KIND_INTS on travel in binary form, the rest as text that the server
 * types by the statement. */
struct store_arg {
    enum store_arg_kind kind;
    struct str s;           /* ARG_KIND_STR: text or bytea; absent = NULL */
    const struct id *id;    /* ARG_KIND_ID: NULL or empty = NULL; ARG_KIND_IDS: the first of n */
    int64_t i;              /* ARG_KIND_INT, ARG_KIND_BOOL */
    double d;               /* ARG_KIND_DOUBLE */
    const int64_t *ints;    /* ARG_KIND_INTS: bigint[]; NULL = NULL */
    const struct str *strs; /* ARG_KIND_TEXTS: text[], ARG_KIND_BYTES: bytea[]; absent ones are NULL */
    size_t n;
};
#define ARG_ID(x)                                                                                                      \
    {                                                                                                                  \
        .kind = ARG_KIND_ID, .id = (x)                                                                                 \
    }
#define ARG_STR(x)                                                                                                     \
    {                                                                                                                  \
        .kind = ARG_KIND_STR, .s = (x)                                                                                 \
    }
#define ARG_C(x)                                                                                                       \
    {                                                                                                                  \
        .kind = ARG_KIND_STR, .s = str_c(x)                                                                            \
    }
#define ARG_INT(x)                                                                                                     \
    {                                                                                                                  \
        .kind = ARG_KIND_INT, .i = (x)                                                                                 \
    }
#define ARG_DOUBLE(x)                                                                                                  \
    {                                                                                                                  \
        .kind = ARG_KIND_DOUBLE, .d = (x)                                                                              \
    }
#define ARG_BOOL(x)                                                                                                    \
    {                                                                                                                  \
        .kind = ARG_KIND_BOOL, .i = (x)                                                                                \
    }
#define ARG_INTS(p, n_)                                                                                                \
    {                                                                                                                  \
        .kind = ARG_KIND_INTS, .ints = (p), .n = (n_)                                                                  \
    }
#define ARG_IDS(p, n_)                                                                                                 \
    {                                                                                                                  \
        .kind = ARG_KIND_IDS, .id = (p), .n = (n_)                                                                     \
    }
#define ARG_TEXTS(p, n_)                                                                                               \
    {                                                                                                                  \
        .kind = ARG_KIND_TEXTS, .strs = (p), .n = (n_)                                                                 \
    }
#define ARG_BYTES(p, n_)                                                                                               \
    {                                                                                                                  \
        .kind = ARG_KIND_BYTES, .strs = (p), .n = (n_)                                                                 \
    }
/* Two arguments of a call: the parameters in order, and their number. */
#define ARGS(...) (const struct store_arg[]){__VA_ARGS__}, ARRAY_LEN(((const struct store_arg[]){__VA_ARGS__}))
#define ARGS_NONE NULL, 0

/* Connects and sets what every session of ours has (schema, time limits). Errors: ERR_STORE_DOWN. */
int store_pg_open(const char *conninfo, struct store_pg **ret_pg, struct err *err);
void store_pg_close(struct store_pg *pg);
static inline void store_pg_closep(struct store_pg **pg)
{
    store_pg_close(*pg);
}
/* Runs a statement of store/sql, prepared when first used on this connection. Errors by SQLSTATE: see store_begin(). */
int store_pg_run(struct store_pg *pg, enum store_sql sql, const struct store_arg *args, size_t n,
                 struct store_rows **ret_rows, struct err *err);
/* Runs text as it is, several statements too: "begin", "commit", migrations. */
int store_pg_command(struct store_pg *pg, const char *text, struct err *err);
/* Commits; ERR_INTERNAL when the server rolled back because a statement had failed. */
int store_pg_commit(struct store_pg *pg, struct err *err);
/* False when the connection is lost. */
bool store_pg_alive(const struct store_pg *pg);
/* For waiting on notifications: the socket, and the next one that came in (false when there is none). */
int store_pg_socket(const struct store_pg *pg);
bool store_pg_notification(struct store_pg *pg, struct arena *arena, struct str *ret_channel, struct str *ret_payload);

/* A pool of at most `max` connections; opens them when needed. */
struct store_pool *store_pool_new(const char *conninfo, int max);
void store_pool_free(struct store_pool *pool);
/* Waits up to 5 s for a connection that was alive just now. Errors: ERR_BUSY, ERR_STORE_DOWN. */
int store_pool_get(struct store_pool *pool, struct store_pg **ret_pg, struct err *err);
/* Gives it back, outside of a transaction, or closes it when it is lost or inside one. */
void store_pool_put(struct store_pool *pool, struct store_pg *pg);

/* Rows. Columns are read by their type; a wrong type is a mistake of ours and ends the process. */
void store_rows_freep(struct store_rows **rows);
int store_rows_count(const struct store_rows *rows);
/* Rows inserted, updated, deleted. */
int64_t store_rows_affected(const struct store_rows *rows);
/* smallint, integer, bigint, timestamptz (ms since 1970); NULL = 0. */
int64_t store_row_int(const struct store_rows *rows, int row, int column);
double store_row_double(const struct store_rows *rows, int row, int column);
bool store_row_bool(const struct store_rows *rows, int row, int column);
/* uuid; NULL = empty. */
struct id store_row_id(const struct store_rows *rows, int row, int column);
/* text or bytea; NULL = absent. store_row_view() lives as long as the rows, store_row_str() in the arena. */
struct str store_row_view(const struct store_rows *rows, int row, int column);
struct str store_row_str(const struct store_rows *rows, int row, int column, struct arena *arena);

#endif
