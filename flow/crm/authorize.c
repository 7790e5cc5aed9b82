/* To the consent page and back, and parting; see flow/authorize.h. */
#include "flow/authorize.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/limits.h"
#include "crm-connectors/mailbox/mailbox.h"
#include "crm-connectors/oauth/refusal.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/crm/form.h"
#include "flow/crm/parting.h"
#include "flow/mail/mail.h"
#include "store/mail/mailbox.h"
#include "store/mail/subscription.h"
#include "store/people.h"

/* What is kept, sealed, until the person is back. */
struct trip {
    struct str verifier, redirect_uri, parties;
};
#define TRIP(member)                                                                                                   \
    {                                                                                                                  \
        .name = #member, .kind = JSON_STR, .offset = offsetof(struct trip, member), .flags = JSON_REQUIRED,            \
        .max = LIMIT_JSON_BYTES                                                                                        \
    }
static const struct json_field trip_rows[] = {TRIP(verifier), TRIP(redirect_uri), TRIP(parties)};
static const struct json_shape trip_shape = {"Trip", sizeof(struct trip), trip_rows, ARRAY_LEN(trip_rows), false};

/* ---- There ---- */

/* Who may consent: administrators for CRMs, the owner for a mailbox. */
static int may_consent(struct store_tx *tx, const struct flow *flow, const struct flow_actor *actor,
                       const struct store_connection *row, struct arena *arena, struct err *err)
{
    struct store_mailbox mailbox;
    if (!crm_mailbox_find(row->kind))
        return flow_may(flow, actor, "connection", "authorize", err);
    if (store_mailbox_get(tx, &row->id, arena, &mailbox, err) < 0)
        return -1;
    if (id_eq(&mailbox.owner, &actor->user))
        return 0;
    return err_set(err, actor->any ? ERR_FORBIDDEN : ERR_NOT_FOUND, "mailbox");
}

/* The connection whose consent is asked for. */
static int connection_for(struct store_tx *tx, const struct flow *flow, const struct flow_actor *actor,
                          struct store_connection *row, struct arena *arena, struct err *err)
{
    _cleanup_(arena_freep) struct arena *secret = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct store_connection opened;
    if (store_connection_open(tx, &row->id, secret, &opened, err) < 0 ||
        may_consent(tx, flow, actor, &opened, secret, err) < 0)
        return -1;
    row->kind = str_dup(arena, opened.kind);
    row->settings = str_dup(arena, opened.settings);
    row->version = opened.version;
    const struct crm_connector *connector = flow_connector_find(flow, row->kind);
    if (!connector || flow_way_of(connector, row->settings, arena) != FLOW_WAY_CODE)
        return err_set(err, ERR_CONFLICT, "nobody has to consent to this connection");
    return flow_form_check_addresses(flow, row, arena, err);
}

int flow_authorize(const struct flow *flow, const struct flow_who *who, struct id connection, struct arena *arena,
                   struct flow_consent *ret_consent, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *secret = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct store_connection row = {.id = connection};
    struct trip trip = {.verifier = crypto_token(secret), .redirect_uri = flow_callback_url(flow, arena)};
    struct crm_oauth_trip asked = {
        .redirect_uri = trip.redirect_uri, .state = crypto_token(arena), .verifier = trip.verifier};
    if (flow_begin(flow, &who->actor, &tx, err) < 0 || connection_for(tx, flow, &who->actor, &row, arena, err) < 0)
        return -1;
    const struct crm_oauth_client client = {
        .oauth = flow_connector_find(flow, row.kind)->oauth, .settings = row.settings, .arena = arena};
    struct store_oauth_begun begun = {.session = who->session_id,
                                      .user = who->actor.user,
                                      .connection = connection,
                                      .connection_version = row.version};
    struct str url;
    if (crm_oauth_consent(&client, &asked, &url, err) < 0 || crm_oauth_parties(&client, &trip.parties, err) < 0)
        return -1;
    begun.trip = json_write(&trip_shape, &trip, secret);
    if (store_oauth_begin(tx, &begun, asked.state, FLOW_CONSENT_SECONDS * 1000LL, err) < 0)
        return -1;
    int64_t ends = store_tx_now(tx) + FLOW_CONSENT_SECONDS * 1000LL;
    if (store_commit(&tx, err) < 0)
        return -1;
    *ret_consent = (struct flow_consent){.url = url, .expires_at = flow_time_text(ends, arena)};
    return 0;
}

/* ---- And back ---- */

