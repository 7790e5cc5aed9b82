/* Mailboxes: connected, changed, tested, removed; see flow/mailbox.h. */
#include "flow/mailbox.h"

#include "base/limits.h"
#include "contact/email.h"
#include "crm-connectors/mailbox/mailbox.h"
#include "crm-connectors/rest/records.h"
#include "flow/authorize.h"
#include "flow/common.h"
#include "flow/crm/form.h"
#include "flow/crm/parting.h"
#include "flow/crm/steps.h"
#include "flow/idempotency.h"
#include "flow/mail/exclude.h"
#include "flow/mail/mail.h"
#include "store/job.h"
#include "store/mail/subscription.h"

enum { RULES_MAX = 500, CHECK_ATTEMPTS = 5 };

/* ---- Kinds ---- */

static struct flow_mail_provider provider_of(const struct crm_mail_provider *row, struct arena *arena)
{
    struct str rest = str_c(row->domains), *domains = arena_array(arena, rest.n / 2 + 1, sizeof *domains);
    struct flow_mail_provider provider = {.host = str_c(row->host), .hint_key = str_c(row->hint)};
    provider.domains.items = domains;
    while (str_split(&rest, ' ', &domains[provider.domains.n]))
        provider.domains.n++;
    return provider;
}

int flow_mailbox_kinds(const struct flow *flow, struct arena *arena, struct flow_mailbox_kinds *ret_kinds)
{
    size_t n = 0, m = 0;
    while (crm_mailboxes[n])
        n++;
    while (crm_mail_providers[m].domains)
        m++;
    struct flow_connector *kinds = arena_array(arena, n, sizeof *kinds);
    struct flow_mail_provider *providers = arena_array(arena, m, sizeof *providers);
    for (size_t i = 0; i < n; i++)
        kinds[i] = flow_connector_view(flow, crm_mailboxes[i], arena);
    for (size_t i = 0; i < m; i++)
        providers[i] = provider_of(&crm_mail_providers[i], arena);
    *ret_kinds = (struct flow_mailbox_kinds){{kinds, n}, {providers, m}};
    return 0;
}

/* ---- Looking ---- */

/* Who looks, and where the answer lives. */
struct view {
    const struct flow *flow;
    const struct flow_actor *actor;
    struct arena *arena;
};

/* Subscribing was tried, and came to nothing. */
static bool unreached(const struct flow *flow, const struct store_connection *connection,
                      const struct store_mailbox *row)
{
    return flow->notification_url && *flow->notification_url && flow_mail_is_told(connection->kind) && !row->watched &&
           row->checked_at && !id_none(&row->list) && str_eq(connection->state, STR("ok"));
}

static int mailbox_of(struct store_tx *tx, const struct view *view, const struct store_mailbox *row,
                      struct flow_mailbox *ret, struct err *err)
{
    _cleanup_(arena_freep) struct arena *secret = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct arena *arena = view->arena;
    struct store_connection opened, connection;
    struct flow_authorization *authorization;
    bool own = id_eq(&row->owner, &view->actor->user);
    if (store_connection_open(tx, &row->id, secret, &opened, err) < 0)
        return -1;
    connection = opened;
    connection.secret = STR_NONE;
    connection.settings = str_dup(arena, opened.settings);
    if (flow_authorization_of(tx, view->flow, &connection, arena, &authorization, err) < 0)
        return -1;
    *ret = (struct flow_mailbox){
        .id = flow_id_text(&row->id, arena),
        .kind = str_dup(arena, opened.kind),
        .owner_id = flow_id_text(&row->owner, arena),
        .own = own,
        .health = flow_mail_health(view->actor, &connection, authorization, arena),
        .paused = id_none(&row->list),
        .watching = row->watched,
        .unreached = unreached(view->flow, &connection, row),
        .checked_at = flow_time_text(row->checked_at, arena),
        .looked = row->looked,
        .header_only = row->header_only,
        .suggested = row->suggested,
        .created_at = flow_time_text(opened.created_at, arena),
        .version = row->version,
    };
    if (!own)
        return 0;
    ret->name = str_dup(arena, opened.name);
    ret->settings = connection.settings;
    ret->authorization = authorization;
    ret->list_id = flow_id_text(&row->list, arena);
    const struct crm_connector *connector = flow_connector_find(view->flow, connection.kind);
    const struct crm_oauth_client client = {
        .oauth = connector ? connector->oauth : NULL, .settings = connection.settings, .arena = arena};
    return flow_mail_admin(tx, view->flow, row, &client, &ret->admin_consent, err) < 0
               ? -1
               : flow_mail_rules(row->excluded, arena, &ret->excluded, err);
}

