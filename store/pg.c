/* See pg.h. The only file that knows libpq. */
#include "store/pg.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <pthread.h>

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT8 = 701,
    OID_TIMESTAMPTZ = 1184,
    OID_UUID = 2950,
    POOL_WAIT_S = 5,
    ARGS_MOST = 32,
    ARGS_BYTES = 32 * 1024 * 1024, /* of all lists of one statement */
    ARG_TEXT = 40,                 /* room for a number or an id as text */
};

/* 2000-01-01 in milliseconds since 1970: PostgreSQL counts from there. */
static const int64_t pg_epoch_ms = 946684800000;

/* Time limits are a backstop against stuck sessions; search_path keeps strangers' schemas out of our names. */
static const char session_settings[] =
    "set search_path = kartei, pg_temp; set statement_timeout = '30s'; set lock_timeout = '10s';"
    "set idle_in_transaction_session_timeout = '60s'; set timezone = 'UTC'; set client_min_messages = warning;"
    "set default_transaction_isolation = 'read committed'";

struct store_pg {
    PGconn *conn;
    struct store_pg *next; /* in the pool's idle list */
    bool prepared[SQL_COUNT];
};

struct store_pool {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct store_pg *idle;
    char *conninfo;
    int open, max;
};

static const struct {
    const char *prefix; /* of the SQLSTATE (PostgreSQL manual, appendix A) */
    enum err_code code;
    const char *param;
} states[] = {
    {"08", ERR_STORE_DOWN, ""},
    {"57P0", ERR_STORE_DOWN, ""},
    {"53100", ERR_DISK_FULL, ""},
    {"53300", ERR_BUSY, "the database"},
    {"53200", ERR_BUSY, "the database"},
    {"40", ERR_BUSY, "two changes met"},
    {"55P03", ERR_BUSY, "two changes met"},
    {"57014", ERR_BUSY, "the database"},
    {"23505", ERR_CONFLICT, "it is already there"},
    {"23503", ERR_CONFLICT, "something else belongs to it"},
};

/* Maps what the server said. Its primary message names tables and states, never the values of a row (those are in
 * DETAIL, which we do not read). */
static int pg_fail(PGconn *conn, const PGresult *result, const char *what, struct err *err)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *said = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    enum err_code code = PQstatus(conn) == CONNECTION_BAD ? ERR_STORE_DOWN : ERR_INTERNAL;
    const char *param = "";
    for (size_t i = 0; state && i < ARRAY_LEN(states); i++)
        if (strncmp(state, states[i].prefix, strlen(states[i].prefix)) == 0) {
            code = states[i].code;
            param = states[i].param;
            break;
        }
    (void)err_set(err, code, "%s", param);
    return err_detail(err, "%s: %s %s", what, state ? state : "connection", said ? said : PQerrorMessage(conn));
}

int store_pg_open(const char *conninfo, struct store_pg **ret_pg, struct err *err)
{
    /* What follows dbname holds whatever conninfo says. A database on another host is reached by TLS 1.3 and has to
     * prove its name; on Unix sockets libpq asks for neither. */
    const char *const keys[] = {"dbname",  "connect_timeout", "client_encoding",          "application_name",
                                "sslmode", "gssencmode",      "ssl_min_protocol_version", NULL};
    const char *const values[] = {conninfo, "5", "UTF8", "kartei", "verify-full", "disable", "TLSv1.3", NULL};
    struct store_pg *pg = calloc(1, sizeof *pg);
    if (!pg || !(pg->conn = PQconnectdbParams(keys, values, 1)))
        abort(); /* out of memory ends the process */
    if (PQstatus(pg->conn) != CONNECTION_OK) {
        (void)err_set(err, ERR_STORE_DOWN, "%s", "");
        (void)err_detail(err, "connect: %s", PQerrorMessage(pg->conn));
        store_pg_close(pg);
        return -1;
    }
    if (store_pg_command(pg, session_settings, err) < 0) {
        store_pg_close(pg);
        return -1;
    }
    *ret_pg = pg;
    return 0;
}

void store_pg_close(struct store_pg *pg)
{
    if (pg)
        PQfinish(pg->conn);
    free(pg);
}

bool store_pg_alive(const struct store_pg *pg)
{
    return PQstatus(pg->conn) == CONNECTION_OK;
}

