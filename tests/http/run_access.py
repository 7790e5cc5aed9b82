#!/usr/bin/python3
"""How access comes and goes: API tokens, support grants, readers and editors of lists, roles, and changes of state by who may not.

What everybody may at rest is the matrix (run_rights.py); here it is what happens over time.
"""
import hashlib
import secrets
import socket
import sys
import threading
import time
import unittest
import uuid
import zlib

from matrix_world import person
from photo import jpeg
from server import Server


def signed_in(user):
    """A session without the ceremony, for those whose sign-in is tested elsewhere."""
    cookie = secrets.token_urlsafe(32)[:43]
    server.sql(f"""insert into kartei.sessions (org_id, id, user_id, token_hash, expires_at) select org_id, gen_random_uuid(), id,
      '\\x{hashlib.sha256(cookie.encode()).hexdigest()}', now() + interval '1 hour' from kartei.users where id = '{user}'""")
    client = server.client()
    client.cookie = f"__Host-kartei={cookie}"
    answer = client.get("/v1/session")
    client.csrf = answer.json["csrf"] if answer.status == 200 else None
    return client


def new_user(role="user"):
    answer = admin.post("/v1/users", {"email": f"{uuid.uuid4()}@one.example", "name": "Neu", "role": role})
    assert answer.status == 201, answer.data
    return answer.json


def version_of(user):
    return next(one["version"] for one in admin.get("/v1/users").json["items"] if one["id"] == user)


def change(user, **values):
    answer = admin.patch(f"/v1/users/{user}", values, if_match=f'"v{version_of(user)}"')
    assert answer.status == 200, answer.data


def bearer(token):
    client = server.client()
    plain = client.request
    client.request = lambda method, path, body=None, headers=None, timeout=30: plain(
        method, path, body, {"Authorization": f"Bearer {token}", **(headers or {})}, timeout)
    return client


def audited(action):
    return int(server.sql(f"select count(*) from kartei.audit where action = '{action}'"))


