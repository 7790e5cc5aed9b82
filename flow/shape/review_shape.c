/* Shapes of the merge view, the dry run and the write-back; see the headers for what the members mean. */
#include "flow/connect.h"
#include "flow/plan.h"
#include "flow/preview.h"
#include "flow/shape/rows.h"
#include "flow/write.h"

const char *const flow_group_words[] = {"conflict", "addition", "equal", "unmapped", NULL};
const char *const flow_take_words[] = {"card", "crm", "both", "own", NULL};
const char *const flow_action_words[] = {"update", "create", "merge", NULL};
const char *const flow_company_words[] = {"none", "several", NULL};

static const struct json_field flow_snippet_rows[] = {
    TEXT(flow_snippet, scan_id, "The photo."),
    WHOLE(flow_snippet, card, "Number of the card on it."),
    REALS(flow_snippet, box, "x, y, width, height in pixels of the card's picture."),
};
SHAPE(flow_snippet, "Snippet");

static const struct json_field flow_review_field_rows[] = {
    TEXT(flow_review_field, field, "Name of the contact's field."),
    WORD(flow_review_field, group, flow_group_words, NULL),
    RAW(flow_review_field, card, "The value on the card, or null."),
    RAW(flow_review_field, crm, "The value in the CRM, or null."),
    WORD(flow_review_field, proposal, flow_take_words, "What is taken unless a person chooses."),
    TEXT(flow_review_field, why, "Key of the rule behind the proposal."),
    YES(flow_review_field, multi, "Several values can live side by side."),
    YES(flow_review_field, main, "One of the values is the main one there: the first."),
    REAL(flow_review_field, confidence, "Of the reading, 0 to 1."),
    MAYBE(flow_review_field, snippet, flow_snippet_shape, "Where it stands on the card."),
};
SHAPE(flow_review_field, "ReviewField");

static const struct json_field flow_review_record_rows[] = {
    TEXT(flow_review_record, id, "The record in our mirror."),
    TEXT(flow_review_record, remote_id, "The CRM's own id."),
    TEXT(flow_review_record, version, "The CRM's version of it, for the preview."),
    TEXT(flow_review_record, fetched_at, "RFC 3339."),
    TEXT(flow_review_record, written_at, "Our last write to it, RFC 3339; null: none is known."),
    TEXT(flow_review_record, written_by, "Who decided that; null: the connection's policy, or somebody who is gone."),
    PART(flow_review_record, custody, contact_custody_shape,
         "Whose it is there, and its last change, as the CRM tells."),
    PART(flow_review_record, contact, contact_shape, NULL),
};
SHAPE(flow_review_record, "ReviewRecord");

static const struct json_field flow_review_connection_rows[] = {
    TEXT(flow_review_connection, id, "UUID."),
    TEXT(flow_review_connection, name, NULL),
    TEXT(flow_review_connection, kind, "Kind of CRM."),
    TEXT(flow_review_connection, reversible, "Whether this act can be undone: yes, partly or no."),
    TEXT(flow_review_connection, reversal, "Key of the sentence that says what cannot be undone, and why."),
    WORD(flow_review_connection, policy, flow_policy_words, "What may be written there."),
    YES(flow_review_connection, native_merge, "Two of its records may be merged by the CRM itself."),
};
SHAPE(flow_review_connection, "ReviewConnection");

static const struct json_field flow_similar_rows[] = {
    WHOLE(flow_similar, same, "So often: the same person."),
    WHOLE(flow_similar, different, "So often: another one."),
    TEXT(flow_similar, last_by, "Who decided last; null: somebody who is gone."),
    TEXT(flow_similar, last_at, "RFC 3339."),
};
SHAPE(flow_similar, "Similar");

static const struct json_field flow_review_candidate_rows[] = {
    TEXT(flow_review_candidate, id, "UUID."),
    REAL(flow_review_candidate, weight, "Bits."),
    REAL(flow_review_candidate, probability, "0 to 1."),
    MANY(flow_review_candidate, reasons, flow_reason_shape, "Strongest first."),
    PART(flow_review_candidate, why, flow_why_shape, "What else it may be."),
    MAYBE(flow_review_candidate, similar, flow_similar_shape,
          "What people decided, of late, where the same comparisons spoke for it; null: nothing."),
};
SHAPE(flow_review_candidate, "ReviewCandidate");

