/* Providers as administrators set them up: kept, changed, tried; see flow/oidc.h. */
#include "base/clock.h"
#include "base/limits.h"
#include "contact/email.h"
#include "crm-connectors/answer.h"
#include "crm-connectors/rest/records.h"
#include "flow/common.h"
#include "flow/idempotency.h"
#include "flow/oidc/oidc.h"
#include "flow/rights.h"

#define RESOURCE "identity_provider"

enum { DRAFT, ON, OFF };

static bool has_secret(struct str secret)
{
    return secret.p && !str_eq(secret, STR("{}"));
}

/* "host:port" of the addresses as a list of texts. */
static struct json_list hosts_of(const struct flow *flow, const struct crm_oidc_place *place, struct arena *arena)
{
    const struct str urls[] = {place->issuer, place->token, place->keys, place->userinfo};
    struct crm_reach_list reach =
        crm_reach_urls(urls, ARRAY_LEN(urls), flow_egress_allow(flow), CRM_REACH_PROVIDER, arena);
    struct str rest = str_c(crm_reach_only(&reach, 1U << CRM_REACH_PROVIDER, arena)), one;
    struct str *hosts = arena_array(arena, ARRAY_LEN(urls), sizeof *hosts);
    size_t n = 0;
    while (str_split(&rest, ' ', &one))
        if (!str_empty(one))
            hosts[n++] = one;
    return (struct json_list){hosts, n};
}

static int provider_of(const struct flow *flow, const struct store_provider *row, bool secret, struct arena *arena,
                       struct flow_provider *ret_provider, struct err *err)
{
    struct crm_oidc_place place = {.issuer = STR_NONE};
    struct flow_provider provider = {
        .id = flow_id_text(&row->id, arena),
        .kind = str_word(row->kind, flow_provider_kinds),
        .has_secret = secret,
        .redirect_uri = flow_oidc_redirect_uri(flow, &row->id, arena),
        .sign_in_url = str_printf(arena, "%s" FLOW_OIDC_PATH "%s", flow->public_url ? flow->public_url : "", row->id.s),
        .state = str_word(row->state, flow_provider_states),
        .tested_at = row->place.p ? flow_time_text(row->keys_at, arena) : STR_NONE,
        .created_at = flow_time_text(row->created_at, arena),
        .version = row->version,
    };
    if (flow_oidc_settings(row, arena, &provider.settings, err) < 0 ||
        (row->place.p && json_read(&crm_oidc_place_shape, row->place, arena, &place, err) < 0))
        return -1;
    provider.hosts = hosts_of(flow, &place, arena);
    *ret_provider = provider;
    return 0;
}

/* The row, with the secret in a wiping arena: only whether there is one leaves. */
static int provider_load(struct store_tx *tx, const struct flow *flow, const struct id *id, struct arena *arena,
                         struct flow_provider *ret_provider, struct err *err)
{
    _cleanup_(arena_freep) struct arena *wiping = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct store_provider opened, row;
    if (store_provider_open(tx, id, wiping, &opened, err) < 0 || store_provider_get(tx, id, arena, &row, err) < 0)
        return -1;
    return provider_of(flow, &row, has_secret(opened.secret), arena, ret_provider, err);
}

int flow_provider_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                       struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_may(flow, actor, RESOURCE, "list", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_provider_list(tx, arena, &rows, err) < 0)
        return -1;
    struct flow_provider *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        if (provider_load(tx, flow, &((const struct store_provider *)rows.items)[i].id, arena, &items[i], err) < 0)
            return -1;
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

int flow_provider_get(const struct flow *flow, const struct flow_actor *actor, struct id provider, struct arena *arena,
                      struct flow_provider *ret_provider, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_may(flow, actor, RESOURCE, "read", err) < 0 || flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    return provider_load(tx, flow, &provider, arena, ret_provider, err);
}

/* ---- What may be kept ---- */

