"""Dataverse as far as the connector speaks to it: contacts with ETags, chosen ids, change tracking; accounts by name."""
import json
import re
import time
import uuid

from .core import Companies
from .odata import Filter, OdataCrm, OdataPeer, refuse

MEMBERS = {"salutation": 100, "firstname": 50, "lastname": 50, "suffix": 10, "jobtitle": 100, "department": 100, "emailaddress1": 100,
           "emailaddress2": 100, "emailaddress3": 100, "telephone1": 50, "telephone2": 50, "mobilephone": 50, "fax": 50,
           "websiteurl": 200, "address1_line1": 250, "address1_postalcode": 20, "address1_city": 80,
           "address1_stateorprovince": 50, "address1_country": 80, "description": 2000,
           "new_rolle": 60}
LEAD_MEMBERS = {**{name: size for name, size in MEMBERS.items() if name not in ("suffix", "department")}, "companyname": 100, "subject": 300}
CODES = {"leadsourcecode": {1: "Web", 2: "Messe"}}  # choices are numbers
LOOKUPS = ("parentcustomerid", "ownerid")
USERS = ("_ownerid_value", "_modifiedby_value")
SYSTEM = ("contactid", "statecode", "fullname", "_parentcustomerid_value", "parentcustomerid_account/name")
BIND = "parentcustomerid_account@odata.bind"
GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
SHOWN = "@OData.Community.Display.V1.FormattedValue"
BAD = "0x80060888"


def like(value, pattern):
    """contains() with the wildcards of T-SQL."""
    parts = re.findall(r"\[[^\]]*\]|.", pattern, re.S)
    shape = "".join(".*" if p == "%" else "." if p == "_" else re.escape(p[1:-1]) if len(p) > 1 else re.escape(p) for p in parts)
    return re.search(shape, value, re.I | re.S) is not None


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def etag(row):
    return f'W/"{int(row["modified"] * 1e6)}"'