static const struct json_field flow_review_rows[] = {
    TEXT(flow_review, contact_id, NULL),
    WHOLE(flow_review, contact_version, "For the preview."),
    TEXT(flow_review, captured_at, "RFC 3339."),
    TEXT(flow_review, captured_by, "Name of whose contact it is; null: somebody who is gone."),
    PART(flow_review, connection, flow_review_connection_shape, NULL),
    MAYBE(flow_review, record, flow_review_record_shape, "The record as it is now; null: one would be created."),
    WORD(flow_review, action, flow_action_words, NULL),
    MANY(flow_review, fields, flow_review_field_shape, "Conflicts, additions, equal, unmapped."),
    MAYBE(flow_review, candidate, flow_review_candidate_shape, "Why it may be this record."),
};
SHAPE(flow_review, "Review");

static const struct json_field flow_choice_rows[] = {
    NEEDED(flow_choice, field, 40, "Name of the contact's field."),
    ROW(flow_choice, take, WORD, .flags = JSON_REQUIRED, .words = flow_take_words),
    RAW(flow_choice, value, "The value, with own: as in the contact."),
    LIMITED(flow_choice, main, 500, "Of several values the one that becomes the main one; absent: as it comes."),
};
SHAPE(flow_choice, "Choice");

static const struct json_field flow_company_rows[] = {
    NEEDED(flow_company, id, 500, "The CRM's id."),
    NEEDED(flow_company, name, 500, "The CRM's name of it."),
    LIMITED(flow_company, place, 500, "What tells it from others of the name; null: the CRM does not say."),
};
SHAPE(flow_company, "Company");

static const struct json_field flow_company_question_rows[] = {
    WORD(flow_company_question, found, flow_company_words, "How many companies of the CRM have the name."),
    TEXT(flow_company_question, name, "As the contact has it."),
    MANY(flow_company_question, choices, flow_company_shape, "Those several, or such whose name is alike."),
    YES(flow_company_question, can_make, "None has the name, and one may be made from here."),
};
SHAPE(flow_company_question, "CompanyQuestion");

static const struct json_field flow_company_new_rows[] = {
    NEEDED(flow_company_new, name, 200, "As it shall stand in the CRM."),
};
SHAPE(flow_company_new, "CompanyNew");

static const struct json_field flow_merge_wish_rows[] = {
    NEEDED(flow_merge_wish, record_id, 36, "The record that goes."),
    NEEDED(flow_merge_wish, remote_version, 0, "As its review had it."),
};
SHAPE(flow_merge_wish, "MergeWish");

static const struct json_field flow_preview_new_rows[] = {
    NEEDED(flow_preview_new, contact_id, 36, NULL),
    ROW(flow_preview_new, contact_version, INT, .flags = JSON_REQUIRED, .doc = "As the review had it."),
    NEEDED(flow_preview_new, connection_id, 36, NULL),
    LIMITED(flow_preview_new, record_id, 36, "Absent: create a record."),
    LIMITED(flow_preview_new, remote_version, 0, "As the review had it; absent: create a record."),
    ROW(flow_preview_new, choices, LIST, .shape = &flow_choice_shape, .max = 32, .doc = "Others follow the proposal."),
    MAYBE(flow_preview_new, company, flow_company_shape,
          "The company to link, as a preview or the list of companies had it; absent: the only one of the name."),
    MAYBE(flow_preview_new, merge, flow_merge_wish_shape,
          "Has the CRM merge this record into record_id; choices have to be empty then."),
};
SHAPE(flow_preview_new, "PreviewNew");

static const struct json_field flow_change_rows[] = {
    TEXT(flow_change, field, "Name of the contact's field."),
    RAW(flow_change, before, "Value before, or null."),
    RAW(flow_change, after, "Value after, or null."),
};
SHAPE(flow_change, "Change");

static const struct json_field flow_ruling_rows[] = {
    TEXT(flow_ruling, field, "Name of the contact's field."),
    TEXT(flow_ruling, rule,
         "Key of the rule behind the proposal, as in a review, or of the policy that decided; null: no rule spoke."),
    WORD(flow_ruling, proposal, flow_take_words, "What the rule preset."),
    WORD(flow_ruling, take, flow_take_words, "What was taken."),
    YES(flow_ruling, overridden, "Decided otherwise than the rule: side, own value or main value."),
};
SHAPE(flow_ruling, "Ruling");

static const struct json_field flow_quota_rows[] = {
    WHOLE(flow_quota, left, "Requests that the CRM still takes from this account."),
    WHOLE(flow_quota, limit, "Of so many; -1: it does not say."),
};
SHAPE(flow_quota, "Quota");

