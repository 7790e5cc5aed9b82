#!/usr/bin/python3
"""The pages that prove: who sees which, both languages, HTML equal to JSON, the list of hosts equal to what is enforced, the
inventory equal to the schema, the bill of materials, security changes equal to the changelog.

Planted faults: a cell that HTML and JSON show differently, a phrase without German, a security line that the changelog has not got.
That a host that is not on the list is refused is tested in tests/unit/crm-connectors/test_http.c.
"""
import html.parser
import json
import os
import pathlib
import re
import socketserver
import http.server
import subprocess
import sys
import tempfile
import threading
import unittest

from server import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ("firewall", "privacy", "inventory", "changes", "components")
BOOK = (b'<multistatus xmlns="DAV:"><response><href>/</href><propstat><prop><resourcetype><C:addressbook xmlns:C="urn:ietf:params:xml:ns:'
        b'carddav"/></resourcetype></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>')
SBOM = {"bomFormat": "CycloneDX", "metadata": {"timestamp": "2026-12-01T00:00:00Z"}, "components": [
    {"name": "libcurl4", "version": "7.88.1-10", "purl": "pkg:deb/debian/libcurl4@7", "scope": "required", "licenses": [{"license": {"id": "curl"}}]},
    {"name": "htm", "version": "3.1.1", "purl": "pkg:npm/htm@3.1.1", "scope": "required", "licenses": [{"expression": "MIT OR <b>"}]},
    {"name": "axe-core", "version": "4", "purl": "pkg:npm/axe-core@4", "scope": "excluded"}]}


