/* See stream.h. Lock order: a stream's pull takes `lock` alone; whoever holds `lock` may wake the server. */
#include "api/stream.h"

#include "api/server.h"
#include "base/clock.h"
#include "flow/events.h"

#include <pthread.h>
#include <stdatomic.h>

enum { POLL_MS = 5000 };

struct reader {
    struct reader *next;
    struct api_stream *stream;
    struct api_request *request;
    struct flow_actor actor; /* its texts live in the request's arena, which the network holds until close() */
    int64_t last;            /* number of the newest event in the buffer */
    int64_t since_ms;
    int users; /* the network, and whoever looks for its events */
    bool closed, ended;
    size_t n;
    char buffer[API_STREAM_BUFFER];
};

struct api_stream {
    const struct flow *flow;
    struct flow_listener *listener;
    pthread_t thread;
    pthread_mutex_t lock;
    struct reader *readers;
    int count;
    int64_t beat_ms;
    atomic_bool stop, hushed;
};

static void append(struct reader *reader, struct str text)
{
    if (reader->n + text.n > sizeof reader->buffer) {
        reader->ended = true;
        return;
    }
    memcpy(reader->buffer + reader->n, text.p, text.n);
    reader->n += text.n;
}

static void release(struct reader *reader)
{
    if (--reader->users == 0)
        free(reader);
}

static void append_batch(struct reader *reader, const struct flow_event_batch *batch, struct arena *arena)
{
    const struct flow_event *events = batch->items.items;
    if (batch->gap)
        append(reader, STR("event: reset\ndata: {}\n\n"));
    for (size_t i = 0; i < batch->items.n; i++) {
        struct str data = json_write(&flow_event_shape, &events[i], arena);
        append(reader, str_printf(arena, "id: %lld\nevent: %.*s\ndata: %.*s\n\n", (long long)events[i].number,
                                  STR_ARG(events[i].type), STR_ARG(data)));
    }
    reader->last = batch->last;
}

/* For who may no longer look. */
static void end(struct api_stream *stream, struct reader *reader)
{
    pthread_mutex_lock(&stream->lock);
    if (!reader->closed) {
        reader->ended = true;
        api_server_wake(reader->request);
    }
    pthread_mutex_unlock(&stream->lock);
}

/* Everything behind reader->last; returns whether there may be more. */
static bool fill(struct api_stream *stream, struct reader *reader)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(8 << 20);
    struct flow_event_batch batch = {.gap = false};
    struct err err;
    pthread_mutex_lock(&stream->lock);
    int64_t from = reader->last;
    pthread_mutex_unlock(&stream->lock);
    if (flow_event_after(stream->flow, &reader->actor, from, arena, &batch, &err) < 0) {
        if (err.code == ERR_FORBIDDEN)
            end(stream, reader);
        return false;
    }
    pthread_mutex_lock(&stream->lock);
    if (reader->last != from) { /* another thread has been here */
        pthread_mutex_unlock(&stream->lock);
        return true;
    }
    if (!reader->closed) {
        append_batch(reader, &batch, arena);
        if (batch.gap || batch.items.n)
            api_server_wake(reader->request);
    }
    bool more = batch.more && !reader->closed && !reader->ended;
    pthread_mutex_unlock(&stream->lock);
    return more;
}

/* Brings the readers of one organisation (none: of all) up to date. */
static void pump(struct api_stream *stream, const struct id *org)
{
    pthread_mutex_lock(&stream->lock);
    struct reader *list[API_STREAMS];
    int n = 0;
    for (struct reader *r = stream->readers; r; r = r->next)
        if (id_none(org) || id_eq(&r->actor.org, org)) {
            r->users++;
            list[n++] = r;
        }
    pthread_mutex_unlock(&stream->lock);
    for (int i = 0; i < n; i++) {
        while (fill(stream, list[i]))
            continue;
        pthread_mutex_lock(&stream->lock);
        release(list[i]);
        pthread_mutex_unlock(&stream->lock);
    }
}

static void *run(void *arg)
{
    struct api_stream *stream = arg;
    while (!atomic_load(&stream->stop)) {
        enum flow_news news = FLOW_NEWS_NONE;
        struct id org = {""};
        struct err err;
        if (flow_listen_wait(stream->listener, POLL_MS, &news, &org, &err) < 0)
            (void)nanosleep(&(struct timespec){.tv_nsec = 500 * 1000000L}, NULL);
        else if (news != FLOW_NEWS_JOB)
            pump(stream, &org);
    }
    return NULL;
}