static const struct json_field flow_preview_rows[] = {
    TEXT(flow_preview, id, "To be handed to the write-back."),
    WORD(flow_preview, action, flow_action_words, NULL),
    MANY(flow_preview, changes, flow_change_shape,
         "What would change; empty: nothing to write. Of a merge: what goes (before) and what stays (after)."),
    YES(flow_preview, reversible, "Whether it could be undone."),
    WHOLE(flow_preview, calls, "Requests that the CRM would see."),
    MAYBE(flow_preview, quota, flow_quota_shape,
          "What the CRM will still take, as it said last; null: it does not say."),
    TEXT(flow_preview, expires_at, "RFC 3339."),
    TEXTS(flow_preview, warnings, "Sentences in the user's language."),
    TEXTS(flow_preview, left, "Values that the CRM has no room for: they would not be written."),
    MAYBE(flow_preview, company, flow_company_question_shape, "Which company is meant; null: nothing to ask."),
    MAYBE(flow_preview, refusal, flow_problem_shape, "Why nothing of it would be written; null: it would."),
};
SHAPE(flow_preview, "Preview");

static const struct json_field flow_write_back_rows[] = {
    TEXT(flow_write_back, id, "UUID."),
    WORD(flow_write_back, state, flow_write_back_words, "Where it is in its life."),
    WORD(flow_write_back, action, flow_action_words, NULL),
    TEXT(flow_write_back, sentence, "What the state means, in the user's language."),
    TEXT(flow_write_back, contact_id, NULL),
    TEXT(flow_write_back, display, "The contact's name as it is now."),
    PART(flow_write_back, connection, flow_connection_ref_shape, NULL),
    TEXT(flow_write_back, connection_id, NULL),
    TEXT(flow_write_back, remote_id, "The CRM's own id, null until known."),
    MANY(flow_write_back, changes, flow_change_shape, NULL),
    MANY(flow_write_back, rulings, flow_ruling_shape,
         "The rule behind each field that differed, also of those that were left as they are. A changed field without "
         "one: its rule was not kept."),
    MAYBE(flow_write_back, problem, flow_problem_shape, "What went wrong last."),
    YES(flow_write_back, parked, "Nothing is sent any more until a person says so: resend, or leave."),
    YES(flow_write_back, undoable, NULL),
    TEXT(flow_write_back, not_undoable, "Why not."),
    TEXT(flow_write_back, undoable_until, "RFC 3339; null: it cannot be undone."),
    TEXT(flow_write_back, by, "Who decided it; null: the connection's policy, or somebody who is gone."),
    TEXT(flow_write_back, policy, "The connection's policy (fill), where it decided by itself; null: a person did."),
    TEXT(flow_write_back, created_at, "RFC 3339."),
    TEXT(flow_write_back, updated_at, "RFC 3339."),
    TEXT(flow_write_back, job_id, NULL),
    WHOLE(flow_write_back, version, "For If-Match."),
};
SHAPE(flow_write_back, "WriteBack");

static const struct json_field flow_conflict_field_rows[] = {
    TEXT(flow_conflict_field, field, "Name of the contact's field."),
    RAW(flow_conflict_field, intent, "What we want there, or null."),
    RAW(flow_conflict_field, now, "What is there now, or null."),
    RAW(flow_conflict_field, loaded, "What was there when it was decided, or null."),
    YES(flow_conflict_field, theirs, "Somebody else changed it since."),
};
SHAPE(flow_conflict_field, "ConflictField");

static const struct json_field flow_conflict_rows[] = {
    TEXT(flow_conflict, write_back_id, "UUID."),
    WORD(flow_conflict, state, flow_write_back_words,
         "conflict, undo_conflict, or written: what taking it back would meet."),
    YES(flow_conflict, gone, "The record no longer exists in the CRM."),
    TEXT(flow_conflict, fetched_at, "RFC 3339."),
    MANY(flow_conflict, fields, flow_conflict_field_shape, "Where the three are not all the same."),
};
SHAPE(flow_conflict, "Conflict");

static const struct json_field flow_write_new_rows[] = {
    NEEDED(flow_write_new, preview_id, 36, NULL),
};
SHAPE(flow_write_new, "WriteBackNew");

static const struct json_field flow_plan_rows[] = {
    WORD(flow_plan, action, flow_action_words, NULL),
    TEXT(flow_plan, remote_id, NULL),
    TEXT(flow_plan, version, NULL),
    WHOLE(flow_plan, mapping, NULL),
    TEXT(flow_plan, company, NULL),
    TEXT(flow_plan, company_before, NULL),
    TEXT(flow_plan, give_id, NULL),
    TEXT(flow_plan, give_version, NULL),
    PART(flow_plan, before, contact_shape, NULL),
    PART(flow_plan, after, contact_shape, NULL),
    LIMITED(flow_plan, image, FLOW_IMAGE_BYTES, NULL),
    MANY(flow_plan, changes, flow_change_shape, NULL),
    MANY(flow_plan, rulings, flow_ruling_shape, NULL),
};
SHAPE(flow_plan, "Plan");
