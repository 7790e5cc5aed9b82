"""SAP Sales Cloud V2 as far as the connector speaks to it: contact persons with ETags on single reads, accounts by name."""
import base64
import functools
import json
import time
import uuid

from .core import Companies, FakeCrm, FakePeer
from .odata import Filter, refuse

ROOT = "/sap/c4c/api/v1"
CONTACTS = "/contact-person-service/contactPersons"
MEMBERS = ("givenName", "familyName", "jobTitle", "department", "eMail", "phone", "mobile", "fax", "accountId", "lifeCycleStatus", "note")
PHONES = ("phone", "mobile", "fax")
EXTENSIONS = ("KarteiId",)
BAD = "filter.invalid"


@functools.lru_cache(1024)
def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03d}Z"


def digits(text):
    return "".join(c for c in text or "" if c.isdigit())


class SapSales(FakeCrm):
    user, password = "KARTEI", "gutes Kennwort"
    lag = 0.0  # seconds until a contact is found by its marker

    def __init__(self, folder, cache=None):
        super().__init__(folder, cache)
        self.accounts = Companies(lambda n: str(uuid.uuid4()))
        self.etags = True

    def insert(self, fields):
        return self.contacts.add(str(uuid.uuid4()), {"lifeCycleStatus": "ACTIVE", **fields})["id"]

    def authorised(self, request):
        given = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {given}"

    def show(self, row):
        employer = row["fields"].get("accountId")
        shown = {"id": row["id"], "displayId": "1000123", **{k: v for k, v in row["fields"].items() if v is not None},
                 "adminData": {"createdOn": stamp(row["created"]), "updatedOn": stamp(row["modified"])}}
        name = self.accounts.name_of(employer)
        return {**shown, "accountFormattedName": name} if name else shown

    def lookup(self, row):
        def value(name):
            first, _, rest = name.partition("/")
            if name not in MEMBERS + ("id",) and not (first == "extensions" and rest in EXTENSIONS) and name not in (
                    "adminData/createdOn", "adminData/updatedOn"):
                refuse("attribute.unknown", f"Attribute {name} is unknown")
            hidden = first == "extensions" and row["created"] > time.time() - self.lag
            if name in ("id", "adminData/updatedOn"):  # what a page of thousands is sorted by
                return row["id"] if name == "id" else stamp(row["modified"])
            found = None if hidden else self.show(row).get(first)
            return (found or {}).get(rest) if rest else found
        return value

    @staticmethod
    def found_by(row, term):
        texts = [v for v in row["fields"].values() if isinstance(v, str)]
        return any(term.lower() in text.lower() for text in texts) or (
            term.isdigit() and any(term in digits(row["fields"].get(name)) for name in PHONES))

    def list(self, request):
        query = request.query
        unknown = set(query) - {"$filter", "$orderby", "$top", "$skip", "$count", "$search"}
        if unknown or not 1 <= int(query.get("$top", 50)) <= 1000:
            refuse("query.invalid", f"{unknown} or $top")
        rows = self.contacts.living()
        if "$filter" in query:
            where = Filter(query["$filter"], lambda value, part: refuse(BAD, "contains"), BAD)
            rows = [row for row in rows if where.matches(self.lookup(row))]
        if "$search" in query:
            rows = [row for row in rows if self.found_by(row, query["$search"])]
        for name in query.get("$orderby", "id").split(","):
            rows.sort(key=lambda row: self.lookup(row)(name))
        answer = {"value": [self.show(row) for row in rows[:int(query.get("$top", 50))]]}
        return 200, {**answer, "count": len(rows)} if query.get("$count") == "true" else answer, {}

    def list_accounts(self, request):
        if set(request.query) not in ({"$filter", "$top"}, {"$search", "$top"}):
            refuse("query.invalid", "query options")
        rows = [{"id": number, "formattedName": name} for number, (name, _) in self.accounts.rows.items()]
        if "$filter" in request.query:
            where = Filter(request.query["$filter"], lambda value, part: refuse(BAD, "contains"), BAD)
            rows = [row for row in rows if where.matches(row.__getitem__)]
        else:
            rows = [row for row in rows if all(word.lower() in row["formattedName"].lower() for word in request.query["$search"].split())]
        return 200, {"value": rows[:int(request.query["$top"])]}, {}

    def check(self, body, new=False):
        for name, value in body.items():
            if name == "extensions":
                if set(value) - set(EXTENSIONS):
                    refuse("attribute.unknown", f"Extension field {set(value)} does not exist")
            elif name not in MEMBERS:
                refuse("attribute.unknown", f"Attribute {name} is unknown")
            elif value is not None and (not isinstance(value, str) or not value or len(value) > 255):
                refuse("attribute.invalid", f"{name} is invalid")
        if body.get("accountId") and body["accountId"] not in self.accounts.rows:
            refuse("account.unknown", "Account does not exist")
        if not body.get("familyName", not new):
            refuse("attribute.mandatory", "familyName is mandatory")
        return body

    def one(self, request, number):
        with self.contacts.lock:
            row = self.contacts.rows.get(number)
            if row is None or row["deleted"]:
                refuse("entity.notFound", "Entity not found", 404)
            tag = f'"{stamp(row["modified"])}-{int(row["modified"] * 1e6)}"'
            if request.method == "GET":
                return 200, {"value": self.show(row)}, {"ETag": tag} if self.etags else {}
            if request.headers.get("Content-Type") != "application/merge-patch+json":
                refuse("media.type", "merge-patch expected", 415)
            if not request.headers.get("If-Match"):
                refuse("precondition.required", "If-Match is mandatory", 428)
            if request.headers["If-Match"] != tag:
                refuse("precondition.failed", "Entity was changed meanwhile", 412)
            self.contacts.change(number, self.check(request.json()))
            return 200, {"value": self.show(row)}, {}

    def respond(self, request):
        if not self.authorised(request):
            refuse("unauthorized", "Unauthorized", 401)
        path = request.path.removeprefix(ROOT)
        number = path.removeprefix(CONTACTS + "/")
        if path == CONTACTS and request.method == "GET":
            return self.list(request)
        if path == CONTACTS and request.method == "POST":
            with self.contacts.lock:
                return 201, {"value": self.show(self.contacts.rows[self.insert(self.check(request.json(), True))])}, {}
        if path == "/account-service/accounts" and request.method == "GET":
            return self.list_accounts(request)
        if number != path and request.method in ("GET", "PATCH"):
            return self.one(request, number)
        return refuse("entity.notFound", "no such address", 404)