class Tokens(unittest.TestCase):
    def setUp(self):
        self.user = new_user()
        self.client = signed_in(self.user["id"])

    def make(self, *scopes, client=None, days=30):
        answer = (client or self.client).post("/v1/tokens", {"name": "Skript", "scopes": list(scopes), "days": days})
        self.assertEqual(answer.status, 201, answer.data)
        return answer.json

    def challenge(self, answer, status, error):
        self.assertEqual(answer.status, status, answer.data)
        self.assertIn(f'Bearer realm="kartei", error="{error}"', answer.headers["WWW-Authenticate"])

    def test_its_form_tells_a_typing_error_from_a_lie(self):
        text = self.make("contacts:read")["token"]
        self.assertRegex(text, r"^kartei_pat_[0-9a-f]{64}_[0-9a-f]{8}$")
        digits, sum_ = text.removeprefix("kartei_pat_").split("_")
        self.assertEqual(int(sum_, 16), zlib.crc32(digits.encode()))
        self.challenge(bearer(text[:-1] + ("0" if text[-1] != "0" else "1")).get("/v1/contacts"), 401, "invalid_token")

    def test_it_is_shown_once_and_kept_as_a_hash(self):
        made = self.make("contacts:read")
        for client in (self.client, admin):
            self.assertNotIn(made["token"].encode(), client.get("/v1/tokens").data)
        kept = server.sql(f"select encode(token_hash, 'hex') from kartei.api_tokens where id = '{made['id']}'")
        self.assertEqual(kept, hashlib.sha256(made["token"].encode()).hexdigest())
        bearer(made["token"]).get("/v1/contacts")
        server.sql("checkpoint")
        digits = made["token"].split("_")[2].encode()
        files = [path for path in server.folder.rglob("*") if path.is_file()]
        self.assertGreater(len(files), 100)
        self.assertEqual([path for path in files if digits in path.read_bytes()], [])

    def test_it_opens_its_scopes_without_a_csrf_token(self):
        token = bearer(self.make("contacts:write", "contacts:read")["token"])
        made = token.post("/v1/contacts", {"contact": person("Muster")})
        self.assertEqual(made.status, 201, made.data)
        self.assertEqual(token.get(f"/v1/contacts/{made.json['id']}").status, 200)
        answer = token.get("/v1/scans")
        self.challenge(answer, 403, "insufficient_scope")
        self.assertIn('scope="scans:read"', answer.headers["WWW-Authenticate"])
        self.assertEqual(answer.slug, "insufficient-scope")

    def test_what_is_no_bearer_token_is_refused(self):
        good = self.make("contacts:read")["token"]
        for header in ("Basic YTpi", "Bearer", "Bearer ", f"Bearer {good}x", "Bearer kartei_pat_x_y", f"Token {good}", "Bearer " + "a" * 4000):
            self.challenge(server.client().request("GET", "/v1/contacts", headers={"Authorization": header}), 401, "invalid_token")
        unknown = secrets.token_hex(32)
        self.challenge(bearer(f"kartei_pat_{unknown}_{zlib.crc32(unknown.encode()):08x}").get("/v1/contacts"), 401, "invalid_token")
        self.assertEqual(server.client().get(f"/v1/contacts?access_token={good}").status, 401)
        none = server.client().get("/v1/contacts")
        self.assertEqual((none.status, "error=" in none.headers["WWW-Authenticate"]), (401, False))
        self.assertIn('Bearer realm="kartei"', none.headers["WWW-Authenticate"])

    def test_a_cookie_beside_it_counts_for_nothing(self):
        answer = self.client.get("/v1/scans", authorization=f"Bearer {self.make('contacts:read')['token']}")
        self.challenge(answer, 403, "insufficient_scope")
        self.challenge(self.client.get("/v1/scans", authorization="Bearer x"), 401, "invalid_token")

    def test_an_end_within_a_year_is_a_must(self):
        for days in (0, -1, 366, None, "30"):
            body = {"name": "x", "scopes": ["contacts:read"], **({} if days is None else {"days": days})}
            self.assertIn(self.client.post("/v1/tokens", body).status, (400, 422), days)
        made = self.make("contacts:read", days=365)
        server.sql(f"update kartei.api_tokens set created_at = now() - interval '2 day', expires_at = now() - interval '1 second' "
                   f"where id = '{made['id']}'")
        self.challenge(bearer(made["token"]).get("/v1/contacts"), 401, "invalid_token")
        self.assertEqual(next(one["state"] for one in self.client.get("/v1/tokens").json["items"] if one["id"] == made["id"]), "expired")

    def test_it_says_no_more_than_its_persons_role(self):
        for scopes in (["admin:users"], ["admin:*"], ["contacts:*"], ["*"], [], ["contacts:read", "nonsense"]):
            self.assertEqual(self.client.post("/v1/tokens", {"name": "x", "scopes": scopes, "days": 1}).status, 422, scopes)
        boss = new_user("admin")
        token = bearer(self.make("admin:*", client=signed_in(boss["id"]))["token"])
        self.assertEqual(token.get("/v1/users").status, 200)
        change(boss["id"], role="user")
        self.assertEqual(token.get("/v1/users").status, 403)

    def test_it_dies_with_its_person_and_when_revoked(self):
        first, second, third = (self.make("contacts:read") for _ in range(3))
        change(self.user["id"], state="suspended")
        self.challenge(bearer(first["token"]).get("/v1/contacts"), 401, "invalid_token")
        change(self.user["id"], state="active")
        self.assertEqual(bearer(first["token"]).get("/v1/contacts").status, 200)
        self.client = signed_in(self.user["id"])
        self.assertEqual(self.client.delete(f"/v1/tokens/{first['id']}").status, 204)
        self.challenge(bearer(first["token"]).get("/v1/contacts"), 401, "invalid_token")
        self.assertEqual(admin.delete(f"/v1/tokens/{second['id']}").status, 204)
        self.challenge(bearer(second["token"]).get("/v1/contacts"), 401, "invalid_token")
        noted = audited("token.revoke")
        for text in (third["token"], third["token"], "kartei_pat_nonsense", third["token"][:-1] + "x"):
            self.assertEqual(server.client().request("POST", "/v1/tokens/revocation", {"token": text}).status, 204)
        self.challenge(bearer(third["token"]).get("/v1/contacts"), 401, "invalid_token")
        self.assertEqual(audited("token.revoke"), noted + 1)
        self.assertEqual(signed_in(new_user()["id"]).delete(f"/v1/tokens/{second['id']}").status, 404)

    def test_it_makes_no_other_way_in(self):
        boss = signed_in(new_user("admin")["id"])
        usable = [one["scope"] for one in boss.get("/v1/scopes").json["items"] if one["usable"]]
        token = bearer(self.make(*usable, client=boss)["token"])
        tag = {"if_match": f'"v{version_of(self.user["id"])}"'}
        for answer in (token.post("/v1/tokens", {"name": "x", "scopes": ["contacts:read"], "days": 1}), token.get("/v1/tokens"),
                       token.patch("/v1/session", {"password": "a long enough new password"}), token.get("/v1/session"),
                       token.patch(f"/v1/users/{self.user['id']}", {"password": "a long enough new password"}, **tag),
                       token.post("/v1/users", {"email": "x@one.example", "name": "x"}),
                       token.post("/v1/support-grants", {"email": "x@x.example", "name": "x", "reason": "x", "hours": 1})):
            self.challenge(answer, 403, "insufficient_scope")

    def test_last_use_is_shown_and_its_address_sealed(self):
        made = self.make("contacts:read")
        self.assertIsNone(made["used_at"])
        server.client().request("GET", "/v1/contacts", headers={"Authorization": f"Bearer {made['token']}", "X-Forwarded-For": "192.0.2.77"})
        shown = next(one for one in admin.get("/v1/tokens").json["items"] if one["id"] == made["id"])
        self.assertIsNotNone(shown["used_at"])
        self.assertIn(shown["used_from"], ("192.0.2.77", "unix", ""))
        self.assertEqual(shown["user_name"], "Neu")
        self.assertNotIn(shown["used_from"].encode().hex(), server.sql(f"select encode(used_from, 'hex') from kartei.api_tokens where id = '{made['id']}'"))
        own = {one["id"] for one in self.client.get("/v1/tokens").json["items"]}
        self.assertEqual(own, {made["id"]})


