#!/usr/bin/python3
"""run_raw.py [--contacts N] [--photos N]: what people wrote and every secret is in no file, in no spelling.

A life is lived over the real front door with a canary in everything (life.py); then checkpoint, another WAL segment, a temporary file of a
sort that the database spills, core dumps asked for, two backups, and all files are searched in raw bytes: cluster with WAL, sealed files,
logs, keys, erasure lists, signed heads, temporary folders, backups, and the dump inside of the backup. At the end leaks are planted and have to be found.
"""
import argparse
import gzip
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

from life import Life, canary
from instance import BUILD, ROOT, Instance, as_service_user, give_to_service_user

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
WINDOW = 24  # bytes of a photo that are looked for


def windows(photo, n=5):
    """Pieces of a photo that a line of patterns can hold."""
    found = {}
    while len(found) < n:
        at = random.randrange(len(photo) - WINDOW)
        piece = photo[at:at + WINDOW]
        if b"\n" not in piece and b"\0" not in piece and len(set(piece)) > WINDOW // 2:
            found[f"photo at {at}"] = piece
    return found


class Spill:
    """A session whose sort has spilled to a temporary file; it stays open as long as the with block."""

    def __init__(self, kartei):
        self.kartei = kartei

    def __enter__(self):
        self.session = subprocess.Popen(self.kartei.psql(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")
        self.session.stdin.write("begin; set work_mem = '64kB'; declare spill cursor for select c.*, g from kartei.contacts c, "
                                 "generate_series(1, 4000) g order by c.contact, g desc; fetch 1 from spill; select 'spilled';\n")
        self.session.stdin.flush()
        while "spilled" not in self.session.stdout.readline():
            pass
        return self

    def __exit__(self, *_):
        self.session.communicate("rollback;\n")


class Proof:
    def __init__(self, kartei, life, scratch):
        self.kartei, self.life, self.scratch = kartei, life, scratch
        self.search = canary.Search(life.words | windows(life.photos[0]))

    def script(self, name, *words):
        done = subprocess.run([ROOT / "deploy" / name, *map(str, words)], capture_output=True, text=True, timeout=150, check=False,
                              env={**self.kartei.environment, "KARTEI_PROGRAM": str(BUILD / "services/kartei")})
        assert done.returncode == 0, done.stderr

    def backups(self):
        folder = self.scratch / "backups"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        give_to_service_user(folder)
        self.script("backup", folder / "without")
        self.script("backup", "--with-key", folder / "with")
        for kind in ("without", "with"):  # what the custom format packs piece by piece
            subprocess.run([POSTGRES / "pg_restore", "-f", folder / f"{kind}.sql", folder / kind / "database.dump"], check=True, capture_output=True)
        assert b"kartei.contacts" in (folder / "with.sql").read_bytes()
        return folder

    def cores(self):
        """Processes that hold plain text die as a fault would kill them, with leave to dump core; {name: the kernel would dump it}."""
        would = {}
        for name in ("kartei-worker", "kartei-api", "kartei-parse"):
            pid = self.kartei.pid(name)
            would[name] = os.stat(f"/proc/{pid}/mem").st_uid != 0  # what may not be dumped belongs to root
            subprocess.run([*as_service_user(), "prlimit", f"--pid={pid}", "--core=unlimited:"], check=True, capture_output=True)
            self.kartei.crash(name)
        self.life.admin.insist("GET", "/v1/session")
        return would

    def everything(self):
        """(hits, bytes, spilled): all files, while a sort has its temporary file on the disk."""
        folder = self.backups()
        with Spill(self.kartei):
            self.kartei.sql("checkpoint", "select pg_switch_wal()")
            spilled = sum(path.stat().st_size for path in pathlib.Path(self.kartei.var).glob("pg/data/base/pgsql_tmp/*"))
            hits, seen = self.search.files(self.kartei.folder, folder)
            loose = [path for place in ("/tmp", "/var/tmp", "/dev/shm", "/") for path in pathlib.Path(place).glob("*core*") if path.is_file()]
        hits |= {(str(path), what, how) for path in loose if path.stat().st_mtime > self.kartei.began for what, how in self.search.held(path.read_bytes())}
        return hits, seen, spilled


def must(what, good, **more):
    print(json.dumps({"what": what, "verdict": "ok" if good else "FAILED", **more}), flush=True)
    return [] if good else [what]


def planted(proof):
    """Leaks of each kind: {path or its end: spelling}. Returns what the judge did not find."""
    name, var = proof.life.names["person"], pathlib.Path(proof.kartei.var)
    with open(var / "log/kartei.log", "a", encoding="utf-8") as log:
        log.write(json.dumps({"level": "info", "what": f"contact {name.upper()} saved"}) + "\n")
    (pathlib.Path(proof.kartei.folder) / "tmp/leak.txt").write_bytes(f"Frau {name}".encode("utf-16"))
    (var / "blobs/leak.gz").write_bytes(gzip.compress(b"Frau " + proof.life.words["CRM password"].encode()))
    (var / "audit/leak").write_bytes(canary.base64.b64encode(b"x" + proof.life.words["TOTP seed"].encode() + b"yz"))
    (var / "erasures/leak").write_bytes(b"\xff\xd8" + proof.life.photos[0][100:-100])
    proof.kartei.sql("create table kartei.leak (t text)", f"insert into kartei.leak values ('Frau {name}'), (repeat('Frau {name} ', 4000))")
    hits, _, _ = proof.everything()
    wanted = {"log/kartei.log": "plain", "tmp/leak.txt": "UTF-16", "blobs/leak.gz": "packed plain", "audit/leak": "base64 phase 1", "erasures/leak": "plain",
              "pg/data/base/": "plain", "pg/data/pg_wal/": "plain", "backups/with.sql": "plain", "backups/without.sql": "plain"}
    return [one for one, how in wanted.items() if not any(one in path and spelling == how for path, _, spelling in hits)]


def proved(proof, given):
    would = proof.cores()
    failures = must("no process may be dumped", os.geteuid() != 0 or not any(would.values()), would=would)
    began = time.monotonic()
    hits, seen, spilled = proof.everything()
    failures += must("files, WAL, blobs, logs, temporary files, cores, backups", not hits and seen > 1 << 25, words=len(proof.search.needles), bytes=seen, hits=sorted(hits)[:20],
                    contacts=given.contacts, photos=given.photos, seconds=round(time.monotonic() - began, 1))
    failures += must("a sort lay on the disk meanwhile", spilled > 1 << 18, bytes=spilled)
    missed = planted(proof)
    return failures + must("planted leaks are found", not missed, planted=9, missed=missed)


def main():
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--contacts", type=int, default=3)
    given.add_argument("--photos", type=int, default=1)
    given = given.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="kartei-raw-"))
    scratch.chmod(0o755)
    life = Life()
    (scratch / "smtp").write_text(life.smtp + "\n", encoding="utf-8")
    give_to_service_user(scratch / "smtp")
    (scratch / "smtp").chmod(0o600)
    kartei = Instance(environment={"KARTEI_EGRESS_ALLOW_PRIVATE": f"127.0.0.1:{life.book.port},localhost:9", "KARTEI_LOG_LEVEL": "debug", "KARTEI_SMTP_HOST": "localhost",
                                   "KARTEI_SMTP_PORT": "9", "KARTEI_SMTP_USER": f"kartei@{life.names['company'].lower()}.example", "KARTEI_SMTP_FROM": "kartei@test.example",
                                   "KARTEI_SMTP_PASSWORD_FILE": str(scratch / "smtp")})
    kartei.began = time.time()
    kartei.environment["TMPDIR"] = f"{kartei.folder}/tmp"
    os.mkdir(f"{kartei.folder}/tmp")
    give_to_service_user(f"{kartei.folder}/tmp")
    try:
        with life.book, kartei:
            began = time.monotonic()
            life.live(kartei, given.contacts, given.photos)
            print(json.dumps({"what": "lived", "seconds": round(time.monotonic() - began, 1)}), flush=True)
            failures = proved(Proof(kartei, life, scratch), given)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
