/* Taking in a photo: sniff, stream into a sealed blob, accept in one transaction; see submit.h. */
#include "flow/submit.h"

#include "base/limits.h"
#include "flow/common.h"
#include "flow/idempotency.h"
#include "flow/jobs.h"
#include "flow/states.h"
#include "ocr/image/probe.h"
#include "store/blob.h"
#include "store/fair.h"
#include "store/job.h"
#include "store/list.h"
#include "store/scan.h"

enum { HEAD = 64 }; /* bytes that ocr_probe_type() wants */

struct flow_submit {
    const struct flow *flow;
    struct flow_actor actor;
    struct flow_submit_goal goal;
    struct store_blob_writer *writer;
    char head[HEAD];
    size_t head_n;
    int64_t total;
    enum ocr_type type;
    struct store_blob blob;
    bool discard;             /* it exists and no row can point to it */
    struct flow_submit *back; /* lent: the other side of the same card; NULL: of one side */
};

int flow_submit_goal(struct store_tx *tx, const struct flow_actor *actor, struct flow_submit_goal *goal,
                     struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_fair fair;
    if (!id_none(&goal->fair)) {
        if (store_fair_get(tx, &goal->fair, arena, &fair, err) < 0 ||
            (!id_none(&fair.list) && flow_reach(tx, actor, &fair.list, false, err) < 0))
            return -1;
        goal->list = id_none(&goal->list) ? fair.list : goal->list;
    }
    if (!id_none(&goal->list))
        return flow_reach(tx, actor, &goal->list, true, err);
    struct str name = str_c(flow_say(actor, "My cards", "Meine Karten"));
    return store_list_default(tx, &actor->user, name, &goal->list, err);
}

