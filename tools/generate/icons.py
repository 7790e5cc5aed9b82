#!/usr/bin/python3
"""icons.py WEB/ICONS: the product's mark as PNG, for phones that take no SVG; the same shapes as kartei.svg.

touch-180.png and mask-512.png fill their square (the system cuts the corners), the others have round corners.
"""
import pathlib
import sys

from PIL import Image, ImageDraw

GREEN, PAPER, ORANGE = (15, 92, 92, 255), (253, 252, 248, 255), (224, 137, 43, 255)
FINE = 8  # times finer than wanted while drawing
SIDE = 64  # of the drawing's own coordinates


def mark(size, corner):
    """The mark at this size in pixels; `corner` in units of the drawing."""
    unit = size * FINE / SIDE
    image = Image.new("RGBA", (size * FINE, size * FINE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)

    def at(*values):
        return [value * unit for value in values]

    draw.rounded_rectangle(at(0, 0, SIDE, SIDE), corner * unit, GREEN)
    draw.rounded_rectangle(at(11, 19, 53, 47), 4 * unit, PAPER)
    draw.ellipse(at(16.5, 24.5, 25.5, 33.5), GREEN)
    draw.pieslice(at(14.5, 34.5, 27.5, 47.5), 180, 360, GREEN)
    for x, y, end in ((33, 28, 47), (33, 34, 47), (33, 40, 42)):
        draw.rounded_rectangle(at(x - 1.5, y - 1.5, end + 1.5, y + 1.5), 1.5 * unit, ORANGE)
    return image.resize((size, size), Image.LANCZOS)


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, size, corner in (("kartei-192", 192, 14), ("kartei-512", 512, 14), ("mask-512", 512, 0), ("touch-180", 180, 0)):
        mark(size, corner).quantize(64).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
