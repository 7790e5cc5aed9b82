/* Which of our places a field of the CRM holds: as people keep it (a document of rows and constants), as connectors use
 * it, and what speaks against it by the CRM's own description. A connector whose places are data (crm_connector.slots)
 * takes any field of the CRM; of the others a mapping can only leave places out. */
#ifndef CRM_CONNECTORS_MAPPING_MAPPING_H
#define CRM_CONNECTORS_MAPPING_MAPPING_H

#include "crm-connectors/connector.h"
#include "crm-connectors/rest/slots.h"

struct crm_mapping_row {
    struct str ours;   /* "job_title", "phones.mobile" … (ours.h); a whole field where places are fixed */
    struct str theirs; /* name of the CRM's field */
};
/* What a new record gets besides: never written on one that exists. */
enum crm_purpose { CRM_PURPOSE_DEFAULT, CRM_PURPOSE_OWNER, CRM_PURPOSE_RECORD_TYPE, CRM_PURPOSE_LEGAL_BASIS };
extern const char *const crm_purpose_words[]; /* "default", "owner", "record_type", "legal_basis", NULL */
struct crm_mapping_constant {
    int purpose; /* enum crm_purpose: for people */
    struct str theirs, value;
};
/* The document: what is exported, imported and kept. */
struct crm_mapping_doc {
    struct str connector;       /* kind: it fits no other CRM */
    struct str object;          /* "contact", or as crm_connector.object says */
    struct json_list rows;      /* struct crm_mapping_row */
    struct json_list constants; /* struct crm_mapping_constant */
};
extern const struct json_shape crm_mapping_doc_shape, crm_mapping_row_shape, crm_mapping_constant_shape;

enum { CRM_MAPPING_ROWS = CRM_SLOTS_MAX, CRM_MAPPING_CONSTANTS = 20 };

/* The mapping that the connector comes with: version 0. */
struct crm_mapping_doc crm_mapping_shipped(const struct crm_connector *connector, struct arena *arena);

/* As lent to a connector (crm_lent.mapping). */
struct crm_mapping {
    struct crm_map_list map; /* our fields that have a place at all */
    struct crm_slots slots;  /* .n = 0: the connector's places are fixed */
    bool company;            /* the organisation is a record there, to be linked; else it has a field, or no place */
    struct str constants;    /* JSON members for a new record, without braces; empty = none */
};
/* Makes it usable. `fields`: struct crm_field, what is known of the fields in it; may be empty. Errors: ERR_INVALID
 * with a pointer ("/rows/3/ours"): another connector, names that nobody knows, a field twice, fixed places moved. */
int crm_mapping_compile(const struct crm_connector *connector, const struct crm_mapping_doc *doc,
                        struct json_list fields, struct arena *arena, struct crm_mapping *ret_mapping, struct err *err);

/* One thing that the CRM's description says against a mapping: an error keeps the mapping from being used, a warning
 * does not. Errors are GONE, READ_ONLY, TYPE, and for constants CHOICE and LONG. */
struct crm_finding {
    enum crm_misfit misfit;
    bool error;
    struct str ours, theirs, label, value; /* absent where it has none; label: of theirs, for people */
    int64_t length;                        /* of the field, where that matters */
};
/* struct crm_finding, in the order of rows and constants. `then`: the fields as they were when the mapping was made,
 * may be empty. */
struct crm_judging {
    const struct crm_connector *connector;
    const struct crm_mapping_doc *doc;
    struct json_list now, then; /* struct crm_field */
};
struct json_list crm_mapping_check(const struct crm_judging *judging, struct arena *arena);

/* The fields of `all` that the document names: what is worth keeping for later checks. */
struct json_list crm_mapping_fields(const struct crm_mapping_doc *doc, struct json_list all, struct arena *arena);

#endif
