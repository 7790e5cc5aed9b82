/* Candidates as people see them, and what they decide; see match.h. */
#include "flow/candidates.h"

#include "base/limits.h"
#include "dedupe/explain.h"
#include "dedupe/steps.h"
#include "flow/audit/audit.h"
#include "flow/common.h"
#include "flow/shape/rows.h"
#include "flow/states.h"
#include "store/connection.h"
#include "store/record.h"

static const struct json_field flow_kept_reasons_rows[] = {
    WORD(flow_kept_reasons, outcome, dedupe_outcome_words, NULL),
    MANY(flow_kept_reasons, reasons, dedupe_reason_shape, NULL),
    REAL(flow_kept_reasons, prior, NULL),
    REAL(flow_kept_reasons, rival_bits, NULL),
    WORD(flow_kept_reasons, rival, dedupe_rival_words, NULL),
};
SHAPE(flow_kept_reasons, "KeptReasons");

struct str flow_reasons_kept(const struct dedupe_verdict *verdict, struct arena *arena)
{
    struct flow_kept_reasons kept = {.outcome = (int)verdict->outcome,
                                     .reasons = {(void *)(uintptr_t)verdict->reasons, verdict->n},
                                     .prior = verdict->prior,
                                     .rival_bits = verdict->rival_bits,
                                     .rival = (int)verdict->rival};
    return json_write(&flow_kept_reasons_shape, &kept, arena);
}

static struct flow_kept_reasons kept_of(struct str json, struct arena *arena)
{
    static const struct flow_kept_reasons none = {.outcome = -1, .rival = -1};
    struct flow_kept_reasons kept = none;
    struct err err;
    if (json.p && json_read(&flow_kept_reasons_shape, json, arena, &kept, &err) < 0)
        return none;
    return kept;
}

static struct json_list steps_of(const struct flow_actor *actor, const struct json_list *steps, struct arena *arena)
{
    struct str *sentences = arena_array(arena, steps->n, sizeof *sentences);
    for (size_t i = 0; i < steps->n; i++)
        sentences[i] = dedupe_step_sentence((const struct dedupe_step *)steps->items + i, actor->language, arena);
    return (struct json_list){sentences, steps->n};
}

static struct json_list reasons_of(const struct flow_actor *actor, const struct json_list *kept, struct arena *arena)
{
    struct flow_reason *reasons = arena_array(arena, kept->n, sizeof *reasons);
    for (size_t i = 0; i < kept->n; i++) {
        const struct dedupe_reason *reason = (const struct dedupe_reason *)kept->items + i;
        reasons[i] = (struct flow_reason){.field = reason->field,
                                          .level = reason->level,
                                          .weight = reason->weight,
                                          .sentence = dedupe_reason_sentence(reason, actor->language, arena),
                                          .rarity = dedupe_rarity_sentence(reason, actor->language, arena),
                                          .left_steps = steps_of(actor, &reason->left_steps, arena),
                                          .right_steps = steps_of(actor, &reason->right_steps, arena)};
    }
    return (struct json_list){reasons, kept->n};
}

/* The verdict again, as far as it is kept. */
static struct dedupe_verdict verdict_again(const struct store_candidate *row, const struct flow_kept_reasons *kept)
{
    struct dedupe_verdict verdict = {.weight = row->weight,
                                     .probability = row->probability,
                                     .band = str_eq(row->band, STR("obvious")) ? DEDUPE_OBVIOUS : DEDUPE_POSSIBLE,
                                     .outcome = kept->outcome < 0 ? DEDUPE_SAME : (enum dedupe_outcome)kept->outcome,
                                     .prior = kept->prior,
                                     .rival = kept->rival < 0 ? DEDUPE_RIVAL_STRANGER : (enum dedupe_rival)kept->rival,
                                     .rival_bits = kept->rival_bits};
    for (size_t i = 0; i < kept->reasons.n && i < DEDUPE_REASONS_MAX; i++)
        verdict.reasons[verdict.n++] = ((const struct dedupe_reason *)kept->reasons.items)[i];
    return verdict;
}

struct flow_why flow_why_of(const struct flow_actor *actor, const struct store_candidate *row, struct arena *arena,
                            struct json_list *ret_reasons)
{
    struct flow_kept_reasons kept = kept_of(row->reasons, arena);
    struct dedupe_verdict verdict = verdict_again(row, &kept);
    *ret_reasons = reasons_of(actor, &kept.reasons, arena);
    if (kept.rival < 0)
        return (struct flow_why){.rival = -1};
    return (struct flow_why){.rival = kept.rival,
                             .rival_sentence = dedupe_rival_sentence(&verdict, actor->language, arena),
                             .hangs_on = dedupe_counterfactual_sentence(&verdict, actor->language, arena)};
}

bool flow_candidate_moved(const struct store_candidate *row)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    return kept_of(row->reasons, arena).outcome == DEDUPE_MOVED;
}

const struct store_candidate *flow_candidate_best(const struct json_list *rows)
{
    const struct store_candidate *open = NULL;
    for (size_t i = 0; i < rows->n; i++) {
        const struct store_candidate *row = (const struct store_candidate *)rows->items + i;
        if (str_eq(row->decided, STR("same")))
            return row;
        if (!open && !row->decided.p)
            open = row;
    }
    return open;
}

