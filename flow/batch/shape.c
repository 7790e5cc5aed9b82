/* Shapes of batches; see batch.h for what the members mean. */
#include "flow/batch/batch.h"
#include "flow/shape/rows.h"

const char *const flow_judged_words[] = {"yes", "no", NULL};

static const struct json_field flow_batch_new_rows[] = {
    NEEDED(flow_batch_new, connection_id, 36, "The CRM to write to."),
};
SHAPE(flow_batch_new, "BatchNew");

static const struct json_field flow_batch_judgement_rows[] = {
    NEEDED(flow_batch_judgement, contact_id, 36, "One of the sample."),
    ROW(flow_batch_judgement, right, BOOL, .flags = JSON_REQUIRED,
        .doc = "The same person, and what would change is right. No stops the batch."),
};
SHAPE(flow_batch_judgement, "BatchJudgement");

static const struct json_field flow_batch_wish_rows[] = {
    ROW(flow_batch_wish, state, WORD, .flags = JSON_REQUIRED, .words = flow_batch_words,
        .doc = "running, paused, stopped, or undoing to take everything back."),
};
SHAPE(flow_batch_wish, "BatchWish");

static const struct json_field flow_batch_change_rows[] = {
    TEXT(flow_batch_change, field, "Name of the contact's field."),
    WHOLE(flow_batch_change, n, "Contacts that it would be added to."),
};
SHAPE(flow_batch_change, "BatchChange");

static const struct json_field flow_batch_rows[] = {
    TEXT(flow_batch, id, "UUID."),
    WORD(flow_batch, state, flow_batch_words, NULL),
    TEXT(flow_batch, sentence, "What the state means, in the user's language."),
    PART(flow_batch, connection, flow_review_connection_shape, NULL),
    TEXT(flow_batch, rule, "Which contacts were chosen, in the user's language."),
    TEXT(flow_batch, by, "Who asked, and by whose rights it is written."),
    YES(flow_batch, yours, "You asked."),
    WHOLE(flow_batch, total, "Contacts."),
    WHOLE(flow_batch, sample, "How many of them are to be judged before anything is written."),
    WHOLE(flow_batch, judged, "How many of those were judged right."),
    MANY(flow_batch, changes, flow_batch_change_shape, "What would be added, most often first."),
    WHOLE(flow_batch, open, "Contacts that are not handed over yet."),
    WHOLE(flow_batch, under_way, "On their way to the CRM or back."),
    WHOLE(flow_batch, written, "Written."),
    WHOLE(flow_batch, failed, "That the CRM did not take, or did not let us take back."),
    WHOLE(flow_batch, left, "Left to review."),
    WHOLE(flow_batch, undone, "Taken back."),
    MAYBE(flow_batch, problem, flow_problem_shape, "Why it pauses by itself."),
    TEXT(flow_batch, created_at, "RFC 3339."),
    WHOLE(flow_batch, version, "For If-Match."),
};
SHAPE(flow_batch, "Batch");

static const struct json_field flow_batch_item_rows[] = {
    TEXT(flow_batch_item, contact_id, "UUID."),
    TEXT(flow_batch_item, record_id, "UUID of the record in the mirror."),
    TEXT(flow_batch_item, display, "Name; null: none, or not yours to see."),
    TEXTS(flow_batch_item, fields, "Names of the fields that would change."),
    YES(flow_batch_item, sampled, "Is to be judged."),
    WORD(flow_batch_item, judged, flow_judged_words, "Null: not yet."),
    TEXT(flow_batch_item, state, "open, left, or the state of its write-back."),
    MAYBE(flow_batch_item, problem, flow_problem_shape, "Why it was left, refused, or could not be taken back."),
    TEXT(flow_batch_item, write_back_id, "UUID; null: not handed over."),
};
SHAPE(flow_batch_item, "BatchItem");
