"""Prints a composed card: fits its lines into the layout's regions, then paints paper, decoration and text."""
from typing import NamedTuple

from PIL import Image, ImageDraw

import compose
import fonts
import layouts
import ornament

POINT = 25.4 / 72  # mm
SIZES = {"name": 11.5, "title": 8.2, "org": 8.8, "job": 7.6, "body": 7.2, "web": 8.0, "slogan": 7.0, "logo": 17.0, "tagline": 8.0}
LEADING = 1.27
STEPS = (1.08, 1.0, 0.94, 0.88, 0.83, 0.78, 0.74)
TINY = (0.70, 0.66, 0.62, 0.58)
SHRINKING = ("name", "logo", "web", "org", "tagline")
SMALLEST_NAME = 0.62  # a name or a logo may shrink that far of its size to stay on one line


class NoRoom(ValueError):
    """A contact that a layout cannot print, whatever is left out."""


class Theme(NamedTuple):
    paper: str
    ink: str
    soft: str
    accent: str
    panel: str
    on_panel: str
    shade: str
    body: str
    head: str
    logo: str
    folder: object


class Placed(NamedTuple):
    """A line on the card: where its baseline begins, its sized spans, and the ink box of the whole."""

    line: object
    x: float
    y: float
    size: int
    label_width: float


class Sheet(NamedTuple):
    """A finished card: the picture, and the printed lines with their boxes (x0, y0, x1, y1) in its pixels."""

    image: object
    lines: list


def theme(rng, layout, text, folder, split):
    """Colours and typefaces of one card; `text` is what the faces must be able to print."""
    paper, ink, soft, accent, panel, on_panel, shade = rng.choice(layouts.PALETTES)
    if layout.dark:
        paper, ink, soft, accent = rng.choice(layouts.DARK_PALETTES)
    if "kraft" in layout.wants:
        paper, ink, soft, accent = "#c49a6c", "#2a1c10", "#4a3826", "#2a1c10"
    if "foil" in layout.wants:
        paper, ink, soft, accent = rng.choice(layouts.FOIL_PALETTES)
    kinds = ("serif",) if "serif" in layout.wants else ("sans", "sans", "serif", "mono") if rng.random() < 0.4 else ("sans",)
    body = fonts.choose(rng, kinds, text, folder, split)
    head = body if rng.random() < 0.7 else fonts.choose(rng, ("sans", "serif"), text, folder, split)
    logo = body if rng.random() < 0.5 else fonts.choose(rng, ("sans", "serif"), text, folder, split)
    return Theme(paper, ink, soft, accent, panel, on_panel, shade, body, head, logo, folder)


