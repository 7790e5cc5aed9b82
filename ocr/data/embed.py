#!/usr/bin/python3
"""embed.py OUT.c LIST.txt…: folds and sorts word lists and writes them as C byte arrays (NAME_words, newline after each word)."""
import os
import re
import sys
import unicodedata

PLAIN = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "å": "a", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}


def fold(text):
    """The same form as contact_text_fold(): lower case, no accents, runs of other characters one blank."""
    text = unicodedata.normalize("NFKD", text.lower().replace("'", "").replace("’", ""))
    text = "".join(PLAIN.get(c, c) for c in text if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", text).strip()


def rows(data):
    for i in range(0, len(data), 24):
        yield "    " + "".join(f"{b}," for b in data[i:i + 24])


def main():
    out, lists = sys.argv[1], sys.argv[2:]
    text = ["/* Made by ocr/data/embed.py; do not edit. */", '#include "ocr/fields/lexicon.h"', ""]
    table = []
    for path in lists:
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="utf-8") as f:
            words = {fold(line) for line in f if not line.startswith("#")} - {""}
        data = "".join(w + "\n" for w in sorted(words, key=lambda w: w.encode())).encode()
        text += [f"static const unsigned char {name}[] = {{", *rows(data), "};", ""]
        table.append(f"    [OCR_LEXICON_{name.upper()}] = {{{name}, sizeof {name}}},")
    text += ["const struct ocr_lexicon_list ocr_lexicon_lists[OCR_LEXICON_COUNT] = {", *table, "};"]
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
