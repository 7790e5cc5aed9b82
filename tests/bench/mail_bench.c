/* mail_bench ROUNDS FILE…: reads mails end to end in this process (MIME, rendering, block, fields), all of them ROUNDS
 * times; one JSON line: mails and megabytes a second of processor time, and the slowest mail. */
#include "base/limits.h"
#include "ocr/mail/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct str read_file(const char *path, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    char piece[65536];
    FILE *file = fopen(path, "rb");
    for (size_t n; file && (n = fread(piece, 1, sizeof piece, file)) > 0;)
        strbuf_add(&buf, (struct str){piece, n});
    if (file)
        (void)fclose(file);
    return buf.n ? strbuf_str(&buf) : STR("");
}

static double cpu_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Bytes of memory that reading it took. */
static size_t read_one(struct str bytes)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)4 * LIMIT_ARENA_REQUEST);
    struct ocr_mail mail;
    struct err err;
    (void)ocr_mail_read(bytes, "DE", arena, &mail, &err);
    return arena_used(arena);
}

int main(int argc, char **argv)
{
    long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    if (rounds < 1) {
        (void)fputs("Usage: mail_bench ROUNDS FILE...\n", stderr);
        return 2;
    }
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)2 << 30);
    size_t n = (size_t)argc - 2, bytes = 0, memory = 0;
    struct str *mails = arena_array(arena, n, sizeof *mails);
    double *best = arena_array(arena, n, sizeof *best);
    for (size_t i = 0; i < n; i++) {
        mails[i] = read_file(argv[i + 2], arena);
        bytes += mails[i].n;
        best[i] = 1e9;
    }
    ocr_mail_warm();
    double start = cpu_now();
    for (long round = 0; round < rounds; round++)
        for (size_t i = 0; i < n; i++) {
            double before = cpu_now();
            memory += read_one(mails[i]);
            double took = cpu_now() - before;
            best[i] = took < best[i] ? took : best[i];
        }
    double seconds = cpu_now() - start, worst = 0;
    size_t slowest = 0;
    for (size_t i = 0; i < n; i++) {
        double per = best[i] / (mails[i].n > 100000 ? (double)mails[i].n / 100000 : 1); /* each begun 100 kB */
        if (per > worst) {
            worst = per;
            slowest = i;
        }
    }
    (void)printf("{\"mails\":%zu,\"bytes\":%zu,\"cpu_seconds\":%.3f,\"mails_per_second\":%.0f,\"mb_per_second\":%.1f,"
                 "\"kb_a_mail\":%.0f,"
                 "\"slowest\":\"%s\",\"slowest_ms_per_100kb\":%.2f}\n",
                 n, bytes, seconds, (double)rounds * (double)n / seconds,
                 (double)rounds * (double)bytes / seconds / 1e6, (double)memory / (double)rounds / (double)n / 1024,
                 argv[slowest + 2], worst * 1000);
    return 0;
}
