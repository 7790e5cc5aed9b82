/* Field mappings of a connection; see flow/mapping.h. */
#include "flow/mapping.h"

#include "base/limits.h"
#include "flow/common.h"
#include "flow/crm/fields.h"
#include "flow/crm/parting.h"
#include "flow/idempotency.h"
#include "store/contact.h"
#include "store/crm/mapping.h"
#include "store/people.h"

#include "crm-connectors/mapping/ours.h"

enum { SAMPLES = 3, NEWEST = 20 };

/* Who looks, at which connection, and where the answer lives. */
struct view {
    const struct flow *flow;
    const struct flow_actor *actor;
    const char *action; /* of the rights on a mapping */
    const struct crm_connector *connector;
    struct store_connection row;
    struct store_tx *tx;
    struct arena *arena;
};

static int view_open(struct view *view, const struct id *connection, struct err *err)
{
    if (flow_may(view->flow, view->actor, "mapping", view->action, err) < 0 ||
        flow_begin(view->flow, view->actor, &view->tx, err) < 0 ||
        store_connection_get(view->tx, connection, view->arena, &view->row, err) < 0)
        return -1;
    view->connector = flow_connector_find(view->flow, view->row.kind);
    return view->connector ? 0 : err_set(err, ERR_NOT_FOUND, "%s", "connector");
}

static void view_close(struct view *view)
{
    store_rollbackp(&view->tx);
}

/* The active version. */
static int active_of(const struct view *view, struct flow_mapping_kept *ret_kept, struct err *err)
{
    const struct flow_mapping_at at = {view->connector, view->row.id, view->row.mapping};
    return flow_mapping_load(view->tx, &at, view->arena, ret_kept, err);
}

/* ---- What is shown ---- */

static struct json_list findings_of(const struct view *view, const struct crm_judging *judging)
{
    struct json_list found = crm_mapping_check(judging, view->arena);
    const struct crm_finding *all = found.items;
    struct flow_finding *findings = arena_array(view->arena, found.n + 1, sizeof *findings);
    for (size_t i = 0; i < found.n; i++)
        findings[i] = (struct flow_finding){.error = all[i].error,
                                            .ours = all[i].ours,
                                            .theirs = all[i].theirs,
                                            .sentence = flow_finding_sentence(view->actor, &all[i], view->arena)};
    return (struct json_list){findings, found.n};
}

static int author_of(const struct view *view, const struct id *user, struct str *ret_name, struct err *err)
{
    struct store_user row;
    if (id_none(user))
        return 0;
    if (store_user_get(view->tx, user, view->arena, &row, err) < 0)
        return -1;
    *ret_name = str_empty(row.name) ? row.email : row.name;
    return 0;
}

/* Samples of the newest contacts, for the table of places. */
static int samples_of(const struct view *view, struct json_list *ret_contacts, struct err *err)
{
    const struct store_contact_filter filter = {.user = flow_only(view->actor)};
    const struct store_page page = {.limit = NEWEST};
    return store_contact_list(view->tx, &filter, &page, view->arena, ret_contacts, err);
}

static struct json_list samples_for(const struct view *view, const struct crm_ours *ours,
                                    const struct json_list *contacts)
{
    const struct store_contact *all = contacts->items;
    struct str *samples = arena_array(view->arena, SAMPLES, sizeof *samples);
    size_t n = 0;
    for (size_t i = 0; i < contacts->n && n < SAMPLES; i++) {
        struct json_list texts = crm_ours_texts(ours, &all[i].contact, view->arena);
        if (texts.n > 0)
            samples[n++] = *(const struct str *)texts.items;
    }
    return (struct json_list){samples, n};
}

static int places_of(const struct view *view, struct json_list *ret_places, struct err *err)
{
    const struct crm_map_list *map = &view->connector->map;
    struct flow_place *places = arena_array(view->arena, crm_ours_count + map->n, sizeof *places);
    struct json_list contacts;
    size_t n = 0;
    if (samples_of(view, &contacts, err) < 0)
        return -1;
    for (size_t i = 0; view->connector->slots && i < crm_ours_count; i++)
        places[n++] =
            (struct flow_place){str_c(crm_ours[i].name), STR_NONE, samples_for(view, &crm_ours[i], &contacts)};
    for (size_t i = 0; !view->connector->slots && i < map->n; i++) {
        /* Where places are fixed, a whole field is one: its first values show what it is. */
        const struct crm_ours *ours = &crm_ours[0];
        while (strcmp(crm_ours_field(ours), map->rows[i].field) != 0)
            ours++;
        struct crm_ours any = *ours;
        any.slot.kind = -1;
        places[n++] = (struct flow_place){str_c(map->rows[i].field), str_c(map->rows[i].remote),
                                          samples_for(view, &any, &contacts)};
    }
    *ret_places = (struct json_list){places, n};
    return 0;
}

