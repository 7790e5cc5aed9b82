/* Contacts: create, find, change, bin, versions; see contacts.h. */
#include "flow/contacts.h"

#include "base/limits.h"
#include "contact/vcard.h"
#include "flow/audit/audit.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/idempotency.h"
#include "flow/jobs.h"
#include "flow/merge/plan.h"
#include "flow/reading.h"
#include "flow/search.h"
#include "flow/states.h"
#include "flow/submit.h"
#include "store/job.h"
#include "store/match/index.h"

static struct flow_fair_ref *fair_ref(const struct store_fair_ref *row, struct arena *arena)
{
    if (id_none(&row->id))
        return NULL;
    struct flow_fair_ref *ref = arena_one(arena, struct flow_fair_ref);
    *ref = (struct flow_fair_ref){.id = flow_id_text(&row->id, arena),
                                  .name = row->name,
                                  .tag = row->tag,
                                  .legal_basis = str_word(row->legal_basis, flow_legal_basis_words)};
    return ref;
}

int flow_contact_view(struct store_tx *tx, const struct flow_actor *actor, const struct store_contact *row,
                      struct arena *arena, struct flow_contact *ret, struct err *err)
{
    struct flow_reading reading = flow_reading_of(row->reading, arena);
    struct flow_verdict verdict;
    if (flow_verdict_of(tx, actor, row, arena, &verdict, err) < 0)
        return -1;
    *ret = (struct flow_contact){
        .id = flow_id_text(&row->id, arena),
        .list_id = flow_id_text(&row->list, arena),
        .owner_id = flow_id_text(&row->owner, arena),
        .checked_at = flow_time_text(row->checked_at, arena),
        .state = flow_state_of(FLOW_CONTACT, row->state),
        .version = row->version,
        .created_at = flow_time_text(row->created_at, arena),
        .updated_at = flow_time_text(row->updated_at, arena),
        .deleted_at = flow_time_text(row->deleted_at, arena),
        .source = {.kind = !id_none(&row->mailbox) ? FLOW_SOURCE_SIGNATURE
                           : id_none(&row->scan)   ? FLOW_SOURCE_API
                                                   : FLOW_SOURCE_SCAN,
                   .back = row->back,
                   .fair = fair_ref(&row->fair, arena),
                   .suggested_at = flow_time_text(row->suggested_at, arena),
                   .scan_id = flow_id_text(&row->scan, arena),
                   .card = row->card},
        .display = contact_display_name(&row->contact, arena),
        .contact = row->contact,
        .claims = reading.claims,
        .unassigned = reading.unassigned,
        .verdict = verdict,
    };
    return 0;
}

/* The contact as the transaction sees it now. */
static int contact_fresh(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                         struct flow_contact *ret, struct err *err)
{
    struct store_contact row;
    if (store_contact_get(tx, id, arena, &row, err) < 0)
        return -1;
    return flow_contact_view(tx, actor, &row, arena, ret, err);
}

int flow_contact_get(const struct flow *flow, const struct flow_actor *actor, struct id contact, struct arena *arena,
                     struct flow_contact *ret_contact, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact row;
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_contact_load(tx, actor, &contact, arena, &row, err) < 0)
        return -1;
    flow_read(actor, "contact", &contact);
    return flow_contact_view(tx, actor, &row, arena, ret_contact, err);
}

/* Asks for a comparison with the CRMs; `changed` contacts go back to being unmatched. */
static int contact_rematch(struct store_tx *tx, const struct flow_actor *actor, const struct id *contact,
                           struct err *err)
{
    struct store_job_spec spec = {
        .kind = "match", .subject = *contact, .user = actor->user, .max_attempts = FLOW_MATCH_ATTEMPTS};
    struct id job;
    return store_job_add(tx, &spec, &job, err);
}

/* Who is to be kept: what was typed, or what the vCard says. */
static int contact_given(const struct flow *flow, const struct flow_contact_new *input, struct arena *arena,
                         struct contact *ret_contact, struct err *err)
{
    if (input->contact && input->vcard.p)
        return err_field(err, ERR_INVALID, "/vcard", "%s", "a contact or a vCard, not both");
    if (!input->contact && !input->vcard.p)
        return err_field(err, ERR_INVALID, "/contact", "%s", "a contact, or a vCard");
    if (input->contact)
        *ret_contact = *input->contact;
    else if (contact_vcard_read(input->vcard, flow_region(flow), arena, ret_contact, NULL, err) < 0) {
        (void)snprintf(err->pointer, sizeof err->pointer, "/vcard");
        return -1;
    }
    return contact_clean(ret_contact, flow_region(flow), arena, err);
}

