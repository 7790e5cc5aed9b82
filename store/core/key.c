/* See key.h. */
#include "store/core/key.h"

#include "base/limits.h"
#include "store/core/master.h"
#include "store/core/tx.h"

#include <pthread.h>
#include <sys/mman.h>

enum { CACHE = 512, VERSION_BYTES = 4, LOOKS = 4 };

/* Unwrapped keys by organisation and version; a slot is simply taken over when two collide. */
struct store_keys {
    pthread_mutex_t master_lock; /* over the three below */
    char *spec;
    struct store_master *master, *next; /* next: while the master key is being changed, else NULL */
    pthread_mutex_t lock;
    struct crypto_key email, door; /* instance keys, loaded once */
    struct store_org_keys cache[CACHE];
};

/* ---- The master key ---- */

/* With the lock: looks again which master keys there are. Without a present one what we have stays. The next one is
 * looked for first: when it takes the present one's place meanwhile it is found there; the other way round it would be
 * found in neither. */
static int masters_load(struct store_keys *keys, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(8192);
    struct store_master *master, *next = NULL;
    struct err none;
    (void)store_master_open(str_printf(arena, "%s.next", keys->spec).p, &next, &none);
    if (store_master_open(keys->spec, &master, err) < 0) {
        store_master_close(next);
        err->code = ERR_SEAL;
        return -1;
    }
    store_master_close(keys->master);
    store_master_close(keys->next);
    keys->master = master;
    keys->next = next;
    return 0;
}

int store_keys_open(const char *master_key, struct store_keys **ret_keys, struct err *err)
{
    struct store_keys *keys = calloc(1, sizeof *keys);
    if (!keys)
        abort();
    (void)mlock(keys, sizeof *keys); /* not into the swap, where that is allowed */
    (void)pthread_mutex_init(&keys->lock, NULL);
    (void)pthread_mutex_init(&keys->master_lock, NULL);
    keys->spec = strdup(master_key);
    if (!keys->spec)
        abort();
    if (masters_load(keys, err) < 0) {
        store_keys_close(keys);
        return -1;
    }
    *ret_keys = keys;
    return 0;
}

void store_keys_close(struct store_keys *keys)
{
    if (!keys)
        return;
    store_master_close(keys->master);
    store_master_close(keys->next);
    (void)pthread_mutex_destroy(&keys->lock);
    (void)pthread_mutex_destroy(&keys->master_lock);
    free(keys->spec);
    crypto_wipe(keys, sizeof *keys);
    (void)munlock(keys, sizeof *keys);
    free(keys);
}

int store_keys_wrap(struct store_keys *keys, struct str context, const struct crypto_key *key, struct arena *arena,
                    struct store_wrapped *ret_wrapped, struct err *err)
{
    (void)pthread_mutex_lock(&keys->master_lock);
    int r = masters_load(keys, err); /* never under a key that is on its way out */
    struct store_master *newest = keys->next ? keys->next : keys->master;
    if (r == 0)
        r = store_master_wrap(newest, context, key, arena, &ret_wrapped->key, err);
    if (r == 0)
        ret_wrapped->master = str_dup(arena, str_c(store_master_id(newest)));
    (void)pthread_mutex_unlock(&keys->master_lock);
    return r;
}

int store_keys_next(struct store_keys *keys, struct arena *arena, struct str *ret_id, struct err *err)
{
    (void)pthread_mutex_lock(&keys->master_lock);
    int r = masters_load(keys, err);
    if (r == 0 && keys->next)
        *ret_id = str_dup(arena, str_c(store_master_id(keys->next)));
    else if (r == 0)
        r = err_set(err, ERR_NOT_FOUND, "the next master key");
    (void)pthread_mutex_unlock(&keys->master_lock);
    return r;
}

/* With the lock: the master key of that id, or NULL. */
static struct store_master *master_find(const struct store_keys *keys, struct str id)
{
    if (str_eq(id, str_c(store_master_id(keys->master))))
        return keys->master;
    return keys->next && str_eq(id, str_c(store_master_id(keys->next))) ? keys->next : NULL;
}

