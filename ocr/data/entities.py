#!/usr/bin/python3
"""entities.py OUT.c: the character entities of HTML 4.01 (section 24) and &apos;, sorted by name, as a C table."""
import html.entities
import sys

rows = sorted({**html.entities.name2codepoint, "apos": 39}.items())
with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write('/* Made by ocr/data/entities.py; do not edit. */\n#include "ocr/mail/render/html.h"\n\n')
    out.write("static const struct {\n    const char *name;\n    uint32_t code;\n} entities[] = {\n")
    out.writelines(f'    {{"{name}", {code}}},\n' for name, code in rows)
    out.write("};\n\nuint32_t ocr_mail_entity(struct str name)\n{\n    size_t low = 0, high = ARRAY_LEN(entities);\n")
    out.write("    while (low < high) {\n        size_t middle = low + (high - low) / 2;\n")
    out.write("        int order = str_cmp(str_c(entities[middle].name), name);\n        if (order == 0)\n")
    out.write("            return entities[middle].code;\n        if (order < 0)\n            low = middle + 1;\n")
    out.write("        else\n            high = middle;\n    }\n    return 0;\n}\n")
