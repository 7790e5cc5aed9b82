"""The judge of the chaos test: holds what was acknowledged against what is there, by content and never by our own keys."""
import collections
import hashlib
import time

import radicale

PLANTS = {"lost": "writes_lost", "doubled": "writes_doubled", "scan": "scans_lost"}  # planted -> what must be found
SCAN_END = ("read", "failed")
WRITE_END = ("written", "refused", "conflict", "undone", "undo_conflict")


def states_of(ledger, client):
    scans = {scan: client.insist("GET", f"/v1/scans/{scan}") for scan in list(ledger.scans)}
    writes = {write: client.insist("GET", f"/v1/write-backs/{write}") for write in list(ledger.writes)}
    return scans, writes


def stuck(ledger, client):
    """What has not come to its end: missing ones have come to a bad one."""
    scans, writes = states_of(ledger, client)
    return [one for one, (status, _, body) in {**scans, **writes}.items()
            if status == 200 and body["state"] not in SCAN_END + WRITE_END]


def settle(ledger, client, seconds):
    """Waits until nothing is stuck; returns how long it took."""
    begin = time.monotonic()
    while stuck(ledger, client) and time.monotonic() - begin < seconds:
        time.sleep(0.5)
    return round(time.monotonic() - begin, 1)


def photo_kept(client, scan, digest):
    status, _, data = client.insist("GET", f"/v1/scans/{scan}/image")
    return status == 200 and hashlib.sha256(data).hexdigest() == digest


def falsified(kind, ledger, vcards):
    """The evidence with one fault in it: (photos by scan, vCards)."""
    victim = next((key for key, (count, _) in ledger.wanted.items() if count), None)
    if kind == "lost":
        vcards = [text for text in vcards if radicale.essence(text) != victim]
    if kind == "doubled":
        vcards = vcards + [text for text in vcards if radicale.essence(text) == victim]
    missing = {"00000000-0000-7000-8000-000000000000": "0" * 64} if kind == "scan" else {}
    return {**ledger.scans, **missing}, vcards


def judge(ledger, client, vcards, plant=None):
    """Faults by kind, each with what it found, and the states for the record."""
    photos, vcards = falsified(plant, ledger, vcards)
    scans, writes = states_of(ledger, client)
    ended = {one: body.get("state") for one, (status, _, body) in {**scans, **writes}.items() if status == 200}
    titles = collections.defaultdict(list)
    for text in vcards:
        titles[radicale.essence(text)].append((radicale.values(text, "TITLE") or [None])[0])
    wanted = {key: ledger.wanted[key] for key in ledger.writes.values()}
    faults = {
        "scans_lost": [s for s, digest in photos.items() if s not in ended or not photo_kept(client, s, digest)],
        "scans_stuck": [s for s in scans if ended.get(s, "failed") not in SCAN_END],
        "writes_stuck": [w for w in writes if ended.get(w, "written") not in WRITE_END],
        "writes_refused": [w for w in writes if ended.get(w, "404") in ("refused", "conflict", "undo_conflict", "404")],
        "writes_lost": [k for k, (count, title) in wanted.items() if count and title not in titles[k]],
        "writes_doubled": [k for k, (count, _) in wanted.items() if len(titles[k]) > count],
        "strangers": [k for k in titles if k not in ledger.wanted],
    }
    return {kind: found for kind, found in faults.items() if found}, dict(collections.Counter(ended.values()))
