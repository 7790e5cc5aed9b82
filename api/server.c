/* See server.h. A connection walks: HEAD (crew) -> BODY (I/O) <-> STEP (crew) -> WHOLE (crew) -> ANSWER (I/O). While
 * the crew has it, the connection is suspended and belongs to the crew alone. */
#include "api/server.h"

#include "api/wire/crew.h"
#include "api/wire/door.h"
#include "base/clock.h"

#include <assert.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

enum phase { PHASE_NEW, PHASE_HEAD, PHASE_BODY, PHASE_STEP, PHASE_WHOLE, PHASE_ANSWER };
enum { IO_MAX = 16, TICK_MS = 250 };

/* The server's side of one request. */
struct api_wire {
    struct api_task task; /* first: the crew hands it back */
    struct api_server *server;
    struct api_request *request;
    struct MHD_Connection *connection;
    int fd;
    _Atomic enum phase phase;
    struct api_wire *before, *after;                  /* ring of all, under server.lock */
    int64_t body_since_ms, later_ms, answer_until_ms; /* 0 = not; under server.lock */
    int park_ms;                                      /* of the crew's thread: what api_server_later() asked for */
    atomic_llong received;
    pthread_mutex_t sleep_lock; /* of the two below: an answer that is pulled */
    bool asleep, woken;
};

struct api_server {
    struct api_server_hooks hooks;
    struct api_door *door;
    struct api_crew *crew;
    struct MHD_Daemon *daemon[IO_MAX];
    int daemons;
    atomic_uint turn;
    struct api_request **arriving; /* by descriptor: from the door's hand to the connection's start */
    size_t descriptors;
    pthread_mutex_t lock; /* ring, connections */
    struct api_wire ring;
    int connections;
    atomic_bool stop;
    pthread_t ticker;
};

static void hand_to_crew(struct api_wire *wire, enum phase phase)
{
    wire->phase = phase;
    MHD_suspend_connection(wire->connection);
    api_crew_push(wire->server->crew, &wire->task);
}

static ssize_t pull(void *cls, uint64_t at, char *p, size_t n)
{
    struct api_wire *wire = cls;
    struct api_pull *from = &wire->request->answer.pull;
    (void)at;
    for (;;) {
        ssize_t got = from->read(from->self, p, n);
        if (got > 0)
            return got;
        if (got < 0)
            return from->size < 0 ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
        pthread_mutex_lock(&wire->sleep_lock);
        bool again = wire->woken;
        wire->woken = false;
        if (!again) {
            wire->asleep = true;
            MHD_suspend_connection(wire->connection);
        }
        pthread_mutex_unlock(&wire->sleep_lock);
        if (!again)
            return 0;
    }
}

/* The last thing done is the resuming: until then the connection, and with it the wire, cannot go away. */
void api_server_wake(struct api_request *request)
{
    struct api_wire *wire = request->wire;
    pthread_mutex_lock(&wire->sleep_lock);
    bool asleep = wire->asleep;
    wire->asleep = false;
    wire->woken = !asleep;
    pthread_mutex_unlock(&wire->sleep_lock);
    if (asleep)
        MHD_resume_connection(wire->connection);
}

static enum MHD_Result answer(struct api_wire *wire)
{
    struct api_answer *a = &wire->request->answer;
    bool pulled = a->pull.read != NULL;
    assert(a->status >= 200 && a->status < 600);
    int64_t size = pulled ? a->pull.size : (int64_t)a->body.n;
    struct MHD_Response *response =
        pulled
            ? MHD_create_response_from_callback(size < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)size, 16384, pull, wire, NULL)
            : MHD_create_response_from_buffer(a->body.n, (void *)(uintptr_t)a->body.p, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < a->n; i++)
        (void)MHD_add_response_header(response, a->fields[i].name.p, str_z(wire->request->arena, a->fields[i].value));
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    pthread_mutex_lock(&wire->server->lock);
    wire->answer_until_ms = size < 0 ? 0 : clock_mono_ms() + API_ANSWER_MS + size / 16;
    pthread_mutex_unlock(&wire->server->lock);
    wire->phase = PHASE_ANSWER;
    enum MHD_Result queued = MHD_queue_response(wire->connection, (unsigned)a->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* Bytes of the body on an I/O thread. */
static enum MHD_Result take_body(struct api_wire *wire, const char *p, size_t *n)
{
    struct api_server *server = wire->server;
    struct str bytes = {p, *n};
    wire->received += (long long)*n;
    size_t taken = server->hooks.body(server->hooks.self, wire->request, bytes);
    if (taken == API_SERVER_HANG_UP)
        return MHD_NO;
    if (taken < *n) {
        wire->received -= (long long)(*n - taken);
        hand_to_crew(wire, PHASE_STEP);
    }
    *n -= taken;
    return MHD_YES;
}

/* Called by the library for every step of a connection; what it read of the head itself is not used. */
static enum MHD_Result on_step(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *p, size_t *n, void **context)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct api_wire *wire = info ? info->socket_context : NULL;
    (void)cls, (void)url, (void)method, (void)version, (void)context;
    if (!wire || wire->phase == PHASE_ANSWER)
        return MHD_NO;
    if (wire->request->answer.status)
        return answer(wire);
    if (wire->phase == PHASE_NEW) {
        wire->connection = connection;
        hand_to_crew(wire, PHASE_HEAD);
        return MHD_YES;
    }
    if (wire->phase == PHASE_HEAD) {
        pthread_mutex_lock(&wire->server->lock);
        wire->body_since_ms = clock_mono_ms();
        pthread_mutex_unlock(&wire->server->lock);
        wire->phase = PHASE_BODY;
        return MHD_YES;
    }
    wire->phase = PHASE_BODY;
    if (*n)
        return take_body(wire, p, n);
    hand_to_crew(wire, PHASE_WHOLE);
    return MHD_YES;
}

