"""Telephone numbers of ten countries: drawn to the national plan, written in the styles people print.

German subscriber numbers begin with 1, which the plan gives to no subscriber; French and British landlines come
from the blocks reserved for fiction. Mobile numbers are drawn at random: parse them, never dial them.
"""
import functools
from typing import NamedTuple

import words

CODE = {"DE": "49", "AT": "43", "CH": "41", "FR": "33", "IT": "39", "GB": "44", "NL": "31", "PL": "48", "ES": "34", "TR": "90"}
FICTION_FR = {"01": "9900", "02": "6191", "03": "5301", "04": "6571", "05": "3649"}
# Mobile prefix (national, without trunk 0) and the count of digits that follow it.
MOBILE = {
    "DE": [("151", 8), ("152", 8), ("157", 8), ("159", 8), ("160", 7), ("162", 7), ("163", 7), ("170", 7), ("171", 7),
           ("172", 7), ("173", 7), ("174", 7), ("175", 7), ("176", 8), ("177", 7), ("178", 7), ("179", 7)],
    "AT": [("664", 7), ("676", 7), ("660", 7), ("650", 7), ("699", 8)],
    "CH": [("76", 7), ("77", 7), ("78", 7), ("79", 7)],
    "FR": [("6", 8), ("7", 8)],
    "IT": [("320", 7), ("328", 7), ("333", 7), ("335", 7), ("338", 7), ("340", 7), ("347", 7), ("348", 7), ("349", 7)],
    "GB": [("7415", 6), ("7525", 6), ("7712", 6), ("7768", 6), ("7803", 6), ("7850", 6), ("7946", 6)],
    "NL": [("6", 8)],
    "PL": [("501", 6), ("602", 6), ("660", 6), ("691", 6)],
    "ES": [("610", 6), ("629", 6), ("650", 6), ("678", 6)],
    "TR": [("505", 7), ("532", 7), ("542", 7), ("555", 7)],
}
# Styles: weight and template. a area, m main number, t main in blocks, p main in pairs, f all after the area, g that in pairs,
# o2 and d2 that with dots and dashes, h that as 3-2-2, x the subscriber number with its block (Britain), d "-ext", s " ext", o ".ext", w " - ext".
STYLES = {
    "DE": [(26, "+49 {a} {m}{d}"), (12, "+49 (0) {a} {m}{d}"), (9, "+49 (0){a} {m}{d}"), (12, "0{a} / {m}{d}"), (9, "0{a}/{m}{d}"),
           (6, "(0{a}) {p}{w}"), (8, "0{a} {m}{d}"), (4, "0049 {a} {m}{d}"), (4, "+49.{a}.{m}{o}"), (7, "+49 {a} {t}{d}"),
           (3, "0{a} / {p}{w}"), (3, "0{a}-{f}"), (3, "+49 {a} {f}"), (2, "+49-{a}-{m}{d}")],
    "AT": [(8, "+43 {a} {t}{d}"), (5, "+43 ({a}) {m}{d}"), (4, "+43 (0){a} {t}{d}"), (4, "0{a}/{t}{d}"), (2, "0{a} {m}{d}")],
    "CH": [(10, "+41 {a} {h}"), (6, "0{a} {h}"), (3, "+41 (0){a} {h}"), (1, "0041 {a} {h}")],
    "FR": [(8, "0{a} {g}"), (6, "+33 {a} {g}"), (4, "+33 (0){a} {g}"), (4, "0{a}.{o2}"), (1, "0{a}-{d2}")],
    "IT": [(8, "+39 {a} {f}"), (4, "{a} {f}"), (3, "{a}/{f}"), (3, "+39 {a} {t}{s}"), (2, "0039 {a} {f}"), (2, "{a}.{f}")],
    "GB": [(8, "+44 (0){a} {x}"), (6, "0{a} {x}"), (5, "+44 {a} {x}"), (2, "(0{a}) {x}")],
    "NL": [(6, "+31 {a} {h}"), (4, "+31 (0){a} {h}"), (4, "0{a} - {h}"), (3, "0{a}-{f}")],
    "PL": [(6, "+48 {a} {h}"), (3, "{a} {h}")],
    "ES": [(6, "+34 {a} {h}"), (3, "{a} {h}")],
    "TR": [(6, "+90 {a} {h}"), (5, "0{a} {h}"), (3, "+90 ({a}) {h}"), (3, "(0{a}) {h}"), (2, "0 {a} {h}")],
}
MOBILE_STYLES = {
    "DE": [(26, "+49 {a} {m}"), (8, "+49 (0){a} {m}"), (10, "0{a} / {m}"), (9, "0{a} {m}"), (8, "0{a}/{t}"), (8, "+49 {a} {t}"),
           (6, "0{a} {p}"), (4, "0{a}-{m}"), (4, "+49 (0) {a} {p}"), (3, "0049 {a} {m}"), (3, "+49{a}{m}"), (3, "0{a}{m}"), (3, "+49.{a}.{m}")],
    "AT": [(8, "+43 {a} {t}"), (4, "+43 (0){a} {t}"), (4, "0{a}/{t}"), (3, "0{a} {p}")],
    "CH": STYLES["CH"], "FR": STYLES["FR"], "IT": [(8, "+39 {a} {t}"), (5, "{a} {m}"), (3, "+39 {a}.{m}"), (3, "{a} {t}"), (2, "+39 {a} {m}")],
    "GB": [(8, "+44 (0){a} {t}"), (6, "0{a} {t}"), (5, "+44 {a} {m}")],
    "NL": [(6, "+31 {a} {g}"), (4, "0{a} - {g}"), (3, "0{a}-{f}"), (2, "+31 (0){a} {f}")],
    "PL": [(6, "+48 {a} {t}"), (3, "{a} {t}")], "ES": [(6, "+34 {a} {t}"), (3, "{a} {t}")],
    "TR": [(6, "+90 {a} {h}"), (5, "0{a} {h}"), (3, "0 ({a}) {h}")],
}