/* Domains in lower case, texts trimmed; what the kind needs is there, but for the client id of a draft. */
static int settings_judge(const struct flow *flow, const struct crm_oidc_kind *kind, struct arena *arena,
                          struct flow_provider_settings *s, struct err *err)
{
    struct crm_target target;
    struct str issuer, *domains = s->domains.items;
    s->name = str_trim(s->name);
    if (str_empty(s->name))
        return err_field(err, ERR_INVALID, "/settings/name", "this field is required");
    for (size_t i = 0; i < s->domains.n; i++) {
        domains[i] = str_lower(arena, str_trim(domains[i]));
        if (!contact_domain_valid(domains[i]))
            return err_field(err, ERR_INVALID, "/settings/domains", "domains like example.com");
    }
    struct str json = json_write(&flow_provider_settings_shape, s, arena);
    if (crm_oidc_issuer(kind, json, arena, &issuer, err) < 0)
        return -1;
    if (crm_egress_url(issuer, flow_egress_allow(flow), arena, &target, err) < 0) {
        struct err why = *err;
        return err_field(err, ERR_HOST_REFUSED, "/settings/issuer", "%s", why.param);
    }
    if (s->vouches && flow_oidc_shared(kind, issuer))
        return err_field(err, ERR_INVALID, "/settings/vouches",
                         "anybody can have an account there, so it vouches for nobody's address");
    return 0;
}

static int secret_judge(struct str secret, struct err *err)
{
    return secret.p && secret.p[0] != '{'
               ? err_field(err, ERR_INVALID, "/secret", "an object with client_secret or private_key")
               : 0;
}