static int refuse(const struct flow_who *who, struct err *err, const char *en, const char *de)
{
    return err_set(err, ERR_CONSENT, "%s", flow_say(&who->actor, en, de));
}

static int refuse_denied(const struct flow_who *who, struct err *err)
{
    return refuse(who, err, "access was denied there", "der Zugriff wurde dort abgelehnt");
}

/* One person's way back. */
struct back {
    const struct flow *flow;
    const struct flow_who *who;
    const struct flow_callback *callback;
    struct store_oauth_begun begun;
    struct store_connection row;
    struct trip trip;
    struct flow_oauth oauth;
    struct crm_tokens tokens;
    struct arena *secret;
    bool admin; /* an administrator has to consent first */
};

/* What the provider's refusal means, where it uses words that we know; its own are not repeated: anybody can write into
 * an address. -1, or 0 where it says nothing that we know. */
static int refuse_named(const struct back *back, struct str error, struct str description, struct err *err)
{
    static const enum err_code codes[] = {
        [CRM_REFUSAL_OTHER] = ERR_NONE,
        [CRM_REFUSAL_APP] = ERR_APP_UNKNOWN,
        [CRM_REFUSAL_USER] = ERR_APP_USER,
        [CRM_REFUSAL_NETWORK] = ERR_APP_NETWORK,
        [CRM_REFUSAL_ADDRESS] = ERR_APP_ADDRESS,
        [CRM_REFUSAL_ADMIN] = ERR_APP_ADMIN,
        [CRM_REFUSAL_REDIRECT] = ERR_APP_REDIRECT,
        [CRM_REFUSAL_SCOPES] = ERR_APP_SCOPES,
        [CRM_REFUSAL_CLIENT] = ERR_APP_CLIENT,
        [CRM_REFUSAL_DENIED] = ERR_CONSENT,
    };
    const struct crm_connector *connector = flow_connector_find(back->flow, back->row.kind);
    enum err_code code = codes[crm_oauth_refusal(connector->oauth, error, description)];
    if (code == ERR_CONSENT)
        return refuse_denied(back->who, err);
    return code == ERR_NONE ? 0 : err_set(err, code, "%s", connector->name);
}

