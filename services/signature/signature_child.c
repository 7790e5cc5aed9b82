/* Fork, jail, read one mail after the other, write the answers into shared memory; see signature_child.h. */
#include "services/signature/signature_child.h"

#include "base/limits.h"
#include "ocr/mail/mail.h"
#include "services/sandbox.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Written by the child: not to be believed. */
struct answers {
    atomic_size_t done; /* mails that are answered */
    size_t n[SIGNATURE_BATCH];
    char bytes[LIMIT_PARSE_ANSWER];
};

struct reading {
    struct signature_job *jobs;
    size_t n;
    bool text;
    const char *region;
};

static struct str read_one(const struct reading *r, size_t i, struct arena *arena)
{
    struct ocr_mail mail;
    struct err err = {0};
    int result = r->text ? ocr_mail_read_text(r->jobs[i].bytes, r->region, arena, &mail, &err)
                         : ocr_mail_read(r->jobs[i].bytes, r->region, arena, &mail, &err);
    if (result < 0)
        mail = ocr_mail_of(&err, arena);
    return json_write(&ocr_mail_shape, &mail, arena);
}

static _Noreturn void live(const struct reading *r, struct answers *answers)
{
    const struct sandbox_limits limits = {.memory = LIMIT_MAIL_MEMORY,
                                          .cpu_seconds = LIMIT_MAIL_SECONDS + SIGNATURE_BATCH / 16};
    struct err err = {0};
    size_t used = 0;
    if (sandbox_enter(&limits, &err) < 0)
        _exit(1);
    for (size_t i = 0; i < r->n; i++) {
        struct arena *arena = arena_new(LIMIT_MAIL_MEMORY);
        struct str json = read_one(r, i, arena);
        if (json.n > sizeof answers->bytes - used)
            break;
        memcpy(answers->bytes + used, json.p, json.n);
        used += json.n;
        answers->n[i] = json.n;
        atomic_store(&answers->done, i + 1);
        arena_free(arena);
    }
    _exit(0);
}

/* The JSON of a mail that ended its child. */
static struct str stopped(struct arena *arena)
{
    struct err err;
    (void)err_set(&err, ERR_PARSE_KILLED, "time or memory");
    struct ocr_mail mail = ocr_mail_of(&err, arena);
    return json_write(&ocr_mail_shape, &mail, arena);
}

/* One child; how many mails it answered. */
static size_t run_child(const struct reading *r, struct answers *answers, struct arena *arena)
{
    int status;
    atomic_store(&answers->done, 0);
    pid_t pid = fork();
    if (pid == 0)
        live(r, answers);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    size_t done = pid > 0 ? atomic_load(&answers->done) : 0, used = 0;
    for (size_t i = 0; i < done && i < r->n; i++) {
        size_t n = answers->n[i];
        if (n > sizeof answers->bytes - used)
            return i;
        r->jobs[i].json = str_dup(arena, (struct str){answers->bytes + used, n});
        used += n;
    }
    return done < r->n ? done : r->n;
}

void signature_child_read(struct signature_job *jobs, size_t n, bool text, const char *region, struct arena *arena)
{
    struct answers *answers = mmap(NULL, sizeof *answers, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < n;) {
        const struct reading r = {jobs + i, n - i, text, region};
        i += answers != MAP_FAILED ? run_child(&r, answers, arena) : 0;
        if (i < n)
            jobs[i++].json = stopped(arena);
    }
    if (answers != MAP_FAILED)
        (void)munmap(answers, sizeof *answers);
}
