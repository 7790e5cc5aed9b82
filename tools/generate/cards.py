#!/usr/bin/python3
"""Synthetic business cards with truth: flat scans or photos of them, the same pixels for the same seed and typefaces.

  cards.py --seed 1 --count 20 --out DIR                       photos, moderate difficulty
  cards.py --seed 1 --count 20 --out DIR --clean               flat scans
  cards.py --seed 1 --count 5 --out DIR --multi 4 --hard 2     several cards on a photo
  cards.py --seed 1 --count 9 --out DIR --cards-from stock.ndjson   cards of people who are in the stock
  cards.py --seed 1 --count 500 --out DIR --words              no pictures: DIR/words.ndjson as a faultless reader hands them over

DIR/truth.jsonl has a line per picture. Corners and sizes are in pixels of the picture as shown, that is after
its EXIF orientation; a quad goes clockwise from the card's own top left corner.
"""
import argparse
import json
import os
import pathlib
import random
from typing import NamedTuple

import compose
import draw
import fonts
import layouts
import people
import phones
import photo
import places
import words

COUNTRIES = {"de": words.Bag(["DE", "AT", "CH"], [82, 9, 9]), "en": words.Bag(["GB", "DE", "NL"], [78, 12, 10]),
             "fr": words.Bag(["FR", "CH"], [86, 14]), "it": words.Bag(["IT", "CH"], [90, 10]),
             "es": words.Bag(["ES"], [1]), "pl": words.Bag(["PL"], [1]), "tr": words.Bag(["TR"], [1])}
LANG_OF = {"DE": "de", "AT": "de", "CH": "de", "FR": "fr", "IT": "it", "ES": "es", "PL": "pl", "TR": "tr"}


class Draft(NamedTuple):
    """A card before it is laid out; `source` is the stock record it was drawn from or None."""

    contact: dict
    lang: str
    source: dict | None
    changes: tuple


class Made(NamedTuple):
    sheet: object
    card: object
    draft: Draft


# ---- who is on the card ------------------------------------------------------------------------------------------


def fresh(rng, lang, layout):
    """A new person with what a card of this layout needs."""
    employer = people.company(rng, COUNTRIES[lang].pick(rng), lang)
    while "legal" in layout.wants and not employer.legal:
        employer = people.company(rng, COUNTRIES[lang].pick(rng), lang)
    employer.lang = lang
    if "short_mail" in layout.wants and len(employer.domain) > 18:
        employer.core, employer.family = people.coined(rng), None
        employer.domain = people.domain(rng, employer.core)
    p = people.person(rng, employer, titled=0.22)
    while "title" in layout.wants and not p.prefix:
        p.prefix, p.suffix = people.title(rng, employer.country, p.sex)
    p.phone = p.phone or (phones.direct(rng, employer.main) if rng.random() < 0.7 else None)
    p.mobile = p.mobile or (phones.mobile(rng, employer.country) if rng.random() < 0.4 or not p.phone else None)
    p.fax = p.fax or (phones.direct(rng, employer.main) if rng.random() < 0.25 else None)
    if "department" in layout.wants:
        p.department = p.department or people.department(rng, lang)
    contact = people.contact(p)
    if p.phone and p.phone != employer.main and rng.random() < 0.07:
        contact["phones"].insert(1, people.phone_entry(employer.main, "work", employer.style))
    if "address2" in layout.wants:
        contact["addresses"].append(places.address(rng, places.town(rng, employer.country, lang)))
    return Draft(contact, lang, None, ())


def usable(record):
    """Whether a stock record says enough, and cleanly, to be printed on a card."""
    if not all(record[f] for f in ("given_name", "family_name", "organization", "job_title", "emails", "phones", "addresses")):
        return False
    names = record["given_name"] + record["family_name"] + record["organization"]
    return names.upper() != names and record["given_name"].split()[0].rstrip(".") not in ("Herr", "Frau", "Dr", "Prof") and all(a["street"] for a in record["addresses"])


def _new_job(rng, c, lang):
    sex = next((r[1] for r in words.rows(f"given_{people.list_lang(lang, 'given')}") if r[0] == c["given_name"]), "m")
    c["job_title"] = people.job(rng, lang, sex)
    return {"job_title"}


def _new_mobile(rng, c, lang):
    entry = people.phone_entry(phones.mobile(rng, c["addresses"][0]["country"]), "mobile", rng.random())
    c["phones"] = [p for p in c["phones"] if p["kind"] != "mobile"] + [entry]
    return {"phones"}