/* `fields`: as they are now; NULL = as they were described when it was kept. */
static int draft_of(const struct view *view, const struct json_list *fields, struct flow_mapping_version **ret_draft,
                    struct err *err)
{
    struct store_mapping row;
    struct json_list then = {NULL, 0};
    struct flow_mapping_version *draft = arena_one(view->arena, struct flow_mapping_version);
    *ret_draft = NULL;
    if (store_mapping_draft(view->tx, &view->row.id, view->arena, &row, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    *draft = (struct flow_mapping_version){.at = flow_time_text(row.at, view->arena)};
    if (json_read(&crm_mapping_doc_shape, row.doc, view->arena, &draft->mapping, err) < 0 ||
        author_of(view, &row.user, &draft->by, err) < 0)
        return -1;
    if (row.fields.p && flow_fields_read(row.fields, view->arena, &then, err) < 0)
        return -1;
    const struct crm_judging judging = {view->connector, &draft->mapping, fields ? *fields : then, {NULL, 0}};
    if (fields || row.fields.p)
        draft->findings = findings_of(view, &judging);
    *ret_draft = draft;
    return 0;
}

static int mapping_of(const struct view *view, const struct json_list *fields, struct flow_mapping *ret,
                      struct err *err)
{
    struct flow_mapping_kept active;
    struct arena *arena = view->arena;
    if (active_of(view, &active, err) < 0)
        return -1;
    const struct crm_judging judging = {view->connector, &active.doc, active.now, active.then};
    struct flow_mapping mapping = {
        .connection_id = flow_id_text(&view->row.id, arena),
        .active = {.version = view->row.mapping, .at = flow_time_text(active.at, arena), .mapping = active.doc},
        .fixed = !view->connector->slots,
        .constants = view->connector->constants,
        .company = str_c(view->connector->company),
        .checked_at = flow_time_text(active.checked_at, arena),
        .version = view->row.mapping_revision,
    };
    if (active.checked_at)
        mapping.active.findings = findings_of(view, &judging);
    if (author_of(view, &active.user, &mapping.active.by, err) < 0 || draft_of(view, fields, &mapping.draft, err) < 0 ||
        places_of(view, &mapping.places, err) < 0)
        return -1;
    *ret = mapping;
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct crm_field *)a)->name, ((const struct crm_field *)b)->name);
}

/* The CRM's fields as they are now, in the caller's arena. */
static int fields_now(const struct view *view, struct json_list *ret_fields, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct json_list fields;
    if (flow_crm_open(view->flow, &view->actor->org, &view->row.id, &crm, err) < 0 ||
        flow_fields_ask(&crm, &fields, err) < 0)
        return -1;
    qsort(fields.items, fields.n, sizeof(struct crm_field), by_name);
    return flow_fields_read(flow_fields_text(fields, crm.arena), view->arena, ret_fields, err);
}

int flow_mapping_fields(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                        struct arena *arena, struct flow_fields *ret_fields, struct err *err)
{
    _cleanup_(view_close) struct view view = {.flow = flow, .actor = actor, .action = "read", .arena = arena};
    if (view_open(&view, &connection, err) < 0)
        return -1;
    view_close(&view); /* no transaction waits for a CRM */
    return fields_now(&view, &ret_fields->fields, err);
}

int flow_mapping_get(const struct flow *flow, const struct flow_actor *actor, struct id connection, struct arena *arena,
                     struct flow_mapping *ret_mapping, struct err *err)
{
    _cleanup_(view_close) struct view view = {.flow = flow, .actor = actor, .action = "read", .arena = arena};
    return view_open(&view, &connection, err) < 0 ? -1 : mapping_of(&view, NULL, ret_mapping, err);
}

int flow_mapping_export(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                        struct arena *arena, struct crm_mapping_doc *ret_doc, struct err *err)
{
    _cleanup_(view_close) struct view view = {.flow = flow, .actor = actor, .action = "read", .arena = arena};
    struct flow_mapping_kept active;
    if (view_open(&view, &connection, err) < 0 || active_of(&view, &active, err) < 0)
        return -1;
    *ret_doc = active.doc;
    return 0;
}

/* ---- Changing ---- */

/* Tells, keeps the answer for a repeated request, commits. */
static int settle(struct view *view, const char *state, const struct json_shape *shape, const void *value,
                  struct err *err)
{
    char action[40];
    const struct flow_deed deed = {.action = action, .kind = "connection", .subject = &view->row.id, .state = state};
    const struct flow_idempotency_answer answer = {.status = 200, .body = json_write(shape, value, view->arena)};
    (void)snprintf(action, sizeof action, "connection.%s", state);
    flow_tell(view->tx, view->actor, &deed);
    return flow_once(view->tx, view->actor, &answer, err) < 0 ? -1 : store_commit(&view->tx, err);
}

/* The connection again, in a new transaction, as it is after what was done. */
static int view_again(struct view *view, struct err *err)
{
    const struct id id = view->row.id;
    return store_connection_get(view->tx, &id, view->arena, &view->row, err);
}

