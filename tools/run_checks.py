#!/usr/bin/python3
"""run_checks.py [SUITE…]: configures and builds both builds, runs their test suites and adds up the results.

The release build runs every suite; the sanitizer build runs the suites in which our own C code is the subject. Both
build trees stay (build-check, build-sanitize), so a second run only builds what changed. Suites that cannot run here say
why and count as skipped. The closing line `N passed, N failed, N skipped` is the contract with CI.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Warnings are judged by the release build (gcc warns wrongly under sanitizers). The sanitizer build runs the suites whose subject is our own C code in one process; the rest would only be slower.
WHOLE_PROGRAM = {"style", "generate", "contract", "http", "e2e", "web", "bench", "chaos"}
BUILDS = (
    ("build-check", "release", ["--buildtype=release"]),
    ("build-sanitize", "sanitizers", ["--buildtype=debugoptimized", "-Db_sanitize=address,undefined", "-Db_lundef=false",
                                      "-Dwerror=false"]),
)


def configure(folder, options):
    if (ROOT / folder / "build.ninja").exists():
        return True
    return subprocess.run(["meson", "setup", folder, *options], cwd=ROOT).returncode == 0


def suites_of(folder):
    listed = subprocess.run(["meson", "introspect", folder, "--tests"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {suite.split(":")[-1] for test in json.loads(listed.stdout) for suite in test["suite"]}


def run_suites(folder, title, suites):
    """Runs the suites and returns (passed, failed, skipped) counts."""
    command = ["meson", "test", "-C", folder, "--no-rebuild", "--print-errorlogs"]
    for suite in suites:
        command += ["--suite", suite]
    subprocess.run(command, cwd=ROOT)
    counts = {"pass": 0, "fail": 0, "skip": 0}
    log = ROOT / folder / "meson-logs/testlog.json"
    if not log.exists():
        return 0, 1, 0
    for line in log.read_text(encoding="utf-8").splitlines():
        test = json.loads(line)
        kind = {"OK": "pass", "EXPECTEDFAIL": "pass", "SKIP": "skip"}.get(test["result"], "fail")
        counts[kind] += 1
        if kind == "skip":
            why = (test.get("stdout") or test.get("stderr") or "").strip().splitlines()
            print(f"skipped: {title}: {test['name']}: {why[-1] if why else 'no reason given'}")
        if kind == "fail":
            print(f"FAILED: {title}: {test['name']}")
    return counts["pass"], counts["fail"], counts["skip"]


def main():
    wanted, total, started = sys.argv[1:], [0, 0, 0], time.time()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    for folder, title, options in BUILDS[:1] if wanted else BUILDS:
        built = configure(folder, options) and subprocess.run(["ninja", "-C", folder, "--quiet"], cwd=ROOT).returncode == 0
        everything = suites_of(folder) - (WHOLE_PROGRAM if title == "sanitizers" else {"bench"}) if built else ()
        counts = run_suites(folder, title, wanted or sorted(everything)) if built else (0, 1, 0)
        if not built:
            print(f"FAILED: {title}: does not build")
        total = [a + b for a, b in zip(total, counts)]
        print(f"{title}: done after {time.time() - started:.0f} s")
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
