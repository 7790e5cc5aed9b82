/* Who may do what: the roles, and the rows of the table rights (role, resource, action, ownership). No row, no right.
 */
#ifndef FLOW_RIGHTS_H
#define FLOW_RIGHTS_H

#include "flow/flow.h"

/* Roles of an organisation. Support is given by a grant only (flow/support.h); the operator has the command line and no
 * role. */
enum flow_role {
    FLOW_ROLE_REPORTER,
    FLOW_ROLE_USER,
    FLOW_ROLE_TEMPLATE_CURATOR,
    FLOW_ROLE_TEMPLATE_MANAGER,
    FLOW_ROLE_ADMIN,
    FLOW_ROLE_SUPPORT,
};
extern const char *const flow_role_words[];

/* Whether the actor's role has the action ("read", "create" …) on the resource ("scan", "user" …). ERR_FORBIDDEN. Whose
 * rows it then reaches is actor->any and the use case's business. */
int flow_may(const struct flow *flow, const struct flow_actor *actor, const char *resource, const char *action,
             struct err *err);
/* The same for a request that comes in: actor->any becomes what the row says of ownership. */
int flow_admit(const struct flow *flow, struct flow_actor *actor, const char *resource, const char *action,
               struct err *err);

/* Whether it is somebody with a role, not the system or whoever is not yet signed in. */
static inline bool flow_is_person(const struct flow_actor *actor)
{
    return actor->role && strcmp(actor->role, FLOW_SYSTEM) != 0;
}

/* The name of one of `users` (struct store_user); absent when it is none of them. */
struct str flow_user_name(const struct json_list *users, const struct id *id);

/* Resource "Right": one action on one resource, and for each role "any", "own", or nothing. */
struct flow_right {
    struct str resource, action;
    struct str reporter, user, template_curator, template_manager, admin, support, support_content;
};
extern const struct json_shape flow_right_shape;
/* The whole table (struct flow_right), by resource and action. ERR_FORBIDDEN. */
int flow_right_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                    struct flow_list *ret_list, struct err *err);

#endif
