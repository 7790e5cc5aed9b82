"""What stands on a card: from a contact to blocks of lines, in the way this one card prints things.

A Card owns the contact that is true for it: what the card does not print is taken out of the contact.
"""
import functools
from typing import NamedTuple

import places
import words

# Sets of labels of one language; a set is used as a whole. None: that kind of line stands without a label.
LABELS = {
    "de": {"long": [("Telefon", "Mobil", "Telefax", "E-Mail", "Internet"), ("Telefon", "Mobil", "Fax", "E-Mail", "Web"),
                    ("Durchwahl", "Mobil", "Telefax", "E-Mail", "Internet"), ("Telefon", "Handy", "Fax", "E-Mail", "Homepage")],
           "short": [("Tel.", "Mobil", "Fax", "Mail", "Web"), ("Fon", "Mobil", "Fax", "E-Mail", "Web"), ("Tel", "Mob", "Fax", "E-Mail", "Web"),
                     ("Tel.", "Mobil", "Fax", None, None), ("Tel.", "Funk", "Fax", "E-Mail", None)],
           "letters": [("T", "M", "F", "E", "W"), ("t", "m", "f", "e", "w"), ("T", "M", "F", "@", "W"), ("T", "M", "F", None, None)]},
    "en": {"long": [("Telephone", "Mobile", "Fax", "E-mail", "Web"), ("Phone", "Mobile", "Fax", "Email", "Website"), ("Direct", "Mobile", "Fax", "Email", "Web")],
           "short": [("Tel", "Mob", "Fax", "Email", "Web"), ("Tel.", "Cell", "Fax", "Email", None), ("Ph.", "Mob.", "Fax", None, None)],
           "letters": [("T", "M", "F", "E", "W"), ("t", "m", "f", "e", "w"), ("P", "C", "F", "E", "W"), ("D", "M", "F", "E", "W")]},
    "fr": {"long": [("Téléphone", "Mobile", "Télécopie", "E-mail", "Site"), ("Téléphone", "Portable", "Fax", "Courriel", "Internet")],
           "short": [("Tél.", "Mob.", "Fax", "E-mail", "Web"), ("Tél.", "Port.", "Fax", None, None), ("Tél", "Mobile", "Fax", "Mail", "Site")],
           "letters": [("T", "M", "F", "E", "W"), ("T", "P", "F", "@", "W")]},
    "es": {"long": [("Teléfono", "Móvil", "Fax", "Correo", "Web"), ("Teléfono", "Móvil", "Fax", "E-mail", "Internet")],
           "short": [("Tel.", "Móv.", "Fax", "E-mail", "Web"), ("Tfno.", "Móvil", "Fax", None, None), ("Tel", "Móvil", "Fax", "Email", "Web")],
           "letters": [("T", "M", "F", "E", "W"), ("T.", "M.", "F.", "@", "W.")]},
    "pl": {"long": [("Telefon", "Komórka", "Faks", "E-mail", "Internet"), ("Telefon", "Kom.", "Fax", "E-mail", "Strona")],
           "short": [("tel.", "kom.", "fax", "e-mail", "www"), ("Tel.", "Mobile", "Fax", "E-mail", None)],
           "letters": [("T", "M", "F", "E", "W"), ("T", "K", "F", "E", "W")]},
    "tr": {"long": [("Telefon", "Cep", "Faks", "E-posta", "Web"), ("Telefon", "GSM", "Fax", "E-mail", "Web")],
           "short": [("Tel", "GSM", "Fax", "E-posta", "Web"), ("Tel.", "Cep", "Faks", None, None), ("T.", "GSM.", "F.", "E-mail", "Web")],
           "letters": [("T", "M", "F", "E", "W"), ("T", "G", "F", "E", "W")]},
    "it": {"long": [("Telefono", "Cellulare", "Fax", "E-mail", "Sito web"), ("Telefono", "Mobile", "Fax", "E-mail", "Web")],
           "short": [("Tel.", "Cell.", "Fax", "E-mail", "Web"), ("Tel.", "Cell.", "Fax", None, None), ("T.", "C.", "F.", "Mail", "Web")],
           "letters": [("T", "M", "F", "E", "W"), ("t", "c", "f", "e", "w")]},
}
LABEL_AT = {"work": 0, "mobile": 1, "fax": 2, "email": 3, "url": 4}
OFFICE_WORD = {"de": ["Niederlassung", "Werk 2", "Büro"], "en": ["Branch office", "Works"], "fr": ["Agence", "Usine"], "it": ["Filiale", "Stabilimento"],
               "es": ["Delegación", "Fábrica"], "pl": ["Oddział", "Zakład"], "tr": ["Şube", "Fabrika"]}
