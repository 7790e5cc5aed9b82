/* See inbox.h. */
#include "flow/inbox/inbox.h"

#include "base/limits.h"
#include "flow/audit/audit.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/merge/plan.h"
#include "flow/reading.h"
#include "flow/rules/policy.h"
#include "store/inbox/inbox.h"
#include "store/record.h"

enum { MOST_CONNECTIONS = 8 /* whose mappings one page keeps open */ };

/* What one page is made with. */
struct desk {
    const struct flow *flow;
    const struct flow_actor *actor;
    struct store_tx *tx;
    struct arena *arena;
    struct flow_policy policy;
    struct opened {
        struct id connection;
        struct flow_crm crm; /* .flow NULL: it cannot be opened */
    } opened[MOST_CONNECTIONS];
    size_t n;
};

static void desk_close(struct desk *desk)
{
    for (size_t i = 0; i < desk->n; i++)
        flow_crm_close(&desk->opened[i].crm);
}

/* The connection with its mapping, opened once a page; NULL: it cannot be, then every field counts as mapped. */
static const struct flow_crm *crm_of(struct desk *desk, const struct id *connection)
{
    struct err ignored;
    for (size_t i = 0; i < desk->n; i++)
        if (id_eq(&desk->opened[i].connection, connection))
            return desk->opened[i].crm.flow ? &desk->opened[i].crm : NULL;
    if (desk->n == MOST_CONNECTIONS)
        return NULL;
    struct opened *fresh = &desk->opened[desk->n++];
    fresh->connection = *connection;
    if (flow_crm_open(desk->flow, &desk->actor->org, connection, &fresh->crm, &ignored) == 0)
        return &fresh->crm;
    flow_crm_close(&fresh->crm);
    fresh->crm = (struct flow_crm){.flow = NULL};
    return NULL;
}

static struct flow_inbox_person person_of(const struct desk *desk, const struct id *user)
{
    return (struct flow_inbox_person){flow_id_text(user, desk->arena), flow_name_of(desk->tx, user, desk->arena)};
}

/* How the contact differs from the record, by what the mirror last saw. */
static int item_compare(struct desk *desk, const struct store_contact *contact, const struct store_candidate *best,
                        struct flow_inbox_item *item, struct err *err)
{
    struct store_record record;
    struct flow_row *rows;
    const struct flow_reading reading = flow_reading_of(contact->reading, desk->arena);
    if (store_record_get(desk->tx, &best->record, desk->arena, &record, err) < 0)
        return -1;
    const struct flow_crm *crm = crm_of(desk, &best->connection);
    const struct flow_sides sides = {.card = &contact->contact,
                                     .crm = &record.contact,
                                     .moved = flow_candidate_moved(best),
                                     .survivorship = &desk->policy.survivorship,
                                     .claims = &reading.claims,
                                     .mapped = crm ? flow_crm_maps : NULL,
                                     .mapped_self = crm};
    size_t n = flow_rows(&sides, desk->arena, &rows);
    for (size_t i = 0; i < n; i++) {
        item->conflicts += rows[i].group == FLOW_GROUP_CONFLICT;
        item->additions += rows[i].group == FLOW_GROUP_ADDITION;
    }
    item->best = arena_one(desk->arena, struct flow_candidate);
    return flow_candidate_view(desk->tx, desk->actor, best, desk->arena, item->best, err);
}

static int item_view(struct desk *desk, const struct store_inbox_item *row, struct flow_inbox_item *ret_item,
                     struct err *err)
{
    struct store_contact contact;
    struct json_list candidates;
    struct flow_inbox_item item = {.lane = str_word(row->lane, flow_lane_words),
                                   .postponed_until = row->postponed_until};
    if (store_contact_get(desk->tx, &row->contact, desk->arena, &contact, err) < 0 ||
        flow_contact_view(desk->tx, desk->actor, &contact, desk->arena, &item.contact, err) < 0 ||
        store_candidates_of(desk->tx, &row->contact, desk->arena, &candidates, err) < 0)
        return -1;
    item.contact.claims = item.contact.unassigned = (struct json_list){NULL, 0};
    const struct store_candidate *best = flow_candidate_best(&candidates);
    if (best && item_compare(desk, &contact, best, &item, err) < 0)
        return -1;
    item.owner = person_of(desk, &contact.owner);
    if (!id_none(&row->assignee)) {
        item.assignee = arena_one(desk->arena, struct flow_inbox_person);
        *item.assignee = person_of(desk, &row->assignee);
    }
    flow_read(desk->actor, "contact", &row->contact);
    *ret_item = item;
    return 0;
}

static struct store_inbox_filter filter_of(const struct flow_actor *actor, const struct flow_inbox_query *query)
{
    return (struct store_inbox_filter){
        .user = flow_only(actor),
        .viewer = &actor->user,
        .lane = query->lane < 0 ? STR_NONE : str_c(flow_lane_words[query->lane]),
        .list = query->list,
        .owner = query->owner,
        .assignee = query->assignee,
        .connection = query->connection,
        .days = query->days,
        .reason = query->reason,
        .fair = query->fair,
        .sort = query->sort <= FLOW_INBOX_NEWEST ? STR_NONE : str_c(flow_inbox_sort_words[query->sort])};
}

