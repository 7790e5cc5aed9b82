"""Word lists of the data generator: read once from words/*.txt, drawn by rank or by weight.

A list is UTF-8, one entry a line, columns separated by '|', '#' opens a comment.
"""
import bisect
import functools
import itertools
import pathlib
import re
import unicodedata

FOLDER = pathlib.Path(__file__).resolve().parent / "words"
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
PLAIN = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "’": "", "'": ""})


class Bag:
    """Values drawn with given weights; the caller lends the random generator."""

    __slots__ = ("values", "ends")

    def __init__(self, values, weights):
        self.values = list(values)
        self.ends = list(itertools.accumulate(weights))

    def pick(self, rng):
        return self.at(rng.random())

    def at(self, point):
        """The value at `point` in [0, 1): the same point gives the same kind of value in every Bag."""
        at = bisect.bisect_right(self.ends, point * self.ends[-1])
        return self.values[min(at, len(self.values) - 1)]


@functools.lru_cache(maxsize=None)
def rows(name):
    """All entries of words/NAME.txt as tuples of columns."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(tuple(unicodedata.normalize("NFC", line).split("|"))
                 for line in text.splitlines() if line and not line.startswith("#"))


@functools.lru_cache(maxsize=None)
def column(name, at=0):
    return tuple(row[at] for row in rows(name))


def ranked(values, steep=0.75, shift=4.0):
    """A Bag over values listed commonest first: weight 1 / (rank + shift) ** steep (Zipf-Mandelbrot)."""
    return Bag(values, [1.0 / (i + 1 + shift) ** steep for i in range(len(values))])


@functools.lru_cache(maxsize=None)
def ranked_list(name, at=0):
    return ranked(column(name, at))


@functools.lru_cache(maxsize=None)
def weighted_rows(name, at, key=None, key_at=0):
    """A Bag of whole rows of words/NAME.txt weighted by column `at`, of those whose column `key_at` is `key`."""
    chosen = [r for r in rows(name) if key is None or r[key_at] == key]
    return Bag(chosen, [float(r[at]) for r in chosen])


def digits(rng, count):
    return "".join(rng.choices("0123456789", k=count))


@functools.lru_cache(maxsize=65536)
def ascii_fold(text, umlauts=True):
    """Latin letters without marks; German umlauts as ae, oe, ue unless `umlauts` is false (then a, o, u)."""
    text = text.translate(UMLAUTS) if umlauts else text
    text = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return "".join(c for c in text if not unicodedata.combining(c))


@functools.lru_cache(maxsize=65536)
def slug(text):
    """What a company would register as its domain label."""
    return re.sub(r"[^a-z0-9]+", "-", ascii_fold(text).lower()).strip("-")


@functools.lru_cache(maxsize=65536)
def mail_part(text):
    """A name as it stands in the local part of an e-mail address."""
    return re.sub(r"[^a-z-]", "", ascii_fold(text).lower())
