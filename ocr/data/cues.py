#!/usr/bin/python3
"""cues.py OUT.c mail_cues.txt: the phrases folded and sorted by bytes, each with the kinds it is of, as a C table."""
import collections
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from embed import fold  # noqa: E402

kinds = collections.defaultdict(set)
for line in pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").splitlines():
    if line and not line.startswith("#"):
        kind, phrase = line.split(": ", 1)
        kinds[fold(phrase)].add("OCR_MAIL_CUE_" + kind.upper())
rows = sorted(kinds.items(), key=lambda row: row[0].encode())
with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write('/* Made by ocr/data/cues.py; do not edit. */\n#include "ocr/mail/cues.h"\n\n')
    out.write("const struct ocr_mail_phrase ocr_mail_phrases[] = {\n")
    out.writelines(f'    {{"{p}", {len(p.encode())}, {" | ".join("1u << " + k for k in sorted(ks))}}},\n' for p, ks in rows)
    out.write("};\nconst size_t ocr_mail_phrase_count = ARRAY_LEN(ocr_mail_phrases);\n")
    firsts = [row[0].encode()[0] for row in rows]
    starts = [sum(f < byte for f in firsts) for byte in range(257)]
    out.write(f"const uint16_t ocr_mail_phrase_starts[257] = {{{', '.join(map(str, starts))}}};\n")