static struct str verdict_sentence(const struct flow_actor *actor, const struct store_candidate *row,
                                   struct arena *arena)
{
    struct flow_kept_reasons kept = kept_of(row->reasons, arena);
    if (str_eq(row->decided, STR("same")))
        return str_c(
            flow_say(actor, "You decided: this person is in the CRM.", "Entschieden: Diese Person ist im CRM."));
    struct dedupe_verdict verdict = verdict_again(row, &kept);
    return dedupe_verdict_sentence(&verdict, actor->language, arena);
}

int flow_verdict_of(struct store_tx *tx, const struct flow_actor *actor, const struct store_contact *contact,
                    struct arena *arena, struct flow_verdict *ret_verdict, struct err *err)
{
    struct json_list rows;
    if (str_eq(contact->state, str_c(flow_contact_words[FLOW_CONTACT_read]))) {
        const char *text = flow_say(actor, "Being compared with the CRM.", "Wird mit dem CRM verglichen.");
        *ret_verdict = (struct flow_verdict){.kind = FLOW_VERDICT_CHECKING, .sentence = str_c(text)};
        return 0;
    }
    if (store_candidates_of(tx, &contact->id, arena, &rows, err) < 0)
        return -1;
    const struct store_candidate *best = flow_candidate_best(&rows);
    if (!best) {
        const char *text = flow_say(actor, "New: nobody like this is known.", "Neu: Niemand dergleichen ist bekannt.");
        *ret_verdict = (struct flow_verdict){.kind = FLOW_VERDICT_NEW, .sentence = str_c(text)};
        return 0;
    }
    bool exists = str_eq(best->band, STR("obvious")) || str_eq(best->decided, STR("same"));
    *ret_verdict = (struct flow_verdict){.kind = exists ? FLOW_VERDICT_EXISTS : FLOW_VERDICT_POSSIBLE,
                                         .sentence = verdict_sentence(actor, best, arena)};
    return 0;
}

struct str flow_record_display(const struct contact *contact, struct arena *arena)
{
    struct str name = contact_display_name(contact, arena);
    if (str_empty(contact->organization) || str_eq(name, contact->organization))
        return name;
    return str_printf(arena, "%.*s, %.*s", STR_ARG(name), STR_ARG(contact->organization));
}

int flow_candidate_view(struct store_tx *tx, const struct flow_actor *actor, const struct store_candidate *row,
                        struct arena *arena, struct flow_candidate *ret, struct err *err)
{
    struct store_record record;
    struct store_connection connection;
    if (store_record_get(tx, &row->record, arena, &record, err) < 0 ||
        store_connection_get(tx, &row->connection, arena, &connection, err) < 0)
        return -1;
    struct json_list reasons;
    struct flow_why why = flow_why_of(actor, row, arena, &reasons);
    *ret = (struct flow_candidate){
        .id = flow_id_text(&row->id, arena),
        .contact_id = flow_id_text(&row->contact, arena),
        .connection = {flow_id_text(&connection.id, arena), connection.name, connection.kind},
        .record_id = flow_id_text(&row->record, arena),
        .remote_id = record.remote_id,
        .record_kind = str_word(record.kind, flow_record_kind_words),
        .organization = record.contact.organization,
        .custody = record.custody,
        .fetched_at = flow_time_text(record.fetched_at, arena),
        .display = flow_record_display(&record.contact, arena),
        .weight = row->weight,
        .probability = row->probability,
        .band = str_word(row->band, flow_band_words),
        .reasons = reasons,
        .why = why,
        .decided = str_word(row->decided, flow_decision_words),
    };
    return 0;
}

int flow_candidate_list(const struct flow *flow, const struct flow_actor *actor, struct id contact, struct arena *arena,
                        struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_contact row;
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_contact_load(tx, actor, &contact, arena, &row, err) < 0 ||
        store_candidates_of(tx, &contact, arena, &rows, err) < 0)
        return -1;
    struct flow_candidate *items = arena_array(arena, rows.n, sizeof *items);
    flow_read(actor, "contact", &contact);
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_candidate *candidate = (const struct store_candidate *)rows.items + i;
        if (flow_candidate_view(tx, actor, candidate, arena, &items[i], err) < 0)
            return -1;
        flow_read(actor, "record", &candidate->record);
    }
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

int flow_candidate_decide(const struct flow *flow, const struct flow_actor *actor, const struct flow_decide *decide,
                          struct arena *arena, struct flow_candidate *ret_candidate, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_candidate row;
    struct store_contact contact;
    bool same = decide->decision.same;
    struct flow_deed deed = {.action = "candidate.decide",
                             .kind = "contact",
                             .state = "decided",
                             .subject = &row.contact,
                             .note = same ? "same" : "different"};
    if (flow_begin(flow, actor, &tx, err) < 0 || store_candidate_get(tx, &decide->candidate, arena, &row, err) < 0 ||
        flow_contact_own(tx, actor, &row.contact, arena, &contact, err) < 0)
        return -1;
    /* Moving the contact into the state it has makes a new version, so that two deciders cannot pass each other. */
    if (contact.version != decide->version)
        return err_set(err, ERR_STALE, "contact");
    const char *state = str_z(arena, contact.state);
    if (store_contact_move(tx, &contact.id, decide->version, state, state, err) < 0 ||
        store_candidate_decide(tx, &row.id, same, decide->decision.reason, &actor->user, err) < 0 ||
        store_candidate_get(tx, &decide->candidate, arena, &row, err) < 0 ||
        flow_candidate_view(tx, actor, &row, arena, ret_candidate, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}
