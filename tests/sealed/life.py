"""A life in Kartei in which everything that people write and every secret carries a canary: what run_raw.py looks for afterwards.

Everything goes through the front door as people and scripts send it; the CRM is a real Radicale.
"""
import contextlib
import io
import pathlib
import re
import subprocess
import sys
import time
import uuid

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "lib")]
import canary  # noqa: E402
from clocks import app_code  # noqa: E402
from instance import UNREACHABLE  # noqa: E402
from radicale import Book  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def card(name, number):
    """A card that a reader gets right, with a note in its EXIF part."""
    image = PIL.Image.new("RGB", (1050, 600), "white")
    draw = PIL.ImageDraw.Draw(image)
    lines = [(44, f"Anna {name}"), (26, "Leiterin Einkauf"), (34, f"{name} GmbH"), (26, f"{name}weg 7"), (26, "10115 Berlin"),
             (26, f"Tel. +49 30 {number}"), (26, f"anna@{name.lower()}.de")]
    at = 60
    for size, text in lines:
        draw.text((70, at), text, "black", PIL.ImageFont.truetype(FONT, size))
        at += size + 28
    exif, out = PIL.Image.Exif(), io.BytesIO()
    exif[0x010e] = f"Messe mit {name}"  # ImageDescription
    image.save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


