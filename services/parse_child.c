/* Fork, jail, read, answer; see parse_child.h. */
#include "services/parse_child.h"

#include "base/clock.h"
#include "base/limits.h"
#include "ocr/mail/mail.h"
#include "services/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct answer {
    size_t n; /* written by the child: not to be believed */
    char bytes[LIMIT_PARSE_ANSWER];
};

void parse_child_single_thread(char **argv)
{
    const char *set = getenv("OMP_THREAD_LIMIT");
    if (set && strcmp(set, "1") == 0)
        return;
    if (setenv("OMP_THREAD_LIMIT", "1", 1) == 0)
        (void)execv("/proc/self/exe", argv); /* fails only without /proc: slower, not wrong */
}

struct str parse_child_refusal(enum parse_kind kind, const struct err *err, struct arena *arena)
{
    if (kind == PARSE_MAIL) {
        struct ocr_mail mail = ocr_mail_of(err, arena);
        return json_write(&ocr_mail_shape, &mail, arena);
    }
    struct ocr_message message = ocr_message_of(err, arena);
    return json_write(&ocr_message_shape, &message, arena);
}

static void put_answer(struct answer *answer, struct str json)
{
    if (json.n > sizeof answer->bytes)
        return;
    memcpy(answer->bytes, json.p, json.n);
    answer->n = json.n;
}

static struct str read_image(const struct parse_readers *readers, struct str bytes, struct arena *arena)
{
    struct err err = {0};
    struct ocr_message message;
    if (ocr_read(readers->images, bytes, arena, &message, &err) < 0)
        message = ocr_message_of(&err, arena);
    return json_write(&ocr_message_shape, &message, arena);
}

/* Nothing of a mail leaves the child but a contact that may be suggested, and who sent it. */
static struct str read_mail(const struct parse_readers *readers, struct str bytes, struct arena *arena)
{
    struct err err = {0};
    struct ocr_mail mail;
    if (ocr_mail_read(bytes, readers->region, arena, &mail, &err) < 0)
        mail = ocr_mail_of(&err, arena);
    if (mail.verdict != OCR_MAIL_PERSON) {
        mail.contact = NULL;
        mail.sender = NULL;
        mail.fields = (struct json_list){NULL, 0};
    }
    mail.ranges = STR("[]");
    return json_write(&ocr_mail_shape, &mail, arena);
}

/* The child's whole life. Models were loaded by the parent; the jail closes before the first byte is looked at. */
static _Noreturn void live(const struct parse_readers *readers, enum parse_kind kind, struct str bytes,
                           struct answer *answer)
{
    const struct sandbox_limits limits = {
        .memory = kind == PARSE_MAIL ? LIMIT_MAIL_MEMORY : LIMIT_PARSE_MEMORY,
        .cpu_seconds = kind == PARSE_MAIL ? LIMIT_MAIL_SECONDS : LIMIT_PARSE_SECONDS,
    };
    struct err err = {0};
    struct arena *arena = arena_new(limits.memory);
    if (sandbox_enter(&limits, &err) < 0) {
        put_answer(answer, parse_child_refusal(kind, &err, arena));
        _exit(1);
    }
    put_answer(answer, kind == PARSE_MAIL ? read_mail(readers, bytes, arena) : read_image(readers, bytes, arena));
    _exit(0);
}

static int map_bytes(enum parse_kind kind, int fd, struct str *ret_bytes, struct err *err)
{
    struct stat st;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
        return err_set(err, ERR_NOT_AN_IMAGE, "%s", "");
    int most = kind == PARSE_MAIL ? LIMIT_MAIL_BYTES : LIMIT_UPLOAD_BYTES;
    if (st.st_size > most)
        return err_set(err, ERR_TOO_LARGE, "%d MB", most / (1024 * 1024));
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return err_set(err, ERR_NOT_AN_IMAGE, "%s", "");
    *ret_bytes = (struct str){p, (size_t)st.st_size};
    return 0;
}

