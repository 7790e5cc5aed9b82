#!/usr/bin/python3
"""run_checks.py [SUITE…]: configures and builds both builds, runs their test suites and adds up the results.

The release build runs every suite; the sanitizer build runs the suites in which our own C code is the subject. Both
build trees stay (build-check, build-sanitize), so a second run only builds what changed. While the release suites run, many of
them one at a time, the sanitizer build is made and tested with what they leave of the processors; what it has to say is printed
after them. Suites that cannot run here say why and count as skipped. The closing line `N passed, N failed, N skipped` is the
contract with CI.
"""
import concurrent.futures
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Warnings are judged by the release build (gcc warns wrongly under sanitizers). The sanitizer build runs the suites whose
# subject is our own C code in one process; the rest would only be slower.
WHOLE_PROGRAM = {"style", "schema", "generate", "contract", "http", "mail", "oauth", "sign_in", "sealed", "clock", "hostile", "undo", "e2e", "web", "bench", "chaos", "deploy"}
# The tests' own time limits are made for a free machine; a busy one is no failure, a hang still is one.
PATIENCE = 4
SLOW_SECONDS = 20


class Build:
    """One build tree: how it is made, which suites it is for, and where it says what it has to say."""

    def __init__(self, title, folder, options, leave, prefix=(), out=sys.stdout):
        self.title, self.folder, self.options, self.leave, self.prefix, self.out = title, folder, options, leave, prefix, out

    def say(self, text):
        print(text, file=self.out, flush=True)

    def run(self, out, *words):
        return subprocess.run([*self.prefix, *words], cwd=ROOT, stdout=out, stderr=out).returncode == 0

    def make(self):
        """Says the end of what the compiler said where the tree does not build."""
        path = ROOT / self.folder / "check.log"
        path.parent.mkdir(exist_ok=True)
        with open(path, "wb") as log:
            there = (ROOT / self.folder / "build.ninja").exists()
            made = (there or self.run(log, "meson", "setup", self.folder, *self.options)) and self.run(log, "ninja", "-C", self.folder, "--quiet")
        if not made:
            self.say("\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-60:]))
            self.say(f"FAILED: {self.title}: does not build")
        return made

    def tests(self):
        """Name -> its suites."""
        listed = subprocess.run(["meson", "introspect", self.folder, "--tests"], cwd=ROOT, capture_output=True, text=True, check=True)
        return {test["name"]: {suite.split(":")[-1] for suite in test["suite"]} for test in json.loads(listed.stdout)}

    def read_log(self, log):
        """Result by name, in words; says what was skipped, failed or slow."""
        results = {}
        for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
            test = json.loads(line)
            name = test["name"].split(" / ", 1)[-1]
            results[name] = kind = {"OK": "pass", "EXPECTEDFAIL": "pass", "SKIP": "skip"}.get(test["result"], "fail")
            if kind == "skip":
                why = (test.get("stdout") or test.get("stderr") or "").strip().splitlines()
                self.say(f"skipped: {self.title}: {name}: {why[-1] if why else 'no reason given'}")
            elif kind == "fail":
                self.say(f"FAILED: {self.title}: {name} ({test['result']})")
            elif test["duration"] > SLOW_SECONDS:
                self.say(f"slow: {self.title}: {name}: {test['duration']:.0f} s")
        return results

    def check(self, wanted):
        """Runs what is wanted (nothing: everything the build is for); returns (passed, failed, skipped). A test that did not come to
        run has failed."""
        tests = self.tests()
        suites = wanted or sorted(set().union(*tests.values()) - self.leave)
        log = ROOT / self.folder / "meson-logs/testlog.json"
        log.unlink(missing_ok=True)
        words = [word for suite in suites for word in ("--suite", suite)]
        self.run(self.out, "meson", "test", "-C", self.folder, "--no-rebuild", "--print-errorlogs", "--timeout-multiplier", str(PATIENCE), *words)
        results = self.read_log(log)
        for name, its in tests.items():
            if its & set(suites) and name not in results:
                results[name] = "fail"
                self.say(f"FAILED: {self.title}: {name} (did not run)")
        kinds = list(results.values())
        return kinds.count("pass"), kinds.count("fail"), kinds.count("skip")


STARTED = time.time()


def how_long():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return f"{time.time() - STARTED:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of processor"


def checked(build, wanted=()):
    counts = build.check(wanted)
    build.say(f"{build.title}: done after {how_long()}")
    return counts


def main():
    wanted = sys.argv[1:]
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    release = Build("release", "build-check", ["--buildtype=release"], {"bench"})
    failed = (0, 1, 0)
    if not release.make():
        return report([failed])
    if wanted:
        return report([checked(release, wanted)])
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said, concurrent.futures.ThreadPoolExecutor(1) as beside:
        sanitizers = Build("sanitizers", "build-sanitize", ["--buildtype=debugoptimized", "-Db_sanitize=address,undefined", "-Db_lundef=false",
                                                            "-Dwerror=false"], WHOLE_PROGRAM, ("nice", "-n", "10"), said)
        other = beside.submit(lambda: checked(sanitizers) if sanitizers.make() else failed)
        counts = [checked(release), other.result()]
        said.seek(0)
        shutil.copyfileobj(said, sys.stdout)
    return report(counts)


def report(counts):
    passed, failed, skipped = (sum(column) for column in zip(*counts))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
