#!/usr/bin/python3
"""make_sbom.py [--out FILE]: the bill of materials of this Kartei on this machine, as CycloneDX 1.5 JSON.

Names what is installed: the Debian packages of deploy/packages*.txt with everything they depend on (version by dpkg-query,
licence by /usr/share/doc/*/copyright where that is written for machines), and the npm packages of every package-lock.json.
The same input gives the same bytes; SOURCE_DATE_EPOCH sets the time stamp.
"""
import argparse
import base64
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOCKS = ("web", "tests/http", "tests/e2e", "tests/web")
# Debian's short names (DEP-5) where SPDX says it otherwise.
SPDX = {"expat": "MIT", "apache-2": "Apache-2.0", "apache-2.0": "Apache-2.0", "bsd-2-clause": "BSD-2-Clause",
        "bsd-3-clause": "BSD-3-Clause", "bsd-4-clause": "BSD-4-Clause", "gpl-1": "GPL-1.0-only", "gpl-1+": "GPL-1.0-or-later",
        "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later", "gpl-2.0+": "GPL-2.0-or-later", "gpl-3": "GPL-3.0-only",
        "gpl-3+": "GPL-3.0-or-later", "gpl-3.0+": "GPL-3.0-or-later", "lgpl-2": "LGPL-2.0-only", "lgpl-2+": "LGPL-2.0-or-later",
        "lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3": "LGPL-3.0-only", "lgpl-3+": "LGPL-3.0-or-later",
        "mpl-2.0": "MPL-2.0", "mpl-1.1": "MPL-1.1", "isc": "ISC", "mit": "MIT", "zlib": "Zlib", "postgresql": "PostgreSQL", "cc0-1.0": "CC0-1.0",
        "unlicense": "Unlicense", "bsl-1.0": "BSL-1.0", "bsd-1-clause": "BSD-1-Clause", "0bsd": "0BSD"}


def query(words):
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def listed(path):
    return [line.split()[0] for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


class Installed:
    """dpkg's list: what is there, who provides a name, who needs whom."""

    def __init__(self):
        self.packages, self.provides = {}, {}
        rows = query(["dpkg-query", "-W", "-f", "${Package}\t${Version}\t${Architecture}\t${db:Status-Status}\t${Depends}, ${Pre-Depends}"
                      "\t${Provides}\t${Homepage}\t${Source}\n"])
        for row in rows.splitlines():
            name, version, arch, status, depends, provides, homepage, source = row.split("\t")
            if status != "installed":
                continue
            self.packages[name] = {"version": version, "arch": arch, "depends": depends, "homepage": homepage,
                                   "source": source.split()[0] if source else name}
            for word in re.findall(r"[a-z0-9][a-z0-9+.-]+(?=\s*(?:\(|,|$))", provides):
                self.provides.setdefault(word, name)

    def resolve(self, name):
        return name if name in self.packages else self.provides.get(name)

    def needs(self, name):
        """Packages that are there and that `name` depends on; of alternatives the first that is there."""
        found = []
        for group in self.packages[name]["depends"].split(","):
            for choice in group.split("|"):
                word = re.match(r"\s*([a-z0-9][a-z0-9+.-]+)", choice)
                target = word and self.resolve(word[1])
                if target:
                    found.append(target)
                    break
        return sorted(set(found) - {name})

    def closure(self, roots):
        todo, done = [self.resolve(root) for root in roots], set()
        while todo:
            name = todo.pop()
            if name and name not in done:
                done.add(name)
                todo += self.needs(name)
        return done


def licences(package):
    """SPDX names from a machine-readable copyright file (DEP-5); else nothing, for a guess would be worse."""
    path = pathlib.Path("/usr/share/doc", package, "copyright")
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    if not re.search(r"^Format:.*copyright-format", text, re.M):
        return []
    names = set()
    for line in re.findall(r"^License:[ \t]*(\S[^\n]*)$", text, re.M):
        for word in re.split(r"\s+(?:and|or)\s+|,", line):
            word = word.strip().split(" with ")[0]
            if word:
                names.add(word)
    return [{"license": {"id": SPDX[name.lower()]} if name.lower() in SPDX else {"name": name}} for name in sorted(names)]


def debian_components(roots, scope_of):
    installed = Installed()
    components, dependencies = [], []
    for name in sorted(installed.closure(roots)):
        package = installed.packages[name]
        version = urllib.parse.quote(package["version"], safe="")
        ref = f"pkg:deb/debian/{urllib.parse.quote(name)}@{version}?arch={package['arch']}&distro=bookworm"
        component = {"type": "library", "bom-ref": ref, "supplier": {"name": "Debian"}, "name": name, "version": package["version"],
                     "scope": scope_of(name), "purl": ref, "properties": [{"name": "debian:source", "value": package["source"]}]}
        if found := licences(name):
            component["licenses"] = found
        if package["homepage"]:
            component["externalReferences"] = [{"type": "website", "url": package["homepage"]}]
        package["ref"] = ref
        components.append(component)
    for component in components:
        dependencies.append({"ref": component["bom-ref"],
                             "dependsOn": [installed.packages[n]["ref"] for n in installed.needs(component["name"])]})
    missing = sorted(root for root in roots if not installed.resolve(root))
    direct = {root: installed.packages[installed.resolve(root)]["ref"] for root in roots if root not in missing}
    return components, dependencies, missing, direct


def npm_components(folder):
    lock = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
    for path, package in sorted(lock["packages"].items()):
        if not path:
            continue
        name = path.rsplit("node_modules/", 1)[1]
        ref = f"pkg:npm/{urllib.parse.quote(name)}@{package['version']}"
        component = {"type": "library", "bom-ref": ref, "name": name, "version": package["version"],
                     "scope": "required" if folder == "web" else "excluded", "purl": ref}
        if "license" in package:
            words = package["license"]
            component["licenses"] = [{"expression": words}] if " " in words else [{"license": {"id": words}}]
        if package.get("integrity", "").startswith("sha512-"):
            component["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(package["integrity"][7:]).hex()}]
        yield component


def own(version):
    return {"type": "application", "bom-ref": "kartei", "name": "Kartei", "version": version,
            "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}]}


def bill():
    run, test = listed(ROOT / "deploy/packages.txt"), listed(ROOT / "deploy/packages-test.txt")
    needed = Installed().closure(run)
    components, dependencies, missing, refs = debian_components(run + test, lambda name: "required" if name in needed else "excluded")
    seen = set()
    for folder in LOCKS:
        if (ROOT / folder / "package-lock.json").exists():
            for component in npm_components(folder):
                if component["bom-ref"] not in seen:
                    seen.add(component["bom-ref"])
                    components.append(component)
    version = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text(encoding="utf-8"))[1]
    direct = {refs[name] for name in run if name in refs}
    direct |= {c["bom-ref"] for c in components if c["purl"].startswith("pkg:npm/") and c["scope"] == "required"}
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    stamp = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    document = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
                "metadata": {"timestamp": stamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
                             "tools": {"components": [{"type": "application", "name": "make_sbom.py", "version": version}]},
                             "component": own(version)},
                "components": components, "dependencies": [{"ref": "kartei", "dependsOn": sorted(direct)}, *dependencies]}
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
    document["serialNumber"] = f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}"
    return document, missing


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, help="file to write; standard output when left out")
    out = arguments.parse_args().out
    document, missing = bill()
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    out.write_text(text, encoding="utf-8") if out else sys.stdout.write(text)
    if missing:
        print(f"not installed here, so not in the bill: {' '.join(missing)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
