/* Brings a database to the schema of this program: forward only, one transaction a step, never twice at a time. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/err.h"

struct store_migrated {
    int64_t from, to; /* number of the last step before and after; 0 = empty database */
};

/* Connects with `conninfo` as a role that may create roles (first time) or is a member of kartei_owner, makes the roles
 * kartei_owner, kartei_app, kartei_guard if they are missing, and takes every missing step up to `upto` (0 = all). A
 * second starter waits for the first. Errors: ERR_STORE_DOWN; ERR_CONFLICT when a step taken earlier has another text
 * today, or the database is newer than this program. */
int store_migrate(const char *conninfo, int64_t upto, struct store_migrated *ret_migrated, struct err *err);
/* Number of the newest step that this program knows. */
int64_t store_migrate_newest(void);

#endif