int store_pg_command(struct store_pg *pg, const char *text, struct err *err)
{
    PGresult *result = PQexec(pg->conn, text);
    ExecStatusType status = PQresultStatus(result);
    int r = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? 0 : pg_fail(pg->conn, result, "command", err);
    PQclear(result);
    return r;
}

int store_pg_commit(struct store_pg *pg, struct err *err)
{
    PGresult *result = PQexec(pg->conn, "commit");
    int r = 0;
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        r = pg_fail(pg->conn, result, "commit", err);
    else if (strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        (void)err_set(err, ERR_INTERNAL, "%s", "");
        r = err_detail(err, "commit of a failed transaction");
    }
    PQclear(result);
    return r;
}

static void add_int32(struct strbuf *out, uint32_t n)
{
    const char bytes[] = {(char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n};
    strbuf_add(out, (struct str){bytes, sizeof bytes});
}

/* An array as the server's binary form has it (array_recv): dimensions, nulls, element type; length and lower bound;
 * then each element with its length, -1 for NULL. */
static struct str binary_array(const struct str *strs, size_t n, uint32_t type, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    add_int32(&out, n > 0);
    add_int32(&out, 1);
    add_int32(&out, type);
    if (n > 0) {
        add_int32(&out, (uint32_t)n);
        add_int32(&out, 1);
    }
    for (size_t i = 0; i < n; i++) {
        add_int32(&out, strs[i].p ? (uint32_t)strs[i].n : UINT32_MAX);
        strbuf_add(&out, strs[i]);
    }
    return strbuf_str(&out);
}

/* The same of bigint: lists of match keys are long. */
static struct str binary_ints(const int64_t *ints, size_t n, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    if (n == 0)
        return binary_array(NULL, 0, OID_INT8, arena);
    add_int32(&out, 1);
    add_int32(&out, 0);
    add_int32(&out, OID_INT8);
    add_int32(&out, (uint32_t)n);
    add_int32(&out, 1);
    for (size_t i = 0; i < n; i++) {
        add_int32(&out, sizeof ints[i]);
        add_int32(&out, (uint32_t)((uint64_t)ints[i] >> 32));
        add_int32(&out, (uint32_t)ints[i]);
    }
    return strbuf_str(&out);
}

/* One parameter as libpq wants it; `room` holds short texts, arrays live in the arena. */
static void pg_arg(const struct store_arg *arg, char room[ARG_TEXT], struct arena *arena, struct str *ret_value)
{
    struct strbuf list = {.arena = arena};
    struct str value = arg->s;
    switch (arg->kind) {
    case ARG_KIND_ID:
        value = arg->id && !id_none(arg->id) ? id_str(arg->id) : STR_NONE;
        break;
    case ARG_KIND_STR:
        break;
    case ARG_KIND_INT:
        value = (struct str){room, (size_t)snprintf(room, ARG_TEXT, "%lld", (long long)arg->i)};
        break;
    case ARG_KIND_DOUBLE:
        value = (struct str){room, (size_t)snprintf(room, ARG_TEXT, "%.17g", arg->d)};
        break;
    case ARG_KIND_BOOL:
        value = arg->i ? STR("t") : STR("f");
        break;
    case ARG_KIND_TEXTS:
        value = binary_array(arg->strs, arg->n, OID_TEXT, arena);
        break;
    case ARG_KIND_BYTES:
        value = binary_array(arg->strs, arg->n, OID_BYTEA, arena);
        break;
    case ARG_KIND_INTS:
        value = arg->ints ? binary_ints(arg->ints, arg->n, arena) : STR_NONE;
        break;
    case ARG_KIND_IDS:
        strbuf_add_char(&list, '{');
        for (size_t i = 0; i < arg->n; i++) {
            strbuf_add_c(&list, i ? "," : "");
            strbuf_add_c(&list, arg->id[i].s);
        }
        strbuf_add_char(&list, '}');
        strbuf_add_char(&list, '\0');
        value = strbuf_str(&list);
        break;
    }
    *ret_value = value;
}

static int pg_prepare(struct store_pg *pg, enum store_sql sql, struct err *err)
{
    if (pg->prepared[sql])
        return 0;
    PGresult *result = PQprepare(pg->conn, store_sql_names[sql], store_sql_texts[sql], 0, NULL);
    int r = PQresultStatus(result) == PGRES_COMMAND_OK ? 0 : pg_fail(pg->conn, result, store_sql_names[sql], err);
    PQclear(result);
    pg->prepared[sql] = r == 0;
    return r;
}

int store_pg_run(struct store_pg *pg, enum store_sql sql, const struct store_arg *args, size_t n,
                 struct store_rows **ret_rows, struct err *err)
{
    char room[ARGS_MOST][ARG_TEXT];
    const char *values[ARGS_MOST];
    int lengths[ARGS_MOST], formats[ARGS_MOST];
    _cleanup_(arena_freep) struct arena *arena = arena_new(ARGS_BYTES);
    assert(n <= ARGS_MOST);
    if (pg_prepare(pg, sql, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct str value;
        pg_arg(&args[i], room[i], arena, &value);
        values[i] = value.p;
        lengths[i] = (int)value.n;
        formats[i] = args[i].kind == ARG_KIND_STR || args[i].kind >= ARG_KIND_INTS;
    }
    PGresult *result = PQexecPrepared(pg->conn, store_sql_names[sql], (int)n, values, lengths, formats, 1);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        (void)pg_fail(pg->conn, result, store_sql_names[sql], err);
        PQclear(result);
        return -1;
    }
    if (ret_rows)
        *ret_rows = (struct store_rows *)result;
    else
        PQclear(result);
    return 0;
}

int store_pg_socket(const struct store_pg *pg)
{
    return PQsocket(pg->conn);
}

bool store_pg_notification(struct store_pg *pg, struct arena *arena, struct str *ret_channel, struct str *ret_payload)
{
    (void)PQconsumeInput(pg->conn);
    PGnotify *notify = PQnotifies(pg->conn);
    if (!notify)
        return false;
    *ret_channel = str_dup(arena, str_c(notify->relname));
    *ret_payload = str_dup(arena, str_c(notify->extra));
    PQfreemem(notify);
    return true;
}

struct store_pool *store_pool_new(const char *conninfo, int max)
{
    struct store_pool *pool = calloc(1, sizeof *pool);
    pthread_condattr_t attr;
    if (!pool || !(pool->conninfo = strdup(conninfo)))
        abort();
    pool->max = max;
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&pool->freed, &attr);
    (void)pthread_condattr_destroy(&attr);
    return pool;
}

