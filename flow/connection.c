/* Connections: tested before they are kept, healthy by their last real call, secrets never shown; see connect.h. */
#include "flow/connect.h"

#include "base/limits.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/idempotency.h"
#include "flow/jobs.h"
#include "flow/states.h"
#include "flow/write.h"
#include "store/job.h"
#include "store/write_back.h"

enum { PULL_ATTEMPTS = 5 };

/* ---- Connectors ---- */

static struct flow_connector connector_of(const struct crm_connector *connector, struct arena *arena)
{
    const struct crm_reversal *create = &connector->reversal[CRM_ACTION_CREATE];
    const struct crm_reversal *update = &connector->reversal[CRM_ACTION_UPDATE];
    struct flow_form_field *form = arena_array(arena, connector->form.n, sizeof *form);
    struct str *fields = arena_array(arena, connector->map.n, sizeof *fields);
    for (size_t i = 0; i < connector->form.n; i++) {
        const struct crm_form_field *field = &connector->form.fields[i];
        form[i] = (struct flow_form_field){.name = str_c(field->name),
                                           .kind = str_c(field->type),
                                           .label_key = str_c(field->label),
                                           .preset = str_c(field->preset),
                                           .required = field->required,
                                           .secret = field->secret};
    }
    for (size_t i = 0; i < connector->map.n; i++)
        fields[i] = str_c(connector->map.rows[i].field);
    return (struct flow_connector){.kind = str_c(connector->kind),
                                   .name = str_c(connector->name),
                                   .form = {form, connector->form.n},
                                   .undo_create = str_c(crm_reversible_words[create->how]),
                                   .undo_create_key = str_c(create->sentence),
                                   .undo_update = str_c(crm_reversible_words[update->how]),
                                   .undo_update_key = str_c(update->sentence),
                                   .fields = {fields, connector->map.n}};
}

int flow_connector_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                        struct flow_list *ret_list, struct err *err)
{
    const struct crm_connector *const *all = flow->connectors ? flow->connectors : crm_connectors;
    size_t n = 0;
    (void)actor, (void)err;
    while (all[n])
        n++;
    struct flow_connector *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = connector_of(all[i], arena);
    *ret_list = (struct flow_list){{items, n}, STR_NONE};
    return 0;
}

/* ---- Looking ---- */

enum health { HEALTH_OK, HEALTH_REAUTHORISE, HEALTH_DOWN, HEALTH_QUOTA, HEALTH_UNKNOWN };

static struct flow_health health_of(const struct flow_actor *actor, const struct store_connection *row,
                                    struct arena *arena)
{
    struct flow_problem *problem = flow_problem_of(actor, row->problem, row->param, arena);
    struct flow_health health = {.state = HEALTH_UNKNOWN, .last_ok_at = flow_time_text(row->ok_at, arena)};
    if (str_eq(row->state, STR("ok")))
        health.state = HEALTH_OK;
    else if (str_eq(row->state, STR("reauthorise")))
        health.state = HEALTH_REAUTHORISE;
    else if (str_eq(row->state, STR("down")))
        health.state = str_eq(row->problem, str_c(err_slug(ERR_CRM_QUOTA))) ? HEALTH_QUOTA : HEALTH_DOWN;
    if (problem)
        health.sentence = problem->detail;
    else if (health.state == HEALTH_OK)
        health.sentence =
            str_c(flow_say(actor, "Connected; the last call worked.", "Verbunden; der letzte Aufruf gelang."));
    else
        health.sentence = str_c(flow_say(actor, "Not called yet.", "Noch nicht aufgerufen."));
    return health;
}

