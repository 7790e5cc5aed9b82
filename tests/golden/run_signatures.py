#!/usr/bin/python3
"""run_signatures.py KARTEI [--count N] [--seed S] [--misses]: reads synthetic mails (tools/generate/mails.py) and compares.

Fails when F1 over signature lines or over fields is below signatures.floor, when anything of a quoted person is in a
contact, or when a newsletter, a program's mail or a mail nobody signed would be suggested. The seed of the floor is 1;
others are for looking.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

from run_golden import plain, values

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]


def span(ranges):
    return {i for first, last in ranges for i in range(first, last + 1)}


def f1(right, wrong, missed):
    return 2 * right / max(1, 2 * right + wrong + missed)


class Tally:
    def __init__(self):
        self.lines, self.fields = collections.Counter(), collections.defaultdict(collections.Counter)
        self.faults, self.verdicts = [], collections.Counter()

    def add_lines(self, folder, truth, answer):
        if truth["sig"] is None:
            return
        text = (folder / truth["file"]).read_text(encoding="utf-8").split("\n\n", 1)[1].split("\n")
        free = span(truth["dontcare"]) - span(truth["sig"])
        solid = {i for i, line in enumerate(text, 1) if line.strip()} - free
        want, got = span(truth["sig"]) & solid, span(answer["ranges"]) & solid
        self.lines += collections.Counter(right=len(want & got), wrong=len(got - want), missed=len(want - got))

    def add_fields(self, truth, answer, misses):
        contact = answer["contact"] or {}
        wanted, found = ({f: collections.Counter(plain(f, v) for v in many) for f, many in values(c).items()}
                         for c in (truth["contact"] or {}, contact))
        for field in wanted:
            right = sum((wanted[field] & found[field]).values())
            self.fields[field] += collections.Counter(
                right=right, wrong=sum(found[field].values()) - right, missed=sum(wanted[field].values()) - right)
            if misses and found[field] != wanted[field]:
                print(f"  {truth['file']} {field}: read {list(found[field])}, printed {list(wanted[field])}")

    def add_faults(self, truth, answer):
        self.verdicts[truth["verdict"], answer["verdict"]] += 1
        said = json.dumps(answer["contact"], ensure_ascii=False).casefold()
        if truth["verdict"] != "person" and answer["verdict"] == "person" and answer["contact"]:
            self.faults.append(f"{truth['file']}: {truth['verdict']} would be suggested")
        own = json.dumps(truth["contact"], ensure_ascii=False).casefold()
        self.faults += [f"{truth['file']}: {text} is somebody else's" for text in truth["strangers"]
                        if f'"{text.casefold()}"' in said and text.casefold() not in own]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("kartei")
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--misses", action="store_true")
    args = arguments.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, ROOT / "tools/generate/mails.py", "--out", folder, "--count", str(args.count), "--seed",
                        str(args.seed)], check=True, timeout=120)
        truths = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
        out = subprocess.run([args.kartei, "signature", *(folder / t["file"] for t in truths)], capture_output=True, check=True,
                             text=True, timeout=300).stdout
        for truth, answer in zip(truths, map(json.loads, out.splitlines())):
            tally.add_lines(folder, truth, answer)
            tally.add_fields(truth, answer, args.misses)
            tally.add_faults(truth, answer)
    for field, c in tally.fields.items():
        print(f"{field:13s} n {c['right'] + c['missed']:4d}  F1 {f1(c['right'], c['wrong'], c['missed']):.3f}")
    total = sum(tally.fields.values(), collections.Counter())
    scores = [f1(c["right"], c["wrong"], c["missed"]) for c in (tally.lines, total)]
    floors = [float(x) for x in (HERE / "signatures.floor").read_text().split()]
    print("verdicts (meant, given): " + ", ".join(f"{a}/{b} {n}" for (a, b), n in sorted(tally.verdicts.items())))
    print("\n".join(tally.faults))
    print(f"{args.count} mails, lines F1 {scores[0]:.4f} (floor {floors[0]:.4f}), fields F1 {scores[1]:.4f} (floor {floors[1]:.4f})")
    return bool(tally.faults) or scores[0] < floors[0] or scores[1] < floors[1]


if __name__ == "__main__":
    sys.exit(main())
