#!/usr/bin/python3
"""embed_countries.py OUT.h countries.def FOLD_DIR: the names of all countries, folded and sorted, as rows for bisection.

FOLD_DIR holds embed.py, whose fold() makes the form of contact_text_fold(). A name of two countries is the first one's.
"""
import re
import sys


def main():
    out, table, folder = sys.argv[1:]
    sys.path.insert(0, folder)
    from embed import fold
    names = {}
    with open(table, encoding="utf-8") as f:
        for alpha2, listed in re.findall(r'^X\("(..)", "...", "(.*)"\)$', f.read(), re.M):
            for name in listed.split("|"):
                names.setdefault(fold(name), alpha2)
    names.pop("", None)
    with open(out, "w", encoding="utf-8") as f:
        f.write("/* Made by contact/embed_countries.py; do not edit. */\n")
        for name in sorted(names, key=str.encode):
            f.write(f'{{"{name}", {len(name.encode())}, "{names[name]}"}},\n')


if __name__ == "__main__":
    main()
