/* The dry run: plans with the code that writing uses, and keeps the plan sealed; see preview.h. */
#include "base/clock.h"
#include "base/limits.h"
#include "flow/common.h"
#include "flow/crm/policy.h"
#include "flow/idempotency.h"
#include "flow/merge/company.h"
#include "flow/merge/native.h"
#include "flow/plan.h"
#include "store/write_back.h"

enum { PREVIEW_MS = 60 * 60 * 1000 };

static int bad_choice(size_t at, const char *member, const char *why, struct err *err)
{
    (void)err_set(err, ERR_INVALID, "%s", why);
    (void)snprintf(err->pointer, sizeof err->pointer, "/choices/%zu/%s", at, member);
    return -1;
}

static int preview_picks(const struct flow_crm *crm, const struct flow_preview_new *input, struct arena *arena,
                         struct flow_picks *ret_picks, struct err *err)
{
    struct flow_pick *picks = arena_array(arena, input->choices.n, sizeof *picks);
    for (size_t i = 0; i < input->choices.n; i++) {
        const struct flow_choice *choice = (const struct flow_choice *)input->choices.items + i;
        picks[i] = (struct flow_pick){.field = contact_field_find(choice->field),
                                      .take = (enum flow_take)choice->take,
                                      .own = choice->value,
                                      .main = choice->main};
        if (!picks[i].field)
            return bad_choice(i, "field", "no such field", err);
        if (choice->main.p && !flow_crm_main(crm, picks[i].field))
            return bad_choice(i, "main", "the CRM has no main value here", err);
    }
    *ret_picks = (struct flow_picks){picks, input->choices.n, flow_region(crm->flow)};
    return 0;
}

static struct json_list plan_changes(const struct flow_sides *sides, const struct flow_plan *plan, struct arena *arena)
{
    struct flow_change *changes = arena_array(arena, contact_field_count, sizeof *changes);
    size_t n = 0;
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        if (!sides->mapped(sides->mapped_self, field) || (flow_field_same(&plan->before, &plan->after, field, arena) &&
                                                          flow_main_same(&plan->before, &plan->after, field, arena)))
            continue;
        changes[n++] = (struct flow_change){.field = str_c(field->name),
                                            .before = flow_field_json(&plan->before, field, arena),
                                            .after = flow_field_json(&plan->after, field, arena)};
    }
    return (struct json_list){changes, n};
}

int flow_plan_make(const struct flow_look *look, const struct flow_picks *picks, struct arena *arena,
                   struct flow_plan *ret_plan, struct err *err)
{
    struct flow_sides sides = flow_look_sides(look);
    struct flow_plan plan = {.action = look->has_live ? FLOW_ACTION_UPDATE : FLOW_ACTION_CREATE,
                             .mapping = look->crm.mapping_version};
    if (flow_merge(&sides, picks, arena, &plan.after, &plan.rulings, err) < 0)
        return -1;
    if (look->has_live) {
        plan.before = look->live.contact;
        plan.remote_id = look->live.remote_id;
        plan.company_before = look->live.company;
        plan.version = look->live.version;
        plan.image = look->live.image.n <= FLOW_IMAGE_BYTES ? look->live.image : STR_NONE;
    }
    plan.changes = plan_changes(&sides, &plan, arena);
    *ret_plan = plan;
    return 0;
}

static int preview_plan(const struct flow_actor *actor, struct flow_look *look, const struct flow_preview_new *input,
                        struct arena *arena, struct flow_plan *ret_plan, struct err *err)
{
    struct flow_picks picks;
    if (input->merge)
        return input->choices.n == 0 && !input->company
                   ? flow_merge_plan(actor, look, input->merge, arena, ret_plan, err)
                   : err_field(err, ERR_INVALID, "/choices", "%s", "a merge takes none");
    if (preview_picks(&look->crm, input, arena, &picks, err) < 0 ||
        flow_plan_make(look, &picks, arena, ret_plan, err) < 0)
        return -1;
    if (!input->company)
        return 0;
    if (flow_company_choose(&look->crm, input->company, ret_plan, err) < 0)
        return -1;
    look->crm.lent.company = ret_plan->company;
    struct flow_sides sides = flow_look_sides(look);
    ret_plan->changes = plan_changes(&sides, ret_plan, arena);
    return 0;
}