def _new_office(rng, c, lang):
    country = c["addresses"][0]["country"]
    c["addresses"] = [places.address(rng, places.town(rng, country, lang if country == "CH" else None))]
    return {"addresses"}


def _new_department(rng, c, lang):
    c["department"] = people.department(rng, lang)
    return {"department"}


def _new_title(rng, c, lang):
    c["name_prefix"] = c["name_prefix"] or "Dr."
    return {"name_prefix"}


def _new_employer(rng, c, lang):
    """Only the name and the mobile number stay."""
    country = c["addresses"][0]["country"]
    employer = people.company(rng, country, lang if country == "CH" else None)
    p = people.person(rng, employer, (c["given_name"], c["family_name"], "m"), 0.0)
    p.phone, p.mobile, p.fax, p.department = p.phone or employer.main, None, None, None
    new, mobiles = people.contact(p), [x for x in c["phones"] if x["kind"] == "mobile"]
    new.update(name_prefix=c["name_prefix"], name_suffix=c["name_suffix"], phones=new["phones"] + mobiles)
    c.update(new)
    _new_job(rng, c, lang)
    return {"job_title", "department", "organization", "emails", "phones", "urls", "addresses"}


CHANGES = words.Bag([_new_job, _new_mobile, _new_office, _new_department, _new_title, _new_employer], [5, 5, 2, 2, 1, 1.5])


def known(rng, records):
    """Somebody of the stock whose card differs from the record in one or two things, or in nothing (one in seven)."""
    record = rng.choice(records)
    contact = json.loads(json.dumps({k: v for k, v in record.items() if k not in ("id", "company_id")}))
    lang = LANG_OF.get(contact["addresses"][0]["country"], "en")
    changed = set()
    for _ in range(rng.choices([0, 1, 2], [1, 4, 2])[0]):
        changed |= CHANGES.pick(rng)(rng, contact, lang)
    return Draft(contact, lang, record, tuple(sorted(changed)))


# ---- making ------------------------------------------------------------------------------------------------------


class Maker:
    """All cards of one run. `options` is the parsed command line."""

    def __init__(self, options):
        self.options = options
        self.langs = options.lang.split(",")
        # Upright cards share a picture badly: among several they would be printed too small to read.
        names = options.layout.split(",") if options.layout else fonts.part(layouts.BY_NAME, options.split)
        names = [n for n in names if options.layout or options.multi == 1 or layouts.BY_NAME[n].shape != "tall"]
        self.order = random.Random(f"layouts/{options.seed}").sample(names, len(names))
        self.records = [r for r in _stock(options.cards_from) if usable(r)] if options.cards_from else None
        # A card takes up to nine tenths of the picture's width: print it as fine as the picture can show.
        self.ppmm = max(10.0, min(26.0, options.size * 0.9 / 85))

    def card(self, number):
        """The card with this number; it depends on the seed and the number only."""
        rng = random.Random(f"card/{self.options.seed}/{number}")
        layout = layouts.BY_NAME[self.order[number % len(self.order)]]
        while True:
            draft = known(rng, self.records) if self.records else fresh(rng, rng.choice(self.langs), layout)
            card = compose.Card(rng, draft.contact, draft.lang, layout)
            try:
                return Made(draw.render(rng, card, self.ppmm, self.options.fonts, self.options.split), card, draft)
            except draw.NoRoom:
                continue  # somebody else's name is shorter

    def picture(self, index):
        """(photo.Shot, the cards on it) for picture `index`."""
        o = self.options
        rng = random.Random(f"photo/{o.seed}/{index}")
        count = 0 if o.none else o.multi
        made = [self.card(index * count + i) for i in range(count)]
        if o.clean and count == 1:
            return photo.flat(made[0].sheet.image), made
        return photo.shoot(rng, [m.sheet.image for m in made], o.hard, o.size), made


