"""Tables, cloths and papers to photograph cards on, made of noise; and what else lies about there."""
import math

import numpy
from PIL import Image, ImageChops, ImageDraw, ImageFilter

WOODS = ((176, 132, 88), (143, 98, 60), (205, 174, 132), (98, 66, 44), (188, 160, 130), (120, 104, 92))
DARKS = ((34, 34, 37), (24, 26, 30), (46, 40, 36), (52, 56, 60))
LIGHTS = ((236, 236, 233), (224, 224, 226), (244, 241, 234), (210, 212, 214))
CLOTHS = ((92, 108, 132), (128, 62, 58), (86, 104, 84), (150, 140, 124), (66, 66, 74))


def _field(grain, size, cells, spread):
    """Smooth noise: `cells` (across, down) random values stretched over the picture, as float32 (height, width)."""
    coarse = grain.normal(0.0, spread, (max(2, cells[1]), max(2, cells[0]))).astype(numpy.float32)
    return numpy.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC))


def _tint(base, shade):
    """A picture of one colour whose brightness is changed by `shade` (float32, around 0)."""
    return numpy.asarray(base, numpy.float32)[None, None, :] + shade[..., None]


def wood(grain, size):
    base = WOODS[grain.integers(len(WOODS))]
    w, h = size
    warp = _field(grain, size, (3, 6), 0.8)
    rows = numpy.linspace(0, grain.uniform(14, 34), h, dtype=numpy.float32)[:, None]
    rings = numpy.sin((rows + warp * 2.2) * 2.0) * 7.0
    fibres = _field(grain, size, (8, h // 2), 6.5)
    picture = _tint(base, rings + fibres + _field(grain, size, (5, 4), 5.0))
    boards = int(grain.integers(0, 4))
    for i in range(boards):
        y = int(h * (i + grain.uniform(0.3, 0.7)) / boards)
        picture[y:y + max(2, h // 400)] *= 0.55
    return picture


def dark(grain, size):
    return _tint(DARKS[grain.integers(len(DARKS))], _field(grain, size, (size[0] // 3, size[1] // 3), 3.0) + _field(grain, size, (4, 3), 5.0))


def white(grain, size):
    return _tint(LIGHTS[grain.integers(len(LIGHTS))], _field(grain, size, (size[0] // 2, size[1] // 2), 1.6) + _field(grain, size, (3, 3), 3.5))


def cloth(grain, size):
    w, h = size
    pitch = grain.uniform(0.8, 1.6)
    weave = numpy.sin(numpy.arange(w, dtype=numpy.float32) * pitch)[None, :] * numpy.sin(numpy.arange(h, dtype=numpy.float32) * pitch)[:, None]
    return _tint(CLOTHS[grain.integers(len(CLOTHS))], weave * 9.0 + _field(grain, size, (w // 4, h // 4), 6.0) + _field(grain, size, (4, 4), 8.0))


def stone(grain, size):
    base = LIGHTS[grain.integers(len(LIGHTS))] if grain.random() < 0.5 else (120, 120, 118)
    speckles = _field(grain, size, (size[0] // 3, size[1] // 3), 14.0)
    veins = numpy.abs(_field(grain, size, (7, 5), 1.0) + 0.35 * _field(grain, size, (24, 18), 1.0))
    return _tint(base, speckles * 0.7 - 34.0 * numpy.exp(-(veins * 9.0) ** 2))


def leather(grain, size):
    base = ((72, 48, 36), (40, 38, 40), (110, 72, 48))[grain.integers(3)]
    pores = numpy.abs(_field(grain, size, (size[0] // 4, size[1] // 4), 7.0)) + numpy.abs(_field(grain, size, (size[0] // 11, size[1] // 11), 5.0))
    return _tint(base, numpy.minimum(pores, 11.0) - 6.0 + _field(grain, size, (4, 3), 6.0))


def mat(grain, size):
    """A cutting mat: green or blue with a light grid."""
    base = ((38, 92, 74), (44, 72, 110))[grain.integers(2)]
    picture = _tint(base, _field(grain, size, (size[0] // 3, size[1] // 3), 3.0))
    step = int(size[0] / grain.uniform(9, 16))
    for at in range(step // 2, max(size), step):
        if at < size[1]:
            picture[at:at + 2] += 38.0
        if at < size[0]:
            picture[:, at:at + 2] += 38.0
    return picture


SURFACES = (wood, wood, dark, white, white, cloth, stone, leather, mat)
TEXTURED = ("cloth", "stone", "mat", "leather")


def make(grain, size, hard):
    """A picture of a surface; easy photos are taken on plain ones."""
    kinds = [s for s in SURFACES if hard >= 1 or s.__name__ not in TEXTURED]
    picture = kinds[grain.integers(len(kinds))](grain, size)
    return Image.fromarray(numpy.clip(picture, 0, 255, out=picture).astype(numpy.uint8))


# ---- clutter -----------------------------------------------------------------------------------------------------


def _pen(pen, grain, w, h):
    long, thick, angle = 0.5 * max(w, h), 0.018 * max(w, h), grain.uniform(0, math.pi)
    x, y = grain.uniform(0, w), grain.uniform(0, h)
    dx, dy = math.cos(angle) * long / 2, math.sin(angle) * long / 2
    color = ((30, 40, 90), (20, 20, 20), (150, 20, 30), (190, 190, 195))[grain.integers(4)]
    pen.line((x - dx, y - dy, x + dx, y + dy), color, round(thick))
    pen.line((x + dx * .8, y + dy * .8, x + dx, y + dy), (200, 200, 200), round(thick * .7))


def _sheet(pen, grain, w, h):
    """A corner of another, unprinted paper."""
    x, y, turn = grain.choice([0, w]), grain.choice([0, h]), grain.uniform(0, 0.6)
    side = grain.uniform(0.25, 0.5) * min(w, h)
    points = [(x + side * math.cos(turn + i * math.pi / 2), y + side * math.sin(turn + i * math.pi / 2)) for i in range(4)]
    tone = int(grain.integers(205, 250))
    pen.polygon(points, (tone, tone, tone - 6))


def _cup(pen, grain, w, h):
    r = grain.uniform(0.16, 0.26) * min(w, h)
    x, y = grain.choice([0, w]), grain.uniform(0, h)
    rim = ((235, 235, 232), (70, 90, 110), (200, 170, 120))[grain.integers(3)]
    pen.ellipse((x - r, y - r, x + r, y + r), rim)
    pen.ellipse((x - r * .86, y - r * .86, x + r * .86, y + r * .86), (58, 36, 22))


def _clip(pen, grain, w, h):
    x, y, s = grain.uniform(0, w), grain.uniform(0, h), 0.03 * max(w, h)
    for inset in (0, .3):
        pen.rounded_rectangle((x + s * inset, y + s * inset, x + s * (1.1 - inset), y + s * (2.6 - inset)), s * (.5 - inset), None, (168, 170, 176), max(2, round(s * .12)))


def clutter(grain, image, count):
    """Lays `count` things on the surface; they may lie under a card, never on it."""
    w, h = image.size
    for _ in range(count):
        thing_on, draw, seed = [], (_pen, _sheet, _cup, _clip)[grain.integers(4)], int(grain.integers(1 << 62))
        for ground in ("black", "white"):  # what looks the same on both is the thing
            thing_on.append(Image.new("RGB", (w, h), ground))
            draw(ImageDraw.Draw(thing_on[-1]), numpy.random.default_rng(seed), w, h)
        layer = thing_on[0]
        thing = ImageChops.difference(*thing_on).convert("L").point(lambda v: 255 * (v == 0)).filter(ImageFilter.GaussianBlur(0.7))
        shade = Image.new("L", (w // 8, h // 8))
        shade.paste(thing.resize((w // 8, h // 8)).point(lambda v: v * 0.43), (w // 1280 + 1, h // 960 + 1))
        image.paste((0, 0, 0), (0, 0), shade.filter(ImageFilter.GaussianBlur(2)).resize((w, h)))
        image.paste(layer, (0, 0), thing)
    return image
