"""The role matrix: every operation, asked by every caller, about every kind of object, with its id in every place.

A row is an operation and what it is asked about; a cell is what became of it:
  401 403 404  as answered
  in           all judges of who may let it pass, whatever became of it then
  422          a body that names something else was refused as invalid
  none, some   a list, filtered by an id: without or with something in it
"""
import json
import uuid

from matrix_world import CALLERS, person
from photo import jpeg

NOWHERE = "00000000-0000-7000-8000-000000000000"
BODIES = {"answer": b"{}", "companies": b'{"name":"Muster GmbH"}', "preview": b"{}", "erasure": b"{}", "identity-providers": b'{"state":"off"}', "decision": b'{"same":true}', "batches": b'{"state":"running"}', "inbox": b'{"postponed_until":"2999-01-02"}', "presence": b'{"here":true}', "/v1/contacts/{id}/check": b'{"checked":true}', "cluster": b'{"record_id":"00000000-0000-7000-8000-000000000000","belongs":false}',
          "judgements": b'{"contact_id":"00000000-0000-7000-8000-000000000000","right":true}', "pair-test": b'{"left":{},"right":{}}', "imports": b'{"text":"Name\\nErika Muster"}',
          "policy": b'{"policy":"confirm"}', "second-factor-reset": b'{"reason":"lost phone"}',
          "mapping": b'{"connector":"address_book","object":"contact","rows":[{"ours":"family_name","theirs":"family_name"}]}'}
# Paths whose {id} is not of the kind that the path begins with.
BY_FILE = ("/exports", "/imports")
# What ends sessions: everybody is signed in anew before each cell.
ENDS = {("DELETE", "/v1/session"), ("DELETE", "/v1/sessions/{id}"), ("POST", "/v1/sessions/cut-off"), ("POST", "/v1/users/{id}/cut-off"),
        ("POST", "/v1/users/{id}/second-factor-reset"), ("POST", "/v1/organisation/cut-off")}
# What would ask somebody in the network, if it may: whoever has the object asks without the key, which is missed behind the judges.
ASKS_OUT = {("POST", "/v1/identity-providers/{id}/test")}


class Row:
    """One line of the matrix: how to ask, and what the answer's kind is."""

    def __init__(self, operation, about, path, body=None, kind="plain"):
        self.method, self.template, self.resource, self.action, self.scope, self.flags = operation
        self.about, self.path, self.body, self.kind = about, path, body, kind

    def ask(self, world, caller):
        if (self.method, self.template) in ENDS:
            world.renew()
        client, headers = world.asker(caller, self.scope)
        theirs = self.about == ("path foreign" if caller == "other" else "path shared")
        if not ((self.method, self.template) in ASKS_OUT and theirs):
            headers = {**headers, "Idempotency-Key": str(uuid.uuid4())}
        if "if-match" in self.flags:
            headers["If-Match"] = '"v999999"'
        method, body = self.method, self.body
        if body is not None:
            headers["Content-Type"] = "image/jpeg" if "upload" in self.flags else "application/json"
        if self.template == "/v1/events":
            method = "HEAD"
        return client.request(method, self.path, body, headers)

    def word(self, answer):
        if answer.status in (401, 403, 404):
            return str(answer.status)
        if self.kind == "filter" and answer.status == 200:
            return "some" if answer.json["items"] else "none"
        return "422" if self.kind == "body" and answer.status == 422 else "in"


def plain_body(operation):
    """Good enough to reach the object; creating is asked with something that is not JSON."""
    method, template = operation[0], operation[1]
    if method not in ("POST", "PATCH"):
        return None
    last = template.rsplit("/", 1)[1]
    last = template.split("/")[2] if last == "{id}" else last
    creates = template.count("/") == 2 or last == "revocation"
    return b"not json" if creates and method == "POST" else BODIES.get(template, BODIES.get(last, b"{}" if method == "PATCH" else b""))


def path_rows(operation, world):
    """The id in the path: each kind of object that there is."""
    template = operation[1]
    if "{id}" not in template:
        yield Row(operation, "", template.replace("{page}", "firewall"), plain_body(operation))
        return
    kind = "drops" if template.endswith(BY_FILE) else template.split("/")[2]
    ids = {"shared": world.one.made.get(kind), "private": world.one.made.get(kind + "/private"),
           "binned": world.one.made.get(kind + "/binned"), "gone": NOWHERE, "foreign": world.two.made.get(kind),
           "foreign binned": world.two.made.get(kind + "/binned")}
    for about, id_ in ids.items():
        if id_:
            path = template.replace("{id}", id_).replace("{n}", "1")
            yield Row(operation, f"path {about}", path, plain_body(operation))


def plan_of(world, **other):
    made = world.one.made
    return {"contact_id": made["contacts"], "contact_version": 1, "connection_id": made["connections"], "choices": [], **other}


