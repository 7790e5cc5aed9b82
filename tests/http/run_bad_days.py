"""A CRM on its bad days: what it answers instead of doing its work, and what becomes of a change that a person decided.

Nothing is lost, nothing is half written (the fake's ledger says so), and the state says in both languages what is the matter.
The CRM is the stateful fake of Pipedrive, which has no keys; time passes by a hand on the database's clock.
"""
import http.server
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "contract"), str(TESTS / "lib")]
from fakes.pipedrive import Pipedrive, PipedrivePeer  # noqa: E402
from ports import free_port  # noqa: E402
from server import Server, wait_until  # noqa: E402

LATER = """update kartei.write_backs set updated_at = now() - interval '10 min', due_at = now()
             where state in ('uncertain', 'waiting', 'undoing');
           update kartei.connection_calls set retry_at = null;
           update kartei.jobs set run_at = now() where state = 'queued'; notify kartei_job"""
ENDS = ("written", "refused", "conflict", "undone", "undo_conflict")
# What the CRM does to the next write; how often in a row -> the end, how often it is in the ledger, words of the sentence.
WEATHER = {
    "lost": ("written", None), "dropped": ("written", None), "502": ("written", None), "503": ("written", None),
    "html 200": ("written", None), "empty": ("written", None), "gigabyte": ("written", None), "drip": ("written", None),
    "429": ("written", None), "429 fraction": ("written", None), "429 date": ("written", None), "429 bare": ("written", None),
    "207": ("refused", "Partial success"), "error in 200": ("refused", "Besitzer"),
    "too long": ("refused", "less than 256"), "unknown option": ("refused", "not an option"),
    "other centre": ("refused", "data centre"),
}
JARGON = ("curl", "errno", "NULL", "HTTP/", "{", "}", "Traceback", "SSL_")


