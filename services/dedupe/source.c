/* Files, schemas, headers. */
#include "services/dedupe/source.h"

#include "contact/country.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct known {
    enum field field;
    const char *column;
    enum dedupe_kind kind;
} known[] = {
#define DEDUPE_KIND_KINDS      DEDUPE_KINDS
#define X(field, column, kind) {FIELD_##field, column, DEDUPE_KIND_##kind},
#include "services/dedupe/columns.def"
#undef X
};

int source_map(const char *file, struct str *ret_text, struct err *err)
{
    struct stat status;
    _cleanup_(cleanup_close) int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0)
        return err_set(err, ERR_INVALID, "%s: %s", file, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return err_set(err, ERR_INVALID, "%s is not a file", file);
    *ret_text = STR("");
    if (status.st_size == 0)
        return 0;
    void *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return err_set(err, ERR_INVALID, "%s: %s", file, strerror(errno));
    *ret_text = (struct str){map, (size_t)status.st_size};
    return 0;
}

uint64_t source_changed(const char *file)
{
    struct stat status;
    if (stat(file, &status) < 0)
        return 0;
    return (uint64_t)status.st_mtim.tv_sec * 1000000000u + (uint64_t)status.st_mtim.tv_nsec;
}

static const struct known *known_of(struct str column)
{
    static const struct known nothing = {FIELD_NONE, "", DEDUPE_KINDS};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_eq_nocase(column, str_c(known[i].column)))
            return &known[i];
    }
    return &nothing;
}

/* Bare or quoted text of one side of a schema line. */
static struct str schema_side(struct str side)
{
    side = str_trim(side);
    bool quoted = side.n >= 2 && side.p[0] == '"' && side.p[side.n - 1] == '"';
    return quoted ? str_slice(side, 1, side.n - 1) : side;
}

int source_schema_read(const char *file, struct source_schema *ret_schema, struct err *err)
{
    struct str text;
    return source_map(file, &text, err) < 0 ? -1 : source_schema_parse(text, file, ret_schema, err);
}

int source_schema_parse(struct str rest, const char *file, struct source_schema *ret_schema, struct err *err)
{
    struct source_schema schema = {0};
    struct str line;
    if (!utf8_valid(rest))
        return err_set(err, ERR_INVALID, "%s is not UTF-8", file);
    for (size_t number = 1; str_split(&rest, '\n', &line); number++) {
        line = str_trim(line);
        if (str_empty(line) || line.p[0] == '#' || str_eq(line, STR("[columns]")))
            continue;
        ptrdiff_t equals = str_find(line, STR("="), 0);
        struct str column = schema_side(str_slice(line, 0, equals < 0 ? 0 : (size_t)equals));
        struct str meaning = schema_side(str_slice(line, equals < 0 ? 0 : (size_t)equals + 1, line.n));
        if (equals < 0 || str_empty(column) || known_of(meaning)->field == FIELD_NONE)
            return err_set(err, ERR_INVALID, "%s line %zu is not: column = \"known column\"", file, number);
        if (schema.n == ARRAY_LEN(schema.rows))
            return err_set(err, ERR_INVALID, "%s has more than %zu columns", file, schema.n);
        schema.rows[schema.n].column = column;
        schema.rows[schema.n++].known = meaning;
    }
    *ret_schema = schema;
    return 0;
}

static const struct known *meaning_of(const struct source_schema *schema, struct str column)
{
    for (size_t i = 0; i < schema->n; i++) {
        if (str_eq(schema->rows[i].column, column))
            return known_of(schema->rows[i].known);
    }
    return known_of(column);
}

bool source_has(const struct source *source, enum field field)
{
    for (size_t i = 0; i < source->columns_n; i++) {
        if (source->fields[i] == field)
            return true;
    }
    return false;
}

int source_open(const char *file, const struct source_schema *schema, struct arena *arena, struct source *ret_source,
                struct err *err)
{
    struct source source = {.file = file};
    struct str text;
    if (source_map(file, &text, err) < 0)
        return -1;
    source.text = text;
    source.csv = csv_begin(text);
    ptrdiff_t line = str_find(source.csv.rest, STR("\n"), 0);
    if (!utf8_valid(str_slice(source.csv.rest, 0, line < 0 ? text.n : (size_t)line)))
        return err_set(err, ERR_INVALID, "%s is not UTF-8", file);
    if (csv_row(&source.csv, arena, source.names, SOURCE_COLUMNS, &source.columns_n, err) < 0)
        return -1;
    for (size_t i = 0; i < source.columns_n; i++) {
        source.names[i] = str_trim(source.names[i]);
        const struct known *meaning = meaning_of(schema, source.names[i]);
        source.fields[i] = meaning->field;
        source.kinds[i] = meaning->kind;
        if (meaning->field == FIELD_NONE)
            (void)fprintf(stderr, "kartei dedupe: %s: column %.*s is not used\n", file, STR_ARG(source.names[i]));
    }
    if (!source_has(&source, FIELD_ID))
        return err_set(err, ERR_INVALID, "%s has no column id", file);
    *ret_source = source;
    return 0;
}

struct str source_id(const struct source *source, const struct str *cells)
{
    for (size_t i = 0; i < source->columns_n; i++) {
        if (source->fields[i] == FIELD_ID)
            return str_trim(cells[i]);
    }
    return STR_NONE;
}

int source_row(struct source *source, struct arena *arena, struct str *ret_cells, struct err *err)
{
    size_t n = 0;
    int got = csv_row(&source->csv, arena, ret_cells, SOURCE_COLUMNS, &n, err);
    if (got <= 0)
        return got;
    if (n != source->columns_n)
        return err_set(err, ERR_INVALID, "%s line %zu has %zu fields instead of %zu", source->file, source->csv.line, n,
                       source->columns_n);
    if (str_empty(source_id(source, ret_cells)))
        return err_set(err, ERR_INVALID, "%s line %zu has no id", source->file, source->csv.line);
    return 1;
}

int source_check(const struct source *source, struct err *err)
{
    return utf8_valid(source->csv.rest) ? 0 : err_set(err, ERR_INVALID, "%s is not UTF-8", source->file);
}

void source_rest(const struct source *source)
{
    union {
        const char *in;
        char *out;
    } text = {source->text.p};
    if (source->text.n > 0)
        (void)madvise(text.out, source->text.n, MADV_DONTNEED);
}

/* Country of the contact for its national numbers, else that of the whole file. */
const char *source_region(struct str country, const char *region, struct arena *arena)
{
    if (str_empty(country))
        return region;
    if (contact_country_known(country))
        return str_z(arena, country);
    const char *found = contact_country_find(country, arena);
    return found[0] ? found : region;
}
