"""Files that are no good photos of one card, made here byte by byte: none of them comes from anywhere else."""
import io
import random
import struct
import zlib

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont


def encoded(image, kind="JPEG", **more):
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def drawn(lines, size=(640, 400), font="DejaVuSans.ttf"):
    image = PIL.Image.new("RGB", size, "white")
    draw = PIL.ImageDraw.Draw(image)
    for n, text in enumerate(lines):
        draw.text((40, 60 + 90 * n), text, fill="black", font=PIL.ImageFont.truetype(font, 30))
    return image


def card(name="Berta Musterfrau", mail="berta@muster.example"):
    return drawn((name, mail, "+49 30 1234567"))


def ten_cards():
    """Two columns of five on a dark desk, a little askew, with room between them."""
    dice, desk = random.Random(1), PIL.Image.new("RGB", (1740, 2940), (60, 50, 45))
    for n in range(10):
        one = card(f"Berta {'ABCDEFGHIJ'[n]}usterfrau", f"berta{n}@muster.example")
        one = one.rotate(dice.uniform(-3, 3), expand=True, fillcolor=(60, 50, 45), resample=PIL.Image.Resampling.BICUBIC)
        desk.paste(one, (130 + n % 2 * 800, 130 + n // 2 * 560))
    return encoded(desk.resize((desk.width * 2 // 3, desk.height * 2 // 3), PIL.Image.Resampling.LANCZOS), quality=90)


def landscape():
    """Sky over a meadow: nothing on it has corners."""
    image = PIL.Image.linear_gradient("L").resize((900, 600))
    return encoded(PIL.Image.merge("RGB", (image, image.point(lambda v: 255 - v // 2), image)), quality=85)


def bit_flipped(data, seed, flips=40):
    """Bits turned anywhere behind the first kilobyte, so that it still begins like what it was."""
    dice, out = random.Random(seed), bytearray(data)
    for _ in range(flips):
        out[dice.randrange(min(1000, len(out) // 2), len(out))] ^= 1 << dice.randrange(8)
    return bytes(out)


def png_of(width, height):
    """A header that promises width x height pixels, and a line of data."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(width // 8 + 1))) + chunk(b"IEND", b""))


def jpeg_of_scans(scans):
    """A progressive JPEG of 4,000 x 4,000 whose scans each ask for a walk over the whole picture."""
    tables = b"\xff\xdb\x00\x43\x00" + b"\x01" * 64 + b"\xff\xc4\x00\x14\x00\x01" + bytes(16) + b"\xff\xc4\x00\x14\x10\x01" + bytes(16)
    frame = b"\xff\xc2\x00\x0b\x08" + struct.pack(">HH", 4000, 4000) + b"\x01\x01\x11\x00"
    first = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00" + bytes(8)
    more = b"".join(b"\xff\xda\x00\x08\x01\x01\x00" + bytes([1 + n % 63] * 2) + bytes(5) for n in range(scans - 1))
    return b"\xff\xd8" + tables + frame + first + more + b"\xff\xd9"


def looping_tiff():
    """Its only directory names itself as the next one."""
    fields = ((256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (273, 4, 1, 8), (279, 4, 1, 64))
    return (b"II*\0\x08\0\0\0" + struct.pack("<H", len(fields)) + b"".join(struct.pack("<HHII", *field) for field in fields)
            + struct.pack("<I", 8))
