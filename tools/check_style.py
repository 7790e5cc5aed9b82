#!/usr/bin/python3
"""check_style.py [--root DIR]: holds the sources against the house rules that a program can check.

Layers (tools/layers.txt), one file per foreign library (tools/libraries.txt), sizes, symbol prefixes of headers, and that
whatever the audit trail tells has words in both languages.
Known exceptions, each with its reason, stand in tools/style-exceptions.txt as "rule path reason".
Prints one line a finding and ends with 1 when there is any.
"""
import argparse
import json
import pathlib
import re
import sys

FLOORS = ("base", "contact", "ocr", "dedupe", "crm-connectors", "store", "flow", "api", "services")
PREFIX = {"ocr": "ocr_", "dedupe": "dedupe_", "crm-connectors": "crm_", "store": "store_", "flow": "flow_", "api": "api_",
          "contact": "contact_"}
MAX_FILE, MAX_HEADER, MAX_FUNCTION, MAX_PARAMS, MAX_NESTING, MAX_FOLDER = 500, 120, 60, 6, 3, 15
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
CONTROL = re.compile(r"^( +)(?:\} )?(if|for|while|switch|do)\b")
DOTTED = re.compile(r'"([a-z_]+\.[a-z_]+)"')
DEED = re.compile(r"struct flow_deed \w+ = \{.*?;", re.S)
KIND = re.compile(r'\.kind = (?:\w+ \? )?"(\w+)"(?: : "(\w+)")?')
READ = re.compile(r'\bflow_read\([\w>.-]+, "(\w+)"')
DECLARATION = re.compile(r"^[A-Za-z_][\w \t*]*?[ *](\w+)\(", re.M)


def table(path):
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            left, right = line.split(":", 1)
            rows[left.strip()] = right.split()
    return rows


class Checker:
    def __init__(self, root):
        self.root = root
        self.layers = table(root / "tools/layers.txt")
        self.libraries = table(root / "tools/libraries.txt")
        self.words = {language: self.catalogue(language) for language in ("de", "en")}
        self.findings = []

    def catalogue(self, language):
        path = self.root / f"web/locales/{language}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def find(self, rule, path, text):
        self.findings.append((rule, str(path.relative_to(self.root)), text))

    def sources(self):
        for floor in FLOORS:
            for path in sorted((self.root / floor).rglob("*")):
                if path.suffix in (".c", ".h", ".cc") and path.is_file():
                    yield floor, path

    def includes(self, floor, path, text):
        name = str(path.relative_to(self.root))
        for bracket, target in INCLUDE.findall(text):
            if bracket == '"':
                top = target.split("/")[0]
                if "/" in target and top in FLOORS and top != floor and top not in self.layers[floor]:
                    self.find("layer", path, f"includes {target}: {floor} may not know {top}")
                if "/" not in target and not target.startswith("generated"):
                    self.find("layer", path, f'includes "{target}" without its folder')
                continue
            for library, owners in self.libraries.items():
                if target.startswith(library) and name not in owners:
                    self.find("library", path, f"includes <{target}>: only {' '.join(owners)} may")

    def sizes(self, path, lines):
        ceiling = MAX_HEADER if path.suffix == ".h" else MAX_FILE
        if len(lines) > ceiling:
            self.find("size", path, f"{len(lines)} lines, at most {ceiling}")
        start = None
        for number, line in enumerate(lines, 1):
            if line == "{":
                start = number
            elif line.startswith("}") and start:
                self.function(path, lines, start, number)
                start = None

    def function(self, path, lines, start, end):
        head_at = start - 1
        while head_at > 0 and lines[head_at - 1] and not lines[head_at - 1].startswith(("}", "#", " *", "/*", "//")) and \
                not lines[head_at - 1].endswith((";", "*/")):
            head_at -= 1
        head = " ".join(lines[head_at:start - 1])
        name = (re.findall(r"(\w+)\(", head) or ["?"])[0]
        if end - start > MAX_FUNCTION:
            self.find("function", path, f"{name}() has {end - start} lines, at most {MAX_FUNCTION}")
        inner = head[head.find("(") + 1:head.rfind(")")]
        inner = re.sub(r"\([^()]*\)", "", inner)
        if inner.count(",") + 1 > MAX_PARAMS:
            self.find("params", path, f"{name}() takes {inner.count(',') + 1} parameters, at most {MAX_PARAMS}")
        for number in range(start, end):
            match = CONTROL.match(lines[number])
            if match and len(match[1]) % 4 == 0 and len(match[1]) // 4 > MAX_NESTING:
                self.find("nesting", path, f"line {number + 1}: {name}() nests deeper than {MAX_NESTING}")

    def prefixes(self, floor, path, text):
        if floor not in PREFIX or path.suffix != ".h":
            return
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        for name in DECLARATION.findall(code):
            if not name.startswith(PREFIX[floor]) and not name.startswith("__") and name != "_printf_":
                self.find("prefix", path, f"{name}() does not start with {PREFIX[floor]}")

    def acts(self, floor, path, text):
        """Dotted words of the flow are acts of the audit trail, but for those that are keys of the catalogues themselves."""
        if floor != "flow" or path.suffix != ".c":
            return
        read = READ.findall(text)
        kinds = {kind for deed in DEED.findall(text) for pair in KIND.findall(deed) for kind in pair if kind} | set(read)
        for language, words in self.words.items():
            acts = {*DOTTED.findall(text), *(f"{kind}.read" for kind in read)} - set(words)
            wanted = {f"audit.action.{act}" for act in acts} | {f"audit.kind.{kind}" for kind in kinds}
            for key in sorted(wanted - set(words)):
                self.find("words", path, f"{key} has no words in {language}")

    def opening(self, path, text):
        if not text.startswith(("/*", "//")):
            self.find("purpose", path, "does not open with its purpose")

    def way_out(self, floor, path, text):
        """Who makes a way out says whom it may reach: one file of flow/ (docs/adr/0034)."""
        if floor != "crm-connectors" and str(path.relative_to(self.root)) != "flow/egress/errand.c" and re.search(r"\bcrm_http_new\(", text):
            self.find("way-out", path, "flow/egress/errand.h opens the one way out")

    def folders(self):
        counts = {}
        for _, path in self.sources():
            if path.suffix != ".h":
                counts[path.parent] = counts.get(path.parent, 0) + 1
        for folder, count in counts.items():
            if count > MAX_FOLDER:
                self.find("folder", folder, f"{count} source files, at most {MAX_FOLDER}")

    def run(self):
        for floor, path in self.sources():
            text = path.read_text(encoding="utf-8")
            self.includes(floor, path, text)
            self.sizes(path, text.splitlines())
            self.prefixes(floor, path, text)
            self.opening(path, text)
            self.acts(floor, path, text)
            self.way_out(floor, path, text)
        self.folders()
        return self.excused()

    def excused(self):
        listed = self.root / "tools/style-exceptions.txt"
        excuses = {}
        for line in listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []:
            if line and not line.startswith("#"):
                rule, path, reason = line.split(None, 2)
                excuses[(rule, path)] = reason
        left = [f for f in self.findings if (f[0], f[1]) not in excuses]
        stale = set(excuses) - {(rule, path) for rule, path, _ in self.findings}
        return left + [("stale", path, f"the exception for {rule} is no longer needed") for rule, path in sorted(stale)]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    findings = Checker(arguments.parse_args().root.resolve()).run()
    for rule, path, text in findings:
        print(f"{path}: {rule}: {text}")
    print(f"{len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
