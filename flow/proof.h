/* What an administrator should know of how the instance is set up: lowered or missing settings, and what ends soon. */
#ifndef FLOW_PROOF_H
#define FLOW_PROOF_H

#include "flow/flow.h"

/* How the instance was set up, as its settings say; lent by services/, NULL or "" = not set. */
struct flow_posture {
    const char *security_contact;      /* mailto: or https: (RFC 9116) */
    const char *security_expires;      /* RFC 3339 */
    const char *certificate_ends_file; /* holds one RFC 3339 time: the end of the front door's certificate */
};

enum flow_warning_level { FLOW_WARNING_INFO, FLOW_WARNING_WARNING, FLOW_WARNING_CRITICAL };

/* Resource "Warning". */
struct flow_warning {
    struct str kind;        /* "security-contact" … */
    int level;              /* flow_warning_levels: "info", "warning", "critical" */
    struct str subject;     /* what it is about: a name, hosts, a date; or absent */
    struct str since;       /* RFC 3339; absent = not known */
    struct str effect, fix; /* sentences in the actor's language */
};
extern const struct json_shape flow_warning_shape;
extern const char *const flow_warning_levels[];

/* All warnings (struct flow_warning), the gravest first. ERR_FORBIDDEN. */
int flow_warning_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                      struct arena *arena, struct flow_list *ret_list, struct err *err);

/* The part that is a function of settings and clock; `ends` absent = the certificate's end is not known, `private` =
 * hosts that may be contacted inside, also without TLS. At most FLOW_WARNINGS_OF_SETTINGS. */
enum { FLOW_WARNINGS_OF_SETTINGS = 3 };
struct flow_warning_facts {
    struct str contact, expires, ends, private;
    const char *language;
    int64_t now_ms;
};
size_t flow_warnings_of(const struct flow_warning_facts *facts, struct arena *arena,
                        struct flow_warning ret[FLOW_WARNINGS_OF_SETTINGS]);

#endif
