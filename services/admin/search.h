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

#endif