static int mailbox_fresh(struct store_tx *tx, const struct view *view, const struct id *id, struct flow_mailbox *ret,
                         struct err *err)
{
    struct store_mailbox row;
    return store_mailbox_get(tx, id, view->arena, &row, err) < 0 ? -1 : mailbox_of(tx, view, &row, ret, err);
}

/* The mailbox, if it is the actor's, or (to look or remove) the actor is an administrator. */
static int mailbox_load(struct store_tx *tx, const struct view *view, const struct id *id, bool administrators,
                        struct store_mailbox *ret_row, struct err *err)
{
    const struct flow_actor *actor = view->actor;
    if (store_mailbox_get(tx, id, view->arena, ret_row, err) < 0)
        return -1;
    if (id_eq(&ret_row->owner, &actor->user) || (administrators && actor->any))
        return 0;
    return err_set(err, actor->any ? ERR_FORBIDDEN : ERR_NOT_FOUND, "mailbox");
}

int flow_mailbox_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                      struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct view view = {flow, actor, arena};
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_mailbox_list(tx, flow_only(actor), arena, &rows, err) < 0)
        return -1;
    struct flow_mailbox *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        if (mailbox_of(tx, &view, (const struct store_mailbox *)rows.items + i, &items[i], err) < 0)
            return -1;
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

int flow_mailbox_get(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, struct arena *arena,
                     struct flow_mailbox *ret_mailbox, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct view view = {flow, actor, arena};
    struct store_mailbox row;
    if (flow_begin(flow, actor, &tx, err) < 0 || mailbox_load(tx, &view, &mailbox, true, &row, err) < 0)
        return -1;
    return mailbox_of(tx, &view, &row, ret_mailbox, err);
}

/* ---- What the form says ---- */

static struct str rules_json(const struct str *rules, size_t n, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    strbuf_add_char(&out, '[');
    for (size_t i = 0; i < n; i++) {
        strbuf_add_c(&out, i ? "," : "");
        json_quote(&out, rules[i]);
    }
    strbuf_add_char(&out, ']');
    return strbuf_str(&out);
}

/* As given; else one's own domain, unless it is everybody's. */
static int excluded_of(struct str given, struct str address, struct arena *arena, struct str *ret_json, struct err *err)
{
    struct contact_email email;
    struct json_list items = {.n = 0};
    struct str own = STR_NONE;
    if (!given.p) {
        bool preset = contact_email_parse(address, arena, &email) && !contact_domain_free_mail(email.domain) &&
                      flow_mail_rule(email.domain, "", arena, &own, err) == 0;
        *ret_json = rules_json(&own, preset ? 1 : 0, arena);
        return 0;
    }
    if (json_items(given, arena, &items, err) < 0 || items.n > RULES_MAX)
        return err_field(err, ERR_INVALID, "/excluded", "a list of at most %d texts", RULES_MAX);
    struct str *rules = arena_array(arena, items.n, sizeof *rules);
    for (size_t i = 0; i < items.n; i++) {
        const char *pointer = str_z(arena, str_printf(arena, "/excluded/%zu", i));
        if (flow_mail_rule(json_unquote(((const struct str *)items.items)[i], arena), pointer, arena, &rules[i], err) <
            0)
            return -1;
    }
    *ret_json = rules_json(rules, items.n, arena);
    return 0;
}

