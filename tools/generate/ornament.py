"""What is on a card besides text: paper, bars, emblems, icons, the grey picture of nobody, QR codes."""
import math

import numpy
from PIL import Image, ImageColor, ImageDraw, ImageFilter

FINE = 4  # shapes are drawn this many times larger, so that their edges are smooth
EMBLEMS = ("ring", "hexagon", "square", "disc", "bars", "triangles", "leaf", "dots", "arcs", "shield", "cross", "waves")


def _mask(side):
    mask = Image.new("L", (side * FINE, side * FINE), 0)
    return mask, ImageDraw.Draw(mask), side * FINE


# ---- icons -------------------------------------------------------------------------------------------------------


def _handset(pen, s):
    pen.arc((s * .12, -s * .55, s * 1.25, s * .88), 88, 182, 255, round(s * .17))
    pen.rounded_rectangle((s * .06, s * .08, s * .32, s * .38), s * .07, 255)
    pen.rounded_rectangle((s * .60, s * .66, s * .92, s * .92), s * .07, 255)


def _mobile(pen, s):
    pen.rounded_rectangle((s * .26, s * .04, s * .74, s * .96), s * .08, 255)
    pen.rectangle((s * .32, s * .14, s * .68, s * .76), 0)
    pen.ellipse((s * .45, s * .80, s * .55, s * .90), 0)


def _fax(pen, s):
    pen.rectangle((s * .06, s * .40, s * .94, s * .80), 255)
    pen.rectangle((s * .26, s * .10, s * .74, s * .40), 255)
    pen.rectangle((s * .33, s * .17, s * .67, s * .40), 0)
    pen.rectangle((s * .26, s * .62, s * .74, s * .94), 0)
    pen.rectangle((s * .33, s * .66, s * .67, s * .90), 255)


def _envelope(pen, s):
    pen.rectangle((s * .04, s * .18, s * .96, s * .82), 255)
    pen.line((s * .06, s * .20, s * .5, s * .58, s * .94, s * .20), 0, round(s * .08), "curve")


def _globe(pen, s):
    width = max(1, round(s * .07))
    pen.ellipse((s * .06, s * .06, s * .94, s * .94), None, 255, width)
    pen.ellipse((s * .30, s * .06, s * .70, s * .94), None, 255, width)
    pen.line((s * .06, s * .5, s * .94, s * .5), 255, width)
    pen.line((s * .14, s * .28, s * .86, s * .28), 255, width)
    pen.line((s * .14, s * .72, s * .86, s * .72), 255, width)


ICONS = {"work": _handset, "mobile": _mobile, "fax": _fax, "email": _envelope, "url": _globe}


def icon(image, kind, at, side, color):
    mask, pen, s = _mask(side)
    ICONS[kind](pen, s)
    mask = mask.resize((side, side), Image.Resampling.LANCZOS)
    image.paste(Image.new("RGB", (side, side), color), at, mask)


# ---- emblems -----------------------------------------------------------------------------------------------------


def _polygon(s, corners, radius, turn=0.0):
    return [(s / 2 + radius * math.cos(turn + 2 * math.pi * i / corners), s / 2 + radius * math.sin(turn + 2 * math.pi * i / corners)) for i in range(corners)]


def _letters(pen, s, letters, font, fill):
    scale = 0.5 if len(letters) > 1 else 0.66
    font = font.font_variant(size=max(8, round(s * scale)))
    pen.text((s / 2, s / 2), letters, font=font, fill=fill, anchor="mm")


