/* Asking for a search and reading what it found; see duplicates.h. */
#include "flow/duplicates/duplicates.h"

#include "crm-connectors/connector.h"
#include "flow/audit/audit.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/duplicates/desk.h"
#include "flow/duplicates/search.h"
#include "flow/shape/rows.h"
#include "store/connection.h"

static const struct json_field flow_duplicate_member_rows[] = {
    TEXT(flow_duplicate_member, record_id, "UUID of the record in the mirror."),
    PART(flow_duplicate_member, connection, flow_connection_ref_shape, NULL),
    TEXT(flow_duplicate_member, remote_id, "The CRM's own id."),
    TEXT(flow_duplicate_member, display, "Name and organisation."),
    PART(flow_duplicate_member, contact, contact_shape, "As last fetched."),
};
SHAPE(flow_duplicate_member, "DuplicateMember");

static const struct json_field flow_duplicate_rows[] = {
    TEXT(flow_duplicate, id, "UUID; the same after every search."),
    TEXT(flow_duplicate, left_id, "Record of one member."),
    TEXT(flow_duplicate, right_id, "Record of the other."),
    REAL(flow_duplicate, weight, "Bits."),
    REAL(flow_duplicate, probability, "0 to 1."),
    WORD(flow_duplicate, band, flow_band_words, NULL),
    MANY(flow_duplicate, reasons, flow_reason_shape, "Strongest first."),
    PART(flow_duplicate, why, flow_why_shape, "What else it may be."),
    WORD(flow_duplicate, decided, flow_decision_words, "What a person decided; null: nobody yet."),
    TEXT(flow_duplicate, next_step, "What is left to do; null: nothing."),
    WHOLE(flow_duplicate, version, "For If-Match."),
};
SHAPE(flow_duplicate, "DuplicatePair");

static const struct json_field flow_duplicate_group_rows[] = {
    TEXT(flow_duplicate_group, id, "UUID; another after every search."),
    MANY(flow_duplicate_group, members, flow_duplicate_member_shape, "Records that are taken for one person."),
    MANY(flow_duplicate_group, pairs, flow_duplicate_shape, "Strongest first, at most 50."),
    WHOLE(flow_duplicate_group, pairs_total, "How many pairs there are."),
    TEXTS(flow_duplicate_group, notes, "What is to be known before the CRM merges them, in the user's language."),
};
SHAPE(flow_duplicate_group, "DuplicateGroup");

