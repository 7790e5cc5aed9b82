"""Companies and persons of the synthetic world, and the contact JSON that tells of one person at one company."""
import functools

import phones
import places
import words

MAIL_PATTERNS = words.Bag(["f.l", "i.l", "l", "f", "fl", "il", "l.f", "f_l", "f-l"], [62, 14, 9, 4, 3, 4, 2, 1, 1])
TOP_LEVEL = words.Bag([".example", ".test", ".example.com", ".example.org", ".example.net"], [54, 8, 20, 8, 10])
FREE_MAIL = words.Bag(["freemail.example", "postfach.test", "mail.example.net", "webpost.example.com"], [5, 3, 3, 2])
ROLE_BOX = {"de": ["info", "kontakt", "office", "vertrieb"], "fr": ["contact", "info", "accueil"], "it": ["info", "ufficio", "vendite"],
            "en": ["info", "sales", "office", "hello"], "nl": ["info", "verkoop"], "es": ["info", "contacto"], "pl": ["biuro", "info"], "tr": ["info", "satis"]}
NATION = {"DE": "de", "AT": "de", "GB": "en", "FR": "fr", "IT": "it", "NL": "nl", "PL": "pl", "ES": "es", "TR": "tr"}
GUESTS = words.Bag(["tr", "pl", "it", "fr", "es", "nl", "en"], [5, 4, 3, 2, 2, 1, 1])
# Shapes of company names: weight and template; n surname, s second surname, t trade, c coined, r region, i initials, o town.
SHAPES = {
    "de": [(30, "{n} {t}"), (4, "{n} & {s}"), (3, "{n} & Söhne"), (2, "{n} & Partner"), (12, "{c} {t}"), (7, "{c}"), (7, "{r} {t}"),
           (4, "{r}-{t}"), (11, "{i} {t}"), (6, "{t} {n}"), (5, "{t} {o}"), (3, "Gebrüder {n} {t}")],
    "en": [(30, "{n} {t}"), (8, "{n} & {s}"), (6, "{n} & Sons"), (14, "{c} {t}"), (8, "{c}"), (8, "{i} {t}"), (6, "{o} {t}")],
    "fr": [(22, "{n} {t}"), (8, "Ateliers {n}"), (6, "Groupe {c}"), (6, "{n} & Fils"), (10, "{c} {t}"), (6, "{t} {o}"), (6, "{i} {t}"), (5, "Établissements {n}")],
    "it": [(16, "{n} {t}"), (8, "Officine {n}"), (7, "Fratelli {n}"), (7, "{n} & Figli"), (10, "{c} {t}"), (6, "{t} {o}"), (6, "{i} {t}"), (6, "{c}")],
    "nl": [(20, "{n} {t}"), (8, "{c} {t}"), (6, "{n} & Zonen"), (6, "{c}"), (4, "{t} {o}")],
}


class Company:
    """An employer. `legal` may be ''; `family` is the surname in the name, or None."""

    __slots__ = ("ident", "core", "legal", "family", "town", "street", "postal_code", "main", "domain", "pattern", "lang", "style", "www")

    @property
    def name(self):
        return f"{self.core} {self.legal}".strip()

    @property
    def country(self):
        return self.town.country


class Person:
    """A natural person at one company. Numbers are phones.Number or None; `email` may be None."""

    __slots__ = ("given", "family", "sex", "prefix", "suffix", "job", "department", "email", "phone", "mobile", "fax", "company")


@functools.lru_cache(maxsize=None)
def _shapes(lang):
    table = SHAPES[lang]
    return words.Bag([s for _, s in table], [w for w, _ in table])


@functools.lru_cache(maxsize=None)
def _legal(country):
    return words.weighted_rows("legal", 2, country)


@functools.lru_cache(maxsize=None)
def _given(nation):
    rows = words.rows(f"given_{nation}")
    return {sex: words.ranked([r[0] for r in rows if r[1] == sex]) for sex in "mf"}


@functools.lru_cache(maxsize=None)
def _coin_parts():
    return [r[1] for r in words.rows("coin") if r[0] == "head"], [r[1] for r in words.rows("coin") if r[0] == "tail"]


