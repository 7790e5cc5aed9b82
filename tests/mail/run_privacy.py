#!/usr/bin/python3
"""run_privacy.py [--mails N] [--traced N] [--no-kill]: nothing of a mail but the signature is anywhere, in any spelling.

N mails with canaries in subject, recipients, Message-ID, a header, text, HTML, comment, alt text, quote, attachment and its name are
looked at, the worker is killed in the middle, and then everything is searched: data directory with WAL, sealed files and logs, a backup,
temporary folders, environments, and what the mail server was asked. A part is looked at again under strace. run_leaks.py plants leaks. Before it judges
anybody, the judge has to find a planted mark in every spelling.
"""
import argparse
import gzip
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import time
import zlib
from base64 import b64encode

import mails
from world import World
from canary import spellings, unpacked
from instance import as_service_user

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["KARTEI_BUILD"])
MARK = "".join(random.choice("bcdfghjklmnpqrstvwz") for _ in range(16))


def canary(n, place):
    return MARK + place.replace("-", "") + "".join(string.ascii_lowercase[int(d)] for d in str(n))


mails.canary = canary  # every canary of this run carries the mark

PATIENCE = 180  # seconds: a killed worker keeps the mailbox for its lease of 90


class Judge:
    """Finds the mark in bytes, in every spelling that a program might have given it, and digests of whole mails or bodies."""

    def __init__(self):
        self.needles = spellings(MARK)
        self.digests = {}

    def mail(self, data):
        body = data.split(b"\r\n\r\n", 1)[1]
        for what, part in (("mail", data), ("body", body)):
            digest = hashlib.sha256(part).digest()
            self.digests[digest] = f"sha-256 of a {what}"
            self.digests[digest.hex().encode()] = f"sha-256 of a {what}, hex"

    def spellings(self, data):
        lower = data.lower()
        for name, needle in self.needles.items():
            if (needle if name.startswith("base64") else needle.lower()) in (data if name.startswith("base64") else lower):
                yield name
        for digest, name in self.digests.items():
            if digest in data:
                yield name

    def convicts(self, data):
        found = set(self.spellings(data))
        for out in unpacked(data):
            found |= {f"packed {name}" for name in self.spellings(out)}
        return found

    def files(self, *folders, since=0, without=()):
        """[(path, spellings)] over all regular files below, changed since then, not below one of `without`. What other programs of
        this machine take away meanwhile is passed over."""
        hits, seen = [], 0
        for folder in folders:
            for path in sorted(pathlib.Path(top) / name for top, _, names in os.walk(folder) for name in names):
                try:
                    if path.is_symlink() or not path.is_file() or path.stat().st_mtime < since or any(w in path.parents for w in without):
                        continue
                    data = path.read_bytes()
                except OSError:
                    continue
                seen += len(data)
                if found := self.convicts(data):
                    hits.append((str(path), sorted(found)))
        return hits, seen


def self_test(judge):
    """The judge knows every spelling before it judges anybody."""
    text = f"Betreff: {canary(7, 'subject')} und so weiter".encode()
    cases = [text, text.upper(), text.hex().encode(), text.decode().encode("utf-16le"), text.decode().encode("utf-16be"), gzip.compress(text * 9),
             zlib.compress(text * 9), b"x" * 5 + gzip.compress(text * 9), "".join(f"%{c:02X}" for c in text).encode(),
             "".join(f"={c:02X}" for c in text).encode(), "".join(f"\\u{c:04x}" for c in text).encode()]
    cases += [b64encode(b"a" * n + text) for n in range(3)]
    for case in cases:
        assert judge.convicts(case), case[:80]
    assert not judge.convicts(os.urandom(1 << 20))


def children(pid):
    out = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [int(one) for one in out] + [grand for one in out for grand in children(int(one))]


def temporary(judge, world, started):
    """Whatever anybody wrote to a temporary folder since; the mail server's own store, where the mails are, lies there too."""
    own = [pathlib.Path(world.folder).resolve(), pathlib.Path(world.kartei.folder).resolve()]
    return judge.files("/tmp", "/var/tmp", "/dev/shm", since=started, without=own)[0]


def places(judge, world, started, *more):
    world.kartei.sql("checkpoint")
    hits, seen = judge.files(world.kartei.folder, *more)
    hits += temporary(judge, world, started)
    asked = world.mail.requests
    hits += [(f"requests/{path.name}", sorted(found)) for path, data in asked.items() if (found := judge.convicts(data))]
    seen += sum(map(len, asked.values()))
    for pid in [world.kartei.process.pid, *children(world.kartei.process.pid)]:
        for name in ("environ", "cmdline"):
            try:
                data = pathlib.Path(f"/proc/{pid}/{name}").read_bytes()
            except OSError:
                continue
            if found := judge.convicts(data):
                hits.append((f"/proc/{pid}/{name}", sorted(found)))
    return hits, seen


