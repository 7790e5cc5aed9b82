/* The server without a word of Kartei: early answers, streamed bodies with pauses, waiting, endless answers, slow
 * clients, the end. Over a real socket. */
#include "tests/unit/unit.h"

#include "api/problem.h"
#include "api/server.h"
#include "base/clock.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

static char socket_path[64];
static struct api_server *server;
static atomic_int pauses, done_count;
static struct api_request *_Atomic streaming;
static atomic_int stream_left;

static void reply(struct api_request *r, int status, struct str body)
{
    api_answer_set(&r->answer, status, "text/plain", body);
}

static ssize_t pull(void *self, char *p, size_t n)
{
    (void)self, (void)n;
    if (atomic_load(&stream_left) < 0)
        return -1;
    if (atomic_load(&stream_left) == 0)
        return 0;
    atomic_fetch_sub(&stream_left, 1);
    p[0] = 'x';
    return 1;
}

static void on_head(void *self, struct api_request *r)
{
    (void)self;
    if (str_eq(r->path, STR("/early")))
        reply(r, 401, STR("no"));
    else if (str_eq(r->path, STR("/stream"))) {
        api_answer_set(&r->answer, 200, "text/plain", STR_NONE);
        r->answer.pull = (struct api_pull){NULL, -1, pull, NULL};
        atomic_store(&streaming, r);
    } else if (r->head.length == 0)
        reply(r, 200, r->path);
}

/* Takes at most 1000 bytes at a time on /pause, so that the crew has to step in between. */
static size_t on_body(void *self, struct api_request *r, struct str bytes)
{
    (void)self;
    size_t n = str_eq(r->path, STR("/pause")) && bytes.n > 1000 ? 1000 : bytes.n;
    r->swallowed += n;
    return n;
}

static void on_step(void *self, struct api_request *r)
{
    (void)self, (void)r;
    atomic_fetch_add(&pauses, 1);
}

static void on_whole(void *self, struct api_request *r)
{
    (void)self;
    if (str_eq(r->path, STR("/later")) && r->wait_until_ms == 0) {
        r->wait_until_ms = 1;
        api_server_later(r, 300);
        return;
    }
    reply(r, 200, str_printf(r->arena, "%zu", r->swallowed));
}

static void on_done(void *self, struct api_request *r)
{
    (void)self, (void)r;
    atomic_fetch_add(&done_count, 1);
}

static void on_tick(void *self)
{
    (void)self;
}

static struct str on_refuse(void *self, const struct err *err, struct arena *arena)
{
    (void)self;
    return str_printf(arena, "HTTP/1.1 400 no\r\nX-Slug: %s\r\n\r\n", err_slug(err->code));
}

static int dial(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    memcpy(address.sun_path, socket_path, strlen(socket_path));
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void send_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        p += sent;
        n -= (size_t)sent;
    }
}

/* Everything until the server closes, at most `ms`; returns the bytes, -1 when it did not close. */
static ssize_t read_all(int fd, char *p, size_t size, int ms)
{
    size_t n = 0;
    int64_t until = clock_mono_ms() + ms;
    while (clock_mono_ms() < until) {
        struct pollfd ready = {fd, POLLIN, 0};
        if (poll(&ready, 1, 50) <= 0)
            continue;
        ssize_t got = recv(fd, p + n, size - 1 - n, 0);
        if (got <= 0) {
            p[n] = '\0';
            return (ssize_t)n;
        }
        n += (size_t)got;
    }
    p[n] = '\0';
    return -1;
}

static char answer[65536];

static void ask(const char *request, size_t body)
{
    int fd = dial();
    send_all(fd, request, strlen(request));
    for (size_t i = 0; i < body; i += 1000) {
        static const char zeros[1000];
        send_all(fd, zeros, body - i < 1000 ? body - i : 1000);
    }
    assert_true(read_all(fd, answer, sizeof answer, 5000) > 0);
    close(fd);
}

static void a_request_is_answered_and_the_connection_closed(void **state)
{
    (void)state;
    ask("GET /x%20y HTTP/1.1\r\nHost: x\r\n\r\n", 0);
    assert_non_null(strstr(answer, "HTTP/1.1 200"));
    assert_non_null(strstr(answer, "/x y"));
    assert_non_null(strstr(answer, "Connection: close"));
}

static void what_follows_the_first_request_is_never_one(void **state)
{
    (void)state;
    ask("GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /two HTTP/1.1\r\nHost: x\r\n\r\n", 0);
    assert_non_null(strstr(answer, "/one"));
    assert_null(strstr(answer, "/two"));
}

static void a_refusal_does_not_wait_for_the_body(void **state)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
    char text[200];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        (void)snprintf(text, sizeof text, "%s /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc",
                       methods[i]);
        ask(text, 0);
        assert_non_null(strstr(answer, "HTTP/1.1 401"));
    }
    ask("POST /early HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n", 0);
    assert_non_null(strstr(answer, "HTTP/1.1 401"));
    assert_null(strstr(answer, "100 Continue"));
}

