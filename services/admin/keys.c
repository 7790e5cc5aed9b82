/* `kartei admin keys …`: versions of data keys, a fresh data key, another master key. */
#include "flow/audit/keys.h"
#include "base/crypto.h"
#include "services/admin/admin.h"
#include "services/settings.h"
#include "store/keys/rotate.h"

#include <errno.h>
#include <fcntl.h>

enum { ROUNDS = 5 };

int admin_keys_list(struct admin *admin, struct err *err)
{
    struct flow_actor actor;
    struct flow_list list;
    if (admin_actor(admin, &actor, err) < 0 || flow_key_list(admin->flow, &actor, admin->arena, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.items.n; i++) {
        const struct flow_key *key = (const struct flow_key *)list.items.items + i;
        if (admin->options.json)
            admin_print(json_write(&flow_key_shape, key, admin->arena));
        else
            (void)printf("version %lld%s  %lld values  made %.*s  under master key %.*s\n", (long long)key->version,
                         key->present ? " (present)" : "", (long long)key->values, STR_ARG(key->created_at),
                         STR_ARG(key->master));
    }
    return 0;
}

int admin_keys_rotate(struct admin *admin, struct err *err)
{
    struct flow_actor actor;
    int64_t version;
    if (admin_actor(admin, &actor, err) < 0 || flow_key_rotate(admin->flow, &actor, &version, err) < 0)
        return -1;
    (void)printf(admin->options.json
                     ? "{\"version\":%lld}\n"
                     : "Version %lld seals from now on. The worker seals the rest anew and then drops the old "
                       "one: kartei admin keys list\n",
                 (long long)version);
    return 0;
}

static int file_failed(const char *path, struct err *err)
{
    (void)err_set(err, ERR_INTERNAL, "%s", "");
    return err_detail(err, "%s: %s", path, strerror(errno));
}

/* A fresh key of 32 random bytes for its owner's eyes only; one that is there already is gone on with. */
static int next_make(const char *path, struct err *err)
{
    struct crypto_key key;
    _cleanup_(cleanup_close) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
    if (fd < 0)
        return errno == EEXIST ? 0 : file_failed(path, err);
    crypto_random(&key, sizeof key);
    bool written = write(fd, &key, sizeof key) == (ssize_t)sizeof key && fsync(fd) == 0;
    crypto_wipe(&key, sizeof key);
    return written ? 0 : file_failed(path, err);
}

/* The next key takes the present one's place; the old one stays beside it for older backups. */
static int next_use(struct admin *admin, const char *path, struct err *err)
{
    const char *next = str_printf(admin->arena, "%s.next", path).p, *old = str_printf(admin->arena, "%s.old", path).p;
    (void)unlink(old);
    if (link(path, old) < 0 || rename(next, path) < 0)
        return file_failed(path, err);
    (void)printf(
        "The master key was changed. %s opens older backups: keep it as long as those, apart from them, then destroy "
        "it. Copy the new %s to a safe place now.\n",
        old, path);
    return 0;
}

int admin_keys_rotate_master(struct admin *admin, struct err *err)
{
    const char *spec = settings_master_key_file(admin->arena);
    bool file = strncmp(spec, "credential:", strlen("credential:")) != 0;
    const char *path = strncmp(spec, "file:", strlen("file:")) == 0 ? spec + strlen("file:") : spec;
    int64_t wrapped = 0, left = 1;
    if (file && next_make(str_printf(admin->arena, "%s.next", path).p, err) < 0)
        return -1;
    for (int i = 0; i < ROUNDS && left > 0; i++) {
        int64_t some;
        if (store_master_rewrap(admin->flow->store, &some, &left, err) < 0)
            return -1;
        wrapped += some;
    }
    (void)printf("%lld keys are wrapped under the next master key.\n", (long long)wrapped);
    if (left > 0)
        return err_set(err, ERR_CONFLICT, "keys still come in under the old master key; try again");
    if (file)
        return next_use(admin, path, err);
    (void)printf("Put the next credential in the place of %s, take the .next one away, and restart.\n", spec);
    return 0;
}
