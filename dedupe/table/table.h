/* A stock of records with any columns: whoever they describe, equal records are found by what the columns hold.
 * Values are normalised and numbered once, so a million records are a million rows of small numbers. */
#ifndef DEDUPE_TABLE_TABLE_H
#define DEDUPE_TABLE_TABLE_H

#include "base/str.h"

enum dedupe_kind {
#define X(name, word, doc) DEDUPE_KIND_##name,
#include "dedupe/table/kinds.def"
#undef X
    DEDUPE_KINDS
};
extern const char *const dedupe_kind_words[]; /* "given_name" …, NULL */

enum { DEDUPE_FIELDS_MAX = 16 };

/* A normal form that one or more records have. */
struct dedupe_value {
    struct str text;  /* contact_plain() words with single blanks; birth: "19710624"; phone, identifier: no blanks */
    uint32_t records; /* how many have it */
};

struct dedupe_field {
    enum dedupe_kind kind;
    struct str name;             /* the column's, for explanations */
    uint32_t *cells;             /* per record: number of the value; 0 = none */
    struct dedupe_value *values; /* from 1 on */
    size_t values_n, values_room;
    uint32_t *slots; /* open hash of value numbers */
    size_t slots_n;
};

struct dedupe_table {
    struct arena *arena;
    struct dedupe_field fields[DEDUPE_FIELDS_MAX];
    size_t fields_n;
    size_t n, room;            /* records */
    int given, family, others; /* fields of that kind, -1 = none */
};

/* One column of the input. Columns of names, and of a date, that stand beside each other are joined. */
struct dedupe_column {
    enum dedupe_kind kind; /* DEDUPE_KIND_OTHER_NAMES: a full name */
    struct str name;
};

/* An empty table; `columns_n` at most DEDUPE_FIELDS_MAX after joining, the rest is left out. Lives in the arena. */
struct dedupe_table *dedupe_table_new(const struct dedupe_column *columns, size_t columns_n, struct arena *arena);
/* Adds a record; `cells` in the order of the columns, absent or "" = none. Borrows nothing. */
void dedupe_table_add(struct dedupe_table *table, const struct dedupe_column *columns, const struct str *cells,
                      size_t columns_n);

#endif
