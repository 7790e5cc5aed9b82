/* See cluster.h. The links between records are those that the search over the stock keeps, else they are judged here.
 */
#include "flow/duplicates/cluster.h"

#include "flow/audit/audit.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/duplicates/desk.h"
#include "flow/rules/policy.h"
#include "flow/shape/rows.h"

static const struct json_field flow_cluster_member_rows[] = {
    PART(flow_cluster_member, record, flow_duplicate_member_shape, NULL),
    TEXT(flow_cluster_member, candidate_id, "The contact's candidate; null: it is there because of another member."),
    YES(flow_cluster_member, belongs, "Reached from the contact by links that nobody decided to be different."),
};
SHAPE(flow_cluster_member, "ClusterMember");

static const struct json_field flow_cluster_rows[] = {
    TEXT(flow_cluster, contact_id, NULL),
    WHOLE(flow_cluster, contact_version, "For If-Match, and for the preview."),
    MANY(flow_cluster, members, flow_cluster_member_shape, "At most eight, those that belong first."),
    MANY(flow_cluster, links, flow_duplicate_shape, "Between two of them, or one and the contact, by its own id."),
    TEXTS(flow_cluster, notes, "What is to be known before the CRM merges them, in the user's language."),
};
SHAPE(flow_cluster, "Cluster");

static const struct json_field flow_cluster_wish_rows[] = {
    NEEDED(flow_cluster_wish, record_id, 36, "One of the members."),
    ROW(flow_cluster_wish, belongs, BOOL, .flags = JSON_REQUIRED,
        .doc = "No: it is split off, and that is remembered. Yes: that is taken back."),
};
SHAPE(flow_cluster_wish, "ClusterWish");

enum { MOST = FLOW_CLUSTER_MOST, CARD = MOST, MOST_LINKS = MOST * (MOST + 1) / 2, MOST_KEPT = 200 };

/* Between two members, or a member and the card. */
struct link {
    size_t a, b; /* places of members, or CARD */
    bool kept;   /* the stock's; else judged now */
    struct store_duplicate row;
};

struct cluster {
    struct flow_desk desk;
    struct store_contact contact;
    struct json_list candidates; /* struct store_candidate */
    struct json_list kept;       /* struct store_duplicate: of the stock, with one member at least */
    struct id ids[MOST];
    struct store_record records[MOST];
    const struct store_candidate *candidate[MOST]; /* NULL: none of the contact */
    bool belongs[MOST + 1];
    size_t n;
    struct link links[MOST_LINKS];
    size_t links_n;
};

static bool is_different(struct str decided)
{
    return str_eq(decided, STR("different"));
}

/* ---- Who ---- */

static ptrdiff_t place_of(const struct cluster *c, const struct id *record)
{
    for (size_t i = 0; i < c->n; i++)
        if (id_eq(&c->ids[i], record))
            return (ptrdiff_t)i;
    return -1;
}

static bool add(struct cluster *c, const struct id *record)
{
    if (c->n == MOST || place_of(c, record) >= 0)
        return false;
    c->ids[c->n++] = *record;
    return true;
}

/* Members of members, until there are no more. */
static int add_neighbours(struct cluster *c, struct err *err)
{
    bool more = c->n > 0;
    while (more) {
        const struct store_duplicate_around around = {c->contact.id, c->ids, c->n, MOST_KEPT};
        if (store_duplicates_around(c->desk.tx, &around, c->desk.arena, &c->kept, err) < 0)
            return -1;
        const struct store_duplicate *pair = c->kept.items;
        more = false;
        for (size_t i = 0; i < c->kept.n; i++) {
            bool ours = place_of(c, &pair[i].left) >= 0 && place_of(c, &pair[i].right) >= 0;
            more = (!ours && (add(c, &pair[i].left) || add(c, &pair[i].right))) || more;
        }
    }
    return 0;
}

static int add_candidates(struct cluster *c, struct err *err)
{
    if (store_candidates_of(c->desk.tx, &c->contact.id, c->desk.arena, &c->candidates, err) < 0)
        return -1;
    const struct store_candidate *row = c->candidates.items;
    for (size_t i = 0; i < c->candidates.n; i++)
        if (!is_different(row[i].decided))
            add(c, &row[i].record);
    if (add_neighbours(c, err) < 0)
        return -1;
    for (size_t i = 0; i < c->candidates.n; i++)
        add(c, &row[i].record);
    return 0;
}

