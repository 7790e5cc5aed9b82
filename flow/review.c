/* The merge view; see review.h. */
#include "flow/review.h"

#include "base/clock.h"
#include "flow/candidates.h"
#include "flow/common.h"
#include "flow/crm/policy.h"
#include "flow/look.h"
#include "flow/merge/native.h"
#include "store/write_back.h"

static struct flow_snippet *snippet_of(const struct flow_look *look, const struct flow_row *row, struct arena *arena)
{
    if (!row->claim || id_none(&look->contact.scan))
        return NULL;
    struct flow_snippet *snippet = arena_one(arena, struct flow_snippet);
    *snippet = (struct flow_snippet){
        .scan_id = flow_id_text(&look->contact.scan, arena), .card = look->contact.card, .box = row->claim->card_box};
    return snippet;
}

static struct json_list review_fields(const struct flow_look *look, struct arena *arena)
{
    struct flow_sides sides = flow_look_sides(look);
    struct flow_row *rows;
    size_t n = flow_rows(&sides, arena, &rows);
    struct flow_review_field *fields = arena_array(arena, n, sizeof *fields);
    for (size_t i = 0; i < n; i++) {
        const struct contact_field *field = rows[i].field;
        fields[i] = (struct flow_review_field){
            .field = str_c(field->name),
            .group = (int)rows[i].group,
            .card = flow_field_json(sides.card, field, arena),
            .crm =
                sides.crm && rows[i].group != FLOW_GROUP_UNMAPPED ? flow_field_json(sides.crm, field, arena) : STR_NONE,
            .proposal = (int)rows[i].proposal,
            .why = str_c(rows[i].why),
            .multi = field->multi,
            .main = flow_crm_main(&look->crm, field),
            .confidence = rows[i].confidence,
            .snippet = snippet_of(look, &rows[i], arena),
        };
    }
    return (struct json_list){fields, n};
}

/* Who did what before: read in one transaction, after the CRM was asked. */
struct past {
    struct str captured_by, written_by;
    int64_t written_at; /* 0 = never, as far as is known */
    struct flow_similar *similar;
};

static int past_written(struct store_tx *tx, const struct flow_look *look, struct arena *arena, struct past *past,
                        struct err *err)
{
    const struct store_write_back_filter filter = {.record = &look->record, .state = STR("written")};
    const struct store_page page = {.limit = 1};
    struct json_list rows;
    if (id_none(&look->record))
        return 0;
    if (store_write_back_list(tx, &filter, &page, arena, &rows, err) < 0)
        return -1;
    const struct store_write_back *row = rows.items;
    if (rows.n > 0) {
        past->written_at = row->created_at;
        past->written_by = flow_name_of(tx, &row->user, arena);
    }
    return 0;
}

static int past_similar(struct store_tx *tx, const struct flow_look *look, struct arena *arena, struct past *past,
                        struct err *err)
{
    struct store_similar similar;
    if (id_none(&look->candidate.id))
        return 0;
    if (store_candidate_similar(tx, &look->candidate.id, &similar, err) < 0)
        return -1;
    if (similar.last_at == 0)
        return 0;
    past->similar = arena_one(arena, struct flow_similar);
    *past->similar = (struct flow_similar){similar.same, similar.different, flow_name_of(tx, &similar.last_by, arena),
                                           flow_time_text(similar.last_at, arena)};
    return 0;
}

static int past_of(const struct flow_look *look, const struct flow_actor *actor, struct arena *arena,
                   struct past *ret_past, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    *ret_past = (struct past){.written_at = 0};
    if (flow_begin(look->crm.flow, actor, &tx, err) < 0)
        return -1;
    ret_past->captured_by = flow_name_of(tx, &look->contact.owner, arena);
    return past_written(tx, look, arena, ret_past, err) < 0 ? -1 : past_similar(tx, look, arena, ret_past, err);
}

static struct flow_review_record *review_record(const struct flow_look *look, const struct past *past,
                                                struct arena *arena)
{
    if (!look->has_live)
        return NULL;
    const struct crm_record mapped = flow_crm_mapped(&look->crm, &look->live);
    struct flow_review_record *record = arena_one(arena, struct flow_review_record);
    *record = (struct flow_review_record){
        .id = flow_id_text(&look->record, arena),
        .remote_id = str_dup(arena, look->live.remote_id),
        .version = str_dup(arena, look->live.version),
        .fetched_at = clock_text(clock_now_ms(), arena),
        .written_at = flow_time_text(past->written_at, arena),
        .written_by = past->written_by,
        .custody = contact_custody_copy(&mapped.custody, arena),
        .contact = contact_copy(&mapped.contact, arena),
    };
    return record;
}

static struct flow_review_candidate *review_candidate(const struct flow_actor *actor, const struct flow_look *look,
                                                      const struct past *past, struct arena *arena)
{
    if (id_none(&look->candidate.id) || !look->has_live)
        return NULL;
    struct flow_review_candidate *candidate = arena_one(arena, struct flow_review_candidate);
    struct json_list reasons;
    struct flow_why why = flow_why_of(actor, &look->candidate, arena, &reasons);
    *candidate = (struct flow_review_candidate){.id = flow_id_text(&look->candidate.id, arena),
                                                .weight = look->candidate.weight,
                                                .probability = look->candidate.probability,
                                                .reasons = reasons,
                                                .why = why,
                                                .similar = past->similar};
    return candidate;
}

int flow_review(const struct flow *flow, const struct flow_actor *actor, const struct flow_review_query *query,
                struct arena *arena, struct flow_review *ret_review, struct err *err)
{
    _cleanup_(flow_look_close) struct flow_look look = {.has_live = false};
    struct past past;
    if (flow_look(flow, actor, query, arena, &look, err) < 0 || past_of(&look, actor, arena, &past, err) < 0)
        return -1;
    const struct crm_reversal *reversal = flow_look_reversal(&look);
    struct err ignored;
    *ret_review = (struct flow_review){
        .contact_id = flow_id_text(&look.contact.id, arena),
        .contact_version = look.contact.version,
        .captured_at = flow_time_text(look.contact.created_at, arena),
        .captured_by = past.captured_by,
        .connection = {.id = flow_id_text(&look.connection, arena),
                       .name = str_dup(arena, look.crm.row.name),
                       .kind = str_dup(arena, look.crm.row.kind),
                       .reversible = str_c(crm_reversible_words[reversal->how]),
                       .reversal = str_c(reversal->sentence),
                       .policy = flow_policy_of(look.crm.row.policy),
                       .native_merge = flow_permit_merge(&look.crm, &ignored) == 0},
        .record = review_record(&look, &past, arena),
        .action = look.has_live ? FLOW_ACTION_UPDATE : FLOW_ACTION_CREATE,
        .fields = review_fields(&look, arena),
        .candidate = review_candidate(actor, &look, &past, arena),
    };
    return 0;
}
