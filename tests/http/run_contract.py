#!/usr/bin/python3
"""What the API promises on every route alike: versions, keys, pages, problems, sessions, the event stream, headers."""
import concurrent.futures
import gzip
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from instance import wait_for  # noqa: E402
from photo import jpeg  # noqa: E402
from server import ORIGIN, Server, receive  # noqa: E402

PERSON = {"given_name": "Anna", "family_name": "Schmidt", "emails": [{"value": "anna@muster.example", "kind": "work"}]}


def contact(client, **fields):
    answer = client.post("/v1/contacts", {"contact": {**PERSON, **fields}})
    assert answer.status == 201, answer.data
    return answer


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.user, cls.admin = server.sign_in("user@one.example"), server.sign_in("admin@one.example")

    def problem(self, answer, status, slug):
        self.assertEqual((answer.status, answer.slug), (status, slug), answer.data)
        self.assertEqual(answer.json["status"], status)


class Versions(Case):
    def test_a_resource_has_a_strong_tag_and_304_saves_the_body(self):
        made = contact(self.user)
        self.assertRegex(made.headers["ETag"], r'^"v\d+"$')
        again = self.user.get(made.headers["Location"], if_none_match=made.headers["ETag"])
        self.assertEqual((again.status, again.data), (304, b""))
        self.assertEqual(self.user.get(made.headers["Location"], if_none_match='"v99"').status, 200)

    def test_a_change_needs_the_version_and_refuses_an_old_one(self):
        made = contact(self.user)
        where, tag = made.headers["Location"], made.headers["ETag"]
        self.problem(self.user.patch(where, {"job_title": "x"}), 428, "precondition-required")
        changed = self.user.patch(where, {"job_title": "Leiterin"}, if_match=tag)
        self.assertEqual(changed.status, 200, changed.data)
        self.assertNotEqual(changed.headers["ETag"], tag)
        stale = self.user.patch(where, {"job_title": "y"}, if_match=tag)
        self.problem(stale, 412, "stale")
        self.assertEqual(stale.headers["ETag"], changed.headers["ETag"])
        for nonsense in ("*", "v1", 'W/"v1"', '"v0"', '"v-1"', '"x"', '"v1", "v2"'):
            self.problem(self.user.patch(where, {"job_title": "z"}, if_match=nonsense), 412, "stale")
        self.assertEqual(self.user.get(where).json["contact"]["job_title"], "Leiterin")

    def test_of_twenty_changes_of_one_version_exactly_one_wins(self):
        made = contact(self.user)
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda i: self.user.patch(made.headers["Location"], {"job_title": f"t{i}"},
                                                              if_match=made.headers["ETag"]), range(20)))
        self.assertEqual(sorted(a.status for a in answers), [200] + [412] * 19)

    def test_null_in_a_patch_removes_and_absence_keeps(self):
        made = contact(self.user, job_title="Leiterin", department="Einkauf")
        changed = self.user.patch(made.headers["Location"], {"job_title": None}, if_match=made.headers["ETag"])
        self.assertIsNone(changed.json["contact"]["job_title"])
        self.assertEqual(changed.json["contact"]["department"], "Einkauf")

    def test_the_bin_gives_back(self):
        made = contact(self.user)
        where = made.headers["Location"]
        self.assertEqual(self.user.delete(where, if_match=made.headers["ETag"]).status, 204)
        self.assertNotIn(made.json["id"], [c["id"] for c in self.user.get("/v1/contacts?limit=200").json["items"]])
        self.assertEqual(self.user.post(where + "/restore").status, 200)
        self.assertIn(made.json["id"], [c["id"] for c in self.user.get("/v1/contacts?limit=200").json["items"]])


