/* The supervisor: who dies is started again, who is not ready in time is reported, and all are gone after a stop. */
#include "tests/unit/unit.h"

#include "base/clock.h"
#include "services/up/supervise.h"

#include <signal.h>

static char run_dir[] = "/tmp/kartei-supervise-XXXXXX";

static int make_run_dir(void **state)
{
    (void)state;
    supervise_signals();
    return mkdtemp(run_dir) ? 0 : -1;
}

static int remove_run_dir(void **state)
{
    char path[64];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/child.pid", run_dir);
    (void)unlink(path);
    return rmdir(run_dir);
}

static struct supervise one(const char *script)
{
    struct supervise s = {.run_dir = run_dir, .n = 1};
    s.children[0] = (struct supervise_child){
        .name = "child", .argv = {"/bin/sh", "-c", script}, .stop_signal = SIGTERM, .stop_seconds = 1};
    return s;
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

/* Sends ourselves SIGTERM later, because supervise_run() returns only then. */
static pid_t stop_after_ms(useconds_t ms)
{
    pid_t pid = fork();
    if (pid == 0) {
        (void)usleep(ms * 1000);
        (void)kill(getppid(), SIGTERM);
        _exit(0);
    }
    return pid;
}

static void who_dies_is_started_again(void **state)
{
    (void)state;
    struct supervise s = one("exec sleep 60");
    struct err err;
    assert_int_equal(supervise_start(&s, 0, &err), 0);
    pid_t first = s.children[0].pid;
    assert_int_equal(kill(first, SIGKILL), 0);
    (void)stop_after_ms(300);
    supervise_run(&s);
    assert_true(s.children[0].pid > 0 && s.children[0].pid != first);
    supervise_stop(&s);
    assert_int_equal(s.children[0].pid, 0);
}

static void who_keeps_dying_waits_longer(void **state)
{
    (void)state;
    struct supervise s = one("exit 3");
    struct err err;
    assert_int_equal(supervise_start(&s, 0, &err), 0);
    (void)stop_after_ms(1500);
    supervise_run(&s);
    assert_in_range(s.children[0].failures, 3, 6); /* without back-off it would be hundreds */
    supervise_stop(&s);
}

static int chores;
static bool chore_was_asked;

static void note_chore(void *arg, bool asked)
{
    assert_ptr_equal(arg, &chores);
    chores++;
    chore_was_asked = asked;
}

static void a_hangup_asks_for_the_chore_and_ends_nothing(void **state)
{
    (void)state;
    struct supervise s = one("exec sleep 60");
    struct err err;
    s.chore = note_chore;
    s.chore_arg = &chores;
    s.chore_seconds = 3600;
    assert_int_equal(supervise_start(&s, 0, &err), 0);
    assert_int_equal(kill(getpid(), SIGHUP), 0); /* blocked: supervise_run() receives it */
    (void)stop_after_ms(200);
    supervise_run(&s);
    assert_int_equal(chores, 1);
    assert_true(chore_was_asked);
    assert_true(s.children[0].pid > 0);
    supervise_stop(&s);
}

static void who_is_not_ready_is_named(void **state)
{
    (void)state;
    struct supervise s = one("exec sleep 60");
    struct err err = {0};
    s.children[0].ready = never;
    s.children[0].ready_seconds = 0;
    assert_int_equal(supervise_start(&s, 0, &err), -1);
    assert_non_null(strstr(err.param, "child"));
    supervise_stop(&s);
}

static void a_child_that_ignores_the_signal_is_killed(void **state)
{
    (void)state;
    struct supervise s = one("trap '' TERM; while :; do sleep 0.1; done");
    struct err err;
    assert_int_equal(supervise_start(&s, 0, &err), 0);
    (void)usleep(200 * 1000);
    int64_t start = clock_mono_ms();
    supervise_stop(&s);
    assert_in_range(clock_mono_ms() - start, 900, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_dies_is_started_again),
        cmocka_unit_test(who_keeps_dying_waits_longer),
        cmocka_unit_test(a_hangup_asks_for_the_chore_and_ends_nothing),
        cmocka_unit_test(who_is_not_ready_is_named),
        cmocka_unit_test(a_child_that_ignores_the_signal_is_killed),
    };
    return cmocka_run_group_tests(tests, make_run_dir, remove_run_dir);
}
