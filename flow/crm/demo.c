/* Fills an address book from a stock of contacts; see demo.h. */
#include "flow/demo.h"

#include "base/crypto.h"
#include "base/limits.h"
#include "flow/common.h"
#include "flow/crm/book.h"
#include "store/connection.h"
#include "store/record.h"

enum { BATCH = 100 };

static int book_of(const struct flow *flow, const struct flow_actor *actor, struct id *ret_connection, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_connection_list(tx, arena, &rows, err) < 0)
        return -1;
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_connection *row = (const struct store_connection *)rows.items + i;
        if (str_eq(row->kind, STR(FLOW_BOOK_KIND))) {
            *ret_connection = row->id;
            return 0;
        }
    }
    return err_set(err, ERR_NOT_FOUND, "address book");
}

/* The same line always makes the same record: its id is drawn from its content (RFC 9562, version 8). */
static struct str line_id(struct str line, struct arena *arena)
{
    struct crypto_hash hash = crypto_sha256(line);
    hash.b[6] = (unsigned char)(0x80 | (hash.b[6] & 0x0f));
    hash.b[8] = (unsigned char)(0x80 | (hash.b[8] & 0x3f));
    struct str hex = crypto_hex((struct str){(const char *)hash.b, 16}, arena);
    return str_printf(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.p, hex.p + 8, hex.p + 12, hex.p + 16, hex.p + 20);
}

struct fill {
    const struct flow *flow;
    const struct flow_actor *actor;
    struct id book;
    struct str rest;
    int64_t line, added;
};

/* One line, unless it was added before. Members beside the contact's fields (an id of the stock) are passed over. */
static int line_add(struct fill *fill, struct store_tx *tx, struct str line, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct json_shape shape = contact_shape;
    struct crm_record record = {.remote_id = line_id(line, arena), .version = STR("1"), .kind = CRM_PERSON};
    struct store_record known;
    struct id id;
    if (store_record_find(tx, &fill->book, record.remote_id, arena, &known, err) == 0)
        return 0;
    shape.open = true;
    if (err->code != ERR_NOT_FOUND || json_read(&shape, line, arena, &record.contact, err) < 0 ||
        contact_clean(&record.contact, flow_region(fill->flow), arena, err) < 0)
        return -1;
    fill->added++;
    return flow_mirror_put(tx, &fill->book, &record, &id, err);
}

static int batch_add(struct fill *fill, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct str line;
    if (flow_begin(fill->flow, fill->actor, &tx, err) < 0)
        return -1;
    for (int n = 0; n < BATCH && str_split(&fill->rest, '\n', &line); n++) {
        fill->line++;
        if (str_empty(str_trim(line)) || line_add(fill, tx, str_trim(line), err) == 0)
            continue;
        if (err->code == ERR_INVALID || err->code == ERR_BAD_JSON)
            return err_set(err, ERR_INVALID, "line %lld", (long long)fill->line);
        return -1;
    }
    return store_commit(&tx, err);
}

int flow_demo_fill(const struct flow *flow, const struct flow_actor *actor, struct str ndjson, int64_t *ret_added,
                   struct err *err)
{
    struct fill fill = {.flow = flow, .actor = actor, .rest = ndjson};
    if (flow_may(flow, actor, "connection", "import", err) < 0 || book_of(flow, actor, &fill.book, err) < 0)
        return -1;
    while (fill.rest.n)
        if (batch_add(&fill, err) < 0)
            return -1;
    *ret_added = fill.added;
    return 0;
}