class Dynamics(OdataCrm):
    table, lengths = "contact", MEMBERS
    root = "/api/data/v9.2"
    duplicate_rule = False  # same e-mail address
    tracked = True

    def __init__(self, folder, cache=None):
        super().__init__(folder, cache)
        self.accounts = Companies(lambda n: str(uuid.uuid4()))
        self.members = dict(self.lengths)  # name -> length
        self.user, self.organization = str(uuid.uuid4()), str(uuid.uuid4())
        self.searches = {"isduplicatedetectionenabled": True, "isduplicatedetectionenabledforonlinecreateupdate": True}
        self.rules = [("Kontakte mit gleicher E-Mail", "contact", 1), ("Leads mit gleicher E-Mail", "lead", 1), ("Entwurf", "contact", 0)]  # name, table, statecode
        self.set, self.key = f"{self.table}s", f"{self.table}id"

    def insert(self, fields):
        return self.contacts.add(str(uuid.uuid4()), fields)["id"]

    def value(self, row, name):
        fields = row["fields"]
        employer = fields.get("_parentcustomerid_value")
        special = {self.key: row["id"], "statecode": fields.get("statecode", 0), "_parentcustomerid_value": employer,
                   "fullname": f"{fields.get('firstname') or ''} {fields.get('lastname') or ''}".strip(),
                   "parentcustomerid_account/name": self.accounts.name_of(employer),
                   "modifiedon": stamp(row["modified"]), **dict.fromkeys(USERS, self.user)}
        if name in special and (self.table == "contact" or "parentcustomerid" not in name):
            return special[name]
        return fields.get(name) if name in self.members else refuse(BAD, f"Could not find a property named '{name}'")

    def show(self, row, request):
        if row["deleted"]:
            return {"@odata.context": f"{self.public}{self.root}/$metadata#{self.set}/$deletedEntity", "id": row["id"], "reason": "deleted"}
        names = request.query["$select"].split(",") if "$select" in request.query else [*self.members, self.key, "statecode", *([SYSTEM[3]] if self.table == "contact" else [])]
        shown = {"@odata.etag": etag(row), **{name: self.value(row, name) for name in names}}
        if shown.get(SYSTEM[3]) and "FormattedValue" in (request.headers.get("Prefer") or ""):
            shown[SYSTEM[3] + SHOWN] = self.value(row, SYSTEM[4])
        if "FormattedValue" in (request.headers.get("Prefer") or ""):
            words = {USERS[0]: self.owner, USERS[1]: self.changer, "modifiedon": "01.12.2026 10:00"}
            shown.update({name + SHOWN: text for name, text in words.items() if name in shown and text})
        return shown

    def list(self, request):
        prefer = request.headers.get("Prefer") or ""
        size = int((re.search(r"odata\.maxpagesize=(\d+)", prefer) or [0, 5000])[1])
        tracking = {"$skiptoken", "$deltatoken"} & set(request.query)
        if "odata.track-changes" in prefer or tracking:
            if {"$filter", "$orderby", "$expand", "$top"} & set(request.query) or "odata.track-changes" not in prefer:
                refuse(BAD, "The query option is not allowed with change tracking")
            page = self.delta(request, f"/{self.set}", size, lambda row: self.show(row, request))
            return page or refuse("0x80044352", "Version stamp associated with the client has expired. Please perform a full sync.")
        where = Filter(request.query["$filter"], like, BAD)
        rows = [row for row in self.contacts.living() if where.matches(lambda name, row=row: self.value(row, name))]
        return 200, {"value": [self.show(row, request) for row in rows[:int(request.query["$top"])]]}, {}

    def list_accounts(self, request):
        if set(request.query) != {"$select", "$filter", "$top", "$orderby"} or request.query["$orderby"] != "name":
            refuse(BAD, "query options")
        rows = [{"accountid": number, "name": name, "address1_city": city, "statecode": 0} for number, (name, city) in self.accounts.rows.items()]
        where = Filter(request.query["$filter"], like, BAD)
        found = sorted((row for row in rows if where.matches(row.__getitem__)), key=lambda row: row["name"])
        names = request.query["$select"].split(",")
        return 200, {"value": [{name: row[name] for name in names} for row in found[:int(request.query["$top"])]]}, {}

    def create_account(self, request):
        body = request.json()
        if set(body) != {"name", "accountid"} or not GUID.fullmatch(str(body["accountid"])):
            refuse(BAD, "name, accountid")
        if not isinstance(body["name"], str) or not 0 < len(body["name"]) <= 160:
            refuse("0x80044331", "A validation error occurred. The length of the 'name' attribute exceeded 160.")
        with self.contacts.lock:
            if body["accountid"] in self.accounts.rows:
                refuse("0x80040237", "A record with matching key values already exists.", 412)
            number = self.accounts.make(body["name"], body["accountid"])
        return 204, None, {"OData-EntityId": f"{self.public}{self.root}/accounts({number})"}

    def one_account(self, request, number):
        if request.query != {"$select": "accountid"}:
            refuse(BAD, "query options")
        if number not in self.accounts.rows:
            refuse("0x80040217", f"account With Id = {number} Does Not Exist", 404)
        return 200, {"@odata.etag": 'W/"1"', "accountid": number}, {}

    def check(self, body):
        fields = {}
        for name, value in body.items():
            if name == BIND and self.table == "contact":
                found = re.fullmatch(r"/accounts\((.*)\)", value or "/accounts()")
                if not found or (value and found[1] not in self.accounts.rows):
                    refuse("0x80040217", "account With Id Does Not Exist", 404)
                fields["_parentcustomerid_value"] = found[1] or None
            elif name in CODES:
                if value is not None and (type(value) is not int or value not in CODES[name]):
                    refuse("0x80048408", f"A validation error occurred. The value {value} of '{name}' is outside the valid range.")
                fields[name] = value
            elif name not in self.members:
                refuse(BAD, f"Invalid property '{name}' was found in entity 'Microsoft.Dynamics.CRM.{self.table}'.")
            elif value is not None and not isinstance(value, str):
                refuse(BAD, f"Cannot convert {name} to Edm.String")
            elif value is not None and len(value) > self.members[name]:
                refuse("0x80044331", f"A validation error occurred. The length of the '{name}' attribute exceeded {self.members[name]}.")
            else:
                fields[name] = value
        return fields

    def create(self, request):
        body = request.json()
        with self.contacts.lock:
            number = body.pop(self.key, None) or str(uuid.uuid4())
            fields = self.check(body)
            if not GUID.fullmatch(number) or not fields.get("lastname"):
                refuse(BAD, "id or lastname")
            mail = (fields.get("emailaddress1") or "").lower()
            if self.duplicate_rule and request.headers.get("MSCRM.SuppressDuplicateDetection") == "false" and any(
                    mail and (row["fields"].get("emailaddress1") or "").lower() == mail for row in self.contacts.living()):
                refuse("0x80040333", "A duplicate of the current record already exists.", 500)
            if number in self.contacts.rows and not self.contacts.rows[number]["deleted"]:
                refuse("0x80040237", "A record with matching key values already exists.", 412)
            self.contacts.add(number, fields)
        return 204, None, {"OData-EntityId": f"{self.public}{self.root}/{self.set}({number})"}

    def one(self, request, number):
        with self.contacts.lock:
            row = self.contacts.rows.get(number)
            if row is None or row["deleted"]:
                refuse("0x80040217", f"{self.table} With Id = {number} Does Not Exist", 404)
            if request.method == "GET":
                return 200, self.show(row, request), {"ETag": etag(row)}
            condition = request.headers.get("If-Match")
            if not condition:
                refuse(BAD, "this fake takes no write without If-Match")
            if condition not in ("*", etag(row)):
                refuse("0x80060882", "The version of the existing record doesn't match the RowVersion property provided.", 412)
            if request.method == "DELETE":
                self.contacts.delete(number)
            else:
                self.contacts.change(number, self.check(request.json()))
            return 204, None, {}

    def merge(self, body):
        if set(body) != {"Target", "Subordinate", "PerformParentingChecks"} or body["PerformParentingChecks"] is not False:
            refuse(BAD, "parameters of Merge")
        if any(set(body[one]) != {"@odata.type", self.key} or body[one]["@odata.type"] != f"Microsoft.Dynamics.CRM.{self.table}" for one in ("Target", "Subordinate")):
            refuse(BAD, "crmbaseentity")
        kept, given = body["Target"][self.key], body["Subordinate"][self.key]
        with self.contacts.lock:
            rows = [self.contacts.rows.get(number) for number in (kept, given)]
            if kept == given or any(row is None or row["deleted"] or row["fields"].get("statecode") for row in rows):
                refuse("0x80040217", f"{self.table} Does Not Exist", 404)
            self.contacts.change(kept, {k: v for k, v in rows[1]["fields"].items() if v and not rows[0]["fields"].get(k)})
            self.contacts.change(given, {"statecode": 1})
        return 204, None, {}

    def attributes(self, kind, query):
        """What $select asks for of the columns of one kind; "" = all of them."""
        def label(text):
            return {"UserLocalizedLabel": {"Label": text, "LanguageCode": 1031}}
        def row(name, attribute, **more):
            return {"LogicalName": name, "AttributeType": attribute, "DisplayName": label(f"Feld {name}"), "IsValidForCreate": True,
                    "IsValidForUpdate": True, "IsCustomAttribute": name.startswith("new_"),
                    "RequiredLevel": {"Value": "ApplicationRequired" if name == "lastname" else "None"}, **more}
        rows = [row(name, "Memo" if size > 1000 else "String", MaxLength=size) for name, size in self.members.items()]
        rows += [row("parentcustomerid", "Customer"), row("ownerid", "Owner"), row("fullname", "Virtual", IsValidForCreate=False, IsValidForUpdate=False)]
        rows += [row(name, "Picklist", OptionSet={"Options": [{"Value": n, "Label": label(text)} for n, text in codes.items()]})
                 for name, codes in CODES.items()]
        wanted = {"": None, "StringAttributeMetadata": "String", "MemoAttributeMetadata": "Memo", "PicklistAttributeMetadata": "Picklist"}
        if kind not in wanted or set(query) - {"$select", "$expand"} or ("$expand" in query and kind != "PicklistAttributeMetadata"):
            refuse(BAD, "Could not find a property")
        names = [*query["$select"].split(","), *(["OptionSet"] if query.get("$expand") == "OptionSet($select=Options)" else [])]
        some = [one for one in rows if wanted[kind] in (None, one["AttributeType"])]
        if any(name not in one for name in names for one in some):
            refuse(BAD, f"Could not find a property named among {names}")
        return 200, {"value": [{name: one[name] for name in names} for one in some]}, {}

    def list_rules(self, query):
        """Rules of all tables; what is asked for is filtered here, too."""
        asked = re.fullmatch(r"statecode eq (\d) and baseentityname eq '(\w+)'", query.get("$filter", ""))
        if not asked or set(query) - {"$select", "$orderby", "$top", "$filter"} or query["$select"] != "name" or query["$orderby"] != "name":
            refuse(BAD, "Could not find a property")
        found = sorted(name for name, table, state in self.rules if (str(state), table) == asked.groups())[:int(query["$top"])]
        return 200, {"value": [{"duplicateruleid": str(uuid.uuid4()), "name": name} for name in found]}, {}

    def respond(self, request):
        if not self.authorised(request):
            refuse("0x80040220", "Unauthorized", 401)
        if request.headers.get("OData-Version") != "4.0":
            refuse(BAD, "OData-Version")
        path = request.path.removeprefix(self.root)
        found = re.fullmatch(rf"/{self.set}\((.*)\)", path)
        described = re.fullmatch(rf"/EntityDefinitions\(LogicalName='{self.table}'\)/Attributes(?:/Microsoft\.Dynamics\.CRM\.(\w+))?", path)
        if described and request.method == "GET":
            return self.attributes(described[1] or "", request.query)
        if path == f"/EntityDefinitions(LogicalName='{self.table}')":
            return 200, {"ChangeTrackingEnabled": self.tracked, "IsOptimisticConcurrencyEnabled": True}, {}
        if found and GUID.fullmatch(found[1]) and request.method in ("GET", "PATCH", "DELETE"):
            return self.one(request, found[1])
        if path == f"/{self.set}" and request.method in ("GET", "POST"):
            return self.list(request) if request.method == "GET" else self.create(request)
        if path == "/WhoAmI" and request.method == "GET":
            return 200, {"@odata.context": "", "BusinessUnitId": str(uuid.uuid4()), "UserId": self.user, "OrganizationId": self.organization}, {}
        if path == f"/systemusers({self.user})" and request.method == "GET" and request.query == {"$select": "fullname,domainname"}:
            return 200, {"systemuserid": self.user, "fullname": "Kartei Integration", "domainname": "integration@muster.example"}, {}
        if path == f"/organizations({self.organization})" and request.method == "GET" and request.query == {"$select": "name"}:
            return 200, {"organizationid": self.organization, "name": "Muster Produktion"}, {}
        if path == "/organizations" and request.method == "GET" and set(request.query) == {"$select"}:
            return 200, {"value": [{"organizationid": self.organization, **{name: self.searches[name] for name in request.query["$select"].split(",")}}]}, {}
        if path == "/duplicaterules" and request.method == "GET":
            return self.list_rules(request.query)
        if path == "/Merge" and request.method == "POST":
            return self.merge(request.json())
        if path == "/accounts" and request.method in ("GET", "POST"):
            return self.list_accounts(request) if request.method == "GET" else self.create_account(request)
        account = re.fullmatch(r"/accounts\(([^)]*)\)", path)
        if account and request.method == "GET":
            return self.one_account(request, account[1])
        return refuse("0x8006088a", "Resource not found for the segment", 404)