def _paint_emblem(kind, pen, s, colors, rng):
    one, two, paper = colors
    if kind == "ring":
        pen.ellipse((0, 0, s - 1, s - 1), one)
        pen.ellipse((s * .2, s * .2, s * .8, s * .8), paper)
        pen.pieslice((0, 0, s - 1, s - 1), rng.randint(0, 270), rng.randint(300, 350), two)
        pen.ellipse((s * .3, s * .3, s * .7, s * .7), paper)
    elif kind == "bars":
        for i in range(4):
            pen.rectangle((s * (.02 + .25 * i), s * (.75 - .22 * i), s * (.22 + .25 * i), s), one if i % 2 else two)
    elif kind == "triangles":
        pen.polygon(((0, s), (s * .5, s * .05), (s * .62, s * .30), (s * .25, s)), one)
        pen.polygon(((s * .36, s), (s * .70, s * .40), (s, s)), two)
    elif kind == "leaf":
        pen.chord((-s * .35, 0, s * .85, s * 1.2), 270, 30, one)
        pen.chord((s * .15, -s * .2, s * 1.35, s), 90, 210, two)
    elif kind == "dots":
        for i in range(16):
            r = s * (.04 + .02 * (i % 4))
            x, y = s * (.14 + .24 * (i % 4)), s * (.14 + .24 * (i // 4))
            pen.ellipse((x - r, y - r, x + r, y + r), one if (i * 7) % 3 else two)
    elif kind == "arcs":
        for i in range(3):
            pen.arc((s * .12 * i, s * .12 * i, s * (1 - .12 * i), s * (1 - .12 * i)), 150 - 20 * i, 20 + 60 * i, one if i != 1 else two, round(s * .08))
    elif kind == "cross":
        pen.rectangle((s * .34, 0, s * .66, s), one)
        pen.rectangle((0, s * .34, s, s * .66), two)
    elif kind == "waves":
        for i in range(3):
            points = [(s * x / 40, s * (.25 + .25 * i) + s * .08 * math.sin(x / 40 * 4 * math.pi)) for x in range(41)]
            pen.line(points, one if i != 1 else two, round(s * .11), "curve")


def emblem(rng, side, colors, letters, font):
    """A company mark as RGBA, `side` pixels square; colors are accent, ink, paper."""
    kind = rng.choice(EMBLEMS)
    s = side * FINE
    image = Image.new("RGBA", (s, s), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    one, _, paper = colors
    if kind in ("square", "disc", "hexagon", "shield"):
        shapes = {"square": lambda: pen.rounded_rectangle((0, 0, s - 1, s - 1), s * rng.choice([0, .12]), one),
                  "disc": lambda: pen.ellipse((0, 0, s - 1, s - 1), one),
                  "hexagon": lambda: pen.polygon(_polygon(s, 6, s * .5, math.pi / 6), one),
                  "shield": lambda: pen.polygon([(s * .08, 0), (s * .92, 0), (s * .92, s * .55), (s * .5, s), (s * .08, s * .55)], one)}
        shapes[kind]()
        _letters(pen, s, letters, font, paper)
    else:
        _paint_emblem(kind, pen, s, colors, rng)
    return image.resize((side, side), Image.Resampling.LANCZOS)


# ---- paper and decoration ----------------------------------------------------------------------------------------


def _gradient(size, left, right):
    """From one colour at the top left to the other at the bottom right."""
    a, b = (numpy.array(ImageColor.getrgb(c), numpy.float32) for c in (left, right))
    ramp = (numpy.linspace(0, 1, size[0], dtype=numpy.float32)[None, :] + numpy.linspace(0, 1, size[1], dtype=numpy.float32)[:, None]) / 2
    return Image.fromarray((a + (b - a) * ramp[..., None]).astype(numpy.uint8))


def _kraft(rng, size, paper):
    grain = numpy.random.default_rng(rng.getrandbits(64))
    fibres = numpy.asarray(Image.fromarray(grain.normal(0, 60, (size[1] // 2 + 1, size[0] // 6 + 1)).astype(numpy.float32)).resize(size, Image.Resampling.BICUBIC))
    base = numpy.array(ImageColor.getrgb(paper), numpy.float32)
    return Image.fromarray(numpy.clip(base + fibres[..., None] * 0.22, 0, 255).astype(numpy.uint8))


def _portrait(image, rng, box):
    """A grey head and shoulders: the place where others print a face."""
    x0, y0, x1, y1 = (round(v) for v in box)
    w, h = x1 - x0, y1 - y0
    back, skin, coat = rng.choice([("#d5dade", "#a08d80", "#3b4654"), ("#c9cfc4", "#b59d8c", "#2f3a33"), ("#dcd3cb", "#94806f", "#4a3f3a")])
    patch = Image.new("RGB", (w, h), back)
    pen = ImageDraw.Draw(patch)
    pen.ellipse((w * .10, h * .62, w * .90, h * 1.5), coat)
    pen.rectangle((w * .43, h * .5, w * .57, h * .72), skin)
    pen.ellipse((w * .32, h * .16, w * .68, h * .62), skin)
    pen.chord((w * .29, h * .10, w * .71, h * .52), 180, 360, coat)
    image.paste(patch.filter(ImageFilter.GaussianBlur(w * .02)), (x0, y0))


def _operate(image, rng, look, step, ppmm):
    """One paint step of a layout on the card; returns the image, which may be a new one."""
    what, *args = step
    w, h = image.size
    pen = ImageDraw.Draw(image)
    if what == "rect":
        x0, y0, x1, y1, key = args
        pen.rectangle((x0 * w, y0 * h, x1 * w, y1 * h), getattr(look, key))
    elif what == "line":
        x0, y0, x1, y1, mm, key = args
        pen.line((x0 * w, y0 * h, x1 * w, y1 * h), getattr(look, key), max(1, round(mm * ppmm)))
    elif what == "frame":
        inset, mm, key = args
        gap = inset * min(w, h) * 1.3
        pen.rectangle((gap, gap, w - gap, h - gap), None, getattr(look, key), max(1, round(mm * ppmm)))
    elif what == "poly":
        *points, key = args
        mask = Image.new("L", (w * 2, h * 2), 0)
        ImageDraw.Draw(mask).polygon([(x * w * 2, y * h * 2) for x, y in zip(points[::2], points[1::2])], 255)
        image.paste(Image.new("RGB", (w, h), getattr(look, key)), (0, 0), mask.resize((w, h), Image.Resampling.BOX))
    elif what == "gradient":
        return _gradient((w, h), getattr(look, args[0]), getattr(look, args[1]))
    elif what == "kraft":
        return _kraft(rng, (w, h), look.paper)
    elif what == "portrait":
        _portrait(image, rng, [f * s for f, s in zip(args, (w, h) * 2)])
    elif what == "watermark":
        x0, y0, x1, y1 = (f * s for f, s in zip(args, (w, h) * 2))
        side = round(min(x1 - x0, y1 - y0))
        mark = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        kind = rng.choice(("arcs", "waves", "triangles", "dots", "leaf"))
        _paint_emblem(kind, ImageDraw.Draw(mark), side, (look.accent,) * 3, rng)
        faint = mark.getchannel("A").point(lambda a: a * 22 // 255)
        image.paste(mark, (round(x0), round(y0)), faint)
    return image


def paper(rng, size, look, steps, ppmm):
    """The unprinted card with its decoration."""
    image = Image.new("RGB", size, look.paper)
    for step in steps:
        image = _operate(image, rng, look, step, ppmm)
    return image


# ---- QR codes (ISO/IEC 18004): byte mode, versions 1 to 6, error correction level L, mask 0 ------------------------

# Per version: data and correction codewords of one block, blocks, centre of the alignment pattern.
QR_VERSIONS = {1: (19, 7, 1, 0), 2: (34, 10, 1, 18), 3: (55, 15, 1, 22), 4: (80, 20, 1, 26), 5: (108, 26, 1, 30), 6: (68, 18, 2, 34)}
QR_FORMAT = 0b111011111000100  # BCH(15,5) of level L and mask 0, already masked

QR_EXP, QR_LOG = [0] * 512, [0] * 256
_value = 1
for _i in range(255):
    QR_EXP[_i] = QR_EXP[_i + 255] = _value
    QR_LOG[_value] = _i
    _value = (_value << 1) ^ (0x11D if _value & 0x80 else 0)


def qr_correction(data, count):
    """Reed-Solomon remainder over GF(256), polynomial 0x11D."""
    generator = [1]
    for i in range(count):
        longer = generator + [0]
        for j, g in enumerate(generator):
            if g:
                longer[j + 1] ^= QR_EXP[QR_LOG[g] + i]
        generator = longer
    rest = list(data) + [0] * count
    for i in range(len(data)):
        factor = rest[i]
        for j, g in enumerate(generator) if factor else ():
            rest[i + j] ^= QR_EXP[QR_LOG[g] + QR_LOG[factor]] if g else 0
    return rest[len(data):]


def _codewords(data, version):
    size, check, blocks, _ = QR_VERSIONS[version]
    bits = "0100" + f"{len(data):08b}" + "".join(f"{b:08b}" for b in data)
    bits += "0" * min(4, size * blocks * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = [int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)]
    words += [(0xEC, 0x11)[i % 2] for i in range(size * blocks - len(words))]
    parts = [words[i * size:(i + 1) * size] for i in range(blocks)]
    checks = [qr_correction(part, check) for part in parts]
    return [part[i] for i in range(size) for part in parts] + [c[i] for i in range(check) for c in checks]


def _finder(grid, row, column):
    for r in range(-1, 8):
        for c in range(-1, 8):
            if 0 <= row + r < len(grid) and 0 <= column + c < len(grid):
                ring = max(abs(r - 3), abs(c - 3))
                grid[row + r][column + c] = ring in (0, 1, 3)


def _fixed(version):
    """The grid with all fixed patterns; None where data goes."""
    side = 17 + 4 * version
    grid = [[None] * side for _ in range(side)]
    for row, column in ((0, 0), (0, side - 7), (side - 7, 0)):
        _finder(grid, row, column)
    for i in range(8, side - 8):
        grid[6][i] = grid[i][6] = i % 2 == 0
    centre = QR_VERSIONS[version][3]
    for r in range(-2, 3) if centre else ():
        for c in range(-2, 3):
            grid[centre + r][centre + c] = max(abs(r), abs(c)) != 1
    for i in range(15):
        bit = bool(QR_FORMAT >> i & 1)
        grid[i if i < 6 else i + 1 if i < 8 else side - 15 + i][8] = bit
        grid[8][side - 1 - i if i < 8 else 15 - i if i < 9 else 14 - i] = bit
    grid[side - 8][8] = True
    return grid


def qr_modules(data):
    """The code of `data` (bytes, at most 134) as rows of booleans, True is dark."""
    version = next((v for v, (size, _, blocks, _) in QR_VERSIONS.items() if len(data) + 2 <= size * blocks), None)
    if version is None:
        raise ValueError(f"{len(data)} bytes do not fit a version 6 code")
    grid = _fixed(version)
    side = len(grid)
    bits = [word >> i & 1 for word in _codewords(data, version) for i in range(7, -1, -1)]
    at, upward = 0, True
    for right in (c for c in range(side - 1, 0, -2)):
        column = right if right > 6 else right - 1
        for row in range(side - 1, -1, -1) if upward else range(side):
            for c in (column, column - 1):
                if grid[row][c] is None:
                    bit = bits[at] if at < len(bits) else 0
                    grid[row][c] = bool(bit) ^ ((row + c) % 2 == 0)
                    at += 1
        upward = not upward
    return grid


def qr_payload(rng, contact):
    """What cards carry: the web address, or a short vCard (RFC 2426 as phones read it) when it fits."""
    url = contact["urls"][0]["value"] if contact["urls"] else "https://www.example.com"
    numbers = contact["phones"][:1]
    card = ["BEGIN:VCARD", "VERSION:3.0", f"N:{contact['family_name']};{contact['given_name'] or ''}",
            *(f"TEL:{p['value']}" for p in numbers), *(f"EMAIL:{e['value']}" for e in contact["emails"]), "END:VCARD"]
    text = "\n".join(card)
    return text if len(text.encode()) <= 134 - 2 and rng.random() < 0.4 else url


def qr_code(text, side, dark, light):
    """The code with its quiet zone, at most `side` pixels square and a whole number of pixels a module."""
    grid = qr_modules(text.encode())
    count = len(grid) + 4
    image = Image.new("RGB", (count, count), light)
    for r, row in enumerate(grid):
        for c, on in enumerate(row):
            if on:
                image.putpixel((c + 2, r + 2), tuple(int(dark[i:i + 2], 16) for i in (1, 3, 5)))
    step = max(2, side // count)
    return image.resize((count * step, count * step), Image.Resampling.NEAREST)
