"""OData as the fakes of several vendors speak it: $filter read strictly, lists with links, delta links."""
import re
import secrets
import time

from .core import HOST, FakeCrm, FakePeer, Refusal

TOKENS = re.compile(r"\s*('(?:[^']|'')*'|\d{4}-\d\d-\d\dT[\d:.]+Z|-?\d+|[A-Za-z_@][\w./@]*|[(),:])")
COMPARE = {"eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
           "lt": lambda a, b: a < b, "le": lambda a, b: a <= b}


def refuse(code, message, status=400, headers=None):
    raise Refusal(status, {"error": {"code": code, "message": message}}, headers)


def folded(value):
    return value.lower() if isinstance(value, str) else value


class Filter:
    """One expression; self.matches(lookup) judges a row, lookup(path) gives a value of it."""

    def __init__(self, text, contains, bad):
        self.contains, self.bad, self.tokens, at = contains, bad, [], 0
        text = text.strip()
        while at < len(text):
            found = TOKENS.match(text, at)
            if not found:
                self.fail(f"at {at}")
            self.tokens.append(found.group(1))
            at = found.end()
        self.matches = self.either()
        if self.tokens:
            self.fail(self.tokens[0])

    def fail(self, what):
        refuse(self.bad, f"Syntax error in $filter: {what}")

    def next(self):
        return self.tokens.pop(0) if self.tokens else self.fail("unexpected end")

    def expect(self, word):
        if self.next() != word:
            self.fail(f"{word} expected")

    def either(self):
        parts = [self.both()]
        while self.tokens[:1] == ["or"]:
            self.next()
            parts.append(self.both())
        return lambda lookup: any(part(lookup) for part in parts)

    def both(self):
        parts = [self.one()]
        while self.tokens[:1] == ["and"]:
            self.next()
            parts.append(self.one())
        return lambda lookup: all(part(lookup) for part in parts)

    def literal(self):
        token = self.next()
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if re.fullmatch(r"-?\d+", token):
            return int(token)
        return token if token[0].isdigit() else self.fail(token)

    def one(self):
        if self.tokens[:1] == ["("]:
            self.next()
            inside = self.either()
            self.expect(")")
            return inside
        name = self.next()
        if name == "contains":
            self.expect("(")
            path = self.next()
            self.expect(",")
            pattern = self.literal()
            self.expect(")")
            return lambda lookup: self.contains(lookup(path) or "", pattern)
        if name.endswith("/any"):
            return self.any_of(name.removesuffix("/any"))
        operator, value = self.next(), self.literal()
        if operator not in COMPARE:
            self.fail(operator)
        return lambda lookup: lookup(name) is not None and COMPARE[operator](folded(lookup(name)), folded(value))

    def any_of(self, path):
        self.expect("(")
        variable = self.next()
        self.expect(":")
        inside = self.either()
        self.expect(")")

        def matches(lookup):
            def of(item):
                return lambda name: item if name == variable else item.get(name.removeprefix(variable + "/"))
            return any(inside(of(item)) for item in lookup(path) or [])
        return matches


class OdataCrm(FakeCrm):
    """Lists with links whose tokens only this server understands, and delta links that it may forget."""

    root = bad_filter = None
    public = ""  # "http://127.0.0.1:1234", as the client knows the server
    prefix = ""  # of links, to send the client astray

    def __init__(self, folder, cache=None):
        super().__init__(folder, cache)
        self.tokens = {}  # token -> (kind, moment, index)

    def link(self, path, name, *state):
        token = secrets.token_hex(8)
        self.tokens[token] = (name, *state)
        return f"{self.prefix or self.public}{self.root}{path}?{name}={token}"

    def delta(self, request, path, size, show):
        """One page of a tracked list: everything at first, then what changed since the delta link was given."""
        name = "$skiptoken" if "$skiptoken" in request.query else "$deltatoken"
        state = self.tokens.get(request.query.get(name))
        if name in request.query and (state is None or state[0] != name):
            return None
        _, since, began, start = state or ("", None, time.time(), 0)
        if state and name == "$deltatoken":
            since, began, start = began, time.time(), 0
        rows = sorted((row for row in list(self.contacts.rows.values())
                       if (not row["deleted"] if since is None else row["modified"] >= since)), key=lambda row: row["id"])
        answer = {"@odata.context": f"{self.public}{self.root}/$metadata#contacts", "value": [show(row) for row in rows[start:start + size]]}
        if start + size < len(rows):
            answer["@odata.nextLink"] = self.link(path, "$skiptoken", since, began, start + size)
        else:
            answer["@odata.deltaLink"] = self.link(path, "$deltatoken", since, began, 0)
        return 200, answer, {}


class OdataPeer(FakePeer):
    conditional = True

    def __init__(self, server, port):
        super().__init__(server, port)
        server.public = f"http://{HOST}:{port}"

    @staticmethod
    def fault(status, code, message="Nein."):
        body = '{"error":{"code":"%s","message":"%s"}}' % (code, message)
        return ("answer", status, {"Content-Type": "application/json"}, body.encode())
