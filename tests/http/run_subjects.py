#!/usr/bin/python3
"""What people may ask about their own data: everything of them is found, handed out, or erased so that neither the database, nor the
disk, nor a backup brings it back. The certificate is checked by OpenSSL.
"""
import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

from photo import jpeg
from server import Server, wait_until

ANNA = {"given_name": "Anna", "family_name": "Zweigelt", "organization": "Zweigelt Kellerei GmbH",
        "emails": [{"value": "anna@zweigelt.example", "kind": "work"}], "phones": [{"value": "+4993145678901", "kind": "work"}]}
BERT = {"given_name": "Bert", "family_name": "Grünbaum", "organization": "Zweigelt Kellerei GmbH",
        "emails": [{"value": "bert@zweigelt.example", "kind": "work"}]}


class World:
    """Anna in every place that Kartei keeps: a contact with an earlier state, one in the bin, a record of the address book, photos alone
    and with Bert."""

    def __init__(self, server, admin):
        self.server, self.admin = server, admin
        self.anna = self.contact(ANNA)
        change = admin.patch(f"/v1/contacts/{self.anna}", {"job_title": "Kellermeisterin"}, if_match=self.etag(self.anna))
        assert change.status == 200, change.data
        self.bert = self.contact(BERT)
        self.scans = [self.photo(1, self.anna), self.photo(2, self.anna, self.bert)]
        self.book = next(one["id"] for one in admin.get("/v1/connections").json["items"] if one["kind"] == "address_book")
        self.write(self.anna)
        server.tool("work")
        self.binned = self.contact({**ANNA, "job_title": "Winzerin"})
        assert admin.delete(f"/v1/contacts/{self.binned}", if_match=self.etag(self.binned)).status == 204

    def etag(self, contact):
        return self.admin.get(f"/v1/contacts/{contact}").headers["ETag"]

    def contact(self, fields):
        made = self.admin.post("/v1/contacts", {"contact": fields})
        assert made.status == 201, made.data
        return made.json["id"]

    def photo(self, seed, *contacts):
        scan = self.admin.request("POST", "/v1/scans", jpeg(seed * 7919), {"Content-Type": "image/jpeg", "Idempotency-Key": f"photo-{seed}"}).json["id"]
        for n, contact in enumerate(contacts, 1):
            self.server.sql(f"""insert into kartei.cards (org_id, scan_id, n, id, quad, width, height, contact_id)
              select org_id, id, {n}, gen_random_uuid(), '[]', 900, 600, '{contact}' from kartei.scans where id = '{scan}'""")
            self.server.sql(f"update kartei.contacts set scan_id = '{scan}' where id = '{contact}'")
        return scan

    def write(self, contact):
        version = self.admin.get(f"/v1/contacts/{contact}").json["version"]
        plan = self.admin.post("/v1/previews", {"contact_id": contact, "contact_version": version, "connection_id": self.book, "choices": []})
        sent = self.admin.post("/v1/write-backs", {"preview_id": plan.json["id"]}, if_match=f'"v{version}"')
        assert sent.status == 202, sent.data
        return sent.json["id"]

    def mirrored(self):
        """A CRM of which Kartei has a copy, with Anna in it: what came by a file, made another kind of connection by hand."""
        crm = self.admin.post("/v1/connections", {"kind": "file_drop", "name": "Fernes CRM", "settings": {}, "secret": {}}).json["id"]
        brought = self.admin.post(f"/v1/connections/{crm}/imports", {"text": "Name,Email\nAnna Zweigelt,anna@zweigelt.example\nBert Grünbaum,bert@zweigelt.example\n"})
        assert brought.status == 200, brought.data
        self.server.sql(f"update kartei.connections set kind = 'pipedrive' where id = '{crm}'")
        return crm

    def ask(self, kind, **subject):
        made = self.admin.post("/v1/subject-requests", {"kind": kind, "subject": subject, "reference": "Akte Zweigelt"})
        assert made.status == 201, made.data
        return made.json

    def finds(self, request):
        answer = self.admin.get(f"/v1/subject-requests/{request['id']}/finds")
        assert answer.status == 200, answer.data
        return answer.json

    def choice(self, request):
        finds = self.finds(request)
        return {kind: [one["id"] for one in finds[kind]] for kind in ("contacts", "records")}

    def preview(self, request, choice):
        return self.admin.post(f"/v1/subject-requests/{request['id']}/preview", choice)

    def erase(self, request, choice, confirm=None):
        confirm = confirm or self.preview(request, choice).json["confirm"]
        return self.admin.post(f"/v1/subject-requests/{request['id']}/erasure", {**choice, "confirm": confirm})


