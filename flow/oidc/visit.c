/* To the provider's page and back: begin, and everything that is looked at before anybody is believed; see flow/oidc.h.
 */
#include "base/crypto.h"
#include "base/limits.h"
#include "crm-connectors/answer.h"
#include "flow/common.h"
#include "flow/oidc/oidc.h"
#include "flow/sign_in/method.h"
#include "flow/sign_in/throttle.h"

/* What is kept, sealed, until the person is back. */
struct trip {
    struct str verifier, nonce, redirect_uri, parties, next;
};
#define TRIP(member, needed)                                                                                           \
    {                                                                                                                  \
        .name = #member, .kind = JSON_STR, .offset = offsetof(struct trip, member), .flags = (needed),                 \
        .max = LIMIT_TEXT_BYTES                                                                                        \
    }
static const struct json_field trip_rows[] = {TRIP(verifier, JSON_REQUIRED), TRIP(nonce, JSON_REQUIRED),
                                              TRIP(redirect_uri, JSON_REQUIRED), TRIP(parties, JSON_REQUIRED),
                                              TRIP(next, 0)};
static const struct json_shape trip_shape = {"SignInTrip", sizeof(struct trip), trip_rows, ARRAY_LEN(trip_rows), false};

/* ---- The way in ---- */

static int choices(const struct flow *flow, const char *language, struct arena *arena, struct json_list *ret_choices,
                   struct err *err)
{
    bool any = false;
    struct flow_actor reader = {.language = language};
    struct flow_sign_in_choice *choice = arena_one(arena, struct flow_sign_in_choice);
    if (store_provider_any(flow->store, &any, err) < 0)
        return -1;
    choice->label = str_c(flow_say(&reader, "Sign in with your organisation", "Mit Ihrer Organisation anmelden"));
    choice->path = STR("/sign-in/sso");
    *ret_choices = (struct json_list){choice, any};
    return 0;
}

const struct flow_sign_in_method flow_method_oidc = {"oidc", choices, false};

static int offer_of(const struct flow *flow, const struct id *org, const struct id *provider, struct arena *arena,
                    struct flow_oidc_offer *ret_offer, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_provider row;
    struct flow_provider_settings settings;
    if (store_begin(flow->store, org, &tx, err) < 0 || store_provider_get(tx, provider, arena, &row, err) < 0 ||
        flow_oidc_settings(&row, arena, &settings, err) < 0)
        return -1;
    *ret_offer = (struct flow_oidc_offer){flow_id_text(provider, arena), settings.name};
    return 0;
}

int flow_oidc_offer(const struct flow *flow, struct id provider, struct arena *arena, struct flow_oidc_offer *ret_offer,
                    struct err *err)
{
    struct id org;
    if (store_provider_org(flow->store, &provider, &org, err) < 0)
        return -1;
    return offer_of(flow, &org, &provider, arena, ret_offer, err);
}

int flow_oidc_offers(const struct flow *flow, struct str email, struct arena *arena, struct json_list *ret_offers,
                     struct err *err)
{
    struct json_list doors = {.n = 0};
    struct str rest = str_trim(email), domain = STR_NONE;
    while (str_split(&rest, '@', &domain))
        continue;
    if (!str_empty(domain) && store_provider_doors(flow->store, domain, arena, &doors, err) < 0)
        return -1;
    const struct store_provider_door *all = doors.items;
    struct flow_oidc_offer *offers = arena_array(arena, doors.n, sizeof *offers);
    for (size_t i = 0; i < doors.n; i++)
        if (offer_of(flow, &all[i].org, &all[i].provider, arena, &offers[i], err) < 0)
            return -1;
    *ret_offers = (struct json_list){offers, doors.n};
    return 0;
}

int flow_oidc_begin(const struct flow *flow, const struct flow_asker *asker, const struct flow_oidc_wish *wish,
                    struct arena *arena, struct flow_oidc_begun *ret_begun, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *secret = arena_new_wiping(LIMIT_ARENA_REQUEST);
    _cleanup_(flow_oidc_close) struct flow_oidc oidc = {.http = NULL};
    struct flow_tries tries = {.arena = secret};
    const struct id provider = wish->provider;
    struct trip trip = {.verifier = crypto_token(secret),
                        .nonce = crypto_token(secret),
                        .redirect_uri = flow_oidc_redirect_uri(flow, &provider, secret),
                        .next = wish->next};
    struct crm_oauth_trip asked = {
        .redirect_uri = trip.redirect_uri, .state = crypto_token(secret), .verifier = trip.verifier};
    struct store_provider row;
    struct flow_errand errand = {.flow = flow};
    struct str url, browser = crypto_token(arena);
    /* Only looked at: what counts is coming back. */
    if (flow_try(flow, FLOW_TRY_SSO, asker, str_c(provider.s), &tries, err) < 0 ||
        flow_try_back(flow, &tries, err) < 0 || store_provider_org(flow->store, &provider, &errand.org, err) < 0 ||
        store_begin(flow->store, &errand.org, &tx, err) < 0 ||
        store_provider_get(tx, &provider, secret, &row, err) < 0 ||
        flow_oidc_open(&errand, &row, trip.nonce, secret, &oidc, err) < 0 ||
        crm_oauth_consent(&oidc.client, &asked, &url, err) < 0 ||
        crm_oauth_parties(&oidc.client, &trip.parties, err) < 0)
        return -1;
    struct store_oidc_begun begun = {
        .provider = provider, .provider_version = row.version, .trip = json_write(&trip_shape, &trip, secret)};
    if (store_oidc_begin(tx, &begun, asked.state, browser, FLOW_OIDC_SECONDS * 1000LL, err) < 0 ||
        store_commit(&tx, err) < 0)
        return -1;
    *ret_begun = (struct flow_oidc_begun){str_dup(arena, url), browser, oidc.kind->form_post};
    return 0;
}