class Traced:
    """strace over a process and all its threads: everything that it writes anywhere. (The reader's child has nothing to write to.)"""

    def __init__(self, pids, path):
        self.path = path
        command = ["strace", "-f", "-qq", "-s", "65536", "-o", str(path), "-e", "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,openat,creat,connect"]
        for pid in pids:
            command += ["-p", str(pid)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1.5)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        return pathlib.Path(self.path).read_bytes()


class Proof:
    def __init__(self, world, arguments):
        self.world, self.judge, self.n, self.failures, self.began = world, Judge(), 0, [], time.time()
        self.arguments, self.scratch = arguments, pathlib.Path(tempfile.mkdtemp(prefix="kartei-trace-"))
        self_test(self.judge)
        self.mailbox = world.connect()

    def say(self, what, **more):
        print(json.dumps({"what": what, **more}), flush=True)

    def must(self, what, good, **more):
        self.say(what, verdict="ok" if good else "FAILED", **more)
        if not good:
            self.failures.append(what)

    def send(self, count, kill=False):
        batch = [mails.mail(self.n + i) for i in range(count)]
        batch[0] = batch[0].replace(b"--B2--\r\n--B1", b"--B", 1)  # a mail that is not whole
        for data in batch[:200]:
            self.judge.mail(data)
        half = len(batch) // 2
        self.world.mail.deliver("anna@test.example", *batch[:half])
        if kill:
            os.kill(self.world.kartei.pid("kartei-worker"), signal.SIGKILL)
        self.world.mail.deliver("anna@test.example", *batch[half:])
        self.n += count
        self.look(PATIENCE + count / 10)

    def look(self, seconds):
        """Whoever waited for news may have been killed: a person asks."""
        self.world.anna.insist("POST", f"/v1/mailboxes/{self.mailbox['id']}/check", None, {"Idempotency-Key": f"look-{self.n}"})
        self.world.looked(self.mailbox, self.n, seconds)

    def backup(self):
        """A backup as docs/operations.md makes it, unpacked."""
        folder = self.scratch / "backup"
        done = subprocess.run([*as_service_user(), "pg_dump", "-Fp", "-U", "kartei_super", "-h", f"{self.world.kartei.var}/run", "-d", "kartei"], capture_output=True,
                              check=False)
        folder.mkdir(exist_ok=True)
        (folder / "dump.sql").write_bytes(done.stdout)
        return folder, len(done.stdout)

    def clean(self):
        started = time.monotonic()
        self.send(self.arguments.mails, kill=not self.arguments.no_kill)
        now = self.world.get(self.mailbox)
        folder, dumped = self.backup()
        self.must("the server kept what it was asked", any(b"BODY.PEEK" in data for data in self.world.mail.requests.values()))
        hits, seen = places(self.judge, self.world, self.began, folder)
        self.must("files, WAL, blobs, logs, temporary folders, backup, environments, requests", not hits and dumped > 1000, mails=self.n, suggested=now["suggested"], bytes=seen,
                  dump=dumped, hits=hits[:20], seconds=round(time.monotonic() - started, 1))
        self.must("the mails were really read", now["suggested"] >= self.n * 0.8, looked=now["looked"], suggested=now["suggested"])

    def limits(self):
        for name in ("kartei-worker", "kartei-parse"):
            limits = pathlib.Path(f"/proc/{self.world.kartei.pid(name)}/limits").read_text()
            core = re.search(r"Max core file size\s+(\S+)", limits)[1]
            dumpable = os.stat(f"/proc/{self.world.kartei.pid(name)}/mem").st_uid == 0  # the kernel gives what may not be dumped to root
            self.must(f"{name} leaves no core", core == "0" or dumpable, core=core, not_dumpable=dumpable)

    def traced(self):
        if not self.arguments.traced:
            return self.say("system calls", verdict="not asked for: --traced N")
        if os.geteuid() != 0 or not shutil.which("strace"):
            return self.say("system calls", verdict="skipped: needs root and strace")
        trace = Traced([self.world.kartei.pid("kartei-worker")], self.scratch / "trace")
        self.send(self.arguments.traced)
        data = trace.end()
        found = self.judge.convicts(data)
        self.must("system calls", not found and data.count(b"sendmsg(") >= self.arguments.traced, mails=self.arguments.traced, bytes=len(data),
                  found=sorted(found))


def main(words=None):
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--mails", type=int, default=40)
    arguments.add_argument("--traced", type=int, default=0)
    arguments.add_argument("--no-kill", action="store_true")
    arguments = arguments.parse_args(words)
    with World({"KARTEI_LOG_LEVEL": "debug"}) as world:
        proof = Proof(world, arguments)
        try:
            proof.clean()
            proof.limits()
            proof.traced()
        finally:
            shutil.rmtree(proof.scratch, ignore_errors=True)
    print(f"{len(proof.failures)} failures", flush=True)
    return 1 if proof.failures else 0


if __name__ == "__main__":
    sys.exit(main())
