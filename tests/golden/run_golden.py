#!/usr/bin/python3
"""run_golden.py CARD_WORDS [--misses]: reads the golden cards (README.md) and compares what came out, field by field.

Fails when F1 over all fields is below floor.txt.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

HERE = pathlib.Path(__file__).parent
UNIT, LEFT, WIDTH, COLUMN = 30, 40, 1800, 980
SINGLES = ("name_prefix", "name", "job_title", "department", "organization", "street", "postal_code", "city")
LISTS = {"email": "emails", "phone": "phones", "url": "urls"}


def plain(field, text):
    """What two spellings of one value have in common."""
    text = unicodedata.normalize("NFC", text).casefold().replace("ß", "ss").replace("i̇", "i")
    if field == "url":
        return re.sub(r"^(https?://)?(www\.)?", "", text).rstrip("/")
    return text if field in LISTS else re.sub(r"[\W_]", "", text)


def line_of(text, y, block, align, column):
    size = re.match(r"\{([\d.]+)\} *", text)
    height = UNIT * float(size[1]) if size else UNIT
    words = text[size.end() if size else 0:].split()
    widths = [0.55 * height * len(w) for w in words]
    total = sum(widths) + 0.5 * height * (len(words) - 1)
    x = COLUMN if column else LEFT
    x = {"center": (WIDTH - total) / 2, "right": WIDTH - LEFT - total}.get(align, x)
    boxes = []
    for word, width in zip(words, widths):
        boxes.append({"text": word, "confidence": 0.95, "box": [x, y, width, height], "alternatives": []})
        x += width + 0.5 * height
    return {"height": height, "block": block, "words": boxes}


def page_of(name, rows):
    """The lines of a card as `card_words read` prints them: left column first, as the layout orders them."""
    align = rows[0].strip("<>") if rows[0].startswith("<") else ""
    columns, y, block = ([], []), 40, 0
    for row in rows[1:] if align else rows:
        block += not row.strip()
        height = max([float(s) for s in re.findall(r"\{([\d.]+)\}", row)] or [1]) * UNIT
        for column, text in enumerate(row.split(" || ")[:2]):
            if text.strip():
                columns[column].append(line_of(text.strip(), y, block + 100 * column, align, column))
        y += height * 1.5
    return {"file": name, "width": WIDTH, "height": y, "codes": [], "lines": columns[0] + columns[1]}


def cards():
    """(name, page, truth) of every card; truth: field -> list of lists of accepted spellings."""
    for path in sorted(HERE.glob("*.txt")):
        if path.name == "floor.txt":
            continue
        text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.M)
        for number, card in enumerate(text.split("\n====\n"), 1):
            lines, truth = card.strip("\n").split("\n--\n")
            fields = collections.defaultdict(list)
            for row in truth.splitlines():
                field, value = row.split(": ", 1)
                fields[field].append([plain(field, v) for v in value.split(" | ")])
            name = f"{path.stem}-{number}"
            yield name, page_of(name, lines.split("\n")), fields


def values(contact):
    place = (contact.get("addresses") or [{}])[0]
    one = dict(contact, name=" ".join(filter(None, (contact.get("given_name"), contact.get("family_name")))))
    one.update({f: place.get(f) for f in ("street", "postal_code", "city")})
    found = {f: [one[f]] if one.get(f) else [] for f in SINGLES}
    found.update({f: [v["value"] for v in contact.get(many) or ()] for f, many in LISTS.items()})
    return found


def score(truths, answers, misses):
    right, wrong, missed = (collections.Counter() for _ in range(3))
    for name, truth in truths.items():
        found = values(answers.get(name, {}))
        for field, got in found.items():
            want = [list(w) for w in truth.get(field, ())]
            for value in got:
                hit = next((w for w in want if plain(field, value) in w), None)
                right[field] += hit is not None
                wrong[field] += hit is None
                if hit is not None:
                    want.remove(hit)
                elif misses:
                    print(f"  {name} {field} wrong: {value}")
            missed[field] += len(want)
            for w in want if misses else ():
                print(f"  {name} {field} missing: {w[0]}")
    return right, wrong, missed


def main():
    rows = list(cards())
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as words:
        words.writelines(json.dumps(page, ensure_ascii=False) + "\n" for _, page, _ in rows)
        words.flush()
        out = subprocess.run([sys.argv[1], "fields", words.name], capture_output=True, check=True, text=True, timeout=60).stdout
    answers = {x["file"]: x["contact"] for x in map(json.loads, out.splitlines())}
    right, wrong, missed = score({name: truth for name, _, truth in rows}, answers, "--misses" in sys.argv)
    for field in (*SINGLES, *LISTS):
        r, w, m = right[field], wrong[field], missed[field]
        print(f"{field:13s} n {r + m:3d}  P {r / max(1, r + w):.3f}  R {r / max(1, r + m):.3f}")
    r, w, m = (sum(c.values()) for c in (right, wrong, missed))
    f1, floor = 2 * r / max(1, 2 * r + w + m), float((HERE / "floor.txt").read_text())
    print(f"{len(rows)} cards, F1 {f1:.4f}, floor {floor:.4f}")
    return f1 < floor


if __name__ == "__main__":
    sys.exit(main())