/* The records as the mirror has them; those that are gone leave the cluster. */
static int read_records(struct cluster *c, struct err *err)
{
    struct json_list rows;
    if (store_record_get_many(c->desk.tx, c->ids, c->n, c->desk.arena, &rows, err) < 0)
        return -1;
    const struct store_candidate *candidate = c->candidates.items;
    c->n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        c->records[i] = ((const struct store_record *)rows.items)[i];
        c->ids[i] = c->records[i].id;
        c->candidate[i] = NULL;
        for (size_t k = 0; k < c->candidates.n; k++)
            if (id_eq(&candidate[k].record, &c->ids[i]))
                c->candidate[i] = &candidate[k];
    }
    return 0;
}

/* ---- How they hang together ---- */

static const struct store_duplicate *kept_pair(const struct cluster *c, const struct id *a, const struct id *b)
{
    const struct store_duplicate *pair = c->kept.items;
    for (size_t i = 0; i < c->kept.n; i++)
        if ((id_eq(&pair[i].left, a) && id_eq(&pair[i].right, b)) ||
            (id_eq(&pair[i].left, b) && id_eq(&pair[i].right, a)))
            return &pair[i];
    return NULL;
}

static void link_card(struct cluster *c, size_t i)
{
    const struct store_candidate *row = c->candidate[i];
    if (!row)
        return;
    c->links[c->links_n++] = (struct link){.a = CARD,
                                           .b = i,
                                           .kept = true,
                                           .row = {.id = row->id,
                                                   .left = c->contact.id,
                                                   .right = row->record,
                                                   .weight = row->weight,
                                                   .probability = row->probability,
                                                   .band = row->band,
                                                   .reasons = row->reasons,
                                                   .decided = row->decided}};
}

static void link_records(struct cluster *c, const struct dedupe_model *model, size_t a, size_t b)
{
    const struct store_duplicate *kept = kept_pair(c, &c->ids[a], &c->ids[b]);
    struct link link = {.a = a, .b = b, .kept = kept != NULL};
    if (kept)
        link.row = *kept;
    else if (!flow_pair_judge(model, &c->records[a], &c->records[b], c->desk.arena, &link.row))
        return;
    c->links[c->links_n++] = link;
}

/* Said to be another person than the contact. */
static bool is_out(const struct cluster *c, size_t at)
{
    return at != CARD && c->candidate[at] && is_different(c->candidate[at]->decided);
}

/* From the card along links that nobody decided to be different, and not through who is another person. */
static void reach(struct cluster *c)
{
    c->belongs[CARD] = true;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < c->links_n; i++) {
            const struct link *link = &c->links[i];
            if (c->belongs[link->a] == c->belongs[link->b] || is_different(link->row.decided) || is_out(c, link->a) ||
                is_out(c, link->b))
                continue;
            c->belongs[link->a] = c->belongs[link->b] = more = true;
        }
    }
}

static int cluster_open(struct cluster *c, struct err *err)
{
    struct flow_policy policy;
    c->n = c->links_n = 0;
    memset(c->belongs, 0, sizeof c->belongs);
    c->kept = (struct json_list){NULL, 0};
    if (add_candidates(c, err) < 0 || read_records(c, err) < 0 ||
        flow_policy_active(c->desk.tx, c->desk.arena, &policy, err) < 0)
        return -1;
    for (size_t i = 0; i < c->n; i++) {
        link_card(c, i);
        for (size_t k = 0; k < i; k++)
            link_records(c, policy.model, k, i);
    }
    reach(c);
    return 0;
}

/* ---- As people see it ---- */

static struct flow_cluster cluster_view(struct cluster *c)
{
    struct arena *arena = c->desk.arena;
    struct flow_cluster_member *members = arena_array(arena, c->n, sizeof *members);
    struct flow_duplicate_member *together = arena_array(arena, c->n, sizeof *together);
    struct flow_duplicate *links = arena_array(arena, c->links_n, sizeof *links);
    struct json_list belonging = {together, 0};
    size_t n = 0;
    for (int turn = 0; turn < 2; turn++) /* those that belong first */
        for (size_t i = 0; i < c->n; i++) {
            if (c->belongs[i] != (turn == 0))
                continue;
            members[n] = (struct flow_cluster_member){.record = flow_desk_member(&c->desk, &c->records[i]),
                                                      .belongs = c->belongs[i]};
            if (c->candidate[i])
                members[n].candidate_id = flow_id_text(&c->candidate[i]->id, arena);
            if (c->belongs[i])
                together[belonging.n++] = members[n].record;
            n++;
        }
    for (size_t i = 0; i < c->links_n; i++) {
        links[i] = flow_desk_pair(&c->desk, &c->links[i].row, &belonging);
        if (!c->links[i].kept)
            links[i].id = STR_NONE;
    }
    return (struct flow_cluster){.contact_id = flow_id_text(&c->contact.id, arena),
                                 .contact_version = c->contact.version,
                                 .members = {members, n},
                                 .links = {links, c->links_n},
                                 .notes = flow_desk_notes(&c->desk, &belonging)};
}