class Life:
    """`words` grows by every word and secret that was used, by what it is."""

    def __init__(self):
        self.names = {what: canary.word() for what in ("person", "company", "photo", "record", "colleague", "list", "question", "place", "secret")}
        self.numbers = {what: canary.digits(8) for what in ("phone", "card", "record phone")}
        self.words, self.kept = {**self.names, **self.numbers}, 0
        self.book = Book()
        self.book.password = self.secret("CRM password")
        self.smtp = self.secret("SMTP password")

    def secret(self, what):
        self.words[what] = text = f"{self.names['secret']}-{uuid.uuid4().hex[:12]}"
        return text

    def keep(self, what, text):
        self.words[what] = text
        return text

    def person(self, given="Anna"):
        n = self.names
        return {"given_name": given, "family_name": n["person"], "organization": f"{n['company']} AG", "job_title": f"Chefin {n['company']}",
                "emails": [{"value": f"{given.lower()}@{n['person'].lower()}.example", "kind": "work"}],
                "phones": [{"value": f"+49 30 {self.numbers['phone']}", "kind": "work"}],
                "urls": [{"value": f"https://{n['company'].lower()}.example"}],
                "addresses": [{"street": f"{n['place']}gasse 12", "city": f"Bad {n['place']}", "postal_code": "10115", "country": "DE"}]}

    def must(self, answer, *statuses):
        status, headers, body = answer
        if status not in (statuses or (200, 201, 202, 204)):
            raise AssertionError(f"{status}: {str(body)[:500]}")
        return body, headers

    def get(self, path):
        return self.must(self.admin.get(path))[0]

    def post(self, path, body=None, **headers):
        return self.must(self.admin.post(path, body, **headers))[0]

    def until(self, path, good, seconds=90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            now = self.get(path)
            if good(now):
                return now
            time.sleep(0.15)
        raise TimeoutError(f"{path}: {str(now)[:800]}")

    # ---- Steps ----

    def live(self, kartei, contacts=3, photos=1):
        self.kartei = kartei
        self.sign_in()
        self.factors()
        self.list = self.post("/v1/lists", {"name": f"Messe {self.names['list']}"})["id"]
        self.connections()
        self.photos = [self.photo(n) for n in range(photos)]
        for n in range(contacts):
            self.contact(n)
        self.table()
        self.rest()
        self.wrong()
        return self

    def sign_in(self):
        n = self.names
        mail = f"chef@{n['colleague'].lower()}.example"
        link = self.kartei.create_user(mail, "admin", f"{n['company']} Holding")
        path = re.search(r"/login/([\w-]+)", link)
        self.keep("login link", path[1])
        self.admin = self.kartei.client()
        _, headers, _ = self.admin.request("POST", path[0], b"", FORM)
        self.admin.cookie = headers["Set-Cookie"].split(";")[0]
        self.keep("session cookie", self.admin.cookie.split("=", 1)[1])
        self.admin.csrf = self.keep("CSRF token", self.get("/v1/session")["csrf"])
        password = self.secret("password")
        self.post("/v1/users", {"email": f"user@{n['colleague'].lower()}.example", "name": f"Uwe {n['colleague']}", "role": "user", "password": password})
        self.user = self.kartei.client()
        body, headers = self.must(self.user.request("POST", "/v1/session", {"email": f"user@{n['colleague'].lower()}.example", "password": password}))
        self.user.cookie, self.user.csrf = headers["Set-Cookie"].split(";")[0], body["csrf"]
        stranger = self.kartei.client()
        stranger.request("POST", "/sign-in/link", f"email=user%40{n['colleague'].lower()}.example".encode(), {**FORM, "Sec-Fetch-Site": "same-origin"})

    def factors(self):
        seed = self.must(self.user.post("/v1/second-factor/enrolment"))[0]["secret"].replace(" ", "")
        self.keep("TOTP seed", seed)
        recovery = self.must(self.user.post("/v1/second-factor/confirmation", {"code": app_code(seed)}))[0]["codes"]
        for at, one in enumerate(recovery):
            self.keep(f"recovery code {at}", one)
        token = self.post("/v1/tokens", {"name": f"Skript {self.names['list']}", "scopes": ["contacts:read"], "days": 3})["token"]
        self.keep("API token", token)
        script = self.kartei.client()
        self.must(script.get("/v1/contacts", Authorization=f"Bearer {token}"))

    def connections(self):
        """Radicale for real, and every other kind with every secret that its form asks for."""
        self.book.dav("PUT", self.book.book + "andere.vcf", self.vcard().encode(), {"Content-Type": "text/vcard"})
        self.crm = self.post("/v1/connections", self.book.connection() | {"name": f"Buch {self.names['list']}"})["id"]
        for kind in self.get("/v1/connectors")["items"]:
            for grant in (kind["oauth"] or {"grants": [None]})["grants"]:
                if kind["kind"] not in ("carddav", "address_book", "file_drop"):
                    self.form("/v1/connections", kind, grant, {"name": kind["name"]})
        for kind in self.get("/v1/mailbox-kinds")["kinds"]:
            self.form("/v1/mailboxes", kind, None, {"list_id": self.list})
        assert self.kept >= 6, f"most forms were refused: {self.kept}"
        self.post("/v1/identity-providers", {"kind": "google", "settings": {"name": f"G {self.names['list']}", "client_id": "x"},
                                             "secret": {"client_secret": self.secret("provider secret")}})

    def form(self, path, kind, grant, more):
        settings, secret = {"grant": grant} if grant else {}, {}
        texts = {"url": f"http://127.0.0.1:{self.book.port}", "email": f"post@{self.names['place'].lower()}.example", "host": "localhost"}
        for field in kind["form"]:
            if field["name"] == "grant" or (field["grants"] and grant not in field["grants"]):
                continue
            if field["secret"] and field["kind"] != "key":
                secret[field["name"]] = self.secret(f"{kind['kind']} {grant} {field['name']}")
            elif (field["required"] or field["name"] == "port") and not field["secret"]:
                settings[field["name"]] = "9" if field["name"] == "port" else texts.get(field["kind"]) or field["preset"] or "0123456789" * 4
        if any(field["kind"] == "key" and grant in field["grants"] for field in kind["form"]):
            secret["private_key"] = self.key(f"{kind['kind']} key")
        body, _ = self.must(self.admin.post(path, {"kind": kind["kind"], "settings": settings, "secret": secret, **more}), 201, 409, 422, 502)
        assert "id" in body or re.search(r"/(host-refused|(crm|mailbox)-\w+)$", body["type"]), body  # vendors are not reached from here
        self.kept += "id" in body

    def key(self, what):
        """A private key, known by a line of it."""
        text = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], check=True, capture_output=True, text=True).stdout
        self.keep(what, text.splitlines()[9])
        return text

    def vcard(self):
        n = self.names
        return (f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:andere\r\nN:{n['record']};Anna;;;\r\nFN:Anna {n['record']}\r\nORG:{n['record']} KG\r\n"
                f"TEL;TYPE=WORK:+49 40 {self.numbers['record phone']}\r\nEMAIL:anna@{n['record'].lower()}.example\r\nNOTE:Mag {n['record']} sehr. "
                f"{('Trifft ' + n['record'] + ' oft. ') * 100}\r\nEND:VCARD\r\n")

    def photo(self, n):
        data = card(self.names["photo"] + "s" * n, self.numbers["card"])
        scan = self.must(self.admin.request("POST", f"/v1/scans?list={self.list}", data, {"Content-Type": "image/jpeg", "Idempotency-Key": str(uuid.uuid4())}))[0]
        self.until(f"/v1/scans/{scan['id']}", lambda now: now["state"] not in ("received", "reading"))
        read = self.get(f"/v1/contacts?scan={scan['id']}")["items"]
        assert read and self.names["photo"].lower() in str(read).lower(), f"the photo was not read: {read}"
        self.must(self.admin.get(f"/v1/scans/{scan['id']}/image"))
        return data

    def change(self, method, path, body=None, **headers):
        """With the version of the moment: a worker may be at it, too."""
        for _ in range(20):
            etag = self.must(self.admin.get(path))[1]["ETag"]
            answer = self.admin.request(method, path, body, {"If-Match": etag, **headers})
            if answer[0] != 412:
                return self.must(answer)
        raise TimeoutError(f"{method} {path}")

    def contact(self, n):
        made = self.post("/v1/contacts", {"contact": self.person("Anna" if n < 2 else f"Berta{n}"), "list_id": self.list})
        path = f"/v1/contacts/{made['id']}"
        self.change("PATCH", path, {"department": f"Abteilung {self.names['place']}"}, **{"Content-Type": "application/merge-patch+json"})
        if n == 0:
            written = self.write(path, self.crm, "written")
            self.post(f"{written}/undo")
            self.until(written, lambda now: now["state"] == "undone")
        self.change("DELETE", path)
        if n % 2 == 0:
            self.post(f"{path}/restore")
        self.get(f"{path}/versions")
        self.get(f"/v1/contacts?q={self.names['person']}")

    def write(self, path, connection, *states):
        """Writes what the contact at `path` holds to a CRM; the path of the write-back, once it is in one of these states."""
        now = self.until(path, lambda now: now["state"] not in ("read", "matching"))
        preview = self.post("/v1/previews", {"contact_id": now["id"], "contact_version": now["version"], "connection_id": connection, "choices": []})
        written = self.post("/v1/write-backs", {"preview_id": preview["id"]}, **{"If-Match": f'"v{now["version"]}"'})
        there = f"/v1/write-backs/{written['id']}"
        self.until(there, lambda now: now["state"] in states)
        return there

    def table(self):
        """A connection by file: a table in, duplicates in it, a file out."""
        drop = self.post("/v1/connections", {"kind": "file_drop", "name": f"Datei {self.names['list']}", "settings": {}, "secret": {}})["id"]
        rows = "".join(f"Erika {self.names['record']},{at}@{self.names['record'].lower()}.example,+4940{self.numbers['record phone']}\n" for at in ("erika", "ez"))
        self.post(f"/v1/connections/{drop}/imports", {"text": "Name,Email,Mobile\n" + rows})
        self.post("/v1/duplicate-searches")
        self.until("/v1/duplicates", lambda now: now["items"])
        carla = self.post("/v1/contacts", {"contact": self.person("Carla"), "list_id": self.list})["id"]
        self.write(f"/v1/contacts/{carla}", drop, "waiting", "written")
        made = self.post(f"/v1/connections/{drop}/exports")["id"]
        assert self.names["person"].encode() in self.must(self.admin.get(f"/v1/exports/{made}/file?format=csv"))[0]

    def rest(self):
        n = self.names
        self.post("/v1/support-grants", {"email": f"hilfe@{n['colleague'].lower()}.example", "name": f"Jo {n['colleague']}", "hours": 5,
                                         "reason": f"Wegen {n['person']} und {n['question']}"})
        rules = self.post("/v1/rules", {"obvious": 0.98})["id"]
        self.post(f"/v1/rules/{rules}/pair-test", {"left": self.person(), "right": self.person("Berta")})

    def wrong(self):
        """Questions and faults that carry names: what do logs make of them?"""
        n, stranger = self.names, self.kartei.client()
        agent = {"User-Agent": f"Rechner {n['question']}", "Referer": f"https://x.example/{n['question']}"}
        for method, path, body, headers in (
                ("GET", f"/v1/contacts?q={n['question']}%20Anna", None, {}), ("GET", f"/{n['question']}/x", None, {}), ("GET", f"/v1/contacts/{n['question']}", None, {}),
                ("POST", "/v1/contacts", f'{{"contact": {{"family_name": "{n["question"]}"'.encode(), {"Content-Type": "application/json"}),
                ("POST", "/v1/contacts", {"contact": {n["question"]: n["question"]}}, {"Idempotency-Key": "k"}),
                ("GET", "/" + n["question"] * 1000, None, {}), ("GET", "/v1/session", None, {"X-Much": n["question"] * 3000}),
                ("BREW", f"/{n['question']}", None, {}), ("POST", f"/v1/scans?list={self.list}", b"\xff\xd8\xff\xe0" + n["question"].encode() * 99, {"Content-Type": "image/jpeg", "Idempotency-Key": "p"})):
            with contextlib.suppress(*UNREACHABLE):  # some are too much to be answered
                self.admin.request(method, path, body, {**agent, **headers})
        stranger.request("POST", "/v1/session", {"email": f"{n['question']}@x.example", "password": self.secret("wrong password")}, agent)
        stranger.request("GET", "/v1/contacts", None, {**agent, "Authorization": f"Bearer kartei_pat_{self.secret('wrong token')}"})
        stranger.request("GET", "/login/" + self.keep("wrong link", canary.word() * 8), None, agent)