class Support(unittest.TestCase):
    def let_in(self, area="configuration", hours=2, email=None):
        answer = admin.post("/v1/support-grants", {"email": email or f"{uuid.uuid4()}@support.example", "name": "Jo Berger",
                                                   "reason": "Ticket 4711", "area": area, "hours": hours})
        self.assertEqual(answer.status, 201, answer.data)
        return answer.json

    def test_a_grant_says_who_until_when_and_why(self):
        for wrong in ({"reason": " "}, {"hours": 0}, {"hours": 169}, {"email": "nobody"}, {"name": ""}, {"area": "all"}):
            body = {"email": "jo@support.example", "name": "Jo", "reason": "Ticket", "hours": 2, **wrong}
            self.assertEqual(admin.post("/v1/support-grants", body).status, 422, wrong)
        made = self.let_in()
        shown = next(one for one in admin.get("/v1/support-grants").json["items"] if one["id"] == made["id"])
        self.assertEqual((shown["reason"], shown["state"], shown["granted_by"], shown["area"]),
                         ("Ticket 4711", "active", "admin@one.example", "configuration"))
        again = admin.post("/v1/support-grants", {"email": shown["email"], "name": "Jo", "reason": "x", "hours": 2})
        self.assertEqual(again.status, 409)
        theirs = admin.post("/v1/support-grants", {"email": "user@one.example", "name": "Jo", "reason": "x", "hours": 2})
        self.assertEqual((theirs.status, theirs.json["errors"][0]["pointer"]), (409, "/email"))

    def test_what_it_opens_depends_on_its_area(self):
        contact = admin.post("/v1/contacts", {"contact": person("Muster")}).json["id"]
        plain, whole = (signed_in(self.let_in(area)["user_id"]) for area in ("configuration", "content"))
        self.assertEqual([plain.get(path).status for path in ("/v1/connections", "/v1/rules", f"/v1/contacts/{contact}", "/v1/scans")],
                         [200, 200, 403, 403])
        self.assertEqual([whole.get(path).status for path in ("/v1/connections", f"/v1/contacts/{contact}", "/v1/scans", "/v1/users")],
                         [200, 200, 200, 403])
        self.assertEqual(whole.get("/v1/connections").json["items"][0]["settings"], None)
        admin.delete(f"/v1/contacts/{contact}", if_match='"v1"')
        self.assertEqual(whole.patch(f"/v1/contacts/{contact}", {"job_title": "x"}, if_match='"v2"').status, 403)
        self.assertEqual(whole.post(f"/v1/contacts/{contact}/restore").status, 200)
        self.assertEqual(admin.get(f"/v1/contacts/{contact}").json["deleted_at"], None)

    def test_every_request_is_in_the_audit_trail(self):
        grant = self.let_in("content")
        client = signed_in(grant["user_id"])
        before = int(server.sql(f"select count(*) from kartei.audit where grant_id = '{grant['id']}' and action = 'support.request'"))
        answers = [client.get("/v1/contacts"), client.get("/v1/users"), client.get(f"/v1/contacts/{uuid.uuid4()}"), client.post("/v1/lists", {})]
        self.assertEqual([answer.status for answer in answers], [200, 403, 404, 403])
        noted = server.sql(f"select note from kartei.audit where grant_id = '{grant['id']}' and action = 'support.request' order by seq").split()
        self.assertEqual(noted[before:], ["contact_list", "user_list", "contact_get", "list_create"])
        self.assertEqual(server.sql(f"select count(*) from kartei.audit where grant_id = '{grant['id']}' and why is null"), "0")

    def test_it_ends_by_itself_and_at_once_when_revoked(self):
        first, second = self.let_in(), self.let_in()
        clients = [signed_in(grant["user_id"]) for grant in (first, second)]
        self.assertEqual([client.get("/v1/connections").status for client in clients], [200, 200])
        server.sql(f"update kartei.support_grants set created_at = now() - interval '3 hours', expires_at = now() - interval '1 second' "
                   f"where id = '{first['id']}'")
        self.assertEqual(clients[0].get("/v1/connections").status, 401)
        self.assertEqual(admin.delete(f"/v1/support-grants/{second['id']}").status, 204)
        self.assertEqual(clients[1].get("/v1/connections").status, 401)
        self.assertEqual(admin.delete(f"/v1/support-grants/{second['id']}").status, 409)
        self.assertEqual({one["id"]: (one["state"], one["ended_by"]) for one in admin.get("/v1/support-grants").json["items"]
                          if one["id"] in (first["id"], second["id"])},
                         {first["id"]: ("expired", None), second["id"]: ("revoked", "admin@one.example")})
        renewed = self.let_in(email=next(one["email"] for one in admin.get("/v1/support-grants").json["items"] if one["id"] == first["id"]))
        self.assertEqual(renewed["user_id"], first["user_id"])
        self.assertEqual(clients[0].get("/v1/connections").status, 200)

    def test_a_password_alone_does_not_let_it_in(self):
        grant = self.let_in()
        words = "Zebra Kiosk Lampe 4711"
        change(grant["user_id"], password=words)
        answer = server.client().request("POST", "/v1/session", {"email": grant["email"], "password": words})
        self.assertEqual(answer.slug, "second-factor-missing", answer.data)
        self.assertNotIn("__Host-kartei=", answer.headers.get("Set-Cookie") or "")

    def test_the_account_gets_no_other_role_and_no_token(self):
        grant = self.let_in("content")
        tag = {"if_match": f'"v{version_of(grant["user_id"])}"'}
        self.assertEqual(admin.patch(f"/v1/users/{grant['user_id']}", {"role": "admin"}, **tag).status, 422)
        self.assertEqual(admin.post("/v1/users", {"email": "s@one.example", "name": "S", "role": "support"}).status, 422)
        self.assertEqual(signed_in(grant["user_id"]).post("/v1/tokens", {"name": "x", "scopes": ["contacts:read"], "days": 1}).status, 403)
        self.assertNotIn(grant["user_id"], [one["id"] for one in admin.get("/v1/colleagues").json["items"]])


