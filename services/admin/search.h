/* Looking for a word in every file below a folder, in the forms in which it may lie there in the open. */
#ifndef SERVICES_ADMIN_SEARCH_H
#define SERVICES_ADMIN_SEARCH_H

#include "base/err.h"

struct search_result {
    int64_t hits; /* files that have it */
    int64_t files, bytes;
};
/* Plain, UTF-16 of both orders, hex of both cases, base64 at each of three places. Files that go while it looks are no
 * failure; one that may not be read is. Errors: ERR_INTERNAL with the path. */
int search_files(const char *folder, struct str word, struct arena *arena, struct search_result *ret, struct err *err);
/* What the searches for a canary and for its control, a word that lies in the database in the open, mean: true when the
 * canary was found nowhere and the control was found. `elsewhere`: the database's files may not be below the folder, so
 * the control need not be found, and *ret_detail says so. *ret_detail: for people, at most 300 bytes, no word in it. */
bool search_judge(const struct search_result *canary, const struct search_result *control, bool elsewhere,
                  struct arena *arena, struct str *ret_detail);

#endif
