/* The inbox: contacts that wait for a decision, by lane; what was put off, who takes care of it, who looks at it now.
 */
#ifndef STORE_INBOX_INBOX_H
#define STORE_INBOX_INBOX_H

#include "store/store.h"

struct store_inbox_filter {
    const struct id *user, *viewer;              /* as in struct store_contact_filter */
    struct str lane;                             /* "exists" "possible" "company" "new" "later"; absent = any */
    struct id list, owner, assignee, connection; /* empty = any */
    int64_t days;                                /* captured at least so long ago; 0 = any */
    struct str reason;                           /* a comparison that speaks for the record ("email"); absent = any */
    struct id fair;                              /* captured at; empty = any */
    struct str sort; /* "effort": least to decide first; "value": most to gain first; absent = newest first */
};
struct store_inbox_item {
    struct id contact, assignee; /* assignee may be empty */
    struct str lane;
    struct str postponed_until; /* YYYY-MM-DD; absent = not put off */
};
/* struct store_inbox_item in that order. */
int store_inbox_list(struct store_tx *tx, const struct store_inbox_filter *filter, const struct store_page *page,
                     struct arena *arena, struct json_list *ret_items, struct err *err);
struct store_inbox_lane {
    struct str lane;
    int64_t n;
};
/* How many contacts lie in which lane (struct store_inbox_lane); lanes with none are missing, filter->lane is ignored.
 */
int store_inbox_lanes(struct store_tx *tx, const struct store_inbox_filter *filter, struct arena *arena,
                      struct json_list *ret_lanes, struct err *err);
int store_inbox_get(struct store_tx *tx, const struct id *contact, struct arena *arena,
                    struct store_inbox_item *ret_item, struct err *err);
/* Keeps postponed_until and assignee of the item. */
int store_inbox_put(struct store_tx *tx, const struct store_inbox_item *item, struct err *err);

/* The user looks at the contact from now on, respectively no longer. */
int store_inbox_look(struct store_tx *tx, const struct id *contact, const struct id *user, bool here, struct err *err);
/* Ids of others who look at it now (struct id). */
int store_inbox_lookers(struct store_tx *tx, const struct id *contact, const struct id *user, struct arena *arena,
                        struct json_list *ret_users, struct err *err);

#endif
