/* Field mappings and fields as they are kept: loaded, judged, brought up to date. Inside of flow. */
#ifndef FLOW_CRM_FIELDS_H
#define FLOW_CRM_FIELDS_H

#include "flow/crm/crm.h"

/* A version of a connection's mapping with what it is judged by. */
struct flow_mapping_kept {
    struct crm_mapping_doc doc;
    struct json_list then; /* struct crm_field: when it became active; empty for version 0 */
    struct json_list now;  /* as the CRM described them last; empty = never */
    struct id user;        /* who made it; empty for version 0 */
    int64_t at;
    int64_t checked_at; /* when `now` was; 0 = never */
};
struct flow_mapping_at {
    const struct crm_connector *connector;
    struct id connection;
    int64_t version; /* 0 = the connector's own */
};
/* ERR_NOT_FOUND. */
int flow_mapping_load(struct store_tx *tx, const struct flow_mapping_at *at, struct arena *arena,
                      struct flow_mapping_kept *ret_kept, struct err *err);

/* All fields of a contact there, asked now; notes health. ERR_CRM_*. */
int flow_fields_ask(struct flow_crm *crm, struct json_list *ret_fields, struct err *err);
/* Asks, and keeps what the active mapping uses; tells the event stream when its warnings changed. ERR_CRM_*. */
int flow_fields_refresh(struct flow_crm *crm, struct err *err);

/* A finding in the actor's language: one sentence. */
struct str flow_finding_sentence(const struct flow_actor *actor, const struct crm_finding *finding,
                                 struct arena *arena);
/* How many of the findings an administrator has to look at: what keeps values from arriving, or will. Notes on what a
 * field is like do not count. */
int64_t flow_findings_pressing(struct json_list findings);

/* JSON of a list of struct crm_field, and back. */
struct str flow_fields_text(struct json_list fields, struct arena *arena);
int flow_fields_read(struct str text, struct arena *arena, struct json_list *ret_fields, struct err *err);

#endif
