#!/usr/bin/python3
"""How honest the stated confidences are: a reliability diagram and the calibration error over cards with known truth.

  confidence.py ANSWERS.ndjson TRUTH.jsonl [ANSWERS TRUTH …]            the diagram, the expected calibration error (ECE)
  confidence.py … --half odd                                           only cards whose name hashes to the other half
  confidence.py … --half even --fit ocr/fields/trust.def               weighs the signs anew from these cards
  confidence.py A T A T --weights 1,0.1 --fit …                        the values of the second pair count a tenth
  confidence.py … --fit ocr/fields/trust.def --prior ocr/fields/trust.def   draws to the weights that are there

ANSWERS is what `card_words fields` printed. TRUTH has a contact in clear text a line (tools/generate/cards.py), or hashed
labels: field -> accepted values, each SHA-256("kartei:" + field + ":" + normal form)[:16].
"""
import argparse
import collections
import hashlib
import json
import os
import re
import unicodedata

import numpy

KINDS = ("name", "affix", "title", "department", "organization", "email", "phone", "url", "street", "code", "city", "country")
KIND_OF = {"given_name": "name", "family_name": "name", "name_prefix": "affix", "name_suffix": "affix", "job_title": "title",
           "department": "department", "organization": "organization", "emails": "email", "phones": "phone", "urls": "url",
           "street": "street", "postal_code": "code", "city": "city", "region": "city", "country": "country"}
EXPECTED = {"pattern": 0.5, "engine": 0.1, "weakest-word": 0.5, "disputed": -0.4, "mended": -0.6, "agrees": 0.8, "known": 0.5,
            "form": 0.5, "inferred": -0.5, "length": 0.0}
SIGNS = tuple(EXPECTED)
RIDGE_SIGN, RIDGE_KIND, RIDGE_PRIOR, STEPS, BINS = 8.0, 1.0, 2.0, 40, 10


def normal(field, text):
    text = unicodedata.normalize("NFC", text or "").casefold().replace("i̇", "i").replace("ß", "ss")
    if field in ("emails", "email"):
        return re.sub(r"\s", "", text)
    if field in ("phones", "phone"):
        return re.sub(r"[^\d+]", "", text)
    if field in ("urls", "url"):
        return re.sub(r"^(https?://)?(www\.)?", "", re.sub(r"\s", "", text)).rstrip("/.")
    return re.sub(r"[\W_]", "", text)


def in_contact(contact, implied, field, value):
    """Whether a contact in clear text says so; None when it cannot tell."""
    head, _, tail = field.partition("/")
    part = tail.partition("/")[2] or head
    if part == "region" or part in implied:
        return None
    if head == "addresses":
        said = [a.get(part) for a in contact.get("addresses") or ()]
    elif head in ("emails", "phones", "urls"):
        said = [v["value"] for v in contact.get(head) or ()]
    else:
        said = [contact.get(head)]
    return normal(head, value) in [normal(head, s) for s in said if s]


def in_hashes(fields, answer, field, value):
    """The same for hashed labels; the two names are one label, only the first address has one."""
    head, _, tail = field.partition("/")
    number, _, part = tail.partition("/")
    if head == "addresses" and number != "0":
        return None
    label = {"given_name": "name", "family_name": "name", "emails": "email", "phones": "phone", "urls": "url"}.get(part or head, part or head)
    if label not in fields:
        return None
    if label == "name":
        contact = answer["contact"]
        value = " ".join(filter(None, (contact.get("given_name"), contact.get("family_name"))))
    digest = hashlib.sha256(f"kartei:{label}:{normal(label, value)}".encode()).hexdigest()[:16]
    if digest in fields.get(label + "?", ()):
        return None
    return any(digest in accepted for accepted in fields[label])


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def claims(answers, truth):
    """(card, kind, confidence, signs, right) of every claim whose truth is known."""
    truths = {}
    for line in open(truth, encoding="utf-8"):
        row = json.loads(line)
        truths[row.get("id") or stem(row["file"])] = row
    for line in open(answers, encoding="utf-8"):
        answer = json.loads(line)
        row = truths.get(stem(answer["file"]))
        if not row:
            continue
        signs = collections.defaultdict(dict)
        for reason in answer["reasons"]:
            signs[reason["field"]][reason["sign"]] = reason["value"]
        for claim in answer["fields"]:
            field = claim["field"]
            right = (in_hashes(row["fields"], answer, field, claim["value"]) if "fields" in row
                     else in_contact(row.get("contact") or {}, row.get("implied", ()), field, claim["value"]))
            kind = KIND_OF[field.split("/")[-1] if field.startswith("addresses") else field.split("/")[0]]
            if right is not None:
                yield answer["file"], kind, claim["confidence"], signs.get(field), right


def half_of(card):
    return "even" if int(hashlib.sha256(card.encode()).hexdigest()[0], 16) % 2 == 0 else "odd"


