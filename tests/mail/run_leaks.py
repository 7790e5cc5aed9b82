#!/usr/bin/python3
"""run_leaks.py [--each]: planted leaks must be convicted, or run_privacy.py proves nothing.

The file of the product that holds a mail is copied, lines that leak some of its text are put in, and a worker is linked with that copy in a
folder that vanishes: nothing of it is in the product. A log line, a file in the temporary folder, a row of the database, a request to the
mail server; all at once, or --each in a worker of its own. run_privacy.py's own judge has to find every one, in the place where it was
planted, and no part of the same proof may be content.
"""
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["KARTEI_BUILD"])
FIND = """#include "base/log.h"
#include <fcntl.h>
#include <unistd.h>
char planted_request[200];
static const char *planted_row;
static struct str planted_text(const struct flow_check *check, size_t n)
{
    struct str bytes = {(const char *)check->bytes.p, n};
    ptrdiff_t at = str_find(bytes, STR("unser Treffen"), 0);
    return at < 0 ? STR("") : str_slice(bytes, (size_t)at, (size_t)at + 60);
}
static void planted(struct flow_check *check, size_t n, struct err *err)
{
    struct str text = planted_text(check, n);
    if (text.n == 0)
        return;
    (void)err;
%s}
"""
LEAKS = {
    "log": 'log_event(LOG_INFO, "looked at a mail", "said", str_z(check->work->arena, text), NULL);',
    "temporary file": 'int fd = open("/tmp/kartei-planted", O_WRONLY | O_CREAT | O_APPEND, 0600);'
                      " if (fd >= 0) { (void)!write(fd, text.p, text.n); (void)close(fd); }",
    "row": "planted_row = str_z(check->work->arena, text);",
    "outgoing request": '(void)snprintf(planted_request, sizeof planted_request, "X1 NOOP %.*s\\r\\n", STR_ARG(text));',
}
# Lines of the product, and what is put there. The request goes out last of all: an answer to it would be none that the reader waits for.
# What is sealed (cursors, problems of jobs and connections) cannot be searched on the disk, so the row is one that is not.
PATCHES = {
    "flow/mail/check.c": [
        ("/* ---- One mail ---- */\n", "{line}{find}"),
        ("    check->progress.looked++;\n", "{line}    planted(check, n, err);\n"),
        ("    check->progress.cursor = cursor;\n", "{line}    if (planted_row)\n        store_event(tx, \"mailbox\", &check->work->subject, planted_row);\n"
                                                 "    planted_row = NULL;\n"),
    ],
    "flow/mail/check_imap.c": [
        ("    crm_mail_close(wire);\n", "    extern char planted_request[200];\n    if (planted_request[0])\n"
                                        "        (void)wire->imap.wire.send(wire->imap.wire.self, planted_request, strlen(planted_request), err);\n{line}"),
    ],
}


def compile_commands():
    return {entry["file"]: entry["command"] for entry in json.loads((BUILD / "compile_commands.json").read_text())}


def compiled(source, folder, find):
    """The object of a file of the product with the leaks in it."""
    text = (ROOT / source).read_text(encoding="utf-8")
    for line, put in PATCHES[source]:
        assert text.count(line) == 1, f"{source} has changed: where does a mail lie now?"
        text = text.replace(line, put.replace("{line}", line).replace("{find}", find))
    patched = folder / pathlib.Path(source).name
    patched.write_text(text, encoding="utf-8")
    part = patched.with_suffix(".o")
    command = next(c for f, c in compile_commands().items() if f.endswith(source))
    words = [w for w in shlex.split(command) if not w.startswith("-Werror")]
    words[words.index("-o") + 1], words[words.index("-c") + 1] = str(part), str(patched)
    for flag in ("-MF", "-MQ"):
        words[words.index(flag) + 1] = f"{part}.d"
    subprocess.run(words, cwd=BUILD, check=True)
    return part


def plant(names, folder):
    """A build folder whose worker leaks; everything else is the product's."""
    find = FIND % "".join(f"    {{ {LEAKS[name]} }}\n" for name in names)
    parts = [compiled(source, folder, find) for source in PATCHES]
    build = folder / "build"
    build.mkdir()
    for path in BUILD.iterdir():
        if path.name != "services":
            (build / path.name).symlink_to(path)
    shutil.copytree(BUILD / "services", build / "services", ignore=shutil.ignore_patterns("*.p", "*.a"))
    link = subprocess.run(["ninja", "-C", BUILD, "-t", "commands", "services/kartei-worker"], check=True, capture_output=True, text=True)
    words = shlex.split(link.stdout.splitlines()[-1])
    words[words.index("-o") + 1] = str(build / "services/kartei-worker")
    words[(at := words.index("flow/libflow.a")):at] = map(str, parts)
    subprocess.run(words, cwd=BUILD, check=True)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o055 if path.is_dir() else path.stat().st_mode | 0o044)
    return build


RUN = """
import sys
sys.path.insert(0, {here!r})
import run_privacy
sys.exit(run_privacy.main(["--mails", "12", "--no-kill"]))
"""
WHERE = {"log": "/log", "temporary file": "/tmp/kartei-planted", "row": "/var/", "outgoing request": "requests/"}


def convicted(names):
    """What the proof finds when it looks at the leaking worker."""
    with tempfile.TemporaryDirectory(prefix="kartei-planted-") as name:
        build = plant(names, pathlib.Path(name))
        run = subprocess.run([sys.executable, "-c", RUN.format(here=str(pathlib.Path(__file__).parent))], check=False, capture_output=True, text=True,
                             env={**os.environ, "KARTEI_BUILD": str(build)}, timeout=250)
    pathlib.Path("/tmp/kartei-planted").unlink(missing_ok=True)
    said = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    hits = [path for line in said for path, _ in line.get("hits", [])]
    if run.returncode == 77:
        print(run.stdout)
        sys.exit(77)
    return run, hits


def main():
    rounds = [[name] for name in LEAKS] if "--each" in sys.argv else [list(LEAKS)]
    failed = 0
    for names in rounds:
        run, hits = convicted(names)
        for name in names:
            good = run.returncode == 1 and any(WHERE[name] in hit for hit in hits)
            failed += not good
            print(json.dumps({"planted": name, "verdict": "convicted" if good else "NOT FOUND", "status": run.returncode,
                              "where": sorted({h for h in hits if WHERE[name] in h})[:3]}), flush=True)
        if failed:
            print(run.stdout[-3000:], run.stderr[-3000:], hits)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
