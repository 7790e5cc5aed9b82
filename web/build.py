#!/usr/bin/python3
"""build.py SOURCE DIST STAMP: lays the pages out as they are served: our files as they are, and of the three libraries the
ES modules, with bare import names ("preact") replaced by relative ones, because import maps would need inline script.
"""
import pathlib
import re
import shutil
import sys

OURS = ("css", "js", "locales", "icons")
SINGLE = ("index.html", "manifest.webmanifest")
LIBRARIES = {  # bare name -> (module in node_modules, name under lib/)
    "preact": ("preact/dist/preact.mjs", "preact.mjs"),
    "preact/hooks": ("preact/hooks/dist/hooks.mjs", "hooks.mjs"),
    "htm": ("htm/dist/htm.mjs", "htm.mjs"),
    "@preact/signals-core": ("@preact/signals-core/dist/signals-core.mjs", "signals-core.mjs"),
    "@preact/signals": ("@preact/signals/dist/signals.mjs", "signals.mjs"),
}
IMPORT = re.compile(r"""((?:\bfrom|\bimport)\s*)(["'])([^"'./][^"']*)\2""")


def relative(match):
    name = match.group(3)
    if name not in LIBRARIES:
        raise SystemExit(f"build.py: a library imports {name!r}, which is not listed")
    return f"{match.group(1)}{match.group(2)}./{LIBRARIES[name][1]}{match.group(2)}"


def main():
    source, dist, stamp = map(pathlib.Path, sys.argv[1:])
    shutil.rmtree(dist, ignore_errors=True)
    (dist / "lib").mkdir(parents=True)
    for folder in OURS:
        if (source / folder).is_dir():
            shutil.copytree(source / folder, dist / folder)
    for name in SINGLE:
        shutil.copy(source / name, dist / name)
    for module, name in LIBRARIES.values():
        text = (source / "node_modules" / module).read_text(encoding="utf-8")
        text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
        (dist / "lib" / name).write_text(IMPORT.sub(relative, text), encoding="utf-8")
    stamp.write_text("")


if __name__ == "__main__":
    main()
