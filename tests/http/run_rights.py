#!/usr/bin/python3
"""Who may do what: every route of the program, asked by five callers with real objects of the first organisation.

The expected table is rights.txt; `run_rights.py --print` prints what is. Words: 401, 403, 404 as answered; "in" when the
request passed all judges of who may (whatever became of it then).
"""
import pathlib
import subprocess
import sys
import unittest
import uuid

from photo import jpeg
from server import Server

TABLE = pathlib.Path(__file__).with_name("rights.txt")
CALLERS = ("admin", "owner", "second", "other", "none")
PERSON = {"given_name": "Anna", "family_name": "Schmidt", "emails": [{"value": "anna@muster.example", "kind": "work"}]}


def routes():
    text = subprocess.run([server.build / "services/kartei-api", "--document", "table"], check=True,
                          capture_output=True, text=True).stdout
    for line in text.splitlines():
        method, path, resource, action, flags = line.split("\t")
        yield method, path, resource, action, flags.split()


def make_objects(owner):
    """One of everything, belonging to the first organisation's user."""
    made = {"lists": owner.post("/v1/lists", {"name": "Messe"}).json["id"]}
    scan = owner.request("POST", f"/v1/scans?list={made['lists']}", jpeg(1),
                         {"Content-Type": "image/jpeg", "Idempotency-Key": "s"}).json
    made["scans"], made["jobs"] = scan["id"], scan["job_id"]
    contact = owner.post("/v1/contacts", {"contact": PERSON, "list_id": made["lists"]}).json
    made["contacts"] = contact["id"]
    made["connections"] = owner.get("/v1/connections").json["items"][0]["id"]
    preview = owner.post("/v1/previews", {"contact_id": contact["id"], "contact_version": contact["version"],
                                          "connection_id": made["connections"], "choices": []})
    assert preview.status == 201, preview.data
    write_back = owner.post("/v1/write-backs", {"preview_id": preview.json["id"]},
                            if_match=f'"v{contact["version"]}"')
    assert write_back.status == 202, write_back.data
    made["write-backs"] = write_back.json["id"]
    server.tool("work")
    again = owner.post("/v1/contacts", {"contact": PERSON, "list_id": made["lists"]}).json
    server.tool("work")
    candidates = owner.get(f"/v1/contacts/{again['id']}/candidates").json["items"]
    assert candidates, "the second contact has no candidate"
    made["candidates"] = candidates[0]["id"]
    made["users"] = server.seed["user@one.example"]
    mailbox = owner.post("/v1/mailboxes", {"kind": "google_mail", "secret": {},
                                           "settings": {"address": "user@one.example", "client_id": "app"}})
    assert mailbox.status == 201, mailbox.data
    made["mailboxes"] = mailbox.json["id"]
    return made


def make_rules(admin):
    """A draft of matching rules."""
    return admin.post("/v1/rules", {"obvious": 0.98}).json["id"]


def make_alert():
    """An open alert of the first organisation, as the sweep raises them."""
    return server.sql("insert into kartei.alerts (org_id, id, kind, culprit_hash, user_id, amount, first_seq, last_seq, first_at, last_at) "
                      "select org_id, gen_random_uuid(), 'guessing', 'x', id, 12, 1, 1, now(), now() from kartei.users "
                      f"where id = '{server.seed['user@one.example']}' returning id")


def make_export(admin):
    """A connection by file and a file of it: they belong to the organisation."""
    drop = admin.post("/v1/connections", {"kind": "file_drop", "name": "Datei", "settings": {}, "secret": {}}).json["id"]
    contact = admin.post("/v1/contacts", {"contact": PERSON}).json
    preview = admin.post("/v1/previews", {"contact_id": contact["id"], "contact_version": contact["version"],
                                          "connection_id": drop, "choices": []}).json
    admin.post("/v1/write-backs", {"preview_id": preview["id"]}, if_match=f'"v{contact["version"]}"')
    server.tool("work")
    return drop, admin.post(f"/v1/connections/{drop}/exports").json["id"]


def make_provider(admin):
    """The draft of an identity provider."""
    return admin.post("/v1/identity-providers", {"kind": "google", "settings": {"name": "Google"}}).json["id"]


def make_duplicate(admin, drop):
    """Two records that a search takes for one person."""
    rows = "Name,Email,Mobile\nErika Zwiebelturm,erika@eins.example,+49171234567\nErika Zwiebelturm,ez@eins.example,+49171234567\n"
    assert admin.post(f"/v1/connections/{drop}/imports", {"text": rows}).status in (200, 201, 202)
    assert admin.post("/v1/duplicate-searches").status == 202
    server.tool("work")
    return admin.get("/v1/duplicates").json["items"][0]["pairs"][0]["id"]


BODIES = {"identity-providers": b'{"state":"off"}', "decision": b'{"same":true}', "users": b"{}", "lists": b"{}", "contacts": b"{}",
          "connections": b"{}", "mailboxes": b"{}", "rules": b"{}", "pair-test": b'{"left":{},"right":{}}', "imports": b'{"text":"Name\\nErika Muster"}',
          "confirmation": b'{"code":"000000"}', "recovery-codes": b'{"code":"000000"}', "removal": b'{"code":"000000"}',
          "sign-in-policy": b'{"second_factor_roles":[]}',
          "mapping": b'{"connector":"address_book","object":"contact","rows":[{"ours":"family_name","theirs":"family_name"}]}'}


