/* The Idempotency-Key contract on the store's table; see idempotency.h. */
#include "flow/idempotency.h"

#include "flow/common.h"
#include "store/idempotency.h"

static int key_valid(struct str key, struct err *err)
{
    bool good = key.n >= 1 && key.n <= 255;
    for (size_t i = 0; good && i < key.n; i++)
        good = key.p[i] > 0x20 && key.p[i] < 0x7f;
    return good ? 0 : err_set(err, ERR_INVALID, "Idempotency-Key: 1 to 255 printable characters");
}

static struct store_key key_of(const struct flow_actor *actor, const struct flow_idempotency *request)
{
    return (struct store_key){actor->user, request->route, request->key, request->fingerprint};
}

int flow_idempotency_begin(const struct flow *flow, const struct flow_actor *actor,
                           const struct flow_idempotency *request, struct arena *arena,
                           struct flow_idempotency_state *ret_state, struct err *err)
{
    struct store_key key = key_of(actor, request);
    struct store_keyed keyed;
    if (key_valid(request->key, err) < 0 ||
        store_idempotency_begin(flow->store, &actor->org, &key, arena, &keyed, err) < 0)
        return -1;
    switch (keyed.replay) {
    case STORE_FIRST:
        *ret_state = (struct flow_idempotency_state){.replay = false};
        return 0;
    case STORE_REPLAY:
        *ret_state = (struct flow_idempotency_state){
            .replay = true, .status = keyed.answer.status, .location = keyed.answer.head, .body = keyed.answer.body};
        return 0;
    case STORE_BUSY:
        return err_set(err, ERR_KEY_BUSY, "Idempotency-Key");
    case STORE_MISMATCH:
        break;
    }
    return err_set(err, ERR_KEY_REUSED, "Idempotency-Key");
}

static int answer_keep(struct store_tx *tx, const struct flow_actor *actor, const struct flow_idempotency *request,
                       const struct flow_idempotency_answer *answer, struct err *err)
{
    struct store_key key = key_of(actor, request);
    struct store_answer kept = {answer->status, answer->location, answer->body};
    return store_idempotency_finish(tx, &key, &kept, err);
}

int flow_once(struct store_tx *tx, const struct flow_actor *actor, const struct flow_idempotency_answer *answer,
              struct err *err)
{
    return actor->once ? answer_keep(tx, actor, actor->once, answer, err) : 0;
}

int flow_idempotency_finish(const struct flow *flow, const struct flow_actor *actor,
                            const struct flow_idempotency *request, const struct flow_idempotency_answer *answer,
                            struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    if (answer_keep(tx, actor, request, answer, err) < 0)
        return err->code == ERR_KEY_BUSY ? 0 : -1; /* the use case kept its answer itself */
    return store_commit(&tx, err);
}

int flow_idempotency_forget(const struct flow *flow, const struct flow_actor *actor,
                            const struct flow_idempotency *request, struct err *err)
{
    struct store_key key = key_of(actor, request);
    return store_idempotency_drop(flow->store, &actor->org, &key, err);
}
