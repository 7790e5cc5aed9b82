/* See flow/proof.h: what is warned of at this moment, since when, and how grave it has become. */
#include "base/clock.h"
#include "crm-connectors/rest/records.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/oidc/oidc.h"
#include "flow/proof/facts.h"
#include "flow/shape/rows.h"
#include "store/audit/egress.h"
#include "store/keep/mark.h"

enum { REASON_MAX = 500, LONGEST_DAYS = 90, LONGEST_CRITICAL_DAYS = 7 };

const char *const flow_warning_levels[] = {"info", "warning", "critical", NULL};

static const struct json_field flow_put_off_rows[] = {
    TEXT(flow_put_off, until, "RFC 3339."),
    TEXT(flow_put_off, reason, "As the person gave it."),
    TEXT(flow_put_off, user_id, "Who did."),
    TEXT(flow_put_off, at, "RFC 3339."),
};
SHAPE(flow_put_off, "PutOff");
static const struct json_field flow_warning_rows[] = {
    TEXT(flow_warning, id, "UUID."),
    TEXT(flow_warning, kind, "What kind of warning it is."),
    WORD(flow_warning, level, flow_warning_levels, "Rises with age and with versions of the program."),
    TEXT(flow_warning, subject, "What it is about: a name, hosts, a date; null: nothing in particular."),
    TEXT(flow_warning, since, "RFC 3339: warned of without a break since then."),
    TEXT(flow_warning, since_program, "Version of the program then."),
    TEXT(flow_warning, effect, "What may come of it, in the user's language."),
    TEXT(flow_warning, fix, "What to do, in the user's language."),
    TEXT(flow_warning, link, "Path of the page where it is put right; null: not in the pages."),
    MAYBE(flow_warning, put_off, flow_put_off_shape, "Who has put it off, until when and why; null: it is not."),
    WHOLE(flow_warning, version, "For If-Match."),
};
SHAPE(flow_warning, "Warning");
static const struct json_field flow_warning_change_rows[] = {
    TEXT(flow_warning_change, until, "RFC 3339, at most 90 days ahead, 7 of a critical one; null: no longer put off."),
    LIMITED(flow_warning_change, reason, REASON_MAX, "Why; needed with until."),
};
SHAPE(flow_warning_change, "WarningChange");

/* ---- What there is ---- */

static int add_providers(struct store_tx *tx, struct proof_warned *all, struct err *err)
{
    struct json_list rows;
    if (store_provider_list(tx, all->arena, &rows, err) < 0)
        return -1;
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_provider *row = (const struct store_provider *)rows.items + i;
        struct flow_provider_settings settings;
        if (flow_oidc_settings(row, all->arena, &settings, err) < 0)
            return -1;
        if (settings.vouches && str_eq(row->state, STR("on")))
            flow_proof_warn(all, FLOW_WARN_VOUCHES, settings.name);
    }
    return 0;
}

/* Connections that speak http: only the operator's list lets them. A mailbox's name is its owner's. */
static int add_connections(const struct flow *flow, struct store_tx *tx, struct proof_warned *all, struct err *err)
{
    struct json_list sources;
    if (store_egress_sources(tx, all->arena, &sources, err) < 0)
        return -1;
    for (size_t i = 0; i < sources.n; i++) {
        const struct store_egress_source *source = (const struct store_egress_source *)sources.items + i;
        const struct crm_connector *connector = flow_connector_find(flow, source->kind);
        bool plain = false;
        for (size_t k = 0; connector && k < connector->form.n; k++)
            plain |= strcmp(connector->form.fields[k].type, "url") == 0 &&
                     str_starts(crm_records_setting(source->settings, connector->form.fields[k].name, all->arena),
                                STR("http://"));
        if (plain)
            flow_proof_warn(all, FLOW_WARN_PLAIN, source->mailbox ? STR_NONE : source->name);
    }
    return 0;
}

static struct flow_put_off *put_off_of(const struct store_mark *mark, struct arena *arena)
{
    if (mark->until == 0)
        return NULL;
    struct flow_put_off *off = arena_one(arena, struct flow_put_off);
    *off = (struct flow_put_off){.until = flow_time_text(mark->until, arena),
                                 .reason = mark->reason,
                                 .user_id = flow_id_text(&mark->user, arena),
                                 .at = flow_time_text(mark->put_off_at, arena)};
    return off;
}

static struct flow_warning warning_of(const struct flow_actor *actor, const struct proof_warning *one,
                                      const struct store_mark *mark, const struct proof_facts *facts,
                                      struct arena *arena)
{
    const struct flow_warning_rule *rule = &flow_warning_rules[one->kind];
    return (struct flow_warning){
        .id = flow_id_text(&mark->id, arena),
        .kind = str_c(rule->kind),
        .level = (int)flow_warning_rise(rule, one->level, facts->now_ms - mark->first_at, facts->program),
        .subject = one->subject,
        .since = flow_time_text(mark->first_at, arena),
        .since_program = mark->first_program,
        .effect = str_c(flow_say(actor, rule->effect[0], rule->effect[1])),
        .fix = str_c(flow_say(actor, rule->fix[0], rule->fix[1])),
        .link = *rule->link ? str_c(rule->link) : STR_NONE,
        .put_off = put_off_of(mark, arena),
        .version = mark->version};
}

