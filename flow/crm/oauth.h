/* OAuth of a connection, inside of flow: whether it is used, talking to the provider, tokens lent and renewed. */
#ifndef FLOW_CRM_OAUTH_H
#define FLOW_CRM_OAUTH_H

#include "crm-connectors/connector.h"
#include "flow/authorize.h"
#include "flow/egress/errand.h"
#include "store/connection.h"
#include "store/crm/oauth.h"

/* How a connection comes to its access tokens. */
enum flow_way {
    FLOW_WAY_PLAIN, /* it has none: secrets of the form are all there is */
    FLOW_WAY_CODE,  /* a person consents */
    FLOW_WAY_APP,   /* the app alone: its credentials, or what it signs */
};
/* By the settings: crm_oauth_grant(). */
enum flow_way flow_way_of(const struct crm_connector *connector, struct str settings, struct arena *arena);

/* Where providers send people back to: to be registered there exactly so. */
struct str flow_callback_url(const struct flow *flow, struct arena *arena);

/* A talk with a provider: a way out of its own, to its token and revocation endpoints, with short deadlines, because a
 * row lock may wait for it. */
struct flow_oauth {
    struct crm_oauth_client client;
    struct crm_http *http;
};
int flow_oauth_open(const struct flow_errand *errand, const struct store_connection *row, struct arena *arena,
                    struct flow_oauth *ret_oauth, struct err *err);
void flow_oauth_close(struct flow_oauth *oauth);

/* Keeps what a provider gave; `by` is the person who consented, NULL for a renewal. */
int flow_tokens_keep(struct store_tx *tx, const struct flow_oauth *oauth, const struct id *connection,
                     const struct crm_tokens *tokens, const struct id *by, struct err *err);
/* Gives tokens back to the provider, by settings and secret of `row`: a word for the journal, "done", "failed", "none".
 */
const char *flow_tokens_revoke(const struct flow *flow, const struct id *org, const struct store_connection *row,
                               const struct store_tokens *tokens);
/* What a person has to know about the grant of the connection: NULL where there is nothing to consent to. */
int flow_authorization_of(struct store_tx *tx, const struct flow *flow, const struct store_connection *row,
                          struct arena *arena, struct flow_authorization **ret_authorization, struct err *err);

/* The tokens of one unit of work. Asking again is cheap; a renewal happens once, whoever else asks: threads wait for
 * each other, processes and machines for the row, and all read again before they ask the provider. New tokens are
 * stored before they are used. */
struct flow_bearer {
    const struct flow *flow;
    struct id org;
    struct store_connection row; /* .id empty: not kept yet, tokens live in memory only */
    enum flow_way way;
    struct arena *arena; /* wiping */
    struct str access;   /* what was lent last */
    struct str base;     /* API address that came with it, or absent */
    int64_t trusted_until_mono_ms;
};
/* The functions that a connector is lent; `self` must live as long. */
struct crm_bearer flow_bearer_lend(struct flow_bearer *self);

#endif
