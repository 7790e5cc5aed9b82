/* See settings.h. */
#include "services/settings.h"

#include "base/crypto.h"
#include "base/log.h"

#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/un.h>

enum { SOCKET_NAME_ROOM = 24 }; /* "/.s.PGSQL.5432.lock" must fit behind the folder */

const struct settings_row settings_rows[] = {
#define X(name, preset, doc) {name, preset, doc},
#include "services/settings.def"
#undef X
};
const size_t settings_count = ARRAY_LEN(settings_rows);

const char *settings_get(const char *name)
{
    const struct settings_row *row = NULL;
    for (size_t i = 0; i < settings_count && !row; i++)
        if (strcmp(settings_rows[i].name, name) == 0)
            row = &settings_rows[i];
    assert(row);
    const char *value = getenv(name);
    return value && *value ? value : row->preset;
}

int settings_int(const char *name, int64_t min, int64_t max, int64_t *ret_value, struct err *err)
{
    if (str_to_int(str_c(settings_get(name)), min, max, ret_value))
        return 0;
    return err_set(err, ERR_INVALID, "%s must be a whole number from %lld to %lld, not %s", name, (long long)min,
                   (long long)max, settings_get(name));
}

const char *settings_var_path(struct arena *arena, const char *name)
{
    return str_printf(arena, "%s/%s", settings_get("KARTEI_VAR"), name).p;
}

/* A Unix socket's path has 107 bytes; a deep folder gets its sockets in /tmp, under a name made from the path. */
const char *settings_run(struct arena *arena)
{
    char real[PATH_MAX];
    const char *set = settings_get("KARTEI_RUN"), *var = settings_get("KARTEI_VAR");
    if (*set)
        return set;
    if (realpath(var, real))
        var = real;
    if (strlen(var) + strlen("/run") + SOCKET_NAME_ROOM < sizeof(((struct sockaddr_un *)0)->sun_path))
        return str_printf(arena, "%s/run", var).p;
    struct crypto_hash hash = crypto_sha256(str_c(var));
    struct str hex = crypto_hex((struct str){(const char *)hash.b, 8}, arena);
    return str_printf(arena, "/tmp/kartei-%.*s", STR_ARG(hex)).p;
}

const char *settings_run_path(struct arena *arena, const char *name)
{
    return str_printf(arena, "%s/%s", settings_run(arena), name).p;
}

/* The lock file of `kartei up` has it in its second line (services/up/place.c). */
const char *settings_public_url(struct arena *arena)
{
    char text[512] = "";
    const char *set = getenv("KARTEI_PUBLIC_URL");
    if (set && *set)
        return set;
    _cleanup_(cleanup_close) int fd = open(settings_run_path(arena, "up.lock"), O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof text - 1) <= 0)
        return settings_get("KARTEI_PUBLIC_URL");
    struct str all = str_c(text);
    ptrdiff_t line = str_find(all, STR("\n"), 0);
    struct str url = line < 0 ? STR_NONE : str_trim(str_slice(all, (size_t)line, all.n));
    return str_starts(url, STR("https://")) ? str_z(arena, url) : settings_get("KARTEI_PUBLIC_URL");
}

static const char *private_cluster(struct arena *arena, const char *role, const char *database)
{
    return str_printf(arena, "host=%s user=%s dbname=%s", settings_run(arena), role, database).p;
}

const char *settings_database(struct arena *arena)
{
    const char *url = settings_get("KARTEI_DATABASE_URL");
    return *url ? url : private_cluster(arena, "kartei_app", "kartei");
}

const char *settings_migrate_database(struct arena *arena)
{
    const char *url = settings_get("KARTEI_MIGRATE_URL");
    return *url ? url : private_cluster(arena, "kartei_super", "kartei");
}

const char *settings_master_key_file(struct arena *arena)
{
    const char *file = settings_get("KARTEI_MASTER_KEY_FILE");
    return *file ? file : settings_var_path(arena, "keys/master.key");
}

int settings_log_level(void)
{
    static const char *const words[] = {"debug", "info", "warn", "error"};
    for (int i = 0; i < (int)ARRAY_LEN(words); i++)
        if (strcmp(words[i], settings_get("KARTEI_LOG_LEVEL")) == 0)
            return i;
    return LOG_INFO;
}
