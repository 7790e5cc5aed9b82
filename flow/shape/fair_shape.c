/* Shapes of fairs; see the header for what the members mean. */
#include "flow/fairs.h"
#include "flow/shape/rows.h"

const char *const flow_legal_basis_words[] = {"consent", "contract", "legitimate_interest", NULL};
const char *const flow_fair_words[] = {"open", "closed", NULL};

static const char basis_note[] =
    "On what ground the data are kept (GDPR, article 6): consent (a), contract (b), legitimate_interest (f).";

static const struct json_field flow_fair_rows[] = {
    TEXT(flow_fair, id, "UUID."),
    TEXT(flow_fair, name, "As people call it."),
    TEXT(flow_fair, tag, "A word that its contacts carry; null = none."),
    TEXT(flow_fair, list_id, "Where its captures go; null = to the first list of whoever takes them."),
    WORD(flow_fair, legal_basis, flow_legal_basis_words, basis_note),
    WORD(flow_fair, state, flow_fair_words, "Whether it is offered to who captures."),
    WHOLE(flow_fair, contacts, "Contacts from there that are not in the bin."),
    TEXT(flow_fair, created_by, "Who made it, and may change it."),
    TEXT(flow_fair, created_at, "RFC 3339."),
    WHOLE(flow_fair, version, "For If-Match."),
};
SHAPE(flow_fair, "Fair");

static const struct json_field flow_fair_input_rows[] = {
    LIMITED(flow_fair_input, name, 200, "Absent in a change = unchanged."),
    LIMITED(flow_fair_input, tag, 80, "Absent = unchanged; empty = none."),
    LIMITED(flow_fair_input, list_id, 36, "Absent = unchanged; empty = none."),
    WORD(flow_fair_input, legal_basis, flow_legal_basis_words, "Can be changed until something was captured there."),
    WORD(flow_fair_input, state, flow_fair_words, "Absent = unchanged."),
};
SHAPE(flow_fair_input, "FairInput");

static const struct json_field flow_fair_ref_rows[] = {
    TEXT(flow_fair_ref, id, "UUID."),
    TEXT(flow_fair_ref, name, "As people call it."),
    TEXT(flow_fair_ref, tag, "The word that its contacts carry; null = none."),
    WORD(flow_fair_ref, legal_basis, flow_legal_basis_words, basis_note),
};
SHAPE(flow_fair_ref, "FairRef");
