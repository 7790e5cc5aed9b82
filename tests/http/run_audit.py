#!/usr/bin/python3
"""The audit trail by the API, the command line and the verifier that knows no database.

Planted: INCIDENTS break-ins, each a session or an address that read some contacts among everybody else's reading; all are
answered from the trail alone, in under a minute together. Tampered: TAMPERINGS entries of an exported trail deleted, altered,
moved and cut; the verifier names each. More by `run_audit.py --incidents 50 --entries 10000 --tamperings 2000`.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import time
import unittest

from server import Server, service_user, wait_until

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--incidents", type=int, default=12)
OPTIONS.add_argument("--entries", type=int, default=500)
OPTIONS.add_argument("--tamperings", type=int, default=60)
CHOSEN, REST = OPTIONS.parse_known_args()


def admin(*words):
    return server.run(server.build / "services/kartei", "admin", *words).stdout


def verify(lines, *words):
    done = subprocess.run([server.build / "services/kartei-audit-verify", *words], input=lines, capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def organisation():
    return server.sql("select org_id from kartei.users u group by org_id order by count(*) desc limit 1")


def lots(entries):
    """Entries of everyday reading, written the way the API writes them."""
    client = server.sign_in("user@one.example")
    made = [client.post("/v1/contacts", {"contact": {"given_name": "Anna", "family_name": f"Muster{i}"}}).json["id"] for i in range(12)]
    for _ in range(entries):
        client.get(f"/v1/contacts/{random.choice(made)}", x_forwarded_for=f"10.0.0.{random.randrange(200)}")
    return client, made


class Audit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        random.seed(13)
        cls.client, cls.contacts = lots(60)
        cls.org = organisation()
        cls.boss = server.sign_in("admin@one.example")

    def test_incidents_are_answered_from_the_trail_alone(self):
        planted = []
        for number in range(CHOSEN.incidents):
            thief, address = server.sign_in("user@one.example"), f"203.0.113.{number + 1}"
            loot = random.sample(self.contacts, random.randrange(1, 6))
            for one in loot:
                self.assertEqual(thief.get(f"/v1/contacts/{one}", x_forwarded_for=address).status, 200)
            session = server.sql("select session_id from kartei.audit where session_id is not null order by seq desc limit 1")
            planted.append((session, address, sorted(loot)))
            self.client.get(f"/v1/contacts/{random.choice(self.contacts)}")
        begun = time.monotonic()
        for number, (session, address, loot) in enumerate(planted):
            question = f"session={session}" if number % 2 else f"address={address}"
            answer = self.boss.get(f"/v1/audit/records?{question}")
            self.assertEqual(sorted(item["id"] for item in answer.json["items"]), loot, question)
        spent = time.monotonic() - begun
        print(f"{CHOSEN.incidents} incidents answered in {spent:.2f} s", file=sys.stderr)
        self.assertLess(spent, 60)
        self.assertEqual(sorted(line.split()[1] for line in
                                admin("audit", "find", "--org", self.org, "--session", planted[0][0]).splitlines()), planted[0][2])

    def test_lists_pictures_and_reviews_are_reads_too(self):
        reader = server.sign_in("user@one.example")
        listed = {item["id"] for item in reader.get("/v1/contacts?limit=5").json["items"]}
        contact = self.contacts[0]
        reader.get(f"/v1/contacts/{contact}/candidates")
        reader.get(f"/v1/contacts/{contact}/review")
        reader.get(f"/v1/contacts/{contact}", accept="text/vcard")
        session = server.sql("select session_id from kartei.audit where note = 'review_get' order by seq desc limit 1")
        items = self.boss.get(f"/v1/audit?session={session}").json["items"]
        self.assertEqual([item["note"] for item in items], ["contact_get", "review_get", "candidate_list", "contact_list"])
        self.assertEqual(set(items[-1]["records"]), listed)
        found = self.boss.get(f"/v1/audit/records?record={contact}&from=2000-01-01T00:00:00Z").json["items"]
        self.assertIn(contact, [item["id"] for item in found])

    def test_who_searches_is_found(self):
        self.boss.get("/v1/audit?address=192.0.2.200")
        newest = self.boss.get("/v1/audit?action=audit.search").json["items"][0]
        self.assertEqual((newest["note"], newest["kind"]), ("address", "audit"))

    def test_pages_go_on_without_gaps(self):
        seen, path = [], "/v1/audit?limit=70&action=contact.read"
        while path:
            page = self.boss.get(path).json
            seen += [item["number"] for item in page["items"]]
            path = page["links"].get("next")
        self.assertEqual(seen, sorted(set(seen), reverse=True))
        self.assertEqual(len(seen), int(server.sql(f"select count(*) from kartei.audit where action = 'contact.read' and org_id = '{self.org}'")))

    def test_wrong_questions_say_where(self):
        for question, pointer in (("session=x", "/session"), ("from=yesterday", "/from"), ("to=1", "/to")):
            answer = self.boss.get(f"/v1/audit?{question}")
            self.assertEqual((answer.status, answer.json["errors"][0]["pointer"]), (422, pointer))

    def test_the_application_may_add_and_read_only(self):
        for statement in ("update kartei.audit set note = ''", "delete from kartei.audit", "truncate kartei.audit"):
            done = subprocess.run(["psql", "-qXtA", "-c", statement, server.conninfo("kartei_app")], capture_output=True, text=True)
            self.assertIn("permission denied", done.stderr)

    def test_an_answer_does_not_leave_when_the_trail_cannot_take_it(self):
        server.sql("alter table kartei.audit add constraint full_up check (note <> 'contact_get') not valid")
        try:
            answer = self.boss.get(f"/v1/contacts/{self.contacts[0]}")
            self.assertGreaterEqual(answer.status, 500)
            self.assertNotIn(b"Muster", answer.data)
        finally:
            server.sql("alter table kartei.audit drop constraint full_up")
        self.assertEqual(self.boss.get(f"/v1/contacts/{self.contacts[0]}").status, 200)


class Verifier(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        random.seed(14)
        lots(CHOSEN.entries)
        cls.org = organisation()
        worker = server.start("worker", server.build / "services/kartei-worker")
        cls.heads = server.folder / f"audit/{cls.org}.heads"
        wait_until(lambda: cls.heads.exists() and cls.heads.stat().st_size > 0)
        worker.terminate()
        worker.wait(20)
        cls.key = admin("audit", "key").strip()
        cls.lines = admin("audit", "export", "--org", cls.org).encode()
        cls.all = cls.lines.splitlines(keepends=True)
        cls.newest = int(cls.heads.read_text().splitlines()[-1].split()[1])

    def judge(self, lines):
        return verify(b"".join(lines), "--heads", self.heads, "--key", self.key)

    def named(self, lines, number, what):
        code, said = self.judge(lines)
        self.assertEqual(code, 4, f"{what} of {number}: {said}")
        self.assertRegex(said, rf"first bad entry: {number} ", f"{what} of {number}")

    def test_the_whole_chain_is_whole(self):
        code, said = self.judge(self.all)
        self.assertEqual(code, 0, said)
        self.assertIn(f"{len(self.all)} entries, whole; signed up to {self.newest}", said)
        self.assertIn("first bad one: 0", admin("audit", "verify", "--org", self.org))

    def test_every_tampering_is_named(self):
        n = len(self.all)
        for number in random.sample(range(1, self.newest), min(CHOSEN.tamperings, self.newest - 1)):
            at = number - 1
            self.named(self.all[:at] + self.all[at + 1:], number, "deletion")
            line = bytearray(self.all[at])
            place = random.randrange(len(line) - 1)
            line[place] ^= 1 << random.randrange(3)
            self.named(self.all[:at] + [bytes(line)] + self.all[at + 1:], number, f"alteration at {place}")
            other = random.randrange(at + 1, n) if at + 1 < n else at - 1
            moved = list(self.all)
            moved[at], moved[other] = moved[other], moved[at]
            self.named(moved, min(at, other) + 1, "exchange")
            self.named(self.all[:at], number, "cut")
        print(f"{4 * min(CHOSEN.tamperings, self.newest - 1)} tamperings of {n} entries named", file=sys.stderr)

    def test_a_chain_written_anew_is_found_by_the_signed_head_alone(self):
        import hashlib
        chain, forged = bytes(32), []
        for at, line in enumerate(self.all):
            text = line.rstrip(b"\n").split(b" ", 1)[1]
            if at == 4:
                text = text.replace(b'"kind":"', b'"kind":"x')
            chain = hashlib.sha256(chain + text).digest()
            forged.append(chain.hex().encode() + b" " + text + b"\n")
        self.assertEqual(verify(b"".join(forged))[0], 0)  # without the heads nobody would know
        code, said = self.judge(forged)
        self.assertEqual(code, 4)
        self.assertIn("the chain was written anew", said)

    def test_a_forged_head_is_refused(self):
        text = self.heads.read_text()
        forged = pathlib.Path(server.folder) / "forged.heads"
        org, seq, rest = text.split(" ", 2)
        forged.write_text(f"{org} {int(seq) - 1} {rest}")
        code, said = verify(self.lines, "--heads", forged, "--key", self.key)
        self.assertEqual(code, 4)
        self.assertIn("not signed by this key", said)
        self.assertEqual(verify(self.lines, "--heads", self.heads, "--key", "00" * 32)[0], 4)

    def test_tampering_in_the_database_shows_in_the_export(self):
        for change, number in ((f"update kartei.audit set action = 'contact.update' where org_id = '{self.org}' and seq = 50", 50),
                               (f"update kartei.audit set user_id = null where org_id = '{self.org}' and seq = 51", 51)):
            server.sql(f"create table kartei.kept as select * from kartei.audit; {change}")
            try:
                self.named(admin("audit", "export", "--org", self.org).encode().splitlines(keepends=True), number, change)
            finally:
                server.sql("delete from kartei.audit; insert into kartei.audit select * from kartei.kept; drop table kartei.kept")

    def test_one_event_is_one_line_whatever_a_client_sends(self):
        client = server.client()
        for text in ("x\r\nSet-Cookie: a=b", "\u2028", "\x1b[31m", "\x00", "a\nb", "{\"seq\":1}", "\u0085", "\x7f"):
            client.request("POST", "/v1/session", {"email": text + "@muster.example", "password": text})
        lines = admin("audit", "export", "--org", self.org).encode()
        self.assertEqual(verify(lines)[0], 0)
        self.assertEqual(len(lines.split(b"\n")) - 1, int(server.sql(f"select count(*) from kartei.audit where org_id = '{self.org}'")))


if __name__ == "__main__":
    with Server() as server:
        outcome = unittest.main(argv=[sys.argv[0], *REST], exit=False).result
    sys.exit(not outcome.wasSuccessful())
