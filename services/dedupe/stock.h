/* A stock of contacts from a CSV file, prepared for matching. */
#ifndef SERVICES_DEDUPE_STOCK_H
#define SERVICES_DEDUPE_STOCK_H

#include "base/err.h"
#include "dedupe/dedupe.h"

struct stock {
    struct str *ids;
    const struct dedupe_record **records;
    size_t n, room;
};

/* How columns of other names are meant: lines `column = "known column"` of a schema file (TOML; a table header
 * [columns] and comments may stand there). Several columns of one meaning are joined, in the file's order. */
struct stock_schema {
    struct {
        struct str column, known;
    } rows[64];
    size_t n;
};

/* Reads a schema; ERR_INVALID with the line. */
int stock_schema_read(const char *file, struct arena *arena, struct stock_schema *ret_schema, struct err *err);

/* Adds the contacts of a CSV file to the stock. `region`: ISO 3166-1 alpha-2 for national phone numbers of contacts
 * without a country. Columns that nobody knows are named on stderr. ERR_INVALID with file and line: no file, no UTF-8,
 * no id column, an id that is empty or twice in the file, a row of another length. */
int stock_read(const char *file, const struct stock_schema *schema, const char *region, struct arena *arena,
               struct stock *stock, struct err *err);

#endif
