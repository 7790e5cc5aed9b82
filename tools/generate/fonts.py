"""Typefaces of Debian packages: whatever of the known families is installed; fonts-dejavu-core is enough."""
import functools
import pathlib

from PIL import ImageFont

FOLDER = pathlib.Path("/usr/share/fonts")
# Every fifth of the families, in the order of FAMILIES, is for validating, the one behind it for the last test.
SPLITS = {"dev": (0, 1, 2), "val": (3,), "test": (4,)}
# name: (kind, weight, regular, bold, italic, light), file names of the Debian packages; '' where a family has no such face.
FAMILIES = {
    "DejaVu Sans": ("sans", 1, "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSans-ExtraLight.ttf"),
    "DejaVu Serif": ("serif", 1, "DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSerif-Italic.ttf", ""),
    "DejaVu Sans Condensed": ("sans", 1, "DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf", "DejaVuSansCondensed-Oblique.ttf", ""),
    "Liberation Sans": ("sans", 4, "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", "LiberationSans-Italic.ttf", ""),
    "Liberation Serif": ("serif", 2, "LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf", ""),
    "Liberation Sans Narrow": ("sans", 1, "LiberationSansNarrow-Regular.ttf", "LiberationSansNarrow-Bold.ttf", "LiberationSansNarrow-Italic.ttf", ""),
    "Carlito": ("sans", 4, "Carlito-Regular.ttf", "Carlito-Bold.ttf", "Carlito-Italic.ttf", ""),
    "Caladea": ("serif", 2, "Caladea-Regular.ttf", "Caladea-Bold.ttf", "Caladea-Italic.ttf", ""),
    "Lato": ("sans", 4, "Lato-Regular.ttf", "Lato-Bold.ttf", "Lato-Italic.ttf", "Lato-Light.ttf"),
    "Open Sans": ("sans", 4, "OpenSans-Regular.ttf", "OpenSans-Bold.ttf", "OpenSans-Italic.ttf", "OpenSans-Light.ttf"),
    "Roboto": ("sans", 4, "Roboto-Regular.ttf", "Roboto-Bold.ttf", "Roboto-Italic.ttf", "Roboto-Light.ttf"),
    "Roboto Condensed": ("sans", 2, "RobotoCondensed-Regular.ttf", "RobotoCondensed-Bold.ttf", "RobotoCondensed-Italic.ttf", "RobotoCondensed-Light.ttf"),
    "Noto Sans": ("sans", 2, "NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSans-Italic.ttf", "NotoSans-Light.ttf"),
    "Noto Serif": ("serif", 1, "NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf", "NotoSerif-Italic.ttf", ""),
    "EB Garamond": ("serif", 3, "EBGaramond12-Regular.otf", "EBGaramond12-Bold.otf", "EBGaramond12-Italic.otf", ""),
    "Linux Libertine": ("serif", 2, "LinLibertine_R.otf", "LinLibertine_RB.otf", "LinLibertine_RI.otf", ""),
    "Linux Biolinum": ("sans", 2, "LinBiolinum_R.otf", "LinBiolinum_RB.otf", "LinBiolinum_RI.otf", ""),
    "Fira Code": ("mono", 0.4, "FiraCode-Regular.ttf", "FiraCode-Bold.ttf", "", "FiraCode-Light.ttf"),
    "Liberation Mono": ("mono", 0.4, "LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf", "LiberationMono-Italic.ttf", ""),
    "Inter": ("sans", 4, "Inter-Regular.otf", "Inter-Bold.otf", "Inter-Italic.otf", "Inter-Light.otf"),
    "Cantarell": ("sans", 2, "Cantarell-Regular.otf", "Cantarell-Bold.otf", "", "Cantarell-Light.otf"),
    "Quicksand": ("sans", 2, "Quicksand-Regular.ttf", "Quicksand-Bold.ttf", "", "Quicksand-Light.ttf"),
    "Comfortaa": ("sans", 1, "Comfortaa-Regular.ttf", "Comfortaa-Bold.ttf", "", "Comfortaa-Light.ttf"),
    "Cabin": ("sans", 2, "Cabin-Regular.otf", "Cabin-Bold.otf", "Cabin-Italic.otf", ""),
    "Nimbus Sans": ("sans", 4, "NimbusSans-Regular.otf", "NimbusSans-Bold.otf", "NimbusSans-Italic.otf", ""),
    "Nimbus Sans Narrow": ("sans", 1, "NimbusSansNarrow-Regular.otf", "NimbusSansNarrow-Bold.otf", "NimbusSansNarrow-Oblique.otf", ""),
    "URW Gothic": ("sans", 3, "URWGothic-Book.otf", "URWGothic-Demi.otf", "URWGothic-BookOblique.otf", ""),
    "P052": ("serif", 2, "P052-Roman.otf", "P052-Bold.otf", "P052-Italic.otf", ""),
    "C059": ("serif", 1, "C059-Roman.otf", "C059-Bold.otf", "C059-Italic.otf", ""),
    "URW Bookman": ("serif", 1, "URWBookman-Light.otf", "URWBookman-Demi.otf", "URWBookman-LightItalic.otf", ""),
}
FACES = {"regular": 2, "bold": 3, "italic": 4, "light": 5}


@functools.lru_cache(maxsize=None)
def files(folder):
    """File name to path of every OpenType and TrueType file under `folder`."""
    return {path.name: str(path) for path in sorted(pathlib.Path(folder).rglob("*.[ot]tf"))}


@functools.lru_cache(maxsize=None)
def installed(folder=FOLDER):
    """Names of the known families whose regular face is under `folder`, in the order of FAMILIES."""
    found = [name for name, row in FAMILIES.items() if row[2] in files(folder)]
    if not found:
        raise FileNotFoundError(f"no known typeface under {folder}; install fonts-dejavu-core")
    return tuple(found)


def part(names, split):
    """The names that belong to a split; all of them for None."""
    return [name for i, name in enumerate(names) if split is None or i % 5 in SPLITS[split]]


@functools.lru_cache(maxsize=1024)
def face(family, kind, size, folder=FOLDER):
    """A sized face of a family; a face the family has not is its regular one. Basic layout: the same on every machine."""
    there, row = files(folder), FAMILIES[family]
    return ImageFont.truetype(there.get(row[FACES[kind]]) or there[row[2]], size, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=8192)
def _has(family, letter, folder):
    font = face(family, "regular", 40, folder)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffe"))


def covers(family, text, folder=FOLDER):
    return all(_has(family, letter, folder) for letter in set(text) if not letter.isascii())


def choose(rng, kinds, text, folder=FOLDER, split=None):
    """A family of one of the kinds that has every letter of `text`; any family of the split when no such kind is there."""
    there = set(part(FAMILIES, split))
    mine = [n for n in installed(folder) if n in there] or list(installed(folder))
    names = [n for n in mine if covers(n, text, folder)] or mine
    fit = [n for n in names if FAMILIES[n][0] in kinds] or names
    return rng.choices(fit, [FAMILIES[n][1] for n in fit])[0]