static struct flow_connection connection_of(const struct flow_actor *actor, const struct store_connection *row,
                                            struct arena *arena)
{
    return (struct flow_connection){
        .id = flow_id_text(&row->id, arena),
        .kind = row->kind,
        .name = row->name,
        .settings = actor->admin ? row->settings : STR_NONE,
        .health = health_of(actor, row, arena),
        .pulled_at = flow_time_text(row->pulled_at, arena),
        .records = row->records,
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
    for (size_t i = 0; i < rows.n; i++)
        items[i] = connection_of(actor, (const struct store_connection *)rows.items + i, arena);
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

static int connection_fresh(struct store_tx *tx, const struct flow_actor *actor, const struct id *id,
                            struct arena *arena, struct flow_connection *ret, struct err *err)
{
    struct store_connection row;
    if (store_connection_get(tx, id, arena, &row, err) < 0)
        return -1;
    *ret = connection_of(actor, &row, arena);
    return 0;
}

int flow_connection_get(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                        struct arena *arena, struct flow_connection *ret_connection, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    return connection_fresh(tx, actor, &connection, arena, ret_connection, err);
}

/* ---- The form ---- */

/* The object with only the form's fields of one side (plain or secret): required ones are there, others are refused. */
static int form_side(const struct crm_form *form, bool secret, struct str given, struct arena *arena,
                     struct str *ret_json, struct err *err)
{
    const char *side = secret ? "secret" : "settings", *comma = "";
    struct strbuf out = {.arena = arena};
    struct str object = given.p ? given : STR("{}"), value, clean, whole;
    strbuf_add_char(&out, '{');
    for (size_t i = 0; i < form->n; i++) {
        const struct crm_form_field *field = &form->fields[i];
        if (field->secret != secret)
            continue;
        if (json_member(object, field->name, arena, &value, err) < 0)
            return err_field(err, ERR_INVALID, str_z(arena, str_printf(arena, "/%s", side)), "an object is expected");
        if (field->required && (!value.p || str_eq(value, STR("\"\""))))
            return err_field(err, ERR_INVALID, str_z(arena, str_printf(arena, "/%s/%s", side, field->name)),
                             "this field is required");
        strbuf_printf(&out, "%s\"%s\":%.*s", comma, field->name, STR_ARG(value.p ? value : STR("null")));
        comma = ",";
    }
    strbuf_add_char(&out, '}');
    struct str patched;
    if (json_merge_patch(STR("{}"), strbuf_str(&out), arena, &patched, err) < 0 ||
        json_canonical(patched, arena, &clean, err) < 0 ||
        json_merge_patch(STR("{}"), object, arena, &patched, err) < 0 ||
        json_canonical(patched, arena, &whole, err) < 0)
        return -1;
    if (!str_eq(clean, whole))
        return err_field(err, ERR_INVALID, secret ? "/secret" : "/settings", "unknown field");
    *ret_json = clean;
    return 0;
}

/* Settings and secret of `row` by the form of its kind. */
static int form_check(const struct flow *flow, struct store_connection *row, struct arena *arena, struct err *err)
{
    const struct crm_connector *connector = flow_connector_find(flow, row->kind);
    if (!connector)
        return err_field(err, ERR_INVALID, "/kind", "unknown kind of CRM");
    if (str_empty(str_trim(row->name)))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    return form_side(&connector->form, false, row->settings, arena, &row->settings, err) < 0
               ? -1
               : form_side(&connector->form, true, row->secret, arena, &row->secret, err);
}

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

static int connection_ask_pull(struct store_tx *tx, const struct flow_actor *actor, const struct id *connection,
                               struct id *ret_job, struct err *err)
{
    struct store_job_spec spec = {
        .kind = "pull", .subject = *connection, .user = actor->user, .max_attempts = PULL_ATTEMPTS, .priority = 5};
    return store_job_add(tx, &spec, ret_job, err);
}

int flow_connection_create(const struct flow *flow, const struct flow_actor *actor,
                           const struct flow_connection_new *input, struct arena *arena,
                           struct flow_connection *ret_connection, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_connection row = {
        .kind = input->kind, .name = input->name, .settings = input->settings, .secret = input->secret};
    struct flow_connection fresh;
    struct id id, job;
    struct flow_deed deed = {.action = "connection.create", .kind = "connection", .subject = &id, .state = "ok"};
    if (flow_need_admin(actor, err) < 0 || form_check(flow, &row, arena, err) < 0 ||
        connection_prove(flow, actor, &row, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_connection_add(tx, &row, &id, err) < 0 || store_connection_health(tx, &id, "ok", NULL, err) < 0 ||
        connection_ask_pull(tx, actor, &id, &job, err) < 0 || connection_fresh(tx, actor, &id, arena, &fresh, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 201,
                                             .location = str_printf(arena, "/v1/connections/%s", id.s),
                                             .body = json_write(&flow_connection_shape, &fresh, arena)};
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_connection = fresh;
    return 0;
}

/* ---- Changing ---- */

/* What waited for this connection is due again. */
static int connection_resume(struct store_tx *tx, const struct flow_actor *actor, const struct id *connection,
                             struct arena *arena, struct err *err)
{
    struct store_write_back_filter filter = {.state = str_c(flow_write_back_words[FLOW_WRITE_BACK_waiting])};
    struct store_page page = {.limit = LIMIT_PAGE};
    struct json_list rows;
    struct id job;
    do {
        if (store_write_back_list(tx, &filter, &page, arena, &rows, err) < 0)
            return -1;
        for (size_t i = 0; i < rows.n; i++) {
            const struct store_write_back *row = (const struct store_write_back *)rows.items + i;
            struct store_job_spec spec = {
                .kind = "write", .subject = row->id, .user = actor->user, .max_attempts = FLOW_WRITE_ATTEMPTS};
            page.before = row->id;
            if (id_eq(&row->connection, connection) && store_job_add(tx, &spec, &job, err) < 0)
                return -1;
        }
    } while (rows.n == LIMIT_PAGE);
    return 0;
}

/* Stored secrets go nowhere new: another address needs them again. `row` is as stored, `settings` what is asked for. */
static int secret_stays(const struct flow *flow, const struct store_connection *row, struct str settings,
                        struct arena *arena, struct err *err)
{
    const struct crm_connector *connector = flow_connector_find(flow, row->kind);
    const char *secret = NULL;
    struct str was, now;
    for (size_t i = 0; connector && i < connector->form.n; i++)
        if (connector->form.fields[i].secret && !secret)
            secret = connector->form.fields[i].name;
    for (size_t i = 0; secret && i < connector->form.n; i++) {
        const struct crm_form_field *field = &connector->form.fields[i];
        if (strcmp(field->type, "url") != 0)
            continue;
        if (json_member(row->settings, field->name, arena, &was, err) < 0 ||
            json_member(settings, field->name, arena, &now, err) < 0)
            return err_field(err, ERR_INVALID, "/settings", "an object is expected");
        if (!str_eq(was, now))
            return err_field(err, ERR_INVALID, str_z(arena, str_printf(arena, "/secret/%s", secret)),
                             "a new address needs it again");
    }
    return 0;
}

/* The connection as it would be after the change, with its present secret where none is given. */
static int connection_changed(const struct flow *flow, const struct flow_actor *actor,
                              const struct flow_connection_change *change, struct arena *arena,
                              struct store_connection *ret_row, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_connection row;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_connection_open(tx, &change->connection, arena, &row, err) < 0)
        return -1;
    if (row.version != change->version)
        return err_set(err, ERR_STALE, "connection");
    if (change->input.settings.p && !change->input.secret.p &&
        secret_stays(flow, &row, change->input.settings, arena, err) < 0)
        return -1;
    if (change->input.name.p)
        row.name = change->input.name;
    if (change->input.settings.p)
        row.settings = change->input.settings;
    if (change->input.secret.p)
        row.secret = change->input.secret;
    *ret_row = row;
    return form_check(flow, ret_row, arena, err);
}

int flow_connection_patch(const struct flow *flow, const struct flow_actor *actor,
                          const struct flow_connection_change *change, struct arena *arena,
                          struct flow_connection *ret_connection, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *secret = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct store_connection row;
    struct id job;
    struct flow_deed deed = {
        .action = "connection.update", .kind = "connection", .subject = &change->connection, .state = "ok"};
    if (flow_need_admin(actor, err) < 0 || connection_changed(flow, actor, change, secret, &row, err) < 0 ||
        connection_prove(flow, actor, &row, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_connection_save(tx, &row, err) < 0 || store_connection_health(tx, &row.id, "ok", NULL, err) < 0 ||
        connection_resume(tx, actor, &row.id, arena, err) < 0 ||
        connection_ask_pull(tx, actor, &row.id, &job, err) < 0 ||
        connection_fresh(tx, actor, &row.id, arena, ret_connection, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_connection_delete(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                           int64_t version, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {
        .action = "connection.delete", .kind = "connection", .subject = &connection, .state = "deleted"};
    if (flow_need_admin(actor, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_connection_delete(tx, &connection, version, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_connection_pull(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                         struct id *ret_job, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_connection row;
    if (flow_need_admin(actor, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_connection_get(tx, &connection, arena, &row, err) < 0 ||
        connection_ask_pull(tx, actor, &connection, ret_job, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

/* ---- Testing ---- */

/* How far a test came: each step needs the ones before it. */
enum reached { REACHED_NOTHING, REACHED_ADDRESS, REACHED_SERVER, REACHED_ACCOUNT, REACHED_ALL };

static enum reached test_reached(const struct err *failure)
{
    switch ((int)failure->code) {
    case ERR_NONE:
        return REACHED_ALL;
    case ERR_INVALID:
    case ERR_HOST_REFUSED:
        return REACHED_NOTHING;
    case ERR_CRM_REAUTHORISE:
        return REACHED_SERVER;
    case ERR_CRM_REFUSED:
        return REACHED_ACCOUNT;
    default:
        return REACHED_ADDRESS;
    }
}

static struct json_list test_steps(const struct flow_actor *actor, const struct err *failure, struct arena *arena)
{
    static const struct {
        enum reached needs;
        const char *name, *en, *de;
    } rows[] = {
        {REACHED_ADDRESS, "address", "The address may be contacted.", "Die Adresse darf angesprochen werden."},
        {REACHED_SERVER, "reach", "The server answers.", "Der Server antwortet."},
        {REACHED_ACCOUNT, "sign-in", "The credentials are accepted.", "Die Zugangsdaten werden angenommen."},
        {REACHED_ALL, "read", "Contacts can be read.", "Kontakte lassen sich lesen."},
    };
    enum reached reached = test_reached(failure);
    struct flow_test_step *steps = arena_array(arena, ARRAY_LEN(rows), sizeof *steps);
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bool ok = reached >= rows[i].needs;
        steps[n++] = (struct flow_test_step){.name = str_c(rows[i].name),
                                             .ok = ok,
                                             .sentence = ok ? str_c(flow_say(actor, rows[i].en, rows[i].de))
                                                            : err_sentence(failure, actor->language, arena)};
        if (!ok)
            break;
    }
    return (struct json_list){steps, n};
}

int flow_connection_test(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                         struct arena *arena, struct flow_connection_test *ret_test, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct err failure = {.code = ERR_NONE};
    struct crm_result result;
    if (flow_need_admin(actor, err) < 0 || flow_crm_open(flow, &actor->org, &connection, &crm, err) < 0)
        return -1;
    int r = crm.connector->test(&crm.lent, crm.arena, &result, &failure);
    flow_crm_note(&crm, &result, r < 0 ? &failure : NULL);
    if (r == 0)
        r = flow_crm_judge(&result, &failure);
    ret_test->ok = r == 0;
    ret_test->steps = test_steps(actor, &failure, arena);
    return flow_connection_get(flow, actor, connection, arena, &ret_test->connection, err);
}