def body_of(method, path):
    """What is good enough to reach the object; creating is asked with something that is not JSON."""
    last, creates = path.rsplit("/", 1)[1], path.count("/") == 2
    if last == "policy":
        return b'{"policy":"confirm"}'
    if method == "PATCH":
        return BODIES[path.split("/")[2]]
    return b"not json" if creates else BODIES.get(last, b"")


def ask(client, method, path, flags):
    """A request that is good enough to pass every judge of who may; it sees an old version, so most change nothing."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    if "if-match" in flags:
        headers["If-Match"] = '"v999999"'
    body = None
    if method in ("POST", "PATCH"):
        body, headers["Content-Type"] = body_of(method, path), "image/jpeg" if "upload" in flags else "application/json"
    if path == "/v1/events":
        method = "HEAD"
    answer = client.request(method, path, body, headers)
    return str(answer.status) if answer.status in (401, 403, 404) else "in"


def ends_sign_ins(path):
    """What takes the sessions of others with it: everybody signs in anew behind it."""
    return path.endswith(("/cut-off", "/second-factor-reset"))


def sign_in_all():
    return {"admin": server.sign_in("admin@one.example"), "owner": server.sign_in("user@one.example"),
            "second": server.sign_in("second@one.example"), "other": server.sign_in("admin@two.example"), "none": server.client()}


def owners_session():
    return server.sign_in("user@one.example").get("/v1/sessions").json["items"][0]["id"]


def answers(clients, method, path, real, flags):
    """One answer a caller; a session is a fresh one for each."""
    for name in CALLERS:
        yield ask(clients[name], method, real.replace("{session}", owners_session()) if "{session}" in real else real, flags)
        if ends_sign_ins(path):
            clients.update(sign_in_all())


def measure():
    clients = sign_in_all()
    made = make_objects(clients["owner"])
    drop, made["exports"] = make_export(clients["admin"])
    made["rules"] = make_rules(clients["admin"])
    made["identity-providers"] = make_provider(clients["admin"])
    made["duplicates"] = make_duplicate(clients["admin"], drop)
    made["alerts"] = make_alert()
    made["sessions"] = "{session}"
    rows = []
    for method, path, resource, _, flags in routes():
        if "page" in flags or not resource or path == "/v1/session":
            continue
        kind = path.split("/")[2]
        by_file = path.endswith(("/exports", "/imports"))
        real = path.replace("{id}", drop if by_file else made.get(kind, "")).replace("{n}", "1")
        rows.append((method, path, *answers(clients, method, path, real, flags)))
    return rows


def as_text(rows):
    head = ("method", "path", *CALLERS)
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return "".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip() + "\n" for row in [head, *rows])


class Rights(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows = measure()

    def test_the_table_is_as_expected(self):
        self.maxDiff = None
        self.assertEqual(as_text(self.rows), TABLE.read_text(encoding="utf-8"))

    def test_nobody_gets_in_without_a_session(self):
        self.assertEqual({row[1]: row[6] for row in self.rows if row[6] != "401"}, {})

    def test_another_organisation_finds_nothing(self):
        """404, not 403: not even that the object exists may be learned."""
        for method, path, *_, other, _ in self.rows:
            if "{id}" in path:
                self.assertEqual(other, "404", f"{method} {path}")

    def test_every_route_of_the_description_is_in_the_table(self):
        described = server.client().get("/openapi.json").json["paths"]
        here = {(row[0].lower(), row[1]) for row in self.rows}
        for path, operations in described.items():
            for method, operation in operations.items():
                if operation["security"] and path != "/v1/session":
                    self.assertIn((method, path), here)


class Changes(unittest.TestCase):
    """Objects of others are not changed either, with a body that would be good."""

    def test_foreign_objects_cannot_be_changed(self):
        owner, strangers = server.sign_in("user@one.example"), [server.sign_in("admin@two.example"),
                                                                server.sign_in("second@one.example")]
        contact = owner.post("/v1/contacts", {"contact": PERSON}).json
        folder = owner.post("/v1/lists", {"name": "Privat"}).json
        tag = {"if_match": f'"v{contact["version"]}"'}
        for stranger in strangers:
            for answer in (stranger.patch(f"/v1/contacts/{contact['id']}", {"job_title": "x"}, **tag),
                           stranger.delete(f"/v1/contacts/{contact['id']}", **tag),
                           stranger.post(f"/v1/contacts/{contact['id']}/restore"),
                           stranger.patch(f"/v1/lists/{folder['id']}", {"name": "x"}, if_match='"v1"'),
                           stranger.delete(f"/v1/lists/{folder['id']}", if_match='"v1"'),
                           stranger.post("/v1/contacts", {"contact": PERSON, "list_id": folder["id"]}),
                           stranger.request("POST", f"/v1/scans?list={folder['id']}", jpeg(2),
                                            {"Content-Type": "image/jpeg", "Idempotency-Key": "x"})):
                self.assertEqual(answer.status, 404, answer.data)
        self.assertEqual(owner.get(f"/v1/contacts/{contact['id']}").json["contact"].get("job_title"), None)

    def test_a_role_cannot_be_given_to_oneself(self):
        user = server.sign_in("user@one.example")
        answer = user.patch(f"/v1/users/{server.seed['user@one.example']}", {"role": "admin"}, if_match='"v1"')
        self.assertEqual(answer.status, 403)
        self.assertEqual(user.get("/v1/session").json["user"]["role"], "user")


if __name__ == "__main__":
    with Server() as server:
        if "--print" in sys.argv:
            print(as_text(measure()), end="")
            sys.exit(0)
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
