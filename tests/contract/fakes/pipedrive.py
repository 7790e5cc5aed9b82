"""Pipedrive as far as the connector speaks to it: persons and organisations of API v2, /recents of v1, a search that lags."""
import base64
import json
import random
import re
import time

from .core import Companies, FakeCrm, FakePeer, Refusal

V2, V1 = "/api/v2", "/api/v1"
MARKER, TITLE, NOTE = "a" * 40, "b" * 40, "c" * 40
CUSTOM = {MARKER, TITLE, NOTE}
MEMBERS = {"name", "owner_id", "org_id", "emails", "phones", "label_ids", "visible_to", "custom_fields"}
SYNCED = {"job_title", "notes", "postal_address", "im", "birthday"}  # only with Contact Sync
ITEM = {"value": str, "primary": bool, "label": str}
LIST_OPTIONS = {"limit", "cursor", "ids", "org_id", "sort_by", "sort_direction", "updated_since"}
SEARCH_OPTIONS = {"term", "fields", "exact_match", "limit", "cursor"}


def refuse(status, error, headers=None):
    raise Refusal(status, {"success": False, "error": error, "error_info": "", "data": None, "additional_data": None}, headers)


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def answer(data, status=200, **more):
    return status, {"success": True, "data": data, "additional_data": more}, {}


def options(request, known):
    for name, text in request.query.items():
        if name not in known or not text:
            refuse(400, f"Validation failed: {name}")
    if not 1 <= int(request.query.get("limit", 100)) <= 500:
        refuse(400, "Validation failed: limit")