class Printer:
    """Fits and draws one card at `ppmm` pixels a millimetre."""

    def __init__(self, card, look, size_mm, ppmm):
        self.card, self.look, self.ppmm = card, look, ppmm
        self.width, self.height = round(size_mm[0] * ppmm), round(size_mm[1] * ppmm)
        self.spaced = "spaced" in card.layout.wants

    # ---- measuring --------------------------------------------------------------------------------------------

    def face(self, role, kind, size):
        family = self.look.logo if role in ("logo", "tagline") else self.look.head if role in ("name", "title", "org") else self.look.body
        return fonts.face(family, kind, size, self.look.folder)

    def tracking(self, role, size):
        """Space between letters in pixels."""
        return size * (0.12 if role in ("name", "org") else 0.06) if self.spaced and role in ("name", "org", "job") else size * 0.10 if role == "tagline" else 0.0

    def width_of(self, line, size, spans=None):
        track = self.tracking(line.role, size)
        return sum(self.face(line.role, s.face, size).getlength(s.text) + track * len(s.text) for s in (line.spans if spans is None else spans))

    def label_width(self, line, size):
        """Label or icon with the space after it."""
        if line.icon:
            return size * 1.65
        if not line.label:
            return 0.0
        return self.face(line.role, self.card.style.label_face, size).getlength(line.label) + size * 0.35

    def pixels(self, role, scale):
        return max(8, round(SIZES[role] * POINT * self.ppmm * scale))

    def wrapped(self, line, size, room):
        """The line as one or more lines that fit `room`; None when it cannot."""
        if self.width_of(line, size) + self.label_width(line, size) <= room:
            return [line]
        if not line.wrap or len(line.spans) > 1:
            return None
        rows, span = [], line.spans[0]
        for word in span.text.split(" "):
            longer = f"{rows[-1]} {word}" if rows else word
            if rows and self.width_of(line, size, [span._replace(text=longer)]) <= room:
                rows[-1] = longer
            else:
                rows.append(word)
        parts = [line._replace(spans=(span._replace(text=row),)) for row in rows]
        return parts if all(self.width_of(p, size) <= room for p in parts) and len(parts) <= 4 else None

    def shrunk(self, line, scale, room):
        """(lines, size): a heading smaller than usual, at last a name over two lines; (None, size) when it cannot fit."""
        size, least = self.pixels(line.role, scale), self.pixels(line.role, scale * SMALLEST_NAME)
        parts = self.wrapped(line, size, room)
        while parts is None and line.role in SHRINKING and size > least:
            size = max(least, round(size * 0.94))
            parts = self.wrapped(line, size, room)
        if parts is None and line.role == "name" and len(line.spans) > 1:
            last = line.spans[-1]._replace(text=line.spans[-1].text.strip())
            size = self.pixels("name", scale * 0.8)
            halves = [line._replace(spans=line.spans[:-1]), line._replace(spans=(last,))]
            parts = halves if all(self.width_of(x, size) <= room for x in halves) else None
        return parts, size

    # ---- fitting ----------------------------------------------------------------------------------------------

    def rows_of(self, region, scale):
        """[(line or None, size, height)] of a region and the width of its label column; None when a line is too wide."""
        rows, body, room = [], self.pixels("body", scale), self.room(region)[0]
        for token in region.tokens.split():
            if token in "-=":
                rows.append((None, 0, body * (0.55 if token == "-" else 1.1)))
                continue
            for line in self.card.block(token):
                parts, size = self.shrunk(line, scale, room)
                if parts is None:
                    return None
                rows += [(part, size, size * LEADING) for part in parts]
        while rows and rows[-1][0] is None:
            rows.pop()
        tab = self.tab_width(rows, region)
        if any(line and line.label and tab + self.width_of(line, size) > room for line, size, _ in rows if tab):
            return None
        return rows, tab

    def tab_width(self, rows, region):
        """Width of the label column when the card sets labels and values in two columns, else 0."""
        if not self.card.style.tabbed or region.align != "l":
            return 0.0
        return max([self.label_width(line, size) for line, size, _ in rows if line and line.label] or [0.0])

    def box(self, region):
        return tuple(round(f * s) for f, s in zip(region.box, (self.width, self.height) * 2))

    def room(self, region):
        """Width and height as the region's own text sees them."""
        x0, y0, x1, y1 = self.box(region)
        return (x1 - x0, y1 - y0) if region.turn == 0 else (y1 - y0, x1 - x0)

    def place(self, region, scale):
        """The Placed lines of a region, or None when they do not fit."""
        found = self.rows_of(region, scale * region.scale)
        wide, high = self.room(region)
        if found is None or sum(height for _, _, height in found[0]) > high:
            return None
        rows, tab = found
        x0, y0, _, _ = self.box(region) if region.turn == 0 else (0, 0, 0, 0)
        y = y0 + {"t": 0.0, "m": 0.5, "b": 1.0}[region.valign] * (high - sum(height for _, _, height in rows))
        placed = []
        for line, size, height in rows:
            if line:
                label = tab if tab and line.label else self.label_width(line, size)
                spare = wide - self.width_of(line, size) - label
                placed.append(Placed(line, x0 + {"l": 0.0, "c": 0.5, "r": 1.0}[region.align] * spare, y + size, size, label))
            y += height
        return placed

    def scale_of(self, region, cap=STEPS[0]):
        """The largest scale up to `cap` at which the region fits. A long mail address is printed smaller than STEPS;
        too many lines are not: there something has to be left out (None)."""
        steps = STEPS + (TINY if self.rows_of(region, STEPS[-1] * region.scale) is None else ())
        return next((s for s in steps if s <= cap and self.place(region, s) is not None), None)

    def fit(self):
        """[(region, placed lines)] with regions of much the same scale, leaving out spare fields until all fit."""
        regions = self.card.layout.regions
        while True:
            scales = [self.scale_of(region) for region in regions]
            if None not in scales:
                cap = max(min(scales) * 1.18, 0.86)
                return [(r, self.place(r, self.scale_of(r, cap) or s)) for r, s in zip(regions, scales)]
            if not self.card.reduce():
                raise NoRoom(f"layout {self.card.layout.name} has no room for {self.card.contact}")

    # ---- drawing ----------------------------------------------------------------------------------------------

    def color(self, key, region):
        return self.look.on_panel if region.panel else getattr(self.look, key)

    def text(self, canvas, at, placed, span, region):
        """Draws one span with its letter spacing; returns the x where it ends."""
        font, fill = self.face(placed.line.role, span.face, placed.size), self.color(span.color, region)
        track = self.tracking(placed.line.role, placed.size)
        for piece in span.text if track else [span.text]:
            canvas.text((at, placed.y), piece, font=font, fill=fill, anchor="ls")
            at += font.getlength(piece) + track
        return at

    def line(self, image, placed, region):
        """Draws a line and returns its box in the image."""
        canvas, line, style = ImageDraw.Draw(image), placed.line, self.card.style
        x = placed.x
        if line.icon:
            side = round(placed.size * 1.05)
            at_right = region.align == "r"
            end = x + self.width_of(line, placed.size)
            left = round(end + placed.size * 0.6) if at_right else round(x)
            ornament.icon(image, line.icon, (left, round(placed.y - placed.size * 0.88)), side, self.color("accent", region))
            x += 0 if at_right else placed.label_width
        elif line.label:
            font = self.face(line.role, style.label_face, placed.size)
            canvas.text((x, placed.y), line.label, font=font, fill=self.color(style.label_color, region), anchor="ls")
            x += placed.label_width
        for span in line.spans:
            x = self.text(canvas, x, placed, span, region)
        font = self.face(line.role, line.spans[0].face, placed.size)
        _, top, _, bottom = font.getbbox("".join(s.text for s in line.spans), anchor="ls")
        return (placed.x, placed.y + top, x if not (line.icon and region.align == "r") else x + placed.label_width, placed.y + bottom)

    def region(self, image, region, placed):
        """Draws the lines of a region; returns [(text, box)]."""
        if region.turn == 0:
            return [(compose.plain(p.line), self.line(image, p, region)) for p in placed]
        x0, y0, x1, y1 = self.box(region)
        patch = image.crop((x0, y0, x1, y1)).transpose(Image.Transpose.ROTATE_270)
        boxes = [(compose.plain(p.line), self.line(patch, p, region)) for p in placed]
        image.paste(patch.transpose(Image.Transpose.ROTATE_90), (x0, y0))
        return [(text, (x0 + top, y1 - right, x0 + bottom, y1 - left)) for text, (left, top, right, bottom) in boxes]

    def emblem(self, image, rng):
        box = self.card.layout.emblem
        if not box:
            return
        x0, y0, x1, y1 = box[0] * self.width, box[1] * self.height, box[2] * self.width, box[3] * self.height
        side = round(min(x1 - x0, y1 - y0))
        letters = "".join(w[0] for w in self.card.core.split() if w[0].isalpha())[:2].upper() or "K"
        mark = ornament.emblem(rng, side, (self.look.accent, self.look.ink, self.look.paper), letters, fonts.face(self.look.logo, "bold", side * 2, self.look.folder))
        # The mark hangs at the side of the card it is nearest to.
        x = x1 - side if x0 > self.width / 2 else x0 if x1 < self.width / 2 else (x0 + x1 - side) / 2
        image.paste(mark, (round(x), round((y0 + y1 - side) / 2)), mark)

    def run(self, rng):
        """Fits, paints and prints; returns the Sheet."""
        plan = self.fit()
        image = ornament.paper(rng, (self.width, self.height), self.look, self.card.layout.paint, self.ppmm)
        self.emblem(image, rng)
        if self.card.layout.code:
            x0, y0, x1, y1 = (f * s for f, s in zip(self.card.layout.code, (self.width, self.height) * 2))
            self.card.coded = ornament.qr_payload(rng, self.card.contact)
            mark = ornament.qr_code(self.card.coded, round(min(x1 - x0, y1 - y0)), self.look.ink, self.look.paper)
            image.paste(mark, (round(x1) - mark.width, round(y0)))
        lines = [x for region, placed in plan for x in self.region(image, region, placed)]
        return Sheet(image, lines)


def render(rng, card, ppmm, folder, split=None):
    """Prints a card and returns its Sheet; the card's contact then holds exactly what is printed."""
    size = rng.choice(layouts.SIZES[card.layout.shape])
    everything = " ".join(str(x) for x in card.contact.values()) + (card.slogan or "") + "·•–"
    look = theme(rng, card.layout, everything, folder, split)
    printer = Printer(card, look, size, ppmm)
    card.font = look.body
    return printer.run(rng)