/* ---- And back ---- */

/* One person's way back. */
struct back {
    const struct flow *flow;
    const struct flow_asker *asker;
    const struct flow_oidc_callback *callback;
    struct store_oidc_begun begun;
    struct trip trip;
    struct flow_oidc oidc;
    struct crm_tokens tokens;
    struct crm_identity identity;
    struct arena *secret; /* wiping */
};

static int refuse(const struct back *back, struct err *err, const char *en, const char *de)
{
    struct flow_actor reader = {.language = back->asker->language};
    return err_set(err, ERR_SSO, "%s", flow_say(&reader, en, de));
}

/* The answer is not what an honest provider sends; `what` is for the log. */
static int disorder(const struct back *back, struct err *err, const char *what)
{
    (void)refuse(back, err, "the provider's answer is not in order", "die Antwort des Anbieters ist nicht in Ordnung");
    return err_detail(err, "%s", what);
}

/* Uses up what was begun, first of all: whatever goes wrong from here on, it was the one try. */
static int back_take(struct back *back, struct err *err)
{
    const struct flow_oidc_callback *callback = back->callback;
    if (callback->repeated || !crypto_token_formed(callback->state))
        return disorder(back, err, "state");
    if (!crypto_token_formed(callback->browser))
        return refuse(back, err, "it was begun in another browser", "sie wurde in einem anderen Browser begonnen");
    if (store_oidc_take(back->flow->store, callback->state, callback->browser, back->secret, &back->begun, err) < 0)
        return err->code != ERR_NOT_FOUND
                   ? -1
                   : refuse(back, err, "this attempt was used, is older than ten minutes or belongs to another browser",
                            "dieser Versuch ist verbraucht, älter als zehn Minuten oder gehört zu einem anderen "
                            "Browser");
    if (!id_eq(&back->begun.provider, &callback->provider)) /* RFC 9700 section 4.4: an address for each provider */
        return disorder(back, err, "it came to another provider's address");
    return json_read(&trip_shape, back->begun.trip, back->secret, &back->trip, err);
}

/* The provider as it is now has to be the one that was asked. */
static int back_open(struct back *back, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct flow_errand errand = {.flow = back->flow, .org = back->begun.org};
    struct store_provider row;
    struct str parties;
    if (store_begin(back->flow->store, &back->begun.org, &tx, err) < 0 ||
        store_provider_open(tx, &back->begun.provider, back->secret, &row, err) < 0)
        return -1;
    if (row.version != back->begun.provider_version || !str_eq(row.state, STR("on")) ||
        flow_oidc_open(&errand, &row, STR_NONE, back->secret, &back->oidc, err) < 0 ||
        crm_oauth_parties(&back->oidc.client, &parties, err) < 0 || !str_eq(parties, back->trip.parties))
        return refuse(back, err, "the provider's settings were changed meanwhile",
                      "die Einstellungen des Anbieters wurden inzwischen geändert");
    return 0;
}

/* RFC 9207: who answers is who was asked. Where the issuer has a tenant in it, the token says which. */
static bool issuer_fine(const struct back *back)
{
    struct str iss = back->callback->iss, issuer = back->oidc.place.issuer;
    if (!iss.p)
        return !back->oidc.place.says_issuer;
    return str_eq(iss, issuer) || str_find(issuer, STR(CRM_OIDC_TENANT), 0) >= 0;
}

static int back_judge(struct back *back, struct err *err)
{
    const struct flow_oidc_callback *callback = back->callback;
    if (callback->posted != back->oidc.kind->form_post)
        return disorder(back, err, "response mode");
    if (!issuer_fine(back))
        return disorder(back, err, "iss of the answer");
    if (str_eq(callback->error, STR("access_denied")) || str_eq(callback->error, STR("user_cancelled_authorize")))
        return refuse(back, err, "you did not go through with it there", "Sie haben es dort abgebrochen");
    if (callback->error.p) /* its words are not repeated: anybody can write into an address */
        return refuse(back, err, "the provider refused; your administrator can check its settings",
                      "der Anbieter hat abgelehnt; Ihr Administrator kann die Einstellungen prüfen");
    return crm_oauth_code_formed(callback->code) ? 0 : disorder(back, err, "code");
}