class DynamicsLeads(Dynamics):
    """Leads of such an environment."""

    table, lengths = "lead", LEAD_MEMBERS


class DynamicsPeer(OdataPeer):
    kind = "dynamics"
    mains = True
    tells = ("owner", "changed_at", "changed_by")
    custom, listed, constant = "new_rolle", None, ("leadsourcecode", "2")
    unmapped, emails = ("organization",), 3
    any_id = "60c4e274-0d87-4711-80e5-00155db19e6d"
    family, phone, title, other = "lastname", "telephone1", "jobtitle", "description"

    def settings(self, port=None):
        return {"url": f"http://127.0.0.1:{port or self.port}/"}

    def archive(self, remote_id):
        self.server.contacts.change(remote_id, {"statecode": 1})

    def refusals(self):
        return [
            (self.fault(400, "0x80044331", "Das Feld ist zu lang."), "rejected", "Das Feld ist zu lang."),
            (self.fault(403, "0x80040220", "Ihnen fehlt prvWriteContact."), "rejected", "Ihnen fehlt prvWriteContact."),
            (self.fault(500, "0x80040333"), "duplicate", None),
            (self.fault(412, "0x80060882"), "conflict", None),
            (self.fault(429, "0x80072322"), "quota", None),
            (self.fault(429, "0x80072326"), "quota", None),
            (self.fault(404, "0x80040217"), "gone", None),
            (self.fault(503, "0x80040216"), "uncertain", None),
            (("answer", 200, {"Content-Type": "text/html"}, b"<html>Anmelden</html>"), "uncertain", None),
        ]

    @staticmethod
    def empty_lists():
        return [("answer", 200, {}, text) for text in (
            b"null", b"{}", b'{"value":null}', b'{"value":[]}', b'{"value":[{"contactid":"","leadid":""}]}')]

    def bogus_cursor(self):
        link = f"http://127.0.0.1:{self.port}/api/data/v9.2/{self.server.set}?$deltatoken=nie"
        return json.dumps({"link": link, "given": int(time.time() * 1000), "full": False})


class DynamicsLeadPeer(DynamicsPeer):
    kind = "dynamics_lead"
    unmapped = ("name_suffix", "department")
