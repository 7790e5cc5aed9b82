/* OAuth of a connection: which way, with whom, what was granted; see oauth.h. */
#include "flow/crm/oauth.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crm-connectors/rest/records.h"
#include "flow/common.h"
#include "flow/crm/crm.h"

enum {
    CONNECT_MS = 3000,
    TOTAL_MS = 8000, /* less than the ten seconds that others wait for the row */
    MARGIN_MS = 60 * 1000,
    MARGIN_PART = 5, /* of short lives */
};

const char *const flow_authorization_words[] = {"needed", "granted", "ended", "app", NULL};
enum authorization { NEEDED, GRANTED, ENDED, APP };

enum flow_way flow_way_of(const struct crm_connector *connector, struct str settings, struct arena *arena)
{
    enum crm_grant grant = connector->oauth ? crm_oauth_grant(connector->oauth, settings, arena) : CRM_GRANT_KEY;
    return grant == CRM_GRANT_KEY ? FLOW_WAY_PLAIN : grant == CRM_GRANT_CODE ? FLOW_WAY_CODE : FLOW_WAY_APP;
}

struct str flow_callback_url(const struct flow *flow, struct arena *arena)
{
    return str_printf(arena, "%s" FLOW_CALLBACK_PATH, flow->public_url ? flow->public_url : "");
}

int flow_oauth_open(const struct flow_errand *errand, const struct store_connection *row, struct arena *arena,
                    struct flow_oauth *ret_oauth, struct err *err)
{
    const struct crm_connector *connector = flow_connector_find(errand->flow, row->kind);
    struct flow_errand_rules rules = {
        .purposes = 1U << CRM_REACH_TOKEN | 1U << CRM_REACH_REVOKE, .connect_ms = CONNECT_MS, .total_ms = TOTAL_MS};
    *ret_oauth = (struct flow_oauth){.http = NULL};
    if (!connector || !connector->oauth)
        return err_set(err, ERR_CONFLICT, "no OAuth");
    rules.reach = flow_reach_of(errand->flow, connector, row->settings, STR_NONE, arena);
    if (flow_errand_open(errand, &rules, arena, &ret_oauth->http, err) < 0)
        return -1;
    ret_oauth->client = (struct crm_oauth_client){.oauth = connector->oauth,
                                                  .http = ret_oauth->http,
                                                  .settings = row->settings,
                                                  .secret = row->secret,
                                                  .now_ms = clock_now_ms(),
                                                  .arena = arena};
    return 0;
}

void flow_oauth_close(struct flow_oauth *oauth)
{
    crm_http_freep(&oauth->http);
}

int flow_tokens_keep(struct store_tx *tx, const struct flow_oauth *oauth, const struct id *connection,
                     const struct crm_tokens *tokens, const struct id *by, struct err *err)
{
    int64_t life = tokens->expires_at_ms - oauth->client.now_ms;
    struct store_tokens_new kept = {.connection = *connection,
                                    .access = tokens->access,
                                    .refresh = tokens->refresh,
                                    .base = tokens->base,
                                    .scope = tokens->scope,
                                    .life_ms = life,
                                    .margin_ms = life / MARGIN_PART < MARGIN_MS ? life / MARGIN_PART : MARGIN_MS};
    if (by)
        kept.granted_by = *by;
    return store_tokens_put(tx, &kept, err);
}

const char *flow_tokens_revoke(const struct flow *flow, const struct id *org, const struct store_connection *row,
                               const struct store_tokens *tokens)
{
    const struct flow_errand errand = {flow, *org, row->id};
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    _cleanup_(flow_oauth_close) struct flow_oauth oauth = {.http = NULL};
    const struct str both[] = {tokens->refresh, tokens->access}; /* the first one ends the grant as a whole */
    struct crm_result result;
    struct err ignored;
    bool all = true;
    if ((str_empty(both[0]) && str_empty(both[1])) || flow_oauth_open(&errand, row, arena, &oauth, &ignored) < 0 ||
        !oauth.client.oauth->revoke)
        return "none";
    for (size_t i = 0; i < ARRAY_LEN(both) && all; i++)
        all = crm_oauth_revoke(&oauth.client, both[i], &result, &ignored) == 1;
    return all ? "done" : "failed";
}

/* ---- What a person has to know ---- */

static bool among(const struct json_list *list, struct str name)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(((const struct str *)list->items)[i], name))
            return true;
    return false;
}

static struct flow_authorization *describe(const struct crm_oauth_client *client, const struct store_tokens *tokens,
                                           enum authorization state)
{
    struct flow_authorization *about = arena_one(client->arena, struct flow_authorization);
    struct json_list missing;
    const struct crm_oauth *oauth = client->oauth;
    struct flow_scope *scopes = arena_array(client->arena, oauth->n_scopes, sizeof *scopes);
    crm_oauth_compare(client, tokens->scope, &missing, &about->too_many);
    for (size_t i = 0; i < oauth->n_scopes; i++) {
        struct str asked = crm_oauth_scope(client, i);
        scopes[i] = (struct flow_scope){.name = asked,
                                        .reason_key = str_c(oauth->scopes[i].reason),
                                        .granted = state == GRANTED && !among(&missing, asked)};
    }
    about->state = (int)state;
    about->scopes = (struct json_list){scopes, oauth->n_scopes};
    about->granted_by = flow_id_text(&tokens->granted_by, client->arena);
    about->granted_at = flow_time_text(tokens->granted_at, client->arena);
    return about;
}

int flow_authorization_of(struct store_tx *tx, const struct flow *flow, const struct store_connection *row,
                          struct arena *arena, struct flow_authorization **ret_authorization, struct err *err)
{
    const struct crm_connector *connector = flow_connector_find(flow, row->kind);
    _cleanup_(arena_freep) struct arena *secret = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct store_tokens tokens = {.ended = false};
    *ret_authorization = NULL;
    enum flow_way way = connector ? flow_way_of(connector, row->settings, arena) : FLOW_WAY_PLAIN;
    if (way == FLOW_WAY_PLAIN)
        return 0;
    struct err why;
    int r = store_tokens_get(tx, &row->id, secret, &tokens, &why);
    if (r < 0 && why.code != ERR_NOT_FOUND) {
        *err = why;
        return -1;
    }
    tokens.scope = str_dup(arena, tokens.scope); /* all else stays in the wiping arena */
    const struct crm_oauth_client client = {.oauth = connector->oauth, .settings = row->settings, .arena = arena};
    enum authorization state = tokens.ended ? ENDED : way == FLOW_WAY_APP ? APP : r < 0 ? NEEDED : GRANTED;
    *ret_authorization = describe(&client, &tokens, state);
    return 0;
}
