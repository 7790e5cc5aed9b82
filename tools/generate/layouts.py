"""The layouts: data only. Boxes are fractions of the card (x0, y0, x1, y1), tokens are blocks of compose.Card.

Tokens of a region: a block's name, '-' a half line of space, '=' a line. Paint: (operation, numbers…, colour key).
"""
from typing import NamedTuple


class Region(NamedTuple):
    tokens: str
    box: tuple
    align: str = "l"  # l, c, r
    valign: str = "t"  # t, m, b
    panel: bool = False  # stands on the panel's colour
    scale: float = 1.0
    turn: int = 0  # degrees counter-clockwise: 90 reads upwards


class Layout(NamedTuple):
    name: str
    regions: tuple
    paint: tuple = ()
    emblem: tuple | None = None
    labels: str | None = None  # long, short, letters, none, icons; None: by the card's taste
    wants: frozenset = frozenset()
    shape: str = "wide"  # wide, tall, square
    dark: bool = False
    code: tuple | None = None  # box of a QR code

    @property
    def tokens(self):
        return {t for r in self.regions for t in r.tokens.split()}


def _r(tokens, x0, y0, x1, y1, *how, **more):
    return Region(tokens, (x0, y0, x1, y1), *how, **more)


def _l(name, *regions, wants="", **more):
    return Layout(name, regions, wants=frozenset(wants.split()), **more)