static void a_body_is_streamed_with_pauses(void **state)
{
    (void)state;
    ask("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n", 3000000);
    assert_non_null(strstr(answer, "\r\n\r\n3000000"));
    atomic_store(&pauses, 0);
    ask("POST /pause HTTP/1.1\r\nHost: x\r\nContent-Length: 50500\r\n\r\n", 50500);
    assert_non_null(strstr(answer, "\r\n\r\n50500"));
    assert_true(atomic_load(&pauses) > 0);
    ask("PATCH /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 0);
    assert_non_null(strstr(answer, "\r\n\r\n5"));
}

static void broken_chunks_are_refused(void **state)
{
    (void)state;
    ask("POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n", 0);
    assert_null(strstr(answer, "HTTP/1.1 200"));
    ask("POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n0\r\n\r\n",
        0);
    assert_null(strstr(answer, "HTTP/1.1 200"));
}

static void a_waiting_request_comes_back(void **state)
{
    int64_t begin = clock_mono_ms();
    (void)state;
    ask("POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", 0);
    assert_non_null(strstr(answer, "HTTP/1.1 200"));
    assert_true(clock_mono_ms() - begin >= 300);
}

static void refused_heads_are_answered_by_the_door(void **state)
{
    (void)state;
    ask("GET / HTTP/1.1\r\n\r\n", 0);
    assert_non_null(strstr(answer, "X-Slug: malformed-request"));
}

static int64_t cpu_ms(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static void an_endless_answer_sleeps_and_wakes(void **state)
{
    (void)state;
    atomic_store(&stream_left, 3);
    int fd = dial();
    const char *text = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";
    send_all(fd, text, strlen(text));
    int64_t before = cpu_ms();
    assert_int_equal(read_all(fd, answer, sizeof answer, 1000), -1);
    assert_true(cpu_ms() - before < 200); /* it sleeps, it does not spin */
    atomic_store(&stream_left, 2);
    api_server_wake(atomic_load(&streaming));
    char more[4096];
    assert_int_equal(read_all(fd, more, sizeof more, 300), -1);
    assert_non_null(strchr(more, 'x'));
    atomic_store(&stream_left, -1);
    api_server_wake(atomic_load(&streaming));
    assert_true(read_all(fd, more, sizeof more, 2000) >= 0);
    close(fd);
}

static void many_at_once_are_all_answered(void **state)
{
    enum { MANY = 300 };
    static int fds[MANY];
    const char *text = "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx";
    (void)state;
    for (int i = 0; i < MANY; i++)
        send_all(fds[i] = dial(), text, strlen(text));
    for (int i = 0; i < MANY; i++) {
        assert_true(read_all(fds[i], answer, sizeof answer, 5000) > 0);
        assert_non_null(strstr(answer, "HTTP/1.1 200"));
        close(fds[i]);
    }
}

/* Both drips at once: a header byte and a body byte a second. */
static void slow_clients_are_closed(void **state)
{
    const char *head = "GET / HTTP/1.1\r\nHost: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    const char *body = "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
    int slow_head = dial(), slow_body = dial();
    int64_t begin = clock_mono_ms();
    bool open_head = true, open_body = true;
    (void)state;
    send_all(slow_body, body, strlen(body));
    for (int i = 0; (open_head || open_body) && clock_mono_ms() - begin < 13000; i++) {
        struct pollfd ready[] = {{slow_head, POLLIN, 0}, {slow_body, POLLIN, 0}};
        if (i % 10 == 0) {
            send_all(slow_head, head + i / 10, 1);
            send_all(slow_body, "x", 1);
        }
        (void)poll(ready, 2, 0);
        open_head = open_head && !ready[0].revents;
        open_body = open_body && !ready[1].revents;
        (void)nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    assert_false(open_head);
    assert_false(open_body);
    assert_true(clock_mono_ms() - begin <= 12000);
    assert_true(clock_mono_ms() - begin >= 9500);
    close(slow_head);
    close(slow_body);
}

static void hush(void *self)
{
    (void)self;
    atomic_store(&stream_left, -1);
    if (atomic_load(&streaming))
        api_server_wake(atomic_load(&streaming));
}

static void stopping_lets_requests_end_and_removes_the_socket(void **state)
{
    const char *text = "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx";
    const char *endless = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";
    int fd = dial(), stream = dial();
    (void)state;
    atomic_store(&stream_left, 0);
    send_all(fd, text, strlen(text));
    send_all(stream, endless, strlen(endless));
    (void)nanosleep(&(struct timespec){.tv_nsec = 150000000}, NULL);
    int64_t begin = clock_mono_ms();
    api_server_stop(server, hush);
    assert_true(clock_mono_ms() - begin < 3000);
    assert_true(read_all(fd, answer, sizeof answer, 1000) > 0);
    assert_non_null(strstr(answer, "HTTP/1.1 200"));
    assert_true(read_all(stream, answer, sizeof answer, 1000) >= 0);
    assert_int_equal(access(socket_path, F_OK), -1);
    close(fd);
    close(stream);
}

static int start(void **state)
{
    struct api_server_settings settings = {socket_path, 2, 4};
    struct api_server_hooks hooks = {NULL, on_head, on_body, on_step, on_whole, on_done, on_tick, on_refuse};
    struct err err;
    (void)state;
    (void)snprintf(socket_path, sizeof socket_path, "/tmp/kartei-test-server-%d.sock", (int)getpid());
    return api_server_start(&settings, &hooks, &server, &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_answered_and_the_connection_closed),
        cmocka_unit_test(what_follows_the_first_request_is_never_one),
        cmocka_unit_test(a_refusal_does_not_wait_for_the_body),
        cmocka_unit_test(a_body_is_streamed_with_pauses),
        cmocka_unit_test(broken_chunks_are_refused),
        cmocka_unit_test(a_waiting_request_comes_back),
        cmocka_unit_test(refused_heads_are_answered_by_the_door),
        cmocka_unit_test(an_endless_answer_sleeps_and_wakes),
        cmocka_unit_test(many_at_once_are_all_answered),
        cmocka_unit_test(slow_clients_are_closed),
        cmocka_unit_test(stopping_lets_requests_end_and_removes_the_socket),
    };
    return cmocka_run_group_tests_name("api server", tests, start, NULL);
}