def _stock(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def expected(made):
    """What the card says that the stock record does not: [{"field", "stock", "card"}] for the fields printed."""
    record, contact = made.draft.source, made.card.contact
    return {"id": record["id"], "differences": [{"field": f, "stock": record[f], "card": contact[f]} for f in made.draft.changes
                                                if contact[f] and contact[f] != record[f]]}


def describe(made, quad):
    """The truth of one card."""
    out = {"quad": [[round(float(x), 1), round(float(y), 1)] for x, y in quad], "contact": made.card.contact, "implied": made.card.implied,
           "layout": made.card.layout.name, "font": made.card.font, "lang": made.draft.lang, "lines": [text for text, _ in made.sheet.lines]}
    if getattr(made.card, "coded", None):
        out["code"] = made.card.coded
    if made.draft.source:
        out["expected"] = expected(made)
    return out


def truth(name, shot, made, hard):
    """The line of truth.jsonl: the card's fields at the top when there is exactly one card, else under "cards"."""
    cards = [describe(m, quad) for m, quad in zip(made, shot.quads)]
    head = {"file": name, "width": shot.image.width, "height": shot.image.height, "hard": hard, "exif": shot.orientation, "turn": shot.turn}
    return head | (cards[0] if len(cards) == 1 else {"cards": cards})


def letter_height(text, high):
    """From the ink of a line to the height of its face, whether or not a letter reaches up or down."""
    tall, deep = any(not c.islower() or c in "bdfhklt" or c > "\x7f" for c in text), any(c in "gjpqy,;()/|@" for c in text)
    return high / {(True, True): 1.0, (True, False): 0.78, (False, True): 0.76, (False, False): 0.55}[tall, deep]


def faultless(name, made):
    """The card's words and where they stand, as `card_words fields` takes them: what is lost then is lost in the fields."""
    sheet, lines = made.sheet, []
    for text, (x0, y0, x1, y1) in sheet.lines:
        step, words, at = (x1 - x0) / max(1, len(text)), [], 0
        for word in text.split():
            at = text.index(word, at)
            words.append({"text": word, "confidence": 0.95, "box": [round(x0 + at * step), round(y0), round(len(word) * step), round(y1 - y0)], "alternatives": []})
            at += len(word)
        lines.append({"height": round(letter_height(text, y1 - y0)), "block": 0, "words": words})
    return {"file": name, "width": sheet.image.width, "height": sheet.image.height, "codes": [], "lines": lines}


def arguments(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10, help="pictures")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for cNNNN.jpg and truth.jsonl")
    parser.add_argument("--lang", default=",".join(COUNTRIES), help="languages to draw from")
    parser.add_argument("--layout", help="only these layouts, by comma: " + ", ".join(layouts.BY_NAME))
    parser.add_argument("--split", choices=fonts.SPLITS, help="only its layouts and typefaces: none is in two splits")
    parser.add_argument("--hard", type=int, choices=range(4), default=1, help="0 careful photo … 3 careless photo")
    parser.add_argument("--clean", action="store_true", help="flat scans instead of photos")
    parser.add_argument("--words", action="store_true", help="the words of flat scans instead of pictures")
    parser.add_argument("--multi", type=int, default=1, metavar="M", help="cards on each photo, 1 to 12")
    parser.add_argument("--none", action="store_true", help="photos without any card")
    parser.add_argument("--size", type=int, default=1600, help="longer side of a photo in pixels, 800 to 4000")
    parser.add_argument("--cards-from", type=pathlib.Path, metavar="FILE", help="draw the people from a stock (NDJSON of stock.py)")
    parser.add_argument("--fonts", type=pathlib.Path, default=fonts.FOLDER, help="where typefaces are looked for")
    args = parser.parse_args(argv)
    wrong = set(args.lang.split(",")) - set(COUNTRIES) | set((args.layout or "left").split(",")) - set(layouts.BY_NAME)
    if wrong:
        parser.error(f"unknown: {', '.join(sorted(wrong))}")
    args.clean = args.clean or args.words
    if not (args.count >= 1 and 1 <= args.multi <= (1 if args.words else 12) and 800 <= args.size <= 4000):
        parser.error("--count, --multi or --size out of range")
    return args


def main():
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    maker = Maker(args)
    if maker.records == []:
        raise SystemExit("the stock has no record with enough on it for a card")
    with (args.out / "truth.jsonl").open("w", encoding="utf-8") as out, \
            (args.out / "words.ndjson" if args.words else pathlib.Path(os.devnull)).open("w", encoding="utf-8") as words_out:
        for index in range(args.count):
            shot, made = maker.picture(index)
            name = f"c{index:04d}.jpg"
            if args.words:
                words_out.write(json.dumps(faultless(name, made[0]), ensure_ascii=False) + "\n")
            else:
                shot.save(args.out / name)
            out.write(json.dumps(truth(name, shot, made, 0 if args.clean else args.hard), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
