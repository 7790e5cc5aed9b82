/* See store/migrate.h. */
#include "store/migrate.h"

#include "migrations/migrations.h"
#include "store/pg.h"

int64_t store_migrate_newest(void)
{
    return (int64_t)migration_count;
}

/* Number of steps taken, each of which must be the step we know under that number. */
static int migrate_taken(struct store_pg *pg, int64_t *ret_taken, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_pg_run(pg, SQL_MIGRATION_ALL, ARGS_NONE, &rows, err) < 0)
        return -1;
    size_t n = (size_t)store_rows_count(rows);
    if (n > migration_count)
        return err_set(err, ERR_CONFLICT, "the database is newer than this program");
    for (size_t i = 0; i < n; i++)
        if (store_row_int(rows, (int)i, 0) != migrations[i].number ||
            !str_eq(store_row_view(rows, (int)i, 1), str_c(migrations[i].checksum)))
            return err_set(err, ERR_CONFLICT, "step %lld of the database was taken from another text",
                           (long long)migrations[i].number);
    *ret_taken = (int64_t)n;
    return 0;
}

static int migrate_step(struct store_pg *pg, const struct migration *step, struct err *err)
{
    if (store_pg_command(pg, "begin", err) < 0 || store_pg_command(pg, "set local role kartei_owner", err) < 0)
        return -1;
    if (store_pg_command(pg, step->text, err) < 0 ||
        store_pg_run(pg, SQL_MIGRATION_ADD, ARGS(ARG_INT(step->number), ARG_C(step->name), ARG_C(step->checksum)), NULL,
                     err) < 0) {
        struct err ignored;
        (void)store_pg_command(pg, "rollback", &ignored);
        return -1;
    }
    return store_pg_commit(pg, err);
}

int store_migrate(const char *conninfo, int64_t upto, struct store_migrated *ret_migrated, struct err *err)
{
    /* A step may take longer than a request may; the advisory lock, released with the session, lets a second starter
     * wait. */
    static const char prepare[] = "set statement_timeout = 0; set lock_timeout = 0; select pg_advisory_lock(7301)";
    _cleanup_(store_pg_closep) struct store_pg *pg = NULL;
    struct store_migrated migrated = {0};
    if (store_pg_open(conninfo, &pg, err) < 0 || store_pg_command(pg, prepare, err) < 0 ||
        store_pg_command(pg, migration_roles, err) < 0 || migrate_taken(pg, &migrated.from, err) < 0)
        return -1;
    if (upto <= 0 || upto > (int64_t)migration_count)
        upto = (int64_t)migration_count;
    migrated.to = migrated.from;
    for (; migrated.to < upto; migrated.to++)
        if (migrate_step(pg, &migrations[migrated.to], err) < 0)
            return -1;
    *ret_migrated = migrated;
    return 0;
}
