/* Settings: environment variables with a default each (settings.def). Read anywhere in services/, handed down as
 * values. */
#ifndef SERVICES_SETTINGS_H
#define SERVICES_SETTINGS_H

#include "base/err.h"

struct settings_row {
    const char *name, *preset, *doc;
};
extern const struct settings_row settings_rows[];
extern const size_t settings_count;

/* Value of a setting by its name, never NULL; an unknown name is a programming error. Empty counts as not set. */
const char *settings_get(const char *name);
/* Whole number within [min, max]; ERR_INVALID names the setting. */
int settings_int(const char *name, int64_t min, int64_t max, int64_t *ret_value, struct err *err);
/* A file in KARTEI_VAR. */
const char *settings_var_path(struct arena *arena, const char *name);
/* Folder of sockets: KARTEI_RUN, else KARTEI_VAR/run, or one in /tmp when that is too long for a socket; a socket in
 * it. */
const char *settings_run(struct arena *arena);
const char *settings_run_path(struct arena *arena, const char *name);
/* KARTEI_PUBLIC_URL; when it is not set, the address that the running `kartei up` serves, else the default. */
const char *settings_public_url(struct arena *arena);
/* Connection string of the application role, and of the one that migrates. */
const char *settings_database(struct arena *arena);
const char *settings_migrate_database(struct arena *arena);
const char *settings_master_key_file(struct arena *arena);
/* enum log_level of KARTEI_LOG_LEVEL. */
int settings_log_level(void);

#endif
