/* Comma-separated values: a cursor over the text. */
#include "services/dedupe/csv.h"

#include <stdlib.h>
#include <string.h>

static size_t count_in_first_line(struct str text, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n && text.p[i] != '\n'; i++)
        n += text.p[i] == c;
    return n;
}

struct csv csv_begin(struct str text)
{
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.n);
    struct csv csv = {.rest = text, .separator = ',', .line = 1};
    static const char others[] = {';', '\t'};
    for (size_t i = 0; i < sizeof others; i++) {
        if (count_in_first_line(text, others[i]) > count_in_first_line(text, csv.separator))
            csv.separator = others[i];
    }
    return csv;
}

int csv_open(struct str text, struct csv *ret_csv, struct err *err)
{
    if (!utf8_valid(text))
        return err_set(err, ERR_INVALID, "the file is not UTF-8");
    *ret_csv = csv_begin(text);
    return 0;
}

size_t csv_split(const struct csv *csv, size_t n, struct csv *ret_parts)
{
    struct str rest = csv->rest;
    size_t quotes = 0, lines = csv->line, from = 0, from_line = csv->line, parts = 0;
    for (size_t i = 0; i < rest.n && parts + 1 < n; i++) {
        quotes += rest.p[i] == '"';
        lines += rest.p[i] == '\n';
        if (rest.p[i] != '\n' || i < rest.n / n * (parts + 1) || quotes % 2 != 0)
            continue;
        ret_parts[parts++] = (struct csv){str_slice(rest, from, i + 1), csv->separator, from_line};
        from = i + 1;
        from_line = lines;
    }
    ret_parts[parts++] = (struct csv){str_slice(rest, from, rest.n), csv->separator, from_line};
    return parts;
}

size_t csv_rows_most(const struct csv *csv)
{
    size_t rows = 1;
    const char *at = csv->rest.p, *end = at + csv->rest.n;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        rows++;
        at++;
    }
    return rows;
}

static void advance(struct csv *csv, size_t n)
{
    csv->rest = str_slice(csv->rest, n, csv->rest.n);
}

/* `field` with doubled quotes made single. */
static struct str undouble(struct str field, struct arena *arena)
{
    char *single = arena_alloc(arena, field.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < field.n; i++) {
        single[n++] = field.p[i];
        i += field.p[i] == '"';
    }
    return (struct str){single, n};
}

/* A field in quotes; the cursor stands behind the opening one. */
static int quoted_field(struct csv *csv, struct arena *arena, struct str *ret_field, struct err *err)
{
    struct str rest = csv->rest;
    size_t at = 0, start = csv->line;
    bool doubled = false;
    for (; at < rest.n; at++) {
        bool next = at + 1 < rest.n && rest.p[at + 1] == '"';
        csv->line += rest.p[at] == '\n';
        if (rest.p[at] != '"')
            continue;
        if (!next)
            break;
        doubled = true;
        at++;
    }
    if (at >= rest.n)
        return err_set(err, ERR_INVALID, "line %zu opens a quote that is never closed", start);
    struct str field = str_slice(rest, 0, at);
    *ret_field = doubled ? undouble(field, arena) : field;
    advance(csv, at + 1);
    return 0;
}

static struct str plain_field(struct csv *csv)
{
    size_t n = 0;
    while (n < csv->rest.n && csv->rest.p[n] != csv->separator && csv->rest.p[n] != '\n' && csv->rest.p[n] != '\r')
        n++;
    struct str field = str_slice(csv->rest, 0, n);
    advance(csv, n);
    return field;
}

static void skip_blank_lines(struct csv *csv)
{
    while (csv->rest.n > 0 && (csv->rest.p[0] == '\n' || csv->rest.p[0] == '\r')) {
        csv->line += csv->rest.p[0] == '\n';
        advance(csv, 1);
    }
}

int csv_row(struct csv *csv, struct arena *arena, struct str *ret_fields, size_t max, size_t *ret_n, struct err *err)
{
    skip_blank_lines(csv);
    if (csv->rest.n == 0)
        return 0;
    for (size_t n = 0;;) {
        if (n == max)
            return err_set(err, ERR_INVALID, "line %zu has more than %zu fields", csv->line, max);
        if (csv->rest.n > 0 && csv->rest.p[0] == '"') {
            advance(csv, 1);
            if (quoted_field(csv, arena, &ret_fields[n], err) < 0)
                return -1;
        } else {
            ret_fields[n] = plain_field(csv);
        }
        n++;
        if (csv->rest.n > 0 && csv->rest.p[0] == csv->separator) {
            advance(csv, 1);
            continue;
        }
        if (csv->rest.n > 0 && csv->rest.p[0] != '\n' && csv->rest.p[0] != '\r')
            return err_set(err, ERR_INVALID, "line %zu goes on behind a closing quote", csv->line);
        *ret_n = n;
        return 1;
    }
}

size_t csv_put(char *to, struct str field)
{
    size_t n = 0;
    bool quotes = false;
    for (size_t i = 0; i < field.n; i++)
        quotes |= field.p[i] == '"' || field.p[i] == ',' || field.p[i] == '\n' || field.p[i] == '\r';
    if (!quotes) {
        if (field.n > 0)
            memcpy(to, field.p, field.n);
        return field.n;
    }
    to[n++] = '"';
    for (size_t i = 0; i < field.n; i++) {
        if (field.p[i] == '"')
            to[n++] = '"';
        to[n++] = field.p[i];
    }
    to[n++] = '"';
    return n;
}

void csv_print(FILE *to, struct str field)
{
    char buffer[512], *put = 2 * field.n + 2 <= sizeof buffer ? buffer : malloc(2 * field.n + 2);
    if (!put)
        abort(); /* as arena_alloc() does */
    (void)fwrite(put, 1, csv_put(put, field), to);
    if (put != buffer)
        free(put);
}