static int contact_goal(struct store_tx *tx, const struct flow_actor *actor, const struct flow_contact_new *input,
                        struct store_contact *row, struct err *err)
{
    struct flow_submit_goal goal = {.list = {""}};
    if ((input->list_id.p && flow_id_read(input->list_id, "/list_id", &goal.list, err) < 0) ||
        (input->fair_id.p && flow_id_read(input->fair_id, "/fair_id", &goal.fair, err) < 0) ||
        flow_submit_goal(tx, actor, &goal, err) < 0)
        return -1;
    row->list = goal.list;
    row->fair.id = goal.fair;
    return 0;
}

int flow_contact_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_contact_new *input,
                        struct arena *arena, struct flow_contact *ret_contact, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact row = {.owner = actor->user, .state = STR("read")};
    struct flow_contact fresh;
    struct id id;
    struct flow_deed deed = {.action = "contact.create", .kind = "contact", .subject = &id, .state = "read"};
    if (contact_given(flow, input, arena, &row.contact, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        contact_goal(tx, actor, input, &row, err) < 0 || store_contact_add(tx, &row, &id, err) < 0 ||
        contact_rematch(tx, actor, &id, err) < 0 || contact_fresh(tx, actor, &id, arena, &fresh, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 201,
                                             .location = str_printf(arena, "/v1/contacts/%s", id.s),
                                             .body = json_write(&flow_contact_shape, &fresh, arena)};
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_contact = fresh;
    return 0;
}

/* ---- List ---- */

static bool query_takes(const struct flow_contact_query *query, const struct flow_search *search,
                        const struct store_contact *row, struct arena *arena)
{
    if (query->scan.p && !str_eq(id_str(&row->scan), query->scan))
        return false;
    return !query->q.p || flow_search_hit(search, &row->contact, arena);
}

int flow_contact_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_contact_query *query,
                      struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_search search = {.wanted = {.n = 0}};
    struct store_page page;
    struct json_list rows;
    if (flow_page_ask(&query->page, &page.before, &page.limit, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        (query->q.p && flow_search_begin(tx, query->q, "/q", &search, arena, err) < 0))
        return -1;
    struct store_contact_filter filter = {.user = flow_only(actor),
                                          .viewer = &actor->user,
                                          .list = id_none(&query->list) ? NULL : &query->list,
                                          .fair = id_none(&query->fair) ? NULL : &query->fair,
                                          .state =
                                              query->state < 0 ? STR_NONE : str_c(flow_contact_words[query->state]),
                                          .deleted = query->deleted,
                                          .keys = query->q.p ? search.hashes : NULL,
                                          .key_count = search.wanted.n};
    if (store_contact_list(tx, &filter, &page, arena, &rows, err) < 0)
        return -1;
    size_t n = flow_page_keep(&query->page, rows.n), out = 0;
    const struct store_contact *row = rows.items;
    struct flow_contact *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++) {
        if (!query_takes(query, &search, &row[i], arena))
            continue;
        if (flow_contact_view(tx, actor, &row[i], arena, &items[out++], err) < 0)
            return -1;
        flow_read(actor, "contact", &row[i].id);
    }
    *ret_list = (struct flow_list){{items, out}, n < rows.n ? flow_id_text(&row[n - 1].id, arena) : STR_NONE};
    return 0;
}

/* ---- Change ---- */

/* What a person corrected needs no doubt any more; the place on the card stays. */
static void reading_settle(struct flow_reading *reading, const struct contact *before, const struct contact *after,
                           struct arena *arena)
{
    struct contact_claim *claims = reading->claims.items;
    for (size_t i = 0; i < reading->claims.n; i++) {
        struct str name = claims[i].field;
        ptrdiff_t slash = str_find(name, STR("/"), 0);
        const struct contact_field *field = contact_field_find(slash < 0 ? name : str_slice(name, 0, (size_t)slash));
        if (field && !flow_field_same(before, after, field, arena))
            claims[i].confidence = 1;
    }
}

static int contact_patched(const struct flow *flow, const struct store_contact *row, struct str patch,
                           struct arena *arena, struct contact *ret_after, struct err *err)
{
    struct str json;
    struct contact after;
    if (json_merge_patch(json_write(&contact_shape, &row->contact, arena), patch, arena, &json, err) < 0 ||
        json_read(&contact_shape, json, arena, &after, err) < 0 ||
        contact_clean(&after, flow_region(flow), arena, err) < 0)
        return -1;
    *ret_after = after;
    return 0;
}

/* The states in which a change sends the contact back to being compared. */
static int contact_unmatch(struct store_tx *tx, const struct store_contact *row, struct arena *arena, struct err *err)
{
    int to, from = flow_state_of(FLOW_CONTACT, row->state);
    if (!flow_state_move(FLOW_CONTACT, from, "change", &to))
        return err_set(err, ERR_CONFLICT, "%.*s", STR_ARG(row->state));
    return to == from ? 0 : store_contact_move(tx, &row->id, 0, str_z(arena, row->state), flow_contact_words[to], err);
}

