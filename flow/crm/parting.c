/* See parting.h. */
#include "flow/crm/parting.h"

#include "base/limits.h"
#include "flow/authorize.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/crm/form.h"
#include "flow/jobs.h"
#include "flow/states.h"
#include "flow/write.h"
#include "store/job.h"
#include "store/write_back.h"

const char *const flow_revoked_words[] = {"done", "failed", "none", NULL};

int flow_part_begin(struct store_tx *tx, const struct id *connection, struct flow_parting *ret_parting, struct err *err)
{
    *ret_parting = (struct flow_parting){.arena = arena_new_wiping(LIMIT_ARENA_REQUEST)};
    if (store_connection_open(tx, connection, ret_parting->arena, &ret_parting->row, err) < 0 ||
        store_tokens_lock(tx, connection, ret_parting->arena, &ret_parting->tokens, err) < 0)
        return -1;
    return store_tokens_drop(tx, connection, err);
}

const char *flow_part_end(const struct flow *flow, const struct flow_actor *actor, const struct flow_parting *parting)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const char *word = flow_tokens_revoke(flow, &actor->org, &parting->row, &parting->tokens);
    struct flow_deed deed = {
        .action = "connection.revoke", .kind = "connection", .subject = &parting->row.id, .note = word};
    struct err ignored;
    if (strcmp(word, "none") != 0 && flow_begin(flow, actor, &tx, &ignored) == 0) {
        flow_tell(tx, actor, &deed);
        (void)store_commit(&tx, &ignored);
    }
    return word;
}

void flow_part_free(struct flow_parting *parting)
{
    arena_free(parting->arena);
}

int flow_disconnect(const struct flow *flow, const struct flow_actor *actor, struct id connection, struct arena *arena,
                    struct flow_disconnection *ret_disconnection, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(flow_part_free) struct flow_parting parting = {.arena = NULL};
    struct flow_deed deed = {
        .action = "connection.disconnect", .kind = "connection", .subject = &connection, .state = "new"};
    if (flow_may(flow, actor, "connection", "disconnect", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        flow_part_begin(tx, &connection, &parting, err) < 0 || flow_form_need_crm(parting.row.kind, err) < 0)
        return -1;
    const struct crm_connector *connector = flow_connector_find(flow, parting.row.kind);
    if (!connector || flow_way_of(connector, parting.row.settings, arena) != FLOW_WAY_CODE)
        return err_set(err, ERR_CONFLICT, "nobody has consented to anything here");
    if (store_connection_health(tx, &connection, "new", NULL, NULL, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    const char *word = flow_part_end(flow, actor, &parting);
    int revoked = 0;
    while (flow_revoked_words[revoked] && strcmp(flow_revoked_words[revoked], word) != 0)
        revoked++;
    ret_disconnection->revoked = revoked;
    return flow_connection_get(flow, actor, connection, arena, &ret_disconnection->connection, err);
}

int flow_connection_ask_pull(struct store_tx *tx, const struct flow_actor *actor, const struct id *connection,
                             struct id *ret_job, struct err *err)
{
    struct store_job_spec spec = {
        .kind = "pull", .subject = *connection, .user = actor->user, .max_attempts = FLOW_PULL_ATTEMPTS, .priority = 5};
    return store_job_add(tx, &spec, ret_job, err);
}

int flow_connection_resume(struct store_tx *tx, const struct flow_actor *actor, const struct id *connection,
                           struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_write_back_filter filter = {.state = str_c(flow_write_back_words[FLOW_WRITE_BACK_waiting])};
    struct store_page page = {.limit = LIMIT_PAGE};
    struct json_list rows;
    struct id job;
    if (store_connection_called(tx, connection, 0, NULL, err) < 0) /* what it is now may well answer */
        return -1;
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
