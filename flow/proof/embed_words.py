#!/usr/bin/python3
"""embed_words.py PREFIX NAME en.json de.json OUT: a table of words of the pages' catalogues whose keys begin with PREFIX.

So a sentence that the pages and a page without a script both say stands in the catalogues alone.
"""
import json
import pathlib
import sys


def literal(text):
    return json.dumps(text, ensure_ascii=False)


def main():
    prefix, name, english, german, out = sys.argv[1:]
    en, de = (json.loads(pathlib.Path(path).read_text(encoding="utf-8")) for path in (english, german))
    rows = "".join(f"    {{{literal(key)}, {{{literal(en[key])}, {literal(de[key])}}}}},\n" for key in sorted(en) if key.startswith(prefix))
    pathlib.Path(out).write_text(f'/* Made by embed_words.py from web/locales; do not edit. */\n#include "flow/proof/words.h"\n\n'
                                 f"const struct proof_word {name}[] = {{\n{rows}    {{NULL, {{NULL, NULL}}}},\n}};\n", encoding="utf-8")


if __name__ == "__main__":
    main()
