"""Microsoft Graph as far as the connector speaks to it: contacts of /me, their lists and addresses, delta."""
import base64
import json
import time

from .odata import Filter, OdataCrm, OdataPeer, refuse

TEXTS = ("givenName", "surname", "displayName", "title", "generation", "jobTitle", "companyName", "department", "mobilePhone",
         "businessHomePage", "personalNotes")
ADDRESSES = ("businessAddress", "homeAddress", "otherAddress")
PARTS = {"street", "city", "state", "countryOrRegion", "postalCode"}
PHONES = ("businessPhones", "homePhones")
MARKS = "singleValueExtendedProperties"
BAD = "ErrorInvalidProperty"
FOLDER = "/me/contactFolders/contacts/contacts/delta"


def key(row):
    return base64.b64encode(f"{row['modified']:.6f}".encode()).decode()


class MsGraph(OdataCrm):
    root = "/v1.0"
    lag = 0.0  # seconds until a contact is found by its marker

    def insert(self, fields):
        with self.contacts.lock:
            return self.contacts.add(f"AAMkAG{next(self.contacts.numbers):06d}_-=", self.named(fields))["id"]

    @staticmethod
    def named(fields):
        """The display name goes with the name's parts unless it is sent, too."""
        if "displayName" not in fields and {"givenName", "surname"} & set(fields):
            fields = {**fields, "displayName": f"{fields.get('givenName') or ''} {fields.get('surname') or ''}".strip()}
        return fields

    def show(self, row, select=None):
        if row["deleted"]:
            return {"id": row["id"], "@removed": {"reason": "deleted"}}
        fields = {"id": row["id"], "changeKey": key(row), "lastModifiedDateTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(row["modified"])), **dict.fromkeys(TEXTS), **{name: [] for name in (*PHONES, "emailAddresses")},
                  **{name: {} for name in ADDRESSES}, **{k: v for k, v in row["fields"].items() if k != MARKS}}
        unknown = set(select or ()) - set(fields)
        if unknown:
            refuse("RequestBroker--ParseUri", f"Could not find a property named {unknown}")
        return {"@odata.etag": f'W/"{key(row)}"', **{name: fields[name] for name in select or fields}}

    def check(self, body, new):
        if not body:
            refuse(BAD, "empty body")
        for name, value in body.items():
            if name in TEXTS:
                good = value is None or (isinstance(value, str) and value)
            elif name in PHONES:
                good = isinstance(value, list) and all(isinstance(v, str) and v for v in value)
            elif name == "emailAddresses":
                good = isinstance(value, list) and len(value) <= 3 and all(
                    set(v) <= {"name", "address"} and v.get("address") for v in value)
            elif name in ADDRESSES:
                good = isinstance(value, dict) and set(value) == PARTS and all(isinstance(v, str) for v in value.values())
            else:
                good = name == MARKS and new and all(set(v) == {"id", "value"} for v in value)
            if not good:
                refuse(BAD, f"{name}: {json.dumps(value)}")
        kept = {**body, **{name: body[name][:2] for name in PHONES if name in body}}
        if "emailAddresses" in body:
            kept["emailAddresses"] = [{"name": v.get("name", v["address"]), "address": v["address"]} for v in body["emailAddresses"]]
        return kept

    def lookup(self, row):
        def value(name):
            if name not in (*TEXTS, *PHONES, MARKS, "emailAddresses"):
                refuse("ErrorInvalidUrlQueryFilter", name)
            hidden = name == MARKS and row["created"] > time.time() - self.lag
            return None if hidden else row["fields"].get(name)
        return value

    def list(self, request):
        query = request.query
        top, skip = int(query.get("$top", 10)), int(query.get("$skip", 0))
        rows = sorted(self.contacts.living(), key=lambda row: row["id"])
        if not 1 <= top <= 1000:
            refuse("ErrorInvalidUrlQuery", "$top")
        if "$filter" in query:
            where = Filter(query["$filter"], lambda value, part: part.lower() in value.lower(), "ErrorInvalidUrlQueryFilter")
            rows = [row for row in rows if where.matches(self.lookup(row))]
        answer = {"value": [self.show(row, query["$select"].split(",")) for row in rows[skip:skip + top]]}
        if skip + top < len(rows):
            answer["@odata.nextLink"] = f"{self.public}{self.root}/me/contacts?$select={query['$select']}&$top={top}&$skip={skip + top}"
        return 200, answer, {}

    def one(self, request, number):
        with self.contacts.lock:
            row = self.contacts.rows.get(number)
            if row is None or row["deleted"]:
                refuse("ErrorItemNotFound", "The specified object was not found in the store.", 404)
            if request.method == "GET":
                return 200, self.show(row, request.query["$select"].split(",")), {}
            condition = request.headers.get("If-Match")
            if not condition:
                refuse(BAD, "this fake takes no write without If-Match")
            if condition != f'W/"{key(row)}"':
                refuse("ErrorIrresolvableConflict", "The send or update operation could not be performed because the change key "
                       "passed in the request does not match the current change key for the item.", 412)
            if request.method == "DELETE":
                self.contacts.delete(number)
                return 204, None, {}
            fields = self.check(request.json(), False)
            if {"givenName", "surname"} & set(fields) and "displayName" not in fields:
                fields["displayName"] = "von Outlook neu gebildet"
            self.contacts.change(number, fields)
            return 200, self.show(row), {}

    def respond(self, request):
        if not self.authorised(request):
            refuse("InvalidAuthenticationToken", "Access token has expired or is not yet valid.", 401)
        prefer = request.headers.get("Prefer") or ""
        if 'IdType="ImmutableId"' not in prefer:
            refuse("BadRequest", "ids of this fake are immutable ones")
        path = request.path.removeprefix(self.root)
        number = path.removeprefix("/me/contacts/")
        if path == FOLDER and request.method == "GET":
            select = request.query["$select"].split(",") if "$select" in request.query else None
            page = self.delta(request, FOLDER, 200, lambda row: self.show(row, select))
            return page or refuse("SyncStateNotFound", "The sync state generation is not found", 410)
        if path == "/me/contacts" and request.method == "GET":
            return self.list(request)
        if path == "/me/contacts" and request.method == "POST":
            return 201, self.show(self.contacts.rows[self.insert(self.check(request.json(), True))]), {}
        if number != path and request.method in ("GET", "PATCH", "DELETE"):
            return self.one(request, number)
        return refuse("BadRequest", "Resource not found for the segment", 404)


