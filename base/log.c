/* See log.h. One write() per line, so lines of several processes do not mix. */
#include "base/log.h"

#include "base/clock.h"
#include "base/json.h"

static const char *log_program = "kartei";
static enum log_level log_least = LOG_INFO;

void log_open(const char *program, enum log_level least)
{
    log_program = program;
    log_least = least;
}

static void add_pair(struct strbuf *line, const char *key, const char *value)
{
    strbuf_add_char(line, ',');
    json_quote(line, str_c(key));
    strbuf_add_char(line, ':');
    json_quote(line, str_c(value));
}

static void write_line(enum log_level level, const char *event, const struct err *err, va_list pairs)
{
    static const char *const words[] = {"debug", "info", "warn", "error"};
    if (level < log_least)
        return;
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)256 * 1024);
    struct strbuf line = {.arena = arena};
    strbuf_printf(&line, "{\"t\":\"%.*s\"", STR_ARG(clock_text(clock_now_ms(), arena)));
    add_pair(&line, "level", words[level]);
    add_pair(&line, "program", log_program);
    add_pair(&line, "event", event);
    for (const char *key; (key = va_arg(pairs, const char *)) != NULL;) {
        const char *value = va_arg(pairs, const char *);
        add_pair(&line, key, value);
    }
    if (err) {
        add_pair(&line, "error", err_slug(err->code));
        add_pair(&line, "param", err->param);
        add_pair(&line, "detail", err->detail);
    }
    strbuf_add_c(&line, "}\n");
    ssize_t written = write(STDERR_FILENO, line.p, line.n);
    (void)written;
}

void log_event(enum log_level level, const char *event, ...)
{
    va_list pairs;
    va_start(pairs, event);
    write_line(level, event, NULL, pairs);
    va_end(pairs);
}

void log_err(enum log_level level, const char *event, const struct err *err, ...)
{
    va_list pairs;
    va_start(pairs, err);
    write_line(level, event, err, pairs);
    va_end(pairs);
}