@functools.lru_cache(maxsize=None)
def list_lang(lang, stem):
    """The language whose list `stem` exists: the small languages borrow English lists."""
    return lang if (words.FOLDER / f"{stem}_{lang}.txt").exists() else "en"


def nation(place):
    return place.lang if place.country == "CH" else NATION[place.country]


def surname(rng, nat):
    """A family name; a third of the German ones are composed, so that rare names are as common as in life."""
    if nat == "de" and rng.random() < 0.36:
        stem, end = rng.choice(words.column("surname_stems_de")), rng.choice(words.column("surname_ends_de"))
        return stem + end.lstrip("s") if stem.endswith("s") and end.startswith("s") else stem + end
    return words.ranked_list(f"surname_{nat}").pick(rng)


def name(rng, nat):
    """(given name, family name, sex) of somebody living where `nat` is common."""
    if nat == "de" and rng.random() < 0.13:
        nat = GUESTS.pick(rng)
    sex = "f" if rng.random() < 0.42 else "m"
    given = _given(nat)[sex].pick(rng)
    family = surname(rng, nat)
    if nat == "pl" and sex == "f" and family.endswith(("ski", "cki")):
        family = family[:-1] + "a"
    odd = rng.random()
    if odd < 0.03 and "-" not in given:
        second = _given(nat)[sex].pick(rng)
        given = f"{given} {second}" if second != given else given
    elif odd < 0.03 + (0.06 if sex == "f" else 0.01):
        second = surname(rng, nat)
        family = f"{family}-{second}" if " " not in family + second and second != family else family
    elif odd > 0.99 and nat == "de":
        family = rng.choice(["von ", "von der ", "zu ", "de "]) + family
    return given, family, sex


@functools.lru_cache(maxsize=None)
def _trade_slugs():
    return {words.slug(w) for lang in ("de", "en", "fr", "it", "nl", "pl", "es", "tr") for t in words.column(f"trade_{lang}") for w in (t, t.split()[0])}


def coined(rng):
    heads, tails = _coin_parts()
    return rng.choice(heads) + rng.choice(tails)


def _core(rng, place, lang):
    trade = rng.choice(words.column(f"trade_{lang}"))
    family = surname(rng, nation(place))
    shape = _shapes(lang).pick(rng) if lang in SHAPES else "{n} {t}"
    core = shape.format(n=family, s=surname(rng, nation(place)), t=trade, c=coined(rng), r=rng.choice(words.column("region_de")),
                        i="".join(rng.choices("BDFGHKLMNPRSTVW", k=rng.choice([2, 3, 3]))), o=place.name.split(" (")[0])
    return core, family if "{n}" in shape else None


def domain(rng, core, taken=None):
    """A host name under the reserved names of RFC 2606; `taken` (a set) keeps the names of one stock apart."""
    full, first = words.slug(core), words.slug(core.split(" ")[0])
    common = len(first) < 4 or first in _trade_slugs() or core.startswith(("Officine", "Fratelli", "Groupe", "Ateliers", "Gebrüder", "Établ"))
    label = full if common or len(full) < 14 or rng.random() < 0.5 else first
    host = label[:40].strip("-") + TOP_LEVEL.pick(rng)
    while taken is not None and host in taken:
        host = f"{label[:36].strip('-')}-{words.slug(coined(rng))}" + TOP_LEVEL.pick(rng)
    if taken is not None:
        taken.add(host)
    return host


def company(rng, country, lang=None, taken=None):
    """An employer in `country`; `lang` chooses the part of Switzerland."""
    c = Company()
    c.town = places.town(rng, country, lang)
    trade_lang = list_lang(c.town.lang if country not in ("PL", "ES", "TR") else country.lower(), "trade")
    c.lang = c.town.lang if c.town.lang in ROLE_BOX else "en"
    c.core, c.family = _core(rng, c.town, trade_lang)
    c.legal = _legal(country).pick(rng)[1]
    if country == "CH" and c.legal in (("SA", "Sàrl") if c.town.lang == "de" else ("AG", "GmbH")):
        c.legal = {"SA": "AG", "Sàrl": "GmbH", "AG": "SA", "GmbH": "Sagl" if c.town.lang == "it" else "Sàrl"}[c.legal]
    if c.legal.endswith("mbB"):
        c.core = f"{c.family or surname(rng, 'de')} & {surname(rng, 'de')} Rechtsanwälte"
    c.street, c.postal_code = places.street(rng, c.town), places.postal_code(rng, c.town)
    c.main = phones.switchboard(rng, country, c.town.area)
    c.domain, c.pattern = domain(rng, c.core, taken), MAIL_PATTERNS.pick(rng)
    c.style = rng.random()
    c.www = rng.random() < 0.7
    c.ident = None
    return c