class Keys(Case):
    def create(self, key, name, client=None):
        return (client or self.user).post("/v1/contacts", {"contact": {"family_name": name}}, idempotency_key=key)

    def test_the_first_answer_comes_again_and_nothing_happens_twice(self):
        key = str(uuid.uuid4())
        first, second = self.create(key, "Einmal"), self.create(key, "Einmal")
        self.assertEqual((first.status, second.status), (201, 201))
        self.assertEqual((first.data, first.headers["Location"]), (second.data, second.headers["Location"]))
        self.assertEqual(second.headers["Idempotent-Replayed"], "true")
        server.tool("work")  # a contact is found by its words once it has been matched
        found = self.user.get("/v1/contacts?q=Einmal").json["items"]
        self.assertEqual(len(found), 1)

    def test_the_same_meaning_in_other_bytes_is_the_same_request(self):
        key = str(uuid.uuid4())
        one = self.user.request("POST", "/v1/lists", b'{"name":"A","members":[]}',
                                {"Content-Type": "application/json", "Idempotency-Key": key})
        two = self.user.request("POST", "/v1/lists", b' { "members" : [ ], "name" : "A" }',
                                {"Content-Type": "application/json", "Idempotency-Key": f'"{key}"'})
        self.assertEqual((one.status, one.data), (two.status, two.data))

    def test_a_key_is_needed_and_stays_with_its_content(self):
        key = str(uuid.uuid4())
        self.problem(self.user.request("POST", "/v1/contacts", {"contact": PERSON}), 400, "idempotency-key-required")
        self.create(key, "Eins")
        self.problem(self.create(key, "Zwei"), 422, "idempotency-key-reused")
        self.assertEqual(self.create(key, "Zwei", self.admin).status, 201)
        self.problem(self.create("x" * 300, "Drei"), 422, "invalid-input")

    def test_a_failed_request_gives_its_key_back(self):
        key = str(uuid.uuid4())
        bad = self.user.post("/v1/contacts", {"contact": {"emails": [{"value": "no address"}]}}, idempotency_key=key)
        self.assertEqual(bad.status, 422)
        self.assertEqual(self.create(key, "Danach").status, 201)

    def test_of_ten_at_once_one_acts_and_the_others_wait_or_repeat(self):
        key = str(uuid.uuid4())
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda _: self.create(key, "Zehnfach"), range(10)))
        self.assertLessEqual({a.status for a in answers}, {201, 409})
        self.assertEqual({a.slug for a in answers if a.status == 409} - {"idempotency-key-in-flight"}, set())
        self.assertEqual(len({a.data for a in answers if a.status == 201}), 1)
        server.tool("work")
        self.assertEqual(len(self.user.get("/v1/contacts?q=Zehnfach").json["items"]), 1)

    def test_uploads_are_known_by_their_bytes(self):
        key, photo = str(uuid.uuid4()), jpeg(10)
        headers = {"Content-Type": "image/jpeg", "Idempotency-Key": key}
        first = self.user.request("POST", "/v1/scans", photo, headers)
        self.assertEqual(first.status, 202, first.data)
        self.assertEqual(first.headers["Location"], f"/v1/scans/{first.json['id']}")
        self.assertEqual(self.user.request("POST", "/v1/scans", photo, headers).data, first.data)
        self.problem(self.user.request("POST", "/v1/scans", jpeg(11), headers), 422, "idempotency-key-reused")
        known = self.user.request("POST", "/v1/scans", photo, {**headers, "Idempotency-Key": str(uuid.uuid4())})
        self.assertEqual((known.status, known.json["id"]), (200, first.json["id"]))

    def test_the_answer_is_kept_in_the_transaction_that_accepts_the_photo(self):
        """Whoever dies in between: there is a scan with its answer, or neither."""
        made = self.user.request("POST", "/v1/scans", jpeg(12), {"Content-Type": "image/jpeg", "Idempotency-Key": "one"})
        self.assertEqual(made.status, 202, made.data)
        together = server.sql(f"select count(*) from kartei.scans s join kartei.idempotency i on i.xmin = s.xmin "
                              f"where s.id = '{made.json['id']}' and i.status = 202")
        self.assertEqual(together, "1")

    def test_of_twenty_uploads_of_one_photo_at_once_one_makes_a_scan(self):
        def upload(photo):
            return self.user.request("POST", "/v1/scans", photo, {"Content-Type": "image/jpeg",
                                                                  "Idempotency-Key": str(uuid.uuid4())})

        for seed in range(400, 405):
            photo, kept = jpeg(seed), server.stored()
            with concurrent.futures.ThreadPoolExecutor(20) as pool:
                answers = list(pool.map(upload, [photo] * 20))
            self.assertEqual(sorted(a.status for a in answers), [200] * 19 + [202], [a.slug for a in answers])
            self.assertEqual(len({a.json["id"] for a in answers}), 1)
            # A file that nothing points to goes with the request it came in, a moment after the answer.
            wait_for(lambda n=kept + 1: server.stored() == n, 10, 0.05)