int flow_provider_create(const struct flow *flow, const struct flow_actor *actor,
                         const struct flow_provider_input *input, struct arena *arena,
                         struct flow_provider *ret_provider, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct id id;
    struct json_list others;
    struct flow_deed deed = {.action = "identity_provider.create", .kind = RESOURCE, .subject = &id};
    if (flow_may(flow, actor, RESOURCE, "create", err) < 0)
        return -1;
    if (input->kind < 0)
        return err_field(err, ERR_INVALID, "/kind", "this field is required");
    if (!input->settings)
        return err_field(err, ERR_INVALID, "/settings", "this field is required");
    if (input->state >= 0)
        return err_field(err, ERR_INVALID, "/state", "a new one is a draft until it was tested");
    struct flow_provider_settings settings = *input->settings;
    struct str kind = str_c(flow_provider_kinds[input->kind]);
    if (settings_judge(flow, crm_oidc_kind_find(kind), arena, &settings, err) < 0 ||
        secret_judge(input->secret, err) < 0)
        return -1;
    struct store_provider row = {.kind = kind,
                                 .settings = json_write(&flow_provider_settings_shape, &settings, arena),
                                 .secret = input->secret.p ? input->secret : STR("{}"),
                                 .domains = settings.domains};
    if (flow_begin(flow, actor, &tx, err) < 0 || store_provider_list(tx, arena, &others, err) < 0)
        return -1;
    if (others.n >= FLOW_OIDC_PROVIDERS)
        return err_set(err, ERR_CONFLICT, "at most %d", FLOW_OIDC_PROVIDERS);
    if (store_provider_add(tx, &row, &id, err) < 0 || provider_load(tx, flow, &id, arena, ret_provider, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 201,
                                             .body = json_write(&flow_provider_shape, ret_provider, arena),
                                             .location = str_printf(arena, "/v1/identity-providers/%s", id.s)};
    flow_tell(tx, actor, &deed);
    return flow_once(tx, actor, &answer, err) < 0 ? -1 : store_commit(&tx, err);
}

/* Puts the change into the row. Another issuer is another provider: what was learned and what is secret goes. */
static int change_apply(const struct flow *flow, const struct flow_provider_input *input, struct arena *arena,
                        struct store_provider *row, struct err *err)
{
    const struct crm_oidc_kind *kind = crm_oidc_kind_find(row->kind);
    struct flow_provider_settings settings;
    struct str before, after;
    if (flow_oidc_settings(row, arena, &settings, err) < 0 ||
        crm_oidc_issuer(kind, row->settings, arena, &before, err) < 0)
        return -1;
    if (input->settings)
        settings = *input->settings;
    if (settings_judge(flow, kind, arena, &settings, err) < 0 || secret_judge(input->secret, err) < 0)
        return -1;
    row->settings = json_write(&flow_provider_settings_shape, &settings, arena);
    row->domains = settings.domains;
    if (crm_oidc_issuer(kind, row->settings, arena, &after, err) < 0)
        return -1;
    if (!str_eq(before, after)) {
        row->place = row->keys = STR_NONE;
        row->secret = STR("{}");
        row->state = str_c(flow_provider_states[DRAFT]);
    }
    if (input->secret.p)
        row->secret = input->secret;
    if (input->state == DRAFT)
        return err_field(err, ERR_INVALID, "/state", "on or off");
    if (input->state == ON && (!row->place.p || str_empty(settings.client_id) || !has_secret(row->secret)))
        return err_set(err, ERR_CONFLICT, "it has to be tested before people sign in with it");
    if (input->state >= 0)
        row->state = str_c(flow_provider_states[input->state]);
    return 0;
}

int flow_provider_patch(const struct flow *flow, const struct flow_actor *actor,
                        const struct flow_provider_change *change, struct arena *arena,
                        struct flow_provider *ret_provider, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *wiping = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct store_provider row;
    struct flow_deed deed = {.action = "identity_provider.update", .kind = RESOURCE, .subject = &change->provider};
    if (flow_may(flow, actor, RESOURCE, "update", err) < 0)
        return -1;
    if (change->input.kind >= 0)
        return err_field(err, ERR_INVALID, "/kind", "the kind stays");
    if (flow_begin(flow, actor, &tx, err) < 0 || store_provider_open(tx, &change->provider, wiping, &row, err) < 0)
        return -1;
    row.version = change->version;
    if (change_apply(flow, &change->input, wiping, &row, err) < 0 || store_provider_save(tx, &row, err) < 0 ||
        provider_load(tx, flow, &change->provider, arena, ret_provider, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_provider_delete(const struct flow *flow, const struct flow_actor *actor, struct id provider, int64_t version,
                         struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "identity_provider.delete", .kind = RESOURCE, .subject = &provider};
    if (flow_may(flow, actor, RESOURCE, "delete", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_provider_delete(tx, &provider, version, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

/* ---- Trying ---- */

enum { STEPS = 4 };

/* One try: what was found, step by step, up to the first that failed. */
struct attempt {
    const struct flow *flow;
    const struct flow_actor *actor;
    struct store_provider row;
    struct flow_provider_settings settings;
    const struct crm_oidc_kind *kind;
    struct str issuer;
    struct crm_oidc_place place;
    struct crm_http *http;
    struct arena *arena, *secret;
    struct flow_test_step *steps;
    size_t n;
};

static bool step(struct attempt *try, const char *name, bool ok, struct str sentence)
{
    try->steps[try->n++] = (struct flow_test_step){str_c(name), str_dup(try->arena, sentence), ok};
    return ok;
}

static bool failed(struct attempt *try, const char *name, const struct err *why)
{
    return step(try, name, false, err_sentence(why, try->actor->language, try->arena));
}

static struct str say(const struct attempt *try, const char *en, const char *de)
{
    return str_c(flow_say(try->actor, en, de));
}

static bool try_address(struct attempt *try)
{
    struct err why;
    try->kind = crm_oidc_kind_find(try->row.kind);
    if (flow_oidc_settings(&try->row, try->secret, &try->settings, &why) < 0 ||
        crm_oidc_issuer(try->kind, try->row.settings, try->secret, &try->issuer, &why) < 0)
        return failed(try, "address", &why);
    if (str_empty(try->settings.client_id))
        return step(try, "address", false,
                    say(try, "The client id is missing: register Kartei there first.",
                        "Die Client-Id fehlt: Melden Sie Kartei dort zuerst an."));
    return step(try, "address", true,
                str_printf(try->arena, "%.*s %.*s", STR_ARG(say(try, "The issuer is", "Der Aussteller ist")),
                           STR_ARG(try->issuer)));
}

static bool try_reach(struct attempt *try)
{
    const char *allow = flow_egress_allow(try->flow);
    const struct flow_errand errand = {.flow = try->flow, .org = try->actor->org};
    struct err why;
    if (flow_oidc_way_out(&errand, &try->issuer, 1, try->secret, &try->http, &why) < 0 ||
        crm_oidc_discover(try->http, try->issuer, allow, try->secret, &try->place, &why) < 0)
        return failed(try, "reach", &why);
    return step(try, "reach", true, say(try, "It describes itself as it should.", "Er beschreibt sich, wie er soll."));
}

static bool try_keys(struct attempt *try)
{
    const struct flow_errand errand = {.flow = try->flow, .org = try->actor->org};
    const struct str urls[] = {try->place.keys, try->place.token};
    struct err why;
    crm_http_freep(&try->http);
    if (flow_oidc_way_out(&errand, urls, ARRAY_LEN(urls), try->secret, &try->http, &why) < 0 ||
        crm_oidc_fetch_keys(try->http, try->place.keys, try->secret, &try->row.keys, &why) < 0)
        return failed(try, "keys", &why);
    return step(try, "keys", true, say(try, "Its public keys are here.", "Seine öffentlichen Schlüssel sind da."));
}

/* A code that cannot be right: a provider that knows us says so of the code, one that does not says so of us. */
static bool try_sign_in(struct attempt *try)
{
    struct crm_oauth oauth = crm_oidc_oauth(try->kind, &try->place, "", try->secret);
    struct crm_oauth_client client = {.oauth = &oauth,
                                      .http = try->http,
                                      .settings = try->row.settings,
                                      .secret = try->row.secret,
                                      .now_ms = clock_now_ms(),
                                      .arena = try->secret};
    const struct crm_oauth_trip trip = {.redirect_uri = flow_oidc_redirect_uri(try->flow, &try->row.id, try->secret),
                                        .verifier = crypto_token(try->secret),
                                        .code = crypto_token(try->secret)};
    struct crm_tokens tokens;
    struct crm_result result = {.outcome = CRM_DOWN};
    struct err why;
    if (crm_oidc_secret(try->kind, &client, try->issuer, &client.secret, &why) < 0 ||
        crm_oauth_redeem(&client, &trip, &tokens, &result, &why) < 0)
        return failed(try, "sign-in", &why);
    if (str_eq(result.error, STR("invalid_grant")))
        return step(try, "sign-in", true,
                    say(try, "It takes client id and secret.", "Er nimmt Client-Id und Secret an."));
    if (str_eq(result.error, STR("invalid_client")) || str_eq(result.error, STR("unauthorized_client")))
        return step(try, "sign-in", false,
                    say(try, "It does not take this client id with this secret.",
                        "Er nimmt diese Client-Id mit diesem Secret nicht an."));
    if (result.error.p && result.outcome != CRM_DOWN && result.outcome != CRM_QUOTA)
        return step(try, "sign-in", true,
                    say(try, "It answers; whether it takes the secret shows at the first sign-in.",
                        "Er antwortet; ob er das Secret annimmt, zeigt die erste Anmeldung."));
    return step(try, "sign-in", false,
                str_printf(try->arena, "%.*s %.*s",
                           STR_ARG(say(try, "It does not answer as expected:", "Er antwortet anders als erwartet:")),
                           STR_ARG(result.sentence.p ? result.sentence : result.error)));
}

/* What was learned is kept where nobody has changed the provider meanwhile. */
static int try_keep(struct attempt *try, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "identity_provider.test", .kind = RESOURCE, .subject = &try->row.id};
    try->row.place = json_write(&crm_oidc_place_shape, &try->place, try->secret);
    try->row.domains = try->settings.domains;
    if (flow_begin(try->flow, try->actor, &tx, err) < 0 || store_provider_save(tx, &try->row, err) < 0)
        return -1;
    flow_tell(tx, try->actor, &deed);
    return store_commit(&tx, err);
}

static void try_end(struct attempt *try)
{
    crm_http_freep(&try->http);
    arena_free(try->secret);
}

int flow_provider_try(const struct flow *flow, const struct flow_actor *actor, struct id provider, struct arena *arena,
                      struct flow_provider_test *ret_test, struct err *err)
{
    _cleanup_(try_end) struct attempt try = {.flow = flow,
                                             .actor = actor,
                                             .arena = arena,
                                             .secret = arena_new_wiping(LIMIT_ARENA_REQUEST),
                                             .steps = arena_array(arena, STEPS, sizeof(struct flow_test_step))};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_provider_test test = {.ok = false};
    if (flow_may(flow, actor, RESOURCE, "test", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_provider_open(tx, &provider, try.secret, &try.row, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    test.ok = try_address(&try) && try_reach(&try) && try_keys(&try) && try_sign_in(&try);
    if (test.ok && try_keep(&try, err) < 0)
        return -1;
    test.steps = (struct json_list){try.steps, try.n};
    if (flow_provider_get(flow, actor, provider, arena, &test.provider, err) < 0)
        return -1;
    *ret_test = test;
    return 0;
}