static void work(void *self, struct api_task *task)
{
    struct api_server *server = self;
    struct api_wire *wire = (struct api_wire *)task;
    void (*step)(void *, struct api_request *) = wire->phase == PHASE_HEAD   ? server->hooks.head
                                                 : wire->phase == PHASE_STEP ? server->hooks.step
                                                                             : server->hooks.whole;
    wire->request->answer.pull.size = -1;
    wire->park_ms = 0;
    step(server->hooks.self, wire->request);
    if (wire->park_ms == 0) {
        MHD_resume_connection(wire->connection);
        return;
    }
    wire->phase = PHASE_WHOLE;
    pthread_mutex_lock(&server->lock);
    wire->later_ms = clock_mono_ms() + wire->park_ms;
    pthread_mutex_unlock(&server->lock);
}

void api_server_later(struct api_request *request, int ms)
{
    request->wire->park_ms = ms;
}

static void begin(struct api_server *server, struct api_request *request, int fd, void **context)
{
    struct api_wire *wire = arena_one(request->arena, struct api_wire);
    *wire = (struct api_wire){.server = server, .request = request, .fd = fd, .phase = PHASE_NEW};
    pthread_mutex_init(&wire->sleep_lock, NULL);
    request->wire = wire;
    *context = wire;
    pthread_mutex_lock(&server->lock);
    wire->after = &server->ring;
    wire->before = server->ring.before;
    wire->before->after = server->ring.before = wire;
    pthread_mutex_unlock(&server->lock);
}

static void finish(struct api_server *server, struct api_wire *wire)
{
    struct api_pull *from = &wire->request->answer.pull;
    pthread_mutex_lock(&server->lock);
    wire->before->after = wire->after;
    wire->after->before = wire->before;
    pthread_mutex_unlock(&server->lock);
    if (from->close)
        from->close(from->self);
    server->hooks.done(server->hooks.self, wire->request);
    pthread_mutex_destroy(&wire->sleep_lock);
    api_request_free(wire->request);
    pthread_mutex_lock(&server->lock);
    server->connections--;
    pthread_mutex_unlock(&server->lock);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct api_server *server = cls;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context)
            finish(server, *context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    int fd = info->connect_fd;
    struct api_request *request = server->arriving[fd];
    server->arriving[fd] = NULL;
    if (request)
        begin(server, request, fd, context);
}

/* The door's thread brings a connection whose head is good. */
static void take_connection(void *self, int fd, struct api_request *request)
{
    struct api_server *server = self;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if ((size_t)fd >= server->descriptors) {
        api_request_free(request);
        (void)close(fd);
        return;
    }
    pthread_mutex_lock(&server->lock);
    server->connections++;
    pthread_mutex_unlock(&server->lock);
    server->arriving[fd] = request;
    struct MHD_Daemon *daemon = server->daemon[server->turn++ % (unsigned)server->daemons];
    if (MHD_add_connection(daemon, fd, (struct sockaddr *)&address, sizeof address) == MHD_YES)
        return;
    /* The library has closed the descriptor; its request dies unanswered. */
    server->arriving[fd] = NULL;
    api_request_free(request);
    pthread_mutex_lock(&server->lock);
    server->connections--;
    pthread_mutex_unlock(&server->lock);
}

