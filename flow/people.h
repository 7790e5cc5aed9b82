/* Organisations, their users and lists, and who may do what. */
#ifndef FLOW_PEOPLE_H
#define FLOW_PEOPLE_H

#include "flow/rights.h"

/* Resource "User". */
struct flow_user {
    struct str id, email, name;
    int role;  /* flow_role_words */
    int state; /* flow_user_words: "active", "suspended" */
    struct str language, theme, created_at;
    int64_t version;
};
/* Input of POST /v1/users; of PATCH with absent = unchanged. */
struct flow_user_new {
    struct str email, name;
    int role;            /* flow_role_words but "support"; -1: user */
    struct str password; /* write only; absent: sign-in by link */
    struct str language;
};
struct flow_user_change {
    struct str name;
    int role, state; /* -1 = unchanged */
    struct str password, language;
};
/* Resource "Colleague": enough to choose somebody by. */
struct flow_colleague {
    struct str id, name;
};
struct flow_list_member {
    struct str user_id;
    int right; /* flow_list_right_words: "editor", "reader" */
};
/* Resource "List": a folder of contacts. */
struct flow_folder {
    struct str id, name, owner_id;
    int64_t contacts;         /* living ones in it */
    struct json_list members; /* struct flow_list_member */
    struct str created_at;
    int64_t version;
};
/* Input of POST and PATCH of lists; in a PATCH absent name = unchanged. */
struct flow_folder_input {
    struct str name;
    struct json_list members; /* struct flow_list_member; replaces the former ones */
};
extern const struct json_shape flow_user_shape, flow_user_new_shape, flow_user_change_shape, flow_colleague_shape,
    flow_folder_shape, flow_folder_input_shape, flow_list_member_shape;
extern const char *const flow_user_words[], *const flow_list_right_words[];

/* For the command line: a new organisation with its keys and its built-in address book. */
struct flow_org {
    struct str id, name;
};
extern const struct json_shape flow_org_shape; /* "Organisation" */
int flow_org_create(const struct flow *flow, struct str name, struct id *ret_org, struct err *err);

/* All organisations (struct flow_org), for the command line. */
int flow_org_list(const struct flow *flow, struct arena *arena, struct flow_list *ret_list, struct err *err);

/* Items are struct flow_user. Errors of the user functions: ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_STALE, ERR_INVALID with a
 * pointer (address; a password against flow/sign_in/password_rule.h), ERR_CONFLICT (address taken; last admin). */
int flow_user_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                   struct flow_list *ret_list, struct err *err);
/* Items are struct flow_colleague: who is active, but support. */
int flow_colleague_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                        struct flow_list *ret_list, struct err *err);
int flow_user_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_user_new *input,
                     struct arena *arena, struct flow_user *ret_user, struct err *err);
struct flow_user_patch {
    struct id user;
    int64_t version;
    struct flow_user_change change;
};
/* A changed role, state or password ends the user's sessions. */
int flow_user_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_user_patch *patch,
                    struct arena *arena, struct flow_user *ret_user, struct err *err);

/* Items are struct flow_folder: those the actor owns or is a member of; admins see all. */
int flow_folder_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                     struct flow_list *ret_list, struct err *err);
int flow_folder_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_folder_input *input,
                       struct arena *arena, struct flow_folder *ret_folder, struct err *err);
int flow_folder_get(const struct flow *flow, const struct flow_actor *actor, struct id list, struct arena *arena,
                    struct flow_folder *ret_folder, struct err *err);
struct flow_folder_patch {
    struct id list;
    int64_t version;
    struct flow_folder_input input;
    bool members; /* replace the members too */
};
int flow_folder_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_folder_patch *patch,
                      struct arena *arena, struct flow_folder *ret_folder, struct err *err);
/* ERR_CONFLICT while contacts or scans are in it. */
int flow_folder_delete(const struct flow *flow, const struct flow_actor *actor, struct id list, int64_t version,
                       struct err *err);

#endif