class Pages(Case):
    def walk(self, path, limit):
        ids, url, pages = [], f"{path}{'&' if '?' in path else '?'}limit={limit}", 0
        while url:
            answer = self.user.get(url)
            self.assertEqual(answer.status, 200, answer.data)
            ids += [item["id"] for item in answer.json["items"]]
            following = answer.json["links"]["next"]
            self.assertEqual(bool(following), 'rel="next"' in answer.headers["Link"])
            url, pages = following, pages + 1
        return ids, pages

    def test_a_walk_sees_everything_once_also_while_the_list_changes(self):
        before = [contact(self.user, family_name=f"Seite{i}").json["id"] for i in range(25)]
        ids, pages = self.walk("/v1/contacts", 7)
        self.assertEqual(len(ids), len(set(ids)))
        self.assertLessEqual(set(before), set(ids))
        self.assertGreaterEqual(pages, 4)
        stop = threading.Event()

        def disturb():
            while not stop.is_set():
                made = contact(self.user, family_name="Dazwischen")
                self.user.delete(made.headers["Location"], if_match=made.headers["ETag"])

        thread = threading.Thread(target=disturb)
        thread.start()
        try:
            for _ in range(3):
                ids, _ = self.walk("/v1/contacts", 5)
                self.assertEqual(len(ids), len(set(ids)), "seen twice")
                self.assertLessEqual(set(before), set(ids), "lost")
        finally:
            stop.set()
            thread.join()

    def test_a_cursor_is_bound_to_query_and_person(self):
        for i in range(3):
            contact(self.user)
            contact(self.admin)
        following = self.user.get("/v1/contacts?limit=1").json["links"]["next"]
        self.assertEqual(self.user.get(following).status, 200)
        self.problem(self.admin.get(following), 400, "bad-cursor")
        self.problem(self.user.get(following + "&state=read"), 400, "bad-cursor")
        self.problem(self.user.get(following.replace("contacts", "scans")), 400, "bad-cursor")
        self.problem(self.user.get("/v1/contacts?cursor=AAAA"), 400, "bad-cursor")
        self.problem(self.user.get(following[:-2] + ("AA" if following[-2:] != "AA" else "BB")), 400, "bad-cursor")

    def test_limits_and_unknown_parameters_are_refused(self):
        for query in ("limit=0", "limit=201", "limit=x", "limit=", "nope=1", "state=nope", "deleted=maybe", "list=1",
                      "limit=1&limit=2"):
            self.problem(self.user.get(f"/v1/contacts?{query}"), 422, "invalid-input")


