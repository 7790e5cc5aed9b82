/* Any bytes as the files of kartei dedupe: weights that are read can be written and read again to the same text; rows
 * of a CSV are the same in one piece and in parts, and a field that is written is read again. */
#include "dedupe/weights/weights.h"
#include "services/dedupe/source.h"

#include <assert.h>
#include <string.h>

enum { CELLS = 50, PARTS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void weights(struct str text, struct arena *arena)
{
    const struct dedupe_model *model, *again;
    struct err err;
    if (dedupe_weights_read(text, arena, &model, &err) < 0)
        return;
    struct str first = dedupe_weights_write(model, arena);
    assert(dedupe_weights_read(first, arena, &again, &err) == 0);
    assert(str_eq(first, dedupe_weights_write(again, arena)));
}

/* A field behind itself in a row of its own. */
static void put_and_read(struct str field, struct arena *arena)
{
    char *line = arena_alloc(arena, 2 * field.n + 8);
    struct str fields[2];
    struct err err;
    size_t at = csv_put(line, field), n;
    struct csv csv = {.line = 1, .separator = ','};
    line[at++] = ',';
    line[at++] = 'x';
    csv.rest = (struct str){line, at};
    assert(csv_row(&csv, arena, fields, 2, &n, &err) == 1 && n == 2);
    assert(fields[0].n == field.n && (field.n == 0 || memcmp(fields[0].p, field.p, field.n) == 0));
}

/* Rows until the end or the first fault; returns how many. */
static size_t rows_of(struct csv *csv, struct arena *arena, bool *ret_fault)
{
    struct str fields[CELLS];
    struct err err;
    size_t rows = 0, n;
    int got;
    while ((got = csv_row(csv, arena, fields, CELLS, &n, &err)) > 0) {
        rows++;
        for (size_t i = 0; i < n; i++)
            put_and_read(fields[i], arena);
    }
    *ret_fault = got < 0;
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
    struct str text = {size ? (const char *)data : "", size};
    struct csv csv, whole, parts[PARTS];
    struct err err;
    bool fault, part_fault;
    struct source_schema schema;
    if (size <= 16384)
        weights(text, arena);
    if (size <= 16384 && source_schema_parse(text, "schema", &schema, &err) == 0)
        assert(schema.n <= ARRAY_LEN(schema.rows));
    if (size <= 16384 && csv_open(text, &csv, &err) == 0) {
        whole = csv;
        size_t n = csv_split(&csv, PARTS, parts), rows = 0, want = rows_of(&whole, arena, &fault);
        for (size_t i = 0; i < n && !fault; i++)
            rows += rows_of(&parts[i], arena, &part_fault);
        assert(fault || rows == want || memchr(text.p, '"', text.n));
    }
    arena_free(arena);
    return 0;
}
