#!/usr/bin/python3
"""embed_inventory.py [--check] docs/data-inventory.md docs/data-inventory.de.tsv OUT: the table that /proof/inventory shows.

The page in English is the source; the other file has its phrases in German, one a line, a tab between. A phrase without one is shown
in English; with --check, as a test runs it, that and what is left over is an error.
"""
import json
import pathlib
import re
import sys


def tables(text):
    """(name, purpose, kept until, [(column, kept, holds)]) of each section that has a table."""
    for part in re.split(r"^## ", text, flags=re.M)[1:]:
        name, rest = part.split("\n", 1)
        head, _, body = rest.partition("\n| column |")
        said = re.search(r"^Kept: (.*)\.$", head, re.M)
        purpose = " ".join((head[:said.start()] if said else head).split())
        yield name, purpose, said[1] if said else "", re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \|$", body, re.M)


def literal(text):
    return json.dumps(text, ensure_ascii=False)


def main():
    check = sys.argv[1] == "--check"
    source, words, out = (pathlib.Path(path) for path in sys.argv[2 if check else 1:])
    german = dict(line.split("\t", 1) for line in words.read_text(encoding="utf-8").splitlines())
    used, missing, rows = set(), [], []

    def both(phrase):
        used.add(phrase)
        if phrase not in german or not phrase:
            missing.append(phrase)
        return f"{{{literal(phrase)}, {literal(german.get(phrase, phrase))}}}"

    for name, purpose, until, columns in tables(source.read_text(encoding="utf-8")):
        rows.append(f"    {{{literal(name)}, NULL, NULL, {both(purpose)}, {both(until)}}},\n")
        rows += [f"    {{{literal(name)}, {literal(column)}, {literal(kept)}, {both(holds)}, {{NULL, NULL}}}},\n" for column, kept, holds in columns]
    over = sorted(set(german) - used)
    if check and (missing or over):
        sys.exit(f"{words.name}: no German for {missing}, left over {over}")
    out.write_text('/* Made by embed_inventory.py from docs/data-inventory.md; do not edit. */\n#include "flow/proof/words.h"\n\n'
                   f"const struct proof_inventory_row proof_inventory_rows[] = {{\n{''.join(rows)}    {{NULL, NULL, NULL, {{NULL, NULL}}, {{NULL, NULL}}}},\n}};\n",
                   encoding="utf-8")


if __name__ == "__main__":
    main()