class Pipedrive(FakeCrm):
    lag, least_lag = 0.0, None  # seconds until a write is in the search index; with a least, drawn anew for each write
    quota = None  # requests left today, told in a header when it is set
    lists_lag = False  # the list by time lags as well: then nothing but a record's own address is exact
    api_token = "good-api-token"

    def __init__(self, folder, cache=None):
        super().__init__(folder, cache)
        self.organizations = Companies(lambda n: 1000 + n)

    def insert(self, fields):
        with self.contacts.lock:
            return self.contacts.add(str(next(self.contacts.numbers) + 100), fields)["id"]

    def limits(self):
        return {} if self.quota is None else {"x-daily-ratelimit-token-remaining": str(self.quota), "x-daily-ratelimit-token-limit": "30000"}

    def indexed_since(self, number, moment):
        dice = random.Random(f"{number} {moment}")
        lag = self.lag if self.least_lag is None else dice.uniform(self.least_lag, self.lag)
        return moment <= time.time() - lag

    def indexed(self, row):
        return self.indexed_since(row["id"], row["modified"])

    def authorised(self, request):
        return super().authorised(request) or request.headers.get("x-api-token") == self.api_token

    def show(self, row):
        fields = row["fields"]
        first, _, last = fields["name"].partition(" ")
        return {"id": int(row["id"]), "owner_id": 1, "org_id": None, "emails": [], "phones": [], "label_ids": [], **fields,
                "first_name": first if last else None, "last_name": last or first, "is_deleted": row["deleted"],
                "add_time": stamp(row["created"]), "update_time": stamp(row["modified"]),
                "custom_fields": {key: fields.get("custom_fields", {}).get(key) for key in sorted(CUSTOM)}}

    def check(self, fields):
        for name, value in fields.items():
            if name in SYNCED:
                refuse(403, f"Contact Sync is not set up: {name}")
            if name not in MEMBERS:
                refuse(400, f"Validation failed: {name} is not allowed")
            if name in ("emails", "phones"):
                self.check_items(name, value)
        if "name" in fields and not (isinstance(fields["name"], str) and fields["name"].strip()):
            refuse(400, "Validation failed: name must not be empty")
        if fields.get("org_id") is not None and fields["org_id"] not in self.organizations.rows:
            refuse(422, "Organization not found")
        custom = fields.get("custom_fields", {})
        if not isinstance(custom, dict) or set(custom) - CUSTOM or not all(v is None or isinstance(v, str) and v for v in custom.values()):
            refuse(400, "Validation failed: custom_fields")

    @staticmethod
    def check_items(name, items):
        if not isinstance(items, list) or sum(item.get("primary", False) for item in items) != (1 if items else 0):
            refuse(400, f"Validation failed: {name} wants one primary value")
        for item in items:
            if set(item) - set(ITEM) or not item.get("value") or not all(isinstance(v, ITEM[k]) for k, v in item.items()):
                refuse(400, f"Validation failed: {name}")

    def write(self, row_fields, fields):
        custom = {**row_fields.get("custom_fields", {}), **fields.get("custom_fields", {})}
        return {**fields, "custom_fields": {key: value for key, value in custom.items() if value is not None}}

    # ---- lists ----

    def page(self, rows, request):
        """Places are opaque there, and bound to what was asked for."""
        asked, start = {k: v for k, v in sorted(request.query.items()) if k != "cursor"}, 0
        if "cursor" in request.query:
            try:
                start, bound = json.loads(base64.urlsafe_b64decode(request.query["cursor"]))
            except ValueError:
                bound = None
            if bound != asked:
                refuse(400, "Invalid cursor")
        end = start + int(request.query.get("limit", 100))
        more = base64.urlsafe_b64encode(json.dumps([end, asked]).encode()).decode() if end < len(rows) else None
        return rows[start:end], more

    def list_persons(self, request):
        options(request, LIST_OPTIONS)
        rows, query = self.contacts.living(), request.query
        if "ids" in query:
            wanted = query["ids"].split(",")
            if len(wanted) > 100 or len(set(wanted)) < len(wanted):
                refuse(400, "Validation failed: ids")
            rows = [row for row in rows if row["id"] in wanted]
        if "org_id" in query:
            rows = [row for row in rows if row["fields"].get("org_id") == int(query["org_id"])]
        if "updated_since" in query:
            if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", query["updated_since"]):
                refuse(400, "Validation failed: updated_since")
            rows = [row for row in rows if stamp(row["modified"]) >= query["updated_since"]
                    and (not self.lists_lag or self.indexed(row))]
        by_time = query.get("sort_by", "id") == "update_time"
        rows.sort(key=lambda row: (row["modified"] if by_time else 0, int(row["id"])), reverse=query.get("sort_direction") == "desc")
        some, more = self.page(rows, request)
        return answer([self.show(row) for row in some], next_cursor=more)

    def list_organizations(self, request):
        options(request, {"limit", "ids"})
        ids = request.query["ids"].split(",")
        if len(ids) > 100 or len(set(ids)) < len(ids):
            refuse(400, "Validation failed: ids")
        return answer([{"id": int(i), "name": self.organizations.name_of(int(i))} for i in ids if int(i) in self.organizations.rows],
                      next_cursor=None)

    def recents(self, request):
        if set(request.query) - {"since_timestamp", "items", "start", "limit"} or request.query.get("items") != "person":
            refuse(400, "Bad request")
        since, start = request.query["since_timestamp"], int(request.query.get("start", 0))
        if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", since):
            refuse(400, "Invalid since_timestamp")
        rows = [row for row in list(self.contacts.rows.values()) if stamp(row["modified"]) >= since.replace(" ", "T") + "Z"]
        end = start + int(request.query.get("limit", 100))
        pages = {"start": start, "limit": end - start, "more_items_in_collection": end < len(rows)}
        if end < len(rows):
            pages["next_start"] = end
        items = [{"item": "person", "id": int(row["id"]), "data": {"id": int(row["id"]), "active_flag": not row["deleted"]}}
                 for row in rows[start:end]]
        return 200, {"success": True, "data": items or None, "additional_data": {"pagination": pages}}, {}

    # ---- searches ----

    def search(self, request, persons):
        options(request, SEARCH_OPTIONS)
        term, exact = request.query["term"].lower(), request.query.get("exact_match") == "true"
        if len(term) < (1 if exact else 2):
            refuse(400, "Validation failed: term must be at least 2 characters")
        if not set(request.query["fields"].split(",")) <= ({"name", "email", "phone", "notes", "custom_fields"} if persons else {"name"}):
            refuse(400, "Validation failed: fields")

        def hit(text):
            return text.lower() == term if exact else term in text.lower()
        if persons:
            found = [{"id": int(row["id"]), "type": "person", "name": row["fields"]["name"]} for row in self.contacts.living()
                     if self.indexed(row) and any(map(hit, self.words(row, request.query["fields"])))]
        else:
            found = [{"id": number, "type": "organization", "name": name, "address": place}
                     for number, (name, place) in self.organizations.rows.items()
                     if hit(name) and self.indexed_since(number, self.organizations.made.get(number, 0))]
        limit = int(request.query.get("limit", 100))
        return answer({"items": [{"result_score": 0.5, "item": item} for item in found[:limit]]}, next_cursor=None)

    @staticmethod
    def words(row, field):
        fields = row["fields"]
        if field == "phone":
            return ["".join(c for c in item["value"] if c.isdigit()) for item in fields.get("phones", [])]
        if field == "email":
            return [item["value"] for item in fields.get("emails", [])]
        return [fields["name"]] if field == "name" else [v for v in fields.get("custom_fields", {}).values() if v]

    # ---- one person ----

    def merge(self, given, body):
        if set(body) != {"merge_with_id"} or type(body["merge_with_id"]) is not int:
            refuse(400, "merge_with_id")
        kept = str(body["merge_with_id"])
        with self.contacts.lock:
            if kept == given or any(number not in self.contacts.rows or self.contacts.rows[number]["deleted"] for number in (kept, given)):
                refuse(404, "Person not found")
            row, loser = self.contacts.rows[kept], self.contacts.rows[given]
            mine, custom = row["fields"], loser["fields"].get("custom_fields", {})
            filled = {k: v for k, v in loser["fields"].items() if v and not mine.get(k)}
            self.contacts.change(kept, {**filled, "custom_fields": {**custom, **{k: v for k, v in mine.get("custom_fields", {}).items() if v}}})
            self.contacts.delete(given)
        return 200, {"success": True, "data": {"id": int(kept), "merge_what_id": int(given)}}, {}

    def one(self, request, record_id):
        with self.contacts.lock:
            row = self.contacts.rows.get(record_id)
            if row is None or row["deleted"]:
                refuse(410 if row else 404, "Person not found")
            if request.method == "PATCH":
                fields = request.json()
                self.check(fields)
                if not fields:
                    refuse(400, "Validation failed: empty body")
                self.contacts.change(record_id, self.write(row["fields"], fields))
            elif request.method == "DELETE":
                self.contacts.delete(record_id)
                return answer({"id": int(record_id)})
            elif request.method != "GET":
                refuse(405, "Method not allowed")
            return answer(self.show(self.contacts.rows[record_id]))

    def create(self, request):
        fields = request.json()
        with self.contacts.lock:
            self.check(fields)
            if not fields.get("name"):
                refuse(400, "Validation failed: name is required")
            return answer(self.show(self.contacts.rows[self.insert(self.write({}, fields))]))

    def create_organization(self, request):
        fields = request.json()
        if set(fields) != {"name"} or not isinstance(fields["name"], str) or not fields["name"].strip():
            refuse(400, "Validation failed: name is required")
        if len(fields["name"]) > 255:
            refuse(400, "Validation failed: name: length must be less than 256")
        with self.contacts.lock:
            return answer({"id": self.organizations.make(fields["name"]), "name": fields["name"], "owner_id": 1, "address": None})

    def field(self, key):
        if key not in CUSTOM:
            refuse(404, "Field not found")
        return answer({"field_name": "Kartei", "field_code": key, "field_type": "varchar", "is_custom_field": True})

    def describe(self, request):
        """In pages of four, so that the way to the next one is gone."""
        options(request, {"limit", "cursor"})
        rows = [("name", "Name", "varchar"), ("emails", "E-Mail", "varchar"), ("phones", "Telefon", "phone"), ("org_id", "Organisation", "org"),
                ("owner_id", "Eigentümer", "user"), ("visible_to", "Sichtbar für", "visible_to"), *((key, "Eigenes", "varchar") for key in sorted(CUSTOM))]
        start = int(request.query.get("cursor", 0))
        data = [{"field_code": code, "field_name": name, "field_type": kind, "is_custom_field": code in CUSTOM} for code, name, kind in rows[start:start + 4]]
        more = {"next_cursor": str(start + 4)} if start + 4 < len(rows) else {}
        return answer(data, **more)

    def respond(self, request):
        if not self.authorised(request):
            refuse(401, "Unauthorized access")
        reads = {f"{V2}/personFields": self.describe, f"{V2}/persons": self.list_persons, f"{V2}/organizations": self.list_organizations, f"{V1}/recents": self.recents,
                 f"{V2}/persons/search": lambda r: self.search(r, True), f"{V2}/organizations/search": lambda r: self.search(r, False)}
        if request.method == "GET" and request.path in reads:
            return reads[request.path](request)
        if request.method == "GET" and request.path.startswith(f"{V2}/personFields/"):
            return self.field(request.path.rpartition("/")[2])
        if request.method == "POST" and request.path == f"{V2}/persons":
            return self.create(request)
        if request.method == "POST" and request.path == f"{V2}/organizations":
            return self.create_organization(request)
        merge = re.fullmatch(re.escape(V1) + r"/persons/(\d+)/merge", request.path)
        if request.method == "PUT" and merge:
            return self.merge(merge[1], request.json())
        if request.path.startswith(f"{V2}/persons/"):
            return self.one(request, request.path.rpartition("/")[2])
        return refuse(404, "Unknown method .")