class Problems(Case):
    def test_a_problem_says_what_where_and_in_the_right_language(self):
        answer = self.user.post("/v1/contacts", {"contact": {"emails": [{"value": "no address"}]}})
        self.problem(answer, 422, "invalid-input")
        self.assertTrue(answer.json["errors"][0]["pointer"].endswith("/emails/0/value"), answer.json)
        self.assertNotIn("no address", answer.json["detail"])
        german = server.client().get("/v1/session", accept_language="de")
        self.assertEqual((german.json["title"], german.headers["Content-Language"]), ("Bitte anmelden", "de"))

    def test_every_type_has_a_page(self):
        for row in server.client().get("/v1/errors").json["items"]:
            page = server.client().get(row["type"], accept="text/html")
            self.assertEqual(page.status, 200)
            self.assertIn("<h1>", page.data.decode())
        self.assertEqual(server.client().get("/problems/nothing").status, 404)

    def test_methods_are_named(self):
        answer = self.user.request("PUT", "/v1/contacts", {})
        self.problem(answer, 405, "method-not-allowed")
        self.assertEqual(answer.headers["Allow"], "GET, HEAD, POST")

    def test_head_is_get_without_a_body(self):
        for path in ("/healthz", "/v1/contacts", "/openapi.json", "/"):
            head, get = self.user.request("HEAD", path), self.user.get(path)
            self.assertEqual((head.status, head.data), (get.status, b""))
            self.assertEqual(head.headers["Content-Length"], get.headers["Content-Length"])

    def test_the_number_of_a_request_is_kept(self):
        answer = self.user.get("/v1/nothing", x_request_id="abc-12345")
        self.assertEqual(answer.headers["X-Request-Id"], "abc-12345")
        self.assertTrue(answer.json["instance"].endswith("abc-12345"))


class Sessions(Case):
    def test_the_cookie_is_of_the_strict_kind_and_dies(self):
        answer = server.client().request("POST", "/v1/session", {"email": "user@one.example",
                                                                 "password": server.seed["password"]})
        cookie = answer.headers["Set-Cookie"]
        for part in ("__Host-kartei=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
            self.assertIn(part, cookie)
        client = server.client()
        client.cookie, client.csrf = cookie.split(";")[0], answer.json["csrf"]
        self.assertEqual(client.delete("/v1/session").status, 204)
        self.problem(client.get("/v1/session"), 401, "unauthenticated")

    def test_a_change_needs_the_csrf_token_and_this_origin(self):
        bare = server.client()
        bare.cookie = self.user.cookie
        self.problem(bare.post("/v1/lists", {"name": "x"}), 403, "cross-site")
        self.problem(bare.post("/v1/lists", {"name": "x"}, x_csrf_token="A" * 43), 403, "cross-site")
        for headers in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}, {"origin": "null"},
                        {"sec_fetch_site": "same-site"}):
            self.problem(self.user.post("/v1/lists", {"name": "x"}, **headers), 403, "cross-site")
        self.assertEqual(self.user.post("/v1/lists", {"name": "x"}, origin=ORIGIN, sec_fetch_site="same-origin").status,
                         201)
        foreign = self.admin.csrf
        self.problem(bare.post("/v1/lists", {"name": "x"}, x_csrf_token=foreign), 403, "cross-site")

    def test_signing_in_from_another_site_is_refused(self):
        credentials = {"email": "user@one.example", "password": server.seed["password"]}
        answer = server.client().request("POST", "/v1/session", credentials, {"Origin": "https://evil.example"})
        self.problem(answer, 403, "cross-site")

    def test_unknown_and_wrong_look_the_same_and_guessing_ends(self):
        def attempt(email):
            begin = time.monotonic()
            answer = server.client().request("POST", "/v1/session", {"email": email, "password": "wrong password!"},
                                             {"X-Forwarded-For": "192.0.2.99"})
            return answer, time.monotonic() - begin

        known, unknown = ([attempt(email) for _ in range(3)] for email in ("second@one.example", "nobody@one.example"))
        self.problem(known[0][0], 401, "bad-login")
        strip = re.compile(rb'"instance":"[^"]*"')
        self.assertEqual(strip.sub(b"", known[0][0].data), strip.sub(b"", unknown[0][0].data))
        # An address that nobody has costs a hash, too. How alike the times are is measured by tests/sign_in/run_guesses.py.
        self.assertGreater(min(took for _, took in unknown), min(took for _, took in known) / 3)
        slugs = [attempt("second@one.example")[0].slug for _ in range(12)]
        self.assertEqual(slugs[-1], "too-many-requests")
        late = attempt("second@one.example")[0]
        self.assertEqual((late.status, late.headers["Retry-After"]), (429, "60"))

    def test_settings_are_kept(self):
        changed = self.user.patch("/v1/session", {"theme": "dark"})
        self.assertEqual((changed.status, changed.json["user"]["theme"]), (200, "dark"), changed.data)
        self.assertEqual(self.user.patch("/v1/session", {"theme": "pink"}).status, 422)
        self.assertIn('data-theme="dark"', self.user.get("/").data.decode())

    def test_settings_changed_at_once_come_one_after_the_other(self):
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            changes = [{"theme": theme} for theme in ("dark", "light", "system") for _ in range(10)]
            statuses = list(pool.map(lambda change: self.user.patch("/v1/session", change).status, changes))
        self.assertEqual(statuses, [200] * 30)

    def test_ones_own_password_needs_the_present_one_and_ends_all_sessions(self):
        first, second = "first-password-of-hers", "second-password-of-hers"
        user = {"email": "changing@one.example", "name": "Changing", "password": first}
        self.assertEqual(self.admin.post("/v1/users", user).status, 201)

        def sign_in(password):
            return server.client().request("POST", "/v1/session", {"email": user["email"], "password": password})

        def change(client, **values):
            answer = client.patch("/v1/session", values)
            return answer.status, [one["pointer"] for one in answer.json.get("errors", [])]

        clients = []
        for answer in (sign_in(first), sign_in(first)):
            clients.append(server.client())
            clients[-1].cookie, clients[-1].csrf = answer.headers["Set-Cookie"].split(";")[0], answer.json["csrf"]
        self.assertEqual(change(clients[0], password=second), (422, ["/password_now"]))
        self.assertEqual(change(clients[0], password=second, password_now="guessed-password"), (422, ["/password_now"]))
        self.assertEqual(change(clients[0], password="short", password_now=first), (422, ["/password"]))
        self.assertEqual(clients[1].get("/v1/session").status, 200)
        self.assertEqual(change(clients[0], password=second, password_now=first), (200, []))
        for client in clients:
            self.problem(client.get("/v1/session"), 401, "unauthenticated")
        self.problem(sign_in(first), 401, "bad-login")
        self.assertEqual(sign_in(second).status, 201)

    def test_a_bearer_token_that_nobody_made_is_no_session(self):
        self.problem(server.client().get("/v1/session", authorization="Bearer kartei_pat_x"), 401, "invalid-token")


