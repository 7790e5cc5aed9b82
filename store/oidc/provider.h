/* Identity providers of an organisation, and attempts to sign in by one. */
#ifndef STORE_OIDC_PROVIDER_H
#define STORE_OIDC_PROVIDER_H

#include "store/store.h"

struct store_provider {
    struct id id;
    struct str kind;             /* "microsoft", "google", "apple", "oidc" */
    struct str settings, secret; /* JSON objects, sealed at rest; the secret only with store_provider_open() */
    struct str state;            /* "draft", "on", "off" */
    struct str place, keys;      /* JSON as the provider said; absent = not tested yet */
    int64_t keys_at;             /* when the keys were last asked for; 0 = never */
    struct json_list domains;    /* struct str, for _add and _save only: e-mail domains that lead to it */
    int64_t version, created_at;
};

/* .id, .state, .place, .keys and .version are ignored: a new one is a draft. */
int store_provider_add(struct store_tx *tx, const struct store_provider *provider, struct id *ret_id, struct err *err);
/* ERR_NOT_FOUND. The first without the secret. */
int store_provider_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                       struct store_provider *ret_provider, struct err *err);
int store_provider_open(struct store_tx *tx, const struct id *id, struct arena *arena,
                        struct store_provider *ret_provider, struct err *err);
/* All of the organisation (struct store_provider, without secrets), oldest first, at most 20. */
int store_provider_list(struct store_tx *tx, struct arena *arena, struct json_list *ret_providers, struct err *err);
/* Writes every value over the version it carries. ERR_STALE, ERR_NOT_FOUND. */
int store_provider_save(struct store_tx *tx, const struct store_provider *provider, struct err *err);
/* With its identities and attempts. ERR_STALE, ERR_NOT_FOUND. */
int store_provider_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err);

/* Takes the right to ask for the keys now: ERR_NOT_FOUND when somebody did within the last `pause_ms`. */
int store_provider_keys_claim(struct store_tx *tx, const struct id *id, int64_t pause_ms, struct err *err);
int store_provider_keys_put(struct store_tx *tx, const struct id *id, struct str keys, struct err *err);

/* Organisation of a provider that is on. ERR_NOT_FOUND. */
int store_provider_org(struct store *store, const struct id *id, struct id *ret_org, struct err *err);
/* Providers that are on and have the domain, over all organisations (struct store_provider_door, at most 8). */
struct store_provider_door {
    struct id org, provider;
};
int store_provider_doors(struct store *store, struct str domain, struct arena *arena, struct json_list *ret_doors,
                         struct err *err);
/* Whether any organisation has one that is on. */
int store_provider_any(struct store *store, bool *ret_any, struct err *err);

struct store_oidc_begun {
    struct id org, provider;
    int64_t provider_version;
    struct str trip; /* what is kept until the person is back; sealed at rest */
};
/* `state` and `browser` are 256 random bits each as base64url; only their hashes are kept. ERR_BUSY:
 * thousands are under way at this provider. */
int store_oidc_begin(struct store_tx *tx, const struct store_oidc_begun *begun, struct str state, struct str browser,
                     int64_t life_ms, struct err *err);
/* Uses the attempt up, over all organisations. ERR_NOT_FOUND: there is none, it is over, or another browser's. */
int store_oidc_take(struct store *store, struct str state, struct str browser, struct arena *arena,
                    struct store_oidc_begun *ret_begun, struct err *err);

#endif
