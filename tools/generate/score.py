#!/usr/bin/python3
"""Compares what was read from generated cards with their truth, field by field, in plain text.

  kartei scan DIR/*.jpg > read.ndjson; score.py read.ndjson DIR/truth.jsonl
  score.py read.ndjson DIR/truth.jsonl --by layout --misses --min 0.90

E-mail and web addresses are compared case-folded (web without scheme and www), telephones as E.164, everything else by
its letters and digits, case-folded, in NFC. A field that a card only implies (the country) is not counted.
"""
import argparse
import collections
import json
import pathlib
import re
import sys
import unicodedata

ONES = ("name_prefix", "name_suffix", "job_title", "department", "organization")
PLACES = ("street", "postal_code", "city", "country")
FIELDS = ("name", *ONES, "email", "phone", "url", *PLACES)
WHOLE = ("name", "organization", "email", "phone")


def normal(field, text):
    """What two spellings of the same value have in common; '' when there is nothing to compare."""
    text = unicodedata.normalize("NFC", text or "").casefold().replace("ı", "i").replace("i\u0307", "i")
    if field == "email":
        return "".join(text.split())
    if field == "url":
        return re.sub(r"^(https?://)?(www\.)?", "", "".join(text.split())).rstrip("/")
    if field == "phone":
        return re.sub(r"[^+\d]", "", text)
    return "".join(c for c in text.replace("ß", "ss") if c.isalnum())


def values(contact):
    """Counter of (field, normal form) of a contact, and the printed form of each."""
    c = contact or {}
    found = [("name", " ".join(x for x in (c.get("given_name"), c.get("family_name")) if x))]
    found += [(f, c.get(f)) for f in ONES]
    found += [(f, x.get("value")) for f, many in (("email", "emails"), ("phone", "phones"), ("url", "urls")) for x in c.get(many) or ()]
    found += [(f, a.get(f)) for a in c.get("addresses") or () for f in PLACES]
    shown = {(f, normal(f, text)): text for f, text in found if text and normal(f, text)}
    return collections.Counter((f, normal(f, text)) for f, text in found if text and normal(f, text)), shown


class Tally:
    """True and false positives and misses of each (group, field)."""

    def __init__(self):
        self.right, self.wrong, self.missed = (collections.Counter() for _ in range(3))
        self.cards = self.found = self.whole = 0
        self.notes = []

    def add(self, group, name, truth, read):
        """One card: its line of truth (or None: nothing should be read) and what was read (a contact or None)."""
        want, shown = values(truth and truth["contact"])
        got, printed = values(read)
        for field in (truth or {}).get("implied", ()):
            want, got = ({k: n for k, n in x.items() if k[0] != field} for x in (want, got))
        want, got = collections.Counter(want), collections.Counter(got)
        hits, spare, lost = want & got, got - want, want - got
        for table, items in ((self.right, hits), (self.wrong, spare), (self.missed, lost)):
            for (field, _), count in items.items():
                table[group, field] += count
        self.notes += [f"{name}\t{k[0]}\tmissing\t{shown[k]}" for k in lost] + [f"{name}\t{k[0]}\twrong\t{printed[k]}" for k in spare]
        if truth:
            self.cards += 1
            self.found += bool(hits)
            self.whole += not any(k[0] in WHOLE for k in [*spare, *lost])

    def row(self, chosen):
        """(n, precision, recall, F1) over the (group, field) keys that `chosen` accepts."""
        tp, fp, fn = (sum(n for key, n in table.items() if chosen(key)) for table in (self.right, self.wrong, self.missed))
        return tp + fn, tp / max(1, tp + fp), tp / max(1, tp + fn), 2 * tp / max(1, 2 * tp + fp + fn)

    def report(self):
        lines = [("field", lambda key, f=f: key[1] == f, f) for f in FIELDS]
        groups = sorted({key[0] for table in (self.right, self.wrong, self.missed) for key in table})
        lines += [("group", lambda key, g=g: key[0] == g, g) for g in groups if len(groups) > 1]
        print(f"{'':20s}     n  precision  recall      F1")
        for _, chosen, title in lines:
            n, precision, recall, f1 = self.row(chosen)
            if n or precision or any(chosen(key) for key in self.wrong):
                print(f"{title:20s} {n:5d}     {precision:.4f}  {recall:.4f}  {f1:.4f}")
        n, precision, recall, f1 = self.row(lambda key: True)
        print(f"{'all':20s} {n:5d}     {precision:.4f}  {recall:.4f}  {f1:.4f}")
        print(f"cards {self.cards}, found {self.found}, name, organisation, e-mail and telephones all right {self.whole}")
        print(f"F1 {f1:.4f}")
        return f1


def pairs(truths, reads):
    """Matches the cards of one picture with the contacts read from it: best agreement first, then what is left over."""
    scores = sorted(((-sum((values(t["contact"])[0] & values(r)[0]).values()), i, j) for i, t in enumerate(truths) for j, r in enumerate(reads)))
    free_i, free_j, matched = set(range(len(truths))), set(range(len(reads))), []
    for score, i, j in scores:
        if i in free_i and j in free_j and (score < 0 or len(truths) == len(reads) == 1):
            matched.append((truths[i], reads[j]))
            free_i.discard(i)
            free_j.discard(j)
    return matched + [(truths[i], None) for i in sorted(free_i)] + [(None, reads[j]) for j in sorted(free_j)]


def lines_of(path):
    """The JSON objects of a file, one a line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield json.loads(line)
        except json.JSONDecodeError as error:
            raise SystemExit(f"{path}:{number}: {error}") from None


def score(read_path, truth_path, by):
    """The Tally of a file of `kartei scan` output against a truth.jsonl, grouped by a word of the truth line."""
    reads, tally = collections.defaultdict(list), Tally()
    for line in lines_of(read_path):
        reads[pathlib.PurePath(line["file"]).name] += [line["contact"]] if line.get("contact") else []
    for line in lines_of(truth_path):
        truths = line.get("cards", [line])
        for truth, read in pairs(truths, reads.pop(line["file"], [])):
            tally.add(str({**line, **(truth or {})}.get(by, "")) if by else "", line["file"], truth, read)
    if reads:
        print(f"no truth for: {', '.join(sorted(reads))}", file=sys.stderr)
    return tally


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("read", type=pathlib.Path, help="output of kartei scan, one JSON object a line")
    parser.add_argument("truth", type=pathlib.Path, help="truth.jsonl of cards.py")
    parser.add_argument("--min", type=float, default=0.0, metavar="F1", help="exit with 1 below this F1")
    parser.add_argument("--by", choices=("layout", "font", "lang", "hard", "turn", "exif"), help="also per layout, typeface, …")
    parser.add_argument("--misses", action="store_true", help="list what is missing or wrong")
    args = parser.parse_args()
    tally = score(args.read, args.truth, args.by)
    if args.misses:
        print(*tally.notes, sep="\n")
    return 0 if tally.report() >= args.min else 1


if __name__ == "__main__":
    sys.exit(main())
