"""How one person's record differs from another record of the same person: spelling, channel, loss, change.

Each twist takes (rng, contact, person) and changes the contact in place; CHANNELS says how often each happens where.
"""
import functools

import people
import phones
import places
import words

SPELLING = [("ph", "f"), ("th", "t"), ("tt", "t"), ("ck", "k"), ("y", "i"), ("ei", "ai"), ("ey", "ei"), ("ai", "ei"), ("ff", "f"), ("nn", "n"),
            ("dt", "t"), ("tz", "z"), ("ss", "ß"), ("ß", "ss"), ("mm", "m"), ("ll", "l"), ("ie", "i"), ("C", "K"), ("K", "C"), ("v", "f")]
OCR = [("rn", "m"), ("m", "rn"), ("l", "1"), ("I", "l"), ("l", "I"), ("cl", "d"), ("d", "cl"), ("ü", "ii"), ("ü", "u"), ("ö", "o"), ("ä", "a"),
       ("ß", "B"), ("vv", "w"), ("w", "vv"), ("e", "c"), ("g", "q"), ("h", "b"), ("i", "j"), ("t", "f"), ("nn", "rm"), ("u", "v"), ("a", "o"), ("5", "S"), ("8", "B")]
NEIGHBOURS = {"q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "rzg", "z": "tuh", "u": "zij", "i": "uok", "o": "ipl", "p": "ol", "a": "sqy",
              "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjzn", "j": "hkum", "k": "jlim", "l": "ko", "y": "xas", "x": "ycs", "c": "xvd",
              "v": "cbf", "b": "vng", "n": "bmh", "m": "nk"}
JUNK = ["(Einkauf)", "(alt)", "- Messe", "nicht anrufen", "(ausgeschieden?)", "c/o Zentrale", "(via LinkedIn)"]
TEXT_FIELDS = ("given_name", "family_name", "organization", "job_title")


@functools.lru_cache(maxsize=None)
def _short_forms():
    table = {}
    for full, short in words.rows("nick"):
        table.setdefault(full, []).append(short)
    return table


@functools.lru_cache(maxsize=None)
def _other_legal_forms():
    return {row[1]: [x for x in row[3].split(",") if x] for row in words.rows("legal")}


def replaced(rng, text, pairs):
    """`text` with one of the (from, to) pairs that occur applied once; the text itself when none does."""
    found = [pair for pair in pairs if pair[0] in text]
    if not found:
        return text
    old, new = rng.choice(found)
    at = text.rindex(old) if rng.random() < 0.5 else text.index(old)
    return text[:at] + new + text[at + len(old):]


def mistyped(rng, text):
    """One slip of the keyboard: a letter dropped, doubled, swapped with the next, or its neighbour."""
    if len(text) < 4:
        return text
    at = rng.randrange(1, len(text) - 1)
    kind = rng.random()
    if kind < 0.25:
        return text[:at] + text[at + 1:]
    if kind < 0.45:
        return text[:at] + text[at] + text[at:]
    if kind < 0.70:
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    return text[:at] + rng.choice(NEIGHBOURS.get(text[at].lower(), text[at])) + text[at + 1:]


def legal_form(rng, c, p):
    legal = p.company.legal
    if not c["organization"] or not legal or not c["organization"].endswith(legal):
        return
    core, kind = c["organization"][:-len(legal)].strip(), rng.random()
    others = _other_legal_forms().get(legal) or [legal.upper()]
    c["organization"] = core if kind < 0.55 else f"{core} {rng.choice(others)}" if kind < 0.9 else f"{core} {legal}".upper()


def short_company(rng, c, p):
    """The first word alone, or initials of a name of several words."""
    parts = (p.company.core or "").split(" ")
    if c["organization"] and len(parts) > 1:
        initials = "".join(x[0] for x in parts if x[0].isalpha()).upper()
        c["organization"] = parts[0] if rng.random() < 0.75 or len(initials) < 3 else initials


def umlauts(rng, c, _):
    plain = rng.random() < 0.25  # Muller rather than Mueller
    for field in TEXT_FIELDS:
        if c[field]:
            c[field] = words.ascii_fold(c[field], not plain)


def nickname(rng, c, _):
    forms = _short_forms().get(c["given_name"] or "")
    if forms:
        c["given_name"] = rng.choice(forms)


def initial(_, c, __):
    if c["given_name"]:
        c["given_name"] = c["given_name"][0] + "."


def second_name(_, c, __):
    """Two given names or a double surname: the second half goes."""
    if c["given_name"] and " " in c["given_name"]:
        c["given_name"] = c["given_name"].split(" ")[0]
    elif c["family_name"] and "-" in c["family_name"]:
        c["family_name"] = c["family_name"].split("-")[0]


def swapped(_, c, __):
    if c["given_name"]:
        c["given_name"], c["family_name"] = c["family_name"], c["given_name"]


def married(rng, c, p):
    if p.sex == "f":
        new = people.surname(rng, people.nation(p.company.town))
        c["family_name"] = new if rng.random() < 0.6 else f"{new}-{c['family_name']}"


def spelling(rng, c, _):
    field = "family_name" if rng.random() < 0.7 or not c["given_name"] else "given_name"
    c[field] = replaced(rng, c[field], SPELLING)


def misread(rng, c, _):
    for _ in range(1 if rng.random() < 0.7 else 2):
        field = rng.choice(TEXT_FIELDS)
        if c[field]:
            c[field] = replaced(rng, c[field], OCR)
    if c["emails"] and rng.random() < 0.15:
        local, at, host = c["emails"][0]["value"].partition("@")
        c["emails"][0]["value"] = replaced(rng, local, [x for x in OCR if x[1].isascii()]) + at + host


