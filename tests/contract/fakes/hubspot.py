"""HubSpot as far as the connector speaks to it: contacts with properties, an index for searches that may lag."""
import json
import operator
import time

from .core import FakeCrm, FakePeer, Refusal

ROOT = "/crm/v3/objects/contacts"
PROPERTIES = {"salutation", "firstname", "lastname", "jobtitle", "company", "email", "work_email", "phone", "mobilephone", "fax",
              "website", "address", "zip", "city", "state", "country", "kartei_id", "message", "rolle", "gebiet", "leadstatus"}
CHOICES = {"gebiet": ("Nord", "Süd"), "leadstatus": ("NEW", "OPEN")}
SYSTEM = {"lastmodifieddate", "hs_object_id", "hs_merged_object_ids", "hs_searchable_calculated_phone_number",
          "hs_searchable_calculated_mobile_number"}
UNIQUE = ("email", "kartei_id")
SEARCH_MEMBERS = {"filterGroups", "sorts", "properties", "limit", "after", "query"}


def refuse(status, category, message):
    raise Refusal(status, {"status": "error", "message": message, "correlationId": "0", "category": category})


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03d}Z"


class HubSpot(FakeCrm):
    lag = 0.0  # seconds until a write is in the search index

    def __init__(self, folder, cache=None):
        super().__init__(folder, cache)
        self.members, self.choices = set(PROPERTIES), dict(CHOICES)

    def insert(self, fields):
        with self.contacts.lock:
            return self.contacts.add(str(next(self.contacts.numbers) + 100), fields)["id"]

    def merge(self, kept, given, renamed=False):
        """The kept one takes what it has not got; `renamed`: it goes on under an id that did not exist before."""
        with self.contacts.lock:
            row, loser = self.contacts.rows[kept], self.contacts.rows.pop(given)
            row.setdefault("merged", []).extend([given, *loser.get("merged", [])])
            self.contacts.change(kept, {k: v for k, v in loser["fields"].items() if v and not row["fields"].get(k)})
            if renamed:
                row["merged"].append(kept)
                row["id"] = str(next(self.contacts.numbers) + 100)
                self.contacts.rows[row["id"]] = self.contacts.rows.pop(kept)
            return row

    def asked_to_merge(self, body):
        if set(body) != {"primaryObjectId", "objectIdToMerge"} or not all(isinstance(v, str) for v in body.values()):
            refuse(400, "VALIDATION_ERROR", "Invalid input JSON")
        kept, given = body["primaryObjectId"], body["objectIdToMerge"]
        if kept == given or any(number not in self.contacts.rows or self.contacts.rows[number]["deleted"] for number in (kept, given)):
            refuse(400, "VALIDATION_ERROR", "contacts to merge do not exist")
        return 200, self.show(self.merge(kept, given, renamed=True), sorted(self.members)), {}

    def value(self, row, name):
        def digits(member):
            return "".join(c for c in row["fields"].get(member) or "" if c.isdigit()).lstrip("0") or None
        system = {"lastmodifieddate": lambda: stamp(row["modified"]), "hs_object_id": lambda: row["id"],
                  "hs_merged_object_ids": lambda: ";".join(row.get("merged", [])) or None,
                  "hs_searchable_calculated_phone_number": lambda: digits("phone"),
                  "hs_searchable_calculated_mobile_number": lambda: digits("mobilephone")}
        return system[name]() if name in system else row["fields"].get(name)

    def show(self, row, properties):
        unknown = set(properties) - self.members - SYSTEM
        if unknown:
            refuse(400, "VALIDATION_ERROR", f"unknown properties {unknown}")
        return {"id": row["id"], "properties": {name: self.value(row, name) or None for name in properties},
                "createdAt": stamp(row["created"]), "updatedAt": stamp(row["modified"]), "archived": row["deleted"]}

    def check(self, properties, own=None):
        for name, value in properties.items():
            if name not in self.members:
                refuse(400, "VALIDATION_ERROR", f"Property \"{name}\" does not exist")
            if not isinstance(value, str):
                refuse(400, "VALIDATION_ERROR", f"{name} must be a string")
            if value and name in self.choices and value not in self.choices[name]:
                refuse(400, "VALIDATION_ERROR", f"{value} was not one of the allowed options")
        for row in self.contacts.living():
            for name in UNIQUE:
                same = properties.get(name) and (row["fields"].get(name) or "").lower() == properties[name].lower()
                if same and row["id"] != own:
                    if name == "email":
                        refuse(409, "CONFLICT", f"Contact already exists. Existing ID: {row['id']}")
                    refuse(400, "VALIDATION_ERROR", f"propertyName={name} {row['id']} already has that value.")

    def find(self, key, query):
        name = query.get("idProperty")
        if name and name not in UNIQUE:
            refuse(400, "VALIDATION_ERROR", f"{name} is not unique")
        for row in self.contacts.living():
            if (row["fields"].get(name) or "").lower() == key.lower() if name else key in (row["id"], *row.get("merged", [])):
                return row
        return refuse(404, "OBJECT_NOT_FOUND", "resource not found")

    def filter(self, rows, one):
        name, wanted = one["propertyName"], one.get("value")
        if name not in PROPERTIES | SYSTEM:
            refuse(400, "VALIDATION_ERROR", f"There was a problem with the request: {name}")
        if one["operator"] == "CONTAINS_TOKEN":
            part = wanted.strip("*").lower()
            return [row for row in rows if part in (self.value(row, name) or "").lower()]
        compare = {"EQ": operator.eq, "GT": operator.gt, "GTE": operator.ge}[one["operator"]]
        if name == "lastmodifieddate":
            return [row for row in rows if compare(int(row["modified"] * 1000), int(wanted))]
        if name == "hs_object_id":
            return [row for row in rows if compare(int(row["id"]), int(wanted))]
        return [row for row in rows if compare(self.value(row, name) or "", wanted)]

    def either(self, rows, groups):
        found = {}
        for group in groups:
            some = rows
            for one in group["filters"]:
                some = self.filter(some, one)
            found.update((row["id"], row) for row in some)
        return list(found.values())

    def search(self, body):
        if not {"filterGroups", "sorts", "properties", "limit", "after"} <= set(body) <= SEARCH_MEMBERS:
            refuse(400, "VALIDATION_ERROR", "members missing or unknown")
        if len(body["filterGroups"]) > 6 or not 1 <= body["limit"] <= 200 or len(body.get("query", "")) > 3000:
            refuse(400, "VALIDATION_ERROR", "limits")
        start = int(body["after"])
        if start + body["limit"] > 10000:
            refuse(400, "VALIDATION_ERROR", "The maximum of 10000 results is reached")
        rows = [row for row in self.contacts.living() if row["modified"] <= time.time() - self.lag]
        if body.get("query"):
            words = body["query"].lower().split()
            rows = [row for row in rows if all(word in " ".join(str(v) for v in row["fields"].values()).lower() for word in words)]
        if body["filterGroups"]:
            rows = self.either(rows, body["filterGroups"])
        for sort in body["sorts"]:
            rows.sort(key=lambda row: int(row["id"]) if sort["propertyName"] == "hs_object_id" else row["modified"])
        return self.page(rows, start, body["limit"], body["properties"])

    def page(self, rows, start, limit, properties):
        some = rows[start:start + limit]
        answer = {"total": len(rows), "results": [self.show(row, properties) for row in some]}
        if start + limit < len(rows):
            answer["paging"] = {"next": {"after": str(start + limit), "link": "https://api.hubapi.com/never-followed"}}
        return 200, answer, {}

    def describe(self):
        for name in sorted(self.members | {"lastmodifieddate"}):
            listed = name in self.choices
            yield {"name": name, "label": f"Feld {name}", "type": "enumeration" if listed else "datetime" if "date" in name else "string",
                   "fieldType": "select" if listed else "phonenumber" if "phone" in name or name == "fax" else "date" if "date" in name else "text",
                   "hasUniqueValue": name in UNIQUE, "options": [{"value": v, "label": v, "hidden": False} for v in self.choices.get(name, ())],
                   "calculated": False, "hubspotDefined": name not in ("kartei_id", "rolle", "gebiet"),
                   "modificationMetadata": {"readOnlyValue": name == "lastmodifieddate"}}

    def respond(self, request):
        if not self.authorised(request):
            refuse(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        tail = request.path.removeprefix(ROOT).lstrip("/")
        names = [name for name in request.query.get("properties", "").split(",") if name]
        if request.method == "GET" and request.path == "/crm/v3/properties/contacts":
            return 200, {"results": [*self.describe()]}, {}
        name = request.path.removeprefix("/crm/v3/properties/contacts/")
        if name in self.members:
            return 200, {"name": name, "hasUniqueValue": name in UNIQUE}, {}
        if not request.path.startswith(ROOT):
            refuse(404, "OBJECT_NOT_FOUND", "no such address")
        if request.method == "GET" and not tail:
            if int(request.query.get("limit", 10)) > 100:
                refuse(400, "VALIDATION_ERROR", "limit")
            archived = request.query.get("archived") == "true"
            rows = sorted((r for r in list(self.contacts.rows.values()) if r["deleted"] == archived), key=lambda r: int(r["id"]))
            return self.page(rows, int(request.query.get("after", 0)), int(request.query.get("limit", 10)), names)
        if request.method == "POST" and tail == "merge":
            return self.asked_to_merge(request.json())
        if request.method == "POST" and tail == "search":
            return self.search(request.json())
        if request.method == "POST" and tail == "batch/read":
            body, found, errors = request.json(), [], 0
            for one in body["inputs"]:
                try:
                    found.append(self.show(self.find(one["id"], {"idProperty": body["idProperty"]}), body["properties"]))
                except Refusal:
                    errors += 1
            return 207 if errors else 200, {"status": "COMPLETE", "results": found, "numErrors": errors}, {}
        return self.one(request, tail, names)

    def one(self, request, tail, names):
        with self.contacts.lock:
            if request.method == "POST" and not tail:
                properties = request.json()["properties"]
                self.check(properties)
                row = self.contacts.rows[self.insert(properties)]
                return 201, self.show(row, sorted(self.members)), {}
            row = self.find(tail, request.query)
            if request.method == "GET":
                return 200, self.show(row, names), {}
            if request.method == "PATCH":
                properties = request.json()["properties"]
                self.check(properties, row["id"])
                self.contacts.change(row["id"], properties)
                return 200, self.show(row, sorted(self.members)), {}
            if request.method == "DELETE":
                self.contacts.delete(row["id"])
                return 204, None, {}
        return refuse(405, "METHOD_NOT_ALLOWED", "no")


class HubSpotPeer(FakePeer):
    kind = "hubspot"
    mains = True
    stamps_by_hand = False  # cases_hubspot.py has more of them, with its windows
    commits_late = True
    custom, listed, constant = "rolle", ("gebiet", "Süd"), ("leadstatus", "OPEN")
    unmapped, emails, conditional, mail_is_unique = ("department",), 2, False, True
    family, phone, title, other = "lastname", "phone", "jobtitle", "message"

    @staticmethod
    def is_write(request):
        return request.method in ("PATCH", "DELETE") or (request.method == "POST" and request.path in (ROOT, ROOT + "/merge"))

    @staticmethod
    def is_list(request):
        return request.method == "GET" or request.path.endswith("/search")

    @staticmethod
    def refusals():
        def error(status, category, message="Nein.", **more):
            body = {"status": "error", "category": category, "message": message, **more}
            return ("answer", status, {"Content-Type": "application/json"}, json.dumps(body).encode())
        return [
            (error(400, "VALIDATION_ERROR", "Email address is invalid"), "rejected", "Email address is invalid"),
            (error(403, "MISSING_SCOPES", "This app lacks scopes"), "rejected", "This app lacks scopes"),
            (error(409, "CONFLICT", "Contact already exists. Existing ID: 7"), "duplicate", None),
            (error(423, "LOCKED"), "quota", None),
            (error(477, "MIGRATION_IN_PROGRESS"), "quota", None),
            (error(429, "RATE_LIMITS", policyName="TEN_SECONDLY_ROLLING"), "quota", None),
            (error(401, "EXPIRED_AUTHENTICATION"), "reauthorise", None),
            (error(502, "GATEWAY"), "uncertain", None),
        ]

    @staticmethod
    def empty_lists():
        return [("answer", 200, {}, text) for text in (b"null", b"{}", b'{"results":null}', b'{"results":[{"id":""}]}', b'{"results":[{"id":"1"}]}')]

    @staticmethod
    def bogus_cursor():
        return json.dumps({"stage": "full"})
