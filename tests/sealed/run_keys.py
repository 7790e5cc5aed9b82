#!/usr/bin/python3
"""Keys that change and keys that are destroyed, while a whole Kartei runs and people work in it.

Rotation of the data key and of the master key costs no request, and nothing is left under the former one. A key that was destroyed leaves
the memory of every running program (/proc/PID/mem is searched for its bytes), and nothing of its organisation can be read by anybody.
KARTEI_ROUNDS=20 rotates more often.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import time
import unittest
import uuid

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "lib"), str(TESTS / "http")]
from instance import BUILD, UNREACHABLE, Instance, as_service_user, wait_for  # noqa: E402
from photo import jpeg  # noqa: E402

PATIENCE = 45  # seconds: who loads a key while it is destroyed looks again after 30
ROUNDS = int(os.environ.get("KARTEI_ROUNDS", "2"))
MAPPING_MOST = 1 << 32  # a sanitizer's own book-keeping is larger
PROGRAMS = ("kartei-api", "kartei-worker", "kartei-parse", "postgres", "haproxy")


def keys_of(org):
    """[(what, bytes)], unwrapped."""
    done = subprocess.run([*as_service_user(), str(BUILD / "tests/sealed/keys_tool"), f"host={kartei.var}/run user=kartei_app dbname=kartei",
                           f"{kartei.var}/keys/master.key", f"{kartei.var}/blobs", org], check=True, capture_output=True, text=True, cwd="/", timeout=60)
    return [(line.split()[0], bytes.fromhex(line.split()[1])) for line in done.stdout.splitlines()]


def family(pid):
    try:
        children = [int(one) for task in pathlib.Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid] + [one for child in children for one in family(child)]


def memory(pid, shared):
    """What a process has written to, piece by piece; what it shares with others is looked at once."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            start, end, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            at, size = int(start, 16), int(end, 16) - int(start, 16)
            if rights.startswith("rw") and (shared or rights[3] == "p") and size < MAPPING_MOST:
                try:
                    mem.seek(at)
                    yield mem.read(size)
                except (OSError, ValueError, OverflowError):
                    continue


def holders(*keys):
    """{program: how many copies of these keys its memory holds}, for programs that hold any."""
    found = collections.Counter()
    for program in PROGRAMS:
        pids = family(kartei.pid(program)) if kartei.pid(program) else []
        for pid in pids:
            try:
                found[program] += sum(piece.count(key) for piece in memory(pid, pid == pids[0]) for key in keys)
            except FileNotFoundError:
                continue  # it ended
    return {program: n for program, n in found.items() if n}


def person(n):
    return {"given_name": "Anna", "family_name": f"Quendelbach{n}", "emails": [{"value": f"anna{n}@quendelbach.example"}]}


class Crowd:
    """People at work: each failed request is a failure of the product."""

    def __init__(self, client, size=3):
        self.stop, self.done, self.failed, self.client = threading.Event(), collections.Counter(), [], client
        self.threads = [threading.Thread(target=self.work, args=(n,)) for n in range(size)]

    def ask(self, own, method, path, body=None, **headers):
        self.done[method] += 1
        try:
            status, got, data = own.request(method, path, body, {"Idempotency-Key": str(uuid.uuid4()), **headers} if method == "POST" else headers)
        except UNREACHABLE as error:
            self.failed.append((method, path, repr(error)))
            return None, {}
        if status >= 400 and status not in (409, 412):  # a worker may be at the same contact
            self.failed.append((method, path, status, str(data)[:200]))
        return data, got

    def work(self, at):
        own, n = kartei.client(), 0
        own.cookie, own.csrf = self.client.cookie, self.client.csrf
        while not self.stop.wait(0.3):  # the reader and the matcher keep up
            n += 1
            made, _ = self.ask(own, "POST", "/v1/contacts", {"contact": person(f"{at}x{n}")})
            if not made or "id" not in made:
                continue
            path = f"/v1/contacts/{made['id']}"
            now, got = self.ask(own, "GET", path)
            if now and now["contact"]["family_name"] != f"Quendelbach{at}x{n}":
                self.failed.append(("GET", path, "another name"))
            self.ask(own, "PATCH", path, {"job_title": "Chefin"}, **{"If-Match": got.get("ETag", ""), "Content-Type": "application/merge-patch+json"})
            self.ask(own, "GET", f"/v1/contacts?q=Quendelbach{at}x{n}")
            photo = jpeg(at * 100000 + n, (24, 18))
            scan, _ = self.ask(own, "POST", "/v1/scans", photo, **{"Content-Type": "image/jpeg"})
            if scan and "id" in scan and self.ask(own, "GET", f"/v1/scans/{scan['id']}/image")[0] != photo:
                self.failed.append(("GET", "image", "other bytes"))
        own.connection.close()

    def __enter__(self):
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for one in self.threads:
            one.join()


