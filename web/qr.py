"""QR codes as drawings: large enough for a wall, dark on light, whatever prints them."""

from functools import lru_cache

import segno
from markupsafe import Markup

#: A quarter may be torn or wet: level Q still reads. The quiet zone is what the standard asks for.
ERROR, QUIET = "q", 4
#: Bytes a square may hold: with more its dots are too small for an old phone's camera at arm's length.
LONGEST = 180


def code(text: str) -> segno.QRCode:
    return segno.make(text, error=ERROR, boost_error=False, micro=False)


@lru_cache(maxsize=1024)
def drawing(text: str, title: str) -> Markup:
    """An SVG as large as its place; `title` says what it is to who cannot see it."""
    return Markup(code(text).svg_inline(border=QUIET, omitsize=True, svgclass="qr", lineclass=None, title=title))
