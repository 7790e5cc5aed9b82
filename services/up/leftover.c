/* What a supervisor that was killed leaves behind: children on their way out, and lock files of PostgreSQL that name a
 * process which is no postmaster of ours any more (ADR 0009). Whoever holds the instance lock may clear both. See up.h.
 */
#include "base/clock.h"
#include "base/log.h"
#include "services/up/up.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>

enum { PATIENCE_MS = 20 * 1000, POLL_US = 20 * 1000 };

static pid_t pid_in(const struct up *up, const char *file)
{
    int64_t pid;
    struct str text = up_read_file(up, file);
    ptrdiff_t line = str_find(text, STR("\n"), 0);
    text = line < 0 ? text : str_slice(text, 0, (size_t)line);
    return str_to_int(str_trim(text), 1, INT32_MAX, &pid) ? (pid_t)pid : 0;
}

/* Name, state letter and parent of a process, from /proc/PID/stat; false when there is none. */
static bool look(const struct up *up, pid_t pid, struct str *ret_name, char *ret_state, pid_t *ret_parent)
{
    struct str text = up_read_file(up, str_z(up->arena, str_printf(up->arena, "/proc/%d/stat", (int)pid)));
    ptrdiff_t open = str_find(text, STR("("), 0), close = -1;
    for (ptrdiff_t at; (at = str_find(text, STR(")"), (size_t)(close + 1))) >= 0;)
        close = at;
    if (open < 0 || close < open || (size_t)close + 4 >= text.n)
        return false;
    *ret_name = str_slice(text, (size_t)open + 1, (size_t)close);
    *ret_state = text.p[close + 2];
    *ret_parent = (pid_t)strtol(text.p + close + 4, NULL, 10);
    return true;
}

/* True while `pid` is a child of an earlier run: it bears the name and its parent is no supervisor that lives. */
static bool is_leftover(const struct up *up, pid_t pid, const char *name)
{
    struct str found, parent_name;
    char state;
    pid_t parent, grandparent;
    if (pid <= 0 || kill(pid, 0) < 0 || !look(up, pid, &found, &state, &parent) || state == 'Z' ||
        !str_eq(found, str_c(name)))
        return false;
    return !look(up, parent, &parent_name, &state, &grandparent) || !str_eq(parent_name, STR("kartei"));
}

static int wait_for_end(const struct up *up, pid_t pid, const char *name, struct err *err)
{
    bool postgres = strcmp(name, "postgres") == 0;
    int64_t deadline = clock_mono_ms() + PATIENCE_MS;
    log_event(LOG_WARN, "leftover", "child", name, NULL);
    (void)kill(pid, postgres ? SIGINT : SIGTERM);
    for (bool hard = false; is_leftover(up, pid, name); (void)usleep(POLL_US)) {
        if (clock_mono_ms() < deadline)
            continue;
        if (hard)
            return err_set(err, ERR_CONFLICT, "%s (process %d) of an earlier run does not end", name, (int)pid);
        hard = true;
        deadline += PATIENCE_MS;
        (void)kill(pid, postgres ? SIGQUIT : SIGKILL);
    }
    return 0;
}

/* PostgreSQL believes any living process whose number stands in its lock file; numbers are used again, above all in
 * containers, and a zombie lives. */
static void clear_postgres_locks(const struct up *up)
{
    const char *data = up_path(up, up->var, "pg/data");
    const char *files[] = {up_path(up, data, "postmaster.pid"), up_path(up, up->run, ".s.PGSQL.5432.lock")};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        struct str name;
        char state, cwd[PATH_MAX] = "";
        pid_t parent, pid = pid_in(up, files[i]);
        if (pid == 0)
            continue;
        bool lives = look(up, pid, &name, &state, &parent) && state != 'Z';
        ssize_t n = readlink(str_z(up->arena, str_printf(up->arena, "/proc/%d/cwd", (int)pid)), cwd, sizeof cwd - 1);
        if (lives && n > 0 && strcmp(cwd, data) == 0)
            continue; /* it is ours and lives: PostgreSQL will say so itself */
        log_event(LOG_WARN, "stale-lock", "file", files[i], NULL);
        (void)unlink(files[i]);
    }
}

int up_leftovers(const struct up *up, struct err *err)
{
    static const char *const names[] = {"haproxy", "kartei-worker", "kartei-api", "kartei-parse", "postgres"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        pid_t pid = pid_in(up, up_path(up, up->run, str_z(up->arena, str_printf(up->arena, "%s.pid", names[i]))));
        if (is_leftover(up, pid, names[i]) && wait_for_end(up, pid, names[i], err) < 0)
            return -1;
    }
    clear_postgres_locks(up);
    return 0;
}
