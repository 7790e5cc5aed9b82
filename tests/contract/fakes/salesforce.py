"""Salesforce as far as the connector speaks to it: SOQL on Contact and Account, sObject writes, describe."""
import email.utils
import functools
import json
import re
import time

from .core import Companies, FakeCrm, FakePeer, Refusal

MEMBERS = {"Salutation": 40, "FirstName": 40, "LastName": 80, "Title": 128, "Department": 80, "Email": 80, "Phone": 40,
           "MobilePhone": 40, "HomePhone": 40, "OtherPhone": 40, "Fax": 40, "MailingStreet": 255, "MailingPostalCode": 20,
           "MailingCity": 40, "MailingState": 80, "MailingCountry": 80, "AccountId": 18, "Description": 32000, "Kartei_Id__c": 36,
           "Rolle__c": 60, "Gebiet__c": 40, "LeadSource": 40, "OwnerId": 18}
CHOICES = {"Gebiet__c": ("Nord", "Süd"), "LeadSource": ("Web", "Messe"), "Salutation": ("Mr.", "Ms.", "Dr.")}  # the first is restricted
REFERENCES = ("AccountId", "OwnerId")
SYSTEM = ("Id", "LastModifiedDate", "SystemModstamp", "IsDeleted", "Name", "Account.Name")
LEAD_MEMBERS = {"Salutation": 40, "FirstName": 40, "LastName": 80, "Title": 128, "Company": 255, "Email": 80, "Phone": 40, "MobilePhone": 40,
                "Fax": 40, "Website": 255, "Street": 255, "PostalCode": 20, "City": 40, "State": 80, "Country": 80, "Description": 32000,
                "Kartei_Id__c": 36, "Rolle__c": 60, "Gebiet__c": 40, "LeadSource": 40, "OwnerId": 18}
ROOT = "/services/data/v66.0"
TOKENS = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)|[A-Za-z_][\w.]*|>=|<=|!=|[=<>(),]|\d+)")


def refuse(code, message, status=400, fields=()):
    raise Refusal(status, [{"errorCode": code, "message": message, "fields": list(fields)}])


@functools.lru_cache(1024)
def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000+0000", time.gmtime(seconds))


