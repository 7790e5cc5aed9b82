#!/usr/bin/python3
"""run_checks.py [SUITE…]: configures and builds both builds, runs their test suites and adds up the results.

The release build runs every suite; the sanitizer build runs the suites in which our own C code is the subject. Both
build trees stay (build-check, build-sanitize), so a second run only builds what changed. While the release suites run, the
sanitizer build is made with what they leave of the processors. Suites that cannot run here say why and count as skipped.
The closing line `N passed, N failed, N skipped` is the contract with CI.
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Warnings are judged by the release build (gcc warns wrongly under sanitizers). The sanitizer build runs the suites whose
# subject is our own C code in one process; the rest would only be slower.
WHOLE_PROGRAM = {"style", "generate", "contract", "http", "mail", "oauth", "undo", "e2e", "web", "bench", "chaos", "deploy"}
# The tests' own time limits are made for a free machine; a busy one is no failure, a hang still is one.
PATIENCE = 4
SLOW_SECONDS = 20
BUILDS = (
    ("build-check", "release", ["--buildtype=release"]),
    ("build-sanitize", "sanitizers", ["--buildtype=debugoptimized", "-Db_sanitize=address,undefined", "-Db_lundef=false",
                                      "-Dwerror=false"]),
)


class Build:
    """One build tree; make() may run in the background."""

    def __init__(self, folder, title, options):
        self.folder, self.title, self.options, self.made = folder, title, options, False

    def step(self, log, *words):
        return subprocess.run(words, cwd=ROOT, stdout=log, stderr=log).returncode == 0

    def make(self, *prefix):
        (ROOT / self.folder).mkdir(exist_ok=True)
        with open(ROOT / self.folder / "check.log", "wb") as log:
            there = (ROOT / self.folder / "build.ninja").exists()
            self.made = (there or self.step(log, "meson", "setup", self.folder, *self.options)) and \
                self.step(log, *prefix, "ninja", "-C", self.folder, "--quiet")

    def words(self):
        """What the compiler had to say, the end of it."""
        return "\n".join((ROOT / self.folder / "check.log").read_text(encoding="utf-8", errors="replace").splitlines()[-60:])


def tests_of(folder):
    """Name -> its suites."""
    listed = subprocess.run(["meson", "introspect", folder, "--tests"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {test["name"]: {suite.split(":")[-1] for suite in test["suite"]} for test in json.loads(listed.stdout)}


def read_log(log, title):
    """Result by name, in words; says what was skipped, failed or slow."""
    results = {}
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        test = json.loads(line)
        name = test["name"].split(" / ", 1)[-1]
        results[name] = kind = {"OK": "pass", "EXPECTEDFAIL": "pass", "SKIP": "skip"}.get(test["result"], "fail")
        if kind == "skip":
            why = (test.get("stdout") or test.get("stderr") or "").strip().splitlines()
            print(f"skipped: {title}: {name}: {why[-1] if why else 'no reason given'}")
        elif kind == "fail":
            print(f"FAILED: {title}: {name} ({test['result']})")
        elif test["duration"] > SLOW_SECONDS:
            print(f"slow: {title}: {name}: {test['duration']:.0f} s")
    return results


def run_suites(folder, title, suites):
    """Runs the suites and returns (passed, failed, skipped) counts; a test that did not come to run has failed."""
    log = ROOT / folder / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    words = [word for suite in suites for word in ("--suite", suite)]
    subprocess.run(["meson", "test", "-C", folder, "--no-rebuild", "--print-errorlogs", "--timeout-multiplier", str(PATIENCE), *words],
                   cwd=ROOT)
    results = read_log(log, title)
    for name, its in tests_of(folder).items():
        if its & set(suites) and name not in results:
            results[name] = "fail"
            print(f"FAILED: {title}: {name} (did not run)")
    kinds = list(results.values())
    return kinds.count("pass"), kinds.count("fail"), kinds.count("skip")


def check(build, wanted):
    """Runs what is wanted of a build (nothing: everything it is for) and returns the counts."""
    if not build.made:
        print(build.words())
        print(f"FAILED: {build.title}: does not build")
        return 0, 1, 0
    everything = set().union(*tests_of(build.folder).values())
    suites = wanted or sorted(everything - (WHOLE_PROGRAM if build.title == "sanitizers" else {"bench"}))
    return run_suites(build.folder, build.title, suites)


def seconds_of_processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    wanted, total, started = sys.argv[1:], [0, 0, 0], time.time()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    builds = [Build(*row) for row in (BUILDS[:1] if wanted else BUILDS)]
    builds[0].make()
    ahead = [threading.Thread(target=build.make, args=("nice", "-n", "10")) for build in builds[1:]]
    for thread in ahead:
        thread.start()
    for at, build in enumerate(builds):
        if at:
            ahead[at - 1].join()
        total = [a + b for a, b in zip(total, check(build, wanted))]
        print(f"{build.title}: done after {time.time() - started:.0f} s, {seconds_of_processor():.0f} s of processor", flush=True)
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