/* The list that is chosen: one that its owner, not an administrator, may write to. */
static int list_of(struct store_tx *tx, const struct flow_actor *actor, struct str given, struct id *ret_list,
                   struct err *err)
{
    struct flow_actor person = *actor;
    person.any = false;
    *ret_list = (struct id){""};
    if (str_empty(given))
        return 0;
    if (flow_id_read(given, "/list_id", ret_list, err) < 0)
        return -1;
    if (flow_reach(tx, &person, ret_list, true, err) < 0)
        return err->code == ERR_NOT_FOUND || err->code == ERR_FORBIDDEN
                   ? err_field(err, ERR_INVALID, "/list_id", "a list that you may write to")
                   : -1;
    return 0;
}

static bool needs_consent(const struct flow *flow, const struct store_connection *row, struct arena *arena)
{
    return flow_way_of(flow_connector_find(flow, row->kind), row->settings, arena) == FLOW_WAY_CODE;
}

/* Checks the form, and signs in where that needs nobody's consent. */
static int connection_prove(const struct view *view, struct store_connection *row, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct contact_email email;
    struct crm_result result;
    if (!crm_mailbox_find(row->kind))
        return err_field(err, ERR_INVALID, "/kind", "unknown kind of mailbox");
    row->name = crm_records_setting(row->settings, "address", view->arena);
    if (!row->name.p || !contact_email_parse(row->name, view->arena, &email))
        return err_field(err, ERR_INVALID, "/settings/address", "an e-mail address is expected");
    if (flow_form_check(view->flow, row, view->arena, err) < 0)
        return -1;
    if (needs_consent(view->flow, row, view->arena))
        return 0;
    int r = flow_crm_try(view->flow, &view->actor->org, row, &crm, err);
    r = r < 0 ? -1 : crm.connector->test(&crm.lent, crm.arena, &result, err);
    r = r < 0 ? -1 : flow_crm_judge(&result, err);
    if (r < 0)
        flow_mail_say(err);
    return r;
}

/* It was signed in to just now: well, and to be looked at. */
static int mailbox_proved(struct store_tx *tx, const struct id *id, struct err *err)
{
    struct id job;
    return store_connection_health(tx, id, "ok", NULL, NULL, err) < 0 ? -1 : flow_mailbox_ask_check(tx, id, &job, err);
}

int flow_mailbox_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_mailbox_new *input,
                        struct arena *arena, struct flow_mailbox *ret_mailbox, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct view view = {flow, actor, arena};
    struct store_connection connection = {.kind = input->kind, .settings = input->settings, .secret = input->secret};
    struct store_mailbox row = {.owner = actor->user};
    struct flow_mailbox fresh;
    struct flow_deed deed = {.action = "mailbox.create", .kind = "mailbox", .subject = &row.id, .state = "new"};
    if (connection_prove(&view, &connection, err) < 0 ||
        excluded_of(input->excluded, connection.name, arena, &row.excluded, err) < 0)
        return -1;
    bool proved = !needs_consent(flow, &connection, arena);
    if (flow_begin(flow, actor, &tx, err) < 0 || list_of(tx, actor, input->list_id, &row.list, err) < 0 ||
        store_connection_add(tx, &connection, &row.id, err) < 0 || store_mailbox_add(tx, &row, err) < 0 ||
        (proved && mailbox_proved(tx, &row.id, err) < 0) || mailbox_fresh(tx, &view, &row.id, &fresh, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 201,
                                             .location = str_printf(arena, "/v1/mailboxes/%s", row.id.s),
                                             .body = json_write(&flow_mailbox_shape, &fresh, arena)};
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_mailbox = fresh;
    return 0;
}

/* ---- Changing ---- */

struct changing {
    struct store_mailbox row;
    struct store_connection before, after;
    bool credentials; /* settings or secret are new */
};