static int submit_goal(const struct flow *flow, const struct flow_actor *actor, struct flow_submit_goal *goal,
                       struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_submit_goal(tx, actor, goal, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

int flow_submit_begin(const struct flow *flow, const struct flow_actor *actor, const struct flow_submit_goal *goal,
                      struct flow_submit **ret_submit, struct err *err)
{
    struct flow_submit_goal settled = *goal;
    if (store_room(flow->store, LIMIT_LEAST_FREE, err) < 0 || submit_goal(flow, actor, &settled, err) < 0)
        return -1;
    _cleanup_(flow_submit_freep) struct flow_submit *submit = calloc(1, sizeof *submit);
    if (!submit)
        return err_set(err, ERR_BUSY, "memory");
    submit->flow = flow;
    submit->actor = *actor;
    submit->goal = settled;
    if (store_blob_create(flow->store, &actor->org, &submit->writer, err) < 0)
        return -1;
    *ret_submit = take(submit);
    return 0;
}

static int submit_sniff(struct flow_submit *submit, struct err *err)
{
    submit->type = ocr_probe_type((struct str){submit->head, submit->head_n});
    if (submit->type == OCR_TYPE_NONE)
        return err_set(err, ERR_NOT_AN_IMAGE, "content");
    return store_blob_write(submit->writer, submit->head, submit->head_n, err);
}

int flow_submit_write(struct flow_submit *submit, struct str bytes, struct err *err)
{
    size_t room = HEAD - submit->head_n, head = bytes.n < room ? bytes.n : room;
    submit->total += (int64_t)bytes.n;
    if (submit->total > LIMIT_UPLOAD_BYTES)
        return err_set(err, ERR_TOO_LARGE, "%d MB", LIMIT_UPLOAD_BYTES / (1024 * 1024));
    if (head) {
        memcpy(submit->head + submit->head_n, bytes.p, head);
        submit->head_n += head;
        if (submit->head_n == HEAD && submit_sniff(submit, err) < 0)
            return -1;
    }
    return bytes.n > head ? store_blob_write(submit->writer, bytes.p + head, bytes.n - head, err) : 0;
}

void flow_submit_back(struct flow_submit *front, struct flow_submit *back)
{
    front->back = back;
}

void flow_submit_once(struct flow_submit *submit, const struct flow_idempotency *once)
{
    submit->actor.once = once;
}

static int submit_store(struct flow_submit *submit, struct store_tx *tx, struct id *ret_scan, struct err *err)
{
    struct store_scan scan = {.list = submit->goal.list,
                              .fair = submit->goal.fair,
                              .user = submit->actor.user,
                              .blob = submit->blob.id,
                              .media_type = submit->blob.media_type};
    struct id job;
    if (submit->back) {
        scan.back = submit->back->blob.id;
        if (store_blob_add(tx, &submit->back->blob, err) < 0)
            return -1;
    }
    if (store_blob_add(tx, &submit->blob, err) < 0 || store_scan_add(tx, &scan, ret_scan, err) < 0)
        return -1;
    struct store_job_spec spec = {
        .kind = "read", .subject = *ret_scan, .user = submit->actor.user, .max_attempts = FLOW_READ_ATTEMPTS};
    if (store_job_add(tx, &spec, &job, err) < 0 || store_scan_set_job(tx, ret_scan, &job, err) < 0)
        return -1;
    struct flow_deed deed = {
        .action = "scan.create", .kind = "scan", .subject = ret_scan, .state = flow_scan_words[FLOW_SCAN_received]};
    flow_tell(tx, &submit->actor, &deed);
    return 0;
}

/* The earlier scan of the same bytes, or a new one. The answer of a keyed request is kept along with it. */
static int submit_settle(struct flow_submit *submit, struct arena *arena, struct flow_scan *ret_scan, bool *ret_earlier,
                         struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_scan fresh;
    struct id scan;
    if (flow_begin(submit->flow, &submit->actor, &tx, err) < 0)
        return -1;
    const struct store_scan_content content = {&submit->blob.content_hash,
                                               submit->back ? &submit->back->blob.content_hash : NULL};
    bool earlier = store_scan_same(tx, &submit->actor.user, &content, &scan, err) == 0;
    if (!earlier && (err->code != ERR_NOT_FOUND || submit_store(submit, tx, &scan, err) < 0))
        return -1; /* ERR_CONFLICT: somebody sent the same just now; the row of our file goes with the rollback */
    if (flow_scan_fresh(tx, &submit->actor, &scan, arena, &fresh, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = earlier ? 200 : 202,
                                             .location = str_printf(arena, "/v1/scans/%s", scan.s),
                                             .body = json_write(&flow_scan_shape, &fresh, arena)};
    if (flow_once(tx, &submit->actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_scan = fresh;
    *ret_earlier = earlier;
    return 0;
}

/* Everything of one photo is here: its file is on the disk, and goes again unless a row comes to point to it. */
static int submit_finish(struct flow_submit *submit, struct err *err)
{
    if (submit->head_n < HEAD && submit_sniff(submit, err) < 0)
        return -1;
    if (store_blob_finish(&submit->writer, &submit->blob, err) < 0)
        return -1;
    submit->discard = true;
    submit->blob.media_type = ocr_probe_media_type(submit->type);
    return 0;
}

static void submit_discard(struct flow_submit *submit, bool discard)
{
    submit->discard = discard;
    if (submit->back)
        submit->back->discard = discard;
}

int flow_submit_commit(struct flow_submit *submit, struct arena *arena, struct flow_scan *ret_scan, bool *ret_earlier,
                       struct err *err)
{
    if (submit_finish(submit, err) < 0 || (submit->back && submit_finish(submit->back, err) < 0))
        return -1;
    int r = submit_settle(submit, arena, ret_scan, ret_earlier, err);
    if (r < 0 && err->code == ERR_CONFLICT) /* now the other one's scan can be seen: it is the answer */
        r = submit_settle(submit, arena, ret_scan, ret_earlier, err);
    if (r < 0) {
        /* A commit whose answer was lost may have happened: then the files must stay. The sweep finds them if not. */
        submit_discard(submit, err->code != ERR_STORE_DOWN);
        return -1;
    }
    submit_discard(submit, *ret_earlier);
    return 0;
}

void flow_submit_free(struct flow_submit *submit)
{
    if (!submit)
        return;
    store_blob_writer_freep(&submit->writer);
    if (submit->discard)
        store_blob_discard(submit->flow->store, &submit->blob);
    free(submit);
}
