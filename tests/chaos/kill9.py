#!/usr/bin/python3
"""kill9.py [--kills N] [--seed N] [--plant lost|doubled]: kill -9 at random during uploads and write-backs to Radicale.

Four kinds of processes die at random moments: kartei-api, kartei-worker, kartei-parse (parent or child) and the whole
PostgreSQL. Clients behave like the pages: they repeat the same request with the same Idempotency-Key until it is answered.
Afterwards the judge compares by content, never by our own keys: every acknowledged photo is a scan that was read to its
end, and every acknowledged write-back is exactly one vCard in Radicale's own folder. --plant falsifies the evidence once,
so that one can see the judge convict. Prints one JSON line; ends with 1 on any loss or doubling.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import instance  # noqa: E402
import radicale  # noqa: E402

ROOT = instance.ROOT
SETTLED = ("written", "refused", "conflict", "undone")


def make_cards(folder, count, seed):
    """Clean synthetic cards; each shows another person."""
    subprocess.run([str(ROOT / "tools/generate/cards.py"), "--seed", str(seed), "--count", str(count), "--out", folder, "--clean"],
                   check=True, stdout=subprocess.DEVNULL)
    return sorted(pathlib.Path(folder).glob("*.jpg"))


class Load(threading.Thread):
    """Uploads photos and writes what was read on them back to Radicale, one after the other."""

    def __init__(self, client, connection, photos):
        super().__init__(daemon=True)
        self.client, self.connection, self.photos = client, connection, photos
        self.scans, self.writes, self.trouble, self.stop = {}, {}, [], threading.Event()

    def run(self):
        for photo in self.photos:
            if self.stop.is_set():
                return
            try:
                self.walk(photo)
            except (TimeoutError, KeyError, AssertionError) as problem:
                self.trouble.append(f"{photo.name}: {problem!r}")

    def walk(self, photo):
        status, _, scan = self.client.insist("POST", "/v1/scans", photo.read_bytes(),
                                             {"Content-Type": "image/jpeg", "Idempotency-Key": f"scan-{photo.name}"}, 120)
        assert status in (200, 202), (status, scan)
        self.scans[scan["id"]] = photo.name
        scan = self.settled(f"/v1/scans/{scan['id']}", ("read", "failed"))
        for card in scan["cards"]:
            if card["contact_id"]:
                self.write(card["contact_id"])

    def settled(self, path, states):
        for _ in range(600):
            status, _, body = self.client.insist("GET", path)
            if status == 200 and body["state"] in states:
                return body
            time.sleep(0.1)
        raise TimeoutError(path)

    def write(self, contact_id):
        self.settled(f"/v1/contacts/{contact_id}", ("matched", "confirmed"))
        _, _, contact = self.client.insist("GET", f"/v1/contacts/{contact_id}")
        wish = {"contact_id": contact_id, "contact_version": contact["version"], "connection_id": self.connection, "choices": []}
        status, _, preview = self.client.insist("POST", "/v1/previews", wish, {"Idempotency-Key": f"preview-{contact_id}"})
        assert status == 201, (status, preview)
        status, _, written = self.client.insist("POST", "/v1/write-backs", {"preview_id": preview["id"]},
                                                {"Idempotency-Key": f"write-{contact_id}", "If-Match": f'"v{contact["version"]}"'})
        assert status == 202, (status, written)
        self.writes[written["id"]] = contact["contact"]


def children_of(pid):
    try:
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


class Nemesis:
    """Kills by pid only what the instance under test started."""

    def __init__(self, kartei, rng):
        self.kartei, self.rng, self.kills = kartei, rng, collections.Counter()

    def strike(self):
        victim = self.rng.choice(["kartei-api", "kartei-worker", "kartei-parse", "parse-child", "postgres"])
        pid = self.kartei.pid("kartei-parse" if victim == "parse-child" else victim)
        if victim == "parse-child" and pid:
            pid = self.rng.choice(children_of(pid) or [0])
        if not pid:
            return False
        tree = [pid] + (children_of(pid) if victim == "postgres" else [])
        for one in tree:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.kills[victim] += 1
        return True


def judge(load, client, server, plant):
    """Loss and doubling by content: names and addresses in Radicale's folder against what people had acknowledged."""
    verdict = {"scans_lost": 0, "scans_stuck": 0, "writes_lost": 0, "writes_doubled": 0, "writes_stuck": 0}
    acknowledged = dict(load.scans)
    if plant == "lost":
        acknowledged["00000000-0000-7000-8000-000000000000"] = "planted"
    for scan_id in acknowledged:
        status, _, scan = client.insist("GET", f"/v1/scans/{scan_id}")
        verdict["scans_lost"] += status != 200
        verdict["scans_stuck"] += status == 200 and scan["state"] not in ("read", "failed")
    cards = [radicale.essence(text) for text in server.vcards()]
    if plant == "doubled" and cards:
        cards.append(cards[0])
    found = collections.Counter(cards)
    verdict["writes_doubled"] = sum(n - 1 for n in found.values())
    states = collections.Counter()
    for write_id, contact in load.writes.items():
        _, _, written = client.insist("GET", f"/v1/write-backs/{write_id}")
        states[written["state"]] += 1
        verdict["writes_stuck"] += written["state"] not in SETTLED
        verdict["writes_lost"] += written["state"] == "written" and not found[radicale.essence_of_contact(contact)]
    verdict["states"] = dict(states)
    return verdict


def settle(load, client, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        states = [client.insist("GET", f"/v1/write-backs/{w}")[2]["state"] for w in load.writes]
        if all(s in SETTLED for s in states):
            return
        time.sleep(1)


def storm(arguments, kartei, server):
    rng = random.Random(arguments.seed)
    client = kartei.sign_in()
    status, _, connection = client.post("/v1/connections", server.connection())
    assert status == 201, connection
    load = Load(client, connection["id"], make_cards(f"{kartei.folder}/cards", arguments.kills * 3, arguments.seed))
    nemesis, judge_client = Nemesis(kartei, rng), kartei.client()
    judge_client.cookie, judge_client.csrf = client.cookie, client.csrf
    load.start()
    while sum(nemesis.kills.values()) < arguments.kills and load.is_alive():
        time.sleep(rng.uniform(0.1, 1.5))
        nemesis.strike()
    load.stop.set()
    load.join(180)
    settle(load, judge_client, 90)
    verdict = judge(load, judge_client, server, arguments.plant)
    return {"seed": arguments.seed, "kills": dict(nemesis.kills), "total_kills": sum(nemesis.kills.values()),
            "scans_acknowledged": len(load.scans), "writes_acknowledged": len(load.writes), **verdict,
            "trouble": load.trouble[:5], "client_stuck": load.is_alive()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plant", choices=("lost", "doubled"))
    arguments = parser.parse_args()
    started = time.monotonic()
    with radicale.Radicale() as server:
        with instance.Instance(environment={"KARTEI_EGRESS_ALLOW_PRIVATE": f"127.0.0.1:{server.port}"}) as kartei:
            result = storm(arguments, kartei, server)
    result["seconds"] = round(time.monotonic() - started)
    print(json.dumps(result, ensure_ascii=False))
    bad = [k for k in ("scans_lost", "scans_stuck", "writes_lost", "writes_doubled", "writes_stuck") if result[k]]
    return 1 if bad or result["client_stuck"] or not result["writes_acknowledged"] else 0


if __name__ == "__main__":
    sys.exit(main())