void store_pool_free(struct store_pool *pool)
{
    if (!pool)
        return;
    for (struct store_pg *pg = pool->idle, *next; pg; pg = next) {
        next = pg->next;
        store_pg_close(pg);
    }
    (void)pthread_cond_destroy(&pool->freed);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool->conninfo);
    free(pool);
}

/* Takes an idle connection, or the right to open one (*ret_pg NULL). */
static int pool_take(struct store_pool *pool, struct store_pg **ret_pg, struct err *err)
{
    struct timespec until;
    int wait = 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += POOL_WAIT_S;
    (void)pthread_mutex_lock(&pool->lock);
    while (!pool->idle && pool->open >= pool->max && wait != ETIMEDOUT)
        wait = pthread_cond_timedwait(&pool->freed, &pool->lock, &until);
    struct store_pg *pg = pool->idle;
    bool room = pool->open < pool->max;
    if (pg)
        pool->idle = pg->next;
    else if (room)
        pool->open++;
    (void)pthread_mutex_unlock(&pool->lock);
    if (!pg && !room)
        return err_set(err, ERR_BUSY, "the database");
    *ret_pg = pg;
    return 0;
}

/* A connection less: somebody who waits may open one. */
static void pool_drop(struct store_pool *pool, struct store_pg *pg)
{
    store_pg_close(pg);
    (void)pthread_mutex_lock(&pool->lock);
    pool->open--;
    (void)pthread_cond_signal(&pool->freed);
    (void)pthread_mutex_unlock(&pool->lock);
}

int store_pool_get(struct store_pool *pool, struct store_pg **ret_pg, struct err *err)
{
    for (;;) {
        struct store_pg *pg = NULL;
        if (pool_take(pool, &pg, err) < 0)
            return -1;
        if (!pg && store_pg_open(pool->conninfo, &pg, err) < 0) {
            pool_drop(pool, NULL);
            return -1;
        }
        assert(pg);
        /* A server that went away has closed the socket: reading shows it without asking the server. */
        if (PQconsumeInput(pg->conn) == 1 && store_pg_alive(pg)) {
            pg->next = NULL;
            *ret_pg = pg;
            return 0;
        }
        pool_drop(pool, pg);
    }
}

