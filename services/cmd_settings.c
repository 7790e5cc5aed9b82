/* `kartei settings [NAME]`: what is in force here. Connection strings and tokens are not shown, only that they are set.
 */
#include "services/kartei.h"
#include "services/settings.h"

#include <stdio.h>

/* Where an empty value stands for something that is worked out, that is shown. */
static const char *value_of(const struct settings_row *row, struct arena *arena)
{
    static const char *const secret[] = {"KARTEI_DATABASE_URL", "KARTEI_MIGRATE_URL", "KARTEI_METRICS_TOKEN"};
    for (size_t i = 0; i < ARRAY_LEN(secret); i++)
        if (strcmp(row->name, secret[i]) == 0 && *settings_get(row->name))
            return "(set)";
    if (strcmp(row->name, "KARTEI_RUN") == 0)
        return settings_run(arena);
    if (strcmp(row->name, "KARTEI_PUBLIC_URL") == 0)
        return settings_public_url(arena);
    if (strcmp(row->name, "KARTEI_MASTER_KEY_FILE") == 0)
        return settings_master_key_file(arena);
    return settings_get(row->name);
}

int cmd_settings(int argc, char **argv)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)64 * 1024);
    bool found = false, asked = argc == 2 && strcmp(argv[1], "--help") == 0;
    if (argc > 2 || asked) {
        (void)fputs("Usage: kartei settings [NAME]\n"
                    "Prints the settings in force, or the value of one. docs/settings.md says what they do.\n",
                    asked ? stdout : stderr);
        return asked ? 0 : 2;
    }
    for (size_t i = 0; i < settings_count; i++) {
        const struct settings_row *row = &settings_rows[i];
        if (argc == 1)
            (void)printf("%s=%s\n", row->name, value_of(row, arena));
        else if (strcmp(row->name, argv[1]) == 0)
            found = puts(value_of(row, arena)) >= 0;
    }
    if (argc == 2 && !found) {
        (void)fprintf(stderr, "kartei settings: there is no setting %s\n", argv[1]);
        return 2;
    }
    return 0;
}