class MsGraphPeer(OdataPeer):
    kind = "msgraph"
    mains = True
    emails = 3
    family, title, other = "surname", "jobTitle", "personalNotes"

    def settings(self, port=None):
        return {"base": f"http://127.0.0.1:{port or self.port}/v1.0"}

    def add_foreign(self, family_name, phone):
        self.server.insert({"surname": family_name, "homePhones": [phone]})

    def refusals(self):
        return [
            (self.fault(400, "ErrorInvalidProperty", "Ungültig: title"), "rejected", "Ungültig: title"),
            (self.fault(403, "ErrorAccessDenied", "Access is denied."), "rejected", "Access is denied."),
            (self.fault(412, "ErrorIrresolvableConflict"), "conflict", None),
            (self.fault(404, "ErrorItemNotFound"), "gone", None),
            (self.fault(429, "ApplicationThrottled"), "quota", None),
            (self.fault(503, "ErrorServerBusy"), "uncertain", None),
            (("answer", 200, {"Content-Type": "text/html"}, b"<html>Anmelden</html>"), "uncertain", None),
        ]

    @staticmethod
    def empty_lists():
        return [("answer", 200, {}, text) for text in (
            b"null", b"{}", b'{"value":null}', b'{"value":[]}', b'{"value":[{"id":""}]}')]

    def bogus_cursor(self):
        return json.dumps({"link": f"http://127.0.0.1:{self.port}/v1.0{FOLDER}?$deltatoken=nie", "given": int(time.time() * 1000)})
