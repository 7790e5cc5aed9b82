/* Blocking: which pairs of a table are worth comparing. For the files of dedupe/table/ only. */
#ifndef DEDUPE_TABLE_MEET_H
#define DEDUPE_TABLE_MEET_H

#include "dedupe/table/table.h"

struct dedupe_meetings {
    uint64_t *pair; /* left << 32 | right, left < right; sorted, without repeats */
    size_t n;
    size_t kinds;   /* of keys that were used */
    size_t skipped; /* blocks of more records than any one should have: their pairs must meet by a narrower key */
};

/* Records meet that share two values, or a rare one, in full or by what a slip leaves of it (sound, beginning, parts of
 * a date). `border`: as in dedupe_block(). Pairs lie in `arena`. */
void dedupe_meet(const struct dedupe_table *table, size_t border, struct arena *arena,
                 struct dedupe_meetings *ret_meetings);

#endif
