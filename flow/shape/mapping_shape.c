/* Shapes of field mappings; see flow/mapping.h for what the members mean. */
#include "flow/mapping.h"
#include "flow/shape/rows.h"

static const struct json_field flow_finding_rows[] = {
    YES(flow_finding, error, "Keeps the mapping from being used; otherwise a warning."),
    TEXT(flow_finding, ours, "Our place; null when it is about none."),
    TEXT(flow_finding, theirs, "The CRM's field."),
    TEXT(flow_finding, sentence, "In the user's language."),
};
SHAPE(flow_finding, "MappingFinding");

static const struct json_field flow_place_rows[] = {
    TEXT(flow_place, ours, "As in the mapping's rows."),
    TEXT(flow_place, theirs, "Name of the CRM's field where places are fixed; null: any may be chosen."),
    TEXTS(flow_place, samples, "What the newest contacts have there, at most three."),
};
SHAPE(flow_place, "MappingPlace");

static const struct json_field flow_mapping_version_rows[] = {
    WHOLE(flow_mapping_version, version, "0: as the connector comes, and for a draft."),
    TEXT(flow_mapping_version, by, "Name of the user who made it."),
    TEXT(flow_mapping_version, at, "RFC 3339."),
    PART(flow_mapping_version, mapping, crm_mapping_doc_shape, "What an export has."),
    MANY(flow_mapping_version, findings, flow_finding_shape, "What the CRM's own description says against it."),
};
SHAPE(flow_mapping_version, "MappingVersion");

static const struct json_field flow_mapping_rows[] = {
    TEXT(flow_mapping, connection_id, "UUID."),
    PART(flow_mapping, active, flow_mapping_version_shape, "What reading and writing go by."),
    MAYBE(flow_mapping, draft, flow_mapping_version_shape, "Null: there is none."),
    YES(flow_mapping, fixed, "The CRM's places are fixed: a mapping can only leave some out."),
    YES(flow_mapping, constants, "New records take fixed values besides."),
    TEXT(flow_mapping, company, "Field that links a record of the employer; null: it is a plain text there."),
    MANY(flow_mapping, places, flow_place_shape, "What can be mapped."),
    TEXT(flow_mapping, checked_at, "When the CRM described its fields last, RFC 3339; null = never."),
    WHOLE(flow_mapping, version, "For If-Match."),
};
SHAPE(flow_mapping, "ConnectionMapping");

static const struct json_field flow_fields_rows[] = {
    ROW(flow_fields, fields, LIST, .shape = &crm_field_shape, .max = CRM_FIELDS_MAX, .doc = "By name."),
};
SHAPE(flow_fields, "RemoteFields");

static const struct json_field flow_activation_rows[] = {
    YES(flow_activation, active, "False: the draft's findings say why not."),
    PART(flow_activation, mapping, flow_mapping_shape, NULL),
};
SHAPE(flow_activation, "MappingActivation");
