"""The two real servers as the judge sees them: records that other programs made, what other people do to them meanwhile, and
everything a record says, by the server's own interface."""
import json
import re
import time
import urllib.parse

from peers import CarddavPeer, TrytonPeer

TITLES = ("Einkauf", "Leitung", "Prokura", "Vertrieb", "Technik")


def person(n):
    """The same person for the server and for the card; nothing of it is shared by two."""
    return {"given": "Jörg", "family": f"Schäfer{n}", "mail": f"joerg.schaefer{n}@mueller.example", "phone": f"+499311234{n:04}",
            "firm": f"Müller & Söhne {n} GmbH"}


class BookSide(CarddavPeer):
    """Radicale."""

    fields = {"N": ("name_prefix", "given_name", "family_name", "name_suffix"), "FN": ("name_prefix", "given_name", "family_name", "name_suffix"),
              "ORG": ("organization", "department"), "TITLE": ("job_title",), "EMAIL": ("emails",), "TEL": ("phones",), "URL": ("urls",),
              "ADR": ("addresses",)}

    @staticmethod
    def part(value):
        return value.rsplit("|", 1)[1] if value.count("|") >= 2 else value

    def plant(self, n, dice):
        """A card by another program's hand: folded lines, groups with labels, kinds and spellings of its own."""
        who = person(n)
        phone = dice.choice([f"TEL;TYPE=WORK,VOICE:+49 (931) 1234-{n:04}", f"item1.TEL;TYPE=PREF:{who['phone']}\nitem1.X-ABLABEL:Zentrale",
                             f"TEL;TYPE=CELL;TYPE=VOICE:0931 1234{n:04}"])
        mail = dice.choice(["EMAIL;TYPE=INTERNET,WORK,PREF", "item2.EMAIL;TYPE=INTERNET", "EMAIL"]) + f":{who['mail']}"
        extra = dice.sample([f"TITLE:{dice.choice(TITLES)}", "BDAY:1970-04-01", "X-ANNIVERSARY:2001-09-09", "CATEGORIES:Kunde,A", "NICKNAME:Jo",
                             "item3.TEL;TYPE=OTHER:+49 931 99999-01\nitem3.X-ABLABEL:Empfang", "IMPP;X-SERVICE-TYPE=Skype:skype:joerg.s",
                             "item4.ADR;TYPE=HOME:Postfach 7;;Äußere Ringstr. 7;Würzburg;;97076;Deutschland\nitem4.X-ABADR:de",
                             "item5.URL:http://mueller.example/a?b=c\nitem5.X-ABLABEL:_$!<HomePage>!$_", "ROLE:Einkäufer"], 6)
        note = "NOTE:Trifft man auf der Messe\\, Halle 3\\; sonst über die Zentrale. " + "Lang " * 12
        lines = [f"N:{who['family']};{who['given']};Maria;Dr.;", f"FN:Dr. {who['given']} {who['family']}", f"ORG:{who['firm']};Einkauf;Süd", phone,
                 mail, note[:70] + "\n " + note[70:], *extra]
        name = f"andere-{n}.vcf"
        self.put(name, f"BEGIN:VCARD\nVERSION:3.0\nUID:andere-{n}\n" + "\n".join(lines) + "\nEND:VCARD\n")
        return name

    def numbers(self):
        body = b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
        answer = self.server.dav("PROPFIND", self.server.book, body, {"Depth": "1"})[2].decode()
        return [urllib.parse.unquote(href.rsplit("/", 1)[1]) for href in re.findall(r"<href>([^<]*\.vcf)</href>", answer)]

    def state(self, number):
        """Properties with their parameters and values, and the label of the group that a line is in."""
        raw = self.raw(number)
        if raw is None:
            return None
        lines, labels, record = re.sub(r"\r?\n[ \t]", "", raw).splitlines(), {}, {}
        parsed = []
        for line in lines:
            head, _, value = line.partition(":")
            name, *parameters = head.split(";")
            group, _, name = name.rpartition(".")
            if name.upper().startswith("X-AB"):
                labels[group.lower()] = f"{name.upper()}={value}"
            else:
                parsed.append((name.upper(), group.lower(), sorted(p.upper() for p in parameters), value))
        for name, group, parameters, value in parsed:
            if name not in ("BEGIN", "END", "VERSION", "UID", "REV", "PRODID"):
                record.setdefault(name, []).append(f"{';'.join(parameters)}|{labels.get(group, '')}|{value}")
        return {name: sorted(values) for name, values in record.items()}

    def rewrite(self, number, pattern, text):
        self.put(number, re.sub(pattern, text, re.sub(r"\r\n[ \t]", "", self.raw(number)).replace("\r\n", "\n"), count=1, flags=re.M))

    def others(self, number, dice):
        """Somebody else at work: in a field that we read, or in one that we do not know."""
        n = dice.randrange(1000, 9999)
        act = dice.choice(("title", "phone", "note", "number", "delete"))
        if act == "title":
            has = "\nTITLE:" in self.raw(number)
            self.rewrite(number, "^TITLE:.*$" if has else "^END:VCARD$", f"TITLE:von anderen {n}" + ("" if has else "\nEND:VCARD"))
        elif act == "phone":
            self.rewrite(number, "^END:VCARD$", f"TEL;TYPE=HOME:+49 931 5555{n}\nEND:VCARD")
        elif act == "number":
            self.rewrite(number, r"^((?:[\w-]+\.)?TEL[^:\n]*):.*$", rf"\1:+49 931 7777{n}")
        elif act == "note":
            self.rewrite(number, "^END:VCARD$", f"X-ANDERE:{n}\nEND:VCARD")
        else:
            self.delete(number)
        return act

    # Faults for a request on its way: what a careless client would have sent instead.
    planted = ((b"NOTE:", b"X-NO:"), (b"\r\nTEL;", b"\r\nX-T;"), (b"\r\nORG:M", b"\r\nORG:W"))