def mailbox(pattern, given, family):
    """The local part of an address by the company's pattern."""
    first = words.mail_part(given.split(" ")[0]) or "x"
    last = words.mail_part(family) or "x"
    return {"f.l": f"{first}.{last}", "i.l": f"{first[0]}.{last}", "l": last, "f": first, "fl": first + last, "il": first[0] + last,
            "l.f": f"{last}.{first}", "f_l": f"{first}_{last}", "f-l": f"{first}-{last}"}[pattern]


def private_mail(rng, given, family):
    number = words.digits(rng, 2) if rng.random() < 0.4 else ""
    return f"{words.mail_part(given)}.{words.mail_part(family)}{number}@{FREE_MAIL.pick(rng)}"


def job(rng, lang, sex):
    return words.ranked_list(f"job_{list_lang(lang, 'job')}", 1 if sex == "f" else 0).pick(rng)


def department(rng, lang):
    return rng.choice(words.column(f"department_{list_lang(lang, 'department')}"))


def title(rng, country, sex):
    """(prefix, suffix), of which one is None."""
    _, where, text, _ = words.weighted_rows("title", 3, country).pick(rng)
    if sex == "f":
        text = {"Dott.": "Dott.ssa", "Prof.": "Prof.ssa" if country == "IT" else "Prof.", "Mag.": "Mag.a" if rng.random() < 0.3 else "Mag.",
                "Dipl.-Kfm.": "Dipl.-Kffr."}.get(text, text)
    return (text, None) if where == "p" else (None, text)


def person(rng, employer, named=None, titled=0.07):
    """Somebody at `employer`; `named` is (given, family, sex) or None for a drawn name."""
    p = Person()
    p.company = employer
    p.given, p.family, p.sex = named or name(rng, nation(employer.town))
    if named is None and employer.family and rng.random() < 0.16:
        p.family = employer.family
    p.prefix, p.suffix = title(rng, employer.country, p.sex) if rng.random() < titled else (None, None)
    p.job = job(rng, employer.lang, p.sex)
    p.department = department(rng, employer.lang) if rng.random() < 0.25 else None
    odd = rng.random()
    p.email = f"{mailbox(employer.pattern, p.given, p.family)}@{employer.domain}"
    if odd > 0.95:
        p.email = private_mail(rng, p.given, p.family) if odd > 0.975 else None
    elif odd > 0.90:
        p.email = f"{rng.choice(ROLE_BOX[employer.lang])}@{employer.domain}"
    odd = rng.random()
    p.phone = phones.direct(rng, employer.main) if odd < 0.6 else employer.main if odd < 0.85 else None
    p.mobile = phones.mobile(rng, employer.country) if rng.random() < 0.5 else None
    p.fax = phones.direct(rng, employer.main) if rng.random() < 0.15 else None
    return p


def phone_entry(number, kind, style):
    return {"value": phones.e164(number), "raw": phones.printed(number, style), "kind": kind}


def contact(p):
    """The contact JSON of a person at the company, everything known, phones in the company's style."""
    c = p.company
    numbers = ((p.phone, "work"), (p.mobile, "mobile"), (p.fax, "fax"))
    return {
        "name_prefix": p.prefix, "given_name": p.given, "family_name": p.family, "name_suffix": p.suffix,
        "job_title": p.job, "department": p.department, "organization": c.name,
        "emails": [{"value": p.email, "kind": "work"}] if p.email else [],
        "phones": [phone_entry(n, kind, c.style) for n, kind in numbers if n],
        "urls": [{"value": f"https://{'www.' if c.www else ''}{c.domain}"}],
        "addresses": [{"street": c.street, "postal_code": c.postal_code, "city": c.town.name,
                       "region": c.town.region, "country": c.country}],
    }