class Site(http.server.BaseHTTPRequestHandler):
    """A server of the wrong kind: pages for everything."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        data = b"<!DOCTYPE html><title>Willkommen</title><h1>Es funktioniert!</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def certificate(folder, name, days):
    """A key and a certificate of its own for 127.0.0.1 that is good for so many days, perhaps less than none."""
    key, ask, ext = f"{folder}/{name}.key", f"{folder}/{name}.csr", f"{folder}/{name}.ext"
    pathlib.Path(ext).write_text("subjectAltName=IP:127.0.0.1\n")
    for words in (["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", ask, "-subj", "/CN=127.0.0.1"],
                  ["x509", "-req", "-in", ask, "-signkey", key, "-days", str(days), "-extfile", ext, "-out", f"{folder}/{name}.crt"]):
        subprocess.run(["openssl", *words], check=True, capture_output=True)
    return f"{folder}/{name}.crt", key


def serve(handler, identity=None):
    """A listener on loopback, with a certificate and its key perhaps."""
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    listener.daemon_threads, listener.handle_error = True, lambda *_: None
    if identity:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*identity)
        listener.socket = context.wrap_socket(listener.socket, server_side=True)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    return listener.server_address[1]


def wish(url):
    settings = PipedrivePeer(crm, crm.port).settings()
    settings.pop("base")
    return {"kind": "pipedrive", "name": "Pipedrive", "settings": {**settings, "url": url}, "secret": {"api_token": crm.api_token},
            "policy": "confirm"}


def ledger():
    return [json.loads(line) for line in (crm.folder / "ledger").read_text().splitlines()]


def created(family):
    return sum(entry["act"] == "create" and family in entry["fields"]["name"] for entry in ledger())


class Case(unittest.TestCase):
    def understandable(self, text):
        self.assertGreaterEqual(len(text.split()), 3)
        for word in JARGON:
            self.assertNotIn(word, text)

    def explained(self, path):
        """The state and the problem have a sentence in each language."""
        said = {}
        for language in ("de", "en"):
            self.assertEqual(client.patch("/v1/session", {"language": language}).status, 200)
            now = client.get(path).json
            said[language] = now["sentence"] + (now["problem"]["title"] + now["problem"]["detail"] if now["problem"] else "")
            self.understandable(now["sentence"])
            if now["problem"]:
                self.understandable(now["problem"]["detail"])
        self.assertNotEqual(said["de"], said["en"])
        return now

    def until(self, path, states, later=True, seconds=90):
        end = time.monotonic() + seconds
        while True:
            now = client.get(path).json
            if now["state"] in states:
                return now
            self.assertLess(time.monotonic(), end, now)
            if later:
                server.sql(LATER)
            time.sleep(0.3)

    def contact(self, family):
        made = client.post("/v1/contacts", {"contact": {"given_name": "Ada", "family_name": family, "job_title": "Einkauf",
                           "emails": [{"value": f"ada@{family.lower()}.example", "kind": "work"}]}}).json
        return self.until(f"/v1/contacts/{made['id']}", ("matched",))

    def preview(self, contact, new=False):
        review = client.get(f"/v1/contacts/{contact['id']}/review?connection={connection}{'&create=true' if new else ''}").json
        record = review["record"]
        answer = client.post("/v1/previews", {
            "contact_id": contact["id"], "contact_version": review["contact_version"], "connection_id": connection,
            **({"record_id": record["id"], "remote_version": record["version"], "choices": [{"field": "job_title", "take": "card"}]}
               if record else {"choices": []})})
        self.assertEqual(answer.status, 201, answer.data)
        return answer.json, review["contact_version"]

    def write(self, contact, new=True):
        preview, version = self.preview(contact, new)
        answer = client.post("/v1/write-backs", {"preview_id": preview["id"]}, if_match=f'"v{version}"')
        self.assertEqual(answer.status, 202, answer.data)
        return f"/v1/write-backs/{answer.json['id']}"

    def changed(self, family):
        """A contact that was written and is to be changed there."""
        contact = self.contact(family)
        self.until(self.write(contact), ("written",))
        contact = client.get(f"/v1/contacts/{contact['id']}").json
        answer = client.patch(f"/v1/contacts/{contact['id']}", {"job_title": "Leitung"}, if_match=f'"v{contact["version"]}"')
        self.assertEqual(answer.status, 200, answer.data)
        return self.until(f"/v1/contacts/{contact['id']}", ("matched",))


class Weather(Case):
    def test_whatever_it_answers_a_change_comes_to_one_end(self):
        for n, (name, (end, words)) in enumerate(WEATHER.items()):
            with self.subTest(name):
                family = f"Wetter{chr(97 + n)}stein"
                contact = self.contact(family)
                crm.weather.order(name)
                path = self.write(contact)
                if end == "written":
                    wait_until(lambda: client.get(path).json["state"] not in ("intent", "sending"), 45)
                    self.explained(path)
                now = self.until(path, ENDS)
                self.assertEqual(now["state"], end)
                self.assertEqual(created(family), end == "written")
                if words:
                    self.assertIn(words, self.explained(path)["problem"]["detail"])


class Meanwhile(Case):
    def gone(self, family, act):
        contact = self.changed(family)
        preview, version = self.preview(contact)
        act(next(row["id"] for row in crm.contacts.living() if family in row["fields"]["name"]))
        before = len(ledger())
        answer = client.post("/v1/write-backs", {"preview_id": preview["id"]}, if_match=f'"v{version}"')
        path = f"/v1/write-backs/{answer.json['id']}"
        self.assertEqual(self.until(path, ENDS)["state"], "conflict")
        self.explained(path)
        self.assertEqual(len(ledger()), before)
        columns = client.get(f"{path}/conflict").json
        self.assertTrue(columns["gone"])
        self.assertIn("job_title", [field["field"] for field in columns["fields"]])

    def test_deleted_meanwhile(self):
        self.gone("Geloescht", crm.contacts.delete)

    def test_merged_into_another_meanwhile(self):
        def merge(record):
            other = crm.insert({"name": "Ada Anders", "emails": [{"value": "ada@anders.example", "primary": True, "label": "work"}]})
            crm.contacts.change(other, {"phones": [{"value": "+49301234", "primary": True, "label": "work"}]})
            crm.contacts.delete(record)
        self.gone("Vereinigt", merge)

    def test_changed_by_somebody_else_meanwhile(self):
        contact = self.changed("Geaendert")
        preview, version = self.preview(contact)
        record = next(row["id"] for row in crm.contacts.living() if "Geaendert" in row["fields"]["name"])
        PipedrivePeer(crm, crm.port).change(record)
        before = len(ledger())
        answer = client.post("/v1/write-backs", {"preview_id": preview["id"]}, if_match=f'"v{version}"')
        path = f"/v1/write-backs/{answer.json['id']}"
        self.assertEqual(self.until(path, ENDS)["state"], "conflict")
        self.assertEqual(len(ledger()), before)
        title = next(f for f in client.get(f"{path}/conflict").json["fields"] if f["field"] == "job_title")
        self.assertEqual((title["intent"], title["now"], title["loaded"], title["theirs"]), ("Leitung", "von anderen", "Einkauf", True))


class DryRun(Case):
    def test_nothing_is_written_and_the_limit_is_told(self):
        contact, before = self.contact("Trocken"), len(ledger())
        crm.quota = 12345
        preview, _ = self.preview(contact)
        self.assertEqual(len(ledger()), before)
        self.assertEqual(preview["quota"], {"left": 12345, "limit": 30000})
        crm.quota = None

    def test_the_crm_says_that_it_has_the_person(self):
        crm.insert({"name": "A. Doppelt", "emails": [{"value": "ada@doppelt.example", "primary": True, "label": "work"}]})
        client.patch("/v1/session", {"language": "en"})
        preview, _ = self.preview(self.contact("Doppelt"))
        self.assertTrue(any("already" in text for text in preview["warnings"]), preview["warnings"])


class Addresses(Case):
    """What is wrong is said when the connection is made; nothing is kept."""

    def test_an_address_that_is_none(self):
        for name, url, slug in (("unreachable", f"http://127.0.0.1:{ports['closed']}", "crm-unreachable"),
                                ("another server", f"http://127.0.0.1:{ports['site']}", "crm-refused"),
                                ("certificate that is good: another server", f"https://127.0.0.1:{ports['good']}", "crm-refused"),
                                ("certificate ran out", f"https://127.0.0.1:{ports['old']}", "crm-unreachable")):
            with self.subTest(name):
                before = len(client.get("/v1/connections").json["items"])
                said = set()
                for language in ("de", "en"):
                    client.patch("/v1/session", {"language": language})
                    answer = client.post("/v1/connections", wish(url))
                    self.assertEqual(answer.slug, slug, answer.data)
                    self.understandable(answer.json["detail"])
                    said.add(answer.json["detail"])
                self.assertEqual(len(said), 2)
                self.assertEqual(len(client.get("/v1/connections").json["items"]), before)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        crm = Pipedrive(f"{home}/crm")
        crm.start()
        old, good = certificate(home, "old", -1), certificate(home, "good", 2)
        trusted = pathlib.Path(home, "trusted.pem")
        trusted.write_text("".join(pathlib.Path(one[0]).read_text() for one in (old, good)))
        pathlib.Path(home).chmod(0o755)
        ports = {"closed": free_port(), "site": serve(Site), "old": serve(Site, old), "good": serve(Site, good)}
        allowed = ",".join(f"127.0.0.1:{port}" for port in (crm.port, *ports.values()))
        with Server(settings={"KARTEI_EGRESS_ALLOW_PRIVATE": allowed, "KARTEI_CA_FILE": str(trusted)}) as server:
            server.start("worker", server.build / "services/kartei-worker")
            client = server.sign_in("admin@one.example")
            answer = client.post("/v1/connections", wish(f"http://127.0.0.1:{crm.port}"))
            assert answer.status == 201, answer.data
            connection = answer.json["id"]
            outcome = unittest.main(exit=False).result
        crm.stop()
    sys.exit(not outcome.wasSuccessful())
