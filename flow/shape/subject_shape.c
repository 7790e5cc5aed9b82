/* Shapes of data subjects' requests; see flow/subject.h for what the members mean. */
#include "flow/shape/rows.h"
#include "flow/subject/subject.h"
#include "flow/write.h"

const char *const flow_subject_kind_words[] = {"access", "erasure", NULL};
const char *const flow_subject_state_words[] = {"open", "overdue", "done", NULL};

static const struct json_field flow_subject_rows[] = {
    LIMITED(flow_subject, name, 200, "Words of the name."),
    LIMITED(flow_subject, email, 254, NULL),
    LIMITED(flow_subject, phone, 64, NULL),
};
SHAPE(flow_subject, "DataSubject");

static const struct json_field flow_subject_remains_rows[] = {
    TEXT(flow_subject_remains, connection_id, "UUID."),
    TEXT(flow_subject_remains, connection, "Its name."),
    TEXT(flow_subject_remains, kind, NULL),
    WHOLE(flow_subject_remains, records, "How many records the CRM itself still has."),
};
static SHAPE(flow_subject_remains, "DataSubjectRemains");

static const struct json_field flow_subject_certificate_rows[] = {
    WHOLE(flow_subject_certificate, number, "Of the request."),
    TEXT(flow_subject_certificate, organisation, NULL),
    TEXT(flow_subject_certificate, erased_at, "RFC 3339."),
    TEXT(flow_subject_certificate, erased_by, "Name of the administrator."),
    TEXTS(flow_subject_certificate, contacts, "Ids that went."),
    TEXTS(flow_subject_certificate, scans, "Ids of photos that went."),
    TEXTS(flow_subject_certificate, records, "Ids of CRM records that went here."),
    WHOLE(flow_subject_certificate, write_backs, NULL),
    WHOLE(flow_subject_certificate, files, "Sealed files that were deleted."),
    MANY(flow_subject_certificate, remains, flow_subject_remains_shape, "What CRMs themselves still have."),
    TEXT(flow_subject_certificate, statement, NULL),
    ROW(flow_subject_certificate, text, STR, .max = 64 * 1024, .doc = "What was signed: no name is in it."),
    TEXT(flow_subject_certificate, signature, "Ed25519 (RFC 8032) over text, base64url."),
    TEXT(flow_subject_certificate, key, "Public key, hex."),
    YES(flow_subject_certificate, valid, "The signature is right by this instance's key."),
};
SHAPE(flow_subject_certificate, "ErasureCertificate");

static const struct json_field flow_subject_request_rows[] = {
    TEXT(flow_subject_request, id, "UUID."),
    WHOLE(flow_subject_request, number, "In the organisation, from 1 on."),
    WORD(flow_subject_request, kind, flow_subject_kind_words, NULL),
    WORD(flow_subject_request, state, flow_subject_state_words, NULL),
    PART(flow_subject_request, subject, flow_subject_shape, "All absent after an erasure."),
    TEXT(flow_subject_request, reference, "A file number or the like; absent after an erasure."),
    TEXT(flow_subject_request, created_at, "RFC 3339."),
    TEXT(flow_subject_request, created_by, "Name of the administrator."),
    TEXT(flow_subject_request, due_at, "A month later (GDPR, article 12, 3)."),
    TEXT(flow_subject_request, done_at, "RFC 3339; absent before."),
    TEXT(flow_subject_request, done_by, "Name of the administrator."),
    MAYBE(flow_subject_request, certificate, flow_subject_certificate_shape, "Of an erasure that is done."),
};
SHAPE(flow_subject_request, "DataSubjectRequest");

static const struct json_field flow_subject_new_rows[] = {
    ROW(flow_subject_new, kind, WORD, .flags = JSON_REQUIRED, .words = flow_subject_kind_words),
    PART(flow_subject_new, subject, flow_subject_shape, "One of the three at least."),
    LIMITED(flow_subject_new, reference, 200, "A file number or the like."),
};
SHAPE(flow_subject_new, "DataSubjectRequestNew");

static const struct json_field flow_subject_contact_rows[] = {
    TEXT(flow_subject_contact, id, "UUID."),
    TEXT(flow_subject_contact, display, NULL),
    TEXT(flow_subject_contact, organization, NULL),
    TEXT(flow_subject_contact, list, "Name of the list."),
    WORD(flow_subject_contact, state, flow_contact_words, NULL),
    TEXT(flow_subject_contact, created_at, "RFC 3339."),
    TEXT(flow_subject_contact, deleted_at, "Since when it is in the bin; absent = it is not."),
    TEXTS(flow_subject_contact, by, "Found by: email, phone, name."),
};
static SHAPE(flow_subject_contact, "DataSubjectContact");

