/* A connection in use; see crm.h. */
#include "flow/crm/crm.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crm-connectors/file_drop/file_drop.h"
#include "crm-connectors/mailbox/mailbox.h"
#include "flow/common.h"
#include "flow/crm/fields.h"
#include "store/crm/traffic.h"
#include "store/record.h"

enum {
    HEALTH_EVERY_MS = 60 * 1000, /* an unchanged "ok" is written no more often */
    MOST_LAG_S = 60,             /* until a search sees a new record, where the connector does not say */
    LAG_MARGIN_MS = 1000,        /* its clock is not ours */
    MOST_WORDS = 150,            /* bytes of the CRM's words: they have to fit struct err */
};

const struct crm_connector *const *flow_connectors(const struct flow *flow)
{
    return flow->connectors ? flow->connectors : crm_connectors;
}

const struct crm_connector *flow_connector_find(const struct flow *flow, struct str kind)
{
    for (const struct crm_connector *const *all = flow_connectors(flow); *all; all++)
        if (str_eq(str_c((*all)->kind), kind))
            return *all;
    return crm_mailbox_find(kind);
}

/* Tokens for a connection that has them; the address of the API may be known from them alone. */
static int crm_lend_tokens(struct flow_crm *crm, struct str base, struct err *err)
{
    struct flow_bearer *self = &crm->bearer_self;
    struct str token;
    *self =
        (struct flow_bearer){.flow = crm->flow, .org = crm->org, .row = crm->row, .arena = crm->arena, .base = base};
    self->way = flow_way_of(crm->connector, crm->row.settings, crm->arena);
    if (self->way == FLOW_WAY_PLAIN)
        return 0;
    crm->bearer = flow_bearer_lend(self);
    crm->lent.bearer = &crm->bearer;
    if (self->way == FLOW_WAY_APP && crm->connector->oauth->base_member && !self->base.p &&
        crm->bearer.token(self, STR_NONE, crm->arena, &token, err) < 0)
        return -1;
    crm->lent.base = self->base;
    return 0;
}

static int crm_start(struct flow_crm *crm, struct str base, struct err *err)
{
    const struct flow_errand errand = {crm->flow, crm->org, crm->row.id};
    struct flow_errand_rules rules = {.purposes = 1U << CRM_REACH_API | 1U << CRM_REACH_IMAP};
    crm->book_self =
        (struct flow_book){crm->flow->store, crm->org, crm->row.id, str_eq(crm->row.kind, STR(CRM_FILE_DROP_KIND))};
    crm->book = flow_book_lend(&crm->book_self);
    crm->lent.settings = crm->row.settings;
    crm->lent.secret = crm->row.secret;
    crm->quota = (struct crm_quota){-1, -1};
    crm->lent.quota = &crm->quota;
    crm->lent.region = flow_region(crm->flow);
    crm->lent.now_ms = clock_now_ms();
    crm->lent.book = flow_book_keeps(crm->row.kind) ? &crm->book : NULL;
    if (crm->lent.book)
        return 0;
    if (crm_lend_tokens(crm, base, err) < 0)
        return -1;
    rules.reach = flow_reach_of(crm->flow, crm->connector, crm->row.settings, crm->lent.base, crm->arena);
    return flow_errand_open(&errand, &rules, crm->arena, &crm->lent.http, err);
}

static int crm_connector_of(struct flow_crm *crm, struct err *err)
{
    crm->connector = flow_connector_find(crm->flow, crm->row.kind);
    return crm->connector ? 0 : err_field(err, ERR_INVALID, "/kind", "unknown kind of CRM");
}

/* What the version says, with what is known of the fields in it. */
static int crm_map(struct store_tx *tx, struct flow_crm *crm, int64_t version, struct err *err)
{
    struct flow_mapping_kept kept;
    if (crm->connector->map.n == 0) /* a mailbox: nothing is transferred by field */
        return 0;
    if (flow_mapping_load(tx, &(struct flow_mapping_at){crm->connector, crm->row.id, version}, crm->arena, &kept, err) <
        0)
        return -1;
    /* What was described last covers the active version alone. */
    struct json_list fields = version == crm->row.mapping ? kept.now : kept.then;
    if (crm_mapping_compile(crm->connector, &kept.doc, fields, crm->arena, &crm->mapping, err) < 0)
        return -1;
    crm->mapping_version = version;
    crm->lent.mapping = &crm->mapping;
    return 0;
}

int flow_crm_use_mapping(struct flow_crm *crm, int64_t version, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (version == crm->mapping_version)
        return 0;
    return store_begin(crm->flow->store, &crm->org, &tx, err) < 0 ? -1 : crm_map(tx, crm, version, err);
}

/* Address of the API that came with the tokens; absent when there are none. */
static int crm_base(struct store_tx *tx, struct flow_crm *crm, struct str *ret_base, struct err *err)
{
    struct store_tokens tokens = {.ended = false};
    struct err why;
    if (store_tokens_get(tx, &crm->row.id, crm->arena, &tokens, &why) < 0 && why.code != ERR_NOT_FOUND) {
        *err = why;
        return -1;
    }
    *ret_base = tokens.base;
    return 0;
}

