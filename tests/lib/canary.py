"""Words that occur nowhere else, every spelling in which a program might have kept them, and a search for them in raw files.

    search = Search({"a name": "Quendelbach", "a token": "kartei_pat_…"})
    hits, count = search.files("/var/lib/kartei")        # {(path, what, spelling)}, bytes looked at
"""
import base64
import pathlib
import random
import subprocess
import tempfile
import zlib

SYLLABLES = "bal dor fen gul hin kem lau mit nor pel quen rau sel tom ulf wen zwir dach gold holm kamp lind mark rode".split()
PACKED = ((b"\x1f\x8b\x08", 31), (b"\x78\x9c", 15), (b"\x78\x01", 15), (b"\x78\x5e", 15), (b"\x78\xda", 15))
PACKED_MOST = 1 << 22


def word():
    """A surname that nobody has and that a reader of cards gets right."""
    return "".join(random.sample(SYLLABLES, 4)).capitalize()


def digits(n):
    return str(random.randint(2, 9)) + "".join(random.choice("0123456789") for _ in range(n - 1))


def spellings(text):
    """Name of a spelling -> bytes. Capitals do not matter but in base64; UTF-16 is that of either end."""
    plain = text if isinstance(text, bytes) else text.encode()
    found = {"plain": plain, "hex": plain.hex().encode(), "percent": b"".join(b"%%%02x" % c for c in plain),
             "quoted-printable": b"".join(b"=%02x" % c for c in plain), "json": b"".join(b"\\u%04x" % c for c in plain),
             "UTF-16": b"\0".join(plain[i:i + 1] for i in range(len(plain)))}
    for phase in range(3):
        whole = b"\0" * phase + plain
        found[f"base64 phase {phase}"] = base64.b64encode(whole)[4 if phase else 0:len(whole) // 3 * 4]
        found[f"base64url phase {phase}"] = base64.urlsafe_b64encode(whole)[4 if phase else 0:len(whole) // 3 * 4]
    return found


def unpacked(data):
    """What is packed in it by gzip or zlib, as far as it unpacks."""
    for magic, bits in PACKED:
        at = -1
        while (at := data.find(magic, at + 1)) >= 0:
            try:
                out = zlib.decompressobj(bits).decompress(data[at:at + (1 << 20)], PACKED_MOST)
            except zlib.error:
                continue
            if len(out) > 8:
                yield out


class Search:
    """`words`: what is looked for, by what it is. grep tells in one pass which bytes are suspect; a closer look says what they hold."""

    def __init__(self, words):
        self.needles = [(what, how, needle) for what, text in words.items() for how, needle in spellings(text).items()]
        assert all(len(needle) >= 7 and b"\n" not in needle for _, _, needle in self.needles)
        self.patterns = b"\n".join(sorted({needle for _, _, needle in self.needles})) + b"\n"

    def held(self, data):
        """{(what, spelling)} in these bytes as they are."""
        lower = data.lower()
        return {(what, how) for what, how, needle in self.needles
                if (needle in data if how.startswith("base64") else needle.lower() in lower)}

    def files(self, *folders, without=()):
        """({(path, what, spelling)}, bytes) of all regular files below, whoever may read them."""
        paths = [path for folder in folders for path in sorted(pathlib.Path(folder).rglob("*"))
                 if path.is_file() and not path.is_symlink() and path not in without]
        with tempfile.TemporaryDirectory(prefix="search-", dir="/dev/shm") as scratch:
            parts, seen = self.parts(paths, pathlib.Path(scratch))
            hits = {(str(parts[part][0]), what, parts[part][1] + how) for part in self.suspects(parts) for what, how in self.held(part.read_bytes())}
        return hits, seen

    def parts(self, paths, scratch):
        """{file to look at: (path, how it was read)}: each file as it is, and what is packed in it."""
        parts, seen = {}, 0
        for path in paths:
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                continue
            seen += len(data)
            parts[path] = (path, "")
            if text := b"\n".join(unpacked(data)):
                part = scratch / str(len(parts))
                part.write_bytes(text)
                parts[part] = (path, "packed ")
        return parts, seen

    def suspects(self, parts):
        """Those that hold a needle in any case of letters."""
        with tempfile.NamedTemporaryFile(prefix="patterns-", dir="/dev/shm") as file:
            file.write(self.patterns)
            file.flush()
            listed = b"\0".join(str(path).encode() for path in parts)
            done = subprocess.run(["xargs", "-0", "grep", "-laiFZ", "-f", file.name, "--"], input=listed, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                                  capture_output=True, check=False)
        assert done.returncode in (0, 123), done.stderr
        return [pathlib.Path(name.decode()) for name in done.stdout.split(b"\0") if name]
