"""Small photos with different bytes, for tests that need an image and no card."""
import io
import random

import PIL.Image


def jpeg(seed, size=(160, 120), kind="JPEG"):
    image = PIL.Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()
