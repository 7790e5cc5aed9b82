"""A Server whose database, API, command line and worker all live by a clock of the test's own (libfaketime), which stands still until it
is set: so a second before and a second after an end are exactly that, however slow the machine is."""
import datetime
import os
import pathlib
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "http"), str(TESTS / "lib")]
from clocks import FAKETIME  # noqa: E402
from server import Server, wait_until  # noqa: E402

START = datetime.datetime(2027, 3, 27, 12, 0, 0)  # a day before Europe's clocks change
MINUTE, HOUR, DAY = 60, 3600, 86400


class Clocked(Server):
    def __init__(self, start=START, **settings):
        self.clock = pathlib.Path(tempfile.mkstemp(prefix="kartei-clock-")[1])
        self.clock.chmod(0o644)
        self.start_time = start
        self.set(0)
        super().__init__(settings={"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_NO_CACHE": "1",
                                   "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC", **settings})

    def set(self, seconds):
        """So many seconds after the start; in one step, as a write that is seen in halves would be another time."""
        self.now = self.start_time + datetime.timedelta(seconds=seconds)
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(self.now.strftime("%Y-%m-%d %H:%M:%S\n"), encoding="ascii")
        fresh.chmod(0o644)
        os.replace(fresh, self.clock)

    def go(self, seconds):
        self.set((self.now - self.start_time).total_seconds() + seconds)

    def kartei(self, *words):
        return self.run(self.build / "services/kartei", *words).stdout

    def worker(self):
        return self.start("worker", self.build / "services/kartei-worker")

    def __exit__(self, *what):
        super().__exit__(*what)
        self.clock.unlink()


__all__ = ["Clocked", "FAKETIME", "MINUTE", "HOUR", "DAY", "wait_until"]
