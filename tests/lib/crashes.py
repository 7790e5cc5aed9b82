"""A program of ours that ends by a signal which nobody sends has crashed, whatever else the test thinks of it: what is tried again
after a crash hides it well."""
import signal

SIGNALS = signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL


def by_return_code(name, code):
    """A sentence, or None."""
    return f"{name} crashed: signal {-code}" if code is not None and -code in SIGNALS else None


def in_log(text):
    """The lines of the supervisor's log that tell of one."""
    return [line for line in text.splitlines() if '"child-died"' in line and any(f'"signal {one.value}"' in line for one in SIGNALS)]


assert by_return_code("x", -11) and not by_return_code("x", -9) and not by_return_code("x", 1)
assert in_log('{"event":"child-died","child":"kartei-worker","how":"signal 11"}') and not in_log('{"event":"child-died","how":"signal 9"}')
