"""The real servers behind the connectors, as a test sees them: what others do there, past all of our code."""
import json
import re
import subprocess
import urllib.parse


class Drive:
    """The C program that runs connector functions."""

    def __init__(self, program, allow, ca_file=None, total_ms=20000):
        command = [program, allow, str(total_ms), *([ca_file] if ca_file else [])]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def call(self, kind, name, **values):
        line = json.dumps({"kind": kind, "call": name, **values}) + "\n"
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the drive died during {name}: {self.process.wait()}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        if self.process.wait(10) != 0:
            raise RuntimeError("the drive ended badly")


class CarddavPeer:
    kind = "carddav"
    unmapped, emails, conditional, mail_is_unique = (), 9, True, False
    restores, stamps_by_hand = True, False
    remembers_exactly, commits_late = True, False
    hard_delete_is_seen = True
    tells = ()  # a card that nobody dated says nothing

    def __init__(self, server, port):
        self.server, self.port = server, port

    def settings(self, port=None):
        return {"url": f"http://127.0.0.1:{port or self.port}{self.server.book}", "user": self.server.login}

    def secret(self, wrong=False):
        return {"password": "wrong" if wrong else self.server.password}

    @staticmethod
    def is_write(request):
        return request.method in ("PUT", "DELETE")

    @staticmethod
    def is_list(request):
        return b"sync-collection" in request.body or b"getetag" in request.body

    def path(self, remote_id):
        return self.server.book + urllib.parse.quote(urllib.parse.unquote(remote_id))

    def raw(self, remote_id):
        status, _, body = self.server.dav("GET", self.path(remote_id))
        return body.decode() if status == 200 else None

    def put(self, name, card):
        status, _, body = self.server.dav("PUT", self.server.book + name, card.replace("\n", "\r\n").encode(),
                                          {"Content-Type": "text/vcard; charset=utf-8"})
        assert status in (201, 204), (status, body)

    def add_unknown(self, remote_id):
        """What another program keeps in the card: a note, a birthday, a labelled number, an e-mail with parameters."""
        extra = ("NOTE:Trifft man auf der Messe\\, Halle 3\nBDAY:1970-04-01\nX-ANNIVERSARY:2001-09-09\n"
                 "item7.TEL:+49 931 99999-01\nitem7.X-ABLABEL:Empfang\nCATEGORIES:Kunde,A\n")
        self.put(remote_id, self.raw(remote_id).replace("\r\n", "\n").replace("END:VCARD\n", extra + "END:VCARD\n"))

    def unknown(self, remote_id):
        lines = re.sub(r"\r\n[ \t]", "", self.raw(remote_id)).split("\r\n")
        names = ("NOTE", "BDAY", "X-ANNIVERSARY", "ITEM7.TEL", "ITEM7.X-ABLABEL", "CATEGORIES", "UID")
        return sorted(line for line in lines if line.upper().startswith(names))

    def rich(self, remote_id):
        """Its values with their labels and kinds."""
        lines = re.sub(r"\r\n[ \t]", "", self.raw(remote_id)).split("\r\n")
        return sorted(line for line in lines if re.match(r"(?:\w+\.)?(?:TEL|EMAIL|URL|ADR|X-AB)", line))

    def change(self, remote_id):
        self.put(remote_id, self.raw(remote_id).replace("\r\n", "\n").replace("END:VCARD\n", "NOTE:von anderen\nEND:VCARD\n"))

    def delete(self, remote_id):
        assert self.server.dav("DELETE", self.path(remote_id))[0] in (200, 204)

    archive = delete

    def count(self, family_name):
        """How many records of this family name there are: the ledger."""
        body = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
        _, _, answer = self.server.dav("PROPFIND", self.server.book, body, {"Depth": "1"})
        hrefs = re.findall(r"<href>([^<]*\.vcf)</href>", answer.decode())
        return sum(family_name in (self.raw(href.rsplit("/", 1)[1]) or "") for href in hrefs)

    def add_foreign(self, family_name, phone):
        """A record of another program, its phone written in that program's way."""
        self.put(f"foreign-{family_name}.vcf", f"BEGIN:VCARD\nVERSION:3.0\nUID:foreign-{family_name}\nFN:Ida {family_name}\n"
                 f"N:{family_name};Ida;;;\nTEL;TYPE=WORK:{phone}\nEND:VCARD\n")

    def many(self):
        return (self.server.folder / "data/collection-root" / self.server.book.strip("/")).glob("many-*.vcf")

    def add_many(self, n):
        """By files, because a thousand requests take long."""
        folder = self.server.folder / "data/collection-root" / self.server.book.strip("/")
        for i in range(n):
            (folder / f"many-{i:04}.vcf").write_bytes(
                f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:many-{i:04}\r\nFN:Viele {i}\r\nN:Viele{i};Anna;;;\r\nEND:VCARD\r\n".encode())
        self.count("-")  # Radicale reads new files slowly, once

    def remove_many(self):
        for path in self.many():
            path.unlink()

    @staticmethod
    def refusals():
        plain = {"Content-Type": "text/plain"}
        return [
            (("answer", 400, plain, b"no such vCard"), "rejected", "no such vCard"),
            (("answer", 403, {"Content-Type": "application/xml"}, b'<error xmlns="DAV:"><C:valid-address-data '
              b'xmlns:C="urn:ietf:params:xml:ns:carddav"/></error>'), "rejected", "valid-address-data"),
            (("answer", 415, {}, b""), "rejected", "HTTP 415"),
            (("answer", 412, {}, b""), "conflict", None),
            (("answer", 404, {}, b""), "gone", None),
        ]

    @staticmethod
    def empty_lists():
        return [("answer", 207, {"Content-Type": "application/xml"}, b'<multistatus xmlns="DAV:"/>')]

    @staticmethod
    def bogus_cursor():
        return json.dumps({"token": "http://radicale.org/ns/sync/0000"})


class TrytonPeer:
    kind = "tryton"
    tells = ("changed_at",)
    unmapped, emails, conditional, mail_is_unique = ("job_title", "department"), 9, True, False
    remembers_exactly = commits_late = False
    restores, stamps_by_hand = True, False
    hard_delete_is_seen = False  # but it starts a full run

    def __init__(self, server, port):
        self.server, self.port = server, port
        if not server.rpc("model.country.country.search_count", [], {}):
            server.rpc("model.country.country.create", [{"name": "Deutschland", "code": "DE"}], {})

    def settings(self, port=None):
        return {"url": f"http://127.0.0.1:{port or self.port}/", "database": self.server.database, "user": self.server.login}

    def secret(self, wrong=False):
        return {"password": "wrong" if wrong else self.server.password}

    @staticmethod
    def is_write(request):
        return any(word in request.body for word in (b"party.create", b"party.write", b"party.delete"))

    @staticmethod
    def is_list(request):
        return b"search_read" in request.body

    FIELDS = ["name", "lang", "code", "contact_mechanisms.type", "contact_mechanisms.value", "contact_mechanisms.comment",
              "contact_mechanisms.name", "addresses.street", "addresses.name", "addresses.party_name", "identifiers.code"]

    def raw(self, remote_id):
        rows = self.server.rpc("model.party.party.search_read", [["id", "=", int(remote_id)]], 0, 1, None, self.FIELDS, {})
        return json.dumps(rows[0], sort_keys=True) if rows else None

    def write(self, remote_id, values):
        self.server.rpc("model.party.party.write", [int(remote_id)], values, {})

    def add_unknown(self, remote_id):
        row = json.loads(self.raw(remote_id))
        mechanisms, address = row["contact_mechanisms."], row["addresses."][0]
        self.write(remote_id, {
            "contact_mechanisms": [["create", [{"type": "skype", "value": "joerg.s", "comment": "nur mittags"}]],
                                   ["write", [mechanisms[0]["id"]], {"comment": "von der Messe", "name": "Büro"}]],
            "addresses": [["write", [address["id"]], {"name": "Halle 3"}]],
            "identifiers": [["create", [{"code": "alt-4711"}]]]})

    def unknown(self, remote_id):
        row = json.loads(self.raw(remote_id))
        return sorted([(m["type"], m["comment"] or "", m["name"] or "") for m in row["contact_mechanisms."] if m["comment"]]
                      + [("address", a["name"]) for a in row["addresses."] if a["name"]]
                      + [("identifier", i["code"]) for i in row["identifiers."]] + [("code", row["code"])])

    def rich(self, remote_id):
        """Its rows in use with what stands in them besides."""
        row = json.loads(self.raw(remote_id))
        return sorted(json.dumps([m["type"], m["value"], m["comment"], m["name"]]) for m in row["contact_mechanisms."]) + sorted(
            json.dumps([a["street"], a["name"], a["party_name"]]) for a in row["addresses."])

    def change(self, remote_id):
        mechanisms = json.loads(self.raw(remote_id))["contact_mechanisms."]
        self.server.rpc("model.party.contact_mechanism.write", [mechanisms[0]["id"]], {"value": "von@anderen.example"}, {})

    def delete(self, remote_id):
        self.server.rpc("model.party.party.delete", [int(remote_id)], {})

    def archive(self, remote_id):
        self.write(remote_id, {"active": False})

    def count(self, family_name):
        return self.server.rpc("model.party.party.search_count", [["name", "ilike", f"%{family_name}%"]], {})

    def add_foreign(self, family_name, phone):
        self.server.rpc("model.party.party.create", [{"name": f"Ida {family_name}", "contact_mechanisms": [
            ["create", [{"type": "phone", "value": phone}]]], "addresses": [["create", [{"country": 1}]]]}], {})

    def add_many(self, n):
        self.server.rpc("model.party.party.create", [{"name": f"Anna Viele{i}"} for i in range(n)], {})

    def remove_many(self):
        ids = self.server.rpc("model.party.party.search", [["name", "like", "Anna Viele%"]], 0, None, None, {})
        self.server.rpc("model.party.party.delete", ids, {})

    @staticmethod
    def refusals():
        def error(*parts):
            body = json.dumps({"id": 1, "error": list(parts)}).encode()
            return ("answer", 200, {"Content-Type": "application/json"}, body)
        return [
            (error("UserError", ["The phone number is not valid.", "", None]), "rejected", "The phone number is not valid."),
            (error("UserWarning", ["w1", "Do you really want that?", ""]), "rejected", "Do you really want that?"),
            (error("ConcurrencyException", "Records were modified in the meanwhile"), "conflict", None),
            (error("RateLimitException"), "quota", None),
            (error("LoginException", ["password", "Password", "password"]), "reauthorise", None),
            (error("list index out of range", "Traceback …"), "uncertain", None),
            (("answer", 200, {}, b""), "uncertain", None),
            (("answer", 200, {"Content-Type": "text/html"}, b"<html>Wartung</html>"), "uncertain", None),
            (("answer", 200, {}, b'{"id":2,"result":[1]}'), "uncertain", None),
            (("answer", 403, {}, b""), "rejected", "HTTP 403"),
            (("answer", 400, {}, b""), "rejected", "HTTP 400"),
        ]

    @staticmethod
    def empty_lists():
        return [("answer", 200, {}, b'{"id":1,"result":%s}' % text) for text in (b"null", b"{}", b"[null]", b'[{"id":"x"}]')]

    @staticmethod
    def bogus_cursor():
        return json.dumps({"since": 1, "after": 0, "top": 0, "known": 99999, "last": 99999})