static ssize_t pull(void *self, char *p, size_t n)
{
    struct reader *reader = self;
    struct api_stream *stream = reader->stream;
    pthread_mutex_lock(&stream->lock);
    size_t give = reader->n < n ? reader->n : n;
    memcpy(p, reader->buffer, give);
    memmove(reader->buffer, reader->buffer + give, reader->n - give);
    reader->n -= give;
    ssize_t r = give ? (ssize_t)give : reader->ended ? -1 : 0;
    pthread_mutex_unlock(&stream->lock);
    return r;
}

static void close_reader(void *self)
{
    struct reader *reader = self;
    struct api_stream *stream = reader->stream;
    pthread_mutex_lock(&stream->lock);
    for (struct reader **at = &stream->readers; *at; at = &(*at)->next)
        if (*at == reader) {
            *at = reader->next;
            break;
        }
    stream->count--;
    reader->closed = true;
    /* Whoever still holds it must not read the actor's texts, which die with the request. */
    while (reader->users > 1) {
        pthread_mutex_unlock(&stream->lock);
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000L}, NULL);
        pthread_mutex_lock(&stream->lock);
    }
    release(reader);
    pthread_mutex_unlock(&stream->lock);
}

int api_stream_open(struct api_stream *stream, struct api_request *request, struct err *err)
{
    struct str after = api_request_field(request, "last-event-id");
    int64_t last = 0;
    if (after.p && !str_to_int(after, 0, INT64_MAX, &last))
        return err_set(err, ERR_INVALID, "%s", "Last-Event-ID");
    if (!after.p && flow_event_last(stream->flow, &request->who.actor, &last, err) < 0)
        return -1;
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return err_set(err, ERR_BUSY, "%s", "memory");
    reader->stream = stream;
    reader->request = request;
    reader->actor = request->who.actor;
    reader->last = last;
    reader->since_ms = clock_mono_ms();
    reader->users = 1;
    append(reader, STR("retry: 3000\n: kartei\n\n"));
    pthread_mutex_lock(&stream->lock);
    bool full = stream->count >= API_STREAMS;
    reader->ended = atomic_load(&stream->hushed);
    if (!full) {
        reader->next = stream->readers;
        stream->readers = reader;
        stream->count++;
    }
    pthread_mutex_unlock(&stream->lock);
    if (full) {
        free(reader);
        return err_set(err, ERR_BUSY, "%s", "too many event streams");
    }
    api_answer_set(&request->answer, 200, "text/event-stream; charset=utf-8", STR_NONE);
    api_answer_field(&request->answer, "X-Accel-Buffering", STR("no"));
    request->answer.pull = (struct api_pull){reader, -1, pull, close_reader};
    while (fill(stream, reader))
        continue;
    return 0;
}

void api_stream_tick(struct api_stream *stream)
{
    int64_t now = clock_mono_ms();
    pthread_mutex_lock(&stream->lock);
    bool beat = now - stream->beat_ms >= API_STREAM_BEAT_MS;
    if (beat)
        stream->beat_ms = now;
    for (struct reader *r = stream->readers; beat && r; r = r->next) {
        append(r, STR(": beat\n\n"));
        r->ended = r->ended || now - r->since_ms > API_STREAM_LIFE_MS;
        api_server_wake(r->request);
    }
    pthread_mutex_unlock(&stream->lock);
}

void api_stream_hush(struct api_stream *stream)
{
    atomic_store(&stream->hushed, true);
    pthread_mutex_lock(&stream->lock);
    for (struct reader *r = stream->readers; r; r = r->next) {
        r->ended = true;
        api_server_wake(r->request);
    }
    pthread_mutex_unlock(&stream->lock);
}

int api_stream_count(struct api_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    int n = stream->count;
    pthread_mutex_unlock(&stream->lock);
    return n;
}

int api_stream_start(const struct flow *flow, struct api_stream **ret_stream, struct err *err)
{
    struct api_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        abort();
    stream->flow = flow;
    stream->beat_ms = clock_mono_ms();
    pthread_mutex_init(&stream->lock, NULL);
    if (flow_listen(flow, &stream->listener, err) < 0) {
        pthread_mutex_destroy(&stream->lock);
        free(stream);
        return -1;
    }
    if (pthread_create(&stream->thread, NULL, run, stream) != 0)
        abort();
    *ret_stream = stream;
    return 0;
}

void api_stream_stop(struct api_stream *stream)
{
    if (!stream)
        return;
    atomic_store(&stream->stop, true);
    flow_listen_wake(stream->listener);
    (void)pthread_join(stream->thread, NULL);
    flow_listen_freep(&stream->listener);
    pthread_mutex_destroy(&stream->lock);
    free(stream);
}
