/* Limits first, seccomp last: the only file that knows libseccomp. The list of calls was measured against Tesseract and
 * the decoders; the self-test of kartei-parse shows at every start that it still holds. See sandbox.h. */
#include "services/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static int failed(struct err *err, const char *step)
{
    int saved = errno;
    err_set(err, ERR_INTERNAL, "%s", "");
    return err_detail(err, "sandbox: %s: %s", step, strerror(saved));
}

bool sandbox_works(void)
{
#ifdef __SANITIZE_ADDRESS__
    return false;
#else
    return true;
#endif
}

/* Address space in use, from /proc/self/statm; 0 when it cannot be read. */
static size_t address_space(void)
{
    char text[64] = "";
    _cleanup_(cleanup_close) int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof text - 1) <= 0)
        return 0;
    return (size_t)strtoull(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

static int limit(int what, rlim_t most)
{
    const struct rlimit both = {most, most};
    return setrlimit((__rlimit_resource_t)what, &both);
}

static int set_limits(const struct sandbox_limits *limits, struct err *err)
{
    size_t used = address_space();
    if (used == 0)
        return failed(err, "statm");
    /* What a decoder says about hostile bytes goes nowhere; a file behind standard error would be a SIGXFSZ. */
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (nowhere < 0 || dup2(nowhere, fd) < 0)
            return failed(err, "/dev/null");
    if (close_range(STDERR_FILENO + 1, ~0U, 0) < 0)
        return failed(err, "close_range");
    bool ok = limit(RLIMIT_AS, used + limits->memory) == 0 && limit(RLIMIT_CPU, (rlim_t)limits->cpu_seconds) == 0 &&
              limit(RLIMIT_FSIZE, 0) == 0 && limit(RLIMIT_NOFILE, 0) == 0 && limit(RLIMIT_NPROC, 0) == 0 &&
              limit(RLIMIT_CORE, 0) == 0;
    return ok ? 0 : failed(err, "setrlimit");
}

/* Memory calls never give an executable page, and mapping never a file. */
static int allow_memory(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp not_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp anonymous = SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS);
    int r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, not_exec, anonymous);
    return r ? r : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_exec);
}

static int add_rules(scmp_filter_ctx filter)
{
    static const int allowed[] = {
        SCMP_SYS(exit_group),   SCMP_SYS(exit),      SCMP_SYS(brk),          SCMP_SYS(munmap),
        SCMP_SYS(mremap),       SCMP_SYS(madvise),   SCMP_SYS(futex),        SCMP_SYS(clock_gettime),
        SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_yield),
    };
    static const int refused[] = {SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(newfstatat), SCMP_SYS(access)};
    int r = 0;
    for (size_t i = 0; !r && i < ARRAY_LEN(allowed); i++)
        r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; !r && i < ARRAY_LEN(refused); i++)
        r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
    if (!r)
        r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO));
    return r ? r : allow_memory(filter);
}

static int load_filter(struct err *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return failed(err, "seccomp_init");
    int r = add_rules(filter);
    if (!r)
        r = seccomp_load(filter); /* sets no_new_privs itself */
    seccomp_release(filter);
    errno = -r;
    return r ? failed(err, "seccomp_load") : 0;
}

int sandbox_enter(const struct sandbox_limits *limits, struct err *err)
{
    pid_t parent = getppid();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return failed(err, "prctl");
    if (getppid() != parent) /* it died in between: nobody is left to answer */
        _exit(1);
    if (!sandbox_works())
        return 0;
    return set_limits(limits, err) < 0 ? -1 : load_filter(err);
}
