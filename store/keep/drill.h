/* Backups, restore tests and looks for canaries, noted by the program that ran them: of the whole instance. */
#ifndef STORE_KEEP_DRILL_H
#define STORE_KEEP_DRILL_H

#include "store/store.h"

extern const char *const store_drill_words[]; /* "backup", "restore", "canary", NULL */

struct store_drill {
    struct str kind; /* one of store_drill_words */
    bool passed;
    struct str program; /* version that ran it */
    struct str detail;  /* at most 300 bytes; no personal data */
    int64_t at;         /* ms since 1970 */
};
/* .at is the database's now. ERR_INVALID: no such kind, too much detail. */
int store_drill_note(struct store *store, const struct store_drill *drill, struct err *err);
/* The latest of a kind; *ret_found is false when it was never run. */
int store_drill_last(struct store *store, const char *kind, struct arena *arena, struct store_drill *ret_drill,
                     bool *ret_found, struct err *err);

#endif