/* The fields that findings about the document are made of: those it names, and those that new records need. */
static struct str judged_text(const struct view *view, const struct crm_mapping_doc *doc, struct json_list fields)
{
    struct json_list named = crm_mapping_fields(doc, fields, view->arena);
    const struct crm_field *all = fields.items;
    struct crm_field *kept = arena_array(view->arena, named.n + fields.n + 1, sizeof *kept);
    size_t n = named.n;
    if (n)
        memcpy(kept, named.items, n * sizeof *kept);
    for (size_t i = 0; i < fields.n; i++)
        if (all[i].required && !crm_field_find(named, all[i].name))
            kept[n++] = all[i];
    return flow_fields_text((struct json_list){kept, n}, view->arena);
}

int flow_mapping_draft(const struct flow *flow, const struct flow_actor *actor,
                       const struct flow_mapping_change *change, struct arena *arena, struct flow_mapping *ret_mapping,
                       struct err *err)
{
    _cleanup_(view_close) struct view view = {.flow = flow, .actor = actor, .action = "update", .arena = arena};
    struct flow_mapping_kept active;
    struct crm_mapping usable;
    struct json_list fields, none = {NULL, 0};
    struct err away = {.code = ERR_NONE};
    if (view_open(&view, &change->connection, err) < 0 ||
        crm_mapping_compile(view.connector, change->doc, none, arena, &usable, err) < 0)
        return -1;
    view_close(&view);
    bool asked = fields_now(&view, &fields, &away) == 0;
    struct str doc = json_write(&crm_mapping_doc_shape, change->doc, arena);
    if (view_open(&view, &change->connection, err) < 0 ||
        store_mapping_revise(view.tx, &change->connection, change->version, err) < 0 ||
        active_of(&view, &active, err) < 0)
        return -1;
    bool same = str_eq(doc, json_write(&crm_mapping_doc_shape, &active.doc, arena));
    const struct store_mapping draft = {
        .doc = doc, .fields = asked ? judged_text(&view, change->doc, fields) : STR_NONE, .user = actor->user};
    if (store_mapping_draft_put(view.tx, &change->connection, same ? NULL : &draft, err) < 0 ||
        view_again(&view, err) < 0 || mapping_of(&view, asked ? &fields : NULL, ret_mapping, err) < 0)
        return -1;
    return settle(&view, "draft", &flow_mapping_shape, ret_mapping, err);
}

static bool any_error(const struct flow_mapping_version *version)
{
    const struct flow_finding *findings = version->findings.items;
    for (size_t i = 0; i < version->findings.n; i++)
        if (findings[i].error)
            return true;
    return false;
}

/* The draft becomes the active version, with the fields as they are now. */
static int activate(struct view *view, const struct crm_mapping_doc *doc, struct json_list fields, struct err *err)
{
    struct str kept = flow_fields_text(crm_mapping_fields(doc, fields, view->arena), view->arena);
    const struct store_mapping mapping = {
        .doc = json_write(&crm_mapping_doc_shape, doc, view->arena), .fields = kept, .user = view->actor->user};
    int64_t version, before;
    struct id job;
    if (store_mapping_add(view->tx, &view->row.id, &mapping, &version, err) < 0 ||
        store_mapping_draft_put(view->tx, &view->row.id, NULL, err) < 0 ||
        store_fields_put(view->tx, &view->row.id, kept, 0, &before, err) < 0)
        return -1;
    return flow_connection_ask_pull(view->tx, view->actor, &view->row.id, &job, err);
}

int flow_mapping_activate(const struct flow *flow, const struct flow_actor *actor,
                          const struct flow_mapping_change *change, struct arena *arena,
                          struct flow_activation *ret_activation, struct err *err)
{
    _cleanup_(view_close) struct view view = {.flow = flow, .actor = actor, .action = "activate", .arena = arena};
    struct json_list fields;
    if (view_open(&view, &change->connection, err) < 0)
        return -1;
    view_close(&view);
    if (fields_now(&view, &fields, err) < 0 || view_open(&view, &change->connection, err) < 0 ||
        mapping_of(&view, &fields, &ret_activation->mapping, err) < 0)
        return -1;
    const struct flow_mapping_version *draft = ret_activation->mapping.draft;
    if (change->version != view.row.mapping_revision)
        return err_set(err, ERR_STALE, "%s", "mapping");
    if (!draft)
        return err_set(err, ERR_CONFLICT, "%s", flow_say(actor, "there is no draft", "es gibt keinen Entwurf"));
    ret_activation->active = !any_error(draft);
    if (!ret_activation->active)
        return settle(&view, "draft", &flow_activation_shape, ret_activation, err);
    if (store_mapping_revise(view.tx, &change->connection, change->version, err) < 0 ||
        activate(&view, &draft->mapping, fields, err) < 0 || view_again(&view, err) < 0 ||
        mapping_of(&view, NULL, &ret_activation->mapping, err) < 0)
        return -1;
    return settle(&view, "mapping", &flow_activation_shape, ret_activation, err);
}
