/* Group commit of entries that belong to no other change (store_audit_append): whoever comes first writes for all who
 * wait meanwhile, in one transaction an organisation. There is no thread and no pause: alone, a caller writes at once.
 */
#include "store/audit/entry.h"
#include "store/core/tx.h"

#include <pthread.h>

enum { QUEUES = 64, BATCH_MOST = 512 };

struct waiting {
    struct waiting *next;
    struct id org;
    const struct store_audit *entries;
    size_t n;
    bool done;
    int result;
    struct err err;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct waiting *first, **end;
    bool led;
};

struct store_audit_queues {
    struct queue queue[QUEUES];
};

struct store_audit_queues *store_audit_queues_new(void)
{
    struct store_audit_queues *queues = calloc(1, sizeof *queues);
    if (!queues)
        abort();
    for (size_t i = 0; i < QUEUES; i++) {
        struct queue *queue = &queues->queue[i];
        (void)pthread_mutex_init(&queue->lock, NULL);
        (void)pthread_cond_init(&queue->changed, NULL);
        queue->end = &queue->first;
    }
    return queues;
}

void store_audit_queues_free(struct store_audit_queues *queues)
{
    for (size_t i = 0; queues && i < QUEUES; i++) {
        (void)pthread_cond_destroy(&queues->queue[i].changed);
        (void)pthread_mutex_destroy(&queues->queue[i].lock);
    }
    free(queues);
}

/* UUIDs end in random digits. */
static struct queue *queue_of(struct store_audit_queues *queues, const struct id *org)
{
    uint32_t h = 0;
    for (const char *p = org->s; *p; p++)
        h = h * 31 + (unsigned char)*p;
    return &queues->queue[h % QUEUES];
}

/* Takes those of the first one's organisation, up to a bound, out of the queue. */
static struct waiting *batch_take(struct queue *queue)
{
    struct waiting *batch = NULL, **end = &batch, **at = &queue->first;
    struct id org = queue->first->org;
    for (size_t n = 0; *at && n < BATCH_MOST;) {
        struct waiting *one = *at;
        if (!id_eq(&one->org, &org)) {
            at = &one->next;
            continue;
        }
        n += one->n;
        *at = one->next;
        one->next = NULL;
        *end = one;
        end = &one->next;
    }
    queue->end = &queue->first;
    while (*queue->end)
        queue->end = &(*queue->end)->next;
    return batch;
}

static int batch_write(struct store *store, const struct waiting *batch, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (store_begin(store, &batch->org, &tx, err) < 0)
        return -1;
    for (const struct waiting *one = batch; one; one = one->next)
        for (size_t i = 0; i < one->n; i++)
            store_audit(tx, &one->entries[i]);
    return store_commit(&tx, err);
}

/* With the lock: writes one batch, without it while the database works. */
static void lead(struct store *store, struct queue *queue)
{
    struct waiting *batch = batch_take(queue);
    struct err err = {.code = ERR_NONE};
    queue->led = true;
    (void)pthread_mutex_unlock(&queue->lock);
    int result = batch_write(store, batch, &err);
    (void)pthread_mutex_lock(&queue->lock);
    for (struct waiting *one = batch, *next; one; one = next) {
        next = one->next; /* a waiting caller's frame may be gone once it is done */
        one->result = result;
        one->err = err;
        one->done = true;
    }
    queue->led = false;
    (void)pthread_cond_broadcast(&queue->changed);
}

int store_audit_append(struct store *store, const struct id *org, const struct store_audit *entries, size_t n,
                       struct err *err)
{
    struct queue *queue = queue_of(store->audits, org);
    struct waiting mine = {.org = *org, .entries = entries, .n = n};
    if (n == 0)
        return 0;
    (void)pthread_mutex_lock(&queue->lock);
    *queue->end = &mine;
    queue->end = &mine.next;
    while (!mine.done) {
        if (queue->led)
            (void)pthread_cond_wait(&queue->changed, &queue->lock);
        else
            lead(store, queue);
    }
    (void)pthread_mutex_unlock(&queue->lock);
    if (mine.result < 0)
        *err = mine.err;
    return mine.result;
}
