/* kartei scan: reads photos from files, one jailed child a file, answers in the order of the files. */
#include "base/clock.h"
#include "base/limits.h"
#include "services/kartei.h"
#include "services/parse_child.h"
#include "services/scan_print.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <unistd.h>

enum { MAX_JOBS = 64 };

struct options {
    struct ocr_reader_settings reader;
    enum scan_format format;
    int jobs;
    bool two_sided;
};

struct job {
    const char *file;
    struct parse_child child;
    struct arena *arena;
    struct str answer; /* JSON; absent while the child lives */
    bool started;
};

struct scan {
    struct parse_readers readers;
    struct job *jobs; /* one a file */
    size_t n, next, printed;
    int running, most;
    enum scan_format format;
    size_t sides; /* files of one card */
    bool partly;
};

static const char help[] =
    "Examples:\n"
    "  kartei scan card.jpg | jq .contact\n"
    "  kartei scan --format vcard front.jpg back.heic > cards.vcf\n"
    "  kartei scan --lang deu+eng --jobs 4 photos/*.jpg > cards.ndjson\n"
    "  kartei scan --two-sided front.jpg back.jpg | jq .contact\n\n"
    "Usage: kartei scan [options] FILE...\n"
    "  --lang NAMES     Tesseract models, joined by + (default: the best installed)\n"
    "  --region CC      country for phone numbers printed without one (default: DE)\n"
    "  --format F       ndjson (default), vcard or jscontact\n"
    "  --two-sided      files come in pairs, front and back of one card; what lies on the back says so\n"
    "  --explain        for people: each value with what spoke for it and against it, and what it was read with\n"
    "  --jobs N         photos read at the same time (default: one a core)\n\n"
    "Prints one line per card in the order of the files. A file without a readable card gives a line with an error,\n"
    "and exit status 3.\n";

static int wrong_use(const char *what)
{
    (void)fprintf(stderr, "kartei scan: %s\nTry `kartei scan --help`.\n", what);
    return 2;
}

/* -1: go on; otherwise the exit status. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {
        {"lang", required_argument, NULL, 'l'},   {"region", required_argument, NULL, 'r'},
        {"format", required_argument, NULL, 'f'}, {"jobs", required_argument, NULL, 'j'},
        {"explain", no_argument, NULL, 'e'},      {"two-sided", no_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},         {0}};
    int64_t jobs = sysconf(_SC_NPROCESSORS_ONLN);
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'l')
            options->reader.languages = optarg;
        else if (c == 'r')
            options->reader.region = optarg;
        else if (c == 'f' && scan_format_find(str_c(optarg), &options->format) < 0)
            return wrong_use("--format is ndjson, vcard or jscontact");
        else if (c == 'e')
            options->format = SCAN_EXPLAIN;
        else if (c == 't')
            options->two_sided = true;
        else if (c == 'j' && !str_to_int(str_c(optarg), 1, MAX_JOBS, &jobs))
            return wrong_use("--jobs is a number from 1 to 64");
        else if (c == 'h')
            return fputs(help, stdout) < 0;
        else if (c == '?')
            return wrong_use("unknown option");
    }
    options->jobs = (int)(jobs < 1 ? 1 : jobs > MAX_JOBS ? MAX_JOBS : jobs);
    if (options->two_sided && (argc - optind) % 2)
        return wrong_use("--two-sided takes a front and a back of each card");
    return optind < argc ? -1 : wrong_use("no file given");
}

static void start(struct scan *scan, struct job *job)
{
    struct err err = {0};
    job->arena = arena_new(LIMIT_ARENA_REQUEST);
    job->started = true;
    _cleanup_(cleanup_close) int fd = open(job->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        err_set(&err, ERR_INVALID, "%s", strerror(errno));
    if (fd < 0 || parse_child_start(&scan->readers, PARSE_IMAGE, fd, &job->child, &err) < 0)
        job->answer = parse_child_refusal(PARSE_IMAGE, &err, job->arena);
    else
        scan->running++;
}

static void finish(struct scan *scan, struct job *job)
{
    job->answer = parse_child_end(&job->child, job->arena);
    scan->running--;
}

/* Waits until a child ends or is due; ends those that are. */
static void wait_for_children(struct scan *scan)
{
    struct pollfd polls[MAX_JOBS];
    struct job *jobs[MAX_JOBS];
    nfds_t n = 0;
    int64_t now = clock_mono_ms(), first = INT64_MAX;
    for (size_t i = scan->printed; i < scan->next && n < MAX_JOBS; i++) {
        struct job *job = &scan->jobs[i];
        if (!job->started || job->answer.p)
            continue;
        if (job->child.deadline <= now || job->child.pidfd < 0)
            parse_child_kill(&job->child);
        first = job->child.deadline < first ? job->child.deadline : first;
        jobs[n] = job;
        polls[n++] = (struct pollfd){.fd = job->child.pidfd, .events = POLLIN};
    }
    (void)poll(polls, n, first > now ? (int)(first - now) : 1000);
    for (nfds_t i = 0; i < n; i++)
        if (polls[i].revents)
            finish(scan, jobs[i]);
}

