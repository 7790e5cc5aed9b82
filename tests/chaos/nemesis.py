"""Who dies in the chaos test: the API, workers, the reader or its child, the database, its head, or one backend of it."""
import collections
import os
import pathlib
import signal
import subprocess
import time

import instance

VICTIMS = ("kartei-api", "kartei-worker", "another worker", "kartei-parse", "parse child", "postgres", "postgres head", "postgres backend")


def children_of(pid):
    try:
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Workers:
    """Further workers beside the supervisor's one, as on other machines; whoever dies is started again at once."""

    def __init__(self, kartei, n):
        self.kartei, self.log = kartei, open(f"{kartei.folder}/workers.log", "ab")
        self.processes = [self.start() for _ in range(n)]

    def start(self):
        return subprocess.Popen([*instance.as_service_user(), str(instance.BUILD / "services/kartei-worker")], cwd="/",
                                env=self.kartei.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def kill(self, rng):
        n = rng.randrange(len(self.processes))
        self.processes[n].kill()
        self.processes[n].wait()
        self.processes[n] = self.start()

    def look_after(self):
        for n, process in enumerate(self.processes):
            if process.poll() is not None:  # it came up while the database was away
                self.processes[n] = self.start()

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        self.log.close()


class Nemesis:
    """Kills only living children of the supervisor under test, and theirs: a pid file may name a stranger by now."""

    def __init__(self, kartei, workers, rng):
        self.kartei, self.workers, self.rng, self.kills = kartei, workers, rng, collections.Counter()

    def choose(self, victim):
        name = {"parse child": "kartei-parse"}.get(victim, victim.split(" ")[0])
        pid = self.kartei.pid(name)
        if pid not in children_of(self.kartei.process.pid):
            return []
        children = children_of(pid)
        if victim in ("parse child", "postgres backend"):
            return [self.rng.choice(children)] if children else []
        return [pid, *children] if victim == "postgres" else [pid]

    def strike(self):
        victim = self.rng.choice(VICTIMS)
        self.workers.look_after()
        if victim == "another worker":
            self.workers.kill(self.rng)
            self.kills[victim] += 1
            return
        pids = self.choose(victim)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.kills[victim] += bool(pids)

    def storm(self, kills, pause):
        while sum(self.kills.values()) < kills:
            time.sleep(self.rng.uniform(0.1, pause * 2 - 0.1))
            self.strike()


def database_is_sound(kartei):
    """What PostgreSQL's own checkers say of heap, indexes and checksums; empty when nothing. Stops the instance."""
    found = []
    tools = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    check = [*instance.as_service_user(), str(tools / "pg_amcheck"), "--install-missing", "--heapallindexed", "--no-dependent-toast",
             "-h", f"{kartei.var}/run", "-U", "kartei_super", "-d", "kartei"]
    done = subprocess.run(check, capture_output=True, text=True, cwd="/", env=kartei.environment)
    found += [f"pg_amcheck: {done.stdout}{done.stderr}"[:500]] if done.returncode or done.stdout else []
    kartei.stop()
    sums = subprocess.run([*instance.as_service_user(), str(tools / "pg_checksums"), "--check", "-D", f"{kartei.var}/pg/data"],
                          capture_output=True, text=True, cwd="/")
    return found + ([f"pg_checksums: {sums.stdout}{sums.stderr}"[:500]] if sums.returncode else [])