void store_pool_put(struct store_pool *pool, struct store_pg *pg)
{
    if (!store_pg_alive(pg) || PQtransactionStatus(pg->conn) != PQTRANS_IDLE) {
        pool_drop(pool, pg);
        return;
    }
    (void)pthread_mutex_lock(&pool->lock);
    pg->next = pool->idle;
    pool->idle = pg;
    (void)pthread_cond_signal(&pool->freed);
    (void)pthread_mutex_unlock(&pool->lock);
}

static const PGresult *result_of(const struct store_rows *rows)
{
    return (const PGresult *)rows;
}

void store_rows_freep(struct store_rows **rows)
{
    PQclear((PGresult *)*rows);
    *rows = NULL;
}

int store_rows_count(const struct store_rows *rows)
{
    return PQntuples(result_of(rows));
}

int64_t store_rows_affected(const struct store_rows *rows)
{
    int64_t n = 0;
    (void)str_to_int(str_c(PQcmdTuples((PGresult *)(uintptr_t)rows)), 0, INT64_MAX, &n);
    return n;
}

/* The bytes of a value, NULL for SQL NULL, and its type. */
static const unsigned char *row_bytes(const struct store_rows *rows, int row, int column, Oid *ret_type, size_t *ret_n)
{
    const PGresult *result = result_of(rows);
    assert(row >= 0 && row < PQntuples(result) && column >= 0 && column < PQnfields(result));
    *ret_type = PQftype(result, column);
    *ret_n = (size_t)PQgetlength(result, row, column);
    return PQgetisnull(result, row, column) ? NULL : (const unsigned char *)PQgetvalue(result, row, column);
}

static uint64_t big_endian(const unsigned char *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

int64_t store_row_int(const struct store_rows *rows, int row, int column)
{
    Oid type;
    size_t n;
    const unsigned char *p = row_bytes(rows, row, column, &type, &n);
    assert(type == OID_INT8 || type == OID_INT4 || type == OID_INT2 || type == OID_TIMESTAMPTZ);
    if (!p)
        return 0;
    int64_t v = (int64_t)big_endian(p, n);
    if (type == OID_INT4)
        return (int32_t)v;
    if (type == OID_INT2)
        return (int16_t)v;
    if (type == OID_INT8)
        return v;
    return pg_epoch_ms + (v >= 0 ? v / 1000 : -((999 - v) / 1000));
}

double store_row_double(const struct store_rows *rows, int row, int column)
{
    Oid type;
    size_t n;
    double d = 0;
    const unsigned char *p = row_bytes(rows, row, column, &type, &n);
    assert(type == OID_FLOAT8);
    if (p) {
        uint64_t bits = big_endian(p, n);
        memcpy(&d, &bits, sizeof d);
    }
    return d;
}

bool store_row_bool(const struct store_rows *rows, int row, int column)
{
    Oid type;
    size_t n;
    const unsigned char *p = row_bytes(rows, row, column, &type, &n);
    assert(type == OID_BOOL);
    return p && *p;
}

struct id store_row_id(const struct store_rows *rows, int row, int column)
{
    Oid type;
    size_t n;
    struct id id = {{0}};
    char *out = id.s;
    const unsigned char *p = row_bytes(rows, row, column, &type, &n);
    assert(type == OID_UUID);
    for (size_t i = 0; p && i < n; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = "0123456789abcdef"[p[i] >> 4];
        *out++ = "0123456789abcdef"[p[i] & 15];
    }
    return id;
}

struct str store_row_view(const struct store_rows *rows, int row, int column)
{
    Oid type;
    size_t n;
    const unsigned char *p = row_bytes(rows, row, column, &type, &n);
    assert(type == OID_TEXT || type == OID_BYTEA);
    return p ? (struct str){(const char *)p, n} : STR_NONE;
}

struct str store_row_str(const struct store_rows *rows, int row, int column, struct arena *arena)
{
    return str_dup(arena, store_row_view(rows, row, column));
}