int flow_inbox_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_inbox_query *query,
                    struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(desk_close) struct desk desk = {.flow = flow, .actor = actor, .arena = arena};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct store_inbox_filter filter = filter_of(actor, query);
    struct store_page page;
    struct json_list rows;
    if (flow_page_ask(&query->page, &page.before, &page.limit, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        flow_policy_active(tx, arena, &desk.policy, err) < 0 ||
        store_inbox_list(tx, &filter, &page, arena, &rows, err) < 0)
        return -1;
    desk.tx = tx;
    size_t n = flow_page_keep(&query->page, rows.n);
    struct flow_inbox_item *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        if (item_view(&desk, (const struct store_inbox_item *)rows.items + i, &items[i], err) < 0)
            return -1;
    *ret_list = (struct flow_list){{items, n}, n < rows.n ? items[n - 1].contact.id : STR_NONE};
    return 0;
}

int flow_inbox_lanes(const struct flow *flow, const struct flow_actor *actor, const struct flow_inbox_query *query,
                     struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct store_inbox_filter filter = filter_of(actor, query);
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_inbox_lanes(tx, &filter, arena, &rows, err) < 0)
        return -1;
    const struct store_inbox_lane *row = rows.items;
    struct flow_inbox_lane *lanes = arena_array(arena, FLOW_LANE_LATER + 1, sizeof *lanes);
    for (int lane = 0; lane <= FLOW_LANE_LATER; lane++) {
        lanes[lane].lane = lane;
        for (size_t i = 0; i < rows.n; i++)
            if (str_eq(row[i].lane, str_c(flow_lane_words[lane])))
                lanes[lane].n = row[i].n;
    }
    *ret_list = (struct flow_list){{lanes, FLOW_LANE_LATER + 1}, STR_NONE};
    return 0;
}

/* ---- Putting off and assigning ---- */

static bool is_day(struct str text)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year, month, day;
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' || !str_to_int(str_slice(text, 0, 4), 2000, 9999, &year) ||
        !str_to_int(str_slice(text, 5, 7), 1, 12, &month) ||
        !str_to_int(str_slice(text, 8, 10), 1, days[month - 1], &day))
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month != 2 || day < 29 || leap;
}

/* Who is to take care of it has to see it. */
static int assignee_check(struct store_tx *tx, const struct flow_actor *actor, const struct store_contact *contact,
                          struct str wanted, struct id *ret_user, struct err *err)
{
    struct flow_actor other = *actor;
    if (str_empty(wanted)) {
        *ret_user = (struct id){""};
        return 0;
    }
    if (flow_id_read(wanted, "/assignee_id", &other.user, err) < 0)
        return -1;
    other.any = false;
    if (!id_eq(&other.user, &actor->user) && flow_reach(tx, &other, &contact->list, false, err) < 0)
        return err_field(err, ERR_INVALID, "/assignee_id", "this user does not see the contact's list");
    *ret_user = other.user;
    return 0;
}

int flow_inbox_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_inbox_patch *patch,
                     struct arena *arena, struct flow_inbox_item *ret_item, struct err *err)
{
    _cleanup_(desk_close) struct desk desk = {.flow = flow, .actor = actor, .arena = arena};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct flow_inbox_change *change = &patch->change;
    struct store_contact contact;
    struct store_inbox_item row;
    struct flow_deed deed = {.action = "inbox.update", .kind = "contact", .subject = &patch->contact, .state = "desk"};
    if (change->postponed_until.n && !is_day(change->postponed_until))
        return err_field(err, ERR_INVALID, "/postponed_until", "YYYY-MM-DD is expected");
    if (flow_begin(flow, actor, &tx, err) < 0 ||
        flow_contact_own(tx, actor, &patch->contact, arena, &contact, err) < 0 ||
        store_inbox_get(tx, &patch->contact, arena, &row, err) < 0 ||
        (change->assignee_id.p && assignee_check(tx, actor, &contact, change->assignee_id, &row.assignee, err) < 0))
        return -1;
    if (change->postponed_until.p)
        row.postponed_until = str_empty(change->postponed_until) ? STR_NONE : change->postponed_until;
    desk.tx = tx;
    if (flow_policy_active(tx, arena, &desk.policy, err) < 0 || store_inbox_put(tx, &row, err) < 0 ||
        store_inbox_get(tx, &patch->contact, arena, &row, err) < 0 || item_view(&desk, &row, ret_item, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

/* ---- Presence ---- */

int flow_inbox_look(const struct flow *flow, const struct flow_actor *actor, const struct flow_inbox_look *look,
                    struct arena *arena, struct flow_presence *ret_presence, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact contact;
    struct json_list users;
    if (flow_begin(flow, actor, &tx, err) < 0 ||
        flow_contact_load(tx, actor, &look->contact, arena, &contact, err) < 0 ||
        store_inbox_look(tx, &look->contact, &actor->user, look->here, err) < 0 ||
        store_inbox_lookers(tx, &look->contact, &actor->user, arena, &users, err) < 0)
        return -1;
    const struct desk desk = {.flow = flow, .actor = actor, .tx = tx, .arena = arena};
    struct flow_inbox_person *others = arena_array(arena, users.n, sizeof *others);
    for (size_t i = 0; i < users.n; i++)
        others[i] = person_of(&desk, (const struct id *)users.items + i);
    store_event(tx, "contact", &look->contact, look->here ? "looked_at" : "left_alone");
    *ret_presence = (struct flow_presence){{others, users.n}};
    return store_commit(&tx, err);
}
