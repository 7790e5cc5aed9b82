#!/usr/bin/python3
"""What people and programs send wrong, and what breaks meanwhile: each gives a clear problem, and nothing half done."""
import base64
import concurrent.futures
import hashlib
import signal
import socket
import sys
import time
import unittest
import uuid

from photo import jpeg
from server import Server, receive, wait_until

MB = 1024 * 1024


def form(*parts, boundary="b0undary", end=True):
    """multipart/form-data of (name, file name or None, bytes)."""
    body = b""
    for name, file, data in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        body += f'; filename="{file}"\r\nContent-Type: image/jpeg'.encode() if file else b""
        body += b"\r\n\r\n" + data + b"\r\n"
    return body + (f"--{boundary}--\r\n".encode() if end else b"")


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.user = server.sign_in("user@one.example")

    def upload(self, data, kind="image/jpeg", path="/v1/scans", key=None, **more):
        return self.user.request("POST", path, data, {"Content-Type": kind, "Idempotency-Key": key or str(uuid.uuid4()),
                                                      **more})

    def problem(self, answer, status, slug):
        self.assertEqual((answer.status, answer.slug), (status, slug), answer.data[:500])

    def scans(self):
        return len(self.user.get("/v1/scans?limit=200").json["items"])


class Uploads(Case):
    def test_what_is_no_image_is_refused_whatever_its_name_says(self):
        before = self.scans()
        for data in (b"", b"x", b"hello, I am a text called photo.jpg" * 10, b"%PDF-1.7" + b"x" * 100, b"PK\3\4" + b"x" * 99,
                     b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 9, b"GIF89a" + b"x" * 100, b"\0" * 1000):
            with self.subTest(data[:8]):
                answer = self.upload(data)
                self.assertIn((answer.status, answer.slug), {(415, "not-an-image"), (422, "invalid-input")}, answer.data)
        self.assertEqual(self.scans(), before)

    def test_every_kind_of_photo_is_taken_by_content(self):
        for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
            answer = self.upload(jpeg(kind, kind=kind), "application/octet-stream")
            self.assertEqual((answer.status, answer.json["media_type"]), (202, f"image/{kind.lower()}"), answer.data)

    def test_21_mb_are_too_large_by_length_by_chunks_and_in_a_form(self):
        head, before = jpeg(1), self.scans()
        large = head + b"\0" * (21 * MB - len(head))
        answer = self.upload(large)
        self.problem(answer, 413, "too-large")
        self.assertIn("20 MB", answer.json["detail"])
        self.problem(self.upload(form(("image", "x", large)), "multipart/form-data; boundary=b0undary"), 413, "too-large")
        fields = f"Cookie: {self.user.cookie}\r\nX-CSRF-Token: {self.user.csrf}\r\nIdempotency-Key: c\r\n"
        start = f"POST /v1/scans HTTP/1.1\r\nHost: x\r\n{fields}Content-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunks = b"".join(b"%x\r\n" % MB + large[i * MB:(i + 1) * MB] + b"\r\n" for i in range(21))
        got, _ = server.raw(start.encode() + chunks + b"0\r\n\r\n", 20)
        self.assertTrue(got.startswith(b"HTTP/1.1 413"), got[:200])
        self.assertEqual(self.scans(), before)

    def test_20_mb_are_taken(self):
        head = jpeg(2)
        answer = self.upload(head + b"\0" * (20 * MB - len(head)))
        self.assertEqual((answer.status, answer.json["bytes"]), (202, 20 * MB))

    def test_memory_stays_flat_under_parallel_uploads(self):
        def resident():
            with open(f"/proc/{server.api.pid}/status", encoding="ascii") as status:
                return int(next(line for line in status if line.startswith("VmHWM")).split()[1])

        with open(f"/proc/{server.api.pid}/maps", encoding="ascii") as maps:
            if "libasan" in maps.read():
                self.skipTest("a sanitizer keeps freed memory")
        before = resident()
        heads = [jpeg(50 + i) for i in range(12)]
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda head: self.upload(head + b"\1" * (15 * MB)), heads))
        self.assertEqual({answer.status for answer in answers}, {202})
        self.assertLess(resident() - before, 64 * 1024)

    def test_several_photos_in_one_form_become_several_scans(self):
        folder = self.user.post("/v1/lists", {"name": "Messe"}).json["id"]
        body = form(("list", None, folder.encode()), *[("image", f"{i}.jpg", jpeg(70 + i)) for i in range(3)])
        answer = self.upload(body, "multipart/form-data; boundary=b0undary", key="several")
        self.assertEqual(answer.status, 202, answer.data)
        scans = answer.json["items"]
        self.assertEqual((len(scans), {scan["list_id"] for scan in scans}), (3, {folder}))
        again = self.upload(form(("list", None, folder.encode()),
                                 *[("image", f"{i}.jpg", jpeg(70 + i)) for i in range(3)], boundary="other"),
                            "multipart/form-data; boundary=other", key="several")
        self.assertEqual([scan["id"] for scan in again.json["items"]], [scan["id"] for scan in scans])

    def test_a_photo_and_its_back_in_one_form_become_one_scan(self):
        kind = "multipart/form-data; boundary=b0undary"
        sides = [("image", "front.jpg", jpeg("front")), ("back", "back.jpg", jpeg("back"))]
        answer = self.upload(form(*sides), kind, key="sides")
        self.assertEqual((answer.status, answer.json["sides"]), (202, 2), answer.data)
        self.assertEqual(self.upload(form(*sides), kind, key="sides").json["id"], answer.json["id"])  # the same request again
        self.assertEqual(self.upload(form(*sides), kind, key="sides-later").json["id"], answer.json["id"])  # the same photos again
        front = self.upload(jpeg("front"))
        self.assertEqual((front.status, front.json["sides"]), (202, 1))
        self.assertNotEqual(front.json["id"], answer.json["id"])
        for side, photo in (("front", "front"), ("back", "back")):
            got = self.user.get(f"/v1/scans/{answer.json['id']}/image?side={side}")
            self.assertEqual((got.status, got.data), (200, jpeg(photo)), side)
        self.problem(self.user.get(f"/v1/scans/{front.json['id']}/image?side=back"), 404, "not-found")
        two = [sides[0], ("image", "back.jpg", jpeg("back"))]
        self.problem(self.upload(form(*two), kind, key="sides"), 422, "idempotency-key-reused")  # two cards are not one card of two sides
        before = self.scans()
        for wrong in (sides[::-1], [*sides, ("back", "more.jpg", jpeg("more"))], [sides[0], ("back", "x", b"no image at all" * 9)]):
            with self.subTest([name for name, _, _ in wrong]):
                self.assertIn(self.upload(form(*wrong), kind).status, (415, 422))
        self.assertEqual(self.scans(), before)

    def test_forms_are_read_strictly_and_nothing_of_a_bad_one_is_kept(self):
        good, before, kind = ("image", "x.jpg", jpeg(90)), self.scans(), "multipart/form-data; boundary=b0undary"
        for body in (form(good, end=False), form(), b"", form(good, ("image", "y.jpg", b"no image at all" * 9)),
                     form(good, ("surprise", None, b"1")), form(("list", None, b"not an id"), good),
                     form(*[("image", "x", jpeg(91))] * 21)):
            with self.subTest(body[:40]):
                self.assertIn(self.upload(body, kind).status, (400, 415, 422))
        self.problem(self.upload(form(good), "multipart/form-data"), 400, "malformed-request")
        self.problem(self.upload(b"{}", "application/json"), 415, "unsupported-media-type")
        self.assertEqual(self.scans(), before)

    def test_bytes_damaged_on_the_way_are_not_kept(self):
        photo, before = jpeg("digest"), self.scans()
        promise = {"Content-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(photo).digest()).decode()}:"}
        damaged = photo[:-9] + bytes([photo[-9] ^ 1]) + photo[-8:]
        self.problem(self.upload(damaged, key="digest", **promise), 400, "digest-mismatch")
        self.problem(self.upload(photo, **{"Content-Digest": "sha-256=::"}), 400, "digest-mismatch")
        self.assertEqual(self.scans(), before)
        self.assertEqual(self.upload(photo, key="digest", **promise).status, 202)  # the same key: nothing had been done under it
        body = form(("image", "x.jpg", jpeg("form")))
        whole = {"Content-Digest": f"sha-512=:AAAA:, sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"}
        kind = "multipart/form-data; boundary=b0undary"
        self.problem(self.upload(body.replace(b"x.jpg", b"y.jpg"), kind, **whole), 400, "digest-mismatch")
        self.assertEqual(self.upload(body, kind, **whole).status, 202)
        self.assertEqual(self.upload(jpeg("md5"), **{"Content-Digest": "md5=:AAAA:"}).status, 202)  # not one we know: no promise

    def test_an_upload_that_breaks_off_leaves_nothing(self):
        before, fields = self.scans(), f"Cookie: {self.user.cookie}\r\nX-CSRF-Token: {self.user.csrf}\r\n"
        head = f"POST /v1/scans HTTP/1.1\r\nHost: x\r\n{fields}Idempotency-Key: b\r\nContent-Type: image/jpeg\r\n"
        for _ in range(5):
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(server.socket)
                s.sendall(head.encode() + b"Content-Length: 100000\r\n\r\n" + jpeg(95)[:5000])
                time.sleep(0.05)
        time.sleep(0.3)
        self.assertEqual(self.scans(), before)
        self.assertEqual(self.upload(jpeg(95), key="b").status, 202)

    def test_a_stranger_cannot_make_us_read_a_large_body(self):
        begin = time.monotonic()
        head = b"POST /v1/scans HTTP/1.1\r\nHost: x\r\nIdempotency-Key: x\r\nContent-Type: image/jpeg\r\n"
        got, closed = server.raw(head + b"Content-Length: 20000000\r\n\r\n" + b"x" * 1000)
        self.assertTrue(closed and got.startswith(b"HTTP/1.1 401"), got[:200])
        self.assertLess(time.monotonic() - begin, 1)