static struct str refuse(void *self, const struct err *err, struct arena *arena)
{
    struct api_server *server = self;
    return server->hooks.refuse(server->hooks.self, err, arena);
}

static bool too_slow(const struct api_wire *wire, int64_t now)
{
    int64_t spent = now - wire->body_since_ms;
    if (wire->phase == PHASE_BODY && wire->body_since_ms && spent > API_BODY_GRACE_MS)
        return wire->received < spent / 1000 * API_BODY_RATE;
    return wire->phase == PHASE_ANSWER && wire->answer_until_ms && now > wire->answer_until_ms;
}

/* Slow clients are cut off by shutting their socket down: the library then sees an end and cleans up itself. */
static void look_round(struct api_server *server)
{
    int64_t now = clock_mono_ms();
    pthread_mutex_lock(&server->lock);
    for (struct api_wire *wire = server->ring.after; wire != &server->ring; wire = wire->after) {
        if (too_slow(wire, now))
            (void)shutdown(wire->fd, SHUT_RDWR);
        if (wire->later_ms && wire->later_ms <= now) {
            wire->later_ms = 0;
            api_crew_push(server->crew, &wire->task);
        }
    }
    pthread_mutex_unlock(&server->lock);
}

static void *tick(void *arg)
{
    struct api_server *server = arg;
    while (!atomic_load(&server->stop)) {
        look_round(server);
        server->hooks.tick(server->hooks.self);
        (void)nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
    }
    return NULL;
}

static int start_daemons(struct api_server *server, int wanted, struct err *err)
{
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME;
    for (int i = 0; i < wanted && i < IO_MAX; i++) {
        server->daemon[i] =
            MHD_start_daemon(flags, 0, NULL, NULL, on_step, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
                             MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32768, MHD_OPTION_CONNECTION_TIMEOUT, 30U,
                             MHD_OPTION_CONNECTION_LIMIT, 4096U, MHD_OPTION_END);
        if (!server->daemon[i])
            return err_set(err, ERR_INTERNAL, "%s", "HTTP library");
        server->daemons++;
    }
    return 0;
}

static void unwind(struct api_server *server)
{
    api_door_close(server->door);
    api_crew_end(server->crew);
    for (int i = 0; i < server->daemons; i++)
        MHD_stop_daemon(server->daemon[i]);
    pthread_mutex_destroy(&server->lock);
    free(server->arriving);
    free(server);
}

int api_server_start(const struct api_server_settings *settings, const struct api_server_hooks *hooks,
                     struct api_server **ret_server, struct err *err)
{
    struct rlimit limit = {.rlim_cur = 1024};
    struct api_server *server = calloc(1, sizeof *server);
    if (!server)
        abort();
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    server->descriptors = limit.rlim_cur < 65536 ? (size_t)limit.rlim_cur : 65536;
    server->arriving = calloc(server->descriptors, sizeof *server->arriving);
    server->hooks = *hooks;
    server->ring.before = server->ring.after = &server->ring;
    pthread_mutex_init(&server->lock, NULL);
    server->crew = api_crew_new(settings->crew_threads, work, server);
    struct api_door_hooks door = {server, take_connection, refuse};
    if (start_daemons(server, settings->io_threads, err) < 0 ||
        api_door_open(settings->socket_path, &door, &server->door, err) < 0) {
        unwind(server);
        return -1;
    }
    if (pthread_create(&server->ticker, NULL, tick, server) != 0)
        abort();
    *ret_server = server;
    return 0;
}

struct api_server_counts api_server_counts(struct api_server *server)
{
    pthread_mutex_lock(&server->lock);
    struct api_server_counts counts = {.connections = server->connections};
    pthread_mutex_unlock(&server->lock);
    counts.queued = api_crew_waiting(server->crew);
    return counts;
}

void api_server_stop(struct api_server *server, void (*hush)(void *self))
{
    api_door_close(server->door);
    server->door = NULL;
    hush(server->hooks.self);
    int64_t until = clock_mono_ms() + API_DRAIN_MS;
    while (clock_mono_ms() < until && api_server_counts(server).connections > 0)
        (void)nanosleep(&(struct timespec){.tv_nsec = 20 * 1000000L}, NULL);
    atomic_store(&server->stop, true);
    (void)pthread_join(server->ticker, NULL);
    pthread_mutex_lock(&server->lock);
    for (struct api_wire *wire = server->ring.after; wire != &server->ring; wire = wire->after) {
        if (wire->later_ms)
            MHD_resume_connection(wire->connection);
        (void)shutdown(wire->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&server->lock);
    unwind(server);
}