int flow_plan_rehearse(const struct flow_actor *actor, struct flow_look *look, const struct flow_plan *plan,
                       struct arena *arena, struct flow_told *ret, struct err *err)
{
    struct flow_crm *crm = &look->crm;
    struct crm_result result = {.outcome = CRM_UPDATED};
    struct contact mapped = crm_map_only(&crm->mapping.map, &plan->after);
    bool update = plan->action == FLOW_ACTION_UPDATE;
    const struct crm_update act = {.remote_id = plan->remote_id,
                                   .version = plan->version,
                                   .before = &plan->before,
                                   .after = update ? &plan->after : &mapped};
    struct err why = {.code = ERR_NONE};
    *ret = (struct flow_told){.company = NULL};
    if (!crm->connector->rehearse || plan->changes.n == 0 || plan->action == FLOW_ACTION_MERGE)
        return 0;
    if (crm->connector->rehearse(&crm->lent, &act, crm->arena, &result, err) < 0)
        return -1;
    if (flow_crm_judge(&result, &why) < 0 && result.outcome != CRM_REJECTED && result.outcome != CRM_DUPLICATE) {
        *err = why;
        return -1;
    }
    if (why.code != ERR_NONE)
        ret->refusal = flow_problem_of(actor, str_c(err_slug(why.code)), str_c(why.param), arena);
    const struct str *left = result.left.items;
    struct str *texts = arena_array(arena, result.left.n + 1, sizeof *texts);
    for (size_t i = 0; i < result.left.n; i++)
        texts[i] = str_dup(arena, left[i]);
    ret->left = (struct json_list){texts, result.left.n};
    ret->company = flow_company_ask(crm, plan, &result, arena);
    return 0;
}

/* What the CRM itself says about a record to be made, without making it: whether it has one with the same addresses. */
static struct str preview_duplicates(const struct flow_actor *actor, struct flow_look *look,
                                     const struct flow_plan *plan, struct arena *arena)
{
    struct flow_crm *crm = &look->crm;
    struct crm_result result = {.outcome = CRM_NONE};
    struct err why = {.code = ERR_NONE};
    int r = crm->connector->find_exact(&crm->lent, &plan->after, crm->arena, &result, &why);
    flow_crm_note(crm, &result, r < 0 ? &why : NULL);
    if (r < 0 || flow_crm_judge(&result, &why) < 0)
        return str_c(flow_say(actor, "The CRM could not be asked whether it has this person already.",
                              "Das CRM ließ sich nicht fragen, ob es diese Person schon hat."));
    if (result.records.n == 0)
        return STR_NONE;
    return str_printf(arena,
                      flow_say(actor, "The CRM has %zu with this e-mail address or phone number already.",
                               "Das CRM hat schon %zu mit dieser E-Mail-Adresse oder Telefonnummer."),
                      result.records.n);
}

static const struct crm_reversal *preview_reversal(const struct flow_look *look, const struct flow_plan *plan)
{
    return plan->action == FLOW_ACTION_MERGE ? &look->crm.connector->reversal[CRM_ACTION_MERGE]
                                             : flow_look_reversal(look);
}

/* Requests that the CRM will see: records are looked at again before they are written. */
static int64_t preview_calls(const struct flow_plan *plan)
{
    if (plan->action == FLOW_ACTION_MERGE)
        return 4;
    return plan->changes.n == 0 ? 0 : plan->action == FLOW_ACTION_UPDATE ? 2 : 1;
}

static struct json_list preview_warnings(const struct flow_actor *actor, struct flow_look *look,
                                         const struct flow_plan *plan, struct arena *arena)
{
    struct str *texts = arena_array(arena, 4, sizeof *texts);
    struct str has = plan->action == FLOW_ACTION_CREATE ? preview_duplicates(actor, look, plan, arena) : STR_NONE;
    size_t n = 0;
    if (plan->changes.n == 0 && plan->action != FLOW_ACTION_MERGE)
        texts[n++] = str_c(flow_say(actor, "Nothing would change: the CRM already has all of this.",
                                    "Es würde sich nichts ändern: Das CRM hat all das schon."));
    if (preview_reversal(look, plan)->how == CRM_NOT)
        texts[n++] = str_c(flow_say(actor, "This cannot be undone from here.",
                                    "Das lässt sich von hier aus nicht rückgängig machen."));
    if (!look->has_live && !id_none(&look->candidate.id) && str_eq(look->candidate.band, STR("obvious")))
        texts[n++] =
            str_c(flow_say(actor, "The CRM very likely already has this person; this makes a second record.",
                           "Das CRM hat diese Person sehr wahrscheinlich schon; so entsteht ein zweiter Datensatz."));
    if (has.p)
        texts[n++] = has;
    return (struct json_list){texts, n};
}

