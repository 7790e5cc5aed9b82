/* See key.h. */
#include "store/core/key.h"

#include "base/limits.h"
#include "store/core/tx.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { CACHE = 512, VERSION_BYTES = 4 };

/* Unwrapped keys by organisation and version; a slot is simply taken over when two collide. */
struct store_keys {
    pthread_mutex_t lock;
    struct crypto_key wrap, email; /* derived from the master key, which is not kept */
    struct store_org_keys cache[CACHE];
};

static int master_read(const char *file, struct crypto_key *ret_key, struct err *err)
{
    struct stat st;
    unsigned char bytes[CRYPTO_KEY + 1];
    _cleanup_(cleanup_close) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, &st) < 0) {
        (void)err_set(err, ERR_SEAL, "master key");
        return err_detail(err, "%s: %s", file, strerror(errno));
    }
    if (!S_ISREG(st.st_mode) || (st.st_mode & 077)) {
        (void)err_set(err, ERR_SEAL, "master key");
        return err_detail(err, "%s: must be a file that only its owner can read", file);
    }
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n == CRYPTO_KEY)
        memcpy(ret_key->b, bytes, CRYPTO_KEY);
    crypto_wipe(bytes, sizeof bytes);
    if (n == CRYPTO_KEY)
        return 0;
    (void)err_set(err, ERR_SEAL, "master key");
    return err_detail(err, "%s: must hold 32 bytes", file);
}

int store_keys_open(const char *master_key_file, struct store_keys **ret_keys, struct err *err)
{
    struct crypto_key master;
    if (master_read(master_key_file, &master, err) < 0)
        return -1;
    struct store_keys *keys = calloc(1, sizeof *keys);
    if (!keys)
        abort();
    (void)mlock(keys, sizeof *keys); /* not into the swap, where that is allowed */
    (void)pthread_mutex_init(&keys->lock, NULL);
    keys->wrap = crypto_derive(&master, STR("kartei organisation keys"));
    keys->email = crypto_derive(&master, STR("kartei e-mail lookup"));
    crypto_wipe(&master, sizeof master);
    *ret_keys = keys;
    return 0;
}

void store_keys_close(struct store_keys *keys)
{
    if (!keys)
        return;
    (void)pthread_mutex_destroy(&keys->lock);
    crypto_wipe(keys, sizeof *keys);
    (void)munlock(keys, sizeof *keys);
    free(keys);
}

static struct str wrap_context(const char *what, const struct id *org, int64_t version, struct arena *arena)
{
    return str_printf(arena, "org_keys|%s|%s|%lld", what, org->s, (long long)version);
}

void store_keys_make(const struct store_keys *keys, const struct id *org, struct arena *arena,
                     struct str *ret_wrapped_data, struct str *ret_wrapped_index)
{
    struct crypto_key data, index;
    crypto_random(&data, sizeof data);
    crypto_random(&index, sizeof index);
    *ret_wrapped_data = crypto_seal(&keys->wrap, wrap_context("data", org, 1, arena),
                                    (struct str){(const char *)data.b, sizeof data.b}, arena);
    *ret_wrapped_index = crypto_seal(&keys->wrap, wrap_context("index", org, 0, arena),
                                     (struct str){(const char *)index.b, sizeof index.b}, arena);
    crypto_wipe(&data, sizeof data);
    crypto_wipe(&index, sizeof index);
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

static int unwrap(const struct store_keys *keys, struct str context, struct str wrapped, struct crypto_key *ret_key,
                  struct err *err)
{
    struct str plain;
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(64 * 1024);
    if (crypto_open(&keys->wrap, context, wrapped, arena, &plain, err) < 0)
        return -1;
    if (plain.n != CRYPTO_KEY)
        return err_set(err, ERR_SEAL, "organisation key");
    memcpy(ret_key->b, plain.p, CRYPTO_KEY);
    return 0;
}

int store_keys_get(struct store_tx *tx, int64_t version, struct store_org_keys *ret_keys, struct err *err)
{
    struct store_keys *keys = tx->store->keys;
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (!version)
        version = tx->key_version;
    if (version && cache_find(keys, &tx->org, version, ret_keys))
        return 0;
    if (store_run_one(tx, SQL_ORG_KEY_GET, ARGS(ARG_INT(version)), &rows, err) < 0)
        return -1;
    struct store_org_keys found = {.org = tx->org, .version = store_row_int(rows, 0, 0)};
    if (unwrap(keys, wrap_context("data", &tx->org, found.version, arena), store_row_view(rows, 0, 1), &found.data,
               err) < 0 ||
        unwrap(keys, wrap_context("index", &tx->org, 0, arena), store_row_view(rows, 0, 2), &found.index, err) < 0)
        return -1;
    (void)pthread_mutex_lock(&keys->lock);
    *cache_slot(keys, &tx->org, found.version) = found;
    (void)pthread_mutex_unlock(&keys->lock);
    if (!version)
        tx->key_version = found.version;
    *ret_keys = found;
    crypto_wipe(&found, sizeof found);
    return 0;
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
