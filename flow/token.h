/* API tokens: what a program may do in the name of a person, for a time, within scopes. A token never may what its
 * person may not. "kartei_pat_", 64 hex digits (256 random bits), "_", CRC-32 of those digits: scanners for secrets
 * find it, and a mistyped one is told from an unknown one without asking the database. */
#ifndef FLOW_TOKEN_H
#define FLOW_TOKEN_H

#include "flow/session.h"

enum { FLOW_TOKEN_DAYS = 365 };
#define FLOW_TOKEN_PREFIX "kartei_pat_"

/* Resource "Token". */
struct flow_token {
    struct str id, name, user_id, user_name;
    struct json_list scopes; /* struct str */
    int state;               /* flow_token_words */
    struct str created_at, expires_at, used_at, used_from;
    struct str token; /* in the answer that makes it, never again */
};
/* Input of POST /v1/tokens. */
struct flow_token_new {
    struct str name;
    struct json_list scopes; /* struct str; api/bearer.h knows which there are */
    int64_t days;            /* 1 … FLOW_TOKEN_DAYS */
};
/* Input of POST /v1/tokens/revocation. */
struct flow_token_return {
    struct str token;
};
extern const struct json_shape flow_token_shape, flow_token_new_shape, flow_token_return_shape;
extern const char *const flow_token_words[]; /* "active", "expired", "revoked" */

/* Makes one of the actor's own. ERR_FORBIDDEN; ERR_INVALID with a pointer. */
int flow_token_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_token_new *input,
                      struct arena *arena, struct flow_token *ret_token, struct err *err);
/* The actor's own, or all of the organisation where actor->any (struct flow_token), newest first. */
int flow_token_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                    struct flow_list *ret_list, struct err *err);
/* Ends one at once. ERR_NOT_FOUND, also when it is another's. */
int flow_token_revoke(const struct flow *flow, const struct flow_actor *actor, struct id token, struct err *err);
/* Ends the token by itself, for whoever holds it (RFC 7009); an unknown one is fine. */
int flow_token_give_back(const struct flow *flow, struct str token, struct err *err);

/* Who stands behind a token, and what for. */
struct flow_bearer {
    struct flow_who who; /* as of a session, but without session_id, csrf and organisation */
    struct str scopes;   /* separated by blanks */
};
/* Keeps time and address of the use, to the minute. ERR_INVALID_TOKEN: malformed, unknown, expired, revoked, or its
 * user is suspended. */
int flow_bearer_find(const struct flow *flow, struct str token, struct str address, struct arena *arena,
                     struct flow_bearer *ret_bearer, struct err *err);

#endif