class Number(NamedTuple):
    """A national number: area or mobile prefix without trunk 0 (Italy keeps its 0), main part, extension or ''."""

    country: str
    area: str
    main: str
    ext: str
    mobile: bool


def e164(n):
    """ITU-T E.164, e.g. +4993112345678."""
    return f"+{CODE[n.country]}{n.area}{n.main}{n.ext}".replace(" ", "")


def _pairs(text):
    head = len(text) % 2
    return " ".join(x for x in [text[:head]] + [text[i:i + 2] for i in range(head, len(text), 2)] if x)


def _cut(text, *ends):
    return " ".join(x for x in (text[i:j] for i, j in zip((0, *ends), (*ends, None))) if x)


def _blocks(text):
    """As most people speak it: 123 456, 123 4567, 1234 5678."""
    return _cut(text, *{5: (2,), 6: (3,), 7: (3,), 8: (4,)}.get(len(text), ()))


@functools.lru_cache(maxsize=None)
def styles(country, mobile):
    table = (MOBILE_STYLES if mobile else STYLES)[country]
    return words.Bag([template for _, template in table], [w for w, _ in table])


def printed(n, style):
    """The number as printed; `style` in [0, 1) is a company's taste, the same for all its numbers."""
    full = n.main + n.ext
    pairs = _pairs(full)
    # A British block carries the first digits of the subscriber number behind the area code.
    area, _, block = n.area.partition(" ")
    return styles(n.country, n.mobile).at(style).format(
        a=area, m=n.main, t=_blocks(n.main), p=_pairs(n.main), f=full, g=pairs, x=block + full,
        h=_cut(full, 3, 5), d="-" + n.ext if n.ext else "", s=" " + n.ext if n.ext else "",
        o="." + n.ext if n.ext else "", w=" - " + n.ext if n.ext else "", o2=pairs.replace(" ", "."), d2=pairs.replace(" ", "-"))


def switchboard(rng, country, area):
    """A company's main number; its extensions replace the last part. `area` is the town's column of words/town_*."""
    if country == "DE":
        room = 11 - len(area)
        main = "1" + words.digits(rng, rng.randint(3, min(5, room - 4)))
        return Number(country, area, main, "0", False)
    if country == "AT":
        return Number(country, area, str(rng.randint(2, 9)) + words.digits(rng, 5), "0", False)
    if country == "FR":
        return Number(country, area[1:], FICTION_FR[area] + words.digits(rng, 2), words.digits(rng, 2), False)
    if country == "GB":
        return Number(country, area, words.digits(rng, 1), words.digits(rng, 2), False)
    if country == "IT":
        return Number(country, area, str(rng.randint(2, 8)) + words.digits(rng, 9 - len(area) - 3), "0" + words.digits(rng, 1), False)
    if country == "TR":
        return Number(country, area, str(rng.randint(2, 7)) + words.digits(rng, 4), "00", False)
    return Number(country, area, str(rng.randint(2, 7)) + words.digits(rng, 9 - len(area) - 3), "00", False)


def direct(rng, main):
    """An own number behind the company's switchboard."""
    if main.country in ("DE", "AT"):
        room = 11 - len(main.area) - len(main.main)
        return main._replace(ext=str(rng.randint(11, 99 if room < 3 or rng.random() < 0.6 else 999)))
    if main.country == "GB":
        return main._replace(main=words.digits(rng, 1), ext=words.digits(rng, 2))
    return main._replace(ext=words.digits(rng, 2))


def mobile(rng, country):
    area, count = rng.choice(MOBILE[country])
    if country == "FR":
        return Number(country, area, rng.choice("1245678" if area == "6" else "3456789") + words.digits(rng, count - 1), "", True)
    if country == "NL":
        return Number(country, area, rng.choice("12345") + words.digits(rng, count - 1), "", True)
    return Number(country, area, str(rng.randint(2, 9)) + words.digits(rng, count - 1), "", True)