/* Uses up what was begun, in a transaction of its own: whatever goes wrong from here on, it was the one try. */
static int back_take(struct back *back, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (back->callback->repeated || !crypto_token_formed(back->callback->state))
        return refuse(back->who, err, "the answer is not in order", "die Antwort ist nicht in Ordnung");
    if (flow_begin(back->flow, &back->who->actor, &tx, err) < 0)
        return -1;
    if (store_oauth_take(tx, back->callback->state, &back->who->session_id, back->secret, &back->begun, err) < 0)
        return err->code != ERR_NOT_FOUND
                   ? -1
                   : refuse(back->who, err,
                            "this attempt was used, is older than ten minutes or belongs to another sign-in",
                            "dieser Versuch ist verbraucht, älter als zehn Minuten oder gehört zu einer anderen "
                            "Anmeldung");
    if (json_read(&trip_shape, back->begun.trip, back->secret, &back->trip, err) < 0 ||
        store_connection_open(tx, &back->begun.connection, back->secret, &back->row, err) < 0 ||
        may_consent(tx, back->flow, &back->who->actor, &back->row, back->secret, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

/* Who answers, and with what: the provider that was asked, on behalf of the settings that were shown. */
static int back_judge(struct back *back, struct err *err)
{
    const struct flow_callback *callback = back->callback;
    const struct flow_errand errand = {back->flow, back->who->actor.org, back->row.id};
    struct str parties;
    if (back->row.version != back->begun.connection_version ||
        flow_oauth_open(&errand, &back->row, back->secret, &back->oauth, err) < 0 ||
        crm_oauth_parties(&back->oauth.client, &parties, err) < 0 || !str_eq(parties, back->trip.parties))
        return refuse(back->who, err, "the connection was changed meanwhile",
                      "die Verbindung wurde inzwischen geändert");
    if (!crm_oauth_issued(&back->oauth.client, callback->iss))
        return refuse(back->who, err, "the answer comes from another service than was asked",
                      "die Antwort kommt von einem anderen Dienst als dem gefragten");
    back->admin = crm_oauth_admin_needed(&back->oauth.client, callback->error, callback->description);
    if (back->admin)
        return 0;
    if (refuse_named(back, callback->error, callback->description, err) < 0)
        return -1;
    if (str_eq(callback->error, STR("access_denied")))
        return refuse_denied(back->who, err);
    if (callback->error.p) /* its words are not repeated: anybody can write into an address */
        return refuse(back->who, err, "it was refused there; check the app's settings",
                      "es wurde dort abgelehnt; prüfen Sie die Einstellungen der App");
    if (!crm_oauth_code_formed(callback->code))
        return refuse(back->who, err, "the answer is not in order", "die Antwort ist nicht in Ordnung");
    return 0;
}

static bool asked_to_stay(const struct crm_oauth *oauth)
{
    for (size_t i = 0; i < oauth->n_scopes; i++)
        if (strcmp(oauth->scopes[i].name, "offline_access") == 0)
            return true;
    return false;
}

/* Less than was asked for is refused where it would be of no use, and given back. */
static int back_enough(struct back *back, struct err *err)
{
    const struct crm_oauth_client *client = &back->oauth.client;
    struct json_list missing, too_many;
    if (!client->oauth->exact)
        return 0;
    crm_oauth_compare(client, back->tokens.scope, &missing, &too_many);
    struct str first = missing.n ? *(const struct str *)missing.items : STR_NONE;
    if (!missing.n && asked_to_stay(client->oauth) && str_empty(back->tokens.refresh))
        first = STR("offline_access");
    if (!first.p)
        return 0;
    const struct store_tokens unkept = {.access = back->tokens.access, .refresh = back->tokens.refresh};
    (void)flow_tokens_revoke(back->flow, &back->who->actor.org, &back->row, &unkept);
    return err_set(err, ERR_CONSENT, "%s: %.*s",
                   flow_say(&back->who->actor, "a permission is missing that Kartei cannot do without",
                            "eine Berechtigung fehlt, ohne die Kartei nicht auskommt"),
                   STR_ARG(first));
}

static int back_redeem(struct back *back, struct err *err)
{
    const struct crm_oauth_trip trip = {
        .redirect_uri = back->trip.redirect_uri, .verifier = back->trip.verifier, .code = back->callback->code};
    struct crm_result result;
    struct err why = {.code = ERR_NONE};
    int r = crm_oauth_redeem(&back->oauth.client, &trip, &back->tokens, &result, err);
    if (r < 0)
        return -1;
    if (r == 1 && back->oauth.client.oauth->base_member && str_empty(back->tokens.base))
        return refuse(back->who, err, "the CRM did not say where its data are",
                      "das CRM hat nicht gesagt, wo seine Daten liegen");
    if (r == 1)
        return back_enough(back, err);
    back->admin = crm_oauth_admin_needed(&back->oauth.client, STR("invalid_grant"), result.sentence);
    if (back->admin)
        return 0;
    if (refuse_named(back, result.error, result.sentence, err) < 0)
        return -1;
    (void)flow_crm_judge(&result, &why);
    if (result.outcome == CRM_DOWN || result.outcome == CRM_QUOTA)
        return refuse(back->who, err, "its sign-in service did not answer as it should",
                      "sein Anmeldedienst hat nicht geantwortet, wie er soll");
    return err_set(err, ERR_CONSENT, "%s: %s",
                   flow_say(&back->who->actor, "its sign-in service refused", "sein Anmeldedienst hat abgelehnt"),
                   why.param);
}

/* Only if the connection still is what was consented to. */
static int back_keep(struct back *back, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct flow_actor *actor = &back->who->actor;
    struct id *connection = &back->begun.connection, job;
    struct flow_deed deed = {
        .action = "connection.authorize", .kind = "connection", .subject = connection, .state = "connected"};
    int64_t version;
    if (flow_begin(back->flow, actor, &tx, err) < 0 || store_connection_lock(tx, connection, &version, err) < 0)
        return -1;
    if (version != back->begun.connection_version)
        return refuse(back->who, err, "the connection was changed meanwhile",
                      "die Verbindung wurde inzwischen geändert");
    if (flow_tokens_keep(tx, &back->oauth, connection, &back->tokens, &actor->user, err) < 0 ||
        store_connection_health(tx, connection, "new", NULL, NULL, err) < 0 ||
        (crm_mailbox_find(back->row.kind)
             ? store_mailbox_admin(tx, connection, STORE_ADMIN_NONE, err) < 0 ||
                   flow_mail_renew_now(tx, connection, err) < 0 || store_mailbox_gap(tx, connection, err) < 0 ||
                   flow_mailbox_ask_check(tx, connection, &job, err) < 0
             : flow_connection_resume(tx, actor, connection, err) < 0 ||
                   flow_connection_ask_pull(tx, actor, connection, &job, err) < 0))
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

/* Names for the page, and how a first call went. */
static int back_tell(struct back *back, struct arena *arena, struct flow_connected *ret, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct flow_session_user *user = &back->who->session.user;
    struct flow_connection_test test = {.ok = false};
    struct flow_connected told = {.connection_id = flow_id_text(&back->begun.connection, arena),
                                  .connection = str_dup(arena, back->row.name),
                                  .user = str_printf(arena, "%.*s (%.*s)", STR_ARG(user->name), STR_ARG(user->email))};
    struct json_list missing, too_many;
    crm_oauth_compare(&back->oauth.client, back->tokens.scope, &missing, &too_many);
    told.too_few = missing.n > 0;
    told.too_many = too_many.n > 0;
    const struct flow_actor *actor = &back->who->actor;
    told.mailbox = crm_mailbox_find(back->row.kind) != NULL;
    if ((told.mailbox ? flow_mailbox_try(back->flow, actor, back->begun.connection, arena, &test, err)
                      : flow_connection_test(back->flow, actor, back->begun.connection, arena, &test, err)) < 0 ||
        flow_begin(back->flow, actor, &tx, err) < 0 || store_org_name(tx, arena, &told.organisation, err) < 0)
        return -1;
    told.works = test.ok;
    told.first = !told.mailbox && !back->row.pulled_at;
    for (size_t i = 0; i < test.steps.n; i++) {
        const struct flow_test_step *step = (const struct flow_test_step *)test.steps.items + i;
        if (str_eq(step->name, STR("identity")) && step->weight == FLOW_STEP_PLAIN)
            told.there = step->sentence;
        else if (!step->ok || (str_eq(step->name, STR("read")) && !told.sentence.p))
            told.sentence = step->sentence;
    }
    *ret = told;
    return 0;
}

/* Remembers that an administrator is waited for, and says where one goes. */
static int back_admin(struct back *back, struct arena *arena, struct flow_connected *ret, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct flow_actor *actor = &back->who->actor;
    const struct flow_session_user *user = &back->who->session.user;
    const struct id *mailbox = &back->begun.connection;
    struct flow_deed deed = {
        .action = "mailbox.admin_consent", .kind = "mailbox", .subject = mailbox, .state = "admin_consent"};
    struct crm_oauth_client client = back->oauth.client;
    struct flow_connected told = {.connection_id = flow_id_text(mailbox, arena),
                                  .connection = str_dup(arena, back->row.name),
                                  .user = str_printf(arena, "%.*s (%.*s)", STR_ARG(user->name), STR_ARG(user->email)),
                                  .mailbox = true};
    client.arena = arena;
    if (flow_begin(back->flow, actor, &tx, err) < 0 || store_mailbox_admin(tx, mailbox, STORE_ADMIN_ASKED, err) < 0 ||
        store_org_name(tx, arena, &told.organisation, err) < 0 ||
        flow_mail_admin_url(tx, back->flow, mailbox, &client, &told.admin_url, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    *ret = told;
    return 0;
}

static void back_end(struct back *back)
{
    flow_oauth_close(&back->oauth);
    arena_free(back->secret);
}

int flow_authorize_end(const struct flow *flow, const struct flow_who *who, const struct flow_callback *callback,
                       struct arena *arena, struct flow_connected *ret_connected, struct err *err)
{
    _cleanup_(back_end) struct back back = {
        .flow = flow, .who = who, .callback = callback, .secret = arena_new_wiping(LIMIT_ARENA_REQUEST)};
    *ret_connected = (struct flow_connected){.mailbox = false};
    if (back_take(&back, err) < 0)
        return -1;
    ret_connected->connection_id = flow_id_text(&back.begun.connection, arena);
    ret_connected->mailbox = crm_mailbox_find(back.row.kind) != NULL;
    if (back_judge(&back, err) < 0 || (!back.admin && back_redeem(&back, err) < 0))
        return -1;
    if (back.admin)
        return back_admin(&back, arena, ret_connected, err);
    if (back_keep(&back, err) < 0) { /* nobody else has them */
        const struct store_tokens unkept = {.access = back.tokens.access, .refresh = back.tokens.refresh};
        (void)flow_tokens_revoke(flow, &who->actor.org, &back.row, &unkept);
        return -1;
    }
    return back_tell(&back, arena, ret_connected, err);
}