/* Whether all files of the next card were read. */
static bool card_ready(const struct scan *scan)
{
    for (size_t i = 0; i < scan->sides; i++)
        if (scan->printed + i >= scan->next || !scan->jobs[scan->printed + i].answer.p)
            return false;
    return true;
}

static void print_ready(struct scan *scan)
{
    for (; card_ready(scan); scan->printed += scan->sides) {
        struct job *job = &scan->jobs[scan->printed];
        const struct scan_sheet sheet = {
            .format = scan->format,
            .file = job->file,
            .back = scan->sides == 2 ? job[1].file : NULL,
            .answer = job->answer,
            .back_answer = scan->sides == 2 ? job[1].answer : STR_NONE,
        };
        if (scan_print(stdout, &sheet, job->arena) < 0)
            scan->partly = true;
        for (size_t i = 0; i < scan->sides; i++)
            arena_free(take(job[i].arena));
    }
    (void)fflush(stdout);
}

static int run(struct scan *scan)
{
    while (scan->printed < scan->n) {
        while (scan->next < scan->n && scan->running < scan->most && scan->next - scan->printed < MAX_JOBS)
            start(scan, &scan->jobs[scan->next++]);
        print_ready(scan);
        if (scan->running > 0)
            wait_for_children(scan);
    }
    return ferror(stdout) ? 1 : scan->partly ? 3 : 0;
}

static void restart_single_threaded(int argc, char **argv, struct arena *arena)
{
    char **again = arena_array(arena, (size_t)argc + 2, sizeof *again);
    again[0] = (char *)"kartei";
    memcpy(again + 1, argv, (size_t)argc * sizeof *argv);
    parse_child_single_thread(again);
}

int cmd_scan(int argc, char **argv)
{
    struct options options = {.reader = {.region = "DE", .clock = clock_mono_ms}};
    int status = read_options(argc, argv, &options);
    if (status >= 0)
        return status;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    restart_single_threaded(argc, argv, arena);
    _cleanup_(ocr_reader_freep) struct ocr_reader *reader = NULL;
    struct err err = {0};
    bool ready = ocr_reader_new(&options.reader, &reader, &err) == 0;
    const struct parse_readers readers = {.images = reader};
    if (!ready || parse_child_self_test(&readers, &err) < 0) {
        (void)fprintf(stderr, "kartei scan: %s\n", err.detail[0] ? err.detail : err_title(err.code, "en"));
        return 1;
    }
    if (options.format == SCAN_EXPLAIN)
        (void)printf("kartei %s, %.*s\n", KARTEI_VERSION, STR_ARG(ocr_reader_manifest(reader, arena)));
    struct scan scan = {.readers = readers,
                        .n = (size_t)(argc - optind),
                        .most = options.jobs,
                        .format = options.format,
                        .sides = options.two_sided ? 2 : 1};
    scan.jobs = arena_array(arena, scan.n, sizeof *scan.jobs);
    for (size_t i = 0; i < scan.n; i++)
        scan.jobs[i].file = argv[(size_t)optind + i];
    return run(&scan);
}
