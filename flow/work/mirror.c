/* Records of a page into the mirror, a page at a time and not record by record: what is known of them, rows, match keys
 * and whom they meet take one statement each. */
#include "base/limits.h"
#include "flow/crm/book.h"
#include "flow/work/work.h"
#include "store/match/index.h"

enum {
    AT_ONCE = 500, /* records; what the store takes in one statement is more */
    COMMON_KEY = 200,
    MOST_CONTACTS = 50, /* compared again for one record */
    REMATCH_MS = 2000,  /* so that a burst of changes makes one comparison */
    BACKGROUND = 10,
};

/* Records on their way into the mirror; lists of `n`. */
struct batch {
    struct store_tx *tx;
    const struct id *connection;
    struct arena *arena;
    const struct crm_record **records; /* living ones, each remote id once */
    struct id *ids;
    size_t n;
};

static bool among(const struct id *ids, size_t n, const struct id *id)
{
    for (size_t i = 0; i < n; i++)
        if (id_eq(&ids[i], id))
            return true;
    return false;
}

/* From the last to the first, so that the last of several counts. Deleted ones are buried on the way. */
static int batch_fill(struct batch *batch, const struct crm_record *records, size_t n, struct err *err)
{
    struct id *all = arena_array(batch->arena, n, sizeof *all);
    for (size_t k = 0; k < n; k++) {
        const struct crm_record *record = &records[n - 1 - k];
        if (store_record_id(batch->tx, batch->connection, record->remote_id, &all[k], err) < 0)
            return -1;
        if (among(all, k, &all[k]))
            continue;
        if (record->deleted && store_record_bury(batch->tx, batch->connection, record->remote_id, err) < 0)
            return -1;
        if (record->deleted)
            continue;
        batch->records[batch->n] = record;
        batch->ids[batch->n++] = all[k];
    }
    return 0;
}

/* The contact that the mirror has, or NULL. `known`: as the store found them, in the order of the ids. */
static const struct contact *known_contact(const struct json_list *known, size_t *at, const struct id *id)
{
    const struct store_record *rows = known->items;
    return *at < known->n && id_eq(&rows[*at].id, id) ? &rows[(*at)++].contact : NULL;
}

static int put_rows(struct batch *batch, struct err *err)
{
    struct store_record *rows = arena_array(batch->arena, batch->n, sizeof *rows);
    struct id *ids = arena_array(batch->arena, batch->n, sizeof *ids);
    for (size_t i = 0; i < batch->n; i++)
        rows[i] = flow_mirror_row(batch->connection, batch->records[i]);
    return store_record_put_many(batch->tx, rows, batch->n, ids, err);
}

/* Contacts that share a key get a job; those that did so before have their candidates already. */
static int rematch(struct batch *batch, const struct store_match_set *sets, size_t n, struct err *err)
{
    const struct store_meet_many meet = {sets, n, COMMON_KEY, MOST_CONTACTS};
    struct json_list met;
    if (store_match_sets_meet(batch->tx, &meet, batch->arena, &met, err) < 0)
        return -1;
    for (size_t i = 0; i < met.n; i++) {
        struct store_job_spec spec = {.kind = "match",
                                      .max_attempts = FLOW_MATCH_ATTEMPTS,
                                      .subject = ((const struct id *)met.items)[i],
                                      .priority = BACKGROUND,
                                      .delay_ms = REMATCH_MS};
        struct id job;
        if (store_job_add(batch->tx, &spec, &job, err) < 0)
            return -1;
    }
    return 0;
}

/* Keys of the records whose contact is new or has changed; those of the others stay. */
static int put_keys(struct batch *batch, const struct json_list *known, struct err *err)
{
    struct store_match_set *all = arena_array(batch->arena, batch->n, sizeof *all);
    struct store_match_set *matching = arena_array(batch->arena, batch->n, sizeof *matching);
    struct flow_keys *keys = arena_array(batch->arena, batch->n, sizeof *keys);
    size_t at = 0, n = 0;
    for (size_t i = 0; i < batch->n; i++) {
        const struct contact *before = known_contact(known, &at, &batch->ids[i]);
        const struct contact *now = &batch->records[i]->contact;
        if (before && contact_same(before, now))
            continue;
        if (flow_keys_of(batch->tx, now, &keys[n], err) < 0)
            return -1;
        all[n] = (struct store_match_set){batch->ids[i], keys[n].hash, keys[n].n};
        matching[n] = (struct store_match_set){batch->ids[i], keys[n].hash, keys[n].matching};
        n++;
    }
    if (n == 0)
        return 0;
    return store_match_sets_put(batch->tx, STORE_RECORD, all, n, err) < 0 ? -1 : rematch(batch, matching, n, err);
}

static int batch_keep(struct store_tx *tx, const struct id *connection, const struct crm_record *records, size_t n,
                      struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct batch batch = {.tx = tx,
                          .connection = connection,
                          .arena = arena,
                          .records = arena_array(arena, n, sizeof(struct crm_record *)),
                          .ids = arena_array(arena, n, sizeof(struct id))};
    struct json_list known;
    if (batch_fill(&batch, records, n, err) < 0)
        return -1;
    if (batch.n == 0)
        return 0;
    return store_record_get_many(tx, batch.ids, batch.n, arena, &known, err) < 0 || put_rows(&batch, err) < 0
               ? -1
               : put_keys(&batch, &known, err);
}

int flow_pull_records(struct store_tx *tx, const struct id *connection, const struct crm_record *records, size_t n,
                      struct err *err)
{
    for (size_t at = 0; at < n; at += AT_ONCE)
        if (batch_keep(tx, connection, records + at, n - at < AT_ONCE ? n - at : AT_ONCE, err) < 0)
            return -1;
    return 0;
}