static const struct json_field flow_subject_record_rows[] = {
    TEXT(flow_subject_record, id, "UUID."),
    TEXT(flow_subject_record, display, NULL),
    TEXT(flow_subject_record, organization, NULL),
    TEXT(flow_subject_record, connection_id, "UUID."),
    TEXT(flow_subject_record, connection, "Its name."),
    TEXT(flow_subject_record, kind, "Kind of the connection."),
    TEXT(flow_subject_record, remote_id, "The CRM's own id."),
    YES(flow_subject_record, kept_here, "Kartei is the only place where it is."),
    TEXTS(flow_subject_record, by, "Found by: email, phone, name."),
};
static SHAPE(flow_subject_record, "DataSubjectRecord");

static const struct json_field flow_subject_finds_rows[] = {
    MANY(flow_subject_finds, contacts, flow_subject_contact_shape, "Of all lists, the bin too."),
    MANY(flow_subject_finds, records, flow_subject_record_shape, "Of all connections."),
    TEXT(flow_subject_finds, user, "Name of the user of Kartei who has this e-mail; absent = none."),
    YES(flow_subject_finds, more, "There are more than are shown: look for something rarer."),
};
SHAPE(flow_subject_finds, "DataSubjectFinds");

static const struct json_field flow_subject_choice_rows[] = {
    ROW(flow_subject_choice, contacts, STRS, .max = FLOW_SUBJECT_MOST, .doc = "Ids."),
    ROW(flow_subject_choice, records, STRS, .max = FLOW_SUBJECT_MOST, .doc = "Ids."),
    LIMITED(flow_subject_choice, confirm, 64, "Of the preview; for the erasure only."),
};
SHAPE(flow_subject_choice, "DataSubjectChoice");

static const struct json_field flow_subject_copy_rows[] = {
    PART(flow_subject_copy, contact, flow_contact_shape, NULL),
    MANY(flow_subject_copy, versions, flow_contact_version_shape, "Earlier states."),
    MANY(flow_subject_copy, write_backs, flow_write_back_shape, "What was sent to CRMs."),
};
static SHAPE(flow_subject_copy, "DataSubjectContactCopy");

static const struct json_field flow_subject_record_copy_rows[] = {
    TEXT(flow_subject_record_copy, id, "UUID."),
    TEXT(flow_subject_record_copy, connection, "Its name."),
    TEXT(flow_subject_record_copy, kind, NULL),
    TEXT(flow_subject_record_copy, remote_id, "The CRM's own id."),
    TEXT(flow_subject_record_copy, fetched_at, "RFC 3339."),
    PART(flow_subject_record_copy, contact, contact_shape, NULL),
    PART(flow_subject_record_copy, custody, contact_custody_shape, "Whose it is there, and its last change."),
};
static SHAPE(flow_subject_record_copy, "DataSubjectRecordCopy");

static const struct json_field flow_subject_answer_rows[] = {
    WHOLE(flow_subject_answer, number, "Of the request."),
    TEXT(flow_subject_answer, organisation, NULL),
    TEXT(flow_subject_answer, made_at, "RFC 3339."),
    TEXTS(flow_subject_answer, notices, "GDPR, article 15, 1 and 2, as sentences."),
    MANY(flow_subject_answer, contacts, flow_subject_copy_shape, "Photos are at the scans that they name."),
    MANY(flow_subject_answer, records, flow_subject_record_copy_shape, NULL),
};
SHAPE(flow_subject_answer, "DataSubjectAnswer");

static const struct json_field flow_subject_preview_rows[] = {
    WHOLE(flow_subject_preview, contacts, NULL),
    WHOLE(flow_subject_preview, records, NULL),
    WHOLE(flow_subject_preview, photos, NULL),
    WHOLE(flow_subject_preview, shared_photos,
          "Of these, such that show cards of others, too: those people stay, the photo goes."),
    WHOLE(flow_subject_preview, write_backs, NULL),
    WHOLE(flow_subject_preview, under_way, "Of these; the erasure waits for them."),
    MANY(flow_subject_preview, remains, flow_subject_remains_shape, "What CRMs themselves still have."),
    TEXTS(flow_subject_preview, notices, "What is not erased, and why."),
    TEXT(flow_subject_preview, confirm, "To be sent with the erasure."),
};
SHAPE(flow_subject_preview, "ErasurePreview");