LAYOUTS = (
    _l("left", _r("name job", .07, .10, .70, .40), _r("org address - contact", .07, .41, .95, .92, "l", "b"), emblem=(.74, .09, .93, .36)),
    _l("centred", _r("logo", .08, .07, .92, .27, "c", "m"), _r("name job", .08, .28, .92, .52, "c", "m"), _r("line contact", .08, .53, .92, .93, "c", "b")),
    _l("right", _r("name job", .30, .10, .93, .39, "r"), _r("org address - contact", .10, .40, .93, .92, "r", "b"), emblem=(.07, .09, .25, .36)),
    _l("two_column", _r("name job", .07, .10, .66, .42), _r("org address", .07, .50, .485, .92), _r("contact", .515, .50, .96, .92),
       paint=(("line", .07, .46, .93, .46, .35, "accent"),), emblem=(.76, .09, .93, .36)),
    _l("logo_left", _r("name job = org address - contact", .37, .07, .96, .94, "l", "m"), emblem=(.07, .30, .31, .70),
       paint=(("line", .34, .14, .34, .86, .25, "soft"),)),
    _l("logo_text", _r("logo", .07, .09, .93, .36), _r("name job", .07, .42, .46, .92, "l", "b"), _r("line contact", .48, .40, .97, .92, "l", "b")),
    _l("side_bar", _r("name job = org address - contact", .19, .08, .96, .93, "l", "m"), paint=(("rect", 0, 0, .13, 1, "accent"),)),
    _l("panel", _r("logo", .04, .28, .37, .62, "c", "m", True), _r("web", .03, .80, .38, .93, "c", "m", True, .9),
       _r("name job = org address - contact", .45, .07, .97, .93, "l", "m"), paint=(("rect", 0, 0, .41, 1, "panel"),)),
    _l("inverse", _r("logo", .07, .09, .93, .30), _r("name job", .07, .34, .93, .55), _r("org address", .07, .58, .48, .93, "l", "b"),
       _r("contact", .50, .55, .96, .93, "l", "b"), dark=True),
    _l("icons", _r("name job", .07, .10, .72, .38), _r("org", .07, .40, .93, .50), _r("contact address", .07, .50, .95, .93, "l", "b"),
       labels="icons", emblem=(.76, .09, .93, .35)),
    _l("icons_right", _r("logo", .07, .09, .40, .40), _r("name job", .42, .10, .93, .42, "r"), _r("address - contact", .20, .44, .93, .93, "r", "b"),
       labels="icons", paint=(("rect", .965, 0, 1, 1, "accent"),)),
    _l("letters", _r("org", .07, .09, .80, .26), _r("name job", .07, .29, .93, .52), _r("address", .07, .56, .47, .92, "l", "b"),
       _r("contact", .50, .52, .96, .92, "l", "b"), labels="letters", emblem=(.84, .08, .94, .24)),
    _l("labels_long", _r("logo", .07, .08, .60, .28), _r("name job", .07, .31, .80, .52), _r("line contact", .07, .53, .96, .93, "l", "b"), labels="long"),
    _l("stripe_vertical", _r("name job", .06, .12, .44, .88, "r", "m"), _r("org address - contact", .51, .08, .97, .92, "l", "m"),
       paint=(("line", .475, .14, .475, .86, .5, "accent"),), wants="short_mail"),
    _l("band_top", _r("org slogan", .07, .03, .93, .25, "l", "m", True), _r("name job", .07, .33, .93, .56), _r("address", .07, .58, .46, .93, "l", "b"),
       _r("contact", .48, .56, .96, .93, "l", "b"), paint=(("rect", 0, 0, 1, .28, "panel"),)),
    _l("band_bottom", _r("name job", .07, .09, .70, .36), _r("org address - phones net", .07, .37, .95, .80, "l", "b"),
       _r("web", .07, .85, .93, .98, "c", "m", True), paint=(("rect", 0, .83, 1, 1, "panel"),), emblem=(.77, .09, .93, .33)),
    _l("org_lines", _r("org", .07, .10, .70, .395), _r("name job", .07, .46, .44, .92, "l", "b"), _r("address - contact", .46, .40, .97, .92, "l", "b"),
       wants="org_lines serif legal", emblem=(.78, .09, .93, .33)),
    _l("title_line", _r("org", .10, .07, .90, .22, "c", "m"), _r("name job", .10, .25, .90, .57, "c", "m"), _r("line contact", .06, .58, .94, .93, "c", "b"),
       wants="title title_line serif"),
    _l("department", _r("org unit", .07, .09, .76, .36), _r("name job", .07, .38, .93, .58), _r("address", .07, .60, .46, .93, "l", "b"),
       _r("contact", .48, .58, .96, .93, "l", "b"), wants="department", emblem=(.80, .09, .94, .31)),
    _l("two_addresses", _r("name job", .06, .08, .49, .44), _r("contact", .52, .09, .97, .44, scale=.95), _r("org", .06, .48, .94, .59),
       _r("address", .06, .62, .49, .94), _r("address2", .52, .62, .97, .94), wants="address2 short_mail", paint=(("line", .06, .47, .95, .47, .2, "soft"),)),
    _l("portrait", _r("logo", .08, .25, .92, .36, "c", "m"), _r("name job", .06, .40, .94, .58, "c", "m"), _r("address - contact", .06, .60, .94, .95, "c", "b"),
       shape="tall", emblem=(.33, .06, .67, .23), labels="none"),
    _l("portrait_band", _r("logo", .08, .05, .92, .22, "l", "m", True), _r("name job", .08, .31, .95, .52), _r("org address - contact", .08, .53, .97, .95, "l", "b"),
       shape="tall", paint=(("rect", 0, 0, 1, .26, "panel"),)),
    _l("frame", _r("name job", .12, .16, .88, .44, "c", "m"), _r("org", .12, .45, .88, .57, "c", "m"), _r("line contact", .10, .57, .90, .86, "c", "b"),
       wants="serif", paint=(("frame", .035, .35, "accent"), ("frame", .05, .15, "accent"))),
    _l("footer", _r("logo", .07, .10, .93, .34, "l", "m"), _r("name job", .07, .38, .93, .68, "l", "m"), _r("footer", .07, .74, .93, .94, "l", "b", scale=.86),
       paint=(("line", .07, .72, .93, .72, .2, "soft"),)),
    _l("three_column", _r("name job", .06, .10, .70, .46), _r("org address", .05, .60, .34, .94, scale=.95), _r("phones", .35, .60, .62, .94, scale=.95),
       _r("net", .63, .60, .97, .94, scale=.95), wants="short_mail", paint=(("rect", 0, .545, 1, .555, "accent"),), emblem=(.76, .10, .94, .42), labels="short"),
    _l("minimal", _r("name job", .09, .30, .91, .60, "l", "m"), _r("phones mail", .09, .66, .91, .90, "l", "b"), wants="lean", labels="none",
       emblem=(.80, .10, .92, .28)),
    _l("lean_logo", _r("logo", .08, .12, .92, .42, "c", "m"), _r("name job", .08, .48, .92, .70, "c", "m"), _r("contact", .08, .71, .92, .93, "c", "b"), wants="lean"),
    _l("photo", _r("name job", .07, .10, .62, .40), _r("org address - contact", .07, .41, .65, .93, "l", "b"), paint=(("portrait", .68, .12, .93, .62),)),
    _l("diagonal", _r("logo", .06, .10, .55, .34, "l", "m", True), _r("name job", .57, .28, .95, .55, "r"), _r("address - contact", .44, .56, .95, .93, "r", "b"),
       paint=(("poly", 0, 0, .74, 0, .18, 1, 0, 1, "panel"),)),
    _l("spaced", _r("org", .08, .12, .92, .25, "c", "m"), _r("name", .08, .32, .92, .47, "c", "m"), _r("job", .08, .47, .92, .58, "c"),
       _r("line contact", .06, .62, .94, .93, "c", "b"), wants="spaced"),
    _l("watermark", _r("name job", .07, .10, .80, .38), _r("org address - contact", .07, .39, .95, .92, "l", "b"), paint=(("watermark", .48, .05, 1.05, .95),)),
    _l("square", _r("logo", .08, .08, .92, .26), _r("name job", .08, .30, .92, .52), _r("org address - contact", .08, .52, .96, .94, "l", "b"), shape="square"),
    _l("kraft", _r("logo", .08, .10, .92, .34, "c", "m"), _r("name job", .08, .38, .92, .58, "c", "m"), _r("line contact", .08, .60, .92, .92, "c", "b"),
       paint=(("kraft",),), wants="kraft"),
    _l("vertical_text", _r("logo", .02, .08, .15, .92, "c", "m", True, .8, 90), _r("name job = org address - contact", .22, .08, .97, .93, "l", "m"),
       paint=(("rect", 0, 0, .17, 1, "panel"),)),
    _l("code", _r("name job", .07, .09, .66, .38), _r("org address - contact", .07, .39, .68, .93, "l", "b"), code=(.71, .50, .94, .86), emblem=(.76, .09, .93, .33)),
    _l("gradient", _r("logo", .07, .09, .60, .32, "l", "m", True), _r("name job", .07, .35, .93, .57, "l", "t", True), _r("address", .07, .58, .46, .93, "l", "b", True),
       _r("contact", .48, .57, .96, .93, "l", "b", True), paint=(("gradient", "panel", "shade"),), dark=True),
    _l("foil", _r("logo", .08, .10, .92, .34, "c", "m"), _r("name job", .08, .38, .92, .60, "c", "m"), _r("line contact", .06, .62, .94, .93, "c", "b"), wants="foil serif"),
    _l("foil_left", _r("name job", .08, .12, .72, .42), _r("org address - contact", .08, .44, .95, .92, "l", "b"), wants="foil", emblem=(.78, .10, .93, .34)),
    _l("foil_columns", _r("org", .07, .09, .93, .26, "r"), _r("name job", .07, .32, .93, .56), _r("address", .07, .60, .46, .93, "l", "b"), _r("contact", .48, .56, .96, .93, "l", "b"),
       wants="foil"),
)
BY_NAME = {layout.name: layout for layout in LAYOUTS}