static int changing_load(const struct view *view, const struct flow_mailbox_change *change, struct changing *ret,
                         struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct flow_mailbox_new *input = &change->input;
    if (flow_begin(view->flow, view->actor, &tx, err) < 0 ||
        mailbox_load(tx, view, &change->mailbox, false, &ret->row, err) < 0 ||
        store_connection_open(tx, &change->mailbox, view->arena, &ret->before, err) < 0)
        return -1;
    if (ret->row.version != change->version)
        return err_set(err, ERR_STALE, "mailbox");
    if (input->settings.p && !input->secret.p &&
        flow_form_secret_stays(view->flow, &ret->before, input->settings, view->arena, err) < 0)
        return -1;
    ret->after = ret->before;
    ret->credentials = input->settings.p || input->secret.p;
    ret->after.settings = input->settings.p ? input->settings : ret->before.settings;
    ret->after.secret = input->secret.p ? input->secret : ret->before.secret;
    if (input->list_id.p && list_of(tx, view->actor, input->list_id, &ret->row.list, err) < 0)
        return -1;
    return input->excluded.p ? excluded_of(input->excluded, STR_NONE, view->arena, &ret->row.excluded, err) : 0;
}

/* New credentials, once proved; tokens that were granted to another provider or app go. */
static int changing_keep(struct store_tx *tx, const struct view *view, const struct changing *changing,
                         struct flow_parting *parting, struct err *err)
{
    const struct id *id = &changing->row.id;
    if (store_connection_save(tx, &changing->after, err) < 0)
        return -1;
    if (!needs_consent(view->flow, &changing->after, view->arena))
        return mailbox_proved(tx, id, err);
    if (flow_form_same_parties(view->flow, &changing->before, &changing->after, view->arena))
        return 0;
    if (flow_part_begin(tx, id, parting, err) < 0)
        return -1;
    parting->row = changing->before; /* whose provider they go back to */
    return 0;
}

