/* Access tokens lent to connectors, and their renewal; see oauth.h. */
#include "base/clock.h"
#include "base/limits.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/crm/flight.h"
#include "flow/crm/oauth.h"
#include "store/crm/traffic.h"

enum {
    TRUST_MS = 5 * 1000,  /* so long a unit of work uses a token without looking at the row */
    TURN_MS = 25 * 1000,  /* waiting for another thread's renewal */
    FRESH_MS = 20 * 1000, /* a token younger than this that is refused is not renewed for it */
    WAIT_MS = 5 * 1000,   /* cool-down after a first failure, doubled with each further one */
    WAIT_MOST_MS = 15 * 60 * 1000,
    DOUBLINGS = 8,
    REFUSALS = 4, /* without a known reason, in a row, with pauses between: then a person has to look */
};

enum verdict { USE, RENEW, ENDED, WAIT };

static enum verdict judge(const struct flow_bearer *bearer, const struct store_tokens *row, struct str refused)
{
    bool was_refused = refused.p && row->access.p && str_eq(row->access, refused);
    bool usable = row->access.p && row->expires_in_ms > 0 && !was_refused;
    if (row->ended)
        return ENDED;
    if (usable && row->renew_in_ms > 0)
        return USE;
    if (row->wait_ms > 0 || (was_refused && row->age_ms < FRESH_MS))
        return usable ? USE : WAIT;
    if (bearer->way == FLOW_WAY_CODE && !row->refresh.p)
        return usable ? USE : row->granted_at ? RENEW : ENDED; /* RENEW finds that nothing is left to renew with */
    return RENEW;
}

static int say_ended(const struct flow_bearer *bearer, struct err *err)
{
    return err_set(err, ERR_CRM_REAUTHORISE, "%.*s", STR_ARG(bearer->row.kind));
}

static int use(struct flow_bearer *bearer, struct str access, struct arena *arena, struct str *ret_token)
{
    if (!bearer->access.p || !str_eq(bearer->access, access))
        bearer->access = str_dup(bearer->arena, access);
    bearer->trusted_until_mono_ms = clock_mono_ms() + TRUST_MS;
    *ret_token = str_dup(arena, access);
    return 0;
}

/* ---- Asking the provider ---- */

/* 1 with tokens, 0 with what the answer means, -1 when nothing could be asked. */
static int ask(const struct flow_bearer *bearer, const struct flow_oauth *oauth, const struct store_tokens *row,
               struct crm_tokens *ret_tokens, struct crm_result *ret, struct err *err)
{
    if (bearer->way == FLOW_WAY_APP)
        return crm_oauth_app(&oauth->client, ret_tokens, ret, err);
    if (row->refresh.p)
        return crm_oauth_refresh(&oauth->client, row->refresh, ret_tokens, ret, err);
    *ret = (struct crm_result){.outcome = CRM_REAUTHORISE, .not_sent = true};
    return 0;
}

/* For the page of the connection's health: a renewal, and why there was none. */
static int note_renewal(struct flow_bearer *bearer, struct store_tx *tx, const struct err *why, struct err *err)
{
    const struct store_call call = {
        .work = "renew", .problem = why ? str_c(err_slug(why->code)) : STR_NONE, .requests = 1};
    return store_call_add(tx, &bearer->row.id, &call, err);
}

/* Erases what is left, marks the connection and tells people, all of it once: who comes later finds the row ended. */
static int grant_over(struct flow_bearer *bearer, struct store_tx **tx, const struct err *why, struct err *err)
{
    struct flow_actor system = {.org = bearer->org};
    struct flow_deed deed = {.action = "connection.reauthorise",
                             .kind = "connection",
                             .subject = &bearer->row.id,
                             .state = "reauthorise",
                             .note = "the provider takes the grant no longer"};
    if (store_tokens_end(*tx, &bearer->row.id, err) < 0 || note_renewal(bearer, *tx, why, err) < 0 ||
        store_connection_health(*tx, &bearer->row.id, "reauthorise", why, NULL, err) < 0)
        return -1;
    flow_tell(*tx, &system, &deed);
    return store_commit(tx, err);
}

static int64_t cool_down(int64_t failures, int64_t asked_ms)
{
    int64_t wait = (int64_t)WAIT_MS << (failures < DOUBLINGS ? failures : DOUBLINGS);
    wait = wait > asked_ms ? wait : asked_ms;
    return wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS;
}

/* The provider gave none. A token that has some life left bridges a failure that may pass. */
static int no_token(struct flow_bearer *bearer, struct store_tx **tx, const struct store_tokens *row,
                    const struct crm_result *result, struct err *err)
{
    struct err why = {.code = ERR_CRM_DOWN};
    (void)flow_crm_judge(result, &why);
    if (result->outcome == CRM_REJECTED && row->failures + 1 >= REFUSALS)
        why.code = ERR_CRM_REAUTHORISE;
    if (why.code == ERR_CRM_REAUTHORISE) {
        if (grant_over(bearer, tx, &why, err) == 0)
            *err = why;
        return -1;
    }
    if (store_tokens_fail(*tx, &bearer->row.id, cool_down(row->failures, result->retry_after_ms), err) < 0 ||
        note_renewal(bearer, *tx, &why, err) < 0 || store_commit(tx, err) < 0)
        return -1;
    return err_set(err, ERR_CRM_DOWN, "%s", why.param);
}

