/* Records by their id, and lists of pairs of ids that people keep. */
#ifndef SERVICES_DEDUPE_IDS_H
#define SERVICES_DEDUPE_IDS_H

#include "base/err.h"

/* Ids of one file, by hash. */
struct ids;
/* Lives in the arena and borrows the texts. ERR_INVALID when two of the `n` ids are equal. */
int ids_index(const struct str *ids, size_t n, const char *file, struct arena *arena, struct ids **ret_ids,
              struct err *err);
/* Its place, or SIZE_MAX. */
size_t ids_find(const struct ids *ids, struct str id);

struct decided {
    uint32_t left, right; /* records */
    bool same;
};

struct decided_list {
    struct decided *items;
    size_t n;
};

/* Reads a CSV of pairs: columns id_l, id_r and, with `answers`, same (yes/no, 1/0, true/false); other columns are left
 * alone. id_l is of the first file, id_r of the second at `border`; both of the first when `border` is 0. Ids that no
 * record has are counted, not refused: stocks change. ERR_INVALID with file and line. */
struct decided_source {
    const char *file;
    bool answers;
    const struct str *ids;
    size_t n, border;
};
int ids_read_decided(const struct decided_source *source, struct arena *arena, struct decided_list *ret_list,
                     size_t *ret_unknown, struct err *err);

#endif
