/* Connections: tested before they are kept, healthy by their last real call, secrets never shown; see connect.h. */
#include "flow/connect.h"

#include "base/limits.h"
#include "flow/authorize.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/crm/form.h"
#include "flow/crm/parting.h"
#include "flow/crm/policy.h"
#include "flow/idempotency.h"
#include "flow/jobs.h"
#include "flow/work/pulling.h"

/* ---- Connectors ---- */

static struct json_list grant_words(unsigned grants, struct arena *arena)
{
    struct str *words = arena_array(arena, 8 * sizeof grants, sizeof *words);
    struct json_list list = {words, 0};
    for (size_t i = 0; crm_grant_words[i]; i++)
        if (grants & 1U << i)
            words[list.n++] = str_c(crm_grant_words[i]);
    return list;
}

static struct json_list offers_of(const struct crm_form_field *field, struct arena *arena)
{
    enum { MOST = 4 };
    struct str rest = str_c(field->address ? field->address->offers : NULL);
    struct str *words = arena_array(arena, MOST, sizeof *words);
    struct json_list list = {words, 0};
    while (list.n < MOST && str_split(&rest, ' ', &words[list.n]))
        list.n++;
    return list;
}

static struct flow_connector_oauth *oauth_of(const struct flow *flow, const struct crm_oauth *oauth,
                                             struct arena *arena)
{
    struct flow_connector_oauth *about = arena_one(arena, struct flow_connector_oauth);
    struct flow_scope *scopes = arena_array(arena, oauth->n_scopes, sizeof *scopes);
    about->callback = flow_callback_url(flow, arena);
    about->grants = grant_words(oauth->grants, arena);
    for (size_t i = 0; i < oauth->n_scopes; i++)
        scopes[i] = (struct flow_scope){str_c(oauth->scopes[i].name), str_c(oauth->scopes[i].reason), false};
    about->scopes = (struct json_list){scopes, oauth->n_scopes};
    return about;
}

struct flow_connector flow_connector_view(const struct flow *flow, const struct crm_connector *connector,
                                          struct arena *arena)
{
    const struct crm_form inputs = flow_form_of(connector, arena);
    const struct crm_reversal *create = &connector->reversal[CRM_ACTION_CREATE];
    const struct crm_reversal *update = &connector->reversal[CRM_ACTION_UPDATE];
    struct flow_form_field *form = arena_array(arena, inputs.n, sizeof *form);
    struct str *fields = arena_array(arena, connector->map.n, sizeof *fields);
    for (size_t i = 0; i < inputs.n; i++) {
        const struct crm_form_field *field = &inputs.fields[i];
        form[i] = (struct flow_form_field){.name = str_c(field->name),
                                           .kind = str_c(field->type),
                                           .label_key = str_c(field->label),
                                           .preset = str_c(field->preset),
                                           .offers = offers_of(field, arena),
                                           .grants = grant_words(field->grants, arena),
                                           .required = field->required,
                                           .secret = field->secret};
    }
    for (size_t i = 0; i < connector->map.n; i++)
        fields[i] = str_c(connector->map.rows[i].field);
    return (struct flow_connector){.kind = str_c(connector->kind),
                                   .name = str_c(connector->name),
                                   .form = {form, inputs.n},
                                   .undo_create = str_c(crm_reversible_words[create->how]),
                                   .undo_create_key = str_c(create->sentence),
                                   .undo_update = str_c(crm_reversible_words[update->how]),
                                   .undo_update_key = str_c(update->sentence),
                                   .fields = {fields, connector->map.n},
                                   .oauth = connector->oauth ? oauth_of(flow, connector->oauth, arena) : NULL};
}

int flow_connector_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                        struct flow_list *ret_list, struct err *err)
{
    const struct crm_connector *const *all = flow_connectors(flow);
    size_t n = 0;
    (void)actor, (void)err;
    while (all[n])
        n++;
    struct flow_connector *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = flow_connector_view(flow, all[i], arena);
    *ret_list = (struct flow_list){{items, n}, STR_NONE};
    return 0;
}

/* ---- Looking ---- */

enum health { HEALTH_OK, HEALTH_REAUTHORISE, HEALTH_DOWN, HEALTH_QUOTA, HEALTH_UNKNOWN, HEALTH_CONSENT };