/* Why there are no tokens, for people. */
static int not_redeemed(const struct back *back, const struct crm_result *result, struct err *err)
{
    if (str_eq(result->error, STR("invalid_client")) || str_eq(result->error, STR("unauthorized_client")))
        return refuse(back, err, "the provider no longer takes Kartei's client id or secret; tell your administrator",
                      "der Anbieter nimmt Client-Id oder Secret von Kartei nicht mehr an; sagen Sie Ihrem "
                      "Administrator Bescheid");
    if (result->outcome == CRM_DOWN || result->outcome == CRM_QUOTA || result->outcome == CRM_UNCERTAIN)
        return refuse(back, err, "the provider does not answer at present", "der Anbieter antwortet gerade nicht");
    return disorder(back, err, "token endpoint");
}

static int back_redeem(struct back *back, struct err *err)
{
    struct crm_oauth_client *client = &back->oidc.client;
    const struct crm_oauth_trip trip = {
        .redirect_uri = back->trip.redirect_uri, .verifier = back->trip.verifier, .code = back->callback->code};
    struct crm_result result = {.outcome = CRM_REJECTED};
    struct err why = {.code = ERR_NONE};
    int r = crm_oidc_secret(back->oidc.kind, client, back->oidc.place.issuer, &client->secret, &why);
    if (r == 0)
        r = crm_oauth_redeem(client, &trip, &back->tokens, &result, &why);
    if (r < 0) {
        (void)refuse(back, err, "the provider's settings are not complete; tell your administrator",
                     "die Einstellungen des Anbieters sind nicht vollständig; sagen Sie Ihrem Administrator Bescheid");
        return err_detail(err, "%s %s", err_slug(why.code), why.param);
    }
    if (r == 0)
        return not_redeemed(back, &result, err);
    return str_empty(back->tokens.id_token) ? disorder(back, err, "no id_token") : 0;
}

/* A key that is not known may be new: one look for it, and none for a minute then, whoever else asks. */
static int keys_again(struct back *back, struct str *ret_keys, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct id *provider = &back->begun.provider;
    if (store_begin(back->flow->store, &back->begun.org, &tx, err) < 0 ||
        store_provider_keys_claim(tx, provider, FLOW_OIDC_KEYS_PAUSE * 1000LL, err) < 0 || store_commit(&tx, err) < 0 ||
        crm_oidc_fetch_keys(back->oidc.http, back->oidc.place.keys, back->secret, ret_keys, err) < 0 ||
        store_begin(back->flow->store, &back->begun.org, &tx, err) < 0 ||
        store_provider_keys_put(tx, provider, *ret_keys, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int back_identify(struct back *back, struct err *err)
{
    struct crm_id_rules rules = {.issuer = back->oidc.place.issuer,
                                 .client_id = back->oidc.settings.client_id,
                                 .nonce = back->trip.nonce,
                                 .access = back->tokens.access,
                                 .now_ms = back->oidc.client.now_ms};
    struct str keys = back->oidc.row.keys, token = back->tokens.id_token;
    struct err ignored;
    enum crm_id_fault fault = crm_id_token_judge(token, keys, &rules, back->secret, &back->identity);
    if (fault == CRM_ID_KEY && keys_again(back, &keys, &ignored) == 0)
        fault = crm_id_token_judge(token, keys, &rules, back->secret, &back->identity);
    if (fault != CRM_ID_GOOD) {
        (void)disorder(back, err, "");
        return err_detail(err, "id_token: %s", crm_id_fault_words[fault]);
    }
    if (back->callback->iss.p && !str_eq(back->callback->iss, back->identity.issuer))
        return disorder(back, err, "iss of the answer and of the token");
    return 0;
}

static void back_end(struct back *back)
{
    flow_oidc_close(&back->oidc);
    arena_free(back->secret);
}

int flow_oidc_end(const struct flow *flow, const struct flow_asker *asker, const struct flow_oidc_callback *callback,
                  struct arena *arena, struct flow_oidc_arrived *ret_arrived, struct err *err)
{
    _cleanup_(back_end) struct back back = {
        .flow = flow, .asker = asker, .callback = callback, .secret = arena_new_wiping(LIMIT_ARENA_REQUEST)};
    struct flow_identified identified = {.method = &flow_method_oidc};
    struct flow_oidc_whom whom = {.org = &back.begun.org, .identity = &back.identity, .access = &back.tokens.access};
    struct flow_tries tries = {.arena = arena};
    if (flow_try(flow, FLOW_TRY_SSO, asker, str_c(callback->provider.s), &tries, err) < 0 ||
        back_take(&back, err) < 0 || back_open(&back, err) < 0 || back_judge(&back, err) < 0 ||
        back_redeem(&back, err) < 0 || back_identify(&back, err) < 0 ||
        flow_oidc_person(&back.oidc, asker, &whom, &identified.user, err) < 0 || flow_try_good(flow, &tries, err) < 0)
        return -1;
    identified.org = back.begun.org;
    identified.strong = back.identity.several_factors && back.oidc.settings.second_factor;
    if (flow_sign_in_end(flow, asker, &identified, arena, &ret_arrived->in, err) < 0)
        return -1;
    ret_arrived->next = str_dup(arena, back.trip.next);
    return 0;
}