int flow_crm_try(const struct flow *flow, const struct id *org, const struct store_connection *row,
                 struct flow_crm *ret_crm, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct str base = STR_NONE;
    *ret_crm = (struct flow_crm){.flow = flow, .org = *org, .row = *row};
    ret_crm->arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    if (crm_connector_of(ret_crm, err) < 0)
        return -1;
    if (flow_way_of(ret_crm->connector, row->settings, ret_crm->arena) == FLOW_WAY_APP)
        ret_crm->row.id = (struct id){""}; /* a token of the settings being tried, not of those kept */
    else if (!id_none(&row->id) &&
             (store_begin(flow->store, org, &tx, err) < 0 || crm_base(tx, ret_crm, &base, err) < 0))
        return -1;
    store_rollbackp(&tx);
    return crm_start(ret_crm, base, err);
}

int flow_crm_open(const struct flow *flow, const struct id *org, const struct id *connection, struct flow_crm *ret_crm,
                  struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct str base;
    *ret_crm = (struct flow_crm){.flow = flow, .org = *org};
    ret_crm->arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    if (store_begin(flow->store, org, &tx, err) < 0 ||
        store_connection_open(tx, connection, ret_crm->arena, &ret_crm->row, err) < 0 ||
        crm_base(tx, ret_crm, &base, err) < 0 || crm_connector_of(ret_crm, err) < 0 ||
        crm_map(tx, ret_crm, ret_crm->row.mapping, err) < 0)
        return -1;
    store_rollbackp(&tx);
    return crm_start(ret_crm, base, err);
}

/* How the calls of this unit of work went, for the page of the connection's health; a failure to keep that is nobody's.
 */
static void keep_calls(const struct flow_crm *crm)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct crm_http_use use = crm_http_use(crm->lent.http);
    const struct store_call call = {.work = crm->calls_for ? crm->calls_for : "read",
                                    .subject = crm->calls_about,
                                    .problem = crm->ended ? str_c(err_slug(crm->ended)) : STR_NONE,
                                    .requests = use.requests,
                                    .total_ms = use.total_ms,
                                    .slowest_ms = use.slowest_ms};
    struct err ignored;
    if (store_begin(crm->flow->store, &crm->org, &tx, &ignored) == 0 &&
        store_call_add(tx, &crm->row.id, &call, &ignored) == 0)
        (void)store_commit(&tx, &ignored);
}

void flow_crm_close(struct flow_crm *crm)
{
    if (crm->called && crm->lent.http)
        keep_calls(crm);
    crm_http_freep(&crm->lent.http);
    arena_free(crm->arena);
    *crm = (struct flow_crm){.flow = NULL};
}

bool flow_crm_quota_low(const struct crm_quota *quota)
{
    return quota->left >= 0 && quota->limit > 0 && quota->left < quota->limit / 10;
}

/* The CRM's words without what may be somebody's address or number: errors outlive erasure. */
static struct str words_masked(struct str sentence, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    struct str rest = sentence, word;
    while (str_split(&rest, ' ', &word)) {
        size_t digits = 0;
        for (size_t i = 0; i < word.n; i++)
            digits += word.p[i] >= '0' && word.p[i] <= '9';
        bool hidden = digits > 4 || (word.n && memchr(word.p, '@', word.n));
        if (out.n)
            strbuf_add_char(&out, ' ');
        strbuf_add(&out, hidden ? STR("…") : word);
    }
    struct str masked = strbuf_str(&out);
    if (masked.n > MOST_WORDS)
        masked.n = MOST_WORDS;
    while (!utf8_valid(masked)) /* the cut may have gone through a character */
        masked.n--;
    return masked;
}

int flow_crm_judge(const struct crm_result *result, struct err *err)
{
    static const enum err_code codes[CRM_OUTCOME_COUNT] = {
        [CRM_CONFLICT] = ERR_CRM_CONFLICT, [CRM_GONE] = ERR_CRM_CONFLICT,       [CRM_DUPLICATE] = ERR_CRM_REFUSED,
        [CRM_REJECTED] = ERR_CRM_REFUSED,  [CRM_QUOTA] = ERR_CRM_QUOTA,         [CRM_REAUTHORISE] = ERR_CRM_REAUTHORISE,
        [CRM_DOWN] = ERR_CRM_DOWN,         [CRM_UNCERTAIN] = ERR_CRM_UNCERTAIN,
    };
    static const enum err_code misfits[CRM_MISFIT_COUNT] = {
        [CRM_MISFIT_GONE] = ERR_FIELD_GONE,
        [CRM_MISFIT_READ_ONLY] = ERR_FIELD_READ_ONLY,
        [CRM_MISFIT_CHOICE] = ERR_FIELD_CHOICE,
        [CRM_MISFIT_LONG] = ERR_FIELD_LONG,
    };
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    enum err_code code = codes[result->outcome];
    if (code == ERR_NONE)
        return 0;
    if (code == ERR_CRM_REFUSED && misfits[result->misfit] != ERR_NONE)
        return err_set(err, misfits[result->misfit], "%.*s", STR_ARG(result->sentence));
    struct str words = result->sentence.p ? words_masked(result->sentence, arena) : STR_NONE;
    if (code == ERR_CRM_QUOTA)
        words = str_printf(arena, "%lld s", (long long)((result->retry_after_ms + 999) / 1000));
    else if (str_empty(words))
        words = str_c(crm_outcome_words[result->outcome]);
    return err_set(err, code, "%.*s", STR_ARG(words));
}

