/* Fills an address book from a stock of contacts; see demo.h. */
#include "flow/demo.h"

#include "base/crypto.h"
#include "base/limits.h"
#include "flow/common.h"
#include "flow/crm/book.h"
#include "store/connection.h"

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

/* One line: members beside the contact's fields (an id of the stock) are passed over. */
static int line_add(struct store_tx *tx, const struct id *book, struct str line, const char *region, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct json_shape shape = contact_shape;
    struct crm_record record = {.version = STR("1"), .kind = CRM_PERSON};
    struct id id;
    shape.open = true;
    record.remote_id = line_id(line, arena);
    if (json_read(&shape, line, arena, &record.contact, err) < 0 ||
        contact_clean(&record.contact, region, arena, err) < 0)
        return -1;
    return flow_mirror_put(tx, book, &record, &id, err);
}

static int batch_add(const struct flow *flow, const struct flow_actor *actor, const struct id *book, struct str *rest,
                     int64_t *added, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct str line;
    int64_t n = 0;
    if (flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    while (n < BATCH && str_split(rest, '\n', &line)) {
        if (str_empty(str_trim(line)))
            continue;
        n++;
        if (line_add(tx, book, str_trim(line), flow_region(flow), err) < 0)
            return err->code == ERR_INVALID || err->code == ERR_BAD_JSON
                       ? err_set(err, ERR_INVALID, "line %lld", (long long)(*added + n))
                       : -1;
    }
    if (store_commit(&tx, err) < 0)
        return -1;
    *added += n;
    return 0;
}

int flow_demo_fill(const struct flow *flow, const struct flow_actor *actor, struct str ndjson, int64_t *ret_added,
                   struct err *err)
{
    struct id book;
    int64_t added = 0;
    if (flow_need_admin(actor, err) < 0 || book_of(flow, actor, &book, err) < 0)
        return -1;
    while (ndjson.n)
        if (batch_add(flow, actor, &book, &ndjson, &added, err) < 0)
            return -1;
    *ret_added = added;
    return 0;
}