SEPARATORS = [" · ", " | ", " • ", "  ", " – "]
# What is left out, one after the other, when a card has no room.
SPARE = ("slogan", "fax", "address2", "country", "department", "second_work", "url", "mobile", "street")


class Span(NamedTuple):
    text: str
    face: str = "regular"
    color: str = "ink"


class Line(NamedTuple):
    """One printed line; `wrap`: it may go on in the next line between two words."""

    role: str
    spans: tuple
    label: str | None = None
    icon: str | None = None
    wrap: bool = False


def plain(line):
    """The line as a reader would type it."""
    text = "".join(s.text for s in line.spans)
    return f"{line.label} {text}" if line.label else text


@functools.lru_cache(maxsize=None)
def _legal_forms():
    return sorted({row[1] for row in words.rows("legal") if row[1]} | {"Sagl"}, key=len, reverse=True)


def split_legal(organization):
    """(core, legal form) of a company name; the form is '' when the name has none."""
    for legal in _legal_forms():
        if organization.endswith(" " + legal):
            return organization[:-len(legal) - 1], legal
    return organization, ""


class Style:
    """The taste of one card: drawn once, used for all its lines."""

    def __init__(self, rng, lang, layout):
        self.lang = lang
        kind = layout.labels or rng.choices(["short", "long", "letters", "none", "icons"], [34, 22, 20, 16, 8])[0]
        self.icons = kind == "icons"
        self.labels = (None,) * 5 if kind in ("none", "icons") else rng.choice(LABELS[lang][kind])
        self.colon = "" if kind == "letters" and rng.random() < 0.6 else rng.choice([":", ":", "", " :" if lang == "fr" else ""])
        self.tabbed = rng.random() < (0.6 if kind in ("long", "letters") else 0.35)
        self.label_face, self.label_color = rng.choice([("regular", "ink"), ("bold", "ink"), ("bold", "accent"), ("regular", "soft")])
        self.name_case = rng.choices(["plain", "upper", "family"], [8, 1.5, 3 if lang == "fr" else 0.3])[0]
        self.name_faces = rng.choice([("bold", "bold"), ("bold", "bold"), ("regular", "bold"), ("regular", "regular"), ("light", "bold")])
        self.name_color = rng.choice(["ink", "ink", "accent"])
        self.title_line = "title_line" in layout.wants
        self.job_face, self.job_color = rng.choice([("regular", "ink"), ("italic", "ink"), ("regular", "soft"), ("light", "ink"), ("regular", "accent")])
        self.org_face = rng.choice(["bold", "bold", "regular"])
        self.org_lines = "org_lines" in layout.wants or rng.random() < 0.12
        self.logo_upper = rng.random() < 0.45
        self.logo_tones = rng.choice(["one", "two", "light"])
        self.separator = rng.choice(SEPARATORS)
        self.country = rng.choices(["none", "code", "name"], [70, 15 if lang != "en" else 0, 15])[0]
        self.city_upper = rng.random() < (0.4 if lang == "fr" else 0.04)
        self.web = rng.choice(["www", "www", "bare", "http"])
        self.province = rng.random() < 0.5
        self.short_streets = rng.random() < 0.6
        self.mobile_first = rng.random() < 0.5
        self.mail_upper = rng.random() < 0.02


