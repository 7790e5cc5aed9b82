#!/usr/bin/python3
"""embed_sql.py statements FOLDER OUT.c OUT.h DEPFILE | migrations FOLDER OUT.c DEPFILE

statements: each FOLDER/name.sql, one statement, becomes a row of store_sql_texts and a constant SQL_NAME, so that a
wrong name does not compile. migrations: FOLDER/NNNN_what.sql become the table of migrations/migrations.h with SHA-256.
"""
import hashlib
import pathlib
import re
import sys


def literal(text):
    rows = []
    for line in text.splitlines():
        escaped = line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        escaped = escaped.replace("??", "?\\?")
        rows.append(f'    "{escaped}\\n"')
    return "\n".join(rows) or '    ""'


def strip_comments(text):
    """Whole-line comments stay in the file; the server need not see them."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")) + "\n"


def depend(depfile, target, folder, files):
    names = " ".join(str(f).replace(" ", "\\ ") for f in [folder, *files])
    pathlib.Path(depfile).write_text(f"{target}: {names}\n", encoding="utf-8")


def statements(folder, out_c, out_h, depfile):
    files = sorted(pathlib.Path(folder).glob("*.sql"))
    names, texts = [], []
    for path in files:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
            sys.exit(f"{path}: not a statement's name")
        text = strip_comments(path.read_text(encoding="utf-8")).strip()
        if not text.endswith(";") or text.count(";") != 1:
            sys.exit(f"{path}: must be one statement that ends with its only semicolon")
        names.append(path.stem)
        texts.append(text[:-1])
    rows = "\n".join(f"    SQL_{name.upper()}," for name in names)
    pathlib.Path(out_h).write_text(f"""/* Made by tools/embed-sql from store/sql; do not edit. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

enum store_sql {{
{rows}
    SQL_COUNT
}};

extern const char *const store_sql_names[];
extern const char *const store_sql_texts[];

#endif
""", encoding="utf-8")
    name_rows = "\n".join(f'    "{name}",' for name in names)
    text_rows = ",\n".join(literal(text) for text in texts)
    pathlib.Path(out_c).write_text(f"""/* Made by tools/embed-sql from store/sql; do not edit. */
#include "{pathlib.Path(out_h).name}"

const char *const store_sql_names[] = {{
{name_rows}
}};

const char *const store_sql_texts[] = {{
{text_rows},
}};
""", encoding="utf-8")
    depend(depfile, out_c, folder, files)


def migrations(folder, out_c, depfile):
    files = sorted(pathlib.Path(folder).glob("[0-9]*.sql"))
    roles = pathlib.Path(folder) / "roles.sql"
    rows, last = [], 0
    for path in files:
        match = re.fullmatch(r"(\d{4})_([a-z0-9_]+)", path.stem)
        if not match or int(match[1]) <= last:
            sys.exit(f"{path}: steps are numbered 0001, 0002 …, each number once")
        last, data = int(match[1]), path.read_bytes()
        rows.append(f'    {{{last}, "{match[2]}",\n{literal(data.decode())},\n'
                    f'     "{hashlib.sha256(data).hexdigest()}"}},')
    body = "\n".join(rows)
    pathlib.Path(out_c).write_text(f"""/* Made by tools/embed-sql from migrations; do not edit. */
#include "migrations/migrations.h"

const char migration_roles[] =
{literal(roles.read_text(encoding="utf-8"))};

const struct migration migrations[] = {{
{body}
}};

const size_t migration_count = sizeof migrations / sizeof migrations[0];
""", encoding="utf-8")
    depend(depfile, out_c, folder, [roles, *files])


def main():
    if len(sys.argv) == 6 and sys.argv[1] == "statements":
        statements(*sys.argv[2:])
    elif len(sys.argv) == 5 and sys.argv[1] == "migrations":
        migrations(*sys.argv[2:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
