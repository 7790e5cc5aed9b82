#!/usr/bin/python3
"""embed.py OUT.c LIST.txt…: folds and sorts word lists and writes them as C byte arrays (newline after each word) with a hash table."""
import os
import re
import sys
import unicodedata

MARKED = ("given_names", "family_names", "job_words", "department_words", "organization_words", "street_words", "cities")
MARKS_FROM = 5  # letters of a word that is spelt with marks alone
VALUED = ("city_homes",)  # lists of "value word": stored as word, tab, value and found by the word
PLAIN = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "å": "a", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}


def fold(text):
    """The same form as contact_text_fold(): lower case, no accents, runs of other characters one blank."""
    text = unicodedata.normalize("NFKD", text.lower().replace("'", "").replace("’", ""))
    text = "".join(PLAIN.get(c, c) for c in text if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", text).strip()


def fnv1a(data):
    """Fowler-Noll-Vo 1a, 32 bits."""
    h = 2166136261
    for byte in data:
        h = ((h ^ byte) * 16777619) & 0xFFFFFFFF
    return h


def slots_of(words):
    """Open addressing: for each slot 1 + where its word begins, 0 for an empty one; at most half are taken."""
    size = 8
    while size < 2 * len(words):
        size *= 2
    slots, at = [0] * size, 0
    for word in words:
        slot = fnv1a(word.split(b"\t")[0]) % size
        while slots[slot]:
            slot = (slot + 1) % size
        slots[slot] = at + 1
        at += len(word) + 1
    return slots


def marks_of(texts):
    """Words that the lists MARKED spell in one way only, and that with marks: "dabrowska", tab, "dąbrowska"."""
    spellings = {}
    for word in (w.lower() for text in texts for line in text for w in re.findall(r"[^\W\d_]+", line)):
        spellings.setdefault(fold(word), set()).add(word)
    return {f"{plain}\t{word}" for plain, (word, *others) in ((p, sorted(s)) for p, s in spellings.items())
            if not others and word != plain and len(word) == len(plain) >= MARKS_FROM and " " not in plain}


def rows(data):
    for i in range(0, len(data), 24):
        yield "    " + "".join(f"{b}," for b in data[i:i + 24])


def main():
    out, lists = sys.argv[1], sys.argv[2:]
    text = ["/* Made by ocr/data/embed.py; do not edit. */", '#include "ocr/fields/lexicon.h"', ""]
    table, texts = [], {}
    for path in lists:
        with open(path, encoding="utf-8") as f:
            texts[os.path.splitext(os.path.basename(path))[0]] = [line for line in f if not line.startswith("#")]
    entries = {name: {fold(line) for line in text} - {""} for name, text in texts.items()}
    entries["marks"] = marks_of(texts[name] for name in MARKED)
    for name, words in entries.items():
        if name in VALUED:
            words = {"\t".join(reversed(w.split(" ", 1))) for w in words}
        words = sorted(w.encode() for w in words)
        data, slots = b"".join(w + b"\n" for w in words), slots_of(words)
        text += [f"static const unsigned char {name}[] = {{", *rows(data), "};"]
        text += [f"static const uint32_t {name}_slots[] = {{", *rows(slots), "};", ""]
        sizes = [len(w.split(b"\t")[0]) for w in words]
        table.append(f"    [OCR_LEXICON_{name.upper()}] = {{{name}, sizeof {name}, {name}_slots, {len(slots)}, {min(sizes)}, "
                     f"{max(sizes)}}},")
    text += ["const struct ocr_lexicon_list ocr_lexicon_lists[OCR_LEXICON_COUNT] = {", *table, "};"]
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
