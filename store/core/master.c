/* See master.h. The two providers here read 32 bytes, from a file or from systemd's folder of credentials, and wrap in
 * this process. */
#include "store/core/master.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

struct store_master {
    const struct store_master_provider *provider;
    void *self;
    char id[STORE_MASTER_ID];
};

/* ---- Keys in this process ---- */

static int key_refused(const char *file, const char *why, struct err *err)
{
    (void)err_set(err, ERR_SEAL, "master key");
    return err_detail(err, "%s: %s", file, why);
}

static int key_read(const char *file, struct crypto_key *ret_key, struct err *err)
{
    struct stat st;
    unsigned char bytes[CRYPTO_KEY + 1];
    _cleanup_(cleanup_close) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, &st) < 0) {
        (void)key_refused(file, strerror(errno), err);
        err->code = errno == ENOENT ? ERR_NOT_FOUND : ERR_SEAL;
        return -1;
    }
    if (!S_ISREG(st.st_mode) || (st.st_mode & 077))
        return key_refused(file, "must be a file that only its owner can read", err);
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n == CRYPTO_KEY)
        memcpy(ret_key->b, bytes, CRYPTO_KEY);
    crypto_wipe(bytes, sizeof bytes);
    return n == CRYPTO_KEY ? 0 : key_refused(file, "must hold 32 bytes", err);
}

static int file_open(const char *where, void **ret_self, char ret_id[STORE_MASTER_ID], struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(4096);
    struct crypto_key master;
    if (key_read(where, &master, err) < 0)
        return -1;
    struct crypto_key name = crypto_derive(&master, STR("kartei master key id"));
    struct crypto_key *wrap = malloc(sizeof *wrap);
    if (!wrap)
        abort();
    (void)mlock(wrap, sizeof *wrap); /* not into the swap, where that is allowed */
    *wrap = crypto_derive(&master, STR("kartei organisation keys"));
    crypto_wipe(&master, sizeof master);
    struct str id = crypto_hex((struct str){(const char *)name.b, STORE_MASTER_ID / 2}, arena);
    memcpy(ret_id, id.p, id.n);
    ret_id[id.n] = '\0';
    *ret_self = wrap;
    return 0;
}

/* systemd.exec(5), LoadCredential=: a file in a folder that only the service sees. */
static int credential_open(const char *where, void **ret_self, char ret_id[STORE_MASTER_ID], struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(8192);
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    if (!folder || strchr(where, '/'))
        return key_refused(where, "there are no credentials here (CREDENTIALS_DIRECTORY)", err);
    return file_open(str_printf(arena, "%s/%s", folder, where).p, ret_self, ret_id, err);
}

static int local_wrap(void *self, struct str context, struct str plain, struct arena *arena, struct str *ret_wrapped,
                      struct err *err)
{
    (void)err;
    *ret_wrapped = crypto_seal(self, context, plain, arena);
    return 0;
}

static int local_unwrap(void *self, struct str context, struct str wrapped, struct arena *arena, struct str *ret_plain,
                        struct err *err)
{
    return crypto_open(self, context, wrapped, arena, ret_plain, err);
}

static void local_close(void *self)
{
    crypto_wipe(self, sizeof(struct crypto_key));
    (void)munlock(self, sizeof(struct crypto_key));
    free(self);
}

static const struct store_master_provider file_provider = {"file", file_open, local_wrap, local_unwrap, local_close};
static const struct store_master_provider credential_provider = {"credential", credential_open, local_wrap,
                                                                 local_unwrap, local_close};

const struct store_master_provider *const store_master_providers[] = {
    &file_provider,
    &credential_provider,
    NULL,
};

/* ---- Any provider ---- */

int store_master_open(const char *spec, struct store_master **ret_master, struct err *err)
{
    const struct store_master_provider *provider = &file_provider;
    const char *where = spec;
    struct store_master *master = calloc(1, sizeof *master);
    if (!master)
        abort();
    for (size_t i = 0; store_master_providers[i]; i++) {
        size_t n = strlen(store_master_providers[i]->scheme);
        if (strncmp(spec, store_master_providers[i]->scheme, n) == 0 && spec[n] == ':') {
            provider = store_master_providers[i];
            where = spec + n + 1;
        }
    }
    master->provider = provider;
    if (provider->open(where, &master->self, master->id, err) < 0) {
        free(master);
        return -1;
    }
    *ret_master = master;
    return 0;
}

void store_master_close(struct store_master *master)
{
    if (!master)
        return;
    master->provider->close(master->self);
    free(master);
}

const char *store_master_id(const struct store_master *master)
{
    return master->id;
}

int store_master_wrap(struct store_master *master, struct str context, const struct crypto_key *key,
                      struct arena *arena, struct str *ret_wrapped, struct err *err)
{
    struct str plain = {(const char *)key->b, sizeof key->b};
    return master->provider->wrap(master->self, context, plain, arena, ret_wrapped, err);
}

int store_master_unwrap(struct store_master *master, struct str context, struct str wrapped, struct crypto_key *ret_key,
                        struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(64 * 1024);
    struct str plain;
    if (master->provider->unwrap(master->self, context, wrapped, arena, &plain, err) < 0)
        return -1;
    if (plain.n != CRYPTO_KEY)
        return err_set(err, ERR_SEAL, "wrapped key");
    memcpy(ret_key->b, plain.p, CRYPTO_KEY);
    return 0;
}
