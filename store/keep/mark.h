/* Since when an organisation's administrators are warned of something, and who has put it off until when and why. */
#ifndef STORE_KEEP_MARK_H
#define STORE_KEEP_MARK_H

#include "store/store.h"

struct store_mark {
    struct id id;
    int64_t first_at;         /* ms since 1970: warned of without a break since then */
    struct str first_program; /* version of the program then */
    int64_t until;            /* put off until then; 0 = not */
    struct str reason;        /* sealed at rest; absent when it is not put off */
    struct id user;           /* who did */
    int64_t put_off_at, version;
};
/* What is warned of. */
struct store_warned {
    const char *kind;
    struct str subject; /* what it is about; may be absent */
    struct str program; /* the running version */
};
/* It is warned of now: since when, and whether it is put off. */
int store_mark_put(struct store_tx *tx, const struct store_warned *warned, struct arena *arena,
                   struct store_mark *ret_mark, struct err *err);
/* Of all others nothing is warned of any more: they go. */
int store_marks_keep(struct store_tx *tx, const struct id *ids, size_t n, struct err *err);
/* ERR_NOT_FOUND. */
int store_mark_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_mark *ret_mark,
                   struct err *err);
/* Puts it off: .id, .version, .until, .reason, .user; until 0: no longer. ERR_STALE, ERR_NOT_FOUND. */
int store_mark_put_off(struct store_tx *tx, const struct store_mark *mark, struct err *err);

#endif
