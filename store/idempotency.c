/* See idempotency.h. Key and fingerprint are the client's own words, so only keyed hashes of them are kept. */
#include "store/idempotency.h"

#include "base/limits.h"
#include "store/core/tx.h"

enum { LIFE_MS = 24 * 3600 * 1000 };

static const char head_column[] = "idempotency.head", body_column[] = "idempotency.body";

struct hashes {
    struct crypto_hash key, fingerprint;
};

static int hashes_make(struct store_tx *tx, const struct store_key *key, struct hashes *ret_hashes, struct err *err)
{
    if (store_index_hash(tx, "idempotency keys", key->key, &ret_hashes->key, err) < 0)
        return -1;
    return store_index_hash(tx, "idempotency fingerprints", key->fingerprint, &ret_hashes->fingerprint, err);
}

/* The row under the key; absent answer while the first one runs. */
struct found {
    struct id id;
    struct str fingerprint;
    bool busy;
    struct store_answer answer; /* head and body still sealed */
};

static int key_find(struct store_tx *tx, const struct store_key *key, const struct hashes *hashes, struct arena *arena,
                    struct found *ret_found, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_IDEMPOTENCY_GET,
                      ARGS(ARG_ID(&key->principal), ARG_STR(key->route), ARG_STR(crypto_hash_str(&hashes->key))), &rows,
                      err) < 0)
        return -1;
    *ret_found = (struct found){
        .id = store_row_id(rows, 0, 0),
        .fingerprint = store_row_str(rows, 0, 1, arena),
        .busy = store_row_bool(rows, 0, 2),
        .answer = {store_row_int(rows, 0, 3), store_row_str(rows, 0, 4, arena), store_row_str(rows, 0, 5, arena)},
    };
    return 0;
}

static int key_earlier(struct store_tx *tx, const struct found *found, const struct hashes *hashes, struct arena *arena,
                       struct store_keyed *ret_keyed, struct err *err)
{
    struct store_keyed keyed = {.replay = STORE_REPLAY, .answer = {.status = found->answer.status}};
    if (!crypto_equal(found->fingerprint, crypto_hash_str(&hashes->fingerprint)))
        keyed.replay = STORE_MISMATCH;
    else if (found->busy)
        keyed.replay = STORE_BUSY;
    else if (store_unseal(tx, (struct store_place){head_column, &found->id}, found->answer.head, arena,
                          &keyed.answer.head, err) < 0 ||
             store_unseal(tx, (struct store_place){body_column, &found->id}, found->answer.body, arena,
                          &keyed.answer.body, err) < 0)
        return -1;
    *ret_keyed = keyed;
    return 0;
}

int store_idempotency_begin(struct store *store, const struct id *org, const struct store_key *key, struct arena *arena,
                            struct store_keyed *ret_keyed, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct hashes hashes;
    struct found found;
    struct id id = id_new();
    if (store_begin(store, org, &tx, err) < 0 || hashes_make(tx, key, &hashes, err) < 0 ||
        store_run(tx, SQL_IDEMPOTENCY_BEGIN,
                  ARGS(ARG_ID(&id), ARG_ID(&key->principal), ARG_STR(key->route), ARG_STR(crypto_hash_str(&hashes.key)),
                       ARG_STR(crypto_hash_str(&hashes.fingerprint)), ARG_INT(LIFE_MS)),
                  &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) == 1) {
        if (store_commit(&tx, err) < 0)
            return -1;
        *ret_keyed = (struct store_keyed){.replay = STORE_FIRST};
        return 0;
    }
    if (key_find(tx, key, &hashes, arena, &found, err) < 0) {
        /* It was dropped at this moment: the client may try again. */
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_KEY_BUSY, "%s", "") : -1;
    }
    return key_earlier(tx, &found, &hashes, arena, ret_keyed, err);
}

int store_idempotency_finish(struct store_tx *tx, const struct store_key *key, const struct store_answer *answer,
                             struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct hashes hashes;
    struct found found;
    struct str head, body;
    if (hashes_make(tx, key, &hashes, err) < 0)
        return -1;
    if (key_find(tx, key, &hashes, arena, &found, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_KEY_BUSY, "%s", "") : -1;
    if (store_seal(tx, (struct store_place){head_column, &found.id}, answer->head, arena, &head, err) < 0 ||
        store_seal(tx, (struct store_place){body_column, &found.id}, answer->body, arena, &body, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_IDEMPOTENCY_FINISH,
                      ARGS(ARG_ID(&found.id), ARG_ID(&key->principal), ARG_STR(crypto_hash_str(&hashes.fingerprint)),
                           ARG_INT(answer->status), ARG_STR(head), ARG_STR(body)),
                      NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_KEY_BUSY, "%s", "") : -1;
    return 0;
}

int store_idempotency_drop(struct store *store, const struct id *org, const struct store_key *key, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct hashes hashes;
    if (store_begin(store, org, &tx, err) < 0 || hashes_make(tx, key, &hashes, err) < 0 ||
        store_run(tx, SQL_IDEMPOTENCY_DROP,
                  ARGS(ARG_ID(&key->principal), ARG_STR(key->route), ARG_STR(crypto_hash_str(&hashes.key)),
                       ARG_STR(crypto_hash_str(&hashes.fingerprint))),
                  NULL, err) < 0)
        return -1;
    return store_commit(&tx, err);
}