int parse_child_start(const struct parse_readers *readers, enum parse_kind kind, int fd, struct parse_child *ret_child,
                      struct err *err)
{
    struct str bytes;
    if (map_bytes(kind, fd, &bytes, err) < 0)
        return -1;
    void *shared = mmap(NULL, sizeof(struct answer), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = shared == MAP_FAILED ? -1 : fork();
    if (pid == 0)
        live(readers, kind, bytes, shared);
    (void)munmap((void *)bytes.p, bytes.n);
    if (pid < 0) {
        if (shared != MAP_FAILED)
            (void)munmap(shared, sizeof(struct answer));
        return err_set(err, ERR_BUSY, "no process for the reader");
    }
    *ret_child = (struct parse_child){
        .kind = kind,
        .pid = pid,
        .pidfd = (int)syscall(SYS_pidfd_open, pid, 0),
        .answer = shared,
        .deadline = clock_mono_ms() + LIMIT_PARSE_WALL_SECONDS * 1000LL,
    };
    return 0;
}

void parse_child_kill(struct parse_child *child)
{
    child->stopped = true;
    (void)kill(child->pid, SIGKILL);
}

/* What a person can do something with: time and memory are the two ways to end here. */
static int judge_end(const struct parse_child *child, int status, const struct rusage *used, struct err *err)
{
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    bool out_of_time = used->ru_utime.tv_sec + used->ru_stime.tv_sec >=
                       (child->kind == PARSE_MAIL ? LIMIT_MAIL_SECONDS : LIMIT_PARSE_SECONDS) - 1;
    if (signal == SIGKILL && !child->stopped && !out_of_time)
        return err_set(err, ERR_BUSY, "the reader was killed");
    return err_set(err, ERR_PARSE_KILLED, "%s",
                   signal == SIGKILL || signal == SIGXCPU ? "time"
                   : signal == SIGABRT                    ? "memory"
                   : signal                               ? "damaged data"
                                                          : "no answer");
}

struct str parse_child_end(struct parse_child *child, struct arena *arena)
{
    struct rusage used = {0};
    struct err err;
    int status = 0;
    enum parse_kind kind = child->kind;
    while (wait4(child->pid, &status, 0, &used) < 0 && errno == EINTR)
        continue;
    (void)judge_end(child, status, &used, &err);
    const struct answer *answer = child->answer;
    size_t n = answer->n;
    struct str json = STR_NONE;
    if (WIFEXITED(status) && n > 0 && n <= sizeof answer->bytes)
        json = str_dup(arena, (struct str){answer->bytes, n});
    (void)munmap(child->answer, sizeof *answer);
    if (child->pidfd >= 0)
        (void)close(child->pidfd);
    *child = (struct parse_child){.pidfd = -1};
    if (json.p)
        return json;
    return parse_child_refusal(kind, &err, arena);
}

/* A white 8-bit BMP-like picture would need a decoder of ours; a PGM-like one too. The smallest picture every build can
 * open is a TIFF laid out by hand: 8 bytes header, 480 x 160 grey pixels, one directory. It shows two dark bars. */
static struct str test_picture(struct arena *arena)
{
    enum { W = 480, H = 160, FIELDS = 8, SIZE = 8 + W * H + 2 + 12 * FIELDS + 4 };
    static const uint32_t fields[FIELDS][4] = {
        {0x100, 4, 1, W}, {0x101, 4, 1, H}, {0x102, 3, 1, 8}, {0x103, 3, 1, 1},
        {0x106, 3, 1, 1}, {0x111, 4, 1, 8}, {0x116, 4, 1, H}, {0x117, 4, 1, W * H},
    };
    unsigned char *p = arena_alloc(arena, SIZE);
    const uint32_t directory = 8 + W * H;
    static const char magic[4] = {'I', 'I', '*', 0};
    memcpy(p, magic, sizeof magic);
    memcpy(p + 4, &directory, 4); /* little-endian hosts only, as Debian's amd64 and arm64 are */
    memset(p + 8, 240, W * H);
    for (int y = 40; y < 120; y++)
        for (int x = 100; x < 380; x += 70)
            memset(p + 8 + y * W + x, 20, 18);
    unsigned char *at = p + directory;
    *at = FIELDS;
    for (int i = 0; i < FIELDS; i++) {
        uint16_t head[2] = {(uint16_t)fields[i][0], (uint16_t)fields[i][1]};
        memcpy(at + 2 + 12 * i, head, 4);
        memcpy(at + 6 + 12 * i, &fields[i][2], 8);
    }
    return (struct str){(const char *)p, SIZE};
}

/* The answer of a child to bytes made here. */
static int try_child(const struct parse_readers *readers, enum parse_kind kind, struct str bytes, struct arena *arena,
                     struct str *ret_json, struct err *err)
{
    _cleanup_(cleanup_close) int fd = memfd_create("self-test", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n)
        return err_set(err, ERR_INTERNAL, "%s", "");
    struct parse_child child;
    if (parse_child_start(readers, kind, fd, &child, err) < 0)
        return -1;
    *ret_json = parse_child_end(&child, arena);
    return 0;
}

static int test_images(const struct parse_readers *readers, struct arena *arena, struct err *err)
{
    struct str json;
    struct ocr_message message;
    if (try_child(readers, PARSE_IMAGE, test_picture(arena), arena, &json, err) < 0 ||
        json_read(&ocr_message_shape, json, arena, &message, err) < 0)
        return -1;
    bool opened = message.width > 0; /* whether the bars are letters is not the question */
    if (opened)
        return 0;
    err_set(err, ERR_INTERNAL, "%s", "");
    return err_detail(err, "the jailed reader failed its self-test: %.*s %.*s", STR_ARG(message.problem),
                      STR_ARG(message.param));
}

static int test_mails(const struct parse_readers *readers, struct arena *arena, struct err *err)
{
    static const char text[] = "From: =?iso-8859-1?q?Anna_M=FCller?= <anna@muster.example>\n"
                               "Content-Type: text/plain; charset=iso-8859-15\n\n"
                               "Hallo,\n\nbis morgen!\n\n-- \nAnna M\xfcller\nTel. +49 931 123456\n";
    struct str json;
    struct ocr_mail mail;
    if (try_child(readers, PARSE_MAIL, (struct str){text, sizeof text - 1}, arena, &json, err) < 0 ||
        json_read(&ocr_mail_shape, json, arena, &mail, err) < 0)
        return -1;
    if (mail.contact && mail.contact->phones.n == 1)
        return 0;
    err_set(err, ERR_INTERNAL, "%s", "");
    return err_detail(err, "the jailed reader of mails failed its self-test: %.*s %.*s", STR_ARG(mail.problem),
                      STR_ARG(mail.param));
}

int parse_child_self_test(const struct parse_readers *readers, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    if (readers->images && test_images(readers, arena, err) < 0)
        return -1;
    return readers->mails ? test_mails(readers, arena, err) : 0;
}
