/* See alerts.h. */
#include "flow/audit/alerts.h"

#include "base/clock.h"
#include "flow/common.h"
#include "flow/rights.h"
#include "flow/shape/rows.h"
#include "store/audit/alert.h"
#include "store/audit/egress.h"

#include <pthread.h>

enum { KNOWN = 256, MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

const char *const flow_alert_words[] = {
#define X(kind, minutes, least, en, de) #kind,
#include "flow/audit/alerts.def"
#undef X
    NULL};

static const struct {
    struct store_alert_rule rule;
    const char *en, *de;
} rules[] = {
#define X(kind, minutes, least, en, de) {{#kind, (int64_t)(minutes)*MINUTE_MS, least}, en, de},
#include "flow/audit/alerts.def"
#undef X
};

static const struct json_field flow_alert_rows[] = {
    TEXT(flow_alert, id, "UUID."),
    WORD(flow_alert, kind, flow_alert_words, NULL),
    TEXT(flow_alert, user_id, "Whose account, as far as known."),
    TEXT(flow_alert, session_id, "By which sign-in; for a search in the audit trail."),
    TEXT(flow_alert, token_id, "By which API token."),
    TEXT(flow_alert, address, "From which network address."),
    TEXT(flow_alert, host, "Where data went."),
    WHOLE(flow_alert, amount, "Refusals, records."),
    WHOLE(flow_alert, first_entry, "Number of the first audit entry; 0 = none."),
    WHOLE(flow_alert, last_entry, "Number of the last audit entry."),
    TEXT(flow_alert, first_at, "RFC 3339."),
    TEXT(flow_alert, last_at, "RFC 3339."),
    TEXT(flow_alert, seen_by, "Who has seen it."),
    TEXT(flow_alert, seen_at, "When; absent while it is open."),
    TEXT(flow_alert, sentence, "For people."),
};
SHAPE(flow_alert, "Alert");

static struct flow_alert alert_of(const struct flow_actor *actor, const struct store_alert *row, struct arena *arena)
{
    int kind = str_word(row->kind, flow_alert_words);
    return (struct flow_alert){.id = flow_id_text(&row->id, arena),
                               .kind = kind,
                               .user_id = flow_id_text(&row->user, arena),
                               .session_id = flow_id_text(&row->session, arena),
                               .token_id = flow_id_text(&row->token, arena),
                               .address = row->address,
                               .host = row->host,
                               .amount = row->amount,
                               .first_entry = row->first_seq,
                               .last_entry = row->last_seq,
                               .first_at = flow_time_text(row->first_at, arena),
                               .last_at = flow_time_text(row->last_at, arena),
                               .seen_by = flow_id_text(&row->seen_by, arena),
                               .seen_at = flow_time_text(row->seen_at, arena),
                               .sentence = str_c(flow_say(actor, rules[kind].en, rules[kind].de))};
}

int flow_alert_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_alert_query *query,
                    struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_page page;
    struct json_list rows;
    if (flow_may(flow, actor, "alert", "list", err) < 0 ||
        flow_page_ask(&query->page, &page.before, &page.limit, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_alert_list(tx, &page, query->seen, arena, &rows, err) < 0)
        return -1;
    size_t n = flow_page_keep(&query->page, rows.n);
    struct flow_alert *items = arena_array(arena, n, sizeof *items);
    for (size_t i = 0; i < n; i++)
        items[i] = alert_of(actor, (const struct store_alert *)rows.items + i, arena);
    *ret_list = (struct flow_list){{items, n}, n < rows.n ? items[n - 1].id : STR_NONE};
    return 0;
}

int flow_alert_see(const struct flow *flow, const struct flow_actor *actor, struct id alert, struct arena *arena,
                   struct flow_alert *ret_alert, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_alert row;
    struct flow_deed deed = {.action = "alert.see", .kind = "alert", .subject = &alert, .state = "seen"};
    if (flow_may(flow, actor, "alert", "update", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_alert_see(tx, &alert, &actor->user, err) < 0 || store_alert_get(tx, &alert, arena, &row, err) < 0)
        return -1;
    struct flow_alert fresh = alert_of(actor, &row, arena);
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    *ret_alert = fresh;
    return 0;
}

/* ---- Raising ---- */

static int raise_one(struct store_tx *tx, const struct flow_actor *actor, const struct store_alert *alert,
                     struct err *err)
{
    struct id id;
    bool fresh;
    if (store_alert_raise(tx, alert, &id, &fresh, err) < 0)
        return -1;
    struct flow_deed deed = {.action = "alert.raise", .kind = "alert", .subject = &id, .state = "open"};
    if (fresh)
        flow_tell(tx, actor, &deed);
    return 0;
}

int flow_alerts_sweep(const struct flow *flow, const struct id *org, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)4 << 20);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_actor actor = {.org = *org, .language = "en"};
    struct json_list bursts;
    if (store_begin(flow->store, org, &tx, err) < 0)
        return -1;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        if (rules[i].rule.least == 0)
            continue;
        if (store_alert_bursts(tx, &rules[i].rule, arena, &bursts, err) < 0)
            return -1;
        for (size_t k = 0; k < bursts.n; k++)
            if (raise_one(tx, &actor, (const struct store_alert *)bursts.items + k, err) < 0)
                return -1;
    }
    return store_commit(&tx, err);
}

/* ---- Hosts ---- */

/* Organisation, hour and host of what this process has noted lately, so that not every request writes; a slot is taken
 * over when two collide. */
static struct crypto_hash known[KNOWN];
static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;

static bool known_lately(const struct crypto_hash *of, bool note)
{
    struct crypto_hash *slot = &known[of->b[0] % KNOWN];
    (void)pthread_mutex_lock(&known_lock);
    bool found = crypto_equal(crypto_hash_str(slot), crypto_hash_str(of));
    if (note)
        *slot = *of;
    (void)pthread_mutex_unlock(&known_lock);
    return found;
}

static int host_note(const struct flow *flow, const struct id *org, const struct id *connection, struct str host,
                     struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_actor actor = {.org = *org, .language = "en"};
    bool fresh;
    if (store_begin(flow->store, org, &tx, err) < 0 || store_egress_note(tx, host, connection, &fresh, err) < 0)
        return -1;
    struct store_alert alert = {
        .kind = STR("new_host"), .host = host, .amount = 1, .first_at = store_tx_now(tx), .last_at = store_tx_now(tx)};
    if (fresh && raise_one(tx, &actor, &alert, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

void flow_egress_told(const struct flow *flow, const struct id *org, const struct id *connection, struct str host)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    long long hour = clock_now_ms() / HOUR_MS; /* each hour with contact is noted once by each process */
    struct crypto_hash of = crypto_sha256(str_printf(arena, "%s|%lld|%.*s", org->s, hour, STR_ARG(host)));
    struct err ignored;
    if (!known_lately(&of, false) && host_note(flow, org, connection, host, &ignored) == 0)
        (void)known_lately(&of, true);
}