class SapSalesPeer(FakePeer):
    kind = "sap_sales"
    commits_late = True
    unmapped = ("name_prefix", "organization", "urls", "addresses")
    any_id = "01a076e8-3e32-7003-a320-fc6b22fcd359"
    family, phone, title, other = "familyName", "phone", "jobTitle", "note"
    conditional = True
    hard_delete_is_seen = False  # but it starts a full run

    def settings(self, port=None):
        return {"url": f"http://127.0.0.1:{port or self.port}", "user": self.server.user}

    def secret(self, wrong=False):
        return {"password": "falsch" if wrong else self.server.password}

    def archive(self, remote_id):
        self.server.contacts.change(remote_id, {"lifeCycleStatus": "OBSOLETE"})

    @staticmethod
    def refusals():
        def error(status, code, message="Nein."):
            body = {"error": {"code": code, "message": message, "details": []}}
            return ("answer", status, {"Content-Type": "application/json"}, json.dumps(body).encode())
        return [
            (error(400, "attribute.invalid", "Ungültige E-Mail-Adresse."), "rejected", "Ungültige E-Mail-Adresse."),
            (error(403, "forbidden", "Keine Berechtigung."), "rejected", "Keine Berechtigung."),
            (error(412, "precondition.failed"), "conflict", None),
            (error(428, "precondition.required"), "conflict", None),
            (error(429, "limit"), "quota", None),
            (error(404, "entity.notFound"), "gone", None),
            (error(503, "unavailable"), "uncertain", None),
            (("answer", 200, {"Content-Type": "text/html"}, b"<html>Anmelden</html>"), "uncertain", None),
        ]

    @staticmethod
    def empty_lists():
        contact = b'{"value":[{"id":"01a076e8-3e32-7003-a320-fc6b22fcd359"}]}'  # without a stamp
        return [("answer", 200, {}, text) for text in (
            b"null", b"{}", b'{"value":null}', b'{"value":[{"id":""}]}', contact)]

    @staticmethod
    def bogus_cursor():
        return json.dumps({"stage": "begin", "full": False, "at": "2020-01-01T00:00:00.000Z", "id": None, "total": 7,
                           "full_ms": int(time.time() * 1000)})
