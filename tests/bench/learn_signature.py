#!/usr/bin/python3
"""learn_signature.py MODEL.def LINES.ndjson LABELS.jsonl [--keep L] [--folds N] [--write]: weights of the line model from labelled mails.

LINES is what `mail_lines` printed, LABELS has {"id", "sig": [[first,last]…], "dontcare": [[first,last]…]} a mail; lines that
do not matter may be either. A linear-chain conditional random field (Lafferty, McCallum, Pereira 2001) with two states;
the weights that stand in MODEL are its prior, so that few mails bend them a little only. --folds N reports on mails that
were left out (by the letters an id begins with); --write puts the new weights into MODEL. Needs numpy.
"""
import argparse
import json
import os
import re

import numpy as np

ROW = re.compile(r"^X\((\w+), ([-\d.]+), ([-\d.]+), ([-\d.]+)\)", re.M)


def span(ranges):
    return {i for first, last in ranges for i in range(first, last + 1)}


def runs_of(mail, label, index):
    """Sequences of (features, wanted, free) of one mail: a run of the author's lines each."""
    sig, free = span(label["sig"]), span(label["dontcare"]) - span(label["sig"])
    runs = []
    for line, first, *marks in mail["points"]:
        if first or not runs:
            runs.append(([], [], []))
        runs[-1][0].append([index[m] for m in marks])
        runs[-1][1].append(line in sig)
        runs[-1][2].append(line in free)
    return runs


def scores(run, w):
    x = np.zeros((len(run), w.shape[0]))
    for i, marks in enumerate(run):
        x[i, marks] = 1
    return x, x @ w


def logsum(a, b):
    return np.logaddexp(a, b)


def expectations(s, allowed):
    """Expected state, entering and leaving of each line under scores s, and the log of the sum over all allowed paths."""
    n = len(s)
    block = np.where(allowed, 0.0, -1e9)
    f, b = np.zeros((n, 2)), np.zeros((n, 2))
    for i in range(n):
        body, sign = (0.0, -1e9) if i == 0 else f[i - 1]
        f[i, 0] = logsum(body, sign + s[i, 2]) + block[i, 0]
        f[i, 1] = logsum(body + s[i, 1], sign) + s[i, 0] + block[i, 1]
    for i in range(n - 2, -1, -1):
        to_body, to_sign = b[i + 1, 0] + block[i + 1, 0], b[i + 1, 1] + block[i + 1, 1] + s[i + 1, 0]
        b[i, 0] = logsum(to_body, to_sign + s[i + 1, 1])
        b[i, 1] = logsum(to_body + s[i + 1, 2], to_sign)
    z = logsum(*f[-1])
    e = np.zeros((n, 3))
    e[:, 0] = np.exp(f[:, 1] + b[:, 1] - z)
    for i in range(n):
        body, sign = (0.0, -1e9) if i == 0 else f[i - 1]
        e[i, 1] = np.exp(body + s[i, 1] + s[i, 0] + block[i, 1] + b[i, 1] - z)
        e[i, 2] = np.exp(sign + s[i, 2] + block[i, 0] + b[i, 0] - z)
    return e, z


def gradient(runs, w):
    g, total = np.zeros_like(w), 0.0
    for marks, wanted, free in runs:
        x, s = scores(marks, w)
        allowed = np.array([[not y or d, y or d] for y, d in zip(wanted, free)])
        given, zg = expectations(s, allowed)
        any_, za = expectations(s, np.ones_like(allowed))
        g += x.T @ (given - any_)
        total += zg - za
    return g, total


def learn(runs, prior, keep, steps=250):
    """Adam on the penalised likelihood."""
    w, m, v = prior.copy(), np.zeros_like(prior), np.zeros_like(prior)
    for t in range(1, steps + 1):
        g, _ = gradient(runs, w)
        g -= keep * (w - prior)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w += 0.05 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w


def best_path(s):
    body, sign, back = 0.0, -1e9, []
    for line, enter, leave in s:
        back.append((sign + leave > body, sign > body + enter))
        body, sign = max(body, sign + leave), max(sign, body + enter) + line
    at, path = sign > body, []
    for from_body, from_sign in reversed(back):
        path.append(at)
        at = from_sign if at else from_body
    return path[::-1]


def f1(runs, w):
    tp = fp = fn = 0
    for marks, wanted, free in runs:
        for got, want, either in zip(best_path(scores(marks, w)[1]), wanted, free):
            if not either:
                tp, fp, fn = tp + (got and want), fp + (got and not want), fn + (want and not got)
    return 2 * tp / max(1, 2 * tp + fp + fn)


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("model")
    args.add_argument("lines")
    args.add_argument("labels")
    args.add_argument("--keep", type=float, default=2.0)
    args.add_argument("--folds", type=int, default=0)
    args.add_argument("--write", action="store_true")
    args = args.parse_args()
    text = open(args.model, encoding="utf-8").read()
    rows = ROW.findall(text)
    index = {name: i for i, (name, *_) in enumerate(rows)}
    prior = np.array([[float(v) for v in row[1:]] for row in rows])
    labels = {x["id"]: x for x in map(json.loads, open(args.labels, encoding="utf-8"))}
    mails = {}
    for mail in map(json.loads, open(args.lines, encoding="utf-8")):
        name = os.path.splitext(os.path.basename(mail["file"]))[0]
        if name in labels:
            mails[name] = runs_of(mail, labels[name], index)
    everything = [run for runs in mails.values() for run in runs]
    print(f"{len(mails)} mails, F1 of the weights in force {f1(everything, prior):.4f}")
    if args.folds:
        names = sorted(mails)
        left_out = []
        for fold in range(args.folds):
            test = names[fold::args.folds]
            w = learn([r for n in names if n not in test for r in mails[n]], prior, args.keep)
            left_out += [(r, w) for n in test for r in mails[n]]
        tp = fp = fn = 0
        for (marks, wanted, free), w in left_out:
            for got, want, either in zip(best_path(scores(marks, w)[1]), wanted, free):
                if not either:
                    tp, fp, fn = tp + (got and want), fp + (got and not want), fn + (want and not got)
        print(f"left out in {args.folds} folds: F1 {2 * tp / max(1, 2 * tp + fp + fn):.4f}")
    w = learn(everything, prior, args.keep)
    print(f"learned: F1 {f1(everything, w):.4f}")
    if args.write:
        values = iter(w)

        def row(match):
            line, enter, leave = next(values)
            return f"X({match[1]}, {line:.2f}, {enter:.2f}, {leave:.2f})"

        open(args.model, "w", encoding="utf-8").write(ROW.sub(row, text))


if __name__ == "__main__":
    main()
