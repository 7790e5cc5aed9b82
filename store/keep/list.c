/* See list.h. */
#include "store/keep/list.h"

#include "base/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static int failed(struct err *err, const char *path)
{
    int code = errno;
    (void)err_set(err, code == ENOSPC || code == EDQUOT ? ERR_DISK_FULL : ERR_INTERNAL, "%s", "");
    return err_detail(err, "%s: %s", path, strerror(code));
}

int store_erasures_note(const char *dir, const struct id *org, const struct store_erased *erased, size_t n,
                        struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(1024 * 1024);
    struct strbuf lines = {.arena = arena};
    struct str at = clock_text(clock_now_ms(), arena);
    if (!dir || n == 0)
        return 0;
    const char *path = str_printf(arena, "%s/%s.ids", dir, org->s).p;
    for (size_t i = 0; i < n; i++)
        strbuf_printf(&lines, "%c %s %.*s\n", erased[i].kind, erased[i].id.s, STR_ARG(at));
    (void)mkdir(dir, 0700); /* the opening tells when that failed */
    _cleanup_(cleanup_close) int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    struct str text = strbuf_str(&lines);
    if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || fsync(fd) < 0)
        return failed(err, path);
    return 0;
}

/* "c 0190… 2026-…"; false for a line that was cut off. */
static bool line_read(struct str line, struct store_erased *ret_erased)
{
    ret_erased->kind = line.n > 2 ? line.p[0] : ' ';
    return line.n > 38 && strchr("csro", line.p[0]) && id_parse(str_slice(line, 2, 38), &ret_erased->id);
}

int store_erasures_read(const char *dir, const struct id *org, struct arena *arena, struct json_list *ret_erased,
                        struct err *err)
{
    struct store_erased *all = NULL;
    size_t n = 0, room = 0, line_room = 0;
    char *line = NULL;
    const char *path = str_printf(arena, "%s/%s.ids", dir, org->s).p;
    FILE *file = fopen(path, "re");
    *ret_erased = (struct json_list){NULL, 0};
    if (!file)
        return errno == ENOENT ? 0 : failed(err, path);
    for (ssize_t got; (got = getline(&line, &line_room, file)) > 0;) {
        if (n == room) {
            struct store_erased *more = arena_array(arena, room = room ? room * 2 : 64, sizeof *more);
            if (n)
                memcpy(more, all, n * sizeof *more);
            all = more;
        }
        n += line_read((struct str){line, (size_t)got}, &all[n]);
    }
    free(line);
    (void)fclose(file);
    *ret_erased = (struct json_list){all, n};
    return 0;
}

int store_erasures_orgs(const char *dir, struct arena *arena, struct json_list *ret_orgs, struct err *err)
{
    struct id *orgs = NULL;
    size_t n = 0;
    DIR *folder = opendir(dir);
    *ret_orgs = (struct json_list){NULL, 0};
    if (!folder)
        return errno == ENOENT ? 0 : failed(err, dir);
    for (const struct dirent *entry; (entry = readdir(folder));) {
        struct str name = str_c(entry->d_name);
        struct id org;
        if (!str_ends(name, STR(".ids")) || !id_parse(str_slice(name, 0, name.n - 4), &org))
            continue;
        struct id *more = arena_array(arena, n + 1, sizeof *more);
        if (n)
            memcpy(more, orgs, n * sizeof *more);
        more[n++] = org;
        orgs = more;
    }
    (void)closedir(folder);
    *ret_orgs = (struct json_list){orgs, n};
    return 0;
}