class Soql:
    """SELECT … FROM … [WHERE …] [ORDER BY …] [LIMIT n], read strictly."""

    def __init__(self, text):
        self.tokens, at = [], 0
        text = text.strip()
        while at < len(text):
            found = TOKENS.match(text, at)
            if not found:
                refuse("MALFORMED_QUERY", f"unexpected token at {at}")
            self.tokens.append(found.group(1))
            at = found.end()
        self.expect("SELECT")
        self.columns = self.names()
        self.expect("FROM")
        self.table = self.next()
        self.where = self.either() if self.accept("WHERE") else lambda row: True
        self.order = []
        if self.accept("ORDER"):
            self.expect("BY")
            self.order = self.names()
        self.limit = int(self.next()) if self.accept("LIMIT") else 2000
        if self.tokens:
            refuse("MALFORMED_QUERY", f"unexpected token: {self.tokens[0]}")

    def next(self):
        return self.tokens.pop(0) if self.tokens else refuse("MALFORMED_QUERY", "unexpected end")

    def accept(self, word):
        if self.tokens and self.tokens[0].upper() == word:
            self.tokens.pop(0)
            return True
        return False

    def expect(self, word):
        if not self.accept(word):
            refuse("MALFORMED_QUERY", f"expected {word}")

    def names(self):
        names = [self.next()]
        while self.accept(","):
            names.append(self.next())
        return names

    def either(self):
        parts = [self.both()]
        while self.accept("OR"):
            parts.append(self.both())
        return lambda row: any(part(row) for part in parts)

    def both(self):
        parts = [self.one()]
        while self.accept("AND"):
            parts.append(self.one())
        return lambda row: all(part(row) for part in parts)

    def one(self):
        if self.accept("("):
            inside = self.either()
            self.expect(")")
            return inside
        name, operator, literal = self.next(), self.next().upper(), self.next()
        if literal.startswith("'"):
            pattern = re.sub(r"\\(.)", r"\1", literal[1:-1])
        elif name in ("SystemModstamp", "LastModifiedDate"):
            pattern = stamp(time.mktime(time.strptime(literal[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone)
        else:
            refuse("INVALID_QUERY_FILTER_OPERATOR", f"{name} {operator} {literal}")
        if operator == "LIKE":
            parts = re.split(r"((?<!\\)[%_])", literal[1:-1])
            shape = "".join(".*" if p == "%" else "." if p == "_" else re.escape(re.sub(r"\\(.)", r"\1", p)) for p in parts)
            return lambda row: re.fullmatch(shape, row(name) or "", re.I | re.S) is not None
        compare = {"=": lambda a, b: a.lower() == b.lower(), ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}
        if operator not in compare:
            refuse("MALFORMED_QUERY", operator)
        return lambda row: row(name) is not None and compare[operator](row(name), pattern)


class Salesforce(FakeCrm):
    table, prefix, lengths, needed = "Contact", "003", MEMBERS, ("LastName",)

    def __init__(self, folder, cache=None):
        super().__init__(folder, cache)
        self.accounts = Companies(lambda n: f"001{n:012d}AAA")
        self.members = dict(self.lengths)  # name -> length
        self.choices = dict(CHOICES)
        self.rules = [("Standard_Contact_Duplicate_Rule", True, "Allow", ("Alert", "Report"))]  # name, active, actionOnInsert, operationsOnInsert
        self.hidden, self.read_only = set(), set()  # by field-level security
        self.calls, self.calls_limit = 17, 15000

    def limits(self):
        self.calls += 1
        return {"Sforce-Limit-Info": f"api-usage={self.calls}/{self.calls_limit}"}

    def insert(self, fields):
        with self.contacts.lock:
            number = next(self.contacts.numbers)
            return self.contacts.add(f"{self.prefix}{number:012d}AAA", fields)["id"]

    def reader(self, row):
        def value(name):
            if name in ("Id", "SystemModstamp"):  # what a page of thousands is sorted by
                return row["id"] if name == "Id" else stamp(row["modified"])
            account = row["fields"].get("AccountId")
            special = {"LastModifiedDate": stamp(row["modified"]), "Owner.Name": self.owner, "LastModifiedBy.Name": self.changer, "IsDeleted": row["deleted"],
                       "Name": f"{row['fields'].get('FirstName') or ''} {row['fields'].get('LastName') or ''}".strip(),
                       **({"Account.Name": self.accounts.name_of(account)} if self.table == "Contact" else
                          {"IsConverted": row["fields"].get("converted", False)})}
            if name in special:
                return special[name]
            if name not in self.members:
                refuse("INVALID_FIELD", f"No such column '{name}' on entity '{self.table}'.")
            return row["fields"].get(name)
        return value

    @staticmethod
    def account_reader(number, row):
        values = {"Id": number, "Name": row[0], "BillingCity": row[1]}
        return lambda name: values[name] if name in values else refuse("INVALID_FIELD", f"No such column '{name}' on entity 'Account'.")

    def query(self, text, deleted):
        soql = Soql(text)
        if soql.table == "Organization" and soql.columns == ["Name", "IsSandbox"]:
            return 200, {"totalSize": 1, "done": True, "records": [{"attributes": {"type": "Organization"}, "Name": "Muster Sandbox", "IsSandbox": True}]}, {}
        if soql.table not in ("Account", self.table):
            refuse("INVALID_TYPE", f"sObject type '{soql.table}' is not supported.")
        if soql.table == "Account":
            rows = [self.account_reader(*row) for row in self.accounts.rows.items()]
        else:
            rows = [self.reader(row) for row in list(self.contacts.rows.values()) if deleted or not row["deleted"]]
        found = sorted((row for row in rows if soql.where(row)), key=lambda row: [row(name) for name in soql.order])[:soql.limit]
        records = []
        for row in found:
            record = {"attributes": {"type": soql.table}}
            for name in soql.columns:
                if name in ("Account.Name", "Owner.Name", "LastModifiedBy.Name"):
                    record[name.split(".")[0]] = {"attributes": {}, "Name": row(name)} if row(name) else None
                else:
                    record[name] = row(name)
            records.append(record)
        return 200, {"totalSize": len(records), "done": True, "records": records}, {}

    def check(self, fields, own=None):
        for name, value in fields.items():
            if name not in self.members:
                refuse("INVALID_FIELD", f"No such column '{name}' on sobject of type {self.table}")
            if value is not None and (not isinstance(value, str) or not value):
                refuse("JSON_PARSER_ERROR", f"Cannot deserialize {name}")
            if value is not None and len(value) > self.members[name]:
                refuse("STRING_TOO_LONG", f"{name}: data value too large (max length={self.members[name]})", fields=[name])
            if value is not None and name == "AccountId" and value not in self.accounts.rows:
                refuse("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", f"insufficient access rights on cross-reference id: {value}")
            if value is not None and name == "Gebiet__c" and value not in self.choices[name]:
                refuse("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f"{name}: bad value for restricted picklist field: {value}", fields=[name])
        if "Email" in fields and fields["Email"] and "@" not in fields["Email"]:
            refuse("INVALID_EMAIL_ADDRESS", "Email: invalid email address", fields=["Email"])
        marker = fields.get("Kartei_Id__c")
        for row in self.contacts.living():
            if marker and row["id"] != own and row["fields"].get("Kartei_Id__c") == marker:
                refuse("DUPLICATE_VALUE", f"duplicate value found: Kartei_Id__c duplicates value on record with id: {row['id']}")

    @staticmethod
    def duplicate_rule(request):
        """Without a header that can be read an alert rule blocks the write."""
        parts = (request.headers.get("Sforce-Duplicate-Rule-Header") or "").split(";")
        if not all(re.fullmatch(r"\s?(allowSave|includeRecordDetails|runAsCurrentUser)=(true|false)", part) for part in parts):
            refuse("DUPLICATES_DETECTED", "Use one of these records?")

    def create(self, request):
        fields = request.json()
        self.duplicate_rule(request)
        with self.contacts.lock:
            self.check(fields)
            missing = [name for name in self.needed if not fields.get(name)]
            if missing:
                refuse("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(missing)}]", fields=missing)
            return 201, {"id": self.insert(fields), "success": True, "errors": []}, {}

    def create_account(self, request):
        fields = request.json()
        self.duplicate_rule(request)
        if set(fields) != {"Name"} or not isinstance(fields["Name"], str) or not fields["Name"].strip():
            refuse("REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]", fields=["Name"])
        if len(fields["Name"]) > 255:
            refuse("STRING_TOO_LONG", "Account Name: data value too large (max length=255)", fields=["Name"])
        with self.contacts.lock:
            return 201, {"id": self.accounts.make(fields["Name"]), "success": True, "errors": []}, {}

    def update(self, request, record_id):
        with self.contacts.lock:
            row = self.contacts.rows.get(record_id)
            if row is None or row["deleted"]:
                refuse("ENTITY_IS_DELETED" if row else "NOT_FOUND", "entity is deleted", 404)
            since = request.headers.get("If-Unmodified-Since")
            if since and int(row["modified"]) > email.utils.parsedate_to_datetime(since).timestamp():
                refuse("PRECONDITION_FAILED", "The record was changed", 412)
            fields = request.json()
            self.check(fields, record_id)
            self.contacts.change(record_id, fields)
            return 204, None, {}

    def describe(self):
        for name in ("Id", "LastModifiedDate", "Name"):
            yield {"name": name, "label": name, "type": "string", "length": 18, "nillable": False, "createable": False, "updateable": False,
                   "defaultedOnCreate": True, "custom": False, "unique": False, "externalId": False, "restrictedPicklist": False,
                   "picklistValues": []}
        for name, size in self.members.items():
            if name in self.hidden:
                continue
            kind = ("picklist" if name in self.choices else "reference" if name in REFERENCES else "email" if name == "Email" else
                    "phone" if "Phone" in name or name == "Fax" else "textarea" if size > 255 or name == "MailingStreet" else "string")
            yield {"name": name, "label": f"Feld {name}", "type": kind, "length": size, "nillable": name not in (*self.needed, "OwnerId"),
                   "createable": name not in self.read_only, "updateable": name not in self.read_only, "defaultedOnCreate": name == "OwnerId", "custom": name.endswith("__c"),
                   "unique": name == "Kartei_Id__c", "externalId": name == "Kartei_Id__c", "restrictedPicklist": name == "Gebiet__c",
                   "picklistValues": [{"value": v, "label": v, "active": True} for v in self.choices.get(name, ())]}

    def duplicates(self):
        """Of the API of its pages: the rules that are active for the object."""
        rules = [{"actionOnInsert": action, "actionOnUpdate": action, "active": active, "duplicateRuleFilters": [], "matchRules": [], "name": name,
                  "operationsOnInsert": [*operations], "operationsOnUpdate": [*operations]} for name, active, action, operations in self.rules]
        return 200, {"apiName": self.table, "dedupeEnabled": any(rule["active"] for rule in rules), "dedupeFields": ["Email", "LastName"],
                     "duplicateRules": rules, "predupeEnabled": True}, {}

    def respond(self, request):
        if not self.authorised(request):
            refuse("INVALID_SESSION_ID", "Session expired or invalid", 401)
        path = request.path.removeprefix(ROOT)
        record_id = path.removeprefix(f"/sobjects/{self.table}/")
        if request.method == "GET" and path in ("/query", "/queryAll"):
            return self.query(request.query["q"], path == "/queryAll")
        if request.method == "GET" and path == f"/sobjects/{self.table}/describe":
            return 200, {"name": self.table, "fields": [*self.describe()]}, {}
        if request.method == "GET" and path == f"/ui-api/duplicates/{self.table}" and not request.query:
            return self.duplicates()
        if request.method == "POST" and path == f"/sobjects/{self.table}":
            return self.create(request)
        if request.method == "POST" and path == "/sobjects/Account":
            return self.create_account(request)
        if request.method == "PATCH" and record_id != path:
            return self.update(request, record_id)
        if request.method == "DELETE" and record_id != path:
            with self.contacts.lock:
                if record_id not in self.contacts.rows or self.contacts.rows[record_id]["deleted"]:
                    refuse("ENTITY_IS_DELETED", "entity is deleted", 404)
                self.contacts.delete(record_id)
            return 204, None, {}
        return refuse("NOT_FOUND", "The requested resource does not exist", 404)


class SalesforceLeads(Salesforce):
    """Leads of such an org."""

    table, prefix, lengths, needed = "Lead", "00Q", LEAD_MEMBERS, ("LastName", "Company")


class SalesforcePeer(FakePeer):
    kind = "salesforce"
    commits_late = True
    tells = ("owner", "changed_at", "changed_by")
    custom, listed, constant = "Rolle__c", ("Gebiet__c", "Süd"), ("LeadSource", "Messe")
    unmapped = ("organization", "urls")
    family, phone, title, other = "LastName", "Phone", "Title", "Description"

    @staticmethod
    def refusals():
        def error(status, code, message="Nein."):
            return ("answer", status, {"Content-Type": "application/json"}, json.dumps([{"errorCode": code, "message": message}]).encode())
        return [
            (error(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Bitte erst Opt-in erfragen."), "rejected", "Bitte erst Opt-in erfragen."),
            (error(400, "DUPLICATES_DETECTED", "Use one of these records?"), "duplicate", "Use one of these records?"),
            (error(403, "REQUEST_LIMIT_EXCEEDED"), "quota", None),
            (error(400, "UNABLE_TO_LOCK_ROW"), "quota", None),
            (error(412, "PRECONDITION_FAILED"), "conflict", None),
            (error(404, "ENTITY_IS_DELETED"), "gone", None),
            (error(401, "INVALID_SESSION_ID"), "reauthorise", None),
            (error(503, "SERVER_UNAVAILABLE"), "uncertain", None),
        ]

    @staticmethod
    def empty_lists():
        return [("answer", 200, {}, text) for text in (b"null", b"{}", b'{"records":null}', b'{"records":[{"Id":""}]}')]

    @staticmethod
    def bogus_cursor():
        return json.dumps({"since": "2020-01-01T00:00:00.000Z"})


class SalesforceLeadPeer(SalesforcePeer):
    kind = "salesforce_lead"
    unmapped = ("department",)
