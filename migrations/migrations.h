/* The steps of migrations/NNNN_what.sql and migrations/roles.sql, embedded at build time by tools/embed-sql. */
#ifndef MIGRATIONS_MIGRATIONS_H
#define MIGRATIONS_MIGRATIONS_H

#include <stddef.h>
#include <stdint.h>

struct migration {
    int64_t number;       /* 1, 2, 3 …; growing, perhaps with gaps */
    const char *name;     /* "people" */
    const char *text;     /* one or more statements, run in one transaction */
    const char *checksum; /* SHA-256 of the file, lower-case hex */
};

extern const struct migration migrations[];
extern const size_t migration_count;
extern const char migration_roles[];

#endif
