/* What a locked-up child can no longer do, each with the control that it could before. */
#include "tests/unit/unit.h"

#include "services/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REFUSED = 40, DONE = 41, NO_JAIL = 42 };

static void open_a_file(void)
{
    _exit(open("/etc/hostname", O_RDONLY) >= 0 ? DONE : errno == EPERM ? REFUSED : 1);
}

static void make_a_socket(void)
{
    _exit(socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? DONE : 1);
}

static void run_a_program(void)
{
    char *argv[] = {(char *)"true", NULL};
    (void)execv("/bin/true", argv);
    _exit(1);
}

static void fork_again(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    _exit(pid > 0 ? DONE : 1);
}

static void map_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    _exit(p != MAP_FAILED ? DONE : 1);
}

static void write_to_the_output(void)
{
    _exit(write(STDOUT_FILENO, "", 0) == 0 ? DONE : 1);
}

static void take_memory(void)
{
    char *p = malloc(512UL * 1024 * 1024);
    _exit(p ? DONE : REFUSED);
}

static void compute(void)
{
    char *p = malloc(1 << 20);
    for (int i = 0; p && i < 1 << 20; i++)
        p[i] = (char)i;
    _exit(p && p[77] == 77 ? DONE : 1);
}

static void compute_for_ever(void)
{
    for (volatile unsigned i = 0;; i++)
        continue;
}

/* Status of a child that does it, jailed or not. */
static int child_status(void (*act)(void), bool jailed)
{
    static const struct sandbox_limits limits = {.memory = 64UL * 1024 * 1024, .cpu_seconds = 1};
    pid_t pid = fork();
    if (pid == 0) {
        struct err err;
        if (jailed && sandbox_enter(&limits, &err) < 0)
            _exit(NO_JAIL);
        act();
        _exit(1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void assert_dies(void (*act)(void), int exit_without_jail)
{
    int free_status = child_status(act, false), status = child_status(act, true);
    assert_true(WIFEXITED(free_status));
    assert_int_equal(WEXITSTATUS(free_status), exit_without_jail);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void assert_exits(void (*act)(void), bool jailed, int want)
{
    int status = child_status(act, jailed);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), want);
}

static void opening_a_file_is_refused(void **state _unused_)
{
    assert_exits(open_a_file, false, DONE);
    assert_exits(open_a_file, true, REFUSED);
}

static void a_socket_kills(void **state _unused_)
{
    assert_dies(make_a_socket, DONE);
}

static void a_program_kills(void **state _unused_)
{
    assert_dies(run_a_program, 0);
}

static void a_process_kills(void **state _unused_)
{
    assert_dies(fork_again, DONE);
}

static void executable_memory_kills(void **state _unused_)
{
    assert_dies(map_code, DONE);
}

static void writing_anywhere_kills(void **state _unused_)
{
    assert_dies(write_to_the_output, DONE);
}

static void memory_ends_at_the_limit(void **state _unused_)
{
    assert_exits(take_memory, false, DONE);
    assert_exits(take_memory, true, REFUSED);
}

static void computing_goes_on(void **state _unused_)
{
    assert_exits(compute, true, DONE);
}

static void time_ends_at_the_limit(void **state _unused_)
{
    int status = child_status(compute_for_ever, true);
    assert_true(WIFSIGNALED(status));
    assert_true(WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
}

int main(void)
{
    if (!sandbox_works()) {
        (void)puts("sanitizers need system calls of their own, which the jail refuses");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_a_file_is_refused), cmocka_unit_test(a_socket_kills),
        cmocka_unit_test(a_program_kills),           cmocka_unit_test(a_process_kills),
        cmocka_unit_test(executable_memory_kills),   cmocka_unit_test(writing_anywhere_kills),
        cmocka_unit_test(memory_ends_at_the_limit),  cmocka_unit_test(computing_goes_on),
        cmocka_unit_test(time_ends_at_the_limit),
    };
    return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