/* With the row locked. The connection is read again too: its secret may have been changed since this work began. */
static int renew(struct flow_bearer *bearer, struct store_tx **tx, const struct store_tokens *row, struct arena *arena,
                 struct str *ret, struct err *err)
{
    _cleanup_(flow_oauth_close) struct flow_oauth oauth = {.http = NULL};
    const struct flow_errand errand = {bearer->flow, bearer->org, bearer->row.id};
    struct store_connection now;
    struct crm_tokens tokens;
    struct crm_result result = {.outcome = CRM_DOWN};
    if (store_connection_open(*tx, &bearer->row.id, arena, &now, err) < 0 ||
        flow_oauth_open(&errand, &now, arena, &oauth, err) < 0)
        return -1;
    int r = ask(bearer, &oauth, row, &tokens, &result, err);
    if (r < 0) { /* an address that breaks a rule: its sentence says more than ours */
        struct err ignored;
        (void)no_token(bearer, tx, row, &result, &ignored);
        return -1;
    }
    if (r == 0)
        return no_token(bearer, tx, row, &result, err);
    if (flow_tokens_keep(*tx, &oauth, &bearer->row.id, &tokens, NULL, err) < 0 ||
        note_renewal(bearer, *tx, NULL, err) < 0 || store_commit(tx, err) < 0)
        return -1;
    bearer->base = tokens.base.p ? str_dup(bearer->arena, tokens.base) : bearer->base;
    *ret = tokens.access;
    return 0;
}

/* ---- Lending ---- */

static int say(const struct flow_bearer *bearer, enum verdict verdict, struct err *err)
{
    return verdict == ENDED ? say_ended(bearer, err)
                            : err_set(err, ERR_CRM_DOWN, "%s", "its sign-in service is given a rest");
}

/* What the row says, without asking anybody. */
static int look(struct flow_bearer *bearer, struct arena *arena, struct store_tokens *ret_row, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err why;
    *ret_row = (struct store_tokens){.ended = false};
    if (store_begin(bearer->flow->store, &bearer->org, &tx, err) < 0)
        return -1;
    if (store_tokens_get(tx, &bearer->row.id, arena, ret_row, &why) < 0 && why.code != ERR_NOT_FOUND) {
        *err = why;
        return -1;
    }
    return 0;
}

/* One of all who ask gets here at a time; most then find that somebody has done it. */
static int turn(struct flow_bearer *bearer, struct str refused, struct arena *scratch, struct arena *arena,
                struct str *ret_token, struct err *err)
{
    _cleanup_(flow_flight_leave) struct flow_flight flight = {.on = false};
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_tokens row;
    struct str access = STR_NONE;
    if (flow_flight_enter(&flight, &bearer->row.id, TURN_MS, err) < 0 ||
        store_begin(bearer->flow->store, &bearer->org, &tx, err) < 0 ||
        store_tokens_lock(tx, &bearer->row.id, scratch, &row, err) < 0)
        return err->code == ERR_BUSY ? err_set(err, ERR_CRM_DOWN, "%s", "its sign-in service is slow") : -1;
    enum verdict verdict = judge(bearer, &row, refused);
    if (verdict == USE)
        return use(bearer, row.access, arena, ret_token);
    if (verdict != RENEW)
        return say(bearer, verdict, err);
    if (renew(bearer, &tx, &row, scratch, &access, err) == 0)
        return use(bearer, access, arena, ret_token);
    bool bridge = err->code == ERR_CRM_DOWN && row.expires_in_ms > 0 && row.access.p && !str_eq(row.access, refused);
    return bridge ? use(bearer, row.access, arena, ret_token) : -1;
}

/* Settings that are being tried: a token of the app's own, kept nowhere. */
static int try(struct flow_bearer *bearer, struct str refused, struct arena *arena, struct str *ret_token,
               struct err *err)
{
    _cleanup_(flow_oauth_close) struct flow_oauth oauth = {.http = NULL};
    const struct flow_errand errand = {bearer->flow, bearer->org, bearer->row.id};
    struct crm_tokens tokens;
    struct crm_result result;
    if (bearer->way != FLOW_WAY_APP || refused.p)
        return say_ended(bearer, err);
    if (flow_oauth_open(&errand, &bearer->row, bearer->arena, &oauth, err) < 0)
        return -1;
    int r = crm_oauth_app(&oauth.client, &tokens, &result, err);
    if (r == 1) {
        bearer->base = tokens.base;
        return use(bearer, tokens.access, arena, ret_token);
    }
    return r < 0 ? -1 : flow_crm_judge(&result, err);
}

static int lend(void *self, struct str refused, struct arena *arena, struct str *ret_token, struct err *err)
{
    struct flow_bearer *bearer = self;
    _cleanup_(arena_freep) struct arena *scratch = NULL;
    struct store_tokens row;
    if (!refused.p && bearer->access.p && clock_mono_ms() < bearer->trusted_until_mono_ms) {
        *ret_token = str_dup(arena, bearer->access);
        return 0;
    }
    if (id_none(&bearer->row.id))
        return try(bearer, refused, arena, ret_token, err);
    scratch = arena_new_wiping(LIMIT_ARENA_REQUEST);
    if (look(bearer, scratch, &row, err) < 0)
        return -1;
    enum verdict verdict = judge(bearer, &row, refused);
    if (verdict == USE)
        return use(bearer, row.access, arena, ret_token);
    return verdict == RENEW ? turn(bearer, refused, scratch, arena, ret_token, err) : say(bearer, verdict, err);
}

struct crm_bearer flow_bearer_lend(struct flow_bearer *self)
{
    return (struct crm_bearer){self, lend};
}
