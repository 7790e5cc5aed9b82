"""The camera: puts flat cards on a surface, looks at them from somewhere, and adds what light, lens and sensor add."""
import math
from typing import NamedTuple

import numpy
from PIL import Image, ImageChops, ImageDraw, ImageFilter

import surface

# Per difficulty 0 … 3. Angles in degrees, shares of the frame, blur in pixels at 1600, noise in grey levels.
TILT = (3, 11, 21, 31)
ROLL = (2, 6, 14, 30)
FILL = ((0.88, 0.96), (0.76, 0.94), (0.62, 0.90), (0.58, 0.86))
SIDEWAYS = (0.0, 0.05, 0.15, 0.25)
TAGGED = (0.0, 0.30, 0.40, 0.40)
BLUR = ((0.0, 0.3), (0.2, 0.8), (0.5, 1.2), (0.7, 1.4))
NOISE = ((0.5, 1.5), (1.0, 4.0), (3.0, 7.0), (4.5, 8.5))
QUALITY = ((93, 96), (82, 94), (68, 88), (52, 80))
SHADE = ((0.02, 0.08), (0.08, 0.25), (0.18, 0.42), (0.30, 0.55))
GLARE = (0.0, 0.1, 0.3, 0.5)
CREASED = (0.0, 0.0, 0.10, 0.20)
HELD = (0.0, 0.05, 0.15, 0.20)
DUSK = (0.0, 0.0, 0.12, 0.20)
MARGIN = 0.012
# EXIF orientation: how the stored pixels are turned against the picture as shown.
STORED = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


class Shot(NamedTuple):
    """A picture as shown (before JPEG), the corners of its cards, and how it is to be stored.

    `turn`: degrees the cards' text is turned clockwise in the picture as shown (0, 90, 180, 270).
    """

    image: object
    quads: list
    orientation: int
    turn: int
    quality: int

    def save(self, path):
        stored = self.image.transpose(STORED[self.orientation]) if STORED[self.orientation] is not None else self.image
        exif = Image.Exif()
        if self.orientation != 1:
            exif[0x0112] = self.orientation
        stored.save(path, "JPEG", quality=self.quality, exif=exif, dpi=(300, 300))


def flat(image):
    """A scan: the card fills the picture."""
    w, h = image.size
    return Shot(image, [[(0, 0), (w - 1, 0), (w - 1, h - 1), (0, h - 1)]], 1, 0, 95)


# ---- geometry ----------------------------------------------------------------------------------------------------


def project(rng, size, hard, turn):
    """Corners of a card of `size` as a pinhole camera sees them, around the origin, the card's diagonal about 1."""
    w, h = (s / math.hypot(*size) for s in size)
    corners = numpy.array([(-w, -h, 0), (w, -h, 0), (w, h, 0), (-w, h, 0)]) / 2
    roll, pitch, yaw = (math.radians(rng.uniform(-a, a)) for a in (ROLL[hard], TILT[hard], TILT[hard]))
    roll += math.radians(turn)
    about_z = numpy.array([(math.cos(roll), -math.sin(roll), 0), (math.sin(roll), math.cos(roll), 0), (0, 0, 1)])
    about_x = numpy.array([(1, 0, 0), (0, math.cos(pitch), -math.sin(pitch)), (0, math.sin(pitch), math.cos(pitch))])
    about_y = numpy.array([(math.cos(yaw), 0, math.sin(yaw)), (0, 1, 0), (-math.sin(yaw), 0, math.cos(yaw))])
    seen = corners @ (about_x @ about_y @ about_z).T
    distance = rng.uniform(1.8, 3.2)
    return seen[:, :2] * (distance / (distance + seen[:, 2:]))


def place(rng, shape, slot, hard):
    """The corners moved and scaled into `slot` (x0, y0, x1, y1)."""
    low, high = shape.min(axis=0), shape.max(axis=0)
    room = numpy.array([slot[2] - slot[0], slot[3] - slot[1]])
    scale = min(room / (high - low)) * rng.uniform(*FILL[hard])
    spare = room - (high - low) * scale
    offset = numpy.array(slot[:2]) + spare * numpy.array([rng.uniform(0.25, 0.75), rng.uniform(0.25, 0.75)])
    return (shape - low) * scale + offset