class Card:
    """The contact and its lines. `implied` names fields a reader can infer but not read (the country, the company)."""

    def __init__(self, rng, contact, lang, layout):
        self.contact, self.lang, self.layout = contact, lang, layout
        self.style = Style(rng, lang, layout)
        self.core, self.legal = split_legal(contact["organization"] or "")
        lines = [r[1] for r in words.rows("slogan") if r[0] == lang]
        self.slogan = rng.choice(lines) if "slogan" in layout.tokens and rng.random() < 0.8 else None
        self.office = rng.choice(OFFICE_WORD[lang])
        self.spare = list(SPARE)
        self._keep_printed()

    def _keep_printed(self):
        """Takes out of the contact what this layout does not print."""
        c, tokens = self.contact, self.layout.tokens
        if not tokens & {"address", "footer"}:
            c["addresses"] = []
        if "address2" not in tokens:
            c["addresses"] = c["addresses"][:1]
        if not tokens & {"web", "net", "contact", "footer"}:
            c["urls"] = []
        if "lean" in self.layout.wants:
            c["department"], c["phones"] = None, [p for p in c["phones"] if p["kind"] != "fax"]
        if not self.style.icons and not self.style.labels[LABEL_AT["fax"]]:  # nobody prints a fax number without saying so
            c["phones"] = [p for p in c["phones"] if p["kind"] != "fax"]
        if not tokens & {"org"}:
            c["organization"] = self.core if "logo" in tokens and self.core else None
        for u in c["urls"]:
            host = u["value"].split("://")[1].removeprefix("www.")
            u["value"] = "https://" + ("www." if self.style.web == "www" else "") + host
        for a in c["addresses"]:
            a["region"] = a["region"] if self.style.province else None
            if self.lang == "de" and a["street"] and self.style.short_streets:
                a["street"] = places.abbreviate(a["street"])

    def reduce(self):
        """Leaves out the next thing a card without room leaves out; False when nothing is left to drop."""
        while self.spare:
            if getattr(self, "_drop_" + self.spare.pop(0))():
                return True
        return False

    def _drop_slogan(self):
        had, self.slogan = self.slogan, None
        return had is not None

    def _drop_phone(self, kind, keep):
        found = [p for p in self.contact["phones"] if p["kind"] == kind][keep:]
        self.contact["phones"] = [p for p in self.contact["phones"] if p not in found]
        return bool(found)

    def _drop_fax(self):
        return self._drop_phone("fax", 0)

    def _drop_second_work(self):
        return self._drop_phone("work", 1)

    def _drop_mobile(self):
        return len(self.contact["phones"]) > 1 and self._drop_phone("mobile", 0)

    def _drop_address2(self):
        had = len(self.contact["addresses"]) > 1
        self.contact["addresses"] = self.contact["addresses"][:1]
        return had

    def _drop_country(self):
        had, self.style.country = self.style.country, "none"
        return had != "none"

    def _drop_department(self):
        had, self.contact["department"] = self.contact["department"], None
        return had is not None

    def _drop_url(self):
        had, self.contact["urls"] = self.contact["urls"], []
        return bool(had) and bool(self.contact["emails"])

    def _drop_street(self):
        had, self.contact["addresses"] = self.contact["addresses"], []
        return bool(had)

    @property
    def implied(self):
        c = self.contact
        country = ["country"] if self.style.country == "none" and c["addresses"] else []
        # A card that prints no company still names it in its web address.
        return country + (["organization"] if not c["organization"] and (c["emails"] or c["urls"]) else [])

    # ---- blocks -------------------------------------------------------------------------------------------------

    def block(self, token):
        """The lines of one block of the layout; none when the contact has nothing for it."""
        return getattr(self, "_block_" + token)()

    def _block_name(self):
        c, s = self.contact, self.style
        given, family = c["given_name"] or "", c["family_name"] or ""
        family = family.upper() if s.name_case != "plain" else family
        given = given.upper() if s.name_case == "upper" else given
        spans = [Span(given, s.name_faces[0], s.name_color), Span((" " if given else "") + family, s.name_faces[1], s.name_color)]
        lines = []
        if c["name_prefix"] and s.title_line:
            lines.append(Line("title", (Span(c["name_prefix"], "regular", "ink"),)))
        elif c["name_prefix"]:
            spans.insert(0, Span(c["name_prefix"] + " ", s.name_faces[0], s.name_color))
        lines.append(Line("name", tuple(x for x in spans if x.text)))
        if c["name_suffix"]:
            tail = Span(c["name_suffix"], "regular", "ink")
            lines = lines + [Line("title", (tail,))] if s.title_line else lines[:-1] + [Line("name", (*lines[-1].spans, Span(", " + tail.text, "regular", s.name_color)))]
        return lines

    def _block_job(self):
        c, s = self.contact, self.style
        texts = (c["job_title"], None if "unit" in self.layout.tokens else c["department"])
        return [Line("job", (Span(text, s.job_face, s.job_color),), wrap=True) for text in texts if text]

    def _block_unit(self):
        """The department under the company's name."""
        return [Line("job", (Span(self.contact["department"], "regular", "accent"),), wrap=True)] if self.contact["department"] else []

    def _block_org(self):
        if not self.contact["organization"]:
            return []
        face = self.style.org_face
        if self.style.org_lines and self.legal:
            head, _, tail = self.core.rpartition(" ")
            parts = [head, tail] if "org_lines" in self.layout.wants and head and not head.endswith("&") else [self.core]
            return [Line("org", (Span(p, face),), wrap=True) for p in parts] + [Line("body", (Span(self.legal),), wrap=True)]
        return [Line("org", (Span(self.contact["organization"], face),), wrap=True)]

    def _block_logo(self):
        """The company's name set as a logo: a big word and what follows it, smaller."""
        if not self.core:
            return []
        first, _, rest = self.core.partition(" ")
        if rest.startswith(("&", "und ")) or len(first) < 3:
            first, rest = (self.core, "") if len(self.core) < 16 else (f"{first} {rest.split(' ')[0]}", " ".join(rest.split(" ")[1:]))
        upper = str.upper if self.style.logo_upper else str
        big = upper(first)
        half = max(2, len(big) // 2)
        spans = (Span(big, "light" if self.style.logo_tones == "light" else "bold", "accent"),)
        if self.style.logo_tones == "two" and len(big) > 4:
            spans = (Span(big[:half], "bold", "accent"), Span(big[half:], "bold", "ink"))
        return [Line("logo", spans)] + ([Line("tagline", (Span(upper(rest), "regular", "ink"),))] if rest else [])

    def _labelled(self, kind, text):
        s = self.style
        label = s.labels[LABEL_AT[kind]]
        return Line("body", (Span(text),), label + s.colon if label else None, kind if s.icons else None)

    def _block_phones(self):
        order = ("work", "mobile", "fax") if self.style.mobile_first else ("work", "fax", "mobile")
        return [self._labelled(p["kind"], p["raw"]) for p in sorted(self.contact["phones"], key=lambda p: order.index(p["kind"]))]

    def _block_mail(self):
        return [self._labelled("email", e["value"].capitalize() if self.style.mail_upper else e["value"]) for e in self.contact["emails"]]

    def _web_text(self, url):
        return url if self.style.web == "http" else url.split("://")[1]

    def _block_net(self):
        return self._block_mail() + ([] if "web" in self.layout.tokens else [self._labelled("url", self._web_text(u["value"])) for u in self.contact["urls"]])

    def _block_web(self):
        return [Line("web", (Span(self._web_text(u["value"]), "bold", "accent"),)) for u in self.contact["urls"]]

    def _block_contact(self):
        return self._block_phones() + self._block_net()

    def _town_line(self, a):
        city = a["city"].upper() if self.style.city_upper else a["city"]
        if a["country"] == "GB":
            return f"{city} {a['postal_code']}" if a["postal_code"] else city
        code = {"DE": "D", "AT": "A", "FR": "F", "IT": "I", "ES": "E"}.get(a["country"], a["country"])
        postal = f"{code}-{a['postal_code']}" if self.style.country == "code" and a["postal_code"] else a["postal_code"]
        region = f" ({a['region']})" if a["region"] else ""
        return " ".join(x for x in (postal, city) if x) + region

    def _address_parts(self, a):
        country = places.COUNTRY_NAME[self.lang].get(a["country"]) if self.style.country == "name" else None
        return [x for x in (a["street"], self._town_line(a), country) if x]

    def _block_address(self):
        return [Line("body", (Span(part),), wrap=True) for part in (self._address_parts(self.contact["addresses"][0]) if self.contact["addresses"] else [])]

    def _block_line(self):
        """The address in one line."""
        parts = self._address_parts(self.contact["addresses"][0]) if self.contact["addresses"] else []
        return [Line("body", (Span(self.style.separator.join(parts)),), wrap=True)] if parts else []

    def _block_address2(self):
        rest = self.contact["addresses"][1:]
        return [Line("body", (Span(text, "bold" if i == 0 else "regular"),), wrap=True)
                for a in rest for i, text in enumerate([self.office, *self._address_parts(a)])]

    def _block_slogan(self):
        return [Line("slogan", (Span(self.slogan, "italic", "soft"),), wrap=True)] if self.slogan else []

    def _block_footer(self):
        """Address, numbers, mail and web as running lines."""
        separator = self.style.separator if self.style.separator.strip() else " | "
        lines = []
        for block in (self._block_line(), self._block_phones(), self._block_net()):
            if block:
                lines.append(Line("body", (Span(separator.join(plain(x) for x in block)),), wrap=True))
        return lines