class Tables(html.parser.HTMLParser):
    """The tables of a page without a script: (id of the heading, header cells, rows), as people read them."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.into, self.heading, self.problems = [], None, None, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "script" or any(name.startswith("on") for name, _ in attrs):
            self.problems.append(tag)
        if tag == "h2":
            self.heading = dict(attrs)["id"]
            self.tables.append((self.heading, [], []))
        elif tag == "tr":
            self.row = []
        elif tag in ("th", "td"):
            self.into = []

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.row.append("".join(self.into))
            self.into = None
        elif tag == "tr":
            _, header, rows = self.tables[-1]
            rows.append(self.row) if header else header.extend(self.row)

    def handle_data(self, data):
        if self.into is not None:
            self.into.append(data)


def same(page_html, page):
    """What HTML and JSON say differently; an empty list when nothing is."""
    shown = [(name, header, rows) for name, header, rows in Tables(page_html).tables]
    said = [(s["kind"], [c["title"] for c in s["columns"]] if s["rows"] else [], [r["cells"] for r in s["rows"]]) for s in page["sections"]]
    return [pair for pair in zip(shown, said) if tuple(pair[0]) != tuple(pair[1])] + ([] if len(shown) == len(said) else [("length",)])


def section(page, kind):
    found = [s for s in page["sections"] if s["kind"] == kind]
    return [dict(zip([c["name"] for c in found[0]["columns"]], row["cells"])) for row in found[0]["rows"]] if found else None


class Dav(http.server.BaseHTTPRequestHandler):
    def do_PROPFIND(self):
        self.send_response(207)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(BOOK)))
        self.end_headers()
        self.wfile.write(BOOK)

    def log_message(self, *_):
        pass


class Pages(unittest.TestCase):
    def page(self, client, name, language="en"):
        answer = client.get(f"/proof/{name}?lang={language}", accept="application/json")
        self.assertEqual(answer.status, 200, answer.data)
        return answer.json

    def test_nothing_is_shown_to_strangers_and_users_by_default(self):
        for name in PAGES:
            self.assertEqual(server.client().get(f"/proof/{name}", accept="application/json").status, 401, name)
            self.assertEqual(server.client().get(f"/v1/proof/{name}").status, 401, name)
            user = server.sign_in("user@one.example")
            self.assertEqual(user.get(f"/proof/{name}", accept="application/json").status, 403, name)
            self.assertEqual(user.get(f"/v1/proof/{name}").status, 403, name)
            self.assertEqual(server.sign_in("admin@one.example").get(f"/v1/proof/{name}").status, 200, name)
        self.assertEqual(server.client().get("/proof/sbom.json").status, 401)
        self.assertEqual(server.client().get("/proof/nothing").status, 404)
        index = server.client().get("/proof", accept="text/html")
        self.assertEqual(index.status, 200)
        self.assertFalse(re.search(r"/proof/(firewall|privacy|inventory|changes|components)", index.data.decode()))
        for name in PAGES:
            self.assertIn(f"/proof/{name}", server.sign_in("admin@one.example").get("/proof", accept="text/html").data.decode())

    def test_html_says_what_json_says_in_both_languages(self):
        admin = server.sign_in("admin@one.example")
        self.addCleanup(admin.patch, "/v1/session", {"language": "en"})
        for name in PAGES:
            said = {}
            for language in ("de", "en"):
                self.assertEqual(admin.patch("/v1/session", {"language": language}).status, 200)  # below /v1/ the account's alone counts
                page = self.page(admin, name, language)
                answer = admin.get(f"/proof/{name}?lang={language}", accept="text/html")
                text = answer.data.decode()
                self.assertEqual((answer.status, answer.headers["Content-Language"], page["language"]), (200, language, language))
                self.assertEqual(same(text, page), [], name)
                self.assertEqual(Tables(text).problems, [])
                self.assertEqual({k: v for k, v in admin.get(f"/v1/proof/{name}").json.items() if k != "made_at"},
                                 {k: v for k, v in page.items() if k != "made_at"})
                said[language] = (page["title"], page["words"], [s["title"] for s in page["sections"]])
                self.assertTrue(page["title"] and page["words"] and page["sections"] and page["made_at"] and page["program"])
            self.assertNotEqual(said["de"][:2], said["en"][:2])
        for language in ("de", "en"):  # of somebody signed in the account says it, of others the browser
            by_browser = server.client().get("/proof", accept="text/html", accept_language=language)
            self.assertEqual((by_browser.status, by_browser.headers["Content-Language"]), (200, language))

    def test_a_difference_between_html_and_json_is_convicted(self):
        admin = server.sign_in("admin@one.example")
        page = self.page(admin, "changes")
        text = admin.get("/proof/changes?lang=en", accept="text/html").data.decode()
        page["sections"][0]["rows"][0]["cells"][1] += "."
        self.assertTrue(same(text, page))
        page["sections"].pop()
        self.assertTrue(same(text, page))

    def test_what_the_operator_makes_public_holds_nothing_of_an_organisation(self):
        admin = server.sign_in("admin@one.example")
        name = "Geheimwortverbindung"
        made = self.connect(admin, name, dav.port)
        secrets = (name, "127.0.0.1", str(dav.port))
        server.restart_api(KARTEI_PROOF_PUBLIC="firewall privacy inventory changes components")
        try:
            for page_name in PAGES:
                for client in (server.client(), server.sign_in("user@one.example")):
                    answer = client.get(f"/proof/{page_name}?format=json")
                    self.assertEqual((answer.status, answer.json["public"]), (200, True))
                    self.assertFalse([word for word in secrets if word in answer.data.decode()], page_name)
                    text = client.get(f"/proof/{page_name}?lang=en", accept="text/html").data.decode()
                    self.assertFalse([word for word in secrets if word in text], page_name)
                self.assertEqual(server.client().get(f"/v1/proof/{page_name}").status, 401)
            whole = server.sign_in("admin@one.example").get("/proof/firewall?format=json")
            self.assertTrue(not whole.json["public"] and all(word in whole.data.decode() for word in secrets), "the judge sees them where they are")
            self.assertIsNone(section(server.client().get("/proof/privacy?format=json").json, "hosts"))
            self.assertEqual(server.client().get("/proof/sbom.json").json, SBOM)
            server.restart_api(KARTEI_PROOF_PUBLIC="changes")
            self.assertEqual([server.client().get(f"/proof/{p}?format=json").status for p in PAGES], [401, 401, 401, 200, 401])
        finally:
            server.restart_api(KARTEI_PROOF_PUBLIC="")
        admin.delete(f"/v1/connections/{made['id']}", if_match=f'"v{made["version"]}"')

    def test_a_name_that_is_no_page_ends_the_start(self):
        wrong = Server(settings={**server.settings, "KARTEI_PROOF_PUBLIC": "firewall everything"})
        wrong.folder, wrong.children = server.folder, []
        start = subprocess.run([server.build / "services/kartei-api", "/nonexistent/api.sock"], capture_output=True, text=True,
                               timeout=30, env=wrong.environment(), check=False, **({"user": os.stat(server.folder).st_uid} if os.geteuid() == 0 else {}))
        self.assertNotEqual(start.returncode, 0)
        self.assertIn("KARTEI_PROOF_PUBLIC", start.stderr + start.stdout)

    # The list of hosts

    def connect(self, admin, name, port):
        made = admin.post("/v1/connections", {"kind": "carddav", "name": name, "settings": {"url": f"http://127.0.0.1:{port}/anna/", "user": "anna"},
                                              "secret": {"password": "x"}})
        self.assertEqual(made.status, 201, made.data)
        return made.json

    def test_the_list_is_what_is_set_up_and_what_was_contacted_is_on_it(self):
        admin = server.sign_in("admin@one.example")
        before = section(self.page(admin, "firewall"), "out")
        self.assertNotIn(str(dav.port), [row["port"] for row in before])
        server.sql("""insert into kartei.egress_hosts (org_id, host_hash, id, host) select org_id, 'long ago', gen_random_uuid(), 'x' from kartei.orgs;
          insert into kartei.egress_hours select org_id, 'long ago', now() - interval '31 days' from kartei.orgs""")
        made = self.connect(admin, "Adressbuch", dav.port)
        rows = section(self.page(admin, "firewall"), "out")
        mine = [row for row in rows if row["port"] == str(dav.port)]
        self.assertEqual([(row["host"], row["protocol"], row["of"]) for row in mine], [("127.0.0.1", "tcp", "CardDAV: Adressbuch")])
        tested = admin.post(f"/v1/connections/{made['id']}/test")
        self.assertEqual(tested.status, 200, tested.data)
        met = section(self.page(admin, "privacy"), "hosts")
        self.assertEqual([(row["host"], row["hours"], row["listed"]) for row in met if row["host"] == "127.0.0.1"], [("127.0.0.1", "1", "yes")])
        self.assertTrue(all(row["host"] in {r["host"] for r in rows} for row in met), (met, rows))
        # Old hours of a host that is not contacted again go as well; another organisation's are its own matter.
        kept = "select count(*) from kartei.egress_hours where host_hash = 'long ago'"
        mine = f"(select org_id from kartei.connections where id = '{made['id']}')"
        self.assertEqual(server.sql(f"{kept} and org_id = {mine}"), "0")
        self.assertNotEqual(server.sql(f"{kept} and org_id <> {mine}"), "0")
        server.sql("delete from kartei.egress_hours where host_hash = 'long ago'; delete from kartei.egress_hosts where host_hash = 'long ago'")
        # Another organisation sees nothing of it.
        other = server.sign_in("admin@two.example")
        self.assertNotIn("127.0.0.1", [row["host"] for row in section(self.page(other, "firewall"), "out")])
        self.assertEqual(section(self.page(other, "privacy"), "hosts"), [])
        # The operator's list is the union, made of the same rows.
        listed = [json.loads(line) for line in server.run(server.build / "services/kartei", "admin", "egress", "--json").stdout.splitlines()]
        self.assertIn(("127.0.0.1", dav.port, "api"), [(row["host"], row["port"], row["purpose"]) for row in listed])
        nft = server.run(server.build / "services/kartei", "admin", "egress", "--nft").stdout
        self.assertRegex(nft, rf"127\.0\.0\.1 \. {dav.port}")
        # What is no longer set up is on the list no more, and the page says of what was contacted that it is not.
        now = admin.get(f"/v1/connections/{made['id']}").json
        self.assertEqual(admin.delete(f"/v1/connections/{made['id']}", if_match=f'"v{now["version"]}"').status, 204)
        self.assertNotIn(str(dav.port), [row["port"] for row in section(self.page(admin, "firewall"), "out")])
        self.assertEqual([row["listed"] for row in section(self.page(admin, "privacy"), "hosts") if row["host"] == "127.0.0.1"], ["no"])

    def test_kinds_say_what_they_would_need(self):
        rows = section(self.page(server.sign_in("admin@one.example"), "firewall"), "kinds")
        hosts = {(row["kind"], row["host"]) for row in rows}
        for pair in (("HubSpot", "api.hubapi.com"), ("Salesforce", "*.salesforce.com"), ("Salesforce", "login.salesforce.com"),
                     ("CardDAV", "the host that is set there"), ("Google (Gmail, Workspace)", "imap.gmail.com"), ("IMAP", "the host that is set there"),
                     ("Microsoft Dynamics 365", "login.microsoftonline.com"), ("Microsoft 365", "login.microsoftonline.com")):
            self.assertIn(pair, hosts)

    # The other pages

    def test_the_inventory_has_every_column_of_the_schema(self):
        page = self.page(server.sign_in("admin@one.example"), "inventory", "de")
        told = {(s["kind"], row["cells"][0]) for s in page["sections"] if s["kind"] != "kept" for row in s["rows"]}
        there = {tuple(line.split("|")) for line in server.sql("""select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
          where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'kartei'::regnamespace and a.attnum > 0 and not a.attisdropped""").splitlines()}
        self.assertEqual(told, there)
        self.assertTrue(all(cell for s in page["sections"] for row in s["rows"] for cell in row["cells"]))
        self.assertTrue(all("Aufbewahrt: " in s["words"] for s in page["sections"] if s["kind"] != "kept"))

    def test_the_inventory_is_translated_and_a_phrase_without_german_is_convicted(self):
        tool = [sys.executable, ROOT / "flow/proof/embed_inventory.py", "--check", ROOT / "docs/data-inventory.md"]
        with tempfile.TemporaryDirectory() as folder:
            out, words = pathlib.Path(folder) / "rows.c", ROOT / "docs/data-inventory.de.tsv"
            good = subprocess.run([*tool, words, out], capture_output=True, text=True, check=False)
            self.assertEqual(good.returncode, 0, good.stderr)
            for planted in (words.read_text(encoding="utf-8").split("\n", 1)[1], words.read_text(encoding="utf-8") + "left over\tübrig\n"):
                (pathlib.Path(folder) / "planted.tsv").write_text(planted, encoding="utf-8")
                self.assertNotEqual(subprocess.run([*tool, pathlib.Path(folder) / "planted.tsv", out], capture_output=True, check=False).returncode, 0)

    def test_reasons_of_permissions_are_words_in_both_languages(self):
        admin = server.sign_in("admin@one.example")
        for language in ("de", "en"):
            rows = section(self.page(admin, "privacy", language), "scopes")
            self.assertGreater(len(rows), 10)
            self.assertTrue(all(row["reason"] and not row["reason"].startswith("scope.") for row in rows), rows)

    def test_a_drill_that_never_ran_says_never_and_one_that_ran_says_when(self):
        admin = server.sign_in("admin@one.example")
        self.assertEqual({row["last"] for row in section(self.page(admin, "privacy"), "drills")}, {"never"})
        kartei = server.build / "services/kartei"
        server.run(kartei, "admin", "drill", "note", "--kind", "restore", "--outcome", "failed", "--detail", "the sums do not fit")
        failed = {row["drill"]: row for row in section(self.page(admin, "privacy"), "drills")}["Restore test"]
        self.assertEqual((failed["outcome"], failed["detail"]), ("failed", "the sums do not fit"))
        server.run(kartei, "admin", "drill", "note", "--kind", "restore", "--outcome", "passed", "--detail", "2 organisations")
        rows = {row["drill"]: row for row in section(self.page(admin, "privacy"), "drills")}
        self.assertEqual((rows["Restore test"]["outcome"], rows["Restore test"]["detail"], rows["Backup"]["last"]), ("passed", "2 organisations", "never"))
        self.assertRegex(rows["Restore test"]["last"], r"^20\d\d-\d\d-\d\dT")
        self.assertEqual(rows["Restore test"]["program"], self.page(admin, "privacy")["program"])
        server.sql("delete from kartei.drills")

    def test_components_are_those_of_the_bill_that_run_here(self):
        admin = server.sign_in("admin@one.example")
        rows = section(self.page(admin, "components"), "components")
        self.assertEqual([(r["name"], r["version"], r["licence"], r["from"]) for r in rows],
                         [("libcurl4", "7.88.1-10", "curl", "Debian"), ("htm", "3.1.1", "MIT OR <b>", "npm")])
        self.assertNotIn("OR <b>", admin.get("/proof/components", accept="text/html").data.decode())
        answer = admin.get("/proof/sbom.json")
        self.assertEqual((answer.json, answer.headers["Content-Type"]), (SBOM, "application/vnd.cyclonedx+json"))

    def test_security_changes_are_those_of_the_changelog(self):
        page = self.page(server.sign_in("admin@one.example"), "changes")
        told = [tuple(row["cells"]) for row in page["sections"][0]["rows"]]
        text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        self.assertEqual(told, security_lines(text))
        self.assertNotEqual(told, security_lines(text.replace("### Security\n", "### Security\n\n- One more.\n", 1)))


def security_lines(changelog):
    """(version, line) of the Security sections, lines put together again."""
    found = []
    for part in re.split(r"^## \[", changelog, flags=re.M)[1:]:
        version = part.split("]", 1)[0]
        for body in re.findall(r"^### Security\n(.*?)(?=^###? |\Z)", part, re.M | re.S):
            found += [(version, " ".join(line.split())) for line in re.split(r"^- ", body, flags=re.M)[1:]]
    return found


class Address:
    def __enter__(self):
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dav)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


if __name__ == "__main__":
    with Address() as dav, tempfile.TemporaryDirectory() as shelf:
        bill = pathlib.Path(shelf) / "sbom.json"
        bill.write_text(json.dumps(SBOM), encoding="utf-8")
        pathlib.Path(shelf).chmod(0o755)
        bill.chmod(0o644)
        with Server(settings={"KARTEI_EGRESS_ALLOW_PRIVATE": f"127.0.0.1:{dav.port}", "KARTEI_SBOM": str(bill)}) as server:
            outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
