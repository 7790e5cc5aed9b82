#!/usr/bin/python3
"""How many cards of photos with several are found and separated.

  card_words find DIR/*.jpg > quads.ndjson; several.py quads.ndjson DIR/truth.jsonl [--least 0.45] [--misses]

A card counts when an outline of its own meets it with more than `--least` of their common area.
"""
import argparse
import collections
import json
import pathlib


def area(shape):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(shape, shape[1:] + shape[:1]))) / 2


def clockwise(shape):
    turn = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(shape, shape[1:] + shape[:1]))
    return shape if turn > 0 else shape[::-1]


def common(one, other):
    """The part of a convex shape inside another (Sutherland and Hodgman 1974)."""
    shape, border = clockwise(one), clockwise(other)
    for a, b in zip(border, border[1:] + border[:1]):
        def side(p):
            return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
        cut = []
        for p, q in zip(shape, shape[1:] + shape[:1]):
            if side(p) >= 0:
                cut.append(p)
            if side(p) * side(q) < 0:
                t = side(p) / (side(p) - side(q))
                cut.append([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])])
        shape = cut
        if not shape:
            return []
    return shape


def overlap(one, other):
    both = area(common(one, other) or [[0, 0]])
    return both / max(1e-9, area(one) + area(other) - both)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("quads", type=pathlib.Path)
    parser.add_argument("truth", type=pathlib.Path)
    parser.add_argument("--least", type=float, default=0.45)
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    found = {pathlib.PurePath(x["file"]).name: x["quads"] for x in map(json.loads, args.quads.open())}
    right, cards, spare = collections.Counter(), collections.Counter(), 0
    for line in map(json.loads, args.truth.open()):
        truths, quads = [t["quad"] for t in line.get("cards", [line])], found.get(line["file"], [])
        pairs = sorted(((overlap(t, q), i, j) for i, t in enumerate(truths) for j, q in enumerate(quads)), reverse=True)
        taken_t, taken_q = set(), set()
        for share, i, j in pairs:
            if share > args.least and i not in taken_t and j not in taken_q:
                taken_t.add(i)
                taken_q.add(j)
        cards[len(truths)] += len(truths)
        right[len(truths)] += len(taken_t)
        spare += len(quads) - len(taken_q)
        if args.misses and (len(taken_t) < len(truths) or len(taken_q) < len(quads)):
            print(line["file"], f"{len(taken_t)} of {len(truths)}, {len(quads)} outlines")
    for n in sorted(cards):
        print(f"{n} cards a photo: {right[n]}/{cards[n]}")
    print(f"all: {sum(right.values())}/{sum(cards.values())} = {sum(right.values()) / max(1, sum(cards.values())):.3f}, {spare} outlines of nothing")


if __name__ == "__main__":
    main()
