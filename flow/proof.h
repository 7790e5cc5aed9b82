/* What an administrator should know of how the instance is set up: lowered or missing settings, and what ends soon. */
#ifndef FLOW_PROOF_H
#define FLOW_PROOF_H

#include "flow/flow.h"

/* How the instance was set up, as its settings say; lent by services/, NULL or "" = not set. */
struct flow_posture {
    const char *security_contact;      /* mailto: or https: (RFC 9116) */
    const char *security_expires;      /* RFC 3339 */
    const char *certificate_ends_file; /* holds one RFC 3339 time: the end of the front door's certificate */
    const char *listen;                /* HOST:PORT of the front door */
    const char *redirect_listen;       /* HOST:PORT that answers plain HTTP with the way to the front door */
    const char *inner_listen;          /* HOST:PORT for front doors on other hosts */
    const char *program;               /* version of the program */
    const char *proof_public;          /* names of the pages that everybody may read, blanks between */
    const char *sbom_file;             /* CycloneDX, made by tools/make_sbom.py */
    const char *lowered_reason;        /* why settings are lowered, in the operator's words */
};

enum flow_warning_level { FLOW_WARNING_INFO, FLOW_WARNING_WARNING, FLOW_WARNING_CRITICAL };

/* Who has put a warning off, until when and why. */
struct flow_put_off {
    struct str until, reason, user_id, at;
};
extern const struct json_shape flow_put_off_shape;
/* Resource "Warning". */
struct flow_warning {
    struct str id;
    struct str kind;          /* "security-contact" …: flow/proof/warnings.def */
    int level;                /* flow_warning_levels: "info", "warning", "critical"; rises with age and version */
    struct str subject;       /* what it is about: a name, hosts, a date; or absent */
    struct str since;         /* RFC 3339: warned of without a break since then */
    struct str since_program; /* version of the program then */
    struct str effect, fix;   /* sentences in the actor's language */
    struct str link;          /* where it is put right, or absent */
    struct flow_put_off *put_off;
    int64_t version;
};
extern const struct json_shape flow_warning_shape;
extern const char *const flow_warning_levels[];

/* All warnings (struct flow_warning), the gravest first, what is put off last. Keeps since when. ERR_FORBIDDEN. */
int flow_warning_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                      struct arena *arena, struct flow_list *ret_list, struct err *err);

/* Putting off: both, or both absent to take it back. */
struct flow_warning_change {
    struct str until; /* RFC 3339, in the future; at most 90 days ahead, 7 of a critical one */
    struct str reason;
};
extern const struct json_shape flow_warning_change_shape;
struct flow_warning_ref {
    struct id id;
    int64_t version;
    const struct flow_warning_change *change;
};
/* The warning as it is listed then; NULL with an error: ERR_INVALID with a pointer, ERR_NOT_FOUND, ERR_STALE. */
struct flow_warning *flow_warning_put_off(const struct flow *flow, const struct flow_actor *actor,
                                          const struct flow_posture *posture, const struct flow_warning_ref *ref,
                                          struct arena *arena, struct err *err);

/* ---- The overview for administrators ---- */

/* One thing that is looked after, in a line. */
struct flow_tile {
    int kind;         /* "connections", "mailboxes", "mail", "certificate", "backup", "restore", "canary" … */
    int state;        /* "good", "look", "bad", "none" */
    struct str words; /* in the actor's language */
    struct str at;    /* RFC 3339: when it was, or when it ends; or absent */
    int64_t n;        /* how many; -1 = nothing to count */
};
/* Resource "Overview". */
struct flow_overview {
    struct json_list tiles; /* struct flow_tile */
    struct str program;
};
extern const struct json_shape flow_tile_shape, flow_overview_shape;
int flow_overview(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                  struct arena *arena, struct flow_overview *ret_overview, struct err *err);

#endif
