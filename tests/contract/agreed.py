"""What the vendors' contracts (contracts/*.openapi.json) say about what really goes over the wire.

The contracts were written for tests like this one from the vendors' published documentation (CC0, no vendor material). Every
request that a connector makes in any case is held against its contract, and every answer of a fake, too: a fake that promises
what the vendor does not would make the connector expect it. What goes beyond a contract is a row of BEYOND with its source;
everything else is a violation. run_prism.py asks Prism about the same requests.
"""
import json
import pathlib
import re
import urllib.parse

import jsonschema

FOLDER = pathlib.Path(__file__).parent / "contracts"


def plain_schema(schema):
    """OpenAPI 3.0's `nullable` as JSON Schema says it."""
    if isinstance(schema, list):
        return [plain_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: plain_schema(part) for key, part in schema.items() if key not in ("nullable", "example")} | (
        {"nullable": True} if schema.get("nullable") is True else {})
    if schema.pop("nullable", False):
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def complaints(value, schema, where):
    """One line for each thing in the value that the schema does not allow; each unknown member has its own."""
    for error in jsonschema.Draft4Validator(schema).iter_errors(value):
        path = "/".join([where, *(str(step) for step in error.absolute_path)])
        if error.validator == "additionalProperties":
            for name in sorted(set(error.instance) - set(error.schema.get("properties", {}))):
                yield f"{path}: unknown member {name}"
        else:
            yield f"{path}: {error.message[:200]}"


def typed(text, schema):
    """The text of a parameter as its schema's type."""
    try:
        if schema.get("type") == "integer":
            return int(text)
        if schema.get("type") == "boolean":
            return {"true": True, "false": False}[text]
    except (KeyError, ValueError):
        pass
    return text


class Contract:
    def __init__(self, name, beyond=()):
        document = json.loads((FOLDER / f"{name}.openapi.json").read_text())
        self.root = urllib.parse.urlsplit(document["servers"][0]["url"]).path
        self.beyond = [(re.compile(pattern), why) for pattern, why in beyond]
        self.operations, self.seen, self.violations, self.explained = [], 0, set(), set()
        for path, methods in document["paths"].items():
            # {id} takes no further segment; templates with less in braces are asked first
            shape = re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", path)))
            shared = methods.get("parameters", [])
            for method, operation in methods.items():
                if method != "parameters":
                    known = {(p["in"], p["name"]): p for p in shared + operation.get("parameters", [])}
                    self.operations.append((method.upper(), path, shape, known, plain_schema(operation)))
        self.operations.sort(key=lambda row: row[1].count("{"))

    def find(self, method, path):
        for row in self.operations:
            if row[0] == method and path.startswith(self.root) and row[2].fullmatch(path[len(self.root):]):
                return row
        return None

    @staticmethod
    def parameters(known, query, headers):
        given = {**{("query", name): text for name, text in query}, **{("header", name): text for name, text in headers.items()}}
        names = {(place, name.lower()): p for (place, name), p in known.items()}
        for (place, name), p in names.items():
            text = given.get((place, p["name"] if place == "query" else name))
            if text is None and p.get("required") and place != "path":
                yield f"{place} {p['name']} is missing"
            elif text is not None:
                yield from complaints(typed(text, p["schema"]), plain_schema(p["schema"]), f"{place} {p['name']}")
        for name, _ in query:
            if ("query", name.lower()) not in names:
                yield f"query {name} is unknown"

    @staticmethod
    def content(spec, kind, body, where):
        """A body against the media types of a requestBody or a response."""
        media = {name.split(";")[0]: one for name, one in (spec or {}).get("content", {}).items()}
        if not body:
            if (spec or {}).get("required"):
                yield f"{where} is missing"
            return
        if kind not in media:
            yield f"{where}: {kind} is not one of {sorted(media)}"
            return
        if "json" not in kind:
            return
        try:
            yield from complaints(json.loads(body), media[kind].get("schema", {}), where)
        except ValueError:
            yield f"{where}: no JSON"

    def told(self, lines, what):
        """Sorts complaints into violations and what is explained; the number of both."""
        lines = [f"{what} {line}" for line in lines]
        for line in lines:
            row = next((row for row in self.beyond if row[0].search(line)), None)
            (self.explained if row else self.violations).add(row[0].pattern if row else line)
        return len(lines)

    def request(self, request):
        self.seen += 1
        path, _, query = request.path.partition("?")
        path = urllib.parse.unquote(path)
        row = self.find(request.method, path)
        if not row:
            return self.told(["no such operation"], f"{request.method} {path}")
        headers = request.fields()
        kind = headers.get("content-type", "").split(";")[0]
        return self.told([*self.parameters(row[3], urllib.parse.parse_qsl(query, keep_blank_values=True), headers),
                          *self.content(row[4].get("requestBody"), kind, request.body, "body")], f"{row[0]} {row[1]}")

    def answer(self, request, raw):
        row = self.find(request.method, urllib.parse.unquote(request.path.partition("?")[0]))
        head, _, body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        if not row or len(lines[0].split(" ")) < 2:
            return
        status = lines[0].split(" ")[1]
        kinds = [line.split(":", 1)[1].split(";")[0].strip() for line in lines if line.lower().startswith("content-type:")]
        what = f"{row[0]} {row[1]} answer {status}"
        spec = row[4]["responses"].get(status)
        self.told([": not in the contract"] if spec is None else self.content(spec, (kinds or [""])[0], body, "body"), what)