def homography(source, target):
    """The eight numbers of PIL's PERSPECTIVE transform that bring `source` corners to `target` corners."""
    rows, right = [], []
    for (x, y), (u, v) in zip(target, source):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        right += [u, v]
    return numpy.linalg.solve(numpy.array(rows, float), numpy.array(right, float))


def slots(frame, count):
    """Rectangles that share the frame among `count` cards, row by row."""
    w, h = frame
    if count == 1:
        return [(w * MARGIN, h * MARGIN, w * (1 - MARGIN), h * (1 - MARGIN))]
    across = max(1, min(count, round(math.sqrt(count * w / h * 55 / 85))))
    down = math.ceil(count / across)
    gap = 0.015 * min(w, h)
    return [(w * (i % across) / across + gap, h * (i // across) / down + gap, w * (i % across + 1) / across - gap, h * (i // across + 1) / down - gap) for i in range(count)]


# ---- the card in the picture -------------------------------------------------------------------------------------


def _lay(rng, image, card, quad):
    """Draws the card with its cast shadow on the surface."""
    w, h = card.size
    length = max(numpy.linalg.norm(quad[1] - quad[0]) / w, numpy.linalg.norm(quad[3] - quad[0]) / h)
    if length < 0.8:  # the transform samples, it does not average: reduce first
        card = card.resize((max(8, round(w * length * 1.1)), max(8, round(h * length * 1.1))), Image.Resampling.BICUBIC)
        w, h = card.size
    outline = Image.new("L", (w, h), 0)
    rounded = rng.random() < 0.15
    ImageDraw.Draw(outline).rounded_rectangle((1, 1, w - 2, h - 2), radius=w * 0.03 if rounded else 0, fill=255)
    x0, y0 = (int(v) - 2 for v in numpy.floor(quad.min(axis=0)))
    x1, y1 = (int(v) + 3 for v in numpy.ceil(quad.max(axis=0)))
    numbers = tuple(homography([(0, 0), (w, 0), (w, h), (0, h)], quad - (x0, y0)))
    seen, edge = (x.transform((x1 - x0, y1 - y0), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR) for x in (card, outline))
    mask = Image.new("L", image.size, 0)
    mask.paste(edge, (x0, y0))
    _cast_shadow(rng, image, mask)
    image.paste(seen, (x0, y0), edge)


def _cast_shadow(rng, image, mask):
    w, h = image.size
    small = mask.resize((w // 4, h // 4), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(rng.uniform(1.0, 3.5) * w / 1600))
    dx, dy = (round(rng.uniform(-1, 1) * w * 0.0008) for _ in "xy")
    shade = Image.new("L", small.size)
    shade.paste(small.point(lambda v, s=rng.uniform(0.35, 0.7): v * s), (dx, dy))
    image.paste((0, 0, 0), (0, 0), shade.resize((w, h), Image.Resampling.BILINEAR))


def _crease(rng, card):
    """A card that was folded or bent: a line across it, lighter on one side, darker on the other."""
    w, h = card.size
    upright = rng.random() < 0.6
    at, slant, width = rng.uniform(0.25, 0.75), rng.uniform(-0.06, 0.06), rng.uniform(0.004, 0.012)
    x, y = numpy.meshgrid(numpy.linspace(0, 1, w, dtype=numpy.float32), numpy.linspace(0, 1, h, dtype=numpy.float32))
    along, across = (y, x) if upright else (x, y)
    away = (across - at - slant * (along - 0.5)) / width
    shade = 1 + rng.uniform(0.10, 0.22) * away * numpy.exp(-away * away / 2) + rng.uniform(-0.10, 0.10) * (away > 0)
    return Image.fromarray(numpy.clip(numpy.asarray(card, numpy.float32) * shade[..., None], 0, 255).astype(numpy.uint8))


def _fingers(rng, image, quad):
    """A thumb or two fingers that hold the card at a side, over its margin only."""
    skin = rng.choice([(224, 172, 140), (198, 140, 106), (150, 100, 72), (96, 62, 46)])
    side = rng.randrange(4)
    a, b = quad[side], quad[(side + 1) % 4]
    middle, length = quad.mean(axis=0), numpy.linalg.norm(quad[2] - quad[0])
    layer = Image.new("L", image.size, 0)
    pen, start = ImageDraw.Draw(layer), rng.uniform(0.2, 0.7)
    for k in range(rng.choice([1, 1, 2])):
        edge = a + (b - a) * (start + 0.16 * k)
        outward = (edge - middle) / numpy.linalg.norm(edge - middle)
        radius = length * rng.uniform(0.045, 0.06)
        tip = edge + outward * (radius - length * 0.022)  # reaches over the card by a fiftieth of its diagonal
        for step in range(14):
            x, y = tip + outward * radius * 0.7 * step
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    shaded = Image.new("RGB", image.size, skin)
    image.paste(tuple(v // 4 for v in skin), (0, 0), layer.filter(ImageFilter.GaussianBlur(length * 0.012)).point(lambda v: v * 0.4))
    image.paste(shaded, (0, 0), layer.filter(ImageFilter.GaussianBlur(length * 0.003)))


# ---- light, lens, sensor -----------------------------------------------------------------------------------------


def _smooth(grid, size):
    return numpy.asarray(Image.fromarray(grid.astype(numpy.float32)).resize(size, Image.Resampling.BILINEAR))


def _light(rng, size, hard):
    """How much light falls where, 1 is full: a slope, a vignette, and the shadow of a hand or a telephone."""
    w, h = size[0] // 16, size[1] // 16
    x, y = numpy.meshgrid(numpy.linspace(-1, 1, w), numpy.linspace(-1, 1, h))
    angle, depth = rng.uniform(0, 2 * math.pi), rng.uniform(*SHADE[hard])
    light = 1 - depth * (0.5 + 0.5 * (x * math.cos(angle) + y * math.sin(angle)) / 1.41)
    light *= 1 - rng.uniform(0, 0.05 + 0.05 * hard) * (x * x + y * y)
    if hard >= 1 and rng.random() < 0.25 + 0.15 * hard:
        edge = x * math.cos(angle + 1) + y * math.sin(angle + 1) + 0.25 * numpy.sin(y * rng.uniform(1, 3) + rng.uniform(0, 6))
        softness = rng.uniform(0.05, 0.35)
        light *= 1 - depth * 0.9 / (1 + numpy.exp((edge - rng.uniform(-0.5, 0.6)) / softness))
    return _smooth(light, size)


def _glare(rng, size, quads, hard):
    """Reflected light to be added, as grey levels, or None."""
    if not quads or rng.random() >= GLARE[hard]:
        return None
    quad = quads[rng.randrange(len(quads))]
    u, v = rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.85)
    centre = (1 - v) * ((1 - u) * quad[0] + u * quad[1]) + v * ((1 - u) * quad[3] + u * quad[2])
    reach = numpy.linalg.norm(quad[2] - quad[0]) * rng.uniform(0.12, 0.3)
    w, h = size[0] // 16, size[1] // 16
    x, y = numpy.meshgrid(numpy.arange(w) * 16.0, numpy.arange(h) * 16.0)
    spot = numpy.exp(-(((x - centre[0]) / reach) ** 2 + ((y - centre[1]) / (reach * rng.uniform(0.4, 1.0))) ** 2))
    return _smooth(spot * rng.uniform(40, 70 + 20 * hard), size)


def _blurred(image, radius):
    """Out of focus: a 3 x 3 Gaussian for small radii, else a box of the same spread, which is nearer to a lens and quick."""
    if radius >= 0.6:
        return image.filter(ImageFilter.BoxBlur((math.sqrt(12 * radius * radius + 1) - 1) / 2))
    weights = [math.exp(-(x * x + y * y) / (2 * radius * radius)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    return image.filter(ImageFilter.Kernel((3, 3), weights))


def _shaken(rng, image, hard, quads):
    """Blur of focus, and at the careless end of a moving hand; a small card is not blurred beyond reading."""
    smallest = min((max(math.dist(q[0], q[1]), math.dist(q[0], q[3])) for q in quads), default=math.inf)
    unit = min(max(image.size) / 1600, smallest / 1000)
    radius = rng.uniform(*BLUR[hard]) * unit
    image = _blurred(image, radius) if radius > 0.15 else image
    if hard < 2 or rng.random() > 0.25 * (hard - 1):
        return image
    angle, reach = rng.uniform(0, math.pi), rng.uniform(1.0, 1.4 + 0.5 * hard) * unit
    moved = ImageChops.offset(image, round(math.cos(angle) * reach), round(math.sin(angle) * reach))
    return Image.blend(image, moved, 0.5)


def _sensor(rng, image, hard, quads):
    """Light, glare, white balance and noise on the picture; worked plane by plane, which is three times as fast."""
    grain = numpy.random.default_rng(rng.getrandbits(64))
    size = image.size
    balance = (1 + rng.uniform(-1, 1) * 0.03 * (1 + hard), 1.0, 1 + rng.uniform(-1, 1) * 0.04 * (1 + hard))
    exposure = rng.uniform(0.95, 1.03) if hard == 0 else rng.uniform(0.78, 1.06)
    exposure *= rng.uniform(0.30, 0.55) if rng.random() < DUSK[hard] else 1.0
    light, glare = _light(rng, size, hard), _glare(rng, size, quads, hard)
    level = rng.uniform(*NOISE[hard])
    added = grain.standard_normal((size[1], size[0]), dtype=numpy.float32)
    added *= level
    if glare is not None:
        added += glare
    blotches = _smooth(grain.standard_normal((size[1] // 4, size[0] // 4), dtype=numpy.float32) * level, size)
    planes = []
    for plane, gain, hue in zip(image.split(), balance, (0.5, -0.2, -0.6)):
        pixels = light * numpy.float32(gain * exposure)
        pixels *= numpy.asarray(plane)
        pixels += added
        pixels += blotches * numpy.float32(hue)
        planes.append(Image.fromarray(numpy.clip(pixels, 0, 255, out=pixels).astype(numpy.uint8)))
    return Image.merge("RGB", planes)


def _frame(rng, cards, size, turn):
    """Width and height of the picture: 4:3 or 3:4, mostly the way the card lies."""
    long, short = size, round(size * 0.75)
    if len(cards) != 1:
        return (long, short) if rng.random() < 0.6 else (short, long)
    wide = (cards[0].width >= cards[0].height) == (turn in (0, 180))
    return (long, short) if wide == (rng.random() < 0.8) else (short, long)


def shoot(rng, cards, hard, size):
    """A photo of the cards (RGB pictures; none gives an empty table) of difficulty `hard`, `size` pixels long."""
    turn = rng.choice([90, 180, 270]) if cards and rng.random() < SIDEWAYS[hard] else 0
    grain = numpy.random.default_rng(rng.getrandbits(64))
    if len(cards) > 1:  # so many cards want more pixels
        size = min(4000, round(size * max(1.0, 0.75 * math.sqrt(len(cards)))))
    frame = _frame(rng, cards, size, turn)
    half = (frame[0] // 2, frame[1] // 2)  # the table is a little out of focus anyway
    image = surface.clutter(grain, surface.make(grain, half, hard), rng.randint(0, hard) if cards else rng.randint(1, 4))
    image = image.resize(frame, Image.Resampling.BILINEAR)
    quads = []
    for card, slot in zip(cards, slots(frame, len(cards))):
        quads.append(place(rng, project(rng, card.size, hard, turn), slot, hard))
        _lay(rng, image, _crease(rng, card) if rng.random() < CREASED[hard] else card, quads[-1])
        if rng.random() < HELD[hard]:
            _fingers(rng, image, quads[-1])
    image = _sensor(rng, _shaken(rng, image, hard, quads), hard, quads)
    orientation = rng.choice([3, 6, 6, 8]) if rng.random() < TAGGED[hard] else 1
    return Shot(image, [[tuple(p) for p in quad] for quad in quads], orientation, turn, rng.randint(*QUALITY[hard]))
