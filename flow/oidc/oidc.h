/* Inside of flow/oidc: a provider's row with all that is made of it, and who the person is. */
#ifndef FLOW_OIDC_OIDC_H
#define FLOW_OIDC_OIDC_H

#include "crm-connectors/http.h"
#include "crm-connectors/oidc/provider.h"
#include "flow/egress/errand.h"
#include "flow/oidc.h"
#include "store/oidc/provider.h"

#define FLOW_OIDC_PATH "/sign-in/sso/"

/* A provider ready to be asked. Free with flow_oidc_close(). */
struct flow_oidc {
    const struct flow *flow;
    struct store_provider row;
    const struct crm_oidc_kind *kind;
    struct flow_provider_settings settings;
    struct crm_oidc_place place;
    struct crm_oauth oauth;
    struct crm_oauth_client client;
    struct crm_http *http; /* reaches the provider's own hosts and no other */
    struct arena *arena;   /* wiping */
};
/* Opens the row for asking; `nonce` absent = not for the consent page. ERR_CONFLICT: not tested yet. */
int flow_oidc_open(const struct flow_errand *errand, const struct store_provider *row, struct str nonce,
                   struct arena *arena, struct flow_oidc *ret_oidc, struct err *err);
void flow_oidc_close(struct flow_oidc *oidc);
/* Parts of it for a row that may be a draft. */
int flow_oidc_settings(const struct store_provider *row, struct arena *arena, struct flow_provider_settings *ret,
                       struct err *err);
struct str flow_oidc_redirect_uri(const struct flow *flow, const struct id *provider, struct arena *arena);
/* A way out to the hosts of these addresses (absent ones left out), with short deadlines. */
int flow_oidc_way_out(const struct flow_errand *errand, const struct str *urls, size_t n, struct arena *arena,
                      struct crm_http **ret_http, struct err *err);
/* Whom a provider's row may reach, all in all; drafts too. */
struct crm_reach_list flow_oidc_reach(const struct flow *flow, const struct store_provider *row, struct arena *arena);
/* Whether anybody at all can have an account there: then it vouches for nobody's address. */
bool flow_oidc_shared(const struct crm_oidc_kind *kind, struct str issuer);

/* Who came back, as the provider's token says, and the token for asking more. */
struct flow_oidc_whom {
    const struct id *org;
    struct crm_identity *identity;
    const struct str *access;
};
/* Who it is: the user that the identity stands for, else the one that it may become, made if need be (docs/adr/0019).
 * ERR_SSO. */
int flow_oidc_person(struct flow_oidc *oidc, const struct flow_asker *asker, const struct flow_oidc_whom *whom,
                     struct id *ret_user, struct err *err);

#endif
