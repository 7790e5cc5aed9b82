/* Organisations, their users, and what a role may do. */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "store/store.h"

struct store_user {
    struct id id;
    struct str email, name;     /* sealed at rest */
    struct str language, theme; /* "de" | "en"; "system" | "light" | "dark" */
    struct str role;          /* "reporter" | "user" | "template_curator" | "template_manager" | "admin" | "support" */
    struct str state;         /* "active" | "suspended" */
    struct str password_hash; /* base/password.h; absent = only by link */
    int64_t version, created_at;
};

/* One user that a given e-mail may mean; the same address may live in several organisations. */
struct store_sign_in {
    struct id org, user;
    struct str password_hash, state;
};

enum store_ownership { STORE_NOTHING, STORE_OWN, STORE_ANY };
/* A row of the table rights. */
struct store_right {
    struct str role, resource, action;
    enum store_ownership ownership;
};

/* Creates an organisation with fresh keys, in a transaction of its own. */
int store_org_create(struct store *store, struct str name, struct id *ret_org, struct err *err);
/* Name of the transaction's organisation. ERR_NOT_FOUND. */
int store_org_name(struct store_tx *tx, struct arena *arena, struct str *ret_name, struct err *err);
/* Whether there is the transaction's organisation, and it was not erased. ERR_NOT_FOUND. */
int store_org_present(struct store_tx *tx, struct err *err);
/* All organisations (struct id), for the command line and for periodic work. */
int store_orgs(struct store *store, struct arena *arena, struct json_list *ret_orgs, struct err *err);

/* Adds a user; .id and .version of `user` are ignored. The e-mail is compared trimmed and in lower case. ERR_CONFLICT
 * when it is taken in this organisation. */
int store_user_add(struct store_tx *tx, const struct store_user *user, struct id *ret_id, struct err *err);
int store_user_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_user *ret_user,
                   struct err *err);
/* Nobody else changes the user until the transaction ends: what is read next is what is written over. ERR_NOT_FOUND. */
int store_user_lock(struct store_tx *tx, const struct id *id, struct err *err);
/* All users of the organisation (struct store_user), oldest first; at most 1000. */
int store_user_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_users, struct err *err);
/* Id and profile of the active ones, but support (struct store_user); at most 1000. */
int store_user_colleagues(struct store_tx *tx, struct arena *arena, struct json_list *ret_users, struct err *err);
/* Locks the administrators who can sign in, and counts those besides `user`: two who leave at once leave one after the
 * other. */
int store_user_admins(struct store_tx *tx, const struct id *user, int *ret_others, struct err *err);
/* Writes every value of `user` over the version it carries; an absent password_hash keeps the old one. Ends the user's
 * sessions when role, state or password change. ERR_STALE, ERR_NOT_FOUND, ERR_CONFLICT (e-mail taken). */
int store_user_save(struct store_tx *tx, const struct store_user *user, struct err *err);

/* Whether the user is active and still has the role that a request was let in for. ERR_FORBIDDEN. */
int store_user_present(struct store_tx *tx, const struct id *user, const char *role, struct err *err);
/* On whose behalf the transaction changes something: its commit, if it notes anything in the journal, asks the same and
 * lets the role not be taken away before the end. Then no change happens by a right that was gone. NULL takes it back:
 * for who changes itself. `role` outlives the transaction. */
void store_act_as(struct store_tx *tx, const struct id *user, const char *role);

/* Users by e-mail over all organisations (struct store_sign_in, at most 8): the sign-in's door. */
int store_sign_in_find(struct store *store, struct str email, struct arena *arena, struct json_list *ret_users,
                       struct err *err);

/* What `role` may do with `resource`/`action` (rows of the table rights, loaded by store_open); unknown =
 * STORE_NOTHING. */
enum store_ownership store_right(const struct store *store, struct str role, struct str resource, struct str action);
/* All of them (struct store_right), as long as the store is open. */
struct json_list store_rights(const struct store *store);

#endif
