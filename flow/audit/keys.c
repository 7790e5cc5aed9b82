/* See keys.h. */
#include "flow/audit/keys.h"

#include "flow/common.h"
#include "flow/shape/rows.h"
#include "store/job.h"
#include "store/keys/rotate.h"

static const struct json_field flow_key_rows[] = {
    WHOLE(flow_key, version, NULL), WHOLE(flow_key, values, NULL),    YES(flow_key, present, NULL),
    TEXT(flow_key, master, NULL),   TEXT(flow_key, created_at, NULL), TEXT(flow_key, emptied_at, NULL),
};
SHAPE(flow_key, "Key");

int flow_key_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                  struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_key_versions(tx, arena, &rows, err) < 0)
        return -1;
    struct flow_key *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_key_version *row = (const struct store_key_version *)rows.items + i;
        items[i] = (struct flow_key){.version = row->version,
                                     .values = row->values,
                                     .present = row->present,
                                     .master = row->master,
                                     .created_at = flow_time_text(row->created_at, arena),
                                     .emptied_at = flow_time_text(row->emptied_at, arena)};
    }
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

int flow_key_rotate(const struct flow *flow, const struct flow_actor *actor, int64_t *ret_version, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "key.rotate", .kind = "organisation", .subject = &actor->org};
    struct store_job_spec spec = {.kind = "reseal", .subject = actor->org, .user = actor->user, .priority = 10};
    struct id job;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_key_renew(tx, ret_version, err) < 0 ||
        store_job_add(tx, &spec, &job, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}