static bool nobody_consented(const struct flow_authorization *authorization)
{
    return authorization && strcmp(flow_authorization_words[authorization->state], "needed") == 0;
}

static struct flow_health health_of(const struct flow_actor *actor, const struct store_connection *row,
                                    const struct flow_authorization *authorization, struct arena *arena)
{
    struct flow_problem *problem = flow_problem_of(actor, row->problem, row->param, arena);
    struct flow_health health = {.state = HEALTH_UNKNOWN, .last_ok_at = flow_time_text(row->ok_at, arena)};
    if (str_eq(row->state, STR("ok")))
        health.state = HEALTH_OK;
    else if (str_eq(row->state, STR("reauthorise")))
        health.state = HEALTH_REAUTHORISE;
    else if (str_eq(row->state, STR("down")))
        health.state = str_eq(row->problem, str_c(err_slug(ERR_CRM_QUOTA))) ? HEALTH_QUOTA : HEALTH_DOWN;
    if (nobody_consented(authorization)) {
        health.state = HEALTH_CONSENT;
        health.sentence = str_c(flow_say(actor, "Not connected yet: an administrator has to allow access at the CRM.",
                                         "Noch nicht verbunden: Ein Administrator muss den Zugriff im CRM erlauben."));
    } else if (problem)
        health.sentence = problem->detail;
    else if (health.state == HEALTH_OK)
        health.sentence =
            str_c(flow_say(actor, "Connected; the last call worked.", "Verbunden; der letzte Aufruf gelang."));
    else
        health.sentence = str_c(flow_say(actor, "Not called yet.", "Noch nicht aufgerufen."));
    return health;
}

/* Who looks, and where the answer lives. */
struct view {
    const struct flow *flow;
    const struct flow_actor *actor;
    struct arena *arena;
};

static struct flow_connection connection_of(const struct view *view, const struct store_connection *row,
                                            struct flow_authorization *authorization)
{
    const struct flow_actor *actor = view->actor;
    struct arena *arena = view->arena;
    const struct crm_connector *connector = flow_connector_find(view->flow, row->kind);
    struct err ignored;
    bool administers = flow_may(view->flow, actor, "connection", "update", &ignored) == 0;
    return (struct flow_connection){
        .id = flow_id_text(&row->id, arena),
        .kind = row->kind,
        .name = row->name,
        .settings = administers ? row->settings : STR_NONE,
        .health = health_of(actor, row, authorization, arena),
        .authorization = administers ? authorization : NULL,
        .pulled_at = flow_time_text(row->pulled_at, arena),
        .pulling = flow_pulling_of(row->cursor, arena),
        .records = row->records,
        .policy = flow_policy_of(row->policy),
        .can_merge = connector && connector->merge,
        .native_merge = row->native_merge,
        .mapping_version = row->mapping,
        .mapping_warnings = row->warnings,
        .tested_at = flow_time_text(row->tested_at, arena),
        .created_at = flow_time_text(row->created_at, arena),
        .version = row->version,
    };
}

int flow_connection_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                         struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_connection_list(tx, arena, &rows, err) < 0)
        return -1;
    struct flow_connection *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_connection *row = (const struct store_connection *)rows.items + i;
        struct flow_authorization *authorization;
        if (flow_authorization_of(tx, flow, row, arena, &authorization, err) < 0)
            return -1;
        items[i] = connection_of(&(struct view){flow, actor, arena}, row, authorization);
    }
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

static int connection_fresh(struct store_tx *tx, const struct view *view, const struct id *id,
                            struct flow_connection *ret, struct err *err)
{
    struct store_connection row;
    struct flow_authorization *authorization;
    if (store_connection_get(tx, id, view->arena, &row, err) < 0 ||
        flow_authorization_of(tx, view->flow, &row, view->arena, &authorization, err) < 0)
        return -1;
    *ret = connection_of(view, &row, authorization);
    return 0;
}

int flow_connection_get(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                        struct arena *arena, struct flow_connection *ret_connection, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    return connection_fresh(tx, &(struct view){flow, actor, arena}, &connection, ret_connection, err);
}

/* ---- Connecting ---- */