int flow_mailbox_patch(const struct flow *flow, const struct flow_actor *actor,
                       const struct flow_mailbox_change *change, struct arena *arena, struct flow_mailbox *ret_mailbox,
                       struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *secret = arena_new_wiping(LIMIT_ARENA_REQUEST);
    _cleanup_(flow_part_free) struct flow_parting parting = {.arena = NULL};
    const struct view view = {flow, actor, arena}, secretly = {flow, actor, secret};
    struct changing changing = {.credentials = false};
    struct id job;
    struct flow_deed deed = {
        .action = "mailbox.update", .kind = "mailbox", .subject = &change->mailbox, .state = "changed"};
    if (changing_load(&secretly, change, &changing, err) < 0 ||
        (changing.credentials && connection_prove(&secretly, &changing.after, err) < 0) ||
        flow_begin(flow, actor, &tx, err) < 0 || store_mailbox_save(tx, &changing.row, err) < 0 ||
        (changing.credentials && changing_keep(tx, &secretly, &changing, &parting, err) < 0) ||
        flow_mailbox_ask_check(tx, &change->mailbox, &job, err) < 0 ||
        mailbox_fresh(tx, &view, &change->mailbox, ret_mailbox, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    if (parting.arena)
        (void)flow_part_end(flow, actor, &parting);
    return 0;
}

/* Takes back what a service was asked to tell, before the tokens for that are gone. */
static int untell(const struct view *view, const struct id *mailbox, int64_t version, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_mailbox row;
    if (flow_begin(view->flow, view->actor, &tx, err) < 0 || mailbox_load(tx, view, mailbox, true, &row, err) < 0)
        return -1;
    store_rollbackp(&tx);
    if (row.version == version)
        flow_mail_untell(view->flow, &view->actor->org, &row);
    return 0;
}

int flow_mailbox_delete(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, int64_t version,
                        struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(flow_part_free) struct flow_parting parting = {.arena = NULL};
    const struct view view = {flow, actor, arena};
    struct store_mailbox row;
    if (untell(&view, &mailbox, version, err) < 0)
        return -1;
    struct flow_deed deed = {.action = "mailbox.delete", .kind = "mailbox", .subject = &mailbox, .state = "deleted"};
    if (flow_begin(flow, actor, &tx, err) < 0 || mailbox_load(tx, &view, &mailbox, true, &row, err) < 0 ||
        flow_part_begin(tx, &mailbox, &parting, err) < 0 || store_mailbox_delete(tx, &mailbox, version, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    (void)flow_part_end(flow, actor, &parting);
    return 0;
}

/* ---- Acting ---- */

int flow_mailbox_try(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, struct arena *arena,
                     struct flow_connection_test *ret_test, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct err failure = {.code = ERR_NONE};
    struct crm_result result;
    int64_t rests = 0;
    if (flow_crm_open(flow, &actor->org, &mailbox, &crm, err) < 0 ||
        flow_mail_rests(flow, &actor->org, &mailbox, &rests, err) < 0)
        return -1;
    int r = rests > 0 ? err_set(&failure, ERR_CRM_DOWN, "it asks us to wait %lld s", (long long)((rests + 999) / 1000))
                      : crm.connector->test(&crm.lent, crm.arena, &result, &failure);
    if (r == 0)
        r = flow_crm_judge(&result, &failure);
    if (rests == 0)
        flow_mail_note(flow, &actor->org, &mailbox, r < 0 ? &failure : NULL);
    ret_test->ok = r == 0;
    ret_test->steps = flow_test_steps(actor, &failure, true, arena);
    return 0;
}

/* Whether the mailbox is the actor's own. */
static int mailbox_mine(const struct flow *flow, const struct flow_actor *actor, const struct id *mailbox,
                        struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_mailbox row;
    return flow_begin(flow, actor, &tx, err) < 0
               ? -1
               : mailbox_load(tx, &(struct view){flow, actor, arena}, mailbox, false, &row, err);
}

int flow_mailbox_test(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, struct arena *arena,
                      struct flow_mailbox_test *ret_test, struct err *err)
{
    struct flow_connection_test test;
    if (mailbox_mine(flow, actor, &mailbox, err) < 0 || flow_mailbox_try(flow, actor, mailbox, arena, &test, err) < 0)
        return -1;
    ret_test->ok = test.ok;
    ret_test->steps = test.steps;
    return flow_mailbox_get(flow, actor, mailbox, arena, &ret_test->mailbox, err);
}

int flow_mailbox_ask_check(struct store_tx *tx, const struct id *mailbox, struct id *ret_job, struct err *err)
{
    struct store_job_spec spec = {.kind = "mail", .subject = *mailbox, .max_attempts = CHECK_ATTEMPTS, .priority = 2};
    return store_job_add(tx, &spec, ret_job, err);
}

int flow_mailbox_ask_due(struct store_tx *tx, const struct id *mailbox, struct arena *arena, struct id *ret_job,
                         struct err *err)
{
    struct store_connection row;
    if (store_connection_open(tx, mailbox, arena, &row, err) < 0)
        return -1;
    bool waits = str_eq(row.state, STR("reauthorise")) || str_eq(row.state, STR("new"));
    return waits ? 0 : flow_mailbox_ask_check(tx, mailbox, ret_job, err);
}

int flow_mailbox_check(const struct flow *flow, const struct flow_actor *actor, struct id mailbox, struct id *ret_job,
                       struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_mailbox row;
    struct store_job_spec spec = {
        .kind = "mail", .subject = mailbox, .user = actor->user, .max_attempts = CHECK_ATTEMPTS};
    if (flow_begin(flow, actor, &tx, err) < 0 ||
        mailbox_load(tx, &(struct view){flow, actor, arena}, &mailbox, false, &row, err) < 0)
        return -1;
    if (id_none(&row.list))
        return err_set(err, ERR_CONFLICT, "%s",
                       flow_say(actor, "no list is chosen yet", "es ist noch keine Liste gewählt"));
    return store_mailbox_gap(tx, &mailbox, err) < 0 || store_job_add(tx, &spec, ret_job, err) < 0
               ? -1
               : store_commit(&tx, err);
}