# paper, ink, soft (second ink), accent, panel, ink on the panel, darker panel. Kept readable: a card is printed to be read.
PALETTES = (
    ("#ffffff", "#1c1c1c", "#6b6b6b", "#00558c", "#00558c", "#ffffff", "#003457"),
    ("#fdfdfb", "#222222", "#707070", "#c8102e", "#b00d27", "#ffffff", "#7a0a1c"),
    ("#ffffff", "#2b2b2b", "#777777", "#2e7d32", "#2f6b35", "#ffffff", "#1d4722"),
    ("#fbfaf6", "#30302e", "#7b776d", "#8a6d3b", "#5b4a2c", "#f5ecd8", "#3b301c"),
    ("#ffffff", "#111111", "#666666", "#e06500", "#26323c", "#ffffff", "#141b21"),
    ("#f7f9fb", "#1f2b38", "#667585", "#0077b6", "#14304d", "#e9f2fa", "#0a1c2f"),
    ("#ffffff", "#000000", "#555555", "#000000", "#222222", "#ffffff", "#000000"),
    ("#fffdf8", "#33261d", "#84776b", "#6a1b4d", "#6a1b4d", "#fbeef5", "#450f31"),
    ("#ffffff", "#24313a", "#6f7d86", "#00897b", "#00695c", "#ffffff", "#004a41"),
    ("#f3f0e9", "#2a2a2a", "#6e6a60", "#a23b2a", "#7c2d20", "#ffffff", "#551d14"),
    ("#ffffff", "#3a3a3a", "#8a8a8a", "#5c6bc0", "#39427a", "#ffffff", "#262c55"),
    ("#eef1f4", "#1a2733", "#5c6a77", "#b8860b", "#22384c", "#ffffff", "#13222f"),
)
# paper, ink, soft, accent of dark cards.
DARK_PALETTES = (
    ("#1b1f24", "#f2f2f2", "#b4bac0", "#f0b429"), ("#0d2b45", "#ffffff", "#b7c9d9", "#7fd1ff"), ("#2d2a26", "#f4ede2", "#c3b9a9", "#d8a657"),
    ("#14532d", "#ffffff", "#c5dccc", "#d9f99d"), ("#4a1028", "#fff4f7", "#e0bcc8", "#ffb3c7"), ("#000000", "#ffffff", "#bdbdbd", "#ffffff"),
    ("#33414e", "#ffffff", "#c7d0d8", "#9fd8cb"),
)
# The same of cards printed in foil: metal on paper of nearly its brightness.
FOIL_PALETTES = (("#f6f1e6", "#a8894f", "#b59a66", "#96783c"), ("#e4e7ea", "#87919a", "#949da5", "#76818b"), ("#201c1a", "#8d7343", "#7f6a44", "#a48750"),
                 ("#f3e3dc", "#b0806c", "#bb9180", "#9c6b57"))
SIZES = {"wide": ((85, 55), (85, 55), (85, 55), (90, 50), (89, 51), (85, 54)), "tall": ((55, 85), (54, 85), (50, 90)), "square": ((65, 65),)}
