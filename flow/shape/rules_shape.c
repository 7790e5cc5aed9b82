/* Shapes of matching rules; see flow/rules/rules.h for what the members mean. */
#include "flow/rules/rules.h"

#include "dedupe/dedupe.h"
#include "flow/shape/rows.h"

const char *const flow_rules_origin_words[] = {"shipped", "edited", "learned", NULL};

static const struct json_field flow_weight_rows[] = {
    NEEDED(flow_weight, field, 16, "What is compared."),
    NEEDED(flow_weight, level, 32, "What the comparison found."),
    ROW(flow_weight, sentence, STR, .flags = JSON_READ_ONLY, .doc = "The same in words, in the user's language."),
    ROW(flow_weight, bits, DOUBLE, .flags = JSON_REQUIRED, .doc = "Positive speaks for the same person."),
    ROW(flow_weight, shipped, DOUBLE, .flags = JSON_READ_ONLY, .doc = "As Kartei ships it."),
};
SHAPE(flow_weight, "MatchingWeight");

static const struct json_field flow_lesson_rows[] = {
    WHOLE(flow_lesson, same, "Decisions \"the same\"."),
    WHOLE(flow_lesson, different, "Decisions \"not the same\"."),
    YES(flow_lesson, kept, "The shipped weights stay: too few decisions, or nothing new in them."),
    REAL(flow_lesson, surprise_before, "Bits that a decision costs under the shipped weights."),
    REAL(flow_lesson, surprise_after, "The same under these, by weights that did not see it."),
    REAL(flow_lesson, largest_change, "Bits of the level that moved most."),
    TEXT(flow_lesson, field, "Its comparison."),
    TEXT(flow_lesson, level, "Its name."),
    TEXT(flow_lesson, sentence, "The lesson in words, in the user's language."),
};
SHAPE(flow_lesson, "MatchingLesson");

static const struct json_field flow_proposals_changed_rows[] = {
    TEXT(flow_proposals_changed, field, "Name of the contact's field."),
    WHOLE(flow_proposals_changed, contacts, "Pairs whose proposal for the field would change."),
};
static const struct json_shape flow_proposals_changed_shape = {
    "ProposalsChanged", sizeof(struct flow_proposals_changed), flow_proposals_changed_rows,
    ARRAY_LEN(flow_proposals_changed_rows), false};

static const struct json_field flow_simulation_rows[] = {
    WHOLE(flow_simulation, contacts, "Contacts looked at so far."),
    WHOLE(flow_simulation, total, "Contacts in all."),
    WHOLE(flow_simulation, obvious_before, "Pairs in the lane \"obvious\" under the rules that hold."),
    WHOLE(flow_simulation, obvious_after, "The same under these."),
    WHOLE(flow_simulation, possible_before, "Pairs in the lane \"possible\" under the rules that hold."),
    WHOLE(flow_simulation, possible_after, "The same under these."),
    WHOLE(flow_simulation, more, "Pairs shown that were not."),
    WHOLE(flow_simulation, more_different, "Of them, decided \"not the same\" so far."),
    WHOLE(flow_simulation, fewer, "Pairs no more shown."),
    WHOLE(flow_simulation, fewer_same, "Of them, decided \"the same\" so far."),
    WHOLE(flow_simulation, decisions, "Past decisions looked at."),
    WHOLE(flow_simulation, against_before, "Of them, contradicted by their lane under the rules that hold."),
    WHOLE(flow_simulation, against_after, "The same under these."),
    MANY(flow_simulation, proposals, flow_proposals_changed_shape, "Proposals of the merge view that would change."),
    YES(flow_simulation, complete, "All contacts were looked at."),
    ROW(flow_simulation, cursor, STR, .flags = JSON_OMIT, .doc = "Internal: where it goes on."),
    TEXT(flow_simulation, sentence, "The result in words, in the user's language."),
};
SHAPE(flow_simulation, "MatchingSimulation");

static const struct json_field flow_rules_rows[] = {
    TEXT(flow_rules, id, "UUID; zeros: the rules that Kartei ships."),
    WHOLE(flow_rules, number, "1, 2, … in the organisation; 0: shipped."),
    WORD(flow_rules, state, flow_rules_words, "Where it is in its life."),
    WORD(flow_rules, origin, flow_rules_origin_words, "Who made it."),
    TEXT(flow_rules, author, "Name of the user who made it or had it learned."),
    TEXT(flow_rules, activated_by, "Name of the user who made it hold."),
    TEXT(flow_rules, created_at, "RFC 3339."),
    TEXT(flow_rules, simulated_at, "RFC 3339."),
    TEXT(flow_rules, activated_at, "RFC 3339."),
    REAL(flow_rules, possible, "Probability from which a pair is shown."),
    REAL(flow_rules, obvious, "Probability from which a pair is preselected."),
    MANY(flow_rules, weights, flow_weight_shape, "What each finding tells; empty in lists."),
    MANY(flow_rules, survivorship, flow_survival_shape, "Which value stays in each field; empty in lists."),
    MAYBE(flow_rules, lesson, flow_lesson_shape, "What was learned from decisions."),
    MAYBE(flow_rules, simulation, flow_simulation_shape, "What would change, as far as it was simulated."),
    YES(flow_rules, outdated, "Made for an earlier Kartei; cannot be activated."),
    WHOLE(flow_rules, version, "For If-Match."),
};
SHAPE(flow_rules, "MatchingRules");

static const struct json_field flow_rules_input_rows[] = {
    LIMITED(flow_rules_input, base_id, 36, "Rules to begin with; absent: those that hold."),
    REAL(flow_rules_input, possible, "Probability from which a pair is shown."),
    REAL(flow_rules_input, obvious, "Probability from which a pair is preselected."),
    ROW(flow_rules_input, weights, LIST, .shape = &flow_weight_shape, .max = 128, .doc = "Those that change."),
    ROW(flow_rules_input, survivorship, LIST, .shape = &flow_survival_shape, .max = 32, .doc = "Those that change."),
};
SHAPE(flow_rules_input, "MatchingRulesInput");

static const struct json_field flow_pair_test_rows[] = {
    ROW(flow_pair_test, left, OBJ, .flags = JSON_REQUIRED, .shape = &contact_shape),
    ROW(flow_pair_test, right, OBJ, .flags = JSON_REQUIRED, .shape = &contact_shape),
};
SHAPE(flow_pair_test, "PairTest");

static const struct json_field flow_pair_verdict_rows[] = {
    REAL(flow_pair_verdict, weight, "Bits: the sum of the reasons."),
    REAL(flow_pair_verdict, probability, "0 to 1."),
    WORD(flow_pair_verdict, band, dedupe_band_words, "The lane."),
    WORD(flow_pair_verdict, outcome, dedupe_outcome_words, "What the two are to each other."),
    TEXT(flow_pair_verdict, sentence, "The verdict in the user's language."),
    MANY(flow_pair_verdict, reasons, flow_reason_shape, "Strongest first."),
    PART(flow_pair_verdict, why, flow_why_shape, "What else it may be."),
};
SHAPE(flow_pair_verdict, "PairVerdict");
