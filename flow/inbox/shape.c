/* Shapes of the inbox; see inbox.h for what the members mean. */
#include "flow/inbox/inbox.h"
#include "flow/shape/rows.h"

const char *const flow_lane_words[] = {"exists", "possible", "company", "new", "later", NULL};
const char *const flow_inbox_sort_words[] = {"newest", "effort", "value", NULL};

static const struct json_field flow_inbox_person_rows[] = {
    TEXT(flow_inbox_person, id, "UUID."),
    TEXT(flow_inbox_person, name, NULL),
};
SHAPE(flow_inbox_person, "InboxPerson");

static const struct json_field flow_inbox_item_rows[] = {
    PART(flow_inbox_item, contact, flow_contact_shape, NULL),
    WORD(flow_inbox_item, lane, flow_lane_words, "Where it lies."),
    MAYBE(flow_inbox_item, best, flow_candidate_shape, "The record that speaks for it."),
    WHOLE(flow_inbox_item, conflicts, "Fields that say something else there, as last fetched."),
    WHOLE(flow_inbox_item, additions, "Fields that are missing there, as last fetched."),
    PART(flow_inbox_item, owner, flow_inbox_person_shape, "Who captured it."),
    MAYBE(flow_inbox_item, assignee, flow_inbox_person_shape, "Who takes care of it."),
    TEXT(flow_inbox_item, postponed_until, "YYYY-MM-DD; null: not put off."),
};
SHAPE(flow_inbox_item, "InboxItem");

static const struct json_field flow_inbox_lane_rows[] = {
    WORD(flow_inbox_lane, lane, flow_lane_words, NULL),
    WHOLE(flow_inbox_lane, n, "Contacts."),
};
SHAPE(flow_inbox_lane, "InboxLane");

static const struct json_field flow_inbox_change_rows[] = {
    LIMITED(flow_inbox_change, postponed_until, 10, "YYYY-MM-DD: put off until that day; empty: no longer."),
    LIMITED(flow_inbox_change, assignee_id, 36, "A user who sees the contact's list; empty: nobody."),
};
SHAPE(flow_inbox_change, "InboxChange");

static const struct json_field flow_presence_here_rows[] = {
    ROW(flow_presence_here, here, BOOL, .flags = JSON_REQUIRED,
        .doc = "Whether you look at it; to be said again every 15 seconds."),
};
SHAPE(flow_presence_here, "PresenceHere");

static const struct json_field flow_presence_rows[] = {
    MANY(flow_presence, others, flow_inbox_person_shape, "Who else looks at it now."),
};
SHAPE(flow_presence, "Presence");