def typo(rng, c, _):
    field = rng.choice(("given_name", "family_name", "family_name", "organization"))
    if c[field]:
        c[field] = mistyped(rng, c[field])


def phone_digit(rng, c, _):
    if c["phones"]:
        entry = rng.choice(c["phones"])
        at = rng.randrange(6, len(entry["value"]))
        entry["value"] = entry["raw"] = entry["value"][:at] + rng.choice("0123456789") + entry["value"][at + 1:]


def central_phone(_, c, p):
    for entry in c["phones"]:
        if entry["kind"] == "work":
            entry.update(people.phone_entry(p.company.main, "work", p.company.style))


def phone_styles(rng, c, p):
    """The same numbers as another source writes them."""
    style = rng.random()
    for number, kind in ((p.phone, "work"), (p.mobile, "mobile"), (p.fax, "fax")):
        for entry in c["phones"]:
            if number and entry["kind"] == kind:
                entry["raw"] = phones.printed(number, style)


def no_work_phone(_, c, __):
    c["phones"] = [x for x in c["phones"] if x["kind"] == "mobile"]


def no_mobile(_, c, __):
    c["phones"] = [x for x in c["phones"] if x["kind"] != "mobile"]


def new_mobile(rng, c, p):
    entry = people.phone_entry(phones.mobile(rng, p.company.country), "mobile", p.company.style)
    c["phones"] = [x for x in c["phones"] if x["kind"] != "mobile"] + [entry]


def no_mail(_, c, __):
    c["emails"] = []


def private_mail(rng, c, p):
    c["emails"] = [{"value": people.private_mail(rng, p.given, p.family), "kind": "other"}]


def role_mail(rng, c, p):
    c["emails"] = [{"value": f"{rng.choice(people.ROLE_BOX[p.company.lang])}@{p.company.domain}", "kind": "work"}]


def no_company(_, c, __):
    c["organization"] = None


def no_given_name(_, c, __):
    c["given_name"] = None


def title_in_name(rng, c, p):
    c["name_prefix"] = None
    c["given_name"] = f"{p.prefix or rng.choice(['Herr', 'Frau', 'Dr.'])} {c['given_name'] or ''}".strip()


def capitals(_, c, __):
    for field in TEXT_FIELDS:
        c[field] = c[field].upper() if c[field] else None


def new_job(rng, c, p):
    c["job_title"] = people.job(rng, p.company.lang, p.sex)


def no_job(_, c, __):
    c["job_title"] = c["department"] = None


def no_address(_, c, __):
    c["addresses"] = []


def town_only(_, c, __):
    for address in c["addresses"]:
        address["street"] = address["region"] = None


def short_street(_, c, __):
    for address in c["addresses"]:
        address["street"] = places.abbreviate(address["street"]) if address["street"] else None


def moved_office(rng, c, p):
    c["addresses"] = [places.address(rng, p.company.town)]


def no_url(_, c, __):
    c["urls"] = []


def junk(rng, c, _):
    field = rng.choice(("family_name", "organization", "job_title"))
    if c[field]:
        c[field] += " " + rng.choice(JUNK)


# How often each twist happens: everywhere, and what a channel adds or has instead. The order is the order of events.
EVERYWHERE = {phone_styles: 0.9, short_street: 0.35, legal_form: 0.30, short_company: 0.05, nickname: 0.07, second_name: 0.25, married: 0.03,
              spelling: 0.08, initial: 0.06, swapped: 0.05, umlauts: 0.12, typo: 0.18, new_job: 0.12, phone_digit: 0.06, central_phone: 0.08,
              no_mail: 0.10, private_mail: 0.05, role_mail: 0.04, no_work_phone: 0.16, no_mobile: 0.15, new_mobile: 0.03, no_company: 0.06,
              no_given_name: 0.03, title_in_name: 0.06, no_job: 0.25, no_address: 0.25, town_only: 0.08, moved_office: 0.04, no_url: 0.5,
              capitals: 0.03, misread: 0.0, junk: 0.01}
CHANNELS = {
    "card": {misread: 0.45, typo: 0.0, no_mail: 0.03, no_company: 0.02, no_address: 0.05, no_url: 0.1, swapped: 0.02, junk: 0.0},
    "signature": {typo: 0.02, no_mail: 0.0, private_mail: 0.01, no_url: 0.2, swapped: 0.0, no_company: 0.03, junk: 0.0},
    "form": {legal_form: 0.5, private_mail: 0.12, no_work_phone: 0.4, no_address: 0.7, no_url: 0.9, title_in_name: 0.02, capitals: 0.05},
    "import": {umlauts: 0.25, capitals: 0.10, swapped: 0.09, no_mail: 0.2, junk: 0.04},
    "crm": {typo: 0.10},
}
CHANNEL_MIX = words.Bag(["card", "signature", "form", "import", "crm"], [32, 14, 14, 20, 20])


@functools.lru_cache(maxsize=None)
def _plan(channel):
    chances = {**EVERYWHERE, **CHANNELS[channel]}
    return tuple((what, chance) for what, chance in chances.items() if chance > 0.0)


def copy(rng, p, channel):
    """Another record of person `p`, as it came in through `channel`."""
    c = people.contact(p)
    for what, chance in _plan(channel):
        if rng.random() < chance:
            what(rng, c, p)
    return c
