/* The journal of an organisation: audit entries (store/audit/audit.h), and events for those who watch. Both are
 * collected in the transaction and written by store_commit(), last of all, in commit order. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "store/audit/audit.h"

struct store_event {
    int64_t id;      /* grows within the organisation, without gaps, in commit order */
    struct str type; /* "scan" | "contact" | "write_back" | "connection" | "job" */
    struct id subject;
    struct str state;
    bool visible; /* to the user whom it was asked for */
};
void store_event(struct store_tx *tx, const char *type, const struct id *subject, const char *state);

/* Events after `after` (struct store_event), oldest first, at most 500, for `user`; NULL sees all. *ret_first is the
 * oldest still kept: if `after`
 * + 1 is smaller, some were missed. *ret_last is the newest id ever given (0 = none). */
struct store_events {
    struct json_list items;
    int64_t first, last;
};
int store_events_after(struct store_tx *tx, const struct id *user, int64_t after, struct arena *arena,
                       struct store_events *ret_events, struct err *err);

#endif