class PipedrivePeer(FakePeer):
    kind = "pipedrive"
    mains = True
    commits_late = True
    unmapped = ("name_prefix", "department", "organization", "urls", "addresses")
    emails, conditional = 9, False

    def settings(self, port=None):
        return {**super().settings(port), "marker_field": MARKER, "job_title_field": TITLE}

    @staticmethod
    def is_list(request):
        return request.method == "GET" and (request.path.startswith(f"{V2}/persons?"))

    def keep(self, remote_id, **custom):
        fields = self.row(remote_id)["fields"]
        self.server.contacts.change(remote_id, {"custom_fields": {**fields.get("custom_fields", {}), **custom}})

    def add_unknown(self, remote_id):
        self.keep(remote_id, **{NOTE: "Trifft man auf der Messe, Halle 3"})
        phones = self.row(remote_id)["fields"]["phones"]
        self.server.contacts.change(remote_id, {"phones": [*phones, {"value": "+49 (931) 99999-01", "primary": False, "label": "Empfang"}]})

    def unknown(self, remote_id):
        fields = self.row(remote_id)["fields"]
        return fields["custom_fields"][NOTE], [item for item in fields["phones"] if item["label"] == "Empfang"]

    def change(self, remote_id):
        self.keep(remote_id, **{TITLE: "von anderen"})

    def count(self, family_name):
        return sum(family_name in row["fields"]["name"] for row in self.server.contacts.living())

    def add_foreign(self, family_name, phone):
        self.server.insert({"name": f"Ida {family_name}", "phones": [{"value": phone, "primary": True, "label": "work"}]})

    def named(self, family_name):
        return {"name": f"Anna {family_name}"}

    def add_many(self, n):
        for i in range(n):
            self.server.insert({"name": f"Anna Viele{i}"})

    def remove_many(self):
        for row in self.server.contacts.living():
            if "Viele" in row["fields"]["name"]:
                self.server.contacts.delete(row["id"])

    @staticmethod
    def refusals():
        def error(status, text="Nein.", headers=None, **more):
            body = {"success": False, "error": text, "error_info": "", "data": None, "additional_data": None, **more}
            return ("answer", status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(body).encode())
        html = {"Content-Type": "text/html"}
        return [
            (error(400, "Validation failed: emails"), "rejected", "Validation failed: emails"),
            (error(200, "Bitte erst den Besitzer wählen."), "rejected", "Bitte erst den Besitzer wählen."),
            (error(402, "Payment required"), "rejected", "Payment required"),
            (error(403, "Scope and URL mismatch"), "rejected", "Scope and URL mismatch"),
            (("answer", 403, html, b"<html><h1>Access denied</h1></html>"), "quota", None),
            (error(422, "Organization not found"), "rejected", "Organization not found"),
            (error(429, headers={"x-ratelimit-reset": "2"}), "quota", None),
            (error(410), "gone", None),
            (error(401), "reauthorise", None),
            (error(503), "uncertain", None),
            (("answer", 200, html, b"<html>Wartung</html>"), "uncertain", None),
            (("answer", 200, {}, b""), "uncertain", None),
            (("answer", 200, {}, b'{"success":true,"data":null}'), "uncertain", None),
        ]

    @staticmethod
    def empty_lists():
        return [("answer", 200, {}, text) for text in (
            b"null", b"{}", b'{"success":true,"data":null}', b'{"success":true,"data":{}}', b'{"success":true,"data":[{"id":""}]}',
            b'{"success":true,"data":[{"id":"../x","update_time":"2026-11-20T10:00:00Z"}]}', b'{"success":false,"error":"x"}')]

    @staticmethod
    def bogus_cursor():
        return json.dumps({"stage": "full", "since": 0, "began": int(time.time() * 1000), "place": "bm9uc2Vuc2U="})