int store_keys_unwrap(struct store_keys *keys, struct str context, const struct store_wrapped *wrapped,
                      struct crypto_key *ret_key, struct err *err)
{
    int r = 0;
    (void)pthread_mutex_lock(&keys->master_lock);
    struct store_master *master = master_find(keys, wrapped->master);
    if (!master && (r = masters_load(keys, err)) == 0)
        master = master_find(keys, wrapped->master);
    if (r == 0)
        r = master ? store_master_unwrap(master, context, wrapped->key, ret_key, err)
                   : err_set(err, ERR_SEAL, "another master key");
    (void)pthread_mutex_unlock(&keys->master_lock);
    return r;
}

/* Whether a wrapped key that did not open is worth another read: between the read and the unwrapping it may have been
 * wrapped anew, and the master key that it was under may be gone. A key that was spoilt is read in vain. */
static bool read_again(int r, int looks, const struct err *err)
{
    return r < 0 && err->code == ERR_SEAL && looks < LOOKS;
}

/* ---- Keys of an organisation ---- */

struct str store_key_context(const char *what, const struct id *org, int64_t version, struct arena *arena)
{
    return str_printf(arena, "org_keys|%s|%s|%lld", what, org->s, (long long)version);
}

static int key_make(struct store_keys *keys, struct str context, struct arena *arena, struct store_wrapped *ret_wrapped,
                    struct err *err)
{
    struct crypto_key key;
    crypto_random(&key, sizeof key);
    int r = store_keys_wrap(keys, context, &key, arena, ret_wrapped, err);
    crypto_wipe(&key, sizeof key);
    return r;
}

int store_keys_make(struct store_tx *tx, struct str context, struct arena *arena, struct store_wrapped *ret_wrapped,
                    struct err *err)
{
    return store_run(tx, SQL_MASTER_SHARE, ARGS_NONE, NULL, err) < 0
               ? -1
               : key_make(tx->store->keys, context, arena, ret_wrapped, err);
}

/* The slot of organisation and version. UUIDs of version 7 end in random digits. */
static struct store_org_keys *cache_slot(struct store_keys *keys, const struct id *org, int64_t version)
{
    uint32_t h = (uint32_t)version;
    for (const char *p = org->s; *p; p++)
        h = h * 31 + (unsigned char)*p;
    return &keys->cache[h % CACHE];
}

static bool cache_find(struct store_keys *keys, const struct id *org, int64_t version, struct store_org_keys *ret_keys)
{
    (void)pthread_mutex_lock(&keys->lock);
    struct store_org_keys *slot = cache_slot(keys, org, version);
    bool found = slot->version == version && id_eq(&slot->org, org);
    if (found)
        *ret_keys = *slot;
    (void)pthread_mutex_unlock(&keys->lock);
    return found;
}

static int org_keys_read(struct store_tx *tx, int64_t version, struct store_org_keys *ret_keys, struct err *err)
{
    struct store_keys *keys = tx->store->keys;
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_ORG_KEY_GET, ARGS(ARG_INT(version)), &rows, err) < 0)
        return -1;
    *ret_keys = (struct store_org_keys){.org = tx->org, .version = store_row_int(rows, 0, 0)};
    struct store_wrapped data = {store_row_view(rows, 0, 1), store_row_view(rows, 0, 2)};
    struct store_wrapped index = {store_row_view(rows, 0, 3), store_row_view(rows, 0, 4)};
    struct str context = store_key_context("data", &tx->org, ret_keys->version, arena);
    return store_keys_unwrap(keys, context, &data, &ret_keys->data, err) < 0
               ? -1
               : store_keys_unwrap(keys, store_key_context("index", &tx->org, 0, arena), &index, &ret_keys->index, err);
}

int store_keys_get(struct store_tx *tx, int64_t version, struct store_org_keys *ret_keys, struct err *err)
{
    struct store_keys *keys = tx->store->keys;
    int r, looks = 0;
    if (!version)
        version = tx->key_version;
    if (version && cache_find(keys, &tx->org, version, ret_keys))
        return 0;
    do
        r = org_keys_read(tx, version, ret_keys, err);
    while (read_again(r, ++looks, err));
    if (r < 0) {
        crypto_wipe(ret_keys, sizeof *ret_keys);
        return -1;
    }
    (void)pthread_mutex_lock(&keys->lock);
    *cache_slot(keys, &tx->org, ret_keys->version) = *ret_keys;
    (void)pthread_mutex_unlock(&keys->lock);
    if (!version)
        tx->key_version = ret_keys->version;
    return 0;
}

