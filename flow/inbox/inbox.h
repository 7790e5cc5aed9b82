/* The inbox: contacts that wait for a decision, by lane, each with what is needed to decide; putting off, assigning,
 * and who looks at one now. */
#ifndef FLOW_INBOX_INBOX_H
#define FLOW_INBOX_INBOX_H

#include "flow/contacts.h"
#include "flow/match.h"

enum flow_lane { FLOW_LANE_EXISTS, FLOW_LANE_POSSIBLE, FLOW_LANE_COMPANY, FLOW_LANE_NEW, FLOW_LANE_LATER };
enum flow_inbox_sort { FLOW_INBOX_NEWEST, FLOW_INBOX_EFFORT, FLOW_INBOX_VALUE };
/* "newest"; "effort": least to decide first; "value": most to gain first; NULL. */
extern const char *const flow_inbox_sort_words[];
extern const char *const flow_lane_words[]; /* "exists", "possible", "company", "new", "later", NULL */

/* A user by name. */
struct flow_inbox_person {
    struct str id, name;
};
/* Resource "InboxItem". */
struct flow_inbox_item {
    struct flow_contact contact;        /* without claims */
    int lane;                           /* flow_lane_words */
    struct flow_candidate *best;        /* the record that speaks for the contact; NULL = none */
    int64_t conflicts, additions;       /* fields that differ from it, and that it lacks, by the mirror */
    struct flow_inbox_person owner;     /* who captured it */
    struct flow_inbox_person *assignee; /* NULL = nobody */
    struct str postponed_until;         /* YYYY-MM-DD; absent = not put off */
};
struct flow_inbox_lane {
    int lane;
    int64_t n;
};
/* Input of PATCH /v1/inbox/{id}: what is absent stays, "" takes it away. */
struct flow_inbox_change {
    struct str postponed_until, assignee_id;
};
/* Input and resource of POST /v1/inbox/{id}/presence. */
struct flow_presence_here {
    bool here;
};
struct flow_presence {
    struct json_list others; /* struct flow_inbox_person: who else looks at it now */
};
extern const struct json_shape flow_inbox_item_shape, flow_inbox_lane_shape, flow_inbox_change_shape,
    flow_inbox_person_shape, flow_presence_here_shape, flow_presence_shape;

struct flow_inbox_query {
    int lane;                                    /* -1 = any */
    struct id list, owner, assignee, connection; /* empty = any */
    int64_t days;                                /* captured at least so long ago; 0 = any */
    struct str reason; /* a comparison that speaks for the record, by its name in the reasons; absent = any */
    struct id fair;    /* captured at; empty = any */
    int sort;          /* flow_inbox_sort_words */
    struct flow_page page;
};
/* struct flow_inbox_item. */
int flow_inbox_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_inbox_query *query,
                    struct arena *arena, struct flow_list *ret_list, struct err *err);
/* struct flow_inbox_lane, one of each lane; the query's lane and page do not matter. */
int flow_inbox_lanes(const struct flow *flow, const struct flow_actor *actor, const struct flow_inbox_query *query,
                     struct arena *arena, struct flow_list *ret_list, struct err *err);

struct flow_inbox_patch {
    struct id contact;
    struct flow_inbox_change change;
};
/* Errors: ERR_NOT_FOUND, ERR_FORBIDDEN (reader of the list), ERR_INVALID (no such day, or a user who cannot see it). */
int flow_inbox_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_inbox_patch *patch,
                     struct arena *arena, struct flow_inbox_item *ret_item, struct err *err);
struct flow_inbox_look {
    struct id contact;
    bool here;
};
/* Says that the actor looks at the contact, for half a minute, or no longer; and who else does. ERR_NOT_FOUND. */
int flow_inbox_look(const struct flow *flow, const struct flow_actor *actor, const struct flow_inbox_look *look,
                    struct arena *arena, struct flow_presence *ret_presence, struct err *err);

#endif