class Stream:
    """Reads /v1/events until stopped."""

    def __init__(self, client):
        self.data, self.ended = b"", False
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(server.socket)
        self.socket.sendall(f"GET /v1/events HTTP/1.1\r\nHost: localhost:8443\r\nCookie: {client.cookie}\r\n"
                            "Accept: text/event-stream\r\n\r\n".encode())
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()
        self.wait_for(b"retry:")

    def read(self):
        while piece := self.socket.recv(65536):
            self.data += piece
            if piece.endswith(b"0\r\n\r\n"):
                break
        self.ended = True
        self.socket.close()

    def wait_for(self, word, patience=8):
        end = time.monotonic() + patience
        while word not in self.data and time.monotonic() < end and not self.ended:
            time.sleep(0.02)
        return word in self.data


class Lists(unittest.TestCase):
    """What hangs on a list is for whom its owner lets in, whoever put it there."""

    @classmethod
    def setUpClass(cls):
        cls.people = {name: new_user() for name in ("editor", "reader", "out")}
        cls.clients = {name: signed_in(user["id"]) for name, user in cls.people.items()}
        cls.owner = server.sign_in("user@one.example")
        cls.list = cls.owner.post("/v1/lists", {"name": "Messe", "members": cls.members("editor", "reader")}).json["id"]
        scan = cls.clients["editor"].request("POST", f"/v1/scans?list={cls.list}", jpeg(99), {
            "Content-Type": "image/jpeg", "Idempotency-Key": "lists"}).json
        contact = cls.clients["editor"].post("/v1/contacts", {"contact": person("Zwischenwort"), "list_id": cls.list}).json
        plan = {"contact_id": contact["id"], "contact_version": contact["version"], "choices": [],
                "connection_id": cls.owner.get("/v1/connections").json["items"][0]["id"]}
        preview = cls.clients["editor"].post("/v1/previews", plan).json
        write_back = cls.clients["editor"].post("/v1/write-backs", {"preview_id": preview["id"]}, if_match=f'"v{contact["version"]}"').json
        server.tool("work")
        cls.things = [f"/v1/lists/{cls.list}", f"/v1/scans/{scan['id']}", f"/v1/scans/{scan['id']}/image", f"/v1/contacts/{contact['id']}",
                      f"/v1/contacts/{contact['id']}/versions", f"/v1/contacts/{contact['id']}/candidates",
                      f"/v1/write-backs/{write_back['id']}", f"/v1/write-backs?contact={contact['id']}"]
        cls.many = {"/v1/lists": cls.list, "/v1/scans": scan["id"], "/v1/contacts": contact["id"],
                    "/v1/contacts?q=Zwischenwort": contact["id"], "/v1/write-backs": write_back["id"]}
        cls.contact = contact["id"]

    @classmethod
    def members(cls, *names):
        return [{"user_id": cls.people[name]["id"], "right": "editor" if name == "editor" else "reader"} for name in names]

    def share(self, *names):
        version = self.owner.get(f"/v1/lists/{self.list}").json["version"]
        self.assertEqual(self.owner.patch(f"/v1/lists/{self.list}", {"members": self.members(*names)}, if_match=f'"v{version}"').status, 200)

    def seen(self, client):
        one_by_one = {client.get(path).status for path in self.things}
        lists = {id_ in [item["id"] for item in client.get(path).json["items"]] for path, id_ in self.many.items()}
        self.assertEqual((len(one_by_one), len(lists)), (1, 1), (one_by_one, lists))
        return one_by_one.pop(), lists.pop()

    def test_members_see_all_of_it_and_others_nothing(self):
        self.share("editor", "reader")
        for name, expected in (("editor", (200, True)), ("reader", (200, True)), ("out", (404, False))):
            self.assertEqual(self.seen(self.clients[name]), expected, name)

    def test_who_is_taken_out_sees_nothing_more_even_of_what_was_their_own_work(self):
        self.share("reader")
        self.assertEqual(self.seen(self.clients["editor"]), (404, False))
        self.assertEqual(self.seen(self.owner), (200, True))
        self.share("editor", "reader")
        self.assertEqual(self.seen(self.clients["editor"]), (200, True))

    def test_a_reader_looks_and_an_editor_changes(self):
        self.share("editor", "reader")
        version = self.owner.get(f"/v1/contacts/{self.contact}").json["version"]
        tag = {"if_match": f'"v{version}"'}
        self.assertEqual(self.clients["reader"].patch(f"/v1/contacts/{self.contact}", {"job_title": "x"}, **tag).status, 403)
        self.assertEqual(self.clients["out"].patch(f"/v1/contacts/{self.contact}", {"job_title": "x"}, **tag).status, 404)
        self.assertEqual(self.clients["editor"].patch(f"/v1/contacts/{self.contact}", {"job_title": "Einkauf"}, **tag).status, 200)
        for name in ("editor", "reader"):
            self.assertEqual(self.clients[name].patch(f"/v1/lists/{self.list}", {"name": "x"}, if_match='"v1"').status, 403)

    def test_the_stream_of_events_follows_the_list(self):
        self.share("editor", "reader")
        inside, outside = Stream(self.clients["reader"]), Stream(self.clients["out"])
        made = self.owner.post("/v1/contacts", {"contact": person("Strom"), "list_id": self.list}).json["id"].encode()
        self.assertTrue(inside.wait_for(made))
        mine = self.clients["out"].post("/v1/contacts", {"contact": person("Eigen")}).json["id"].encode()
        self.assertTrue(outside.wait_for(mine))
        self.assertNotIn(made, outside.data)
        self.assertNotIn(mine, inside.data)

    def test_a_stream_ends_with_the_right_to_read_it(self):
        user = new_user()
        stream = Stream(signed_in(user["id"]))
        change(user["id"], state="suspended")
        made = self.owner.post("/v1/contacts", {"contact": person("Danach")}).json["id"].encode()
        end = time.monotonic() + 12
        while not stream.ended and time.monotonic() < end:
            time.sleep(0.05)
        self.assertTrue(stream.ended)
        self.assertNotIn(made, stream.data)