class Json(Case):
    def post(self, text, path="/v1/contacts", **headers):
        return self.user.request("POST", path, text, {"Content-Type": "application/json",
                                                      "Idempotency-Key": str(uuid.uuid4()), **headers})

    def test_what_is_no_json_is_refused(self):
        for text in (b"", b"{", b"[]", b"null", b"nan", b'{"contact":{}}x', b'{"contact":{},"contact":{}}', b"\xff\xfe",
                     b'{"contact":' + b"[" * 10000, b'{"contact":{"family_name":"\\ud800"}}'):
            with self.subTest(text[:20]):
                self.assertIn(self.post(text).status, (400, 422))

    def test_unknown_fields_are_refused_and_named(self):
        answer = self.post(b'{"contact":{"family_name":"A"},"admin":true}')
        self.problem(answer, 422, "invalid-input")
        self.assertIn('"admin"', answer.json["detail"])
        for text in (b'{"contact":{"org_id":"x"}}', b'{"contact":{},"id":"x"}', b'{"contact":{},"version":3}'):
            self.assertEqual(self.post(text).status, 422)

    def test_wrong_kinds_and_lengths_are_refused(self):
        for text in (b'{"contact":{"family_name":7}}', b'{"contact":"x"}', b'{"contact":{"emails":{}}}',
                     b'{"contact":{"family_name":"' + b"x" * 5000 + b'"}}',
                     b'{"contact":{"emails":[' + b",".join([b'{"value":"a@b.example"}'] * 40) + b"]}}"):
            self.assertEqual(self.post(text).status, 422, text[:60])
        self.problem(self.post(b'{"contact":{"family_name":"' + b"x" * 2 * MB + b'"}}'), 413, "too-large")
        self.problem(self.user.request("POST", "/v1/contacts", b"{}", {"Content-Type": "text/plain",
                                                                       "Idempotency-Key": "k"}), 415,
                     "unsupported-media-type")

    def test_hostile_texts_stay_texts(self):
        for text in ("<script>alert(1)</script>", "'; drop table contacts; --", "=cmd|'/c calc'!A1", "\u202egnp.exe",
                     "\r\nSet-Cookie: a=b", "../../etc/passwd", "%00", "${jndi:ldap://x}"):
            made = self.user.post("/v1/contacts", {"contact": {"family_name": text}})
            self.assertEqual(made.status, 201, made.data)
            self.assertNotIn("Set-Cookie", made.headers)
            kept = self.user.get(made.headers["Location"]).json["contact"]["family_name"]
            self.assertEqual(kept.split(), text.split())


