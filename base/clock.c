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

/* Decimal digits from *at on, `n` of them; -1 when there are none. */
static int64_t digits(struct str text, size_t *at, size_t n)
{
    int64_t value = 0;
    for (size_t i = 0; i < n; i++, (*at)++) {
        if (*at >= text.n || text.p[*at] < '0' || text.p[*at] > '9')
            return -1;
        value = value * 10 + (text.p[*at] - '0');
    }
    return value;
}

/* "Z", "+01:00" or "-0130" to the end of the text, in seconds east of Greenwich. */
static bool read_offset(struct str text, size_t at, int64_t *ret_seconds)
{
    *ret_seconds = 0;
    if (at + 1 == text.n && text.p[at] == 'Z')
        return true;
    if (at >= text.n || (text.p[at] != '+' && text.p[at] != '-'))
        return false;
    int64_t sign = text.p[at++] == '-' ? -1 : 1, hours = digits(text, &at, 2);
    at += at < text.n && text.p[at] == ':';
    int64_t minutes = digits(text, &at, 2);
    *ret_seconds = sign * (hours * 3600 + minutes * 60);
    return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && at == text.n;
}

int64_t clock_parse(struct str text)
{
    static const char between[] = "--T::";
    static const size_t widths[] = {4, 2, 2, 2, 2, 2};
    int64_t part[ARRAY_LEN(widths)], offset, ms = 0, scale = 100;
    size_t at = 0;
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        if (i > 0 && (at >= text.n || text.p[at++] != between[i - 1]))
            return -1;
        if ((part[i] = digits(text, &at, widths[i])) < 0)
            return -1;
    }
    if (at < text.n && text.p[at] == '.')
        for (at++; at < text.n && text.p[at] >= '0' && text.p[at] <= '9'; at++, scale /= 10)
            ms += (text.p[at] - '0') * scale;
    if (!read_offset(text, at, &offset) || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31 || part[3] > 23 ||
        part[4] > 59 || part[5] > 60)
        return -1;
    struct tm t = {.tm_year = (int)part[0] - 1900,
                   .tm_mon = (int)part[1] - 1,
                   .tm_mday = (int)part[2],
                   .tm_hour = (int)part[3],
                   .tm_min = (int)part[4],
                   .tm_sec = part[5] > 59 ? 59 : (int)part[5]};
    return ((int64_t)timegm(&t) - offset) * 1000 + ms;
}