/* As the answers to this very dry run said, else as an earlier one did. */
static int preview_quota(struct store_tx *tx, const struct flow_look *look, struct arena *arena,
                         struct flow_quota **ret_quota, struct err *err)
{
    const struct crm_quota *said = &look->crm.quota;
    struct flow_quota *quota = arena_one(arena, struct flow_quota);
    struct store_calls calls;
    *quota = (struct flow_quota){said->left, said->limit};
    *ret_quota = quota;
    if (said->left >= 0)
        return 0;
    if (store_connection_calls(tx, &look->connection, &calls, err) < 0)
        return -1;
    *quota = (struct flow_quota){calls.quota_left, calls.quota_limit ? calls.quota_limit : -1};
    if (!calls.quota_at)
        *ret_quota = NULL;
    return 0;
}

/* What the caller decided on has to be what is there now. */
static int preview_current(const struct flow_look *look, const struct flow_preview_new *input, struct err *err)
{
    if (look->contact.version != input->contact_version)
        return err_set(err, ERR_STALE, "contact");
    if (input->record_id.p && (!look->has_live || !str_eq(look->live.version, input->remote_version)))
        return err_set(err, ERR_CRM_CONFLICT, "record");
    return 0;
}

static int preview_keep(struct store_tx *tx, const struct flow_actor *actor, const struct flow_look *look,
                        const struct flow_plan *plan, struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_preview row = {
        .contact = look->contact.id,
        .connection = look->connection,
        .record = look->has_live ? look->record : (struct id){""},
        .user = actor->user,
        .contact_version = look->contact.version,
        .action = str_c(flow_action_words[plan->action]),
        .plan = json_write(&flow_plan_shape, plan, arena),
    };
    return store_preview_add(tx, &row, PREVIEW_MS, ret_id, err);
}

static int preview_query(const struct flow_preview_new *input, struct flow_review_query *ret_query, struct err *err)
{
    struct flow_review_query query = {.create = !input->record_id.p};
    if (flow_id_read(input->contact_id, "/contact_id", &query.contact, err) < 0 ||
        flow_id_read(input->connection_id, "/connection_id", &query.connection, err) < 0 ||
        (input->record_id.p && flow_id_read(input->record_id, "/record_id", &query.record, err) < 0))
        return -1;
    *ret_query = query;
    return 0;
}

int flow_preview(const struct flow *flow, const struct flow_actor *actor, const struct flow_preview_new *input,
                 struct arena *arena, struct flow_preview *ret_preview, struct err *err)
{
    _cleanup_(flow_look_close) struct flow_look look = {.has_live = false};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_review_query query;
    struct flow_plan plan;
    struct flow_told told;
    struct flow_quota *quota;
    struct id id;
    struct flow_deed deed = {.action = "preview.create", .kind = "contact", .subject = &query.contact};
    if (preview_query(input, &query, err) < 0 || flow_look(flow, actor, &query, arena, &look, err) < 0 ||
        flow_permit_plan(look.crm.row.policy, err) < 0 || preview_current(&look, input, err) < 0 ||
        preview_plan(actor, &look, input, arena, &plan, err) < 0 ||
        flow_plan_rehearse(actor, &look, &plan, arena, &told, err) < 0)
        return -1;
    struct json_list warnings = preview_warnings(actor, &look, &plan, arena);
    if (flow_begin(flow, actor, &tx, err) < 0 ||
        flow_contact_own(tx, actor, &query.contact, arena, &look.contact, err) < 0 ||
        preview_current(&look, input, err) < 0)
        return -1;
    if (preview_keep(tx, actor, &look, &plan, &id, err) < 0 || preview_quota(tx, &look, arena, &quota, err) < 0)
        return -1;
    struct flow_preview preview = {
        .id = flow_id_text(&id, arena),
        .action = plan.action,
        .changes = plan.changes,
        .reversible = preview_reversal(&look, &plan)->how != CRM_NOT,
        .calls = preview_calls(&plan),
        .expires_at = flow_time_text(store_tx_now(tx) + PREVIEW_MS, arena),
        .quota = quota,
        .warnings = warnings,
        .left = told.left,
        .company = told.company,
        .refusal = told.refusal,
    };
    struct flow_idempotency_answer answer = {.status = 201, .body = json_write(&flow_preview_shape, &preview, arena)};
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_preview = preview;
    return 0;
}
