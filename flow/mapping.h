/* Which field of a connection's CRM holds what: the CRM's own fields, the active mapping and its draft. For
 * administrators. */
#ifndef FLOW_MAPPING_H
#define FLOW_MAPPING_H

#include "crm-connectors/mapping/mapping.h"
#include "flow/flow.h"

/* What the CRM's description says against a mapping: one sentence. */
struct flow_finding {
    bool error;          /* keeps the mapping from being used */
    struct str ours;     /* our place, absent when it is about none */
    struct str theirs;   /* the CRM's field */
    struct str sentence; /* in the actor's language */
};
/* One of our places, as a target of the mapping. */
struct flow_place {
    struct str ours;
    struct str theirs;        /* name of the CRM's field where places are fixed; absent = any may be chosen */
    struct json_list samples; /* struct str: what the newest contacts have there, at most three */
};
struct flow_mapping_version {
    int64_t version; /* 0: as the connector comes; a draft has the one it would get: 0 too */
    struct str by;   /* name of who made it; absent for the connector's own */
    struct str at;   /* RFC 3339, absent for the connector's own */
    struct crm_mapping_doc mapping;
    struct json_list findings; /* struct flow_finding */
};
/* Resource "ConnectionMapping". */
struct flow_mapping {
    struct str connection_id;
    struct flow_mapping_version active;
    struct flow_mapping_version *draft; /* NULL: there is none */
    bool fixed;                         /* the CRM's places are fixed: a mapping can only leave some out */
    bool constants;                     /* new records take fixed values besides */
    struct str company;                 /* field that links a record of the employer; absent = it is a plain text */
    struct json_list places;            /* struct flow_place */
    struct str checked_at;              /* when the CRM described its fields last; absent = never */
    int64_t version;                    /* for If-Match: of draft and active version together */
};
/* Resource "RemoteFields". */
struct flow_fields {
    struct json_list fields; /* struct crm_field, by name */
};
/* Resource "MappingActivation". */
struct flow_activation {
    bool active; /* false: its findings say why not */
    struct flow_mapping mapping;
};
extern const struct json_shape flow_finding_shape, flow_place_shape, flow_mapping_version_shape, flow_mapping_shape,
    flow_fields_shape, flow_activation_shape;

/* Asks the CRM now. ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_CRM_*. */
int flow_mapping_fields(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                        struct arena *arena, struct flow_fields *ret_fields, struct err *err);
/* Findings of the active version are by the last description, the draft's by the one when it was kept. */
int flow_mapping_get(const struct flow *flow, const struct flow_actor *actor, struct id connection, struct arena *arena,
                     struct flow_mapping *ret_mapping, struct err *err);
/* The document of the active version. */
int flow_mapping_export(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                        struct arena *arena, struct crm_mapping_doc *ret_doc, struct err *err);

struct flow_mapping_change {
    struct id connection;
    int64_t version; /* of the resource, as the caller saw it */
    const struct crm_mapping_doc *doc;
};
/* Keeps a draft, judged by the CRM's fields as they are now where the CRM can be asked; one that says what the active
 * version says removes the draft. ERR_INVALID with a pointer, ERR_STALE. */
int flow_mapping_draft(const struct flow *flow, const struct flow_actor *actor,
                       const struct flow_mapping_change *change, struct arena *arena, struct flow_mapping *ret_mapping,
                       struct err *err);
/* Makes the draft the active version when nothing speaks against it; then the mirror is read anew. `doc` is not used.
 * ERR_CONFLICT without a draft, ERR_STALE, ERR_CRM_*. */
int flow_mapping_activate(const struct flow *flow, const struct flow_actor *actor,
                          const struct flow_mapping_change *change, struct arena *arena,
                          struct flow_activation *ret_activation, struct err *err);

#endif