static int gravest_first(const void *a, const void *b)
{
    const struct flow_warning *x = a, *y = b;
    int off = (x->put_off != NULL) - (y->put_off != NULL);
    return off ? off : y->level - x->level;
}

/* Who looks at what. */
struct look {
    const struct flow *flow;
    const struct flow_actor *actor;
    const struct flow_posture *posture;
};

/* Facts become warnings, and each remembers since when. */
static int gather(const struct look *look, struct store_tx *tx, struct proof_warned *all,
                  struct json_list *ret_warnings, struct err *err)
{
    const struct flow *flow = look->flow;
    const struct flow_actor *actor = look->actor;
    struct proof_facts facts;
    if (flow_proof_facts_read(flow, look->posture, all->arena, &facts, err) < 0)
        return -1;
    flow_proof_warn_of(all, &facts);
    if (add_providers(tx, all, err) < 0 || add_connections(flow, tx, all, err) < 0)
        return -1;
    struct flow_warning *warnings = arena_array(all->arena, all->n, sizeof *warnings);
    struct id *ids = arena_array(all->arena, all->n + 1, sizeof *ids);
    for (size_t i = 0; i < all->n; i++) {
        const struct proof_warning *one = &all->items[i];
        const struct store_warned warned = {flow_warning_rules[one->kind].kind, one->subject, facts.program};
        struct store_mark mark;
        if (store_mark_put(tx, &warned, all->arena, &mark, err) < 0)
            return -1;
        ids[i] = mark.id;
        warnings[i] = warning_of(actor, one, &mark, &facts, all->arena);
    }
    qsort(warnings, all->n, sizeof *warnings, gravest_first);
    *ret_warnings = (struct json_list){warnings, all->n};
    return store_marks_keep(tx, ids, all->n, err);
}

int flow_warning_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                      struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct look look = {flow, actor, posture};
    struct proof_warned all = {.arena = arena};
    struct json_list warnings;
    if (flow_may(flow, actor, "warning", "list", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        gather(&look, tx, &all, &warnings, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_list = (struct flow_list){warnings, STR_NONE};
    return 0;
}

/* ---- Putting off ---- */

/* Only with a reason, and not for long: the graver, the shorter. *ret_until is 0 when it is taken back. */
static int change_read(const struct flow_warning_change *change, int level, int64_t *ret_until, struct err *err)
{
    int days = level == FLOW_WARNING_CRITICAL ? LONGEST_CRITICAL_DAYS : LONGEST_DAYS;
    int64_t now = clock_now_ms();
    *ret_until = 0;
    if (!change->until.p)
        return change->reason.p ? err_field(err, ERR_INVALID, "/until", "a reason needs an end") : 0;
    *ret_until = clock_parse(change->until);
    if (*ret_until <= now || *ret_until > now + days * FLOW_PROOF_DAY_MS)
        return err_field(err, ERR_INVALID, "/until", "a time within the next %d days", days);
    return str_empty(str_trim(change->reason)) ? err_field(err, ERR_INVALID, "/reason", "this field is required") : 0;
}

static struct flow_warning *find(const struct json_list *warnings, const struct id *id)
{
    for (size_t i = 0; i < warnings->n; i++) {
        struct flow_warning *one = (struct flow_warning *)warnings->items + i;
        if (str_eq(one->id, id_str(id)))
            return one;
    }
    return NULL;
}

struct flow_warning *flow_warning_put_off(const struct flow *flow, const struct flow_actor *actor,
                                          const struct flow_posture *posture, const struct flow_warning_ref *ref,
                                          struct arena *arena, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct look look = {flow, actor, posture};
    struct proof_warned all = {.arena = arena};
    struct store_mark kept,
        mark = {.id = ref->id, .version = ref->version, .reason = str_trim(ref->change->reason), .user = actor->user};
    struct flow_actor giver = *actor;
    struct flow_deed deed = {.action = "warning.put_off", .kind = "warning", .subject = &ref->id};
    struct json_list warnings;
    if (flow_may(flow, actor, "warning", "update", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        gather(&look, tx, &all, &warnings, err) < 0)
        return NULL;
    struct flow_warning *one = find(&warnings, &ref->id);
    if (!one) {
        (void)err_set(err, ERR_NOT_FOUND, "%s", "");
        return NULL;
    }
    if (change_read(ref->change, one->level, &mark.until, err) < 0 || store_mark_put_off(tx, &mark, err) < 0 ||
        store_mark_get(tx, &ref->id, arena, &kept, err) < 0)
        return NULL;
    one->put_off = put_off_of(&kept, arena);
    one->version = kept.version;
    giver.origin.why = mark.reason;
    deed.action = mark.until ? "warning.put_off" : "warning.resume";
    deed.note = str_z(arena, one->kind);
    flow_tell(tx, &giver, &deed);
    return store_commit(&tx, err) < 0 ? NULL : one;
}