int flow_duplicates_search(const struct flow *flow, const struct flow_actor *actor, struct id *ret_job, struct err *err)
{
    enum { BACKGROUND = 10 };
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_job_spec spec = {
        .kind = FLOW_STOCK_JOB, .subject = actor->org, .user = actor->user, .priority = BACKGROUND};
    struct flow_deed deed = {.action = "duplicate.search", .kind = "duplicate", .subject = &actor->org};
    if (flow_may(flow, actor, "duplicate", "search", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_job_add(tx, &spec, ret_job, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_desk_open(struct store_tx *tx, const struct flow_actor *actor, struct arena *arena, struct flow_desk *ret_desk,
                   struct err *err)
{
    *ret_desk = (struct flow_desk){.actor = actor, .tx = tx, .arena = arena};
    return store_connection_list(tx, arena, &ret_desk->connections, err);
}

static struct flow_connection_ref connection_of(const struct flow_desk *desk, const struct id *id)
{
    const struct store_connection *row = desk->connections.items;
    for (size_t i = 0; i < desk->connections.n; i++)
        if (id_eq(&row[i].id, id))
            return (struct flow_connection_ref){flow_id_text(id, desk->arena), row[i].name, row[i].kind};
    return (struct flow_connection_ref){.id = flow_id_text(id, desk->arena)};
}

struct flow_duplicate_member flow_desk_member(const struct flow_desk *desk, const struct store_record *row)
{
    flow_read(desk->actor, "record", &row->id);
    return (struct flow_duplicate_member){.record_id = flow_id_text(&row->id, desk->arena),
                                          .connection = connection_of(desk, &row->connection),
                                          .remote_id = row->remote_id,
                                          .display = flow_record_display(&row->contact, desk->arena),
                                          .contact = row->contact};
}

/* How many of the members lie in the connection of the one. */
static size_t beside(const struct json_list *members, const struct flow_duplicate_member *one)
{
    const struct flow_duplicate_member *member = members->items;
    size_t n = 0;
    for (size_t i = 0; i < members->n; i++)
        n += str_eq(member[i].connection.id, one->connection.id);
    return n;
}

static bool first_there(const struct json_list *members, const struct flow_duplicate_member *one)
{
    const struct flow_duplicate_member *member = members->items;
    while (!str_eq(member->connection.id, one->connection.id))
        member++;
    return member == one;
}

struct json_list flow_desk_notes(const struct flow_desk *desk, const struct json_list *members)
{
    const struct flow_duplicate_member *member = members->items;
    struct str *notes = arena_array(desk->arena, members->n, sizeof *notes);
    const char *form =
        flow_say(desk->actor, "%s merges at most %zu records at a time: these %zu take %zu steps.",
                 "%s führt höchstens %zu Datensätze auf einmal zusammen: Für diese %zu sind es %zu Schritte.");
    size_t n = 0;
    for (size_t i = 0; i < members->n; i++) {
        const struct crm_connector *crm = crm_connector_find(member[i].connection.kind);
        size_t most = crm ? (size_t)crm->merge_most : 0, there = beside(members, &member[i]);
        if (most == 0 || there <= most || !first_there(members, &member[i]))
            continue;
        notes[n++] = str_printf(desk->arena, form, crm->name, most, there, (there - 1 + most - 2) / (most - 1));
    }
    return (struct json_list){notes, n};
}

static size_t id_add(struct id *ids, size_t n, const struct id *id)
{
    for (size_t i = 0; i < n; i++)
        if (id_eq(&ids[i], id))
            return n;
    ids[n] = *id;
    return n + 1;
}

static int members_of(const struct flow_desk *desk, const struct store_duplicate *pairs, size_t n,
                      struct json_list *ret_members, struct err *err)
{
    struct id ids[2 * FLOW_DUPLICATE_PAIRS];
    struct json_list rows;
    size_t ids_n = 0;
    for (size_t i = 0; i < n; i++) {
        ids_n = id_add(ids, ids_n, &pairs[i].left);
        ids_n = id_add(ids, ids_n, &pairs[i].right);
    }
    if (store_record_get_many(desk->tx, ids, ids_n, desk->arena, &rows, err) < 0)
        return -1;
    struct flow_duplicate_member *members = arena_array(desk->arena, rows.n, sizeof *members);
    for (size_t i = 0; i < rows.n; i++)
        members[i] = flow_desk_member(desk, (const struct store_record *)rows.items + i);
    *ret_members = (struct json_list){members, rows.n};
    return 0;
}

static const struct flow_duplicate_member *member_find(const struct json_list *members, const struct id *record)
{
    const struct flow_duplicate_member *member = members->items;
    for (size_t i = 0; i < members->n; i++)
        if (str_eq(member[i].record_id, id_str(record)))
            return &member[i];
    return NULL;
}

/* For whoever merges the two in the CRM. Absent when one of them is gone. */
static struct str next_step(const struct flow_desk *desk, const struct store_duplicate *row,
                            const struct json_list *members)
{
    const struct flow_duplicate_member *left = member_find(members, &row->left);
    const struct flow_duplicate_member *right = member_find(members, &row->right);
    if (!left || !right)
        return STR_NONE;
    if (!str_eq(left->connection.id, right->connection.id))
        return str_c(flow_say(desk->actor, "They are in two systems; there is nothing to merge.",
                              "Sie liegen in zwei Systemen; zusammenzuführen ist nichts."));
    const char *form =
        flow_say(desk->actor, "Merge the records %.*s and %.*s in “%.*s” itself; nothing was changed there.",
                 "Führen Sie die Datensätze %.*s und %.*s in „%.*s“ selbst zusammen; dort wurde nichts "
                 "geändert.");
    return str_printf(desk->arena, form, STR_ARG(left->remote_id), STR_ARG(right->remote_id),
                      STR_ARG(left->connection.name));
}

struct flow_duplicate flow_desk_pair(const struct flow_desk *desk, const struct store_duplicate *row,
                                     const struct json_list *members)
{
    struct arena *arena = desk->arena;
    const struct store_candidate judged = {
        .weight = row->weight, .probability = row->probability, .band = row->band, .reasons = row->reasons};
    struct json_list reasons;
    struct flow_why why = flow_why_of(desk->actor, &judged, arena, &reasons);
    int decided = str_word(row->decided, flow_decision_words);
    return (struct flow_duplicate){
        .id = flow_id_text(&row->id, arena),
        .left_id = flow_id_text(&row->left, arena),
        .right_id = flow_id_text(&row->right, arena),
        .weight = row->weight,
        .probability = row->probability,
        .band = str_word(row->band, flow_band_words),
        .reasons = reasons,
        .why = why,
        .decided = decided,
        .next_step = decided == FLOW_DECIDED_SAME ? next_step(desk, row, members) : STR_NONE,
        .version = row->version,
    };
}

int flow_duplicate_view(struct store_tx *tx, const struct flow_actor *actor, const struct store_duplicate *row,
                        struct arena *arena, struct flow_duplicate *ret_pair, struct err *err)
{
    struct flow_desk desk;
    struct json_list members;
    if (flow_desk_open(tx, actor, arena, &desk, err) < 0 || members_of(&desk, row, 1, &members, err) < 0)
        return -1;
    *ret_pair = flow_desk_pair(&desk, row, &members);
    return 0;
}

/* The group that begins at `rows`; *ret_n of them belong to it. */
static int group_of(const struct flow_desk *desk, const struct store_duplicate *rows, size_t left,
                    struct flow_duplicate_group *ret_group, size_t *ret_n, struct err *err)
{
    size_t n = 1;
    while (n < left && id_eq(&rows[n].group, &rows[0].group))
        n++;
    struct flow_duplicate *pairs = arena_array(desk->arena, n, sizeof *pairs);
    *ret_group = (struct flow_duplicate_group){
        .id = flow_id_text(&rows[0].group, desk->arena), .pairs = {pairs, n}, .pairs_total = rows[0].pairs};
    *ret_n = n;
    if (members_of(desk, rows, n, &ret_group->members, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        pairs[i] = flow_desk_pair(desk, &rows[i], &ret_group->members);
    ret_group->notes = flow_desk_notes(desk, &ret_group->members);
    return 0;
}

static int groups_of(const struct flow_desk *desk, const struct json_list *rows, struct json_list *ret_groups,
                     struct err *err)
{
    const struct store_duplicate *row = rows->items;
    struct flow_duplicate_group *groups = arena_array(desk->arena, rows->n, sizeof *groups);
    size_t groups_n = 0;
    for (size_t i = 0, n; i < rows->n; i += n)
        if (group_of(desk, row + i, rows->n - i, &groups[groups_n++], &n, err) < 0)
            return -1;
    *ret_groups = (struct json_list){groups, groups_n};
    return 0;
}

int flow_duplicate_list(const struct flow *flow, const struct flow_actor *actor,
                        const struct flow_duplicate_query *query, struct arena *arena, struct flow_list *ret_list,
                        struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct store_duplicate_filter filter = {
        .decided = query->decision < 0 ? STR_NONE : str_c(flow_decision_words[query->decision]),
        .band = query->band < 0 ? STR_NONE : str_c(flow_band_words[query->band]),
        .connection = query->connection};
    struct store_page page;
    struct json_list ids, rows = {NULL, 0};
    if (flow_may(flow, actor, "duplicate", "list", err) < 0 ||
        flow_page_ask(&query->page, &page.before, &page.limit, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_duplicate_groups(tx, &filter, &page, arena, &ids, err) < 0)
        return -1;
    const struct store_duplicate_ask ask = {ids.items, flow_page_keep(&query->page, ids.n), FLOW_DUPLICATE_PAIRS};
    struct flow_desk desk;
    if (flow_desk_open(tx, actor, arena, &desk, err) < 0 ||
        (ask.n > 0 && store_duplicates_of(tx, &ask, arena, &rows, err) < 0) ||
        groups_of(&desk, &rows, &ret_list->items, err) < 0)
        return -1;
    ret_list->next = ids.n > ask.n ? flow_id_text(&ask.groups[ask.n - 1], arena) : STR_NONE;
    return 0;
}
