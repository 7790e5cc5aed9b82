/* API tokens: what a program may do in the name of a person. Tokens are the caller's; only their SHA-256 is stored. */
#ifndef STORE_RIGHTS_TOKEN_H
#define STORE_RIGHTS_TOKEN_H

#include "store/people.h"

struct store_token {
    struct id id, user;
    struct str name;      /* sealed at rest */
    struct str scopes;    /* separated by blanks */
    struct str used_from; /* address of the last use; sealed at rest, absent before the first */
    int64_t created_at, expires_at, used_at, ended_at; /* ms since 1970; 0 = not */
};
/* For whom a token speaks. */
struct store_bearer {
    struct id org, token;
    struct store_user user; /* without password_hash and version */
    struct str scopes;
    int64_t used_at, expires_at;
};

/* Adds a token of `row`'s user, name and scopes that ends after `life_ms`. */
int store_token_add(struct store_tx *tx, const struct store_token *row, struct str token, int64_t life_ms,
                    struct id *ret_id, struct err *err);
/* ERR_NOT_FOUND. */
int store_token_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_token *ret_token,
                    struct err *err);
/* Those of a user, NULL: of all (struct store_token), newest first, also ended ones; at most 500. */
int store_token_list(struct store_tx *tx, const struct id *user, struct arena *arena, struct json_list *ret_tokens,
                     struct err *err);
/* Ends a token; one that has ended stays as it is. */
int store_token_end(struct store_tx *tx, const struct id *id, struct err *err);
/* The holder of a live token of an active user, over all organisations. ERR_UNAUTHENTICATED. */
int store_token_find(struct store *store, struct str token, struct arena *arena, struct store_bearer *ret_bearer,
                     struct err *err);
/* Keeps when and from where it was used. */
int store_token_used(struct store_tx *tx, const struct id *id, struct str address, struct err *err);
/* Ends a token by itself, over all organisations: for who holds it. *ret_org is empty when there is none that lives. */
int store_token_give_back(struct store *store, struct str token, struct id *ret_org, struct id *ret_id,
                          struct id *ret_user, struct err *err);

#endif
