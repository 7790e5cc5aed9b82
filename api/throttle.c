/* See throttle.h. A fixed table: a newcomer takes the place of whoever's window is over, or of the least failures, so
 * that nobody can fill the memory, and a flood of names cannot wash a much-tried account out. */
#include "api/throttle.h"

#include "base/crypto.h"

#include <pthread.h>

enum { SETS = 2048, WAYS = 4 };

struct slot {
    uint64_t key;
    int64_t since_ms;
    int failures;
};

struct api_throttle {
    pthread_mutex_t lock;
    struct crypto_key key; /* so that nobody can aim at a set */
    struct slot slots[SETS][WAYS];
};

struct api_throttle *api_throttle_new(void)
{
    struct api_throttle *throttle = calloc(1, sizeof *throttle);
    if (!throttle)
        abort();
    pthread_mutex_init(&throttle->lock, NULL);
    crypto_random(&throttle->key, sizeof throttle->key);
    return throttle;
}

void api_throttle_free(struct api_throttle *throttle)
{
    if (throttle)
        pthread_mutex_destroy(&throttle->lock);
    free(throttle);
}

static uint64_t hash(const struct api_throttle *throttle, struct str account, struct str address)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 20);
    struct str text = str_printf(arena, "%.*s|%.*s", STR_ARG(str_lower(arena, account)), STR_ARG(address));
    struct crypto_hash h = crypto_hmac(&throttle->key, text);
    uint64_t key;
    memcpy(&key, h.b, sizeof key);
    return key | 1;
}

/* The slot of the key; a fresh one when there is none and `make`. */
static struct slot *find(struct api_throttle *throttle, uint64_t key, int64_t now_ms, bool make)
{
    struct slot *set = throttle->slots[key / 2 % SETS], *least = set;
    for (struct slot *s = set; s < set + WAYS; s++) {
        if (now_ms - s->since_ms > API_THROTTLE_WINDOW_MS)
            *s = (struct slot){.since_ms = now_ms};
        if (s->key == key)
            return s;
        if (s->failures < least->failures)
            least = s;
    }
    if (!make)
        return NULL;
    *least = (struct slot){key, now_ms, 0};
    return least;
}

static int failures(struct api_throttle *throttle, uint64_t key, int64_t now_ms)
{
    const struct slot *slot = find(throttle, key, now_ms, false);
    return slot ? slot->failures : 0;
}

int api_throttle_check(struct api_throttle *throttle, struct str account, struct str address, int64_t now_ms,
                       struct err *err)
{
    uint64_t both = hash(throttle, account, address), one = hash(throttle, STR(""), address);
    pthread_mutex_lock(&throttle->lock);
    bool full = failures(throttle, both, now_ms) >= API_THROTTLE_ACCOUNT ||
                failures(throttle, one, now_ms) >= API_THROTTLE_ADDRESS;
    pthread_mutex_unlock(&throttle->lock);
    return full ? err_set(err, ERR_RATE, "%s", "") : 0;
}

void api_throttle_failed(struct api_throttle *throttle, struct str account, struct str address, int64_t now_ms)
{
    uint64_t both = hash(throttle, account, address), one = hash(throttle, STR(""), address);
    pthread_mutex_lock(&throttle->lock);
    find(throttle, both, now_ms, true)->failures++;
    find(throttle, one, now_ms, true)->failures++;
    pthread_mutex_unlock(&throttle->lock);
}
