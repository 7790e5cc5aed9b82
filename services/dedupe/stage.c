/* Two clocks, read between stages. */
#include "services/dedupe/stage.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static struct {
    bool times;
    double wall, cpu;
} last;

static double seconds(long whole, long part, double parts)
{
    return (double)whole + (double)part / parts;
}

static void read_clocks(double *ret_wall, double *ret_cpu)
{
    struct timespec wall = {0};
    struct rusage use = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &wall);
    (void)getrusage(RUSAGE_SELF, &use);
    *ret_wall = seconds(wall.tv_sec, wall.tv_nsec, 1e9);
    *ret_cpu = seconds(use.ru_utime.tv_sec, use.ru_utime.tv_usec, 1e6) +
               seconds(use.ru_stime.tv_sec, use.ru_stime.tv_usec, 1e6);
}

void stage_show(bool times)
{
    last.times = times;
    read_clocks(&last.wall, &last.cpu);
}

void stage_end(const char *stage, size_t n, const char *things)
{
    double wall, cpu;
    if (!last.times) {
        if (isatty(STDERR_FILENO))
            (void)fprintf(stderr, "kartei dedupe: %s: %zu %s\n", stage, n, things);
        return;
    }
    read_clocks(&wall, &cpu);
    double spent = cpu - last.cpu;
    (void)fprintf(stderr, "%-10s %8.2f s wall %8.2f s processor %12zu %-8s %12.0f a second\n", stage, wall - last.wall,
                  spent, n, things, spent > 0.0 ? (double)n / spent : 0.0);
    last.wall = wall;
    last.cpu = cpu;
}
