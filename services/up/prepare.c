/* What var/ must hold before anything starts: master key and an initialised database cluster, made by the initdb
 * program; see up.h. */
#include "services/up/up.h"

#include "base/crypto.h"
#include "services/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

int up_write_file(const char *path, struct str text, unsigned mode, struct err *err)
{
    char temporary[PATH_MAX], folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (!slash || (size_t)snprintf(temporary, sizeof temporary, "%s.tmp", path) >= sizeof temporary)
        return err_set(err, ERR_INTERNAL, "path too long");
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    (void)unlink(temporary);
    _cleanup_(cleanup_close) int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    _cleanup_(cleanup_close) int above = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || fsync(fd) < 0 || rename(temporary, path) < 0 ||
        fsync(above) < 0) /* the name lasts only when its folder does */
        return err_set(err, ERR_INTERNAL, "cannot write %s: %s", path, strerror(errno));
    return 0;
}

struct str up_read_file(const struct up *up, const char *path)
{
    _cleanup_(cleanup_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct strbuf out = {.arena = up->arena};
    char piece[4096];
    for (ssize_t n; fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0;)
        strbuf_add(&out, (struct str){piece, (size_t)n});
    return strbuf_str(&out);
}

static struct str read_all(int fd, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    char piece[4096];
    for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0;)
        strbuf_add(&out, (struct str){piece, (size_t)n});
    return strbuf_str(&out);
}

int up_run(const struct up *up, const char *const argv[], struct str *ret_output, struct err *err)
{
    int ends[2] = {-1, -1}, status = -1;
    if (ret_output && pipe2(ends, O_CLOEXEC) < 0)
        return err_set(err, ERR_INTERNAL, "pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        sigset_t none;
        (void)sigemptyset(&none);
        (void)sigprocmask(SIG_SETMASK, &none, NULL);
        (void)dup2(ret_output ? ends[1] : STDERR_FILENO, STDOUT_FILENO);
        (void)execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    if (ret_output) {
        (void)close(ends[1]);
        *ret_output = read_all(ends[0], up->arena);
        (void)close(ends[0]);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        return err_set(err, ERR_INTERNAL, "%s %s failed (status %d); see %s/log/kartei.log", argv[0], argv[1],
                       WIFEXITED(status) ? WEXITSTATUS(status) : status, up->var);
    return 0;
}

int up_master_key(const struct up *up, struct err *err)
{
    struct crypto_key key;
    const char *path = settings_master_key_file(up->arena);
    if (access(path, F_OK) == 0 || strncmp(path, "credential:", strlen("credential:")) == 0)
        return 0;
    if (*settings_get("KARTEI_MASTER_KEY_FILE"))
        return err_set(err, ERR_INVALID, "KARTEI_MASTER_KEY_FILE: %s is not there", path);
    crypto_random(key.b, sizeof key.b);
    int r = up_write_file(path, (struct str){(const char *)key.b, sizeof key.b}, 0400, err);
    crypto_wipe(&key, sizeof key);
    return r;
}

/* Only our own system user comes in, as the three roles it plays (store/roles). */
static struct str ident_map(const struct up *up)
{
    static const char *const roles[] = {"kartei_super", "kartei_owner", "kartei_app"};
    struct strbuf map = {.arena = up->arena};
    const struct passwd *user = getpwuid(geteuid());
    for (size_t i = 0; user && i < ARRAY_LEN(roles); i++)
        strbuf_printf(&map, "kartei \"%s\" %s\n", user->pw_name, roles[i]);
    return strbuf_str(&map);
}

int up_database(const struct up *up, struct err *err)
{
    char *data = up_path(up, up->var, "pg/data"), *temporary = up_path(up, up->var, "pg/data.tmp");
    const char *initdb[] = {(UP_POSTGRES "/initdb"),
                            "--pgdata",
                            temporary,
                            "--auth=peer",
                            "--encoding=UTF8",
                            "--locale=C.UTF-8",
                            "--data-checksums",
                            "--username=kartei_super",
                            NULL};
    const char *clear[] = {"rm", "-rf", temporary, NULL};
    if (access(up_path(up, data, "PG_VERSION"), F_OK) == 0)
        return 0;
    if (!getpwuid(geteuid()))
        return err_set(err, ERR_INVALID,
                       "user id %u has no name in /etc/passwd, and PostgreSQL needs one (libnss-wrapper helps)",
                       (unsigned)geteuid());
    /* In single-user mode, so that the rename below brings cluster and database into being together. */
    const char *create[] = {"sh",
                            "-c",
                            "echo 'create database kartei' | \"$0\" --single -D \"$1\" template1",
                            (UP_POSTGRES "/postgres"),
                            temporary,
                            NULL};
    if (up_run(up, clear, NULL, err) < 0 || up_run(up, initdb, NULL, err) < 0 || up_run(up, create, NULL, err) < 0)
        return -1;
    if (up_write_file(up_path(up, temporary, "pg_hba.conf"), STR("local all all peer map=kartei\n"), 0600, err) < 0 ||
        up_write_file(up_path(up, temporary, "pg_ident.conf"), ident_map(up), 0600, err) < 0)
        return -1;
    if (rename(temporary, data) < 0)
        return err_set(err, ERR_INTERNAL, "cannot create %s: %s", data, strerror(errno));
    return 0;
}