int flow_contact_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_contact_patch *patch,
                       struct arena *arena, struct flow_contact *ret_contact, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact row;
    struct contact after;
    struct flow_deed deed = {
        .action = "contact.update", .kind = "contact", .subject = &patch->contact, .state = "read"};
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_contact_own(tx, actor, &patch->contact, arena, &row, err) < 0 ||
        contact_patched(flow, &row, patch->patch, arena, &after, err) < 0)
        return -1;
    struct flow_reading reading = flow_reading_of(row.reading, arena);
    reading_settle(&reading, &row.contact, &after, arena);
    row.reading = row.reading.p ? json_write(&flow_reading_shape, &reading, arena) : STR_NONE;
    row.contact = after;
    row.version = patch->version;
    int64_t version;
    if (store_contact_save(tx, &row, &actor->user, &version, err) < 0 || contact_unmatch(tx, &row, arena, err) < 0 ||
        contact_rematch(tx, actor, &row.id, err) < 0 || contact_fresh(tx, actor, &row.id, arena, ret_contact, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_contact_delete(const struct flow *flow, const struct flow_actor *actor, struct id contact, int64_t version,
                        struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_contact row;
    struct flow_deed deed = {.action = "contact.delete", .kind = "contact", .subject = &contact, .state = "deleted"};
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_contact_own(tx, actor, &contact, arena, &row, err) < 0 ||
        (row.suggested_at ? store_suggestion_delete(tx, &contact, version, err)
                          : store_contact_delete(tx, &contact, version, err)) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_contact_restore(const struct flow *flow, const struct flow_actor *actor, struct id contact,
                         struct arena *arena, struct flow_contact *ret_contact, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact row;
    struct flow_deed deed = {.action = "contact.restore", .kind = "contact", .subject = &contact, .state = "restored"};
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_contact_own(tx, actor, &contact, arena, &row, err) < 0 ||
        store_contact_restore(tx, &contact, row.version, err) < 0 || contact_rematch(tx, actor, &contact, err) < 0 ||
        contact_fresh(tx, actor, &contact, arena, ret_contact, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_contact_check(const struct flow *flow, const struct flow_actor *actor, const struct flow_contact_mark *mark,
                       struct arena *arena, struct flow_contact *ret_contact, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact row;
    struct flow_deed deed = {
        .action = "contact.check", .kind = "contact", .subject = &mark->contact, .state = "checked"};
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_contact_own(tx, actor, &mark->contact, arena, &row, err) < 0 ||
        store_contact_check(tx, &mark->contact, mark->version, mark->checked, err) < 0 ||
        contact_fresh(tx, actor, &mark->contact, arena, ret_contact, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_contact_versions(const struct flow *flow, const struct flow_actor *actor, struct id contact,
                          struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact row;
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_contact_load(tx, actor, &contact, arena, &row, err) < 0 ||
        store_contact_versions(tx, &contact, arena, &rows, err) < 0)
        return -1;
    flow_read(actor, "contact", &contact);
    const struct store_contact_version *old = rows.items;
    struct flow_contact_version *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = (struct flow_contact_version){.version = old[i].version,
                                                 .at = flow_time_text(old[i].saved_at, arena),
                                                 .user_id = flow_id_text(&old[i].saved_by, arena),
                                                 .contact = old[i].contact};
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

int flow_contact_vcard(const struct flow *flow, const struct flow_actor *actor, struct id contact, struct arena *arena,
                       struct str *ret_vcard, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact row;
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_contact_load(tx, actor, &contact, arena, &row, err) < 0)
        return -1;
    flow_read(actor, "contact", &contact);
    struct contact_vcard_extra extra = {.uid = str_printf(arena, "urn:uuid:%s", contact.s)};
    *ret_vcard = contact_vcard(&row.contact, &extra, arena);
    return 0;
}

int flow_contact_follow(struct store_tx *tx, const struct id *id, const char *event, struct arena *arena,
                        struct err *err)
{
    struct store_contact contact;
    int to;
    if (store_contact_get(tx, id, arena, &contact, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    int from = flow_state_of(FLOW_CONTACT, contact.state);
    if (contact.deleted_at || !flow_state_move(FLOW_CONTACT, from, event, &to))
        return 0;
    if (store_contact_move(tx, &contact.id, contact.version, flow_contact_words[from], flow_contact_words[to], err) < 0)
        return err->code == ERR_CONFLICT || err->code == ERR_STALE ? 0 : -1;
    store_event(tx, "contact", &contact.id, flow_contact_words[to]);
    return 0;
}