static const char *health_state(const struct err *problem)
{
    switch ((int)problem->code) {
    case ERR_CRM_REAUTHORISE:
        return "reauthorise";
    case ERR_CRM_DOWN:
    case ERR_CRM_QUOTA:
    case ERR_CRM_UNCERTAIN:
    case ERR_HOST_REFUSED:
        return "down";
    default: /* a refusal or a conflict is an answer of a CRM that is well */
        return "ok";
    }
}

/* Whether a grant is over was said, once, when the provider refused a token: what calls under way find later neither
 * repeats nor undoes it. */
static bool note_is_late(const struct flow_crm *crm, struct store_tx *tx)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct store_tokens tokens;
    struct err ignored;
    return crm->lent.bearer && store_tokens_get(tx, &crm->row.id, arena, &tokens, &ignored) == 0 && tokens.ended;
}

/* How long the line of the connection rests after this answer, as store_connection_called() wants it. */
static int64_t rest_after(const struct err *problem, const struct crm_result *result)
{
    enum { SHORT_REST_MS = 1000 };
    int64_t asked = result ? result->retry_after_ms : 0;
    if (problem->code == ERR_CRM_QUOTA)
        return asked > SHORT_REST_MS ? asked : SHORT_REST_MS;
    return problem->code == ERR_CRM_DOWN || problem->code == ERR_CRM_UNCERTAIN ? STORE_CALL_FAILED : 0;
}

void flow_crm_note(struct flow_crm *crm, const struct crm_result *result, const struct err *failure)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err problem = {.code = ERR_NONE}, ignored;
    bool moved;
    if (failure)
        problem = *failure;
    else
        (void)flow_crm_judge(result, &problem);
    crm->called = true;
    crm->ended = problem.code;
    const char *state = health_state(&problem);
    bool ok = strcmp(state, "ok") == 0, changed = !str_eq(crm->row.state, str_c(state));
    if (!changed && ok && clock_now_ms() - crm->row.ok_at < HEALTH_EVERY_MS)
        return;
    if (crm->lent.bearer && problem.code == ERR_CRM_REAUTHORISE)
        return;
    if (store_begin(crm->flow->store, &crm->org, &tx, &ignored) < 0 || note_is_late(crm, tx) ||
        store_connection_health(tx, &crm->row.id, state, ok ? NULL : &problem, &moved, &ignored) < 0)
        return;
    struct store_calls said = {.quota_left = crm->quota.left, .quota_limit = crm->quota.limit};
    if (store_connection_called(tx, &crm->row.id, rest_after(&problem, failure ? NULL : result), &said, &ignored) < 0)
        return;
    if (moved)
        store_event(tx, "connection", &crm->row.id, state);
    if (store_commit(&tx, &ignored) == 0) {
        crm->row.state = str_c(state);
        crm->row.ok_at = ok ? clock_now_ms() : crm->row.ok_at;
    }
}

int flow_crm_fetch(struct flow_crm *crm, struct str remote_id, struct crm_record *ret_record, bool *ret_gone,
                   struct err *err)
{
    struct crm_result result;
    int r = crm->connector->get(&crm->lent, remote_id, crm->arena, &result, err);
    flow_crm_note(crm, &result, r < 0 ? err : NULL);
    if (r < 0)
        return -1;
    *ret_gone = result.outcome == CRM_GONE || result.outcome == CRM_NONE;
    if (*ret_gone)
        return 0;
    if (flow_crm_judge(&result, err) < 0)
        return -1;
    if (result.records.n != 1)
        return err_set(err, ERR_CRM_DOWN, "no record in the answer");
    *ret_record = *(const struct crm_record *)result.records.items;
    return 0;
}

int64_t flow_crm_lag_ms(const struct flow_crm *crm)
{
    int lag_s = crm->connector->lag_s ? crm->connector->lag_s : MOST_LAG_S;
    return (int64_t)lag_s * 1000 + LAG_MARGIN_MS;
}

bool flow_crm_maps(const void *crm, const struct contact_field *field)
{
    return crm_map_find(&((const struct flow_crm *)crm)->mapping.map, str_c(field->name)) != NULL;
}

bool flow_crm_main(const struct flow_crm *crm, const struct contact_field *field)
{
    const struct crm_map *row = crm_map_find(&crm->mapping.map, str_c(field->name));
    return row && row->main;
}

struct crm_record flow_crm_mapped(const struct flow_crm *crm, const struct crm_record *record)
{
    struct crm_record mapped = *record;
    mapped.contact = crm_map_only(&crm->mapping.map, &record->contact);
    return mapped;
}
