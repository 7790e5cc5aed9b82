#!/usr/bin/python3
"""unfiltered_sql.py FOLDER OUT.c OUT.h DEPFILE: the statements of the store without their filter by organisation.

"org_id = $1" becomes a condition that is always true, so that only row level security is left. For tests/http/bare.
"""
import importlib.util
import pathlib
import re
import sys
import tempfile

TOOL = pathlib.Path(__file__).resolve().parents[3] / "tools/embed-sql/embed_sql.py"


def main(folder, out_c, out_h, depfile):
    spec = importlib.util.spec_from_file_location("embed_sql", TOOL)
    embed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(embed)
    with tempfile.TemporaryDirectory() as bare:
        filters = 0
        for path in pathlib.Path(folder).glob("*.sql"):
            text, n = re.subn(r"(?:\b\w+\.)?org_id = \$1\b", "$1::uuid is not null", path.read_text(encoding="utf-8"))
            (pathlib.Path(bare) / path.name).write_text(text, encoding="utf-8")
            filters += n
        if filters < 100:
            sys.exit(f"only {filters} filters found: has the way they are written changed?")
        embed.statements(bare, out_c, out_h, depfile)
    files = sorted(pathlib.Path(folder).glob("*.sql"))
    embed.depend(depfile, out_c, folder, files)


if __name__ == "__main__":
    main(*sys.argv[1:])
