/* See oidc.h: what a provider's row becomes before anybody is asked. */
#include "flow/oidc/oidc.h"

#include "base/clock.h"

enum { CONNECT_MS = 3000, TOTAL_MS = 8000 };

struct str flow_oidc_redirect_uri(const struct flow *flow, const struct id *provider, struct arena *arena)
{
    return str_printf(arena, "%s" FLOW_OIDC_PATH "%s/callback", flow->public_url ? flow->public_url : "", provider->s);
}

int flow_oidc_settings(const struct store_provider *row, struct arena *arena, struct flow_provider_settings *ret,
                       struct err *err)
{
    return json_read(&flow_provider_settings_shape, row->settings, arena, ret, err);
}

int flow_oidc_way_out(const struct flow_errand *errand, const struct str *urls, size_t n, struct arena *arena,
                      struct crm_http **ret_http, struct err *err)
{
    const struct flow_errand_rules rules = {
        .reach = crm_reach_urls(urls, n, flow_egress_allow(errand->flow), CRM_REACH_PROVIDER, arena),
        .purposes = 1U << CRM_REACH_PROVIDER,
        .connect_ms = CONNECT_MS,
        .total_ms = TOTAL_MS,
    };
    return flow_errand_open(errand, &rules, arena, ret_http, err);
}

struct crm_reach_list flow_oidc_reach(const struct flow *flow, const struct store_provider *row, struct arena *arena)
{
    struct crm_oidc_place place = {.issuer = STR_NONE};
    const struct crm_oidc_kind *kind = crm_oidc_kind_find(row->kind);
    struct str issuer = STR_NONE;
    struct err ignored;
    if (row->place.p)
        (void)json_read(&crm_oidc_place_shape, row->place, arena, &place, &ignored);
    if (kind)
        (void)crm_oidc_issuer(kind, row->settings, arena, &issuer, &ignored);
    const struct str urls[] = {issuer, place.issuer, place.token, place.keys, place.userinfo};
    return crm_reach_urls(urls, ARRAY_LEN(urls), flow_egress_allow(flow), CRM_REACH_PROVIDER, arena);
}

bool flow_oidc_shared(const struct crm_oidc_kind *kind, struct str issuer)
{
    static const char *const words[] = {"/organizations/", "/common/", "/consumers/", CRM_OIDC_TENANT};
    if (!kind->issuer)
        return false;
    if (kind->mail != CRM_OIDC_MAIL_MICROSOFT)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_find(issuer, str_c(words[i]), 0) >= 0)
            return true;
    return false;
}

int flow_oidc_open(const struct flow_errand *errand, const struct store_provider *row, struct str nonce,
                   struct arena *arena, struct flow_oidc *ret_oidc, struct err *err)
{
    struct flow_oidc *oidc = ret_oidc;
    *oidc =
        (struct flow_oidc){.flow = errand->flow, .row = *row, .kind = crm_oidc_kind_find(row->kind), .arena = arena};
    if (!oidc->kind || !row->place.p || !row->keys.p)
        return err_set(err, ERR_CONFLICT, "%s", "the provider was not tested");
    if (flow_oidc_settings(row, arena, &oidc->settings, err) < 0 ||
        json_read(&crm_oidc_place_shape, row->place, arena, &oidc->place, err) < 0)
        return -1;
    const struct str asked[] = {oidc->place.token, oidc->place.keys, oidc->place.userinfo};
    if (flow_oidc_way_out(errand, asked, ARRAY_LEN(asked), arena, &oidc->http, err) < 0)
        return -1;
    oidc->oauth = crm_oidc_oauth(oidc->kind, &oidc->place, crm_oidc_extra(oidc->kind, nonce, arena), arena);
    oidc->client = (struct crm_oauth_client){.oauth = &oidc->oauth,
                                             .http = oidc->http,
                                             .settings = row->settings,
                                             .secret = row->secret,
                                             .now_ms = clock_now_ms(),
                                             .arena = arena};
    return 0;
}

void flow_oidc_close(struct flow_oidc *oidc)
{
    crm_http_freep(&oidc->http);
}