int store_keys_present(struct store_tx *tx, int64_t *ret_version, struct err *err)
{
    struct store_org_keys keys;
    if (store_keys_get(tx, 0, &keys, err) < 0)
        return -1;
    *ret_version = keys.version;
    crypto_wipe(&keys, sizeof keys);
    return 0;
}

static size_t cache_list(struct store_keys *keys, struct id ret_orgs[CACHE], int64_t ret_versions[CACHE])
{
    size_t n = 0;
    (void)pthread_mutex_lock(&keys->lock);
    for (size_t i = 0; i < CACHE; i++)
        if (keys->cache[i].version) {
            ret_orgs[n] = keys->cache[i].org;
            ret_versions[n++] = keys->cache[i].version;
        }
    (void)pthread_mutex_unlock(&keys->lock);
    return n;
}

static void cache_drop(struct store_keys *keys, const struct id *org, int64_t version)
{
    (void)pthread_mutex_lock(&keys->lock);
    struct store_org_keys *slot = cache_slot(keys, org, version);
    if (slot->version == version && id_eq(&slot->org, org))
        crypto_wipe(slot, sizeof *slot);
    (void)pthread_mutex_unlock(&keys->lock);
}

int store_keys_forget_gone(struct store *store, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct id orgs[CACHE];
    int64_t versions[CACHE];
    size_t n = cache_list(store->keys, orgs, versions);
    if (n == 0)
        return 0;
    if (store_run_guard(store, SQL_GUARD_KEYS_GONE, ARGS(ARG_IDS(orgs, n), ARG_INTS(versions, n)), &rows, err) < 0)
        return -1;
    for (int i = 0; i < store_rows_count(rows); i++) {
        struct id org = store_row_id(rows, i, 0);
        cache_drop(store->keys, &org, store_row_int(rows, i, 1));
    }
    return 0;
}

/* The wrapped key of that name; it is made when there is none yet. */
static int instance_key_row(struct store *store, const char *name, struct str context, struct store_rows **ret_rows,
                            struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(64 * 1024);
    struct store_wrapped wrapped;
    if (store_run_guard(store, SQL_INSTANCE_KEY_GET, ARGS(ARG_C(name)), ret_rows, err) < 0)
        return -1;
    if (store_rows_count(*ret_rows) > 0)
        return 0;
    store_rows_freep(ret_rows);
    *ret_rows = NULL;
    if (key_make(store->keys, context, arena, &wrapped, err) < 0 ||
        store_run_guard(store, SQL_INSTANCE_KEY_ADD, ARGS(ARG_C(name), ARG_STR(wrapped.key), ARG_STR(wrapped.master)),
                        NULL, err) < 0)
        return -1;
    return store_run_guard(store, SQL_INSTANCE_KEY_GET, ARGS(ARG_C(name)), ret_rows, err);
}

int store_instance_key(struct store *store, const char *name, struct crypto_key *ret_key, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(4096);
    struct str context = str_printf(arena, "instance_keys|%s", name);
    int r, looks = 0;
    do {
        _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
        if (instance_key_row(store, name, context, &rows, err) < 0)
            return -1;
        struct store_wrapped wrapped = {store_row_view(rows, 0, 0), store_row_view(rows, 0, 1)};
        r = store_keys_unwrap(store->keys, context, &wrapped, ret_key, err);
    } while (read_again(r, ++looks, err));
    return r;
}

int store_keys_load(struct store *store, struct err *err)
{
    return store_instance_key(store, "email", &store->keys->email, err) < 0
               ? -1
               : store_instance_key(store, "sign-in", &store->keys->door, err);
}

struct crypto_hash store_email_hash(const struct store *store, struct str email, struct arena *arena)
{
    return crypto_hmac(&store->keys->email, str_lower(arena, str_trim(email)));
}

static struct str place_context(const struct store_tx *tx, struct store_place place, int64_t version,
                                struct arena *arena)
{
    return str_printf(arena, "%s|%s|%s|%lld", place.column, place.row->s, tx->org.s, (long long)version);
}