/* Asks the server itself, so that nothing is kept that does not work. */
static int connection_prove(const struct flow *flow, const struct flow_actor *actor, const struct store_connection *row,
                            struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct crm_result result;
    if (flow_crm_try(flow, &actor->org, row, &crm, err) < 0 ||
        crm.connector->test(&crm.lent, crm.arena, &result, err) < 0)
        return -1;
    return flow_crm_judge(&result, err);
}

/* With a grant to come, or one that is over, there is nothing yet to ask with. */
static enum flow_way way_of(const struct flow *flow, const struct store_connection *row, struct arena *arena)
{
    const struct crm_connector *connector = flow_connector_find(flow, row->kind);
    return connector ? flow_way_of(connector, row->settings, arena) : FLOW_WAY_PLAIN;
}

/* It works: health, and a pull. */
static int connection_proved(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct err *err)
{
    struct id job;
    return store_connection_health(tx, id, "ok", NULL, NULL, err) < 0
               ? -1
               : flow_connection_ask_pull(tx, actor, id, &job, err);
}

int flow_connection_create(const struct flow *flow, const struct flow_actor *actor,
                           const struct flow_connection_new *input, struct arena *arena,
                           struct flow_connection *ret_connection, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_connection row = {
        .kind = input->kind, .name = input->name, .settings = input->settings, .secret = input->secret};
    int policy = input->policy >= 0             ? input->policy
                 : flow_book_keeps(input->kind) ? FLOW_POLICY_CONFIRM
                                                : FLOW_POLICY_READ;
    row.policy = str_c(flow_policy_words[policy]);
    const struct view view = {flow, actor, arena};
    struct flow_connection fresh;
    struct id id;
    struct flow_deed deed = {.action = "connection.create", .kind = "connection", .subject = &id};
    if (flow_may(flow, actor, "connection", "create", err) < 0 || flow_form_need_crm(row.kind, err) < 0 ||
        flow_form_check(flow, &row, arena, err) < 0)
        return -1;
    bool proved = way_of(flow, &row, arena) != FLOW_WAY_CODE;
    if ((proved && connection_prove(flow, actor, &row, err) < 0) || flow_begin(flow, actor, &tx, err) < 0 ||
        store_connection_add(tx, &row, &id, err) < 0 || (proved && connection_proved(tx, actor, &id, err) < 0) ||
        connection_fresh(tx, &view, &id, &fresh, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 201,
                                             .location = str_printf(arena, "/v1/connections/%s", id.s),
                                             .body = json_write(&flow_connection_shape, &fresh, arena)};
    deed.state = proved ? "ok" : "new";
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_connection = fresh;
    return 0;
}

/* ---- Changing ---- */

struct changing {
    struct store_connection before, after;
    bool regrant; /* tokens of before do not serve after */
    bool prove;
    bool ended; /* and stays so until somebody connects again */
};

/* The connection as it would be after the change, with its present secret where none is given. */
static int connection_changed(const struct view *view, const struct flow_connection_change *change,
                              struct changing *ret, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_tokens tokens = {.ended = false};
    struct store_connection row;
    struct err why;
    if (flow_begin(view->flow, view->actor, &tx, err) < 0 ||
        store_connection_open(tx, &change->connection, view->arena, &row, err) < 0 ||
        flow_form_need_crm(row.kind, err) < 0)
        return -1;
    *ret = (struct changing){.before = row};
    if (row.version != change->version)
        return err_set(err, ERR_STALE, "connection");
    if (change->input.settings.p && !change->input.secret.p &&
        flow_form_secret_stays(view->flow, &row, change->input.settings, view->arena, err) < 0)
        return -1;
    if (change->input.name.p)
        row.name = change->input.name;
    if (change->input.settings.p)
        row.settings = change->input.settings;
    if (change->input.secret.p)
        row.secret = change->input.secret;
    if (store_tokens_get(tx, &row.id, view->arena, &tokens, &why) < 0 && why.code != ERR_NOT_FOUND) {
        *err = why;
        return -1;
    }
    if (flow_form_check(view->flow, &row, view->arena, err) < 0)
        return -1;
    ret->after = row;
    ret->regrant = !flow_form_same_parties(view->flow, &ret->before, &ret->after, view->arena);
    ret->ended = tokens.ended && !ret->regrant;
    ret->prove = way_of(view->flow, &row, view->arena) != FLOW_WAY_CODE || (tokens.access.p && !ret->regrant);
    return 0;
}

/* Once saved: tokens go where they serve no longer, and an app's own so that a new secret is used at once. */
static int connection_regrant(struct store_tx *tx, const struct view *view, const struct changing *changing,
                              struct flow_parting *ret_parting, struct err *err)
{
    const struct err over = {.code = ERR_CRM_REAUTHORISE};
    if (changing->ended && !changing->prove)
        return store_connection_health(tx, &changing->after.id, "reauthorise", &over, NULL, err);
    if (!changing->regrant && way_of(view->flow, &changing->after, view->arena) != FLOW_WAY_APP)
        return 0;
    if (flow_part_begin(tx, &changing->before.id, ret_parting, err) < 0)
        return -1;
    ret_parting->row = changing->before; /* whose provider they go back to */
    return 0;
}

int flow_connection_patch(const struct flow *flow, const struct flow_actor *actor,
                          const struct flow_connection_change *change, struct arena *arena,
                          struct flow_connection *ret_connection, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *secret = arena_new_wiping(LIMIT_ARENA_REQUEST);
    _cleanup_(flow_part_free) struct flow_parting parting = {.arena = NULL};
    const struct view view = {flow, actor, arena}, secretly = {flow, actor, secret};
    struct changing changing;
    struct flow_deed deed = {.action = "connection.update", .kind = "connection", .subject = &change->connection};
    if (flow_may(flow, actor, "connection", "update", err) < 0 ||
        connection_changed(&secretly, change, &changing, err) < 0)
        return -1;
    const struct id *id = &changing.after.id;
    if ((changing.prove && connection_prove(flow, actor, &changing.after, err) < 0) ||
        flow_begin(flow, actor, &tx, err) < 0 || store_connection_save(tx, &changing.after, err) < 0 ||
        connection_regrant(tx, &secretly, &changing, &parting, err) < 0)
        return -1;
    if (changing.prove && (connection_proved(tx, actor, id, err) < 0 || flow_connection_resume(tx, actor, id, err) < 0))
        return -1;
    if (connection_fresh(tx, &view, id, ret_connection, err) < 0)
        return -1;
    deed.state = flow_health_words[ret_connection->health.state];
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    if (parting.arena)
        (void)flow_part_end(flow, actor, &parting);
    return 0;
}

int flow_connection_policy(const struct flow *flow, const struct flow_actor *actor,
                           const struct flow_connection_change *change, struct arena *arena,
                           struct flow_connection *ret_connection, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const char *word = flow_policy_words[change->input.policy];
    const struct flow_deed deed = {.action = "connection.policy",
                                   .kind = "connection",
                                   .subject = &change->connection,
                                   .state = "policy",
                                   .note = word};
    if (flow_may(flow, actor, "connection", "policy", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_connection_policy(tx, &change->connection, change->version, str_c(word), change->input.native_merge,
                                err) < 0 ||
        connection_fresh(tx, &(struct view){flow, actor, arena}, &change->connection, ret_connection, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_connection_delete(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                           int64_t version, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(flow_part_free) struct flow_parting parting = {.arena = NULL};
    struct flow_deed deed = {
        .action = "connection.delete", .kind = "connection", .subject = &connection, .state = "deleted"};
    if (flow_may(flow, actor, "connection", "delete", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        flow_part_begin(tx, &connection, &parting, err) < 0 || flow_form_need_crm(parting.row.kind, err) < 0)
        return -1;
    if (str_eq(parting.row.kind, STR(FLOW_BOOK_KIND)))
        return err_set(err, ERR_CONFLICT, "%s",
                       flow_say(actor, "the built-in address book belongs to Kartei and stays",
                                "das eingebaute Adressbuch gehört zu Kartei und bleibt"));
    if (store_connection_delete(tx, &connection, version, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    (void)flow_part_end(flow, actor, &parting);
    return 0;
}

int flow_connection_pull(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                         struct id *ret_job, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_connection row;
    if (flow_may(flow, actor, "connection", "pull", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_connection_get(tx, &connection, arena, &row, err) < 0 ||
        flow_connection_ask_pull(tx, actor, &connection, ret_job, err) < 0)
        return -1;
    return store_commit(&tx, err);
}