def signed(certificate):
    """Whether OpenSSL, too, holds the signature for right."""
    key = bytes.fromhex("302a300506032b6570032100" + certificate["key"])  # RFC 8410: SubjectPublicKeyInfo of Ed25519
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        signature = certificate["signature"]
        for name, data in (("key", key), ("text", certificate["text"].encode()),
                           ("signature", base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))):
            (path / name).write_bytes(data)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", path / "key", "-rawin", "-in", path / "text",
                               "-sigfile", path / "signature"], capture_output=True).returncode == 0


class Subjects(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server())
        self.admin = self.server.sign_in("admin@one.example")
        self.world = World(self.server, self.admin)

    def rows(self):
        """How much there is by which Anna, or what stood for her, could be known."""
        return {table: int(self.server.sql(f"select count(*) from kartei.{table} where {where}")) for table, where in {
            "contacts": f"id in ('{self.world.anna}', '{self.world.binned}')", "contact_versions": f"contact_id = '{self.world.anna}'",
            "cards": f"contact_id = '{self.world.anna}'", "scans": f"id in ('{self.world.scans[0]}', '{self.world.scans[1]}')",
            "write_backs": f"contact_id = '{self.world.anna}'", "records": f"connection_id = '{self.world.book}'",
            "match_subjects": f"subject_id in ('{self.world.anna}', '{self.world.binned}')"}.items()}

    def test_everything_of_a_person_is_found_and_nobody_else(self):
        world = self.world
        for subject, by in (({"email": "ANNA@zweigelt.example"}, ["email"]), ({"phone": "0931 45678901"}, ["phone"]), ({"name": "zweigelt anna"}, ["name"]),
                            ({"name": "Anna Zweigelt", "email": "anna@zweigelt.example", "phone": "+49 931 45678901"}, ["email", "phone", "name"])):
            finds = world.finds(world.ask("access", **subject))
            self.assertEqual({one["id"] for one in finds["contacts"]}, {world.anna, world.binned}, subject)
            self.assertEqual([(one["kept_here"], one["by"]) for one in finds["records"]], [(True, by)], subject)
            self.assertEqual({one["id"]: bool(one["deleted_at"]) for one in finds["contacts"]}, {world.anna: False, world.binned: True})
        self.assertEqual(world.finds(world.ask("access", email="nobody@zweigelt.example"))["contacts"], [])
        self.assertEqual(world.finds(world.ask("access", email="admin@one.example"))["user"] is not None, True)
        for subject, pointer in (({}, "/subject"), ({"email": "no address"}, "/subject/email"), ({"name": "  "}, "/subject")):
            refused = self.admin.post("/v1/subject-requests", {"kind": "access", "subject": subject})
            self.assertEqual((refused.status, refused.json["errors"][0]["pointer"]), (422, pointer))

    def test_the_answer_holds_earlier_states_and_what_went_to_crms(self):
        world = self.world
        request = world.ask("access", email="anna@zweigelt.example")
        answer = self.admin.post(f"/v1/subject-requests/{request['id']}/answer", world.choice(request))
        self.assertEqual(answer.status, 200, answer.data)
        copies = {one["contact"]["id"]: one for one in answer.json["contacts"]}
        self.assertEqual(copies[world.anna]["contact"]["contact"]["job_title"], "Kellermeisterin")
        self.assertEqual([one["contact"]["job_title"] for one in copies[world.anna]["versions"]], [None])
        self.assertEqual([one["state"] for one in copies[world.anna]["write_backs"]], ["written"])
        self.assertEqual(answer.json["records"][0]["contact"]["family_name"], "Zweigelt")
        self.assertGreater(len(answer.json["notices"]), 5)
        self.assertEqual(self.admin.get(f"/v1/subject-requests/{request['id']}").json["state"], "done")
        self.assertEqual(self.admin.post(f"/v1/subject-requests/{request['id']}/answer", world.choice(request)).status, 200, "a second copy")
        self.assertEqual(world.preview(request, world.choice(request)).status, 409, "access is no erasure")
        self.assertNotIn(b"Gr\xc3\xbcnbaum", answer.data)

    def test_an_erasure_leaves_nothing_and_says_what_went(self):
        world = self.world
        request = world.ask("erasure", name="Anna Zweigelt")
        choice = world.choice(request)
        seen = world.preview(request, choice).json
        self.assertEqual({name: seen[name] for name in ("contacts", "records", "photos", "shared_photos", "write_backs", "under_way", "remains")},
                         {"contacts": 2, "records": 1, "photos": 2, "shared_photos": 1, "write_backs": 1, "under_way": 0, "remains": []})
        before, files = self.rows(), self.server.stored()
        self.assertTrue(all(before.values()), before)
        self.assertEqual(world.erase(request, choice, "0" * 32).status, 409, "not confirmed")
        self.assertEqual(world.erase(request, {**choice, "records": []}, seen["confirm"]).status, 409, "confirmed for something else")
        self.assertEqual(self.rows(), before, "nothing went")
        done = world.erase(request, choice, seen["confirm"])
        self.assertEqual(done.status, 200, done.data)
        certificate = done.json["certificate"]
        self.assertEqual((set(certificate["contacts"]), set(certificate["scans"]), len(certificate["records"]), certificate["files"]),
                         ({world.anna, world.binned}, set(world.scans), 1, 2))
        self.assertFalse(any(self.rows().values()), self.rows())
        self.assertEqual((self.server.stored(), files), (0, 2))
        self.assertEqual(self.admin.get(f"/v1/contacts/{world.anna}").status, 404)
        self.assertEqual(self.admin.get("/v1/contacts?q=Zweigelt+Anna").json["items"], [])
        self.assertEqual(self.admin.get(f"/v1/contacts/{world.bert}").json["source"]["scan_id"], None, "Bert stays, without the photo")
        kept = self.admin.get(f"/v1/subject-requests/{request['id']}").json
        self.assertEqual((kept["subject"], kept["reference"]), ({"name": None, "email": None, "phone": None}, None), "nor is it known who asked")
        self.assertTrue(kept["certificate"]["valid"] and signed(certificate))
        self.assertFalse(signed({**certificate, "text": certificate["text"].replace("files 2", "files 3")}), "a changed one is not right")
        self.assertNotIn("Zweigelt", json.dumps(kept))
        self.server.sql("delete from kartei.instance_keys where name = 'erasure certificates'")
        self.assertFalse(self.admin.get(f"/v1/subject-requests/{request['id']}").json["certificate"]["valid"], "another key has not signed it")
        self.assertEqual(self.admin.get(f"/v1/subject-requests/{request['id']}/finds").status, 409)
        self.assertEqual(world.erase(request, {"contacts": [world.bert], "records": []}, "0" * 32).status, 409, "done is done")
        trail = self.admin.get(f"/v1/audit?action=subject_request.erase&record={request['id']}").json["items"]
        self.assertEqual(len(trail), 1)

    def test_what_a_crm_keeps_is_said_and_the_copy_goes(self):
        world, crm = self.world, self.world.mirrored()
        request = world.ask("erasure", email="anna@zweigelt.example")
        self.assertEqual(sorted(one["kept_here"] for one in world.finds(request)["records"]), [False, True])
        choice = world.choice(request)
        remains = [{"connection_id": crm, "connection": "Fernes CRM", "kind": "pipedrive", "records": 1}]
        self.assertEqual(world.preview(request, choice).json["remains"], remains)
        certificate = world.erase(request, choice).json["certificate"]
        self.assertEqual(certificate["remains"], remains)
        self.assertIn(f"remains {crm} 1\n", certificate["text"])
        self.assertEqual(self.server.sql(f"select count(*) from kartei.records where connection_id = '{crm}'"), "1", "Bert's copy stays")

    def test_of_two_at_once_one_erases(self):
        world = self.world
        request = world.ask("erasure", email="anna@zweigelt.example")
        choice = world.choice(request)
        confirm = world.preview(request, choice).json["confirm"]
        clients = [self.server.sign_in("admin@one.example") for _ in range(4)]
        statuses = []
        threads = [threading.Thread(target=lambda client=client: statuses.append(client.post(
            f"/v1/subject-requests/{request['id']}/erasure", {**choice, "confirm": confirm}).status)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses.count(200), 1, statuses)
        self.assertEqual(len(self.admin.get(f"/v1/subject-requests/{request['id']}").json["certificate"]["contacts"]), 2)

    def test_it_waits_for_what_is_on_its_way(self):
        world = self.world
        request = world.ask("erasure", email="anna@zweigelt.example")
        world.write(world.anna)
        choice = world.choice(request)
        self.assertEqual(world.preview(request, choice).json["under_way"], 1)
        self.assertEqual(world.erase(request, choice).status, 409)
        self.server.tool("work")
        self.assertEqual(world.erase(request, world.choice(request)).status, 200)

    def test_a_restored_backup_is_relieved_of_the_person(self):
        """The whole data directory of before comes back; the list outside of it remembers."""
        world, server = self.world, self.server
        server.stop_database()
        server.run("cp", "-a", server.folder / "pg", server.folder / "night")
        server.start_database()
        wait_until(lambda: self.admin.get("/readyz").status == 200)
        request = world.ask("erasure", email="anna@zweigelt.example")
        self.assertEqual(world.erase(request, world.choice(request)).status, 200)
        server.stop_database()
        shutil.rmtree(server.folder / "pg")
        server.run("mv", server.folder / "night", server.folder / "pg")
        server.start_database()
        self.assertTrue(self.rows()["contacts"] and self.rows()["records"], "the backup has her")
        said = server.run(server.build / "services/kartei", "admin", "erasures", "replay", "--json").stdout
        self.assertEqual(json.loads(said), {"removed": 5}, "two contacts, two photos, a record")
        self.assertFalse(any(self.rows().values()), self.rows())
        self.assertEqual(server.run(server.build / "services/kartei", "admin", "erasures", "replay", "--json").stdout.strip(), '{"removed":0}')


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