int store_seal(struct store_tx *tx, struct store_place place, struct str plain, struct arena *arena,
               struct str *ret_sealed, struct err *err)
{
    struct store_org_keys keys;
    if (!plain.p) {
        *ret_sealed = STR_NONE;
        return 0;
    }
    if (store_keys_get(tx, 0, &keys, err) < 0)
        return -1;
    struct str sealed = crypto_seal(&keys.data, place_context(tx, place, keys.version, arena), plain, arena);
    char *out = arena_alloc(arena, sealed.n + VERSION_BYTES);
    for (int i = 0; i < VERSION_BYTES; i++)
        out[i] = (char)(keys.version >> (8 * (VERSION_BYTES - 1 - i)));
    memcpy(out + VERSION_BYTES, sealed.p, sealed.n);
    crypto_wipe(&keys, sizeof keys);
    *ret_sealed = (struct str){out, sealed.n + VERSION_BYTES};
    return 0;
}

int store_unseal(struct store_tx *tx, struct store_place place, struct str sealed, struct arena *arena,
                 struct str *ret_plain, struct err *err)
{
    struct store_org_keys keys;
    int64_t version = 0;
    if (!sealed.p) {
        *ret_plain = STR_NONE;
        return 0;
    }
    for (size_t i = 0; i < VERSION_BYTES && i < sealed.n; i++)
        version = version << 8 | (unsigned char)sealed.p[i];
    if (sealed.n < VERSION_BYTES || version == 0)
        return err_set(err, ERR_SEAL, "%s", place.column);
    if (store_keys_get(tx, version, &keys, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_SEAL, "%s", place.column) : -1;
    int r = crypto_open(&keys.data, place_context(tx, place, version, arena),
                        str_slice(sealed, VERSION_BYTES, sealed.n), arena, ret_plain, err);
    crypto_wipe(&keys, sizeof keys);
    return r;
}

/* The state of the keyed hash of a purpose; it lives as long as the transaction. */
static int index_mac(struct store_tx *tx, const char *purpose, const struct crypto_mac **ret_mac, struct err *err)
{
    struct store_org_keys keys;
    size_t at = 0;
    while (at + 1 < STORE_INDEXES && tx->index[at].purpose && strcmp(tx->index[at].purpose, purpose) != 0)
        at++;
    struct store_index *index = &tx->index[at];
    if (!index->purpose || strcmp(index->purpose, purpose) != 0) {
        if (store_keys_get(tx, 0, &keys, err) < 0)
            return -1;
        struct crypto_key key = crypto_derive(&keys.index, str_c(purpose));
        crypto_mac_begin(&key, &index->mac);
        index->purpose = purpose;
        crypto_wipe(&keys, sizeof keys);
        crypto_wipe(&key, sizeof key);
    }
    *ret_mac = &index->mac;
    return 0;
}

int store_index_hash(struct store_tx *tx, const char *purpose, struct str text, struct crypto_hash *ret_hash,
                     struct err *err)
{
    const struct crypto_mac *mac;
    if (index_mac(tx, purpose, &mac, err) < 0)
        return -1;
    *ret_hash = crypto_mac_of(mac, text);
    return 0;
}

int store_match_keys(struct store_tx *tx, const struct str *texts, size_t n, int64_t *ret_keys, struct err *err)
{
    const struct crypto_mac *mac;
    if (index_mac(tx, "match keys", &mac, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct crypto_hash hash = crypto_mac_of(mac, texts[i]);
        memcpy(&ret_keys[i], hash.b, sizeof ret_keys[i]);
    }
    return 0;
}

struct id store_derived_id(const struct crypto_hash *hash)
{
    struct id id;
    char *out = id.s;
    unsigned char b[16];
    memcpy(b, hash->b, sizeof b);
    b[6] = (unsigned char)(0x80 | (b[6] & 0x0f));
    b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
    for (size_t i = 0; i < sizeof b; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = "0123456789abcdef"[b[i] >> 4];
        *out++ = "0123456789abcdef"[b[i] & 15];
    }
    *out = '\0';
    return id;
}

struct crypto_key store_door_key(const struct store *store, const char *purpose)
{
    return crypto_derive(&store->keys->door, str_c(purpose));
}
