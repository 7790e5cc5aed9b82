/* See search.h. */
#include "services/admin/search.h"

#include "base/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>

enum { FORMS = 8, CHUNK = 1 << 20 };

/* nftw() lends its function nothing, so one search at a time. */
static struct {
    struct str forms[FORMS];
    size_t n, longest;
    char *buffer;
    struct search_result result;
    struct err *err;
} search;

static void add(struct str form)
{
    search.forms[search.n++] = form;
    search.longest = form.n > search.longest ? form.n : search.longest;
}

static struct str wide(struct str word, bool big, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < word.n; i++) {
        strbuf_add_char(&out, big ? '\0' : word.p[i]);
        strbuf_add_char(&out, big ? word.p[i] : '\0');
    }
    return strbuf_str(&out);
}

/* The middle of base64 where the word begins `lead` bytes into a group of three: what stands whatever surrounds it. */
static struct str base64(struct str word, size_t lead, struct arena *arena)
{
    struct str all = crypto_base64(str_printf(arena, "%.*s%.*s", (int)lead, "--", STR_ARG(word)), arena);
    size_t whole = (lead + word.n) / 3 * 4, from = lead ? 4 : 0;
    return str_slice(all, from, whole);
}

static void forms_of(struct str word, struct arena *arena)
{
    struct str hex = crypto_hex(word, arena);
    struct strbuf upper = {.arena = arena};
    for (size_t i = 0; i < hex.n; i++)
        strbuf_add_char(&upper, hex.p[i] >= 'a' ? (char)(hex.p[i] - 'a' + 'A') : hex.p[i]);
    search.n = search.longest = 0;
    add(word);
    add(hex);
    add(strbuf_str(&upper));
    add(wide(word, false, arena));
    add(wide(word, true, arena));
    for (size_t lead = 0; lead < 3; lead++)
        add(base64(word, lead, arena));
}

static bool holds(const char *p, size_t n)
{
    for (size_t i = 0; i < search.n; i++)
        if (memmem(p, n, search.forms[i].p, search.forms[i].n))
            return true;
    return false;
}

/* Chunk by chunk, each with the end of the one before it. */
static int one_file(const char *path, const struct stat *st, int kind, struct FTW *where _unused_)
{
    if (kind != FTW_F || !S_ISREG(st->st_mode))
        return 0;
    _cleanup_(cleanup_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno != ENOENT) {
        (void)err_set(search.err, ERR_INTERNAL, "%s", "");
        return err_detail(search.err, "%s: %s", path, strerror(errno));
    }
    bool found = false;
    size_t kept = 0;
    search.result.files += fd >= 0;
    for (ssize_t n; fd >= 0 && (n = read(fd, search.buffer + kept, CHUNK)) > 0;) {
        size_t all = kept + (size_t)n;
        search.result.bytes += n;
        found = found || holds(search.buffer, all);
        kept = all < search.longest ? all : search.longest;
        memmove(search.buffer, search.buffer + all - kept, kept);
    }
    search.result.hits += found;
    return 0;
}

int search_files(const char *folder, struct str word, struct arena *arena, struct search_result *ret, struct err *err)
{
    enum { OPEN = 32 };
    forms_of(word, arena);
    search.buffer = arena_array(arena, CHUNK + search.longest, 1);
    search.result = (struct search_result){0};
    search.err = err;
    if (nftw(folder, one_file, OPEN, FTW_PHYS | FTW_MOUNT) != 0) {
        if (err->code == ERR_NONE)
            (void)err_set(err, ERR_INTERNAL, "%s", "");
        return -1;
    }
    *ret = search.result;
    return 0;
}

bool search_judge(const struct search_result *canary, const struct search_result *control, bool elsewhere,
                  struct arena *arena, struct str *ret_detail)
{
    bool unseen = elsewhere && control->hits == 0;
    struct str looked =
        str_printf(arena, "%lld files, %lld MB%s", (long long)canary->files, (long long)(canary->bytes >> 20),
                   unseen ? "; the database is elsewhere: not looked at" : "");
    *ret_detail = canary->hits
                      ? str_printf(arena, "in the open in %lld of %.*s", (long long)canary->hits, STR_ARG(looked))
                  : control->hits || unseen
                      ? looked
                      : str_printf(arena, "what is in the open was not found either: no proof (%.*s)", STR_ARG(looked));
    return canary->hits == 0 && (control->hits > 0 || unseen);
}