class Keys(unittest.TestCase):
    def test_1_rotation_under_load_costs_no_request(self):
        """And afterwards nothing lies under a former key, nor in the memory of a program."""
        org = one.get("/v1/session")[2]["org"]["id"]
        former = [key for _, key in keys_of(org)][1:]
        masters = {kartei.sql("select string_agg(distinct master, ' ') from kartei.org_keys")}
        with Crowd(one) as crowd:
            time.sleep(2)
            for _ in range(ROUNDS):
                kartei.command("admin", "keys", "rotate", "--org", org)
                kartei.command("admin", "keys", "rotate-master")
                masters.add(kartei.sql("select string_agg(distinct master, ' ') from kartei.org_keys"))
                time.sleep(1)
            wait_for(lambda: not any(row["values"] for row in self.versions(org) if not row["present"]), 120)
        self.assertEqual(crowd.failed[:5], [])
        self.assertGreater(sum(crowd.done.values()), 20)
        versions = self.versions(org)
        self.assertEqual(len(versions), ROUNDS + 1)
        self.assertEqual({row["values"] for row in versions if not row["present"]}, {0})
        self.assertEqual(len(masters), ROUNDS + 1, masters)
        left = kartei.sql("select count(*) from (select master from kartei.org_keys union all select master from kartei.orgs union all select master from kartei.instance_keys) k "
                   "where master <> (select master from kartei.orgs limit 1)")
        self.assertEqual(left, "0")
        self.assertTrue(holders(*former), "control: the former key is still in memory")
        kartei.sql(f"delete from kartei.org_keys k using kartei.orgs o where k.org_id = '{org}' and o.org_id = k.org_id and k.version < o.key_version")
        wait_for(lambda: not holders(*former), PATIENCE)
        self.assertEqual(one.get("/v1/contacts")[0], 200)
        print(json.dumps({"rotations": ROUNDS, "of the master key": ROUNDS, "requests": sum(crowd.done.values()), "failed": 0, "left under former keys": 0}))

    def versions(self, org):
        return [json.loads(line) for line in kartei.command("admin", "keys", "list", "--org", org, "--json").splitlines()]

    def test_2_after_an_erasure_no_program_can_read(self):
        org = two.get("/v1/session")[2]["org"]["id"]
        contact = two.post("/v1/contacts", {"contact": person("weg")})[2]["id"]
        wait_for(lambda: two.get(f"/v1/contacts/{contact}")[2]["state"] != "read")
        keys = [key for _, key in keys_of(org)]
        before = holders(*keys)
        self.assertEqual(set(before), {"kartei-api", "kartei-worker"}, "control: who works for an organisation holds its keys")
        pids = {name: kartei.pid(name) for name in PROGRAMS}
        kartei.command("admin", "erase-org", "--org", org, "--confirm", org)
        began = time.monotonic()
        wait_for(lambda: not holders(*keys), PATIENCE)
        seconds = time.monotonic() - began
        self.assertEqual(two.get("/v1/contacts")[0], 401)
        # Even who gets in again, and whatever the worker is told to do: there is nothing to read.
        kartei.sql(f"update kartei.users set state = 'active' where org_id = '{org}'")
        cookie = two.cookie.split("=", 1)[1]
        kartei.sql("insert into kartei.sessions (org_id, id, user_id, token_hash, expires_at) select org_id, gen_random_uuid(), id, sha256('%s'), now() + interval '1 hour' "
            "from kartei.users where org_id = '%s' limit 1" % (cookie, org))
        for path in ("/v1/session", "/v1/contacts", f"/v1/contacts/{contact}", f"/v1/contacts/{contact}/versions", "/v1/lists"):
            status, _, data = two.get(path)
            self.assertGreaterEqual(status, 400, path)
            self.assertNotIn("Quendelbach", str(data))
        self.assertEqual(holders(*keys), {})
        self.assertEqual({name: kartei.pid(name) for name in PROGRAMS}, pids, "nobody was restarted")
        self.assertEqual(one.get("/v1/contacts")[0], 200, "the other organisation goes on")
        self.assertTrue(holders(*[key for _, key in keys_of(one.get("/v1/session")[2]["org"]["id"])]))
        print(json.dumps({"copies of its keys before": before, "after": {}, "seconds": round(seconds, 1)}))


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("the memory of other users' programs is root's to read")
        sys.exit(77)
    with Instance() as kartei:
        one, two = kartei.sign_in(), kartei.sign_in("chef@zwei.example", "admin", "Zwei GmbH")
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
