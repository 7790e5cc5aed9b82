#!/usr/bin/python3
"""build.py SOURCE DIST STAMP: lays the pages out as they are served: our files as they are, and of the three libraries the
ES modules, with bare import names ("preact") replaced by relative ones, because import maps would need inline script.
index.html names every module of the first screen: browsers fetch them at once and not one import after another. sw.js names
every file: it keeps them on the device. The catalogues, one a language, are split into parts by what screens say
(js/routes.js), so that a phone fetches no administrator's words before its first photo. Beside every file that shrinks lie
its compressed forms, which the service gives to whom they are understood by.
"""
import gzip
import json
import pathlib
import posixpath
import re
import shutil
import subprocess
import sys

OURS = ("css", "js", "icons")
SINGLE = ("index.html", "manifest.webmanifest", "sw.js")
LIBRARIES = {  # bare name -> (module in node_modules, name under lib/)
    "preact": ("preact/dist/preact.mjs", "preact.mjs"),
    "preact/hooks": ("preact/hooks/dist/hooks.mjs", "hooks.mjs"),
    "htm": ("htm/dist/htm.mjs", "htm.mjs"),
    "@preact/signals-core": ("@preact/signals-core/dist/signals-core.mjs", "signals-core.mjs"),
    "@preact/signals": ("@preact/signals/dist/signals.mjs", "signals.mjs"),
}
MAIN, ROUTES = "js/main.js", "js/routes.js"
ROUTE = re.compile(r'part: "(\w+)", load: \(\) => import\("\./(screens/\w+\.js)"\)')
FIRST = "first"  # the part of the start screen and of the frame around all screens
QUOTED = re.compile(r'"([\w.-]+)"')
TEMPLATE = re.compile(r"`([\w.-]*\$\{[^`]*)`")  # t(`lane.${name}`): all keys that look so
PACKED = (".css", ".js", ".json", ".mjs", ".svg")
IMPORT = re.compile(r"""((?:\bfrom|\bimport)\s*)(["'])([^"'./][^"']*)\2""")
STATIC = re.compile(r"""(?:\bfrom|^import)\s*["'](\.[^"']+)["']""", re.M)
LATER = re.compile(r'(?:=>|await)\s+import\("(\.[^"]+)"\)')  # what a module fetches when it is wanted


def relative(match):
    name = match.group(3)
    if name not in LIBRARIES:
        raise SystemExit(f"build.py: a library imports {name!r}, which is not listed")
    return f"{match.group(1)}{match.group(2)}./{LIBRARIES[name][1]}{match.group(2)}"


def reached(dist, modules, patterns=(STATIC,)):
    """The modules and all that they import, by their paths in dist, in the order of the first meeting. Other screens, which only
    the table of routes leads to, are not among them."""
    found = []
    wanted = list(modules)
    while wanted:
        path = wanted.pop(0)
        if path in found:
            continue
        found.append(path)
        text = (dist / path).read_text(encoding="utf-8")
        names = [name for pattern in patterns if pattern is STATIC or path != ROUTES for name in pattern.findall(text)]
        wanted += [posixpath.normpath(f"{posixpath.dirname(path)}/{name}") for name in names]
    return found


def said(dist, modules, keys):
    """The keys that the modules may ask for: what stands there in quotes, and what fits a template."""
    text = "".join((dist / path).read_text(encoding="utf-8") for path in modules if path.startswith("js/"))
    shapes = ["".join(".+" if n % 2 else re.escape(part) for n, part in enumerate(re.split(r"(\$\{[^}]*\})", one))) for one in TEMPLATE.findall(text)]
    fits = re.compile("|".join(shape for shape in shapes if shape.strip(".+_")) or "(?!)")
    return (keys & set(QUOTED.findall(text))) | {key for key in keys if fits.fullmatch(key)}


def split_words(source, dist):
    """locales/LANGUAGE/PART.json. The first part comes with every screen, another part with the screens that name it; a key
    that only the service names ("label_key") is in all but the first."""
    screens = ROUTE.findall((dist / ROUTES).read_text(encoding="utf-8"))
    roots = {FIRST: [MAIN]}
    for part, screen in screens:
        roots.setdefault(part, []).append(f"js/{screen}")
    for file in sorted((source / "locales").glob("*.json")):
        words = json.loads(file.read_text(encoding="utf-8"))
        parts = {part: said(dist, reached(dist, modules, (STATIC, LATER)), set(words)) for part, modules in roots.items()}
        given = set(words) - set().union(*parts.values())
        (dist / "locales" / file.stem).mkdir(parents=True)
        for part, keys in parts.items():
            own = keys if part == FIRST else (keys | given) - parts[FIRST]
            text = json.dumps({key: words[key] for key in words if key in own}, ensure_ascii=False, separators=(",", ":"))
            (dist / "locales" / file.stem / f"{part}.json").write_text(text, encoding="utf-8")


def files_of(dist):
    return sorted(path for folder in (*OURS, "lib", "locales") for path in (dist / folder).rglob("*") if path.is_file())


def add_preloads(dist):
    page = dist / "index.html"
    first = [f"js/{screen}" for part, screen in ROUTE.findall((dist / ROUTES).read_text(encoding="utf-8")) if part == FIRST]
    links = "".join(f'<link rel="modulepreload" href="{{{{assets}}}}/{path}">\n' for path in reached(dist, [MAIN, *first]))
    page.write_text(page.read_text(encoding="utf-8").replace("</head>", links + "</head>"), encoding="utf-8")


def add_files(dist):
    worker = dist / "sw.js"
    names = [path.relative_to(dist).as_posix() for path in files_of(dist)]
    worker.write_text(worker.read_text(encoding="utf-8").replace('["{{files}}"]', json.dumps(names)), encoding="utf-8")


def pack(dist, before):
    """FILE.gz and, where the program is there, FILE.br. What has not changed since the last build is packed already."""
    fresh = []
    for path in (one for one in files_of(dist) if one.suffix in PACKED):
        old = before / path.relative_to(dist)
        packed = [old.with_name(f"{old.name}.{end}") for end in ("gz", "br")]
        if all(one.exists() for one in (old, *packed)) and old.read_bytes() == path.read_bytes():
            for one in packed:
                shutil.copy(one, path.parent)
            continue
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        fresh.append(path)
    if fresh and shutil.which("brotli"):
        subprocess.run(["brotli", "--quality=11", "--keep", "--", *fresh], check=True)


def put(dist, target):
    """A service may start at this moment and read the folder: it is left alone when nothing has changed, and else changed by
    its name and not file by file."""
    held = {folder: {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()} for folder in (dist, target)}
    if held[dist] == held[target]:
        shutil.rmtree(dist)
        return
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    dist.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def main():
    source, target, stamp = map(pathlib.Path, sys.argv[1:])
    dist = target.with_name(f"{target.name}.new")
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
    split_words(source, dist)
    add_preloads(dist)
    add_files(dist)
    pack(dist, target)
    put(dist, target)
    (target.parent / "package.json").write_text('{"type": "module"}\n')  # for Node 18, which tests load the modules with
    stamp.write_text("")


if __name__ == "__main__":
    main()
