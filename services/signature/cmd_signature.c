/* kartei signature: mails from files to signature lines and contacts, one JSON line each (docs/contract.md). */
#include "base/limits.h"
#include "ocr/mail/mail.h"
#include "services/kartei.h"
#include "services/signature/signature_child.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Examples:\n"
    "  kartei signature mail.eml | jq .contact\n"
    "  kartei signature --text body.txt\n"
    "  kartei signature inbox/*.eml > contacts.ndjson\n\n"
    "Usage: kartei signature [options] FILE...\n"
    "  --text         the files are rendered text, one line a line, not mails with headers\n"
    "  --region CC    country for phone numbers printed without one (default: DE)\n\n"
    "Prints one line per file, in their order: signature lines (from 1, of the text as rendered), the contact in "
    "them,\n"
    "who sent the mail, and the verdict: person, none, newsletter or automatic. Nothing is taken from quoted text. A\n"
    "file that cannot be read gives a line with an error, and exit status 3.\n";

struct options {
    bool text;
    const char *region;
};

struct failure {
    struct str type, title, detail;
};

struct line {
    struct str file;
    struct ocr_mail mail;
    struct failure *error;
};

static const struct json_field failure_rows[] = {
    {.name = "type", .kind = JSON_STR, .offset = offsetof(struct failure, type)},
    {.name = "title", .kind = JSON_STR, .offset = offsetof(struct failure, title)},
    {.name = "detail", .kind = JSON_STR, .offset = offsetof(struct failure, detail)},
};
static const struct json_shape failure_shape = {"SignatureError", sizeof(struct failure), failure_rows,
                                                ARRAY_LEN(failure_rows), false};

static const struct json_field line_rows[] = {
    {.name = "file", .kind = JSON_STR, .offset = offsetof(struct line, file)},
    {.name = "ranges", .kind = JSON_ANY, .offset = offsetof(struct line, mail.ranges)},
    {.name = "contact", .kind = JSON_REF, .offset = offsetof(struct line, mail.contact), .shape = &contact_shape},
    {.name = "verdict",
     .kind = JSON_WORD,
     .offset = offsetof(struct line, mail.verdict),
     .words = ocr_mail_verdict_words},
    {.name = "sender", .kind = JSON_REF, .offset = offsetof(struct line, mail.sender), .shape = &ocr_mail_sender_shape},
    {.name = "error",
     .kind = JSON_REF,
     .flags = JSON_OMIT,
     .offset = offsetof(struct line, error),
     .shape = &failure_shape},
};
static const struct json_shape line_shape = {"SignatureLine", sizeof(struct line), line_rows, ARRAY_LEN(line_rows),
                                             false};

/* -1: go on; otherwise the exit status. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {{"text", no_argument, NULL, 't'},
                                          {"region", required_argument, NULL, 'r'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    const char *wrong = NULL;
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'h')
            return fputs(help, stdout) < 0;
        if (c == 't')
            options->text = true;
        else if (c == 'r')
            options->region = optarg;
        else
            wrong = "unknown option";
    }
    if (!wrong && optind < argc)
        return -1;
    (void)fprintf(stderr, "kartei signature: %s\nTry `kartei signature --help`.\n", wrong ? wrong : "no file given");
    return 2;
}

/* The bytes of a file, mapped; an empty file has none. */
static int map_file(const char *file, struct str *ret_bytes, struct err *err)
{
    struct stat st;
    _cleanup_(cleanup_close) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &st) < 0)
        return err_set(err, ERR_INVALID, "%s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_INVALID, "not a file");
    if (st.st_size > LIMIT_MAIL_BYTES)
        return err_set(err, ERR_TOO_LARGE, "%d MB", LIMIT_MAIL_BYTES / (1024 * 1024));
    if (st.st_size == 0) {
        *ret_bytes = STR("");
        return 0;
    }
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return err_set(err, ERR_INVALID, "%s", strerror(errno));
    *ret_bytes = (struct str){p, (size_t)st.st_size};
    return 0;
}

/* File names are bytes; JSON is UTF-8. */
static struct str printable(const char *file, struct arena *arena)
{
    struct strbuf text = {.arena = arena};
    struct str bytes = str_c(file);
    for (size_t at = 0; at < bytes.n;)
        utf8_put(&text, utf8_next(bytes, &at));
    return strbuf_str(&text);
}

/* Prints one line; false when it says why there is no answer. */
static bool print(const char *file, struct str json, struct arena *arena)
{
    struct line line = {.file = printable(file, arena)};
    struct failure failure;
    struct err err;
    if (json_read(&ocr_mail_shape, json, arena, &line.mail, &err) < 0) {
        err_set(&err, ERR_PARSE_KILLED, "no answer");
        line.mail = ocr_mail_of(&err, arena);
    }
    if (line.mail.problem.p) {
        enum err_code code = err_from_slug(line.mail.problem);
        err_set(&err, code ? code : ERR_PARSE_KILLED, "%.*s", STR_ARG(line.mail.param));
        failure =
            (struct failure){line.mail.problem, str_c(err_title(err.code, "en")), err_sentence(&err, "en", arena)};
        line.error = &failure;
    }
    struct str text = json_write(&line_shape, &line, arena);
    (void)printf("%.*s\n", STR_ARG(text));
    return !line.error;
}

/* Reads and prints at most SIGNATURE_BATCH files; whether all of them had an answer. */
static bool run_batch(char **files, size_t n, const struct options *options)
{
    struct signature_job jobs[SIGNATURE_BATCH] = {0}, ready[SIGNATURE_BATCH] = {0};
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)4 * LIMIT_ARENA_REQUEST);
    size_t readable = 0;
    bool whole = true;
    for (size_t i = 0; i < n; i++) {
        struct err err;
        if (map_file(files[i], &jobs[i].bytes, &err) < 0) {
            struct ocr_mail mail = ocr_mail_of(&err, arena);
            jobs[i].json = json_write(&ocr_mail_shape, &mail, arena);
        } else {
            ready[readable++].bytes = jobs[i].bytes;
        }
    }
    signature_child_read(ready, readable, options->text, options->region, arena);
    for (size_t i = 0, k = 0; i < n; i++) {
        struct str json = jobs[i].json.p ? jobs[i].json : ready[k++].json;
        whole = print(files[i], json, arena) && whole;
        if (jobs[i].bytes.n)
            (void)munmap((void *)jobs[i].bytes.p, jobs[i].bytes.n);
    }
    return whole;
}

int cmd_signature(int argc, char **argv)
{
    struct options options = {.region = "DE"};
    int status = read_options(argc, argv, &options);
    bool whole = true;
    if (status >= 0)
        return status;
    ocr_mail_warm();
    for (int i = optind; i < argc; i += SIGNATURE_BATCH)
        whole =
            run_batch(argv + i, (size_t)(argc - i < SIGNATURE_BATCH ? argc - i : SIGNATURE_BATCH), &options) && whole;
    return fflush(stdout) != 0 ? 1 : whole ? 0 : 3;
}