class Objects(Case):
    def test_ids_that_are_none_or_nobodys_are_not_found(self):
        for path in ("/v1/contacts/x", "/v1/contacts/00000000-0000-7000-8000-000000000000", "/v1/contacts/%27",
                     "/v1/scans/1/image", f"/v1/scans/{uuid.uuid4()}/cards/99/image", "/v1/contacts/", "/v1//contacts"):
            self.problem(self.user.get(path), 404, "not-found")

    def test_another_organisations_id_is_not_found(self):
        theirs = server.sign_in("admin@two.example").post("/v1/contacts", {"contact": {"family_name": "Fremd"}}).json["id"]
        self.problem(self.user.get(f"/v1/contacts/{theirs}"), 404, "not-found")

    def test_a_session_that_ended_is_said_so(self):
        client = server.sign_in("user@one.example")
        client.delete("/v1/session")
        self.problem(client.post("/v1/lists", {"name": "x"}), 401, "unauthenticated")

    def test_a_session_that_ran_out_is_said_so_and_leaves_nothing(self):
        for column, when in (("expires_at", "now()"), ("seen_at", "now() - interval '2 days'")):
            with self.subTest(column):
                client = server.sign_in("second@one.example")
                self.assertEqual(client.post("/v1/lists", {"name": "vorher"}).status, 201)
                server.sql(f"update kartei.sessions set {column} = {when} where user_id = '{server.seed['second@one.example']}'")
                self.problem(client.post("/v1/lists", {"name": "nachher"}), 401, "unauthenticated")
                self.problem(client.get("/v1/session"), 401, "unauthenticated")
        names = [one["name"] for one in server.sign_in("second@one.example").get("/v1/lists").json["items"]]
        self.assertNotIn("nachher", names)


