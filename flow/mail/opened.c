/* A mailbox for one unit of work, and its health; see mail.h. */
#include "base/limits.h"
#include "flow/authorize.h"
#include "flow/common.h"
#include "flow/crm/steps.h"
#include "flow/mail/mail.h"

int flow_mail_rules(struct str json, struct arena *arena, struct json_list *ret_rules, struct err *err)
{
    struct json_list items;
    if (json_items(json, arena, &items, err) < 0)
        return -1;
    struct str *rules = items.items;
    for (size_t i = 0; i < items.n; i++)
        rules[i] = json_unquote(rules[i], arena);
    *ret_rules = items;
    return 0;
}

int flow_mail_open(const struct flow *flow, const struct id *org, const struct id *mailbox, struct flow_mail *ret_mail,
                   struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err why;
    *ret_mail = (struct flow_mail){.flow = flow};
    if (flow_crm_open(flow, org, mailbox, &ret_mail->crm, err) < 0 || store_begin(flow->store, org, &tx, err) < 0 ||
        store_mailbox_get(tx, mailbox, ret_mail->crm.arena, &ret_mail->row, err) < 0 ||
        flow_mail_rules(ret_mail->row.excluded, ret_mail->crm.arena, &ret_mail->rules, err) < 0)
        return -1;
    ret_mail->opened_at = store_tx_now(tx);
    ret_mail->owner = (struct flow_actor){.org = *org, .user = ret_mail->row.owner, .language = "en"};
    ret_mail->paused =
        id_none(&ret_mail->row.list) || flow_reach(tx, &ret_mail->owner, &ret_mail->row.list, true, &why) < 0;
    return 0;
}

void flow_mail_close(struct flow_mail *mail)
{
    flow_crm_close(&mail->crm);
}

/* ---- Health ---- */

static const char *state_of(const struct err *problem)
{
    if (!problem || problem->code == ERR_NONE)
        return "ok";
    return problem->code == ERR_MAIL_SIGN_IN ? "reauthorise" : "down";
}

void flow_mail_note(const struct flow *flow, const struct id *org, const struct id *mailbox, const struct err *failure)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err problem = {.code = ERR_NONE}, ignored;
    bool moved;
    if (failure)
        problem = *failure;
    flow_mail_say(&problem);
    const char *state = state_of(&problem);
    if (store_begin(flow->store, org, &tx, &ignored) < 0 ||
        store_connection_health(tx, mailbox, state, problem.code ? &problem : NULL, &moved, &ignored) < 0)
        return;
    if (moved)
        store_event(tx, "mailbox", mailbox, state);
    (void)store_commit(&tx, &ignored);
}

struct flow_health flow_mail_health(const struct flow_actor *actor, const struct store_connection *row,
                                    const struct flow_authorization *authorization, struct arena *arena)
{
    enum { OK, REAUTHORISE, DOWN, UNKNOWN = 4, CONSENT };
    struct flow_problem *problem = flow_problem_of(actor, row->problem, row->param, arena);
    struct flow_health health = {.state = UNKNOWN, .last_ok_at = flow_time_text(row->ok_at, arena)};
    if (authorization && strcmp(flow_authorization_words[authorization->state], "needed") == 0) {
        health.state = CONSENT;
        health.sentence = str_c(flow_say(actor, "Not connected yet: allow access at your provider.",
                                         "Noch nicht verbunden: Erlauben Sie den Zugriff bei Ihrem Anbieter."));
        return health;
    }
    health.sentence = str_c(flow_say(actor, "Not looked at yet.", "Noch nicht angesehen."));
    if (str_eq(row->state, STR("ok"))) {
        health.state = OK;
        health.sentence =
            str_c(flow_say(actor, "Connected; the last look worked.", "Verbunden; der letzte Blick gelang."));
    } else if (str_eq(row->state, STR("reauthorise")))
        health.state = REAUTHORISE;
    else if (str_eq(row->state, STR("down")))
        health.state = DOWN;
    if (problem)
        health.sentence = problem->detail;
    return health;
}
