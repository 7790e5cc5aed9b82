#!/usr/bin/python3
"""The documents made from the tables are what the program says, the description of the API is clean for two linters, and
what the program really answers fits its own schemas.

`run_documents.py --write` writes docs/ anew. The linters are skipped, aloud, where tests/http/node_modules is missing.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import uuid

from photo import jpeg
from server import Server

HERE = pathlib.Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
PROGRAM = pathlib.Path(os.environ["KARTEI_BUILD"]) / "services/kartei-api"
FILES = {"routes.md": "routes", "errors.md": "errors", "settings.md": "settings", "openapi.json": "openapi"}


def made(verb):
    text = subprocess.run([PROGRAM, "--document", verb], check=True, capture_output=True, text=True).stdout
    return json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n" if verb == "openapi" else text


class Documents(unittest.TestCase):
    def test_the_files_are_what_the_program_says(self):
        for name, verb in FILES.items():
            with self.subTest(name):
                self.assertEqual((DOCS / name).read_text(encoding="utf-8"), made(verb), "run run_documents.py --write")

    def test_no_name_is_used_twice(self):
        def refuse_twice(pairs):
            names = [name for name, _ in pairs]
            self.assertEqual(len(names), len(set(names)), names)
            return dict(pairs)

        text = subprocess.run([PROGRAM, "--document", "openapi"], check=True, capture_output=True, text=True).stdout
        document = json.loads(text, object_pairs_hook=refuse_twice)
        operations = [op["operationId"] for item in document["paths"].values() for op in item.values()]
        self.assertEqual(len(operations), len(set(operations)))

    def lint(self, tool, *arguments):
        program = HERE / "node_modules/.bin" / tool
        if not program.exists():
            self.skipTest(f"{tool} is not installed in tests/http (npm ci)")
        result = subprocess.run([program, *arguments], capture_output=True, text=True, cwd=HERE, timeout=100,
                                env={**os.environ, "REDOCLY_TELEMETRY": "off", "CI": "1"})
        return result.returncode, result.stdout + result.stderr

    def test_spectral_has_nothing_to_say(self):
        status, text = self.lint("spectral", "lint", str(DOCS / "openapi.json"), "-r", "spectral.yaml",
                                 "--fail-severity", "hint")
        self.assertEqual(status, 0, text)
        self.assertIn("No results", text)

    def test_redocly_has_nothing_to_say(self):
        status, text = self.lint("redocly", "lint", str(DOCS / "openapi.json"), "--config", "redocly.yaml")
        self.assertEqual(status, 0, text)
        self.assertIn("is valid", text)
        self.assertNotIn("warning", text.lower())

    def test_the_linters_can_say_no(self):
        broken = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))
        broken["paths"]["/v1/users"]["get"]["operationId"] = broken["paths"]["/v1/lists"]["get"]["operationId"]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(broken, file)
            file.flush()
            self.assertNotEqual(self.lint("spectral", "lint", file.name, "-r", "spectral.yaml")[0], 0)
            self.assertNotEqual(self.lint("redocly", "lint", file.name, "--config", "redocly.yaml")[0], 0)


class Validator:
    """The part of JSON Schema 2020-12 that our shapes use; an unknown word is an error, so it cannot be ignored."""
    KNOWN = {"$ref", "type", "enum", "properties", "required", "additionalProperties", "items", "maxItems", "maxLength",
             "oneOf", "description", "format", "readOnly", "writeOnly", "pattern", "minLength"}
    TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
             "null": type(None)}

    def __init__(self, document):
        self.document = document

    def faults(self, schema, value, where=""):
        unknown = set(schema) - self.KNOWN
        assert not unknown, unknown
        if "$ref" in schema:
            target = self.document
            for part in schema["$ref"][2:].split("/"):
                target = target[part]
            yield from self.faults(target, value, where)
        if "oneOf" in schema and sum(not list(self.faults(s, value, where)) for s in schema["oneOf"]) != 1:
            yield f"{where}: fits none of oneOf"
        types = schema.get("type", [])
        types = [types] if isinstance(types, str) else types
        if types and not any(isinstance(value, self.TYPES[t]) and (t == "boolean" or value is not True and value is not False)
                             for t in types):
            yield f"{where}: {value!r} is not {types}"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where}: {value!r} is not in {schema['enum']}"
        if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
            yield f"{where}: too long"
        if isinstance(value, dict):
            for name in schema.get("required", []):
                if name not in value:
                    yield f"{where}/{name}: missing"
            for name, item in value.items():
                if name in schema.get("properties", {}):
                    yield from self.faults(schema["properties"][name], item, f"{where}/{name}")
                elif schema.get("additionalProperties") is False:
                    yield f"{where}/{name}: not described"
        if isinstance(value, list) and "items" in schema:
            for i, item in enumerate(value):
                yield from self.faults(schema["items"], item, f"{where}/{i}")


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.admin = server.sign_in("admin@one.example")
        cls.document = cls.admin.get("/openapi.json").json
        cls.validator = Validator(cls.document)

    def check(self, method, template, answer):
        responses = self.document["paths"][template][method.lower()]["responses"]
        self.assertIn(str(answer.status), responses, f"{method} {template}: {answer.data[:300]}")
        described = responses[str(answer.status)]
        if "$ref" in described:
            described = self.document["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
        if not answer.data:
            return
        kind = answer.headers["Content-Type"].split(";")[0]
        self.assertIn(kind, described["content"], f"{method} {template}")
        if kind.endswith("json"):
            faults = list(self.validator.faults(described["content"][kind]["schema"], answer.json))
            self.assertEqual(faults, [], f"{method} {template}")

    def make_export(self):
        """A connection by file, and a file of it."""
        drop = self.admin.post("/v1/connections", {"kind": "file_drop", "name": "Datei", "settings": {}, "secret": {}}).json["id"]
        contact = self.admin.post("/v1/contacts", {"contact": {"family_name": "Datei"}}).json["id"]
        preview = self.admin.post("/v1/previews", {"contact_id": contact, "contact_version": 1, "choices": [], "connection_id": drop})
        self.admin.post("/v1/write-backs", {"preview_id": preview.json["id"]}, if_match='"v1"')
        server.tool("work")
        export = self.admin.post(f"/v1/connections/{drop}/exports")
        self.check("POST", "/v1/connections/{id}/exports", export)
        rows = "Name,Email,Mobile\nErika Zwiebelturm,erika@eins.example,+49171234567\nErika Zwiebelturm,ez@eins.example,+49171234567\n"
        brought = self.admin.post(f"/v1/connections/{drop}/imports", {"text": rows})
        self.check("POST", "/v1/connections/{id}/imports", brought)
        self.check("POST", "/v1/duplicate-searches", self.admin.post("/v1/duplicate-searches"))
        server.tool("work")
        pair = self.admin.get("/v1/duplicates").json["items"][0]["pairs"][0]
        decided = self.admin.post(f"/v1/duplicates/{pair['id']}/decision", {"same": False}, if_match=f'"v{pair["version"]}"')
        self.check("POST", "/v1/duplicates/{id}/decision", decided)
        return drop, export.json["id"]

    def ask_and_erase(self):
        """A request for access that was answered; and an erasure that was done."""
        asked = {kind: self.admin.post("/v1/subject-requests", {"kind": kind, "subject": {"name": "Dora Kurz"}}) for kind in ("access", "erasure")}
        self.check("POST", "/v1/subject-requests", asked["access"])
        ids = {kind: one.json["id"] for kind, one in asked.items()}
        choice = {"contacts": [self.admin.post("/v1/contacts", {"contact": {"given_name": "Dora", "family_name": "Kurz"}}).json["id"]], "records": []}
        self.check("POST", "/v1/subject-requests/{id}/answer", self.admin.post(f"/v1/subject-requests/{ids['access']}/answer", choice))
        preview = self.admin.post(f"/v1/subject-requests/{ids['erasure']}/preview", choice)
        self.check("POST", "/v1/subject-requests/{id}/preview", preview)
        done = self.admin.post(f"/v1/subject-requests/{ids['erasure']}/erasure", {**choice, "confirm": preview.json["confirm"]})
        self.check("POST", "/v1/subject-requests/{id}/erasure", done)
        self.assertEqual(done.status, 200, done.data)
        self.check("GET", "/v1/subject-requests/{id}", self.admin.get(f"/v1/subject-requests/{ids['erasure']}"))
        return ids["access"]

    def make_cluster(self, contact):
        """The contact's only record is split off, and put back."""
        cluster = self.admin.get(f"/v1/contacts/{contact}/cluster")
        self.check("GET", "/v1/contacts/{id}/cluster", cluster)
        for belongs in (False, True):
            wish = {"record_id": cluster.json["members"][0]["record"]["record_id"], "belongs": belongs}
            cluster = self.admin.post(f"/v1/contacts/{contact}/cluster", wish, if_match=f'"v{cluster.json["contact_version"]}"')
            self.check("POST", "/v1/contacts/{id}/cluster", cluster)
            self.assertEqual([one["belongs"] for one in cluster.json["members"]], [belongs])

    def make_batch(self):
        """A sure match with a number more than the address book has, and a batch of it."""
        book = self.admin.get("/v1/connections").json["items"][0]["id"]
        known = {"given_name": "Stapel", "family_name": "Lautenschlager", "organization": "Hebebock GmbH",
                 "emails": [{"value": "stapel@hebebock.example", "kind": "work"}]}
        made = self.admin.post("/v1/contacts", {"contact": known}).json
        plan = self.admin.post("/v1/previews", {"contact_id": made["id"], "contact_version": 1, "choices": [], "connection_id": book}).json
        self.admin.post("/v1/write-backs", {"preview_id": plan["id"]}, if_match='"v1"')
        server.tool("work")
        twin = self.admin.post("/v1/contacts", {"contact": {**known, "phones": [{"value": "+4993155544433", "kind": "work"}]}}).json
        server.tool("work")
        self.check("GET", "/v1/inbox/lanes", self.admin.get("/v1/inbox/lanes?days=0&reason=email"))
        self.check("GET", "/v1/inbox", self.admin.get("/v1/inbox?lane=exists&sort=effort&reason=email"))
        self.make_cluster(twin["id"])
        found = self.admin.get(f"/v1/connections/{book}/records?q=Lautenschlager")
        self.check("GET", "/v1/connections/{id}/records", found)
        self.assertEqual(len(found.json["items"]), 1, found.data)
        me = self.admin.get("/v1/session").json["user"]["id"]
        for change, lane in (({"postponed_until": "2999-01-02", "assignee_id": me}, "later"), ({"postponed_until": ""}, "exists")):
            put = self.admin.request("PATCH", f"/v1/inbox/{twin['id']}", json.dumps(change).encode(), {"Content-Type": "application/json"})
            self.check("PATCH", "/v1/inbox/{id}", put)
            self.assertEqual((put.json["lane"], put.json["assignee"]["id"]), (lane, me))
        for wrong in ({"postponed_until": "2026-02-29"}, {"assignee_id": str(uuid.uuid4())}):
            refused = self.admin.request("PATCH", f"/v1/inbox/{twin['id']}", json.dumps(wrong).encode(), {"Content-Type": "application/json"})
            self.assertEqual(refused.status, 422, refused.data)
        self.check("POST", "/v1/inbox/{id}/presence", self.admin.post(f"/v1/inbox/{twin['id']}/presence", {"here": True}))
        made = self.admin.post("/v1/batches", {"connection_id": book})
        self.check("POST", "/v1/batches", made)
        batch = f"/v1/batches/{made.json['id']}"
        self.check("GET", "/v1/batches", self.admin.get("/v1/batches"))
        self.check("GET", "/v1/batches/{id}/items", self.admin.get(f"{batch}/items?sampled=true"))
        early = self.admin.request("PATCH", batch, b'{"state":"running"}', {"Content-Type": "application/json", "If-Match": made.headers["ETag"]})
        self.assertEqual((early.status, early.json["type"]), (409, "/problems/sample-open"))
        judged = self.admin.post(f"{batch}/judgements", {"contact_id": twin["id"], "right": True})
        self.check("POST", "/v1/batches/{id}/judgements", judged)
        begun = self.admin.request("PATCH", batch, b'{"state":"running"}', {"Content-Type": "application/json", "If-Match": judged.headers["ETag"]})
        self.check("PATCH", "/v1/batches/{id}", begun)
        server.tool("work")
        self.check("GET", "/v1/batches/{id}", self.admin.get(batch))
        return made.json["id"]

    def test_what_is_answered_is_what_is_described(self):
        person = {"contact": {"given_name": "Anna", "family_name": "Schmidt", "organization": "Muster GmbH",
                              "emails": [{"value": "anna@muster.example", "kind": "work"}],
                              "phones": [{"value": "+4993112345678", "raw": "0931 / 123 456-78", "kind": "work"}]}}
        made_contact = self.admin.post("/v1/contacts", person)
        self.check("POST", "/v1/contacts", made_contact)
        contact, tag = made_contact.json["id"], made_contact.headers["ETag"]
        scan = self.admin.request("POST", "/v1/scans", jpeg(1), {"Content-Type": "image/jpeg", "Idempotency-Key": "d"})
        self.check("POST", "/v1/scans", scan)
        connection = self.admin.get("/v1/connections").json["items"][0]["id"]
        tested = self.admin.post(f"/v1/connections/{connection}/test")
        self.check("POST", "/v1/connections/{id}/test", tested)
        self.assertEqual(self.admin.get(f"/v1/connections/{connection}/test").json, tested.json)
        preview = self.admin.post("/v1/previews", {"contact_id": contact, "contact_version": 1, "choices": [],
                                                   "connection_id": connection})
        self.check("POST", "/v1/previews", preview)
        write_back = self.admin.post("/v1/write-backs", {"preview_id": preview.json["id"]}, if_match=tag)
        self.check("POST", "/v1/write-backs", write_back)
        batch = self.make_batch()
        server.tool("work")
        second = self.admin.post("/v1/contacts", person).json["id"]
        server.tool("work")
        ids = {"contacts": second, "scans": scan.json["id"], "jobs": scan.json["job_id"], "connections": connection,
               "write-backs": write_back.json["id"], "lists": self.admin.post("/v1/lists", {"name": "L"}).json["id"]}
        ids["batches"] = batch
        ids["rules"] = self.admin.post("/v1/rules", {}).json["id"]
        mailbox = self.admin.post("/v1/mailboxes", {"kind": "google_mail", "settings": {"address": "a@b.example", "client_id": "x"}})
        self.check("POST", "/v1/mailboxes", mailbox)
        ids["mailboxes"] = mailbox.json["id"]
        provider = self.admin.post("/v1/identity-providers", {"kind": "google", "settings": {"name": "Google"}})
        self.check("POST", "/v1/identity-providers", provider)
        ids["identity-providers"] = provider.json["id"]
        ids["subject-requests"] = self.ask_and_erase()
        drop, ids["exports"] = self.make_export()
        for template, operations in self.document["paths"].items():
            if "get" not in operations or template in ("/v1/events", "/v1/scans/{id}/image"):
                continue
            subject = drop if template.endswith("/exports") else ids.get(template.split("/")[2] if template.count("/") > 1 else "", "")
            path = template.replace("{id}", subject).replace("{page}", "privacy")
            answer = self.admin.get(path.replace("{n}", "1"))
            with self.subTest(template):
                self.check("GET", template, answer)
            there_is_none = {f"/v1/connections/{{id}}/{what}": 422 for what in ("companies", "records")}  # the word to search is missing
            good = (200, 404) if "{n}" in template else (there_is_none.get(template, 200),)
            self.assertIn(answer.status, good)

    def test_every_example_is_taken_for_what_it_is(self):
        """Sent as it stands: ids in it belong to nobody, but no example may be called malformed."""
        for template, operations in self.document["paths"].items():
            for method, operation in operations.items():
                content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                if "example" not in content:
                    continue
                path = template.replace("{id}", str(uuid.uuid4()))
                answer = self.admin.request(method.upper(), path, content["example"],
                                            {"Idempotency-Key": str(uuid.uuid4()), "If-Match": '"v1"'})
                with self.subTest(f"{method} {template}"):
                    self.assertNotEqual(answer.slug, "bad-json")
                    if answer.slug == "invalid-input":
                        self.assertFalse(re.search("unknown field|is required|expected", answer.json["detail"]), answer.data)

    def test_yaml_is_the_same_document(self):
        self.assertEqual(self.admin.get("/openapi.yaml").data, self.admin.get("/openapi.json").data)


if __name__ == "__main__":
    if "--write" in sys.argv:
        for name, verb in FILES.items():
            (DOCS / name).write_text(made(verb), encoding="utf-8")
        sys.exit(0)
    with Server() as server:
        outcome = unittest.main(exit=False).result
    sys.exit(not outcome.wasSuccessful())
