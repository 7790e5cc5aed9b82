/* db_tool migrate CONNINFO UPTO | fill WORD: the store's own way to a schema, and to a row in every table (fixture.h).
 * Prints "FROM TO", or the ids of what it made. */
#include "store/migrate.h"
#include "tests/db/fixture.h"

static int migrate(const char *conninfo, const char *upto)
{
    struct store_migrated migrated;
    struct err err = {0};
    int64_t number = 0;
    if (!str_to_int(str_c(upto), 0, 9999, &number) || store_migrate(conninfo, number, &migrated, &err) < 0) {
        (void)fprintf(stderr, "%s: %s %s\n", err_slug(err.code), err.param, err.detail);
        return 1;
    }
    (void)printf("%lld %lld\n", (long long)migrated.from, (long long)migrated.to);
    return 0;
}

static int fill(const char *word)
{
    struct fixture f;
    fixture_open(&f, word);
    fixture_fill(&f, word);
    (void)printf("%s %s\n", f.org.s, f.list.s);
    fixture_close(&f);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && str_eq(str_c(argv[1]), STR("migrate")))
        return migrate(argv[2], argv[3]);
    if (argc == 3 && str_eq(str_c(argv[1]), STR("fill")))
        return fill(argv[2]);
    (void)fputs("db_tool migrate CONNINFO UPTO | fill WORD\n", stderr);
    return 2;
}