class PartySide(TrytonPeer):
    """Tryton."""

    fields = {"name": ("name_prefix", "given_name", "family_name", "name_suffix"), "party_name": ("organization",), "email": ("emails",),
              "phone": ("phones",), "mobile": ("phones",), "fax": ("phones",), "website": ("urls",), "address": ("addresses",)}
    KEPT = ["name", "lang.code", "code", "active", "replaced_by", "categories", "tax_identifier.code", "contact_mechanisms.type",
            "contact_mechanisms.value", "contact_mechanisms.comment", "contact_mechanisms.name", "contact_mechanisms.sequence",
            "addresses.street", "addresses.name", "addresses.party_name", "addresses.postal_code", "addresses.city", "addresses.country.code",
            "addresses.subdivision", "addresses.sequence", "identifiers.type", "identifiers.code"]

    @staticmethod
    def part(value):
        """The value of a mechanism without comment, name and place; an address without its name."""
        said = json.loads(value) if value.startswith("[") else [value]
        if said and isinstance(said[0], dict):
            return json.dumps([{name: said[0][name] for name in ("street", "postal_code", "city")}, said[1]], sort_keys=True)
        return str(said[0]) if said else value

    def plant(self, n, dice):
        who = person(n)
        more = dice.sample([{"type": "skype", "value": "joerg.s", "comment": "nur mittags"}, {"type": "other", "value": "Funk 7"},
                            {"type": "fax", "value": f"+49931888{n:04}", "comment": "im Keller"}, {"type": "website", "value": "http://mueller.example/a?b=c"},
                            {"type": "mobile", "value": f"+4917055{n:04}12", "name": "privat"}], 3)
        created = self.server.rpc("model.party.party.create", [{
            "name": f"Dr. {who['given']} {who['family']}", "identifiers": [["create", [{"code": f"alt-{n}"}]]],
            "contact_mechanisms": [["create", [
                {"type": "email", "value": who["mail"], "comment": "Büro", "sequence": 7},
                {"type": "phone", "value": dice.choice([who["phone"], f"+49 (931) 1234-{n:04}"]), "name": "Zentrale"}, *more]]],
            "addresses": [["create", [{"party_name": who["firm"], "street": "Industriestr. 5", "city": "Würzburg", "postal_code": "97076", "country": 1,
                                       "name": "Halle 3"}]]]}], {})
        return str(created[0])

    def numbers(self):
        return [str(number) for number in self.server.rpc("model.party.party.search", [], 0, None, None, {})]

    def state(self, number):
        """What people see of it: archived rows are not part of it, ids and stamps neither."""
        rows = self.server.rpc("model.party.party.search_read", [["id", "=", int(number)]], 0, 1, None, self.KEPT, {})
        if not rows:
            return None
        row, record = rows[0], {}
        for name in ("name", "code", "active", "replaced_by", "categories", "lang.", "tax_identifier."):
            record[name] = [json.dumps(row.get(name))]
        for item in row["contact_mechanisms."]:
            record.setdefault(item["type"], []).append(json.dumps([item["value"], item["name"], item["comment"], item["sequence"]]))
        for item in row["addresses."]:
            where = {name: item[name] for name in ("street", "postal_code", "city", "subdivision", "sequence", "name")}
            record.setdefault("address", []).append(json.dumps([where, item["country."] and item["country."]["code"]], sort_keys=True))
            if item["party_name"]:
                record.setdefault("party_name", []).append(item["party_name"])
        for item in row["identifiers."]:
            record.setdefault("identifiers", []).append(json.dumps([item["type"], item["code"]]))
        return {name: sorted(values) for name, values in record.items()}

    def others(self, number, dice):
        time.sleep(1.1)  # stamps on SQLite are whole seconds
        n = dice.randrange(1000, 9999)
        row = json.loads(self.raw(number))
        act = dice.choice(("name", "phone", "comment", "number", "delete"))
        mechanisms = row["contact_mechanisms."]
        if act == "name":
            self.write(number, {"name": f"{row['name']}-{n}"})
        elif act == "phone":
            self.write(number, {"contact_mechanisms": [["create", [{"type": "phone", "value": f"+499315555{n}"}]]]})
        elif act == "number":
            mail = next((m for m in mechanisms if m["type"] == "email"), mechanisms[0])
            self.server.rpc("model.party.contact_mechanism.write", [mail["id"]], {"value": f"andere{n}@anderswo.example"}, {})
        elif act == "comment":
            self.server.rpc("model.party.contact_mechanism.write", [mechanisms[0]["id"]], {"comment": f"von anderen {n}"}, {})
        else:
            self.delete(number)
        return act

    planted = ((b'"active":false', b'"active":true '), (b'"party_name":"M', b'"party_name":"W'), (b'"name":"Dr. J', b'"name":"Dr. G'))
