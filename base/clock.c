/* See clock.h. */
#include "base/clock.h"

static int64_t read_clock(clockid_t which)
{
    struct timespec t;
    (void)clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_mono_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static struct str format(int64_t ms, const char *pattern, struct arena *arena)
{
    struct tm tm;
    time_t seconds = (time_t)(ms / 1000);
    char text[64];
    size_t n = strftime(text, sizeof text, pattern, gmtime_r(&seconds, &tm));
    return str_dup(arena, (struct str){text, n});
}

struct str clock_text(int64_t ms, struct arena *arena)
{
    return str_printf(arena, "%.*s.%03dZ", STR_ARG(format(ms, "%Y-%m-%dT%H:%M:%S", arena)), (int)(ms % 1000));
}

struct str clock_http(int64_t ms, struct arena *arena)
{
    return format(ms, "%a, %d %b %Y %H:%M:%S GMT", arena);
}
