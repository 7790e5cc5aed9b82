"""Towns, postal codes, streets: an address of a country as people there print it."""
import functools
from typing import NamedTuple

import words

STREET_LIST = {"AT": "de", "DE": "de", "FR": "fr", "IT": "it", "GB": "en", "NL": "nl", "PL": "pl", "ES": "es", "TR": "tr"}
COUNTRY_NAME = {
    "de": {"DE": "Deutschland", "AT": "Österreich", "CH": "Schweiz", "FR": "Frankreich", "IT": "Italien", "NL": "Niederlande"},
    "en": {"DE": "Germany", "AT": "Austria", "CH": "Switzerland", "FR": "France", "IT": "Italy", "GB": "United Kingdom",
           "NL": "The Netherlands", "PL": "Poland", "ES": "Spain"},
    "fr": {"FR": "France", "CH": "Suisse", "DE": "Allemagne"},
    "it": {"IT": "Italia", "CH": "Svizzera"},
    "es": {"ES": "España"}, "pl": {"PL": "Polska"}, "tr": {"TR": "Türkiye"},
}
GB_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


class Town(NamedTuple):
    country: str
    name: str
    postal: str  # first digits, or outward codes by comma in Britain
    area: str
    lang: str
    region: str | None


@functools.lru_cache(maxsize=None)
def _towns(country, lang):
    bag = words.weighted_rows(f"town_{country.lower()}", 3)
    towns = [_town(country, row) for row in bag.values]
    weights = [float(row[3]) for row in bag.values]
    kept = [(t, w) for t, w in zip(towns, weights) if lang is None or t.lang == lang]
    return words.Bag([t for t, _ in kept], [w for _, w in kept])


def _town(country, row):
    lang = {"DE": "de", "AT": "de", "FR": "fr", "IT": "it", "NL": "nl"}.get(country, "en")
    extra = row[4] if len(row) > 4 else None
    if country == "CH":
        return Town(country, row[0], row[1], row[2], extra, None)
    return Town(country, row[0], row[1], row[2], lang, extra)


def town(rng, country, lang=None):
    return _towns(country, lang if country == "CH" else None).pick(rng)


def postal_code(rng, place):
    if place.country == "GB":
        outward = rng.choice(place.postal.split(","))
        return f"{outward} {rng.randint(1, 9)}{rng.choice(GB_LETTERS)}{rng.choice(GB_LETTERS)}"
    if place.country == "AT" and place.name == "Wien":
        return f"1{rng.randint(1, 23):02d}0"
    length = 4 if place.country in ("AT", "CH", "NL") else 5
    code = place.postal + words.digits(rng, length - len(place.postal))
    if place.country == "NL":
        return f"{code} {rng.choice('ABCDEGHJKL')}{rng.choice('ABCDEGHJKL')}"
    if place.country == "PL":
        return code[:2] + "-" + code[2:]
    return code


def street(rng, place):
    """Street and house number in the country's order, spelled out (abbreviate() makes the printed short form)."""
    kind = place.lang if place.country == "CH" else STREET_LIST[place.country]
    name = rng.choice(words.column(f"street_{kind}"))
    number = str(rng.randint(1, 40) if rng.random() < 0.6 else rng.randint(1, 190))
    odd = rng.random()
    if kind == "de":
        number += rng.choice("abc") if odd < 0.08 else f"-{int(number) + 2}" if odd < 0.14 else ""
        name = name.replace("ß", "ss") if place.country == "CH" else name
        return f"{name} {number}"
    if kind == "fr":
        number += " bis" if odd < 0.06 else ""
        return f"{number}{', ' if odd > 0.5 else ' '}{name}"
    if kind == "it":
        number += "/" + rng.choice("ABC") if odd < 0.08 else ""
        return f"{name}{', ' if odd > 0.4 else ' '}{number}"
    if kind == "en":
        prefix = f"Unit {rng.randint(1, 24)}, " if odd < 0.12 else f"Suite {rng.randint(1, 9)}, " if odd < 0.18 else ""
        return f"{prefix}{number} {name}"
    if kind == "tr":
        return f"{name} No: {number}" if odd < 0.6 else f"{name} No:{number} Kat:{rng.randint(1, 9)}"
    return f"{name}, {number}" if kind == "es" else f"{name} {number}"


def abbreviate(text):
    """German street words as most cards shorten them: Industriestr. 5, Frankfurter Str. 5."""
    for long, short in (("straße", "str."), ("Straße", "Str."), ("strasse", "str."), ("Strasse", "Str."), ("platz ", "pl. ")):
        if long in text:
            return text.replace(long, short)
    return text


def address(rng, place):
    """An address in the contact's JSON shape."""
    return {"street": street(rng, place), "postal_code": postal_code(rng, place), "city": place.name,
            "region": place.region, "country": place.country}
