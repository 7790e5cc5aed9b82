"""The judge of the chaos test: holds what was acknowledged against the CRM's ledger, by content and never by our own keys."""
import collections
import hashlib
import time

PLANTS = {"lost": "writes_lost", "doubled": "writes_doubled", "repeated": "writes_doubled", "scan": "scans_lost"}
COMPANY_PLANTS = {"company": "companies_doubled", "no company": "companies_lost"}
SCAN_END = ("read", "failed")
WRITE_END = ("written", "refused", "conflict", "undone", "undo_conflict")


def states_of(ledger, client):
    scans = {scan: client.insist("GET", f"/v1/scans/{scan}") for scan in list(ledger.scans)}
    writes = {write: client.insist("GET", f"/v1/write-backs/{write}") for write in list(ledger.writes)}
    return scans, writes


def parked_ones(client):
    return [one for one in client.insist("GET", "/v1/write-backs?state=uncertain")[2]["items"] if one["parked"]]


def open_ones(client):
    """What Kartei itself says is not at its end and waits for no person; fast where there are thousands that are."""
    found = []
    for path, states in (("scans", ("received", "reading")), ("write-backs", ("intent", "sending", "uncertain", "waiting", "undoing"))):
        for state in states:
            found += client.insist("GET", f"/v1/{path}?state={state}")[2]["items"]
    return [one["id"] for one in found if not one.get("parked")]


def settle(client, seconds):
    """Waits until nothing is under way; returns how long it took."""
    begin = time.monotonic()
    while open_ones(client) and time.monotonic() - begin < seconds:
        time.sleep(0.5)
    return round(time.monotonic() - begin, 1)


def photo_kept(client, scan, digest):
    status, _, data = client.insist("GET", f"/v1/scans/{scan}/image")
    return status == 200 and hashlib.sha256(data).hexdigest() == digest


def falsified(kind, wanted, entries):
    """The ledger with one fault in it."""
    victim = next((key for key, (count, _) in wanted.items() if count), None)
    its = {entry.id for entry in entries if entry.key == victim}
    create = next((entry for entry in entries if entry.id in its and entry.act == "create"), None)
    if kind == "lost":
        return [entry for entry in entries if entry.id not in its]
    if kind == "doubled":  # a second record
        return entries + [create._replace(id="another")]
    if kind == "repeated":  # the same change once more
        last = [entry for entry in entries if entry.id in its][-1]
        return entries + [last._replace(act="update")]
    return entries


def judge_writes(wanted, entries, claimed=()):
    """Faults of the writes. `wanted`: content key -> (records that must be there, the title they must have); `entries`:
    the ledger; `claimed`: keys that somebody began with. A person is made once for all; an update that says what was
    there already was sent twice."""
    living, made, repeated = {}, collections.Counter(), []
    for entry in entries:
        before = living.get(entry.id)
        made[entry.key] += entry.act == "create"
        if entry.act == "update" and before == (entry.key, entry.title):
            repeated.append(entry.key)
        if entry.act == "delete":
            living.pop(entry.id, None)
        else:
            living[entry.id] = entry.key, entry.title
    there = collections.Counter(key for key, _ in living.values())
    return {
        "writes_lost": [key for key, (count, title) in wanted.items() if count and (key, title) not in living.values()],
        "writes_doubled": [key for key, n in made.items() if n > 1] + repeated
        + [key for key, (count, _) in wanted.items() if there[key] > count and made[key] < 2],
        "strangers": [key for key in there if key not in wanted and key not in claimed],
    }


def judge_companies(told, names, plant=None):
    """Faults of the companies. `told`: name -> ids that were acknowledged; `names`: id -> name of what the CRM has."""
    names = dict(names)
    if plant == "company":
        names["another"] = next(iter(told))
    if plant == "no company":
        del names[next(number for number, name in names.items() if name in told)]
    there = {name: {number for number, its in names.items() if its == name} for name in told}
    found = {"companies_doubled": [name for name, ids in there.items() if len(ids) > 1],
             "companies_lost": [name for name, ids in there.items() if not ids or told[name] != ids],
             "companies_strange": [name for name in names.values() if name not in told]}
    return {kind: wrong for kind, wrong in found.items() if wrong}


def judge(ledger, client, entries, plant=None):
    """Faults by kind, each with what it found, and the states for the record."""
    wanted = {key: ledger.wanted[key] for key in ledger.writes.values()}
    photos = {**ledger.scans, **({"00000000-0000-7000-8000-000000000000": "0" * 64} if plant == "scan" else {})}
    scans, writes = states_of(ledger, client)
    ended = {one: body.get("state") for one, (status, _, body) in {**scans, **writes}.items() if status == 200}
    faults = {
        "scans_lost": [s for s, digest in photos.items() if s not in ended or not photo_kept(client, s, digest)],
        "scans_stuck": [s for s in scans if ended.get(s, "failed") not in SCAN_END],
        "writes_stuck": [w for w in writes if ended.get(w, "written") not in WRITE_END],
        "writes_refused": [w for w in writes if ended.get(w, "404") in ("refused", "conflict", "undo_conflict", "404")],
        **judge_writes(wanted, falsified(plant, wanted, entries), ledger.wanted),
    }
    why = collections.Counter((body.get("problem") or {}).get("type") for _, _, body in scans.values() if body.get("state") == "failed")
    return {kind: found for kind, found in faults.items() if found}, dict(collections.Counter(ended.values())), dict(why)