class WaysIn(Case):
    def test_a_link_is_used_by_sending_only_and_once(self):
        client, path = server.client(), f"/login/{server.seed['link']}"
        for _ in range(3):
            self.assertEqual(client.get(path, accept="text/html").status, 200)
            self.assertEqual(client.request("HEAD", path).status, 200)
        self.assertEqual(client.request("POST", path, headers={"Origin": "https://evil.example"}).status, 403)
        used = client.request("POST", path, headers={"Origin": ORIGIN})
        self.assertEqual((used.status, used.headers["Location"]), (303, "/"))
        client.cookie = used.headers["Set-Cookie"].split(";")[0]
        self.assertEqual(client.get("/v1/session").status, 200)
        self.assertEqual(server.client().request("POST", path, headers={"Origin": ORIGIN}).status, 401)

    def test_the_form_works_without_a_script_and_leads_only_inside(self):
        def send(following, password=None):
            form = f"email=user%40one.example&password={(password or server.seed['password']).replace(' ', '+')}"
            return server.client().request("POST", "/sign-in", f"{form}&next={following}".encode(),
                                           {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN})

        self.assertEqual(send("%2Fapp%2Fscans").headers["Location"], "/app/scans")
        for evil in ("https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "%2F%0d%0aX%3A1", ""):
            self.assertEqual(send(evil).headers["Location"], "/")
        wrong = send("%2F%22%3E%3Cscript%3E", "wrong password!")
        self.assertEqual(wrong.status, 401)
        self.assertNotIn("<script>", wrong.data.decode())
        self.assertIn('role="alert"', wrong.data.decode())

    def test_a_browser_without_a_session_is_led_to_the_form(self):
        answer = server.client().get("/app/contacts?a=1&b=2", accept="text/html")
        self.assertEqual((answer.status, answer.headers["Location"]),
                         (303, "/sign-in?next=/app/contacts%3Fa%3D1%26b%3D2"))
        self.assertEqual(server.client().get("/nowhere", accept="text/html").headers["Content-Type"],
                         "text/html; charset=utf-8")


class Headers(Case):
    def test_every_answer_is_locked_down(self):
        for path in ("/healthz", "/v1/contacts", "/v1/nothing", "/", "/sign-in", "/problems/invalid-input", "/sw.js",
                     "/nowhere"):
            headers = self.user.get(path).headers
            with self.subTest(path):
                self.assertIn("max-age=", headers["Strict-Transport-Security"])
                self.assertTrue(headers["Content-Security-Policy"].startswith("default-src 'none'"))
                self.assertNotIn("unsafe", headers["Content-Security-Policy"])
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(headers["Referrer-Policy"], "same-origin")
                self.assertIn("camera=(self)", headers["Permissions-Policy"])
                self.assertEqual(headers["Cross-Origin-Opener-Policy"], "same-origin")
                self.assertEqual(headers["Cross-Origin-Resource-Policy"], "same-origin")
                self.assertNotIn("Server", headers)

    def test_assets_are_for_ever_and_the_page_is_not(self):
        page = self.user.get("/")
        asset = re.search(r'href="(/assets/[^"]+\.css)"', page.data.decode())[1]
        answer = self.user.get(asset)
        self.assertEqual((answer.status, answer.headers["Cache-Control"]), (200, "public, max-age=31536000, immutable"))
        self.assertEqual(page.headers["Cache-Control"], "no-cache")
        self.assertEqual(self.user.get("/v1/session").headers["Cache-Control"], "no-store")

    def test_pages_travel_in_a_coding_that_the_browser_names(self):
        asset = re.search(r'href="(/assets/[^"]+\.css)"', self.user.get("/").data.decode())[1]
        plain = self.user.get(asset).data
        packed = {"gzip": gzip.decompress}
        if shutil.which("brotli"):  # else the build could not make it
            packed["br"] = lambda data: subprocess.run(["brotli", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
        best = "br" if "br" in packed else "gzip"
        wishes = {"gzip, deflate, br": best, "gzip": "gzip", "br;q=0.1, gzip": "gzip", "br;q=0, gzip;q=0": None, "zstd": None, "identity": None}
        for wish, coding in wishes.items():
            with self.subTest(wish):
                answer = self.user.get(asset, accept_encoding=wish)
                self.assertEqual((answer.status, answer.headers["Content-Encoding"], answer.headers["Vary"]), (200, coding, "Accept-Encoding"))
                self.assertEqual(packed[coding](answer.data) if coding else answer.data, plain)
                self.assertEqual(len(answer.data) < len(plain) / 2, coding is not None)
        answer = self.user.get("/v1/session", accept_encoding="gzip, br")
        self.assertIsNone(answer.headers["Content-Encoding"])  # secrets and what others wrote side by side: no length tells (BREACH)

    def test_photos_are_downloads_that_run_nothing(self):
        photo = jpeg(20)
        scan = self.user.request("POST", "/v1/scans", photo, {"Content-Type": "image/jpeg", "Idempotency-Key": "img"})
        answer = self.user.get(f"/v1/scans/{scan.json['id']}/image")
        self.assertEqual((answer.status, answer.data), (200, photo))
        self.assertEqual(answer.headers["Content-Disposition"], "attachment")
        self.assertIn("sandbox", answer.headers["Content-Security-Policy"])

    def test_a_vcard_becomes_a_contact_of_its_fair(self):
        fair = self.user.post("/v1/fairs", {"name": "Hannover", "legal_basis": "consent"}).json
        card = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Weiß;Jörg;;Dr.;\r\nFN:Dr. Jörg Weiß\r\nORG:Quarz AG\r\nTEL;TYPE=CELL:0171 1234567\r\nEND:VCARD\r\n"
        made = self.user.post("/v1/contacts", {"vcard": card, "fair_id": fair["id"]})
        self.assertEqual(made.status, 201, made.data)
        person = made.json["contact"]
        self.assertEqual((person["given_name"], person["family_name"], person["name_prefix"], person["organization"], person["phones"][0]["value"]),
                         ("Jörg", "Weiß", "Dr.", "Quarz AG", "+491711234567"))
        self.assertEqual(made.json["source"]["fair"]["id"], fair["id"])
        for body, pointer in (({}, "/contact"), ({"vcard": card, "contact": PERSON}, "/vcard"), ({"vcard": "Jörg Weiß"}, "/vcard"),
                              ({"vcard": card.replace("END:VCARD", "")}, "/vcard"), ({"vcard": card, "fair_id": "x"}, "/fair_id")):
            wrong = self.user.post("/v1/contacts", body)
            self.problem(wrong, 422, "invalid-input")
            self.assertEqual(wrong.json["errors"][0]["pointer"], pointer)
        self.problem(self.user.post("/v1/contacts", {"vcard": card, "fair_id": "00000000-0000-7000-8000-000000000000"}), 404, "not-found")

    def test_contacts_come_as_vcard_too(self):
        made = contact(self.user)
        card = self.user.get(made.headers["Location"], accept="text/vcard")
        self.assertEqual((card.status, card.headers["Content-Type"]), (200, "text/vcard; charset=utf-8"))
        self.assertTrue(card.data.startswith(b"BEGIN:VCARD\r\nVERSION:4.0\r\n"))
        self.problem(self.user.get(made.headers["Location"], accept="image/png"), 406, "not-acceptable")

    def test_figures_need_an_administrator_or_the_token(self):
        self.problem(self.user.get("/metrics"), 401, "unauthenticated")
        text = self.admin.get("/metrics").data.decode()
        for name in ("kartei_build_info{version=", "kartei_http_requests_total{", "kartei_jobs{",
                     "kartei_http_request_duration_seconds_bucket{"):
            self.assertIn(name, text)
        self.assertNotIn("one.example", text)
        self.assertEqual(server.client().get("/metrics", authorization="Bearer figures").status, 200)
        self.assertEqual(server.client().get("/metrics", authorization="Bearer figurez").status, 401)


class Waiting(Case):
    def test_wait_answers_when_the_photo_is_read_and_holds_no_thread(self):
        headers = {"Content-Type": "image/jpeg", "Prefer": "wait=10"}
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            begin = time.monotonic()
            waiting = [pool.submit(self.user.request, "POST", "/v1/scans", jpeg(100 + i),
                                   {**headers, "Idempotency-Key": f"w{i}"}) for i in range(40)]
            time.sleep(1.5)
            asked = time.monotonic()
            self.assertEqual(self.user.get("/v1/session").status, 200)
            self.assertLess(time.monotonic() - asked, 1)
            server.tool("work")
            answers = [future.result() for future in waiting]
        self.assertLess(time.monotonic() - begin, 10)
        for answer in answers:
            self.assertEqual((answer.status, answer.headers["Preference-Applied"]), (200, "wait"), answer.data)
            self.assertEqual((answer.json["state"], answer.json["problem"]["type"]), ("failed", "/problems/no-card"))

    def test_the_wait_has_an_end(self):
        begin = time.monotonic()
        answer = self.user.request("POST", "/v1/scans", jpeg(200), {"Content-Type": "image/jpeg", "Prefer": "wait=1",
                                                                    "Idempotency-Key": "end"})
        self.assertEqual((answer.status, answer.json["state"]), (202, "received"))
        self.assertTrue(0.9 < time.monotonic() - begin < 3)


class Stream:
    """A reader of server-sent events on a raw socket."""

    def __init__(self, client, last=None):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(client.path)
        self.socket.settimeout(0.2)
        fields = f"Cookie: {client.cookie}\r\nAccept: text/event-stream\r\n"
        if last is not None:
            fields += f"Last-Event-ID: {last}\r\n"
        self.socket.sendall(f"GET /v1/events HTTP/1.1\r\nHost: x\r\n{fields}\r\n".encode())
        self.text = ""

    def wait(self, good, patience=10):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                self.text += self.socket.recv(65536).decode()
            except (TimeoutError, socket.timeout):
                pass
            if good(self.events()):
                return True
        return False

    def events(self):
        return [(int(number), kind, json.loads(data)) for number, kind, data in
                re.findall(r"id: (\d+)\nevent: (\w+)\ndata: (.*)\n", self.text)]


class Events(Case):
    def test_what_happens_arrives_as_ids_and_resumes_where_it_broke(self):
        stream = Stream(self.user)
        self.assertTrue(stream.wait(lambda _: "retry: 3000" in stream.text))
        self.assertIn("text/event-stream; charset=utf-8", stream.text)
        first = contact(self.user).json["id"]
        self.assertTrue(stream.wait(lambda events: any(e[2]["id"] == first for e in events)), stream.text)
        number = stream.events()[-1][0]
        self.assertNotIn("Schmidt", stream.text)
        stream.socket.close()
        second = contact(self.user).json["id"]
        again = Stream(self.user, number)
        self.assertTrue(again.wait(lambda events: any(e[2]["id"] == second for e in events)), again.text)
        self.assertFalse(any(e[2]["id"] == first for e in again.events()))
        again.socket.close()

    def test_a_stranger_hears_nothing(self):
        other, mine = Stream(server.sign_in("admin@two.example")), Stream(self.user)
        self.assertTrue(mine.wait(lambda _: "retry: 3000" in mine.text))
        made = contact(self.user).json["id"]
        self.assertTrue(mine.wait(lambda events: any(e[2]["id"] == made for e in events)))
        self.assertFalse(other.wait(lambda events: events, 1))
        other.socket.close()
        mine.socket.close()

    def test_hundred_streams_hold_no_thread(self):
        streams = [Stream(self.user) for _ in range(100)]
        self.assertTrue(all(stream.wait(lambda _, s=stream: "retry" in s.text) for stream in streams))
        begin = time.monotonic()
        self.assertEqual(self.user.get("/v1/session").status, 200)
        self.assertLess(time.monotonic() - begin, 1)
        made = contact(self.user).json["id"]
        for stream in streams:
            self.assertTrue(stream.wait(lambda events: any(e[2]["id"] == made for e in events)))
            stream.socket.close()


class Zz(Case):
    def test_the_end_is_graceful(self):
        stream = Stream(self.user)
        self.assertTrue(stream.wait(lambda _: "retry" in stream.text))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            late = pool.submit(self.user.request, "POST", "/v1/scans", jpeg(300), {
                "Content-Type": "image/jpeg", "Prefer": "wait=2", "Idempotency-Key": "late"})
            time.sleep(0.5)
            begin = time.monotonic()
            server.api.terminate()
            self.assertEqual(late.result().status, 202)
            self.assertEqual(server.api.wait(12), 0)
        self.assertLess(time.monotonic() - begin, 10)
        stream.socket.settimeout(2)
        self.assertTrue(receive(stream.socket)[1])
        stream.socket.close()
        server.start_api()


if __name__ == "__main__":
    with Server(settings={"KARTEI_METRICS_TOKEN": "figures"}) as server:
        outcome = unittest.main(exit=False).result
        if not outcome.wasSuccessful():
            print((server.folder / "api.log").read_text()[-3000:])
    sys.exit(not outcome.wasSuccessful())
