/* Shapes of contacts and candidates; see the headers for what the members mean. */
#include "dedupe/dedupe.h"
#include "flow/contacts.h"
#include "flow/match.h"
#include "flow/reading.h"
#include "flow/shape/rows.h"

const char *const flow_verdict_words[] = {"exists", "possible", "new", "checking", NULL};
const char *const flow_contact_source_words[] = {"scan", "api", "signature", NULL};
const char *const flow_record_kind_words[] = {"person", "lead", "company", NULL};
const char *const flow_band_words[] = {"obvious", "possible", NULL};
const char *const flow_decision_words[] = {"same", "different", NULL};

static const struct json_field flow_contact_source_rows[] = {
    WORD(flow_contact_source, kind, flow_contact_source_words, "How it came to us."),
    TEXT(flow_contact_source, scan_id, "The photo it was read from."),
    WHOLE(flow_contact_source, card, "Number of the card on that photo, 0 without one."),
    YES(flow_contact_source, back, "Whether the card has a picture of its other side; false in lists."),
    MAYBE(flow_contact_source, fair, flow_fair_ref_shape, "The fair at which it was captured; null = none."),
    TEXT(flow_contact_source, suggested_at,
         "Since when it is a suggestion of a mailbox that nobody has taken up: deleting it is for good."),
};
SHAPE(flow_contact_source, "ContactSource");

static const struct json_field flow_unassigned_rows[] = {
    NEEDED(flow_unassigned, text, 0, "Text on the card that no field took."),
    REALS(flow_unassigned, box, "x, y, width, height in pixels of the upright photo."),
    REALS(flow_unassigned, card_box, "The same in pixels of the card's picture."),
    ROW(flow_unassigned, side, STR, .flags = JSON_OMIT, .max = 8,
        .doc = "back: the boxes lie on the card's other side; absent: on its front."),
};
SHAPE(flow_unassigned, "Unassigned");

static const struct json_field flow_verdict_rows[] = {
    WORD(flow_verdict, kind, flow_verdict_words, "Whether a CRM already has the person."),
    TEXT(flow_verdict, sentence, "The same in words, in the user's language."),
};
SHAPE(flow_verdict, "Verdict");

static const struct json_field flow_contact_rows[] = {
    TEXT(flow_contact, id, "UUID."),
    TEXT(flow_contact, list_id, "The list it is in."),
    TEXT(flow_contact, owner_id, "Who captured or entered it."),
    WORD(flow_contact, state, flow_contact_words, "Where it is in its life."),
    WHOLE(flow_contact, version, "For If-Match."),
    TEXT(flow_contact, created_at, "RFC 3339."),
    TEXT(flow_contact, updated_at, "RFC 3339."),
    TEXT(flow_contact, checked_at, "Since when a person found right what was read; null = nobody did."),
    TEXT(flow_contact, deleted_at, "Since when it lies in the bin."),
    PART(flow_contact, source, flow_contact_source_shape, NULL),
    TEXT(flow_contact, display, "The name to show."),
    PART(flow_contact, contact, contact_shape, NULL),
    MANY(flow_contact, claims, contact_claim_shape, "Where each value was read; empty in lists."),
    MANY(flow_contact, unassigned, flow_unassigned_shape, "What no field took; empty in lists."),
    PART(flow_contact, verdict, flow_verdict_shape, NULL),
};
SHAPE(flow_contact, "Contact");

static const struct json_field flow_contact_version_rows[] = {
    WHOLE(flow_contact_version, version, "The version as it was."),
    TEXT(flow_contact_version, at, "When it was replaced."),
    TEXT(flow_contact_version, user_id, "Who replaced it; null = the service itself."),
    PART(flow_contact_version, contact, contact_shape, NULL),
};
SHAPE(flow_contact_version, "ContactVersion");