class Zz(Case):
    """Last: what we stand on is taken away and comes back."""

    def test_a_database_that_is_down_gives_503_and_comes_back(self):
        server.stop_database()
        try:
            for answer in (self.user.get("/v1/contacts"), self.upload(jpeg(200)), self.user.get("/readyz")):
                self.problem(answer, 503, "store-down")
                self.assertEqual(answer.headers["Retry-After"], "5")
            self.assertEqual(self.user.get("/healthz").status, 200)
        finally:
            server.start_database()
        wait_until(lambda: self.user.get("/readyz").status == 200)
        self.assertEqual(self.upload(jpeg(200)).status, 202)

    def test_a_database_that_goes_during_an_upload_leaves_nothing(self):
        before, photo = self.scans(), jpeg(201, (800, 600))
        fields = f"Cookie: {self.user.cookie}\r\nX-CSRF-Token: {self.user.csrf}\r\nIdempotency-Key: during\r\n"
        head = f"POST /v1/scans HTTP/1.1\r\nHost: x\r\n{fields}Content-Type: image/jpeg\r\n"
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(20)
            s.connect(server.socket)
            s.sendall(head.encode() + f"Content-Length: {len(photo)}\r\n\r\n".encode() + photo[:10000])
            time.sleep(0.3)
            server.stop_database()
            s.sendall(photo[10000:])
            got, _ = receive(s)
        self.assertTrue(got.startswith(b"HTTP/1.1 503"), got[:300])
        server.start_database()
        wait_until(lambda: self.user.get("/readyz").status == 200)
        self.assertEqual(self.scans(), before)
        self.assertEqual(self.upload(photo, key="during").status, 202)

    def test_killed_while_taking_an_upload_it_starts_again_and_lost_nothing_accepted(self):
        accepted = self.upload(jpeg(202)).json["id"]
        server.api.send_signal(signal.SIGKILL)
        server.api.wait()
        self.assertTrue(server.socket)
        server.start_api()
        wait_until(lambda: answers(self.user))
        self.assertEqual(self.user.get(f"/v1/scans/{accepted}").status, 200)


def answers(client):
    try:
        return client.get("/readyz").status == 200
    except OSError:
        return False


if __name__ == "__main__":
    with Server() as server:
        outcome = unittest.main(exit=False).result
        if not outcome.wasSuccessful():
            print((server.folder / "api.log").read_text()[-3000:])
    sys.exit(not outcome.wasSuccessful())
