/* Wake-up hints from PostgreSQL's LISTEN/NOTIFY; see store/store.h. */
#include "base/clock.h"
#include "store/core/tx.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>

enum { KEYS_MS = 30 * 1000 }; /* whoever loads a key while it is destroyed keeps it this long */

struct store_listener {
    struct store *store;
    struct store_pg *pg; /* NULL when the connection was lost */
    int wake;            /* eventfd */
    int64_t keys_at;     /* monotonic ms: when to look next which keys are no more */
};

static int listener_connect(struct store_listener *listener, struct err *err)
{
    if (listener->pg && store_pg_alive(listener->pg))
        return 0;
    store_pg_close(take(listener->pg));
    listener->keys_at = 0; /* we may have missed to be told */
    if (store_pg_open(listener->store->conninfo, &listener->pg, err) < 0)
        return -1;
    return store_pg_command(listener->pg, "listen kartei_job; listen kartei_event; listen kartei_key", err);
}

int store_listen(struct store *store, struct store_listener **ret_listener, struct err *err)
{
    struct store_listener *listener = calloc(1, sizeof *listener);
    if (!listener)
        abort();
    listener->store = store;
    listener->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int r = listener->wake < 0 ? err_set(err, ERR_BUSY, "file descriptors") : listener_connect(listener, err);
    if (r < 0)
        store_listener_freep(&listener);
    else
        *ret_listener = listener;
    return r;
}

static bool listener_hint(struct store_listener *listener, enum store_hint *ret_hint, struct id *ret_org)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    struct str channel, payload;
    struct id org = {{0}};
    while (store_pg_notification(listener->pg, arena, &channel, &payload)) {
        if (str_eq(channel, STR("kartei_key"))) {
            listener->keys_at = 0;
            continue;
        }
        *ret_hint = str_eq(channel, STR("kartei_job")) ? STORE_HINT_JOB : STORE_HINT_EVENT;
        *ret_org = id_parse(payload, &org) ? org : (struct id){{0}};
        return true;
    }
    return false;
}

/* Keys that were dropped or destroyed leave this process's memory; when the database is away, at the next call. */
static void keys_look(struct store_listener *listener)
{
    struct err ignored;
    if (clock_mono_ms() >= listener->keys_at && store_keys_forget_gone(listener->store, &ignored) == 0)
        listener->keys_at = clock_mono_ms() + KEYS_MS;
}

int store_listener_wait(struct store_listener *listener, int timeout_ms, enum store_hint *ret_hint, struct id *ret_org,
                        struct err *err)
{
    uint64_t woken;
    if (listener_connect(listener, err) < 0)
        return -1;
    *ret_hint = STORE_HINT_NONE;
    bool told = listener_hint(listener, ret_hint, ret_org);
    keys_look(listener);
    if (told)
        return 0;
    struct pollfd fds[] = {{.fd = store_pg_socket(listener->pg), .events = POLLIN},
                           {.fd = listener->wake, .events = POLLIN}};
    if (poll(fds, ARRAY_LEN(fds), timeout_ms) < 0 && errno != EINTR)
        return err_set(err, ERR_INTERNAL, "%s", "");
    (void)!read(listener->wake, &woken, sizeof woken);
    (void)listener_hint(listener, ret_hint, ret_org);
    keys_look(listener);
    if (!store_pg_alive(listener->pg)) {
        (void)err_set(err, ERR_STORE_DOWN, "%s", "");
        return err_detail(err, "the listening connection was lost");
    }
    return 0;
}

void store_listener_wake(struct store_listener *listener)
{
    uint64_t one = 1;
    (void)!write(listener->wake, &one, sizeof one);
}

void store_listener_freep(struct store_listener **listener)
{
    if (!*listener)
        return;
    store_pg_close((*listener)->pg);
    if ((*listener)->wake >= 0)
        (void)close((*listener)->wake);
    free(take(*listener));
}
