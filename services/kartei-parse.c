/* kartei-parse: loads the models once, proves its jail, then forks one locked-up child per image or mail. */
#include "base/clock.h"
#include "base/log.h"
#include "ocr/mail/mail.h"
#include "services/parse_child.h"
#include "services/parse_server.h"
#include "services/settings.h"

#include <getopt.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char help[] =
    "Usage: kartei-parse [--children N] [--lang NAMES] [--region CC] [SOCKET]\n"
    "Reads images and mails that come as descriptors over the Unix socket (default: run/parse.sock in\n"
    "KARTEI_VAR). At most N (default: KARTEI_PARSE_CHILDREN) are read at the same time.\n";

struct options {
    struct ocr_reader_settings reader;
    struct parse_server_settings server;
};

static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {{"children", required_argument, NULL, 'c'},
                                          {"lang", required_argument, NULL, 'l'},
                                          {"region", required_argument, NULL, 'r'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    struct err err;
    int64_t children = 0;
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'l')
            options->reader.languages = optarg;
        else if (c == 'r')
            options->reader.region = optarg;
        else if (c != 'c' || !str_to_int(str_c(optarg), 1, 64, &children))
            return fputs(help, c == 'h' ? stdout : stderr) < 0 ? 1 : c == 'h' ? 0 : 2;
    }
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (children == 0 && settings_int("KARTEI_PARSE_CHILDREN", 0, 64, &children, &err) < 0) {
        (void)fprintf(stderr, "kartei-parse: %s\n", err.param);
        return 2;
    }
    options->server.children = children ? (int)children : cores > 0 ? (int)cores : 1;
    options->server.path = optind < argc ? argv[optind] : NULL;
    return -1;
}

int main(int argc, char **argv)
{
    struct options options = {
        .reader = {.region = settings_get("KARTEI_REGION"), .images = true, .clock = clock_mono_ms}};
    int status = read_options(argc, argv, &options);
    if (status >= 0)
        return status;
    parse_child_single_thread(argv);
    (void)prctl(PR_SET_DUMPABLE, 0); /* photos go through here */
    log_open("kartei-parse", (enum log_level)settings_log_level());
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    if (!options.server.path)
        options.server.path = settings_run_path(arena, "parse.sock");
    _cleanup_(ocr_reader_freep) struct ocr_reader *reader = NULL;
    struct err err = {0};
    bool ready = ocr_reader_new(&options.reader, &reader, &err) == 0;
    const struct parse_readers readers = {reader, true, options.reader.region};
    ocr_mail_warm();
    if (!ready || parse_child_self_test(&readers, &err) < 0 || parse_server_run(&readers, &options.server, &err) < 0) {
        log_err(LOG_ERROR, "cannot serve", &err, NULL);
        return 1;
    }
    log_event(LOG_INFO, "stopped", NULL);
    return 0;
}
