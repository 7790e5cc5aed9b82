#!/usr/bin/python3
"""build.py SOURCE DIST STAMP: lays the pages out as they are served: our files as they are, and of the three libraries the
ES modules, with bare import names ("preact") replaced by relative ones, because import maps would need inline script.
index.html names every module of the first screen: browsers fetch them at once and not one import after another. sw.js names
every file: it keeps them on the device.
"""
import json
import pathlib
import posixpath
import re
import shutil
import sys

OURS = ("css", "js", "locales", "icons")
SINGLE = ("index.html", "manifest.webmanifest", "sw.js")
LIBRARIES = {  # bare name -> (module in node_modules, name under lib/)
    "preact": ("preact/dist/preact.mjs", "preact.mjs"),
    "preact/hooks": ("preact/hooks/dist/hooks.mjs", "hooks.mjs"),
    "htm": ("htm/dist/htm.mjs", "htm.mjs"),
    "@preact/signals-core": ("@preact/signals-core/dist/signals-core.mjs", "signals-core.mjs"),
    "@preact/signals": ("@preact/signals/dist/signals.mjs", "signals.mjs"),
}
FIRST = ("js/main.js", "js/screens/capture.js")
IMPORT = re.compile(r"""((?:\bfrom|\bimport)\s*)(["'])([^"'./][^"']*)\2""")
STATIC = re.compile(r"""(?:\bfrom|^import)\s*["'](\.[^"']+)["']""", re.M)


def relative(match):
    name = match.group(3)
    if name not in LIBRARIES:
        raise SystemExit(f"build.py: a library imports {name!r}, which is not listed")
    return f"{match.group(1)}{match.group(2)}./{LIBRARIES[name][1]}{match.group(2)}"


def reached(dist, modules):
    """The modules and all that they import, by their paths in dist, in the order of the first meeting."""
    found = []
    wanted = list(modules)
    while wanted:
        path = wanted.pop(0)
        if path in found:
            continue
        found.append(path)
        text = (dist / path).read_text(encoding="utf-8")
        wanted += [posixpath.normpath(f"{posixpath.dirname(path)}/{name}") for name in STATIC.findall(text)]
    return found


def add_preloads(dist):
    page = dist / "index.html"
    links = "".join(f'<link rel="modulepreload" href="{{{{assets}}}}/{path}">\n' for path in reached(dist, FIRST))
    page.write_text(page.read_text(encoding="utf-8").replace("</head>", links + "</head>"), encoding="utf-8")


def add_files(dist):
    worker = dist / "sw.js"
    names = sorted(path.relative_to(dist).as_posix() for folder in (*OURS, "lib") for path in (dist / folder).rglob("*") if path.is_file())
    worker.write_text(worker.read_text(encoding="utf-8").replace('["{{files}}"]', json.dumps(names)), encoding="utf-8")


def main():
    source, dist, stamp = map(pathlib.Path, sys.argv[1:])
    shutil.rmtree(dist, ignore_errors=True)
    (dist / "lib").mkdir(parents=True)
    for folder in OURS:
        if (source / folder).is_dir():
            shutil.copytree(source / folder, dist / folder, ignore=shutil.ignore_patterns("*.d.ts"))
    for name in SINGLE:
        shutil.copy(source / name, dist / name)
    for module, name in LIBRARIES.values():
        text = (source / "node_modules" / module).read_text(encoding="utf-8")
        text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
        (dist / "lib" / name).write_text(IMPORT.sub(relative, text), encoding="utf-8")
    add_preloads(dist)
    add_files(dist)
    (dist.parent / "package.json").write_text('{"type": "module"}\n')  # for Node 18, which tests load the modules with
    stamp.write_text("")


if __name__ == "__main__":
    main()
