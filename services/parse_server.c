/* A table of connections, each in one state, and one poll() over all of them; see parse_server.h. A client that goes
 * away takes its child with it; a child that dies gives its client an answer that says so. */
#include "services/parse_server.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { CONNECTIONS = 128, REQUEST_MS = 5000, ANSWER_MS = 20000 };

enum state { FREE, ASKED, QUEUED, READING, ANSWERING }; /* ASKED: connected, the descriptor has not come yet */

struct connection {
    enum state state;
    int fd, bytes;
    enum parse_kind kind;
    int64_t since; /* of the state: the queue is first come, first served */
    struct parse_child child;
    struct arena *arena;
    struct str answer; /* with its length in front */
    size_t sent;
};

struct server {
    const struct parse_readers *readers;
    int listener, signals;
    int running, most;
    bool draining;
    struct connection connections[CONNECTIONS];
};

static void enter(struct connection *c, enum state state)
{
    c->state = state;
    c->since = clock_mono_ms();
}

static void hang_up(struct server *s, struct connection *c)
{
    if (c->state == READING) {
        parse_child_kill(&c->child);
        _cleanup_(arena_freep) struct arena *arena = arena_new(2 * (size_t)LIMIT_PARSE_ANSWER);
        (void)parse_child_end(&c->child, arena);
        s->running--;
    }
    if (c->bytes >= 0)
        (void)close(c->bytes);
    (void)close(c->fd);
    arena_free(c->arena);
    *c = (struct connection){.fd = -1, .bytes = -1};
}

static void answer(struct connection *c, struct str json)
{
    uint64_t n = json.n;
    struct strbuf buf = {.arena = c->arena};
    strbuf_add(&buf, (struct str){(const char *)&n, sizeof n});
    strbuf_add(&buf, json);
    c->answer = strbuf_str(&buf);
    enter(c, ANSWERING);
}

static void start_reading(struct server *s, struct connection *c)
{
    struct err err = {0};
    c->arena = arena_new(8 * (size_t)LIMIT_PARSE_ANSWER);
    int started = parse_child_start(s->readers, c->kind, c->bytes, &c->child, &err);
    (void)close(c->bytes);
    c->bytes = -1;
    if (started < 0) {
        answer(c, parse_child_refusal(c->kind, &err, c->arena));
        return;
    }
    s->running++;
    enter(c, READING);
}

static void finish_reading(struct server *s, struct connection *c)
{
    s->running--;
    answer(c, parse_child_end(&c->child, c->arena));
}

static void start_queued(struct server *s)
{
    while (s->running < s->most) {
        struct connection *first = NULL;
        for (size_t i = 0; i < CONNECTIONS; i++) {
            struct connection *c = &s->connections[i];
            if (c->state == QUEUED && (!first || c->since < first->since))
                first = c;
        }
        if (!first)
            return;
        start_reading(s, first);
    }
}

static void accept_one(struct server *s, struct connection *c)
{
    int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    *c = (struct connection){.fd = fd, .bytes = -1};
    enter(c, ASKED);
}

static void receive(struct server *s, struct connection *c)
{
    int again = 0;
    c->bytes = parse_wire_receive(c->fd, &c->kind, &again);
    if (c->bytes >= 0)
        enter(c, QUEUED);
    else if (!again)
        hang_up(s, c);
}

static void send_more(struct server *s, struct connection *c)
{
    ssize_t n = send(c->fd, c->answer.p + c->sent, c->answer.n - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0)
        c->sent += (size_t)n;
    if (n <= 0 || c->sent == c->answer.n)
        hang_up(s, c);
}

/* What the connection waits for on its own descriptor. A client has nothing more to say after its request: anything
 * readable then is its end. */
static short interest(const struct connection *c)
{
    return c->state == FREE ? 0 : c->state == ANSWERING ? POLLOUT : POLLIN;
}

static void on_client(struct server *s, struct connection *c, short events)
{
    if (c->state == ASKED && (events & POLLIN))
        receive(s, c);
    else if (c->state == ANSWERING && (events & POLLOUT))
        send_more(s, c);
    else if (events)
        hang_up(s, c);
}

static void on_time(struct server *s, struct connection *c, int64_t now)
{
    if (c->state == READING && now >= c->child.deadline)
        parse_child_kill(&c->child); /* its end is reported by pidfd */
    else if ((c->state == ASKED && now - c->since > REQUEST_MS) ||
             (c->state == ANSWERING && now - c->since > ANSWER_MS))
        hang_up(s, c);
}

struct turn {
    struct pollfd polls[2 + 2 * CONNECTIONS]; /* signals, listener, then a client and a child per connection */
    struct connection *room;                  /* for the next client */
    bool busy;
};

static void prepare(struct server *s, struct turn *turn)
{
    turn->room = NULL;
    turn->busy = false;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *c = &s->connections[i];
        bool free = c->state == FREE;
        if (free)
            turn->room = c;
        turn->busy = turn->busy || !free;
        turn->polls[2 + 2 * i] = (struct pollfd){.fd = free ? -1 : c->fd, .events = interest(c)};
        turn->polls[3 + 2 * i] = (struct pollfd){.fd = c->state == READING ? c->child.pidfd : -1, .events = POLLIN};
    }
    turn->polls[0] = (struct pollfd){.fd = s->signals, .events = POLLIN};
    turn->polls[1] = (struct pollfd){.fd = turn->room && !s->draining ? s->listener : -1, .events = POLLIN};
}

static void handle(struct server *s, struct turn *turn)
{
    int64_t now = clock_mono_ms();
    if (turn->polls[0].revents)
        s->draining = true;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *c = &s->connections[i];
        if (turn->polls[3 + 2 * i].revents)
            finish_reading(s, c);
        else if (turn->polls[2 + 2 * i].revents)
            on_client(s, c, turn->polls[2 + 2 * i].revents);
        on_time(s, c, now);
    }
    if (turn->polls[1].revents)
        accept_one(s, turn->room);
    start_queued(s);
}

static int listen_at(const char *path, struct err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (n < sizeof address.sun_path && fd >= 0) {
        memcpy(address.sun_path, path, n);
        (void)unlink(path);
        mode_t before = umask(0177);
        int bound = bind(fd, (struct sockaddr *)&address, sizeof address);
        (void)umask(before);
        if (bound == 0 && listen(fd, CONNECTIONS) == 0)
            return fd;
    }
    int saved = errno;
    if (fd >= 0)
        (void)close(fd);
    err_set(err, ERR_INTERNAL, "%s", "");
    return err_detail(err, "cannot listen at %s: %s", path, n < sizeof address.sun_path ? strerror(saved) : "too long");
}

static int signals_open(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return sigprocmask(SIG_BLOCK, &set, NULL) < 0 ? -1 : signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int parse_server_run(const struct parse_readers *readers, const struct parse_server_settings *settings, struct err *err)
{
    static struct server s; /* half a page a connection: no place for it on the stack */
    static struct turn turn;
    s = (struct server){.readers = readers, .most = settings->children};
    _cleanup_(cleanup_close) int signals = s.signals = signals_open();
    _cleanup_(cleanup_close) int listener = s.listener = listen_at(settings->path, err);
    if (listener < 0)
        return -1;
    log_event(LOG_INFO, "listening", "socket", settings->path, NULL);
    for (;;) {
        prepare(&s, &turn);
        if (s.draining && !turn.busy)
            break;
        (void)poll(turn.polls, ARRAY_LEN(turn.polls), turn.busy ? 250 : -1);
        handle(&s, &turn);
    }
    (void)unlink(settings->path);
    return 0;
}