# (method, template): place -> (kind of object, how the request looks with an id of it). The rest of the request is the owner's and good.
PLACES = {
    ("POST", "/v1/scans"): {"query list": ("lists", lambda w, id_: (f"?list={id_}", jpeg(id_))),
                            "query fair": ("fairs", lambda w, id_: (f"?fair={id_}", jpeg(f"fair {id_}")))},
    ("POST", "/v1/fairs"): {"body list_id": ("lists", lambda w, id_: ("", {"name": "Neu", "legal_basis": "consent", "list_id": id_}))},
    ("PATCH", "/v1/fairs/{id}"): {"body list_id": ("lists", lambda w, id_: ("", {"list_id": id_}))},
    ("GET", "/v1/contacts"): {"filter list": ("lists", lambda w, id_: (f"?list={id_}", None)),
                              "filter fair": ("fairs", lambda w, id_: (f"?fair={id_}", None)),
                              "filter scan": ("scans", lambda w, id_: (f"?scan={id_}", None))},
    ("GET", "/v1/sessions"): {"filter user": ("users", lambda w, id_: (f"?user={id_}", None))},
    ("POST", "/v1/contacts"): {"body list_id": ("lists", lambda w, id_: ("", {"contact": person("Neutral", "Dora"), "list_id": id_})),
                               "body fair_id": ("fairs", lambda w, id_: ("", {"contact": person("Neutral", "Dora"), "fair_id": id_}))},
    ("GET", "/v1/write-backs"): {"filter contact": ("contacts", lambda w, id_: (f"?contact={id_}", None))},
    ("GET", "/v1/contacts/{id}/review"): {
        "query connection": ("connections", lambda w, id_: (f"?connection={id_}&create=true", None)),
        "query record": ("records", lambda w, id_: (f"?record={id_}", None))},
    ("POST", "/v1/previews"): {
        "body contact_id": ("contacts", lambda w, id_: ("", plan_of(w, contact_id=id_))),
        "body connection_id": ("connections", lambda w, id_: ("", plan_of(w, connection_id=id_))),
        "body record_id": ("records", lambda w, id_: ("", plan_of(w, record_id=id_)))},
    ("POST", "/v1/write-backs"): {"body preview_id": ("previews", lambda w, id_: ("", {"preview_id": id_}))},
    ("POST", "/v1/subject-requests/{id}/preview"): {
        "bulk contacts": ("contacts", lambda w, id_: ("", {"contacts": [w.one.made["contacts"], id_]})),
        "bulk records": ("records", lambda w, id_: ("", {"records": [id_]}))},
    ("POST", "/v1/lists"): {"bulk members": ("users", lambda w, id_: (
        "", {"name": "Neu", "members": [{"user_id": w.users["second"], "right": "reader"}, {"user_id": id_, "right": "editor"}]}))},
    ("PATCH", "/v1/lists/{id}"): {"bulk members": ("users", lambda w, id_: ("", {"members": [{"user_id": id_, "right": "editor"}]}))},
    ("POST", "/v1/mailboxes"): {"body list_id": ("lists", lambda w, id_: ("", {
        "kind": "google_mail", "secret": {}, "list_id": id_, "settings": {"address": f"{uuid.uuid4()}@one.example", "client_id": "a"}}))},
    ("PATCH", "/v1/mailboxes/{id}"): {"body list_id": ("lists", lambda w, id_: ("", {"list_id": id_}))},
}


def place_rows(operation, world):
    method, template = operation[0], operation[1]
    for place, (kind, shape) in PLACES.get((method, template), {}).items():
        ids = {"shared": world.one.made.get(kind), "private": world.one.made.get(kind + "/private"),
               "binned": world.one.made.get(kind + "/binned"), "gone": NOWHERE, "foreign": world.two.made.get(kind)}
        for about, id_ in ids.items():
            if not id_:
                continue
            query, body = shape(world, id_)
            path = template.replace("{id}", world.one.made.get(template.split("/")[2], "")) + query
            body = json.dumps(body).encode() if isinstance(body, dict) else body
            yield Row(operation, f"{place} {about}", path, body, "filter" if place.startswith("filter") else "body")


def rows_of(world, operations):
    """What ends sessions comes last."""
    rows = [row for operation in operations for row in (*path_rows(operation, world), *place_rows(operation, world))]
    return sorted(rows, key=lambda row: (row.method, row.template) in ENDS)


class Measured:
    """The words by row and caller, each byte of a stranger with where it came from, and what broke."""

    def __init__(self, world, rows, callers=CALLERS):
        self.world, self.rows, self.callers, self.leaks, self.broken = world, rows, callers, [], []
        self.cells = [{} for _ in rows]
        self.ask([caller for caller in callers if caller != "other"])
        self.changed = self.changes(world.two)
        world.one.remember()
        self.ask([caller for caller in callers if caller == "other"])
        self.changed += self.changes(world.one)

    def ask(self, callers):
        for row, words in zip(self.rows, self.cells):
            for caller in callers:
                answer = row.ask(self.world, caller)
                words[caller] = row.word(answer)
                self.judge(row, caller, answer)

    def judge(self, row, caller, answer):
        stranger = self.world.one if caller == "other" else self.world.two
        where = f"{row.method} {row.path} ({row.about}) by {caller}"
        said = row.path.encode() + (row.body or b"")
        data = answer.data + str(answer.headers).encode()
        self.leaks += [f"{where}: {found}" for found in stranger.foreign_bytes(data, said)]
        if answer.status >= 500 and answer.slug not in ("crm-unreachable", "mailbox-unreachable"):
            self.broken.append(f"{where}: {answer.status} {answer.data[:200]}")

    @staticmethod
    def changes(organisation):
        now = organisation.look()
        return [f"{organisation.word}: {table}" for table, rows in organisation.rows.items() if now[table] != rows]

    @property
    def probes(self):
        return sum(len(words) for words in self.cells)


def as_text(measured):
    lines, last = [], None
    for row, words in zip(measured.rows, measured.cells):
        operation = f"{row.method} {row.template}"
        if operation != last:
            lines.append(operation)
        last = operation
        lines.append((row.about or "-", *words.values()))
    width = max(len(line[0]) for line in lines if isinstance(line, tuple)) + 2
    head = measured.cells[0]
    columns = [max(len(name), 4) + 2 for name in head]
    out = ["".ljust(width + 2) + "".join(name.ljust(w) for name, w in zip(head, columns)).rstrip()]
    for line in lines:
        out.append(line if isinstance(line, str) else
                   ("  " + line[0].ljust(width) + "".join(word.ljust(w) for word, w in zip(line[1:], columns))).rstrip())
    return "\n".join(out) + "\n"