class Roles(unittest.TestCase):
    def test_the_last_administrator_stays(self):
        other = server.sign_in("admin@two.example")
        me = other.get("/v1/session").json["user"]["id"]
        version = other.get("/v1/users").json["items"][0]["version"]
        for values in ({"role": "user"}, {"state": "suspended"}, {"role": "template_manager"}):
            self.assertEqual(other.patch(f"/v1/users/{me}", values, if_match=f'"v{version}"').status, 409, values)
        self.assertEqual(other.get("/v1/users").json["items"][0]["role"], "admin")

    def test_a_role_that_changes_ends_every_session(self):
        user = new_user()
        clients = [signed_in(user["id"]) for _ in range(3)]
        change(user["id"], role="template_curator")
        self.assertEqual([client.get("/v1/session").status for client in clients], [401, 401, 401])
        self.assertEqual(signed_in(user["id"]).get("/v1/rules").status, 200)

    def test_a_role_cannot_be_given_to_oneself(self):
        user = server.sign_in("user@one.example")
        answer = user.patch(f"/v1/users/{server.seed['user@one.example']}", {"role": "admin"}, if_match='"v1"')
        self.assertEqual(answer.status, 403)
        self.assertEqual(user.get("/v1/session").json["user"]["role"], "user")


class Changes(unittest.TestCase):
    """Changes of state with requests that would be good: who may not changes nothing, who may does."""

    @classmethod
    def setUpClass(cls):
        cls.owner = server.sign_in("user@one.example")
        cls.strangers = {"another organisation": server.sign_in("admin@two.example"), "another user": server.sign_in("second@one.example"),
                         "a reporter": signed_in(new_user("reporter")["id"])}
        cls.curator, cls.manager = signed_in(new_user("template_curator")["id"]), signed_in(new_user("template_manager")["id"])
        cls.connection = cls.owner.get("/v1/connections").json["items"][0]["id"]

    def state(self, table, id_):
        return server.sql(f"select t::text from kartei.{table} t where id = '{id_}'")

    def tried(self, table, id_, ask, allowed):
        """`ask` by everybody who may not: refused, and the row as before; then by `allowed`: done."""
        before = self.state(table, id_)
        for name, client in self.strangers.items():
            self.assertIn(ask(client).status, (403, 404), f"{table} by {name}")
            self.assertEqual(self.state(table, id_), before, f"{table} by {name}")
        answer = ask(allowed)
        self.assertIn(answer.status, (200, 201, 202, 204), answer.data)
        self.assertNotEqual(self.state(table, id_), before)
        return answer

    def made(self, word="Muster"):
        return self.owner.post("/v1/contacts", {"contact": person(word)}).json

    def test_bin_and_restore(self):
        contact = self.made()
        path = f"/v1/contacts/{contact['id']}"
        self.tried("contacts", contact["id"], lambda who: who.delete(path, if_match=f'"v{contact["version"]}"'), self.owner)
        self.tried("contacts", contact["id"], lambda who: who.post(path + "/restore"), self.owner)

    def test_decision(self):
        one = self.made("Zwilling")
        self.write(one)
        two = self.made("Zwilling")
        server.tool("work")
        candidate = self.owner.get(f"/v1/contacts/{two['id']}/candidates").json["items"][0]["id"]
        version = self.owner.get(f"/v1/contacts/{two['id']}").json["version"]
        self.tried("candidates", candidate, lambda who: who.post(f"/v1/candidates/{candidate}/decision", {"same": True}, if_match=f'"v{version}"'),
                   self.owner)

    def write(self, contact):
        plan = {"contact_id": contact["id"], "contact_version": contact["version"], "connection_id": self.connection, "choices": []}
        preview = self.owner.post("/v1/previews", plan)
        self.assertEqual(preview.status, 201, preview.data)
        answer = self.owner.post("/v1/write-backs", {"preview_id": preview.json["id"]}, if_match=f'"v{contact["version"]}"')
        server.tool("work")
        return answer.json["id"]

    def test_write_and_undo(self):
        contact = self.made("Schreiber")
        plan = {"contact_id": contact["id"], "contact_version": contact["version"], "connection_id": self.connection, "choices": []}
        preview = self.owner.post("/v1/previews", plan).json["id"]
        answer = self.tried("previews", preview, lambda who: who.post("/v1/write-backs", {"preview_id": preview},
                                                                      if_match=f'"v{contact["version"]}"'), self.owner)
        server.tool("work")
        write_back = answer.json["id"]
        self.assertEqual(self.owner.get(f"/v1/write-backs/{write_back}").json["state"], "written")
        self.tried("write_backs", write_back, lambda who: who.post(f"/v1/write-backs/{write_back}/undo"), self.owner)

    def test_activation(self):
        """A curator drafts and tries; a manager puts into force."""
        rules = self.curator.post("/v1/rules", {"obvious": 0.97}).json["id"]
        self.assertEqual(self.curator.post(f"/v1/rules/{rules}/simulation").status, 202)
        server.tool("work")
        version = self.curator.get(f"/v1/rules/{rules}").json["version"]
        tag = {"if_match": f'"v{version}"'}
        self.assertEqual(self.curator.post(f"/v1/rules/{rules}/activation", **tag).status, 403)
        self.tried("matching_rules", rules, lambda who: who.post(f"/v1/rules/{rules}/activation", **tag), self.manager)

    def test_foreign_objects_cannot_be_changed(self):
        folder = self.owner.post("/v1/lists", {"name": "Privat"}).json
        for name, stranger in self.strangers.items():
            for answer in (stranger.patch(f"/v1/lists/{folder['id']}", {"name": "x"}, if_match='"v1"'),
                           stranger.delete(f"/v1/lists/{folder['id']}", if_match='"v1"'),
                           stranger.post("/v1/contacts", {"contact": person("Muster"), "list_id": folder["id"]}),
                           stranger.request("POST", f"/v1/scans?list={folder['id']}", jpeg(2),
                                            {"Content-Type": "image/jpeg", "Idempotency-Key": "x"})):
                self.assertEqual(answer.status, 404, f"{name}: {answer.data}")


if __name__ == "__main__":
    with Server() as server:
        admin = server.sign_in("admin@one.example")
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