def diagram(rows):
    """Prints stated against true shares; returns the expected calibration error."""
    stated, right = (numpy.array([r[i] for r in rows], float) for i in (2, 4))
    bins = numpy.minimum((stated * BINS).astype(int), BINS - 1)
    error = 0.0
    print("stated          n  mean stated  right")
    for b in range(BINS):
        inside = bins == b
        if inside.any():
            gap = abs(stated[inside].mean() - right[inside].mean())
            error += gap * inside.sum() / len(rows)
            bar = "#" * round(40 * right[inside].mean())
            print(f"{b / BINS:.1f} to {(b + 1) / BINS:.1f} {inside.sum():6d}  {stated[inside].mean():.3f}        {right[inside].mean():.3f}  {bar}")
    near = (stated >= 0.87) & (stated < 0.93)
    if near.any():
        print(f"stated about 0.9: {near.sum()} values, {right[near].mean():.3f} right")
    print(f"{len(rows)} values, {right.mean():.3f} right, ECE {error:.4f}")
    return error


def read_weights(path):
    """Biases of the kinds and the weights of a trust.def, in the order of the columns of fit()."""
    rows = {m[1].lower(): [float(v) for v in m[2].split(",")] for m in re.finditer(r"X\((\w+), ([^)]*)\)", open(path, encoding="utf-8").read())}
    return numpy.array([0.0, *rows["name"][1:], *(rows[k][0] for k in KINDS)])


def fit(rows, counts, prior=None):
    """Logistic regression by Newton's method: a bias a kind, weights that all kinds share, drawn to what one would expect
    of a sign as long as few values speak, or to `prior`; `counts`: how much each row counts; kind -> bias and weights."""
    rows, counts = zip(*((r, c) for r, c in zip(rows, counts) if r[3]))
    count = numpy.array(counts, float)
    signs = numpy.array([[r[3].get(s, 0.0) for s in SIGNS] for r in rows])
    kinds = numpy.array([[float(r[1] == k) for k in KINDS] for r in rows])
    x, y = numpy.hstack([numpy.ones((len(rows), 1)), signs, kinds]), numpy.array([r[4] for r in rows], float)
    ridge = numpy.array([0.01] + [RIDGE_SIGN] * len(SIGNS) + [RIDGE_KIND] * len(KINDS))
    expected = drawn = numpy.array([0.0, *EXPECTED.values()] + [0.0] * len(KINDS))
    if prior is not None:
        drawn = prior
        ridge = numpy.array([1e6] + [RIDGE_SIGN] * len(SIGNS) + [RIDGE_PRIOR] * len(KINDS))
    w = drawn.copy()
    for _ in range(STEPS):
        p = 1 / (1 + numpy.exp(-x @ w))
        slope = x.T @ (count * (y - p)) - ridge * (w - drawn)
        w += numpy.linalg.solve((x * (count * p * (1 - p))[:, None]).T @ x + numpy.diag(ridge), slope)
    shared = w[1:1 + len(SIGNS)]
    shared = numpy.where(shared * expected[1:1 + len(SIGNS)] < 0, 0.0, shared)
    return {k: numpy.concatenate([[w[0] + w[1 + len(SIGNS) + i]], shared]) for i, k in enumerate(KINDS)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", help="ANSWERS TRUTH, any number of times")
    parser.add_argument("--half", choices=("even", "odd"))
    parser.add_argument("--fit", help="trust.def to write")
    parser.add_argument("--prior", help="trust.def whose weights the new ones are drawn to")
    parser.add_argument("--weights", help="how much the values of each pair count, by comma; 1 without")
    parser.add_argument("--doubt", type=float, default=0.0, help="taken off every bias: cards the rules were made on flatter")
    options = parser.parse_args()
    pairs = list(zip(options.files[::2], options.files[1::2]))
    weights_of = [float(w) for w in options.weights.split(",")] if options.weights else [1.0] * len(pairs)
    counted = [(r, w) for (a, t), w in zip(pairs, weights_of, strict=True) for r in claims(a, t)
               if not options.half or half_of(r[0]) == options.half]
    rows = [r for r, _ in counted]
    if not rows:
        raise SystemExit("no claim with known truth")
    diagram(rows)
    if options.fit:
        weights = fit(rows, [w for _, w in counted], read_weights(options.prior) if options.prior else None)
        for kind in KINDS:
            weights[kind][0] -= options.doubt
        with open(options.fit, "w", encoding="utf-8") as out:
            out.write("/* Made by tests/bench/confidence.py --fit; do not edit. kind, bias, weights in the order of enum ocr_sign. */\n")
            for kind in KINDS:
                numbers = ", ".join(f"{v:.3f}" for v in weights[kind])
                out.write(f"X({kind.upper()}, {numbers})\n")


if __name__ == "__main__":
    main()