static const struct json_field flow_contact_new_rows[] = {
    MAYBE(flow_contact_new, contact, contact_shape, "Who it is; absent: the vCard says it."),
    LIMITED(flow_contact_new, vcard, 0, "A vCard (2.1, 3.0, 4.0) instead: the first one of the text counts."),
    LIMITED(flow_contact_new, list_id, 36, "The list to put it in; absent = that of the fair, else the user's first."),
    LIMITED(flow_contact_new, fair_id, 36, "The fair where it was collected."),
};
SHAPE(flow_contact_new, "ContactNew");

static const struct json_field flow_contact_check_rows[] = {
    ROW(flow_contact_check, checked, BOOL, .flags = JSON_REQUIRED,
        .doc = "Whether what was read is right; false takes it back."),
};
SHAPE(flow_contact_check, "ContactCheck");

static const struct json_field flow_reason_rows[] = {
    TEXT(flow_reason, field, "What was compared."),
    TEXT(flow_reason, level, "How alike it was."),
    REAL(flow_reason, weight, "Bits: positive speaks for the same person."),
    TEXT(flow_reason, sentence, "The same in words, in the user's language."),
    TEXT(flow_reason, rarity, "What the rarity of the names adds, in words; null = nothing."),
    TEXTS(flow_reason, left_steps, "What was done to the contact's value before it was compared, in words."),
    TEXTS(flow_reason, right_steps, "The same of the record's value."),
};
SHAPE(flow_reason, "Reason");

static const struct json_field flow_why_rows[] = {
    WORD(flow_why, rival, dedupe_rival_words, "The likeliest explanation beside one person; null = not kept."),
    TEXT(flow_why, rival_sentence, "The same in words, with what speaks for and against."),
    TEXT(flow_why, hangs_on, "What it would be without the strongest reason, in words."),
};
SHAPE(flow_why, "Why");

static const struct json_field flow_connection_ref_rows[] = {
    TEXT(flow_connection_ref, id, "UUID."),
    TEXT(flow_connection_ref, name, NULL),
    TEXT(flow_connection_ref, kind, "Kind of CRM."),
};
SHAPE(flow_connection_ref, "ConnectionRef");

static const struct json_field flow_candidate_rows[] = {
    TEXT(flow_candidate, id, "UUID."),
    TEXT(flow_candidate, contact_id, "The contact it may be."),
    PART(flow_candidate, connection, flow_connection_ref_shape, NULL),
    TEXT(flow_candidate, record_id, "The record in our mirror."),
    TEXT(flow_candidate, remote_id, "The CRM's own id."),
    WORD(flow_candidate, record_kind, flow_record_kind_words, "What it is there."),
    TEXT(flow_candidate, organization, "Its organisation there; null = none."),
    TEXT(flow_candidate, fetched_at, "When the CRM gave it last, RFC 3339."),
    PART(flow_candidate, custody, contact_custody_shape, "Whose it is there, and its last change, as the CRM told."),
    TEXT(flow_candidate, display, "Name and organisation there."),
    REAL(flow_candidate, weight, "Sum of the reasons' bits."),
    REAL(flow_candidate, probability, "0 to 1."),
    WORD(flow_candidate, band, flow_band_words, NULL),
    MANY(flow_candidate, reasons, flow_reason_shape, "Strongest first."),
    PART(flow_candidate, why, flow_why_shape, "What else it may be."),
    WORD(flow_candidate, decided, flow_decision_words, "What a person decided; null = open."),
};
SHAPE(flow_candidate, "Candidate");

static const struct json_field flow_decision_rows[] = {
    ROW(flow_decision, same, BOOL, .flags = JSON_REQUIRED, .doc = "Whether it is the same person."),
    LIMITED(flow_decision, reason, 500, "Why, in free words."),
};
SHAPE(flow_decision, "Decision");

static const struct json_field flow_reading_rows[] = {
    MANY(flow_reading, claims, contact_claim_shape, NULL),
    MANY(flow_reading, unassigned, flow_unassigned_shape, NULL),
};
SHAPE(flow_reading, "Reading");

struct flow_reading flow_reading_of(struct str json, struct arena *arena)
{
    struct flow_reading reading = {0};
    struct err err;
    if (json.p && json_read(&flow_reading_shape, json, arena, &reading, &err) < 0)
        return (struct flow_reading){0};
    return reading;
}