# What goes beyond a contract: (pattern in the complaint, what it rests on). "facts" are the notes on the vendor's documentation that
# the contract was made from; it covers fewer addresses and members than they name.
BEYOND = {
    "dynamics": ("dataverse", [
        (r"^DELETE \S+/contacts\(\S+\) no such operation", "conditional DELETE by ETag: perform-conditional-operations"),
        (r"^GET \S+/EntityDefinitions\(LogicalName='contact'\)", "facts: metadata"),
        (r"^(GET|POST) \S+/accounts no such operation", "facts: tables, entity set accounts"),
        (r"^GET \S+/accounts\(\S+\) no such operation", "one of them by its key"),
        (r"^GET /falsch/", "a case with a wrong address"),
        (r"^GET \S+/(systemusers|organizations)\(\S+\) no such operation", "the names of what WhoAmI gives: tables of every environment"),
        (r"answer 200 body/value/\d+: 'contactid' is a required property", "facts: deletions come as $deletedEntity with id and reason"),
        (r"unknown member (emailaddress3|suffix|telephone2|address1_stateorprovince|leadsourcecode)$", "facts: columns of contact"),
        (r"^GET \S+/(organizations|duplicaterules) no such operation", "the vendor's reference of tables: organization, duplicaterule"),
        (r"unknown member new_rolle$", "a column of the customer's own"),
    ]),
    "hubspot": ("hubspot", [
        (r"^GET \S+/properties/contacts/\w+ no such operation", "one property of facts: metadata"),
        (r"batch/read answer 207 ", "facts: errors, batch answers 207 with numErrors"),
    ]),
    "msgraph": ("msgraph", [
        (r"^GET /me/contacts/\{id\} query \$select is unknown", "OData's own option, as on the list"),
        (r"^POST /me/contacts body: unknown member singleValueExtendedProperties", "facts: custom data"),
    ]),
    "pipedrive": ("pipedrive", [
        (r"^DELETE /api/v2/persons/\d+ no such operation", "facts: write; the cost of a delete is named"),
        (r"^PUT /api/v1/persons/\d+/merge no such operation", "facts: write, merge is still of version 1"),
        (r"^GET /api/v1/recents no such operation", "facts: export, deleted rows"),
        (r"^GET /api/v2/organizations(/search)? no such operation", "facts: objects"),
        (r"^POST /api/v2/organizations no such operation", "the vendor's v2 specification: add an organisation; facts: objects"),
        (r"^GET /api/v2/personFields/\w+ no such operation", "facts: metadata"),
        (r"^GET /persons query org_id is unknown", "the vendor's v2 specification: list persons of one organisation"),
        (r"^(GET|PATCH) /persons/\{id\} answer 410 ", "facts: errors, 410 deleted"),
        (r"^PATCH /persons/\{id\} body/org_id: None is not of type 'integer'", "null unlinks, as everywhere in v2"),
    ]),
    "salesforce": ("salesforce", [
        (r"^DELETE \S+/sobjects/Contact/\w+ no such operation", "facts: a DELETE takes no condition"),
        (r"^GET \S+/ui-api/duplicates/Contact no such operation", "UI API: duplicate management configuration, since v50.0"),
        (r"^GET \S+/queryAll no such operation", "facts: export, queryAll with IsDeleted"),
        (r"^POST \S+/sobjects/Account no such operation", "sObject rows: every object is created alike"),
        (r"^PATCH \S+/Contact/\{id\} body/\w+: None is not of type 'string'", "facts: null clears a field"),
    ]),
    "sap_sales": ("sap-sales-cloud-v2", [
        (r"^GET \S+/account-service/accounts no such operation", "facts: base addresses"),
        (r"body/accountId: None is not of type 'string'", "null clears in a merge patch (RFC 7396)"),
    ]),
}


def contract_of(kind):
    """The contract of a connector, or None where there is none."""
    return Contract(*BEYOND[kind]) if kind in BEYOND else None
