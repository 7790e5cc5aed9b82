/* A connection in use: its connector, its opened secrets, a way out of its own; and what its answers mean for us. */
#ifndef FLOW_CRM_CRM_H
#define FLOW_CRM_CRM_H

#include "crm-connectors/mapping/mapping.h"
#include "flow/crm/book.h"
#include "flow/crm/oauth.h"
#include "flow/flow.h"
#include "store/connection.h"

struct flow_crm {
    const struct flow *flow;
    struct id org;
    const struct crm_connector *connector;
    struct store_connection row; /* with the secret */
    struct crm_lent lent;
    struct crm_mapping mapping; /* the active one, or the one that flow_crm_use_mapping() chose */
    int64_t mapping_version;
    struct crm_book book;
    struct flow_book book_self;
    struct crm_bearer bearer;
    struct flow_bearer bearer_self;
    const char *calls_for;  /* what for, of store_call.work; NULL = "read" */
    struct id calls_about;  /* its write-back */
    bool called;            /* an answer was noted, and */
    enum err_code ended;    /* the last one meant this */
    struct crm_quota quota; /* as the answers of this unit of work said; -1 = not */
    struct arena *arena;    /* wiping: secrets and all answers; lives as long as this */
};

/* Opens the connection for one unit of work, in a transaction of its own. Release with flow_crm_close() also after
 * failure. Errors: ERR_NOT_FOUND, ERR_SEAL, ERR_STORE_DOWN. */
int flow_crm_open(const struct flow *flow, const struct id *org, const struct id *connection, struct flow_crm *ret_crm,
                  struct err *err);
/* The same for settings that are not kept yet: only kind, settings, secret and id of `row`; tokens that a person has
 * granted to that id are used. */
int flow_crm_try(const struct flow *flow, const struct id *org, const struct store_connection *row,
                 struct flow_crm *ret_crm, struct err *err);
void flow_crm_close(struct flow_crm *crm);

/* The connectors lent, or all there are; ended by NULL, without the mailboxes. */
const struct crm_connector *const *flow_connectors(const struct flow *flow);
/* The connector of a kind among those lent and the mailboxes, or NULL. */
const struct crm_connector *flow_connector_find(const struct flow *flow, struct str kind);

/* 0 for answers that mean success; else -1 with the error that a person should see. Words of the CRM lose what looks
 * like personal data. */
int flow_crm_judge(const struct crm_result *result, struct err *err);

/* Keeps the connection's health from this real answer; `err` is that of a call that returned -1, else NULL. Tells the
 * event stream when it changed. Its own failure is not the caller's: nothing is returned. */
void flow_crm_note(struct flow_crm *crm, const struct crm_result *result, const struct err *failure);

/* The live record. *ret_gone: the CRM has deleted it. Notes health. Errors: ERR_CRM_*. */
int flow_crm_fetch(struct flow_crm *crm, struct str remote_id, struct crm_record *ret_record, bool *ret_gone,
                   struct err *err);
/* Whether the mapping has a place for the field: a flow_mapped_fn over the struct flow_crm. */
bool flow_crm_maps(const void *crm, const struct contact_field *field);
/* Whether one of the field's values is the main one there. */
bool flow_crm_main(const struct flow_crm *crm, const struct contact_field *field);
/* The record with the mapped fields alone: what the mirror may keep. */
struct crm_record flow_crm_mapped(const struct flow_crm *crm, const struct crm_record *record);
/* How long after a create its CRM may not find it, where no marker makes the look exact. */
int64_t flow_crm_lag_ms(const struct flow_crm *crm);
/* The last tenth of what the vendor grants is left: that belongs to people who look and decide, and a pull waits. */
bool flow_crm_quota_low(const struct crm_quota *quota);
/* Goes on with another version of the mapping (0 = the connector's own). ERR_NOT_FOUND. */
int flow_crm_use_mapping(struct flow_crm *crm, int64_t version, struct err *err);

#endif