int flow_cluster_get(const struct flow *flow, const struct flow_actor *actor, struct id contact, struct arena *arena,
                     struct flow_cluster *ret_cluster, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct cluster *c = arena_one(arena, struct cluster);
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_contact_load(tx, actor, &contact, arena, &c->contact, err) < 0 ||
        flow_desk_open(tx, actor, arena, &c->desk, err) < 0 || cluster_open(c, err) < 0)
        return -1;
    flow_read(actor, "contact", &contact);
    *ret_cluster = cluster_view(c);
    return 0;
}

/* ---- Splitting off, and back ---- */

static int regroup(struct cluster *c, const struct id *pairs, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct store_duplicate row;
        if (store_duplicate_get(c->desk.tx, &pairs[i], c->desk.arena, &row, err) < 0 ||
            flow_pair_regroup(c->desk.tx, &row, err) < 0)
            return -1;
    }
    return 0;
}

/* What links the record to members that stay is decided; what only was judged now is kept for that. */
static int split_off(struct cluster *c, size_t at, const struct id *user, struct err *err)
{
    struct store_duplicate fresh[MOST];
    struct id pairs[MOST];
    size_t fresh_n = 0, n = 0;
    for (size_t i = 0; i < c->links_n; i++) {
        const struct link *link = &c->links[i];
        size_t other = link->a == at ? link->b : link->a;
        if ((link->a != at && link->b != at) || other == CARD || !c->belongs[other] || link->row.decided.p)
            continue;
        pairs[n++] = store_duplicate_id(&link->row.left, &link->row.right);
        if (!link->kept) {
            fresh[fresh_n] = link->row;
            fresh[fresh_n++].group = id_new();
        }
    }
    const struct store_duplicate_split split = {c->contact.id, c->ids[at], *user, pairs, n};
    if ((fresh_n && store_duplicates_put(c->desk.tx, fresh, fresh_n, err) < 0) ||
        (c->candidate[at] && store_candidate_decide(c->desk.tx, &c->candidate[at]->id, false, STR_NONE, user, err) < 0))
        return -1;
    return n == 0 || store_duplicates_split(c->desk.tx, &split, err) == 0 ? regroup(c, pairs, n, err) : -1;
}

static int join(struct cluster *c, size_t at, struct err *err)
{
    struct json_list pairs;
    if (c->candidate[at] && is_different(c->candidate[at]->decided) &&
        store_candidate_reopen(c->desk.tx, &c->candidate[at]->id, err) < 0)
        return -1;
    if (store_duplicates_rejoin(c->desk.tx, &c->contact.id, &c->ids[at], c->desk.arena, &pairs, err) < 0)
        return -1;
    return regroup(c, pairs.items, pairs.n, err);
}

static int decide(struct cluster *c, const struct flow_actor *actor, const struct flow_cluster_decide *wish,
                  struct err *err)
{
    struct store_tx *tx = c->desk.tx;
    ptrdiff_t at;
    if (store_duplicates_lock(tx, err) < 0 || cluster_open(c, err) < 0)
        return -1;
    if (c->contact.version != wish->version)
        return err_set(err, ERR_STALE, "contact");
    at = place_of(c, &wish->record);
    if (at < 0)
        return err_set(err, ERR_NOT_FOUND, "member");
    if (c->belongs[at] == wish->belongs)
        return 0;
    /* Moving the contact into the state it has makes a new version, so that two deciders cannot pass each other. */
    const char *state = str_z(c->desk.arena, c->contact.state);
    if (store_contact_move(tx, &wish->contact, wish->version, state, state, err) < 0)
        return -1;
    return wish->belongs ? join(c, (size_t)at, err) : split_off(c, (size_t)at, &actor->user, err);
}

int flow_cluster_decide(const struct flow *flow, const struct flow_actor *actor, const struct flow_cluster_decide *wish,
                        struct arena *arena, struct flow_cluster *ret_cluster, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct cluster *c = arena_one(arena, struct cluster);
    struct flow_deed deed = {.action = wish->belongs ? "cluster.join" : "cluster.split",
                             .kind = "contact",
                             .subject = &wish->contact,
                             .state = "decided",
                             .records = &wish->record,
                             .n = 1};
    if (flow_begin(flow, actor, &tx, err) < 0 ||
        flow_contact_own(tx, actor, &wish->contact, arena, &c->contact, err) < 0 ||
        flow_desk_open(tx, actor, arena, &c->desk, err) < 0 || decide(c, actor, wish, err) < 0 ||
        flow_contact_own(tx, actor, &wish->contact, arena, &c->contact, err) < 0 || cluster_open(c, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    *ret_cluster = cluster_view(c);
    return store_commit(&tx, err);
}
