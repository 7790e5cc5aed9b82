#!/usr/bin/python3
"""kill9.py [--kills N] [--seed N] [--plant lost|doubled|scan]: kill -9 at random during uploads and write-backs to Radicale.

Several people work at once while kartei-api, kartei-worker, kartei-parse (parent or child) and PostgreSQL (all of it, its
head, or one backend) die at random moments. The judge compares by content (judge.py); it is also shown falsified evidence
and has to convict it, and --plant ends the run with that. Prints one JSON line; ends with 1 on any loss or doubling, or
when something has not come to its end 60 s after the last kill, and with 77 when Radicale is not installed.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import instance  # noqa: E402
import judge  # noqa: E402
import people  # noqa: E402
import radicale  # noqa: E402

VICTIMS = ("kartei-api", "kartei-worker", "kartei-parse", "parse child", "postgres", "postgres head", "postgres backend")
PATIENCE = 60  # seconds after the last kill until everything has come to its end


def children_of(pid):
    try:
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Nemesis:
    """Kills only living children of the supervisor under test, and theirs: a pid file may name a stranger by now."""

    def __init__(self, kartei, rng):
        self.kartei, self.rng, self.kills = kartei, rng, collections.Counter()

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
        pids = self.choose(victim)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.kills[victim] += bool(pids)


def crowd(arguments, kartei, book, ledger, stop):
    """Four who photograph and two who type; each has a connection of their own, all have one account."""
    first = kartei.sign_in()
    status, _, connection = first.post("/v1/connections", book.connection())
    if status != 201:
        raise RuntimeError(f"no connection: {connection}")

    def person():
        client = kartei.client()
        client.cookie, client.csrf = first.cookie, first.csrf
        return client, connection["id"], ledger, stop

    return person()[0], [people.Photographer(*person()) for _ in range(4)] + [people.Typist(n, *person()) for n in range(2)]


def storm(arguments, kartei, book):
    rng, ledger, stop = random.Random(arguments.seed), people.Ledger(), threading.Event()
    client, everybody = crowd(arguments, kartei, book, ledger, stop)
    nemesis = Nemesis(kartei, rng)
    for person in everybody:
        person.start()
    while sum(nemesis.kills.values()) < arguments.kills:
        time.sleep(rng.uniform(0.2, arguments.pause * 2))
        nemesis.strike()
    during = len(ledger.scans), len(ledger.writes)
    stop.set()
    settled = judge.settle(ledger, client, PATIENCE)
    for person in everybody:
        person.join(PATIENCE)
    judge.settle(ledger, client, PATIENCE)  # what people finished meanwhile
    vcards = book.vcards()
    faults, states = judge.judge(ledger, client, vcards, arguments.plant)
    blind = [kind for kind, fault in judge.PLANTS.items() if fault not in judge.judge(ledger, client, vcards, kind)[0]]
    return {"seed": arguments.seed, "kills": dict(nemesis.kills), "total_kills": sum(nemesis.kills.values()),
            "acknowledged_during_kills": {"scans": during[0], "write_backs": during[1]},
            "acknowledged": {"scans": len(ledger.scans), "write_backs": len(ledger.writes)}, "states": states,
            "settled_after_s": settled, "slowest_answer_s": round(ledger.slowest, 1), "in_the_crm": len(vcards),
            "faults": {**{kind: len(found) for kind, found in faults.items()},
                       **({"judge_blind_for": blind} if blind else {}),
                       **({"late": 1} if settled >= PATIENCE else {}),
                       **({"people_stuck": 1} if any(p.is_alive() for p in everybody) else {})},
            "found": {kind: found[:3] for kind, found in faults.items()}, "trouble": ledger.trouble[:5],
            "troubles": len(ledger.trouble)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between two kills on average")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", choices=("lost", "doubled", "scan"))
    arguments = parser.parse_args()
    if radicale.Book.missing():
        print(radicale.Book.missing(), file=sys.stderr)
        return 77
    started = time.monotonic()
    with radicale.Book() as book:
        with instance.Instance(environment={"KARTEI_EGRESS_ALLOW_PRIVATE": f"127.0.0.1:{book.port}"}) as kartei:
            result = storm(arguments, kartei, book)
    result["seconds"] = round(time.monotonic() - started)
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result["faults"] or not result["acknowledged"]["write_backs"] else 0


if __name__ == "__main__":
    sys.exit(main())
