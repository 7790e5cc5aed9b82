#!/usr/bin/python3
"""Hostile pictures through kartei-parse itself: its locked-up children read each, and the judge looks on from outside.

  run_hostile_images.py KARTEI_PARSE [FILE_OR_FOLDER ...]

Without files: those of tests/http/hostile.py and broken copies of good ones. Each must end in an answer: cards, or a problem
of `ENDS`. Convicted are a child that a signal ended, a limit of time or memory passed, a process that a child started, a
server that is gone. That the judge convicts is a test of its own.
"""
import array
import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
import hostile  # noqa: E402

ENDS = {"not-an-image", "image-broken", "image-too-big", "too-large", "no-card", "reading-stopped"}
# base/limits.h and a little: seconds of processor and clock, kB of address space beyond the parent's
LIMITS = {"processor": 21, "clock": 47, "memory": 1024 * 1024 + 4096}


def status_of(pid, *names):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    found = {line.split(":")[0]: line.split(":")[1].split()[0] for line in lines if line.split(":")[0] in names}
    return [int(found.get(name, 0)) for name in names]


def processor(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watch(threading.Thread):
    """What the children of the server use at most, seen from outside; `blow` is a signal for each of them."""

    def __init__(self, server, blow):
        super().__init__(daemon=True)
        self.server, self.blow, self.on = server, blow, True
        self.clear()

    def clear(self):
        self.resident = self.virtual = self.seconds = self.offspring = 0

    def run(self):
        done = set()
        while self.on:
            for child in pathlib.Path(f"/proc/{self.server}/task/{self.server}/children").read_text(encoding="ascii").split():
                try:
                    resident, virtual = status_of(child, "VmHWM", "VmPeak")
                    self.resident, self.virtual = max(self.resident, resident), max(self.virtual, virtual)
                    self.seconds = max(self.seconds, processor(child))
                    self.offspring += bool(pathlib.Path(f"/proc/{child}/task/{child}/children").read_text(encoding="ascii").split())
                    if self.blow and child not in done:
                        done.add(child)
                        os.kill(int(child), self.blow)
                except (OSError, IndexError):
                    continue
            time.sleep(0.005)


class Parse:
    """kartei-parse with one child at a time, and its socket."""

    def __init__(self, program, blow=None):
        self.folder = tempfile.TemporaryDirectory(prefix="kartei-hostile-")
        self.path = f"{self.folder.name}/s"
        self.process = subprocess.Popen([program, "--children", "1", self.path], stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not self.listens() and time.monotonic() < end:
            time.sleep(0.05)
        self.own = status_of(self.process.pid, "VmPeak")[0]
        self.watch = Watch(self.process.pid, blow)
        self.watch.start()

    def listens(self):
        with socket.socket(socket.AF_UNIX) as s:
            return s.connect_ex(self.path) == 0

    def read(self, data):
        """(answer or None, seconds)"""
        file = os.memfd_create("upload")
        os.write(file, data)
        begin, out = time.monotonic(), io.BytesIO()
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(100)
                s.connect(self.path)
                s.sendmsg([b"r"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file]))])
                while piece := s.recv(65536):
                    out.write(piece)
        finally:
            os.close(file)
        body = out.getvalue()[8:]  # behind its length
        return (json.loads(body) if body else None), time.monotonic() - begin

    def stop(self):
        self.watch.on = False
        self.watch.join()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        self.folder.cleanup()
        return status


def own_files():
    """(name, bytes) of all that is made here."""
    yield "png of 60000 x 60000", hostile.png_of(60000, 60000)
    yield "png of 2147483647 x 1", hostile.png_of(2147483647, 1)
    yield "png without pixels", hostile.png_of(0, 8)
    yield "jpeg of 20000 scans", hostile.jpeg_of_scans(20000)
    yield "looping tiff", hostile.looping_tiff()
    yield "landscape", hostile.landscape()
    for name, data in (("empty", b""), ("one byte", b"\x89"), ("a program", b"\x7fELF" + bytes(900)), ("a script in a drawing", b"<svg onload='x()'/>"),
                       ("a document", b"%PDF-1.7\n" + b"x" * 500), ("commands", b"push graphic-context\nimage over 0,0 0,0 'x|touch /tmp/kartei-hostile'")):
        yield name, data
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        whole = hostile.encoded(hostile.card(f"Ende {kind}"), kind)
        yield f"{kind}, whole", whole
        for part in (30, 100, len(whole) // 3, len(whole) - 20):
            yield f"{kind}, the first {part} bytes", whole[:part]
        for seed in range(8):
            yield f"{kind}, bits turned {seed}", hostile.bit_flipped(whole, seed)


def files_of(paths):
    for path in map(pathlib.Path, paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                yield str(file.relative_to(path) if path.is_dir() else file.name), file.read_bytes()


class Hostile(unittest.TestCase):
    def judge(self, data, by=None):
        reader = by or parse
        reader.watch.clear()
        answer, seconds = reader.read(data)
        self.assertIsNone(reader.process.poll(), "the server is gone")
        self.assertIsNotNone(answer, "no answer")
        problem = answer.get("problem")
        if problem or not answer.get("cards"):
            self.assertIn(problem, ENDS, answer)
        self.assertNotEqual((problem, answer.get("param")), ("reading-stopped", "damaged data"), "a signal ended the child")
        self.assertLess(seconds, LIMITS["clock"])
        self.assertLess(reader.watch.seconds, LIMITS["processor"])
        self.assertLess(reader.watch.virtual, reader.own + LIMITS["memory"])
        self.assertEqual(reader.watch.offspring, 0, "a process of a child")
        return problem or f"{len(answer['cards'])} cards", seconds, reader.watch.seconds, reader.watch.resident

    def test_every_file_ends_in_an_answer_within_its_limits(self):
        ends, slowest, longest, largest = {}, 0, 0, 0
        for name, data in files:
            with self.subTest(name):
                end, seconds, processor_seconds, resident = self.judge(data)
                ends[end] = ends.get(end, 0) + 1
                slowest, longest, largest = max(slowest, seconds), max(longest, processor_seconds), max(largest, resident)
        print(f"{len(files)} files: {ends}; slowest {slowest:.1f} s, {longest:.1f} s of processor, {largest // 1024} MB resident")

    def test_the_judge_can_say_yes(self):
        self.assertEqual(self.judge(hostile.encoded(hostile.card()))[0], "1 cards")

    def test_the_judge_convicts(self):
        good = hostile.encoded(hostile.card("Klara Kontrolle"))
        for limit in LIMITS:
            with self.subTest(limit), unittest.mock.patch.dict(LIMITS, {limit: -parse.own if limit == "memory" else 0}), \
                    self.assertRaises(AssertionError):
                self.judge(good)
        crashing = Parse(program, signal.SIGSEGV)
        with self.assertRaisesRegex(AssertionError, "a signal ended the child"):
            self.judge(good, crashing)
        crashing.process.kill()
        with self.assertRaises((AssertionError, OSError)):
            self.judge(good, crashing)
        crashing.stop()

    def test_nothing_was_written_outside(self):
        self.assertFalse(os.path.exists("/tmp/kartei-hostile"))
        self.assertFalse(os.path.exists("/tmp/pwned"))


if __name__ == "__main__":
    program, *paths = sys.argv[1:]
    files = list(files_of(paths) if paths else own_files())
    parse = Parse(program)
    outcome = unittest.main(argv=sys.argv[:1], exit=False).result
    sys.exit(parse.stop() != 0 or not outcome.wasSuccessful())
